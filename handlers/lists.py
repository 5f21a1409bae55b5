"""`list`, `show`: what is in the record, and what the vendors have."""

from bot.commands.command import Argument, ArgumentKind, Command, Declaration, Router
from bot.commands.tokens import quoted
from bot.contracts.errors import UserError, VendorError
from bot.contracts.fields import Field, FieldType
from bot.contracts.guide import GUIDE
from bot.contracts.hours import CHINA
from bot.contracts.message import Block, Exact, Items, Line, Mark, Message, Table, Text
from bot.contracts.model import Kind, Request, Role, State, Words
from bot.contracts.states import PENDING
from bot.contracts.vendor import Option
from bot.contracts.vocabulary import VOCABULARY
from bot.desk.context import Context, Reply
from bot.desk.listing import PAGE_KEY, Listed, said_again
from bot.desk.paging import LOOKED_FOR
from bot.requests.cards import DETAILS, paper_line, single
from bot.requests.expiry import standing as expiring
from bot.requests.status import requests_table, since_when
from bot.store import requests
from bot.wording.language import Language, marked
from bot.wording.refusals import in_short
from bot.wording.view import next_commands
from bot.wording.words import KIND_WORDS, KINDS, PENDING_WORD, STATES

ROUTER: Router[Context, Reply] = Router()

_STATE = Words("state", "状态")

_ALL = Words("all", "全部")


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
            options = await context.services.vendors[account].reviews.options("qualifications")
        except VendorError as error:
            why = in_short(language, account, error)
            silent.append(language.line("{account} did not answer: {error}", account=account, error=why))
            continue
        rows += [((account,), (one.value,), (one.label,), (_standing(language, one),)) for one in options]
    head = (language.text("Account"), language.text("Id"), language.text("Name"), language.text("State"))
    blocks: list[Block] = [Table(head, tuple(rows))] if rows else []
    blocks += [Items(tuple(silent))] if silent else []
    if silent and not rows:
        return Message(title=silent[0], mark=Mark.BAD, blocks=(Items(tuple(silent[1:])),) if silent[1:] else ())
    title = language.line("**Qualifications: {count}**", count=len(rows))
    return Message(title=title, mark=Mark.WARNING if silent else Mark.NONE, blocks=tuple(blocks))


@ROUTER.command(
    ("letter", "list"),
    ("委托书", "列表"),
    role=Role.VIEWER,
    summary=Words("the authorisation letters the vendors have, and until when", "各平台已有的授权委托书及其有效期"),
    usage="letter list [ACCOUNTS]",
    examples=(Words("letter list aliyun", "委托书 列表 阿里云"),),
    arguments=(Argument(ArgumentKind.ACCOUNTS),),
    topic="look",
)
async def letter_list(command: Command, context: Context) -> Reply:
    """The letters, asked of the vendors now; what runs out stands first."""
    language = context.language
    return await _papers(
        command,
        context,
        "letters",
        head=(language.text("Owner and names"), language.text("Until")),
        title=marked("**Letters: {count}**"),
        note=language.line("A letter goes in with the signature that needs it: as a file or its id, `letter=`."),
    )


@ROUTER.command(
    ("trademark", "list"),
    ("商标", "列表"),
    role=Role.VIEWER,
    summary=Words("the trademarks entered at the vendors, and until when", "各平台已录入的商标及其有效期"),
    usage="trademark list [ACCOUNTS]",
    examples=(Words("trademark list aliyun", "商标 列表 阿里云"),),
    arguments=(Argument(ArgumentKind.ACCOUNTS),),
    topic="look",
)
async def trademark_list(command: Command, context: Context) -> Reply:
    """The trademarks that were entered from here or that signatures name; what runs out stands first."""
    language = context.language
    return await _papers(
        command,
        context,
        "trademarks",
        head=(language.text("Name and owner"), language.text("Until")),
        title=marked("**Trademarks: {count}**"),
        note=language.line(
            "A trademark goes in with the signature that needs it: as a picture or its id, `trademark=`."
        ),
    )


@ROUTER.command(
    ("filing", "list"),
    ("备案", "列表"),
    role=Role.VIEWER,
    summary=Words("the filings (ICP) of apps entered at the vendors", "各平台已录入的 APP 备案"),
    usage="filing list [ACCOUNTS]",
    examples=(Words("filing list aliyun", "备案 列表 阿里云"),),
    arguments=(Argument(ArgumentKind.ACCOUNTS),),
    topic="look",
)
async def filing_list(command: Command, context: Context) -> Reply:
    """The filings of apps that were entered from here or that signatures name; they have no end."""
    language = context.language
    return await _papers(
        command,
        context,
        "icp_records",
        head=(language.text("App and company"),),
        title=marked("**App filings: {count}**"),
        note=language.line("A filing goes in with the signature that needs it: as a picture or its id, `icp_record=`."),
    )


async def _papers(
    command: Command, context: Context, source: str, *, head: tuple[str, ...], title: str, note: Line
) -> Message:
    """What the vendors have of one sort of papers.

    Args:
        command: which accounts.
        context: who asks where.
        source: as `Reviewing.options` calls them.
        head: of the columns behind account and id; the second is the end.
        title: with `{count}`.
        note: how one is handed in.
    """
    language = context.language
    today = context.services.clock.now().astimezone(CHINA).date()
    rows: list[tuple[Line, ...]] = []
    silent: list[Line] = []
    for account in command.accounts or context.accounts:
        if source not in context.services.vendors[account].capabilities.listed:
            continue
        try:
            listed = await context.services.vendors[account].reviews.options(source)
        except VendorError as error:
            why = in_short(language, account, error)
            silent.append(language.line("{account} did not answer: {error}", account=account, error=why))
            continue
        for one, warning in expiring(listed, today):
            until = one.until.isoformat() if one.until else ""
            shown = ((account,), (one.value,), (one.label,), (f"⚠️ {until}" if warning is not None else until,))
            rows.append(shown[: 2 + len(head)])
    if silent and not rows:
        return Message(title=silent[0], mark=Mark.BAD)
    columns = (language.text("Account"), language.text("Id"), *head)
    blocks: list[Block] = [Table(columns, tuple(rows))] if rows else []
    blocks += [Items(tuple(silent))] if silent else []
    blocks.append(Text(note))
    return Message(
        title=language.line(title, count=len(rows)), mark=Mark.WARNING if silent else Mark.NONE, blocks=tuple(blocks)
    )


def _standing(language: Language, option: Option) -> str:
    """Where something stands that a vendor lists, with the reviewer's remark."""
    if option.state is not None:
        state = language.text("approved") if option.state is State.READY else language.pick(STATES[option.state])
    elif option.word:
        state = option.word
    else:
        state = language.text("approved") if option.usable else language.text("not approved")
    return f"{state} · “{option.remark}”" if option.remark else state


async def _list(kind: Kind, command: Command, context: Context) -> Reply:
    language = context.language
    states, said = _states(command.value("state"), command.declaration, context)
    found = await context.services.database.read(
        lambda db: requests.numbers(
            db, accounts=command.accounts or context.accounts, kind=kind, states=states, limit=LOOKED_FOR
        )
    )
    if not found and (said or command.accounts):
        return await _none_such(kind, command, context, said)
    if not found:
        title = language.line("No {kind} in the record here.", kind=language.pick(KINDS[kind]))
        return Message(title=title, blocks=(next_commands(context.view, f"{KIND_WORDS[kind]} submit …"),))
    narrowed = (_accounts(command), *((said_again(_STATE, said),) if said else ()))
    listed = Listed(context, command, found, narrowed)
    shown = await context.services.database.read(lambda db: requests.of_numbers(db, listed.page.ids))
    title = language.line(
        "**Signatures: {count}**" if kind is Kind.SIGNATURE else "**Templates: {count}**", count=listed.count
    )
    return listed.message(title, requests_table(context.view, shown), f"show #{shown[0].number}")


async def _none_such(kind: Kind, command: Command, context: Context, said: Words | None) -> Message:
    """None is left of what was asked for: which it was, and how many there are in all."""
    language = context.language
    every = await context.services.database.read(
        lambda db: requests.numbers(db, accounts=context.accounts, kind=kind, limit=LOOKED_FOR)
    )
    named = language.pick(KINDS[kind])
    where = language.joined(list(command.accounts)) if command.accounts and not command.everything else ""
    state = language.pick(_called(said)) if said else ""
    match bool(said), bool(where):
        case True, True:
            title = language.line("No {kind} at {accounts} is {state}.", kind=named, accounts=where, state=state)
        case True, False:
            title = language.line("No {kind} is {state}.", kind=named, state=state)
        case _:
            title = language.line("No {kind} at {accounts} in the record here.", kind=named, accounts=where)
    listed = f"{KIND_WORDS[kind]} list"
    told = Text(
        language.plural_line(
            "`{command}` shows the one there is.",
            "`{command}` shows all {n}.",
            len(every),
            command=context.view.typed(listed),
        )
    )
    ahead = next_commands(context.view, listed if every else f"{KIND_WORDS[kind]} submit …")
    return Message(title=title, blocks=(told, ahead) if every else (ahead,))


def _called(state: Words) -> Words:
    """A state as it is called in a sentence, rather than typed."""
    return next((words for one, words in STATES.items() if one.value == state.en), state)


def _states(word: str, declaration: Declaration, context: Context) -> tuple[tuple[State, ...], Words | None]:
    """The states that are meant, and what that is called."""
    if not word:
        return (), None
    for state, words in STATES.items():
        if word.strip().casefold() in (state.value, words.en, words.zh, _in_one_word(words.zh)):
            return (state,), Words(state.value, _in_one_word(words.zh))
    if word.strip().casefold() in (PENDING_WORD.en, PENDING_WORD.zh):
        return PENDING, PENDING_WORD
    known = [context.language.pick(Words(state.value, _in_one_word(words.zh))) for state, words in STATES.items()]
    raise UserError(
        context.language.text("I know no state “{word}”.", word=word[:40]),
        details=(context.language.joined([context.language.pick(PENDING_WORD), *known]),),
        commands=tuple(context.language.pick(example) for example in declaration.examples),
    )


def _in_one_word(name: str) -> str:
    """What a state is called without what is said to explain it."""
    return name.partition("，")[0]


@ROUTER.command(
    ("show",),
    ("查看",),
    role=Role.VIEWER,
    summary=Words("one request with everything that was submitted", "查看一项申请的全部内容"),
    usage="show #ID … or NAME [page=2]",
    examples=(Words("show #17", "查看 #17"),),
    arguments=(Argument(ArgumentKind.NUMBER_OR_NAME, required=True, many=True),),
    keys=(PAGE_KEY,),
    topic="look",
)
async def show(command: Command, context: Context) -> Reply:
    """One request, by number or name."""
    if len(command.numbers) > 1:
        every = [_shown(context, request) for request in await context.several(command.numbers)]
        return Message(
            title=context.language.line("**Requests: {count}**", count=len(every)),
            blocks=tuple(block for one in every for block in (Text(one.title), *one.blocks)),
        )
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
    return listed.message(title, requests_table(context.view, shown), f"show #{shown[0].number}")


def _shown(context: Context, request: Request) -> Message:
    language = context.language
    card = single(context.view, request)
    fields = {field.key: field for field in context.services.requests.preparation.of(request)}
    lines: list[Line] = []
    for key, value in request.values.items():
        if key == GUIDE:
            continue
        field = fields.get(key) or VOCABULARY.get(key)
        choice = field.choice(value) if field and field.choices else None
        label = language.pick(field.label) if field else key
        shown = language.pick(choice.label) if choice else _flag(language, value) if _is_flag(field) else value
        lines.append(language.line("{label}: {value}", label=label, value=shown))
    lines += [
        paper_line(
            language,
            language.pick(fields[paper["key"]].label) if paper["key"] in fields else paper["key"],
            paper,
        )
        for paper in request.papers
    ]
    if request.vendor_ref:
        lines.append(language.line("Id at {account}: `{ref}`", account=request.account, ref=Exact(request.vendor_ref)))
    if request.order:
        lines.append(language.line("Order number: `{order}`", order=Exact(request.order)))
    blocks: list[Block] = [Items(tuple(lines))] if lines else []
    further = tuple(button for button in card.buttons if button.action != DETAILS)
    return Message(
        title=card.title,
        mark=card.mark,
        blocks=(*blocks, since_when(context.view, request), *card.blocks),
        buttons=further,
    )


def _is_flag(field: Field | None) -> bool:
    return field is not None and field.type is FieldType.FLAG


def _flag(language: Language, value: str) -> str:
    return language.text("yes") if value == "true" else language.text("no")


def _accounts(command: Command) -> Words:
    if command.everything:
        return _ALL
    return Words(",".join(command.accounts), ",".join(command.accounts))
