"""From what was typed to what one account would get: everything that is wrong or missing, all at once."""

from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.contracts.fields import Choice, Fault, Field, FieldType, When
from bot.contracts.model import Attachment, Kind, Words
from bot.contracts.papers import Inspected
from bot.contracts.vendor import Option
from bot.contracts.vocabulary import (
    CONTENT,
    INTERNATIONAL,
    LETTER,
    LINK,
    NAME,
    PAPER,
    PURPOSE,
    QUALIFICATION,
    REMARK,
    SAMPLE,
    SIGN,
    SOURCE,
    TYPE,
    VARIABLE_KIND,
)
from bot.requests.inspection import inspect
from bot.requests.prepare import Prepared, Typed, prepare, unknown_keys, with_reference
from tests.given import a_request
from tests.made_files import png

SIGNATURE = (
    NAME,
    SOURCE,
    PURPOSE,
    QUALIFICATION,
    replace(PAPER, required=When("source", ("company", "trademark")), max_files=2),
    replace(LETTER, or_id=True),
    LINK,
    replace(REMARK, max_length=10),
    INTERNATIONAL,
)
TEMPLATE = (NAME, TYPE, CONTENT, SIGN, SAMPLE, VARIABLE_KIND, REMARK)
PNG = png()


def read(
    *typed: tuple[str, str],
    kind: Kind = Kind.SIGNATURE,
    fields: tuple[Field, ...] = (),
    files: Mapping[str, tuple[Attachment, ...]] | None = None,
    defaults: Mapping[str, str] | None = None,
) -> Prepared:
    """What one account would get of what was typed, the name among it."""
    declared = fields or (TEMPLATE if kind is Kind.TEMPLATE else SIGNATURE)
    return prepare(
        "aliyun",
        kind,
        declared,
        typed=typed,
        files={
            key: tuple(Inspected(file, *inspect(file.content)) for file in given)
            for key, given in (files or {}).items()
        },
        defaults=defaults or {},
    )


def text(*typed: tuple[str, str]) -> Prepared:
    """The same for a template."""
    return read(("name", "登录"), ("type", "otp"), *typed, kind=Kind.TEMPLATE)


def faults(item: Prepared) -> list[tuple[str, Fault, str]]:
    return [(problem.key, problem.fault, problem.value) for problem in item.problems]


def missing(item: Prepared) -> list[str]:
    return [field.key for field in item.missing]


# --- Values ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "value", "canonical", "kept"),
    [
        ("name", " 速达物流 ", "name", "速达物流"),
        ("source", "company", "source", "company"),
        ("来源", "企业", "source", "company"),
        ("SOURCE", "Company Name", "source", "company"),
        ("ｓｏｕｒｃｅ", "公司", "source", "company"),
        ("用途", "他用", "purpose", "other"),
        ("international", "是", "international", "true"),
        ("国际短信", "no", "international", "false"),
        ("资质", "8563", "qualification", "8563"),
        ("网址", " https://suda.example/app ", "link", "https://suda.example/app"),
        ("说明", "官网\n在用", "remark", "官网\n在用"),
        ("授权书", "5101", "letter", "5101"),  # the vendor has it already, under this id
    ],
)
def test_what_was_typed_is_kept_as_the_record_has_it(key: str, value: str, canonical: str, kept: str) -> None:
    item = read((key, value))
    assert item.values[canonical] == kept
    assert item.problems == ()
    assert canonical not in (*missing(item), *item.defaulted)


@pytest.mark.parametrize(
    ("key", "value", "fault"),
    [
        ("source", "planet", Fault.NOT_A_CHOICE),
        ("来源", "行星", Fault.NOT_A_CHOICE),
        ("international", "perhaps", Fault.NOT_A_FLAG),
        ("link", "suda.example", Fault.NOT_A_LINK),
        ("link", "ftp://suda.example", Fault.NOT_A_LINK),
        ("remark", "说" * 11, Fault.TOO_LONG),
        ("qualification", "8563\n1", Fault.BAD_CHARACTERS),
        ("remark", "a\u202eb", Fault.BAD_CHARACTERS),
    ],
)
def test_what_is_wrong_is_told_as_it_was_typed_and_not_kept(key: str, value: str, fault: Fault) -> None:
    item = read((key, value))
    assert faults(item) == [(key, fault, value)]
    field = item.problems[0].field
    assert field is not None
    assert item.values.get(field.key, field.default) == field.default
    assert field.key not in missing(item)
    assert item.blocked
    assert not item.complete


def test_everything_that_is_wrong_is_told_at_once() -> None:
    item = read(("source", "planet"), ("link", "suda"), ("international", "?"), files={"paper": ()})
    assert [fault for _, fault, _ in faults(item)] == [Fault.NOT_A_CHOICE, Fault.NOT_A_LINK, Fault.NOT_A_FLAG]


def test_a_value_shown_with_a_problem_is_short() -> None:
    assert len(read(("link", "x" * 400)).problems[0].value) == 60


def test_the_last_word_counts() -> None:
    assert read(("source", "company"), ("来源", "app")).values["source"] == "app"


def test_an_empty_value_clears_what_stood_before_it() -> None:
    item = read(("remark", "官网"), ("source", "company"), ("说明", " "), ("来源", ""))
    assert "remark" not in item.values
    assert "source" not in item.values
    assert "source" in missing(item)
    assert item.problems == ()


def test_an_empty_name_is_asked_for() -> None:
    assert missing(read(("name", "")))[0] == "name"


def test_what_belongs_to_another_account_is_passed_over() -> None:
    item = read(("name", "速达"), ("document", "营业执照"), ("source", "company"))
    assert item.problems == ()
    assert "document" not in item.values
    assert item == read(("name", "速达"), ("source", "company"))


def test_a_path_typed_for_a_file_is_no_value() -> None:
    item = read(("paper", "licence.png"), ("letter", "letter.png"), ("purpose", "other"), ("source", "company"))
    assert not {"paper", "letter"} & item.values.keys()
    assert {"paper", "letter"} <= set(missing(item))


# --- Where nothing was typed -------------------------------------------------------------------------------------------


def test_the_accounts_defaults_are_told_and_the_vendors_own_are_not() -> None:
    item = read(defaults={"source": "company", "remark": "官网"})
    assert {key: item.values[key] for key in ("source", "remark", "purpose", "international")} == {
        "source": "company",
        "remark": "官网",
        "purpose": "self",
        "international": "false",
    }
    assert item.defaulted == ("source", "remark")


def test_an_accounts_default_goes_before_the_vendors_own() -> None:
    item = read(defaults={"purpose": "other"})
    assert (item.values["purpose"], item.defaulted) == ("other", ("purpose",))


@pytest.mark.parametrize(("purpose", "kept"), [("other", "5101"), ("self", None)])
def test_no_default_for_what_is_not_asked_for(purpose: str, kept: str | None) -> None:
    assert read(("purpose", purpose), defaults={"letter": "5101"}).values.get("letter") == kept


def test_a_default_may_be_the_right_one_only_for_some() -> None:
    licence = Choice("licence", Words("licence", "营业执照"), only=When("source", ("company",)))
    document = Field("document", Words("Document", "证件"), Words("", ""), FieldType.CHOICE, choices=(licence,))
    fields = (*SIGNATURE, document)
    assert read(("source", "company"), fields=fields, defaults={"document": "licence"}).values["document"] == "licence"
    assert "document" not in read(("source", "app"), fields=fields, defaults={"document": "licence"}).values


def test_a_file_that_was_given_goes_before_a_default_id() -> None:
    item = read(("purpose", "other"), files={"letter": (Attachment("l.png", PNG),)}, defaults={"letter": "5101"})
    assert "letter" not in item.values
    assert [paper.name for paper in item.papers["letter"]] == ["l.png"]


# --- Files -------------------------------------------------------------------------------------------------------------


def test_files_are_examined_each_and_what_is_good_is_kept() -> None:
    given = (Attachment("licence.png", PNG), Attachment("login.png", b"<html>"))
    item = read(("source", "company"), files={"paper": given})
    assert faults(item) == [("paper", Fault.FILE_WRONG_TYPE, "login.png")]
    assert [(paper.name, paper.media_type) for paper in item.papers["paper"]] == [("licence.png", "image/png")]
    assert "paper" not in missing(item)


@pytest.mark.parametrize(
    ("name", "content", "fault"),
    [
        ("licence.png", b"", Fault.FILE_EMPTY),
        ("licence.pdf", b"%PDF-1.7", Fault.FILE_WRONG_TYPE),
        ("licence.png", PNG + b"\0" * 4 * 1024 * 1024, Fault.FILE_TOO_LARGE),
    ],
)
def test_a_file_that_will_not_do(name: str, content: bytes, fault: Fault) -> None:
    item = read(("source", "company"), files={"paper": (Attachment(name, content),)})
    assert faults(item) == [("paper", fault, name)]
    assert "paper" not in missing(item)


def test_too_many_files_are_told_once_and_none_of_them_is_kept() -> None:
    item = read(("source", "company"), files={"paper": (Attachment("a.png", PNG),) * 3})
    assert faults(item) == [("paper", Fault.TOO_MANY_FILES, "3")]
    assert item.papers == {}


def test_files_of_another_accounts_field_are_passed_over() -> None:
    item = read(files={"consent": (Attachment("a.png", PNG),), "remark": (Attachment("b.png", PNG),)})
    assert (item.papers, item.problems) == ({}, ())


# --- Missing -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ((), ["name", "source", "qualification"]),
        ((("name", "速达"),), ["source", "qualification"]),
        ((("qualification", "1"), ("source", "company")), ["name", "paper"]),
        ((("qualification", "1"), ("source", "app")), ["name"]),
        ((("purpose", "other"), ("source", "trademark")), ["name", "qualification", "paper", "letter"]),
        ((("purpose", "other"), ("letter", "5101")), ["name", "source", "qualification"]),
    ],
)
def test_what_is_missing_comes_in_the_order_to_ask(typed: Typed, wanted: list[str]) -> None:
    item = read(*typed)
    assert missing(item) == wanted
    assert item.problems == ()
    assert [item.lacks(key) for key in wanted] == [True] * len(wanted)
    assert not item.lacks("link")


def test_it_can_be_sent_when_nothing_is_missing_or_wrong() -> None:
    item = read(("name", "速达"), ("source", "app"), ("qualification", "1"))
    assert item.complete
    assert not replace(item, twin=a_request()).complete  # this very thing stands already


def test_the_only_reference_is_filled_in_and_told() -> None:
    before = read(("name", "速达"), ("source", "app"), defaults={"remark": "官网"})
    options = (Option("1", "速达科技"), Option("2", "旧", usable=False))
    before = replace(before, options=(("qualification", options),))
    assert before.usable("qualification") == (options[0],)
    assert before.usable("sign") == ()
    after = with_reference(before, "qualification", "1")
    assert after.complete
    assert (after.values["qualification"], after.defaulted) == ("1", ("remark", "qualification"))


# --- Placeholders ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "wrong"),
    [
        ("您的验证码 ${code}", []),
        ("第 ${1} 次 ${code}", ["${1}"]),
        ("${验证码} ${a-b} ${验证码}", ["${验证码}", "${a-b}"]),
        ("您的验证码 {code}", ["{code}"]),
        ("${} {}", ["${}", "{}"]),
    ],
)
def test_placeholders_that_no_vendor_takes_or_that_would_be_sent_as_they_are(content: str, wrong: list[str]) -> None:
    assert faults(text(("content", content))) == [("content", Fault.BAD_FORM, shown) for shown in wrong]


@pytest.mark.parametrize(("family", "alias"), [("sample", "示例"), ("kind", "属性")])
def test_a_family_has_one_value_for_each_placeholder_of_the_text(family: str, alias: str) -> None:
    content = ("content", "${code} ${Name}")
    item = text(content, (f"{alias}.code", "1234"), (f"{family}.Name", "a"))
    assert item.problems == ()
    assert {f"{family}.code": "1234", f"{family}.Name": "a"}.items() <= item.values.items()
    item = text(content, (f"{alias}.other", "1"), (f"{family}.name", "2"))
    assert faults(item) == [
        (f"{family}.other", Fault.NO_SUCH_PLACEHOLDER, "other"),
        (f"{family}.name", Fault.NO_SUCH_PLACEHOLDER, "name"),
    ]


def test_without_a_text_there_is_nothing_to_say_of_its_placeholders() -> None:
    item = text(("sample.code", "1234"))
    assert item.problems == ()
    assert missing(item) == ["content"]


def test_only_a_template_has_placeholders() -> None:
    assert read(("remark", "{code}")).problems == ()


# --- Keys that nobody knows --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "nearest"),
    [("sourse", "source"), ("remarks", "remark"), ("资质号", "资质"), ("colour", "")],
)
def test_a_key_that_no_account_knows_is_told_with_the_nearest(key: str, nearest: str) -> None:
    (problem,) = unknown_keys(((key, "x"), ("source", "y")), [SIGNATURE, TEMPLATE])
    assert (problem.key, problem.fault, problem.value, problem.nearest) == (key, Fault.UNKNOWN_KEY, "x", nearest)


def test_a_key_that_one_account_knows_is_known() -> None:
    assert unknown_keys((("source", "x"), ("content", "y"), ("示例.code", "1")), [SIGNATURE, TEMPLATE]) == ()


# --- Always ------------------------------------------------------------------------------------------------------------

GOOD = {
    "name": ("速达物流", "A"),
    "source": ("company", "企业", "app", "商标"),
    "purpose": ("self", "他用"),
    "qualification": ("1", "8563"),
    "letter": ("5101",),
    "link": ("https://suda.example",),
    "remark": ("官网", "x"),
    "international": ("是", "false"),
}
BAD = {"source": ("planet",), "link": ("suda",), "remark": ("说" * 11,), "international": ("?",), "name": ("a\u202eb",)}
EMPTY = ("", " ")
DEFAULTS = st.fixed_dictionaries(
    {},
    optional={
        "source": st.sampled_from(["company", "app"]),
        "purpose": st.sampled_from(["self", "other"]),
        "remark": st.just("默认"),
        "qualification": st.just("77"),
        "letter": st.just("99"),
    },
)
FILES = st.fixed_dictionaries(
    {},
    optional={
        "paper": st.lists(st.sampled_from([Attachment("a.png", PNG), Attachment("b.png", b"")]), max_size=3).map(tuple),
        "letter": st.just((Attachment("l.png", PNG),)),
    },
)


def said(*more: Mapping[str, tuple[str, ...]]) -> st.SearchStrategy[list[tuple[str, str]]]:
    """Pairs of different keys in any order, with values of these tables."""
    words = {key: [word for table in more for word in table.get(key, ())] for table in more for key in table}
    pairs = st.fixed_dictionaries({}, optional={key: st.sampled_from(values) for key, values in words.items()})
    return pairs.flatmap(lambda chosen: st.permutations(list(chosen.items())))


@given(said(GOOD, BAD, dict.fromkeys(GOOD, EMPTY)), FILES, DEFAULTS)
def test_nothing_is_both_missing_and_there_or_at_fault(
    typed: list[tuple[str, str]], files: dict[str, tuple[Attachment, ...]], defaults: dict[str, str]
) -> None:
    item = read(*typed, files=files, defaults=defaults)
    at_fault = {problem.field.key for problem in item.problems if problem.field is not None}
    there = {key for key, value in item.values.items() if value} | {
        key for key, papers in item.papers.items() if papers
    }
    assert not set(missing(item)) & (at_fault | there)
    needed = {field.key for field in SIGNATURE if field.needed(item.values)}
    assert set(missing(item)) == needed - at_fault - there
    assert missing(item) == [field.key for field in SIGNATURE if field.key in missing(item)]
    assert item.complete == (not at_fault and needed <= there)


@given(said(GOOD), DEFAULTS)
def test_what_was_typed_wins_over_a_default(typed: list[tuple[str, str]], defaults: dict[str, str]) -> None:
    item = read(*typed, defaults=defaults)
    alone = read(*typed)
    keys = {key for key, _ in typed}
    assert {key: item.values[key] for key in keys} == {key: alone.values[key] for key in keys}
    assert not keys & set(item.defaulted)
    assert {key: item.values[key] for key in item.defaulted} == {key: defaults[key] for key in item.defaulted}


@given(said(GOOD, BAD).flatmap(lambda typed: st.tuples(st.just(typed), st.permutations(typed))), DEFAULTS)
def test_the_order_of_different_keys_does_not_matter(
    orders: tuple[list[tuple[str, str]], list[tuple[str, str]]], defaults: dict[str, str]
) -> None:
    one, other = (read(*typed, defaults=defaults) for typed in orders)
    assert sorted(faults(one)) == sorted(faults(other))
    assert replace(one, problems=()) == replace(other, problems=())


@given(said(GOOD, BAD), st.data())
def test_an_alias_says_the_same_as_its_key(typed: list[tuple[str, str]], data: st.DataObject) -> None:
    known = {field.key: field for field in SIGNATURE}
    spelled = [
        (key if key == "name" else data.draw(st.sampled_from((key, *known[key].aliases))), value)
        for key, value in typed
    ]
    one, other = read(*typed), read(*spelled)
    assert one.values == other.values
    assert missing(one) == missing(other)
    assert [fault for _, fault, _ in faults(one)] == [fault for _, fault, _ in faults(other)]
