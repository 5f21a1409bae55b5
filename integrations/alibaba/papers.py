"""Papers on their way to the vendor's file store: which form to post, as the store's policy demands. Pure.

"Upload files through OSS", help/2833114 (facts 2.7): ask for a policy, then post a form of the object store (OSS).
"""

import base64
import binascii
import json
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from bot.contracts.errors import Unavailable, VendorError
from bot.contracts.model import Paper
from integrations.alibaba.wire import Answer, One, Part, Text, refused

# The bucket is the vendor's own, e.g. alicom-fc-media.oss-cn-zhangjiakou.aliyuncs.com; papers go nowhere else.
_STORE_DOMAIN = ".aliyuncs.com"

# The store takes random ASCII names only (facts 2.7), so the suffix is all that stays of a name.
_SUFFIXES = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/gif": "gif",
    "application/pdf": "pdf",
    "application/msword": "doc",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
}
_MAGIC = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF8", "image/gif"),
    (b"%PDF-", "application/pdf"),
    (b"\xd0\xcf\x11\xe0", "application/msword"),
    (b"PK\x03\x04", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
)


def media_type(content: bytes) -> str:
    """What a file is by its first bytes; of the types that this vendor takes."""
    return next((kind for magic, kind in _MAGIC if content.startswith(magic)), "application/octet-stream")


class Ticket(Part):
    """The right to post one file: `Model` or `Data` of the operations that hand it out."""

    AccessKeyId: Text = ""
    Host: Text = ""
    Policy: Text = ""
    Signature: Text = ""
    StartPath: Text = ""


class MediaTicket(Answer):
    """Answer of GetOSSInfoForUploadFile: for MoreData."""

    Model: One[Ticket] = Ticket()

    @property
    def ticket(self) -> Ticket:
        """The right itself."""
        return self.Model


class PaperTicket(Answer):
    """Answer of GetQualificationOssInfo: for authorisation letters (and what belongs to a qualification)."""

    Data: One[Ticket] = Ticket()

    @property
    def ticket(self) -> Ticket:
        """The right itself."""
        return self.Data


@dataclass(frozen=True, slots=True)
class Form:
    """What to post.

    Args:
        url: the store.
        key: the name the file gets there, which the SMS operations take.
        fields: in the order to send them; the file comes last.
        file_name: of the file part.
    """

    url: str
    key: str
    fields: dict[str, str]
    file_name: str


@dataclass(frozen=True, slots=True)
class _Policy:
    """The conditions of a policy that matter here."""

    least: int
    most: int
    exact: dict[str, str]
    prefixes: dict[str, str]


def form(ticket: Ticket, paper: Paper, token: str, *, endpoint: str) -> Form:
    """The form for one paper.

    Args:
        ticket: the right to post it.
        paper: what to post.
        token: a new random text, for the name.
        endpoint: the account's API address; a store on the same host is the vendor's too.

    Raises:
        Refused: the policy does not take a file of this size, or the store is not the vendor's.
        Unavailable: the ticket is not complete.
    """
    if not (ticket.Host and ticket.Policy and ticket.Signature and ticket.AccessKeyId):
        raise Unavailable("upload", "the vendor did not say where to put a file")
    url = _store(ticket.Host, endpoint)
    policy = _policy(ticket.Policy)
    if not policy.least <= paper.size <= policy.most or paper.size == 0:
        raise refused("PaperSize")
    file_name = f"{re.sub('[^A-Za-z0-9]', '', token)}.{_SUFFIXES.get(paper.media_type, 'bin')}"
    key = _key(ticket.StartPath, file_name, policy)
    fields = {
        "key": key,
        "policy": ticket.Policy,
        "OSSAccessKeyId": ticket.AccessKeyId,
        "signature": ticket.Signature,
        "success_action_status": "200",
    }
    # What a policy wants to be equal must be sent so; the bucket is told by the address.
    fields |= {name: value for name, value in policy.exact.items() if name not in ("bucket", "key")}
    return Form(url=url, key=key, fields=fields, file_name=file_name)


def _store(host: str, endpoint: str) -> str:
    address = host if "://" in host else "https://" + host.removeprefix("//")
    parts, own = urlsplit(address), urlsplit(endpoint)
    name = parts.hostname or ""
    if not (
        (parts.scheme == "https" and name.endswith(_STORE_DOMAIN)) or (parts.scheme, name) == (own.scheme, own.hostname)
    ):
        raise refused("UploadAddress", name)
    return address.rstrip("/") + "/"


def _key(start: str, file_name: str, policy: _Policy) -> str:
    """Documented: StartPath + `/` + name. One sample policy wants an equal key instead (facts 2.7): then that one."""
    if "key" in policy.exact:
        return policy.exact["key"]
    key = f"{start.rstrip('/')}/{file_name}" if start else file_name
    prefix = policy.prefixes.get("key", "")
    return key if key.startswith(prefix) else prefix + file_name


def _policy(encoded: str) -> _Policy:
    """The conditions of a base64 policy; one that cannot be read has none, the store itself will judge."""
    try:
        raw = json.loads(base64.b64decode(encoded, validate=True))
    except (binascii.Error, ValueError):
        raw = None
    conditions = raw.get("conditions") if isinstance(raw, dict) else None
    least, most = 0, 1_048_576_000  # as in the vendor's sample
    exact: dict[str, str] = {}
    prefixes: dict[str, str] = {}
    for condition in conditions if isinstance(conditions, list) else ():
        match condition:
            case [str(name), int(low), int(high)] if name.lower() == "content-length-range":
                least, most = low, high
            case ["eq", str(field), str(value)]:
                exact[field.removeprefix("$")] = value
            case ["starts-with", str(field), str(value)]:
                prefixes[field.removeprefix("$")] = value
            case dict():
                exact |= {name: value for name, value in condition.items() if isinstance(value, str)}
            case _:
                pass  # a condition we do not know; the store itself will judge
    return _Policy(least, most, exact, prefixes)


_CODE = re.compile(rb"<Code>\s*([A-Za-z0-9]{1,60})\s*</Code>")


def stored(status: int, content: bytes) -> VendorError | None:
    """What the store's answer to a form means; none when it has the file.

    Posting a file changes nothing that anyone sees, so a broken answer is no doubt: it is posted again under a new name.
    Only the error's code is read: the rest quotes the policy.
    """
    if status in (200, 201, 204):
        return None
    found = _CODE.search(content)
    code = f"OSS.{found.group(1).decode('ascii')}" if found else f"HTTP {status}"
    if status >= 500 or status < 400 or found is None:
        return Unavailable(code)
    return refused(code)
