"""`list`, `show`, `status`, `history`: where things stand and how they came there. Nothing here changes anything."""

import re
from dataclasses import replace
from datetime import datetime, timedelta

from bot.commands.arguments import accounts_of
from bot.commands.command import Argument, ArgumentKind, Command, Declaration, Router
from bot.commands.tokens import folded, quoted
from bot.contracts.errors import UserError, VendorError
from bot.contracts.fields import Field, FieldType
from bot.contracts.message import SIGNS, Block, Items, Line, Mark, Message, Table, Text
from bot.contracts.model import Kind, Request, Role, State, Words
from bot.desk import people
from bot.desk.access import person_of
from bot.desk.context import Context, Reply
from bot.desk.listing import PAGE_KEY, Listed
from bot.desk.paging import LOOKED_FOR
from bot.desk.story import story_line
from bot.requests.cards import DETAILS, single, status_line
from bot.store import events, requests
from bot.wording.language import Language
from bot.wording.problems import size
from bot.wording.refusals import in_short
from bot.wording.view import next_commands, user_key
from bot.wording.words import KIND_WORDS, KINDS, MARKS, STATES

ROUTER: Router[Context, Reply] = Router()

_STATE = Words("state", "状态")
_SINCE = Words("since", "最近")
_BY = Words("by", "谁")
_ACCOUNT = Words("account", "账号")
_ALL = Words("all", "全部")
_MINE = Words("mine", "我的")
_PENDING = Words("pending", "进行中")
_ME = "@me"

PENDING = (
    State.DRAFT,
    State.AWAITING_APPROVAL,
    State.QUEUED,
    State.SUBMITTING,
    State.UNKNOWN,
    State.IN_REVIEW,
    State.APPROVED,
)


@ROUTER.command(
    ("sign", "list"),
    ("签名", "列表"),
    role=Role.VIEWER,
    summary=Words("the signatures in the record", "记录中的签名"),
    usage="sign list [ACCOUNTS] [state=…] [page=2]",
    examples=(Words("sign list aliyun state=rejected", "签名 列表 阿里云 状态=未通过"),),
    arguments=(Argument(ArgumentKind.ACCOUNTS),),
    keys=(_STATE, PAGE_KEY),
    topic="look",
)
async def sign_list(command: Command, context: Context) -> Reply:
    """The signatures in the record."""
    return await _list(Kind.SIGNATURE, command, context)


@ROUTER.command(
    ("template", "list"),
    ("模板", "列表"),
    role=Role.VIEWER,
    summary=Words("the templates in the record", "记录中的模板"),
    usage="template list [ACCOUNTS] [state=…] [page=2]",
    examples=(Words("template list all state=ready", "模板 列表 全部 状态=可用"),),
    arguments=(Argument(ArgumentKind.ACCOUNTS),),
    keys=(_STATE, PAGE_KEY),
    topic="look",
)
async def template_list(command: Command, context: Context) -> Reply:
    """The templates in the record."""
    return await _list(Kind.TEMPLATE, command, context)


@ROUTER.command(
    ("qualification", "list"),
    ("资质", "列表"),
    role=Role.VIEWER,
    summary=Words("the qualifications the vendors have", "各平台已有的资质"),
    usage="qualification list [ACCOUNTS]",
    examples=(Words("qualification list", "资质 列表"),),
    arguments=(Argument(ArgumentKind.ACCOUNTS),),
    topic="look",
)
async def qualification_list(command: Command, context: Context) -> Reply:
    """The qualifications, asked of the vendors now; the record does not keep them."""
    language = context.language
    rows: list[tuple[Line, ...]] = []
    silent: list[Line] = []
    for account in command.accounts or context.accounts:
        try:
            options = await context.services.vendors[account].options("qualifications")
        except VendorError as error:
            why = in_short(language, account, error)
            silent.append(language.line("{account} did not answer: {error}", account=account, error=why))
            continue
        usable = language.text("approved")
        other = language.text("not approved")
        rows += [((account,), (one.value,), (one.label,), (usable if one.usable else other,)) for one in options]
    head = (language.text("Account"), language.text("Id"), language.text("Name"), language.text("State"))
    blocks: list[Block] = [Table(head, tuple(rows))] if rows else []
    blocks += [Items(tuple(silent))] if silent else []
    if silent and not rows:
        return Message(title=silent[0], mark=Mark.BAD, blocks=(Items(tuple(silent[1:])),) if silent[1:] else ())
    title = language.line("**Qualifications: {count}**", count=len(rows))
    return Message(title=title, mark=Mark.WARNING if silent else Mark.NONE, blocks=tuple(blocks))


async def _list(kind: Kind, command: Command, context: Context) -> Reply:
    language = context.language
    states, said = _states(command.value("state"), command.declaration, context)
    found = await context.services.database.read(
        lambda db: requests.numbers(
            db, accounts=command.accounts or context.accounts, kind=kind, states=states, limit=LOOKED_FOR
        )
    )
    if not found:
        title = language.line("No {kind} in the record here.", kind=language.pick(KINDS[kind]))
        return Message(title=title, blocks=(next_commands(context.view, f"{KIND_WORDS[kind]} submit …"),))
    narrowed = (_accounts(command), *((_pair(_STATE, said),) if said else ()))
    listed = Listed(context, command, found, narrowed)
    shown = await context.services.database.read(lambda db: requests.of_numbers(db, listed.page.ids))
    title = language.line(
        "**Signatures: {count}**" if kind is Kind.SIGNATURE else "**Templates: {count}**", count=listed.count
    )
    return listed.message(title, _table(context, shown), f"show #{shown[0].number}")


def _states(word: str, declaration: Declaration, context: Context) -> tuple[tuple[State, ...], Words | None]:
    """The states that are meant, and what that is called."""
    if not word:
        return (), None
    for state, words in STATES.items():
        if word.strip().casefold() in (state.value, words.en, words.zh, _in_one_word(words.zh)):
            return (state,), Words(state.value, _in_one_word(words.zh))
    if word.strip().casefold() in (_PENDING.en, _PENDING.zh):
        return PENDING, _PENDING
    known = [context.language.pick(Words(state.value, _in_one_word(words.zh))) for state, words in STATES.items()]
    raise UserError(
        context.language.text("I know no state “{word}”.", word=word[:40]),
        details=(context.language.joined([context.language.pick(_PENDING), *known]),),
        commands=tuple(context.language.pick(example) for example in declaration.examples),
    )


def _in_one_word(name: str) -> str:
    """What a state is called without what is said to explain it."""
    return name.partition("，")[0]


def _table(context: Context, found: tuple[Request, ...]) -> Table:
    language = context.language
    head = tuple(language.text(word) for word in ("No.", "Account", "Name", "State", "Since"))
    rows = tuple(
        (
            (f"#{request.number}",),
            (request.account,),
            (request.name,),
            (f"{SIGNS[MARKS[request.state]]} {language.pick(STATES[request.state])}".strip(),),
            (language.moment(request.since, None, context.view.now),),
        )
        for request in found
    )
    return Table(head, rows)


@ROUTER.command(
    ("show",),
    ("查看",),
    role=Role.VIEWER,
    summary=Words("one request with everything that was submitted", "查看一项申请的全部内容"),
    usage="show #ID or NAME [page=2]",
    examples=(Words("show #17", "查看 #17"),),
    arguments=(Argument(ArgumentKind.NUMBER_OR_NAME, required=True),),
    keys=(PAGE_KEY,),
    topic="look",
)
async def show(command: Command, context: Context) -> Reply:
    """One request, by number or name."""
    if command.number is not None:
        return _shown(context, await context.request(command.number))
    found = await context.services.database.read(
        lambda db: requests.numbers(db, accounts=context.accounts, name=command.name, limit=LOOKED_FOR)
    )
    language = context.language
    if not found:
        raise UserError(
            language.text("Nothing here is called “{name}”.", name=command.name[:40]), commands=("sign list",)
        )
    if len(found) == 1:
        return _shown(context, await context.request(found[0]))
    name = quoted(command.name)
    listed = Listed(context, command, found, (Words(name, name),), pressed=False)
    shown = await context.services.database.read(lambda db: requests.of_numbers(db, listed.page.ids))
    title = language.line("**{count} are called {name}**", count=listed.count, name=command.name[:40])
    return listed.message(title, _table(context, shown), f"show #{shown[0].number}")


def _shown(context: Context, request: Request) -> Message:
    language = context.language
    card = single(context.view, request)
    fields = {field.key: field for field in context.services.vendors[request.account].fields(request.kind)}
    lines: list[Line] = []
    for key, value in request.values.items():
        field = fields.get(key)
        choice = field.choice(value) if field and field.choices else None
        label = language.pick(field.label) if field else key
        shown = language.pick(choice.label) if choice else _flag(language, value) if _is_flag(field) else value
        lines.append(language.line("{label}: {value}", label=label, value=shown))
    lines += [
        language.line(
            "{label}: {name}, {size}",
            label=language.pick(fields[paper["key"]].label) if paper["key"] in fields else paper["key"],
            name=paper["name"],
            size=size(int(paper["size"])),
        )
        for paper in request.papers
    ]
    if request.vendor_ref:
        lines.append(language.line("Id at {account}: `{ref}`", account=request.account, ref=request.vendor_ref))
    if request.order:
        lines.append(language.line("Order number: `{order}`", order=request.order))
    blocks: list[Block] = [Items(tuple(lines))] if lines else []
    further = tuple(button for button in card.buttons if button.action != DETAILS)
    return Message(
        title=card.title, mark=card.mark, blocks=(*blocks, _since_when(context, request), *card.blocks), buttons=further
    )


def _is_flag(field: Field | None) -> bool:
    return field is not None and field.type is FieldType.FLAG


def _flag(language: Language, value: str) -> str:
    return language.text("yes") if value == "true" else language.text("no")


@ROUTER.command(
    ("status",),
    ("状态",),
    role=Role.VIEWER,
    summary=Words("where it stands, since when, expected when, who acts next", "进展、时间、预计结果与下一步"),
    usage="status [#ID, mine, pending] [page=2]",
    examples=(Words("status #17", "状态 #17"), Words("status mine", "状态 我的")),
    arguments=(
        Argument(ArgumentKind.NUMBER),
        Argument(ArgumentKind.WORD, words=(_MINE, _PENDING)),
    ),
    keys=(PAGE_KEY,),
    topic="look",
)
async def status(command: Command, context: Context) -> Reply:
    """Where things stand."""
    if command.number is not None:
        return _status_of(context, await context.request(command.number))
    mine = _MINE.en in command.words
    found = await context.services.database.read(
        lambda db: requests.numbers(
            db,
            accounts=context.accounts,
            states=PENDING if not mine else (),
            submitters=people.all_of(db, context.incoming.actor.key, context.services.settings) if mine else None,
            limit=LOOKED_FOR,
        )
    )
    language = context.language
    if not found:
        title = language.line("Nothing is pending here.")
        return Message(title=title, mark=Mark.GOOD, blocks=(next_commands(context.view, "sign submit …", "sign list"),))
    listed = Listed(context, command, found, (_MINE,) if mine else (), pressed=not mine or context.incoming.direct)
    shown = await context.services.database.read(lambda db: requests.of_numbers(db, listed.page.ids))
    title = language.line("**Your requests: {count}**" if mine else "**{count} pending**", count=listed.count)
    lines = tuple(status_line(context.view, request) for request in shown)
    return listed.message(title, Items(lines), f"status #{shown[0].number}", mark=Mark.WAITING)


def _status_of(context: Context, request: Request) -> Message:
    card = single(context.view, request)
    since = _since_when(context, request)
    return Message(title=card.title, mark=card.mark, blocks=(since, *card.blocks), buttons=card.buttons)


def _since_when(context: Context, request: Request) -> Text:
    """Since when it stands there, and who is next."""
    language = context.language
    return Text(
        language.line(
            "Since {since} ({span}). Next: {who}.",
            since=language.moment(request.since, None, context.view.now),
            span=language.span(context.view.now - request.since),
            who=_who_acts(context, request),
        )
    )


def _who_acts(context: Context, request: Request) -> str:
    language = context.language
    match request.state:
        case State.IN_REVIEW:
            return language.text("the reviewers of {account}", account=request.account)
        case State.APPROVED:
            failed = any(filing.status == "failed" for filing in request.filings)
            return request.submitter_name if failed else language.text("the carriers")
        case State.QUEUED | State.SUBMITTING:
            return language.text("me")
        case State.UNKNOWN:
            return language.text("me") if request.next_look_at is not None else request.submitter_name
        case State.DRAFT | State.REJECTED | State.FAILED | State.DISABLED | State.WITHDRAWN:
            return request.submitter_name
        case State.AWAITING_APPROVAL:
            return language.text("an approver")
        case State.READY | State.DELETED | State.CANCELLED:
            return language.text("nobody, it is done")


_SPAN = re.compile(r"(\d{1,4})\s*([hdw时天周]|小时)")
_SPANS = {"h": 1, "时": 1, "小时": 1, "d": 24, "天": 24, "w": 168, "周": 168}


@ROUTER.command(
    ("history",),
    ("历史",),
    role=Role.VIEWER,
    summary=Words("what happened, newest first", "发生过的事，最新在前"),
    usage="history [#ID] [since=7d] [by=@me] [account=…] [page=2]",
    examples=(Words("history #17", "历史 #17"), Words("history since=7d by=@me", "历史 最近=7d 谁=@me")),
    arguments=(Argument(ArgumentKind.NUMBER),),
    keys=(_SINCE, _BY, _ACCOUNT, PAGE_KEY),
    topic="look",
)
async def history(command: Command, context: Context) -> Reply:
    """The record, newest first."""
    language = context.language
    narrowed: tuple[Words, ...] = ()
    pressed = True
    if command.number is not None:
        request = await context.request(command.number)
        found = await context.services.database.read(
            lambda db: events.ids_of_request(db, request.number, limit=LOOKED_FOR)
        )
        narrowed = (Words(f"#{request.number}", f"#{request.number}"),)
        head = language.line("**History of #{number} {name}**", number=request.number, name=request.name)
    else:
        since = _since(command.value("since"), context)
        by, who = _by(command.value("by"), context)
        account = command.value("account")
        meant = accounts_of(folded(account), context.services.vocabulary) if account else context.accounts
        accounts = tuple(one for one in meant if one in context.accounts)
        if not accounts:
            raise UserError(
                language.text("There is no account “{account}” here.", account=account[:40]),
                details=(language.joined(list(context.accounts)),),
            )
        found = await context.services.database.read(
            lambda db: events.recent_ids(
                db,
                since=since,
                actors=None if by is None else people.all_of(db, by, context.services.settings),
                accounts=accounts,
                limit=LOOKED_FOR,
            )
        )
        given = ((_SINCE, command.value("since").strip()), (_ACCOUNT, account), (_BY, who))
        narrowed = tuple(_pair(key, Words(value, value)) for key, value in given if value)
        pressed = who != _ME or context.incoming.direct
        head = language.line("**History**")
    if not found:
        return Message(title=language.line("Nothing happened in that time."))
    listed = Listed(context, command, found, narrowed, pressed=pressed)
    database = context.services.database
    shown = await database.read(lambda db: events.of_ids(db, listed.page.ids))
    # Whom nobody named in the configuration is called as when they submitted something.
    actors = {event.actor for event in shown}
    called = await database.read(lambda db: {user_key(one): requests.name_of(db, one) for one in actors})
    names = {key: name for key, name in called.items() if name}
    view = replace(context.view, names={**names, **context.view.names})
    return listed.message(head, Items(tuple(story_line(view, event) for event in shown)))


def _since(text: str, context: Context) -> datetime | None:
    if not text:
        return None
    match = _SPAN.fullmatch(text.strip().casefold())
    if match is None:
        raise UserError(
            context.language.text("“{text}” is no span of time; write 12h, 7d or 2w.", text=text[:20]),
            commands=(context.language.text("history since=7d"),),
        )
    return context.services.clock.now() - timedelta(hours=int(match[1]) * _SPANS[match[2]])


def _by(text: str, context: Context) -> tuple[str | None, str]:
    """An identity of who is meant, and a word for them that means the same whoever says it, where there is one."""
    if not text:
        return None, ""
    actor = context.incoming.actor
    settings = context.services.settings
    word = text.strip().removeprefix("@")
    if word.casefold() in ("me", "我"):
        person = person_of(actor.key, settings)
        return actor.key, person.name if person is not None else _ME
    for person in settings.people:
        if person.name == word:
            return people.a_key_of(person), person.name
    raise UserError(
        context.language.text("I know nobody called “{name}”.", name=word[:40]),
        commands=(context.language.text("history by=@me"),),
    )


def _accounts(command: Command) -> Words:
    if command.everything:
        return _ALL
    return Words(",".join(command.accounts), ",".join(command.accounts))


def _pair(key: Words, value: Words) -> Words:
    return Words(f"{key.en}={quoted(value.en)}", f"{key.zh}={quoted(value.zh)}")
