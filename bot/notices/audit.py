"""The auditor: looks each minute whether everything that was owed was told, failed, was held back, or is still to come.

What is not accounted for, and a conversation that takes nothing or whose queue does not move, stands in `health` as long as
it is so, and is told to the operators once, over restarts too. So are requests that nobody asks after, for their account is
gone from the configuration, and what a chat wants operators to know before it hurts.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime, timedelta
from functools import partial

import sqlite_utils
import structlog

from bot.contracts.chat import Caution
from bot.contracts.clock import Clock
from bot.contracts.due import furthest, over
from bot.contracts.message import Block, Mark, Message, Text
from bot.contracts.model import Place, Words
from bot.contracts.settings import PLATFORMS
from bot.notices.compose import Composed, Wording
from bot.notices.operators import Operators
from bot.store import audits
from bot.store.audits import Shut, Still, Strayed, Sums
from bot.store.database import Database
from bot.store.moments import from_text, to_text
from bot.store.notices import URGENT, USUALLY, Notice
from bot.wording.language import Language
from bot.wording.view import View, next_commands

log = structlog.get_logger(__name__)

EVERY = timedelta(minutes=1)

MAY_WAIT = timedelta(minutes=15)
"""A notice that is due for longer, in a conversation in which nothing ended for as long, does not move: the longest pause
between two tries of our own is ten minutes (`bot.notices.outbox`), and a minute of DingTalk's limit is one."""

UNTRIED = Words("it was not tried", "尚未尝试")

MOVES_AGAIN = Words("it went on before it was told", "发送前已恢复")


class Auditor:
    """Looks whether everything is accounted for.

    Args:
        database: the record.
        operators: tells the operators.
        clock: the domain's time.
        languages: code → language.
        platforms: the chats that are there.
        accounts: those of the configuration.
        served: whether a conversation is one of the configuration: of others, nobody minds that they take nothing.
        cautions: what chats want operators to know: platform, what.
        pace: how much faster than the machine's the domain's time runs.
    """

    def __init__(
        self,
        database: Database,
        operators: Operators,
        clock: Clock,
        languages: Mapping[str, Language],
        platforms: Collection[str],
        accounts: Collection[str],
        served: Callable[[Place], object],
        cautions: Callable[[], Iterable[tuple[str, Caution]]] = lambda: (),
        pace: float = 1.0,
    ) -> None:
        self._database = database
        self._operators = operators
        self._clock = clock
        self._languages = languages
        self._platforms = platforms
        self._accounts = accounts
        self._served = served
        self._cautions = cautions
        self._pace = pace
        self._looked_at: datetime | None = None
        self._suspected: frozenset[int] = frozenset()
        self._sums = Sums(0)
        self._still: tuple[Still, ...] = ()
        self._shut: tuple[Shut, ...] = ()
        self._strayed: tuple[Strayed, ...] = ()

    @property
    def wordings(self) -> Mapping[str, Wording]:
        """Kind of notice → what words it."""
        return {"audit": self._missing, "still": self._stands, "strayed": _strayed_ones}

    @property
    def failing(self) -> tuple[tuple[str, Words, Words], ...]:
        """What is not as it should be, as of the last look: its name, what it is, and why. For `health`."""
        wrong = self._sums.missing or self._sums.unexplained
        account = (("account", Words("the account of messages", "消息核对"), self._said(_difference)),) if wrong else ()
        shut = (
            (f"shut:{one.place.key}", _called(one.place), self._said(partial(self._refuses, shut=one)))
            for one in self._shut
        )
        queues = (
            (f"queue:{one.place.key}", _called(one.place), self._said(partial(self._waiting, still=one)))
            for one in self._still
        )
        return (*account, *shut, *queues)

    async def work(self) -> bool:
        """Look, if a minute has passed since the last look; returns whether anything is owed because of it."""
        now = self._clock.now()
        shut = await self._database.read(audits.shut)
        self._shut = tuple(
            one
            for one in shut
            if one.place.platform in self._platforms and (not one.place.conversation or self._served(one.place))
        )
        if self._looked_at is not None and not over(self._looked_at, now, EVERY):
            return False
        self._looked_at = now
        since = now - MAY_WAIT * self._pace
        self._sums = await self._database.read(audits.sums)
        found = await self._database.read(
            partial(audits.standing_still, platforms=self._platforms, since=since, furthest=furthest(now, timedelta(0)))
        )
        # Looked at twice, for a clock that was set forward makes everything old at once.
        refusing = {one.place.platform for one in shut if not one.place.conversation}  # told as that, once
        self._still = tuple(
            one for one in found if one.oldest in self._suspected and one.place.platform not in refusing
        )
        self._suspected = frozenset(one.oldest for one in found)
        strayed = await self._database.read(partial(audits.strayed, accounts=self._accounts))
        if strayed != self._strayed:
            log.warning(
                "requests wait for accounts that are not in the configuration",
                accounts=[one.account for one in strayed],
            )
        self._strayed = strayed
        cautions = tuple(self._cautions())
        if not (self._sums.missing or self._sums.unexplained or self._still or self._strayed or cautions):
            return False
        return await self._database.write(partial(self._tell, cautions=cautions, now=now))

    def _tell(self, db: sqlite_utils.Database, cautions: Iterable[tuple[str, Caution]], now: datetime) -> bool:
        owed = False
        counted = self._sums
        if counted.missing or counted.unexplained:
            data = {name: getattr(counted, name) for name in Sums.__slots__}
            key = f"audit:{counted.missing}:{counted.unexplained}"
            if self._operators.tell(db, key, "audit", "record", data, now):
                log.error("notices are not accounted for", **data)
                owed = True
        for still in self._still:
            data = {
                "oldest": still.oldest,
                "platform": still.place.platform,
                "conversation": still.place.conversation,
                "since": to_text(still.since),
                "count": still.count,
                "reason": {"en": self._reason(still).en, "zh": self._reason(still).zh},
            }
            if self._operators.tell(db, f"still:{still.oldest}", "still", "record", data, now, but=still.place):
                log.error("a conversation takes nothing", conversation=still.place.key, reason=self._reason(still).en)
                owed = True
        for one in self._strayed:
            key = f"strayed:{one.account}:{one.numbers[0]}"
            data = {"account": one.account, "count": one.count, "numbers": list(one.numbers)}
            owed |= self._operators.tell(db, key, "strayed", "record", data, now)
        for platform, caution in cautions:
            data = {
                name: {"en": words.en, "zh": words.zh}
                for name, words in (("title", caution.title), ("text", caution.text))
            }
            key = f"caution:{platform}:{caution.key}"
            urgency = URGENT if caution.urgent else USUALLY
            owed |= self._operators.tell(db, key, "caution", platform, data, now, urgency=urgency)
        return owed

    # --- In words ------------------------------------------------------------------------------------------------------

    def _said(self, say: Callable[[Language, Sums], str]) -> Words:
        return Words(*(say(self._languages[code], self._sums) for code in ("en", "zh")))

    @staticmethod
    def _reason(still: Still) -> Words:
        return still.reason if still.reason.en else UNTRIED

    def _waiting(self, language: Language, _: Sums, still: Still) -> str:
        return language.plural(
            "{n} message waits, for {span}: {reason}",
            "{n} messages wait, the oldest for {span}: {reason}",
            still.count,
            span=language.span(self._clock.now() - still.since),
            reason=language.pick(self._reason(still)),
        )

    def _refuses(self, language: Language, _: Sums, shut: Shut) -> str:
        return language.text(
            "takes nothing, since {since}: {reason}",
            since=language.moment(shut.since, None, self._clock.now()),
            reason=language.pick(shut.reason),
        )

    @staticmethod
    def _missing(_: sqlite_utils.Database, view: View, notice: Notice) -> Composed:
        counted = Sums(**notice.data)
        language = view.language
        blocks: tuple[Block, ...] = (
            Text((_difference(language, counted),)),
            Text(
                language.line(
                    "Somebody changed the record, or the file is damaged; what is missing is told to nobody. `signpost verify` "
                    "looks at the whole file, and docs/operations.md says what to do."
                )
            ),
            Text(language.line("This is said once for each difference; `health` shows it as long as it is there.")),
            next_commands(view, "health"),
        )
        title = language.line("**The account of messages does not come out**")
        return Composed(Message(title=title, mark=Mark.WARNING, blocks=blocks), final=True)

    @staticmethod
    def _stands(db: sqlite_utils.Database, view: View, notice: Notice) -> Composed:
        data = notice.data
        if not audits.waits(db, int(data["oldest"])):
            return Composed(None, why_not=MOVES_AGAIN)
        language = view.language
        title = language.plural_line(
            "**{n} message waits for {conversation} ({platform})** since {since}",
            "**{n} messages wait for {conversation} ({platform})**, the oldest since {since}",
            int(data["count"]),
            conversation=str(data["conversation"]),
            platform=_platform(language, str(data["platform"])),
            since=language.moment(from_text(str(data["since"])), None, view.now),
        )
        blocks: tuple[Block, ...] = (
            Text(
                language.line(
                    "{reason}. What waits is kept, and told when that conversation takes something again.",
                    reason=language.pick(Words(**data["reason"])),
                )
            ),
            Text(language.line("This is said once until then.")),
            next_commands(view, "health"),
        )
        return Composed(Message(title=title, mark=Mark.WARNING, blocks=blocks), final=True)


def _strayed_ones(_: sqlite_utils.Database, view: View, notice: Notice) -> Composed:
    language = view.language
    title = language.plural_line(
        "**{n} request waits for {account}**, which is not in the configuration any more",
        "**{n} requests wait for {account}**, which is not in the configuration any more",
        int(notice.data["count"]),
        account=str(notice.data["account"]),
    )
    blocks: tuple[Block, ...] = (
        Text(
            language.line(
                "Nobody asks what becomes of {numbers}. An account of that name in the configuration takes them up again; "
                "otherwise its vendor's console shows how they ended.",
                numbers=language.ranges("#", notice.data["numbers"]),
            )
        ),
        Text(language.line("This is said once.")),
        next_commands(view, "health"),
    )
    return Composed(Message(title=title, mark=Mark.WARNING, blocks=blocks), final=True)


def _difference(language: Language, counted: Sums) -> str:
    """The account, and what is wrong with it."""
    account = language.text(
        "{owed} owed; {due} due, {sent} sent, {held} held back, {failed} failed",
        owed=language.number(counted.owed),
        due=language.number(counted.due),
        sent=language.number(counted.sent),
        held=language.number(counted.held),
        failed=language.number(counted.failed),
    )
    wrong = []
    if counted.missing > 0:
        wrong.append(language.plural("{n} is missing", "{n} are missing", counted.missing))
    if counted.missing < 0:
        wrong.append(language.plural("{n} more than was owed", "{n} more than were owed", -counted.missing))
    if counted.unexplained:
        wrong.append(
            language.plural(
                "{n} does not say why it was not told", "{n} do not say why they were not told", counted.unexplained
            )
        )
    return language.text("{account}: {wrong}", account=account, wrong=language.joined(wrong))


def _called(place: Place) -> Words:
    """A conversation, or a whole chat."""
    chat = PLATFORMS.get(place.platform, Words.same(place.platform))
    where = place.conversation
    return chat if not where else Words(f"{where} ({chat.en})", f"{where}（{chat.zh}）")


def _platform(language: Language, platform: str) -> str:
    return language.pick(PLATFORMS.get(platform, Words.same(platform)))
