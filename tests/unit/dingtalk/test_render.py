import json
import re
from urllib.parse import unquote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.contracts.message import Code, Commands, Items, Link, Mark, Mention, Message, Quote, Strong, Table, Text
from integrations.dingtalk.render import (
    MOST_PARTS,
    PART_BYTES,
    PART_CHARACTERS,
    TITLE_CHARACTERS,
    clickable,
    fits,
    literal,
    message_link,
    render,
    user_of,
)

APART = "\u200b"
ME = Mention("dingtalk:dingcorp/manager4567", "张三")


def text_of(message: Message, *, language: str = "zh", mentions: bool = True) -> str:
    (part,) = render(message, language=language, mentions=mentions).parts
    return part


def test_a_whole_message() -> None:
    message = Message(
        title=(Strong("#19 签名 速达（腾讯云）"), "未通过 ", ME, " · 1 小时 12 分"),
        mark=Mark.BAD,
        blocks=(
            Quote("签名无法识别主体，\n请提交与资质一致的名称"),
            Text(("一般用", Strong("公司全称"), "。")),
            Items((("中国移动：报备中",), ("中国联通：", Strong("已报备")))),
            Items((("1. ", Strong("来源"), "：1 企业名称"), ("2. ", "说明"))),
            Table(
                ("账号", "状态", "预计"),
                ((("aliyun",), ("审核中",), ("15:40",)), (("tencent",), ("可用",), ("320.50",))),
            ),
            Text(("控制台：", Link("https://console.example/sms?a=1&b=(2)", "短信"))),
            Commands("下一步", ("修改 #19", "签名 提交 tencent 速达物流")),
        ),
    )
    rendered = render(message, language="zh", mentions=True)
    assert rendered.title == "❌ #19 签名 速达（腾讯云）未通过 @张三 · 1 小时 12 分"
    assert rendered.mentioned == ("manager4567",)
    assert rendered.parts == (
        """❌ **#19 签名 速达（腾讯云）** 未通过 @manager4567 · 1 小时 12 分

> 签名无法识别主体，  
> 请提交与资质一致的名称

一般用**公司全称**。

- 中国移动：报备中
- 中国联通：**已报备**

1. **来源**：1 企业名称
2. 说明

- aliyun · 状态：审核中 · 预计：15:40
- tencent · 状态：可用 · 预计：320.50

控制台：[短信](https://console.example/sms?a=1&b=%282%29)

下一步：[修改 #19](dtmd://dingtalkclient/sendMessage?content=%E4%BF%AE%E6%94%B9%20%2319) · `签名 提交 tencent 速达物流`""",  # noqa: W291 -- the two spaces are the line end
    )


def test_without_mentions_the_name_stands_there() -> None:
    message = Message(title=("已通过 ", ME))
    rendered = render(message, language="zh", mentions=False)
    assert rendered.parts == (f"已通过 @{APART}张三",)
    assert rendered.mentioned == ("manager4567",)


def test_people_of_another_chat_are_named() -> None:
    rendered = render(Message(title=("ok ", Mention("slack:T1/U1", "ann"))), language="en", mentions=True)
    assert rendered.parts == (f"ok @{APART}ann",)
    assert rendered.mentioned == ()


@pytest.mark.parametrize(
    ("key", "user"),
    [
        ("dingtalk:corp/manager4567", "manager4567"),
        ("dingtalk:manager4567", "manager4567"),
        ("dingtalk:corp/a b", ""),
        ("dingtalk:corp/](dtmd://x)", ""),
        ("slack:T/U1", ""),
        ("", ""),
    ],
)
def test_who_can_be_mentioned(key: str, user: str) -> None:
    assert user_of(key) == user


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("@all @张三", f"@{APART}all @{APART}张三"),
        (
            "[认领](dtmd://dingtalkclient/sendMessage?content=x)",
            f"［认领］(dtmd:{APART}//dingtalkclient/sendMessage?content=x)",
        ),
        ("https://evil.example", f"https:{APART}//evil.example"),
        ("www.evil.example", f"www{APART}.evil.example"),
        ("**bold** `code` ~~x~~ | a", "∗∗bold∗∗ ˋcodeˋ ～～x～～ ｜ a"),
        ("<font color=#ff0000>x</font>", "＜font color=#ff0000＞x＜/font＞"),
        ("&#64;all &lt;", f"&{APART}#64;all &{APART}lt;"),
        ("SMS_1234 _x_", "SMS_1234 ＿x＿"),
        ("a\u202eb\u200bc\x00d\u2028e", "abcd\ne"),
        ("速达物流，${code}", "速达物流，${code}"),
    ],
)
def test_what_people_write_means_nothing(typed: str, shown: str) -> None:
    assert literal(typed) == shown


def test_lines_that_would_be_markup() -> None:
    message = Message(title=("# head\n- item\n1. one\n--- \n    code\n=== ",))
    assert text_of(message) == "\n\n".join(
        [f"{APART}# head", f"{APART}- item", f"{APART}1. one", f"{APART}---", "code", f"{APART}==="]
    )


def test_parts_do_not_join_into_something_else() -> None:
    assert text_of(Message(title=("看!", Link("https://a.example", "x")))) == "看! [x](https://a.example)"
    assert text_of(Message(title=(Strong("a"), Strong("b")))) == "**a** **b**"
    assert text_of(Message(title=("https:", "//evil.example"))) == f"https:{APART}//evil.example"
    assert text_of(Message(title=(Code("a"), Code("b")))) == "`a` `b`"


def test_links_lead_only_to_the_web() -> None:
    assert text_of(Message(title=(Link("dtmd://x", "点我"),))) == "点我"
    assert text_of(Message(title=(Link("https://a.example/)[x](dtmd://y)", "点"),))).count("](") == 1


@pytest.mark.parametrize(
    ("command", "may"),
    [
        ("状态 #17", True),
        ("认领 A5", True),
        ("暂缓 A5 30m", True),
        ("sign show #3", True),
        ("status", False),
        ("是", False),
        ("删除 #1 confirm", False),
        ("签名 提交 aliyun 速达物流", False),
        ("修改 #17 name=速达", False),
        ("状态 #17\n删除 #18", False),
        ("#17", False),
    ],
)
def test_only_our_own_words_can_be_clicked(command: str, may: bool) -> None:
    assert clickable(command) is may


def test_a_message_link_carries_its_command() -> None:
    link = message_link("状态 #17")
    assert unquote(link.split("content=")[1].rstrip(")")) == "状态 #17"


@settings(deadline=None)
@given(st.text(max_size=300))
def test_nothing_anybody_writes_becomes_markup(typed: str) -> None:
    message = Message(title=(typed,), blocks=(Quote(typed), Items(((typed,),)), Text((Strong(typed), Code(typed)))))
    for part in render(message, language="zh", mentions=True).parts:
        assert not re.search(r"@[^\u200b]", part.replace("\n", " ") + APART)
        assert "](" not in part
        assert "://" not in part
        assert "<" not in part
        assert not re.search(r"^\s*(#|\+ |[0-9]+[.)])", part, re.MULTILINE)


@settings(deadline=None)
@given(
    st.lists(
        st.one_of(
            st.builds(lambda text: Text((text,)), st.text(max_size=5000)),
            st.builds(lambda text: Quote(text), st.text(max_size=5000)),
            st.builds(
                lambda text, count: Items(((text, Strong(text), Code(text)),) * count),
                st.text(max_size=300),
                st.integers(0, 60),
            ),
            st.builds(lambda count: Commands("下一步", (f"状态 #{count}",) * 40), st.integers(0, 10**9)),
        ),
        max_size=8,
    ),
    st.text(max_size=4000),
)
def test_every_part_fits(blocks: list[Text | Quote | Items | Commands], title: str) -> None:
    rendered = render(Message((title,), blocks=tuple(blocks)), language="zh", mentions=True)
    assert 1 <= len(rendered.parts) <= MOST_PARTS
    assert 1 <= len(rendered.title) <= TITLE_CHARACTERS
    for part in rendered.parts:
        assert part
        assert fits(part)
        assert len(part) <= PART_CHARACTERS
        assert len(part.encode()) <= PART_BYTES
        assert len(json.dumps({"title": rendered.title, "text": part}, ensure_ascii=False).encode()) <= 15_000


def test_long_lists_are_cut_between_their_rows() -> None:
    rows = tuple(((f"#{number} 签名 速达物流{number} ", Strong("审核中"), ME),) for number in range(300))
    rendered = render(
        Message(("全部",), blocks=(Items(tuple(line[0] for line in rows)),)), language="zh", mentions=True
    )
    assert len(rendered.parts) > 2
    for number, part in enumerate(rendered.parts, start=1):
        assert number == 1 or part.startswith(f"({number}/{len(rendered.parts)})\n\n")
        assert all(line.startswith(("- ", "(", "全部")) for line in part.split("\n") if line)
    together = "\n".join(rendered.parts)
    assert all(f"#{number} " in together for number in range(300))


def test_links_and_bold_are_never_cut() -> None:
    commands = tuple(f"状态 #{number}" for number in range(200))
    rendered = render(Message(("全部",), blocks=(Commands("下一步", commands),)), language="zh", mentions=True)
    for part in rendered.parts:
        assert (
            part.count("[")
            == part.count("](dtmd://dingtalkclient/sendMessage?content=")
            == part.count(")") - part.count("(") + part.count("](")
        )


def test_what_is_far_too_long_says_so() -> None:
    assert render(Message(("字" * 30_000,)), language="zh", mentions=True).parts[-1].endswith("……（太长，其余未显示）")
    assert (
        render(Message(("word " * 9_000,)), language="en", mentions=True).parts[-1].endswith("the rest is not shown)")
    )
