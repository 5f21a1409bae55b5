"""Credentials that are wrong are said to be, and no secret is ever told."""

import pytest

from bot.contracts.errors import Trouble, VendorError
from bot.contracts.model import Kind
from bot.contracts.vendor import Seen
from integrations.sandbox import Fault
from tests.contract.desk import (
    BAD_SIGNATURE,
    DONE,
    KINDS,
    NOT_DONE,
    OFTEN,
    READS,
    Desk,
    assert_refused,
    assert_tells_no_secret,
    signature,
    template,
)
from tests.given import left_at

# --- Credentials ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("wrong", ["secret", "key_id"])
async def test_wrong_credentials_are_the_operators_business(desk: Desk, wrong: str) -> None:
    client = await desk.another(**{wrong: "a-wrong-one-00000001"})  # type: ignore[arg-type]
    before = desk.calls()
    calls = (
        *(read(client, "1") for read in READS.values()),
        client.reviews.create(template()),
        client.reviews.delete(KINDS[0], "1"),
    )
    for call in calls:
        refused = await assert_refused(call, desk)
        assert refused.trouble is Trouble.CREDENTIALS
        assert "a-wrong-one-00000001" not in str(refused) or wrong == "key_id"
    assert desk.accepted() == 0
    assert desk.calls() - before == len(calls)  # asking again does not make a key right


async def test_temporary_credentials_do_the_job(desk: Desk) -> None:
    client = await desk.another(temporary=True)
    accepted = await client.reviews.create(signature())
    assert isinstance(await desk.seen(Kind.SIGNATURE, accepted.ref, client), Seen)
    assert await client.probe()
    assert await left_at(client)


async def test_a_temporary_key_without_its_token_is_refused(desk: Desk) -> None:
    client = await desk.another(temporary=True, token="another-token")
    refused = await assert_refused(client.probe(), desk)
    assert refused.trouble is Trouble.CREDENTIALS


# --- Nothing leaks ----------------------------------------------------------------------------------------------------


async def test_a_vendor_that_repeats_a_secret_is_not_quoted(desk: Desk) -> None:
    client = await desk.another(temporary=True)
    credential = desk.sandbox.credentials(desk.name, temporary=True)
    text = f"string to sign: POST&token={credential.token}&secret={credential.secret}"
    code = BAD_SIGNATURE[desk.name]
    for call in (client.reviews.create(template()), client.probe()):
        desk.sandbox.faults.next(desk.name, Fault.ANSWER, code=code, text=text)
        with pytest.raises(VendorError) as caught:
            await call
        assert caught.value.code == code
        assert_tells_no_secret(caught.value, desk)


@pytest.mark.parametrize("temporary", [False, True])
async def test_no_secret_and_no_paper_is_ever_told(
    desk: Desk, temporary: bool, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    client = await desk.another(temporary=temporary)
    for kind in KINDS:
        for fault in (*NOT_DONE, *DONE, Fault.THROTTLE):
            if fault in (Fault.HANG_BEFORE, Fault.HANG_AFTER):
                continue
            desk.sandbox.faults.next(desk.name, fault, desk.action("create", kind), OFTEN)
            with pytest.raises(VendorError) as caught:
                await client.reviews.create(
                    template("活动", "新品上线，拒收请回复R", "promo") if kind is KINDS[1] else signature()
                )
            assert_tells_no_secret(caught.value, desk)
            desk.sandbox.faults.clear()
    assert_tells_no_secret(repr(client) + str(client), desk)
    captured = capfd.readouterr()
    assert_tells_no_secret(captured.out + captured.err + caplog.text, desk)
