"""Trouble with a vendor's calls as a row of the record; when it is an alert is decided by `bot.watch.troubles`."""

from dataclasses import dataclass
from datetime import datetime

from bot.contracts.alert import Metric
from bot.contracts.model import Refusal
from bot.contracts.vendor import Call


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
