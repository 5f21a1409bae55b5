"""One process works on a record."""

import contextlib
import fcntl
import os
import stat
from collections.abc import Iterator
from errno import EACCES, EAGAIN
from pathlib import Path

from bot.contracts.errors import SignpostError
from bot.store.unusable import FILE, LOCK, needed, no_file


class AlreadyRunning(SignpostError):
    """Another process works on this record."""


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Two bots on one record would settle each other's calls; the second one is refused.

    Raises:
        AlreadyRunning: another process has the lock.
        RecordUnusable: there can be no lock, or no folder for it.
    """
    with contextlib.ExitStack() as stack:
        with needed(folder / FILE):
            folder.mkdir(parents=True, exist_ok=True)
            # Without O_NONBLOCK the opening of a named pipe waits for somebody at its other end, for ever.
            opened = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NONBLOCK, 0o666)
            file = stack.enter_context(os.fdopen(opened))
            if not stat.S_ISREG(os.fstat(opened).st_mode):
                raise no_file(folder / LOCK)
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                if error.errno not in (EACCES, EAGAIN):
                    raise
                raise AlreadyRunning(f"another signpost works on {folder / FILE}") from error
        yield
