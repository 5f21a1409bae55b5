"""TC3-HMAC-SHA256, Tencent Cloud's request signature (facts 1.2; api/213/30654).

Pure but for the clock, which is passed in, so the vendor's published example is a golden test.
"""

import hashlib
import hmac
from collections.abc import Callable, Generator, Mapping
from datetime import UTC, datetime

import httpx
from pydantic import SecretStr

ALGORITHM = "TC3-HMAC-SHA256"
CONTENT_TYPE = "application/json"
"""Sent and signed byte for byte the same; the official SDK signs exactly this (facts 1.2)."""
SIGNED_HEADERS = ("content-type", "host")
"""The least that must be signed, and all that the official SDK signs (facts 1.2)."""


def utc_now() -> datetime:
    """The real time. Signing never follows a faster demo clock: the vendor refuses five minutes of drift (facts 1.2)."""
    return datetime.now(UTC)


def canonical_request(headers: Mapping[str, str], body: bytes) -> str:
    """What is hashed of a request (facts 1.2, step 1): always POST, path `/`, no query.

    Args:
        headers: the headers to sign, as they are sent.
        body: the bytes that are sent.
    """
    lines = sorted((name.lower(), value.strip().lower()) for name, value in headers.items())
    block = "".join(f"{name}:{value}\n" for name, value in lines)
    names = ";".join(name for name, _ in lines)
    return "\n".join(("POST", "/", "", block, names, hashlib.sha256(body).hexdigest()))


def signing_keys(secret_key: str, date: str, service: str) -> tuple[bytes, bytes, bytes]:
    """The three derived keys; the last one signs (facts 1.2, step 4)."""
    k1 = _hmac(f"TC3{secret_key}".encode(), date)
    k2 = _hmac(k1, service)
    return k1, k2, _hmac(k2, "tc3_request")


def signature(
    secret_key: str, timestamp: int, headers: Mapping[str, str], body: bytes, *, service: str = "sms"
) -> tuple[str, str]:
    """Sign a request.

    Args:
        secret_key: the secret half of the key pair.
        timestamp: Unix seconds, the same as in `X-TC-Timestamp`.
        headers: the headers to sign.
        body: the bytes that are sent.
        service: the product's name in the scope.

    Returns:
        The scope and the signature in hex (facts 1.2, steps 2 to 4).
    """
    date = datetime.fromtimestamp(timestamp, UTC).strftime("%Y-%m-%d")
    scope = f"{date}/{service}/tc3_request"
    hashed = hashlib.sha256(canonical_request(headers, body).encode()).hexdigest()
    to_sign = "\n".join((ALGORITHM, str(timestamp), scope, hashed))
    key = signing_keys(secret_key, date, service)[-1]
    return scope, _hmac(key, to_sign).hex()


def authorization(secret_id: str, scope: str, names: str, signed: str) -> str:
    """The `Authorization` header (facts 1.2, step 5)."""
    return f"{ALGORITHM} Credential={secret_id}/{scope}, SignedHeaders={names}, Signature={signed}"


class Tc3Auth(httpx.Auth):
    """Signs each request anew, with the time of its sending.

    Args:
        secret_id: the public half of the key pair; still not for logs.
        secret_key: the secret half.
        token: of temporary credentials; sent, not signed (facts 1.2).
        now: the real time.
    """

    requires_request_body = True

    def __init__(
        self,
        secret_id: SecretStr,
        secret_key: SecretStr,
        token: SecretStr | None = None,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._secret_id = secret_id
        self._secret_key = secret_key
        self._token = token
        self._now = now

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Add the time, the token and the signature; everything else stands in the request already."""
        timestamp = int(self._now().timestamp())
        headers = {name: request.headers[name] for name in SIGNED_HEADERS}
        scope, signed = signature(self._secret_key.get_secret_value(), timestamp, headers, request.content)
        request.headers["X-TC-Timestamp"] = str(timestamp)
        if self._token is not None:
            request.headers["X-TC-Token"] = self._token.get_secret_value()
        request.headers["Authorization"] = authorization(
            self._secret_id.get_secret_value(), scope, ";".join(SIGNED_HEADERS), signed
        )
        yield request


def _hmac(key: bytes, text: str) -> bytes:
    return hmac.new(key, text.encode(), hashlib.sha256).digest()
