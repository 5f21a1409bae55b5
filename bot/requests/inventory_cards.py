"""What an account has, held against the record, in words; and what came of adopting it."""

from collections.abc import Sequence

from bot.commands.tokens import quoted
from bot.contracts.message import SAY, Block, Button, Exact, Items, Line, Mark, Message, Text, Typed
from bot.contracts.model import Kind, Request, Words
from bot.contracts.variants import for_digital
from bot.contracts.vendor import Seen
from bot.requests.cards import called
from bot.requests.guidance import ID, kind_of
from bot.requests.inventory import Adopted, Compared, Foreign
from bot.wording.view import View, named, next_commands
from bot.wording.words import DIGITAL_KINDS, KIND_WORDS, KINDS, STATES

ADOPT = Words("adopt", "收录")
"""Have what the vendor has and the record does not know followed here."""

SHOWN = 10
"""So many things of one sort are named; of the others there is a count."""


def compared(view: View, found: Sequence[Compared], silent: Sequence[Line]) -> Message:
    """What each account has that the record does not know, and the other way round.

    Args:
        view: the reader's.
        found: account by account.
        silent: why others could not be asked.
    """
    language = view.language
    blocks: list[Block] = [Items(tuple(silent))] if silent else []
    for one in found:
        blocks += _account(view, one, alone=len(found) == 1)
    open_ = [one for one in found if not one.agree]
    if open_:
        blocks.append(next_commands(view, *(_adopt(view, one.account) for one in open_)))
    if not found:
        return Message(title=silent[0], mark=Mark.BAD, blocks=(Items(tuple(silent[1:])),) if silent[1:] else ())
    mark = Mark.WARNING if silent or open_ else Mark.GOOD
    buttons = tuple(
        Button(SAY, _adopt(view, one.account), language.text("Adopt from {account}", account=one.account))
        for one in open_
    )
    return Message(title=_title(view, found), mark=mark, blocks=tuple(blocks), buttons=buttons)


def _title(view: View, found: Sequence[Compared]) -> Line:
    language = view.language
    accounts = language.joined([one.account for one in found])
    foreign = sum(len(one.foreign) for one in found)
    otherwise = sum(len(one.changed) + len(one.gone) for one in found)
    if foreign and otherwise:
        return language.line(
            "**At {accounts}: {foreign} not in the record, {otherwise} other than in the record**",
            accounts=accounts,
            foreign=foreign,
            otherwise=otherwise,
        )
    if foreign:
        return language.plural_line(
            "**{n} thing at {accounts} is not in the record**",
            "**{n} things at {accounts} are not in the record**",
            foreign,
            accounts=accounts,
        )
    if otherwise:
        return language.plural_line(
            "**{n} request stands otherwise at {accounts}**",
            "**{n} requests stand otherwise at {accounts}**",
            otherwise,
            accounts=accounts,
        )
    if not any(one.lists for one in found):
        return language.line("**{accounts}: nothing is listed to me there**", accounts=accounts)
    return language.line("**The record knows all that {accounts} lists**", accounts=accounts)


def _adopt(view: View, account: str) -> str:
    return f"sync {account} {view.language.pick(ADOPT)}"


def _account(view: View, found: Compared, *, alone: bool) -> list[Block]:
    language = view.language
    here: list[Block] = [] if alone else [Text(language.line("**{account}**", account=found.account))]
    lines: tuple[tuple[Line, tuple[Line, ...]], ...] = (
        (
            language.line("There, and unknown here:"),
            tuple(_foreign(view, one) for one in found.foreign),
        ),
        (
            language.line("There in another state than here:"),
            tuple(_otherwise(view, request, seen) for request, seen in found.changed),
        ),
        (
            language.line("Here, and no longer there:"),
            tuple(_request(view, request) for request in found.gone),
        ),
        (
            language.line("Left to what is on its way here under the same name:"),
            tuple(_foreign(view, one) for one in found.on_the_way),
        ),
    )
    for head, items in lines:
        if items:
            here += [Text(head), Items(_at_most(view, items))]
    if not alone and found.lists and found.agree and not found.on_the_way:
        here.append(Text(language.line("The record knows all that is listed there.")))
    here += _unlisted(view, found)
    return here


def _unlisted(view: View, found: Compared) -> list[Block]:
    language = view.language
    told = {
        "account": found.account,
        "kinds": language.either([language.pick(_PLURALS[one]) for one in found.unlisted]),
    }
    if found.unlisted:
        one = Typed(view.typed(f"{_adopt(view, found.account)} {language.pick(ID)}=…"))
        return [
            Text(language.line("{account} does not list {kinds}: say the id of one, {command}", command=one, **told))
        ]
    if not found.lists:
        return [Text(language.line("{account} lists nothing to me; its console shows what is there.", **told))]
    return []


_PLURALS = {
    Kind.SIGNATURE: Words("signatures", "签名"),
    Kind.TEMPLATE: Words("templates", "模板"),
    Kind.QUALIFICATION: Words("qualifications", "资质"),
}


def _at_most(view: View, items: tuple[Line, ...]) -> tuple[Line, ...]:
    rest = len(items) - SHOWN
    more = (view.language.line("and {count} more", count=rest),) if rest > 0 else ()
    return (*items[:SHOWN], *more)


def _foreign(view: View, one: Foreign) -> Line:
    language = view.language
    seen = one.listed.seen
    kinds = DIGITAL_KINDS if for_digital(one.listed.values) and one.kind in DIGITAL_KINDS else KINDS
    told = {
        "kind": language.pick(kinds[one.kind]),
        "name": named(language, seen.name),
        "state": language.pick(STATES[seen.state]) if seen.state is not None else seen.word,
    }
    if seen.ref == seen.name:  # at Alibaba Cloud a signature is its own id
        return language.line("{kind} {name}: {state}", **told)
    return language.line("{kind} {name} `{ref}`: {state}", ref=Exact(seen.ref), **told)


def _told(view: View, request: Request) -> dict[str, object]:
    language = view.language
    return {
        "number": request.number,
        "kind": kind_of(view, request),
        "name": called(language, request),
        "state": language.pick(STATES[request.state]),
    }


def _request(view: View, request: Request) -> Line:
    return view.language.line("#{number} {kind} {name}: {state} here", **_told(view, request))


def _otherwise(view: View, request: Request, seen: Seen) -> Line:
    language = view.language
    other = language.pick(STATES[seen.state]) if seen.state is not None else seen.word
    return language.line("#{number} {kind} {name}: {state} here, {other} there", other=other, **_told(view, request))


def adopted(view: View, account: str, came: Adopted, why_not: str = "") -> Message:
    """What came of an adoption.

    Args:
        view: the reader's.
        account: whose.
        came: what became of it.
        why_not: why the rest could not be asked about, to stand within a sentence.
    """
    language = view.language
    blocks: list[Block] = []
    if came.requests:
        blocks.append(Items(_at_most(view, tuple(_now_here(view, one) for one in came.requests))))
    if came.moved:
        blocks += [
            Text(language.line("Known before, and otherwise now:")),
            Items(_at_most(view, tuple(_now_here(view, one) for one in came.moved))),
        ]
    if why_not:
        blocks.append(
            Text(language.line("{account} did not answer for the rest: {why}.", account=account, why=why_not))
        )
    if came.left:
        blocks.append(
            Text(language.plural_line("{n} thing is left to adopt.", "{n} things are left to adopt.", came.left))
        )
    ahead = [_adopt(view, account)] if came.left else []
    numbers = [one.number for one in came.requests]
    ahead += [f"show #{numbers[0]}"] if len(numbers) == 1 else []
    kinds = dict.fromkeys(one.kind for one in came.requests) if len(numbers) > 1 else {}
    ahead += [f"{KIND_WORDS[kind]} list" for kind in kinds if kind is not Kind.QUALIFICATION] or ["history"] * bool(
        kinds
    )
    if ahead:
        blocks.append(next_commands(view, *ahead))
    if numbers:
        title = language.plural_line(
            "**{n} thing of {account} is in the record now: {numbers}**",
            "**{n} things of {account} are in the record now: {numbers}**",
            len(numbers),
            account=account,
            numbers=language.ranges("#", numbers),
        )
    elif came.moved:
        title = language.line(
            "**The record says now what {account} has: {numbers}**",
            account=account,
            numbers=language.ranges("#", [one.number for one in came.moved]),
        )
    elif why_not:
        title = language.line("**Nothing of {account} was adopted.**", account=account)
    else:
        title = language.line("**Nothing to adopt: the record knows all that {account} lists**", account=account)
    mark = Mark.WARNING if why_not else Mark.GOOD
    return Message(title=title, mark=mark, blocks=tuple(blocks))


def _now_here(view: View, request: Request) -> Line:
    return view.language.line("#{number} {kind} {name}: {state}", **_told(view, request))


def not_adopted(view: View, account: str, ref: str, came: Adopted) -> Message:
    """Why one thing was not adopted."""
    language = view.language
    told = {"account": account, "ref": Exact(ref[:40])}
    match came.problem:
        case "known":
            (request,) = came.requests
            title = language.line(
                "**`{ref}` at {account} is in the record already: #{number} {name}**",
                number=request.number,
                name=called(language, request),
                **told,
            )
            ahead = f"show #{request.number}"
        case "on_the_way":
            title = language.line(
                "**`{ref}` at {account} may be what is on its way from here under the same name; that is settled first.**",
                **told,
            )
            ahead = "status pending"
        case _:
            title = language.line("**{account} has nothing under the id `{ref}`.**", **told)
            ahead = f"sync {quoted(account)}"
    return Message(title=title, mark=Mark.BAD, blocks=(next_commands(view, ahead),))
