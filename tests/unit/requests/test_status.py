"""Where requests stand, in a line or a row each, and who has the next step."""

from dataclasses import replace
from datetime import timedelta

import pytest
from inline_snapshot import snapshot

from bot.contracts.message import Message
from bot.contracts.model import CarrierFiling, Kind, State
from bot.requests.status import requests_table, since_when, status_line, who_acts
from tests.given import MONDAY, a_request
from tests.reading import in_both, line, shown, views

NOW = MONDAY + timedelta(minutes=65)
VIEWS = views(NOW)


def test_a_line_for_each_state() -> None:
    assert [line(status_line(VIEWS["en"], a_request(state))) for state in State] == snapshot(
        [
            "#17 signature 速达物流 at aliyun: draft since today 10:00",
            "⏳ #17 signature 速达物流 at aliyun: waiting for approval since today 10:00",
            "⏳ #17 signature 速达物流 at aliyun: queued since today 10:00",
            "⏳ #17 signature 速达物流 at aliyun: being sent since today 10:00",
            "⚠️ #17 signature 速达物流 at aliyun: unknown since today 10:00",
            "⏳ #17 signature 速达物流 at aliyun: in review since today 10:00, expected today 12:00",
            "✅ #17 signature 速达物流 at aliyun: approved, not ready yet since today 10:00",
            "✅ #17 signature 速达物流 at aliyun: ready since today 10:00",
            "❌ #17 signature 速达物流 at aliyun: rejected since today 10:00",
            "❌ #17 signature 速达物流 at aliyun: not sent since today 10:00",
            "#17 signature 速达物流 at aliyun: withdrawn since today 10:00",
            "❌ #17 signature 速达物流 at aliyun: disabled since today 10:00",
            "#17 signature 速达物流 at aliyun: deleted since today 10:00",
            "#17 signature 速达物流 at aliyun: cancelled since today 10:00",
        ]
    )
    assert [line(status_line(VIEWS["zh"], a_request(state))) for state in State] == snapshot(
        [
            "#17 签名 速达物流（aliyun）草稿，自今天 10:00 起",
            "⏳ #17 签名 速达物流（aliyun）待批准，自今天 10:00 起",
            "⏳ #17 签名 速达物流（aliyun）排队中，自今天 10:00 起",
            "⏳ #17 签名 速达物流（aliyun）提交中，自今天 10:00 起",
            "⚠️ #17 签名 速达物流（aliyun）结果未知，自今天 10:00 起",
            "⏳ #17 签名 速达物流（aliyun）审核中，自今天 10:00 起，预计今天 12:00 前",
            "✅ #17 签名 速达物流（aliyun）已通过，尚不可用，自今天 10:00 起",
            "✅ #17 签名 速达物流（aliyun）可用，自今天 10:00 起",
            "❌ #17 签名 速达物流（aliyun）未通过，自今天 10:00 起",
            "❌ #17 签名 速达物流（aliyun）未提交，自今天 10:00 起",
            "#17 签名 速达物流（aliyun）已撤回，自今天 10:00 起",
            "❌ #17 签名 速达物流（aliyun）已停用，自今天 10:00 起",
            "#17 签名 速达物流（aliyun）已删除，自今天 10:00 起",
            "#17 签名 速达物流（aliyun）已取消，自今天 10:00 起",
        ]
    )


def test_a_line_says_when_it_was_expected_and_no_time_that_is_not_known() -> None:
    late = a_request(at=MONDAY - timedelta(days=3))
    assert line(status_line(VIEWS["en"], late)) == snapshot(
        "⏳ #17 signature 速达物流 at aliyun: in review since Fri 27 Feb 10:00, expected since Fri 27 Feb 12:00"
    )
    assert "expected" not in line(status_line(VIEWS["en"], a_request(account="gone")))
    assert "without a name" in line(status_line(VIEWS["en"], a_request(State.DRAFT, name="")))


def test_a_table() -> None:
    rows = [a_request(State.READY, number=2), a_request(State.WITHDRAWN, number=1, at=MONDAY - timedelta(days=400))]
    assert in_both(lambda view: Message(("Requests",), blocks=(requests_table(view, rows),)), NOW) == snapshot("""\
Requests
No. | Account | Name | State | Since
#2 | aliyun | 速达物流 | ✅ ready | today 10:00
#1 | aliyun | 速达物流 | withdrawn | Sun 26 Jan 2025 10:00

Requests
编号 | 账号 | 名称 | 状态 | 起始时间
#2 | aliyun | 速达物流 | ✅ 可用 | 今天 10:00
#1 | aliyun | 速达物流 | 已撤回 | 2025年1月26日 周日 10:00
""")


def test_a_draft_without_a_name_is_called_so_in_a_line_and_in_a_table() -> None:
    draft = a_request(State.DRAFT, name="")
    for code, called in (("en", "without a name"), ("zh", "未命名")):
        assert called in line(status_line(VIEWS[code], draft))
        assert (called,) in requests_table(VIEWS[code], [draft]).rows[0]


def test_since_when_and_who_is_next() -> None:
    assert "\n".join(
        shown(Message((code,), blocks=(since_when(view, a_request()),))) for code, view in VIEWS.items()
    ) == snapshot("""\
en
Since today 10:00 (1 h 5 min). Waits for: the reviewers of aliyun.

zh
自今天 10:00 起（1 小时 5 分）。等待：aliyun 的审核人员。
""")


WHO = {
    State.DRAFT: ("submitter", "submitter"),
    State.AWAITING_APPROVAL: ("an approver", "审批人"),
    State.QUEUED: ("me", "我"),
    State.SUBMITTING: ("me", "我"),
    State.UNKNOWN: ("submitter", "submitter"),
    State.IN_REVIEW: ("the reviewers of aliyun", "aliyun 的审核人员"),
    State.APPROVED: ("the carriers", "运营商"),
    State.READY: ("nobody, it is done", "无，已完成"),
    State.REJECTED: ("submitter", "submitter"),
    State.FAILED: ("submitter", "submitter"),
    State.WITHDRAWN: ("submitter", "submitter"),
    State.DISABLED: ("submitter", "submitter"),
    State.DELETED: ("nobody, it is done", "无，已完成"),
    State.CANCELLED: ("nobody, it is done", "无，已完成"),
}


@pytest.mark.parametrize("state", State)
def test_who_has_the_next_step(state: State) -> None:
    assert (who_acts(VIEWS["en"], a_request(state)), who_acts(VIEWS["zh"], a_request(state))) == WHO[state]


def test_who_has_it_depends_on_what_is_known() -> None:
    assert who_acts(VIEWS["en"], a_request(State.UNKNOWN, next_look_at=MONDAY)) == "me"
    assert who_acts(VIEWS["en"], a_request(State.APPROVED, values={"international": "true"})) == "aliyun"
    waiting, failed = CarrierFiling("mobile", "waiting"), CarrierFiling("unicom", "failed", "资料不符")
    assert who_acts(VIEWS["en"], a_request(State.APPROVED, filings=(waiting,))) == "the carriers"
    assert who_acts(VIEWS["en"], a_request(State.APPROVED, filings=(waiting, failed))) == "submitter"


def test_people_are_called_as_the_configuration_names_them() -> None:
    named = replace(VIEWS["en"], names={"slack:U1": "Li Wei"})
    one = a_request(State.REJECTED, submitter="slack:T1/U1", submitter_name="liwei")
    assert who_acts(named, one) == "Li Wei"
    assert who_acts(VIEWS["en"], one) == "liwei"
    assert who_acts(VIEWS["en"], replace(one, submitter_name="")) == "U1"


def test_a_draft_without_a_name_is_known_by_how_its_text_begins() -> None:
    text = "您的验证码是${code}，5分钟内有效，请勿泄露给任何人。"
    draft = a_request(State.DRAFT, kind=Kind.TEMPLATE, name="", values={"content": text})
    assert "template “您的验证码是${code}，5分钟内有效…” at aliyun: draft" in line(status_line(VIEWS["en"], draft))
    assert "signature without a name" in line(status_line(VIEWS["en"], a_request(State.DRAFT, name="")))


@pytest.mark.parametrize("hours", range(0, 96, 3))
def test_late_is_what_was_expected_before_now_over_nights_and_weekends(hours: int) -> None:
    request = a_request(at=NOW - timedelta(hours=hours))
    expected = VIEWS["en"].expected(request)
    assert expected is not None
    assert VIEWS["en"].late(request) is (expected <= NOW)


def test_what_was_not_submitted_or_has_no_account_any_more_is_never_late() -> None:
    old = a_request(at=NOW - timedelta(days=30))
    assert VIEWS["en"].late(old)
    assert not VIEWS["en"].late(replace(old, submitted_at=None))
    assert not VIEWS["en"].late(replace(old, account="gone"))
