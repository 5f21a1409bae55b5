"""What the card, the news and the rows of a request say of one thing, they say alike."""

from dataclasses import replace

import pytest
from inline_snapshot import snapshot

from bot.contracts.message import Commands
from bot.contracts.model import Kind, Request, State
from bot.requests.batches import card as card_of_several
from bot.requests.cards import single
from bot.requests.lifecycle import can_edit
from bot.requests.news import news
from tests.given import a_request
from tests.reading import in_both, shown, views


def card(request: Request) -> str:
    return in_both(lambda view: single(view, request))


@pytest.mark.parametrize("account", ["aliyun", "tencent", "gone"])
@pytest.mark.parametrize("state", State)
def test_edit_is_offered_where_it_would_be_taken_and_nowhere_else(state: State, account: str) -> None:
    request = a_request(state, account=account)
    for view in views().values():
        possible = can_edit(request, view.ability(request))
        told = [single(view, request), news(view, request, "rejected", {}), news(view, request, "filing_failed", {})]
        for message in told[: 3 if state is State.REJECTED else 1]:
            typed = [command for block in message.blocks if isinstance(block, Commands) for command in block.commands]
            offered = any(command.startswith((view.typed("edit"), "edit")) for command in typed)
            pressed = any(button.action == "edit" for button in message.buttons)
            assert possible or not (offered or pressed)


FILED = {  # approved and ready: what is said of the carriers
    "a signature": (a_request(account="tencent"), True, True),
    "a signature for abroad": (a_request(account="tencent", values={"international": "true"}), False, False),
    "a template": (a_request(account="tencent", kind=Kind.TEMPLATE), False, False),
    "a signature whose filing is shown": (a_request(), True, False),
}


@pytest.mark.parametrize("what", FILED)
def test_card_and_news_say_the_same_of_the_carriers(what: str) -> None:
    request, filed, hidden = FILED[what]
    approved, ready = replace(request, state=State.APPROVED), replace(request, state=State.READY)
    for said in (card(approved), in_both(lambda view: news(view, approved, "approved", {}))):
        assert ("the carriers must file it" in said) is ("还需运营商报备" in said) is filed
        assert "Not ready yet" in said
    for said in (card(ready), in_both(lambda view: news(view, ready, "ready", {}))):
        assert ("filing cannot be seen" in said) is hidden


def test_what_waits_for_an_approver_is_not_on_its_way() -> None:
    said = card(a_request(State.AWAITING_APPROVAL))
    assert "on its way" not in said
    assert "It waits until an approver approves it; nothing was sent to aliyun." in said
    assert "等待批准（审批人），尚未提交给 aliyun。" in said


def test_no_word_of_the_record_is_shown_for_a_reason() -> None:
    for state in (State.DRAFT, State.FAILED, State.REJECTED):
        assert "papers" not in card(a_request(state, reason="papers")).splitlines()
    assert "absent" not in card(a_request(State.FAILED, reason="absent"))


NEVER = a_request(State.FAILED, reason="absent", papers=({"key": "paper", "name": "licence.png"},))
"""What a look-up did not find, and had papers."""


@pytest.mark.parametrize("in_hand", [True, False])
def test_what_never_arrived_is_sent_again_on_one_press_while_its_papers_are_at_hand(in_hand: bool) -> None:
    for view in views().values():
        view = replace(view, in_hand=frozenset({17} if in_hand else ()))
        again = view.typed("settle #17") + (" resend" if view.language.code == "en" else " 重发")
        row = card_of_several(view, [NEVER, a_request(State.READY, number=18)])
        for message in (single(view, NEVER), news(view, NEVER, "absent", {})):
            assert [button.action for button in message.buttons if button.action == "resend"] == ["resend"] * in_hand
            assert not any(button.dangerous for button in message.buttons)
            assert (again in shown(message)) is in_hand
        assert (again in shown(row)) is in_hand


def test_what_never_had_papers_can_always_be_sent_again() -> None:
    said = card(replace(NEVER, papers=()))
    assert "[Send again → resend #17]" in said
    assert "papers" not in said


@pytest.mark.parametrize("state", State)
def test_nothing_else_is_sent_again(state: State) -> None:
    for view in views().values():
        view = replace(view, in_hand=frozenset({17}))
        pressed = {button.action for button in single(view, a_request(state, reason="不规范")).buttons}
        assert ("resend" in pressed) is (state is State.UNKNOWN)


def test_a_draft_without_a_name() -> None:
    assert card(a_request(State.DRAFT, name="", account="tencent")) == snapshot("""\
**#17 signature without a name at tencent: draft** · submitter
Nothing was sent. It is kept as a draft.
Next: edit #17 · delete #17
[Fill in → edit #17]

**#17 签名 未命名（tencent）草稿** · submitter
没有提交，已保留为草稿。
下一步: 修改 #17 · 删除 #17
[补充内容 → edit #17]
""")
