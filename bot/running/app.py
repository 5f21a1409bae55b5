"""The composition root: a configuration becomes a running bot.

Read this and `handlers/__init__.py`, and you know the program.

    chat ── Incoming ──▶ Reception ── Command ──▶ handler ──▶ Orders ───────▶ record: intent + owed card
                            │                                     │ wakes
                            ◀── Message (answers at once)         ▼
                                                     worker per account ──▶ vendor ──▶ record: outcome + owed news
                                                                                              │
    chat ◀── Post ── Outbox ◀── claims what is owed ───────────────────────────────────────────┘

The scheduler only ticks: it wakes the workers, and each asks the record what is due. Production, demo and tests run
this same function; addresses come from the configuration, clock and chats are arguments.
"""

import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path

import structlog

from bot.commands.command import Speech
from bot.contracts import hours as calendar
from bot.contracts.chat import Chat, UsesDesk
from bot.contracts.clock import Clock
from bot.contracts.memory import Remembers
from bot.contracts.model import Place, Words
from bot.contracts.settings import Settings
from bot.desk.chats import Chats
from bot.desk.forms import FrontDesk
from bot.desk.held import Dialogues, Patience
from bot.desk.reception import Reception
from bot.desk.reminders import Reminders
from bot.desk.services import Requests, Services, Status, Watch
from bot.messages.sends import Sends
from bot.notices.audience import Audience
from bot.notices.audit import Auditor
from bot.notices.compose import Composer
from bot.notices.operators import Operators
from bot.notices.outbox import Outbox
from bot.notices.pictures import Draw, Pictures
from bot.notices.watching import Watching
from bot.requests.announce import Announcer, batch_card
from bot.requests.approval_notices import ApprovalNotices
from bot.requests.approvals import Approvals
from bot.requests.check.accounts import Check
from bot.requests.counting import counted
from bot.requests.expiry import Expiries
from bot.requests.guided import Guided
from bot.requests.inventory import Inventory
from bot.requests.orders import Orders
from bot.requests.papers import PapersInHand, SparePapers
from bot.requests.preparation import Preparation
from bot.requests.reconcile import Reconciler
from bot.requests.reviews.polling import Reviews
from bot.requests.reviews.rhythm import Rhythm
from bot.requests.sending import Sending
from bot.requests.settling import Settling
from bot.running.bot import Bot
from bot.running.chats import stop_all
from bot.running.digests import digests_of
from bot.running.failing import failing_now
from bot.running.holidays import load_holidays
from bot.running.metrics import CallCounts, Metrics
from bot.running.oncall import on_call
from bot.running.push import receivers
from bot.running.rulebooks import REASONS, standards_of
from bot.running.vendors import hours_of, read_attachment, vendors_of, vocabulary_of
from bot.running.worker import Worker, schedule, stop
from bot.store import subscriptions
from bot.store.database import Database
from bot.store.kept import Recorded
from bot.store.lock import locked
from bot.watch.alerts import Alerts
from bot.watch.answering import Answering
from bot.watch.judging import Judging
from bot.watch.overheard import overhear
from bot.watch.quota import Quota
from bot.watch.rules import merged_rules
from bot.watch.runway import like_a_weekday
from bot.watch.sketches import Sketches
from bot.watch.statistics import Statistics
from bot.wording import drawing
from bot.wording.language import languages
from bot.wording.views import Views
from handlers import ANSWERS, ROUTER

log = structlog.get_logger(__name__)

COMMANDS = ROUTER.declarations
"""Everything that can be said."""

PATIENCE = timedelta(seconds=4)
"""How long a batch's first card waits for the vendors' answers before it shows what is known."""


@contextlib.asynccontextmanager
async def running(
    settings: Settings,
    *,
    clock: Clock,
    chats: Callable[[Callable[[], Bot]], Sequence[Chat]],
    speed: float = 1.0,
    data_dir: Path | None = None,
    ticking: bool = True,
    pace: float | None = None,
    listening: contextlib.AbstractAsyncContextManager[None] | None = None,
    draw: Draw = drawing.png,
) -> AsyncIterator[Bot]:
    """Start everything, and stop everything in reverse order.

    Args:
        settings: the configuration.
        clock: the domain's time.
        chats: makes the chats; is given a way to the bot, which exists once they are started.
        speed: how much faster than the machine's the domain's time runs (the demo).
        data_dir: instead of the configured one.
        ticking: whether the scheduler wakes the workers; tests wake them themselves.
        pace: factor on the pauses between calls of a vendor; follows the speed when left out.
        listening: what is there as long as the bot, from before any chat is started.
        draw: makes the pictures of cards.

    Raises:
        AlreadyRunning: another process works on this record.
        ConfigError: the defaults of an account do not fit its vendor.
    """
    pace = 1.0 / speed if pace is None else pace
    folder = data_dir or settings.bot.data_dir
    async with contextlib.AsyncExitStack() as stack:
        stack.enter_context(locked(folder))
        if listening is not None:
            await stack.enter_async_context(listening)
        database = await stack.enter_async_context(Database(folder / "signpost.db"))
        for place, code in await database.read(subscriptions.spoken):
            settings.speak(place, code)
        vendors = await stack.enter_async_context(vendors_of(settings, clock, pace, database))
        opening_hours = hours_of(settings, vendors)
        holidays = load_holidays(settings.calendar.holidays, settings.calendar.workdays)

        workers: dict[str, Worker] = {}
        audience = Audience(
            {
                Place(one.platform, one.id): (frozenset(one.topics), frozenset(one.accounts))
                for one in settings.conversations
            },
            reach=lambda platform, user: heard.direct(platform, user),
        )
        check = Check(
            {one.name: standards for one in settings.accounts if (standards := standards_of(one)) is not None},
            {one.name: REASONS.get(one.vendor, ()) for one in settings.accounts},
            {one.name: one.company for one in settings.accounts},
        )
        announcer = Announcer(audience, PATIENCE * speed, check)
        papers: PapersInHand = {}
        spare = SparePapers(papers)

        def wake(account: str) -> None:
            workers[f"submit:{account}"].wake()

        told = ApprovalNotices(audience, settings)
        approvals = Approvals(database, vendors, announcer, told, clock, settings, spare, wake)
        orders = Orders(database, vendors, announcer, clock, papers, wake, approvals, spare)
        defaults = {one.name: one.defaults for one in settings.accounts}
        preparation = Preparation(vendors, defaults, read_attachment, clock, check, counted(database, clock))
        stack.push_async_callback(preparation.codes.aclose)
        sending = Sending(database, vendors, announcer, clock, papers, spare)
        densest = timedelta(seconds=settings.poll.review_seconds)
        rhythm = Rhythm(densest, opening_hours, holidays)
        operators = Operators(audience)
        reconciler = Reconciler(announcer, clock, approvals.void)
        reviews = Reviews(database, vendors, reconciler, clock, rhythm, told=lambda: workers["outbox"].wake())
        late = timedelta(seconds=settings.poll.settle_seconds)
        guided = Guided(database, vendors, announcer, clock)
        expiries = Expiries(database, vendors, audience, clock)
        settling = Settling(database, vendors, reconciler, announcer, clock, late, wake, approvals, spare)
        inventory = Inventory(database, vendors, reconciler, clock)
        called = on_call(settings, database, audience, clock, holidays, lambda: heard)
        alerts = Alerts(
            database,
            called.announcer,
            clock,
            settings.alerts,
            same_person=settings.same_person,
            quiet=called.quiet,
            wake=lambda: workers["outbox"].wake(),
        )
        answering = Answering(database, vendors, alerts, clock, lambda: workers["answers"].wake())
        calls = CallCounts(answering.heard)
        for name, vendor in vendors.items():
            overhear(vendor, partial(calls.heard, name))
        active, kind = merged_rules(settings.rules), like_a_weekday(holidays)
        quota = Quota(database, vendors, alerts, answering, clock, active, settings.poll.quota_seconds, kind)
        judging = Judging(database, vendors, alerts, clock, active, kind, opening_hours, holidays)
        statistics = Statistics(database, vendors, answering, clock, settings.poll.delivery_seconds, judge=judging.sent)

        sends = Sends(database, vendors, clock, late, lambda account: workers[f"send:{account}"].wake())
        pushed = receivers(settings, vendors, database, clock, audience, sends, workers)
        spoken = {chat.name: chat for chat in chats(lambda: bot)}
        heard = Chats(spoken)
        said_in = languages(settings.bot.timezone)
        auditor = Auditor(
            database, operators, clock, said_in, spoken, vendors, settings.conversation, lambda: heard.cautions, speed
        )
        digests = digests_of(settings, database, vendors, audience, clock, quota, called.duty, holidays)
        speech = Speech(ROUTER.declarations, vocabulary_of(vendors))
        services = Services(
            settings=settings,
            clock=clock,
            database=database,
            vendors=vendors,
            chats=heard,
            views=Views(
                settings=settings,
                languages=said_in,
                capabilities={name: vendor.capabilities for name, vendor in vendors.items()},
                hours=opening_hours,
                holidays=holidays,
                spellings={"zh": speech.spellings("zh")},
                in_hand=spare.numbers,
                once=frozenset(name for name, chat in spoken.items() if chat.abilities.once),
            ),
            speech=speech,
            requests=Requests(preparation, orders, settling, guided, approvals, inventory),
            watch=Watch(quota, alerts, statistics, called.duty, called.handovers, called.calendars),
            messages=sends,
            status=Status(
                partial(failing_now, database, workers, answering, called, heard, holidays, clock, auditor),
                audience,
                Watching(database, clock),
                digests,
            ),
            dialogues=Dialogues(patience=Patience().at_speed(speed)),
        )
        reminders = Reminders(database, services.dialogues.held, clock, preparation, services.chats)
        owing = (announcer, told, called.announcer, called.handovers, reminders, guided, expiries, operators, pushed)
        composer = Composer(
            services.views.of,
            {kind: word for one in (*owing, auditor, digests) for kind, word in one.wordings.items()},
            {"batch": batch_card, "alert": called.announcer.card},
            {"alert": Sketches({name: vendor.traffic for name, vendor in vendors.items()}, kind).of},
            served=lambda place: heard.alone(place) or settings.conversation(place) is not None,
        )
        pictures = Pictures(draw)
        outbox = Outbox(database, spoken, composer.compose, clock, operators, said_in, speed, pictures)

        bot = Bot(services, Reception(services, ROUTER, ANSWERS), outbox, workers, pushed, Metrics(services, calls))

        workers["outbox"] = Worker("outbox", Words("sending messages", "发送消息"), outbox.deliver)

        async def send(account: str) -> None:
            await settling.work(account)
            await sending.work(account)
            workers["outbox"].wake()

        async def look(account: str) -> None:
            await reviews.poll(account)

        async def test(account: str) -> None:
            await sends.work(account)
            workers["outbox"].wake()

        async def measure(account: str) -> None:
            await quota.poll(account)
            workers["outbox"].wake()

        for name in vendors:
            steps = (
                ("submit", Words(f"submitting to {name}", f"向 {name} 提交"), send),
                ("review", Words(f"asking {name} for decisions", f"查询 {name} 的审核结果"), look),
                ("quota", Words(f"reading what is left at {name}", f"读取 {name} 的额度"), measure),
                ("traffic", Words(f"reading what {name} sent", f"读取 {name} 的发送统计"), statistics.poll),
                ("send", Words(f"sending test messages at {name}", f"通过 {name} 发送测试短信"), test),
                ("answer", Words(f"asking {name} whether it answers again", f"询问 {name} 是否恢复"), answering.ask),
            )
            for job, what, step in steps:
                workers[f"{job}:{name}"] = Worker(f"{job}:{name}", what, partial(step, name))

        async def watch() -> None:
            await judging.look()
            await alerts.remind()

        workers["alerts"] = Worker("alerts", Words("repeating alerts", "重复提醒告警"), watch)

        async def take_in() -> None:
            await answering.work()
            workers["outbox"].wake()

        workers["answers"] = Worker("answers", Words("keeping who answers", "记录平台应答情况"), take_in)

        def telling(work: Callable[[], Awaitable[bool]]) -> Callable[[], Awaitable[None]]:
            async def tell() -> None:
                if await work():
                    workers["outbox"].wake()

            return tell

        for job, what, work in (
            ("expiries", Words("looking at what runs out", "检查即将到期的材料"), expiries.work),
            ("reminders", Words("reminding of questions", "提醒未回答的提问"), reminders.work),
            ("guided", Words("reminding of the console", "提醒控制台待办"), guided.work),
            ("approvals", Words("reminding of approvals", "提醒待批准的申请"), approvals.work),
            ("audit", Words("the account of messages", "消息核对"), auditor.work),
            ("oncall", Words("who is on call", "值班交接"), called.work),
            ("digest", Words("the daily digest", "日报"), digests.work),
        ):
            workers[job] = Worker(job, what, telling(work))

        for chat in spoken.values():
            if isinstance(chat, Remembers):
                chat.remember(Recorded(database, chat.name, clock))
            if isinstance(chat, UsesDesk):
                chat.use(FrontDesk(services, bot.reception, composer, pictures))
        await sending.recover()
        await sends.recover()
        await answering.recover()
        await outbox.recover()
        for worker in workers.values():
            worker.start()
        stack.push_async_callback(stop, list(workers.values()))
        if ticking:
            stack.callback(schedule(workers, timedelta(seconds=1.0 if speed == 1.0 else 0.1)))
        started: list[Chat] = []
        stack.push_async_callback(stop_all, started)
        for chat in spoken.values():
            await chat.start(bot.reception.receive)
            started.append(chat)
        if calendar.lacks(holidays, clock.now()):
            log.warning("no table of public holidays for this year; add days under [calendar]")
        log.info("running", accounts=list(vendors), chats=list(spoken))
        yield bot
