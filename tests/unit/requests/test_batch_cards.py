"""The card of several requests at once, what can be pressed, and what is said where nothing can be changed."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot

from bot.contracts.message import SIGNS, Items, Line, Mark, Message
from bot.contracts.model import Action, Kind, Refusal, Request, State
from bot.requests.batches import card, most_pressing
from bot.requests.cards import buttons, mending
from bot.requests.four_eyes import code_of, digest
from bot.requests.lifecycle import Outcome, can_edit, delete_problem, edit_problem, not_anew
from bot.requests.not_taken import not_possible
from bot.wording.view import View
from bot.wording.words import MARKS
from tests.given import MONDAY, a_request
from tests.reading import ABILITY, in_both, line, views

VIEWS = views()


def batch(*states: State) -> list[Request]:
    return [a_request(state, number=number) for number, state in enumerate(states, start=1)]


def items(message: Message) -> tuple[Line, ...]:
    return next(block.lines for block in message.blocks if isinstance(block, Items))


# --- Several -----------------------------------------------------------------------------------------------------------


def test_a_row_for_each_state() -> None:
    rows = batch(*State)
    assert in_both(lambda view: card(view, rows)) == snapshot("""\
⚠️ **Signature 速达物流 at 14 vendors** · submitter
- #1 aliyun: draft, not sent. `edit #1 …`
- ⏳ #2 aliyun: waiting for approval
- ⏳ #3 aliyun: queued
- ⏳ #4 aliyun: being sent
- ⚠️ #5 aliyun: unknown
- ⏳ #6 aliyun: in review, expected today 12:00
- ✅ #7 aliyun: approved, not ready yet
- ✅ #8 aliyun: ready
- ❌ #9 aliyun: rejected, `resubmit #9`
- ❌ #10 aliyun: not sent, `edit #10`
- #11 aliyun: withdrawn
- ❌ #12 aliyun: disabled, `show #12`
- #13 aliyun: deleted
- #14 aliyun: cancelled
Next: status #5 · path 速达物流
[Fix #9 → resubmit #9] [Fix #10 → edit #10] [Fill in → edit #1] [Approve → approve #2 v2abd1ac] [Deny → deny #2] [Details → show #1,#2,#3,#4,#5,#6,#7,#8,#9,#10,#11,#12,#13,#14] [Watch for me too → watch #6,#7]

⚠️ **签名 速达物流，14 家平台** · submitter
- #1 aliyun：草稿，未提交。`修改 #1 …`
- ⏳ #2 aliyun：待批准
- ⏳ #3 aliyun：排队中
- ⏳ #4 aliyun：提交中
- ⚠️ #5 aliyun：结果未知
- ⏳ #6 aliyun：审核中，预计今天 12:00 前
- ✅ #7 aliyun：已通过，尚不可用
- ✅ #8 aliyun：可用
- ❌ #9 aliyun：未通过，`重提 #9`
- ❌ #10 aliyun：未提交，`修改 #10`
- #11 aliyun：已撤回
- ❌ #12 aliyun：已停用，`查看 #12`
- #13 aliyun：已删除
- #14 aliyun：已取消
下一步: 状态 #5 · 路径 速达物流
[修改 #9 → resubmit #9] [修改 #10 → edit #10] [补充内容 → edit #1] [同意 → approve #2 v2abd1ac] [拒绝 → deny #2] [详情 → show #1,#2,#3,#4,#5,#6,#7,#8,#9,#10,#11,#12,#13,#14] [也通知我 → watch #6,#7]
""")


def test_a_row_says_why_and_what_to_do() -> None:
    refusal = {"code": "X", "message": "超限", "advice_en": "Wait a `day`.", "advice_zh": "等一天。"}
    rows = [
        a_request(State.IN_REVIEW, number=1, account="gone"),
        a_request(State.DRAFT, number=2, reason="缺少资质"),
        a_request(State.REJECTED, number=3, reason="不规范"),
        a_request(State.FAILED, number=4, reason="absent"),
        a_request(State.FAILED, number=5, reason="超限", refusal=Refusal.from_json(refusal)),
        a_request(State.FAILED, number=6, reason="x", refusal=Refusal.from_json({"code": "X", "message": "超限"})),
        a_request(State.REJECTED, number=7, reason="不规范", refusal=Refusal.from_json(refusal)),
        a_request(State.QUEUED, number=8, action=Action.DELETE),
        a_request(State.UNKNOWN, number=9, next_look_at=MONDAY),
    ]
    assert in_both(lambda view: card(view, rows)) == snapshot("""\
⚠️ **Signature 速达物流 at 9 vendors** · submitter
- ⏳ #1 gone: in review
- ⚠️ #2 aliyun: draft, not sent. 缺少资质. `edit #2 …`
- ❌ #3 aliyun: rejected: “不规范”, `resubmit #3`
- ❌ #4 aliyun: not sent: it never arrived there, `settle #4 resend`
- ❌ #5 aliyun: not sent: Wait a `day`. `edit #5`
- ❌ #6 aliyun: not sent: “超限”, `edit #6`
- ❌ #7 aliyun: rejected: “不规范”, `resubmit #7`
- ⏳ #8 aliyun: queued, to be deleted
- ⚠️ #9 aliyun: unknown
Next: status #9 · path 速达物流
[Fix #3 → resubmit #3] [Fix #4 → edit #4] [Fix #5 → edit #5] [Fix #6 → edit #6] [Fix #7 → resubmit #7] [Fill in → edit #2] [Details → show #1,#2,#3,#4,#5,#6,#7,#8,#9] [Watch for me too → watch #1]

⚠️ **签名 速达物流，9 家平台** · submitter
- ⏳ #1 gone：审核中
- ⚠️ #2 aliyun：草稿，未提交。缺少资质。`修改 #2 …`
- ❌ #3 aliyun：未通过，原因：“不规范”，`重提 #3`
- ❌ #4 aliyun：未提交，没有到达平台，`落实 #4 重发`
- ❌ #5 aliyun：未提交：等一天。`修改 #5`
- ❌ #6 aliyun：未提交，原因：“超限”，`修改 #6`
- ❌ #7 aliyun：未通过，原因：“不规范”，`重提 #7`
- ⏳ #8 aliyun：排队中，待删除
- ⚠️ #9 aliyun：结果未知
下一步: 状态 #9 · 路径 速达物流
[修改 #3 → resubmit #3] [修改 #4 → edit #4] [修改 #5 → edit #5] [修改 #6 → edit #6] [修改 #7 → resubmit #7] [补充内容 → edit #2] [详情 → show #1,#2,#3,#4,#5,#6,#7,#8,#9] [也通知我 → watch #1]
""")


def test_a_batch_of_drafts_without_a_name() -> None:
    rows = [a_request(State.DRAFT, number=number, name="", kind=Kind.TEMPLATE) for number in (1, 2)]
    assert in_both(lambda view: card(view, rows)) == snapshot("""\
**Template without a name at 2 vendors** · submitter
- #1 aliyun: draft, not sent. `edit #1 …`
- #2 aliyun: draft, not sent. `edit #2 …`
Next: status #1 · status
[Fill in → edit #1,#2] [Details → show #1,#2]

**模板 未命名，2 家平台** · submitter
- #1 aliyun：草稿，未提交。`修改 #1 …`
- #2 aliyun：草稿，未提交。`修改 #2 …`
下一步: 状态 #1 · 状态
[补充内容 → edit #1,#2] [详情 → show #1,#2]
""")


def test_a_batch_of_one_is_that_requests_card() -> None:
    one = in_both(lambda view: card(view, batch(State.READY)))
    assert "vendors" not in one
    assert "#1 signature" in one


@pytest.mark.parametrize(
    ("states", "mark", "pressing"),
    [
        ((State.READY, State.IN_REVIEW), Mark.WAITING, 2),
        ((State.READY, State.REJECTED, State.FAILED), Mark.BAD, 2),
        ((State.REJECTED, State.IN_REVIEW, State.UNKNOWN), Mark.WARNING, 3),
        ((State.QUEUED, State.REJECTED, State.IN_REVIEW), Mark.WAITING, 2),
        ((State.DRAFT, State.CANCELLED), Mark.NONE, 1),
        ((State.DELETED, State.DELETED), Mark.NONE, 1),
    ],
)
def test_the_mark_of_a_batch_what_it_is_about_and_its_buttons(
    states: tuple[State, ...], mark: Mark, pressing: int
) -> None:
    rows = batch(*states)
    view = VIEWS["en"]
    message = card(view, rows)
    assert (message.mark, most_pressing(rows).number) == (mark, pressing)
    going_on = [f"#{row.number}" for row in rows if row.state in (State.IN_REVIEW, State.APPROVED)]
    *mend, details = (button for button in message.buttons if button.action != "watch")
    watched = [button.target for button in message.buttons if button.action == "watch"]
    assert watched == ([",".join(going_on)] if going_on else [])
    assert (details.action, details.target) == ("show", ",".join(f"#{row.number}" for row in rows))
    able = [row for row in rows if can_edit(row, view.ability(row))]
    wrong = [(mending(row), row.number) for row in able if row.state in (State.REJECTED, State.FAILED)]
    drafts = [f"#{row.number}" for row in able if row.state is State.DRAFT]
    assert [(one.action, one.target, one.label) for one in mend] == [
        *((action, f"#{number}", f"Fix #{number}") for action, number in wrong),
        *([("edit", ",".join(drafts), "Fill in")] if drafts else []),
    ]


def test_each_row_has_its_own_sign_and_its_name_where_they_differ() -> None:
    rows = [a_request(State.READY, number=1, name="速达物流"), a_request(State.REJECTED, number=2, name="示例速达")]
    message = card(VIEWS["en"], rows)
    assert "Signature 速达物流 / 示例速达 at 2 vendors" in line(message.title)
    said = [line(row) for row in items(message)]
    assert said[0].startswith("✅ #1 速达物流 at aliyun: ready")
    assert said[1].startswith("❌ #2 示例速达 at aliyun: rejected")
    unfinished = a_request(State.DRAFT, number=2, reason="缺少资质")
    (_, row) = items(card(VIEWS["en"], [rows[0], unfinished]))
    assert line(row).startswith("⚠️ #2 aliyun: draft")


def test_a_row_whose_time_has_passed_says_when_it_was_expected() -> None:
    late = a_request(State.IN_REVIEW, number=1, at=MONDAY - timedelta(days=3))
    (row, _) = items(card(VIEWS["en"], [late, a_request(State.READY, number=2)]))
    assert line(row) == "⏳ #1 aliyun: in review, expected since Fri 27 Feb 12:00"


@given(st.lists(st.tuples(st.sampled_from(State), st.sampled_from(["", "缺少资质"])), min_size=2, max_size=6))
def test_a_row_has_the_sign_of_its_state_and_the_batch_one_of_them(rows: list[tuple[State, str]]) -> None:
    requests = [a_request(state, reason=reason, number=number) for number, (state, reason) in enumerate(rows, 1)]
    message = card(VIEWS["en"], requests)
    signs = [line(row).partition("#")[0].strip() for row in items(message)]
    for (state, reason), sign in zip(rows, signs, strict=True):
        unfinished = state is State.DRAFT and reason
        assert sign == SIGNS[Mark.WARNING if unfinished else MARKS[state]]
    if message.mark is Mark.BAD:
        assert {"❌", "⚠️"} & set(signs)
    else:
        assert SIGNS[message.mark] in signs


@pytest.mark.parametrize("state", [State.REJECTED, State.FAILED, State.DISABLED])
@pytest.mark.parametrize("reason", ["", "不规范", "papers"])
@pytest.mark.parametrize("account", ["aliyun", "tencent"])
def test_a_row_of_what_went_wrong_says_what_can_be_typed_next(state: State, reason: str, account: str) -> None:
    one = a_request(state, account=account, reason=reason)
    view = VIEWS["en"]
    (row, _) = items(card(view, [one, a_request(State.READY)]))
    said = line(row)
    offered = said.rpartition("`")[0].rpartition("`")[2]
    mend = "resubmit #17" if state is State.REJECTED else "edit #17"
    anew = state is State.REJECTED  # changed where its vendor takes that, else begun anew in its place
    assert offered == (mend if anew or can_edit(one, view.ability(one)) else "show #17")
    assert "papers" not in said


@given(st.lists(st.sampled_from(State), min_size=2, max_size=6))
def test_a_batch_is_about_what_somebody_has_to_do(states: list[State]) -> None:
    rows = batch(*states)
    one = most_pressing(rows)
    marks = [MARKS[state] for state in states]
    wanted = next((mark for mark in (Mark.WARNING, Mark.BAD) if mark in marks), card(VIEWS["en"], rows).mark)
    assert MARKS[one.state] is wanted
    assert one.number == min(row.number for row in rows if MARKS[row.state] is wanted)


# --- Buttons -----------------------------------------------------------------------------------------------------------

PRESSED = dict.fromkeys(State, ("show",)) | {
    State.DRAFT: ("edit",),
    State.IN_REVIEW: ("show", "watch"),
    State.APPROVED: ("show", "watch"),
    State.AWAITING_APPROVAL: ("approve", "deny", "show"),
    State.UNKNOWN: ("settle", "resend"),
    State.REJECTED: ("resubmit", "show"),
    State.FAILED: ("edit", "show"),
    State.DELETED: (),
    State.CANCELLED: (),
}


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("code", VIEWS)
def test_what_can_be_pressed(state: State, code: str) -> None:
    shown = buttons(VIEWS[code], a_request(state))
    assert tuple(button.action for button in shown) == PRESSED[state]
    read = f"#17 {code_of([digest(a_request(state))])}" if state is State.AWAITING_APPROVAL else ""
    assert {button.target for button in shown if button.target != read} <= {"#17"}
    assert [button.action for button in shown if button.dangerous] == (["resend"] if state is State.UNKNOWN else [])
    assert all(button.label.isascii() is (code == "en") or "…" in button.label for button in shown)


def test_nobody_is_asked_while_the_vendor_still_is() -> None:
    shown = buttons(VIEWS["en"], a_request(State.UNKNOWN, next_look_at=MONDAY))
    assert [button.action for button in shown] == ["show"]


# --- What cannot be done -----------------------------------------------------------------------------------------------

PROBLEMS = {
    "gone": a_request(State.DELETED),
    "busy": a_request(State.SUBMITTING),
    "moved": a_request(State.READY),
    "no_rename": a_request(State.READY),
    "not_anew": a_request(State.REJECTED, kind=Kind.TEMPLATE),
    "not_in_this_state": a_request(State.IN_REVIEW, kind=Kind.TEMPLATE),
}


def refused(problem: str, request: Request, *, deleting: bool = False) -> str:
    def worded(view: View) -> Message:
        return not_possible(view, Outcome(request, problem), deleting=deleting)

    return in_both(worded)


def test_why_it_was_not_changed() -> None:
    assert {problem: refused(problem, request) for problem, request in PROBLEMS.items()} | {
        "busy, and nobody can be asked": refused("busy", a_request(State.UNKNOWN)),
    } == snapshot(
        {
            "gone": """\
❌ **#17 was not changed.**
#17 速达物流 is deleted; it cannot be changed any more.
Next: show #17

❌ **#17 未修改。**
#17 速达物流 已删除，不能再修改。
下一步: 查看 #17
""",
            "busy": """\
❌ **#17 was not changed.**
#17 速达物流 is being sent; wait until aliyun has answered.
Next: show #17

❌ **#17 未修改。**
#17 速达物流 提交中，请等待 aliyun 答复。
下一步: 查看 #17
""",
            "moved": """\
❌ **#17 was not changed.**
#17 速达物流 went on meanwhile and is ready.
Next: show #17

❌ **#17 未修改。**
#17 速达物流 这期间已有变化，现在可用。
下一步: 查看 #17
""",
            "no_rename": """\
❌ **#17 was not changed.**
aliyun cannot change the name of a signature; submit the new name as a new one.
Next: show #17

❌ **#17 未修改。**
aliyun 不能修改签名的名称；请用新名称另行提交。
下一步: 查看 #17
""",
            "not_anew": """\
❌ **#17 was not changed.**
aliyun reviews a rejected template again only when `content` changes: this would have stayed as it is.
Next: edit #17 content=…

❌ **#17 未修改。**
被拒的模板只有改动 `content` 后，aliyun 才会重新审核；这样修改，结果不会变。
下一步: 修改 #17 content=…
""",
            "not_in_this_state": """\
❌ **#17 was not changed.**
aliyun does not allow this for a template that is in review.
Next: show #17

❌ **#17 未修改。**
aliyun 不允许对审核中的模板这样操作。
下一步: 查看 #17
""",
            "busy, and nobody can be asked": """\
❌ **#17 was not changed.**
What became of it at aliyun is not known: say first what its console shows.
Next: settle #17 id=… · settle #17 resend

❌ **#17 未修改。**
在 aliyun 的结果尚不清楚：请先告诉我控制台中的情况。
下一步: 落实 #17 编号=… · 落实 #17 重发
""",
        }
    )


def test_why_it_was_not_deleted() -> None:
    assert refused("not_in_this_state", a_request(State.IN_REVIEW), deleting=True) == snapshot("""\
❌ **#17 was not deleted.**
aliyun does not allow this for a signature that is in review.
Next: show #17

❌ **#17 未删除。**
aliyun 不允许对审核中的签名这样操作。
下一步: 查看 #17
""")


@pytest.mark.parametrize("state", State)
def test_every_reason_that_is_given_has_words_of_its_own(state: State) -> None:
    request = a_request(state)
    given = {
        edit_problem(request, {}, ABILITY),
        edit_problem(request, {"name": "别的"}, ABILITY),
        not_anew(request, {}, ABILITY),
        delete_problem(request, ABILITY),
    } - {""}
    assert given <= PROBLEMS.keys()
