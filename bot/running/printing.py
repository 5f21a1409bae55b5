"""What the command line prints, and what becomes of it where it cannot be printed."""

import contextlib
import os
import sys
from collections.abc import Iterator
from typing import TextIO

from bot.contracts.errors import SignpostError

STREAMS = ("stdin", "stdout", "stderr")


class NotPrinted(SignpostError):
    """What was to be printed could not be; the text says why, as the operating system does."""


def opened() -> None:
    """Put nothing in the place of a stream that was closed before the start (`>&-`), so that nobody has to ask."""
    for name in STREAMS:
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "r" if name == "stdin" else "w", encoding="utf-8"))  # noqa: SIM115, PTH123 - open to the end


def put(text: str) -> None:
    """Print what other programs will read: on a terminal as it can, into a file always in UTF-8.

    Raises:
        NotPrinted: the output takes no more.
    """
    if sys.stdout.isatty():
        tell(text.removesuffix("\n"))
        return
    with kept(sys.stdout):
        line = text if text.endswith("\n") else f"{text}\n"
        sys.stdout.buffer.write(line.encode(errors="replace"))  # half a character may have been read
        sys.stdout.buffer.flush()


def tell(text: str = "", out: TextIO | None = None) -> None:
    """Print a line for people.

    Args:
        text: without its line end.
        out: where; the standard output when left out.

    Raises:
        NotPrinted: the output takes no more.
    """
    out = sys.stdout if out is None else out
    with kept(out):
        print(text, file=out, flush=True)


@contextlib.contextmanager
def kept(out: TextIO) -> Iterator[None]:
    """What is written within is told about where it gets nowhere.

    Args:
        out: what is written to.

    Raises:
        NotPrinted: it takes no more.
    """
    try:
        yield
    except BrokenPipeError:
        raise  # whoever read it has seen enough
    except OSError as error:
        _let_go(out)
        raise NotPrinted(error.strerror or str(error)) from error


def complain(text: str) -> None:
    """Say what cannot be read; where nobody can be told, it is not."""
    with contextlib.suppress(OSError, ValueError):
        sys.stderr.write(f"{text}\n")
        sys.stderr.flush()


def not_printed(why: str) -> str:
    """That the output could not be written.

    Args:
        why: the operating system's word for it.
    """
    return f"The output cannot be written: {why}. What is there now is not whole."


def _let_go(stream: TextIO) -> None:
    """What is still waiting would be written when the interpreter ends, which would complain loudly."""
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        try:
            os.dup2(nowhere, stream.fileno())
        finally:
            os.close(nowhere)
