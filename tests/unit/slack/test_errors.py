"""What Slack's refusals mean."""

from types import SimpleNamespace
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError

from bot.contracts.errors import DeliveryFailed, DeliveryRetry
from integrations.slack.errors import Ambiguous, delivery_error


class Answer(dict[str, Any]):
    def __init__(self, status: int, error: str = "", **headers: str) -> None:
        super().__init__({"ok": False, "error": error} if error else {})
        self.status_code = status
        self.headers = {key.replace("_", "-"): value for key, value in headers.items()}


def refusal(status: int, error: str = "", **headers: str) -> SlackApiError:
    return SlackApiError("no", Answer(status, error, **headers))  # type: ignore[arg-type]


@pytest.mark.parametrize("code", ["channel_not_found", "not_in_channel", "is_archived", "invalid_blocks", "a_new_word"])
def test_what_never_works(code: str) -> None:
    assert isinstance(delivery_error(refusal(200, code)), DeliveryFailed)


def test_slow_down_says_for_how_long() -> None:
    trouble = delivery_error(refusal(429, "ratelimited", Retry_After="30"))

    assert isinstance(trouble, DeliveryRetry)
    assert not isinstance(trouble, Ambiguous)
    assert trouble.retry_after == 30


@pytest.mark.parametrize("code", ["invalid_auth", "token_revoked", "missing_scope"])
def test_an_operators_fault_loses_nothing(code: str) -> None:
    trouble = delivery_error(refusal(200, code))

    assert isinstance(trouble, DeliveryRetry)
    assert not isinstance(trouble, Ambiguous)


@pytest.mark.parametrize(
    "error",
    [
        refusal(500),
        refusal(503, "service_unavailable"),
        refusal(200, "internal_error"),
        refusal(200, "fatal_error"),
        aiohttp.ServerDisconnectedError(),
        aiohttp.ClientPayloadError(),
        TimeoutError(),
        ConnectionResetError(),
    ],
)
def test_what_may_have_worked(error: Exception) -> None:
    assert isinstance(delivery_error(error), Ambiguous)


def test_without_a_connection_nothing_was_sent() -> None:
    key: Any = SimpleNamespace(host="slack.com", port=443, is_ssl=True, ssl=True)
    trouble = delivery_error(aiohttp.ClientConnectorError(key, OSError(111, "refused")))

    assert isinstance(trouble, DeliveryRetry)
    assert not isinstance(trouble, Ambiguous)
