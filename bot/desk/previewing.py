"""What whoever submits a digital template is shown of it: as a phone will show it, while its files are at hand."""

from collections.abc import Sequence

from bot.contracts.message import Block, Message
from bot.contracts.parts import MEDIA
from bot.contracts.variants import for_digital
from bot.desk.context import Context
from bot.requests.prepare import Prepared
from bot.requests.preview import preview


async def previewed(context: Context, prepared: Sequence[Prepared]) -> tuple[Block, ...]:
    """The parts of the first digital template among these; nothing where there is none, or no file of it."""
    item = next((one for one in prepared if for_digital(one.values) and one.papers.get(MEDIA)), None)
    if item is None:
        return ()
    shown = {}
    for file in item.papers[MEDIA]:
        png = await context.services.requests.preparation.inspection.picture(file)
        if png is not None:
            shown[file.sha256] = png
    return preview(context.language, item.values, item.papers, shown)


async def message(context: Context, prepared: Sequence[Prepared]) -> Message | None:
    """The same as a message of its own, for everybody in the conversation; none where there is nothing to show."""
    blocks = await previewed(context, prepared)
    if not blocks:
        return None
    name = next((item.values["name"] for item in prepared if item.values.get("name")), "")
    title = context.language.line("**{name}, as a phone will show it**", name=name)
    return Message(title=title, blocks=blocks, shared=True)
