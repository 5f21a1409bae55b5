"""What a vendor says that it can do is true."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.contracts.errors import Refused
from bot.contracts.fields import fold
from bot.contracts.model import Kind, State
from bot.contracts.vendor import FilingView, Missing, Seen
from bot.running.vendors import VENDORS
from tests.contract.desk import BOTH, KINDS, REACHABLE, Desk, assert_refused, changed, made, sought

STANDING = [
    pytest.param(name, kind, state, id=f"{name}-{kind}-{state}")
    for (name, kind), states in REACHABLE.items()
    for state in states
]


@pytest.mark.parametrize(("name", "kind", "state"), STANDING)
async def test_edited_in_the_states_that_it_says_and_in_no_other(desk: Desk, kind: Kind, state: State) -> None:
    accepted = await desk.client.reviews.create(made(kind))
    desk.decide(kind, accepted.ref, state)
    assert await desk.state(kind, accepted.ref) is state
    update = desk.client.reviews.update(accepted.ref, changed(made(kind)))
    if state in desk.client.capabilities.kinds[kind].update_in:
        assert (await update).ref == accepted.ref
    else:
        await assert_refused(update, desk)
        assert await desk.state(kind, accepted.ref) is state
    assert desk.calls("update", kind) == 1
    assert desk.accepted() == 1


@pytest.mark.parametrize(("name", "kind", "state"), STANDING)
async def test_deleted_in_the_states_that_it_says_and_in_no_other(desk: Desk, kind: Kind, state: State) -> None:
    accepted = await desk.client.reviews.create(made(kind))
    desk.decide(kind, accepted.ref, state)
    delete = desk.client.reviews.delete(kind, accepted.ref)
    if state in desk.client.capabilities.kinds[kind].delete_in:
        await delete
        assert await desk.seen(kind, accepted.ref) == Missing(accepted.ref)
    else:
        await assert_refused(delete, desk)
        assert await desk.state(kind, accepted.ref) is state
    assert desk.calls("delete", kind) == 1


@BOTH
async def test_an_edit_of_the_name(desk: Desk, kind: Kind) -> None:
    accepted = await desk.client.reviews.create(made(kind))
    desk.decide(kind, accepted.ref, State.REJECTED)
    renamed = replace(changed(made(kind)), name="速达快运")
    renamed = replace(renamed, values={**renamed.values, "name": renamed.name})
    if desk.client.capabilities.kinds[kind].renames:
        await desk.client.reviews.update(accepted.ref, renamed)
        seen = await desk.seen(kind, accepted.ref)
        assert isinstance(seen, Seen)
        assert seen.name == "速达快运"
    else:
        with pytest.raises(Refused) as refused:
            await desk.client.reviews.update(accepted.ref, renamed)
        assert refused.value.advice is not None
        assert desk.calls("update", kind) == 0


async def test_what_cannot_be_looked_for_is_not_called(desk: Desk) -> None:
    for kind in KINDS:
        if not sought(kind, desk):
            with pytest.raises(Refused) as refused:
                await desk.client.reviews.find(made(kind))
            assert refused.value.advice is not None
            assert desk.calls() == 0


async def test_capabilities_are_complete(desk: Desk) -> None:
    capabilities = desk.client.capabilities
    assert capabilities.title.en
    assert capabilities.title.zh
    assert set(capabilities.kinds) == set(Kind)
    assert capabilities.hours.source
    opening, closing = capabilities.hours.monday_to_friday
    assert 0 <= opening < closing <= 24
    for kind in KINDS:
        ability = capabilities.kinds[kind]
        assert ability.create
        assert ability.console.startswith("https://")
        assert ability.usually > timedelta(0)
        assert State.REJECTED in ability.update_in
        assert State.REJECTED in ability.delete_in
    assert (desk.client.vendor, desk.client.account) == (desk.name, "here")


async def test_the_groups_of_methods_agree_with_the_capabilities(desk: Desk) -> None:
    """What cannot be submitted has no fields; what the carriers file has a view of it; a group that is not there is none."""
    for kind, ability in desk.client.capabilities.kinds.items():
        assert bool(desk.client.reviews.fields(kind)) == ability.create, kind
        assert ability.create or ability.filing is None, kind
        told = ability.filing not in (None, FilingView.HIDDEN)
        assert (ability.filing_usually is not None) == told, kind
        assert ability.filing_usually is None or (ability.filing_usually.en and ability.filing_usually.zh)
    assert desk.client.capabilities.kinds[Kind.SIGNATURE].filing is not None
    assert desk.client.quota is None or await desk.client.quota.readings()


def test_every_vendor_is_called_by_words_of_its_own() -> None:
    words = [word for client in VENDORS.values() for word in client.words]
    assert len(words) == len(set(words))
    for vendor, client in VENDORS.items():
        assert client.words[0] == vendor
        assert [fold(word) for word in client.words] == list(client.words)
