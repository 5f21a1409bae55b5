"""Pairs that can be meant in two ways: what is between them, what stands within a value, what is said twice."""

import pytest

from bot.commands.command import Mistake, Pairs, Reason
from bot.commands.parsing import parse_pairs
from bot.contracts.vocabulary import VOCABULARY
from bot.desk.answers import Said, understand
from tests.unit.commands.parsed import mistaken, understood
from tests.unit.commands.spoken import KEYS

TWO = (("remark", "订单"), ("资质", "8888"))

BETWEEN = [
    # what people put between two pairs beside a comma
    *(" | ", "|", "｜", " / ", " · ", " • ", " & ", " + ", " - ", " – ", " — ", " -- ", " → ", " ~ ", " and ", " 和 "),
    *("，and ", ", and ", " 以及 ", "，并且 ", "︐", "︔", "،", "؛ ", "\u2028", "\x85", "\v", "\u3000", "\u2005"),
]


@pytest.mark.parametrize("between", BETWEEN)
def test_what_separates_is_no_part_of_the_value_before_it(between: str) -> None:
    assert understood(f"edit #17 remark=订单{between}资质=8888").values == TWO
    assert parse_pairs(f"remark：订单{between}资质：8888", KEYS) == Pairs(TWO)


def test_pairs_look_like_options_to_some() -> None:
    for dashes in ("--", "—", "–", "-"):
        command = understood(f"sign submit tencent 速达 {dashes}source=company {dashes}qualification=8563")
        assert (command.name, command.values) == ("速达", (("source", "company"), ("qualification", "8563")))


@pytest.mark.parametrize("between", [" ", ", ", "，", " 和 "])
def test_a_pair_may_be_copied_with_the_marks_of_code(between: str) -> None:
    command = understood(f'sign submit tencent 速达 `source=company`{between}`remark="订单 通知"`{between}`资质：8563`')
    assert command.name == "速达"
    assert command.values == (("source", "company"), ("remark", "订单 通知"), ("资质", "8563"))


INSIDE = [
    # a known key stands glued behind something that separates for people, not for us: never submitted within the value
    *(f"remark=订单{sign}资质=8888" for sign in "/／·•.!?…~—-&+→)）]】\"'」：\\"),
    *(f"remark：订单{sign}资质：8888" for sign in "/／·•.!?…~—-&+→)）]】」\\"),
    *(f"remark=订单{word}资质=8888" for word in ("", "和", "以及", "，和", "<br>", "\\n")),
    *(f"remark：订单{word}资质：8888" for word in ("和", "以及", "，和", "<br>")),
    *("资质=8888/source=company", "sample.code=1/sample.minutes=5", "链接=https://suda.example/资质=8888"),
    *("remark=资质=8888", "source=company·qualification=8888", "来源：企业/资质：8888"),
]


@pytest.mark.parametrize("typed", INSIDE)
def test_a_pair_within_a_value_is_asked_about(typed: str) -> None:
    assert mistaken(f"edit #17 {typed}").reason is Reason.PAIR_INSIDE
    answered = understand(typed, [], [*VOCABULARY.values()])
    assert isinstance(answered, Mistake)
    assert answered.reason is Reason.PAIR_INSIDE


@pytest.mark.parametrize("value", ["订单/资质=8888", "订单·资质：8888", "订单和资质：8888"])
def test_a_pair_within_a_line_of_a_block_is_asked_about(value: str) -> None:
    answered = understand(f"名称：速达\n说明：{value}", [], [*VOCABULARY.values()])
    assert answered == Mistake(Reason.PAIR_INSIDE, value[value.index("资质") :])


def test_a_pair_within_a_name_is_asked_about() -> None:
    for typed in ("速达/来源=企业", "速达（来源=企业", "速达·来源：企业"):
        assert mistaken(f"sign submit tencent {typed}").word.startswith("来源")


@pytest.mark.parametrize(
    "value",
    [
        "订单的类型：通知",
        "订单（类型：通知）",
        "他说“类型：通知”的",
        "满100减5=优惠",
        "12:30:00",
        "https://a.example/?type=1&source=2",
        "www.a.example/x?type=1",
        "a-b=c",
        "resource=5",
    ],
)
def test_what_people_write_in_words_is_none(value: str) -> None:
    assert parse_pairs(f"remark：{value}", KEYS) == Pairs((("remark", value),))


GOES_ON = "您的快递已到，链接：https://suda.example"
"""The text that goes to phones has commas and colons of its own: it is never cut at them unseen."""


@pytest.mark.parametrize("end", ["", "，类型=通知", " 类型=通知", "\n类型：通知", "。说明：订单", "；备注：无"])
def test_a_content_is_not_cut_at_a_comma_unseen(end: str) -> None:
    assert mistaken(f"template submit ucloud 到件 内容：{GOES_ON}{end}").reason is Reason.PAIR_INSIDE
    assert mistaken(f"edit #17 内容={GOES_ON}{end}").reason is Reason.PAIR_INSIDE
    assert mistaken(f"edit #17 内容：您的快递已到 链接：https://suda.example{end}").reason is Reason.PAIR_INSIDE
    for answer in (f"内容：{GOES_ON}{end}", f"{GOES_ON}{end}", f"名称：到件\n内容：{GOES_ON}{end}"):
        answered = understand(answer, [VOCABULARY["content"]], [*VOCABULARY.values()])
        assert isinstance(answered, Mistake), answer
        assert answered.reason is Reason.PAIR_INSIDE


@pytest.mark.parametrize(
    "typed", ["内容：“{}”，类型：通知", "内容=“{}” 类型=通知", "内容：“{}”\n类型：通知", "类型：通知，内容：“{}”"]
)
def test_a_content_in_quotes_ends_with_them(typed: str) -> None:
    said = dict(understood(f"edit #17 {typed.format(GOES_ON)}").values)
    assert said == {"内容": GOES_ON, "类型": "通知"}
    answered = understand(typed.format(GOES_ON), [], [*VOCABULARY.values()])
    assert isinstance(answered, tuple)
    assert dict(answered[1]) == {"content": GOES_ON, "type": "通知"}


def test_a_content_ends_at_an_equals_sign_and_a_line() -> None:
    for between in ("，类型=通知", "\n类型：通知", "，类型＝通知"):
        assert understood(f"edit #17 内容：您好，再见{between}").values == (("内容", "您好，再见"), ("类型", "通知"))


def test_in_quotes_everything_stays() -> None:
    assert understood("edit #17 remark=“订单/资质=8888”").values == (("remark", "订单/资质=8888"),)


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("edit #17 source=company source=app", "source"),
        ("edit #17 source=company 来源=APP", "来源"),
        ("edit #17 qualification=1，资质：2", "资质"),
        ("edit #17 SOURCE=company Source=app", "source"),
        ("edit #17 sample.code=1 样例.code=2", "样例.code"),
        ("sign submit tencent 速达 name=别的", "name"),
        ("sign submit tencent 速达 source=company\n来源：企业\n名称：别的", "名称"),
        ("send aliyun 登录 13800001234 code=1 code=2", "code"),
        ("history by=mei by=li", "by"),
    ],
)
def test_what_is_said_twice_with_two_values_is_refused(typed: str, key: str) -> None:
    mistake = mistaken(typed)
    assert (mistake.reason, mistake.word) == (Reason.SAID_TWICE, key)


@pytest.mark.parametrize(
    "typed",
    [
        "edit #17 source=company 来源=企业",
        "edit #17 资质=1 资质=1",
        "edit #17 paper=a.png paper=b.png",
        "sign submit tencent 速达 名称=速达",
        "send aliyun 登录 13800001234 name=张三",
        "send aliyun 登录 13800001234 sample.code=1 sample.Code=2",
    ],
)
def test_the_same_twice_is_once(typed: str) -> None:
    assert understood(typed)


@pytest.mark.parametrize(
    "answer", ["来源：企业\n来源：APP", "速达，名称=别的", "source=company, source=app", "说明：一\n说明：二"]
)
def test_an_answer_says_nothing_twice_either(answer: str) -> None:
    answered = understand(answer, [VOCABULARY["name"]], [*VOCABULARY.values()])
    assert isinstance(answered, Mistake)
    assert answered.reason is Reason.SAID_TWICE


@pytest.mark.parametrize("between", [",", "，", ";", "；", "、", ", ", " ", "\n", "， "])
def test_variables_are_separated_as_pairs_are(between: str) -> None:
    command = understood(f"send aliyun 登录 13800001234 code=1234{between}minutes=5")
    assert command.values == (("code", "1234"), ("minutes", "5"))
    assert understood("send aliyun 登录 13800001234 a=1,2;3").values == (("a", "1,2;3"),)
    assert isinstance(understand("速达，来源=企业", [VOCABULARY["name"]], [*VOCABULARY.values()]), tuple)


def test_an_answer_of_values_is_one() -> None:
    answered = understand("说明：订单\n资质：8888", [], [*VOCABULARY.values()])
    assert answered == (Said.VALUES, (("remark", "订单"), ("qualification", "8888")))
