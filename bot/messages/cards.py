"""What is said of test messages: where each stands, what its receipt's code means, and what to do. Pure."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.commands.tokens import quoted
from bot.contracts.message import SIGNS, Block, Exact, Line, Mark, Mention, Message, Quote, Text
from bot.contracts.model import Words
from bot.contracts.numbers import masked
from bot.contracts.push import Outcome, Receipt
from bot.contracts.sending import Meaning, Sending, Settles, meaning
from bot.contracts.sent import SendState, TestMessage
from bot.wording.refusals import lost, refusal_blocks
from bot.wording.view import View, next_commands

STATES: dict[SendState, Words] = {
    SendState.ASKED: Words("not confirmed", "待确认"),
    SendState.DECLINED: Words("not wanted", "已放弃"),
    SendState.QUEUED: Words("on its way", "待发送"),
    SendState.SENDING: Words("on its way", "发送中"),
    SendState.UNKNOWN: Words("unknown", "结果未知"),
    SendState.SENT: Words("waiting for the receipt", "等待回执"),
    SendState.DELIVERED: Words("delivered", "已送达"),
    SendState.UNDELIVERED: Words("not delivered", "未送达"),
    SendState.SILENT: Words("no receipt", "没有回执"),
    SendState.REFUSED: Words("not taken", "平台未接受"),
    SendState.ABSENT: Words("never sent", "未发出"),
}

MARKS: dict[SendState, Mark] = {
    SendState.ASKED: Mark.NONE,
    SendState.DECLINED: Mark.NONE,
    SendState.QUEUED: Mark.WAITING,
    SendState.SENDING: Mark.WAITING,
    SendState.UNKNOWN: Mark.WARNING,
    SendState.SENT: Mark.WAITING,
    SendState.DELIVERED: Mark.GOOD,
    SendState.UNDELIVERED: Mark.BAD,
    SendState.SILENT: Mark.WARNING,
    SendState.REFUSED: Mark.BAD,
    SendState.ABSENT: Mark.BAD,
}

OUTCOMES: dict[Outcome, tuple[Mark, Words]] = {
    Outcome.WAITING: (Mark.WAITING, Words("waiting for the receipt", "等待回执")),
    Outcome.DELIVERED: (Mark.GOOD, Words("delivered", "已送达")),
    Outcome.FAILED: (Mark.BAD, Words("not delivered", "未送达")),
    Outcome.SILENT: (Mark.WARNING, Words("nothing is known", "结果未知")),
}


def on_its_way(view: View, message: TestMessage) -> Message:
    """The answer to whoever said yes."""
    language = view.language
    title = language.line(
        "**Test message {called} to {number}: on its way**, {name} through {account}",
        called=message.called,
        number=masked(message.number),
        name=message.name,
        account=message.account,
    )
    blocks = (Text(language.line("I will post here what becomes of it.")),)
    return Message(title=title, mark=Mark.WAITING, blocks=blocks)


def answered(view: View, message: TestMessage) -> Message:
    """What a question says once it is answered."""
    language = view.language
    head = {
        "called": message.called,
        "name": message.name,
        "number": masked(message.number),
        "account": message.account,
    }
    said = (
        language.line("{called}, {name} to {number} through {account}: not sent", **head)
        if message.state is SendState.DECLINED
        else language.line("{called}, {name} to {number} through {account}: confirmed", **head)
    )
    return Message(title=said, shared=True)


def news(view: View, message: TestMessage, group: Sending | None, signature: int | None = None) -> Message:
    """What became of a test message, as it stands now.

    Args:
        view: the reader's.
        message: which.
        group: of its vendor; none where the account is no longer configured.
        signature: the number of its signature's request, where the record has one.
    """
    language = view.language
    head = {"called": message.called, "number": masked(message.number), "account": message.account}
    who: Line = (" ", Mention(message.sender, view.named(message.sender, message.sender_name)))
    known = meaning(group.meanings, message.code) if group is not None else None
    blocks: list[Block] = []
    match message.state:
        case SendState.SENT:
            title = language.line(
                "**{called} to {number}: {account} took it**, the carrier's receipt is not there yet", **head
            )
            who = ()
        case SendState.DELIVERED:
            title = (
                *language.line("**{called} to {number} delivered through {account}**", **head),
                *_after(view, message),
            )
            blocks.append(Text(_sent_as(view, message)))
        case SendState.UNDELIVERED:
            title = language.line(
                "**{called} to {number} not delivered through {account}**: {why}",
                why=_why(view, message.code, known),
                **head,
            )
            blocks += explained(view, message.code, message.said, known)
        case SendState.SILENT:
            title = language.line("**{called} to {number}: no receipt through {account}**", **head)
            blocks += explained(view, message.code, message.said, known)
            blocks.append(Text(language.line("The carrier does not say what became of it. Look at the phone.")))
        case SendState.REFUSED:
            title = language.line("**{called} to {number} not sent: {account} did not take it**", **head)
            blocks += refusal_blocks(language, message.account, message.refusal)
        case SendState.ABSENT:
            title = language.line("**{called} to {number} was never sent**: {account} does not have it", **head)
            blocks.append(
                Text(
                    language.line(
                        "It was lost on its way there, and costs nothing. Send it again if you still want to."
                    )
                )
            )
        case SendState.UNKNOWN:
            title = language.line("**{called} to {number} at {account}: unknown**", **head)
            blocks.append(Text(lost(language, message.account, message.refusal.code)))
            blocks.append(Text(_settling(view, message, group)))
        case SendState.ASKED | SendState.DECLINED:
            return answered(view, message)
        case _:
            return on_its_way(view, message)
    if message.state in (SendState.UNDELIVERED, SendState.SILENT) and message.serial:
        blocks.append(
            Text(language.line("For the vendor's support: sending `{serial}`.", serial=Exact(message.serial)))
        )
    blocks.append(next_commands(view, *_next(message, known, signature)))
    return Message(title=(*title, *who), mark=MARKS[message.state], blocks=tuple(blocks))


def _settling(view: View, message: TestMessage, group: Sending | None) -> Line:
    language = view.language
    if group is not None and group.settles is not Settles.BY_PUSH:
        return language.line(
            "I am asking {account} what it sent to this number, and will not send it twice.", account=message.account
        )
    return language.line(
        "{account} tells what it sent only by an id that I did not get. Look at the phone, or at the sending records in the "
        "console; a pushed receipt settles it by itself. I will not send it twice.",
        account=message.account,
    )


def _next(message: TestMessage, known: Meaning | None, signature: int | None) -> tuple[str, ...]:
    trace = f"trace {message.account} {masked(message.number)}"
    if known is not None and known.sign:
        return (f"sign list {message.account}" if signature is None else f"show #{signature}", trace)
    return (again(message),) if message.state in (SendState.REFUSED, SendState.ABSENT) else (trace,)


def again(message: TestMessage) -> str:
    """The command that sends the same again."""
    values = [f"{name}={quoted(value)}" for name, value in message.values.items()]
    head = f"send {message.account} {quoted(message.name)} {masked(message.number)}"
    return " ".join([head, *values, f"sign={quoted(message.sign)}"])


def _after(view: View, message: TestMessage) -> Line:
    """How long it took, where both ends are known."""
    if message.sent_at is None or message.receipt_at is None:
        return ()
    took = message.receipt_at - message.sent_at
    if not timedelta(0) < took < timedelta(days=3):
        return ()
    return view.language.line(" · after {span}", span=view.language.span(took))


def _sent_as(view: View, message: TestMessage) -> Line:
    language = view.language
    if not message.sign:
        return language.plural_line(
            "{name}, without a signature, {n} part",
            "{name}, without a signature, {n} parts",
            message.parts,
            name=message.name,
        )
    return language.plural_line(
        "{name}, signed 【{sign}】, {n} part",
        "{name}, signed 【{sign}】, {n} parts",
        message.parts,
        name=message.name,
        sign=message.sign,
    )


def _why(view: View, code: str, known: Meaning | None) -> str:
    """Why it failed, to stand behind a colon."""
    language = view.language
    if known is not None:
        return language.pick(known.what)
    return language.text("code {code}", code=code) if code else language.text("no reason given")


def explained(view: View, code: str, said: str, known: Meaning | None) -> tuple[Block, ...]:
    """A receipt's code: the vendor's words, what to do, the code itself."""
    language = view.language
    blocks: list[Block] = []
    if said and known is None:
        blocks.append(Quote(said))
    if known is not None and known.do is not None:
        blocks.append(Text((language.pick(known.do),)))
    if code and known is not None:
        blocks.append(Text(language.line("Code `{code}`.", code=code)))
    elif code:
        blocks.append(
            Text(
                language.line(
                    "Code `{code}`: a carrier's own, and not in my list; the vendor's support explains it.", code=code
                )
            )
        )
    return tuple(blocks)


Row = tuple[Line, ...]


def traced(view: View, receipt: Receipt, name: str, group: Sending) -> Row:
    """One message to a number as its vendor tells it: when, with which template, what became of it."""
    language = view.language
    mark, words = OUTCOMES[receipt.outcome]
    what: Line = (f"{SIGNS[mark]} {language.pick(words)}",)
    if receipt.outcome is not Outcome.DELIVERED and receipt.code:
        known = meaning(group.meanings, receipt.code)
        what = (*what, *language.line(": {why}", why=_why(view, receipt.code, known)))
        if known is not None:
            what = (*what, *language.line(" (`{code}`)", code=receipt.code))
    return _row(view, receipt.sent_at or receipt.at, name, what)


def recorded(view: View, message: TestMessage) -> Row:
    """The same of a test message that the vendor does not tell of: it was not taken, or nobody knows."""
    language = view.language
    what: Line = (f"{SIGNS[MARKS[message.state]]} {language.pick(STATES[message.state])}",)
    if message.state is SendState.REFUSED and message.refusal.code:
        what = (*what, *language.line(" (`{code}`)", code=message.refusal.code))
    return _row(view, message.sent_at or message.created_at, message.name, what)


def _row(view: View, when: datetime | None, name: str, what: Line) -> Row:
    return ((view.language.clock(when) if when is not None else "–",), (name or "–",), what)


def advice(view: View, receipts: Sequence[Receipt], group: Sending) -> tuple[Line, ...]:
    """What to do about what failed, each thing once."""
    language = view.language
    found: dict[Line, None] = {}
    for one in receipts:
        known = meaning(group.meanings, one.code)
        if one.outcome is Outcome.FAILED and known is not None and known.do is not None:
            found[language.line("{code}: {do}", code=one.code, do=language.pick(known.do))] = None
    return tuple(found)
