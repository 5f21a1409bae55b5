"""No sentence has a hole where something is missing, and each language keeps to itself."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.contracts.message import Message
from bot.contracts.model import Action, Kind, Refusal, Request, State
from bot.requests.batches import card as card_of_several
from bot.requests.cards import single
from bot.requests.lifecycle import News, Outcome
from bot.requests.news import news
from bot.requests.not_taken import not_possible
from bot.requests.outcomes import OUTCOMES
from bot.requests.status import requests_table, since_when, status_line
from bot.wording.view import View
from tests.given import MONDAY, a_request
from tests.reading import in_both, shown, views

HOLE = re.compile(r"\S  +\S| [,.;:!?](?=\s|$)|\(\s*\)|（\s*）|“\s*”| [，。：；）]|[，。：；（] ", re.MULTILINE)
"""Two blanks, a blank before punctuation, empty brackets or quotes, a half-width blank beside full-width punctuation."""

PROBLEMS = ("gone", "busy", "moved", "no_rename", "not_in_this_state", "twin", "papers")
MAYBE = st.sampled_from(["", "x"])
REQUESTS = st.builds(
    a_request,
    st.sampled_from(State),
    name=st.sampled_from(["", "Suda"]),
    kind=st.sampled_from(Kind),
    account=st.sampled_from(["aliyun", "tencent", "gone"]),
    action=st.sampled_from(Action),
    reason=st.sampled_from(["", "absent", "papers", "X"]),
    order=MAYBE,
    vendor_ref=st.sampled_from(["", "ref"]),
    refusal=st.one_of(st.none(), st.builds(Refusal, st.sampled_from(["", "X", "HTTP 503"]), MAYBE, MAYBE)),
    looks=st.integers(0, 1),
    next_look_at=st.sampled_from([None, MONDAY]),
)


def everything(view: View, request: Request) -> list[Message]:
    """All that is said of one request, with nothing known beside it."""
    return [
        single(view, request),
        card_of_several(view, [request, a_request(number=18)]),
        Message(status_line(view, request), blocks=(since_when(view, request), requests_table(view, [request]))),
        *(news(view, request, what, {}) for what in (*OUTCOMES, *News) if what),
        *(not_possible(view, Outcome(request, problem), deleting=one) for problem in PROBLEMS for one in (True, False)),
    ]


@given(REQUESTS)
@settings(deadline=None)
def test_nothing_that_is_missing_leaves_a_hole(request_: Request) -> None:
    for view in views().values():
        for message in everything(view, request_):
            said = shown(message)
            assert not HOLE.search(said.replace("Since | ", "")), said


@given(REQUESTS)
@settings(deadline=None)
def test_english_has_no_chinese_in_it(request_: Request) -> None:
    for message in everything(views()["en"], request_):
        assert not re.search(r"[\u3000-\u9fff\uff00-\uffef]", shown(message).replace("速达物流", ""))


@pytest.mark.parametrize("what", ["not_done", "not_done_lost"])
def test_a_deletion_is_called_deletion(what: str) -> None:
    deleting = a_request(State.READY, action=Action.DELETE)
    said = in_both(lambda view: news(view, deleting, what, {}))
    assert "aliyun did not delete it" in said
    assert "没有受理删除" in said
    assert "change" not in said
    edited_since = a_request(State.READY, action=Action.UPDATE)  # the words are made at delivery
    assert "did not delete it" in in_both(lambda view: news(view, edited_since, what, {"action": "delete"}))
    for problem in ("gone", "busy"):
        said = in_both(
            lambda view, problem=problem: not_possible(view, Outcome(deleting, problem), deleting=True)  # type: ignore[misc]
        )
        assert "change" not in said
        assert "改" not in said


@pytest.mark.parametrize("request_id", ["", "A1-B2"])
def test_a_request_id_is_spoken_of_where_one_is_shown(request_id: str) -> None:
    said = in_both(lambda view: news(view, a_request(State.FAILED), "refused", {"code": "X", "request_id": request_id}))
    assert ("with the request id" in said) is ("凭请求编号" in said) is bool(request_id)
