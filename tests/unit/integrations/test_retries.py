"""A call that is made again: the log says what came of it, not each try."""

from structlog.testing import capture_logs

from bot.contracts.errors import Unavailable
from integrations.http import repeat_refused


async def test_another_try_is_no_news() -> None:
    tries: list[int] = []

    async def call() -> str:
        tries.append(1)
        if len(tries) < 3:
            raise Unavailable("connection", "no connection")
        return "well"

    with capture_logs() as logs:
        assert await repeat_refused(call, pace=0.0001) == "well"
    assert len(tries) == 3
    assert logs == []
