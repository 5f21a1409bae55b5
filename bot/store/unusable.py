"""A record that cannot be opened, read or kept: what is wrong with it and what to do, in one line."""

import contextlib
import errno
import os
import sqlite3
from collections.abc import Iterator, Mapping
from pathlib import Path

from bot.contracts.errors import SignpostError

FILE = "signpost.db"

LOCK = "signpost.lock"

_BACKUP = "stop the bot and put the last backup in its place (docs/record.md)"

_RIGHTS = "give the user that runs signpost the right to write there, or name another folder"

_ROOM = "make room on that disk"

_ANOTHER = "name a folder that is there or can be made"

_LEAST = 64 * 1024  # bytes of room: SQLite cannot open a record with less, it needs a page of shared memory beside it

_MAGIC = b"SQLite format 3\x00"

_SYSTEM: Mapping[int, tuple[str, str]] = {
    errno.EACCES: ("may not be read or written by this user", _RIGHTS),
    errno.EPERM: ("may not be read or written by this user", _RIGHTS),
    errno.EROFS: ("is on a file system that is mounted read-only", "mount it for writing, or name another folder"),
    errno.ENOSPC: ("has no room left", _ROOM),
    errno.EDQUOT: ("has no room left: this user's quota is used up", "make room, or raise the quota"),
    errno.ENOTDIR: ("cannot be a folder: a part of it is a file", "name a folder"),
    errno.EEXIST: ("is a file and should be a folder", "name a folder"),
    errno.EISDIR: ("is a folder and should be a file", "move that folder away"),
    errno.ENOENT: ("cannot be made", _ANOTHER),
    errno.ENAMETOOLONG: ("is too long for the name of a file", _ANOTHER),
    errno.ELOOP: ("is a link that leads back to itself", "correct the link"),
    errno.EIO: ("cannot be read: the disk reports a fault", "look at the disk, then at the last backup"),
}

_DATABASE: Mapping[int, tuple[str, str]] = {
    sqlite3.SQLITE_NOTADB: ("is no SQLite file", _BACKUP),
    sqlite3.SQLITE_CORRUPT: ("is damaged", _BACKUP),
    sqlite3.SQLITE_FULL: ("cannot be written: there is no room left", _ROOM),
    sqlite3.SQLITE_BUSY: ("is held by another program", "close what else has it open, an SQLite browser for example"),
    sqlite3.SQLITE_LOCKED: ("is held by another program", "close what else has it open, an SQLite browser for example"),
    sqlite3.SQLITE_IOERR: ("cannot be read or written: the disk reports a fault", "look at the disk and its room"),
    sqlite3.SQLITE_READONLY: ("may not be written by this user", _RIGHTS),
    sqlite3.SQLITE_CANTOPEN: ("cannot be opened by this user", _RIGHTS),
    sqlite3.SQLITE_PERM: ("may not be read or written by this user", _RIGHTS),
}
"""What SQLite's result codes mean (https://sqlite.org/rescode.html)."""


class RecordUnusable(SignpostError):
    """The record cannot be used until an operator does something.

    Args:
        path: the file or folder at fault.
        what: what is wrong with it, to follow the path.
        remedy: what to do.
    """

    def __init__(self, path: Path, what: str, remedy: str) -> None:
        shown = "".join(one if one.isprintable() else "?" for one in str(path))
        super().__init__(f"{shown} {what}: {remedy}")
        self.path = path
        self.what = what
        self.remedy = remedy


@contextlib.contextmanager
def needed(path: Path) -> Iterator[None]:
    """What is done within needs the record.

    Args:
        path: of the file.

    Raises:
        RecordUnusable: it failed for the record's sake.
    """
    try:
        yield
    except OSError as error:
        seen = look(path)
        if seen is None and error.args == (path,):  # there is none yet, which is no trouble
            raise
        raise (seen or of_system(Path(error.filename or path), error)) from error
    except sqlite3.Error as error:
        raise of_database(path, error) from error
    except ValueError as error:
        if "null" not in str(error):
            raise
        raise RecordUnusable(path, "has a character in it that no file can have", _ANOTHER) from error


@contextlib.contextmanager
def used(path: Path) -> Iterator[None]:
    """What is done within uses a record that was opened; what the operating system refuses there is something else's.

    Args:
        path: of the file.

    Raises:
        RecordUnusable: SQLite cannot go on.
    """
    try:
        yield
    except sqlite3.Error as error:
        raise of_database(path, error) from error


def no_file(path: Path) -> RecordUnusable:
    """What stands in the place of a file is none."""
    return RecordUnusable(path, "is a pipe or a device and should be a file", "move it away")


def of_system(path: Path, error: OSError) -> RecordUnusable:
    """What the operating system's refusal means."""
    what, remedy = _SYSTEM.get(error.errno or 0, (f"cannot be used ({error.strerror or error})", _ANOTHER))
    return RecordUnusable(path, what, remedy)


def of_database(path: Path, error: sqlite3.Error) -> RecordUnusable:
    """What SQLite's refusal means; where it only says "cannot", the file itself tells why."""
    code: int = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF
    if code in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_PERM):
        seen = look(path)
        if seen is not None:
            return seen
    if code == sqlite3.SQLITE_ERROR and "no such" in str(error):
        return RecordUnusable(path, "is no record of signpost (its tables are missing)", _BACKUP)
    what, remedy = _DATABASE.get(code, ("cannot be used", _BACKUP))
    return RecordUnusable(path, f"{what} ({error})", remedy)


def look(path: Path) -> RecordUnusable | None:
    """Look at a record without opening or writing anything; none where nothing is wrong, or nothing is there yet.

    Args:
        path: of the file.
    """
    try:
        return _folder(path.parent) or _file(path)
    except OSError as error:
        return of_system(
            path.parent if error.errno in (errno.ENOTDIR, errno.ELOOP) else Path(error.filename or path), error
        )
    except ValueError:
        return RecordUnusable(path.parent, "has a character in it that no file can have", _ANOTHER)


def _folder(folder: Path) -> RecordUnusable | None:
    there = folder
    with contextlib.suppress(FileNotFoundError):
        there.stat()  # a part of it may be a file, a link lead back to itself, a name be too long
    while not os.path.lexists(there) and there != there.parent:
        there = there.parent
    if not there.exists():
        return RecordUnusable(folder, f"cannot be made: {there} is a link that leads nowhere", "correct the link")
    if not there.is_dir():
        return of_system(there, OSError(errno.EEXIST, ""))
    system = os.statvfs(there)
    if system.f_flag & os.ST_RDONLY:
        return of_system(folder, OSError(errno.EROFS, ""))
    free = system.f_bavail if os.geteuid() else system.f_bfree
    if system.f_blocks and free * system.f_frsize < _LEAST:
        return of_system(folder, OSError(errno.ENOSPC, ""))
    if not os.access(there, os.W_OK | os.X_OK):
        what = "may not be written by this user" if there == folder else f"cannot be made: {there} may not be written"
        return RecordUnusable(folder, what, _RIGHTS)
    return None


def _file(path: Path) -> RecordUnusable | None:
    for beside in (path.with_name(LOCK), path, *(path.with_name(f"{path.name}{end}") for end in ("-wal", "-shm"))):
        if beside.is_symlink() and not beside.resolve().parent.is_dir():
            return RecordUnusable(beside, "is a link that leads nowhere", "correct the link")
        if not beside.exists():
            continue
        if beside.is_dir():
            return of_system(beside, OSError(errno.EISDIR, ""))
        if not beside.is_file():
            return no_file(beside)
        if not os.access(beside, os.R_OK | os.W_OK):
            return RecordUnusable(beside, "may not be read or written by this user", _RIGHTS)
    if (gone := left_behind(path)) is not None:
        return gone
    if not path.exists() or not (size := path.stat().st_size):
        return None
    with path.open("rb") as file:
        head = file.read(100)
    if not head.startswith(_MAGIC):
        return RecordUnusable(path, "is no SQLite file", _BACKUP)
    if len(head) < 100 or (not _waits(path) and size < _told_size(head)):
        return RecordUnusable(path, "is damaged (it is cut off)", _BACKUP)
    return None


def left_behind(path: Path) -> RecordUnusable | None:
    """Whether a record is gone while part of it still stands beside it: SQLite would begin a new one, and delete that part."""
    if (path.exists() and path.stat().st_size) or not _waits(path):
        return None
    beside = f"{path.name}-wal"
    return RecordUnusable(
        path,
        f"is gone, while a part of it still stands in {beside}",
        f"put it back beside that, or move {beside} away to begin a new record",
    )


def _waits(path: Path) -> bool:
    """Whether part of the record still stands beside it, in the write-ahead log."""
    log = path.with_name(path.name + "-wal")
    return log.exists() and log.stat().st_size > 0


def _told_size(head: bytes) -> int:
    """The size that the file itself tells, in bytes (https://sqlite.org/fileformat.html, 1.3); 0 where it does not."""
    if head[24:28] != head[92:96]:  # the number of pages was not kept up by whoever wrote last
        return 0
    page = int.from_bytes(head[16:18], "big")
    return (65536 if page == 1 else page) * int.from_bytes(head[28:32], "big")
