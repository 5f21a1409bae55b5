"""What the declarations let through, and what an account's configuration changes about them."""

from datetime import timedelta

import pytest
from pydantic import SecretStr, ValidationError

from bot.contracts.fields import Fault, Field, FieldType, canonical_key, check_value, field_for
from bot.contracts.hours import Hours
from bot.contracts.model import Kind, State
from bot.contracts.vendor import FilingView, LookUp
from integrations.alibaba.config import Account, Unconfirmed
from integrations.alibaba.declared import (
    PUBLISHED_HOURS,
    SIGNATURE_FIELDS,
    TEMPLATE_FIELDS,
    capabilities,
    declared,
)

KEYS = {"name": "aliyun", "access_key_id": "id", "access_key_secret": "secret"}


def field(kind: Kind, key: str) -> Field:
    found = field_for(key, declared(kind))
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("速达科技", None),
        ("SudaTech2", None),
        ("速", Fault.TOO_SHORT),
        ("一二三四五六七八九十一二三", Fault.TOO_LONG),
        ("123456", Fault.BAD_FORM),
        ("速达 科技", Fault.BAD_FORM),
        ("【速达】", Fault.BAD_FORM),
        ("速达,科技", Fault.BAD_FORM),
        ("速达\u200b科技", Fault.BAD_CHARACTERS),
    ],
)
def test_names_of_signatures(name: str, fault: Fault | None) -> None:
    _, problem = check_value(field(Kind.SIGNATURE, "name"), "name", name)
    assert (problem.fault if problem else None) == fault


def test_sources_of_names() -> None:
    source = field(Kind.SIGNATURE, "source")
    assert {choice.word: choice.code for choice in source.choices} == {
        "company": 0,
        "government": 0,
        "trademark": 5,
        "app": 2,
    }
    assert check_value(source, "source", "企业")[0] == "company"
    _, problem = check_value(source, "source", "网站")  # withdrawn by the vendor in 2025
    assert problem is not None
    assert problem.fault is Fault.NOT_A_CHOICE


@pytest.mark.parametrize(
    ("values", "needed"),
    [
        ({"source": "company", "purpose": "self"}, {"name", "source", "purpose", "qualification"}),
        ({"source": "company", "purpose": "other"}, {"name", "source", "purpose", "qualification", "letter"}),
        ({"source": "trademark", "purpose": "self"}, {"name", "source", "purpose", "qualification", "trademark"}),
        ({"source": "app", "purpose": "self"}, {"name", "source", "purpose", "qualification", "icp_record", "link"}),
    ],
)
def test_a_signature_needs(values: dict[str, str], needed: set[str]) -> None:
    assert {one.key for one in SIGNATURE_FIELDS if one.needed(values)} == needed


@pytest.mark.parametrize(
    ("values", "needed"),
    [
        ({"type": "otp"}, {"name", "type", "content", "sign"}),
        ({"type": "promo"}, {"name", "type", "content", "sign", "paper"}),
        ({"type": "notice", "international": "false"}, {"name", "type", "content", "sign"}),
        ({"type": "notice", "international": "true"}, {"name", "type", "content"}),
    ],
)
def test_a_template_needs(values: dict[str, str], needed: set[str]) -> None:
    assert {one.key for one in TEMPLATE_FIELDS if one.needed(values)} == needed


def test_families_and_terms() -> None:
    kind = field(Kind.TEMPLATE, "kind.code")
    assert canonical_key("kind.code", kind) == "kind.code"
    for said in ("numberCaptcha", "数字验证码", "code of digits", "kind.code=numberCaptcha", "属性.code：数字验证码"):
        assert check_value(kind, "kind.code", said) == ("numberCaptcha", None), said
    assert check_value(kind, "kind.code", "abc")[1] is not None


def test_a_kind_of_placeholder_that_is_not_known_here_can_be_configured() -> None:
    fields = declared(Kind.TEMPLATE, ("aKindNobodyKnows1", "name"))
    kind = next(one for one in fields if one.key == "kind")
    assert check_value(kind, "kind.code", "aKindNobodyKnows1") == ("aKindNobodyKnows1", None)
    assert len({choice.word for choice in kind.choices}) == len(kind.choices)


def test_terms_are_two_dates() -> None:
    term = field(Kind.SIGNATURE, "letter_term")
    assert check_value(term, "letter_term", "2026-01-01~2027-01-01")[1] is None
    assert check_value(term, "letter_term", "2026/01/01")[1] is not None


@pytest.mark.parametrize("kind", [Kind.SIGNATURE, Kind.TEMPLATE])
def test_every_field_is_declared_well(kind: Kind) -> None:
    fields = declared(kind)
    assert fields[0].key == "name"
    names = [name.casefold() for one in fields for name in (one.key, *one.aliases)]
    assert len(names) == len(set(names))
    for one in fields:
        assert one.label.en
        assert one.label.zh
        assert one.hint.en.endswith((".", "…", "}"))
        assert one.type is not FieldType.CHOICE or one.choices
        assert one.type is not FieldType.FILE or (one.media_types and one.max_bytes)


def test_a_qualification_keeps_its_name_and_ends_with_the_code() -> None:
    assert [field.key for field in declared(Kind.QUALIFICATION)][-1] == "certify_code"
    ability = capabilities().kinds[Kind.QUALIFICATION]
    assert (ability.create, ability.renames) == (True, False)


def test_capabilities() -> None:
    able = capabilities()
    signature, template = able.kinds[Kind.SIGNATURE], able.kinds[Kind.TEMPLATE]
    assert (signature.look_up, template.look_up) == (LookUp.BY_NAME, LookUp.BY_CONTENT)
    assert signature.update_in == {State.REJECTED, State.APPROVED, State.READY}
    assert template.update_in == {State.REJECTED}
    assert State.IN_REVIEW not in signature.delete_in | template.delete_in
    assert not signature.renames
    assert signature.usually == timedelta(hours=2)
    assert (signature.filing, template.filing) == (FilingView.PER_CARRIER, None)
    assert able.hours == PUBLISHED_HOURS == Hours((9, 21), (9, 21), holidays=False, source=PUBLISHED_HOURS.source)


def test_an_account_hides_its_secrets() -> None:
    account = Account(**KEYS, push_token="push-token")
    assert account.access_key_secret == SecretStr("secret")
    assert "secret" not in repr(account).replace("access_key_secret", "")
    assert "push-token" not in repr(account)
    with pytest.raises(ValidationError) as caught:
        Account(**KEYS, access_key="topsecret")
    assert "topsecret" not in str(caught.value)


@pytest.mark.parametrize(
    ("endpoint", "good"),
    [
        ("https://dysmsapi.aliyuncs.com/", True),
        ("http://127.0.0.1:8701", True),
        ("http://dysmsapi.aliyuncs.com", False),
        ("dysmsapi.aliyuncs.com", False),
        ("https://user@example.com", False),
    ],
)
def test_addresses(endpoint: str, good: bool) -> None:
    if good:
        assert Account(**KEYS, endpoint=endpoint).endpoint == endpoint.rstrip("/")
    else:
        with pytest.raises(ValidationError):
            Account(**KEYS, endpoint=endpoint)


def test_at_most_five_test_numbers() -> None:
    with pytest.raises(ValidationError):
        Account(**KEYS, test_numbers=tuple("123456"))


@pytest.mark.parametrize("model", [Account, Unconfirmed])
def test_every_key_is_explained(model: type[Account] | type[Unconfirmed]) -> None:
    assert all(info.description for info in model.model_fields.values())
    if model is Unconfirmed:
        assert all("(Facts " in (info.description or "") for info in model.model_fields.values())
