"""Verification of ACS3-HMAC-SHA256 (Alibaba facts 1.2; help page 2593177). Pure: nothing here does I/O."""

import hashlib
import hmac
import re
from collections import OrderedDict
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from urllib.parse import quote, unquote

from integrations.sandbox.alibaba.refusal import RefusalError
from integrations.sandbox.settings import Credential

ALGORITHM = "ACS3-HMAC-SHA256"
CLOCK_WINDOW = timedelta(minutes=15)
"""Facts 1.2, header `x-acs-date`."""
REQUIRED_HEADERS = (
    "x-acs-action",
    "x-acs-version",
    "x-acs-date",
    "x-acs-signature-nonce",
    "x-acs-content-sha256",
)
AUTHORIZATION = re.compile(
    rf"{ALGORITHM} Credential=(?P<key>[^,]+),\s*SignedHeaders=(?P<names>[^,]+),\s*Signature=(?P<signature>[0-9a-f]{{64}})"
)


def canonical_query(raw_query: str) -> str:
    """Decode a raw query and write it again sorted and in RFC 3986 encoding."""
    pairs = []
    for part in raw_query.split("&") if raw_query else ():
        name, _, value = part.partition("=")
        pairs.append((unquote(name.replace("+", " ")), unquote(value.replace("+", " "))))
    return "&".join(f"{_encode(name)}={_encode(value)}" for name, value in sorted(pairs))


def canonical_request(
    method: str, path: str, raw_query: str, headers: Mapping[str, str], signed: list[str], payload: str
) -> str:
    """Build the canonical request; `headers` has lower-case names, `payload` is the hash of the body."""
    block = "".join(f"{name}:{headers[name].strip()}\n" for name in signed)
    return "\n".join((method, path, canonical_query(raw_query), block, ";".join(signed), payload))


def sign(secret: str, canonical: str) -> str:
    """Return the signature of a canonical request."""
    text = f"{ALGORITHM}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()


def verify(
    method: str,
    raw_path: str,
    headers: Mapping[str, str],
    body: bytes,
    *,
    credentials: Mapping[str, Credential],
    wall: datetime,
) -> str:
    """Check one call's signature.

    Args:
        method: HTTP method.
        raw_path: Path and query as on the request line.
        headers: All headers, names in lower case.
        body: The body.
        credentials: Accepted credentials by key id.
        wall: Real time.

    Returns:
        The nonce; the caller refuses it when it was seen before.

    Raises:
        RefusalError: With the gateway's code (facts 1.3).
    """
    found = AUTHORIZATION.fullmatch(headers.get("authorization", ""))
    if found is None:
        raise RefusalError("IncompleteSignature", "The request signature does not conform to Aliyun standards.")
    for name in REQUIRED_HEADERS:
        if not headers.get(name):
            raise RefusalError(
                f"Missing{name.removeprefix('x-acs-').title().replace('-', '')}", f"{name} is mandatory."
            )
    credential = credentials.get(found["key"])
    if credential is None:
        raise RefusalError("InvalidAccessKeyId.NotFound", "Specified access key is not found.", status=404)
    _check_token(credential, headers.get("x-acs-security-token"))
    _check_date(headers["x-acs-date"], wall)

    payload = hashlib.sha256(body).hexdigest()
    signed = found["names"].split(";")
    path, _, query = raw_path.partition("?")
    must = {name for name in headers if name.startswith("x-acs-")} | {"host"}
    if body:
        # Without a body the official SDK's asynchronous transport adds a Content-Type that it did not sign.
        must.add("content-type")
    if (
        headers["x-acs-content-sha256"] != payload
        or signed != sorted(signed)
        or not must.issubset(signed)
        or not set(signed).issubset(headers)
    ):
        raise _mismatch("the signed headers or the body hash")
    canonical = canonical_request(method, path, query, headers, signed, payload)
    if not hmac.compare_digest(sign(credential.secret, canonical), found["signature"]):
        raise _mismatch(f"the canonical request {hashlib.sha256(canonical.encode()).hexdigest()}")
    return headers["x-acs-signature-nonce"]


class Nonces:
    """Nonces seen, for as long as a call with the same date would still pass."""

    def __init__(self) -> None:
        self._seen: OrderedDict[str, datetime] = OrderedDict()

    def use(self, nonce: str, wall: datetime) -> None:
        """Remember a nonce.

        Raises:
            RefusalError: `SignatureNonceUsed`, when it was used before.
        """
        while self._seen:
            oldest = next(iter(self._seen))
            if wall - self._seen[oldest] <= 2 * CLOCK_WINDOW:
                break
            del self._seen[oldest]
        if nonce in self._seen:
            raise RefusalError("SignatureNonceUsed", "Specified signature nonce was used already.")
        self._seen[nonce] = wall


def _encode(text: str) -> str:
    return quote(text, safe="-_.~")


def _check_token(credential: Credential, token: str | None) -> None:
    # The facts do not name the codes of a bad token; these are the gateway's common ones.
    if credential.token is None and token is None:
        return
    if token is None:
        raise RefusalError("MissingSecurityToken", "SecurityToken is mandatory for this action.")
    if credential.token is None or not hmac.compare_digest(credential.token, token):
        raise RefusalError(
            "InvalidSecurityToken.MismatchWithAccessKey", "Specified SecurityToken mismatch with the AccessKey."
        )


def _check_date(text: str, wall: datetime) -> None:
    try:
        date = datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError as error:
        raise RefusalError(
            "InvalidTimeStamp.Format", "Specified time stamp or date value is not well formatted."
        ) from error
    if abs(wall - date) > CLOCK_WINDOW:
        raise RefusalError("InvalidTimeStamp.Expired", "Specified time stamp or date value is expired.")


def _mismatch(what: str) -> RefusalError:
    return RefusalError(
        "SignatureDoesNotMatch",
        f"Specified signature is not matched with our calculation. Server looked at {what}.",
    )
