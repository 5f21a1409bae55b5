"""`send`: a test message to one of the account's test numbers, after asking, for it costs."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

from bot.commands.command import Argument, ArgumentKind, Command, Router
from bot.contracts import placeholders
from bot.contracts.due import over
from bot.contracts.errors import UserError
from bot.contracts.hours import CHINA
from bot.contracts.message import Block, Button, Items, Line, Mark, Message, Quote, Text
from bot.contracts.model import Kind, Question, Role, Words
from bot.contracts.numbers import mainland, masked
from bot.contracts.sending import Sending
from bot.contracts.sent import SendState, TestMessage
from bot.contracts.variants import DIGITAL
from bot.desk.addressed import (
    SIGN,
    SIGNS,
    Template,
    number_of,
    one_account,
    sign_of,
    template_of,
    values_of,
)
from bot.desk.answers import Said, yes_or_no
from bot.desk.asking import where_to_answer
from bot.desk.context import Context, Reply
from bot.messages import cards
from bot.messages.numbers import CALLED, NUMBER
from bot.messages.sends import question
from bot.requests.check.accounts import draft_of
from bot.requests.check.engine import findings
from bot.requests.check.segments import of_draft, price, signed
from bot.requests.check.shared import RULES
from bot.store import dialogues, sends

ROUTER: Router[Context, Reply] = Router()

_CONFIRM = Words("confirm", "确认")
_DROP = Words("drop", "放弃")

SAMPLE = "sample."
"""How the keys of values begin, where a text is checked with them."""

COST_NOTHING = frozenset({SendState.REFUSED, SendState.ABSENT})
"""Of these no vendor knows, so they do not count."""


@ROUTER.command(
    ("send",),
    ("发送",),
    role=Role.SUBMITTER,
    summary=Words(
        "a test message to one of the account's test numbers, after asking: it costs",
        "向测试号码发一条测试短信（计费，发送前确认）",
    ),
    usage="send [ACCOUNT] TEMPLATE NUMBER [sign=NAME] [var=value …] [confirm]  ·  send [ACCOUNT] text NUMBER text=…  ·  send T3 [drop]",
    examples=(
        Words("send aliyun 登录验证码 13800001234 code=1234", "发送 阿里云 登录验证码 13800001234 code=1234"),
        Words("send aliyun #12 1234", "发送 阿里云 #12 1234"),
    ),
    arguments=(
        Argument(ArgumentKind.ACCOUNT),
        Argument(ArgumentKind.NAME, required=True, label=Words("a template", "模板")),
        Argument(
            ArgumentKind.WORD,
            pattern=NUMBER,
            label=Words("a test number", "测试号码"),
        ),
        Argument(ArgumentKind.WORD, words=(_CONFIRM, _DROP)),
    ),
    keys=True,
    topic="messages",
)
async def send(command: Command, context: Context) -> Reply:
    """Read all of it, show the text and what it costs, ask; `confirm` is the answer in advance, `send T3` the one behind."""
    alone = not (command.values or command.accounts or set(command.words) - {_DROP.en})
    if alone and (asked := CALLED.fullmatch(command.name)):
        yes = _DROP.en not in command.words
        return await (_confirmed if yes else _declined)(context, int(asked[1]))
    account = one_account(context, command)
    group = context.services.vendors[account].messages
    language = context.language
    if group is None:
        raise UserError(language.text("{account} has no way to send a message through me.", account=account))
    template = await template_of(context, account, command)
    number = number_of(context, account, next((word for word in command.words if word != _CONFIRM.en), ""), template)
    typed = dict(command.values)
    said = next((typed[key].strip() for key in SIGNS if key in typed), "")
    sign = (said or await sign_of(context, account, template, number)) if template.ref else ""
    values = values_of(context, account, template, typed, number)
    state = SendState.QUEUED if _CONFIRM.en in command.words else SendState.ASKED
    wanted = replace(_message(context, account, template, sign, number, values), state=state)
    message = await context.services.messages.order(wanted, context.incoming.origin)
    if message.state is not SendState.ASKED:
        return cards.on_its_way(context.view, message)
    return await _ask(context, message, template, group)


def _message(
    context: Context, account: str, template: Template, sign: str, number: str, values: Mapping[str, str]
) -> TestMessage:
    incoming = context.incoming
    now = context.services.clock.now()
    draft = draft_of(Kind.TEMPLATE, _filled(template, sign, number, values))
    return TestMessage(
        id=0,
        account=account,
        state=SendState.QUEUED,
        template=template.ref,
        name=template.name,
        type=template.values.get("type", ""),
        sign=sign,
        number=number,
        values=dict(values),
        parts=of_draft(draft).count,
        mark=uuid4().hex,
        sender=incoming.actor.key,
        sender_name=incoming.actor.name or incoming.actor.user,
        place=incoming.place,
        created_at=now,
        since=now,
    )


def _filled(template: Template, sign: str, number: str, values: Mapping[str, str]) -> dict[str, str]:
    samples = {f"{SAMPLE}{name}": value for name, value in values.items()}
    abroad = {"international": str(not mainland(number)).lower()}
    return {**template.values, **abroad, "content": template.content, SIGN: sign, **samples}


# --- Asking --------------------------------------------------------------------------------------------------------------


async def _ask(context: Context, message: TestMessage, template: Template, group: Sending) -> Message:
    """The text as a phone shows it, what it costs, what may come in its way, and whether it shall go."""
    language = context.language
    now = context.services.clock.now()
    incoming = context.incoming
    asked = Question(
        place=incoming.place,
        actor=incoming.actor,
        data={"do": "send", "id": message.id},  # no number, and no value that could be one
        asked_at=now,
        expires_at=now + context.services.dialogues.patience.forget,
    )
    await context.services.database.write(lambda db: dialogues.put(db, asked))
    around = signed(message.sign, international=not mainland(message.number))
    blocks: list[Block] = [Quote(f"{around}{placeholders.filled(template.content, dict(message.values))}")]
    if template.media:
        blocks.append(Text(language.line("With {files}.", files=language.joined(template.media))))
    warned = [*_minded(context, message, template), *await _warned(context, message, group)]
    blocks += [Items(tuple(warned))] if warned else []
    go = f"send {message.called}"
    blocks += where_to_answer(language, incoming, context.abilities)
    blocks.append(context.whether(go, f"{go} {language.pick(_DROP)}"))
    title = (
        *language.line(
            "**{called}: send {name} to {number} through {account}?**",
            called=message.called,
            name=message.name,
            number=masked(message.number),
            account=message.account,
        ),
        " ",
        *_cost(context, message, template),
    )
    return Message(
        title=title,
        mark=Mark.WARNING,
        blocks=tuple(blocks),
        buttons=(
            Button("send", message.called, language.text("Send it")),
            Button("send_not", message.called, language.text("Don't send")),
        ),
        shared=True,
        question=question(message),
    )


def _cost(context: Context, message: TestMessage, template: Template) -> Line:
    language = context.language
    if message.type == DIGITAL:
        return language.line("one digital message; what it costs stands in the console")
    line = language.plural_line("{n} part", "{n} parts", message.parts)
    standards = context.services.requests.preparation.check.standards.get(message.account)
    draft = draft_of(Kind.TEMPLATE, _filled(template, message.sign, message.number, message.values))
    cost = price(draft, standards) if standards is not None else None
    if not mainland(message.number):
        return (*line, *language.line(", priced by the country"))
    if cost is None:
        return line
    return (*line, *language.line(", from {unit} {amount}", unit=cost[1].unit, amount=cost[0]))


def _minded(context: Context, message: TestMessage, template: Template) -> list[Line]:
    """What is published about values, and one of these is not."""
    language = context.language
    standards = context.services.requests.preparation.check.standards.get(message.account)
    if standards is None:
        return []
    draft = draft_of(Kind.TEMPLATE, _filled(template, message.sign, message.number, message.values))
    said: list[Line] = []
    for one in findings(draft, (standards,))[standards.vendor]:
        if one.hit.key.startswith(SAMPLE):
            title = language.line("{title} “{words}”", title=one.hit.key.removeprefix(SAMPLE), words=one.hit.what)
            said.append(language.line("{title}: {says}", title=title, says=language.pick(RULES[one.rule].says)))
    return said


async def _warned(context: Context, message: TestMessage, group: Sending) -> list[Line]:
    """What is published and may come in its way: marketing hours, and how often one number may be written to."""
    language = context.language
    now = context.services.clock.now()
    said: list[Line] = []
    begin, end = group.promo_hours
    if message.type == "promo" and not begin <= now.astimezone(CHINA).hour < end:
        said.append(
            language.line(
                "{account} sends marketing between {begin}:00 and {end}:00 China time only.",
                account=message.account,
                begin=begin,
                end=end,
            )
        )
    before = await context.services.database.read(
        lambda db: sends.to_number(
            db, message.account, message.number, now - timedelta(days=1), now + timedelta(seconds=1)
        )
    )
    for limit in group.limits:
        if message.type and message.type not in limit.types:
            continue
        count = sum(1 for one in before if one.created_at > now - limit.span and one.state not in COST_NOTHING)
        if count >= limit.most:
            said.append(
                language.line(
                    "{account} usually lets {most} to one number through in {span}; I have sent {count} there.",
                    account=message.account,
                    most=limit.most,
                    span=language.span(limit.span),
                    count=count,
                )
            )
            break
    return said


async def answer_send(context: Context, asked: Question) -> Reply:
    """Yes or no to the question whether to send."""
    said = yes_or_no(context.incoming.text)
    incoming, language = context.incoming, context.language
    message = await _known(context, int(asked.data["id"]))
    if said is Said.NOTHING:
        title = language.line(
            "Send {name} to {number}? Please answer `yes` or `no`.", name=message.name, number=masked(message.number)
        )
        return Message(title=title, mark=Mark.WARNING)
    await context.services.database.write(lambda db: dialogues.drop(db, incoming.place, incoming.actor))
    if said is Said.NO:
        return await _declined(context, message.id)
    return await _confirmed(context, message.id)


async def _confirmed(context: Context, number: int) -> Message:
    """A message that was asked about shall go; what was answered before stands as it does."""
    incoming, language = context.incoming, context.language
    message = await _known(context, number)
    now = context.services.clock.now()
    if message.state is not SendState.ASKED:
        return cards.news(context.view, message, context.services.vendors[message.account].messages)
    if over(message.created_at, now, context.services.dialogues.patience.forget):
        raise UserError(
            language.text("{called} was asked about too long ago; say it again.", called=message.called),
            commands=(cards.again(message),),
        )
    await _drop(context, number)
    stored = await context.services.messages.answer(number, incoming.actor, yes=True)
    return cards.on_its_way(context.view, stored)


async def _declined(context: Context, number: int) -> Message:
    """A message that was asked about shall not go; what went already has gone."""
    message = await _known(context, number)
    after = await context.services.messages.answer(message.id, context.incoming.actor, yes=False)
    if after.state is not SendState.DECLINED:
        return cards.news(context.view, after, context.services.vendors[after.account].messages)
    await _drop(context, number)
    return Message(title=context.language.line("Nothing was sent."))


async def _drop(context: Context, number: int) -> None:
    """Close the question of whoever answers, where it is the one about this message."""
    incoming = context.incoming
    asked = await context.services.database.read(lambda db: dialogues.get(db, incoming.place, incoming.actor))
    if asked is not None and asked.data.get("do") == "send" and asked.data.get("id") == number:
        await context.services.database.write(lambda db: dialogues.drop(db, incoming.place, incoming.actor))


async def _known(context: Context, number: int) -> TestMessage:
    """A test message that this conversation may speak of."""
    found = await context.services.database.read(lambda db: sends.find(db, number))
    if found is None or found.account not in context.accounts:
        raise UserError(
            context.language.text("There is no test message T{number} here.", number=number), commands=("help send",)
        )
    return found
