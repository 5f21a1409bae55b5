"""Verification of TC3-HMAC-SHA256 (Tencent facts 1.2; page api/213/30654). Pure: nothing here does I/O."""

import hashlib
import hmac
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from integrations.sandbox.settings import Credential
from integrations.sandbox.tencent.refusal import RefusalError

ALGORITHM = "TC3-HMAC-SHA256"
CLOCK_WINDOW = timedelta(minutes=5)
"""Facts 1.2: more than five minutes off is refused."""
SERVICE = "sms"
UNSIGNED = "UNSIGNED-PAYLOAD"
AUTHORIZATION = re.compile(
    rf"{ALGORITHM} Credential=(?P<key>[^/]+)/(?P<scope>[^,]+),\s*SignedHeaders=(?P<names>[^,]+),"
    r"\s*Signature=(?P<signature>[0-9a-f]{64})"
)


def canonical_request(method: str, query: str, headers: Mapping[str, str], signed: list[str], payload: str) -> str:
    """Build the canonical request; `headers` has lower-case names, `payload` is the hash of the body."""
    block = "".join(f"{name}:{headers[name].strip().lower()}\n" for name in signed)
    return "\n".join((method, "/", query, block, ";".join(signed), payload))


def derive(secret: str, date: str, service: str) -> bytes:
    """Derive the signing key of a day and service."""
    key = _hmac(f"TC3{secret}".encode(), date)
    return _hmac(_hmac(key, service), "tc3_request")


def sign(secret: str, timestamp: int, service: str, canonical: str) -> str:
    """Return the signature of a canonical request."""
    date = datetime.fromtimestamp(timestamp, UTC).strftime("%Y-%m-%d")
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    text = "\n".join((ALGORITHM, str(timestamp), f"{date}/{service}/tc3_request", digest))
    return _hmac(derive(secret, date, service), text).hex()


def verify(
    method: str,
    raw_path: str,
    headers: Mapping[str, str],
    body: bytes,
    *,
    credentials: Mapping[str, Credential],
    wall: datetime,
) -> None:
    """Check one call's signature.

    Args:
        method: HTTP method.
        raw_path: Path and query as on the request line.
        headers: All headers, names in lower case.
        body: The body.
        credentials: Accepted credentials by key id.
        wall: Real time.

    Raises:
        RefusalError: With a code of the AuthFailure group (facts 1.5).
    """
    found = AUTHORIZATION.fullmatch(headers.get("authorization", ""))
    if found is None:
        raise RefusalError("AuthFailure.InvalidAuthorization", "请求头部的 Authorization 不符合腾讯云标准。")
    credential = credentials.get(found["key"])
    if credential is None:
        raise RefusalError("AuthFailure.SecretIdNotFound", "密钥不存在。请确认密钥没有被删除或禁用。")
    if headers.get("x-tc-token") != credential.token:
        raise RefusalError("AuthFailure.TokenFailure", "token 错误。")
    timestamp = _timestamp(headers.get("x-tc-timestamp", ""), wall)
    date = datetime.fromtimestamp(timestamp, UTC).strftime("%Y-%m-%d")
    if found["scope"] != f"{date}/{SERVICE}/tc3_request":
        raise RefusalError("AuthFailure.SignatureFailure", "签名错误：凭证范围与时间戳或服务不符。")
    signed = found["names"].split(";")
    if signed != sorted(signed) or not {"content-type", "host"} <= set(signed) <= set(headers):
        raise RefusalError("AuthFailure.SignatureFailure", "签名错误：SignedHeaders 至少包含 content-type 和 host。")
    unsigned = headers.get("x-tc-content-sha256") == UNSIGNED
    payload = hashlib.sha256(UNSIGNED.encode() if unsigned else body).hexdigest()
    canonical = canonical_request(method, raw_path.partition("?")[2], headers, signed, payload)
    if not hmac.compare_digest(sign(credential.secret, timestamp, SERVICE, canonical), found["signature"]):
        raise RefusalError(
            "AuthFailure.SignatureFailure", "签名错误。签名计算错误，请对照调用方式中的签名方法文档检查签名计算过程。"
        )


def _timestamp(text: str, wall: datetime) -> int:
    if not text.isdigit():
        raise RefusalError("MissingParameter", "缺少参数错误：X-TC-Timestamp。")
    timestamp = int(text)
    if abs(wall.timestamp() - timestamp) > CLOCK_WINDOW.total_seconds():
        raise RefusalError("AuthFailure.SignatureExpire", "签名过期。Timestamp 和服务器时间相差不得超过五分钟。")
    return timestamp


def _hmac(key: bytes, text: str) -> bytes:
    return hmac.new(key, text.encode(), hashlib.sha256).digest()
