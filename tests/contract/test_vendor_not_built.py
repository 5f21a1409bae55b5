"""A call that the HTTP library cannot put into bytes was never sent: a fault of the configuration, told with its key.

`check` finds such characters before; these accounts are made without it, as another program of ours might.
"""

from collections.abc import Awaitable, Callable
from functools import partial

import pytest

from bot.contracts.errors import Refused, Trouble
from bot.contracts.model import Kind
from integrations.http import NOT_SENT
from tests.contract.desk import KEYS, READS, Desk, assert_tells_no_secret, signature, template

BEYOND = {"line end": "\n", "no-break space": "\u00a0", "invisible": "\u200b", "half a pair": "\ud800"}


async def assert_not_sent(desk: Desk, key: str, **wrong: str) -> None:
    """Reads and writes are refused before anything leaves, with the account and the key, in both languages."""
    client = await desk.another(**wrong)  # type: ignore[arg-type]
    calls: tuple[Callable[[], Awaitable[object]], ...] = (
        *(partial(read, client, "1") for read in READS.values()),
        partial(client.reviews.create, template()),
        partial(client.reviews.create, signature()),
        partial(client.reviews.delete, Kind.TEMPLATE, "1"),
    )
    for call in calls:
        with pytest.raises(Refused) as caught:
            await call()
        refused = caught.value
        assert (refused.code, refused.trouble) == (NOT_SENT, Trouble.CREDENTIALS)
        assert refused.advice is not None
        assert key in refused.advice.en
        assert key in refused.advice.zh
        assert_tells_no_secret(refused, desk)
    assert (desk.calls(), desk.accepted()) == (0, 0)


@pytest.mark.parametrize("beyond", BEYOND.values(), ids=BEYOND)
async def test_a_key_id_that_no_call_can_carry(desk: Desk, beyond: str) -> None:
    id_key, _, _ = KEYS[desk.name]
    if desk.name == "ucloud" and beyond != "\ud800":
        return  # stands in the body, where everything can be written but half a pair
    await assert_not_sent(desk, f"account.here.{id_key}", key_id=f"key{beyond}id")


async def test_a_secret_with_half_a_pair(desk: Desk) -> None:
    _, secret_key, _ = KEYS[desk.name]
    await assert_not_sent(desk, f"account.here.{secret_key}", secret="sec\ud800ret")
