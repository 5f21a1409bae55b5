"""Punctuation, brackets, slashes and width around our own words: they never count."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.commands.parsing import is_command
from tests.unit.commands.parsed import ROUTER, understood
from tests.unit.commands.spoken import VOCABULARY

SAME = {
    "status #17": """
        : status #17|, status #17|：status #17|， 状态 #17|/status #17|／状态 #17|、状态 #17|\\status #17|＼状态 #17|÷状态 #17
        status: #17|状态：#17|状态： #17|status, #17|状态，#17|状态。#17|status #17?|状态 #17？|状态#17！|status #17.|状态 #17。
        status #17!|status #17...|状态 #17……|status（#17）|status (#17)|状态（＃17）|status(#17)|状态【17】|status #１７|ｓｔａｔｕｓ ＃１７
        status №17|状态№17|status no. 17|status # 17|状态 17号|状态 第17号|/sms: status #17|、sms 状态：#17？|@sms".status #17
        > status #17|• 状态 #17|- status #17|Status: #17.|/sms, status: (#17)!|◦ status #17|● 状态 #17|→ status #17|» status #17
        “status #17”|"status #17"|‘status #17’|「状态 #17」|『状态 #17』|（状态 #17）|(status #17)|【状态 #17】|《状态 #17》|[status #17]|<status #17>
        `status #17`|```status #17```|**status** #17|*status* #17|_status_ #17|__status__ #17|status `#17`|状态 “#17”|状态「＃１７」
        ╱status #17|⧸status #17|/sms/status #17|/sms_status #17|/sms-status #17|sms status #17|SMS: status #17|sms：状态 #17
        stat\u200bus #17|状态\ufffc #17|状态 #17\ufffc|st\u034fatus #17|status\u3164#17|status\u2800#17|status #17\ufe0f|status #1\ufe0f7|\ufeffstatus #17|status\u2005#17
    """,
    "ack A1 on it": """
        ack A1: on it|ack A1, on it|ack A1 : on it|ack（A1） on it|ack Ａ１：on it|ack a1. on it|/ack #A1 - on it|认领 A1：on it|认领：A1，on it|ack `A1` on it
    """,
    "quota aliyun": "quota: aliyun|额度：阿里云|quota aliyun?|额度 阿里云？|额度阿里云！|quota (aliyun)|额度（阿里云）|quota, aliyun.|quota `aliyun`|quota ali\u00adyun",
    "status mine": "status mine?|状态 我的？|状态：我的|状态我的。|status: mine!|状态（我的）",
    "sign list aliyun": "sign list: aliyun|sign: list aliyun|签名：列表 阿里云|签名列表：阿里云。|签名，列表，阿里云|sign list aliyun?|sign-list aliyun|sign_list aliyun|sign/list aliyun|/sms_sign_list aliyun|签名·列表 阿里云|签名-列表 阿里云|签名→列表 阿里云",
}
SPELLINGS = [
    (one.strip(), plain)
    for plain, spelled in SAME.items()
    for line in spelled.strip().splitlines()
    for one in line.split("|")
    if "@sms" not in one and " - " not in one and one.strip()
]


@pytest.mark.parametrize(("typed", "plain"), SPELLINGS)
def test_the_same_is_said(typed: str, plain: str) -> None:
    odd, usual = understood(typed), understood(plain)
    assert odd.declaration is usual.declaration
    assert (odd.numbers, odd.alerts, odd.accounts, odd.words, odd.text) == (
        usual.numbers,
        usual.alerts,
        usual.accounts,
        usual.words,
        usual.text,
    )


@pytest.mark.parametrize("answer", ["“状态”", "「历史」", "(status)", "“签名 提交”", "sms 通知"])
def test_what_is_quoted_answers_a_question(answer: str) -> None:
    assert not is_command(answer, ROUTER, VOCABULARY)


@pytest.mark.parametrize(
    "slip",
    [
        "quota alyun",
        "额度 阿理云",
        "ack A1x",
        "status 17x",
        "状态 #一七1",
        "ack all, A3",
        "ack A1 or A2",
        "аck A1",
        "stаtus",
    ],
)
def test_a_slip_in_a_command_is_no_answer_to_a_question(slip: str) -> None:
    """Else it would be taken for the value that is asked, a content for one, and go to a vendor."""
    assert is_command(slip, ROUTER, VOCABULARY)


@pytest.mark.parametrize(
    "answer", ["status of an order", "状态 已更新", "额度 已用完", "认领 您的包裹", "quota is used up"]
)
def test_words_of_ours_may_begin_an_answer(answer: str) -> None:
    assert not is_command(answer, ROUTER, VOCABULARY)


@given(
    before=st.text(st.sampled_from(" :：,，;；.。!！?？/／、\\"), max_size=3),
    between=st.sampled_from([" ", ":", "：", ", ", "，", " : ", "。", "…"]),
    number=st.sampled_from(["#17", "＃17", "#１７", "17", "１７", "№17", "（#17）", "(17)", "【＃１７】"]),
    behind=st.text(st.sampled_from("?？.。!！,，;；:：~～"), max_size=3),
    word=st.sampled_from(["status", "STATUS", "ｓｔａｔｕｓ", "状态", "/sms status", "／ｓｍｓ 状态"]),
)
def test_punctuation_never_counts(before: str, between: str, number: str, behind: str, word: str) -> None:
    text = f"{before}{word}{between}{number}{behind}"
    assert understood(text).numbers == (17,)
    assert is_command(text, ROUTER, VOCABULARY)


@pytest.mark.parametrize(
    "text", ["状态：正常", "历史，文化用品订单", "额度：您的额度已用完", "告警：请尽快处理", "认领：请领取您的包裹"]
)
def test_an_answer_with_a_colon_is_no_command(text: str) -> None:
    assert not is_command(text, ROUTER, VOCABULARY)
