"""What the docs say of commands, keys, files and the record is so."""

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
import sqlite_utils

from bot.commands.command import Declaration
from bot.running.cli import main
from bot.store.export import COLUMNS
from bot.store.migrations import MIGRATIONS
from handlers import ROUTER
from tests.write_docs import ARCHITECTURE, BEGIN, COMMANDS, END, README, ROOT, architecture, commands_page, readme_table
from tests.write_rules import RULES_PAGE, rules_page

DOCS = (README, ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md")))
AGAIN = "`make docs` writes it again"


def text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


# --- Commands ---------------------------------------------------------------------------------------------------------


def test_the_page_of_commands_is_what_the_declarations_say() -> None:
    assert text(COMMANDS) == commands_page(), AGAIN


def test_the_readme_lists_the_commands_as_declared() -> None:
    _, _, rest = text(README).partition(BEGIN)
    table, _, _ = rest.partition(END)
    assert table == f"\n\n{readme_table()}\n", AGAIN


def test_the_page_of_rules_is_what_the_vendors_folders_say() -> None:
    assert text(RULES_PAGE) == rules_page(), AGAIN


def test_the_picture_of_the_house_is_what_the_imports_say() -> None:
    assert text(ARCHITECTURE) == architecture(), AGAIN


@pytest.mark.parametrize("declaration", ROUTER.declarations, ids=lambda one: "-".join(one.words))
def test_every_command_stands_in_the_readme_and_has_a_section(declaration: Declaration) -> None:
    spelled, zh = declaration.spelled(), declaration.spelled("zh")
    assert f"| `{spelled}" in text(README), AGAIN
    assert f"### `{spelled}` · {zh}\n" in text(COMMANDS), AGAIN


@pytest.mark.parametrize("name", sorted(main.commands))
def test_every_command_of_the_command_line_is_explained_with_its_options(name: str) -> None:
    line = re.search(rf"^\| `{name}[ `].*$", text(README), re.MULTILINE)
    assert line is not None, f"{name} is missing in the README's table of the command line"
    for parameter in main.commands[name].params:
        if isinstance(parameter, click.Option) and parameter.name != "config":
            assert f"`{parameter.opts[0]}`" in line[0], parameter.opts[0]


# --- Links ------------------------------------------------------------------------------------------------------------


def unfenced(path: Path) -> str:
    """A page without its blocks of code."""
    return re.sub(r"^ *```.*?^ *```", "", text(path), flags=re.MULTILINE | re.DOTALL)


def prose(path: Path) -> str:
    """A page without any code."""
    return re.sub(r"`[^`\n]*`", "", unfenced(path))


def anchors(path: Path) -> Iterator[str]:
    """The anchors of a page's headings, as code forges make them."""
    for heading in re.findall(r"^#+ (.*)$", unfenced(path), re.MULTILINE):
        yield re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


LINKS = [
    pytest.param(path, target, id=f"{path.relative_to(ROOT)}:{target}")
    for path in DOCS
    for target in re.findall(r"\]\(([^)\s]+)\)", prose(path))
    if "://" not in target
]


@pytest.mark.parametrize(("page", "target"), LINKS)
def test_no_link_leads_nowhere(page: Path, target: str) -> None:
    name, _, anchor = target.partition("#")
    there = (page.parent / name).resolve() if name else page
    assert there.exists()
    assert there.is_relative_to(ROOT)
    if anchor:
        assert anchor in tuple(anchors(there))


@pytest.mark.parametrize("path", sorted((ROOT / "docs").rglob("*.md")), ids=lambda path: str(path.relative_to(ROOT)))
def test_every_page_can_be_found_from_the_readme(path: Path) -> None:
    assert path in _reachable(README, set()), "link it from README.md, or from a page that is linked there"


def _reachable(page: Path, known: set[Path]) -> set[Path]:
    known.add(page)
    for target in re.findall(r"\]\(([^)\s#]+)[^)]*\)", prose(page)):
        there = (page.parent / target).resolve()
        if "://" not in target and there.suffix == ".md" and there.exists() and there not in known:
            _reachable(there, known)
    return known


@pytest.mark.parametrize("path", DOCS, ids=lambda path: str(path.relative_to(ROOT)))
def test_files_of_the_program_that_a_page_names_are_there(path: Path) -> None:
    named = re.findall(r"`((?:bot|handlers|integrations|tests|docs)/[\w/.-]*\w/?)`", text(path))
    assert not [name for name in named if not (ROOT / name).exists()]
    modules = re.findall(r"`((?:bot|handlers|integrations|tests)(?:\.[a-z_]+)+)`", text(path))
    assert not [name for name in modules if not _is_module(name)]


def _is_module(name: str) -> bool:
    """Whether it is a module, or stands in one."""
    whole = ROOT.joinpath(*name.split("."))
    return any(place.is_dir() or place.with_suffix(".py").exists() for place in (whole, whole.parent))


# --- The record -------------------------------------------------------------------------------------------------------

RECORD = ROOT / "docs" / "record.md"


def documented() -> dict[str, set[str]]:
    """Table → the columns that the page promises."""
    promised: dict[str, set[str]] = {}
    for name, table in re.findall(r"^`(\w+)`: [^\n]*\n\n((?:\|[^\n]*\n)+)", text(RECORD), re.MULTILINE):
        cells = [line.split("|")[1] for line in table.splitlines()[2:]]
        promised[name] = {column for cell in cells for column in re.findall(r"`(\w+)`", cell)}
    return promised


def test_the_tables_that_others_read_have_the_columns_that_are_promised() -> None:
    db = sqlite_utils.Database(memory=True, execute_plugins=False)
    MIGRATIONS.apply(db)
    promised = documented()
    assert set(promised) == {"requests", "events", "notices", "alerts", "samples", "traffic", "subscriptions"}
    for table, columns in promised.items():
        assert columns <= set(db[table].columns_dict), table
    own = re.search(r"The rest \((.*?)\)", text(RECORD))
    assert own is not None
    others = set(re.findall(r"`(\w+)`", own[1]))
    assert others | set(promised) == {name for name in db.table_names() if not name.startswith(("_", "sqlite_"))}
    db.close()


def test_the_export_has_the_columns_that_are_promised() -> None:
    assert documented()["requests"] == set(COLUMNS)


# --- Style ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", DOCS, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_page_shouts(path: Path) -> None:
    assert not re.findall(r"\w!(?![\w=\[])", prose(path))


# --- What must stay ---------------------------------------------------------------------------------------------------

KEPT = re.compile(r"`((?:unit|acceptance|contract)/[\w/]+\.py)::(test_\w+)`")


def test_what_must_stay_has_its_tests() -> None:
    """Each row of the table names tests, and they are there; the ten points are all of the walk's."""
    _, _, rest = text(ROOT / "docs" / "developing.md").partition("## What must stay")
    rows = [line for line in rest.partition("\n## ")[0].splitlines() if line.startswith("| ")][2:]
    assert [found[1] for row in rows if (found := re.match(r"\| (\d+)\. ", row))] == [str(one) for one in range(1, 11)]
    for row in rows:
        named = KEPT.findall(row)
        assert named, row
        for path, name in named:
            assert re.search(rf"^(async )?def {name}\(", text(ROOT / "tests" / path), re.MULTILINE), (path, name)
