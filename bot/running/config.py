"""The configuration file: TOML in, a `Configuration` out, or every problem at once.

A problem is one line that begins with the key's path: `bot.language: should be 'en' or 'zh'`. A table that has a name is
called by it (`account.tencent.secret_key`), one that has none by its place, counted from one (`conversation[2].topics`).
No line ever carries the value of a secret.
"""

import difflib
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from errno import ENOENT
from pathlib import Path
from typing import Any

from pydantic import BaseModel, Field, SecretStr

from bot.contracts.characters import odd_width
from bot.contracts.errors import SignpostError
from bot.contracts.fields import fold
from bot.contracts.hours import parse_hours
from bot.contracts.model import Role
from bot.contracts.settings import (
    Account,
    Alerts,
    Bot,
    Calendar,
    Conversation,
    Digest,
    Escalation,
    Group,
    Oncall,
    Person,
    Policy,
    Poll,
    Rule,
    Settings,
)
from bot.contracts.values import TOPICS, name_problem
from bot.running.config_tables import Reading, key_path, kinds_of, tidied, unknown
from bot.running.config_text import faults
from integrations.dingtalk.config import DingTalk
from integrations.slack.config import Slack

TABLES: Mapping[str, type[BaseModel]] = {
    "bot": Bot,
    "slack": Slack,
    "dingtalk": DingTalk,
    "policy": Policy,
    "alerts": Alerts,
    "digest": Digest,
    "poll": Poll,
    "calendar": Calendar,
}

LISTS: Mapping[str, type[BaseModel]] = {
    "conversation": Conversation,
    "person": Person,
    "group": Group,
    "rule": Rule,
    "oncall": Oncall,
    "escalation": Escalation,
}

_ALWAYS = ("bot", "policy", "alerts", "digest", "poll", "calendar")  # left out, they have their defaults

_RESERVED = ("all", "全部", *TOPICS)  # words that stand where an account's name can stand

_UNIQUE = (
    ("account", "name"),
    ("person", "name"),
    ("person", "slack"),
    ("person", "dingtalk"),
    ("conversation", "platform", "id"),
    ("group", "slack"),
    ("rule", "name"),
    ("oncall", "name"),
)


class Configuration(Settings):
    """The whole file, checked: what the program is told, and the tables of its chats."""

    slack: Slack | None = Field(default=None, description="The Slack app.")
    dingtalk: DingTalk | None = Field(default=None, description="The DingTalk app.")


class ConfigError(SignpostError):
    """The configuration cannot be used.

    Args:
        problems: all that is wrong, one line each, beginning with the key's path.
        read: what could be read all the same, to look for what else is wrong; never to work with.
    """

    def __init__(self, problems: tuple[str, ...], read: Configuration | None = None) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems
        self.read = read


def load(path: Path, *, accounts: Mapping[str, type[BaseModel]], environ: Mapping[str, str]) -> Configuration:
    """Read a configuration file.

    Args:
        path: the file; what it names relatively is looked for beside it.
        accounts: vendor → the model of its accounts.
        environ: where `env:NAME` looks.

    Raises:
        ConfigError: with every problem.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
        if text.count("\0") > len(text) // 4:  # UTF-16 without its mark
            raise ConfigError((f"{path}: is not UTF-8 text; save it as UTF-8",))
    except OSError as error:
        hint = (
            "; say signpost init, copy config.example.toml there, or name another file with --config"
            if error.errno == ENOENT
            else ""
        )
        raise ConfigError((f"{path}: cannot be read: {error.strerror}{hint}",)) from None
    except UnicodeDecodeError:
        raise ConfigError((f"{path}: is not UTF-8 text; save it as UTF-8",)) from None
    except ValueError:  # a NUL in the name
        raise ConfigError((f"{key_path(str(path))}: is no name of a file",)) from None
    return parse(text, accounts=accounts, environ=environ, base=path.absolute().parent)


def parse(
    text: str, *, accounts: Mapping[str, type[BaseModel]], environ: Mapping[str, str], base: Path
) -> Configuration:
    """Read the text of a configuration file.

    Args:
        text: TOML.
        accounts: vendor → the model of its accounts.
        environ: where `env:NAME` looks.
        base: the folder that relative paths start from.

    Raises:
        ConfigError: with every problem.
    """
    raw = tidied(_toml(text, (*TABLES.values(), *LISTS.values(), *accounts.values())))
    reading = Reading(environ, base)
    for key in raw.keys() - TABLES.keys() - LISTS.keys() - {"account"}:
        reading.blame(key_path(key), unknown(key, (*TABLES, *LISTS, "account")))

    tables = {key: reading.table(key, TABLES[key], raw.get(key, {})) for key in TABLES if key in raw or key in _ALWAYS}
    rows = {key: reading.named(key, raw.get(key, [])) for key in ("account", *LISTS)}
    read_accounts = _accounts(reading, rows["account"], accounts)
    _check_account_names(reading, rows["account"], accounts.keys())
    _check_hours(reading, rows["account"])

    # What a conversation leaves out it has from the rest of the file.
    fill: dict[str, object] = {"accounts": [account.name for account in read_accounts]}
    if isinstance(bot := tables["bot"], Bot):
        fill["language"] = bot.language
    lists = {
        key: [reading.table(path, model, fill | row if key == "conversation" else row) for path, row in rows[key]]
        for key, model in LISTS.items()
    }
    for key, *unique in _UNIQUE:
        _unique(reading, rows[key], *unique)
    _check_references(reading, rows)

    if reading.problems:
        lines = reading.lines()
        raise ConfigError(lines, _as_far_as_sound(reading, raw, rows, accounts, fill))
    return Configuration.model_validate(
        {key: table for key, table in tables.items() if table is not None}
        | {key: tuple(models) for key, models in lists.items()}
        | {"account": tuple(read_accounts)}
    )


def _as_far_as_sound(
    reading: Reading,
    raw: Mapping[str, Any],
    rows: Mapping[str, list[tuple[str, dict[str, Any]]]],
    accounts: Mapping[str, type[BaseModel]],
    fill: Mapping[str, object],
) -> Configuration:
    """What is read without what is wrong in it; every table in its place, for they are called by their number."""
    tables: dict[str, Any] = {
        key: reading.sound(key, model, raw.get(key, {}))
        for key, model in TABLES.items()
        if key in raw or key in _ALWAYS
    }
    for key, model in LISTS.items():
        found = ((path, {**fill, **row} if key == "conversation" else row) for path, row in rows[key])
        tables[key] = tuple(reading.sound(path, model, row) for path, row in found)
    known = ((path, accounts.get(str(row.get("vendor"))), row) for path, row in rows["account"])
    tables["account"] = tuple(reading.sound(path, model, row) for path, model, row in known if model is not None)
    return Configuration.model_construct(**{key: table for key, table in tables.items() if table is not None})


def unused(settings: Settings) -> tuple[str, ...]:
    """What is configured and does nothing, or cannot work; nobody should rely on a protection that is not there."""
    notes = [*_nobody_approves(settings)]
    if not settings.bot.http_listen:
        notes += [
            f"account.{one.name}.push_token does nothing while bot.http_listen is empty"
            for one in settings.accounts
            if one.push_token is not None
        ]
    return tuple(notes)


NOBODY_APPROVES = "policy.second_person: nobody who may approve is named, so what waits can only expire; give somebody the role approver"


def _nobody_approves(settings: Settings) -> tuple[str, ...]:
    """What needs a second person where there cannot be one."""
    if not settings.policy.second_person:
        return ()
    open_to_others = any(one.role >= Role.APPROVER for one in settings.groups) or any(
        one.default_role >= Role.APPROVER for one in settings.conversations
    )
    named = len(settings.who_may(Role.APPROVER))
    if open_to_others:
        return ()
    if not named:
        return (NOBODY_APPROVES,)
    if named < settings.policy.quorum:
        return (f"policy.quorum is {settings.policy.quorum}, and only {named} may approve: what waits can only expire",)
    return ()


def secrets_of(settings: Configuration) -> tuple[str, ...]:
    """The values of all secrets, for the redaction of the log."""
    models: list[object] = [settings.slack, settings.dingtalk, *settings.accounts]
    return tuple(dict.fromkeys(secret for model in models for secret in _secret_values(model)))


def _secret_values(value: object) -> Iterator[str]:
    if isinstance(value, SecretStr):
        if value.get_secret_value():
            yield value.get_secret_value()
    elif isinstance(value, BaseModel):
        for _, inner in value:
            yield from _secret_values(inner)
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _secret_values(inner)
    elif isinstance(value, list | tuple | set | frozenset):
        for inner in value:
            yield from _secret_values(inner)


def _toml(text: str, models: Iterable[type[BaseModel]]) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(faults(text, str(error), _plain_keys(models))) from None
    except (ValueError, RecursionError):
        raise ConfigError(("not TOML: a number or a nesting too long to read",)) from None


def _plain_keys(models: Iterable[type[BaseModel]]) -> frozenset[str]:
    """The keys that never hold a secret in any table."""
    plain: set[str] = set()
    secret = {"ics"}  # the addresses of calendars carry their key
    for model in models:
        for name, field in model.model_fields.items():
            kinds = set(kinds_of(field.annotation))
            holds = SecretStr in kinds or any(issubclass(kind, BaseModel) for kind in kinds)
            (secret if holds else plain).add(field.alias or name)
    return frozenset(plain - secret)


def _accounts(
    reading: Reading, tables: list[tuple[str, dict[str, Any]]], models: Mapping[str, type[BaseModel]]
) -> list[Account]:
    read: list[Account] = []
    for path, table in tables:
        vendor = table.get("vendor")
        model = models.get(vendor) if isinstance(vendor, str) else None
        if model is None:
            known = ", ".join(models)
            near = _vendor_meant(vendor, models)
            wrong = f"unknown vendor; did you mean {near}?" if near else f"unknown vendor; known: {known}"
            reading.blame(f"{path}.vendor", "is missing" if vendor is None else wrong)
            continue
        account = reading.table(path, model, table)
        if isinstance(account, Account):
            read.append(account)
        elif account is not None:
            raise TypeError(f"{model.__name__} lacks what every account has")
    return read


_SPELLED = {
    "aliyun": "alibaba",
    "阿里云": "alibaba",
    "阿里": "alibaba",
    "腾讯": "tencent",
    "腾讯云": "tencent",
    "优刻得": "ucloud",
}
"""What people call the vendors, where it is not near to the word of the file."""


def _vendor_meant(vendor: object, known: Iterable[str]) -> str:
    """The vendor that was meant; empty where nobody can tell."""
    if not isinstance(vendor, str):
        return ""
    word = _SPELLED.get(fold(vendor), fold(vendor))
    began = next((one for one in known if word.startswith(one)), "")
    return began or next(iter(difflib.get_close_matches(word, list(known), n=1, cutoff=0.7)), "")


def _check_account_names(reading: Reading, tables: list[tuple[str, dict[str, Any]]], vendors: AbstractSet[str]) -> None:
    for path, table in tables:
        name, where = table.get("name"), f"{path}.name"
        if where in reading.problems:
            continue
        if not isinstance(name, str):
            reading.blame(where, "is missing" if name is None else 'should be text in quotes, "like this"')
        elif fold(name) in _RESERVED or (fold(name) in vendors and table.get("vendor") in vendors - {fold(name)}):
            reading.blame(where, "is a reserved word")
        elif wrong := name_problem(name):
            reading.blame(where, wrong)


def _check_hours(reading: Reading, tables: list[tuple[str, dict[str, Any]]]) -> None:
    """Here for all vendors: `bot.contracts.hours` alone knows how hours are written."""
    for path, table in tables:
        text = table.get("review_hours")
        if isinstance(text, str) and text and not odd_width(text):
            try:
                parse_hours(text)
            except ValueError as error:
                reading.blame(f"{path}.review_hours", str(error))


def _unique(reading: Reading, rows: list[tuple[str, dict[str, Any]]], *keys: str) -> None:
    """No two tables of an array have the same value (or values) here; compared as people type."""
    seen: set[tuple[str, ...]] = set()
    for path, row in rows:
        values = tuple(
            fold(value) if key == "name" else value for key in keys if isinstance(value := row.get(key), str)
        )
        if len(values) < len(keys) or not values[-1]:
            continue
        if values in seen:
            reading.blame(f"{path}.{keys[-1]}", "stands in another of these tables already")
        seen.add(values)


def _check_references(reading: Reading, rows: Mapping[str, list[tuple[str, dict[str, Any]]]]) -> None:
    """What names something else names something that is there; looked up in the raw tables, broken ones included."""
    names = {
        key: [name for _, row in rows[key] if isinstance(name := row.get("name"), str)]
        for key in ("account", "person", "oncall")
    }

    def known(path: str, key: str, name: str) -> None:
        if name not in names[key]:
            near = difflib.get_close_matches(name, names[key], n=1)
            hint = f"; did you mean {near[0]}?" if near else ""
            reading.blame(path, f"no [[{key}]] is called {key_path(name)}{hint}")

    for path, row in rows["conversation"]:
        for index, name in _texts(row.get("accounts")):
            known(f"{path}.accounts[{index}]", "account", name)
    for path, row in rows["rule"]:
        if isinstance(name := row.get("account"), str) and name:
            known(f"{path}.account", "account", name)
    for path, row in rows["oncall"]:
        for index, name in _texts(row.get("rotation")):
            known(f"{path}.rotation[{index}]", "person", name)
    for path, row in rows["escalation"]:
        for index, target in _texts(row.get("notify")):
            kind, colon, name = (part.strip() for part in target.partition(":"))
            if colon and name and kind in ("person", "oncall", "next"):
                known(f"{path}.notify[{index}]", "person" if kind == "person" else "oncall", name)


def _texts(values: object) -> Iterator[tuple[int, str]]:
    for index, value in enumerate(values if isinstance(values, list) else [], 1):
        if isinstance(value, str):
            yield index, value
