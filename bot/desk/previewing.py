"""A digital template while its files are at hand: gathered one by one, and shown as a phone will show it."""

from collections.abc import Mapping, Sequence

from bot.contracts.fields import Field
from bot.contracts.message import Block, Message, Text
from bot.contracts.model import Attachment, Kind
from bot.contracts.parts import MEDIA as FILES
from bot.contracts.variants import for_digital
from bot.contracts.vocabulary import MEDIA, PAPER, says_digital
from bot.desk.context import Context
from bot.desk.filling import Filling, Step
from bot.requests.prepare import Prepared
from bot.requests.preview import preview


def gathered(
    held: Mapping[str, tuple[Attachment, ...]], filling: Filling, given: Mapping[str, tuple[Attachment, ...]]
) -> dict[str, tuple[Attachment, ...]]:
    """What was handed in now, behind what was handed in before: in some chats files come one by one.

    Args:
        held: what was handed in before.
        filling: what is filled in.
        given: what came now; where nobody asked for a file it counts as a paper.
    """
    if filling.kind is not Kind.TEMPLATE or not says_digital(filling.kind, filling.said):
        return dict(given)
    more = (*given.get(FILES, ()), *given.get(PAPER.key, ()))
    if not more:
        return dict(given)
    others = {key: files for key, files in given.items() if key != PAPER.key}
    return {**others, FILES: (*held.get(FILES, ()), *more)}


def awaits_more(context: Context, step: Step | None) -> bool:
    """Whether `submit` is waited for, because a file was handed in and another may follow."""
    return context.incoming.can_ask and step is not None and FILES in step.papers


def wanted(prepared: Sequence[Prepared], missing: Sequence[Field]) -> tuple[Field, ...]:
    """What a file can be handed in for, beside what is missing."""
    open_for_more = any(for_digital(item.values) and item.papers.get(FILES) for item in prepared)
    return (*missing, MEDIA) if open_for_more and not missing else tuple(missing)


async def previewed(context: Context, prepared: Sequence[Prepared]) -> tuple[Block, ...]:
    """The parts of the first digital template among these; nothing where there is none, or no file of it."""
    item = next((one for one in prepared if for_digital(one.values) and one.papers.get(FILES)), None)
    if item is None:
        return ()
    shown = {}
    for file in item.papers[FILES]:
        png = await context.services.requests.preparation.inspection.picture(file)
        if png is not None:
            shown[file.sha256] = png
    return preview(context.language, item.values, item.papers, shown)


async def so_far(context: Context, prepared: Sequence[Prepared], code: str) -> tuple[Block, ...]:
    """What there is when nothing is missing any more, and how more files come to it."""
    blocks = await previewed(context, prepared)
    if not blocks:
        return ()
    language = context.language
    more = (
        language.line("More files go behind these: one to one, with the code `{code}`. `submit` sends it.", code=code)
        if code
        else language.line("More files go behind these; `submit` sends it.")
    )
    return (Text(language.line("As a phone will show it:")), *blocks, Text(more))


async def message(context: Context, prepared: Sequence[Prepared], steps: Sequence[Step] = ()) -> Message | None:
    """The same as a message of its own, for everybody in the conversation; none where there is nothing to show.

    Args:
        context: who submits it where.
        prepared: what is submitted.
        steps: the answers before; after a file it was shown with the question.
    """
    blocks = () if steps and FILES in steps[-1].papers else await previewed(context, prepared)
    if not blocks:
        return None
    name = next((item.values["name"] for item in prepared if item.values.get("name")), "")
    title = context.language.line("**{name}, as a phone will show it**", name=name)
    return Message(title=title, blocks=blocks, shared=True)
