"""`signpost demo --tour`: two weeks of a team's work in about a minute, played on the demo's own program.

Every line is said as somebody would type it, and what comes back is what the program answers; only the waiting is left out, since
time runs fast. A step that does not come to its end in time is left, and the tour goes on: it never hangs.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

import sqlite_utils

from bot.contracts.chat import Post
from bot.contracts.message import Message, Strong
from bot.contracts.model import Actor, Kind, Place, State, Words
from bot.contracts.sent import SendState
from bot.running.bot import Bot
from bot.store import alerts, requests, sends
from integrations.sandbox import Pace, Sandbox, Seed
from integrations.terminal.client import Terminal

SPEED = 7200.0
"""Two hours a second: ten working days, of twelve hours each, in a minute."""

PATIENCE = 45.0
"""Seconds until a step that has not come to its end is left."""

PACE = Pace(
    alibaba=timedelta(hours=2),
    tencent=timedelta(hours=3),
    ucloud=timedelta(hours=6),
    filing_mobile=timedelta(days=9),
    filing_unicom=timedelta(days=10),
    filing_telecom=timedelta(days=11),
    tencent_effective=timedelta(days=2),
)
"""As long as it usually takes (facts of the vendors): reviewers some hours, carriers seven working days and more."""

SEED = Seed(alibaba_history=timedelta(days=365), alibaba_remaining=185_000)
"""A package that lasts for some days."""

DUTY = Actor("terminal", "wang", name="wang")
"""Who is on call."""

ON_CALL = """
[[person]]
name = "wang"
slack = "U0WANG"
role = "responder"
[[oncall]]
name = "primary"
rotation = ["wang"]
every = "7d"
start = 2026-01-05T09:00:00+08:00
[[escalation]]
after = "0m"
notify = ["conversation"]
[[escalation]]
after = "2h"
notify = ["oncall:primary"]
"""
"""Who is called for an alert that nobody took for two hours."""

BOUGHT = 500_000
"""Messages."""

Reached = Callable[[sqlite_utils.Database], bool]


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the tour.

    Args:
        tells: what is going on, said before it.
        lines: what is typed.
        until: when it has come to its end, as the record says.
        who: who types; the person at the terminal when left out.
        does: what happens at the vendors meanwhile.
    """

    tells: Words
    lines: tuple[Words, ...] = ()
    until: Reached = lambda _: True
    who: Actor | None = None
    does: Callable[[Sandbox], None] = lambda _: None


def reached(kind: Kind, states: Sequence[State], *accounts: str) -> Reached:
    """Whether the newest thing of a kind at each of these accounts is in one of these states."""

    def ask(db: sqlite_utils.Database) -> bool:
        newest = [requests.latest(db, accounts=(account,), kind=kind, limit=1) for account in accounts]
        return all(found and found[0].state in states for found in newest)

    return ask


def called(db: sqlite_utils.Database) -> bool:
    """Whether somebody was called for an alert."""
    return any(alert.escalated > 1 for alert in alerts.standing(db))


def calm(db: sqlite_utils.Database) -> bool:
    """Whether every alert is over."""
    return not alerts.standing(db)


def delivered(db: sqlite_utils.Database) -> bool:
    """Whether a test message has arrived."""
    return bool(sends.in_state(db, SendState.DELIVERED))


_DECIDED = (State.APPROVED, State.READY, State.REJECTED)
_PASSED = (State.APPROVED, State.READY)
_ALL = ("aliyun", "tencent", "ucloud")
_TEXT = 'type=otp content="您的验证码是${code}，5分钟内有效，请勿泄露。" sign=速达科技'

STEPS = (
    Step(
        Words("Monday morning. One name goes to three vendors.", "周一上午：一个签名同时提交到三家平台。"),
        (Words("sign submit all 速达 source=company", "签名 提交 全部 速达 来源=企业"),),
        reached(Kind.SIGNATURE, _DECIDED, *_ALL),
    ),
    Step(
        Words(
            "Two of three reviewers say no. What they mean stands there; the name that would pass goes in again.",
            "两家未通过，含义和可行的写法已给出；改用可通过的名称重新提交。",
        ),
        (
            Words("resubmit #2 name=速达物流", "重提 #2 名称=速达物流"),
            Words("resubmit #3 name=速达物流", "重提 #3 名称=速达物流"),
        ),
        reached(Kind.SIGNATURE, _PASSED, *_ALL),
    ),
    Step(
        Words(
            "Meanwhile a package runs low. Nobody takes the alert, so after two hours whoever is on call is called.",
            "与此同时，一个套餐将要用完。两小时无人认领，系统呼叫值班人。",
        ),
        until=called,
    ),
    Step(
        Words("wang is on call, and takes it.", "值班人 wang 认领告警。"),
        (Words("ack A1 buying a package", "认领 A1 正在购买套餐包"),),
        who=DUTY,
    ),
    Step(
        Words("The package is bought; the alert closes by itself.", "套餐包已购买，告警自行关闭。"),
        until=calm,
        does=lambda sandbox: sandbox.top_up("alibaba", BOUGHT),
    ),
    Step(
        Words("What is left now:", "现在的余量："),
        (Words("quota aliyun", "额度 阿里云"),),
    ),
    Step(
        Words("A template for the code that people get when they sign in.", "再提交一个登录验证码模板。"),
        (Words(f"template submit all 登录验证码 {_TEXT}", f"模板 提交 全部 登录验证码 {_TEXT}"),),
        reached(Kind.TEMPLATE, (State.READY,), *_ALL),
    ),
    Step(
        Words(
            "The reviewers are done; the carriers take their seven working days. They are followed, carrier by carrier.",
            "审核已完成；运营商报备约需七个工作日，逐家跟踪。",
        ),
        until=reached(Kind.SIGNATURE, (State.READY,), *_ALL),
    ),
    Step(
        Words(
            "Everything is ready. A test message, followed to the phone:", "全部可用。发一条测试短信，并跟踪到送达："
        ),
        (
            Words(
                "send aliyun 登录验证码 1234 sign=速达 code=5678 confirm",
                "发送 阿里云 登录验证码 1234 签名=速达 code=5678 确认",
            ),
        ),
        delivered,
    ),
    Step(
        Words("And how it went:", "最后看看整体情况："),
        (Words("path", "路径"), Words("report", "报告")),
    ),
)
"""The story."""


async def play(
    bot: Bot,
    terminal: Terminal,
    sandbox: Sandbox,
    place: Place,
    language: str,
    pause: Callable[[], Awaitable[object]],
    settle: Callable[[], Awaitable[object]],
) -> tuple[Step, ...]:
    """Play the whole tour in a terminal.

    Args:
        bot: the program.
        terminal: where it is played.
        sandbox: its vendors.
        place: the terminal's conversation.
        language: of what is typed and told.
        pause: waits until something may have changed.
        settle: waits until what is owed has been told.

    Returns:
        The steps that did not come to their end in time.

    Raises:
        DeliveryFailed: nobody reads what is printed any more.
    """
    loop = asyncio.get_running_loop()
    began, first = loop.time(), bot.services.clock.now()
    left: list[Step] = []

    async def tell(words: Words) -> None:
        message = Message((Strong(f"— {words.said(language)}"),))
        await terminal.post(Post(place, message, language, key="tour"))

    for step in STEPS:
        await tell(step.tells)
        step.does(sandbox)
        for line in step.lines:
            await terminal.hear(line.said(language), actor=step.who)
        try:
            async with asyncio.timeout(PATIENCE):
                while not await bot.services.database.read(step.until):
                    await pause()
        except TimeoutError:
            left.append(step)
        await settle()
    days, seconds = (bot.services.clock.now() - first).days, round(loop.time() - began)
    await tell(
        Words(
            f"That was {days} days of work, in {seconds} seconds. `signpost demo` is the same program, for you to type in.",
            f"以上是 {days} 天的过程，用时 {seconds} 秒。运行 `signpost demo` 可亲自试用同一程序。",
        )
    )
    return tuple(left)
