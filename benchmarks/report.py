"""What the benchmarks share: the repository on the import path, statistics, a table on the screen and JSON beside it.

Import it first: the programs are started by their path, so only their own folder is importable until this has run.
"""

import json
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).resolve().parent.parent
RESULTS = REPOSITORY / "benchmarks" / "results"
MEBIBYTE = 1024 * 1024

sys.path.insert(0, str(REPOSITORY))

Row = Mapping[str, Any]


class Report:
    """One program's results: printed as a table, written as JSON.

    Args:
        name: of the JSON file.
        title: what is measured, in a line.
        packages: whose versions matter here.
    """

    def __init__(self, name: str, title: str, packages: Sequence[str] = ()) -> None:
        self._name = name
        self._title = title
        self._packages = tuple(packages)
        self._tables: dict[str, list[Row]] = {}
        self._notes: list[str] = []
        self._begun = time.monotonic()

    def row(self, table: str, **cells: Any) -> None:
        """Add a row to a table; the first row's keys are the columns."""
        self._tables.setdefault(table, []).append(cells)

    def note(self, text: str) -> None:
        """Say something that belongs beside the numbers."""
        self._notes.append(text)

    def finish(self) -> None:
        """Print everything and write the JSON."""
        about = {
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
            "machine": machine(),
            "versions": {package: _version(package) for package in self._packages},
            "seconds": round(time.monotonic() - self._begun, 1),
        }
        print(f"\n# {self._title}\n")
        print(", ".join(f"{key} {value}" for key, value in (about["machine"] | about["versions"]).items()))  # type: ignore[operator]
        for title, rows in self._tables.items():
            print(f"\n{title}\n")
            _print(rows)
        for note in self._notes:
            print(f"\n{note}")
        print(f"\n({about['seconds']} s)", flush=True)
        RESULTS.mkdir(parents=True, exist_ok=True)
        result = {**about, "tables": self._tables, "notes": self._notes}
        (RESULTS / f"{self._name}.json").write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n")


def machine() -> dict[str, str]:
    """What the numbers were measured on, without its name."""
    return {
        "cores": str(len(os.sched_getaffinity(0))),
        "system": f"{platform.system()} {platform.machine()}",
        "Python": platform.python_version(),
        "load": f"{os.getloadavg()[0]:.1f}",
    }


def quantile(values: Sequence[float], share: float) -> float:
    """The value that this share of the values does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def median(values: Sequence[float]) -> float:
    """The middle one."""
    return statistics.median(values)


def resident(process: int | str = "self") -> float:
    """The resident memory of a process in MiB."""
    with Path(f"/proc/{process}/statm").open() as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGESIZE") / MEBIBYTE


class Child:
    """A program's other role in a process of its own, which is asked in lines and answers in JSON lines.

    Args:
        program: the file.
        arguments: its role.
        environment: added to this process's.
    """

    def __init__(self, program: str, *arguments: str, environment: Mapping[str, str] | None = None) -> None:
        self._process = subprocess.Popen(
            [sys.executable, program, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, **(environment or {})},
        )
        self.ready = self._read()

    def ask(self, *words: str) -> Any:
        """Give an order, wait for what it answers."""
        assert self._process.stdin is not None  # noqa: S101 - made with a pipe
        self._process.stdin.write(" ".join(words) + "\n")
        self._process.stdin.flush()
        return self._read()

    def close(self) -> None:
        """End of orders; the child leaves by itself."""
        assert self._process.stdin is not None  # noqa: S101 - made with a pipe
        self._process.stdin.close()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _read(self) -> Any:
        assert self._process.stdout is not None  # noqa: S101 - made with a pipe
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"the child ended with {self._process.wait(10)}")
        return json.loads(line)


@contextmanager
def children(*made: Child) -> Iterator[None]:
    """End children however the work ends."""
    try:
        yield
    finally:
        for child in made:
            child.close()


def answer(value: object) -> None:
    """A child's answer to its order."""
    print(json.dumps(value), flush=True)


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"


def _print(rows: Sequence[Row]) -> None:
    columns = list(rows[0])
    cells = [[_cell(row.get(column, "")) for column in columns] for row in rows]
    widths = [max(len(column), *(len(line[index]) for line in cells)) for index, column in enumerate(columns)]
    for line in (columns, ["-" * width for width in widths], *cells):
        print("| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) + " |")


def _cell(value: object) -> str:
    match value:
        case float() if abs(value) >= 100:
            return f"{value:,.0f}"
        case float() if abs(value) >= 10:
            return f"{value:.1f}"
        case float():
            return f"{value:.2f}"
        case int() if not isinstance(value, bool):
            return f"{value:,}"
        case _:
            return str(value)
