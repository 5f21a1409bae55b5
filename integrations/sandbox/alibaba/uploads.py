"""Upload of files: the operations that hand out a policy, and the OSS that takes the form (facts 2.7).

The OSS part is Alibaba's PostObject: a multipart form whose policy is signed with HMAC-SHA1 and whose last field is
the file.
"""

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import Message
from xml.sax.saxutils import escape

from aiohttp import web

from integrations.sandbox.alibaba.office import Office
from integrations.sandbox.alibaba.params import Params
from integrations.sandbox.alibaba.refusal import RefusalError
from integrations.sandbox.faults import Trouble
from integrations.sandbox.front import Answer, Arrival
from integrations.sandbox.settings import Vendor
from integrations.sandbox.world_time import unix, utc_text

OSS_PATH = "/oss"
LARGEST = 5 * 1024 * 1024
"""Facts 2.7: 5 MB for every kind of file; written into the policy as OSS wants it."""
POLICY_LIFE = timedelta(hours=1)
OSS_KEY_ID = "LTAIsandboxoss"
KEY = re.compile(r"[A-Za-z0-9/._-]+\.(?:jpg|jpeg|png|gif|doc|docx|pdf)", re.IGNORECASE)
"""Facts 2.7: no Chinese, no special characters; the kinds of files."""


@dataclass(frozen=True, slots=True)
class Form:
    """A PostObject form: its fields, the file and whether the file came last."""

    fields: Mapping[str, str]
    file: bytes | None
    file_last: bool


class Uploads:
    """Hands out policies and checks what arrives with them."""

    def __init__(self, office: Office, host: str) -> None:
        self._office = office
        self._host = host + OSS_PATH
        self._secret = hashlib.sha256(b"sandbox oss").digest()

    def sign_info(self, office: Office, params: Params) -> dict[str, object]:
        """GetOSSInfoForUploadFile: for MoreData."""
        if params.maybe("BizType") not in ("", "fcMediaSms"):
            raise RefusalError("InvalidBizType", "The specified BizType is invalid.")
        ticket, expires = self._ticket(office)
        return {"Model": {**ticket, "ExpireTime": str(unix(expires))}}

    def qualification_info(self, office: Office, params: Params) -> dict[str, object]:
        """GetQualificationOssInfo: for papers; the end is called `Expire` here and is a number."""
        if params.text("BizType") != "dysms":
            raise RefusalError("InvalidBizType", "The specified BizType is invalid.")
        ticket, expires = self._ticket(office)
        return {"Data": {**ticket, "Expire": unix(expires)}}

    def ocr_info(self, office: Office, params: Params) -> dict[str, object]:
        """GetSmsOcrOssInfo: for the ICP screenshot of a TrafficDriving item."""
        if params.text("TaskType") != "ICP_DOMAIN":
            raise RefusalError("InvalidTaskType", "The specified TaskType is invalid.")
        ticket, expires = self._ticket(office)
        return {"Model": {**ticket, "ExpireTime": str(unix(expires)), "Bucket": "sandbox-sms-ocr"}}

    def take(self, form: Form) -> None:
        """Keep an uploaded file.

        Raises:
            RefusalError: With OSS's code.
        """
        if form.file is None or not form.file_last:
            raise RefusalError("MalformedPOSTRequest", "The file must be present and the last field of the form.")
        policy = form.fields.get("policy", "")
        if form.fields.get("OSSAccessKeyId") != OSS_KEY_ID:
            raise RefusalError("InvalidAccessKeyId", "The OSS Access Key Id does not exist in our records.", status=403)
        if not hmac.compare_digest(self._sign(policy), form.fields.get("signature", "")):
            raise RefusalError("SignatureDoesNotMatch", "The request signature does not match.", status=403)
        key = form.fields.get("key", "")
        self._obey(json.loads(base64.b64decode(policy)), key, form.file)
        self._office.uploads[key] = len(form.file)

    def request_id(self) -> str:
        """Return a new request id."""
        return self._office.world.request_id()

    def _ticket(self, office: Office) -> tuple[dict[str, object], datetime]:
        # The client may compare the end with either clock, so the later one counts; OSS itself goes by the real one.
        expires = max(office.world.now(), office.world.wall()) + POLICY_LIFE
        start = f"{100_000 + next(office.numbers)}"
        conditions = [["content-length-range", 0, LARGEST], ["starts-with", "$key", start]]
        text = json.dumps({"expiration": utc_text(expires), "conditions": conditions})
        policy = base64.b64encode(text.encode()).decode()
        ticket: dict[str, object] = {
            "AccessKeyId": OSS_KEY_ID,
            "Host": self._host,
            "Policy": policy,
            "Signature": self._sign(policy),
            "StartPath": start,
        }
        return ticket, expires

    def _sign(self, policy: str) -> str:
        return base64.b64encode(hmac.new(self._secret, policy.encode(), hashlib.sha1).digest()).decode()

    def _obey(self, policy: dict[str, object], key: str, file: bytes) -> None:
        if str(policy["expiration"]) < utc_text(self._office.world.wall()):
            raise RefusalError("AccessDenied", "Invalid according to Policy: Policy expired.", status=403)
        conditions = policy["conditions"]
        start = conditions[1][2] if isinstance(conditions, list) else ""
        if not key.startswith(f"{start}/"):
            raise RefusalError("AccessDenied", "Invalid according to Policy: starts-with $key.", status=403)
        if not KEY.fullmatch(key):
            raise RefusalError("InvalidObjectName", "The file name holds characters or an ending that are not allowed.")
        if len(file) > LARGEST:
            raise RefusalError("EntityTooLarge", "Your proposed upload exceeds the maximum allowed size.")
        if not file:
            raise RefusalError("EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size.")


async def read_form(request: web.Request) -> Form:
    """Read a multipart form, keeping the order that OSS insists on; a body that is none gives an empty form."""
    fields: dict[str, str] = {}
    file: bytes | None = None
    file_last = False
    for name, content in _parts(request.headers.get("Content-Type", ""), await request.read()):
        file_last = name == "file"
        if file_last:
            file = content
        else:
            fields[name] = content.decode(errors="replace")
    return Form(fields, file, file_last)


def _parts(content_type: str, body: bytes) -> Iterator[tuple[str, bytes]]:
    """Name and content of each part of a multipart body, in order (RFC 7578); nothing where it is none."""
    boundary = (_header("Content-Type", content_type).get_boundary() or "").encode()
    if not boundary:
        return
    _, *parts = (b"\r\n" + body).split(b"\r\n--" + boundary)
    for part in parts[:-1]:  # the last one is the end
        head, _, content = part.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        for line in head.decode(errors="replace").splitlines():
            key, _, value = line.partition(":")
            if key.strip().lower() == "content-disposition":
                yield str(_header(key, value.strip()).get_param("name", "", key) or ""), content


def _header(name: str, value: str) -> Message:
    header = Message()
    header[name] = value
    return header


class OssDesk:
    """OSS's side of the front door, for one form."""

    vendor: Vendor = "alibaba"

    def __init__(self, uploads: Uploads, form: Form) -> None:
        self._uploads = uploads
        self._form = form

    def read(self, method: str, raw_path: str, headers: Mapping[str, str], body: bytes) -> Arrival:
        """Name the upload for the journal."""
        return Arrival("PostObject", dict(self._form.fields), method, raw_path, headers, body)

    def answer(self, arrival: Arrival) -> Answer:
        """Keep the file or refuse it in OSS's XML."""
        del arrival  # The form was read when the desk was made.
        try:
            self._uploads.take(self._form)
        except RefusalError as refusal:
            return self._xml(refusal.code, refusal.text, refusal.status)
        wanted = self._form.fields.get("success_action_status", "204")
        return Answer("OK", b"", status=int(wanted) if wanted in ("200", "201", "204") else 204)

    def refuse(self, code: str, text: str) -> Answer:
        """Refuse with a code."""
        return self._xml(code, text, 400)

    def throttled(self, trouble: Trouble) -> Answer:
        """Refuse as OSS does when it is asked too often."""
        return self._xml("ServiceUnavailable", trouble.text or "Please reduce your request rate.", 503)

    def _xml(self, code: str, text: str, status: int) -> Answer:
        body = (
            '<?xml version="1.0" encoding="UTF-8"?>\n'
            f"<Error><Code>{escape(code)}</Code><Message>{escape(text)}</Message>"
            f"<RequestId>{self._uploads.request_id()}</RequestId><HostId>sandbox-oss</HostId></Error>"
        )
        return Answer(code, body.encode(), status=status, content_type="application/xml")
