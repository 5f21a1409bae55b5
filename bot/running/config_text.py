"""What is wrong with a configuration that is no TOML, told with its line and key. Pure.

No value that could be a secret is repeated: of a line that cannot be read, only keys that are known to hold none are
shown with what stands behind them.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping

from bot.contracts.characters import called, unseen

_CURLY = "“”„‟‘’‚‛「」『』«»＂＇"

_HEADER = re.compile(r"\s*\[{1,2}\s*([\w.\-]{1,60})")

_KEY = re.compile(r"\s*([\w.\-]{1,60})\s*=")

_PLACE = re.compile(r"(?P<what>.*?) ?\(at (?P<where>line (?P<line>\d+), column \d+|end of document)\)", re.DOTALL)

_SHOWN = 100  # characters of a line

_MOST = 20  # lines that are told at once


def faults(text: str, message: str, plain: Collection[str]) -> tuple[str, ...]:
    """What is wrong with a file that is no TOML, one line each.

    Args:
        text: the file.
        message: what the parser said, with its place.
        plain: keys that never hold a secret; only behind them a line's value is shown.
    """
    found = _PLACE.fullmatch(message.strip())
    if found is None:
        return (f"not TOML: {' '.join(message.split())}",)
    lines = text.split("\n")
    number = int(found["line"]) if found["line"] else len(text.rstrip().split("\n"))
    at = found["where"]
    what = " ".join(found["what"].split())
    if (began := _began(lines, number, what)) and began != number:
        number, at = began, f"line {began}, column {max(1, len(lines[began - 1]))}"
    told = [f"{at}: {_said(lines, number, _meaning(_line(lines, number), what), plain)}"]
    for other, line in enumerate(lines, 1):
        if other != number and len(told) < _MOST and (odd := _outside_quotes(line)):
            column = line.index(odd) + 1
            told.append(f"line {other}, column {column}: {_said(lines, other, _odd(odd), plain)}")
    return tuple(told)


_OPENED = re.compile(r"=\s*(\"{3}|'{3}|[\"'])")


def _began(lines: list[str], number: int, what: str) -> int:
    """The line in which a fault began, where the parser only says where it noticed; 0 where nobody can tell."""
    if what.startswith("Unclosed"):
        opened = [at for at, line in enumerate(lines[:number], 1) if re.search(r"=.*[\[{]", line)]
        return opened[-1] if opened else 0
    if not what.startswith(("Unterminated", "Expected \"'")):
        return 0
    marks = ((at, line, _OPENED.search(line)) for at, line in enumerate(lines[:number], 1))
    return next((at for at, line, mark in marks if mark is not None and mark[1] not in line[mark.end() :]), 0)


def spoken(text: str) -> str:
    """The language that a file wants under `[bot]`, as far as it can be seen, also in one that is no TOML; else English."""
    table = re.search(r"^[ \t]*\[bot\](.*?)(?=^[ \t]*\[|\Z)", text, re.MULTILINE | re.DOTALL)
    found = re.search(r"""^[ \t]*language[ \t]*=\W*(en|zh)\b""", table[1], re.MULTILINE) if table else None
    return found[1] if found else "en"


def _line(lines: list[str], number: int) -> str:
    return lines[number - 1] if number <= len(lines) else ""


def _said(lines: list[str], number: int, meaning: str, plain: Collection[str]) -> str:
    """The key, what is wrong with its line, and the line as far as it may be shown."""
    line = _line(lines, number)
    key = _KEY.match(_as_meant(line))
    table = ""
    for above in reversed(lines[:number]):
        if header := _HEADER.match(_as_meant(above)):
            table = header[1]
            break
    path = ".".join(part for part in (table, key[1] if key else "") if part)
    shown = _shown(line, plain)
    return f"{path + ': ' if path else ''}{meaning}{f'; the line is: {shown}' if shown else ''}"


def _as_meant(line: str) -> str:
    """A line with look-alikes of the signs of TOML read as these, and without what cannot be seen."""
    return "".join(unicodedata.normalize("NFKC", one) for one in line if not unseen(one) or one in " \t")


def _shown(line: str, plain: Collection[str]) -> str:
    """A line, without what could be a secret."""
    key = _KEY.match(_as_meant(line))
    cleaned = "".join(" " if unseen(one) else one for one in line).strip()
    if key is not None:
        if key[1].rpartition(".")[2] in plain and "{" not in line:
            return cleaned[:_SHOWN]
        return f"{key[1]} = …"
    header = _HEADER.match(_as_meant(line))
    return cleaned[:_SHOWN] if header is not None and len(cleaned) <= len(header[0]) + 2 else ""


def _meaning(line: str, what: str) -> str:
    """What the parser found, in words that say what to do."""
    value = line.partition("=")[2].strip()
    if odd := _outside_quotes(line):
        return _odd(odd)
    if what.startswith(("Illegal character '\\n'", "Unterminated string", 'Expected "\'"')):
        odd = next((one for one in value if one in _CURLY), "")
        return _odd(odd) if odd else "a quotation mark is opened and not closed on the same line"
    if what.startswith("Invalid value"):
        if not value:
            return 'a value is missing; text stands in quotes, "like this"'
        if value.split("#")[0].strip().lower() in ("true", "false"):
            return "true and false are written in small letters"
        return 'invalid value; text stands in quotes, "like this"'
    if "'\\'" in what or "hex value" in what or what.startswith("Escaped"):
        return "a backslash begins a special character; write \\\\, or put the text into 'single quotes'"
    if what.startswith("Cannot overwrite") and line.lstrip().startswith("[["):
        return f"this table stands above in single brackets; write {line.strip()[:_SHOWN]} there too"
    return next((said for begins, said in _PARSER.items() if what.startswith(begins)), what[:1].lower() + what[1:])


_NO_TOML = "this is no TOML: a line is a [table], key = value or a # comment"

_PARSER: Mapping[str, str] = {
    "Cannot overwrite": "this key stands in the same table already",
    "Cannot mutate": "this key stands in the same table already",
    "Duplicate": "this key stands in the same table already",
    "Cannot declare": "this table stands in the file already",
    "Expected newline": "something stands behind the value; the next key begins a line of its own",
    "Expected '='": 'a key and its value are parted by "="',
    "Expected ']]'": "a line that begins with two brackets ends with two",
    "Expected ']'": "a line that begins with a bracket ends with one",
    "Unclosed array": "a list is opened and not closed, or a comma is missing in it",
    "Unclosed inline": "a brace is opened and not closed, or a comma is missing behind it",
    "Invalid date": "the calendar and the clock have no such moment",
    "Invalid statement": _NO_TOML,
    "Invalid initial": _NO_TOML,
    "Illegal": "a character stands here that no line may have",
}
"""How what the parser says begins → what it means to people."""


def _odd(character: str) -> str:
    if character in _CURLY:
        return f'{called(character)} is no quotation mark here; TOML wants the straight ", as in "like this"'
    meant = unicodedata.normalize("NFKC", character)
    if unseen(character):
        return f"{called(character)} stands here and cannot be seen; take it out"
    if meant == ":":
        return f'{called(character)} stands here; a key and its value are parted by "="'
    if meant != character and meant.isascii():
        return f'{called(character)} is not the same as "{meant}"; type it anew'
    return f'{called(character)} cannot stand here; text stands in quotes, "like this"'


def _outside_quotes(line: str) -> str:
    """The first character outside quotes and comments that TOML does not have there; empty where there is none."""
    return next((one for one in _bare(line) if (not one.isascii()) or (unseen(one) and one not in "\t\r")), "")


def _bare(line: str) -> Iterator[str]:
    quote, escaped = "", False
    for one in line:
        if quote:
            if escaped:
                escaped = False
            elif one == "\\" and quote == '"':
                escaped = True
            elif one == quote:
                quote = ""
        elif one in "\"'":
            quote = one
        elif one == "#":
            return
        else:
            yield one
