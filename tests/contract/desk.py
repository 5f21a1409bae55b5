"""What the contract suite needs of each vendor: a real client on a sandbox, and the words of its wire."""

import base64
import contextlib
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Literal

import pytest

from bot.contracts.errors import Refused, VendorError
from bot.contracts.model import Kind, Paper, State, Submission
from bot.contracts.vendor import LookUp, Missing, Seen, Tracked, Vendor
from bot.running.vendors import ACCOUNTS, VENDORS
from integrations import http
from integrations.sandbox import Fault, Sandbox, Seed
from tests.given import left_at

Name = Literal["alibaba", "tencent", "ucloud"]
Verb = Literal["create", "update", "delete", "look"]

NAMES: tuple[Name, ...] = ("alibaba", "tencent", "ucloud")
KINDS = (Kind.SIGNATURE, Kind.TEMPLATE)
QUICK = 0.0003  # pace: waits and limits are this small a part of what they are at the vendors
START = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
FILED = timedelta(hours=3)
"""After that every carrier has filed what was approved."""

MARK = b"these bytes are nobody's business"
PICTURE = Paper("licence.png", b"\x89PNG\r\n\x1a\n" + MARK * 40, "image/png")

ACTIONS: Mapping[Name, Mapping[tuple[Verb, Kind], str]] = MappingProxyType(
    {
        "alibaba": {
            ("create", Kind.SIGNATURE): "CreateSmsSign",
            ("update", Kind.SIGNATURE): "UpdateSmsSign",
            ("delete", Kind.SIGNATURE): "DeleteSmsSign",
            ("look", Kind.SIGNATURE): "GetSmsSign",
            ("create", Kind.TEMPLATE): "CreateSmsTemplate",
            ("update", Kind.TEMPLATE): "UpdateSmsTemplate",
            ("delete", Kind.TEMPLATE): "DeleteSmsTemplate",
            ("look", Kind.TEMPLATE): "GetSmsTemplate",
        },
        "tencent": {
            ("create", Kind.SIGNATURE): "AddSmsSign",
            ("update", Kind.SIGNATURE): "ModifySmsSign",
            ("delete", Kind.SIGNATURE): "DeleteSmsSign",
            ("look", Kind.SIGNATURE): "DescribeSmsSignList",
            ("create", Kind.TEMPLATE): "AddSmsTemplate",
            ("update", Kind.TEMPLATE): "ModifySmsTemplate",
            ("delete", Kind.TEMPLATE): "DeleteSmsTemplate",
            ("look", Kind.TEMPLATE): "DescribeSmsTemplateList",
        },
        "ucloud": {
            ("create", Kind.SIGNATURE): "CreateUSMSSignature",
            ("update", Kind.SIGNATURE): "UpdateUSMSSignature",
            ("delete", Kind.SIGNATURE): "DeleteUSMSSignature",
            ("look", Kind.SIGNATURE): "QueryUSMSSignature",
            ("create", Kind.TEMPLATE): "CreateUSMSTemplate",
            ("update", Kind.TEMPLATE): "UpdateUSMSTemplate",
            ("delete", Kind.TEMPLATE): "DeleteUSMSTemplate",
            ("look", Kind.TEMPLATE): "QueryUSMSTemplate",
        },
    }
)

UNKNOWN: Mapping[Name, Mapping[Kind, str]] = MappingProxyType(
    {
        "alibaba": {Kind.SIGNATURE: "无此签名", Kind.TEMPLATE: "SMS_999999999"},
        "tencent": {Kind.SIGNATURE: "999999", Kind.TEMPLATE: "999999"},
        "ucloud": {Kind.SIGNATURE: "SIG20200101NONE", Kind.TEMPLATE: "UTA20200101NONE"},
    }
)
"""Ids that the vendor never gave to anybody."""

BAD_SIGNATURE: Mapping[Name, str] = MappingProxyType(
    {"alibaba": "SignatureDoesNotMatch", "tencent": "AuthFailure.SignatureFailure", "ucloud": "171"}
)

OFTEN = 50  # faults; more than anybody tries
HASTY = 0.25  # seconds that a client waits for an answer which never comes

NOT_DONE = (Fault.HTTP_500, Fault.RESET_BEFORE, Fault.HANG_BEFORE)
DONE = (Fault.HTTP_500_AFTER, Fault.RESET_AFTER, Fault.HANG_AFTER, Fault.GARBAGE)

KEYS: Mapping[Name, tuple[str, str, str]] = MappingProxyType(
    {
        "alibaba": ("access_key_id", "access_key_secret", "security_token"),
        "tencent": ("secret_id", "secret_key", "token"),
        "ucloud": ("public_key", "private_key", "security_token"),
    }
)


class StandingClock:
    """A clock that moves when it is told."""

    def __init__(self) -> None:
        self._now = START

    def now(self) -> datetime:
        return self._now

    def move(self, span: timedelta) -> None:
        self._now += span


def signature(name: str = "速达物流", **values: str) -> Submission:
    """A signature that every vendor takes."""
    filled = {
        "name": name,
        "source": "company",
        "purpose": "self",
        "usage": "general",
        "qualification": "8563",
        "remark": "订单与配送通知，https://suda.example",
        **values,
    }
    return Submission(Kind.SIGNATURE, name, filled, {"paper": (PICTURE,)})


def template(
    name: str = "登录验证码", content: str = "您的验证码是${code}，请尽快填写。", type_: str = "otp", **values: str
) -> Submission:
    """A template that every vendor takes."""
    filled = {"name": name, "type": type_, "content": content, "sign": "速达科技", "remark": "用户登录", **values}
    return Submission(Kind.TEMPLATE, name, filled, {"paper": (PICTURE,)} if type_ == "promo" else {})


def made(kind: Kind, name: str = "") -> Submission:
    """One of a kind."""
    if kind is Kind.SIGNATURE:
        return signature(name or "速达物流")
    return template(name or "登录验证码")


def changed(submission: Submission) -> Submission:
    """The same thing, so changed that every vendor reviews it again; no vendor minds that the name stays."""
    key, value = ("remark", "新的说明") if submission.kind is Kind.SIGNATURE else ("content", "您的注册码是${code}。")
    return Submission(submission.kind, submission.name, {**submission.values, key: value}, submission.papers)


@dataclass(slots=True)
class Desk:
    """One vendor: the real client, and the sandbox that it talks to over a socket."""

    name: Name
    sandbox: Sandbox
    clock: StandingClock
    stack: contextlib.AsyncExitStack
    client: Vendor = field(init=False)

    async def another(
        self,
        *,
        seconds: float = 5.0,
        secret: str | None = None,
        key_id: str | None = None,
        temporary: bool = False,
        token: str | None = None,
        address: str | None = None,
    ) -> Vendor:
        """A client of the same vendor that differs in something.

        Args:
            seconds: how long it waits for an answer.
            secret: instead of the right one.
            key_id: instead of the right one.
            temporary: with temporary credentials.
            token: instead of the right one.
            address: where it calls.
        """
        credential = self.sandbox.credentials(self.name, temporary=temporary)
        token = token if token is not None else credential.token
        id_key, secret_key, token_key = KEYS[self.name]
        url = address or getattr(self.sandbox, self.name).url
        values: dict[str, object] = {
            "name": "here",
            "vendor": self.name,
            id_key: key_id or credential.key_id,
            secret_key: secret or credential.secret,
            "endpoint": url,
        }
        if token:
            values[token_key] = token
        match self.name:
            case "alibaba":
                values["billing_endpoint"] = url
            case "tencent":
                values |= {"region": self.sandbox.seed.tencent_region, "sdk_app_id": self.sandbox.seed.tencent_app_id}
            case "ucloud":
                values["project_id"] = self.sandbox.seed.ucloud_project
        account = ACCOUNTS[self.name].model_validate(values)
        connection = await self.stack.enter_async_context(http.client(read_seconds=seconds))
        client = VENDORS[self.name](account, http=connection, pace=QUICK, now=self.clock.now)
        self.stack.push_async_callback(client.aclose)
        return client

    # --- Looking at the sandbox ---

    def accepted(self, kind: Kind | None = None) -> int:
        """How many things the vendor took so far."""
        return len(self.sandbox.accepted(self.name, kind.value if kind else None))

    def calls(self, verb: Verb | None = None, kind: Kind = Kind.SIGNATURE) -> int:
        """How often the vendor was called, for one thing or at all."""
        action = ACTIONS[self.name][verb, kind] if verb else None
        mine = [call for call in self.sandbox.calls if call.vendor == self.name]
        return sum(1 for call in mine if action in (None, call.action))

    def action(self, verb: Verb, kind: Kind) -> str:
        """What the vendor calls an operation."""
        return ACTIONS[self.name][verb, kind]

    # --- Bringing things about ---

    async def seen(self, kind: Kind, ref: str, client: Vendor | None = None) -> Seen | Missing:
        """What the vendor says of one thing."""
        tracked = Tracked(1, kind, ref, "whatever we called it")
        (answer,) = await (client or self.client).reviews.look((tracked,))
        return answer

    async def state(self, kind: Kind, ref: str) -> State | None:
        """Where one thing stands."""
        answer = await self.seen(kind, ref)
        assert isinstance(answer, Seen)
        return answer.state

    def decide(self, kind: Kind, ref: str, state: State) -> None:
        """Have what was submitted end up in a state that this vendor has."""
        which: Literal["signature", "template"] = "signature" if kind is Kind.SIGNATURE else "template"
        match state:
            case State.IN_REVIEW:
                self.clock.move(timedelta(hours=1))  # the reviewers have begun
            case State.REJECTED:
                self.sandbox.reject(self.name, ref, "名称不符合规范", which)
            case State.APPROVED:
                self.sandbox.approve(self.name, ref, which)
            case State.READY:
                self.sandbox.approve(self.name, ref, which)
                self.clock.move(FILED)
            case State.WITHDRAWN:
                self.sandbox.withdraw(ref, which)
            case State.DISABLED:
                self.sandbox.approve(self.name, ref, which)
                self.sandbox.disable(self.name, ref, kind=which)
            case _:
                raise AssertionError(state)


REACHABLE: Mapping[tuple[Name, Kind], tuple[State, ...]] = MappingProxyType(
    {
        ("alibaba", Kind.SIGNATURE): (
            State.IN_REVIEW,
            State.REJECTED,
            State.APPROVED,
            State.READY,
            State.WITHDRAWN,
        ),
        ("alibaba", Kind.TEMPLATE): (State.IN_REVIEW, State.REJECTED, State.READY, State.WITHDRAWN),
        ("tencent", Kind.SIGNATURE): (State.IN_REVIEW, State.REJECTED, State.APPROVED, State.READY),
        ("tencent", Kind.TEMPLATE): (State.IN_REVIEW, State.REJECTED, State.READY),
        ("ucloud", Kind.SIGNATURE): (State.IN_REVIEW, State.REJECTED, State.READY, State.DISABLED),
        ("ucloud", Kind.TEMPLATE): (State.IN_REVIEW, State.REJECTED, State.READY, State.DISABLED),
    }
)
"""The states that a thing can have at each vendor."""


@contextlib.asynccontextmanager
async def desk_at(name: Name) -> AsyncIterator[Desk]:
    """Open a sandbox and one client. Reviews are decided by hand, and no rate is enforced, so a doubled call counts."""
    clock = StandingClock()
    seed = Seed(alibaba_history=timedelta(days=365))
    async with contextlib.AsyncExitStack() as stack:
        sandbox = await stack.enter_async_context(Sandbox(now=clock.now, auto_review=False, limits=False, seed=seed))
        desk = Desk(name, sandbox, clock, stack)
        desk.client = await desk.another()
        yield desk


def told(error: BaseException) -> str:
    """Everything that anybody could ever read of an exception: its words, its parts, its causes."""
    parts = [str(error), repr(error), *map(repr, error.args), "".join(traceback.format_exception(error))]
    if isinstance(error, VendorError):
        parts += [error.code, error.message, error.request_id]
    cause = error.__cause__ or error.__context__
    return "\n".join(parts) + ("\n" + told(cause) if cause is not None else "")


def assert_tells_no_secret(error: BaseException | str, desk: Desk) -> None:
    """No secret, no token, no byte of a paper in what can be read of it."""
    text = error if isinstance(error, str) else told(error)
    for temporary in (False, True):
        credential = desk.sandbox.credentials(desk.name, temporary=temporary)
        assert credential.secret not in text
        assert not credential.token or credential.token not in text
    assert MARK.decode() not in text
    assert base64.b64encode(PICTURE.content).decode()[20:80] not in text


def every(*kinds: Kind) -> list[object]:
    """Vendor and kind, each pair a parameter."""
    return [pytest.param(name, kind, id=f"{name}-{kind}") for name in NAMES for kind in kinds or KINDS]


BOTH = pytest.mark.parametrize(("name", "kind"), every())


def sought(kind: Kind, desk: Desk) -> bool:
    """Whether a lost create can be looked for."""
    return desk.client.capabilities.kinds[kind].look_up is not LookUp.NOT_AT_ALL


async def assert_refused(call: Awaitable[object], desk: Desk) -> Refused:
    """Refused by the vendor, so told that a person can do something about it."""
    with pytest.raises(Refused) as caught:
        await call
    refused = caught.value
    assert refused.code
    assert refused.request_id
    assert refused.advice is not None
    assert refused.advice.en
    assert refused.advice.zh
    assert_tells_no_secret(refused, desk)
    return refused


Read = Callable[[Vendor, str], Awaitable[object]]

READS: dict[str, Read] = {
    "look": lambda client, ref: client.reviews.look((Tracked(1, Kind.SIGNATURE, ref, "x"),)),
    "find": lambda client, _: client.reviews.find(signature()),
    "options": lambda client, _: client.reviews.options("qualifications"),
    "quota": lambda client, _: left_at(client),
    "probe": lambda client, _: client.probe(),
}
