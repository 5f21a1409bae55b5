"""Every text the program says has a Chinese translation with the same placeholders and markup, and none is left over.

To see what is missing, run this file as a program: it prints entries to fill in.
"""

import ast
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import normalize, read_po

from bot.commands.command import Declaration
from bot.wording.language import markup, placeholders
from handlers import ROUTER
from handlers.help import usage

ROOT = Path(__file__).parents[2]
CATALOGUE = ROOT / "bot" / "wording" / "locales" / "zh.po"
SOURCES = ("bot", "handlers")
METHODS = {"text": 1, "line": 1, "plural": 2, "plural_line": 2, "marked": 1}  # how many texts stand first in the call


@dataclass(slots=True)
class Used:
    """The texts of the program."""

    where: dict[str, str] = field(default_factory=dict)
    plurals: dict[str, str] = field(default_factory=dict)  # one → many
    unreadable: list[str] = field(default_factory=list)


def literals(node: ast.expr, constants: Mapping[str, list[str]]) -> Iterator[str | None]:
    """The texts an argument can be: a literal, a constant of the module, or a choice of them; none if it is built."""
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.Name(id=name) if name in constants:
            yield from constants[name]
        case ast.IfExp(body=body, orelse=orelse):
            yield from literals(body, constants)
            yield from literals(orelse, constants)
        case ast.JoinedStr() | ast.BinOp():
            yield None
        case _:
            return


def named(tree: ast.Module) -> Iterator[tuple[str, list[str]]]:
    """Names that stand for texts: constants of the module, and what runs through a list of literals."""
    for node in ast.walk(tree):
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant(value=str(text))) if node in tree.body:
                yield name, [text]
            case ast.For(target=ast.Name(id=name), iter=ast.Tuple(elts=elements) | ast.List(elts=elements)):
                yield name, strings(elements)
            case ast.comprehension(target=ast.Name(id=name), iter=ast.Tuple(elts=elements) | ast.List(elts=elements)):
                yield name, strings(elements)


def strings(elements: list[ast.expr]) -> list[str]:
    return [
        element.value for element in elements if isinstance(element, ast.Constant) and isinstance(element.value, str)
    ]


def says_something(text: str) -> bool:
    """Whether there is anything to translate beside placeholders and markup."""
    return bool(re.sub(r"(?<!\$)\{[a-z0-9_]+\}|[*`\s]", "", text))


def of_module(source: str, name: str, used: Used) -> None:
    """Add the texts of one module."""
    tree = ast.parse(source)
    constants = dict(named(tree))
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        match node.func:
            case ast.Attribute(attr=method) | ast.Name(id="marked" as method) if method in METHODS:
                pass
            case _:
                continue
        if isinstance(node.func, ast.Attribute) and method == "marked":
            continue
        texts = [list(literals(argument, constants)) for argument in node.args[: METHODS[method]]]
        for text in (text for choices in texts for text in choices):
            if text is None:
                used.unreadable.append(f"{name}:{node.lineno}")
            elif says_something(text):
                used.where.setdefault(text, f"{name}:{node.lineno}")
        if METHODS[method] == 2 and len(texts) == 2 and texts[0] and texts[1]:
            one, many = texts[0][0], texts[1][0]
            if one is not None and many is not None:
                used.plurals[one] = many
                used.where.pop(many, None)


def of_program() -> Used:
    """The texts of `bot/` and `handlers/`."""
    used = Used()
    for folder in SOURCES:
        for path in sorted((ROOT / folder).rglob("*.py")):
            of_module(path.read_text(encoding="utf-8"), path.relative_to(ROOT).as_posix(), used)
    return used


def read(path: Path = CATALOGUE) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale="zh", abort_invalid=True)


def ids(message: Message) -> tuple[str, ...]:
    return (message.id,) if isinstance(message.id, str) else tuple(message.id)


def translation(message: Message) -> str:
    string = message.string if isinstance(message.string, str) else message.string[0]
    return string or ""


def faults(used: Used, catalogue: Catalog) -> list[str]:
    """What is wrong with the catalogue, one line each."""
    found: list[str] = [f"{where}: the text is built, so it cannot be translated" for where in used.unreadable]
    translated = {ids(message)[0]: message for message in catalogue if ids(message)[0]}
    for text, where in used.where.items():
        message = translated.get(text)
        if message is None or not translation(message) or message.fuzzy:
            found.append(f"{where}: no Chinese for {text!r}")
            continue
        many = used.plurals.get(text, text)
        if ids(message) != ((text, many) if text in used.plurals else (text,)):
            found.append(f"{where}: the plural of {text!r} is not {many!r} in the catalogue")
        chinese = translation(message)
        if placeholders(chinese) != placeholders(text) | placeholders(many):
            found.append(f"{where}: other placeholders in the Chinese for {text!r}")
        if markup(chinese) not in (markup(text), markup(many)):
            found.append(f"{where}: other markup in the Chinese for {text!r}")
    found += [f"zh.po: nobody says {text!r}" for text in translated if text not in used.where]
    return found


def test_every_text_has_its_chinese() -> None:
    found = faults(of_program(), read())
    assert not found, "\n".join(["", *found])


def test_between_chinese_sentences_there_is_no_blank() -> None:
    begun = [message for message in read() if re.match(r" [A-Z]", ids(message)[0])]
    assert begun
    assert [message.string for message in begun if str(message.string).startswith(" ")] == []


NEVER_ONE = {
    "More than {count} things wait",  # hundreds
    "**{kind} {name} at {count} vendors** · {submitter}",  # the card of several
    "{what} {count} times since {since}",  # repeats in a row
    "This text is too long for me: at most {limit} characters.",  # thousands
}
"""Texts whose count is never one."""


def test_one_is_not_several() -> None:
    """A count in front of a plural is said with `plural`, so that nobody reads "1 days"."""
    counted = re.compile(r"\{(?:n|count|most|least|limit|value|total)\} [a-z]+s\b")
    used = of_program()
    several = {text for text in used.where if text not in used.plurals and counted.search(text)}
    assert several == NEVER_ONE


def test_the_catalogue_has_no_duplicates_and_one_form() -> None:
    lines = CATALOGUE.read_text(encoding="utf-8").splitlines()
    catalogue = read()
    assert sum(line.startswith("msgid ") for line in lines) == len([message for message in catalogue if message.id]) + 1
    assert catalogue.num_plurals == 1
    assert not catalogue.obsolete


PROGRAM = """
LATER = "said later"
TABLE = {1: marked("in a table")}
def f(language, draw, request, n):
    language.text("plain {a}")
    language.line("**strong** and "
                  "`code`")
    language.plural("one thing", "{n} things", n)
    language.text("yes" if n else "no")
    language.text(LATER)
    language.text(TABLE[1])
    draw.text((0, 0), "not this")
    request.text()
    language.text("")
    language.line("**{a}** `{b}`")
    return [language.text(word) for word in ("first", "second")]
"""


def test_the_texts_of_a_program_are_found() -> None:
    used = Used()
    of_module(PROGRAM, "m.py", used)
    assert set(used.where) == {
        "plain {a}",
        "**strong** and `code`",
        "one thing",
        "yes",
        "no",
        "said later",
        "in a table",
        "first",
        "second",
    }
    assert used.plurals == {"one thing": "{n} things"}
    assert used.where["plain {a}"] == "m.py:5"
    assert not used.unreadable


@pytest.mark.parametrize(
    ("call", "entry", "fault"),
    [
        ('x.text("a {b}")', ("a {b}", "甲 {b}"), ""),
        ('x.text("a {b}")', None, "no Chinese"),
        ('x.text("a {b}")', ("a {b}", ""), "no Chinese"),
        ('x.text("a {b}")', ("a {b}", "甲 {c}"), "placeholders"),
        ('x.line("**a** `b`")', ("**a** `b`", "**甲** 乙"), "markup"),
        ('x.plural("a", "{n} b", 1)', (("a", "{n} b"), ("{n} 甲",)), ""),
        ('x.plural("a", "{n} b", 1)', ("a", "{n} 甲"), "plural"),
        ('x.plural("a", "{n} b", 1)', (("a", "{n} c"), ("{n} 甲",)), "plural"),
        ("", ("a", "甲"), "nobody says"),
        ('x.text(f"a {b}")', None, "built"),
        ('x.text("a" + b)', None, "built"),
    ],
)
def test_faults_are_found(
    call: str, entry: tuple[str, str] | tuple[tuple[str, str], tuple[str]] | None, fault: str
) -> None:
    used, catalogue = Used(), Catalog(locale="zh")
    of_module(call, "m.py", used)
    if entry is not None:
        catalogue.add(entry[0], entry[1])
    found = faults(used, catalogue)
    assert [line for line in found if fault in line] == found
    assert bool(found) is bool(fault)


@pytest.mark.parametrize("declaration", ROUTER.declarations, ids=lambda one: "-".join(one.words))
def test_how_a_command_is_written_has_no_english_for_chinese_readers(declaration: Declaration) -> None:
    assert not re.findall(r"[A-Za-z]{2,}", usage(declaration, "zh"))


if __name__ == "__main__":
    program, present = of_program(), read()
    for said, line in program.where.items():
        known = present.get(said)
        if known is None or not translation(known):
            forms = (
                f"msgid_plural {normalize(program.plurals[said])}\nmsgstr[0]" if said in program.plurals else "msgstr"
            )
            sys.stdout.write(f'\n# {line.rsplit(":", 1)[0]}\nmsgid {normalize(said)}\n{forms} ""\n')
