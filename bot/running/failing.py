"""What does not work, as of now: the record, workers, calendars, vendors, chats, the account of messages."""

from collections.abc import Mapping

from bot.contracts import hours as calendar
from bot.contracts.clock import Clock
from bot.contracts.hours import Holidays
from bot.contracts.model import Words
from bot.desk.chats import Chats
from bot.desk.services import Failing
from bot.notices.audit import Auditor
from bot.running.oncall import OnCall
from bot.running.worker import Worker
from bot.store.database import Database
from bot.watch.answering import Answering

NO_HOLIDAYS = Words(
    "no table of public holidays for this year: Monday to Friday is assumed", "没有今年的节假日表，暂按周一至周五计算"
)


def failing_now(
    database: Database,
    workers: Mapping[str, Worker],
    answering: Answering,
    called: OnCall,
    chats: Chats,
    holidays: Holidays,
    clock: Clock,
    auditor: Auditor,
) -> tuple[Failing, ...]:
    """What does not work, as of now: workers by what their step failed with, vendors by what they last said."""
    trouble = database.trouble
    found = {name: worker.failing for name, worker in workers.items()}
    failing = [Failing(name, workers[name].what, why) for name, why in found.items() if why not in (None, trouble)]
    if trouble is not None:  # named once, whatever fails because of it
        failing.insert(
            0, Failing("record", Words("my record takes nothing", "记录无法写入"), _waiting(database, trouble))
        )
    failing += [Failing(f"oncall:{name}", Words.same(name), why) for name, why in called.failing]
    failing += [Failing(f"vendor:{name}", Words.same(name), why) for name, why in answering.failing.items()]
    failing += [Failing(name, Words.same(name), Words.same(why)) for name, why in chats.failing if why]
    failing += [Failing(name, what, why) for name, what, why in auditor.failing]
    if calendar.lacks(holidays, clock.now()):
        failing.append(Failing("calendar", Words("public holidays", "节假日"), NO_HOLIDAYS))
    return tuple(failing)


def _waiting(database: Database, trouble: Words) -> Words:
    """Why the record takes nothing, and how much waits for it."""
    if not database.held:
        return trouble
    over = Words("; of messages no more is remembered", "；暂不再记住更多消息") if database.let_go else Words("", "")
    return Words(
        f"{trouble.en}; what waits for it is held: {database.held}{over.en}",
        f"{trouble.zh}；等待写入的内容先行保留：{database.held} 项{over.zh}",
    )
