"""Who may import whom, read from the source of every module; `docs/architecture.md` says the same in words.

Where the tree has a good reason for an exception, the rule that allows it stands here with that reason. One test is one
rule over all its modules, and names everybody who breaks it.
"""

import ast
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path

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


def breaking(places: Iterable[str], rule: Callable[[str], Iterable[str]]) -> dict[str, list[str]]:
    """Who breaks a rule: module → what is not as it should be there."""
    held = tuple(places)
    assert held, "a rule for nobody"
    return {module: found for module in held if (found := sorted(rule(module)))}


# --- Floors -----------------------------------------------------------------------------------------------------------

LONGEST = 400
"""Lines of a file: what is longer is more than one thing."""


@cache
def folder(module: str) -> str:
    """The folder of `bot` that a module stands in; empty for anything else."""
    parts = module.split(".")
    return parts[1] if parts[0] == "bot" and len(parts) > 1 and (ROOT / "bot" / parts[1]).is_dir() else ""


def test_a_module_knows_its_own_folder_and_lower_floors() -> None:
    def above(module: str) -> Iterator[str]:
        here = folder(module)
        for name in ours(module):
            if folder(name) in FLOORS and folder(name) != here and FLOORS[folder(name)] >= FLOORS[here]:
                yield name

    assert not breaking((module for module in modules("bot") if folder(module) in FLOORS), above)


def test_the_contracts_import_the_standard_library_only() -> None:
    def others(module: str) -> Iterator[str]:
        yield from (name for name in ours(module) if not within(name, "bot.contracts"))
        yield from foreign(module) - ({"pydantic"} if module in SETTINGS else set())

    assert not breaking(modules("bot.contracts"), others)


SETTINGS = ("bot.contracts.settings", "bot.contracts.values")
"""The tables of the file are pydantic models."""


PURE = (
    "bot.desk.access",
    "bot.desk.answers",
    "bot.desk.asking",
    "bot.desk.digest.cards",
    "bot.desk.digest.facts",
    "bot.desk.digest.plan",
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
    "bot.requests.check.counts",
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


def test_what_decides_and_what_words_imports_only_what_is_pure() -> None:
    pure = {*PURE, CONVERTS, *modules("bot.contracts", "bot.wording", "bot.commands")} - {
        "bot.wording.draw",
        "bot.wording.drawing",
    }
    held = (*PURE, *(one for one in modules("bot.wording", "bot.commands") if one not in READS_FILES))
    assert not breaking(held, lambda module: ours(module) - pure | foreign(module))


def longer(paths: Iterable[Path], lines: int) -> list[str]:
    """The files that have more lines than that."""
    held = tuple(paths)
    assert held, "a rule for nobody"
    return [str(path.relative_to(ROOT)) for path in held if len(path.read_text(encoding="utf-8").splitlines()) > lines]


def test_no_file_is_too_long() -> None:
    assert not longer((PATHS[module] for module in modules("bot", "handlers")), LONGEST)


LONG = 500
"""The same for what speaks with the outside, and for tests."""


def test_no_file_outside_is_much_too_long() -> None:
    assert not longer((*ROOT.glob("integrations/**/*.py"), *ROOT.glob("tests/**/*.py")), LONG)


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
    "prometheus_client": ("bot.running.metrics",),
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


def test_a_package_of_other_people_has_its_place() -> None:
    def misplaced(module: str) -> Iterator[str]:
        return (package for package in foreign(module) if not within(module, *FOREIGN.get(package, ())))

    assert not breaking(PATHS, misplaced)


def test_only_the_store_speaks_to_the_database() -> None:
    """Elsewhere `sqlite_utils` is the name of a type, and a connection is handed on, never asked."""

    def spoken(module: str) -> Iterator[str]:
        if "sqlite3" in imports(module):
            yield "sqlite3"
        for node in ast.walk(tree(module)):
            match node:
                case ast.Attribute(value=ast.Name(id="db")):
                    yield f"line {node.lineno}: db.{node.attr}"
                case ast.Attribute(value=ast.Name(id="sqlite_utils"), attr=name) if name != "Database":
                    yield f"line {node.lineno}: sqlite_utils.{name}"
                case ast.Call(func=ast.Attribute(value=ast.Name(id="sqlite_utils"))):
                    yield f"line {node.lineno}: a database is opened"

    assert not breaking((module for module in PATHS if not within(module, "bot.store")), spoken)


# --- The program ------------------------------------------------------------------------------------------------------

RUNNING = "bot.running"
"""What builds and starts the program; it alone knows the integrations and the handlers."""


def test_the_program_knows_no_integration_and_no_handler() -> None:
    held = (module for module in PATHS if not within(module, RUNNING, "integrations", "handlers"))
    assert not breaking(held, lambda module: (one for one in ours(module) if within(one, "integrations", "handlers")))


def test_nobody_imports_what_builds_the_program() -> None:
    """Except that `python -m bot` starts it."""

    def imported(module: str) -> Iterator[str]:
        allowed = "bot.running.cli" if module == "bot.__main__" else None
        return (name for name in ours(module) if within(name, RUNNING, "bot.__main__") and name != allowed)

    assert not breaking((module for module in PATHS if not within(module, RUNNING)), imported)


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


def test_the_program_names_no_platform_and_no_vendor() -> None:
    def named(module: str) -> Iterator[str]:
        return (text for text in _said(module) if any(name in text.lower() for name in SERVICES))

    assert not breaking((one for one in modules("bot") if not within(one, RUNNING, SPELLS_THE_FILE)), named)


def test_the_composition_root_alone_imports_the_handlers() -> None:
    importers = {
        module
        for module in PATHS
        if not within(module, "handlers") and any(within(n, "handlers") for n in ours(module))
    }
    assert importers == {"bot.running.app"}


def test_the_demo_and_its_tour_alone_import_the_sandbox() -> None:
    inside = "integrations.sandbox"
    importers = {
        module for module in PATHS if not within(module, inside) and any(within(n, inside) for n in ours(module))
    }
    assert importers == {"bot.running.demo", "bot.running.tour"}


# --- Handlers ---------------------------------------------------------------------------------------------------------

HANDLERS = tuple(module for module in modules("handlers") if module != "handlers")

NOT_FOR_HANDLERS = ("bot.store.database", "bot.store.export", "bot.store.lock", "bot.store.migrations")

THEIR_OWN_WRITES = frozenset({"dialogues", "open_questions", "subscriptions"})
"""What a handler may write without a use case: the question it asks, and what its conversation is told about.

Nothing follows from either row but the next answer in the same conversation.
"""


def test_a_handler_knows_neither_integrations_nor_other_handlers() -> None:
    def strange(module: str) -> Iterator[str]:
        yield from foreign(module)
        for name in ours(module):
            if not within(name, "bot") or within(name, RUNNING) or name in NOT_FOR_HANDLERS:
                yield name

    assert not breaking(HANDLERS, strange)


def test_a_handler_writes_only_through_a_use_case() -> None:
    def written(module: str) -> Iterator[str]:
        for node in ast.walk(tree(module)):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "write"):
                continue
            match node.args[0]:
                case ast.Lambda(body=ast.Call(func=ast.Attribute(value=ast.Name(id=table)))) if (
                    table in THEIR_OWN_WRITES
                ):
                    pass
                case change:
                    yield f"line {node.lineno}: {ast.unparse(change)}"

    assert not breaking(HANDLERS, written)


# --- Integrations -----------------------------------------------------------------------------------------------------

SANDBOX = "integrations.sandbox"
SHARED = frozenset({"integrations.http", "integrations.web"})

INTEGRATIONS = tuple(module for module in modules("integrations") if not within(module, SANDBOX))


def _folder(module: str) -> str:
    return ".".join(module.split(".")[:2])


def test_an_integration_knows_the_contracts_and_itself() -> None:
    def strange(module: str) -> Iterator[str]:
        shared: frozenset[str] = frozenset() if module in SHARED else SHARED
        return (name for name in ours(module) - shared if not within(name, _folder(module), "bot.contracts"))

    assert not breaking(INTEGRATIONS, strange)


def test_the_sandbox_imports_nothing_of_ours() -> None:
    """One that used our signers, words or tables would agree with us whatever we did."""

    def strange(module: str) -> Iterator[str]:
        yield from (name for name in ours(module) if not within(name, SANDBOX))
        yield from foreign(module) - {"aiohttp"}

    assert not breaking(modules(SANDBOX), strange)


# --- Everywhere -------------------------------------------------------------------------------------------------------


def test_the_top_packages_are_empty() -> None:
    """So that importing one module pulls in nothing else."""
    assert [PATHS[module].read_text(encoding="utf-8") for module in ("bot", "integrations")] == ["", ""]


BUILT_BY_ITS_INIT = ("handlers", SANDBOX)
"""The registry of commands, and the stand-in that is used as one thing, are what their packages are."""

FOLDERS = tuple(
    module for module, path in PATHS.items() if path.name == "__init__.py" and module not in BUILT_BY_ITS_INIT
)


def test_a_package_holds_no_code_of_its_own() -> None:
    def code(module: str) -> Iterator[str]:
        body = tree(module).body
        return (ast.unparse(one) for one in body[0 if ast.get_docstring(tree(module)) is None else 1 :])

    assert not breaking(FOLDERS, code)


def test_imports_are_absolute_and_of_modules_that_are_there() -> None:
    def astray(module: str) -> Iterator[str]:
        yield from (name for name in imports(module) if name.startswith("."))
        yield from ours(module) - set(PATHS)

    assert not breaking(PATHS, astray)


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


def test_the_rules_speak_of_modules_that_are_there() -> None:
    assert not {*SETTINGS, *PURE, *READS_FILES, *NOT_FOR_HANDLERS, *SHARED, SANDBOX} - set(PATHS)
