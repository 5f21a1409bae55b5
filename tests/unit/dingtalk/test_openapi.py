"""Calls as the service sees them come in, never more in a second than it allows; answers that are none."""

import asyncio
import time

import pytest

from bot.contracts.errors import DeliveryRetry
from integrations import http
from integrations.dingtalk.allowance import MONTHLY_CALLS, Allowance
from integrations.dingtalk.openapi import CALLS_A_SECOND, OpenApi
from tests.emulators.dingtalk.server import DingTalkEmulator
from tests.emulators.road import HUGE, Manner, Road
from tests.unit.dingtalk.test_allowance import Clock

STANDARD_A_SECOND = 20  # facts, DingTalk 5.1


async def test_no_second_has_more_calls_than_the_standard_edition_allows() -> None:
    async with DingTalkEmulator(now=time.monotonic) as emulator, http.client() as connections:
        api = OpenApi(
            connections,
            base=emulator.url,
            old_base=emulator.url,
            client_id=emulator.client_id,
            client_secret=emulator.client_secret,
            allowance=Allowance(MONTHLY_CALLS, Clock()),
            a_second=CALLS_A_SECOND,
            now=Clock(),
        )
        body = {
            "robotCode": emulator.client_id,
            "openConversationId": "cidGroupOne==",
            "msgKey": "sampleText",
            "msgParam": '{"content": "x"}',
        }
        emulator.messages_a_minute = 100
        await asyncio.gather(
            *(api.call("/v1.0/robot/groupMessages/send", body, says=("processQueryKey",)) for _ in range(21))
        )
        at = [call.at for call in emulator.calls if "groupMessages" in call.path]
    assert len(at) == 21
    assert (
        max(sum(start <= one < start + 1 for one in at) for start in at) <= STANDARD_A_SECOND
    )  # without a pace it would be all of them


@pytest.mark.parametrize("manner", HUGE)
@pytest.mark.parametrize("token_first", [True, False])
async def test_an_answer_without_end_is_told_in_words(manner: Manner, token_first: bool) -> None:
    """Of the call, and of the question for the token before it."""
    async with DingTalkEmulator(now=time.monotonic) as emulator, http.client() as connections:
        with Road(emulator.url) as road:
            api = OpenApi(
                connections,
                base=road.url,
                old_base=road.url,
                client_id=emulator.client_id,
                client_secret=emulator.client_secret,
                allowance=Allowance(MONTHLY_CALLS, Clock()),
                a_second=CALLS_A_SECOND,
                now=Clock(),
            )
            if token_first:
                await api.tokens.get()
            road.next(manner)
            with pytest.raises(DeliveryRetry) as caught:
                await api.call("/v1.0/robot/groupMessages/send", {}, says=("processQueryKey",))
    assert "8 MB" in caught.value.words.en
    assert "8 MB" in caught.value.words.zh
    assert len(road.requests) == (2 if token_first else 1)
