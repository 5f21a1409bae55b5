"""Fixtures of Alibaba's tests: the client at the sandbox, and the log, in which nothing secret stands."""

import logging
from collections.abc import AsyncIterator, Iterator

import pytest

from integrations.alibaba.client import Alibaba
from integrations.sandbox.server import Sandbox
from tests.given import Clock
from tests.unit.alibaba.made import KEY, alibaba


@pytest.fixture
async def vendor(sandbox: Sandbox, clock: Clock) -> AsyncIterator[Alibaba]:
    made = alibaba(sandbox.alibaba.url, now=clock)
    yield made
    await made.aclose()


@pytest.fixture(autouse=True)
def quiet(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """No log line of any test carries a secret or a paper."""
    caplog.set_level(logging.DEBUG)
    yield
    for secret in (KEY.secret, "paperpaper", "letterletter"):
        assert secret not in caplog.text
