"""From a text to a command, a mistake, or nothing for us. Pure.

Every chat comes through `parse`, so every chat understands the same words. Command words, keys and account names are
compared in NFKC, without case and without invisible characters; values keep every character they were typed with.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from bot.commands.accounts import ALL_WORDS, accounts_of
from bot.commands.ambiguous import said_twice
from bot.commands.arguments import ArgumentReader
from bot.commands.command import (
    ArgumentKind,
    Command,
    Declaration,
    Mistake,
    NotForUs,
    Pairs,
    Parsed,
    Reason,
    Router,
    Spelled,
    Vocabulary,
    both,
)
from bot.commands.nearest import SHOWN, Likeness, shown
from bot.commands.numbers import read_numbers
from bot.commands.quotes import QUOTES
from bot.commands.sentences import begins_as_one, mentioned, reads_as_one
from bot.commands.spelling import OPENING, PUNCTUATION, Spelling, plain, spelling
from bot.commands.tokens import folded_keys, tokens
from bot.contracts.characters import LINE_ENDS, latin

MAX_TEXT = 4000
"""Characters of one text; anything longer is refused without a look inside."""

SLIP = 0.75
"""How alike a word and the one that was meant are, at least."""

_MAX_HEAD = 120  # characters in which the command words must stand

_SLASHES = r"/\\÷∕⁄╱⧸、"

_FIRST = rf"\s{PUNCTUATION}·•◦▪●■→»›>*|—–\-`_"  # behind the mention, or in front of a copied line

_PREFIX = re.compile(
    rf"(?:[{_FIRST}{_SLASHES}]*(?P<slash>[{_SLASHES}])\s*(?P<sms>sms(?![a-z0-9])[{_SLASHES}]?)?|sms(?=[\s:,]|\Z))?[{_FIRST}]*"
)
"""What every keyboard gives for a slash counts as one; `、` is where the slash is on Chinese ones."""

_BEHIND_WORDS = re.compile(rf"(?:\s*[{PUNCTUATION}]|[*_`~])+")

_BETWEEN_WORDS = ":,-_/·.|→>—–"

_ARTICLE = re.compile(r"(?:(?:an?|the|my|our|another|one)\s+)?(?:new\s+)?(?:[一这]?[个条份]|我的|我们的)?(?:新的?)?")
"""What people say before the thing where the verb stands first: `submit a new sign`, `提交一个签名`."""

MOST_PIECES = 20
"""Lines of a note that are looked at for another command."""

_SURELY = frozenset({Reason.NUMBER_OR_NOTE, Reason.EXCEPT_SOME, Reason.ONE_NUMBER, Reason.PAIR_INSIDE})

_PIECES = re.compile(f"[{LINE_ENDS};；]|&&")

_WRAPPED = {**QUOTES, **dict(zip("(（[【《<`*", ")）]】》>`*", strict=True))}

_WORD = re.compile(r"\S+")

_CHINESE = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff]")

_STOPS = f"{PUNCTUATION}．！？，；：～ \t\r\n\u3000"

_NUMBERED = re.compile(r"[\s(\[]*(?:(?:#|no\.?)\s*[0-9]|#?a[0-9]+(?![a-z0-9]))")


def parse(text: str, router: Router[Any, Any], vocabulary: Vocabulary) -> Parsed:
    """Read one text.

    Args:
        text: what was typed, without the mention of the bot; `/sms` in front is optional.
        router: the commands there are.
        vocabulary: the accounts and keys there are.

    Returns:
        A command, a mistake to tell the person about, or that nothing was said, as by `/sms` alone.
    """
    if len(text) > MAX_TEXT:
        return Mistake(Reason.TOO_LONG, limit=MAX_TEXT)
    raw, text = text, _unwrapped(text)
    head = spelling(text, most=_MAX_HEAD)
    _, begin = _begin(head)
    if begin >= len(head.text):
        return NotForUs()
    found = _find(text, head, begin, router, vocabulary)
    if found is not None:
        spelled, position = found
        parsed = _once(ArgumentReader(text, position, spelled.declaration, vocabulary).read(), raw)
        second = _second(parsed.text, router, vocabulary) if isinstance(parsed, Command) else ""
        return Mistake(Reason.SECOND_COMMAND, shown(second), declaration=spelled.declaration) if second else parsed
    if about := _numbers_alone(head.text[begin:]):
        declaration = router.find(about)
        if declaration is not None:
            return ArgumentReader(text, head.places[begin], declaration, vocabulary).read()
    return _unknown_command(text, head, begin, router)


def _once(parsed: Command | Mistake, raw: str) -> Command | Mistake:
    """A command, or that something is said twice in it with two values."""
    if isinstance(parsed, Mistake):
        return parsed
    declaration = parsed.declaration
    named = any(one.kind is ArgumentKind.NAME and not one.required for one in declaration.arguments) and parsed.name
    key = said_twice((*((("name", parsed.name),) if named else ()), *parsed.values))
    return Mistake(Reason.SAID_TWICE, shown(key), declaration=declaration) if key else replace(parsed, raw=raw)


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
            return Mistake(Reason(token.slip), shown(token.text or token.key))
        if token.key:
            values.append((token.key, token.text))
        else:
            rest.append(token.text)
    return Pairs(tuple(values), tuple(rest))


def is_command(text: str, router: Router[Any, Any], vocabulary: Vocabulary | None = None) -> bool:
    """Whether a text is a new command rather than an answer to a question.

    `/sms` in front always says so. Without it the text must begin with command words; after a single word the rest
    must also fit ("status of an order" is an answer) or begin with a number (`edit #17 to mend` is a slip, no answer),
    where accounts count only if the vocabulary is given. Two words of which only the first has a slip are one too:
    `sing list` is answered with what was meant.
    """
    if len(text) > MAX_TEXT:
        return False
    text = latin(text)  # with a letter of another script it is one too, and that is told
    head = spelling(text, most=_MAX_HEAD)
    prefix, begin = _begin(head)
    if prefix and prefix["sms"]:
        return True
    vocabulary = vocabulary or Vocabulary()
    found = _find(text, head, begin, router, vocabulary)
    if found is None:
        return _has_a_slip(head.text[begin:].split()[:2], router)
    spelled, position = found
    if _NUMBERED.match(spelling(text, position, _MAX_HEAD).text):
        return True
    if len(spelled.words) > 1 and not spelled.natural:
        return True
    read = ArgumentReader(text, position, spelled.declaration, vocabulary).read()
    if spelled.natural and text[position:].strip(_STOPS):  # "提交签名 用于订单" is a sentence as well
        return isinstance(read, Command) and bool(read.accounts or read.values or read.everything)
    return isinstance(read, Command) or _surely(read, text)


def is_number(text: str) -> bool:
    """Whether a text is nothing but numbers of requests or alerts: `#4`, `A1`."""
    return len(text) <= _MAX_HEAD and bool(_numbers_alone(spelling(text, most=_MAX_HEAD).text))


def _second(note: str, router: Router[Any, Any], vocabulary: Vocabulary) -> str:
    """What of a note is another command, on a line of its own or behind a semicolon; empty where nothing is."""
    for place, piece in enumerate(_PIECES.split(note, MOST_PIECES) if note else ()):
        numbered = any(one.isdigit() for one in piece)
        if piece.strip() and (place or numbered) and is_command(piece, router, vocabulary):
            return piece.strip()
    return ""


def _unwrapped(text: str) -> str:
    """A text without the quotes, brackets or marks around all of it, as people show a command that they copied."""
    inner = text.strip()
    while len(inner) > 2 and (closer := _WRAPPED.get(inner[0])) == inner[-1]:
        within = inner[1:-1].strip()
        if not within or closer in within.strip(closer) or inner[0] in within.strip(inner[0]):
            break
        text = inner = within
    return text


def _surely(wrong: Mistake, text: str) -> bool:
    """Whether only a command can be wrong so: numbers or pairs of ours stand behind its words, or an account with a slip."""
    if wrong.reason in (Reason.BAD_NUMBER, Reason.BAD_ALERT):
        return len(text.split()) == 2 and any(one.isdigit() for one in wrong.word)
    return wrong.reason in _SURELY or (wrong.reason is Reason.UNKNOWN_ACCOUNT and bool(wrong.nearest))


def _has_a_slip(typed: Sequence[str], router: Router[Any, Any]) -> bool:
    if len(typed) != 2:
        return False
    first = Likeness(typed[0])
    return any(
        len(one.words) == 2 and one.words[1] == typed[1] and first.of(one.words[0]) >= SLIP
        for one in router.spellings
        if not one.natural
    )


def _begin(head: Spelling) -> tuple[re.Match[str] | None, int]:
    """What stands in front of the command words, and where they begin."""
    prefix = _PREFIX.match(head.text)
    return prefix, prefix.end() if prefix else 0


def _find(
    text: str, head: Spelling, begin: int, router: Router[Any, Any], vocabulary: Vocabulary
) -> tuple[Spelled, int] | None:
    """The command whose words stand at the beginning, and the position behind them; the longest wins."""
    for spelled in router.spellings:
        end = begin
        for word in spelled.words:
            while (
                end > begin and end < len(head.text) and (head.text[end].isspace() or head.text[end] in _BETWEEN_WORDS)
            ):
                end += 1
            if spelled.natural and end > begin and (article := _ARTICLE.match(head.text, end)):
                end = article.end()
            if not head.text.startswith(word, end):
                break
            end += len(word)
        else:
            position = head.places[end - 1] + 1
            if not text[position:].strip(_STOPS):  # people end a sentence
                return spelled, len(text)
            if behind := _BEHIND_WORDS.match(head.text, end):
                return spelled, head.places[behind.end() - 1] + 1
            if (
                end >= len(head.text)
                or head.text[end].isspace()
                or _may_be_glued(spelled.words[-1][-1], text[position:], spelled.declaration, vocabulary)
            ):
                return spelled, position
    return None


def _may_be_glued(before: str, rest: str, declaration: Declaration, vocabulary: Vocabulary) -> bool:
    """Whether what follows without a space can only be an argument: `状态#17`, `额度阿里云`, but not `状态不对`."""
    if rest[0] in QUOTES:
        return True
    word = _WORD.match(rest)
    normal = plain(word.group()) if word else ""
    if not normal or normal.startswith("#") or (not rest[0].isalnum() and _numbered(rest)):
        return True
    if before.isascii() and normal[0].isascii():
        return _numbered(rest) and not rest[0].isascii()  # `status№17`, but not `ack5`
    if any(argument.many and argument.kind is ArgumentKind.ALERT for argument in declaration.arguments):
        return normal in ALL_WORDS or _numbered(rest)
    choices = {plain(name) for argument in declaration.arguments for one in argument.words for name in both(one)}
    return bool(normal in choices or _numbered(rest) or accounts_of(normal, vocabulary))


def _numbered(rest: str) -> bool:
    return read_numbers(rest, 0, alerts=True) is not None


def _numbers_alone(head: str) -> str:
    """The command that shows what is meant where only numbers were said: `#4`, `A1`; empty where it is not that.

    A bare number is no number of ours; it may be an answer, or a code.
    """
    first = head.lstrip(f"{OPENING} ")
    if not first.startswith(("#", "a", "no", "第")):
        return ""
    alerts = re.match(r"#?\s*a\s?[0-9]", first) is not None
    found = read_numbers(head, 0, alerts=alerts, letter=alerts)
    if found is None or found.doubtful or head[found.end :].strip(_STOPS):
        return ""
    return "alerts" if alerts else "status"


def _unknown_command(text: str, head: Spelling, begin: int, router: Router[Any, Any]) -> Mistake:
    """What to say of a text that begins with no command."""
    said = head.text[begin:]
    typed = [word[:SHOWN] for word in said.split()[:3]]
    first = typed[0]
    chinese = _CHINESE.search(first) is not None
    if incomplete := _incomplete(first, router) if len(typed) == 1 else ():
        choices = tuple(one.spelled("zh" if chinese else "en") for one in incomplete)
        return Mistake(
            Reason.INCOMPLETE_COMMAND, shown(first), nearest=choices[0], declaration=incomplete[0], choices=choices
        )
    best, nearest = 0.6, None
    together = ["".join(typed[:count]) for count in range(len(typed) + 1)]
    likenesses = {one: Likeness(one) for word in together for one in (word, latin(word))}
    for declaration in router.declarations:
        for spelled in declaration.spellings:
            words, said_so = "".join(spelled), together[min(len(spelled), len(typed))]
            for written, meant, worth in (
                (said_so, words, 1.0),
                (first, words, 1.0),
                (said_so, "".join(reversed(spelled)), 0.95),
                (first, spelled[0], 0.9),
                (latin(said_so), words, 0.99),
            ):
                likeness = likenesses[written]
                if likeness.most(meant) * worth > best and (found := likeness.of(meant) * worth) > best:
                    best, nearest = found, declaration
    if begins_as_one(said) or (best < SLIP and reads_as_one(said)):
        return Mistake(Reason.SENTENCE, choices=tuple(mentioned(said, router.declarations)))
    begun = _incomplete(first, router)
    word = typed[1] if begun and len(typed) > 1 else first
    near = nearest.spelled("zh" if chinese else "en") if nearest else ""
    slips = (
        [
            len(words)
            for words in nearest.spellings
            if likenesses[together[min(len(words), len(typed))]].of("".join(words)) >= SLIP
        ]
        if nearest
        else []
    )
    meant = _corrected(text, head, begin, slips[0], near) if slips else ""
    return Mistake(Reason.UNKNOWN_COMMAND, shown(word), nearest=near, declaration=nearest, instead=meant)


def _incomplete(first: str, router: Router[Any, Any]) -> list[Declaration]:
    """The commands of two words that begin with this one; where none does, those that end with it."""
    chinese = _CHINESE.search(first) is not None
    pairs = [(one, [words for words in one.spellings if len(words) > 1]) for one in router.declarations]
    begun = [
        one
        for one, spelled in pairs
        if any(first == words[0] or (chinese and words[0].startswith(first)) for words in spelled)
    ]
    return begun or [one for one, spelled in pairs if any(first == words[-1] for words in spelled)]


def _corrected(text: str, head: Spelling, begin: int, words: int, meant: str) -> str:
    """What was typed with the words of the command that was meant, everything behind them as it was.

    Args:
        text: as it was typed.
        head: the same as it is compared.
        begin: where its first word stands there.
        words: how many of its words stand for the command.
        meant: the command's own words.
    """
    behind = re.match(rf"(?:\S+\s*){{{words}}}", head.text[begin:])
    end = begin + behind.end() if behind else len(head.text)
    rest = text[head.places[end] :] if end < len(head.places) else ""
    return f"{meant} {rest}".strip()
