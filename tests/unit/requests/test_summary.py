"""What was prepared, what is missing and what is wrong with it, as a reader of either language sees it."""

from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest
from inline_snapshot import snapshot

from bot.contracts.fields import Fault, Field, Problem
from bot.contracts.message import Line
from bot.contracts.model import Paper, Words
from bot.contracts.vendor import Option
from bot.contracts.vocabulary import (
    CONTENT,
    INTERNATIONAL,
    LINK,
    NAME,
    PAPER,
    QUALIFICATION,
    REMARK,
    SAMPLE,
    SOURCE,
    SOURCES,
    TYPE,
)
from bot.requests.prepare import Prepared
from bot.requests.summary import (
    SHOWN_CHARACTERS,
    lacking_lines,
    merged_missing,
    problem_lines,
    shown_value,
    summary,
)
from bot.wording.language import Language
from bot.wording.problems import labelled
from tests.reading import CHINESE, ENGLISH, line

HERE = (NAME, SOURCE, QUALIFICATION, PAPER, REMARK, INTERNATIONAL)
THERE = (replace(NAME, label=Words("Sign", "签名内容")), SOURCE, LINK)
REORDERED = replace(SOURCE, choices=SOURCE.choices[::-1])
FEWER = replace(SOURCE, choices=(SOURCES["app"], SOURCES["company"]))


def item(
    account: str, *, missing: tuple[Field, ...] = (), problems: tuple[Problem, ...] = (), **more: object
) -> Prepared:
    bare = Prepared(account, {}, {}, problems, missing)
    return replace(bare, **more)  # type: ignore[arg-type]


def both(worded: Callable[[Language], tuple[Line, ...]]) -> list[str]:
    """The lines of either language, the English first."""
    return [line(said) for language in (ENGLISH, CHINESE) for said in worded(language)]


# --- Everything that will be submitted ---------------------------------------------------------------------------------

FILLED: Mapping[str, str] = {"name": "速达物流", "source": "company", "remark": "官网\n在用", "international": "false"}
LICENCE = {"paper": (Paper("licence.png", b"", "image/png"), Paper("more.png", b"", "image/png"))}


def test_one_account_with_everything() -> None:
    one = item("aliyun", values={**FILLED, "qualification": "1"}, papers=LICENCE, defaulted=("remark",))
    assert both(lambda language: summary(language, [one], {"aliyun": HERE})) == snapshot(
        [
            "**Accounts**: aliyun",
            "**Name**: 速达物流",
            "**Source of the name**: company name",
            "**Qualification**: 1",
            "**Papers**: licence.png, more.png",
            "**Note to the reviewer**: 官网 在用 (filled in)",
            "**For numbers outside the mainland**: no",
            "**账号**：aliyun",
            "**名称**：速达物流",
            "**签名来源**：企业名称",
            "**资质**：1",
            "**证明文件**：licence.png、more.png",
            "**说明**：官网 在用（自动填写）",
            "**国际短信**：否",
        ]
    )


def test_what_accounts_share_is_said_once_and_the_rest_of_whom() -> None:
    here = item("aliyun", values=FILLED)
    there = item("tencent", values={"name": "速达物流", "source": "app", "link": "https://suda.example"})
    fields = {"aliyun": HERE, "tencent": THERE}
    assert both(lambda language: summary(language, [here, there], fields)) == snapshot(
        [
            "**Accounts**: aliyun, tencent",
            "**Name**: 速达物流",
            "**Source of the name** (aliyun): company name",
            "**Source of the name** (tencent): app",
            "**Note to the reviewer** (aliyun): 官网 在用",
            "**For numbers outside the mainland** (aliyun): no",
            "**Link** (tencent): https://suda.example",
            "**账号**：aliyun、tencent",
            "**名称**：速达物流",
            "**签名来源**（aliyun）：企业名称",
            "**签名来源**（tencent）：应用",
            "**说明**（aliyun）：官网 在用",
            "**国际短信**（aliyun）：否",
            "**链接**（tencent）：https://suda.example",
        ]
    )


def test_a_family_has_a_line_for_each_placeholder() -> None:
    one = item("aliyun", values={"type": "otp", "content": "${a} ${b}", "sample.b": "2", "sample.a": "1"})
    assert both(lambda language: summary(language, [one], {"aliyun": (TYPE, CONTENT, SAMPLE)})) == snapshot(
        [
            "**Accounts**: aliyun",
            "**Kind of text**: verification code",
            "**Text**: ${a} ${b}",
            "**Sample value b**: 2",
            "**Sample value a**: 1",
            "**账号**：aliyun",
            "**模板类型**：验证码",
            "**内容**：${a} ${b}",
            "**变量示例 b**：2",
            "**变量示例 a**：1",
        ]
    )


@pytest.mark.parametrize(
    ("field", "value", "english", "chinese"),
    [
        (SOURCE, "company", "company name", "企业名称"),
        (SOURCE, "planet", "planet", "planet"),
        (INTERNATIONAL, "true", "yes", "是"),
        (INTERNATIONAL, "false", "no", "否"),
        (REMARK, " a \n b ", "a b", "a b"),
        (REMARK, "a" * SHOWN_CHARACTERS, "a" * SHOWN_CHARACTERS, "a" * SHOWN_CHARACTERS),
        (REMARK, "a" * 200, "a" * (SHOWN_CHARACTERS - 1) + "…", "a" * (SHOWN_CHARACTERS - 1) + "…"),
        (None, "x", "x", "x"),
    ],
)
def test_a_value_as_people_read_it(field: Field | None, value: str, english: str, chinese: str) -> None:
    assert (shown_value(ENGLISH, field, value), shown_value(CHINESE, field, value)) == (english, chinese)


def test_what_a_field_is_called() -> None:
    assert labelled(ENGLISH, SAMPLE, "sample.code") == "Sample value code"
    assert labelled(CHINESE, SAMPLE, "sample.code") == "变量示例 code"
    assert labelled(CHINESE, REMARK, "remark") == "说明"
    assert labelled(ENGLISH, REMARK, "remark") == "Note to the reviewer"


# --- Missing -----------------------------------------------------------------------------------------------------------


def test_each_field_once_in_the_order_to_ask() -> None:
    items = [item("aliyun", missing=(SOURCE, PAPER)), item("tencent", missing=(LINK, FEWER))]
    assert [field.key for field in merged_missing(items)] == ["source", "paper", "link"]


def test_what_is_missing_and_where() -> None:
    options = (("qualification", (Option("1", "速达科技"), Option("2", "旧", usable=False))),)
    items = [
        item("aliyun", missing=(SOURCE, QUALIFICATION), options=options),
        item("tencent", missing=(REORDERED, PAPER)),
        item("ucloud", missing=(FEWER,)),  # one question all the same, with what all of them take
    ]
    assert both(lambda language: lacking_lines(language, items, several=True)) == snapshot(
        [
            "aliyun, tencent, ucloud: Source of the name: `source=` one of company, app",
            "aliyun: Qualification: `qualification=` one of 1",
            "tencent: Papers: `paper=` a file (jpg, png, up to 4 MB). The business licence or the certificate that proves the name.",
            "aliyun、tencent、ucloud：签名来源：`来源=` 可选 企业名称、应用",
            "aliyun：资质：`资质=` 可选 1",
            "tencent：证明文件：`证明=` 文件（jpg、png，不超过 4 MB）。营业执照或可证明名称的证书。",
        ]
    )
    assert both(lambda language: lacking_lines(language, items[:1], several=False)) == snapshot(
        [
            "Source of the name: `source=` one of company, app, website, account, trademark, government",
            "Qualification: `qualification=` one of 1",
            "签名来源：`来源=` 可选 企业名称、应用、网站、公众号或小程序、商标、政府机关或事业单位",
            "资质：`资质=` 可选 1",
        ]
    )


# --- Wrong -------------------------------------------------------------------------------------------------------------


def wrong(field: Field, fault: Fault, value: str = "x") -> Problem:
    return Problem(field.key, fault, value, field)


def test_whoever_minds_is_named_where_not_all_do() -> None:
    items = [
        item("aliyun", problems=(wrong(SOURCE, Fault.NOT_A_CHOICE, "planet"), wrong(REMARK, Fault.TOO_LONG))),
        item(
            "tencent", problems=(wrong(REORDERED, Fault.NOT_A_CHOICE, "planet"), wrong(LINK, Fault.NOT_A_LINK, "suda"))
        ),
    ]
    assert both(lambda language: problem_lines(language, items, several=True)) == snapshot(
        [
            "`source`: “planet” is none of these: company, app, website, account, trademark, government",
            "aliyun: `remark` is too long: at most 200 characters.",
            "tencent: `link`: “suda” is not a web address; it begins with http:// or https://.",
            "`来源`：“planet”不在可选范围内：企业名称、应用、网站、公众号或小程序、商标、政府机关或事业单位",
            "aliyun：`说明`：太长，最多 200 个字符。",
            "tencent：`链接`：“suda”不是网址；网址以 http:// 或 https:// 开头。",
        ]
    )


def test_limits_that_differ_are_two_problems() -> None:
    items = [
        item("aliyun", problems=(wrong(REMARK, Fault.TOO_LONG),)),
        item("tencent", problems=(wrong(replace(REMARK, max_length=50), Fault.TOO_LONG),)),
    ]
    assert both(lambda language: problem_lines(language, items, several=True)) == snapshot(
        [
            "aliyun: `remark` is too long: at most 200 characters.",
            "tencent: `remark` is too long: at most 50 characters.",
            "aliyun：`说明`：太长，最多 200 个字符。",
            "tencent：`说明`：太长，最多 50 个字符。",
        ]
    )


@pytest.mark.parametrize(("several", "english"), [(True, "aliyun: "), (False, "")])
def test_one_account_is_named_where_there_are_more(several: bool, english: str) -> None:
    only = [item("aliyun", problems=(wrong(INTERNATIONAL, Fault.NOT_A_FLAG, "?"),))]
    (said,) = problem_lines(ENGLISH, only, several=several)
    assert line(said) == f"{english}`international`: “?” is neither true nor false."


@pytest.mark.parametrize("fault", Fault)
def test_every_fault_has_words_in_both_languages(fault: Fault) -> None:
    only = [item("aliyun", problems=(replace(wrong(PAPER, fault, "file.png"), nearest="paper"),))]
    english, chinese = both(lambda language: problem_lines(language, only, several=False))
    assert english != chinese
    assert "{" not in english + chinese
