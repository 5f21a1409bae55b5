"""What was changed when something rejected was sent again, and passed."""

from collections.abc import Mapping
from dataclasses import dataclass

Changes = Mapping[str, tuple[str, str]]
"""Key → value before and after."""


@dataclass(frozen=True, slots=True)
class Passed:
    """Something that was rejected, changed and then passed.

    Args:
        request: the number of what passed.
        reason: why it was rejected before, in the reviewer's words.
        changes: what was changed.
    """

    request: int
    reason: str
    changes: Changes
