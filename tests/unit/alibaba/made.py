"""A client of Alibaba's for the sandbox, and what it is given to submit."""

from collections import Counter
from typing import Any

from bot.contracts.model import Kind, Paper, Submission
from integrations.alibaba.client import Alibaba
from integrations.alibaba.config import Account
from integrations.http import client as http_client
from integrations.sandbox.server import LASTING, Sandbox
from tests.given import Clock

PACE = 0.0005
LICENCE = Paper("营业执照.png", b"\x89PNG\r\n\x1a\n" + b"paper" * 50, "image/png")
KEY = LASTING["alibaba"]


def alibaba(url: str, *, read_seconds: float = 5.0, now: Clock | None = None, **changes: Any) -> Alibaba:
    values = {
        "name": "aliyun",
        "access_key_id": KEY.key_id,
        "access_key_secret": KEY.secret,
        "endpoint": url,
        "billing_endpoint": url,
        **changes,
    }
    return Alibaba(Account(**values), http=http_client(read_seconds=read_seconds), pace=PACE, now=now)


def signature(name: str = "速达优选", papers: dict[str, tuple[Paper, ...]] | None = None, **values: str) -> Submission:
    given = {"source": "company", "purpose": "self", "usage": "general", "qualification": "8563", **values}
    return Submission(Kind.SIGNATURE, name, given, papers or {})


THIRD_PARTY = {
    "purpose": "other",
    "qualification": "8577",
    "owner_code": "91330106MA2SANDBX2",
    "letter_term": "2020-01-01~2099-12-31",
}


def template(name: str = "登录", content: str = "验证码${code}，5分钟内有效，用于登录。", **values: str) -> Submission:
    given = {"type": "otp", "content": content, "sign": "速达科技", "sample.code": "123456", **values}
    return Submission(Kind.TEMPLATE, name, given)


def calls(sandbox: Sandbox) -> Counter[str]:
    return Counter(call.action for call in sandbox.calls)
