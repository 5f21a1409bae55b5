"""What a test message is made of, as somebody said it: the number, the template, the signature, the values."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.commands.command import Command
from bot.commands.spelling import plain as plain_word
from bot.commands.tokens import quoted
from bot.contracts import placeholders
from bot.contracts.characters import seen
from bot.contracts.errors import UserError, VendorError
from bot.contracts.fields import strange_characters
from bot.contracts.guide import is_apart
from bot.contracts.message import Exact, plain
from bot.contracts.model import Kind, Request, State, Words
from bot.contracts.numbers import mainland, masked
from bot.contracts.parts import MEDIA, words
from bot.contracts.sending import TEXT
from bot.contracts.vendor import Seen, Tracked
from bot.desk.context import Context
from bot.desk.regions import goes_to, not_there
from bot.messages.numbers import meant
from bot.requests.check.kinds import carries
from bot.requests.guidance import APPROVED, ID, sort_of
from bot.store import refs, requests
from bot.wording.problems import problem_line
from bot.wording.refusals import in_short
from bot.wording.words import STATES

FREE = Words("text", "文本")
"""What stands for the template where a message is a text as it stands."""

SIGN = "sign"
SIGNS = (SIGN, "签名")
"""The key of the signature, in each language."""

_NUMBERED = re.compile(r"(?:#|no\.?)\s*([0-9]{1,9})号?")


@dataclass(frozen=True, slots=True)
class Template:
    """What is sent: as the record has it, or the vendor.

    Args:
        ref: the vendor's id.
        name: what it is called.
        content: with `${…}`.
        values: of its submission; few where only the vendor has it.
        international: whether it is for numbers abroad; none where nobody knows.
        order: its variables as the vendor counts them, where it counts; else they come as they first appear.
        media: of a digital one, the names of its files in order, where the record has them.
    """

    ref: str
    name: str
    content: str
    values: Mapping[str, str]
    international: bool | None = None
    order: tuple[str, ...] = ()
    media: tuple[str, ...] = ()


def one_account(context: Context, command: Command) -> str:
    """The account a message goes through, or went; where nobody says it, the only one whose test number is meant.

    Raises:
        UserError: none was said, and several fit.
    """
    if command.accounts:
        return command.accounts[0]
    numbers = {
        name: known.test_numbers
        for name in context.accounts
        if (known := context.services.settings.account(name)) is not None
    }
    said = command.words[0] if command.words else ""
    fit = [name for name in context.accounts if said and meant(tuple(numbers.get(name, ())), said)] or list(
        context.accounts
    )
    if len(fit) == 1:
        return fit[0]
    raise UserError(
        context.language.text("Which account? {accounts}.", accounts=context.language.joined(fit)),
        commands=tuple(_with_account(command, name, meant(tuple(numbers.get(name, ())), said)) for name in fit[:2]),
    )


def _with_account(command: Command, account: str, numbers: Sequence[str]) -> str:
    """What was said with an account in it, and with the number masked where that still says which."""
    template = quoted(command.name) if command.name else ""
    number = masked(numbers[0]) if len(numbers) == 1 else "…"
    pairs = [f"{key}={quoted(value)}" for key, value in command.values]
    return " ".join(part for part in (command.declaration.words[0], account, template, number, *pairs) if part)


def number_of(context: Context, account: str, text: str, template: Template) -> str:
    """The test number that is meant: whole, masked as it is shown, or its last four figures or more.

    Where none was said, it is the only one that the template can go to.
    """
    language = context.language
    known = context.services.settings.account(account)
    numbers = tuple(known.test_numbers) if known is not None else ()
    shown = language.joined([masked(one) for one in numbers])
    if not numbers:
        raise UserError(
            language.text("{account} has no test numbers; I write to nobody else.", account=account),
            (
                Exact(
                    language.text(
                        'An operator adds them to its table in the configuration: test_numbers = ["13800000000"].'
                    )
                ),
            ),
        )
    fit = [one for one in numbers if goes_to(template.international, one)]
    if not text and len(numbers if len(numbers) == 1 else fit) == 1:
        return _reached(context, account, template, (fit or list(numbers))[0])
    if not text:
        raise UserError(
            language.text("To which number? Test numbers of {account}: {numbers}.", account=account, numbers=shown),
            commands=(f"send {account} … {masked(numbers[0])}",),
        )
    found = meant(numbers, text)
    if len(found) == 1:
        return _reached(context, account, template, found[0])
    if found:
        raise UserError(
            language.text(
                "{text} can be more than one of the test numbers of {account}; write all of it.",
                text=masked(text),
                account=account,
            )
        )
    raise UserError(
        language.text(
            "{number} is no test number of {account}; I write to nobody else.", number=masked(text), account=account
        ),
        (
            language.text(
                "Its test numbers: {numbers}. Write one as it is shown, or its last four figures.", numbers=shown
            ),
        ),
        commands=(f"send {account} … {masked(numbers[0])}",),
    )


def _reached(context: Context, account: str, template: Template, number: str) -> str:
    """A number, where the template can go there.

    Raises:
        UserError: it is for the others.
    """
    if goes_to(template.international, number):
        return number
    raise not_there(context, account, template.name, number, bare=not template.ref)


async def template_of(context: Context, account: str, command: Command) -> Template:
    """The template that is meant: by number or name of the record, by the vendor's id wherever it was made.

    Where messages abroad go without one, `text` means a text as it stands.
    """
    language = context.language
    name = seen(command.name).strip()
    messages = context.services.vendors[account].messages
    if messages is not None and messages.texts_abroad and name.casefold() in (FREE.en, FREE.zh):
        return Template("", language.pick(FREE), f"${{{TEXT}}}", {"international": "true"}, True)
    if numbered := _NUMBERED.fullmatch(plain_word(name)):
        request = await context.request(int(numbered[1]))
        if request.kind is not Kind.TEMPLATE or request.account != account:
            raise UserError(
                language.text("#{number} is no template of {account}.", number=request.number, account=account),
                commands=(f"template list {account}",),
            )
        return _sendable(context, request)
    mine = await context.services.database.read(
        lambda db: requests.latest(db, accounts=(account,), kind=Kind.TEMPLATE, name=name, limit=20)
    )
    alive = [one for one in mine if one.state not in (State.DELETED, State.CANCELLED) and not is_apart(one)]
    ready = [one for one in alive if can_be_sent(one)]
    if len(ready) > 1 and len({one.values.get("content") for one in ready}) > 1:
        raise UserError(
            language.text(
                "Several templates of {account} are called {name}; say which.", account=account, name=name[:40]
            ),
            commands=tuple(f"send {account} #{one.number} …" for one in ready[:3]),
        )
    if alive:
        return _ready(context, (ready or alive)[0])
    number = await context.services.database.read(lambda db: refs.number_of(db, account, Kind.TEMPLATE, name))
    if number is not None:
        return _ready(context, await context.request(number))
    return await _at_vendor(context, account, name)


def _sendable(context: Context, request: Request) -> Template:
    """A template that was named by its number, unless it belongs to another service than the account sends through."""
    if not is_apart(request):
        return _ready(context, request)
    raise UserError(
        context.language.text(
            "#{number} is a {kind}: {account} does not send it, an account of the international site does.",
            number=request.number,
            kind=sort_of(context.view, request),
            account=request.account,
        ),
        commands=(f"show #{request.number}",),
    )


def can_be_sent(request: Request | Seen) -> bool:
    """Whether messages can go out with a template: a digital one to the first carrier's phones once that has passed it."""
    filed = any(one.status == "done" for one in request.filings)
    return request.state is State.READY or (request.state is State.APPROVED and filed)


def _ready(context: Context, request: Request) -> Template:
    """A template of the record, which must be usable."""
    language = context.language
    if not can_be_sent(request):
        raise UserError(
            language.text(
                "#{number} {name} cannot be sent yet at {account}: {state}.",
                number=request.number,
                name=request.name,
                account=request.account,
                state=language.pick(STATES[request.state]),
            ),
            commands=(f"status #{request.number}",),
        )
    if not request.vendor_ref:
        raise UserError(
            language.text(
                "What {account} calls #{number} {name} is not known here; its console shows it.",
                number=request.number,
                name=request.name,
                account=request.account,
            ),
            commands=(f"settle #{request.number} {language.pick(APPROVED)} {language.pick(ID)}=…",),
        )
    media = tuple(one["name"] for one in request.papers if one.get("key") == MEDIA)
    content = words(request.values.get("content", "")) if request.digital else request.values.get("content", "")
    return Template(request.vendor_ref, request.name, content, request.values, request.international, media=media)


async def _at_vendor(context: Context, account: str, ref: str) -> Template:
    """A template that the record does not know: by the vendor's id."""
    language = context.language
    nothing = UserError(
        language.text("{account} has no template “{name}” that I know of.", account=account, name=ref[:40]),
        (language.text("Its number here, its name, or the vendor's id of it will do."),),
        commands=(f"template list {account}",),
    )
    if not ref.replace("_", "").isalnum() or not ref.isascii():
        raise nothing
    reviews = context.services.vendors[account].reviews
    try:
        looked = await reviews.look(
            [Tracked(0, Kind.TEMPLATE, ref, ref, international=abroad) for abroad in (False, True)]
        )
    except VendorError as error:
        raise UserError(
            language.text(
                "The template “{name}” is not in the record, and {account} could not be asked: {why}.",
                name=ref[:40],
                account=account,
                why=in_short(language, account, error),
            ),
            commands=(f"template list {account}",),
        ) from error
    seen = next((one for one in looked if isinstance(one, Seen)), None)
    if seen is None:
        raise nothing
    if not can_be_sent(seen):
        state = language.pick(STATES[seen.state]) if seen.state is not None else seen.word
        raise UserError(
            language.text(
                "{name} cannot be sent yet at {account}: {state}.", name=seen.name, account=account, state=state
            )
        )
    values = {"international": "true"} if seen.international else {}
    return Template(
        ref,
        seen.name or ref,
        placeholders.dollared(seen.content),
        values,
        seen.international,
        placeholders.counted(seen.content),
    )


async def sign_of(context: Context, account: str, template: Template, number: str) -> str:
    """The signature that goes with it, where nobody said one: the template's, the account's, or the only one there is.

    Abroad, where the vendor takes a message without one, only one that is for there goes along.
    """
    language = context.language
    known = context.services.settings.account(account)
    messages = context.services.vendors[account].messages
    apart = messages is not None and messages.unsigned_abroad
    abroad = apart and not mainland(number)
    told = template.values.get(SIGN, "") or (known.defaults.get(SIGN, "") if known is not None and not abroad else "")
    if told:
        return told
    mine = await context.services.database.read(
        lambda db: requests.latest(db, accounts=(account,), kind=Kind.SIGNATURE, states=(State.READY,), limit=10)
    )
    fit = [
        one.name for one in mine if not (is_apart(one) or one.digital) and (not apart or one.international is abroad)
    ]
    try:
        options = await context.services.vendors[account].reviews.options("signatures")
    except VendorError:
        options = ()  # then whoever sends it says which
    usable = [one for one in options if one.usable and one.international in (None, abroad)]
    names = list(dict.fromkeys([*fit, *(one.label for one in usable)]))
    if len(names) == 1:
        return names[0]
    if abroad:
        return ""  # none, or several of which nobody said one: it goes without
    raise UserError(
        language.text("Which signature? Add sign=…"),
        (language.text("Usable at {account}: {names}.", account=account, names=language.joined(names[:10])),)
        if names
        else (),
        commands=tuple(f"send {account} {quoted(template.name)} … sign={quoted(name)}" for name in names[:2]),
    )


def values_of(
    context: Context, account: str, template: Template, typed: Mapping[str, str], number: str
) -> dict[str, str]:
    """Every variable with its value, in the template's order."""
    language = context.language
    names = template.order or placeholders.names(template.content)
    given = {_variable(key, names): value for key, value in typed.items() if key not in SIGNS}
    unknown = [key for key in given if key not in names]
    missing = [name for name in names if not given.get(name, "").strip()]
    wrong = [
        plain(problem_line(language, strange))
        for key, value in typed.items()
        if key in SIGNS and (strange := strange_characters(key, value))
    ]
    if len(given) < len([key for key in typed if key not in SIGNS]):
        again = next(key for key in typed if key not in SIGNS and typed[key] != given[_variable(key, names)])
        told = language.line("`{word}` is said twice, with two values; nothing was done. Say it once.", word=again)
        wrong.append(plain(told))
    if unknown:
        there = language.joined(names) if names else language.text("none")
        wrong.append(
            language.text(
                "{name} has no variable {unknown}; it has: {there}.",
                name=template.name,
                unknown=language.joined(unknown),
                there=there,
            )
        )
    if missing:
        wrong.append(language.text("Without a value: {names}.", names=language.joined(missing)))
    for name in names:
        kind, value = template.values.get(f"kind.{name}", ""), given.get(name, "")
        if strange := strange_characters(name, value):
            wrong.append(plain(problem_line(language, strange)))
            given[name] = strange.instead
        elif value and not carries(kind, value):
            wrong.append(
                language.text(
                    "{name} is declared as {kind}, and “{value}” is none.", name=name, kind=kind, value=value[:40]
                )
            )
        elif template.ref and ("://" in value or "www." in value.lower()):
            wrong.append(language.text("{name} carries a link; no vendor sends one in a variable.", name=name))
    if wrong:
        samples = {
            name: given.get(name) or template.values.get(f"sample.{name}") or placeholders.example(name)
            for name in names
        }
        sign = next((typed[key] for key in SIGNS if key in typed), "")
        raise UserError(wrong[0], tuple(wrong[1:]), commands=(typed_again(account, template, number, samples, sign),))
    return {name: given[name] for name in names}


def _variable(key: str, names: Sequence[str]) -> str:
    """The variable that a typed key means; keys that submissions know come in small letters, whatever was typed."""
    name = key.removeprefix(placeholders.VALUE)
    if name in (FREE.zh, "content", "内容") and tuple(names) == (TEXT,):
        return TEXT
    alike = [one for one in names if one.casefold() == name.casefold()]
    return name if name in names or len(alike) != 1 else alike[0]


def typed_again(account: str, template: Template, number: str, values: Mapping[str, str], sign: str) -> str:
    """The command as it can be said again, with the number masked."""
    pairs = [f"{placeholders.typed(name)}={quoted(value)}" for name, value in values.items()]
    pairs += [f"{SIGN}={quoted(sign)}"] if sign else []
    return " ".join(["send", account, quoted(template.name), masked(number), *pairs])
