"""Trouble with a vendor's calls: when it deserves that somebody looks.

Pure: what came of each call, whoever made it, becomes runs; a run is one trouble that has gone on since a first call and
that no answer has ended. Runs become breaches, and what becomes of those over time is `bot.watch.lifecycle`.

What went on is only what was met: a run lasts from its first call to its latest, and time in which nobody asked adds
nothing to it.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal

from bot.contracts.alert import CALLS, Metric, Severity
from bot.contracts.errors import AnswerLost, Throttled, Trouble, Unavailable, VendorError, refusal
from bot.contracts.trouble import Call, Run
from bot.watch.rules import Breach, fingerprint


@dataclass(frozen=True, slots=True)
class Limit:
    """From when on a trouble is an alert.

    Attributes:
        name: as people see it.
        metric: which trouble.
        minutes: how long it must have gone on.
        severity: how urgent it then is.
    """

    name: str
    metric: Metric
    minutes: int
    severity: Severity


LIMITS: tuple[Limit, ...] = (
    # What is over within five minutes is over before anybody has looked; queued calls try again for longer than that.
    # Half an hour is longer than they try (`bot.requests.sending`): now work is left undone.
    *(
        limit
        for metric, word in (
            (Metric.SILENT, "silent"),
            (Metric.THROTTLED, "throttled"),
            (Metric.REFUSING, "refusing"),
        )
        for limit in (
            Limit(f"vendor-{word}", metric, 5, Severity.WARNING),
            Limit(f"vendor-{word}-long", metric, 30, Severity.CRITICAL),
        )
    ),
    # These do not pass: a person must change something, and until then nothing is done for this account.
    Limit("vendor-credentials", Metric.CREDENTIALS, 0, Severity.CRITICAL),
    Limit("vendor-permission", Metric.PERMISSION, 0, Severity.CRITICAL),
    Limit("vendor-account", Metric.ACCOUNT, 0, Severity.CRITICAL),
)

TIMES = 2
"""How often a trouble must have been met: one slip is none."""

APART = timedelta(seconds=30)
"""And how far apart: what one round meets in several calls at once, or two rounds in the same moment, is one slip."""

SOON = timedelta(minutes=1)
"""How soon a call is made again to see whether the trouble goes on."""

LATER = timedelta(minutes=5)
"""The same once it has gone on for `LONG`."""

LONG = timedelta(minutes=30)

_WORDS_OF = {
    Trouble.CREDENTIALS: Metric.CREDENTIALS,
    Trouble.CLOCK: Metric.CREDENTIALS,  # signed with another time, they are not taken either
    Trouble.PERMISSION: Metric.PERMISSION,
    Trouble.ACCOUNT: Metric.ACCOUNT,
    Trouble.EMPTY: Metric.ACCOUNT,
}

_TYPED = frozenset({Call.CHANGE, Call.SEND})
"""Calls that carry what a person typed."""

_PROVED = frozenset({Metric.SILENT, Metric.CREDENTIALS})
"""What any answer from the same address ends: it was reached, and the key was taken."""


def met(error: VendorError, call: Call) -> Metric | None:
    """Which trouble an error shows; none where the vendor answered what it was asked, if only with a no.

    A no to a change is about what somebody typed. A no to a question that the program asks by itself is trouble.
    """
    if error.trouble in _WORDS_OF:
        return _WORDS_OF[error.trouble]
    match error:
        case Throttled():
            return Metric.THROTTLED
        case Unavailable() | AnswerLost():
            return Metric.SILENT
        case _:
            return None if call in _TYPED else Metric.REFUSING


def heard(runs: Sequence[Run], call: Call, error: VendorError | None, now: datetime) -> tuple[Run, ...]:
    """What is going on at an account after one more call.

    Args:
        runs: what was going on before.
        call: what kind of call it was.
        error: what came of it; none where it was answered.
        now: when it ended.
    """
    metric = None if error is None else met(error, call)
    if error is None or metric is None:
        return tuple(run for run in runs if not _ended(run, call))
    # Silence ends nothing. A word of the vendor ends its silence, and what it said before to the same kind of call.
    left = [
        run
        for run in runs
        if run.metric is metric
        or metric is Metric.SILENT
        or not (run.call is call or (run.metric is Metric.SILENT and _ended(run, call)))
    ]
    before = next((run for run in left if (run.metric, run.call) == (metric, call)), None)
    if before is None:
        return (*left, Run(metric, call, now, now, 1, refusal(error)))
    after = replace(before, last_at=now, times=before.times + 1, refusal=refusal(error))
    return tuple(after if run is before else run for run in left)


def going_on(runs: Sequence[Run]) -> tuple[Run, ...]:
    """One run for each trouble, whoever met it: from its first call to its latest, with the latest words."""
    found: dict[Metric, Run] = {}
    for run in sorted(runs, key=lambda run: run.last_at):
        before = found.get(run.metric, replace(run, times=0))
        found[run.metric] = replace(run, since=min(before.since, run.since), times=before.times + run.times)
    return tuple(found.values())


def breaches(account: str, runs: Sequence[Run], standing: Collection[Metric]) -> tuple[Breach, ...]:
    """What deserves that somebody looks: for each trouble the most urgent limit that it has reached.

    Args:
        account: whose calls they are.
        runs: see `heard`.
        standing: the troubles with an alert that is not resolved. They are over when they are gone, not when they come
            and go.
    """
    found = []
    for run in going_on(runs):
        lasted = run.last_at - run.since
        minutes = Decimal(int(lasted.total_seconds())) / 60
        limits = [limit for limit in LIMITS if limit.metric is run.metric]
        certain = run.refusal.trouble == Trouble.EMPTY  # nothing was sent, and nothing will be
        met_again = certain or (run.times >= TIMES and lasted >= APART)
        reached = [limit for limit in limits if met_again and minutes >= limit.minutes]
        if not reached and run.metric in standing:
            reached = limits[:1]
        if reached:
            limit = max(reached, key=lambda limit: limit.severity.rank)
            found.append(
                Breach(
                    fingerprint(run.metric, account),
                    limit.name,
                    account,
                    run.metric,
                    minutes,
                    Decimal(limit.minutes),
                    limit.severity,
                    run.refusal,
                )
            )
    return tuple(found)


def measured(account: str) -> tuple[str, ...]:
    """The fingerprints of every trouble: what is not going on is well."""
    return tuple(fingerprint(metric, account) for metric in Metric if metric in CALLS)


def pause(runs: Sequence[Run], now: datetime) -> timedelta:
    """How long to wait before the next call while something goes on."""
    return LATER if any(now - run.since >= LONG for run in runs) else SOON


def ask_at(runs: Sequence[Run], asked: datetime | None, now: datetime) -> datetime | None:
    """When to ask for no other reason than to see whether the vendor answers again.

    Args:
        runs: see `heard`.
        asked: when that was last done.
        now: when.

    Returns:
        None where an answer would not tell: what is left is asked for in rounds, and what one kind of call is refused is
        not refused to all.
    """
    told = [run for run in runs if run.metric in _PROVED and run.call is not Call.QUOTA]
    if not told:
        return None
    latest = max(run.last_at for run in told)
    return (latest if asked is None else max(asked, latest)) + pause(told, now)


def _ended(run: Run, call: Call) -> bool:
    """Whether an answer to a kind of call ends a run: one to the same kind does, one from the same address may."""
    same_address = (run.call is Call.QUOTA) == (call is Call.QUOTA)
    return run.call is call or (same_address and run.metric in _PROVED)
