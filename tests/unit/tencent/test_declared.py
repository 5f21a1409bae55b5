import re
from typing import Any

import pytest
from pydantic import ValidationError

from bot.contracts.fields import check_value, field_for
from bot.contracts.model import Kind, State
from bot.contracts.vendor import FilingView, LookUp
from integrations.tencent import declared
from integrations.tencent.config import Account, Unconfirmed

BOTH: list[declared.Site] = ["domestic", "international"]
ACCOUNT: dict[str, Any] = {
    "name": "tencent",
    "vendor": "tencent",
    "secret_id": "AKID-HIDDEN",
    "secret_key": "KEY-HIDDEN",
    "sdk_app_id": "1400000000",
}


def keys(fields: tuple[Any, ...]) -> list[str]:
    return [field.key for field in fields]


def test_the_fields_of_each_site() -> None:
    shared = ["name", "international", "source", "purpose", "document", "paper", "letter", "link", "remark"]
    assert keys(declared.signature_fields("international")) == shared
    assert keys(declared.signature_fields("domestic")) == [*shared[:4], "qualification", *shared[4:]]
    assert keys(declared.template_fields()) == ["name", "international", "type", "content", "sample", "link", "remark"]


def test_codes_of_the_choices() -> None:
    domestic = {field.key: field for field in declared.signature_fields("domestic")}
    abroad = {field.key: field for field in declared.signature_fields("international")}
    types = {field.key: field for field in declared.template_fields()}["type"]
    assert {c.word: c.code for c in domestic["source"].choices} == {
        "company": 0,
        "trademark": 4,
        "government": 5,
        "app": 1,
    }
    assert {c.code for c in abroad["source"].choices} == set(range(7))
    assert sorted(int(c.code) for c in domestic["document"].choices) == [0, 1, 2, 3, 4, 7]
    assert sorted(int(c.code) for c in abroad["document"].choices) == list(range(9))
    assert {c.word: c.code for c in domestic["purpose"].choices} == {"self": 0, "other": 1}
    assert {c.word: c.code for c in types.choices} == {"otp": 3, "notice": 2, "promo": 1}


@pytest.mark.parametrize("site", BOTH)
def test_no_two_choices_or_keys_go_by_one_name(site: declared.Site) -> None:
    for fields in (declared.signature_fields(site), declared.template_fields()):
        names = [name for field in fields for name in (field.key, *field.aliases)]
        assert len(names) == len(set(names))
        for field in fields:
            words = [word for choice in field.choices for word in {choice.word, *choice.aliases, choice.label.zh}]
            assert len(words) == len(set(words)), field.key


def test_the_qualification_is_asked_for_mainland_signatures_only() -> None:
    field = field_for("资质", declared.signature_fields("domestic"))
    assert field is not None
    assert field.needed({})
    assert field.needed({"international": "false"})
    assert not field.needed({"international": "true"})
    assert check_value(field, "qualification", "8563") == ("8563", None)
    problem = check_value(field, "qualification", "QF-1")[1]
    assert problem is not None
    assert field.pattern_says is not None


def test_the_letter_is_asked_for_others_only() -> None:
    field = field_for("letter", declared.signature_fields("domestic"))
    assert field is not None
    assert field.needed({"purpose": "other"})
    assert not field.needed({"purpose": "self"})


def test_every_document_that_fits_can_be_chosen() -> None:
    for site in BOTH:
        fields = {field.key: field for field in declared.signature_fields(site)}
        offered = {choice.word for choice in fields["document"].choices}
        for source in fields["source"].choices:
            assert set(declared.DOCUMENTS_OF_SOURCE[source.word]) <= offered


def test_capabilities() -> None:
    able = declared.capabilities("domestic")
    for kind in (Kind.SIGNATURE, Kind.TEMPLATE):
        ability = able.kinds[kind]
        assert ability.create
        assert ability.look_up is LookUp.BY_LIST
        assert ability.update_in == {State.IN_REVIEW, State.REJECTED}
        assert ability.delete_in == {State.IN_REVIEW, State.APPROVED, State.READY, State.REJECTED}
    qualification = able.kinds[Kind.QUALIFICATION]
    assert not qualification.create
    assert qualification.instead is not None
    assert "实名资质管理" in qualification.instead.zh
    assert qualification.console == "https://console.cloud.tencent.com/smsv2/enterprise"
    assert able.kinds[Kind.SIGNATURE].filing is FilingView.ONE_STATE
    assert qualification.filing is None
    assert (able.hours.monday_to_friday, able.hours.saturday_sunday, able.hours.holidays) == ((9, 21), (9, 18), False)


def test_the_international_site_has_no_qualifications() -> None:
    able = declared.capabilities("international", delete_in_review=False)
    assert able.kinds[Kind.QUALIFICATION].instead == declared.NO_QUALIFICATION_NEEDED
    assert State.IN_REVIEW not in able.kinds[Kind.SIGNATURE].delete_in


def test_texts_read_well() -> None:
    for site in BOTH:
        for field in (*declared.signature_fields(site), *declared.template_fields()):
            for text in (field.label, field.hint, *(choice.label for choice in field.choices)):
                assert text.en
                assert re.search(r"[一-鿿]", text.zh)
                assert not re.search(r"[!！]", text.en + text.zh)


# --- Configuration ---------------------------------------------------------------------------------------------------


def test_an_account_in_its_shortest_form() -> None:
    account = Account(**ACCOUNT)
    assert account.endpoint == "https://sms.tencentcloudapi.com"
    assert account.region == "ap-guangzhou"
    assert account.site == "domestic"
    assert account.unconfirmed == Unconfirmed()
    assert "HIDDEN" not in f"{account!r} {account}"


def test_every_key_is_described() -> None:
    for model in (Account, Unconfirmed):
        for name, field in model.model_fields.items():
            assert field.description, name


def test_each_site_has_its_own_address() -> None:
    assert Account(**ACCOUNT).endpoint == "https://sms.tencentcloudapi.com"
    assert Account(**ACCOUNT, site="international").endpoint == "https://sms.intl.tencentcloudapi.com"
    regional = "https://sms.ap-singapore.tencentcloudapi.com"
    assert Account(**ACCOUNT, site="international", endpoint=regional).endpoint == regional


@pytest.mark.parametrize(
    "changes",
    [
        {"unknown": 1},
        {"sdk_app_id": "app"},
        {"site": "moon"},
        {"site": "international", "endpoint": "https://sms.tencentcloudapi.com"},
        {"endpoint": "https://sms.intl.tencentcloudapi.com"},
        {"sender_id": "two words"},
        {"endpoint": "sms.tencentcloudapi.com"},
        {"endpoint": "http://sms.tencentcloudapi.com"},
        {"endpoint": "https://sms.tencentcloudapi.com/path"},
        {"test_numbers": ["1", "2", "3", "4", "5", "6"]},
        {"unconfirmed": {"rate_share": 0}},
        {"unconfirmed": {"unknown": 1}},
    ],
)
def test_what_an_account_may_not_say(changes: dict[str, Any]) -> None:
    with pytest.raises(ValidationError) as caught:
        Account(**(ACCOUNT | changes))
    assert "HIDDEN" not in str(caught.value)
