"""An empty record that stands already: making its tables takes longer than most tests, and is their subject in few."""

import tempfile
from pathlib import Path

from bot.store.database import Database


async def lay(path: Path) -> Path:
    """Lay an empty record there, as a first start leaves it, where there is none.

    Args:
        path: of the record's file.

    Returns:
        The path.
    """
    if not _made:
        with tempfile.TemporaryDirectory() as folder:
            async with Database(Path(folder) / path.name) as made:
                pass
            _made.append(_read(made.path))
    return _laid(path)


_made: list[bytes] = []
"""The record of this process, once it was made."""


def _laid(path: Path) -> Path:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(_made[0])
    return path


def _read(path: Path) -> bytes:
    return path.read_bytes()
