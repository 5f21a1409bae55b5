"""How the bot itself is, in words: what works, what waits, what fails."""

from bot.contracts.message import Items, Line, Mark, Message
from bot.contracts.model import State, Words
from bot.desk.context import Context
from bot.store import notices, requests
from bot.wording.language import Language


async def report(context: Context) -> Message:
    """Connections, pollers and what is owed, as of now."""
    language = context.language
    services = context.services
    counted = await services.database.read(notices.counts)
    waiting = await services.database.read(
        lambda db: len(requests.in_states(db, (State.QUEUED, State.SUBMITTING, State.UNKNOWN)))
    )
    failing = {name: words for name, words in services.health().items() if words}
    lines: list[Line] = [
        language.line(
            "Messages: {due} due, {sent} sent, {held} held back, {failed} failed",
            due=counted.get("due", 0),
            sent=counted.get("sent", 0),
            held=counted.get("held", 0),
            failed=counted.get("failed", 0),
        ),
        language.line("Requests on their way: {count}", count=waiting),
    ]
    lines += [
        language.line("{name}: {words}", name=_what(language, name), words=_why(language, words))
        for name, words in failing.items()
    ]
    lines += [
        language.line("{name}: {words}", name=name, words=language.pick(words)) for name, words in services.facts()
    ]
    title = (
        language.line("**All is well**")
        if not failing
        else language.line("**{count} things fail**", count=len(failing))
    )
    return Message(title=title, mark=Mark.WARNING if failing else Mark.GOOD, blocks=(Items(tuple(lines)),))


_OF_ACCOUNTS = {
    "submit": Words("submitting to {account}", "向 {account} 提交"),
    "review": Words("asking {account} for decisions", "查询 {account} 的审核结果"),
    "quota": Words("reading what is left at {account}", "读取 {account} 的额度"),
}

_WORKERS = {
    "outbox": Words("sending messages", "发送消息"),
    "alerts": Words("repeating alerts", "重复提醒告警"),
    "reminders": Words("reminding of questions", "提醒未回答的提问"),
    "calendar": Words("public holidays", "节假日"),
}
"""What fails, by the names that stand in the log."""

_SAID = {
    "internal": Words("an internal error, see the log", "内部错误，详见日志"),
    "no table of public holidays for this year: Monday to Friday is assumed": Words(
        "no table of public holidays for this year: Monday to Friday is assumed",
        "没有今年的节假日表，暂按周一至周五计算",
    ),
}


def _what(language: Language, name: str) -> str:
    worker, _, account = name.partition(":")
    if account and worker in _OF_ACCOUNTS:
        return language.pick(_OF_ACCOUNTS[worker]).replace("{account}", account)
    return language.pick(_WORKERS[name]) if name in _WORKERS else name


def _why(language: Language, words: str) -> str:
    return language.pick(_SAID[words]) if words in _SAID else words
