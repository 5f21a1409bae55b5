"""How requests stood when somebody opened their form: what is handed in is about that, and not about what went on meanwhile."""

from collections import OrderedDict
from collections.abc import Mapping, Sequence

from bot.contracts.model import Request

MOST = 1000
"""Forms that are remembered; of one that is not, or after a restart, what is handed in is about how things stand then."""


class Seen:
    """Who saw which requests how."""

    def __init__(self) -> None:
        self._seen: OrderedDict[tuple[str, frozenset[int]], Mapping[int, str]] = OrderedDict()

    def note(self, who: str, requests: Sequence[Request]) -> None:
        """Somebody opens the form of these requests."""
        key = who, frozenset(request.number for request in requests)
        self._seen[key] = {request.number: request.standing for request in requests}
        self._seen.move_to_end(key)
        while len(self._seen) > MOST:
            self._seen.popitem(last=False)

    def standing(self, who: str, numbers: Sequence[int]) -> Mapping[int, str]:
        """Number → `Request.standing` as they saw it; nothing where that is not known."""
        return self._seen.get((who, frozenset(numbers)), {})
