"""Alibaba's server: RPC style, everything on `/`, the operation in a header (facts 1.1)."""

import json
from collections.abc import Callable, Mapping
from datetime import timedelta
from urllib.parse import parse_qsl

from aiohttp import web

from integrations.sandbox.alibaba import (
    auth,
    billing,
    digital,
    globe,
    messages,
    papers,
    qualifications,
    signatures,
    statistics,
    templates,
)
from integrations.sandbox.alibaba.office import Office
from integrations.sandbox.alibaba.params import Params
from integrations.sandbox.alibaba.refusal import RefusalError
from integrations.sandbox.alibaba.uploads import OSS_PATH, OssDesk, Uploads, read_form
from integrations.sandbox.faults import Trouble
from integrations.sandbox.front import Answer, Arrival, door, serve
from integrations.sandbox.limits import Rate
from integrations.sandbox.settings import Credential, Vendor
from integrations.sandbox.world import World

SMS_VERSION = "2017-05-25"
BILLING_VERSION = "2017-12-14"
GLOBE_VERSION = "2018-05-01"
"""Of the international site (facts 7)."""
LARGEST_BODY = 8 * 1024 * 1024
"""Of an API call; uploads are streamed and obey their policy instead."""
POST_ONLY = frozenset({"QuerySmsSignList", "QuerySmsTemplateList", "QuerySendStatistics"})
"""Facts 1.1: GET is allowed for most operations, not for these."""
WITHOUT_SUCCESS = frozenset(
    {
        "CreateSmsSign",
        "UpdateSmsSign",
        "DeleteSmsSign",
        "GetSmsSign",
        "QuerySmsSignList",
        "CreateSmsTemplate",
        "UpdateSmsTemplate",
        "DeleteSmsTemplate",
        "GetSmsTemplate",
        "QuerySmsTemplateList",
        "CreateDigitalSmsTemplate",
        "QuerySendStatistics",
        "SendSms",
        "QuerySendDetails",
    }
)
"""Facts 1.3: newer operations add `Success`; the models of these in the official SDK have no such field."""
RATES: dict[str, tuple[Rate, ...]] = {
    "GetSmsSign": (Rate(150),),
    "UpdateSmsTemplate": (Rate(1000),),
    "DeleteSmsTemplate": (Rate(1000),),
    "CreateSmsTemplate": (Rate(1, timedelta(seconds=30)), Rate(100, None)),
    "SubmitSmsQualification": (Rate(1, timedelta(seconds=5)),),
    "UpdateSmsQualification": (Rate(1, timedelta(seconds=5)),),
}
"""Facts 1.4; operations without a published rate have none here."""

Operation = Callable[[Office, Params], dict[str, object]]


class AlibabaDesk:
    """Verifies, dispatches and words Alibaba's answers."""

    vendor: Vendor = "alibaba"

    def __init__(self, world: World, office: Office, uploads: Uploads, credentials: Mapping[str, Credential]) -> None:
        self._world = world
        self._office = office
        self._credentials = credentials
        self._nonces = auth.Nonces()
        self._sms: dict[str, Operation] = {
            "CreateSmsSign": signatures.create,
            "UpdateSmsSign": signatures.update,
            "DeleteSmsSign": signatures.delete,
            "GetSmsSign": signatures.get,
            "QuerySmsSignList": signatures.query_list,
            "CreateSmsTemplate": templates.create,
            "UpdateSmsTemplate": templates.update,
            "DeleteSmsTemplate": templates.delete,
            "GetSmsTemplate": templates.get,
            "QuerySmsTemplateList": templates.query_list,
            "GetOSSInfoForUploadFile": uploads.sign_info,
            "GetQualificationOssInfo": uploads.qualification_info,
            "GetSmsOcrOssInfo": uploads.ocr_info,
            "SubmitSmsQualification": qualifications.submit,
            "UpdateSmsQualification": qualifications.update,
            "DeleteSmsQualification": qualifications.delete,
            "RequiredPhoneCode": qualifications.send_code,
            "ValidPhoneCode": qualifications.check_code,
            "QuerySmsQualificationRecord": papers.query_qualifications,
            "CreateSmsAuthorizationLetter": papers.create_letter,
            "QuerySmsAuthorizationLetter": papers.query_letters,
            "CreateSmsTrademark": papers.create_trademark,
            "QuerySmsTrademark": papers.query_trademarks,
            "CreateSmsAppIcpRecord": papers.create_app_record,
            "QuerySmsAppIcpRecord": papers.query_app_records,
            "CreateDigitalSignOrder": digital.order,
            "QueryDigitalSignByName": digital.sign_by_name,
            "CreateDigitalSmsTemplate": digital.create_template,
            "QuerySendStatistics": statistics.query,
            "SendSms": messages.send,
            "QuerySendDetails": messages.details,
        }
        self._globe: dict[str, Operation] = {
            "SendMessageToGlobe": globe.send,
            "SendMessageWithTemplate": globe.send_with_template,
            "QueryMessage": globe.query,
        }
        self._billing: dict[str, Operation] = {
            "QueryResourcePackageInstances": billing.query_packages,
            "QueryAccountBalance": billing.query_balance,
        }

    def read(self, method: str, raw_path: str, headers: Mapping[str, str], body: bytes) -> Arrival:
        """Read operation and parameters; query and form body may both hold some (facts 1.1)."""
        lower = {name.lower(): value for name, value in headers.items()}
        params = dict(parse_qsl(raw_path.partition("?")[2], keep_blank_values=True))
        if lower.get("content-type", "").startswith("application/x-www-form-urlencoded"):
            params |= parse_qsl(body.decode(errors="replace"), keep_blank_values=True)
        return Arrival(lower.get("x-acs-action", ""), params, method, raw_path, lower, body)

    def answer(self, arrival: Arrival) -> Answer:
        """Do the call or refuse it."""
        try:
            operation, envelope = self._find(arrival)
            fields = operation(self._office, Params({name: str(value) for name, value in arrival.params.items()}))
        except RefusalError as refusal:
            return self._refusal(refusal.code, refusal.text, refusal.status)
        return self._json("OK", {**envelope, "RequestId": self._world.request_id(), **fields}, 200)

    def refuse(self, code: str, text: str) -> Answer:
        """Refuse with a code; the older operations' business refusals come with HTTP 200 (facts 1.3)."""
        return self._refusal(code, text or code, 200 if code.startswith(("isv.", "isp.")) else 400)

    def throttled(self, trouble: Trouble) -> Answer:
        """Refuse as too fast; `seconds` becomes the `x-acs-retry-after` header, in milliseconds (facts 1.3)."""
        headers = {"x-acs-retry-after": str(int(trouble.seconds * 1000))} if trouble.seconds > 0 else {}
        return self._refusal("Throttling.User", "Request was denied due to user flow control.", 400, headers)

    def _find(self, arrival: Arrival) -> tuple[Operation, dict[str, object]]:
        wall = self._world.wall()
        nonce = auth.verify(
            arrival.method,
            arrival.raw_path,
            arrival.headers,
            arrival.body,
            credentials=self._credentials,
            wall=wall,
        )
        self._nonces.use(nonce, wall)
        action, version = arrival.action, arrival.headers["x-acs-version"]
        match version:
            case _ if version == SMS_VERSION:
                operation = self._sms.get(action)
                envelope: dict[str, object] = {"Code": "OK", "Message": "OK"}
                if action not in WITHOUT_SUCCESS:
                    envelope["Success"] = True
            case _ if version == GLOBE_VERSION:
                operation = self._globe.get(action)
                envelope = {"ResponseCode": "OK", "ResponseDescription": "OK"}
            case _ if version == BILLING_VERSION:
                operation = self._billing.get(action)
                # Facts 8.1: `Success`, not `OK`.
                envelope = {"Code": "Success", "Message": "Successful!", "Success": True}
            case _:
                raise RefusalError("InvalidVersion", "Specified parameter Version is not valid.")
        if operation is None or arrival.method not in ("GET", "POST"):
            raise RefusalError("InvalidAction.NotFound", "Specified api is not found.", status=404)
        if action in POST_ONLY and arrival.method != "POST":
            raise RefusalError("UnsupportedHTTPMethod", "This http method is not supported.", status=405)
        if not self._world.limits.allow(f"alibaba {action}", RATES.get(action, ())):
            raise RefusalError("Throttling.User", "Request was denied due to user flow control.")
        return operation, envelope

    def _refusal(self, code: str, text: str, status: int, headers: Mapping[str, str] | None = None) -> Answer:
        body = {
            "Code": code,
            "Message": text,
            "RequestId": self._world.request_id(),
            "HostId": "sandbox.aliyuncs.com",
            "Recommend": f"https://api.aliyun.com/troubleshoot?q={code}&product=Dysmsapi",
        }
        return self._json(code, body, status, headers)

    def _json(self, code: str, body: object, status: int, headers: Mapping[str, str] | None = None) -> Answer:
        return Answer(code, json.dumps(body, ensure_ascii=False).encode(), status=status, headers=headers or {})


def application(world: World, office: Office, url: str, credentials: Mapping[str, Credential]) -> web.Application:
    """Build Alibaba's server: the API and the OSS that takes uploads."""
    uploads = Uploads(office, url)

    async def post_object(request: web.Request) -> web.StreamResponse:
        desk = OssDesk(uploads, await read_form(request))
        return await serve(world, desk, request, desk.read("POST", request.raw_path, request.headers, b""))

    app = web.Application(client_max_size=LARGEST_BODY)
    app.router.add_post(OSS_PATH, post_object)
    app.router.add_post(OSS_PATH + "/", post_object)
    app.router.add_route("*", "/", door(world, AlibabaDesk(world, office, uploads, credentials)))
    return app
