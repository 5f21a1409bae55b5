"""What each account would get, given what was said of a submission and the files that are held for it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.contracts.model import Attachment, Kind
from bot.desk.context import Context
from bot.desk.filling import Filling
from bot.desk.questions import who
from bot.requests.prepare import Prepared


async def read(
    context: Context,
    filling: Filling,
    accounts: Sequence[str],
    files: Mapping[str, tuple[Attachment, ...]] | None = None,
) -> tuple[Prepared, ...]:
    """What each account would get, with the files held so far and these."""
    numbers = tuple(filling.numbers.values())
    held = context.services.dialogues.held.look(who(context), numbers) if numbers else {}
    alike = (tuple(accounts),) if not filling.own else tuple((account,) for account in accounts)
    found: list[Prepared] = []
    for some in alike:
        found += await context.services.requests.preparation.read(
            filling.kind,
            some,
            typed=filling.said_to(some[0]) if some else (),
            attachments=() if numbers else context.incoming.files,
            files={**held, **(files or {})},
            paths=context.paths,
        )
    return tuple(found)


async def without_twins(context: Context, kind: Kind, prepared: Sequence[Prepared]) -> tuple[Prepared, ...]:
    """The same thing that already stands at an account is a problem there: nobody submits it twice by mistake."""
    checked = []
    for item in prepared:
        twins = await context.services.requests.orders.twins(kind, item) if item.values.get("name") else ()
        checked.append(replace(item, twin=twins[0]) if twins else item)
    return tuple(checked)


def handed_in(context: Context, numbers: Sequence[int]) -> None:
    """Hold what came along with a command about these requests: its files, what is personal, and what came before in a group."""
    incoming, held = context.incoming, context.services.dialogues.held
    if incoming.direct:  # perhaps its files were handed in where others read along
        held.bring(who(context), f":{incoming.actor.key}", tuple(numbers))
    if given := {**({"paper": incoming.files} if incoming.files else {}), **incoming.papers}:
        held.keep(who(context), given, tuple(numbers))
