"""What waits for a second person, in words: who may agree, to what exactly, and what came of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bot.contracts import personal
from bot.contracts.approval import Act, Approval, ApprovalState
from bot.contracts.fields import FieldType, field_for
from bot.contracts.message import Block, Button, Items, Line, Mark, Mention, Message, Part, Quote, Text
from bot.contracts.model import Action, Place, Request, State, Words
from bot.contracts.vocabulary import VOCABULARY
from bot.requests import dependents
from bot.requests.cards import DETAILS, called, offers_edit, paper_line, yes_and_no
from bot.requests.dependents import Dependents
from bot.requests.four_eyes import APPROVES
from bot.requests.guidance import kind_of
from bot.requests.lifecycle import PAPERS_GONE
from bot.wording.language import Language
from bot.wording.view import View, next_commands
from bot.wording.words import ROLES, STATES

May = Callable[[Sequence[str]], tuple[str, ...]]
"""Authors (`Actor.key`) → the names of those who may agree to what they wrote or ordered."""

ACTS: Mapping[Act, Words] = {
    Act.DELETE: Words("deletions", "删除"),
    Act.PROMO: Words("marketing templates", "营销模板"),
    Act.SUBMIT: Words("submissions", "提交"),
    Act.EDIT: Words("changes", "修改"),
    Act.THIRD_PARTY: Words("signatures for another company", "他用签名"),
}
"""What has to wait, as people call it."""

_TO_BE = {
    Action.CREATE: Words("to be submitted", "待提交"),
    Action.UPDATE: Words("to be changed", "待修改"),
    Action.DELETE: Words("to be deleted", "待删除"),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """One order that waits, or waited.

    Args:
        order: how it stands.
        request: what it is about, as the record has it now.
        breaks: of a deletion, what hangs on it.
    """

    order: Approval
    request: Request
    breaks: Dependents | None = None


def asked(
    view: View, together: Sequence[Asked], *, quorum: int, may: May, place: Place, again: bool = False
) -> Message:
    """What waits, for those who may agree; what does not wait any more says what became of it.

    Args:
        view: the reader's.
        together: all that was ordered together.
        quorum: how many people have to agree.
        may: who may.
        place: where it is read.
        again: whether it is said once more.
    """
    language = view.language
    waiting = [one for one in together if one.order.waits]
    first = (waiting or list(together))[0]
    several = len(together) > 1
    if not waiting:
        title = (
            _ended(view, first)
            if not several
            else language.line("**{numbers}: nothing waits any more**", numbers=_named(view, together))
        )
        lines = tuple(_ended(view, one) for one in together) if several else ()
        mark = Mark.GOOD if all(_agreed(one.order) for one in together) else Mark.NONE
        return Message(title=title, mark=mark, blocks=(Items(lines),) if lines else ())
    people = may([author for one in waiting for author in one.order.authors])
    whom = _people(view, people, first.order.place, place)
    what = {
        "what": headed(view, first.request) if len(waiting) == 1 else _named(view, waiting),
        "to_be": language.pick(_TO_BE[first.order.action]),
        "whom": (" · ", *whom) if whom else "",
    }
    title = (
        language.line("**{what}: {to_be}, still waits for approval**{whom}", **what)
        if again
        else language.line("**{what}: {to_be}, waits for approval**{whom}", **what)
        if len(waiting) == 1
        else language.line("**{what}: {to_be}, wait for approval**{whom}", **what)
    )
    blocks: list[Block] = [
        Text(
            language.line(
                "Ordered by {who}. {acts} need a second person, and nothing is sent before.",
                who=view.named(first.order.ordered_by, first.order.ordered_by_name),
                acts=_capital(language, _acts(language, first.order.acts)),
            )
        )
    ]
    for one in together:
        if several:
            blocks.append(Text((_head_strong(view, one),) if one.order.waits else _ended(view, one)))
        if one.order.waits and not again:
            blocks += _content(view, one)
    blocks += _so_far(view, first.order, quorum)
    if not people:
        blocks.append(Text(_nobody(language)))
    blocks.append(
        Text(
            language.line(
                "If that is not done by {when}, nothing is sent.",
                when=language.moment(first.order.expires_at, None, view.now),
            )
        )
    )
    numbers = " ".join(f"#{one.request.number}" for one in waiting)
    blocks.append(next_commands(view, f"approve {numbers}", f"deny {numbers} …"))
    return Message(title=title, mark=Mark.WAITING, blocks=tuple(blocks), buttons=buttons(view, waiting))


def buttons(view: View, waiting: Sequence[Asked]) -> tuple[Button, ...]:
    """Yes and no to what was read, and the rest of it."""
    target = ",".join(f"#{one.request.number}" for one in waiting)
    both = yes_and_no(view.language, [one.request for one in waiting])
    return (*both, Button(DETAILS, target, view.language.text("Details")))


def _content(view: View, one: Asked) -> tuple[Block, ...]:
    """Exactly what somebody agrees to: every value, what changes, or what breaks."""
    language, request = view.language, one.request
    if one.order.action is Action.DELETE:
        return (Items(dependents.lines(language, request, one.breaks or Dependents())),)
    values = request.submission().values
    lines = [
        difference(language, key, request.values.get(key, ""), value)
        if one.order.action is Action.UPDATE
        else language.line("{label}: {value}", label=label_of(language, key), value=shown(language, key, value))
        for key, value in values.items()
        if one.order.action is Action.CREATE or request.values.get(key, "") != value
    ]
    gone = [key for key in request.values if key not in values] if one.order.action is Action.UPDATE else []
    lines += [difference(language, key, request.values[key], "") for key in gone]
    if one.order.files:
        lines += [paper_line(language, label_of(language, paper["key"]), paper) for paper in request.papers]
    return (Items(tuple(lines)),) if lines else ()


def difference(language: Language, key: str, before: str, after: str) -> Line:
    """What one value was, and what it is to be."""
    return language.line(
        "{label}: {before} → {after}",
        label=label_of(language, key),
        before=shown(language, key, before) if before else language.text("none"),
        after=shown(language, key, after) if after else language.text("none"),
    )


def label_of(language: Language, key: str) -> str:
    """What people call a key of a submission."""
    field = field_for(key, (*VOCABULARY.values(), *personal.FIELDS.values()))
    if field is None:
        return key
    label = language.pick(field.label)
    return f"{label} {key.partition('.')[2]}" if "." in key else label


def shown(language: Language, key: str, value: str) -> str:
    """A value as people read it, whole: a choice by its label."""
    field = field_for(key, tuple(VOCABULARY.values()))
    if field is not None and field.type is FieldType.FLAG:
        return language.text("yes") if value == "true" else language.text("no")
    choice = field.choice(value) if field is not None and field.choices else None
    return language.pick(choice.label) if choice is not None else value


def _so_far(view: View, order: Approval, quorum: int) -> tuple[Block, ...]:
    """Who agreed, where more than one has to."""
    if quorum <= 1:
        return ()
    language = view.language
    if not order.agreements:
        return (Text(language.plural_line("{n} person has to agree.", "{n} people have to agree.", quorum)),)
    agreed = language.joined([view.named(one.who, one.name) for one in order.agreements])
    line = language.line(
        "{count} of {quorum} agreed so far: {who}.", count=len(order.agreements), quorum=quorum, who=agreed
    )
    return (Text(line),)


# --- What came of it --------------------------------------------------------------------------------------------------


def granted(view: View, one: Asked) -> Message:
    """Enough people agreed."""
    language = view.language
    who = language.joined([view.named(each.who, each.name) for each in one.order.agreements])
    title = language.line("**{what}: approved by {who}**", what=headed(view, one.request), who=who)
    if _papers_gone(one):
        text = language.line(
            "Its files are no longer at hand, for they are never kept over a restart. Attach the same ones and it goes out at once."
        )
        return Message(
            title=(*title, " ", Mention(one.order.ordered_by, _orderer(view, one))),
            mark=Mark.WARNING,
            blocks=(Text(text), next_commands(view, f"edit #{one.request.number}")),
        )
    ahead = next_commands(view, f"status #{one.request.number}")
    return Message(title=title, mark=Mark.GOOD, blocks=(Text(_going(language, one)), ahead))


def _going(language: Language, one: Asked) -> Line:
    account = one.request.account
    match one.order.action:
        case Action.DELETE:
            return language.line("That it is to be deleted is on its way to {account}.", account=account)
        case Action.UPDATE:
            return language.line("The change is on its way to {account}.", account=account)
        case Action.CREATE:
            return language.line("It is on its way to {account}.", account=account)


def over(view: View, one: Asked, place: Place) -> Message:
    """Nothing comes of it: why, and what can be done now."""
    language, order, request = view.language, one.order, one.request
    told = {
        "what": headed(view, one.request),
        "who": view.named(order.ended_by, order.ended_by_name) if order.ended_by else "",
    }
    mine: Line = (Mention(order.ordered_by, _orderer(view, one)),)
    if not place.same_conversation(order.place):
        mine = (f"· {_orderer(view, one)}",)
    blocks: list[Block] = []
    match order.state:
        case ApprovalState.DENIED:
            title = language.line("**{what}: {who} said no** {mine}", mine=mine, **told)
            blocks.append(Quote(order.reason))
        case ApprovalState.WITHDRAWN:
            title = language.line("**{what}: taken back by {who}**", **told)
        case ApprovalState.EXPIRED:
            title = language.line("**{what}: nobody agreed in time** {mine}", mine=mine, **told)
            waited = language.span(order.expires_at - order.asked_at)
            blocks.append(Text(language.line("It waited for {span}.", span=waited)))
        case _:
            title = _ended(view, one)
    blocks.append(Text(_as_it_is(language, one)))
    number = request.number
    ahead = [f"edit #{number} …"] if offers_edit(view, request) and order.action is not Action.DELETE else []
    blocks.append(next_commands(view, *ahead, f"show #{number}"))
    mark = Mark.NONE if order.state is ApprovalState.WITHDRAWN else Mark.BAD
    return Message(title=title, mark=mark, blocks=tuple(blocks))


def _as_it_is(language: Language, one: Asked) -> Line:
    match one.request.state:
        case State.DRAFT:
            return language.line("Nothing was sent. It is kept as a draft.")
        case state:
            return language.line("It stands as before: {state}.", state=language.pick(STATES[state]))


def _ended(view: View, one: Asked) -> Line:
    """What became of one order, in a line."""
    language, order = view.language, one.order
    told = {
        "what": headed(view, one.request),
        "who": view.named(order.ended_by, order.ended_by_name) if order.ended_by else "",
    }
    match order.state:
        case ApprovalState.GRANTED | ApprovalState.USED:
            told["who"] = language.joined([view.named(each.who, each.name) for each in order.agreements])
            return language.line("**{what}** · approved by {who}", **told)
        case ApprovalState.DENIED:
            return language.line("**{what}** · {who} said no: “{reason}”", reason=order.reason, **told)
        case ApprovalState.EXPIRED:
            return language.line("**{what}** · nobody agreed in time", **told)
        case ApprovalState.WITHDRAWN:
            return language.line("**{what}** · taken back by {who}", **told)
        case ApprovalState.VOID:
            return language.line("**{what}** · changed since; this approval is no longer asked for", **told)
        case ApprovalState.WAITING:
            return language.line("**{what}** · waits for approval", **told)


def may_not(view: View, one: Asked, title: Line, people: Sequence[str]) -> Message:
    """Why somebody's word does not count, and whose does."""
    language = view.language
    who = (
        Text(language.line("Ask {people}.", people=language.either(list(people))))
        if people
        else Text(_nobody(language))
    )
    return Message(title=title, mark=Mark.BAD, blocks=(who, next_commands(view, f"show #{one.request.number}")))


def _nobody(language: Language) -> Line:
    return language.line(
        "Nobody else is named who may: an operator can give the role **{role}** in the configuration.",
        role=language.pick(ROLES[APPROVES]),
    )


# --- Pieces -----------------------------------------------------------------------------------------------------------


def headed(view: View, request: Request) -> str:
    """Which request it is."""
    return view.language.text(
        "#{number} {kind} {name} at {account}",
        number=request.number,
        kind=kind_of(view, request),
        name=called(view.language, request),
        account=request.account,
    )


def _head_strong(view: View, one: Asked) -> Part:
    return view.language.line("**{what}**", what=headed(view, one.request))[0]


def _named(view: View, together: Sequence[Asked]) -> str:
    return view.language.joined([f"#{one.request.number}" for one in together])


def _people(view: View, names: Sequence[str], home: Place, here: Place) -> Line:
    """Those who may agree, mentioned where they read it: where it was ordered, elsewhere only whom that does not reach."""
    at_home = here.same_conversation(home)
    found: list[Part] = []
    for name in names:
        there = any(known == name and key.startswith(f"{home.platform}:") for key, known in view.names.items())
        part = view.person(name) if at_home or not there else name
        found += [", " if view.language.code == "en" else "、", part] if found else [part]
    return tuple(found)


def _acts(language: Language, acts: Sequence[Act]) -> str:
    return language.joined([language.pick(ACTS[act]) for act in acts])


def _capital(language: Language, text: str) -> str:
    return text if language.code == "zh" else text[:1].upper() + text[1:]


def _agreed(order: Approval) -> bool:
    return order.state in (ApprovalState.GRANTED, ApprovalState.USED)


def _papers_gone(one: Asked) -> bool:
    return bool(one.order.files) and one.request.reason == PAPERS_GONE


def _orderer(view: View, one: Asked) -> str:
    return view.named(one.order.ordered_by, one.order.ordered_by_name)
