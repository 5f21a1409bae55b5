"""What people answered to messages: kept with numbers masked, told where `replies` are heard, opt-outs marked."""

import hashlib
import json
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import sqlite_utils

from bot.contracts.message import Block, Items, Line, Mark, Message, Strong, Text
from bot.contracts.model import Words
from bot.contracts.numbers import masked, without_numbers
from bot.contracts.push import Said
from bot.notices.audience import Audience
from bot.notices.compose import Composed, Wording
from bot.store import notices, replies
from bot.store.notices import Notice
from bot.store.replies import Reply
from bot.wording.view import View, next_commands

GATHER = timedelta(seconds=10)
"""Answers to a campaign come by the hundred: the first waits so long for others, and they are told together."""

SHOWN = 10
"""Answers in one message; of more, how many there are."""

LONGEST = 160
"""Characters of an answer that are shown."""

ALONE = frozenset({"R", "T", "TD", "QX", "0000", "STOP", "UNSUBSCRIBE", "退"})
"""An answer that is nothing but this wants no more messages: what Chinese marketing texts ask for, and "stop" abroad."""

WITHIN = ("退订", "拒收", "UNSUBSCRIBE")
"""An answer with one of these in it does too, unless it says that it does not."""

NOT = ("不", "别", "未", "勿", "NOT")

TOLD_BEFORE = Words("it was told with earlier replies", "已随之前的回复一并告知")


def opts_out(text: str) -> bool:
    """Whether somebody wants no more messages."""
    plain = unicodedata.normalize("NFKC", text).upper().strip()
    bare = "".join(character for character in plain if character.isalnum())
    if bare in ALONE or bare.removeprefix("回复").removeprefix("回") in ALONE:
        return True
    for word in WITHIN:
        before, found, _ = plain.partition(word)
        if found and not any(negation in before[-4:] for negation in NOT):
            return True
    return False


class Replies:
    """Keeps answers and owes what is told of them.

    Args:
        audience: who hears of what.
    """

    def __init__(self, audience: Audience) -> None:
        self._audience = audience

    @property
    def wordings(self) -> Mapping[str, Wording]:
        """Kind of notice → what words it."""
        return {"replies": _told}

    def take(self, db: sqlite_utils.Database, account: str, said: Sequence[Said], now: datetime) -> int:
        """Keep answers that are new, and tell of them; a step of a transaction.

        Many in a row are one message: what is owed and not on its way yet says all that came until it goes.

        Returns:
            How many were new.
        """
        new: list[int] = []
        for one in said:
            number, text = masked(one.number), without_numbers(one.text).strip()
            made = replies.add(
                db,
                account,
                _mark(one, number, text),
                number=number,
                text=text,
                opt_out=opts_out(one.text),
                sign=one.sign,
                said_at=one.at,
                now=now,
            )
            if made is not None:
                new.append(made)
        if not new:
            return 0
        replies.thin(db, account)
        subject = f"replies:{account}"
        for place in self._audience.places(db, "replies", account):
            if not notices.is_coming(db, "replies", subject, place):
                key = f"{subject}:{new[0]}:{place.key}"
                notices.owe(
                    db,
                    key=key,
                    what="replies",
                    subject=subject,
                    place=place,
                    now=now,
                    data={"since": new[0]},
                    due_at=now + GATHER,
                    urgency=notices.LAST,
                )
        return len(new)


def _mark(said: Said, number: str, text: str) -> str:
    """What makes an answer the same when it is pushed again; made of nothing that the record does not hold."""
    whole = json.dumps([said.mark, number, "" if said.at is None else said.at.isoformat(), text])
    return hashlib.sha256(whole.encode()).hexdigest()[:32]


def _told(db: sqlite_utils.Database, view: View, notice: Notice) -> Composed:
    """All that came from the first one on, as far as no later notice tells it."""
    account = notice.subject.partition(":")[2]
    later = notices.next_about(db, notice)
    found = replies.between(db, account, int(notice.data["since"]), None if later is None else int(later.data["since"]))
    if not found:
        return Composed(None, why_not=TOLD_BEFORE)
    return Composed(message(view, account, found), final=True)


def message(view: View, account: str, found: Sequence[Reply]) -> Message:
    """Answers as they are told when they come, oldest first."""
    language = view.language
    out = sum(one.opt_out for one in found)
    mark = Mark.WARNING if out else Mark.NOTE
    if len(found) == 1:
        (one,) = found
        title = language.line(
            "**{number} replied at {account}**: “{text}”", number=one.number, account=account, text=_short(one.text)
        )
    else:
        title = language.plural_line(
            "**{n} reply at {account}**", "**{n} replies at {account}**", len(found), account=account
        )
    blocks: list[Block] = []
    if len(found) > 1:
        shown = sorted(found, key=lambda one: not one.opt_out)[:SHOWN]  # opt-outs are seen even among many
        blocks.append(Items(tuple(line(view, one) for one in shown)))
        if len(found) > len(shown):
            blocks.append(Text(language.line("… and {n} more.", n=len(found) - len(shown))))
    if out:
        blocks.append(
            Text(
                language.plural_line(
                    "{n} opt-out: whoever keeps your lists should send no more marketing to that number.",
                    "{n} opt-outs: whoever keeps your lists should send no more marketing to those numbers.",
                    out,
                )
            )
        )
    blocks.append(next_commands(view, f"replies {account}"))
    return Message(title=title, mark=mark, blocks=tuple(blocks))


def line(view: View, one: Reply, *, account: bool = False) -> Line:
    """One answer among others."""
    language = view.language
    when = language.moment(one.said_at or one.at, None, view.now)
    parts: list[str | Strong] = [f"{when} · "]
    parts += [f"{one.account} · "] if account else []
    parts += [f"{one.number} · "]
    parts += [f"【{one.sign}】 · "] if one.sign else []
    parts.append(language.text("“{text}”", text=_short(one.text)))
    return (*parts, " · ", Strong(language.text("opt-out"))) if one.opt_out else tuple(parts)


def _short(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= LONGEST else f"{plain[: LONGEST - 1]}…"
