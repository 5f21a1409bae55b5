"""What a UCloud account says of itself, and what its configuration takes."""

from datetime import date, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from bot.contracts.fields import Fault, Field, FieldType, check_value
from bot.contracts.hours import Hours
from bot.contracts.model import Kind, State, Words
from bot.contracts.vendor import FilingView, LookUp
from bot.contracts.vocabulary import VOCABULARY
from integrations.ucloud.config import Account, Package, Unconfirmed
from integrations.ucloud.declared import (
    CERTIFICATE_TYPES,
    PUBLISHED_HOURS,
    SIGNATURE_SOURCE,
    TEMPLATE_FIELDS,
    capabilities,
    signature_fields,
)

ALL = (*signature_fields(), *TEMPLATE_FIELDS)


def field(key: str, fields: tuple[Field, ...]) -> Field:
    return next(one for one in fields if one.key == key)


def problem(one: Field, value: str) -> Fault | None:
    found = check_value(one, one.key, value)[1]
    return found.fault if found else None


# --- Capabilities ----------------------------------------------------------------------------------------------------


def test_what_can_be_done_in_which_state() -> None:
    can = capabilities()
    assert can.kinds[Kind.SIGNATURE].filing is FilingView.HIDDEN
    assert can.kinds[Kind.TEMPLATE].filing is None
    assert can.hours == Hours((9, 18), None, holidays=False, source=PUBLISHED_HOURS.source)
    assert set(can.kinds) == set(Kind)
    for kind, look_up in ((Kind.SIGNATURE, LookUp.BY_CONTENT), (Kind.TEMPLATE, LookUp.NOT_AT_ALL)):
        ability = can.kinds[kind]
        assert ability.create
        assert ability.look_up is look_up
        assert ability.update_in == {State.REJECTED}
        assert ability.delete_in == {State.READY, State.REJECTED, State.DISABLED}
        assert ability.usually == timedelta(hours=9)
        assert ability.console.startswith("https://console.ucloud.cn/")


def test_a_qualification_is_found_in_the_list_and_changed_when_it_was_rejected() -> None:
    ability = capabilities().kinds[Kind.QUALIFICATION]
    assert (ability.create, ability.look_up) == (True, LookUp.BY_LIST)
    assert ability.update_in == {State.REJECTED, State.WITHDRAWN}
    assert capabilities().kinds[Kind.TEMPLATE].anew_by == "content"


def test_editing_under_review_is_a_setting_and_for_signatures_only() -> None:
    kinds = capabilities(edit_under_review=True).kinds
    assert kinds[Kind.SIGNATURE].update_in == {State.REJECTED, State.IN_REVIEW}
    assert kinds[Kind.TEMPLATE].update_in == {State.REJECTED}


# --- Fields ----------------------------------------------------------------------------------------------------------


def test_the_keys_in_the_order_they_are_asked_for() -> None:
    assert [one.key for one in signature_fields()] == [
        "name",
        "source",
        "purpose",
        "paper",
        "letter",
        "remark",
        "qualification",
        "link",
        "international",
    ]
    assert [one.key for one in TEMPLATE_FIELDS] == ["name", "type", "content", "sample", "remark", "international"]


@pytest.mark.parametrize("one", ALL, ids=lambda one: one.key)
def test_every_field_keeps_the_common_vocabulary(one: Field) -> None:
    common = VOCABULARY[one.key]
    assert (one.type, one.aliases) == (common.type, common.aliases)
    assert {choice.word for choice in one.choices} <= {choice.word for choice in common.choices}
    assert "facts" in one.source
    for words in (one.label, one.hint):
        assert isinstance(words, Words)
        assert words.en
        assert words.zh
        assert "!" not in words.en + words.zh
        assert "！" not in words.zh


def test_only_sources_that_pass_are_offered() -> None:
    assert {choice.word: choice.code for choice in SIGNATURE_SOURCE.choices} == {
        "company": 0,
        "trademark": 4,
        "government": 5,
    }
    assert {int(choice.code) for choice in SIGNATURE_SOURCE.choices} == set(CERTIFICATE_TYPES)
    assert SIGNATURE_SOURCE.choice("企业") is not None
    assert SIGNATURE_SOURCE.choice("网站") is None


@pytest.mark.parametrize("one", [signature_fields()[0], TEMPLATE_FIELDS[0]], ids=["signature", "template"])
@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("优刻得科技股份", None),
        ("Ab_9优", None),
        ("优", Fault.TOO_SHORT),
        ("优刻得科技股份有限公司上海", Fault.TOO_LONG),
        ("【优刻得】", Fault.BAD_FORM),
        ("优刻得 科技", Fault.BAD_FORM),
        ("优刻得-科技", Fault.BAD_FORM),
    ],
)
def test_names_are_two_to_twelve_of_few_characters(one: Field, name: str, fault: Fault | None) -> None:
    assert problem(one, name) == fault


def test_the_papers_a_signature_needs() -> None:
    paper, letter = field("paper", signature_fields()), field("letter", signature_fields())
    for source in ("company", "trademark", "government"):
        assert paper.needed({"source": source})
    assert not letter.needed({"purpose": "self"})
    assert letter.needed({"purpose": "other"})
    for one in (paper, letter):
        assert one.type is FieldType.FILE
        assert one.media_types == ("image/jpeg", "image/png", "application/pdf")
        assert one.max_bytes == 4 * 1024 * 1024
        assert one.max_files == 1


def test_the_reason_is_required_for_a_signature_only() -> None:
    assert field("remark", signature_fields()).needed({})
    remark = field("remark", TEMPLATE_FIELDS)
    assert not remark.needed({})
    assert problem(remark, "注" * 128) is None
    assert problem(remark, "注" * 129) is Fault.TOO_LONG


def test_a_qualification_is_for_domestic_signatures() -> None:
    one = field("qualification", signature_fields(qualification_required=True))
    assert one.needed({})
    assert one.needed({"international": "false"})
    assert not one.needed({"international": "true"})
    assert not field("qualification", signature_fields()).needed({})


def test_the_length_of_a_signature_is_a_setting() -> None:
    assert problem(signature_fields(longest=20)[0], "优刻得科技股份有限公司上海") is None


# --- Configuration ---------------------------------------------------------------------------------------------------

LEAST = {"name": "ucloud", "public_key": "PUBLIC", "private_key": "PRIVATE", "project_id": "org-abc"}


def configured(**changes: Any) -> Account:
    return Account.model_validate({**LEAST, **changes})


def test_the_least_configuration() -> None:
    account = configured()
    assert account.endpoint == "https://api.ucloud.cn"
    assert account.unconfirmed == Unconfirmed()
    assert "PRIVATE" not in repr(account)
    assert "PUBLIC" not in repr(account)


def test_every_key_is_described_and_every_unsure_point_names_its_fact() -> None:
    for model in (Account, Package, Unconfirmed):
        for name, info in model.model_fields.items():
            assert info.description, name
            if model is Unconfirmed:
                assert "(Facts " in info.description, name


def test_the_package_takes_dates_as_toml_and_text_write_them() -> None:
    package = configured(package={"amount": 10000, "since": date(2026, 3, 1), "expires": "2027-02-28"}).package
    assert package == Package(amount=10000, since=date(2026, 3, 1), expires=date(2027, 2, 28))


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"vendor": "tencent"}, "vendor"),
        ({"region": "cn-bj2"}, "region"),
        ({"project_id": ""}, "project_id"),
        ({"endpoint": "http://api.ucloud.cn"}, "endpoint"),
        ({"endpoint": "https://api.ucloud.cn/?a=b"}, "endpoint"),
        ({"endpoint": "https://user@api.ucloud.cn"}, "endpoint"),
        ({"test_numbers": ["13800000000"] * 6}, "test_numbers"),
        ({"package": {"amount": 0, "since": "2026-03-01"}}, "package"),
        ({"package": {"amount": 1, "since": "2026-03-01", "expires": "2026-02-28"}}, "package"),
        ({"unconfirmed": {"file_form": "zip"}}, "unconfirmed"),
        ({"private_key": 5}, "private_key"),
    ],
)
def test_what_is_wrong_is_named_by_its_key_and_shows_no_secret(changes: dict[str, Any], where: str) -> None:
    with pytest.raises(ValidationError) as caught:
        configured(**changes)
    assert [error["loc"][0] for error in caught.value.errors()] == [where]
    assert "PRIVATE" not in str(caught.value)


def test_loopback_may_be_plain() -> None:
    assert configured(endpoint="http://127.0.0.1:8703/").endpoint == "http://127.0.0.1:8703"
