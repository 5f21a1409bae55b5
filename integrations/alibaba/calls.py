"""What every call of an Alibaba Cloud account goes through: the limit, the signature, the sending, the decoding."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TypeVar

import httpx
from aiolimiter import AsyncLimiter

from bot.contracts.model import Paper
from integrations.alibaba import papers, wire
from integrations.alibaba.auth import Acs3Auth, canonical_query
from integrations.alibaba.config import Account
from integrations.http import repeat_read, repeat_refused, sent

P = TypeVar("P", bound=wire.Part)

# Seconds between two calls of one operation, per account (facts 1.4; NODE remarks, help/44335).
TEMPLATE_CREATE_SECONDS = 30.0
SIGNATURE_GET_SECONDS = 1 / 150
TEMPLATE_CHANGE_SECONDS = 1 / 1000
QUALIFICATION_SECONDS = 5.0
SECONDS_BETWEEN: Mapping[str, float] = {
    "CreateSmsTemplate": TEMPLATE_CREATE_SECONDS,
    "GetSmsSign": SIGNATURE_GET_SECONDS,
    "UpdateSmsTemplate": TEMPLATE_CHANGE_SECONDS,
    "DeleteSmsTemplate": TEMPLATE_CHANGE_SECONDS,
    "SubmitSmsQualification": QUALIFICATION_SECONDS,
    "UpdateSmsQualification": QUALIFICATION_SECONDS,
}

PAGES = 400  # 20,000 things: more than any account has, and an end if a vendor repeats a page for ever


class Calls:
    """The calls of one account.

    Args:
        account: addresses, credentials.
        http: of `integrations.http.client`; closed with this.
        pace: factor on the limits' periods; below 1 where the vendor's time runs faster.
        wall: real time, for signatures.
        nonce: a new random text on each call.
    """

    def __init__(
        self,
        account: Account,
        *,
        http: httpx.AsyncClient,
        pace: float,
        wall: Callable[[], datetime],
        nonce: Callable[[], str],
    ) -> None:
        self._http = http
        self._pace = pace
        self._account = account
        self._nonce = nonce
        self._auth = Acs3Auth(
            account.access_key_id, account.access_key_secret, account.security_token, wall=wall, nonce=nonce
        )
        held = (account.access_key_id, account.access_key_secret, account.security_token)
        self._secrets = tuple(secret.get_secret_value() for secret in held if secret is not None)
        self._version = wire.SMS_VERSION if account.site == "domestic" else wire.GLOBE_VERSION
        self._limiters: dict[str, AsyncLimiter] = {}

    async def read(self, action: str, parameters: Mapping[str, str], model: type[P], *, billing: bool = False) -> P:
        """Ask something, again where that can help."""
        return await repeat_read(lambda: self._once(action, parameters, model, billing=billing), pace=self._pace)

    async def write(self, action: str, parameters: Mapping[str, str], model: type[P], *, form: bytes = b"") -> P:
        """Change something; again only after the vendor certainly refused before accepting.

        Args:
            action: the operation.
            parameters: in the address.
            model: of the answer.
            form: what is too large for an address, as the body of a form.
        """
        return await repeat_refused(
            lambda: self._once(action, parameters, model, changes=True, form=form), pace=self._pace
        )

    async def _once(
        self,
        action: str,
        parameters: Mapping[str, str],
        model: type[P],
        *,
        changes: bool = False,
        billing: bool = False,
        form: bytes = b"",
    ) -> P:
        """Wait for the limit, sign, send, decode."""
        asked = wire.Asked(changes=changes, billing=billing, secrets=self._secrets)
        endpoint = self._account.billing_endpoint if billing else self._account.endpoint
        query = canonical_query(parameters)  # in the address, for POST too (facts 1.1)
        url = f"{endpoint}/?{query}" if query else f"{endpoint}/"
        headers = {
            "accept": "application/json",
            "x-acs-action": action,
            "x-acs-version": wire.BILLING_VERSION if billing else self._version,
        }
        if form:
            headers["content-type"] = "application/x-www-form-urlencoded"
        async with self._limiter(action):
            response = await sent(self._http, self._account, url, auth=self._auth, headers=headers, content=form)
        reply = wire.Reply(response.status_code, response.headers, response.content)
        return wire.read(reply, model, asked, self._account.unconfirmed)

    async def upload(
        self, action: str, purpose: wire.Parameters, model: type[papers.MediaTicket | papers.PaperTicket], paper: Paper
    ) -> str:
        """Put one file into the vendor's store; repeated as a whole, each time with a new right and a new name."""

        async def attempt() -> str:
            answer = await self._once(action, purpose, model)
            form = papers.form(answer.ticket, paper, self._nonce(), endpoint=self._account.endpoint)
            files = {"file": (form.file_name, paper.content, paper.media_type)}
            response = await sent(self._http, self._account, form.url, data=form.fields, files=files)
            problem = papers.stored(response.status_code, response.content)
            if problem is not None:
                raise problem
            return form.key

        return await repeat_read(attempt, pace=self._pace)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    def _limiter(self, action: str) -> AsyncLimiter:
        if action not in self._limiters:
            unpublished = 1 / self._account.unconfirmed.calls_per_second
            seconds = SECONDS_BETWEEN.get(action, unpublished) * self._pace
            self._limiters[action] = AsyncLimiter(1, max(seconds, 1e-6))
        return self._limiters[action]


def complete(seen: int, on_page: int, total: str, page_size: int) -> bool:
    """Whether a list has been read to its end: by its own count; without one, when a page is not full.

    Args:
        seen: rows of all pages so far.
        on_page: rows of the last one.
        total: the list's own count, as it was sent.
        page_size: how many rows were asked for at once.
    """
    if on_page == 0:
        return True
    return seen >= int(total) if total.isdecimal() else on_page < page_size
