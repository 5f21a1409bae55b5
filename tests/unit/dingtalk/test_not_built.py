"""A call that cannot be put into bytes was never sent: DingTalk's client says so, and nothing escapes it."""

from datetime import UTC, datetime

import httpx
import pytest

from bot.contracts.errors import DeliveryFailed
from integrations.dingtalk.stream import Stream, StreamRefused
from integrations.dingtalk.tokens import Tokens

BASES = ("http://127.0.0.1:1/\n", "ftp://127.0.0.1", "http://a\ud800b:1")


@pytest.mark.parametrize("base", BASES, ids=ascii)
async def test_an_address_that_cannot_be_called(base: str) -> None:
    async with httpx.AsyncClient(trust_env=False) as http:
        with pytest.raises(DeliveryFailed, match="nothing was sent"):
            await Tokens(http, base, "id", "secret", lambda: datetime.now(UTC)).get()
        stream = Stream(client_id="id", client_secret="s", api_base=base, http=http, on_message=lambda _: None)
        with pytest.raises(StreamRefused, match="nothing was sent"):
            await stream.ticket()
