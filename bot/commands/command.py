"""What can be said, declared once: the commands, what a text can turn out to be, and the router. Pure.

A command is declared on the router, together with its handler; parsing, permission, help, the Slack usage hint and the
docs read that declaration. What is wrong with a text is a `Mistake` here and worded elsewhere, in the reader's language.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Generic, TypeVar

from bot.commands.synonyms import natural, spellings_of
from bot.commands.tokens import folded
from bot.contracts.model import Role, Words

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
        many: of a `WORD`, a number or an alert: several, with spaces, commas or `and` between; of alerts also `all`.
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
        keys: which `key=value` are taken: any (checked against the fields later), none, or these, in both languages.
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
    def spellings(self) -> tuple[tuple[str, ...], ...]:
        """Every way to type the words in the order of the declaration."""
        return spellings_of(self.words, self.zh)

    @property
    def natural(self) -> tuple[tuple[str, ...], ...]:
        """Every way to type them with the verb first, as languages have it."""
        return tuple(natural(self.words, self.zh, looked_at=self.role <= Role.VIEWER))

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
class Spelled:
    """One way to type a command's words.

    Args:
        words: folded.
        declaration: of the command.
        natural: with the verb first; never shown.
    """

    words: tuple[str, ...]
    declaration: Declaration
    natural: bool = False


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What the parser must know of this installation.

    Args:
        accounts: the name of each configured account → its vendor, in the order of the configuration.
        keys: the known keys of submissions and their aliases (`source`, `来源`, …; `sample` stands for `sample.code`).
        vendors: vendor, with an account or without → what people call it; each word means all its configured accounts.
    """

    accounts: Mapping[str, str] = field(default_factory=dict)
    keys: frozenset[str] = frozenset()
    vendors: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


# --- Results ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Speech:
    """What can be said.

    Args:
        commands: every command there is.
        vocabulary: the words of accounts and keys.
    """

    commands: tuple[Declaration, ...]
    vocabulary: Vocabulary

    def spellings(self, code: str) -> tuple[tuple[str, str], ...]:
        """English command words and how they are typed in a language, the longest first; see `View.spellings`."""
        pairs = [(one.spelled("en"), one.spelled(code)) for one in self.commands]
        return tuple(sorted(pairs, key=lambda pair: -len(pair[0])))


@dataclass(frozen=True, slots=True)
class Command:
    """What somebody wants.

    Args:
        declaration: which command.
        accounts: the names of the accounts meant; empty when none was said.
        everything: `all` was said; `accounts` then has every account, and `alerts` none.
        name: of a `NAME`.
        numbers: of requests, each once.
        alerts: of alerts, each once.
        words: the `WORD` arguments, choices in their English spelling.
        text: of a `TEXT`.
        values: `key=value` in typed order. Known keys are folded, others and the part behind a dot keep their case.
        raw: the text as it came.
    """

    declaration: Declaration
    accounts: tuple[str, ...] = ()
    everything: bool = False
    name: str = ""
    numbers: tuple[int, ...] = ()
    alerts: tuple[int, ...] = ()
    words: tuple[str, ...] = ()
    text: str = ""
    values: tuple[tuple[str, str], ...] = ()
    raw: str = ""

    @property
    def number(self) -> int | None:
        """The request, where a command is about one."""
        return self.numbers[0] if self.numbers else None

    @property
    def alert(self) -> int | None:
        """The alert, where a command is about one."""
        return self.alerts[0] if self.alerts else None

    @property
    def typed(self) -> tuple[tuple[str, str], ...]:
        """The values of a submission in typed order; the name is one of them, the first, however it was said."""
        name = self.value("name") or self.name
        named = (("name", name),) if name else ()
        return (*named, *(pair for pair in self.values if pair[0] != "name"))

    def value(self, key: str, default: str = "") -> str:
        """The last value given for a key."""
        found = [value for known, value in self.values if known == key]
        return found[-1] if found else default


class Reason(StrEnum):
    """What is wrong with a text."""

    UNKNOWN_COMMAND = "unknown_command"  # word, nearest + declaration (the nearest command) when something is near
    SENTENCE = "sentence"  # choices: the commands it seems to be about
    INCOMPLETE_COMMAND = "incomplete_command"  # word is right, another must follow: choices, declaration
    MISSING_ARGUMENT = "missing_argument"  # argument
    UNKNOWN_ACCOUNT = "unknown_account"  # word, nearest, choices
    SEVERAL_ACCOUNTS = "several_accounts"  # one is wanted, word means several: choices
    UNKNOWN_WORD = "unknown_word"  # word, nearest, choices, argument
    UNKNOWN_KEY = "unknown_key"  # word, nearest, choices
    BAD_NUMBER = "bad_number"  # word, argument
    BAD_ALERT = "bad_alert"  # word, argument
    ONE_NUMBER = "one_number"  # word: the numbers that were listed, where one is wanted
    NUMBER_OR_NOTE = "number_or_note"  # word: it may be a number or the beginning of a note
    EXCEPT_SOME = "except_some"  # word: it leaves some out, where a note would stand
    SECOND_COMMAND = "second_command"  # word: a command of its own, where a note would stand
    TOO_MANY_ARGUMENTS = "too_many_arguments"  # word: the first one left over
    UNCLOSED_QUOTE = "unclosed_quote"  # word: the quote and what follows it
    KEY_WITHOUT_VALUE = "key_without_value"  # word: the key
    PAIR_INSIDE = "pair_inside"  # word: the pair that stands within a value, or behind it
    SAID_TWICE = "said_twice"  # word: the key that has two values
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
        instead: the whole text as it was probably meant; empty where that is not known.
    """

    reason: Reason
    word: str = ""
    nearest: str = ""
    declaration: Declaration | None = None
    argument: Argument | None = None
    choices: tuple[str, ...] = ()
    limit: int = 0
    instead: str = ""

    @property
    def certain(self) -> bool:
        """Whether the command at hand is the one that was meant, and only what follows it is wrong."""
        guessed = (Reason.UNKNOWN_COMMAND, Reason.SENTENCE, Reason.INCOMPLETE_COMMAND)
        return self.declaration is not None and self.reason not in guessed


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
        self._spellings: dict[str, Spelled] = {}
        self._ordered: tuple[Spelled, ...] = ()
        for other in others:
            for declaration in other.declarations:
                self.add(declaration, other.handler(declaration))

    @property
    def declarations(self) -> tuple[Declaration, ...]:
        """All commands, in the order they were declared."""
        return tuple(self._handlers)

    @property
    def spellings(self) -> "tuple[Spelled, ...]":
        """Every way to spell every command, the longest first."""
        if not self._ordered:
            by_length = sorted(self._spellings.items(), key=lambda item: -len(item[0]))
            self._ordered = tuple(spelling for _, spelling in by_length)
        return self._ordered

    def add(self, declaration: Declaration, handler: Handler[ContextT, ReplyT]) -> None:
        """Add one command.

        Raises:
            ValueError: another command has the same words.
        """
        new = {"".join(spelling): spelling for spelling in declaration.spellings}
        for glued, spelling in new.items():
            if glued in self._spellings and not self._spellings[glued].natural:
                raise ValueError(f"two commands are called {' '.join(spelling)!r}")
        self._spellings.update({glued: Spelled(spelling, declaration) for glued, spelling in new.items()})
        for spelling in declaration.natural:  # what was declared so goes before what people may say for another one
            self._spellings.setdefault("".join(spelling), Spelled(spelling, declaration, natural=True))
        self._ordered = ()
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
        return found.declaration if found else None


def both(words: Words) -> tuple[str, ...]:
    """A word in both languages, as either may be typed."""
    return (words.en, words.zh) if words.zh else (words.en,)
