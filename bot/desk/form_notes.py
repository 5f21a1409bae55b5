"""What a form says beside its fields: why it is filled in again, what is different, where a code went. Pure but for one look."""

from collections.abc import Mapping, Sequence

from bot.contracts import personal
from bot.contracts.fields import Field, field_for
from bot.contracts.message import Block, Items, Quote, Text, plain
from bot.contracts.model import Request, State
from bot.desk import in_private
from bot.desk.context import Context
from bot.desk.form_fields import form_key
from bot.requests.approval_cards import difference
from bot.requests.cards import reason_blocks
from bot.requests.codes import Asked
from bot.requests.prepare import Prepared
from bot.store.requests import find
from bot.wording.language import Language


async def preface(context: Context, requests: Sequence[Request], known: Mapping[str, str]) -> tuple[str, ...]:
    """Why what was sent before was not taken, and what is another value now.

    Args:
        context: who fills it in.
        requests: what is filled in.
        known: key → what stands in the form.
    """
    before = await context.services.database.read(
        lambda db: [one if one.earlier is None else find(db, one.earlier) or one for one in requests]
    )
    changes = [
        plain(difference(context.language, key, one.values.get(key, ""), known[key]))
        for one in before
        if one.state is State.REJECTED and len(before) == 1
        for key in known
        if one.values.get(key, "") != known[key] and not personal.private(key)
    ]
    return (*_why(context, before), *changes)


def _why(context: Context, requests: Sequence[Request]) -> tuple[str, ...]:
    """Why what was sent before was not taken, in the words of who refused it."""
    several = len(requests) > 1
    told = []
    for request in requests:
        if request.state in (State.REJECTED, State.FAILED, State.WITHDRAWN, State.DISABLED) and request.reason:
            whose = context.language.text("{account}: ", account=request.account) if several else ""
            said = [_in_plain(block) for block in reason_blocks(context.view, request)]
            told.append(whose + "\n".join(text for text in said if text))
    return tuple(told)


def _in_plain(block: Block) -> str:
    match block:
        case Quote(text):
            return f"“{text}”"
        case Text(line):
            return plain(line)
        case Items(lines):
            return "\n".join(f"• {plain(line)}" for line in lines)
        case _:
            return ""


def sent(language: Language, fields: Sequence[Field], codes: Sequence[Asked | None]) -> dict[str, str]:
    """Where a code was sent, at the field that takes it."""
    lines = in_private.told_of_codes(language, [one for one in codes if one is not None], in_form=True)
    return {one.key: plain(language.sentences(lines)) for one in fields if one.sent_to and lines}


def papers_again(
    language: Language,
    requests: Sequence[Request],
    prepared: Sequence[Prepared],
    declared: Mapping[str, Sequence[Field]],
) -> dict[str, str]:
    """Why a file is asked for that went along before: key → words. What an account fills in by itself goes again."""
    went: dict[str, list[str]] = {}
    for request, item in zip(requests, prepared, strict=True):
        for paper in request.papers:
            field = field_for(paper["key"], declared[request.account])
            if field is None or "name" not in paper or not item.lacks(field.key):
                continue
            names = went.setdefault(form_key(field, request.account, declared), [])
            names += [paper["name"]] if paper["name"] not in names else []
    return {
        key: language.text(
            "{files} went along before. Papers are never kept: choose again.", files=language.joined(names)
        )
        for key, names in went.items()
    }
