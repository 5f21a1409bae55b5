"""Where requests stand, in a line or a row each, and who has the next step."""

from collections.abc import Sequence

from bot.contracts.message import SIGNS, Line, Table, Text
from bot.contracts.model import Request, State
from bot.requests.cards import approvers, called, submitter_of
from bot.requests.guidance import kind_of
from bot.requests.lifecycle import filed_by_carriers
from bot.wording.language import Language
from bot.wording.view import View
from bot.wording.words import MARKS, STATES

_BEGINNING = 20
"""Characters of a text by which it is recognised."""


def status_line(view: View, request: Request) -> Line:
    """One request in one line: what it is, where it stands, since when, and when a decision is expected."""
    language = view.language
    sign = SIGNS[MARKS[request.state]]
    line = language.line(
        "{sign}#{number} {kind} {name} at {account}: {state} since {since}",
        sign=f"{sign} " if sign else "",
        number=request.number,
        kind=kind_of(view, request),
        name=recognised(language, request),
        account=request.account,
        state=language.pick(STATES[request.state]),
        since=language.moment(request.since, None, view.now),
    )
    expected = view.expected(request) if request.state is State.IN_REVIEW else None
    if expected is None:
        return line
    when = language.moment(expected, None, view.now)
    if expected <= view.now:
        return (*line, *language.line(", expected since {when}", when=when))
    return (*line, *language.line(", expected {when}", when=when))


def recognised(language: Language, request: Request) -> str:
    """What a request is called; a template without a name yet, how its text begins."""
    text = request.values.get("content", "")
    if request.name or not text:
        return called(language, request)
    return f"“{text[:_BEGINNING].rstrip()}{'…' if len(text) > _BEGINNING else ''}”"


def requests_table(view: View, found: Sequence[Request]) -> Table:
    """Requests one below the other: number, account, name, state, since when."""
    language = view.language
    head = tuple(language.text(word) for word in ("No.", "Account", "Name", "State", "Since"))
    rows = tuple(
        (
            (f"#{request.number}",),
            (request.account,),
            (_listed(language, request),),
            (f"{SIGNS[MARKS[request.state]]} {language.pick(STATES[request.state])}".strip(),),
            (language.moment(request.since, None, view.now),),
        )
        for request in found
    )
    return Table(head, rows)


def _listed(language: Language, request: Request) -> str:
    """A name in a table of one kind: what is for numbers abroad, or for digital messages, says so."""
    name = recognised(language, request)
    if request.digital:
        return language.text("{name} (digital)", name=name)
    return language.text("{name} (international)", name=name) if request.international else name


def since_when(view: View, request: Request) -> Text:
    """Since when it stands there, and who is next."""
    language = view.language
    return Text(
        language.line(
            "Since {since} ({span}). Waits for: {who}.",
            since=language.moment(request.since, None, view.now),
            span=language.span(view.now - request.since),
            who=who_acts(view, request),
        )
    )


def who_acts(view: View, request: Request) -> str:
    """Who has the next step."""
    language = view.language
    match request.state:
        case State.IN_REVIEW:
            return language.text("the reviewers of {account}", account=request.account)
        case State.APPROVED:
            if any(filing.status == "failed" for filing in request.filings):
                return submitter_of(view, request)
            return language.text("the carriers") if filed_by_carriers(request) else request.account
        case State.QUEUED | State.SUBMITTING:
            return language.text("me")
        case State.UNKNOWN:
            return language.text("me") if request.next_look_at is not None else submitter_of(view, request)
        case State.DRAFT | State.REJECTED | State.FAILED | State.DISABLED | State.WITHDRAWN:
            return submitter_of(view, request)
        case State.AWAITING_APPROVAL:
            return language.either(list(approvers(view, request))) or language.text("an approver")
        case State.READY | State.DELETED | State.CANCELLED:
            return language.text("nobody, it is done")
