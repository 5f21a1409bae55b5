"""A digital message as a phone will show it: its words and files in order. Pure."""

from collections.abc import Mapping
from datetime import timedelta

from bot.contracts.message import Block, Line, Picture, Quote, Text
from bot.contracts.model import Paper
from bot.contracts.papers import NAMES
from bot.contracts.parts import MEDIA, parts
from bot.contracts.placeholders import filled
from bot.requests.playing import played
from bot.wording.language import Language
from bot.wording.problems import size


def preview(
    language: Language,
    values: Mapping[str, str],
    papers: Mapping[str, tuple[Paper, ...]],
    shown: Mapping[str, bytes],
) -> tuple[Block, ...]:
    """The parts in order: words as they will be read, pictures to look at, everything else by name, size and length.

    Args:
        language: the reader's.
        values: of the submission; sample values stand for their placeholders.
        papers: its files.
        shown: digest of a picture → a PNG of it, small enough to be shown; of what is not in it only the name is told.
    """
    samples = {key.partition(".")[2]: value for key, value in values.items() if key.startswith("sample.")}
    blocks: list[Block] = []
    files = 0
    for part in parts(values.get("content", ""), papers.get(MEDIA, ())):
        if part.file is None:
            blocks.append(Quote(filled(part.words, samples)))
            continue
        files += 1
        line = _named(language, part.file)
        blocks.append(Text(line))
        if (png := shown.get(part.file.sha256)) is not None:
            blocks.append(Picture(f"picture-{files}.png", png, part.file.name))
    return tuple(blocks)


def _named(language: Language, file: Paper) -> Line:
    """A file by its name, kind and size; with its length where it plays."""
    told = {"file": file.name, "kind": NAMES.get(file.media_type, file.media_type).upper(), "size": size(file.size)}
    plays = played(file.media_type, file.content)
    if plays is None:
        return language.line("{file}: {kind}, {size}", **told)
    length = language.span(timedelta(seconds=max(1, round(plays.seconds))))
    return language.line("{file}: {kind}, {size}, {length} long", length=length, **told)
