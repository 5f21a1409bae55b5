"""The example explains every key there is and no other, and can be used as it stands, also with everything switched on."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from bot.running.config import LISTS, TABLES, parse, secrets_of
from integrations.alibaba.config import Account as AlibabaAccount
from integrations.tencent.config import Account as TencentAccount
from integrations.ucloud.config import Account as UcloudAccount

ACCOUNTS: Mapping[str, type[BaseModel]] = {
    "alibaba": AlibabaAccount,
    "tencent": TencentAccount,
    "ucloud": UcloudAccount,
}
EXAMPLE = (Path(__file__).parents[3] / "config.example.toml").read_text(encoding="utf-8")
EVERYTHING = re.sub(r"^#(?=[a-z\[])", "", EXAMPLE, flags=re.MULTILINE)
ENVIRON = {name: f"value-of-{name}" for name in re.findall(r'"env:(\w+)"', EXAMPLE)}


def nested(annotation: object) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from nested(part)


def keys_of(model: type[BaseModel]) -> set[str]:
    keys = set()
    for name, field in model.model_fields.items():
        keys.add(name)
        for inner in nested(field.annotation):
            keys |= {f"{name}.{key}" for key in keys_of(inner)}
    return keys


def keys_in(table: Mapping[str, Any], model: type[BaseModel]) -> set[str]:
    keys = set(table)
    for name, field in model.model_fields.items():
        for inner in nested(field.annotation):
            keys |= {f"{name}.{key}" for key in keys_in(table.get(name, {}), inner)}
    return keys


def tables_of(key: str) -> list[Mapping[str, Any]]:
    raw = tomllib.loads(EVERYTHING)
    return raw.get(key, []) if key in LISTS else [raw.get(key, {})]


def test_the_tables_are_the_ones_there_are() -> None:
    assert set(tomllib.loads(EVERYTHING)) == {*TABLES, *LISTS, "account"}


@pytest.mark.parametrize("key", [*TABLES, *LISTS])
def test_every_key_of_a_table_is_explained_and_no_other(key: str) -> None:
    model = (TABLES | LISTS)[key]
    explained = set().union(*(keys_in(table, model) for table in tables_of(key)))
    assert explained == keys_of(model)


@pytest.mark.parametrize("vendor", ACCOUNTS)
def test_every_key_of_an_account_is_explained_and_no_other(vendor: str) -> None:
    model = ACCOUNTS[vendor]
    tables = [table for table in tomllib.loads(EVERYTHING)["account"] if table["vendor"] == vendor]
    assert set().union(*(keys_in(table, model) for table in tables)) == keys_of(model)


@pytest.mark.parametrize("model", [*TABLES.values(), *LISTS.values(), *ACCOUNTS.values()])
def test_every_key_says_what_it_is(model: type[BaseModel]) -> None:
    for inner in (model, *(inner for field in model.model_fields.values() for inner in nested(field.annotation))):
        assert [name for name, field in inner.model_fields.items() if not field.description] == []


@pytest.mark.parametrize("text", [EXAMPLE, EVERYTHING], ids=["as it stands", "everything on"])
def test_the_example_can_be_used(text: str, tmp_path: Path) -> None:
    settings = parse(text, accounts=ACCOUNTS, environ=ENVIRON, base=tmp_path)
    assert [account.name for account in settings.accounts] == ["aliyun", "tencent", "ucloud"]
    assert set(secrets_of(settings)) == {
        ENVIRON[name] for name in re.findall(r'"env:(\w+)"', re.sub(r"(?m)^#.*", "", text))
    }


def test_a_setting_that_is_switched_off_shows_its_default(tmp_path: Path) -> None:
    settings = parse(EXAMPLE, accounts=ACCOUNTS, environ=ENVIRON, base=tmp_path)
    full = parse(EVERYTHING, accounts=ACCOUNTS, environ=ENVIRON, base=tmp_path)
    assert (settings.slack, settings.dingtalk) == (full.slack, full.dingtalk)
    examples = {"defaults", "package", "test_numbers", "push_token", "token", "security_token"}
    for as_it_stands, with_everything in zip(settings.accounts, full.accounts, strict=True):
        dumps = [
            account.model_dump(exclude=examples)
            for account in (as_it_stands, with_everything)
            if isinstance(account, BaseModel)
        ]
        assert dumps[0] == dumps[1]
