"""When a vendor is asked again: reviews, the carriers' filing, and what became of a lost call.

Pure: `now` is an argument, the store keeps the answer (`next_look_at`). Looks fall on a common grid, so that what one
account waits for comes due together and is asked about in one call where the vendor takes lists.

Sources: [poll] of the configuration contract (spec 12) for `densest` and the bound of ten times; the proposals of the
facts for the filing (Tencent 7.4: state 2 every 30 min; Alibaba 10.4: carrier states every 2-4 h). All fixed spans are
meant for a densest pause of a minute and scale with it, so that a demo in which a review takes seconds looks in
proportion.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import assert_never

from bot.contracts import hours as opening
from bot.contracts.hours import Holidays, Hours
from bot.contracts.model import Request, State
from bot.contracts.vendor import FilingView

WIDEST = 10
"""In open hours nothing pending waits longer than this many times the densest pause (spec 12)."""

EARLY, LATE = 0.5, 1.5
"""Between these shares of the usual time a decision is expected, and the looks are densest."""

BRISK = timedelta(hours=2)
"""What is usually decided within this is looked at as densely as allowed; what takes longer, less so in proportion."""

PATIENCE = 0.1
"""After that the pauses grow with the time it is late: a tenth of it, up to the widest."""

USUAL_DENSEST = timedelta(seconds=60)
"""What the fixed spans are meant for."""

FILING_EVERY = {FilingView.ONE_STATE: timedelta(minutes=30), FilingView.PER_CARRIER: timedelta(hours=3)}
"""Filing takes 7 to 10 working days; one state comes with the list that is asked anyway, three cost a call each."""

SLOTS = 10
"""At the opening the looks are spread over one densest pause in this many slots, by the request's number."""

LONGEST_SPREAD = timedelta(minutes=10)
"""Short beside any opening time, so that what is spread still falls into it."""

TROUBLE_PAUSE = timedelta(minutes=5)
"""How long what a vendor gave no answer about is left alone."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def next_look(
    request: Request,
    now: datetime,
    *,
    hours: Hours,
    holidays: Holidays,
    densest: timedelta,
    usually: timedelta,
    filing: FilingView | None,
) -> datetime | None:
    """When the vendor is asked about a request the next time.

    Args:
        request: as it now stands, just looked at.
        now: when.
        hours: the reviewers' open hours.
        holidays: public holidays and make-up workdays.
        densest: the shortest pause between two looks.
        usually: the time to a decision, in open hours.
        filing: what the vendor shows of the carriers' filing; none where there is none.

    Returns:
        A moment within the open hours; none when nothing is expected of the vendor in this state.
    """
    match request.state:
        case State.IN_REVIEW:
            waited = opening.open_between(hours, request.submitted_at or request.since, now, holidays)
            pause = review_pause(waited, usually, densest)
        case State.APPROVED:
            every = None if filing is None else FILING_EVERY.get(filing)
            if every is None:
                return None
            pause = every * (densest / USUAL_DENSEST)
        case (
            State.DRAFT
            | State.AWAITING_APPROVAL
            | State.QUEUED
            | State.SUBMITTING
            | State.UNKNOWN
            | State.READY
            | State.REJECTED
            | State.FAILED
            | State.WITHDRAWN
            | State.DISABLED
            | State.DELETED
            | State.CANCELLED
        ):
            return None
        case _:
            assert_never(request.state)
    return _within(hours, now, pause, holidays, densest, request.number)


def review_pause(waited: timedelta, usually: timedelta, densest: timedelta) -> timedelta:
    """The pause before the next look at something in review.

    Args:
        waited: how long it has been in review, in open hours.
        usually: the usual time to a decision, in open hours.
        densest: the shortest pause.
    """
    widest = densest * WIDEST
    if waited < usually * EARLY:
        pause = usually * EARLY - waited  # the next look at the latest when a decision begins to be likely
    elif waited <= usually * LATE:
        pause = densest * max(1.0, usually / BRISK)
    else:
        pause = (waited - usually * LATE) * PATIENCE
    return max(densest, min(pause, widest))


def furthest_look(now: datetime, widest: timedelta, hours: Hours, holidays: Holidays, densest: timedelta) -> datetime:
    """The latest moment for which a look can be planned now, whatever pause up to the widest comes before it."""
    closes = opening.closes(hours, now, holidays)
    open_now = opening.is_open(hours, now, holidays)
    if open_now and closes - densest > now:
        return now + widest  # a pause that would end after closing time ends before it
    opens = opening.next_open(hours, closes if open_now else now, holidays)
    return max(now + widest, opens + min(densest, LONGEST_SPREAD))


def _within(
    hours: Hours, now: datetime, pause: timedelta, holidays: Holidays, densest: timedelta, number: int
) -> datetime:
    """After the pause, on the grid, within open hours.

    A pause that would end after closing time ends one densest pause before it, so that what was decided in the last
    hour is not left until the next opening.
    """
    if opening.is_open(hours, now, holidays):
        then = _on_grid(now + pause, pause if pause >= densest * WIDEST else densest, now)
        if opening.is_open(hours, then, holidays):
            return then
        last = opening.closes(hours, now, holidays) - densest
        if last > now:
            return last
        now = opening.closes(hours, now, holidays)
    spread = min(densest, LONGEST_SPREAD) * (number % SLOTS) / SLOTS
    return opening.next_open(hours, now, holidays) + spread


def _on_grid(at: datetime, step: timedelta, after: datetime) -> datetime:
    """The last multiple of the step that is not after `at`; `at` itself where that would not be after `after`."""
    snapped = at - (at - _EPOCH) % step
    return snapped if snapped > after else at


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How often to look.

    Args:
        densest: the shortest pause between two looks at one thing (`[poll] review_seconds`).
        hours: account → the reviewers' hours.
        holidays: public holidays and make-up workdays.
    """

    densest: timedelta
    hours: Mapping[str, Hours]
    holidays: Holidays

    def widest(self, account: str, now: datetime) -> dict[State, timedelta]:
        """The states that are followed → how far ahead a look can be planned now (`bot.contracts.due`)."""
        hours, scale = self.hours[account], self.densest / USUAL_DENSEST
        pauses = {State.IN_REVIEW: self.densest * WIDEST, State.APPROVED: max(FILING_EVERY.values()) * scale}
        pauses[State.AWAITING_APPROVAL] = max(pauses.values())  # the vendor has it in either of these
        return {
            state: furthest_look(now, max(pause, TROUBLE_PAUSE), hours, self.holidays, self.densest) - now
            for state, pause in pauses.items()
        }
