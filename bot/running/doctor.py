"""`signpost doctor`: ask each configured service whether it would serve us, and whether it knows whom we name."""

from collections.abc import AsyncIterator, Callable, Sequence
from datetime import UTC

from bot.contracts.clock import SystemClock
from bot.contracts.errors import VendorError
from bot.contracts.model import Words
from bot.contracts.probe import Finding, Found, wrong
from bot.contracts.settings import Account, Settings
from bot.contracts.vendor import Measure, Reading, Vendor
from bot.running.chats import dingtalk, listed, slack
from bot.running.config import Configuration, secrets_of
from bot.running.logs import Redactor
from bot.running.reach import ask_receivers
from bot.running.vendors import ACCOUNTS, VENDORS
from bot.wording.language import Language, languages
from bot.wording.refusals import out_of_reach
from integrations import http

Say = Callable[[str], object]

MARKS = {Found.WELL: "✓", Found.WRONG: "✗", Found.NOTE: "·"}


async def examine(settings: Configuration, say: Say) -> int:
    """Ask every service; prints one sentence for each thing asked, and what to do where something is wrong.

    Returns:
        The exit code: 0 when all would serve us, 1 otherwise.
    """
    language = languages(settings.bot.timezone)[settings.bot.language]
    redacted = Redactor(secrets_of(settings))
    failed = 0
    for name, findings in _services(settings, language):
        try:
            async for finding in findings:
                failed += finding.found is Found.WRONG
                said = language.text("{name}: {what}", name=name, what=language.pick(finding.what))
                say(redacted(f"{MARKS[finding.found]} {said}"))
        except Exception as error:  # noqa: BLE001 - the boundary: one service does not keep the doctor from the others
            failed += 1
            fault = language.text(
                "the question itself failed, and the fault is mine ({kind})", kind=type(error).__name__
            )
            say(f"{MARKS[Found.WRONG]} {language.text('{name}: {what}', name=name, what=fault)}")
    if not settings.accounts:
        say(language.text("No account is configured; known vendors: {known}.", known=language.joined(list(ACCOUNTS))))
        failed += 1
    return 1 if failed else 0


def _services(settings: Configuration, language: Language) -> Sequence[tuple[str, AsyncIterator[Finding]]]:
    """What each service is called, and the questions to it."""
    asked: list[tuple[str, AsyncIterator[Finding]]] = [
        (language.text("{account} ({vendor})", account=one.name, vendor=one.vendor), _account(one, settings))
        for one in settings.accounts
    ]
    if settings.slack is not None:
        asked.append(("slack", _slack(settings)))
    if settings.dingtalk is not None:
        asked.append(("dingtalk", _dingtalk(settings)))
    return asked


async def _account(account: Account, settings: Settings) -> AsyncIterator[Finding]:
    async with http.client() as client:
        vendor = VENDORS[account.vendor](account, http=client, now=SystemClock().now)
        try:
            for finding in await ask_vendor(vendor):
                yield finding
            async for finding in ask_receivers(settings, account, vendor):
                yield finding
        finally:
            await vendor.aclose()


async def ask_vendor(vendor: Vendor) -> Sequence[Finding]:
    """Ask a vendor what the program will ask of it all the time: for what it has, and for what is left."""
    try:
        found = [Finding(Found.WELL, await vendor.probe())]
    except VendorError as error:
        return [wrong(refused(error, Words("does not serve us", "无法使用")))]
    if vendor.quota is None:
        return [*found, Finding(Found.NOTE, Words("does not tell what is left", "不提供余量"))]
    try:
        found.append(Finding(Found.WELL, left_to_send(await vendor.quota.readings())))
    except VendorError as error:
        found.append(wrong(refused(error, Words("what is left cannot be read", "无法读取余量"))))
    return found


def left_to_send(readings: Sequence[Reading]) -> Words:
    """That what is left may be read, and what that is."""
    packages = sum(reading.measure is Measure.PACKAGE for reading in readings)
    balance = any(reading.measure is Measure.BALANCE for reading in readings)
    en, zh = [], []
    if packages:
        en.append(f"{packages} {'package' if packages == 1 else 'packages'}")
        zh.append(f"套餐 {packages} 个")
    if balance:
        en.append("the balance")
        zh.append("余额")
    return Words(
        f"what is left may be read: {' and '.join(en) or 'no package'}", f"可以读取余量：{'、'.join(zh) or '没有套餐'}"
    )


def refused(error: VendorError, what: Words) -> Words:
    """A refusal in one sentence: what does not work, what it means and what to do, what the vendor said."""
    advice = error.advice or _not_said(error) or Words("nobody knows this code", "代码含义未知")
    said = f"{error.code}: {error.message}" if error.message else error.code
    request = error.request_id
    return Words(
        f"{what.en}: {_within(advice.en)} ({said}{f', request {request}' if request else ''})",
        f"{what.zh}：{_within(advice.zh)}（{said}{f'，请求 {request}' if request else ''}）",
    )


def _not_said(error: VendorError) -> Words | None:
    """Where a code is ours and not the vendor's, which did not answer: what happened; none otherwise."""
    spoken = languages(UTC)
    words = Words(*(out_of_reach(spoken[code], "", error.code) for code in ("en", "zh")))
    return words if words.en else None


def _within(text: str) -> str:
    return text.rstrip(".。 ")


async def _slack(settings: Configuration) -> AsyncIterator[Finding]:
    people = [one.slack for one in settings.people if one.slack]
    groups = [one.slack for one in settings.groups]
    shifts = [one.group[1] for one in settings.oncalls if one.group is not None and one.group[0] == "slack"]
    for finding in await slack(settings).probe(listed(settings, "slack"), people, groups, shifts):
        yield finding


async def _dingtalk(settings: Configuration) -> AsyncIterator[Finding]:
    chat = dingtalk(settings, SystemClock().now)
    people = [one.dingtalk for one in settings.people if one.dingtalk]
    try:
        for finding in await chat.probe(listed(settings, "dingtalk"), people):
            yield finding
    finally:
        await chat.stop()
