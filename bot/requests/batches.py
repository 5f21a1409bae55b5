"""The card of a batch: a row for each request, and what the whole is counted as."""

from collections.abc import Sequence

from bot.contracts.guide import guided_by
from bot.contracts.message import SIGNS, Button, Items, Line, Mark, Message, Typed, plain
from bot.contracts.model import Action, Request, State
from bot.requests.cards import (
    DETAILS,
    after_absence,
    called,
    mending,
    offers_edit,
    offers_mending,
    path_command,
    single,
    submitter_of,
    why_draft,
    yes_and_no,
)
from bot.requests.guidance import kind_of
from bot.requests.lifecycle import PAPERS_GONE, never_arrived
from bot.wording.language import Language
from bot.wording.refusals import out_of_reach
from bot.wording.view import View, capital, next_commands
from bot.wording.words import KINDS, MARKS, STATES


def card(view: View, requests: Sequence[Request]) -> Message:
    """The card of a batch as it now stands; of a batch of one, that request's card."""
    if len(requests) == 1:
        return single(view, requests[0])
    language = view.language
    first = requests[0]
    names = tuple(dict.fromkeys(called(language, request) for request in requests))
    kinds = {kind_of(view, request) for request in requests}
    title = language.line(
        "**{kind} {name} at {count} vendors** · {submitter}",
        kind=capital(kinds.pop() if len(kinds) == 1 else language.pick(KINDS[first.kind])),
        name=" / ".join(names),
        count=len(requests),
        submitter=submitter_of(view, first),
    )
    waiting = most_pressing(requests)
    asked = [request for request in requests if request.state is State.AWAITING_APPROVAL]
    going_on = [request for request in requests if request.state in (State.IN_REVIEW, State.APPROVED)]
    drafts = [request for request in requests if request.state is State.DRAFT and offers_edit(view, request)]
    return Message(
        title=title,
        mark=_mark_of(requests),
        blocks=(
            Items(tuple(_row(view, request, named=len(names) > 1) for request in requests)),
            next_commands(view, f"status #{waiting.number}", path_command(waiting) or "status"),
        ),
        buttons=(
            *(
                Button(mending(request), f"#{request.number}", language.text("Fix #{number}", number=request.number))
                for request in requests
                if request.state in (State.REJECTED, State.FAILED) and offers_mending(view, request)
            ),
            *([Button("edit", _all(drafts), language.text("Fill in"))] if drafts else []),
            *(yes_and_no(language, asked) if asked else ()),
            Button(DETAILS, _all(requests), language.text("Details")),
            *([Button("watch", _all(going_on), language.text("Watch for me too"))] if going_on else []),
        ),
    )


def most_pressing(requests: Sequence[Request]) -> Request:
    """The request of a batch that has something to do for a person; otherwise the first one that the card's mark is about."""
    marks = (Mark.WARNING, Mark.BAD, _mark_of(requests))
    return next((one for mark in marks for one in requests if _mark(one) is mark), requests[0])


def _all(requests: Sequence[Request]) -> str:
    return ",".join(f"#{request.number}" for request in requests)


def _row(view: View, request: Request, *, named: bool) -> Line:
    """One request: its own sign, and its name where they differ."""
    language = view.language
    sign = SIGNS[Mark.WARNING if request.state is State.DRAFT and request.reason else MARKS[request.state]]
    what = {
        "number": request.number,
        "account": request.account,
        "state": language.pick(STATES[request.state]),
    }
    line = (
        language.line("#{number} {name} at {account}: {state}", name=called(language, request), **what)
        if named
        else language.line("#{number} {account}: {state}", **what)
    )
    return (*((f"{sign} ",) if sign else ()), *line, *_row_end(view, request))


def _row_end(view: View, request: Request) -> Line:
    language = view.language
    match request.state:
        case State.IN_REVIEW:
            expected = view.expected(request)
            if expected is None:
                return ()
            if expected <= view.now:
                return language.line(", expected since {when}", when=language.moment(expected, None, view.now))
            return language.line(", expected {when}", when=language.moment(expected, None, view.now))
        case State.DRAFT:
            if request.reason:
                why = _ended(language, why_draft(view, request))
                return language.line(", not sent. {why} {step}", why=why, step=_step(view, request, " …"))
            if guided_by(request):
                return language.line(
                    ", to be done in its console: {step}", step=Typed(view.typed(f"show #{request.number}"))
                )
            return language.line(", not sent. {step}", step=_step(view, request, " …"))
        case State.FAILED | State.REJECTED | State.DISABLED:
            return _why_not(view, request)
        case State.QUEUED if request.action is Action.DELETE:
            return language.line(", to be deleted")
        case _:
            return ()


def _ended(language: Language, said: Line) -> Line:
    """A reason as a sentence, so that what follows does not run into it."""
    if plain(said).endswith((".", "。", "!", "！", "?", "？")):
        return said
    return (*said, "。" if language.code == "zh" else ".")


def _step(view: View, request: Request, more: str = "") -> Typed:
    """What can be typed about it; `more` stands for what is to be filled in."""
    number = request.number
    return Typed(
        view.typed(f"{mending(request)} #{number}{more}" if offers_mending(view, request) else f"show #{number}")
    )


def _why_not(view: View, request: Request) -> Line:
    """Why, and the next step: what a refusal means where that is known, otherwise the vendor's words, quoted."""
    language = view.language
    step = _step(view, request)
    refused = request.refusal if request.state is State.FAILED else None
    if never_arrived(request):
        step = Typed(view.typed(after_absence(view, request)[0]))
        return language.line(": it never arrived there, {step}", step=step)
    if refused and (unreached := out_of_reach(language, request.account, refused.code)):
        return language.line(": {meaning} {step}", meaning=unreached, step=step)
    if refused and (meaning := refused.meaning(language.code)):
        return language.line(": {meaning} {step}", meaning=language.with_markup(meaning), step=step)
    said = (refused.message if refused else "") or request.reason
    if said and said != PAPERS_GONE:
        return language.line(": “{reason}”, {step}", reason=said, step=step)
    return language.line(", {step}", step=step)


def _mark(request: Request) -> Mark:
    """What a request of several is counted as: a draft that could not be sent as it is went wrong, an unfinished one not."""
    return Mark.BAD if request.state is State.DRAFT and request.reason else MARKS[request.state]


def _mark_of(requests: Sequence[Request]) -> Mark:
    marks = [_mark(request) for request in requests]
    for mark in (Mark.WARNING, Mark.WAITING, Mark.BAD, Mark.GOOD):
        if mark in marks:
            return mark
    return Mark.NONE
