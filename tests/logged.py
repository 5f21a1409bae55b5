"""Everything that is logged while something runs, down to the least, as the program writes it."""

import contextlib
import io
import logging
from collections.abc import Iterator

import structlog

from bot.running.logs import setup


@contextlib.contextmanager
def logged() -> Iterator[io.StringIO]:
    """The log at DEBUG, without the help of knowing what is secret."""
    root = logging.getLogger()
    level = root.level
    written = io.StringIO()
    setup("DEBUG", json=True, secrets=(), stream=written)
    try:
        yield written
    finally:
        for handler in [one for one in root.handlers if getattr(one, "stream", None) is written]:
            root.removeHandler(handler)
        root.setLevel(level)
        structlog.reset_defaults()
