"""Orders that were not taken up, in words: why, and what is possible instead."""

from bot.contracts.message import Link, Mark, Message, Text, Typed
from bot.contracts.model import Request, State
from bot.requests.cards import called, settling
from bot.requests.guidance import DELETED, SUBMITTED, sort_of
from bot.requests.lifecycle import Outcome
from bot.wording.view import View, next_commands
from bot.wording.words import STATES


def not_possible(
    view: View, outcome: Outcome, *, deleting: bool = False, resent: int = 0, approving: bool = False
) -> Message:
    """An order to change something, to delete it or to send it again that was not taken up; why, and what is possible.

    Args:
        view: the reader's.
        outcome: what came of it.
        deleting: whether it was to be deleted.
        resent: the number of what was to be sent again; 0 where that was not asked.
        approving: whether it was to be approved, and went on meanwhile.
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
        case "deletion_waits":
            text = language.line(
                "The deletion of #{number} {name} waits for approval; {command} takes it back.",
                command=Typed(view.typed(f"withdraw #{request.number}")),
                **head,
            )
            ahead = (f"withdraw #{request.number}",)
        case "fixed":
            keys = ", ".join(f"`{key}`" for key in sorted(_fixed(view, request)))
            text = language.line("{account} never changes {keys} of a {kind}; submit a new one.", keys=keys, **head)
        case "guided":
            text = language.line(
                "It is changed and deleted in the console of {account}; say here what came of it.", **head
            )
            said = {State.DRAFT: (SUBMITTED,), State.REJECTED: (SUBMITTED, DELETED)}.get(request.state, (DELETED,))
            ahead = tuple(f"settle #{request.number} {language.pick(word)}" for word in said)
        case "not_anew":
            key = (ability := view.ability(request)) and ability.anew_by
            text = language.line(
                "{account} reviews a rejected {kind} again only when `{key}` changes: this would have stayed as it is.",
                key=key or "",
                **head,
            )
            ahead = (f"edit #{request.number} {key}=…",)
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
    elif approving:
        title = language.line("**#{number} was not approved: it went on meanwhile.**", **head)
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
