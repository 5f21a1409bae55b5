"""Why the record takes nothing: what SQLite's codes mean to an operator.

Source of the codes: https://www.sqlite.org/rescode.html; the lower eight bits are the kind.
"""

import sqlite3
from collections.abc import Mapping
from types import MappingProxyType

from bot.contracts.errors import RecordUnavailable
from bot.contracts.model import Words

_LOCKED = Words("another program holds it", "正被另一个程序占用")
_FULL = Words("the disk is full", "磁盘已满")
_READ_ONLY = Words("it may only be read", "只能读取，不能写入")
_DISK = Words("the disk does not take it (input/output error)", "磁盘读写出错")
_DAMAGED = Words("its file is damaged", "文件已损坏")

CAUSES: Mapping[int, Words] = MappingProxyType(
    {
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
"""Kind of code → the cause, to stand within a sentence. Every other code is a fault of the program."""


def unavailable(error: BaseException, kind: type[RecordUnavailable] = RecordUnavailable) -> RecordUnavailable | None:
    """What an error of the database means, as an error of a kind; none where it is a fault of the program's own."""
    code = getattr(error, "sqlite_errorcode", None)
    words = CAUSES.get(code & 0xFF) if isinstance(error, sqlite3.Error) and isinstance(code, int) else None
    return None if words is None else kind(words)
