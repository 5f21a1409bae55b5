"""Why the record takes nothing: what SQLite's codes mean to an operator.

Source of the codes: https://www.sqlite.org/rescode.html; the lower eight bits are the kind.
"""

import os
import sqlite3
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from bot.contracts.errors import RecordUnavailable
from bot.contracts.model import Words

_LOCKED = Words("another program holds it", "正被另一个程序占用")
_FULL = Words("the disk is full", "磁盘已满")
_READ_ONLY = Words("it may only be read", "只能读取，不能写入")
_DISK = Words("the disk does not take it (input/output error)", "磁盘读写出错")
_MOVED = Words(
    "its file was moved away, deleted or replaced while I run; an operator puts it back, or starts me again",
    "文件在运行中被移走、删除或替换，请运维人员放回原处，或重新启动",
)
_DAMAGED = Words("its file is damaged", "文件已损坏")

CAUSES: Mapping[int, Words] = MappingProxyType(
    {
        sqlite3.SQLITE_READONLY_DBMOVED: _MOVED,
        sqlite3.SQLITE_BUSY: _LOCKED,
        sqlite3.SQLITE_LOCKED: _LOCKED,
        sqlite3.SQLITE_FULL: _FULL,
        sqlite3.SQLITE_READONLY: _READ_ONLY,
        sqlite3.SQLITE_PERM: _READ_ONLY,
        sqlite3.SQLITE_AUTH: _READ_ONLY,
        sqlite3.SQLITE_IOERR: _DISK,
        sqlite3.SQLITE_CANTOPEN: _DISK,
        sqlite3.SQLITE_PROTOCOL: _LOCKED,
        sqlite3.SQLITE_CORRUPT: _DAMAGED,
        sqlite3.SQLITE_NOTADB: _DAMAGED,
    }
)
"""Code, or kind of code → the cause, to stand within a sentence. Every other code is a fault of the program."""


def unavailable(error: BaseException, kind: type[RecordUnavailable] = RecordUnavailable) -> RecordUnavailable | None:
    """What an error of the database means, as an error of a kind; none where it is a fault of the program's own."""
    code = getattr(error, "sqlite_errorcode", None)
    if not isinstance(error, sqlite3.Error) or not isinstance(code, int):
        return None
    words = CAUSES.get(code) or CAUSES.get(code & 0xFF)
    return None if words is None else kind(words)


def in_place(path: Path, opened: os.stat_result) -> None:
    """Look whether the file that was opened still stands there.

    SQLite does not, in the journal mode that is used here: it would go on writing into a file that nobody finds again.

    Args:
        path: where it was opened.
        opened: what it was then.

    Raises:
        sqlite3.OperationalError: it does not.
    """
    try:
        if os.path.samestat(opened, path.stat()):
            return
    except FileNotFoundError:
        pass
    except OSError:  # it cannot be looked at now: that it is gone, nobody says
        return
    moved = sqlite3.OperationalError("the file is not where it was opened")
    moved.sqlite_errorcode = sqlite3.SQLITE_READONLY_DBMOVED
    raise moved
