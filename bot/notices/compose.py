"""From an owed notice to its message, in the language of where it goes. Reads the record as it stands now.

Which words a kind of notice has is told by its subject: each fills its lines of the two tables, as commands fill the
router, and the composition root puts them together.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType

import sqlite_utils

from bot.contracts.chat import Card, Post
from bot.contracts.message import Line, Message
from bot.contracts.model import Place, Words
from bot.store import notices
from bot.store.notices import NO_REASON, Notice
from bot.wording.charts import Chart
from bot.wording.view import View


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture that is not drawn yet.

    Args:
        name: file name, with `.png`.
        text: what it shows, in one line.
        chart: how it looks.
    """

    name: str
    text: str
    chart: Chart


Sketch = Callable[[], Drawing | None]
"""Makes a drawing from what was read; takes a moment, and asks nobody. None where there is nothing to draw."""


@dataclass(frozen=True, slots=True)
class Composed:
    """What a notice says now.

    Args:
        message: none when there is nothing left to say, with `why_not`.
        under: the subject whose card's thread it belongs to; empty for a message of its own.
        final: worth showing to the whole channel.
        quiet: the card of the thing says the same: where it is edited and there are no threads, nothing else is said.
        card: the thing whose card this is; none when it is not a card.
        shows: under which name the message is remembered where it stands, beside that of a card.
        in_place: the name of a message that stands there and is changed; where none does, there is nothing to say.
        brief: names it where it is told with many others; what stands out in the first line, when left out.
        sketch: of a card: the picture that goes with it where a chat shows pictures.
    """

    message: Message | None
    language: str = "en"
    under: str = ""
    final: bool = False
    quiet: bool = False
    card: Card | None = None
    shows: str = ""
    in_place: str = ""
    why_not: Words = NO_REASON
    brief: Line = ()
    sketch: Sketch | None = None


Wording = Callable[[sqlite_utils.Database, View, Notice], Composed]
"""Words one kind of notice; one that time has overtaken says nothing, and why."""

CardWording = Callable[[sqlite_utils.Database, View, int], tuple[Message, Card]]
"""Words the card of one kind of thing, by its number."""

CardSketch = Callable[[sqlite_utils.Database, View, int], Sketch | None]
"""The picture of one kind of thing, by its number; none where it has none now."""

CARD = "card"
"""The kind of notice that shows a thing's card."""


NOT_SERVED = Words("this conversation is not in the configuration any more", "该会话已不在配置中")


class Composer:
    """Words notices.

    Args:
        view: what wordings need to know, for the readers of a conversation at a moment.
        wordings: kind of notice → what words it; cards have a table of their own.
        cards: kind of thing (`batch`, `alert`) → what words its card.
        sketches: kind of thing → its picture; those without one are left out.
        served: whether the bot speaks in a conversation at all (spec 11): what is owed elsewhere is not told.
    """

    def __init__(
        self,
        view: Callable[[Place, datetime], View],
        wordings: Mapping[str, Wording],
        cards: Mapping[str, CardWording],
        sketches: Mapping[str, CardSketch] = MappingProxyType({}),
        served: Callable[[Place], bool] = lambda _: True,
    ) -> None:
        self._view = view
        self._wordings = wordings
        self._cards = cards
        self._sketches = sketches
        self._served = served

    def compose(self, db: sqlite_utils.Database, notice: Notice, now: datetime) -> Composed:
        """What a notice says now; a notice that time has overtaken says nothing, and why."""
        if not self._served(notice.place):
            return Composed(None, why_not=NOT_SERVED)
        view = self._view(notice.place, now)
        if notice.what == CARD:
            said, thing = self._card(db, view, notice.subject)
            composed = Composed(said, card=thing, sketch=self._sketch(db, view, notice.subject))
        elif (word := self._wordings.get(notice.what)) is not None:
            composed = word(db, view, notice)
        else:
            kind, _, _ = notice.subject.partition(":")
            composed = Composed(
                None, why_not=Words(f"no words for {notice.what} of {kind}", f"没有 {kind} {notice.what} 的说法")
            )
        return replace(composed, language=view.language.code)

    def shown(self, db: sqlite_utils.Database, place: Place, message_id: str, now: datetime) -> Post | None:
        """What the card in a platform message says now; none where the message is no card."""
        subject = notices.shown_in(db, place, message_id)
        if subject is None or subject.partition(":")[0] not in self._cards:  # a question is closed by a notice
            return None
        view = self._view(place, now)
        said, thing = self._card(db, view, subject)
        return Post(place, said, view.language.code, key=f"shown:{message_id}", card=thing)

    def _sketch(self, db: sqlite_utils.Database, view: View, subject: str) -> Sketch | None:
        kind, _, number = subject.partition(":")
        found = self._sketches.get(kind)
        return None if found is None else found(db, view, int(number))

    def _card(self, db: sqlite_utils.Database, view: View, subject: str) -> tuple[Message, Card]:
        kind, _, number = subject.partition(":")
        return self._cards[kind](db, view, int(number))
