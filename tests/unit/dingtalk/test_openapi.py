"""Calls as the service sees them come in: never more in a second than it allows."""

import asyncio
import time

from integrations import http
from integrations.dingtalk.allowance import MONTHLY_CALLS, Allowance
from integrations.dingtalk.openapi import CALLS_A_SECOND, OpenApi
from tests.emulators.dingtalk.server import DingTalkEmulator
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
