"""Trouble with a vendor's calls: of which kind of call, and as a row of the record; `bot.watch.troubles` decides when it is an alert."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.contracts.alert import Metric
from bot.contracts.model import Refusal


class Call(StrEnum):
    """What kind of call it was: what one of them is refused may be allowed to another."""

    READ = "read"  # a question to the address that reviews
    CHANGE = "change"  # the same address is to change something, or does something that a person typed
    SEND = "send"  # a message is handed over, which needs what nothing else does: something left to send with
    QUOTA = "quota"  # what is left; may have an address and rights of its own
    TRAFFIC = "traffic"  # what was sent; the address that reviews, perhaps rights of its own


@dataclass(frozen=True, slots=True)
class Run:
    """One trouble, met in one kind of call, that no answer has ended.

    Attributes:
        metric: which trouble.
        call: in which kind of call.
        since: when it was first met.
        last_at: when it was last met.
        times: how often it was met.
        refusal: what the vendor last said, or what was seen instead.
    """

    metric: Metric
    call: Call
    since: datetime
    last_at: datetime
    times: int
    refusal: Refusal
