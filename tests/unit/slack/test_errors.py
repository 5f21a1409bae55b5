"""What Slack's refusals mean."""

from types import SimpleNamespace
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError

from bot.contracts.chat import Post
from bot.contracts.errors import DeliveryFailed, DeliveryRetry
from bot.contracts.memory import Forgetful
from bot.contracts.message import Message
from bot.contracts.model import Place
from integrations.slack.errors import Ambiguous, delivery_error
from integrations.slack.posting import Posting


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


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("0", 0), ("1.5", 1.5), ("99999999999", 3600), ("inf", 3600), ("nan", 1), ("-5", 1), ("soon", 1), ("", 1),
     ("Wed, 21 Oct 2026 07:28:00 GMT", 1)],
)  # fmt: skip
def test_whatever_it_asks_for_is_a_time_that_ends(header: str, seconds: float) -> None:
    trouble = delivery_error(refusal(429, "ratelimited", Retry_After=header))
    assert isinstance(trouble, DeliveryRetry)
    assert trouble.retry_after == seconds


@pytest.mark.parametrize("error", [AttributeError("get"), KeyError("ts"), TypeError(), ValueError("no JSON")])
def test_an_answer_that_cannot_be_read_may_have_worked(error: Exception) -> None:
    """An answer that is a list, a number, or lacks the message's address: it may stand there, so it is looked for first."""
    trouble = delivery_error(error)
    assert isinstance(trouble, Ambiguous)
    assert trouble.words.zh == "无法读取 Slack 的应答"


class Answering:
    """A client of the SDK to which Slack says yes, and not what it did."""

    def __init__(self, answer: dict[str, Any]) -> None:
        self._answer = answer
        self.looked = 0

    async def chat_postMessage(self, **_: Any) -> dict[str, Any]:  # noqa: N802 - the SDK's name
        return self._answer

    async def conversations_history(self, **_: Any) -> dict[str, Any]:
        self.looked += 1
        return {"ok": True, "messages": []}


@pytest.mark.parametrize(
    "answer", [{"ok": True}, {"ok": True, "channel": None, "ts": None}, {"channel": "C1", "ts": ""}]
)
async def test_a_yes_without_an_address_is_looked_for_before_it_is_posted_again(answer: dict[str, Any]) -> None:
    client = Answering(answer)
    web: Any = SimpleNamespace(writer=client, reader=client)
    posting = Posting(web, Forgetful(), 0.0)
    post = Post(Place("slack", "C1"), Message(("hello",)), "en", key="news:1")
    for looked in (0, 1):
        with pytest.raises(Ambiguous):
            await posting.post(post)
        assert client.looked == looked
