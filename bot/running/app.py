"""The composition root: a configuration becomes a running bot.

Read this and `handlers/__init__.py`, and you know the program.

    chat ── Incoming ──▶ Reception ── Command ──▶ handler ──▶ Submissions ──▶ record: intent + owed card
                            │                                     │ wakes
                            ◀── Message (answers at once)         ▼
                                                     worker per account ──▶ vendor ──▶ record: outcome + owed news
                                                                                              │
    chat ◀── Post ── Outbox ◀── claims what is owed ───────────────────────────────────────────┘

The scheduler only ticks: it wakes the workers, and each asks the record what is due. Production, demo and tests run
this same function; addresses come from the configuration, clock and chats are arguments.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import structlog

from bot.contracts import hours as calendar
from bot.contracts.chat import Chat, Connected, Directory, FillsForms, Remembers, UsesDesk
from bot.contracts.clock import Clock
from bot.contracts.model import Incoming, Kind, Place, State, Words
from bot.contracts.settings import Settings
from bot.desk.access import same_person
from bot.desk.forms import FrontDesk
from bot.desk.held import HeldFiles, Patience
from bot.desk.reception import Reception
from bot.desk.reminders import Reminders
from bot.desk.services import Services
from bot.notices.audience import Audience
from bot.notices.compose import Composer
from bot.notices.operators import Operators
from bot.notices.outbox import Outbox
from bot.requests.announce import Announcer, batch_card
from bot.requests.orders import Orders, PapersInHand
from bot.requests.preparation import Preparation
from bot.requests.reconcile import Reconciler
from bot.requests.reviews.polling import Reviews
from bot.requests.reviews.rhythm import Rhythm
from bot.requests.sending import Sending
from bot.requests.settling import Settling
from bot.running.chats import stop_all
from bot.running.holidays import load_holidays
from bot.running.vendors import read_attachment, vendors_of, vocabulary_of
from bot.running.worker import Worker, schedule, stop
from bot.store import notices, requests
from bot.store.database import Database
from bot.store.kept import Recorded
from bot.store.lock import locked
from bot.watch.alerts import Alerts
from bot.watch.quota import Quota
from bot.watch.rules import merged_rules
from bot.wording.language import languages
from handlers import ANSWERS, ROUTER

log = structlog.get_logger(__name__)

COMMANDS = ROUTER.declarations
"""Everything that can be said."""

PATIENCE = timedelta(seconds=4)
"""How long a batch's first card waits for the vendors' answers before it shows what is known."""


@dataclass(frozen=True, slots=True)
class Bot:
    """A running bot.

    Args:
        services: what handlers are given; tests and the command line ask it too.
        reception: takes in what was said.
        workers: every owned task.
    """

    services: Services
    reception: Reception
    outbox: Outbox
    workers: Mapping[str, Worker]

    async def settle(self, place: Place, *, patience: float = 60.0) -> None:
        """Wait until what was said in a place has been answered there: nothing on its way, nothing owed and due.

        Args:
            patience: seconds; after that whoever waits goes on, the work does too.
        """
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(patience):
                while await self._unanswered(place):
                    await self.workers["outbox"].stepped()

    async def tick(self) -> None:
        """Wake every worker and wait until all have done what is due: what a tick of the scheduler does, awaited."""
        for worker in self.workers.values():
            worker.wake()
        for worker in self.workers.values():
            await worker.idle()

    async def pending(self) -> tuple[int, ...]:
        """The requests that somebody has still to decide on or to file."""
        states = (State.QUEUED, State.SUBMITTING, State.UNKNOWN, State.IN_REVIEW, State.APPROVED)
        found = await self.services.database.read(lambda db: requests.in_states(db, states))
        return tuple(
            request.number
            for request in found
            if request.next_look_at is not None or request.state in (State.QUEUED, State.SUBMITTING)
        )

    async def _unanswered(self, place: Place) -> bool:
        now = self.services.clock.now()

        def ask(db: Any) -> bool:
            sending = requests.in_states(db, (State.SUBMITTING, State.QUEUED))
            on_its_way = any(request.next_look_at is None or request.next_look_at <= now for request in sending)
            return on_its_way or notices.waiting(db, place, now) > 0

        return await self.services.database.read(ask)


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

    Raises:
        AlreadyRunning: another process works on this record.
        ConfigError: the defaults of an account do not fit its vendor.
    """
    pace = 1.0 / speed if pace is None else pace
    folder = data_dir or settings.bot.data_dir
    async with contextlib.AsyncExitStack() as stack:
        stack.enter_context(locked(folder))
        database = await stack.enter_async_context(Database(folder / "signpost.db"))
        vendors = await stack.enter_async_context(vendors_of(settings, clock, pace))
        opening_hours = {
            account.name: calendar.parse_hours(account.review_hours)
            if account.review_hours
            else vendors[account.name].capabilities.hours
            for account in settings.accounts
        }
        holidays = load_holidays(settings.calendar.holidays, settings.calendar.workdays)
        spoken = languages(settings.bot.timezone)

        workers: dict[str, Worker] = {}
        audience = Audience(
            {
                Place(one.platform, one.id): (frozenset(one.topics), frozenset(one.accounts))
                for one in settings.conversations
            }
        )
        announcer = Announcer(audience, PATIENCE * speed)
        papers: PapersInHand = {}

        def wake(account: str) -> None:
            workers[f"submit:{account}"].wake()

        submissions = Orders(database, vendors, announcer, clock, papers, wake)
        sending = Sending(database, vendors, announcer, clock, papers)
        densest = timedelta(seconds=settings.poll.review_seconds)
        rhythm = Rhythm(densest, opening_hours, holidays)
        operators = Operators(audience)
        reconciler = Reconciler(announcer, clock)
        reviews = Reviews(database, vendors, reconciler, clock, rhythm, operators)
        late = timedelta(seconds=settings.poll.settle_seconds)
        settling = Settling(database, vendors, reconciler, announcer, operators, clock, late, wake)
        alerts = Alerts(
            database,
            audience,
            clock,
            settings.alerts,
            same_person=partial(same_person, settings=settings),
            wake=lambda: workers["outbox"].wake(),
        )
        quota = Quota(
            database, vendors, alerts, operators, clock, merged_rules(settings.rules), settings.poll.quota_seconds
        )

        def health() -> Mapping[str, str]:
            found = {name: worker.failing for name, worker in workers.items()}
            found |= {f"review:{name}": words for name, words in reviews.failing.items()}
            found |= {f"quota:{name}": words for name, words in quota.failing.items()}
            found |= {name: chat.failing for name, chat in listening.items() if isinstance(chat, Connected)}
            if calendar.lacks(holidays, clock.now()):
                found["calendar"] = "no table of public holidays for this year: Monday to Friday is assumed"
            return found

        def facts() -> Sequence[tuple[str, Words]]:
            return [
                (name, fact) for name, chat in listening.items() if isinstance(chat, Connected) for fact in chat.facts
            ]

        async def ask_in_form(incoming: Incoming, numbers: Sequence[int], kind: Kind) -> bool:
            chat = listening.get(incoming.place.platform)
            return isinstance(chat, FillsForms) and await chat.ask(incoming, numbers, kind)

        services = Services(
            settings=settings,
            database=database,
            clock=clock,
            vendors=vendors,
            languages=spoken,
            holidays=holidays,
            hours=opening_hours,
            vocabulary=vocabulary_of(vendors),
            commands=ROUTER.declarations,
            forms=Preparation(vendors, {one.name: one.defaults for one in settings.accounts}, read_attachment, clock),
            submissions=submissions,
            settling=settling,
            quota=quota,
            alerts=alerts,
            audience=audience,
            hand=HeldFiles(),
            health=health,
            facts=facts,
            ask_in_form=ask_in_form,
            patience=Patience().at_speed(speed),
        )
        listening = {chat.name: chat for chat in chats(lambda: bot)}
        reminders = Reminders(database, services.hand, clock, services.forms, services.forms_in)
        composer = Composer(
            services.view_of,
            {**announcer.wordings, **alerts.wordings, **reminders.wordings, **operators.wordings},
            {"batch": batch_card, "alert": alerts.card},
        )
        outbox = Outbox(database, listening, composer.compose, clock, operators.undelivered, pace=speed)

        def groups() -> Mapping[str, frozenset[str]]:
            directories = [chat for chat in listening.values() if isinstance(chat, Directory)]
            return {group: members for chat in directories for group, members in chat.groups.items()}

        bot = Bot(services, Reception(services, ROUTER, ANSWERS, listening, groups), outbox, workers)

        workers["outbox"] = Worker("outbox", outbox.deliver)

        async def send(account: str) -> None:
            await settling.work(account)
            await sending.work(account)
            workers["outbox"].wake()

        async def look(account: str) -> None:
            await reviews.poll(account)
            workers["outbox"].wake()

        async def measure(account: str) -> None:
            await quota.poll(account)
            workers["outbox"].wake()

        for name in vendors:
            workers[f"submit:{name}"] = Worker(f"submit:{name}", partial(send, name))
            workers[f"review:{name}"] = Worker(f"review:{name}", partial(look, name))
            workers[f"quota:{name}"] = Worker(f"quota:{name}", partial(measure, name))
        workers["alerts"] = Worker("alerts", alerts.remind)

        async def remind() -> None:
            if await reminders.work():
                workers["outbox"].wake()

        workers["reminders"] = Worker("reminders", remind)

        for chat in listening.values():
            if isinstance(chat, Remembers):
                chat.remember(Recorded(database, chat.name, clock))
            if isinstance(chat, UsesDesk):
                chat.use(FrontDesk(services, bot.reception, composer))
        await sending.recover()
        await outbox.recover()
        for worker in workers.values():
            worker.start()
        stack.push_async_callback(stop, list(workers.values()))
        if ticking:
            stack.callback(schedule(workers, timedelta(seconds=1.0 if speed == 1.0 else 0.1)))
        started: list[Chat] = []
        stack.push_async_callback(stop_all, started)
        for chat in listening.values():
            await chat.start(bot.reception.receive)
            started.append(chat)
        if calendar.lacks(holidays, clock.now()):
            log.warning("no table of public holidays for this year; add days under [calendar]")
        log.info("running", accounts=list(vendors), chats=list(listening))
        yield bot
