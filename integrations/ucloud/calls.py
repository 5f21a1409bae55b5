"""What every call of a UCloud account goes through: the limit, the signature, the sending, the decoding."""

from typing import TypeVar

import httpx
from aiolimiter import AsyncLimiter

from bot.contracts.errors import Refused
from integrations.http import repeat_read, repeat_refused, sent
from integrations.ucloud import answers, wire
from integrations.ucloud.auth import CONTENT_TYPE, UcloudAuth, form
from integrations.ucloud.config import Account

AnswerT = TypeVar("AnswerT", bound=answers.Answer)


class Calls:
    """The calls of one account.

    Args:
        account: the configuration, secrets resolved.
        http: made by `integrations.http.client`; closed by `aclose`.
        pace: factor on waits and on the time between calls; below 1 where time runs faster.
    """

    def __init__(self, account: Account, *, http: httpx.AsyncClient, pace: float) -> None:
        self._account = account
        self._http = http
        self._pace = pace
        self._auth = UcloudAuth(account.public_key, account.private_key, account.security_token)
        held = (account.private_key, account.security_token)
        self._secrets = tuple(one.get_secret_value() for one in held if one is not None and one.get_secret_value())
        self._limiter = AsyncLimiter(1, max(pace, 0.001) / account.unconfirmed.calls_per_second)

    async def change(self, parameters: wire.Parameters) -> tuple[answers.Created, str]:
        """Change something, again only where it certainly was not accepted; returns the id of the request, too."""
        return await repeat_refused(lambda: self._call(answers.Created, parameters, changes=True), pace=self._pace)

    async def change_as(self, answer: type[AnswerT], parameters: wire.Parameters) -> tuple[AnswerT, str]:
        """The same with an answer of its own kind."""
        return await repeat_refused(lambda: self._call(answer, parameters, changes=True), pace=self._pace)

    async def ask(
        self, answer: type[AnswerT], parameters: wire.Parameters, *, missing: AnswerT | None = None
    ) -> AnswerT:
        """Ask a question; a code that means "no such thing" is the answer `missing`, where there is one."""
        try:
            result, _ = await repeat_read(lambda: self._call(answer, parameters, changes=False), pace=self._pace)
        except Refused as error:
            # The one place that decides how an unknown id looks (facts 2.3, UNSURE).
            if missing is None or error.code not in map(str, self._account.unconfirmed.missing_codes):
                raise
            return missing
        return result

    async def _call(self, answer: type[AnswerT], parameters: wire.Parameters, *, changes: bool) -> tuple[AnswerT, str]:
        url, body = f"{self._account.endpoint}/", form(parameters)
        headers = {"content-type": CONTENT_TYPE}
        async with self._limiter:
            response = await sent(self._http, self._account, url, auth=self._auth, content=body, headers=headers)
        values = answers.decoded(
            answer, response.status_code, response.headers, response.content, changes=changes, secrets=self._secrets
        )
        return values, response.headers.get(answers.REQUEST_ID_HEADER, "")

    async def aclose(self) -> None:
        """Close the connections."""
        await self._http.aclose()
