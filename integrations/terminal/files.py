"""Files that are named by a path: the terminal is the only chat in which a file field's value is one."""

import asyncio
import errno
import os
import stat
from enum import StrEnum
from pathlib import Path

from bot.contracts.errors import SignpostError
from bot.contracts.model import Attachment


class FileTrouble(StrEnum):
    """Why a path gave no file."""

    MISSING = "missing"
    DIRECTORY = "directory"
    UNREADABLE = "unreadable"  # no right to read it, or not a file at all: a device, a pipe
    TOO_LARGE = "too_large"
    EMPTY = "empty"


class FileProblem(SignpostError):
    """A path gave no file; who asked for it says so in words.

    Args:
        kind: why.
        path: as it was typed.
    """

    def __init__(self, kind: FileTrouble, path: str) -> None:
        super().__init__(f"{path}: {kind}")
        self.kind = kind
        self.path = path


async def read_file(path: str, *, max_bytes: int) -> Attachment:
    """The file at a path, read in a thread.

    Args:
        path: absolute or from the working directory, `~` is the home directory; without quotes.
        max_bytes: the most it may have; of a larger file no more than this is read.

    Raises:
        FileProblem: there is no such file, or not one to send.
    """
    return await asyncio.to_thread(_read, path, max_bytes)


def _read(path: str, max_bytes: int) -> Attachment:
    if not path:  # `Path` would take it for the working directory
        raise FileProblem(FileTrouble.MISSING, path)
    try:
        place = Path(path).expanduser()
        # Without O_NONBLOCK the opening of a named pipe waits for somebody to write into it, for ever.
        opened = os.open(place, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except (FileNotFoundError, NotADirectoryError, RuntimeError, ValueError) as error:
        # RuntimeError: `~` of somebody who has no home. ValueError: a character that no path can have.
        raise FileProblem(FileTrouble.MISSING, path) from error
    except OSError as error:
        kind = FileTrouble.MISSING if error.errno == errno.ENAMETOOLONG else FileTrouble.UNREADABLE
        raise FileProblem(kind, path) from error
    try:
        # The opened file is asked, not the path: that may be another file by now.
        mode = os.fstat(opened).st_mode
        if stat.S_ISDIR(mode):
            raise FileProblem(FileTrouble.DIRECTORY, path)
        if not stat.S_ISREG(mode):
            raise FileProblem(FileTrouble.UNREADABLE, path)
        with os.fdopen(opened, "rb", closefd=False) as file:
            content = file.read(max_bytes + 1)
    except OSError as error:
        raise FileProblem(FileTrouble.UNREADABLE, path) from error
    finally:
        os.close(opened)
    if not content:
        raise FileProblem(FileTrouble.EMPTY, path)
    if len(content) > max_bytes:
        raise FileProblem(FileTrouble.TOO_LARGE, path)
    return Attachment(name=place.name, content=content)
