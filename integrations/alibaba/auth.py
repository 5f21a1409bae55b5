"""The vendor's signature ACS3-HMAC-SHA256 (help/2593177 "V3 request body & signature mechanism"; facts 1.2).

The steps are pure functions, so that the vendor's published example is a test; `Acs3Auth` puts them on a request.
"""

import hashlib
import hmac
import uuid
from collections.abc import Callable, Generator, Mapping
from datetime import UTC, datetime
from urllib.parse import parse_qsl, quote

import httpx
from pydantic import SecretStr

ALGORITHM = "ACS3-HMAC-SHA256"


def canonical_query(parameters: Mapping[str, str]) -> str:
    """The parameters as they are signed and sent: sorted by name, RFC 3986 encoding (`~` stays, space is `%20`)."""
    return "&".join(f"{quote(name, safe='~')}={quote(parameters[name], safe='~')}" for name in sorted(parameters))


def signed_names(headers: Mapping[str, str]) -> tuple[str, ...]:
    """The headers that are signed: `host`, `content-type` where there is one, and every `x-acs-*`."""
    names = {name.lower() for name in headers}
    return tuple(sorted(name for name in names if name in ("host", "content-type") or name.startswith("x-acs-")))


def canonical_request(method: str, path: str, query: Mapping[str, str], headers: Mapping[str, str]) -> str:
    """Step 3: the request as one text.

    Args:
        method: of HTTP.
        path: encoded; `/` for every call of this vendor's that we make.
        query: decoded parameters.
        headers: with lower-case names; `x-acs-content-sha256` among them.
    """
    names = signed_names(headers)
    lines = "".join(f"{name}:{headers[name].strip()}\n" for name in names)
    body_hash = headers["x-acs-content-sha256"]
    return f"{method}\n{path}\n{canonical_query(query)}\n{lines}\n{';'.join(names)}\n{body_hash}"


def signature(secret: str, canonical: str) -> str:
    """Steps 4 and 5: the HMAC over the hash of the canonical request, in lower-case hex."""
    to_sign = f"{ALGORITHM}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    return hmac.new(secret.encode(), to_sign.encode(), hashlib.sha256).hexdigest()


def authorization(key_id: str, secret: str, canonical: str, names: tuple[str, ...]) -> str:
    """The value of the header `Authorization`."""
    return f"{ALGORITHM} Credential={key_id},SignedHeaders={';'.join(names)},Signature={signature(secret, canonical)}"


def utc_now() -> datetime:
    """Real time: the vendor refuses a date more than 15 minutes off, whatever clock the domain lives in."""
    return datetime.now(UTC)


def random_nonce() -> str:
    """A text that no request had before."""
    return uuid.uuid4().hex


class Acs3Auth(httpx.Auth):
    """Signs a request that already carries `x-acs-action` and `x-acs-version`.

    Args:
        key_id: the AccessKey ID.
        secret: its secret.
        token: of temporary credentials.
        wall: real time, aware.
        nonce: a new random text for each request, repeated ones included.
    """

    requires_request_body = True

    def __init__(
        self,
        key_id: SecretStr,
        secret: SecretStr,
        token: SecretStr | None = None,
        *,
        wall: Callable[[], datetime] = utc_now,
        nonce: Callable[[], str] = random_nonce,
    ) -> None:
        self._key_id = key_id
        self._secret = secret
        self._token = token
        self._wall = wall
        self._nonce = nonce

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Add date, nonce, body hash, token and signature."""
        key_id = self._key_id.get_secret_value()
        request.headers["x-acs-date"] = self._wall().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        request.headers["x-acs-signature-nonce"] = self._nonce()
        request.headers["x-acs-content-sha256"] = hashlib.sha256(request.content).hexdigest()
        if self._token is not None:
            request.headers["x-acs-security-token"] = self._token.get_secret_value()
            request.headers["x-acs-accesskey-id"] = key_id  # the official SDK sends it beside the token
        headers = {name.lower(): value for name, value in request.headers.items()}
        query = dict(parse_qsl(request.url.query.decode("ascii"), keep_blank_values=True))
        path = request.url.raw_path.partition(b"?")[0].decode("ascii")
        canonical = canonical_request(request.method, path, query, headers)
        request.headers["authorization"] = authorization(
            key_id, self._secret.get_secret_value(), canonical, signed_names(headers)
        )
        yield request
