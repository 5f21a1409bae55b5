"""The transcripts of `docs/first-steps.md` are what the program says today."""

import re
from pathlib import Path

import pytest

from tests.first_steps.page import PAGE, Part
from tests.first_steps.parts import PARTS
from tests.write_docs import README


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.title)
async def test_the_page_is_what_people_see(tmp_path: Path, part: Part) -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert await part.put(page, tmp_path) == page, "python -m tests.first_steps writes it again"


def test_every_transcript_of_the_page_is_played() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert page.count("```console") == page.count("written by `python -m tests.first_steps`") == len(PARTS)


def test_the_readme_shows_what_the_page_shows() -> None:
    """Its shorter transcripts are of the same demo, said in whole lines; who sits there has another name."""
    page = set(PAGE.read_text(encoding="utf-8").splitlines())
    blocks = re.findall("```text\n(> (?:sign|签名) .*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    assert len(blocks) == 2
    lines = [line for block in blocks for line in block.splitlines()]
    for line in lines:
        said = line.replace("· lin", "· submitter").replace("@lin", "@submitter")
        typed = line.startswith(("> sign submit all", "> edit #2", "> 签名 提交 全部", "> 修改 #2"))
        assert said in page or typed or line in ("", "[…]"), line
