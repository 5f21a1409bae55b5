"""Whether vendors reach the push receivers: asked from outside, at the very addresses, in a way that pushes nothing."""

from collections.abc import AsyncIterator, Mapping
from urllib.parse import quote

from bot.contracts.model import Words
from bot.contracts.probe import Finding, Found, well, wrong
from bot.contracts.settings import Account, Settings
from bot.contracts.vendor import Vendor
from integrations import http

NOBODY_THERE = frozenset({502, 503, 504})
"""What a proxy answers behind which nobody listens, and the bot itself before it is ready."""

SECONDS = 10.0


def address(settings: Settings, account: Account, kind: str, *, hidden: bool = True) -> str:
    """A receiver's address as it is put into the vendor's console.

    Args:
        settings: has the beginning of it.
        account: whose.
        kind: of what is pushed.
        hidden: with the key's name in the place of the token.
    """
    token = "PUSH_TOKEN"  # noqa: S105 - the name of the key
    if not hidden and account.push_token is not None:
        token = quote(account.push_token.get_secret_value(), safe="")
    return f"{settings.bot.public_url}/push/{quote(account.name, safe='')}/{token}/{kind}"


async def ask_receivers(settings: Settings, account: Account, vendor: Vendor) -> AsyncIterator[Finding]:
    """Ask each receiver of an account with a GET, which it refuses in the vendor's own shape: so it is there."""
    if account.push_token is None or vendor.pushes is None:
        return
    if not settings.bot.http_listen:
        yield wrong(
            Words(
                "push_token is set, but http_listen is empty: nothing can be received",
                "已设置 push_token，但 http_listen 为空：无法接收推送",
            )
        )
        return
    if not settings.bot.public_url:
        yield Finding(
            Found.NOTE,
            Words(
                "push_token is set; whether the vendor reaches it cannot be asked without public_url",
                "已设置 push_token；未设置 public_url，无法检查平台能否访问",
            ),
        )
        return
    async with http.client() as client:
        for kind, refused in ((kind, vendor.pushes.answer("POST is expected")) for kind in vendor.pushes.kinds):
            answer = await http.got(client, address(settings, account, kind, hidden=False), seconds=SECONDS)
            found = finding(address(settings, account, kind), answer, refused)
            yield found
            if found.found is Found.NOTE:
                return


def finding(shown: str, answer: tuple[int, bytes] | str, refused: Mapping[str, object]) -> Finding:
    """What came back from a receiver, in a sentence.

    Args:
        shown: its address, without the token.
        answer: status and body, or what went wrong.
        refused: the body that the bot answers with.
    """
    if isinstance(answer, str):
        return Finding(
            Found.NOTE,
            Words(
                f"{shown} does not answer ({answer}): ask again while `signpost run` is running; if it is, look at the "
                "name, the certificate and what stands before the bot",
                f"{shown} 没有应答（{answer}）：请在 `signpost run` 运行时再检查；如已在运行，请检查域名、证书和前面的反向代理",
            ),
        )
    status, body = answer
    if status == 405 and http.json_value(body) == dict(refused):
        return well(f"{shown} answers", f"{shown} 有应答")
    if status in NOBODY_THERE:
        return Finding(
            Found.NOTE,
            Words(
                f"{shown} answers {status}: ask again while `signpost run` is running",
                f"{shown} 返回 {status}：请在 `signpost run` 运行时再检查",
            ),
        )
    return wrong(
        Words(
            f"{shown} answers {status}, and not as the bot does: what stands before it must pass on /push/… as it is",
            f"{shown} 返回 {status}，不是机器人的应答：反向代理须原样转发 /push/…",
        )
    )
