"""A message that was changed is read again where nothing came of it, and told of otherwise; what Slack adds is no change."""

from collections.abc import Mapping
from typing import Any

import pytest

from bot.contracts.chat import Post
from bot.contracts.message import Mark, Message
from integrations.slack.edited import WITHIN, Edits
from integrations.slack.inbound import Edited, edited, mention
from tests.unit.slack.test_inbound import HOME

MENTION = {"type": "app_mention", "user": "U1", "channel": "C1", "ts": "100.1", "text": "<@U9> sing list"}


def changed(text: str, *, after: float = 5.0, **more: Any) -> Mapping[str, Any]:
    change = {"user": "U1", "ts": f"{100.1 + after:.6f}"}
    return {"team_id": "T1", "event": {**MENTION, "text": f"<@U9> {text}", "edited": change, **more}}


def read(payload: Mapping[str, Any]) -> Edited:
    found = edited(payload, HOME)
    assert found is not None
    assert mention(payload, HOME) is None  # else it would be done again
    return found


def said(edits: Edits, mark: Mark | None) -> Edits:
    first = mention({"team_id": "T1", "event": MENTION}, HOME)
    assert first is not None
    edits.heard(first)
    if mark is not None:
        edits.answered(Post(first.place, Message(("x",), mark=mark), "en", "k", answers=first.origin))
    return edits


@pytest.mark.parametrize(
    ("mark", "text", "after", "origin", "told"),
    [
        (Mark.BAD, "sign list", 5.0, "message:C1:100.1:105.100000", True),
        (Mark.BAD, "sing list", 5.0, None, False),
        (Mark.BAD, "sign list", WITHIN + 1, None, True),
        (Mark.NONE, "sign list", 5.0, None, True),
        (Mark.WAITING, "sign submit aliyun", 5.0, None, True),
        (None, "sign list", 5.0, None, True),  # what comes of it is not known yet
    ],
)
def test_what_comes_of_a_change(mark: Mark, text: str, after: float, origin: str | None, told: bool) -> None:
    edits, change = said(Edits(), mark), read(changed(text, after=after))
    again = edits.read(change)
    assert (again.origin if again else None) == origin
    assert edits.to_be_told(change) is told
    assert not edits.to_be_told(change)


def test_a_message_that_nobody_heard_is_said_with_its_change_under_its_own_name() -> None:
    """The mention was forgotten; or a run before this one heard it, which the record knows by that name."""
    again = Edits().read(read(changed("sign list")))
    assert again is not None
    assert (again.origin, again.text) == ("message:C1:100.1", "sign list")
    assert Edits().read(read(changed("sign list", after=WITHIN + 1))) is None


def test_what_is_mended_and_refused_again_may_be_mended_again() -> None:
    edits = said(Edits(), Mark.BAD)
    for place, text in enumerate(("sign lst", "sign list"), 1):
        again = edits.read(read(changed(text, after=place)))
        assert again is not None
        edits.heard(again)
        edits.answered(Post(again.place, Message(("x",), mark=Mark.BAD), "en", "k", answers=again.origin))
    assert edits.read(read(changed("sign list", after=3.0))) is None


@pytest.mark.parametrize("inner", [{}, {"edited": {}}, {"edited": None}, {"edited": {"ts": "x"}}])
def test_what_slack_adds_to_a_message_is_no_change(inner: dict[str, Any]) -> None:
    message = {"type": "message", "user": "U1", "ts": "100.1", "text": "status", **inner}
    event = {"type": "message", "subtype": "message_changed", "channel": "D1", "channel_type": "im", "message": message}
    payload = {"team_id": "T1", "event": event}
    assert edited(payload, HOME) is None
    assert mention(payload, HOME) is None


def test_one_to_one_a_change_stands_within_another_event() -> None:
    message = {
        "type": "message",
        "user": "U1",
        "ts": "100.1",
        "text": "status",
        "edited": {"user": "U1", "ts": "103.1"},
    }
    event = {"type": "message", "subtype": "message_changed", "channel": "D1", "channel_type": "im", "message": message}
    found = read({"team_id": "T1", "event": event})
    assert (found.incoming.text, found.incoming.direct, found.incoming.origin) == ("status", True, "message:D1:100.1")
    assert found.after == pytest.approx(3.0)
    in_a_channel = {**event, "channel": "C1", "channel_type": "channel"}
    assert edited({"team_id": "T1", "event": in_a_channel}, HOME) is None
