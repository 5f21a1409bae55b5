"""`secrets.env`: the secrets beside a configuration, `NAME=value` on a line each, for its owner's eyes only.

What `"env:NAME"` names is looked for in the environment first, then here; so `signpost run` needs no shell that has read
the file before, and systemd's `EnvironmentFile` can read the same one.
"""

import contextlib
import errno
import os
import re
import tempfile
from collections.abc import Mapping
from pathlib import Path

from bot.contracts.characters import tidy

NAME = "secrets.env"

OWNER_ONLY = 0o600

_MOST = 64 * 1024  # bytes


def read(folder: Path) -> Mapping[str, str]:
    """The secrets beside a configuration; none where there is no such file, or none that can be read.

    Args:
        folder: of the configuration.
    """
    try:
        text = _text(folder)
    except (OSError, ValueError):
        return {}
    found = {}
    for line in text.splitlines():
        name, equals, value = _bare(line).partition("=")
        if equals and not name.startswith("#"):
            found[name.strip()] = _unquoted(tidy(value))
    return found


def trouble(folder: Path) -> tuple[str, ...]:
    """What of the file is not read and why, as problems of the configuration; of a line its number, never what stands in it.

    Args:
        folder: of the configuration.
    """
    try:
        text = _text(folder)
    except UnicodeDecodeError:
        return (f"{NAME}: is not UTF-8 text; save it as UTF-8",)
    except OSError as error:
        there = error.errno not in (errno.ENOENT, errno.ENOTDIR)
        return (f"{NAME}: cannot be read: {error.strerror}",) if there else ()
    except ValueError:  # a NUL in the folder's name
        return ()
    found = ((number, _slip(line)) for number, line in enumerate(text.splitlines(), 1))
    return tuple(f"{NAME}: line {number} {slip}" for number, slip in found if slip)


def _slip(line: str) -> str:
    """What is wrong with a line; empty where nothing is."""
    line = _bare(line)
    if not line or line.startswith("#") or _PAIR.match(line):
        return ""
    if sign := _OTHER_SIGN.match(line):
        return f"has '{sign[1]}' where '=' belongs"
    return "is no NAME=value"


def _bare(line: str) -> str:
    return tidy(line).strip().removeprefix("export ").strip()


_PAIR = re.compile(r"[^\s=:：＝﹦﹕]+\s*=")

_OTHER_SIGN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\s*(:=|[:：＝﹦﹕→])")
"""What people write in the place of `=`, as in YAML, or with the keyboard's other width."""


def _text(folder: Path) -> str:
    with (folder / NAME).open("rb") as file:
        return file.read(_MOST).decode("utf-8-sig")


def others_may_read(folder: Path) -> bool:
    """Whether somebody else than its owner may read the file."""
    try:
        return bool((folder / NAME).stat().st_mode & 0o077)
    except (OSError, ValueError):
        return False


def text_of(secrets: Mapping[str, str], kept: Mapping[str, str]) -> str:
    """The file's text.

    Args:
        secrets: name → value.
        kept: what stood there before, under other names.
    """
    values = {**kept, **secrets}
    return "# Secrets of Signpost; only its owner may read this file.\n" + "".join(
        f"{name}={value}\n" for name, value in values.items()
    )


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner may read, at no moment anybody else, and that is there whole or not at all.

    Raises:
        OSError: it cannot be written; what was there is as it was.
    """
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name[:80]}.", dir=path.parent)  # made with mode 600
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from error
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise


def _unquoted(value: str) -> str:
    return value[1:-1] if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'" else value
