"""`report`: how reviews went, by vendor and kind."""

import asyncio
import functools
from collections.abc import Callable, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

from bot.commands.command import Argument, ArgumentKind, Command, Router
from bot.contracts.hours import open_between
from bot.contracts.message import Block, Items, Line, Message, Picture, Table, Text
from bot.contracts.model import Kind, Request, Role, State, Words
from bot.desk.context import Context, Reply
from bot.desk.days import ARGUMENTS, days_of
from bot.requests.reviews import report as reviewed
from bot.requests.reviews.report import PASSED, Decision, Row
from bot.store import events, requests
from bot.wording import charts, drawing
from bot.wording.view import next_commands
from bot.wording.words import KINDS

ROUTER: Router[Context, Reply] = Router()

_USUAL = 30
"""Days, where nobody says how many."""

_REASONS = 5
"""Reasons that are told; more stand in the picture."""

_MOST = 1000
"""Decisions that are looked at, the latest; of more than so many a report is a sample, and says so."""

_LONGEST_REASON = 40
"""Characters of a reason that no rule explains."""


@ROUTER.command(
    ("report",),
    ("报告",),
    role=Role.VIEWER,
    summary=Words(
        "how reviews went: passed at the first try, how long they took, what is overdue, why things were rejected",
        "审核情况：一次通过率、用时、超时、被拒原因",
    ),
    usage="report [ACCOUNTS] [30d]",
    examples=(Words("report", "报告"), Words("report tencent 90d", "报告 腾讯云 90天")),
    arguments=(Argument(ArgumentKind.ACCOUNTS), *ARGUMENTS),
    topic="look",
)
async def report(command: Command, context: Context) -> Reply:
    """What the record knows of the reviews of a span of days; nobody is asked for it."""
    language, view = context.language, context.view
    days = days_of(context, command.words, _USUAL, language.text("report 30d"))
    accounts = command.accounts or context.accounts
    since = view.now - timedelta(days=days)

    def look(db: Any) -> tuple[list[Decision], tuple[Request, ...]]:
        decided = [
            Decision(
                one["request"],
                one["account"],
                Kind(one["kind"]),
                one["type"],
                one["begun"],
                one["at"],
                one["entered"] in PASSED,
                bool(one["first"]),
                one["reason"],
            )
            for one in events.decisions(db, since, accounts, _MOST)
        ]
        waiting = requests.in_states(db, (State.IN_REVIEW,))
        return decided, tuple(one for one in waiting if one.account in accounts)

    decided, waiting = await context.services.database.read(look)
    late = [one for one in waiting if view.late(one)]
    shown = reviewed.rows(decided, [(one.account, one.kind) for one in late], _spans(context))
    span = language.plural("one day", "{n} days", n=days)
    if not shown:
        title = language.line("**Nothing was decided in {span}**, and nothing is overdue.", span=span)
        return Message(title=title, blocks=(next_commands(view, "status pending", "report 90d"),))
    named = await _reasons(context, decided)
    blocks: list[Block] = [_table(context, shown)]
    if any(row.middle is not None for row in shown) and view.hours:
        blocks.append(Text(language.line("Times are those in which the reviewers work.")))
    if len(decided) == _MOST:
        blocks.append(Text(language.line("Of the latest decisions only, {most} of them.", most=language.number(_MOST))))
    if named:
        blocks.append(Text(language.line("Why things were rejected:")))
        blocks.append(Items(tuple(_reason(context, *one) for one in named[:_REASONS])))
    slug = next((slug for slug, _, _ in named if slug), "")
    ahead = [f"status #{late[0].number}"] if late else []
    ahead += [f"{language.text('help')} {slug}"] if slug else []
    blocks.append(next_commands(view, *(ahead or ["status pending"]), f"report {30 if days != 30 else 90}d"))
    blocks += await _picture(context, named, span)
    return Message(title=_headline(context, shown, span), blocks=tuple(blocks))


def _spans(context: Context) -> Callable[[Decision], timedelta]:
    view = context.view  # one for all: it is put together anew each time it is asked for

    def took(one: Decision) -> timedelta:
        hours = view.hours.get(one.account)
        return open_between(hours, one.begun, one.at, view.holidays) if hours else one.at - one.begun

    return took


def _headline(context: Context, shown: Sequence[Row], span: str) -> Line:
    language = context.language
    decided, first = sum(row.decided for row in shown), sum(row.first for row in shown)
    if not decided:
        return language.line("**Nothing was decided in {span}.**", span=span)
    told = language.line("**Reviews in {span}: {n} decided**", span=span, n=language.number(decided))
    if not first:
        return told
    share = language.percent(Decimal(sum(row.passed_first for row in shown)) / first, digits=0)
    return (*told, *language.line(", {share} passed at the first try", share=share))


def _table(context: Context, shown: Sequence[Row]) -> Table:
    language = context.language
    head = tuple(
        language.text(word) for word in ("Account", "Kind", "Decided", "First try", "Half took", "90% took", "Overdue")
    )
    return Table(
        head,
        tuple(
            (
                (row.account,),
                (language.pick(KINDS[row.kind]),),
                (language.number(row.decided),),
                (f"{row.passed_first} / {row.first}",),
                (language.working(row.middle) if row.middle is not None else "–",),
                (language.working(row.high) if row.high is not None else "–",),
                (language.number(row.overdue),),
            )
            for row in shown
        ),
    )


async def _reasons(context: Context, decided: Sequence[Decision]) -> tuple[tuple[str, str, int], ...]:
    """The rule, where one explains it, the words and how often, of each reason."""
    check, language = context.services.requests.preparation.check, context.language

    @functools.cache
    def explained(reason: str, account: str, kind: Kind, template: str) -> tuple[str, str]:
        found = check.meant(reason, account, kind, template)
        if found.title is not None:
            return found.rules[0], language.pick(found.title)
        text = " ".join(reason.split()) or language.text("no reason given")
        return "", text if len(text) <= _LONGEST_REASON else f"{text[: _LONGEST_REASON - 1]}…"

    def meant(one: Decision) -> tuple[str, str]:
        return explained(one.reason, one.account, one.kind, one.type)

    # Each reason is held against every phrase, which takes a while where there are many.
    counted = await asyncio.to_thread(reviewed.reasons, decided, meant)
    return tuple((slug, words, count) for (slug, words), count in counted)


def _reason(context: Context, slug: str, words: str, count: int) -> Line:
    language = context.language
    if slug:
        return language.line("{count} × {reason} (`{rule}`)", count=count, reason=words, rule=slug)
    return language.line("{count} × “{reason}”", count=count, reason=words)


async def _picture(context: Context, named: Sequence[tuple[str, str, int]], span: str) -> list[Picture]:
    language = context.language
    if not context.abilities.pictures or not named:
        return []
    title = language.text("Why things were rejected · {span}", span=span)
    drawn = charts.reasons(title, [(words, count) for _, words, count in named])
    png = await drawing.png(drawn)
    return [Picture("rejections.png", png, title)] if png else []
