"""What became of our own call, in words: taken, refused, put off, lost and found again."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from bot.contracts.message import Block, Exact, Line, Mark, Mention, Message, Text
from bot.contracts.model import Action, Refusal, Request, State
from bot.requests.cards import (
    after_absence,
    buttons,
    called,
    console_link,
    papers_of,
    reason_blocks,
    submitter_of,
    unknown,
)
from bot.requests.guidance import guidance, kind_of
from bot.requests.lifecycle import PAPERS_GONE, never_arrived
from bot.wording.refusals import lost, refusal_blocks
from bot.wording.view import View, next_commands
from bot.wording.words import STATES

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


Worded = Callable[[View, Request, Mapping[str, Any]], Message]
"""Words one piece of news about a request, with what was known when it happened."""


def who(view: View, request: Request, what: str) -> Line:
    """Whose it is: mentioned where they must act or have waited, named otherwise."""
    if what in MENTIONED:
        return (Mention(request.submitter, submitter_of(view, request)),)
    return (f"· {submitter_of(view, request)}",)


def head(view: View, request: Request) -> dict[str, Any]:
    """What every title says of a request."""
    return {
        "number": request.number,
        "kind": kind_of(view, request),
        "name": called(view.language, request),
        "account": request.account,
    }


def ordered(request: Request, data: Mapping[str, Any]) -> Action:
    """What was asked of the vendor when it happened; an older notice does not say, the request does."""
    return Action(data.get("action", request.action))


def _refusal(view: View, request: Request, data: Mapping[str, Any]) -> tuple[Block, ...]:
    """What the vendor said, with what it means; nothing where it said nothing."""
    refused = Refusal.from_json(data)
    return refusal_blocks(view.language, request.account, refused) if refused.code else ()


def _accepted(view: View, request: Request, data: Mapping[str, Any]) -> Message:
    del data
    language = view.language
    expected = view.expected(request)
    when: tuple[Block, ...] = ()
    if expected is not None and expected > view.now:
        when = (Text(language.line("Expected {when}.", when=language.moment(expected, None, view.now))),)
    return Message(
        title=language.line("**#{number} {kind} {name} at {account}: in review**", **head(view, request)),
        mark=Mark.WAITING,
        blocks=(*when, next_commands(view, f"status #{request.number}")),
    )


def _refused(view: View, request: Request, data: Mapping[str, Any]) -> Message:
    language = view.language
    title = language.line(
        "**#{number} {kind} {name} not taken by {account}** {who}",
        who=who(view, request, "refused"),
        **head(view, request),
    )
    blocks = refusal_blocks(language, request.account, Refusal.from_json(data))
    return Message(
        title=title,
        mark=Mark.BAD,
        blocks=(*blocks, next_commands(view, f"edit #{request.number} …", f"delete #{request.number}")),
        buttons=buttons(view, request),
    )


def _not_done(view: View, request: Request, data: Mapping[str, Any]) -> Message:
    language = view.language
    whose = who(view, request, "not_done")
    title = (
        language.line(
            "**#{number} {kind} {name}: {account} did not delete it** {who}", who=whose, **head(view, request)
        )
        if ordered(request, data) is Action.DELETE
        else language.line(
            "**#{number} {kind} {name}: {account} did not take the change** {who}", who=whose, **head(view, request)
        )
    )
    unchanged = Text(language.line("It stands as before: {state}.", state=language.pick(STATES[request.state])))
    blocks = _refusal(view, request, data)
    return Message(
        title=title, mark=Mark.BAD, blocks=(*blocks, unchanged, next_commands(view, f"show #{request.number}"))
    )


def _not_done_lost(view: View, request: Request, data: Mapping[str, Any]) -> Message:
    """A lost edit or delete, and the vendor shows no sign of it. Of a delete that is an answer, of an edit it is none."""
    if ordered(request, data) is Action.DELETE:
        return _not_done(view, request, {"action": Action.DELETE})
    language = view.language
    title = language.line(
        "**#{number} {kind} {name}: I do not know whether {account} took the change** {who}",
        who=who(view, request, "not_done_lost"),
        **head(view, request),
    )
    why = Text(lost(language, request.account, str(data.get("lost", ""))))
    text = language.line(
        "{account} shows it as before: {state}. Look at the console before you edit it again.",
        account=request.account,
        state=language.pick(STATES[request.state]),
    )
    ahead = next_commands(view, f"show #{request.number}")
    return Message(title=title, mark=Mark.WARNING, blocks=(why, Text(text), *console_link(view, request), ahead))


def _waiting(view: View, request: Request, data: Mapping[str, Any]) -> Message:
    language = view.language
    title = language.line(
        "**#{number} {kind} {name}: {account} cannot take it now** · {submitter}",
        submitter=submitter_of(view, request),
        **head(view, request),
    )
    words = _refusal(view, request, data)
    text = Text(language.line("Nothing was sent. I try again by myself and say here what came of it."))
    return Message(title=title, mark=Mark.WAITING, blocks=(*words, text))


def _unknown(view: View, request: Request, data: Mapping[str, Any]) -> Message:
    del data
    question = request.next_look_at is None
    title = view.language.line(
        "**#{number} {kind} {name} at {account}: unknown** {who}",
        who=who(view, request, "unknown_question" if question else "unknown"),
        **head(view, request),
    )
    return Message(
        title=title,
        mark=Mark.WARNING,
        blocks=unknown(view, request),
        buttons=buttons(view, request) if question else (),
    )


def _settled(view: View, request: Request, data: Mapping[str, Any]) -> Message:
    language = view.language
    told = head(view, request)
    if request.order:
        line = language.line("{account} has it (order {order}).", account=request.account, order=Exact(request.order))
    elif request.vendor_ref and data.get("by"):
        line = language.line(
            "I follow it under the id `{ref}`, as {who} said.",
            ref=Exact(request.vendor_ref),
            who=view.named(str(data["by"])),
        )
    else:
        line = language.line("{account} has it.", account=request.account)
    title = language.line("**#{number} {kind} {name} at {account}: in review**", **told)
    return Message(
        title=title, mark=Mark.WAITING, blocks=(Text(line), next_commands(view, f"status #{request.number}"))
    )


def _absent(view: View, request: Request, data: Mapping[str, Any]) -> Message:
    del data
    language = view.language
    title = language.line(
        "**#{number} {kind} {name}: it never reached {account}** {who}",
        who=who(view, request, "absent"),
        **head(view, request),
    )
    text = language.line(
        "I asked {account} several times; it does not have it, so nothing was submitted.", account=request.account
    )
    still_so = never_arrived(request)  # it may have been sent again before this was delivered
    return Message(
        title=title,
        mark=Mark.BAD,
        blocks=(
            Text(text),
            *(papers_of(view, request) if still_so else ()),
            next_commands(view, *(after_absence(view, request) if still_so else (f"show #{request.number}",))),
        ),
        buttons=buttons(view, request) if still_so else (),
    )


def _papers_gone(view: View, request: Request, data: Mapping[str, Any]) -> Message:
    del data
    title = view.language.line(
        "**#{number} {kind} {name} at {account}: not sent** {who}",
        who=who(view, request, "papers_gone"),
        **head(view, request),
    )
    return Message(
        title=title,
        mark=Mark.WARNING,
        blocks=(
            *reason_blocks(view, replace(request, reason=PAPERS_GONE)),
            next_commands(view, f"edit #{request.number}"),
        ),
    )


def _console_submitted(view: View, request: Request, data: Mapping[str, Any]) -> Message:
    """Somebody submitted it in the vendor's console."""
    title = view.language.line(
        "**#{number} {kind} {name} at {account}: in review**, submitted in the console by {by}",
        by=view.named(str(data["by"])) if data.get("by") else submitter_of(view, request),
        **head(view, request),
    )
    as_then = replace(request, state=State.IN_REVIEW)  # it may have been decided before this was delivered
    return Message(title=title, mark=Mark.WAITING, blocks=guidance(view, as_then))


def _console_kept(view: View, request: Request, data: Mapping[str, Any]) -> Message:
    """What is to be taken to the console is another now."""
    del data
    title = view.language.line("**#{number} {kind} {name} at {account}: kept as it is now**", **head(view, request))
    return Message(title=title, blocks=guidance(view, request))


OUTCOMES: Mapping[str, Worded] = {
    "console_kept": _console_kept,
    "console_submitted": _console_submitted,
    "accepted": _accepted,
    "refused": _refused,
    "not_done": _not_done,
    "not_done_lost": _not_done_lost,
    "waiting": _waiting,
    "unknown": _unknown,
    "unknown_question": _unknown,
    "settled": _settled,
    "absent": _absent,
    "papers_gone": _papers_gone,
}
