"""Tencent's server: JSON on `/`, the action in a header, HTTP 200 for errors too (facts 1.1, 1.4)."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from aiohttp import web

from integrations.sandbox.faults import Trouble
from integrations.sandbox.front import Answer, Arrival, door
from integrations.sandbox.limits import Rate
from integrations.sandbox.settings import Credential, Vendor
from integrations.sandbox.tencent import auth, messages, signs, statistics, templates
from integrations.sandbox.tencent.account import Account
from integrations.sandbox.tencent.params import Params, Type
from integrations.sandbox.tencent.refusal import RefusalError
from integrations.sandbox.world import World

VERSION = "2021-01-11"
REGIONS = frozenset({"ap-guangzhou", "ap-beijing", "ap-nanjing"})
"""The regions the facts name (1.1)."""
LARGEST_BODY = 10 * 1024 * 1024
"""Facts 1.1."""
THROTTLED = "RequestLimitExceeded"


@dataclass(frozen=True, slots=True)
class Action:
    """One action: what does it, its parameters and its published rate a second."""

    run: Callable[[Account, str, Params], dict[str, object]]
    required: Mapping[str, Type]
    per_second: int
    optional: Mapping[str, Type] = field(default_factory=dict)


_SIGN: dict[str, Type] = {
    "SignName": "text",
    "SignType": "int",
    "DocumentType": "int",
    "International": "int",
    "SignPurpose": "int",
    "ProofImage": "text",
}
_SIGN_OPTIONAL: dict[str, Type] = {"CommissionImage": "text", "Remark": "text", "QualificationId": "int"}
_TEMPLATE: dict[str, Type] = {
    "TemplateName": "text",
    "TemplateContent": "text",
    "SmsType": "int",
    "International": "int",
    "Remark": "text",
}
_STATISTICS: dict[str, Type] = {
    "SmsSdkAppId": "text",
    "Limit": "int",
    "Offset": "int",
    "BeginTime": "text",
    "EndTime": "text",
}
_PAGE: dict[str, Type] = {"Limit": "int", "Offset": "int"}
ACTIONS: dict[str, Action] = {
    "AddSmsSign": Action(signs.add, _SIGN, 1, _SIGN_OPTIONAL),
    "ModifySmsSign": Action(signs.modify, {**_SIGN, "SignId": "int"}, 1, _SIGN_OPTIONAL),
    "DeleteSmsSign": Action(signs.delete, {"SignId": "int"}, 1),
    "DescribeSmsSignList": Action(signs.describe, {"International": "int"}, 20, {"SignIdSet": "ints", **_PAGE}),
    "AddSmsTemplate": Action(templates.add, _TEMPLATE, 2),
    "ModifySmsTemplate": Action(templates.modify, {**_TEMPLATE, "TemplateId": "int"}, 20),
    "DeleteSmsTemplate": Action(templates.delete, {"TemplateId": "int"}, 1),
    "DescribeSmsTemplateList": Action(
        templates.describe, {"International": "int"}, 20, {"TemplateIdSet": "ints", **_PAGE}
    ),
    "SmsPackagesStatistics": Action(statistics.packages, _STATISTICS, 10),
    "SendStatusStatistics": Action(statistics.sending, _STATISTICS, 10),
    "CallbackStatusStatistics": Action(statistics.receipts, _STATISTICS, 10),
    "SendSms": Action(
        messages.send,
        {"PhoneNumberSet": "texts", "SmsSdkAppId": "text", "TemplateId": "text"},
        3000,
        {
            "SignName": "text",
            "TemplateParamSet": "texts",
            "SessionContext": "text",
            "ExtendCode": "text",
            "SenderId": "text",
        },
    ),
    "DescribeSendRecordList": Action(
        messages.records,
        {"PhoneNumber": "text", "SmsSdkAppId": "text", "BeginTime": "int"},
        20,
        {"EndTime": "int", **_PAGE},
    ),
}
"""Parameters: facts 2 to 4; rates: facts 1.6 (page 34689)."""


class TencentDesk:
    """Verifies, dispatches and words Tencent's answers."""

    vendor: Vendor = "tencent"

    def __init__(self, world: World, account: Account, credentials: Mapping[str, Credential]) -> None:
        self._world = world
        self._account = account
        self._credentials = credentials

    def read(self, method: str, raw_path: str, headers: Mapping[str, str], body: bytes) -> Arrival:
        """Read action and body."""
        lower = {name.lower(): value for name, value in headers.items()}
        try:
            params = json.loads(body)
        except ValueError:
            params = None
        known = params if isinstance(params, dict) else {}
        return Arrival(lower.get("x-tc-action", ""), known, method, raw_path, lower, body)

    def answer(self, arrival: Arrival) -> Answer:
        """Do the call or refuse it."""
        try:
            fields = self._do(arrival)
        except RefusalError as refusal:
            return self.refuse(refusal.code, refusal.text)
        return self._envelope("OK", fields)

    def refuse(self, code: str, text: str) -> Answer:
        """Refuse with a code; HTTP 200 (facts 1.4)."""
        return self._envelope(code, {"Error": {"Code": code, "Message": text or code}})

    def throttled(self, trouble: Trouble) -> Answer:
        """Refuse as too fast."""
        return self.refuse(THROTTLED, trouble.text or "请求的次数超过了频率限制。")

    def _do(self, arrival: Arrival) -> dict[str, object]:
        headers = arrival.headers
        if len(arrival.body) > LARGEST_BODY:
            raise RefusalError("RequestSizeLimitExceeded", "请求包超过限制大小。")
        auth.verify(
            arrival.method,
            arrival.raw_path,
            headers,
            arrival.body,
            credentials=self._credentials,
            wall=self._world.wall(),
        )
        if arrival.method != "POST" or not headers["content-type"].startswith("application/json"):
            raise RefusalError("UnsupportedProtocol", "HTTP(S) 请求协议错误，本沙箱只支持 POST application/json。")
        if headers.get("x-tc-version") != VERSION:
            raise RefusalError("NoSuchVersion", "接口版本不存在。")
        action = ACTIONS.get(arrival.action)
        if action is None:
            raise RefusalError("InvalidAction", "接口不存在。")
        region = headers.get("x-tc-region", "")
        if not region:
            raise RefusalError("MissingParameter", "The request is missing a required parameter `X-TC-Region`.")
        if region not in REGIONS:
            raise RefusalError("UnsupportedRegion", "接口不支持所传地域。")
        if not self._world.limits.allow(f"tencent {arrival.action}", (Rate(action.per_second),)):
            raise RefusalError(THROTTLED, "请求的次数超过了频率限制。")
        try:
            values = json.loads(arrival.body)
        except ValueError:
            values = None
        if not isinstance(values, dict):
            raise RefusalError("InvalidRequest", "请求 body 的 JSON 格式错误。")
        return action.run(self._account, region, Params(values, action.required, action.optional))

    def _envelope(self, code: str, fields: dict[str, object]) -> Answer:
        body = {"Response": {**fields, "RequestId": self._world.request_id().lower()}}
        return Answer(code, json.dumps(body, ensure_ascii=False).encode())


def application(world: World, account: Account, credentials: Mapping[str, Credential]) -> web.Application:
    """Build Tencent's server."""
    app = web.Application(client_max_size=LARGEST_BODY + 1024 * 1024)
    app.router.add_route("*", "/", door(world, TencentDesk(world, account, credentials)))
    return app
