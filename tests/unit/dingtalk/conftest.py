"""Fixtures of DingTalk: a chat against the emulated service, without cards and with them."""

from collections.abc import AsyncIterator

import pytest

from tests.emulators.dingtalk.server import DingTalkEmulator
from tests.given import Clock
from tests.unit.dingtalk.talk import START, Talk


@pytest.fixture
async def talk() -> AsyncIterator[Talk]:
    clock = Clock(START)
    async with DingTalkEmulator(now=lambda: clock().timestamp()) as emulator:
        talk = Talk(emulator, clock)
        await talk.chat.start(talk.receive)
        yield talk
        await talk.chat.stop()
        assert not emulator.complaints


@pytest.fixture
async def with_cards() -> AsyncIterator[Talk]:
    clock = Clock(START)
    async with DingTalkEmulator(now=lambda: clock().timestamp()) as emulator:
        talk = Talk(emulator, clock, template="emulated-template.schema")
        await talk.chat.start(talk.receive)
        yield talk
        await talk.chat.stop()
        assert not emulator.complaints
