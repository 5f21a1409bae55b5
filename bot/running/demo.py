"""`signpost demo` and `signpost sandbox`: the whole job with nothing but this repository.

The demo is the production bot: the same vendor clients, record, pollers and outbox. Only the vendors are the sandbox's
loopback servers, and time runs faster.
"""

import asyncio
import contextlib
import secrets
import shutil
import signal
import sys
import tempfile
import uuid
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import cast

from bot.commands import completion
from bot.commands.command import Declaration
from bot.contracts import hours as calendar
from bot.contracts.chat import Chat, Post
from bot.contracts.clock import FastClock, WakefulClock
from bot.contracts.errors import DeliveryError
from bot.contracts.fields import Field
from bot.contracts.hours import Hours
from bot.contracts.message import Code, Items, Message, Text
from bot.contracts.model import Place
from bot.desk.context import SUBMITS
from bot.running import tour
from bot.running.app import running
from bot.running.bot import Bot
from bot.running.config import Configuration, parse
from bot.running.holidays import load_holidays
from bot.running.logs import setup
from bot.running.printing import complain, not_printed
from bot.running.say import operator
from bot.running.vendors import ACCOUNTS
from bot.store import alerts, requests
from bot.store.unusable import of_system
from bot.wording.language import languages
from integrations.sandbox import Pace, Sandbox, Seed, Vendor
from integrations.terminal.client import Ending, Terminal
from integrations.web import Web

CONVERSATION = "demo"

A_MOMENT = 0.02  # seconds by which a night is over for sure

PUSHED_EVERY = 0.2  # seconds between two rounds of what the sandbox pushes

LAST_WORDS = 2.0  # seconds for what is owed to be printed

SEED = Seed(alibaba_history=timedelta(days=365))
"""Accounts that have been sending for a year, so that there is something to look back on."""

OPENING = Hours(monday_to_friday=(9, 18))

DAY = Hours(monday_to_friday=(9, 21))
"""What there is of a day in the demo: whoever tries it waits for no night and no weekend."""

TEST_NUMBER = "13800001234"
"""What messages can be sent to; nobody's, for the sandbox has the only phone that rings."""

TEST_NUMBER_ABROAD = "+447700900123"
"""The same abroad, of the range that the United Kingdom keeps for films."""

SAMPLE_PAPER = Path(__file__).resolve().parent / "samples" / "business-licence.png"
"""A made-up business licence that the demo's accounts attach when no paper is given."""


async def demo(
    *, wait: float, speed: float, language: str, data: Path | None, new: bool = False, touring: bool = False
) -> int:
    """Run the demo in this terminal.

    Args:
        wait: seconds to wait for what is pending after the last piped line.
        speed: how much faster than real time.
        language: what the bot speaks.
        data: where to keep the record; nowhere when left out.
        new: whether the accounts are new: then everything begins with a qualification.
        touring: a story is played instead of what somebody types.

    Returns:
        The exit code.
    """
    setup("ERROR", json=False, secrets=(), stream=sys.stderr)
    try:
        folder = data or Path(tempfile.mkdtemp(prefix="signpost-demo-"))
    except OSError as error:  # no room, or no folder that may be written
        raise of_system(Path(tempfile.gettempdir()), error) from error
    clock = WakefulClock(_next_morning(), speed, DAY, load_holidays((), ()))
    try:
        receiving = Receiving()
        pace, seed = (tour.PACE, tour.SEED) if touring else (Pace(), replace(SEED, begun=not new))
        async with (
            Sandbox(now=clock.now, pace=pace, seed=seed, opting_out=not touring) as sandbox,
            receiving.listening() as port,
        ):
            text = pushing(sandbox, sandbox_config(sandbox, language=language, demo=True), port)
            settings = parse(text + tour.ON_CALL * touring, accounts=ACCOUNTS, environ={}, base=folder)
            if touring:
                return await _talk(
                    settings, clock, receiving, None, wait=wait, speed=speed, folder=folder, story=sandbox
                )
            greeting = banner(settings, new=str(seed.qualification_id) if new else "")
            return await _talk(settings, clock, receiving, greeting, wait=wait, speed=speed, folder=folder)
    finally:
        if data is None:
            shutil.rmtree(folder, ignore_errors=True)


@dataclass(slots=True)
class Receiving:
    """The demo's own web server, for what the sandbox pushes.

    Args:
        bot: once it runs.
    """

    bot: Bot | None = None

    @contextlib.asynccontextmanager
    async def listening(self) -> AsyncIterator[int]:
        """Listen on a free port of this machine, as long as this is entered; gives the port."""
        web = Web("127.0.0.1", 0, dict, lambda: None if self.bot is None else self.bot.receivers)
        await web.start()
        try:
            yield web.port
        finally:
            await web.stop()


def pushing(sandbox: Sandbox, text: str, port: int) -> str:
    """The demo's configuration with a receiver for each account, to which the sandbox pushes from now on."""
    text = text.replace('http_listen = ""', f'http_listen = "127.0.0.1:{port}"').replace(
        "topics = [", 'topics = ["replies", '
    )
    for account, vendor in (("aliyun", "alibaba"), ("tencent", "tencent"), ("ucloud", "ucloud")):
        token = secrets.token_hex(16)
        text = text.replace(f'name = "{account}"\n', f'name = "{account}"\npush_token = "{token}"\n')
        sandbox.push_to(cast("Vendor", vendor), f"http://127.0.0.1:{port}/push/{account}/{token}", every=PUSHED_EVERY)
    return text


async def _talk(
    settings: Configuration,
    clock: WakefulClock,
    receiving: "Receiving",
    greeting: Message | None,
    *,
    wait: float,
    speed: float,
    folder: Path,
    story: Sandbox | None = None,
) -> int:
    place = Place("terminal", CONVERSATION)
    terminals: list[Terminal] = []

    def chats(bot: Callable[[], Bot]) -> Sequence[Chat]:
        async def complete(text: str) -> Sequence[str]:
            services = bot().services
            accounts = tuple(services.vendors)
            things = await services.database.read(
                lambda db: completion.Things(
                    requests=requests.numbers(db, accounts=accounts, limit=completion.MOST),
                    alerts=tuple(alert.number for alert in alerts.standing(db, accounts)),
                )
            )

            def fields(declaration: Declaration) -> Sequence[Field]:
                kind = SUBMITS.get(declaration.words)
                return services.requests.preparation.union(kind, tuple(services.vendors)) if kind else ()

            return completion.complete(text, services.speech.commands, accounts, fields, settings.bot.language, things)

        terminal = Terminal(
            conversation=CONVERSATION,
            actor=operator(),
            language=lambda: settings.bot.language,
            settle=lambda: bot().settle(place),
            new_origin=lambda: uuid.uuid4().hex,
            stdin=sys.stdin if story is None else None,
            stdout=sys.stdout,
            complete=complete,
            banner=greeting,
        )
        terminals.append(terminal)
        return (terminal,)

    async with running(settings, clock=clock, chats=chats, speed=speed, data_dir=folder) as bot:
        receiving.bot = bot
        nights = asyncio.create_task(_tell_of_nights(clock, terminals[0], settings, place), name="demo-nights")
        try:
            if story is not None:
                with contextlib.suppress(DeliveryError):  # nobody reads any more
                    settle = partial(bot.settle, place, patience=tour.PATIENCE)
                    pause = bot.workers["outbox"].stepped
                    await tour.play(bot, terminals[0], story, place, settings.bot.language, pause, settle)
            elif await terminals[0].finished() is Ending.END_OF_INPUT:
                await _wait_for_decisions(bot, place, wait)
        finally:
            nights.cancel()
            await asyncio.wait([nights])
    if why := terminals[0].lost:
        complain(not_printed(why))
        return 1
    return 0


async def _tell_of_nights(clock: WakefulClock, terminal: Terminal, settings: Configuration, place: Place) -> None:
    """Say that a night was left out, each time."""
    language = languages(settings.bot.timezone)[settings.bot.language]
    while True:
        await asyncio.sleep(clock.seconds_to_night() + A_MOMENT)
        now = clock.now()
        morning = language.moment(now, None, now - timedelta(days=3))  # with its date: "today" was another day just now
        title = language.line(
            "Nobody reviews at night or on days off, so the demo goes on at once: it is {morning}.", morning=morning
        )
        with contextlib.suppress(DeliveryError):  # nobody reads any more; the terminal ends by itself
            await terminal.post(Post(place, Message(title), language.code, key=f"night:{now.isoformat()}"))


async def _wait_for_decisions(bot: Bot, place: Place, seconds: float) -> None:
    """Let what is pending be decided and told, at most so long."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            while await bot.pending():
                await bot.workers["outbox"].stepped()
    bot.workers["outbox"].wake()
    await bot.settle(place, patience=LAST_WORDS)


def banner(settings: Configuration, *, new: str = "") -> Message:
    """What the demo says first: where one is, and what to try.

    Args:
        settings: its configuration.
        new: where the accounts are new, the id of the qualification that Tencent's console has; empty where they are not.
    """
    language = languages(settings.bot.timezone)[settings.bot.language]
    accounts = language.joined([account.name for account in settings.accounts])
    begun = (
        language.line("Reviews take seconds; names that break the rules are rejected with a reason."),
        language.line("Nights, weekends and holidays pass in a blink."),
    )
    fresh = (
        language.line("The accounts are new: nothing is approved there, and each way begins with a qualification."),
        language.line("Tencent's is made in its console; take it that there is one, {id}.", id=Code(new)),
        language.line("A picture for every paper: {path}", path=Code(str(SAMPLE_PAPER))),
    )
    examples = (
        language.text("sign submit all 速达物流 source=company"),
        language.text('template submit all 登录验证码 type=otp content="您的验证码是${code}，5分钟内有效。"'),
        language.text("quota"),
    )
    first_steps = (
        language.text("path"),
        *(
            language.text("qualification submit {account} 速达资质", account=account.name)
            for account in settings.accounts
        ),
    )
    return Message(
        title=language.line("**Signpost demo**: three vendors in a sandbox on this machine, time runs fast"),
        blocks=(
            Items(
                (
                    language.line("Accounts: {accounts}. Nothing here reaches the real vendors.", accounts=accounts),
                    *(fresh if new else begun),
                    language.line("No phone rings: a code that is sent to a number is its last six digits."),
                    language.line("`help` shows what can be said, `exit` leaves."),
                )
            ),
            Text(language.line("Try:")),
            Items(
                tuple((Code(example),) for example in (first_steps if new else examples))
            ),  # one a line, to be copied
        ),
    )


def _next_morning() -> datetime:
    """The next time that every vendor's reviewers are at work: the demo's first moment."""
    holidays = load_holidays((), ())
    now = datetime.now(UTC)
    midnight = now.astimezone(calendar.CHINA).replace(hour=0, minute=0, second=0, microsecond=0)
    opening = calendar.next_open(OPENING, midnight.astimezone(UTC), holidays)
    return opening + timedelta(minutes=30)


def sandbox_config(sandbox: Sandbox, *, language: str = "en", demo: bool = False) -> str:
    """A configuration that is ready to use against a running sandbox, as TOML."""
    alibaba, tencent, ucloud = (sandbox.credentials(vendor) for vendor in ("alibaba", "tencent", "ucloud"))
    conversation = (
        f"""
[[conversation]]
platform = "terminal"
id = "{CONVERSATION}"
language = "{language}"
topics = ["alerts", "operator"]
"""
        if demo
        else ""
    )
    review_hours = "" if demo else '\nreview_hours = "always"       # the sandbox reviews around the clock'
    numbers = f'test_numbers = ["{TEST_NUMBER}", "{TEST_NUMBER_ABROAD}"]'
    named = f'qualification = "{sandbox.seed.qualification_id}", ' if sandbox.seed.begun else ""
    paper = (
        f'defaults = {{ {named}paper = "{SAMPLE_PAPER}", remark = "速达科技的订单与配送通知，https://suda.example" }}'
    )
    return f"""# Signpost against the sandbox. Nothing here opens anything but that sandbox.
[bot]
data_dir = "data"
language = "{language}"
http_listen = ""

[[account]]
name = "aliyun"
vendor = "alibaba"
access_key_id = "{alibaba.key_id}"
access_key_secret = "{alibaba.secret}"
endpoint = "{sandbox.alibaba.url}"
billing_endpoint = "{sandbox.alibaba.billing_url}"{review_hours}
{numbers}
{paper}

[[account]]
name = "tencent"
vendor = "tencent"
secret_id = "{tencent.key_id}"
secret_key = "{tencent.secret}"
endpoint = "{sandbox.tencent.url}"
region = "{sandbox.seed.tencent_region}"
sdk_app_id = "{sandbox.seed.tencent_app_id}"{review_hours}
{numbers}
{paper}

[[account]]
name = "ucloud"
vendor = "ucloud"
public_key = "{ucloud.key_id}"
private_key = "{ucloud.secret}"
endpoint = "{sandbox.ucloud.url}"
project_id = "{sandbox.seed.ucloud_project}"{review_hours}
{numbers}
{paper}
{conversation}
[poll]
review_seconds = {60 if demo else 1}
quota_seconds = {900 if demo else 60}
delivery_seconds = {3600 if demo else 300}

[alerts]
repeat = "{"6h" if demo else "30m"}"
night = ""                        # a rehearsal goes on at any hour
"""


async def serve_sandbox(*, port: int, speed: float, say: Callable[[str], object]) -> int:
    """Run only the sandbox until it is told to stop; prints a ready configuration first.

    Returns:
        The exit code.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    clock = FastClock(datetime.now(UTC), speed)
    async with Sandbox(now=clock.now, port=port, pace=Pace(), seed=SEED) as sandbox:
        say(sandbox_config(sandbox))
        await stop.wait()
    return 0
