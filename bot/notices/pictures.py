"""The pictures that go with cards: drawn when a card is posted, shown again when it is changed.

A card never waits long for its picture, and never fails because of it: the figures stand in its text.
"""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from bot.contracts.chat import ChatAbilities, Post
from bot.contracts.due import over
from bot.contracts.message import Commands, Message, Picture
from bot.notices.compose import Sketch
from bot.wording import drawing
from bot.wording.charts import Chart

log = structlog.get_logger(__name__)

DRAW_SECONDS = 5.0
"""For so long a card waits for its picture; a usual one takes less than one."""

REST_SECONDS = 60.0
"""After a picture that was not drawn in time the next cards go without: the machine has other things to do."""

FRESH_FOR = timedelta(hours=1)
"""So soon after its picture was drawn a card shows the same one again, wherever it stands: quota is read once an hour, and
that somebody took an alert changes no picture."""

KEPT = 20
"""Pictures in memory, each of about 120 kB; what is not among them is drawn anew when its card changes."""

Draw = Callable[[Chart, float], Awaitable[bytes | None]]
"""Makes a PNG of a chart within so many seconds; none where that cannot be."""


@dataclass(frozen=True, slots=True)
class _Drawn:
    picture: Picture
    at: datetime


class Pictures:
    """Draws what goes with cards, and remembers it.

    Args:
        draw: makes the pictures.
        monotonic: seconds, for pauses.
    """

    def __init__(self, draw: Draw = drawing.png, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._draw = draw
        self._monotonic = monotonic
        self._rests_until = float("-inf")
        self._kept: OrderedDict[tuple[str, str], _Drawn] = OrderedDict()

    async def put(
        self, post: Post, sketch: Sketch | None, abilities: ChatAbilities, now: datetime, *, edit: bool
    ) -> Post:
        """A card with its picture, drawn now or a while ago; as it was where there is none.

        Args:
            post: the card.
            sketch: its picture; none where it has none now.
            abilities: of the chat that shows it.
            now: by the domain's time.
            edit: the card stands there and is changed.
        """
        if post.card is None or sketch is None or not abilities.pictures or (edit and abilities.beside):
            return post
        which = (post.card.subject, post.language)
        kept = self._kept.get(which)
        if kept is None or over(kept.at, now, FRESH_FOR):
            picture = await self._drawn(sketch)
            kept = kept if picture is None else _Drawn(picture, now)
            if kept is None:
                return post
            self._kept[which] = kept
            self._kept.move_to_end(which)
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return replace(post, message=pictured(post.message, kept.picture))

    def again(self, post: Post | None) -> Post | None:
        """What a card says now, for whoever looks at it this moment: with the picture that was last drawn for it.

        One with nothing left to press is over, and has none.
        """
        if post is None or post.card is None or not post.message.buttons:
            return post
        kept = self._kept.get((post.card.subject, post.language))
        return post if kept is None else replace(post, message=pictured(post.message, kept.picture))

    async def _drawn(self, sketch: Sketch) -> Picture | None:
        if self._monotonic() < self._rests_until:
            return None
        try:
            async with asyncio.timeout(DRAW_SECONDS):
                drawing = await asyncio.to_thread(sketch)
                if drawing is None:
                    return None
                if (png := await self._draw(drawing.chart, DRAW_SECONDS)) is not None:
                    return Picture(drawing.name, png, drawing.text)
        except TimeoutError:
            pass
        except Exception:  # a picture is an extra: whatever is wrong with it, the card goes out
            log.exception("a chart could not be made")
        self._rests_until = self._monotonic() + REST_SECONDS
        log.warning("a card goes without its picture")
        return None


def pictured(message: Message, picture: Picture) -> Message:
    """A message with a picture behind its words, before what can be typed next."""
    at = next((place for place, one in enumerate(message.blocks) if isinstance(one, Commands)), len(message.blocks))
    return replace(message, blocks=(*message.blocks[:at], picture, *message.blocks[at:]))
