"""What a vendor has to choose from, how much is left, and whether it answers at all."""

from datetime import timedelta
from decimal import Decimal

import pytest

from bot.contracts.fields import FieldType
from bot.contracts.vendor import Measure, Reading
from tests.contract.desk import KINDS, Desk, Name, assert_tells_no_secret, signature
from tests.given import left_at


async def test_options_name_what_the_vendor_has(desk: Desk) -> None:
    qualifications = await desk.client.reviews.options("qualifications")
    assert "8563" in {option.value for option in qualifications if option.usable}
    assert all(option.label for option in qualifications)
    signatures = await desk.client.reviews.options("signatures")
    if signatures:
        assert desk.sandbox.seed.signature in {option.value for option in signatures if option.usable}
        await desk.client.reviews.create(signature("速达物流"))
        again = {option.value: option.usable for option in await desk.client.reviews.options("signatures")}
        assert again["速达物流"] is False
    assert await desk.client.reviews.options("stars") == ()


async def test_each_reference_field_has_its_options(desk: Desk) -> None:
    if desk.name == "alibaba":  # it shows trademarks and filings of apps as signatures name them
        seed = desk.sandbox.seed
        for name, ref in (("trademark", seed.trademark_id), ("icp_record", seed.app_icp_id)):
            link = {"link": "https://suda.example"} if name == "icp_record" else {}
            source = "trademark" if name == "trademark" else "app"
            await desk.client.reviews.create(signature(f"速达{source}", source=source, **{name: str(ref)}, **link))
    for kind in KINDS:
        for field in desk.client.reviews.fields(kind):
            assert bool(field.options) == (field.type is FieldType.REFERENCE or field.or_id), field.key
            if field.options:
                assert await desk.client.reviews.options(field.options), (kind, field.key)


async def test_quota_tells_what_is_left(desk: Desk) -> None:
    readings = await left_at(desk.client)
    assert readings
    subjects = [reading.subject for reading in readings]
    assert len(set(subjects)) == len(subjects)
    for reading in readings:
        assert reading.subject
        assert reading.unit
        assert reading.remaining >= 0
        assert reading.remaining.is_finite()
        assert reading.total is None or reading.total >= reading.remaining
        assert reading.expires_at is None or reading.expires_at > desk.clock.now()
        assert (reading.unit == "messages") == (reading.measure is Measure.PACKAGE)

    measure = Measure.PACKAGE if any(one.measure is Measure.PACKAGE for one in readings) else Measure.BALANCE
    before = left(readings, measure)
    desk.sandbox.drain(desk.name, 1000)
    drained = left(await left_at(desk.client), measure)
    assert drained < before
    if measure is Measure.PACKAGE:
        assert drained == before - 1000
    desk.sandbox.top_up(desk.name, 50_000)
    desk.clock.move(timedelta(hours=2))  # Tencent tells of a package an hour after it was bought (facts 4)
    assert drained + 40_000 < left(await left_at(desk.client), measure) <= drained + 50_000  # use goes on meanwhile


def left(readings: tuple[Reading, ...], measure: Measure) -> Decimal:
    return sum((reading.remaining for reading in readings if reading.measure is measure), Decimal(0))


async def test_probe_is_one_call_that_changes_nothing(desk: Desk) -> None:
    words = await desk.client.probe()
    assert desk.calls() == 1
    assert desk.accepted() == 0
    assert words.en.startswith("serves us")
    assert words.zh.startswith("正常应答")
    for said in (words.en, words.zh):
        assert len(said) < 200
        assert_tells_no_secret(said, desk)


async def test_closed_it_calls_nobody(name: Name, desk: Desk) -> None:
    await desk.client.aclose()
    with pytest.raises(RuntimeError):
        await desk.client.probe()
    assert desk.calls() == 0
