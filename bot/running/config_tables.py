"""Reading the tables of the file: every problem with its key path, secrets from where they are."""

import contextlib
import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, SecretStr, ValidationError

from bot.contracts.characters import odd_in_secret, odd_in_text, odd_width, tidy
from bot.contracts.fields import fold
from bot.contracts.values import NAME_FORM, PERSON_FORM

_FILE_LIMIT = 64 * 1024

_PLAIN_KEY = re.compile(r"[A-Za-z0-9_-]+")

_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")

_SHORTEST_TO_HIDE = 4

_FREE_TEXT = ("name", "defaults", "data_dir", "ics", "package_words", "unsubscribe")
"""Keys whose values are sentences or names of files, where any character may be meant; names have a rule of their own."""

_ANY_WIDTH = ("company", "account", "accounts", "rotation", "notify")
"""Keys whose values are names, in which full-width signs are meant: 速达（上海）科技有限公司."""

_MEANT_VARIABLE = re.compile(r"\$\{\w+\}|\$[A-Za-z_]\w*|[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+", re.ASCII)

_MEANT_SOURCE = re.compile(r"(env|file)\s*[=：]", re.IGNORECASE)

FORMS = {
    "^[0-9]+$": "should be digits only",
    "^[A-Za-z0-9-]+$": "should be letters, digits and hyphens only",
    "^[A-Za-z0-9]{0,15}$": "should be up to 15 letters and digits",
    "^([A-Za-z0-9]{1,11}|[0-9]{1,15})?$": "should be up to 11 letters and digits, or up to 15 digits",
}
"""A pattern of a key → what it asks for, in words."""

_OTHERWISE: Mapping[str, str] = {
    **dict.fromkeys(("english", "en-us", "en_us", "英文", "英语"), "en"),
    **dict.fromkeys(("chinese", "zh-cn", "zh_cn", "zh-hans", "cn", "中文", "汉语", "简体中文"), "zh"),
    **dict.fromkeys(("dingding", "ding", "钉钉"), "dingtalk"),
    **dict.fromkeys(("intl", "abroad", "国际", "国际站"), "international"),
    **dict.fromkeys(("china", "mainland", "国内", "国内站"), "domestic"),
}
"""What people write for a word of the file that is not near to it."""

_UNRESOLVED = "unresolved"

M = TypeVar("M", bound=BaseModel)


class Reading:
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
            known = isinstance(name, str) and names.count(name) == 1 and not odd_in_text(name)
            if known and NAME_FORM.fullmatch(name):
                paths.append(f"{key}.{name}")
            elif known and key == "person" and PERSON_FORM.fullmatch(name):
                paths.append(f"{key}.{key_path(name)}")
            else:
                paths.append(f"{key}[{index}]")
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
                    words = _words(problem["type"], problem["msg"], problem["loc"], model)
                    self.blame(where, words + _near(problem["msg"], problem["loc"], resolved))
            return None
        return None if unresolved else read

    def sound(self, path: str, model: type[M], raw: object) -> M | None:
        """A table without what is wrong in it, to see what else is; what it must have and has not is empty."""
        if not isinstance(raw, dict):
            return None
        resolved = self._resolve(path, model, raw)
        kept: dict[str, Any] = {}
        for name, field in model.model_fields.items():
            key = field.alias or name
            if _is_secret(field.annotation):
                value = resolved.get(key)
                if isinstance(value, str) or field.is_required():
                    kept[key] = SecretStr(value if isinstance(value, str) else _UNRESOLVED)
            elif key in resolved and not any(_within(where, f"{path}.{key_path(key)}") for where in self.problems):
                kept[key] = resolved[key]
            elif field.is_required():
                kept[key] = ""
        try:
            return model.model_validate(kept, context={"base": self._base})
        except ValidationError:
            return model.model_construct(**kept)

    def _resolve(self, path: str, model: type[BaseModel], raw: Mapping[str, Any]) -> dict[str, Any]:
        resolved = dict(raw)
        for name, field in model.model_fields.items():
            key = field.alias or name
            if key not in raw:
                continue
            value, where = raw[key], f"{path}.{key_path(key)}"
            if _is_secret(field.annotation):
                resolved[key] = self._secret_or_secrets(where, value)
            elif isinstance(value, dict):
                for inner in set(kinds_of(field.annotation)):
                    if issubclass(inner, BaseModel):
                        resolved[key] = self._resolve(where, inner, value)
            elif key not in _FREE_TEXT:
                self._blame_unseen(where, value, widths=key not in _ANY_WIDTH)
        return resolved

    def _blame_unseen(self, path: str, value: object, *, widths: bool) -> None:
        """A character that cannot be seen makes another id of an id, and nobody would ever find out."""
        if isinstance(value, str) and (odd := odd_in_text(value) or (odd_width(value) if widths else "")):
            self.blame(path, odd)
        for index, item in enumerate(value if isinstance(value, list) else (), 1):
            self._blame_unseen(f"{path}[{index}]", item, widths=widths)

    def _secret_or_secrets(self, path: str, value: object) -> object:
        match value:
            case str():
                return self._secret(path, value)
            case list():
                return [self._secret_or_secrets(f"{path}[{index}]", item) for index, item in enumerate(value, 1)]
            case dict():
                return {key: self._secret_or_secrets(f"{path}.{key_path(key)}", item) for key, item in value.items()}
            case _:
                return value

    def _secret(self, path: str, value: str) -> str:
        source, colon, rest = (tidy(part) for part in value.partition(":"))
        source, where = source.lower(), ""
        if colon and source in ("env", "file"):
            if not rest:
                self.blame(path, f'names nothing behind "{source}:"')
                return _UNRESOLVED
            found, wrong = self._from_environment(rest) if source == "env" else self._from_file(rest)
            value = tidy(found)  # a line end, a blank, a byte order mark: no key begins or ends with one
            if not wrong and not value:
                wrong = f"{rest} is empty"
            if wrong:
                self.blame(path, wrong)
                return _UNRESOLVED
            where = f"the environment variable {rest} " if source == "env" else f"the file {rest} "
        if not value:
            self.blame(path, "is empty")
            return _UNRESOLVED
        if len(value) >= _SHORTEST_TO_HIDE:
            self._secrets.add(value)
        if not where and (meant := _MEANT_SOURCE.match(value)):
            self.blame(path, f'has no ":" behind "{meant[1].lower()}"; write "{meant[1].lower()}:…"')
            return _UNRESOLVED
        if odd := odd_in_secret(value):
            self.blame(path, f"{where}{odd}")
            return _UNRESOLVED
        if not where and self._is_variable(value):
            self.blame(path, 'is the name of an environment variable; write "env:NAME", without "$"')
            return _UNRESOLVED
        if not where and self._is_file(value):
            self.blame(path, 'is the name of a file; write "file:PATH"')
            return _UNRESOLVED
        return value

    def _is_variable(self, value: str) -> bool:
        """Whether a literal names an environment variable: the word `env:` was forgotten."""
        return value in self._environ or _MEANT_VARIABLE.fullmatch(value) is not None

    def _is_file(self, value: str) -> bool:
        """Whether a literal is the path of a file that is there: the word `file:` was forgotten."""
        if "." not in value and "/" not in value:
            return False
        try:
            return (self._base / Path(value).expanduser()).is_file()
        except (OSError, ValueError, RuntimeError):
            return False

    def _from_environment(self, name: str) -> tuple[str, str]:
        if not _VARIABLE.fullmatch(name):
            return "", 'what follows "env:" is no name of an environment variable'
        found = self._environ.get(name)
        if found is not None:
            return found, ""
        near = difflib.get_close_matches(name, list(self._environ), n=1, cutoff=0.85)
        hint = f"; did you mean {near[0]}?" if near else ""
        return "", f"the environment variable {name} is not set{hint}"

    def _from_file(self, name: str) -> tuple[str, str]:
        try:
            with (self._base / Path(name).expanduser()).open("rb") as file:
                content = file.read(_FILE_LIMIT + 1)
            if len(content) > _FILE_LIMIT:
                return "", f"the file {name} is too large for a secret"
            return content.decode("utf-8-sig"), ""
        except OSError as error:
            return "", f"the file {name} cannot be read: {error.strerror}"
        except UnicodeDecodeError:
            return "", f"the file {name} cannot be read as UTF-8 text"
        except (ValueError, RuntimeError):  # a NUL in the name; nobody's home
            return "", f"the file {name} cannot be read: No such file or directory"


def tidied(value: Any) -> Any:
    """What was read, without what copying leaves at both ends of texts: blanks, line ends, what cannot be seen."""
    match value:
        case str():
            return tidy(value)
        case list():
            return [tidied(item) for item in value]
        case dict():
            return {key: tidied(inner) for key, inner in value.items()}
        case _:
            return value


def _within(where: str, path: str) -> bool:
    return where == path or where.startswith((f"{path}.", f"{path}["))


def kinds_of(annotation: object) -> Iterator[type]:
    """The classes that a field's annotation is made of."""
    if isinstance(annotation, type):
        yield annotation
    for part in get_args(annotation):
        yield from kinds_of(part)


def _is_secret(annotation: object) -> bool:
    return SecretStr in set(kinds_of(annotation))


def key_path(key: str) -> str:
    """A key as it stands in a path: quoted where TOML wants it quoted."""
    return key if _PLAIN_KEY.fullmatch(key) else '"' + "".join(c if c.isprintable() else "?" for c in key) + '"'


def _path(table: str, loc: tuple[int | str, ...]) -> str:
    steps = (f"[{step + 1}]" if isinstance(step, int) else f".{key_path(step)}" for step in loc if step != "[key]")
    return table + "".join(steps)


def _words(kind: str, message: str, loc: tuple[int | str, ...], model: type[BaseModel]) -> str:
    match kind:
        case "missing":
            return "is missing"
        case "extra_forbidden":
            return unknown(str(loc[-1]), _keys_of(model, loc[:-1]))
        case "path_type":
            return "should be a path"
        case "tuple_type" | "list_type":
            return 'should be a list, such as ["one", "two"]'
        case "string_type":
            return 'should be text in quotes, "like this"'
        case "int_type" | "int_parsing" | "int_from_float":
            return "should be a whole number, without quotes"
        case "finite_number":
            return "should be a number"
        case "date_from_datetime_parsing" | "date_parsing" | "date_type" | "date_from_datetime_inexact":
            return "should be a day such as 2027-01-01, without quotes"
        case "string_pattern_mismatch":
            pattern = message.partition("'")[2].rpartition("'")[0]
            return FORMS.get(pattern, f"should match pattern '{pattern}'")
        case "value_error" | "assertion_error":
            return message.split(", ", 1)[-1]
        case _:
            return re.sub("^[A-Z][a-z]+ (?=should )", "", message)


def _keys_of(model: type[BaseModel], loc: tuple[int | str, ...]) -> Iterable[str]:
    """The keys that a table within a table may have."""
    for step in loc:
        field = next((one for name, one in model.model_fields.items() if step in (name, one.alias)), None)
        inner = [one for one in kinds_of(field.annotation) if issubclass(one, BaseModel)] if field else []
        if not inner:
            return ()
        model = inner[0]
    return [field.alias or name for name, field in model.model_fields.items()]


def _near(message: str, loc: tuple[int | str, ...], table: Any) -> str:
    """Of a word that is none of the few: what stands there and which was meant.

    What is not near to one of them is not repeated, for it could be anything, a secret too.
    """
    if "should be '" not in message:
        return ""
    found: Any = table
    with contextlib.suppress(LookupError, TypeError, ValueError):
        for step in loc:
            found = found[int(step)] if isinstance(found, list) else found[step]
    known = re.findall("'([^']+)'", message)
    if not isinstance(found, str):
        return ""
    word = _OTHERWISE.get(fold(found), fold(found))
    near = [word] if word in known else difflib.get_close_matches(word, known, n=1, cutoff=0.7)
    return f"; '{found}' stands there: did you mean '{near[0]}'?" if near else ""


def unknown(key: str, known: Iterable[str]) -> str:
    """What is said of a key that there is not."""
    near = difflib.get_close_matches(key, list(known), n=1)
    return f"unknown key; did you mean {near[0]}?" if near else "unknown key"
