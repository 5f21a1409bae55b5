"""`oncall`: who is on call, who is next, and to take it, give it away or swap."""

from datetime import timedelta

from bot.commands.command import Argument, ArgumentKind, Command, Router
from bot.commands.spans import read_span
from bot.contracts import mentions
from bot.contracts.errors import UserError
from bot.contracts.fields import fold
from bot.contracts.message import Items, Line, Mark, Message
from bot.contracts.model import Role, Words
from bot.contracts.settings import Person
from bot.contracts.shift import Shift
from bot.desk import people
from bot.desk.context import Context, Reply
from bot.watch import oncall as plans
from bot.watch.handover import until_end
from bot.wording.language import Language, marked
from bot.wording.view import next_commands

ROUTER: Router[Context, Reply] = Router()

_REST = Argument(ArgumentKind.TEXT)

AHEAD = timedelta(days=60)

SHOWN = 5
"""Shifts of each plan that `oncall next` tells."""

LONGEST = timedelta(days=31)
"""Whoever is on call for longer belongs into the plan."""

_PLAN = Words("plan", "班次")


@ROUTER.command(
    ("oncall",),
    ("值班",),
    role=Role.VIEWER,
    summary=Words("who is on call now, until when, and who is next", "现在谁值班、到几点、下一位是谁"),
    usage="oncall",
    examples=(Words("oncall", "值班"),),
    topic="watch",
)
async def oncall(command: Command, context: Context) -> Reply:
    """Who is on call in each plan."""
    del command
    return await _who(context)


@ROUTER.command(
    ("oncall", "who"),
    ("值班", "谁"),
    role=Role.VIEWER,
    summary=Words("the same", "同上"),
    usage="oncall who",
    examples=(Words("oncall who", "值班 谁"),),
    topic="watch",
)
async def who(command: Command, context: Context) -> Reply:
    """The same, said in full."""
    del command
    return await _who(context)


async def _who(context: Context) -> Reply:
    language = context.language
    duty = context.services.watch.duty
    now = context.services.clock.now()
    if not duty.plans:
        return _unplanned(context)
    lines: list[Line] = []
    first: Line = ()
    for name in duty.plans:
        shifts = await _schedule(context, name)
        current, following = plans.at(shifts, now), plans.following(shifts, now)
        line = _now(language, name, current, context)
        if following is not None:
            begins = language.moment(following.start, None, now)
            line = (*line, *language.line("; then {who} from {when}", who=following.person, when=begins))
        if trouble := context.services.watch.calendars.trouble(name):
            line = (*line, *language.line(" · {trouble}", trouble=language.pick(trouble)))
        first = first or _now(language, name, current, context)
        lines.append(line)
    title = first if len(lines) == 1 else language.line("**On call**")
    return Message(
        title=(*language.line("**On call**"), " · ", *lines[0]) if len(lines) == 1 else title,
        blocks=(*((Items(tuple(lines)),) if len(lines) > 1 else ()), next_commands(context.view, *_next_of(context))),
    )


def _next_of(context: Context) -> tuple[str, ...]:
    return ("oncall next", "oncall take 4h") if context.role >= Role.RESPONDER else ("oncall next",)


def _now(language: Language, name: str, shift: Shift | None, context: Context) -> Line:
    if shift is None:
        return language.line("{name}: nobody", name=name)
    until = language.moment(shift.end, None, context.services.clock.now())
    return language.line("{name}: **{who}** until {until}", name=name, who=shift.person, until=until)


@ROUTER.command(
    ("oncall", "next"),
    ("值班", "下一位"),
    role=Role.VIEWER,
    summary=Words("the shifts that come next", "接下来的班次"),
    usage="oncall next",
    examples=(Words("oncall next", "值班 下一位"),),
    topic="watch",
)
async def following(command: Command, context: Context) -> Reply:
    """The next shifts of each plan."""
    del command
    language = context.language
    duty = context.services.watch.duty
    now = context.services.clock.now()
    if not duty.plans:
        return _unplanned(context)
    lines: list[Line] = []
    for name in duty.plans:
        for shift in (await _schedule(context, name))[: SHOWN + 1]:
            if shift.end <= now or len(lines) >= SHOWN * len(duty.plans):
                continue
            lines.append(
                language.line(
                    "{name}: {who}, {begin} to {end}",
                    name=name,
                    who=shift.person,
                    begin=language.moment(shift.start, None, now),
                    end=language.moment(shift.end, None, now),
                )
            )
    title = language.line("**On call: the next shifts**") if lines else language.line("**Nobody is on call next**")
    return Message(
        title=title,
        blocks=(
            *((Items(tuple(lines)),) if lines else ()),
            next_commands(context.view, "oncall", *_next_of(context)[1:]),
        ),
    )


@ROUTER.command(
    ("oncall", "take"),
    ("值班", "接班"),
    role=Role.RESPONDER,
    summary=Words("I am on call from now on: for a while, or to the end of the shift", "从现在起由我值班"),
    usage="oncall take [4h] [plan=…]",
    examples=(Words("oncall take 4h", "值班 接班 4小时"),),
    arguments=(_REST,),
    keys=(_PLAN,),
    topic="watch",
)
async def take(command: Command, context: Context) -> Reply:
    """Whoever says it is on call."""
    _plan(context, command)  # where nothing is planned, nothing else is asked for
    me = _me(context)
    return await _hand(context, command, me, _span(context, command.text, "oncall take 4h"))


@ROUTER.command(
    ("oncall", "give"),
    ("值班", "交班"),
    role=Role.RESPONDER,
    summary=Words("somebody else is on call from now on", "从现在起由别人值班"),
    usage="oncall give NAME [4h] [plan=…]",
    examples=(Words('oncall give "Li Wei" 4h', "值班 交班 @李伟 4小时"),),
    arguments=(_REST,),
    keys=(_PLAN,),
    topic="watch",
)
async def give(command: Command, context: Context) -> Reply:
    """Somebody else takes over."""
    _plan(context, command)
    person, rest = await _meant(context, command.text, "oncall give")
    return await _hand(context, command, person, _span(context, rest, f'oncall give "{person.name}" 4h'))


@ROUTER.command(
    ("oncall", "swap"),
    ("值班", "换班"),
    role=Role.RESPONDER,
    summary=Words("swap my next shift with somebody's next one", "与某人互换下一个班"),
    usage="oncall swap NAME [plan=…]",
    examples=(Words('oncall swap "Li Wei"', "值班 换班 @李伟"),),
    arguments=(_REST,),
    keys=(_PLAN,),
    topic="watch",
)
async def swap(command: Command, context: Context) -> Reply:
    """Two people exchange their next shifts."""
    language = context.language
    _plan(context, command)
    me = _me(context)
    other, _ = await _meant(context, command.text, "oncall swap")
    name = _plan(context, command)
    now = context.services.clock.now()
    exchanged = plans.exchanged(await _schedule(context, name), me.name, other.name, now)
    if exchanged is None:
        raise UserError(
            language.text(
                "{one} and {other} do not both have a shift ahead in {name}.", one=me.name, other=other.name, name=name
            ),
            commands=("oncall next",),
        )
    await context.services.watch.handovers.put([(name, shift) for shift in exchanged], context.incoming.actor, now)
    lines = tuple(
        language.line(
            "{who}: {begin} to {end}",
            who=shift.person,
            begin=language.moment(shift.start, None, now),
            end=language.moment(shift.end, None, now),
        )
        for shift in exchanged
    )
    return Message(
        title=language.line("**{one} and {other} have swapped in {name}**", one=me.name, other=other.name, name=name),
        mark=Mark.GOOD,
        blocks=(Items(lines), next_commands(context.view, "oncall next")),
    )


async def _hand(context: Context, command: Command, person: Person, span: timedelta | None) -> Reply:
    """A person is on call from now on."""
    language = context.language
    name = _plan(context, command)
    now = context.services.clock.now()
    end = until_end(await _schedule(context, name), now, span)
    if end is None:
        raise UserError(
            language.text("Nobody is on call in {name} now, so say for how long.", name=name),
            commands=("oncall take 4h",),
        )
    await context.services.watch.handovers.put([(name, Shift(person.name, now, end))], context.incoming.actor, now)
    return Message(
        title=language.line(
            "**On call, {name}: {who}** until {until}",
            name=name,
            who=person.name,
            until=language.moment(end, None, now),
        ),
        mark=Mark.GOOD,
        blocks=(next_commands(context.view, "oncall next", "alerts"),),
    )


async def _schedule(context: Context, name: str) -> tuple[Shift, ...]:
    duty = context.services.watch.duty
    now = context.services.clock.now()
    return await context.services.database.read(lambda db: duty.shifts(db, name, now - timedelta(days=1), now + AHEAD))


def _plan(context: Context, command: Command) -> str:
    """The plan that is meant; the only one where none is named.

    Raises:
        UserError: there is none, or it has to be said which.
    """
    language = context.language
    names = tuple(context.services.watch.duty.plans)
    said = command.value("plan").strip()
    found = [name for name in names if fold(name) == fold(said)] if said else list(names[:1] if len(names) == 1 else ())
    if found:
        return found[0]
    if not names:
        raise UserError(language.text(UNPLANNED), commands=("alerts",))
    raise UserError(
        language.text("Which plan? {names}.", names=language.joined(names)),
        commands=tuple(f"oncall take 4h plan={name}" for name in names[:3]),
    )


def _me(context: Context) -> Person:
    person = context.services.settings.person_of(context.incoming.actor.key)
    if person is None:
        raise _only_people(context)
    return person


def _only_people(context: Context) -> UserError:
    return UserError(
        context.language.text(
            "Only people named in the configuration can be on call: an operator adds you under [[person]]."
        ),
        commands=("oncall",),
    )


async def _meant(context: Context, text: str, command: str) -> tuple[Person, str]:
    """Who is meant at the beginning of a text, and what follows: somebody mentioned, or a name, with or without quotes.

    Raises:
        UserError: nobody is.
    """
    language = context.language
    settings = context.services.settings
    word, rest = _first(text)
    names = sorted((one.name for one in settings.people), key=len, reverse=True)
    plain = text.strip().removeprefix("@")
    for name in names:  # a name of several words needs no quotes where it is known
        if fold(plain[: len(name)]) == fold(name) and not plain[len(name) : len(name) + 1].isalnum():
            word, rest = name, plain[len(name) :]
            break
    found = await context.services.database.read(lambda db: people.meant(db, word, settings)) if word else None
    person = settings.person_of(found[0]) if found else None
    if person is None and not names:
        raise _only_people(context)
    if person is None:
        known = language.joined(tuple(sorted(names)))
        said = mentions.shown(word).removeprefix("@")[:40]
        raise UserError(
            language.text("I know nobody called “{name}”. On call can be: {known}.", name=said, known=known)
            if word
            else language.text("To whom? On call can be: {known}.", known=known),
            commands=(f'{command} "{names[0]}"',) if names else (),
        )
    return person, rest


_QUOTES = {'"': '"', "“": "”", "「": "」", "'": "'"}


def _first(text: str) -> tuple[str, str]:
    """The first word of a text, or what stands in quotes, and the rest."""
    text = text.strip()
    closing = _QUOTES.get(text[:1])
    if closing and closing in text[1:]:
        end = text.index(closing, 1)
        return text[1:end], text[end + 1 :]
    word, _, rest = text.partition(" ")
    return word, rest


def _span(context: Context, text: str, example: str) -> timedelta | None:
    """For how long, where that is said.

    Raises:
        UserError: it is no span, or too long.
    """
    if not text.strip():
        return None
    span = read_span(text.strip())
    if span is None or not timedelta(0) < span <= LONGEST:
        raise UserError(context.language.text("For how long? Up to 31 days, e.g. 4h or 1d."), commands=(example,))
    return span


UNPLANNED = marked("Nobody is on call: there is no [[oncall]] in the configuration.")


def _unplanned(context: Context) -> Message:
    language = context.language
    return Message(
        title=language.line("**Nobody is on call:** there is no `[[oncall]]` in the configuration"),
        blocks=(next_commands(context.view, "alerts"),),
    )
