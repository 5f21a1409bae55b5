"""`signpost doctor`: ask each configured service whether it would serve us."""

from collections.abc import Callable

from bot.contracts.clock import SystemClock
from bot.contracts.errors import VendorError
from bot.contracts.settings import Settings
from bot.running.chats import dingtalk, slack
from bot.running.vendors import ACCOUNTS, VENDORS
from integrations import http


async def examine(settings: Settings, say: Callable[[str], object]) -> int:
    """Probe every account; prints one line each, and what to do where one fails.

    Returns:
        The exit code: 0 when all would serve us, 1 otherwise.
    """
    failed = 0
    for account in settings.accounts:
        async with http.client() as client:
            vendor = VENDORS[account.vendor](account, http=client, now=SystemClock().now)
            try:
                seen = await vendor.probe()
            except VendorError as error:
                failed += 1
                say(f"✗ {account.name} ({account.vendor}): {error}")
                if error.advice:
                    say(f"  {error.advice.said(settings.bot.language)}")
                if error.request_id:
                    say(f"  request id {error.request_id}")
            else:
                say(f"✓ {account.name} ({account.vendor}): {seen}")
            finally:
                await vendor.aclose()
    if settings.slack is not None:
        failed += await _slack(settings, say)
    if settings.dingtalk is not None:
        failed += await _dingtalk(settings, say)
    if not settings.accounts:
        say(f"No account is configured; known vendors: {', '.join(ACCOUNTS)}.")
        failed += 1
    return 1 if failed else 0


async def _slack(settings: Settings, say: Callable[[str], object]) -> int:
    """Probe the Slack app; returns how much failed."""
    listed = [one.id for one in settings.conversations if one.platform == "slack"]
    well, wrong = await slack(settings).probe(listed)
    for line in well:
        say(f"✓ slack: {line}")
    for line in wrong:
        say(f"✗ slack: {line}")
    return len(wrong)


async def _dingtalk(settings: Settings, say: Callable[[str], object]) -> int:
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
