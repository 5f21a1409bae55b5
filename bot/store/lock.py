"""One process works on a record."""

import contextlib
import fcntl
from pathlib import Path
from typing import Any

from bot.contracts.errors import SignpostError


class AlreadyRunning(SignpostError):
    """Another process works on this record."""


@contextlib.contextmanager
def locked(folder: Path) -> Any:
    """Two bots on one record would settle each other's calls; the second one is refused."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "signpost.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise AlreadyRunning(f"another signpost works on {folder / 'signpost.db'}") from error
        yield
