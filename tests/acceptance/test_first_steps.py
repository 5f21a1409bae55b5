"""The transcripts of `docs/first-steps.md` are what the program says today."""

from pathlib import Path

import pytest

from tests.first_steps.page import PAGE, Part
from tests.first_steps.parts import PARTS


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.title)
async def test_the_page_is_what_people_see(tmp_path: Path, part: Part) -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert await part.put(page, tmp_path) == page, "python -m tests.first_steps writes it again"


def test_every_transcript_of_the_page_is_played() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert page.count("```console") == page.count("written by `python -m tests.first_steps`") == len(PARTS)
