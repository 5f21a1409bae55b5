"""The card of a request: what it is, where it stands, what comes next."""

from collections.abc import Mapping, Sequence

from bot.commands.tokens import quoted
from bot.contracts.guide import guided_by, is_apart
from bot.contracts.message import Block, Button, Items, Line, Link, Message, Quote, Text, Typed
from bot.contracts.model import Action, Kind, Request, State, Words
from bot.contracts.vendor import FilingView, LookUp
from bot.requests.four_eyes import code_of, digest
from bot.requests.guidance import ID, after_console, guidance, kind_of
from bot.requests.lifecycle import (
    ABSENT,
    DENIED,
    NOT_AGREED,
    PAPERS_GONE,
    WRONG_INPUT,
    can_edit,
    can_resend,
    filed_by_carriers,
    never_arrived,
)
from bot.wording.language import Language
from bot.wording.problems import size
from bot.wording.refusals import lost, refusal_blocks
from bot.wording.view import View, named, next_commands, user_key
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
    blocks: list[Block] = [*lineage(view, request), *standing(view, request)]
    return Message(title=title, mark=MARKS[request.state], blocks=tuple(blocks), buttons=buttons(view, request))


def lineage(view: View, request: Request) -> tuple[Block, ...]:
    """Whose place it takes; nothing where it is the first."""
    if request.earlier is None:
        return ()
    return (Text(view.language.line("In place of #{earlier}, which was rejected.", earlier=request.earlier)),)


def standing(view: View, request: Request) -> tuple[Block, ...]:
    """Where a request stands, what that means and what to do next."""
    language = view.language
    number = request.number
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
            return (
                Text(_awaiting(view, request)),
                next_commands(view, f"approve #{number}", f"deny #{number} …", f"withdraw #{number}"),
            )
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


def _awaiting(view: View, request: Request) -> Line:
    """Whom an order waits for, and that nothing happened yet."""
    language = view.language
    told = {
        "who": language.either(list(approvers(view, request))) or language.text("an approver"),
        "account": request.account,
        "before": language.pick(STATES[request.prior or State.DRAFT]),
    }
    match request.action:
        case Action.CREATE:
            return language.line("It waits until {who} approves it; nothing was sent to {account}.", **told)
        case Action.UPDATE:
            return language.line(
                "Its change waits until {who} approves it; {account} has it as before: {before}.", **told
            )
        case Action.DELETE:
            return language.line(
                "Its deletion waits until {who} approves it; {account} has it as before: {before}.", **told
            )


def approvers(view: View, request: Request) -> tuple[str, ...]:
    """The names of those who may agree to what waits: never whoever ordered it, nor who wrote what is to be submitted."""
    authors = {request.ordered_by or request.submitter}
    if request.action is Action.CREATE:
        authors.add(request.submitter)
    own = {view.names.get(user_key(author)) for author in authors}
    return tuple(name for name in view.approvers if name not in own)


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
    again = f"{mending(request)} #{number}" + ("" if request.state is State.REJECTED else " …")
    return (again if offers_mending(view, request) else f"show #{number}", f"history #{number}")


def offers_mending(view: View, request: Request) -> bool:
    """Whether it can be sent again, mended: changed, or what was rejected as a new one where only that can be had."""
    anew = request.state is State.REJECTED and not guided_by(request) and view.ability(request) is not None
    return anew or offers_edit(view, request)


def mending(request: Request) -> str:
    """The command that opens it to be mended: what was rejected with its reason and what would pass."""
    return "resubmit" if request.state is State.REJECTED else "edit"


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
        case reason if reason == DENIED and request.refusal is not None:
            return language.line(
                "{who} said no: “{reason}”", who=view.named(request.refusal.code), reason=request.refusal.message
            )
        case reason if reason == NOT_AGREED:
            return language.line("Nobody agreed to it in time.")
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


def buttons(view: View, request: Request) -> tuple[Button, ...]:
    """What can be pressed in this state."""
    language = view.language
    target = f"#{request.number}"
    details = Button(DETAILS, target, language.text("Details"))
    match request.state:
        case State.FAILED if can_resend(request, view.in_hand) and offers_edit(view, request):
            again = Button("resend", target, language.text("Send again"))
            return (again, Button("edit", target, language.text("Fix and resubmit")), details)
        case State.REJECTED | State.FAILED if offers_mending(view, request):
            return (Button(mending(request), target, language.text("Fix and resubmit")), details)
        case State.DRAFT if offers_edit(view, request):
            return (Button("edit", target, language.text("Fill in")),)
        case State.UNKNOWN if request.next_look_at is None:
            return (
                Button("settle", target, language.text("It is there, id …")),
                Button("resend", target, language.text("It is not there, send again"), dangerous=True),
            )
        case State.AWAITING_APPROVAL:
            return (*yes_and_no(language, (request,)), details)
        case State.DELETED | State.CANCELLED:
            return ()
        case State.IN_REVIEW | State.APPROVED:
            return (details, Button("watch", target, language.text("Watch for me too")))
        case _:
            return (details,)


def yes_and_no(language: Language, waiting: Sequence[Request]) -> tuple[Button, ...]:
    """The two words of a second person on what is read here: the yes carries its code, so that it never means something newer."""
    target = ",".join(f"#{request.number}" for request in waiting)
    code = code_of([digest(request) for request in waiting])
    return (
        Button("approve", f"{target} {code}", language.text("Approve")),
        Button("deny", target, language.text("Deny")),
    )


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
    if request.digital or not filed_by_carriers(request) or not request.name:
        return ""
    return f"path {quoted(request.name)}"


def after_ready(request: Request) -> tuple[str, ...]:
    """What can be typed about what is ready: that for which it was needed."""
    match request.kind:
        case Kind.SIGNATURE:
            variant = " international=true" if request.international else " type=digital" if request.digital else ""
            return () if is_apart(request) else (f"template submit {request.account} …{variant}",)
        case Kind.QUALIFICATION:
            return (f"sign submit {request.account} … qualification={request.vendor_ref}",)
        case Kind.TEMPLATE:
            return () if is_apart(request) else (f"send {request.account} #{request.number} …",)


def _expectation(view: View, request: Request) -> Line:
    language = view.language
    expected = view.expected(request)
    then = language.line("`signpost run` follows it.") if view.once else language.line("I will post the result here.")
    if expected is None:
        return then
    usually = language.working(view.capabilities[request.account].of(request).usually)
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


def paper_line(language: Language, label: str, paper: Mapping[str, str]) -> Line:
    """A file that goes with a request, as the record describes it; of what is private, that it was given."""
    if "name" not in paper:
        return language.line("{label}: given; not shown and not kept", label=label)
    return language.line("{label}: {name}, {size}", label=label, name=paper["name"], size=size(int(paper["size"])))
