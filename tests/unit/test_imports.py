"""Who may import whom, read from the source of every module; `docs/architecture.md` says the same in words.

Where the tree has a good reason for an exception, the rule that allows it stands here with that reason.
"""

import ast
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest

from tests.house import FLOORS

ROOT = Path(__file__).resolve().parents[2]
OURS = ("bot", "handlers", "integrations")


def _name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


PATHS: Mapping[str, Path] = {_name(path): path for top in OURS for path in sorted((ROOT / top).rglob("*.py"))}


@cache
def tree(module: str) -> ast.Module:
    return ast.parse(PATHS[module].read_text(encoding="utf-8"))


@cache
def imports(module: str) -> frozenset[str]:
    """Everything a module imports anywhere in it, as module names."""
    return frozenset(name for node in ast.walk(tree(module)) for name in _named(node))


def _named(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        source = "." * node.level + (node.module or "")
        for alias in node.names:
            whole = f"{source}.{alias.name}"
            yield whole if whole in PATHS else source


def ours(module: str) -> frozenset[str]:
    return frozenset(name for name in imports(module) if name.split(".")[0] in OURS)


def foreign(module: str) -> frozenset[str]:
    """The packages of other people that a module imports."""
    tops = {name.split(".")[0] for name in imports(module)}
    return frozenset(tops - set(OURS) - sys.stdlib_module_names)


def within(module: str, *places: str) -> bool:
    """Whether a module is one of these or lies in one of these packages."""
    return any(module == place or module.startswith(f"{place}.") for place in places)


def modules(*places: str) -> tuple[str, ...]:
    return tuple(module for module in PATHS if within(module, *places))


# --- Floors -----------------------------------------------------------------------------------------------------------

LONGEST = 400
"""Lines of a file: what is longer is more than one thing."""


def folder(module: str) -> str:
    """The folder of `bot` that a module stands in; empty for anything else."""
    parts = module.split(".")
    return parts[1] if parts[0] == "bot" and len(parts) > 1 and (ROOT / "bot" / parts[1]).is_dir() else ""


@pytest.mark.parametrize("module", [module for module in modules("bot") if folder(module) in FLOORS])
def test_a_module_knows_its_own_folder_and_lower_floors(module: str) -> None:
    here = folder(module)
    above = {
        name
        for name in ours(module)
        if folder(name) in FLOORS and folder(name) != here and FLOORS[folder(name)] >= FLOORS[here]
    }
    assert not above


@pytest.mark.parametrize("module", modules("bot.contracts"))
def test_the_contracts_import_the_standard_library_only(module: str) -> None:
    assert all(within(name, "bot.contracts") for name in ours(module))
    assert foreign(module) <= ({"pydantic"} if module in SETTINGS else set())


SETTINGS = ("bot.contracts.settings", "bot.contracts.values")
"""The tables of the file are pydantic models."""


PURE = (
    "bot.desk.access",
    "bot.desk.answers",
    "bot.desk.asking",
    "bot.desk.keeping",
    "bot.desk.filling",
    "bot.desk.form_fields",
    "bot.desk.paging",
    "bot.desk.plainly",
    "bot.requests.batches",
    "bot.requests.approval_cards",
    "bot.requests.cards",
    "bot.requests.guidance",
    "bot.requests.path",
    "bot.requests.path_cards",
    "bot.requests.dependents",
    "bot.requests.four_eyes",
    "bot.requests.not_taken",
    "bot.requests.check.company",
    "bot.requests.check.codes",
    "bot.requests.check.contacts",
    "bot.requests.check.digital",
    "bot.requests.check.engine",
    "bot.requests.check.explain",
    "bot.requests.check.findings",
    "bot.requests.check.generic",
    "bot.requests.check.kinds",
    "bot.requests.check.listed",
    "bot.requests.check.marketing",
    "bot.requests.check.names",
    "bot.requests.check.phrases",
    "bot.requests.check.reading",
    "bot.requests.check.segments",
    "bot.requests.check.shared",
    "bot.requests.check.topic",
    "bot.requests.check.topics",
    "bot.requests.check.unseen",
    "bot.requests.check.variables",
    "bot.requests.check.writing",
    "bot.requests.lifecycle",
    "bot.requests.lost",
    "bot.requests.news",
    "bot.requests.outcomes",
    "bot.requests.merging",
    "bot.requests.playing",
    "bot.requests.prepare",
    "bot.requests.preview",
    "bot.requests.reviews.rhythm",
    "bot.requests.status",
    "bot.requests.summary",
    "bot.watch.backlog",
    "bot.watch.cards",
    "bot.watch.deeds",
    "bot.watch.escalation",
    "bot.watch.figures",
    "bot.watch.headlines",
    "bot.watch.forecast",
    "bot.watch.outlook_cards",
    "bot.watch.lifecycle",
    "bot.watch.oncall",
    "bot.watch.quiet",
    "bot.watch.readings",
    "bot.watch.rehearsal",
    "bot.watch.rules",
    "bot.watch.sending_cards",
    "bot.watch.surges",
    "bot.watch.traffic_cards",
    "bot.watch.trouble_cards",
    "bot.watch.troubles",
    "bot.watch.usage",
    "bot.watch.waiting",
)
"""What decides and what words, beside the contracts, the wording and the commands: no record, no network, no clock."""

CONVERTS = "bot.requests.check.script"
"""Pure as well, with a table of characters that is another package's."""

READS_FILES = ("bot.wording.draw", "bot.wording.drawing", "bot.wording.language")
"""A chart is drawn in a process of its own; the catalogue is read once at start."""


@pytest.mark.parametrize(
    "module", [*PURE, *(one for one in modules("bot.wording", "bot.commands") if one not in READS_FILES)]
)
def test_what_decides_and_what_words_imports_only_what_is_pure(module: str) -> None:
    pure = {*PURE, CONVERTS, *modules("bot.contracts", "bot.wording", "bot.commands")} - {
        "bot.wording.draw",
        "bot.wording.drawing",
    }
    assert ours(module) <= pure
    assert not foreign(module)


@pytest.mark.parametrize("module", modules("bot", "handlers"))
def test_no_file_is_too_long(module: str) -> None:
    assert len(PATHS[module].read_text(encoding="utf-8").splitlines()) <= LONGEST


LONG = 500
"""The same for what speaks with the outside, and for tests."""


@pytest.mark.parametrize(
    "path",
    sorted((*ROOT.glob("integrations/**/*.py"), *ROOT.glob("tests/**/*.py"))),
    ids=lambda path: str(path.relative_to(ROOT)),
)
def test_no_file_outside_is_much_too_long(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONG


def test_every_module_stands_in_a_folder_with_a_floor() -> None:
    assert {folder(module) for module in modules("bot") if module not in ("bot", "bot.__main__")} <= set(FLOORS)


# --- Packages of other people -----------------------------------------------------------------------------------------

FOREIGN: Mapping[str, tuple[str, ...]] = {
    "aiohttp": ("integrations",),
    "aiolimiter": ("integrations",),
    "apscheduler": ("bot.running.worker",),
    "babel": ("bot.wording.language",),
    "chinese_calendar": ("bot.running.holidays",),
    "click": ("bot.running.cli",),
    "dingtalk_stream": ("integrations.dingtalk",),
    "filetype": ("bot.requests.inspection",),
    "httpcore": ("integrations.http",),
    "httpx": ("integrations",),
    "icalendar": ("integrations.calendar",),
    "prompt_toolkit": ("integrations.terminal",),
    "PIL": ("bot.requests.inspection",),
    # What runs the program names the type of the account models, which the integrations own.
    "pydantic": ("bot.contracts", "bot.running", "integrations"),
    "opencc": (CONVERTS,),
    "pylopdf_fonts_zh_cn": ("bot.wording.draw",),
    "pypdfium2": ("bot.requests.inspection",),
    "recurring_ical_events": ("integrations.calendar",),
    "slack_bolt": ("integrations.slack",),
    "slack_sdk": ("integrations.slack",),
    # Use cases compose functions of the connection and name its type; the next test keeps them from more than that.
    "sqlite_utils": ("bot",),
    "stamina": ("integrations.http",),
    "structlog": ("bot", "integrations"),
    "vl_convert": ("bot.wording.draw",),
    "wcwidth": ("integrations.terminal",),
    "websockets": ("integrations.dingtalk",),
}
"""Package → who may import it. A package that is not here is not used."""


@pytest.mark.parametrize("module", PATHS)
def test_a_package_of_other_people_has_its_place(module: str) -> None:
    misplaced = {package for package in foreign(module) if not within(module, *FOREIGN.get(package, ()))}
    assert not misplaced


@pytest.mark.parametrize("module", [module for module in PATHS if not within(module, "bot.store")])
def test_only_the_store_speaks_to_the_database(module: str) -> None:
    """Elsewhere `sqlite_utils` is the name of a type, and a connection is handed on, never asked."""
    for node in ast.walk(tree(module)):
        if not isinstance(node, ast.Attribute):
            continue
        named = isinstance(node.value, ast.Name) and node.value.id
        if named == "sqlite_utils":
            assert node.attr == "Database", f"line {node.lineno}"
        assert named != "db", f"line {node.lineno}: db.{node.attr}"
    assert "sqlite3" not in imports(module)
    if "sqlite_utils" in foreign(module):
        assert not [
            node.lineno for node in ast.walk(tree(module)) if isinstance(node, ast.Call) and _is_database(node.func)
        ]


def _is_database(node: ast.expr) -> bool:
    return isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "sqlite_utils"


# --- The program ------------------------------------------------------------------------------------------------------

RUNNING = "bot.running"
"""What builds and starts the program; it alone knows the integrations and the handlers."""


@pytest.mark.parametrize(
    "module", [module for module in PATHS if not within(module, RUNNING, "integrations", "handlers")]
)
def test_the_program_knows_no_integration_and_no_handler(module: str) -> None:
    assert not [name for name in ours(module) if within(name, "integrations", "handlers")]


@pytest.mark.parametrize("module", [module for module in PATHS if not within(module, RUNNING)])
def test_nobody_imports_what_builds_the_program(module: str) -> None:
    """Except that `python -m bot` starts it."""
    allowed = {"bot.running.cli"} if module == "bot.__main__" else set()
    assert {name for name in ours(module) if within(name, RUNNING)} <= allowed
    assert "bot.__main__" not in ours(module)


SERVICES = ("slack", "dingtalk", "alibaba", "aliyun", "tencent", "ucloud")
SPELLS_THE_FILE = "bot.contracts.settings"
"""People and groups have ids by platform in the configuration (spec 12): its keys are named there, and nowhere else."""


def _said(module: str) -> Iterator[str]:
    """The names and texts of a module's code, its docstrings and comments left out."""
    prose = {id(node.value) for node in ast.walk(tree(module)) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in prose:
            yield node.value
        elif isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr


@pytest.mark.parametrize("module", [one for one in modules("bot") if not within(one, RUNNING, SPELLS_THE_FILE)])
def test_the_program_names_no_platform_and_no_vendor(module: str) -> None:
    assert not [text for text in _said(module) if any(name in text.lower() for name in SERVICES)]


def test_the_composition_root_alone_imports_the_handlers() -> None:
    importers = {
        module
        for module in PATHS
        if not within(module, "handlers") and any(within(n, "handlers") for n in ours(module))
    }
    assert importers == {"bot.running.app"}


def test_the_demo_alone_imports_the_sandbox() -> None:
    inside = "integrations.sandbox"
    importers = {
        module for module in PATHS if not within(module, inside) and any(within(n, inside) for n in ours(module))
    }
    assert importers == {"bot.running.demo"}


# --- Handlers ---------------------------------------------------------------------------------------------------------

HANDLERS = tuple(module for module in modules("handlers") if module != "handlers")

NOT_FOR_HANDLERS = ("bot.store.database", "bot.store.export", "bot.store.lock", "bot.store.migrations")

THEIR_OWN_WRITES = frozenset({"dialogues", "open_questions", "subscriptions"})
"""What a handler may write without a use case: the question it asks, and what its conversation is told about.

Nothing follows from either row but the next answer in the same conversation.
"""


@pytest.mark.parametrize("module", HANDLERS)
def test_a_handler_knows_neither_integrations_nor_other_handlers(module: str) -> None:
    assert not foreign(module)
    for name in ours(module):
        assert within(name, "bot"), name
        assert not within(name, RUNNING), name
        assert name not in NOT_FOR_HANDLERS, name


@pytest.mark.parametrize("module", HANDLERS)
def test_a_handler_writes_only_through_a_use_case(module: str) -> None:
    for node in ast.walk(tree(module)):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "write"):
            continue
        change = node.args[0]
        assert isinstance(change, ast.Lambda), f"line {node.lineno}"
        assert isinstance(change.body, ast.Call), f"line {node.lineno}"
        function = change.body.func
        assert isinstance(function, ast.Attribute), f"line {node.lineno}"
        assert isinstance(function.value, ast.Name), f"line {node.lineno}"
        assert function.value.id in THEIR_OWN_WRITES, f"line {node.lineno}: {function.value.id}.{function.attr}"


# --- Integrations -----------------------------------------------------------------------------------------------------

SANDBOX = "integrations.sandbox"
SHARED = frozenset({"integrations.http", "integrations.web"})

INTEGRATIONS = tuple(module for module in modules("integrations") if not within(module, SANDBOX))


def _folder(module: str) -> str:
    return ".".join(module.split(".")[:2])


@pytest.mark.parametrize("module", INTEGRATIONS)
def test_an_integration_knows_the_contracts_and_itself(module: str) -> None:
    shared: frozenset[str] = frozenset() if module in SHARED else SHARED
    strange = {
        name for name in ours(module) if name not in shared and not within(name, _folder(module), "bot.contracts")
    }
    assert not strange


@pytest.mark.parametrize("module", modules(SANDBOX))
def test_the_sandbox_imports_nothing_of_ours(module: str) -> None:
    """One that used our signers, words or tables would agree with us whatever we did."""
    assert all(within(name, SANDBOX) for name in ours(module))
    assert foreign(module) <= {"aiohttp"}


# --- Everywhere -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("module", ["bot", "integrations"])
def test_the_top_packages_are_empty(module: str) -> None:
    """So that importing one module pulls in nothing else."""
    assert PATHS[module].read_text(encoding="utf-8") == ""


BUILT_BY_ITS_INIT = ("handlers", SANDBOX)
"""The registry of commands, and the stand-in that is used as one thing, are what their packages are."""

FOLDERS = tuple(
    module for module, path in PATHS.items() if path.name == "__init__.py" and module not in BUILT_BY_ITS_INIT
)


@pytest.mark.parametrize("module", FOLDERS)
def test_a_package_holds_no_code_of_its_own(module: str) -> None:
    docstring = ast.get_docstring(tree(module))
    assert len(tree(module).body) == (0 if docstring is None else 1)


@pytest.mark.parametrize("module", PATHS)
def test_imports_are_absolute_and_of_modules_that_are_there(module: str) -> None:
    assert not [name for name in imports(module) if name.startswith(".")]
    assert ours(module) <= set(PATHS)


def test_no_import_goes_round_in_a_circle() -> None:
    after = {
        module: {
            name
            for node in tree(module).body
            for name in _named(node)
            if name in PATHS and not within(module, name)  # a module of a package may not wait for its package
        }
        for module in PATHS
    }
    done: set[str] = set()

    def visit(module: str, way: tuple[str, ...]) -> None:
        assert module not in way, " → ".join((*way, module))
        if module not in done:
            for name in after[module]:
                visit(name, (*way, module))
            done.add(module)

    for module in PATHS:
        visit(module, ())


@pytest.mark.parametrize(
    "module",
    # Sorted, so that every worker of a parallel run collects the same tests.
    sorted({*SETTINGS, *PURE, *READS_FILES, *NOT_FOR_HANDLERS, *SHARED, SANDBOX}),
)
def test_the_rules_speak_of_modules_that_are_there(module: str) -> None:
    assert module in PATHS
