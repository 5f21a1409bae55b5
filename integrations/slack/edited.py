"""Messages that people change after they wrote them.

Slack tells of a change as of a message (`app_mention` with `edited`, one to one `message_changed`). What was done stays done,
whatever stands there now: a command is read once. But where a slip kept it from being understood, people mend it in place:
so it is read again where nothing came of it but a refusal, soon after it was written; otherwise they are told, for nobody
sees that a change is not read. What Slack itself adds to a message (a preview) is no change of anybody's.
"""

import hashlib
from collections import OrderedDict
from dataclasses import dataclass, replace

from bot.contracts.chat import Post
from bot.contracts.message import Mark
from bot.contracts.model import Incoming
from integrations.slack.inbound import Edited
from integrations.slack.remembering import remember

WITHIN = 600.0
"""Seconds in which a message can be mended; later, nobody sees what is answered to."""

KEPT = 2000
"""So many messages are remembered."""


@dataclass(frozen=True, slots=True)
class _Known:
    text: bytes  # a digest: what people write is kept nowhere
    refused: bool = False


class Edits:
    """What is known of messages that may be changed yet: what they said, and whether anything came of it."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, _Known] = OrderedDict()

    def heard(self, incoming: Incoming) -> None:
        """Something was said."""
        if incoming.origin.startswith("message:"):
            remember(self._known, _message(incoming.origin), _Known(_digest(incoming.text)), KEPT)

    def answered(self, post: Post) -> None:
        """Something is answered to it."""
        message = _message(post.answers)
        if (known := self._known.get(message)) is not None:
            self._known[message] = _Known(known.text, post.message.mark is Mark.BAD)

    def read(self, edited: Edited) -> Incoming | None:
        """What is said with a change, where it is to be read.

        It is an act of its own; but where the message is not known here, it has the message's own origin: a run before
        this one may have heard it, and the record knows.
        """
        incoming, known = edited.incoming, self._known.get(edited.incoming.origin)
        if edited.after > WITHIN:
            return None
        if known is None:
            return incoming
        mended = known.refused and known.text != _digest(incoming.text)
        return replace(incoming, origin=f"{incoming.origin}:{edited.change}") if mended else None

    def to_be_told(self, edited: Edited) -> bool:
        """Whether a change that is not read is one to those who see it; once for each, however often Slack tells of it."""
        origin, text = edited.incoming.origin, _digest(edited.incoming.text)
        known = self._known.get(origin)
        if edited.incoming.actor.outsider or (known is not None and known.text == text):
            return False
        remember(self._known, origin, _Known(text), KEPT)
        return True


def _message(origin: str) -> str:
    """Which message an origin is of, whichever change of it: `message:CHANNEL:TS`."""
    return ":".join(origin.split(":")[:3])


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.strip().encode()).digest()
