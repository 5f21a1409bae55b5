"""The card of a request: what it is, where it stands, what comes next."""

from bot.commands.tokens import quoted
from bot.contracts.guide import guided_by, is_apart
from bot.contracts.message import Block, Button, Items, Line, Link, Mark, Message, Quote, Text, Typed
from bot.contracts.model import Action, Kind, Request, State, Words
from bot.contracts.vendor import FilingView, LookUp
from bot.requests.guidance import DELETED, ID, SUBMITTED, after_console, guidance, kind_of, sort_of
from bot.requests.lifecycle import (
    ABSENT,
    PAPERS_GONE,
    WRONG_INPUT,
    Outcome,
    can_edit,
    can_resend,
    filed_by_carriers,
    never_arrived,
)
from bot.wording.language import Language
from bot.wording.refusals import lost, refusal_blocks
from bot.wording.view import View, named, next_commands
from bot.wording.words import CARRIERS, FILINGS, MARKS, STATES, choose

RESEND = Words("resend", "重发")
"""With `ID` the two answers to whether a vendor has something: under which id, or not at all."""


DETAILS = "show"
"""What the button *Details* says."""


def single(view: View, request: Request) -> Message:
    """The card of one request."""
    language = view.language
    title = language.line(
        "**#{number} {kind} {name} at {account}: {state}** · {submitter}",
        number=request.number,
        kind=kind_of(view, request),
        name=called(language, request),
        account=request.account,
        state=language.pick(STATES[request.state]),
        submitter=submitter_of(view, request),
    )
    blocks: list[Block] = [*standing(view, request)]
    return Message(title=title, mark=MARKS[request.state], blocks=tuple(blocks), buttons=buttons(view, request))


def standing(view: View, request: Request) -> tuple[Block, ...]:
    """Where a request stands, what that means and what to do next."""
    language = view.language
    number = request.number
    whom = {"account": request.account}
    match request.state:
        case State.DRAFT | State.IN_REVIEW if guided_by(request):
            return guidance(view, request)
        case State.REJECTED if guided_by(request):
            return (*reason_blocks(view, request), next_commands(view, *after_console(language, request)))
        case State.IN_REVIEW:
            return (
                Text(_expectation(view, request)),
                next_commands(view, f"status #{number}", path_command(request) or f"history #{number}"),
            )
        case State.AWAITING_APPROVAL:
            text = language.line("It waits for somebody who may agree to it; nothing was sent to {account}.", **whom)
            return (Text(text), next_commands(view, f"status #{number}"))
        case State.QUEUED | State.SUBMITTING:
            return (Text(_on_its_way(view, request)), next_commands(view, f"status #{number}"))
        case State.UNKNOWN:
            return unknown(view, request)
        case State.APPROVED:
            return (*filing(view, request), next_commands(view, f"status #{number}"))
        case State.READY:
            return (*filing(view, request), next_commands(view, *after_ready(request), f"history #{number}"))
        case State.DRAFT:
            return (
                Text(language.line("Nothing was sent. It is kept as a draft.")),
                *((Text(why_draft(view, request)),) if request.reason else ()),
                next_commands(
                    view,
                    *((f"edit #{number}", f"delete #{number}") if offers_edit(view, request) else (f"show #{number}",)),
                ),
            )
        case State.FAILED if never_arrived(request):
            return (*reason_blocks(view, request), next_commands(view, *after_absence(view, request)))
        case State.REJECTED | State.FAILED | State.DISABLED | State.WITHDRAWN:
            return (*reason_blocks(view, request), next_commands(view, *after_trouble(view, request)))
        case State.DELETED | State.CANCELLED:
            return ()


def _on_its_way(view: View, request: Request) -> Line:
    language = view.language
    whom = {"account": request.account}
    if request.looks:
        return language.line("{account} did not take it yet; I try again by myself.", **whom)
    if request.action is Action.DELETE:
        return language.line("That it is to be deleted is on its way to {account}.", **whom)
    return language.line("It is on its way to {account}.", **whom)


def offers_edit(view: View, request: Request) -> bool:
    """Whether `edit` is offered: on the card, in the news, in a list and on a person's page alike."""
    return can_edit(request, view.ability(request))


def after_trouble(view: View, request: Request) -> tuple[str, ...]:
    """What can be typed about what was rejected, not sent or taken away."""
    number = request.number
    return (f"edit #{number} …" if offers_edit(view, request) else f"show #{number}", f"history #{number}")


def after_absence(view: View, request: Request) -> tuple[str, ...]:
    """What can be typed about what never arrived: to send it again as it was while that is possible, or changed."""
    again = (f"settle #{request.number} {view.language.pick(RESEND)}",) if can_resend(request, view.in_hand) else ()
    return (*again, f"edit #{request.number}" if offers_edit(view, request) else f"show #{request.number}")


def papers_of(view: View, request: Request) -> tuple[Block, ...]:
    """Whether the papers of what never arrived are still there; nothing where it had none."""
    if not request.papers:
        return ()
    if can_resend(request, view.in_hand):
        return (Text(view.language.line("Its papers are still at hand.")),)
    return (Text(view.language.line("Its papers are no longer at hand, they must be attached again.")),)


def why_draft(view: View, request: Request) -> Line:
    """Why it is only a draft."""
    language = view.language
    match request.reason:
        case reason if reason == PAPERS_GONE:
            return language.line("I was restarted before it was sent, and papers are not kept.")
        case reason if reason == WRONG_INPUT and request.refusal is not None:
            return (request.refusal.meaning(language.code),)  # with what people typed in it: no markup
        case reason:  # in the words of whoever typed it, as earlier versions kept it
            return (reason,)


def reason_blocks(view: View, request: Request) -> tuple[Block, ...]:
    """Why it was rejected or not sent; a vendor's words are quoted and never changed."""
    language = view.language
    match request.reason:
        case "":
            return ()
        case reason if reason == ABSENT:
            return (
                Text(language.line("{account} does not have it, so nothing was submitted.", account=request.account)),
                *papers_of(view, request),
            )
        case reason if reason == PAPERS_GONE:
            return (
                Text(
                    language.line(
                        "I was restarted before it was sent, and papers are not kept: attach them again with {command}.",
                        command=Typed(view.typed(f"edit #{request.number}")),
                    )
                ),
            )
        case reason:
            if request.state is State.FAILED and request.refusal is not None:
                return refusal_blocks(language, request.account, request.refusal)
            return (Quote(reason),)


def unknown(view: View, request: Request) -> tuple[Block, ...]:
    """The answer got lost: why, and what happens now, or the question to a person."""
    language = view.language
    why = Text(lost(language, request.account, request.refusal.code if request.refusal else ""))
    if request.next_look_at is not None:
        text = language.line(
            "I do not know whether {account} took it. I am asking {account} what it has, and will not send it twice.",
            account=request.account,
        )
        return (why, Text(text))
    return (
        why,
        Text(_why_people(view, request)),
        Text(
            language.line(
                "Please look at the console: is **{name}** there? I will not send it twice.",
                name=called(language, request),
            )
        ),
        *console_link(view, request),
        next_commands(view, *settling(language, request.number)),
    )


def _why_people(view: View, request: Request) -> Line:
    """Why a person is asked what became of it, and not the vendor."""
    language = view.language
    ability = view.ability(request)
    if ability is None:
        return language.line("I do not serve {account} any more, so I cannot ask it.", account=request.account)
    if ability.look_up is LookUp.NOT_AT_ALL:
        return language.line("{account} cannot be asked about it without its id.", account=request.account)
    if ability.look_up is LookUp.WHERE_LISTED:
        return language.line("I asked {account}, whose list may not show every one of these.", account=request.account)
    return language.line("I asked {account}, and several things there could be it.", account=request.account)


def console_link(view: View, request: Request) -> tuple[Block, ...]:
    """The vendor's console page for this kind of thing, to be pressed; nothing where there is none."""
    console = view.console(request)
    return (Text((Link(console, console),)),) if console else ()


def settling(language: Language, number: int) -> tuple[str, ...]:
    """The two answers to whether the vendor has it, the words behind the command spelled as people type them."""
    return f"settle #{number} {language.pick(ID)}=…", f"settle #{number} {language.pick(RESEND)}"


def not_possible(view: View, outcome: Outcome, *, deleting: bool = False, resent: int = 0) -> Message:
    """An order to change something, to delete it or to send it again that was not taken up; why, and what is possible.

    Args:
        view: the reader's.
        outcome: what came of it.
        deleting: whether it was to be deleted.
        resent: the number of what was to be sent again; 0 where that was not asked.
    """
    language = view.language
    request = outcome.request
    head = {
        "number": request.number,
        "kind": sort_of(view, request),
        "name": called(language, request),
        "account": request.account,
        "state": language.pick(STATES[request.state]),
    }
    ahead: tuple[str, ...] = (f"show #{request.number}",)
    match outcome.problem:
        case "gone" if deleting:
            text = language.line("#{number} {name} is {state}; there is nothing left to delete.", **head)
        case "gone":
            text = language.line("#{number} {name} is {state}; it cannot be changed any more.", **head)
        case "busy" if request.state is State.UNKNOWN and request.next_look_at is None:
            text = language.line(
                "What became of it at {account} is not known: say first what its console shows.", **head
            )
            ahead = settling(language, request.number)
        case "busy":
            text = language.line("#{number} {name} is {state}; wait until {account} has answered.", **head)
        case "moved":
            text = language.line("#{number} {name} went on meanwhile and is {state}.", **head)
        case "twin":
            text = language.line("#{number} {name} is the same and {state}; it is not sent beside that.", **head)
        case "papers":
            text = language.line(
                "The papers of #{number} {name} are no longer at hand; it is not sent without them. "
                "{command} asks for them again.",
                command=Typed(view.typed(f"edit #{request.number}")),
                **head,
            )
            ahead = (f"edit #{request.number}",)
        case "fixed":
            keys = ", ".join(f"`{key}`" for key in sorted(_fixed(view, request)))
            text = language.line("{account} never changes {keys} of a {kind}; submit a new one.", keys=keys, **head)
        case "guided":
            text = language.line(
                "It is changed and deleted in the console of {account}; say here what came of it.", **head
            )
            said = {State.DRAFT: (SUBMITTED,), State.REJECTED: (SUBMITTED, DELETED)}.get(request.state, (DELETED,))
            ahead = tuple(f"settle #{request.number} {language.pick(word)}" for word in said)
        case "no_rename":
            text = language.line(
                "{account} cannot change the name of a {kind}; submit the new name as a new one.", **head
            )
        case _ if (can := view.ability(request)) and can.console and not (can.delete_in | can.update_in):
            text = language.line(
                "{account} lets no program change or delete a {kind}; its console may: {console}",
                console=Link(can.console, can.console),
                **head,
            )
        case _:
            text = language.line("{account} does not allow this for a {kind} that is {state}.", **head)
    if resent:
        title = language.line("**#{number} was not sent again.**", number=resent)
    elif deleting:
        title = language.line("**#{number} was not deleted.**", **head)
    else:
        title = language.line("**#{number} was not changed.**", **head)
    return Message(
        title=title,
        mark=Mark.BAD,
        blocks=(Text(text), next_commands(view, *ahead)),
    )


def _fixed(view: View, request: Request) -> frozenset[str]:
    ability = view.ability(request)
    return ability.fixed if ability is not None else frozenset()


def buttons(view: View, request: Request) -> tuple[Button, ...]:
    """What can be pressed in this state."""
    language = view.language
    target = f"#{request.number}"
    details = Button(DETAILS, target, language.text("Details"))
    match request.state:
        case State.FAILED if can_resend(request, view.in_hand) and offers_edit(view, request):
            again = Button("resend", target, language.text("Send again"))
            return (again, Button("edit", target, language.text("Fix and resubmit")), details)
        case State.REJECTED | State.FAILED if offers_edit(view, request):
            return (Button("edit", target, language.text("Fix and resubmit")), details)
        case State.DRAFT if offers_edit(view, request):
            return (Button("edit", target, language.text("Fill in")),)
        case State.UNKNOWN if request.next_look_at is None:
            return (
                Button("settle", target, language.text("It is there, id …")),
                Button("resend", target, language.text("It is not there, send again"), dangerous=True),
            )
        case State.DELETED | State.CANCELLED:
            return ()
        case _:
            return (details,)


def filing_lines(view: View, request: Request) -> tuple[Line, ...]:
    """What each carrier says of a signature."""
    return tuple(
        view.language.line(
            "{carrier}: {status}" if not filing.reason else "{carrier}: {status} ({reason})",
            carrier=choose(CARRIERS, filing.carrier, view.language),
            status=choose(FILINGS, filing.status, view.language),
            reason=filing.reason,
        )
        for filing in request.filings
    )


def filing(view: View, request: Request) -> tuple[Block, ...]:
    """What the carriers have to do with it, for the card and the news alike; nothing where they have nothing."""
    language = view.language
    lines = filing_lines(view, request)
    blocks: list[Block] = []
    if request.state is State.APPROVED and filed_by_carriers(request):
        blocks.append(Text(language.line("Not ready yet: the carriers must file it.")))
    elif request.state is State.APPROVED:
        blocks.append(Text(language.line("Not ready yet; I say here when it is.")))
    if lines:
        blocks.append(Items(lines))
    elif request.state is State.READY and filed_by_carriers(request) and _hidden(view, request):
        blocks.append(Text(language.line("The carriers' filing cannot be seen at {account}.", account=request.account)))
    return tuple(blocks)


def _hidden(view: View, request: Request) -> bool:
    ability = view.ability(request)
    return ability is not None and ability.filing is FilingView.HIDDEN


def path_command(request: Request) -> str:
    """The command that shows the whole path of a signature for the mainland; empty for what is a step of others."""
    if request.kind is not Kind.SIGNATURE or request.international or is_apart(request) or not request.name:
        return ""
    return f"path {quoted(request.name)}"


def after_ready(request: Request) -> tuple[str, ...]:
    """What can be typed about what is ready: that for which it was needed."""
    match request.kind:
        case Kind.SIGNATURE:
            abroad = " international=true" if request.international else ""
            return () if is_apart(request) else (f"template submit {request.account} …{abroad}",)
        case Kind.QUALIFICATION:
            return (f"sign submit {request.account} … qualification={request.vendor_ref}",)
        case Kind.TEMPLATE:
            return ()


def _expectation(view: View, request: Request) -> Line:
    language = view.language
    expected = view.expected(request)
    then = language.line("`signpost run` follows it.") if view.once else language.line("I will post the result here.")
    if expected is None:
        return then
    usually = language.span(view.capabilities[request.account].of(request).usually)
    if expected <= view.now:
        usual = language.line(
            "Usually decided in about {usually} of open hours; it takes longer this time.", usually=usually
        )
    else:
        usual = language.line(
            "Usually decided in about {usually} of open hours: expected {when}.",
            usually=usually,
            when=language.moment(expected, None, view.now),
        )
    return language.sentences((usual, then))


def submitter_of(view: View, request: Request) -> str:
    """What whoever asked is called."""
    return view.named(request.submitter, request.submitter_name)


def called(language: Language, request: Request) -> str:
    """The name of a request; a draft may have none yet."""
    return named(language, request.name)
