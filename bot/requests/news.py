"""What the vendor decided, in words: the story in a card's thread."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from bot.contracts.guide import guided_by
from bot.contracts.hours import open_between
from bot.contracts.message import SAY, Block, Button, Exact, Items, Line, Mark, Message, Quote, Text, Typed
from bot.contracts.model import Kind, Request, State, Words
from bot.contracts.resubmission import Passed
from bot.requests.cards import (
    after_ready,
    after_trouble,
    buttons,
    console_link,
    filing,
    filing_lines,
    offers_edit,
    reason_blocks,
)
from bot.requests.guidance import after_console
from bot.requests.lifecycle import filed_by_carriers
from bot.requests.outcomes import OUTCOMES, Worded, head, who
from bot.wording.view import View, next_commands
from bot.wording.words import MARKS, STATES


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a rejection means.

    Args:
        rule: the slug.
        title: of the rule, in a few words.
        says: what it means and what usually passes.
        alike: how many of the latest rejections at this account had this reason, this one among them.
        lately: how many those are.
        fixes: key and value as they would pass, where that can be computed.
        passed: what was changed here the last time that this reason came, and passed.
    """

    rule: str
    title: Words
    says: Words
    alike: int
    lately: int
    fixes: tuple[tuple[str, str], ...] = ()
    passed: Passed | None = None


def news(view: View, request: Request, what: str, data: Mapping[str, Any], verdict: Verdict | None = None) -> Message:
    """One piece of news about one request.

    Args:
        what: its name, as `bot.requests.lifecycle.News` and the use cases give it.
        data: as of when it happened.
        verdict: of a rejection that a rule explains.
    """
    if what == "rejected":
        return _rejected(view, request, data, verdict)
    compose = _NEWS.get(what, _state_changed)
    return compose(view, request, data)


_APART = timedelta(minutes=10)
"""By less the reviewers' working time and the time that passed do not differ for a reader."""


def _took(view: View, request: Request, data: Mapping[str, Any]) -> str:
    """How long a decision took; where nights and weekends lie in it, how much of the reviewers' working time."""
    took = timedelta(seconds=float(data.get("took", 0)))
    hours = view.hours.get(request.account)
    start = request.submitted_at or request.created_at
    at_work = open_between(hours, start, start + took, view.holidays) if hours else took
    if not at_work or took - at_work < _APART:
        return view.language.span(took)
    return view.language.text("{span} of open hours", span=view.language.working(at_work))


def _approved(view: View, request: Request, data: Mapping[str, Any]) -> Message:
    language = view.language
    title = language.line(
        "**#{number} {kind} {name} approved by {account}** {who} · took {took}",
        who=who(view, request, "approved"),
        took=_took(view, request, data),
        **head(view, request),
    )
    ability = view.ability(request)
    usually = ability.filing_usually if ability and filed_by_carriers(request) else None
    as_then = replace(request, state=State.APPROVED)  # it may have gone on before this was delivered
    first, *rest = filing(view, as_then)
    blocks: list[Block] = [first, *([Text((language.pick(usually),))] if usually else []), *rest]
    if request.kind is Kind.SIGNATURE:
        blocks.append(
            Text(
                language.line(
                    "Templates can be submitted now: {command}",
                    command=Typed(view.typed(*after_ready(request))),
                )
            )
        )
    blocks.append(next_commands(view, f"status #{request.number}"))
    return Message(title=title, mark=Mark.GOOD, blocks=tuple(blocks), buttons=buttons(view, request))


def _ready(view: View, request: Request, data: Mapping[str, Any]) -> Message:
    language = view.language
    told = head(view, request)
    if data.get("from") == State.APPROVED:
        title = language.line(
            "**#{number} {kind} {name} at {account} is ready** {who}", who=who(view, request, "ready"), **told
        )
        meaning = language.line("The carriers have filed it: messages can go out.")
    else:
        title = language.line(
            "**#{number} {kind} {name} approved by {account}: ready** {who} · took {took}",
            who=who(view, request, "ready"),
            took=_took(view, request, data),
            **told,
        )
        meaning = _now(view, request)
    blocks: list[Block] = [Text(meaning), *filing(view, replace(request, state=State.READY))]
    blocks.append(next_commands(view, *(after_ready(request) or (f"show #{request.number}",))))
    return Message(title=title, mark=Mark.GOOD, blocks=tuple(blocks), buttons=buttons(view, request))


def _now(view: View, request: Request) -> Line:
    """What can be done with what was approved and is ready at once."""
    language = view.language
    if request.kind is Kind.QUALIFICATION:
        return language.line("Signatures can name it now.")
    if request.kind is Kind.TEMPLATE and not request.international and not request.digital:
        return language.line(
            "It can be sent with every signature that is ready."
        )  # which a filing may keep from being so
    return language.line("Messages can go out.")


def _rejected(view: View, request: Request, data: Mapping[str, Any], verdict: Verdict | None) -> Message:
    language = view.language
    title = language.line(
        "**#{number} {kind} {name} rejected by {account}** {who} · after {took}",
        who=who(view, request, "rejected"),
        took=_took(view, request, data),
        **head(view, request),
    )
    reason: tuple[Block, ...] = (
        (Quote(request.reason),)
        if request.reason
        else (Text(language.line("{account} gave no reason; its console may show one.", account=request.account)),)
    )
    meaning = _meaning(view, request, verdict) if verdict is not None else ()
    first, *others = after_console(language, request) if guided_by(request) else after_trouble(view, request)
    ahead = next_commands(view, first, *others)
    shows = (Button(SAY, f"help {verdict.rule}", language.text("Show rule")),) if verdict is not None else ()
    pressed = (*buttons(view, request), *shows)
    return Message(title=title, mark=Mark.BAD, blocks=(*reason, *meaning, ahead), buttons=pressed)


def _meaning(view: View, request: Request, verdict: Verdict) -> tuple[Block, ...]:
    """What the reason means and what usually passes; how often it was seen here; what would pass."""
    language = view.language
    line = language.line(
        "This means ({title}): {says}", title=language.pick(verdict.title), says=language.pick(verdict.says)
    )
    if verdict.alike > 1:
        line = (
            *line,
            " ",
            *language.line(
                "Seen in {alike} of the last {lately} rejections at {account}.",
                alike=verdict.alike,
                lately=verdict.lately,
                account=request.account,
            ),
        )
    fixes = tuple(Text(language.line("Would pass: `{text}`", text=value)) for _, value in verdict.fixes)
    return (Text(line), *fixes, *_passed_before(view, verdict.passed))


def _passed_before(view: View, passed: Passed | None) -> tuple[Block, ...]:
    """What was changed here the last time, and passed; nothing where it never was, or nothing was changed."""
    if passed is None or not passed.changes:
        return ()
    language = view.language
    told = [
        language.text("`{before}` → `{after}`", before=before, after=after)
        if before and after
        else language.text("{key} `{value}`", key=key, value=after or before)
        for key, (before, after) in passed.changes.items()
    ]
    line = language.line(
        "The last time this came, this passed: {changes} (#{number}).",
        changes=language.joined(told),
        number=passed.request,
    )
    return (Text(line),)


def _filing(view: View, request: Request, data: Mapping[str, Any]) -> Message:
    failed = data.get("news") == "filing_failed"
    language = view.language
    if failed:
        title = language.line(
            "**#{number} {kind} {name} at {account}: a carrier did not file it** {who}",
            who=who(view, request, "filing_failed"),
            **head(view, request),
        )
    else:
        title = language.line("**#{number} {kind} {name} at {account}: news from the carriers**", **head(view, request))
    return Message(
        title=title,
        mark=Mark.WARNING if failed else Mark.WAITING,
        blocks=(
            Items(filing_lines(view, request)),
            *((Text(_what_to_mend(view, request)),) if failed else ()),
            next_commands(
                view,
                *([f"edit #{request.number} …"] if failed and offers_edit(view, request) else []),
                f"status #{request.number}",
            ),
        ),
    )


def _what_to_mend(view: View, request: Request) -> Line:
    language = view.language
    if offers_edit(view, request):
        return language.line(
            "Messages to its customers do not go out with this name. Mend what it says, then send the signature again."
        )
    if request.kind is Kind.TEMPLATE:
        return language.line(
            "Messages to its customers do not go out with this template; a new one in its place may pass."
        )
    return language.line(
        "Messages to its customers do not go out with this name; the support of {account} can say what to mend.",
        account=request.account,
    )


def _unknown_word(view: View, request: Request, data: Mapping[str, Any]) -> Message:
    language = view.language
    if word := str(data.get("word", "")):
        title = language.line("**#{number} {kind} {name}: {account} says “{word}”**", word=word, **head(view, request))
    else:
        title = language.line(
            "**#{number} {kind} {name}: {account} does not say how it stands**", **head(view, request)
        )
        text = language.line(
            "I change nothing: it still counts as {state}. Please look at the console.",
            state=language.pick(STATES[request.state]),
        )
        return Message(title=title, mark=Mark.WARNING, blocks=(Text(text), *console_link(view, request)))
    text = language.line(
        "I do not know this word, so I change nothing: it still counts as {state}. Please look at the console.",
        state=language.pick(STATES[request.state]),
    )
    return Message(title=title, mark=Mark.WARNING, blocks=(Text(text), *console_link(view, request)))


def _state_changed(view: View, request: Request, data: Mapping[str, Any]) -> Message:
    state = State(data.get("state", request.state))
    title = view.language.line(
        "**#{number} {kind} {name} at {account}: {state}** {who}",
        state=view.language.pick(STATES[state]),
        who=who(view, request, str(data.get("news", ""))),
        **head(view, request),
    )
    return Message(
        title=title,
        mark=MARKS[state],
        blocks=(
            *reason_blocks(view, request),
            *_not_by_us(view, request, str(data.get("news", ""))),
            next_commands(view, f"history #{request.number}"),
        ),
    )


def _not_by_us(view: View, request: Request, news: str) -> tuple[Block, ...]:
    """How a request came to where nobody here brought it."""
    language = view.language
    match news:
        case "gone":
            return (
                Text(
                    language.line(
                        "{account} does not have it any more under the id `{ref}`: somebody deleted it there, or the id "
                        "is another one.",
                        account=request.account,
                        ref=Exact(request.vendor_ref),
                    )
                ),
            )
        case "withdrawn":
            text = language.line("Somebody took it back in the console of {account}.", account=request.account)
            return (Text(text),)
        case _:
            return ()


_NEWS: Mapping[str, Worded] = {
    **OUTCOMES,
    "approved": _approved,
    "ready": _ready,
    "filing": _filing,
    "filing_failed": _filing,
    "unknown_word": _unknown_word,
}
