"""What the docs say of commands, keys, files and the record is so."""

import re
from collections.abc import Iterator
from pathlib import Path

import click
import sqlite_utils

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


def test_every_command_stands_in_the_readme_and_has_a_section() -> None:
    readme, commands = text(README), text(COMMANDS)
    for declaration in ROUTER.declarations:
        spelled, zh = declaration.spelled(), declaration.spelled("zh")
        assert f"| `{spelled}" in readme, AGAIN
        assert f"### `{spelled}` · {zh}\n" in commands, AGAIN


def test_every_command_of_the_command_line_is_explained_with_its_options() -> None:
    for name, command in main.commands.items():
        line = re.search(rf"^\| `{name}[ `].*$", text(README), re.MULTILINE)
        assert line is not None, f"{name} is missing in the README's table of the command line"
        for parameter in command.params:
            if isinstance(parameter, click.Option) and parameter.name != "config":
                assert f"`{parameter.opts[0]}`" in line[0], (name, parameter.opts[0])


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


def links(page: Path) -> Iterator[str]:
    """Where a page leads within the repository."""
    return (target for target in re.findall(r"\]\(([^)\s]+)\)", prose(page)) if "://" not in target)


def leads_somewhere(page: Path, target: str) -> bool:
    name, _, anchor = target.partition("#")
    there = (page.parent / name).resolve() if name else page
    return there.exists() and there.is_relative_to(ROOT) and (not anchor or anchor in tuple(anchors(there)))


def test_no_link_leads_nowhere() -> None:
    leading = [(str(page.relative_to(ROOT)), target) for page in DOCS for target in links(page)]
    assert len(leading) > 100
    assert not [(page, target) for page, target in leading if not leads_somewhere(ROOT / page, target)]


def test_every_page_can_be_found_from_the_readme() -> None:
    lost = set((ROOT / "docs").rglob("*.md")) - _reachable(README, set())
    assert not lost, "link it from README.md, or from a page that is linked there"


def _reachable(page: Path, known: set[Path]) -> set[Path]:
    known.add(page)
    for target in re.findall(r"\]\(([^)\s#]+)[^)]*\)", prose(page)):
        there = (page.parent / target).resolve()
        if "://" not in target and there.suffix == ".md" and there.exists() and there not in known:
            _reachable(there, known)
    return known


def test_files_of_the_program_that_a_page_names_are_there() -> None:
    for path in DOCS:
        named = re.findall(r"`((?:bot|handlers|integrations|tests|docs)/[\w/.-]*\w/?)`", text(path))
        assert not [name for name in named if not (ROOT / name).exists()], path
        modules = re.findall(r"`((?:bot|handlers|integrations|tests)(?:\.[a-z_]+)+)`", text(path))
        assert not [name for name in modules if not _is_module(name)], path


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


def test_no_page_shouts() -> None:
    assert not [path for path in DOCS if re.findall(r"\w!(?![\w=\[])", prose(path))]


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
