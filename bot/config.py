"""The configuration file: TOML in, `Settings` out, or every problem at once.

A problem is one line that begins with the key's path: `bot.language: should be 'en' or 'zh'`. A table that has a name is
called by it (`account.tencent.secret_key`), one that has none by its place, counted from one (`conversation[2].topics`).
No line ever carries the value of a secret.
"""

import difflib
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, SecretStr, ValidationError

from bot.contracts.errors import SignpostError
from bot.contracts.fields import fold
from bot.contracts.hours import parse_hours
from bot.contracts.settings import (
    Account,
    Alerts,
    Bot,
    Calendar,
    Conversation,
    DingTalk,
    Escalation,
    Group,
    Oncall,
    Person,
    Policy,
    Poll,
    Rule,
    Settings,
    Slack,
)
from bot.contracts.values import NAME_FORM, TOPICS

TABLES: Mapping[str, type[BaseModel]] = {
    "bot": Bot,
    "slack": Slack,
    "dingtalk": DingTalk,
    "policy": Policy,
    "alerts": Alerts,
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

_ALWAYS = ("bot", "policy", "alerts", "poll", "calendar")  # left out, they have their defaults
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
_FILE_LIMIT = 64 * 1024
_PLAIN_KEY = re.compile(r"[A-Za-z0-9_-]+")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_SHORTEST_TO_HIDE = 4
_UNRESOLVED = "unresolved"

M = TypeVar("M", bound=BaseModel)


class ConfigError(SignpostError):
    """The configuration cannot be used.

    Args:
        problems: all that is wrong, one line each, beginning with the key's path.
    """

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def load(path: Path, *, accounts: Mapping[str, type[BaseModel]], environ: Mapping[str, str]) -> Settings:
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
    except OSError as error:
        raise ConfigError((f"{path}: cannot be read: {error.strerror}",)) from None
    except UnicodeDecodeError:
        raise ConfigError((f"{path}: is not UTF-8 text",)) from None
    return parse(text, accounts=accounts, environ=environ, base=path.absolute().parent)


def parse(text: str, *, accounts: Mapping[str, type[BaseModel]], environ: Mapping[str, str], base: Path) -> Settings:
    """Read the text of a configuration file.

    Args:
        text: TOML.
        accounts: vendor → the model of its accounts.
        environ: where `env:NAME` looks.
        base: the folder that relative paths start from.

    Raises:
        ConfigError: with every problem.
    """
    raw = _toml(text)
    reading = _Reading(environ, base)
    for key in raw.keys() - TABLES.keys() - LISTS.keys() - {"account"}:
        reading.blame(_key(key), _unknown(key, (*TABLES, *LISTS, "account")))

    tables = {key: reading.table(key, TABLES[key], raw.get(key, {})) for key in TABLES if key in raw or key in _ALWAYS}
    rows = {key: reading.named(key, raw.get(key, [])) for key in ("account", *LISTS)}
    read_accounts = _accounts(reading, rows["account"], accounts)
    _check_account_names(reading, rows["account"], accounts)
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
        raise ConfigError(reading.lines())
    return Settings.model_validate(
        {key: table for key, table in tables.items() if table is not None}
        | {key: tuple(models) for key, models in lists.items()}
        | {"account": tuple(read_accounts)}
    )


def unused(settings: Settings) -> tuple[str, ...]:
    """What is configured and read, but not acted on yet; nobody should rely on a protection that is not there."""
    notes = []
    if settings.policy.second_person:
        notes.append("policy.second_person is not enforced yet: nothing waits for a second person")
    if settings.oncalls:
        notes.append("[[oncall]] is not used yet: nobody is called")
    if settings.escalations:
        notes.append("[[escalation]] is not used yet: alerts are repeated in the conversations only")
    if settings.bot.public_url:
        notes.append("bot.public_url is not used yet: there are no push receivers")
    return tuple(notes)


def secrets_of(settings: Settings) -> tuple[str, ...]:
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


def _toml(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        message = " ".join(str(error).split())
        found = re.fullmatch(r"(?P<what>.*?) ?\(at (?P<where>.*)\)", message)
        line = f"{found['where']}: {found['what']}" if found else f"not TOML: {message}"
        raise ConfigError((line,)) from None
    except (ValueError, RecursionError):
        raise ConfigError(("not TOML: a number or a nesting too long to read",)) from None


class _Reading:
    """One reading of a file: turns tables into models and collects what is wrong."""

    def __init__(self, environ: Mapping[str, str], base: Path) -> None:
        self.problems: dict[str, list[str]] = {}
        self._environ = environ
        self._base = base
        self._secrets: set[str] = set()

    def blame(self, path: str, what: str) -> None:
        """Note a problem; the same one only once."""
        known = self.problems.setdefault(path, [])
        if what not in known:
            known.append(what)

    def lines(self) -> tuple[str, ...]:
        """The problems in a steady order, each on one line, without any secret."""
        lines = [" ".join(f"{path}: {what}".split()) for path, whats in self.problems.items() for what in whats]
        for secret in sorted(self._secrets, key=len, reverse=True):
            lines = [line.replace(secret, "***") for line in lines]
        return tuple(sorted(lines))

    def named(self, key: str, rows: object) -> list[tuple[str, dict[str, Any]]]:
        """The tables of an array, each with the path it is called by."""
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            self.blame(key, f"should be an array of tables, each begun with [[{key}]]")
            return []
        names = [row.get("name") for row in rows]
        paths = []
        for index, name in enumerate(names, 1):
            plain = isinstance(name, str) and NAME_FORM.fullmatch(name) and names.count(name) == 1
            paths.append(f"{key}.{name}" if plain else f"{key}[{index}]")
        return list(zip(paths, rows, strict=True))

    def table(self, path: str, model: type[M], raw: object) -> M | None:
        """One table as its model; none when something in it is wrong."""
        if not isinstance(raw, dict):
            self.blame(path, f"should be a table, begun with [{path}]")
            return None
        resolved = self._resolve(path, model, raw)
        unresolved = {where for where in self.problems if _within(where, path)}
        try:
            read = model.model_validate(resolved, context={"base": self._base})
        except ValidationError as error:
            for problem in error.errors(include_input=False, include_url=False, include_context=False):
                where = _path(path, problem["loc"])
                if where not in unresolved:
                    self.blame(where, _words(problem["type"], problem["msg"], problem["loc"], model))
            return None
        return None if unresolved else read

    def _resolve(self, path: str, model: type[BaseModel], raw: Mapping[str, Any]) -> dict[str, Any]:
        resolved = dict(raw)
        for name, field in model.model_fields.items():
            key = field.alias or name
            if key not in raw:
                continue
            value, where = raw[key], f"{path}.{_key(key)}"
            kinds = set(_kinds(field.annotation))
            if SecretStr in kinds:
                resolved[key] = self._secret_or_secrets(where, value)
            elif isinstance(value, dict):
                for inner in kinds:
                    if issubclass(inner, BaseModel):
                        resolved[key] = self._resolve(where, inner, value)
        return resolved

    def _secret_or_secrets(self, path: str, value: object) -> object:
        match value:
            case str():
                return self._secret(path, value)
            case list():
                return [self._secret_or_secrets(f"{path}[{index}]", item) for index, item in enumerate(value, 1)]
            case dict():
                return {key: self._secret_or_secrets(f"{path}.{_key(key)}", item) for key, item in value.items()}
            case _:
                return value

    def _secret(self, path: str, value: str) -> str:
        source, colon, rest = value.partition(":")
        if colon and source in ("env", "file"):
            found, wrong = self._from_environment(rest) if source == "env" else self._from_file(rest)
            if not wrong and not found:
                wrong = f"{rest} is empty"
            if wrong:
                self.blame(path, wrong)
                return _UNRESOLVED
            value = found
        if not value:
            self.blame(path, "is empty")
            return _UNRESOLVED
        if len(value) >= _SHORTEST_TO_HIDE:
            self._secrets.add(value)
        return value

    def _from_environment(self, name: str) -> tuple[str, str]:
        if not _VARIABLE.fullmatch(name):
            return "", 'what follows "env:" is no name of an environment variable'
        found = self._environ.get(name)
        return (found, "") if found is not None else ("", f"the environment variable {name} is not set")

    def _from_file(self, name: str) -> tuple[str, str]:
        try:
            with (self._base / Path(name).expanduser()).open("rb") as file:
                content = file.read(_FILE_LIMIT + 1)
            if len(content) > _FILE_LIMIT:
                return "", f"the file {name} is too large for a secret"
            return content.decode("utf-8").removesuffix("\n").removesuffix("\r"), ""
        except OSError as error:
            return "", f"the file {name} cannot be read: {error.strerror}"
        except (ValueError, RuntimeError):  # not UTF-8; a NUL in the name; nobody's home
            return "", f"the file {name} cannot be read as UTF-8 text"


def _within(where: str, path: str) -> bool:
    return where == path or where.startswith((f"{path}.", f"{path}["))


def _kinds(annotation: object) -> Iterator[type]:
    """The classes that an annotation is made of."""
    if isinstance(annotation, type):
        yield annotation
    for part in get_args(annotation):
        yield from _kinds(part)


def _key(key: str) -> str:
    """A key as it stands in a path: quoted where TOML wants it quoted."""
    return key if _PLAIN_KEY.fullmatch(key) else '"' + "".join(c if c.isprintable() else "?" for c in key) + '"'


def _path(table: str, loc: tuple[int | str, ...]) -> str:
    steps = (f"[{step + 1}]" if isinstance(step, int) else f".{_key(step)}" for step in loc if step != "[key]")
    return table + "".join(steps)


def _words(kind: str, message: str, loc: tuple[int | str, ...], model: type[BaseModel]) -> str:
    match kind:
        case "missing":
            return "is missing"
        case "extra_forbidden":
            return _unknown(str(loc[-1]), model.model_fields if len(loc) == 1 else ())
        case "path_type":
            return "should be a path"
        case "value_error" | "assertion_error":
            return message.split(", ", 1)[-1]
        case _:
            return re.sub("^[A-Z][a-z]+ (?=should )", "", message)


def _unknown(key: str, known: Iterable[str]) -> str:
    """What is said of a key that there is not."""
    near = difflib.get_close_matches(key, list(known), n=1)
    return f"unknown key; did you mean {near[0]}?" if near else "unknown key"


def _accounts(
    reading: _Reading, tables: list[tuple[str, dict[str, Any]]], models: Mapping[str, type[BaseModel]]
) -> list[Account]:
    read: list[Account] = []
    for path, table in tables:
        vendor = table.get("vendor")
        model = models.get(vendor) if isinstance(vendor, str) else None
        if model is None:
            known = ", ".join(models)
            reading.blame(f"{path}.vendor", "is missing" if vendor is None else f"unknown vendor; known: {known}")
            continue
        account = reading.table(path, model, table)
        if isinstance(account, Account):
            read.append(account)
        elif account is not None:
            raise TypeError(f"{model.__name__} lacks what every account has")
    return read


def _check_account_names(reading: _Reading, tables: list[tuple[str, dict[str, Any]]], vendors: Iterable[str]) -> None:
    for path, table in tables:
        name, where = table.get("name"), f"{path}.name"
        if where in reading.problems:
            continue
        if not isinstance(name, str):
            reading.blame(where, "is missing" if name is None else "should be a valid string")
        elif fold(name) in _RESERVED or (fold(name) in vendors and fold(name) != table.get("vendor")):
            reading.blame(where, "is a reserved word")
        elif not NAME_FORM.fullmatch(name):
            reading.blame(where, "should be one word of up to 40 letters, digits, '-', '_' and '.'")


def _check_hours(reading: _Reading, tables: list[tuple[str, dict[str, Any]]]) -> None:
    """Here for all vendors: `bot.contracts.hours` alone knows how hours are written."""
    for path, table in tables:
        text = table.get("review_hours")
        if isinstance(text, str) and text:
            try:
                parse_hours(text)
            except ValueError as error:
                reading.blame(f"{path}.review_hours", str(error))


def _unique(reading: _Reading, rows: list[tuple[str, dict[str, Any]]], *keys: str) -> None:
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


def _check_references(reading: _Reading, rows: Mapping[str, list[tuple[str, dict[str, Any]]]]) -> None:
    """What names something else names something that is there; looked up in the raw tables, broken ones included."""
    names = {
        key: [name for _, row in rows[key] if isinstance(name := row.get("name"), str)]
        for key in ("account", "person", "oncall")
    }

    def known(path: str, key: str, name: str) -> None:
        if name not in names[key]:
            near = difflib.get_close_matches(name, names[key], n=1)
            hint = f"; did you mean {near[0]}?" if near else ""
            reading.blame(path, f"no [[{key}]] is called {_key(name)}{hint}")

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
            kind, colon, name = target.partition(":")
            if colon and name and kind in ("person", "oncall", "next"):
                known(f"{path}.notify[{index}]", "person" if kind == "person" else "oncall", name)


def _texts(values: object) -> Iterator[tuple[int, str]]:
    for index, value in enumerate(values if isinstance(values, list) else [], 1):
        if isinstance(value, str):
            yield index, value


__all__ = ["LISTS", "TABLES", "ConfigError", "Settings", "load", "parse", "secrets_of"]
