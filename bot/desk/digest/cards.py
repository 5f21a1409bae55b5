"""What a digest says. Pure.

Nobody is mentioned in it: who has something to do was mentioned when it came up, and whoever is called every morning
soon reads none of it. People are named, first in their lines, so that each finds their own.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.contracts.alert import Alert, AlertState
from bot.contracts.guide import guided_by
from bot.contracts.message import SIGNS, Block, Exact, Items, Line, Mark, Message, Strong, Text, Typed
from bot.contracts.model import Request, State, Words
from bot.contracts.shift import Shift
from bot.desk.digest.facts import OLD, Facts, Left, Pile
from bot.requests.cards import after_trouble, offers_edit, settling
from bot.requests.guidance import kind_of
from bot.requests.status import recognised, status_line, who_acts
from bot.watch.headlines import alert_mark, headline
from bot.wording.language import Language
from bot.wording.view import View, next_commands
from bot.wording.words import KIND_WORDS, MARKS, STATES

ALERTS = 5
"""Alerts that are named."""

ACCOUNTS = 10
"""Accounts whose figures stand in it."""

_STATE = Words("state", "状态")
"""Key of a list, as it is typed."""

_CRAMPED = 40
"""Characters of a name, where many stand in a row."""


def digest(view: View, facts: Facts, *, after: Sequence[Line] = ()) -> Message:
    """The digest as a message.

    Args:
        view: the reader's.
        facts: what it tells.
        after: what is said below it.
    """
    language = view.language
    blocks: list[Block] = [
        *_late(view, facts.overdue),
        *_section(
            language.line("**Waits for people**"), [_ours(view, one) for one in facts.ours.shown], facts.ours, view
        ),
        *_section(
            language.line("**Waits for vendors and carriers**"),
            [status_line(view, one) for one in facts.theirs.shown],
            facts.theirs,
            view,
        ),
        *_changed(view, facts),
        *_quota(view, facts.left),
        *_alerts(view, facts.alerts),
        *_duty(view, facts.duty),
        *(Text(line) for line in after),
    ]
    ahead = ["status pending"] if facts.waiting.count else []
    ahead += [f"ack A{alert.number}" for alert in facts.open[:1]]
    ahead += ["quota"] if any(one.scarce(view.now) or one.expires_soon(view.now) for one in facts.left) else []
    blocks.append(next_commands(view, *(ahead or ["report", "quota"])))
    return Message(_title(view, facts), mark=_mark(view, facts), blocks=tuple(blocks))


# --- The first line ------------------------------------------------------------------------------------------------------


def _title(view: View, facts: Facts) -> Line:
    """How much waits, how much of it too long, what else somebody has to look at: a phone shows no more than this."""
    language = view.language
    waits = _how_many(language, facts.waiting)
    if late := facts.overdue.count:
        waits = language.text("{waits}, {count} overdue", waits=waits, count=_count(language, facts.overdue))
    if opened := len(facts.open):
        waits = language.plural("{waits}, {n} alert open", "{waits}, {n} alerts open", opened, waits=waits)
    line: Line = language.line("**{waits}**", waits=waits)
    if scarce := next((one for one in facts.left if one.scarce(view.now)), None):
        line = (*line, *_scarce(view, scarce))
    elif facts.moved and not late and not opened:
        line = (*line, *language.line("; {count} changed", count=language.number(facts.moved)))
    return line


def _how_many(language: Language, pile: Pile) -> str:
    if not pile.count:
        return language.text("Nothing waits")
    if pile.more:
        return language.text("More than {count} things wait", count=language.number(pile.count))
    return language.plural("{n} thing waits", "{n} things wait", pile.count)


def _count(language: Language, pile: Pile) -> str:
    count = language.number(pile.count)
    return language.text("more than {count}", count=count) if pile.more else count


def _scarce(view: View, left: Left) -> Line:
    language = view.language
    if left.messages == 0:
        return language.line("; {account} has nothing left", account=left.account)
    return language.line(
        "; {account} lasts {span}", account=left.account, span=_days(language, (left.until or view.now) - view.now)
    )


def _mark(view: View, facts: Facts) -> Mark:
    if facts.overdue.count or facts.open or any(one.scarce(view.now) for one in facts.left):
        return Mark.WARNING
    return Mark.WAITING if facts.waiting.count else Mark.GOOD


# --- Requests ------------------------------------------------------------------------------------------------------------


def _section(head: Line, lines: Sequence[Line], pile: Pile, view: View) -> tuple[Block, ...]:
    """What is named, and how many more there are; nothing where there is none."""
    if not lines:
        return ()
    more = (_more(view, pile, _rest(view.language, pile.shown[-1])),) if pile.unnamed else ()
    return (Text(head), Items((*lines, *more)))


def _rest(language: Language, last: Request) -> str:
    """The command that lists what comes after the last one that is named; what was refused is not pending."""
    if last.state in (State.REJECTED, State.FAILED):
        state = STATES[last.state].zh if language.code == "zh" else last.state
        return f"{KIND_WORDS[last.kind]} list {language.pick(_STATE)}={state}"
    return "status pending"


def _more(view: View, pile: Pile, command: str) -> Line:
    count = view.language.number(pile.unnamed)
    told = view.language.text("more than {count}", count=count) if pile.more else count
    return view.language.line("and {count} more: {command}", count=told, command=Typed(view.typed(command)))


def _late(view: View, pile: Pile) -> tuple[Block, ...]:
    return _section(view.language.line("**Overdue**"), [_overdue(view, one) for one in pile.shown], pile, view)


def _overdue(view: View, request: Request) -> Line:
    """A review that takes longer than the vendor says: since when, whose it is, and what to quote to the support."""
    language = view.language
    expected = view.expected(request) or view.now
    line = language.line(
        "#{number} {kind} {name} at {account}: expected since {when} · {who}",
        number=request.number,
        kind=kind_of(view, request),
        name=recognised(language, request),
        account=request.account,
        when=language.moment(expected, None, view.now),
        who=view.named(request.submitter, request.submitter_name),
    )
    if request.order:
        return (*line, *language.line(" · ask the support, order {order}", order=Exact(request.order)))
    if request.vendor_ref:
        return (*line, *language.line(" · ask the support, id {ref}", ref=Exact(request.vendor_ref)))
    return line


def _ours(view: View, request: Request) -> Line:
    """Something that people have the next step of: who, what it is, and what they type."""
    who = Strong(who_acts(view, request))
    step = Typed(view.typed(_step(view, request)))
    return (who, " · ", *status_line(view, request), " · ", step)


def _step(view: View, request: Request) -> str:
    """The command that takes it up; whoever is to agree to something reads first what it is."""
    number = request.number
    match request.state:
        case State.UNKNOWN:
            return settling(view.language, number)[0]
        case State.DRAFT if not guided_by(request) and offers_edit(view, request):
            return f"edit #{number}"
        case State.REJECTED | State.FAILED if not guided_by(request):
            return after_trouble(view, request)[0]
        case _:
            return f"show #{number}"


def _changed(view: View, facts: Facts) -> tuple[Block, ...]:
    language = view.language
    if not facts.changed:
        return ()
    when = language.moment(min(facts.since, view.now), None, view.now)
    lines = [_moved(language, state, pile) for state, pile in facts.changed.items()]
    if facts.changed_more:
        lines.append(
            language.line("More happened than can be told here: {command}", command=Typed(view.typed("history")))
        )
    return (Text(language.line("**Changed since {when}**", when=when)), Items(tuple(lines)))


def _moved(language: Language, state: State, pile: Pile) -> Line:
    """Where something came to, and what did."""
    sign = SIGNS[MARKS[state]]
    named = language.joined([_briefly(language, one) for one in pile.shown])
    if pile.unnamed:
        named = language.text("{named}, {count} more", named=named, count=language.number(pile.unnamed))
    said = language.line("{state}: {named}", state=language.pick(STATES[state]), named=named)
    return (f"{sign} ", *said) if sign else said


def _briefly(language: Language, request: Request) -> str:
    name = recognised(language, request)
    short = name if len(name) <= _CRAMPED else f"{name[: _CRAMPED - 1]}…"
    return f"#{request.number} {short}{language.bracketed(request.account)}"


# --- Quota, alerts, shifts -----------------------------------------------------------------------------------------------


def _quota(view: View, left: Sequence[Left]) -> tuple[Block, ...]:
    language = view.language
    if not left:
        return ()
    lines = [_account(view, one) for one in left[:ACCOUNTS]]
    if len(left) > ACCOUNTS:
        lines.append(_more(view, Pile(count=len(left) - ACCOUNTS), "quota"))
    return (Text(language.line("**Quota**")), Items(tuple(lines)))


def _account(view: View, left: Left) -> Line:
    """What one account has left: for how long, how much, what of it is lost when."""
    language = view.language
    if left.read_at is None:
        return language.line("{account}: not read yet", account=left.account)
    parts: list[Line] = []
    if left.messages == 0:
        parts.append(language.line("**no messages left**"))
    elif left.messages is not None:
        count = language.plural("{n} message left", "{n} messages left", left.messages)
        computed = language.line(", computed from the configured amount") if left.computed else ()
        parts.append((*_lasting(view, left, count), *computed))
    if left.expires_at is not None:
        day = language.date(left.expires_at)
        if left.expiring == left.messages:
            parts.append(language.line("until {day}", day=day))
        else:
            parts.append(language.line("{count} of them until {day}", count=language.number(left.expiring), day=day))
    parts += [language.line("balance {amount}", amount=language.money(amount, unit)) for amount, unit in left.balances]
    if view.now - left.read_at > OLD:
        parts.append(language.line("read {when}", when=language.moment(left.read_at, None, view.now)))
    line: Line = ()
    for part in parts:
        line = (*line, " · ", *part) if line else part
    return (*language.line("{account}: ", account=left.account), *line)


def _lasting(view: View, left: Left, count: str) -> Line:
    language = view.language
    if left.until is not None:
        span = _days(language, left.until - view.now)
        return language.line(
            "**lasts about {span}**, {count}" if left.scarce(view.now) else "lasts about {span}, {count}",
            span=span,
            count=count,
        )
    return language.line("lasts more than a year, {count}", count=count) if left.lasts else (count,)


def _days(language: Language, span: timedelta) -> str:
    """How long something lasts: in days, on its last one in hours; nobody knows it better."""
    if span < timedelta(days=1):
        return language.plural("{n} hour", "{n} hours", max(int(span / timedelta(hours=1)), 0))
    return language.plural("{n} day", "{n} days", span.days)


def _alerts(view: View, found: Sequence[Alert]) -> tuple[Block, ...]:
    language = view.language
    if not found:
        return ()
    lines = [_alert(view, alert) for alert in found[:ALERTS]]
    if len(found) > ALERTS:
        lines.append(_more(view, Pile(count=len(found) - ALERTS), "alerts"))
    return (Text(language.line("**Alerts**")), Items(tuple(lines)))


def _alert(view: View, alert: Alert) -> Line:
    """What an alert is about, and who has it."""
    language = view.language
    line: Line = (f"{SIGNS[alert_mark(alert)]} ", *headline(view, alert))
    if alert.state is AlertState.ACKNOWLEDGED:
        return (*line, *language.line(" · {who} looks after it", who=alert.acked_by_name))
    if alert.state is AlertState.SNOOZED and alert.snoozed_until is not None:
        until = language.moment(alert.snoozed_until, None, view.now)
        return (*line, *language.line(" · snoozed until {until}", until=until))
    return line


def _duty(view: View, duty: Sequence[tuple[str, Shift | None]]) -> tuple[Block, ...]:
    """Who is on call."""
    language = view.language
    if not duty:
        return ()
    said = [_on_call(view, name, shift) for name, shift in duty]
    return (
        (Text((*language.line("**On call**"), " · ", *said[0])),)
        if len(said) == 1
        else (
            Text(language.line("**On call**")),
            Items(tuple(said)),
        )
    )


def _on_call(view: View, name: str, shift: Shift | None) -> Line:
    language = view.language
    if shift is None:
        return language.line("{name}: nobody", name=name)
    until = language.moment(shift.end, None, view.now)
    return language.line("{name}: **{who}** until {until}", name=name, who=shift.person, until=until)


def comes(view: View, at: datetime | None) -> Line:
    """When the next one comes."""
    language = view.language
    if at is None:
        return language.line("No hour is configured at which the digest comes: `[digest] at`.")
    return language.line("The next digest comes here {when}.", when=language.moment(at, None, view.now))
