"""Writes the transcripts of `docs/first-steps.md` anew: all of them, or those of which a word of the title is named."""

import asyncio
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from bot.running.logs import setup
from tests.first_steps.page import PAGE
from tests.first_steps.parts import PARTS


async def write(named: Sequence[str]) -> None:
    """Write the page anew.

    Args:
        named: words of the titles of those to write; all when empty.
    """
    setup("ERROR", json=False, secrets=(), stream=sys.stderr)
    page = PAGE.read_text(encoding="utf-8")
    for part in PARTS:
        if not named or any(word in part.title for word in named):
            with tempfile.TemporaryDirectory() as folder:
                page = await part.put(page, Path(folder))
    PAGE.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    asyncio.run(write(sys.argv[1:]))
