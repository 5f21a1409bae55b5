"""What a guided request says: the steps in the vendor's console, and how to tell what came of it. Pure."""

from collections.abc import Sequence

from bot.contracts.guide import Guide, guided_by
from bot.contracts.message import Block, Items, Line, Link, Mark, Message, Text
from bot.contracts.model import Kind, Request, State, Words
from bot.contracts.vocabulary import NAME
from bot.wording.language import Language
from bot.wording.view import View, named, next_commands
from bot.wording.words import DIGITAL_KINDS, KIND_WORDS, KINDS

SUBMITTED, APPROVED, REJECTED, DELETED = (
    Words("submitted", "已提交"),
    Words("approved", "已通过"),
    Words("rejected", "未通过"),
    Words("deleted", "已删除"),
)
"""What a person says of the console, behind `settle #5`."""

ID, REASON = Words("id", "编号"), Words("reason", "原因")


def guide_of(view: View, request: Request) -> Guide | None:
    """The guide that a request follows; none where its account is no longer configured."""
    capabilities = view.capabilities.get(request.account)
    guides = capabilities.guides if capabilities else ()
    return next((one for one in guides if one.key == guided_by(request)), None)


def kind_of(view: View, request: Request) -> str:
    """What it is, in the reader's words: its kind and where to, or what its guide calls it, as `Go China signature`."""
    kind = sort_of(view, request)
    international = request.international and not guided_by(request)
    return view.language.text("international {kind}", kind=kind) if international else kind


def sort_of(view: View, request: Request) -> str:
    """The same wherever it goes to: what holds for every one of a kind."""
    guide = guide_of(view, request)
    kinds = {**KINDS, **DIGITAL_KINDS} if request.digital else KINDS
    return view.language.pick(guide.title if guide else kinds[request.kind])


def called_guide(view: View, request: Request) -> str:
    """What it is, with its name."""
    return f"{kind_of(view, request)} {named(view.language, request.name)}".strip()


def guidance(view: View, request: Request) -> tuple[Block, ...]:
    """What is to be done in the console now, and what to say afterwards."""
    guide = guide_of(view, request)
    language = view.language
    if guide is None:
        return (next_commands(view, *_after(language, request)),)
    if request.state is State.IN_REVIEW:
        shown = (
            language.line(
                "I look at {account} how it stands; what you see first in its console, tell me.",
                account=request.account,
            )
            if guide.shown and request.vendor_ref  # also where the look has been, before this is told
            else language.line(
                "{account} does not show me how it stands: say here what its console says.", account=request.account
            )
        )
        return (Text(shown), _link(guide), next_commands(view, *_after(language, request)))
    steps = tuple((f"{number}. ", language.pick(step)) for number, step in enumerate(guide.steps, 1))
    blocks: list[Block] = [
        Text(language.line("{account} takes this in its console only. What to do there:", account=request.account)),
        _link(guide),
        Items(steps),
    ]
    if said := _kept(language, guide, request):
        blocks += [Text(language.line("To be copied there:")), Items(said)]
    if guide.note is not None:
        blocks.append(Text((language.pick(guide.note),)))
    blocks.append(
        Text(language.line("Then tell me, with {told}. I remind you until then.", told=language.pick(guide.told)))
    )
    return (*blocks, next_commands(view, *_after(language, request)))


def _kept(language: Language, guide: Guide, request: Request) -> tuple[Line, ...]:
    """What was said of it, field by field."""
    lines: list[Line] = []
    for field in guide.fields:
        value = request.values.get(field.key, "")
        if value and field.key != NAME.key and not field.unasked:
            choice = field.choice(value) if field.choices else None
            shown = language.pick(choice.label) if choice else value
            lines.append(language.line("{label}: {value}", label=language.pick(field.label), value=shown))
    return tuple(lines)


def _link(guide: Guide) -> Text:
    return Text((Link(guide.console, guide.console),))


def _after(language: Language, request: Request) -> tuple[str, ...]:
    """What can be said of it as it stands."""
    begun = f"settle #{request.number}"
    by_id = f"{language.pick(ID)}=…"
    why = f"{language.pick(REASON)}=…"
    if request.state is State.DRAFT:
        return f"{begun} {language.pick(SUBMITTED)} {by_id}", f"delete #{request.number}"
    known = "" if request.vendor_ref else f" {by_id}"
    return f"{begun} {language.pick(APPROVED)}{known}", f"{begun} {language.pick(REJECTED)} {why}"


def after_console(language: Language, request: Request) -> tuple[str, ...]:
    """What can be said of what was rejected in the console: that it was changed and submitted again there."""
    return (f"settle #{request.number} {language.pick(SUBMITTED)}", f"history #{request.number}")


_DIGITAL_SIGN = Words("digital=true", "数字短信=是")


def not_by_api(view: View, kind: Kind, accounts: Sequence[str], *, digital: bool = False) -> Message:
    """The vendor has no way for a program: its console and the steps.

    Args:
        view: the reader's.
        kind: what was to be submitted.
        accounts: where.
        digital: whether it was meant for digital messages.
    """
    language = view.language
    lines = []
    links: list[Block] = []
    for account in accounts:
        capabilities = view.capabilities[account]
        ability = (capabilities.digital if digital else capabilities.kinds).get(kind)
        what = language.pick(ability.instead) if ability and ability.instead else ""
        lines.append(language.line("{account}: {what}", account=account, what=what or language.text("not offered")))
        if ability and ability.console:
            links.append(Text((Link(ability.console, ability.console),)))
    named = language.pick(DIGITAL_KINDS.get(kind, KINDS[kind]) if digital else KINDS[kind])
    title = language.line("**A {kind} cannot be submitted through me there.**", kind=named)
    able = [one for one, known in view.capabilities.items() if kind in known.digital and view.speaks_of(one)]
    kept = tuple(
        f"{KIND_WORDS[kind]} submit {account} …"
        for account in accounts
        if not digital and any(guide.kind is kind for guide in view.capabilities[account].guides)
    )
    if digital and able:
        links.append(Text(language.line("Offered at {accounts}.", accounts=language.joined(able))))
        words = language.pick(Words("type=digital", "类型=数字短信") if kind is Kind.TEMPLATE else _DIGITAL_SIGN)
        kept = tuple(f"{KIND_WORDS[kind]} submit {one} … {words}" for one in able[:2])
    elif kept:
        links.append(Text(language.line("With a name I keep it as a request with its steps, and remind you of it.")))
    return Message(
        title=title,
        mark=Mark.WARNING,
        blocks=(
            Items(tuple(lines)),
            *links,
            next_commands(view, *(kept or (f"help {view.typed('sign submit')}",))),
        ),
    )
