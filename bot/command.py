"""What was typed becomes a typed value: a command, a mistake, or nothing for us. Pure.

A command is declared once, on the router, together with its handler; parsing, permission, help, the Slack usage hint
and the docs read that declaration. Every chat comes through `parse`, so every chat understands the same words.

Command words, keys and account names are compared in NFKC, without case and without invisible characters; values keep
every character they were typed with. What is wrong with a text is said as a `Mistake` here and worded elsewhere, in the
reader's language.
"""

import re
import unicodedata
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import product
from typing import Any, Generic, TypeVar

from bot.model import Role, Words
from bot.typed import QUOTES, Token, folded, folded_keys, quoted, tokens

__all__ = [
    "ALL_WORDS",
    "MAX_TEXT",
    "VENDOR_WORDS",
    "Argument",
    "ArgumentKind",
    "Command",
    "Declaration",
    "Handler",
    "Mistake",
    "NotForUs",
    "Pairs",
    "Parsed",
    "Reason",
    "Router",
    "Vocabulary",
    "is_command",
    "parse",
    "parse_pairs",
    "quoted",
    "suggest",
]

MAX_TEXT = 4000
"""Characters of one text; anything longer is refused without a look inside."""

VENDOR_WORDS: Mapping[str, tuple[str, ...]] = {
    "alibaba": ("alibaba", "aliyun", "阿里云", "阿里"),
    "tencent": ("tencent", "qcloud", "腾讯云", "腾讯"),
    "ucloud": ("ucloud", "优刻得"),
}
"""What people call a vendor; each stands for all configured accounts there."""

ALL_WORDS = ("all", "全部", "所有")
"""Every configured account."""

_WORD_ALIASES: Mapping[str, tuple[str, ...]] = {"sign": ("signature",), "template": ("tpl",)}
_ACCOUNT_TYPO = 0.75
_SWAPPED = 0.93
_SHOWN = 40
_MAX_HEAD = 120  # characters in which the command words must stand


# --- Declarations ----------------------------------------------------------------------------------------------------


class ArgumentKind(StrEnum):
    """What stands at a place of the command, apart from `key=value`."""

    ACCOUNTS = "accounts"  # one or several: names, vendors' names, `all`, lists
    ACCOUNT = "account"  # exactly one
    NAME = "name"  # one word, or several in quotes
    NUMBER = "number"  # a request: `#17`, `17`
    ALERT = "alert"  # `A5`
    NUMBER_OR_NAME = "number_or_name"
    WORD = "word"  # one of the given words, or one that fits the pattern, or any
    TEXT = "text"  # the rest, as typed


@dataclass(frozen=True, slots=True)
class Argument:
    """One place of a command.

    Args:
        kind: what may stand there.
        required: without it the command makes no sense.
        words: of a `WORD`: the choices; `en` is what the handler gets, `zh` is understood too.
        pattern: of a `WORD` without choices: a full match, e.g. `[0-9]+d`.
        many: of a `WORD`: several, with spaces or commas between.
        label: what people call it, for "… is missing"; the kind's own name where empty.
    """

    kind: ArgumentKind
    required: bool = False
    words: tuple[Words, ...] = ()
    pattern: str = ""
    many: bool = False
    label: Words | None = None


@dataclass(frozen=True, slots=True)
class Declaration:
    """A command, declared once.

    Args:
        words: e.g. `("sign", "submit")`.
        zh: the same in Chinese, e.g. `("签名", "提交")`.
        role: the least role.
        summary: what it does, one line.
        usage: e.g. `sign submit [ACCOUNTS] [NAME] [key=value …]`.
        examples: lines to copy, in both languages.
        arguments: the places, in order; those that are not required may be left out.
        keys: which `key=value` are taken: any (checked later against the field declarations), none, or these;
            with `Words`, `en` is what the handler gets and `zh` is understood too.
        topic: under which heading the help shows it.
    """

    words: tuple[str, ...]
    zh: tuple[str, ...]
    role: Role
    summary: Words
    usage: str
    examples: tuple[Words, ...] = ()
    arguments: tuple[Argument, ...] = ()
    keys: bool | tuple[str | Words, ...] = False
    topic: str = ""

    def spelled(self, language: str = "en") -> str:
        """The command words as people of this language type them."""
        return " ".join(self.zh if language == "zh" and self.zh else self.words)

    @property
    def named_keys(self) -> tuple[str, ...]:
        """The keys by name, where only some are taken."""
        if isinstance(self.keys, bool):
            return ()
        return tuple(key.en if isinstance(key, Words) else key for key in self.keys)

    def named_key(self, key: str) -> str | None:
        """The named key that goes by this word, in either language."""
        if isinstance(self.keys, bool):
            return None
        normal = folded(key)
        for known in self.keys:
            if isinstance(known, Words):
                if normal in (folded(known.en), folded(known.zh)):
                    return known.en
            elif normal == folded(known):
                return known
        return None


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What the parser must know of this installation.

    Args:
        accounts: the name of each configured account → its vendor, in the order of the configuration.
        keys: the known keys of submissions and their aliases (`source`, `来源`, …; `sample` stands for `sample.code`).
    """

    accounts: Mapping[str, str] = field(default_factory=dict)
    keys: frozenset[str] = frozenset()


# --- Results ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Command:
    """What somebody wants.

    Args:
        declaration: which command.
        accounts: the names of the accounts meant; empty when none was said.
        everything: `all` was said; `accounts` then has every account.
        name: of a `NAME`.
        number: of a request.
        alert: of an alert.
        words: the `WORD` arguments, choices in their English spelling.
        text: of a `TEXT`.
        values: `key=value` in typed order; a key given twice stands there twice. Known keys are folded, others and the
            part behind a dot keep their case (they name placeholders).
        raw: the text as it came.
    """

    declaration: Declaration
    accounts: tuple[str, ...] = ()
    everything: bool = False
    name: str = ""
    number: int | None = None
    alert: int | None = None
    words: tuple[str, ...] = ()
    text: str = ""
    values: tuple[tuple[str, str], ...] = ()
    raw: str = ""

    def value(self, key: str, default: str = "") -> str:
        """The last value given for a key."""
        found = [value for known, value in self.values if known == key]
        return found[-1] if found else default


class Reason(StrEnum):
    """What is wrong with a text."""

    UNKNOWN_COMMAND = "unknown_command"  # word, nearest + declaration (the nearest command) when something is near
    INCOMPLETE_COMMAND = "incomplete_command"  # word is right, another must follow: choices, declaration
    MISSING_ARGUMENT = "missing_argument"  # argument
    UNKNOWN_ACCOUNT = "unknown_account"  # word, nearest, choices
    SEVERAL_ACCOUNTS = "several_accounts"  # one is wanted, word means several: choices
    UNKNOWN_WORD = "unknown_word"  # word, nearest, choices, argument
    UNKNOWN_KEY = "unknown_key"  # word, nearest, choices
    BAD_NUMBER = "bad_number"  # word, argument
    BAD_ALERT = "bad_alert"  # word, argument
    TOO_MANY_ARGUMENTS = "too_many_arguments"  # word: the first one left over
    UNCLOSED_QUOTE = "unclosed_quote"  # word: the quote and what follows it
    KEY_WITHOUT_VALUE = "key_without_value"  # word: the key
    TOO_LONG = "too_long"  # limit


@dataclass(frozen=True, slots=True)
class Mistake:
    """A text that is meant for us and cannot be understood.

    Args:
        reason: what is wrong; which of the others are set is said there.
        word: what was typed, shortened, without invisible characters.
        nearest: what was probably meant; empty when nothing is near.
        declaration: the command at hand, or the nearest one.
        argument: the place at fault.
        choices: what would be right.
        limit: of `TOO_LONG`: characters.
    """

    reason: Reason
    word: str = ""
    nearest: str = ""
    declaration: Declaration | None = None
    argument: Argument | None = None
    choices: tuple[str, ...] = ()
    limit: int = 0


@dataclass(frozen=True, slots=True)
class NotForUs:
    """Nothing was said."""


Parsed = Command | Mistake | NotForUs


@dataclass(frozen=True, slots=True)
class Pairs:
    """The `key=value` of a text without command words, e.g. an answer in a dialogue.

    Args:
        values: as in `Command`.
        rest: the words that belong to no key, quotes taken off.
    """

    values: tuple[tuple[str, str], ...] = ()
    rest: tuple[str, ...] = ()


# --- The router ------------------------------------------------------------------------------------------------------

ContextT = TypeVar("ContextT")
ReplyT = TypeVar("ReplyT")
Handler = Callable[[Command, ContextT], Awaitable[ReplyT]]
"""What does a command: `async (command, context) -> reply`. The program says what context and reply are."""


class Router(Generic[ContextT, ReplyT]):
    """Which handler does which command.

    A router is built and merged, never filled by imports: `Router(signs, templates, alerts)`.

    Args:
        others: routers whose commands it takes over, in order.

    Raises:
        ValueError: two commands have the same words.
    """

    def __init__(self, *others: "Router[ContextT, ReplyT]") -> None:
        self._handlers: dict[Declaration, Handler[ContextT, ReplyT]] = {}
        self._spellings: dict[str, tuple[tuple[str, ...], Declaration]] = {}
        self._ordered: tuple[tuple[tuple[str, ...], Declaration], ...] = ()
        for other in others:
            for declaration in other.declarations:
                self.add(declaration, other.handler(declaration))

    @property
    def declarations(self) -> tuple[Declaration, ...]:
        """All commands, in the order they were declared."""
        return tuple(self._handlers)

    @property
    def spellings(self) -> tuple[tuple[tuple[str, ...], Declaration], ...]:
        """Every way to spell every command, the longest first."""
        if len(self._ordered) != len(self._spellings):
            by_length = sorted(self._spellings.items(), key=lambda item: -len(item[0]))
            self._ordered = tuple(spelling for _, spelling in by_length)
        return self._ordered

    def add(self, declaration: Declaration, handler: Handler[ContextT, ReplyT]) -> None:
        """Add one command.

        Raises:
            ValueError: another command has the same words.
        """
        new = {"".join(spelling): spelling for spelling in _spellings(declaration)}
        for glued, spelling in new.items():
            if glued in self._spellings:
                raise ValueError(f"two commands are called {' '.join(spelling)!r}")
        self._spellings.update({glued: (spelling, declaration) for glued, spelling in new.items()})
        self._handlers[declaration] = handler

    def command(
        self,
        words: tuple[str, ...],
        zh: tuple[str, ...],
        *,
        role: Role,
        summary: Words,
        usage: str,
        examples: tuple[Words, ...] = (),
        arguments: tuple[Argument, ...] = (),
        keys: bool | tuple[str | Words, ...] = False,
        topic: str = "",
    ) -> Callable[[Handler[ContextT, ReplyT]], Handler[ContextT, ReplyT]]:
        """Declare the command that the decorated function does; the arguments are those of `Declaration`."""
        declaration = Declaration(
            words=words,
            zh=zh,
            role=role,
            summary=summary,
            usage=usage,
            examples=examples,
            arguments=arguments,
            keys=keys,
            topic=topic,
        )

        def register(handler: Handler[ContextT, ReplyT]) -> Handler[ContextT, ReplyT]:
            self.add(declaration, handler)
            return handler

        return register

    def handler(self, declaration: Declaration) -> Handler[ContextT, ReplyT]:
        """Who does this command.

        Raises:
            KeyError: it was not declared here.
        """
        return self._handlers[declaration]

    def find(self, *words: str) -> Declaration | None:
        """The command with exactly these words, in any spelling."""
        found = self._spellings.get("".join(folded(word) for word in words))
        return found[1] if found else None


def _spellings(declaration: Declaration) -> Iterator[tuple[str, ...]]:
    """All the ways to type the words: aliases, Chinese, and both mixed where they stand word for word."""
    english = [(word, *_WORD_ALIASES.get(word, ())) for word in map(folded, declaration.words)]
    chinese = tuple(folded(word) for word in declaration.zh)
    if len(chinese) == len(english):
        yield from product(*((*names, word) for names, word in zip(english, chinese, strict=True)))
        return
    yield from product(*english)
    if chinese:
        yield chinese


# --- Parsing ---------------------------------------------------------------------------------------------------------

_PREFIX = re.compile(r"\s*/\s*(?:sms(?![a-z0-9_]))?\s*")
_WORD = re.compile(r"\S+")
_NUMBER = re.compile(r"#?([0-9]{1,12})")
_ALERT = re.compile(r"#?a([0-9]{1,12})")
_COMMA = re.compile(r"[,，、﹐､]")


def _shown(word: str) -> str:
    """What was typed, fit to be shown again."""
    visible = "".join(" " if character.isspace() else character for character in word[: 4 * _SHOWN])
    visible = "".join(character for character in visible if unicodedata.category(character)[0] != "C").strip()
    return visible if len(visible) <= _SHOWN else visible[: _SHOWN - 1] + "…"


def suggest(word: str, candidates: Iterable[str], cutoff: float = 0.6) -> str:
    """The candidate that was probably meant; empty when none is near."""
    typed = folded(word[:_SHOWN])
    best, nearest = cutoff, ""
    for candidate in candidates:
        likeness = _likeness(folded(candidate), typed)
        if likeness > best or (likeness == best and not nearest):
            best, nearest = likeness, candidate
    return nearest


def _likeness(wanted: str, typed: str) -> float:
    """From 0 to 1; letters that only changed places count as nearly the same."""
    matcher = SequenceMatcher(None, wanted, typed, autojunk=False)
    if matcher.real_quick_ratio() < 0.5:
        return 0.0
    return max(matcher.ratio(), _SWAPPED if sorted(wanted) == sorted(typed) else 0.0)


def parse(text: str, router: Router[Any, Any], vocabulary: Vocabulary) -> Parsed:
    """Read one text.

    Args:
        text: what was typed, without the mention of the bot; `/sms` in front is optional.
        router: the commands there are.
        vocabulary: the accounts and keys there are.

    Returns:
        A command, a mistake to tell the person about, or that nothing was said. `/sms` alone asks for help.
    """
    if len(text) > MAX_TEXT:
        return Mistake(Reason.TOO_LONG, limit=MAX_TEXT)
    head, places = _head(text)
    prefix = _PREFIX.match(head)
    begin = prefix.end() if prefix else len(head) - len(head.lstrip())
    if begin >= len(head):
        helping = router.find("help") if prefix else None
        return Command(helping, raw=text) if helping else NotForUs()
    found = _find(text, head, places, begin, router, vocabulary)
    if found is None:
        return _unknown_command(head[begin:], router)
    declaration, position = found
    return _Reader(text, position, declaration, vocabulary).read()


def parse_pairs(text: str, keys: frozenset[str]) -> Pairs | Mistake:
    """Read the `key=value` of a text without command words, such as an answer in a dialogue.

    Args:
        text: what was typed.
        keys: the known keys and their aliases.
    """
    if len(text) > MAX_TEXT:
        return Mistake(Reason.TOO_LONG, limit=MAX_TEXT)
    values: list[tuple[str, str]] = []
    rest: list[str] = []
    for token in tokens(text, 0, folded_keys(keys), line_start=True):
        if token.slip is not None:
            return Mistake(Reason(token.slip), _shown(token.text or token.key))
        if token.key:
            values.append((token.key, token.text))
        else:
            rest.append(token.text)
    return Pairs(tuple(values), tuple(rest))


def is_command(text: str, router: Router[Any, Any], vocabulary: Vocabulary | None = None) -> bool:
    """Whether a text is a new command rather than an answer to a question.

    `/sms` in front always says so. Without it the text must begin with command words; after a single word the rest
    must also fit ("status of an order" is an answer), where accounts count only if the vocabulary is given.
    """
    if len(text) > MAX_TEXT:
        return False
    head, places = _head(text)
    prefix = _PREFIX.match(head)
    if prefix and "sms" in prefix.group():
        return True
    begin = prefix.end() if prefix else len(head) - len(head.lstrip())
    vocabulary = vocabulary or Vocabulary()
    found = _find(text, head, places, begin, router, vocabulary)
    if found is None:
        return False
    declaration, position = found
    if len(declaration.words) > 1:
        return True
    return isinstance(_Reader(text, position, declaration, vocabulary).read(), Command)


def _head(text: str) -> tuple[str, list[int]]:
    """The beginning of the text as it is compared, and where each of its characters stands in the text.

    Invisible characters are left out, so positions differ.
    """
    characters: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        if unicodedata.category(character) == "Cf":
            continue
        for normal in unicodedata.normalize("NFKC", character).casefold():
            characters.append(normal)
            places.append(place)
        if len(characters) > _MAX_HEAD and not characters[0].isspace():
            break
    return "".join(characters), places


def _find(
    text: str, head: str, places: list[int], begin: int, router: Router[Any, Any], vocabulary: Vocabulary
) -> tuple[Declaration, int] | None:
    """The command whose words stand at the beginning, and the position behind them; the longest wins."""
    for spelling, declaration in router.spellings:
        end = begin
        for word in spelling:
            while end < len(head) and head[end].isspace():
                end += 1
            if not head.startswith(word, end):
                break
            end += len(word)
        else:
            position = places[end - 1] + 1
            if (
                end >= len(head)
                or head[end].isspace()
                or _may_be_glued(spelling[-1][-1], text[position:], declaration, vocabulary)
            ):
                return declaration, position
    return None


def _may_be_glued(before: str, rest: str, declaration: Declaration, vocabulary: Vocabulary) -> bool:
    """Whether what follows without a space can only be an argument: `状态#17`, `额度阿里云`, but not `状态不对`."""
    if rest[0] in QUOTES:
        return True
    word = _WORD.match(rest)
    normal = folded(word.group()) if word else ""
    if not normal or normal.startswith("#"):
        return True
    if before.isascii() and normal[0].isascii():
        return False
    choices = {folded(name) for argument in declaration.arguments for one in argument.words for name in _both(one)}
    return bool(
        normal in choices or _NUMBER.fullmatch(normal) or _ALERT.fullmatch(normal) or _accounts(normal, vocabulary)
    )


def _both(words: Words) -> tuple[str, ...]:
    return (words.en, words.zh) if words.zh else (words.en,)


def _unknown_command(head: str, router: Router[Any, Any]) -> Mistake:
    """What to say of a text that begins with no command."""
    typed = [word[:_SHOWN] for word in head.split()[:3]]
    first = typed[0]
    chinese = not first.isascii()
    group = [
        declaration
        for declaration in router.declarations
        if any(
            len(spelling) > 1 and (first == spelling[0] or (chinese and spelling[0].startswith(first)))
            for spelling in _spellings(declaration)
        )
    ]
    if group and len(typed) == 1:
        choices = tuple(one.spelled("zh" if chinese else "en") for one in group)
        return Mistake(
            Reason.INCOMPLETE_COMMAND, _shown(first), nearest=choices[0], declaration=group[0], choices=choices
        )
    best, nearest = 0.6, None
    for declaration in router.declarations:
        for spelling in _spellings(declaration):
            together = "".join(typed[: len(spelling)])
            likeness = max(
                _likeness("".join(spelling), together),
                _likeness("".join(spelling), first),
                _likeness("".join(reversed(spelling)), together) * 0.95,
                _likeness(spelling[0], first) * 0.9,
            )
            if likeness > best:
                best, nearest = likeness, declaration
    word = typed[1] if group and len(typed) > 1 else first
    near = nearest.spelled("zh" if chinese else "en") if nearest else ""
    return Mistake(Reason.UNKNOWN_COMMAND, _shown(word), nearest=near, declaration=nearest)


# --- Arguments -------------------------------------------------------------------------------------------------------


def _accounts(normal: str, vocabulary: Vocabulary) -> tuple[str, ...]:
    """The accounts one word stands for; none when it is no account's, no vendor's and not `all`."""
    for name in vocabulary.accounts:
        if folded(name) == normal:
            return (name,)
    if normal in ALL_WORDS:
        return tuple(vocabulary.accounts)
    for vendor, words in VENDOR_WORDS.items():
        if normal in words:
            return tuple(name for name, of in vocabulary.accounts.items() if of == vendor)
    return ()


def _account_words(vocabulary: Vocabulary) -> tuple[str, ...]:
    vendors = dict.fromkeys(vocabulary.accounts.values())
    return (*vocabulary.accounts, *(word for vendor in vendors for word in VENDOR_WORDS.get(vendor, ())))


_VENDOR_WORDS = frozenset(word for words in VENDOR_WORDS.values() for word in words)
_NAMING = (ArgumentKind.NAME, ArgumentKind.NUMBER_OR_NAME, ArgumentKind.TEXT)


class _Stop(Exception):
    """Ends the reading with a mistake."""

    def __init__(self, mistake: Mistake) -> None:
        super().__init__(mistake.reason)
        self.mistake = mistake


_ACCOUNTING = (ArgumentKind.ACCOUNTS, ArgumentKind.ACCOUNT)


class _Reader:
    """Reads what follows the command words."""

    def __init__(self, text: str, position: int, declaration: Declaration, vocabulary: Vocabulary) -> None:
        self._text = text
        self._declaration = declaration
        self._vocabulary = vocabulary
        self._next = 0  # of `_words`
        self._accounts: list[str] = []
        self._everything = False
        self._name = ""
        self._number: int | None = None
        self._alert: int | None = None
        self._chosen: list[str] = []
        self._rest = ""
        keys = declaration.keys
        self._known: frozenset[str] = frozenset()
        if not isinstance(keys, bool):
            named = frozenset(name for key in keys for name in (_both(key) if isinstance(key, Words) else (key,)))
            self._known = folded_keys(vocabulary.keys | named)
        elif keys:
            self._known = folded_keys(vocabulary.keys)
        free_text = any(argument.kind is ArgumentKind.TEXT for argument in declaration.arguments)
        self._tokens = list(tokens(text, position, self._known, pairs=bool(keys) or not free_text))
        self._words = [token for token in self._tokens if not token.key]

    def read(self) -> Command | Mistake:
        """The command, or what is wrong with it."""
        try:
            values = self._values()
            tried: list[Argument] = []
            for argument in self._declaration.arguments:
                before = self._next
                tried = self._place(argument, tried)
                if self._next > before and not argument.many:
                    tried = []
        except _Stop as stop:
            return stop.mistake
        if self._next < len(self._words):
            return self._left_over(self._words[self._next], tried)
        return Command(
            declaration=self._declaration,
            accounts=tuple(dict.fromkeys(self._accounts)),
            everything=self._everything,
            name=self._name,
            number=self._number,
            alert=self._alert,
            words=tuple(self._chosen),
            text=self._rest,
            values=values,
            raw=self._text,
        )

    def _values(self) -> tuple[tuple[str, str], ...]:
        values: list[tuple[str, str]] = []
        for token in self._tokens:
            if not token.key:
                continue
            if token.slip is not None:
                raise _Stop(self._mistake(Reason(token.slip), token.text or token.key))
            key = token.key
            if self._declaration.keys is not True:
                named = self._declaration.named_key(key)
                if named is None:
                    choices = self._declaration.named_keys
                    raise _Stop(self._mistake(Reason.UNKNOWN_KEY, key, suggest(key, choices), choices=choices))
                key = named
            values.append((key, token.text))
        return tuple(values)

    def _mistake(
        self,
        reason: Reason,
        word: str = "",
        nearest: str = "",
        *,
        argument: Argument | None = None,
        choices: tuple[str, ...] = (),
    ) -> Mistake:
        return Mistake(reason, _shown(word), nearest, declaration=self._declaration, argument=argument, choices=choices)

    def _place(self, argument: Argument, tried: list[Argument]) -> list[Argument]:
        """Fill one place, or leave it out; returns what has been tried with the word at hand."""
        token = self._words[self._next] if self._next < len(self._words) else None
        if token is None:
            if argument.required:
                raise _Stop(self._mistake(Reason.MISSING_ARGUMENT, argument=argument))
            return tried
        if token.slip is not None and argument.kind is not ArgumentKind.TEXT:
            raise _Stop(self._mistake(Reason(token.slip), token.text))
        tried = [*tried, argument]
        took = self._take(argument, token)
        if argument.required and not took:
            raise _Stop(self._left_over(token, tried))
        return tried

    def _take(self, argument: Argument, token: Token) -> bool:
        normal = folded(token.text[:200])
        match argument.kind:
            case ArgumentKind.ACCOUNTS:
                return self._take_accounts(argument, token)
            case ArgumentKind.ACCOUNT:
                return self._take_account(argument, normal)
            case ArgumentKind.NAME:
                if not token.text.strip():
                    return False
                self._name = token.text
            case ArgumentKind.NUMBER | ArgumentKind.NUMBER_OR_NAME:
                number = _number(_NUMBER, normal)
                if number is not None and not (token.quoted and argument.kind is ArgumentKind.NUMBER_OR_NAME):
                    self._number = number
                elif argument.kind is ArgumentKind.NUMBER or not token.text.strip():
                    return False
                else:
                    self._name = token.text
            case ArgumentKind.ALERT:
                alert = _number(_ALERT, normal)
                if alert is None and argument.required:
                    alert = _number(_NUMBER, normal)
                if alert is None:
                    return False
                self._alert = alert
            case ArgumentKind.WORD:
                return self._take_words(argument, token)
            case ArgumentKind.TEXT:
                self._take_text(token)
                return True
        self._next += 1
        return True

    def _take_text(self, token: Token) -> None:
        ends = [other.start for other in self._tokens if other.key and other.start > token.start]
        end = min(ends, default=len(self._text))
        self._rest = self._text[token.start : end].strip()
        if token.quoted and self._rest[1:-1] == token.text:
            self._rest = token.text
        while self._next < len(self._words) and self._words[self._next].start < end:
            self._next += 1

    def _take_words(self, argument: Argument, token: Token) -> bool:
        took = False
        while True:
            parts = [part for part in _COMMA.split(token.text) if part.strip()] if argument.many else [token.text]
            chosen = [_choice(argument, part) for part in parts]
            if not chosen or None in chosen or token.slip is not None:
                return took
            self._chosen += [word for word in chosen if word is not None]
            self._next += 1
            took = True
            if not argument.many or self._next >= len(self._words):
                return True
            token = self._words[self._next]

    def _take_account(self, argument: Argument, normal: str) -> bool:
        found = _accounts(normal, self._vocabulary)
        if len(found) > 1:
            raise _Stop(self._mistake(Reason.SEVERAL_ACCOUNTS, normal, argument=argument, choices=found))
        if not found:
            if normal in _VENDOR_WORDS:
                raise _Stop(self._unknown_account(normal, argument))
            self._stop_at_typo(argument, normal)
            return False
        self._accounts += found
        self._next += 1
        return True

    def _take_accounts(self, argument: Argument, token: Token) -> bool:
        named_later = self._named_after(argument)
        if token.quoted and named_later:
            return False
        parts = _parts(token.text)
        if not any(_accounts(part, self._vocabulary) for part in parts):
            if any(part in _VENDOR_WORDS for part in parts):
                raise _Stop(self._unknown_account(parts[0], argument))
            self._stop_at_typo(argument, *parts)
            return False
        self._add_accounts(argument, parts)
        comma = bool(_COMMA.search(token.text[-1]))
        self._next += 1
        while self._next < len(self._words):
            token = self._words[self._next]
            begins = bool(_COMMA.match(token.text)) and not token.quoted
            parts = _parts(token.text)
            listed = (comma or begins) and not token.quoted
            one = not token.quoted and len(parts) == 1 and bool(_accounts(parts[0], self._vocabulary))
            if not listed and not (one and (not named_later or self._next + 1 < len(self._words))):
                break
            self._add_accounts(argument, parts)
            comma = bool(_COMMA.search(token.text[-1:]))
            self._next += 1
        return True

    def _add_accounts(self, argument: Argument, parts: list[str]) -> None:
        for part in parts:
            found = _accounts(part, self._vocabulary)
            if not found:
                raise _Stop(self._unknown_account(part, argument))
            self._everything = self._everything or part in ALL_WORDS
            self._accounts += found

    def _named_after(self, argument: Argument) -> bool:
        """Whether a name or free text may follow the accounts, so that a word that is no account may be one."""
        arguments = self._declaration.arguments
        later = arguments[arguments.index(argument) + 1 :]
        return any(
            one.kind in _NAMING or (one.kind is ArgumentKind.WORD and not one.words and not one.pattern)
            for one in later
        )

    def _stop_at_typo(self, argument: Argument, *words: str) -> None:
        if self._next + 1 >= len(self._words):
            return
        for word in words:
            if suggest(word, _account_words(self._vocabulary), _ACCOUNT_TYPO):
                raise _Stop(self._unknown_account(word, argument))

    def _unknown_account(self, word: str, argument: Argument) -> Mistake:
        nearest = suggest(word, _account_words(self._vocabulary))
        choices = tuple(self._vocabulary.accounts)
        return self._mistake(Reason.UNKNOWN_ACCOUNT, word, nearest, argument=argument, choices=choices)

    def _left_over(self, token: Token, tried: list[Argument]) -> Mistake:
        """What to say of a word that fits nowhere, given the places it was tried in."""
        if token.slip is not None:
            return self._mistake(Reason(token.slip), token.text)
        kinds = {argument.kind: argument for argument in tried}
        normal = folded(token.text[:200])
        words = [argument for argument in tried if argument.kind is ArgumentKind.WORD]
        choices = tuple(dict.fromkeys(one.en for argument in words for one in argument.words))
        names = [name for argument in words for one in argument.words for name in _both(one)]
        nearest = suggest(normal, names)
        of_accounts = kinds.get(ArgumentKind.ACCOUNTS) or kinds.get(ArgumentKind.ACCOUNT)
        looks_numbered = normal.startswith("#") or normal[:1].isdigit() or normal[1:2].isdigit()
        if (number := kinds.get(ArgumentKind.NUMBER)) and (looks_numbered or not (words or of_accounts)):
            return self._mistake(Reason.BAD_NUMBER, token.text, argument=number)
        if (alert := kinds.get(ArgumentKind.ALERT)) and (looks_numbered or not (words or of_accounts)):
            return self._mistake(Reason.BAD_ALERT, token.text, argument=alert)
        if of_accounts and (not nearest or suggest(normal, _account_words(self._vocabulary), _ACCOUNT_TYPO)):
            return self._unknown_account(token.text, of_accounts)
        if words:
            return self._mistake(Reason.UNKNOWN_WORD, token.text, nearest, argument=words[-1], choices=choices)
        if tried and tried[-1].required:  # an empty name
            return self._mistake(Reason.MISSING_ARGUMENT, argument=tried[-1])
        place = next((one for one in self._declaration.arguments if one.kind in _ACCOUNTING), None)
        if place is not None and not self._accounts and self._name.isascii() and self._name:
            return self._unknown_account(self._name, place)  # two words, and the first one is no account
        return self._mistake(Reason.TOO_MANY_ARGUMENTS, token.text)


def _parts(text: str) -> list[str]:
    return [normal for part in _COMMA.split(text[:400]) if (normal := folded(part))]


def _number(pattern: re.Pattern[str], normal: str) -> int | None:
    match = pattern.fullmatch(normal.rstrip("。.,;!"))
    return int(match[1]) or None if match else None


def _choice(argument: Argument, word: str) -> str | None:
    """The word a `WORD` argument takes this for; none when it does not fit."""
    normal = folded(word)
    if argument.words:
        return next((one.en for one in argument.words if normal in map(folded, _both(one))), None)
    if argument.pattern:
        return normal if re.fullmatch(argument.pattern, normal) else None
    return word
