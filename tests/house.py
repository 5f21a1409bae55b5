"""The house of `bot/` as a picture, made from the imports: floors, folders, and who imports whom.

`make docs` writes it into `docs/architecture.md`; `tests/unit/test_docs.py` holds it to the code.
"""

import ast
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

FLOORS: Mapping[str, int] = {
    "contracts": 1,
    "store": 2,
    "wording": 2,
    "commands": 3,
    "notices": 3,
    "requests": 4,
    "watch": 4,
    "messages": 4,
    "desk": 5,
    "running": 6,
}
"""Folder of `bot` → its floor. A module imports its own folder and lower floors; one floor's folders do not know each
other."""


def folders() -> tuple[str, ...]:
    """The folders that are there, from the ground up."""
    return tuple(name for name in FLOORS if (ROOT / "bot" / name).is_dir())


def imported(folder: str) -> frozenset[str]:
    """The other folders of `bot`, and `handlers` and `integrations`, that a folder imports."""
    found = set()
    for path in (ROOT / "bot" / folder).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            for parts in (name.split(".") for name in names):
                if parts[0] == "bot" and len(parts) > 1:
                    found.add(parts[1])
                elif parts[0] in ("handlers", "integrations"):
                    found.add(parts[0])
    return frozenset(found - {folder})


def says(folder: str) -> str:
    """What a folder says of itself, in its first line."""
    text = ast.get_docstring(ast.parse((ROOT / "bot" / folder / "__init__.py").read_text(encoding="utf-8"))) or ""
    return text.partition("\n")[0].partition(":")[0].rstrip(".")


def picture() -> str:
    """The house as a Mermaid flowchart; an arrow goes to what is imported, what every folder imports is left out."""
    here = folders()
    lines = ["flowchart TB"]
    for floor in sorted({FLOORS[name] for name in here}, reverse=True):
        lines.append(f'  subgraph floor{floor}["{floor}"]')
        for name in here:
            if FLOORS[name] == floor:
                modules = sum(1 for path in (ROOT / "bot" / name).rglob("*.py") if path.name != "__init__.py")
                lines.append(f'    {name}["<b>{name}/</b> {modules}<br/>{says(name)}"]')
        lines.append("  end")
    lines.append('  handlers(["handlers/"])')
    lines.append('  integrations(["integrations/"])')
    for name in reversed(here):
        lines += [f"  {name} --> {other}" for other in sorted(imported(name)) if other != "contracts"]
    lines += ["  handlers --> desk", "  integrations --> contracts"]
    return "\n".join(lines) + "\n"
