"""All that an account has, whoever made it: what can be listed is listed whole, and what cannot says so beforehand."""

from contextlib import aclosing

import pytest

from bot.contracts.errors import VendorError
from bot.contracts.model import Kind, State
from bot.contracts.vendor import Listed
from tests.contract.desk import KINDS, Desk, made, template

SEVERAL_PAGES = 120
"""More than two pages at every vendor that has pages."""

MOST_SIGNATURES = 40
"""Fewer than Tencent lets an account have (facts 2)."""


async def everything(desk: Desk, kind: Kind) -> dict[str, Listed]:
    """Id → what the list shows; each stands in it once."""
    found: list[Listed] = []
    async with aclosing(desk.client.reviews.listed(kind)) as pages:
        async for page in pages:
            found += page
    assert len({one.seen.ref for one in found}) == len(found)
    return {one.seen.ref: one for one in found}


@pytest.mark.parametrize("kind", KINDS)
async def test_a_list_has_what_was_made_however_many(desk: Desk, kind: Kind) -> None:
    if kind not in desk.client.reviews.lists:
        return
    before = await everything(desk, kind)
    few = desk.name == "tencent" and kind is Kind.SIGNATURE
    made_here = {
        (await desk.client.reviews.create(made(kind, f"速达物流{number:03}"))).ref: f"速达物流{number:03}"
        for number in range(MOST_SIGNATURES if few else SEVERAL_PAGES)
    }
    after = await everything(desk, kind)
    assert after.keys() - before.keys() == made_here.keys()
    for ref, name in made_here.items():
        assert (after[ref].seen.name, after[ref].seen.state) == (name, State.IN_REVIEW)


async def test_a_list_tells_what_its_vendor_tells_of_each(desk: Desk) -> None:
    if Kind.TEMPLATE not in desk.client.reviews.lists:
        return
    ref = (await desk.client.reviews.create(template("到货", "您的包裹${no}已到${place}。", "notice"))).ref
    listed = (await everything(desk, Kind.TEMPLATE))[ref]
    assert listed.seen.content
    assert listed.seen.international is not True
    assert listed.values in (
        {"type": "notice", "sign": "速达科技"},
        {"type": "notice"},
        {},
    )  # Tencent's list has neither
    if desk.name == "alibaba":
        assert listed.values["type"] == "notice"


async def test_qualifications_are_listed_where_the_vendor_has_a_list(desk: Desk) -> None:
    if Kind.QUALIFICATION not in desk.client.reviews.lists:
        with pytest.raises(VendorError):
            await everything(desk, Kind.QUALIFICATION)
        return
    listed = await everything(desk, Kind.QUALIFICATION)
    assert State.READY in {one.seen.state for one in listed.values()}
