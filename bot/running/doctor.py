"""`signpost doctor`: ask each configured service whether it would serve us."""

from collections.abc import Awaitable, Callable

from bot.contracts.clock import SystemClock
from bot.contracts.errors import VendorError
from bot.contracts.settings import Account
from bot.running.chats import dingtalk, slack
from bot.running.config import Configuration
from bot.running.vendors import ACCOUNTS, VENDORS
from integrations import http

Say = Callable[[str], object]


async def examine(settings: Configuration, say: Say) -> int:
    """Probe every account; prints one line each, and what to do where one fails.

    Returns:
        The exit code: 0 when all would serve us, 1 otherwise.
    """
    failed = 0
    for account in settings.accounts:
        failed += await _looked_at(f"{account.name} ({account.vendor})", _account(settings, account, say), say)
    if settings.slack is not None:
        failed += await _looked_at("slack", _slack(settings, say), say)
    if settings.dingtalk is not None:
        failed += await _looked_at("dingtalk", _dingtalk(settings, say), say)
    if not settings.accounts:
        say(f"No account is configured; known vendors: {', '.join(ACCOUNTS)}.")
        failed += 1
    return 1 if failed else 0


async def _looked_at(name: str, probe: Awaitable[int], say: Say) -> int:
    """Do one probe; returns how much failed."""
    try:
        return await probe
    except Exception as error:  # noqa: BLE001 - the boundary: one service does not keep the doctor from the others
        say(f"✗ {name}: the question itself failed, and the fault is mine ({type(error).__name__})")
        return 1


async def _account(settings: Configuration, account: Account, say: Say) -> int:
    """Probe one account; returns how much failed."""
    name = f"{account.name} ({account.vendor})"
    async with http.client() as client:
        vendor = VENDORS[account.vendor](account, http=client, now=SystemClock().now)
        try:
            seen = await vendor.probe()
        except VendorError as error:
            say(f"✗ {name}: {error}")
            if error.advice:
                say(f"  {error.advice.said(settings.bot.language)}")
            if error.request_id:
                say(f"  request id {error.request_id}")
            return 1
        finally:
            await vendor.aclose()
    say(f"✓ {name}: {seen}")
    return 0


async def _slack(settings: Configuration, say: Say) -> int:
    """Probe the Slack app; returns how much failed."""
    listed = [one.id for one in settings.conversations if one.platform == "slack"]
    well, wrong = await slack(settings).probe(listed)
    for line in well:
        say(f"✓ slack: {line}")
    for line in wrong:
        say(f"✗ slack: {line}")
    return len(wrong)


async def _dingtalk(settings: Configuration, say: Say) -> int:
    """Probe the DingTalk app; returns how much failed."""
    chat = dingtalk(settings, SystemClock().now)
    try:
        well, wrong = await chat.probe([one.id for one in settings.conversations if one.platform == "dingtalk"])
    finally:
        await chat.stop()
    for line in well:
        say(f"✓ dingtalk: {line}")
    for line in wrong:
        say(f"✗ dingtalk: {line}")
    return len(wrong)
