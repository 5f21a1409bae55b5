"""What is said when something changes: the story in a card's thread."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from bot.message import Block, Items, Line, Mark, Mention, Message, Quote, Text
from bot.model import Action, Kind, Request, State
from bot.ports import FilingView
from bot.wording.cards import buttons, filing_lines, next_commands, reason_blocks, unknown
from bot.wording.problems import out_of_reach, refusal_blocks
from bot.wording.view import KINDS, MARKS, STATES, View

FINAL = frozenset({"approved", "ready", "rejected", "disabled", "absent", "refused"})
"""News that ends a wait: worth showing to the whole channel."""

MENTIONED = FINAL | {
    "filing_failed",
    "unknown_question",
    "not_done",
    "not_done_lost",
    "papers_gone",
    "withdrawn",
    "gone",
}
"""News after which the submitter must act or has waited; only then somebody is mentioned."""


def news(view: View, request: Request, what: str, data: Mapping[str, Any]) -> Message:
    """One piece of news about one request.

    Args:
        what: its name, as `bot.lifecycle.News` and the use cases give it.
        data: as of when it happened.
    """
    compose = _NEWS.get(what, _state_changed)
    return compose(view, request, data)


def _who(request: Request, what: str) -> Line:
    if what in MENTIONED:
        return (Mention(request.submitter, request.submitter_name),)
    return (f"· {request.submitter_name}",)


def _head(view: View, request: Request) -> dict[str, Any]:
    return {
        "number": request.number,
        "kind": view.language.pick(KINDS[request.kind]),
        "name": request.name,
        "account": request.account,
    }


def _took(view: View, data: Mapping[str, Any]) -> str:
    return view.language.span(timedelta(seconds=float(data.get("took", 0))))


def _accepted(view: View, request: Request, data: Mapping[str, Any]) -> Message:
    del data
    language = view.language
    expected = view.expected(request)
    when: tuple[Block, ...] = ()
    if expected is not None and expected > view.now:
        when = (Text(language.line("Expected {when}.", when=language.moment(expected, None, view.now))),)
    return Message(
        title=language.line("**#{number} {kind} {name} at {account}: in review**", **_head(view, request)),
        mark=Mark.WAITING,
        blocks=when,
    )


def _approved(view: View, request: Request, data: Mapping[str, Any]) -> Message:
    language = view.language
    title = language.line(
        "**#{number} {kind} {name} approved by {account}** {who} · took {took}",
        who=_who(request, "approved"),
        took=_took(view, data),
        **_head(view, request),
    )
    capabilities = view.capabilities.get(request.account)
    usually = language.pick(capabilities.filing_usually) if capabilities and capabilities.filing_usually else ""
    blocks: list[Block] = []
    blocks.append(Text(language.line("Not ready yet: the carriers must file it.")))
    if usually:
        blocks.append(Text((usually,)))
    if lines := filing_lines(view, request):
        blocks.append(Items(lines))
    if request.kind is Kind.SIGNATURE:
        blocks.append(
            Text(
                language.line("Templates can be submitted now: `template submit {account} …`", account=request.account)
            )
        )
    blocks.append(next_commands(view, f"status #{request.number}"))
    return Message(title=title, mark=Mark.GOOD, blocks=tuple(blocks), buttons=buttons(view, request))


def _ready(view: View, request: Request, data: Mapping[str, Any]) -> Message:
    language = view.language
    head = _head(view, request)
    if data.get("from") == State.APPROVED:
        title = language.line(
            "**#{number} {kind} {name} at {account} is ready** {who}", who=_who(request, "ready"), **head
        )
        meaning = language.line("The carriers have filed it: messages can go out.")
    else:
        title = language.line(
            "**#{number} {kind} {name} approved by {account}: ready** {who} · took {took}",
            who=_who(request, "ready"),
            took=_took(view, data),
            **head,
        )
        meaning = language.line("Messages can go out.")
    blocks: list[Block] = [Text(meaning)]
    if lines := filing_lines(view, request):
        blocks.append(Items(lines))
    elif _hidden(view, request):
        blocks.append(Text(language.line("The carriers' filing cannot be seen at {account}.", account=request.account)))
    if request.kind is Kind.SIGNATURE:
        blocks.append(next_commands(view, f"template submit {request.account} …"))
    return Message(title=title, mark=Mark.GOOD, blocks=tuple(blocks), buttons=buttons(view, request))


def _hidden(view: View, request: Request) -> bool:
    """Whether the carriers' filing of this signature is nowhere to be seen."""
    capabilities = view.capabilities.get(request.account)
    hidden = capabilities is not None and capabilities.filing is FilingView.HIDDEN
    return request.kind is Kind.SIGNATURE and not request.international and hidden


def _rejected(view: View, request: Request, data: Mapping[str, Any]) -> Message:
    language = view.language
    title = language.line(
        "**#{number} {kind} {name} rejected by {account}** {who} · after {took}",
        who=_who(request, "rejected"),
        took=_took(view, data),
        **_head(view, request),
    )
    reason: tuple[Block, ...] = (
        (Quote(request.reason),)
        if request.reason
        else (Text(language.line("{account} gave no reason; its console may show one.", account=request.account)),)
    )
    number = request.number
    if _can_edit(view, request):
        ahead = next_commands(view, f"edit #{number} …", f"history #{number}")
    else:
        ahead = next_commands(view, f"show #{number}", f"history #{number}")
    return Message(title=title, mark=Mark.BAD, blocks=(*reason, ahead), buttons=buttons(view, request))


def _refused(view: View, request: Request, data: Mapping[str, Any]) -> Message:
    language = view.language
    title = language.line(
        "**#{number} {kind} {name} not taken by {account}** {who}", who=_who(request, "refused"), **_head(view, request)
    )
    blocks = refusal_blocks(language, request.account, data)
    return Message(
        title=title,
        mark=Mark.BAD,
        blocks=(*blocks, next_commands(view, f"edit #{request.number} …", f"delete #{request.number}")),
        buttons=buttons(view, request),
    )


def _not_done(view: View, request: Request, data: Mapping[str, Any]) -> Message:
    language = view.language
    title = language.line(
        "**#{number} {kind} {name}: {account} did not take the change** {who}",
        who=_who(request, "not_done"),
        **_head(view, request),
    )
    unchanged = Text(language.line("It stands as before: {state}.", state=language.pick(STATES[request.state])))
    blocks = refusal_blocks(language, request.account, data) if data.get("code") else ()
    return Message(
        title=title, mark=Mark.BAD, blocks=(*blocks, unchanged, next_commands(view, f"show #{request.number}"))
    )


def _not_done_lost(view: View, request: Request, data: Mapping[str, Any]) -> Message:
    """A lost edit or delete, and the vendor shows no sign of it. Of a delete that is an answer, of an edit it is none."""
    if request.action is Action.DELETE:
        return _not_done(view, request, data)
    language = view.language
    title = language.line(
        "**#{number} {kind} {name}: I do not know whether {account} took the change** {who}",
        who=_who(request, "not_done_lost"),
        **_head(view, request),
    )
    text = language.line(
        "The answer was lost, and {account} shows it as before: {state}. Look at the console before you edit it again.",
        account=request.account,
        state=language.pick(STATES[request.state]),
    )
    console = view.console(request)
    where: tuple[Block, ...] = (Text((console,)),) if console else ()
    ahead = next_commands(view, f"show #{request.number}")
    return Message(title=title, mark=Mark.WARNING, blocks=(Text(text), *where, ahead))


def _waiting(view: View, request: Request, data: Mapping[str, Any]) -> Message:
    language = view.language
    title = language.line(
        "**#{number} {kind} {name}: {account} cannot take it now** · {submitter}",
        submitter=request.submitter_name,
        **_head(view, request),
    )
    words: tuple[Block, ...] = (Quote(str(data["message"])),) if data.get("message") else ()
    if unreached := out_of_reach(language, request.account, str(data.get("code", ""))):
        words = (Text((unreached,)),)
    text = Text(language.line("Nothing was sent. I try again by myself and say here what came of it."))
    return Message(title=title, mark=Mark.WAITING, blocks=(*words, text))


def _unknown(view: View, request: Request, data: Mapping[str, Any]) -> Message:
    del data
    question = request.next_look_at is None
    title = view.language.line(
        "**#{number} {kind} {name} at {account}: unknown** {who}",
        who=_who(request, "unknown_question" if question else "unknown"),
        **_head(view, request),
    )
    return Message(
        title=title,
        mark=Mark.WARNING,
        blocks=unknown(view, request),
        buttons=buttons(view, request) if question else (),
    )


def _settled(view: View, request: Request, data: Mapping[str, Any]) -> Message:
    language = view.language
    head = _head(view, request)
    if request.order:
        line = language.line("{account} has it (order {order}).", account=request.account, order=request.order)
    elif request.vendor_ref and data.get("by"):
        line = language.line(
            "I follow it under the id `{ref}`, as {who} said.", ref=request.vendor_ref, who=view.named(str(data["by"]))
        )
    else:
        line = language.line("{account} has it.", account=request.account)
    title = language.line("**#{number} {kind} {name} at {account}: in review**", **head)
    return Message(
        title=title, mark=Mark.WAITING, blocks=(Text(line), next_commands(view, f"status #{request.number}"))
    )


def _absent(view: View, request: Request, data: Mapping[str, Any]) -> Message:
    del data
    language = view.language
    title = language.line(
        "**#{number} {kind} {name}: it never reached {account}** {who}",
        who=_who(request, "absent"),
        **_head(view, request),
    )
    text = language.line(
        "I asked {account} several times; it does not have it, so nothing was submitted. "
        "`edit #{number}` sends it again; papers must be attached again.",
        account=request.account,
        number=request.number,
    )
    return Message(title=title, mark=Mark.BAD, blocks=(Text(text), next_commands(view, f"edit #{request.number}")))


def _papers_gone(view: View, request: Request, data: Mapping[str, Any]) -> Message:
    del data
    title = view.language.line(
        "**#{number} {kind} {name} at {account}: not sent** {who}",
        who=_who(request, "papers_gone"),
        **_head(view, request),
    )
    return Message(
        title=title,
        mark=Mark.WARNING,
        blocks=(*reason_blocks(view, request), next_commands(view, f"edit #{request.number}")),
    )


def _filing(view: View, request: Request, data: Mapping[str, Any]) -> Message:
    failed = data.get("news") == "filing_failed"
    language = view.language
    if failed:
        title = language.line(
            "**#{number} {kind} {name} at {account}: a carrier did not file it** {who}",
            who=_who(request, "filing_failed"),
            **_head(view, request),
        )
    else:
        title = language.line(
            "**#{number} {kind} {name} at {account}: news from the carriers**", **_head(view, request)
        )
    return Message(
        title=title,
        mark=Mark.WARNING if failed else Mark.WAITING,
        blocks=(
            Items(filing_lines(view, request)),
            *((Text(_what_to_mend(view, request)),) if failed else ()),
            next_commands(
                view,
                *([f"edit #{request.number} …"] if failed and _can_edit(view, request) else []),
                f"status #{request.number}",
            ),
        ),
    )


def _what_to_mend(view: View, request: Request) -> Line:
    language = view.language
    if _can_edit(view, request):
        return language.line(
            "Messages to its customers do not go out with this name. Mend what it says, then send the signature again."
        )
    return language.line(
        "Messages to its customers do not go out with this name; the support of {account} can say what to mend.",
        account=request.account,
    )


def _can_edit(view: View, request: Request) -> bool:
    """Whether it can be changed as it stands."""
    capabilities = view.capabilities.get(request.account)
    return capabilities is not None and request.state in capabilities.kinds[request.kind].update_in


def _unknown_word(view: View, request: Request, data: Mapping[str, Any]) -> Message:
    language = view.language
    title = language.line(
        "**#{number} {kind} {name}: {account} says “{word}”**", word=str(data.get("word", "")), **_head(view, request)
    )
    text = language.line(
        "I do not know this word, so I change nothing: it still counts as {state}. Please look at the console.",
        state=language.pick(STATES[request.state]),
    )
    console = view.console(request)
    where: tuple[Block, ...] = (Text((console,)),) if console else ()
    return Message(title=title, mark=Mark.WARNING, blocks=(Text(text), *where))


def _state_changed(view: View, request: Request, data: Mapping[str, Any]) -> Message:
    state = State(data.get("state", request.state))
    title = view.language.line(
        "**#{number} {kind} {name} at {account}: {state}** {who}",
        state=view.language.pick(STATES[state]),
        who=_who(request, str(data.get("news", ""))),
        **_head(view, request),
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
                        ref=request.vendor_ref,
                    )
                ),
            )
        case "withdrawn":
            text = language.line("Somebody took it back in the console of {account}.", account=request.account)
            return (Text(text),)
        case _:
            return ()


_NEWS: Mapping[str, Callable[[View, Request, Mapping[str, Any]], Message]] = {
    "accepted": _accepted,
    "approved": _approved,
    "ready": _ready,
    "rejected": _rejected,
    "refused": _refused,
    "not_done": _not_done,
    "not_done_lost": _not_done_lost,
    "waiting": _waiting,
    "unknown": _unknown,
    "unknown_question": _unknown,
    "settled": _settled,
    "absent": _absent,
    "papers_gone": _papers_gone,
    "filing": _filing,
    "filing_failed": _filing,
    "unknown_word": _unknown_word,
}
