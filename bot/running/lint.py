"""`signpost lint` and `signpost explain`: the check and the explanation for files, without configuration or network.

Made for a repository of templates and its CI: what it prints is meant for people (`text`) or for programs (`json`, one
line a draft), and the exit code says whether anything would be refused.
"""

import csv
import io
import json
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from bot.contracts.model import Kind
from bot.contracts.rules import EVERY_TYPE, Draft, Finding, Severity
from bot.requests.check.engine import findings
from bot.requests.check.explain import explain
from bot.requests.check.shared import RULES
from bot.running.rulebooks import REASONS, STANDARDS

CLEAN, ERRORS, UNREADABLE = 0, 1, 2
"""Exit codes: nothing would be refused; something would be; a file cannot be read."""

_COLUMNS = frozenset({"id", "kind", "type", "region", "name", "content", "keys"})
_TYPES = EVERY_TYPE
_REGIONS = {"": False, "domestic": False, "international": True}
_FLAGS = {"true": True, "false": False, "yes": True, "no": False, "1": True, "0": False}

Row = Mapping[str, Any]


class Unreadable(Exception):
    """A file, or a line of one, that is no draft.

    Args:
        where: the file and the line.
        why: what is wrong with it.
    """

    def __init__(self, where: str, why: str) -> None:
        super().__init__(f"{where}: {why}")


def lint(
    paths: tuple[Path, ...], form: str, language: str, say: Callable[[str], None], complain: Callable[[str], None]
) -> int:
    """Check every draft of these files.

    Args:
        paths: the files; `-` is what is piped in.
        form: `text` or `json`.
        language: of the messages, `en` or `zh`.
        say: takes each line of the result.
        complain: takes what cannot be read.

    Returns:
        The exit code.
    """
    drafts = errors = warnings = 0

    def one(where: str, row: Row) -> None:
        nonlocal drafts, errors, warnings
        draft = draft_of(where, row)
        found = findings(draft, STANDARDS.values())
        drafts += 1
        every = [finding for here in found.values() for finding in here]
        errors += any(finding.severity is Severity.ERROR for finding in every)
        warnings += bool(every) and all(finding.severity is Severity.WARNING for finding in every)
        if form == "json":
            told = {vendor: [_as_json(finding, language) for finding in here] for vendor, here in found.items()}
            say(json.dumps({"id": row.get("id"), "findings": told}, ensure_ascii=False))
        else:
            for line in _as_text(where, row, draft, found, language):
                say(line)

    code = _each(paths, one, complain)
    if form == "text":
        say(f"{drafts} checked: {errors} would be refused, {warnings} with warnings only.")
    return code or (ERRORS if errors else CLEAN)


def explain_files(
    paths: tuple[Path, ...], form: str, language: str, say: Callable[[str], None], complain: Callable[[str], None]
) -> int:
    """Explain every reason of these files; arguments as for `lint`.

    Returns:
        The exit code: `UNREADABLE` or `CLEAN`.
    """

    def one(where: str, row: Row) -> None:
        reason = row.get("text")
        if not isinstance(reason, str):
            raise Unreadable(where, "`text` is to be the reason, a text")
        kind = _kind(where, row) if row.get("kind") else None
        own = REASONS.get(str(row.get("vendor") or ""), ())
        meant = explain(reason, own, kind, _type(where, row))
        says = meant.says.said(language) if meant.says else None
        if form == "json":
            say(json.dumps({"id": row.get("id"), "rules": list(meant.rules), "fix": says}, ensure_ascii=False))
        else:
            say(f"{_label(where, row)}: {', '.join(meant.rules) or 'not known'}{f': {says}' if says else ''}")

    return _each(paths, one, complain)


def draft_of(where: str, row: Row) -> Draft:
    """A row of the columns `id, kind, type, region, name, content, keys` as a draft; what is not said is in order.

    Args:
        where: the file and the line, for the error.
        row: the columns; any further one is one of `keys`.

    Raises:
        Unreadable: it is no draft.
    """
    given = row.get("keys")
    if isinstance(given, str):
        try:
            given = json.loads(given) if given.strip() else {}
        except ValueError:
            raise Unreadable(where, "`keys` is no JSON object") from None
    if given is None:
        given = {}
    if not isinstance(given, Mapping):
        raise Unreadable(where, "`keys` is no JSON object")
    more = {key: value for key, value in row.items() if key and "." in key and value not in (None, "")}
    keys = {str(key): value for key, value in {**more, **given}.items() if value is not None}
    region = str(row.get("region") or "")
    if region not in _REGIONS:
        raise Unreadable(where, f"`region` is domestic or international, not “{region}”")
    for column in ("name", "content"):
        if not isinstance(row.get(column) or "", str):
            raise Unreadable(where, f"`{column}` is to be a text")
    values = {
        key: value if isinstance(value, str) else json.dumps(value, ensure_ascii=False) for key, value in keys.items()
    }
    return Draft(
        kind=_kind(where, row),
        type=_type(where, row),
        international=_REGIONS[region],
        name=row.get("name") or "",
        content=row.get("content") or "",
        values=values,
        company=values.get("company", ""),
        qualification=_flag(values, "qualification"),
        paper=_flag(values, "paper"),
        letter=_flag(values, "letter"),
        media=tuple(values["media"].split(",")) if values.get("media") else None,
        had=_number(where, values, "had"),
        today=_number(where, values, "today"),
    )


def _kind(where: str, row: Row) -> Kind:
    kind = str(row.get("kind") or "")
    if kind not in (Kind.SIGNATURE, Kind.TEMPLATE):
        raise Unreadable(where, f"`kind` is signature or template, not “{kind}”")
    return Kind(kind)


def _type(where: str, row: Row) -> str:
    found = str(row.get("type") or "")
    if found not in _TYPES:
        raise Unreadable(where, f"`type` is otp, notice, promo or digital, not “{found}”")
    return found


def _number(where: str, values: Mapping[str, str], key: str) -> int | None:
    """A count; none where it was not said."""
    if not (value := values.get(key)):
        return None
    if not value.isdecimal():
        raise Unreadable(where, f"`{key}` is a number, not “{value}”")
    return int(value)


def _flag(values: Mapping[str, str], key: str) -> bool | None:
    """Yes or no; the id or the name of a file says yes."""
    value = values.get(key)
    return None if value is None else _FLAGS.get(value.lower(), bool(value))


def _each(paths: tuple[Path, ...], do: Callable[[str, Row], None], complain: Callable[[str], None]) -> int:
    """Do something with every row; what cannot be read is told, and the rest is done all the same."""
    code = CLEAN
    for path in paths:
        try:
            for where, row in _rows(path):
                try:
                    do(where, _row(where, row) if isinstance(row, str) else row)
                except Unreadable as error:
                    complain(str(error))
                    code = UNREADABLE
        except Unreadable as error:
            complain(str(error))
            code = UNREADABLE
    return code


def _rows(path: Path) -> Iterator[tuple[str, Row | str]]:
    """Every row with its place; a line of JSON as it stands."""
    try:
        data = sys.stdin.buffer.read() if str(path) == "-" else path.read_bytes()
    except OSError as error:
        raise Unreadable(str(path), error.strerror or "cannot be read") from None
    text = _decoded(path, data)
    if path.suffix.lower() == ".csv":
        yield from _csv(path, text)
        return
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            yield f"{path}:{number}", line


def _row(where: str, line: str) -> Row:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        raise Unreadable(where, "is no JSON; each line is one object") from None
    if not isinstance(row, dict):
        raise Unreadable(where, "is no JSON object")
    return row


def _decoded(path: Path, data: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030") if path.suffix.lower() == ".csv" else ("utf-8-sig",):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable(str(path), "is not UTF-8")


def _csv(path: Path, text: str) -> Iterator[tuple[str, Row]]:
    reader = csv.DictReader(io.StringIO(text, newline=""))
    if not {"kind", "text"} & set(reader.fieldnames or ()):
        raise Unreadable(str(path), f"the first line names the columns: {', '.join(sorted(_COLUMNS))}")
    try:
        for row in reader:
            yield f"{path}:{reader.line_num}", row
    except csv.Error as error:
        raise Unreadable(f"{path}:{reader.line_num}", f"is no CSV: {error}") from None


def _label(where: str, row: Row) -> str:
    name = row.get("id")
    return f"{where}: {name}" if name else where


def _as_json(finding: Finding, language: str) -> dict[str, Any]:
    hit = finding.hit
    return {
        "rule": finding.rule,
        "severity": finding.severity.value,
        "message": message(finding, language),
        "key": hit.key,
        "at": [hit.start, hit.end] if hit.start >= 0 else None,
        "fix": hit.fix,
    }


def message(finding: Finding, language: str) -> str:
    """What is minded and what to do, in one or two sentences, with what this vendor adds."""
    rule = RULES[finding.rule]
    note = finding.minds.note
    title = rule.title.said(language)
    if language == "zh":
        return f"{title}{f'（{note.zh}）' if note else ''}：{rule.says.zh}"
    return f"{title}{f' ({note.en})' if note else ''}: {rule.says.en}"


def _as_text(
    where: str, row: Row, draft: Draft, found: Mapping[str, tuple[Finding, ...]], language: str
) -> Iterator[str]:
    together: dict[tuple[str, str, str], tuple[Finding, list[str]]] = {}
    for vendor, here in found.items():
        for finding in here:
            key = (finding.severity.value, finding.rule, message(finding, language))
            together.setdefault(key, (finding, []))[1].append(vendor)
    for (severity, slug, says), (finding, vendors) in together.items():
        hit = finding.hit
        value = {"name": draft.name, "content": draft.content}.get(hit.key, "")
        at = (
            f" “{value[hit.start : hit.end][:40]}” ({hit.key} {hit.start}-{hit.end})"
            if hit.start >= 0 and value
            else ""
        )
        yield f"{_label(where, row)}: {severity} [{slug}] {', '.join(vendors)}: {says}{at}"
        if hit.fix is not None:
            yield f"    {hit.key} = {hit.fix}"
