"""What follows the command words: accounts, names, numbers and `key=value`, each in its place. Pure."""

import re
from dataclasses import replace

from bot.commands.accounts import ALL_WORDS, AND, account_words, accounts_of, listed_accounts, vendor_of
from bot.commands.command import Argument, ArgumentKind, Command, Declaration, Mistake, Reason, Vocabulary, both
from bot.commands.nearest import corrected, shown, suggest
from bot.commands.numbers import figures_apart, is_only_numbers, leaves_out, names_more, read_numbers
from bot.commands.spans import UNIT
from bot.commands.spelling import plain
from bot.commands.tokens import Token, folded, folded_keys, tokens
from bot.contracts.characters import SEPARATORS, STOPS, seen
from bot.contracts.model import Words

_COMMA = re.compile(f"[{SEPARATORS}]")

_LISTED = re.compile(f"[{SEPARATORS}+/&＋／＆和与及跟]")

_ACCOUNT_TYPO = 0.75

_BEHIND_A_COLON = re.compile(r"(?P<account>[^:：﹕]+)[:：﹕]+(?!//)(?P<rest>.+)", re.DOTALL)

_NAMING = (ArgumentKind.NAME, ArgumentKind.NUMBER_OR_NAME, ArgumentKind.TEXT)


class _Stop(Exception):
    """Ends the reading with a mistake."""

    def __init__(self, mistake: Mistake) -> None:
        super().__init__(mistake.reason)
        self.mistake = mistake


_NUMBERED = (ArgumentKind.NUMBER, ArgumentKind.NUMBER_OR_NAME, ArgumentKind.ALERT)
_ACCOUNTING = (ArgumentKind.ACCOUNTS, ArgumentKind.ACCOUNT)


class ArgumentReader:
    """Reads what follows the command words."""

    def __init__(self, text: str, position: int, declaration: Declaration, vocabulary: Vocabulary) -> None:
        self._text = text
        self._declaration = declaration
        self._vocabulary = vocabulary
        self._next = 0  # of `_words`
        self._accounts: list[str] = []
        self._everything = False
        self._name = ""
        self._numbers: tuple[int, ...] = ()
        self._alerts: tuple[int, ...] = ()
        self._chosen: list[str] = []
        self._rest = ""
        keys = declaration.keys
        self._known: frozenset[str] = frozenset()
        if not isinstance(keys, bool):
            named = frozenset(name for key in keys for name in (both(key) if isinstance(key, Words) else (key,)))
            self._known = folded_keys(vocabulary.keys | named)
        elif keys:
            self._known = folded_keys(vocabulary.keys)
        free_text = any(argument.kind is ArgumentKind.TEXT for argument in declaration.arguments)
        self._pairs = bool(keys) or not free_text
        self._tokens = self._tokens_from(position)
        self._words = [token for token in self._tokens if not token.key]

    def read(self) -> Command | Mistake:
        """The command, or what is wrong with it."""
        try:
            tried: list[Argument] = []
            for argument in self._declaration.arguments:
                before = self._next
                tried = self._place(argument, tried)
                if self._next > before and not argument.many:
                    tried = []
            values = self._values()
        except _Stop as stop:
            return stop.mistake
        if self._next < len(self._words):
            return self._left_over(self._words[self._next], tried)
        return Command(
            declaration=self._declaration,
            accounts=tuple(dict.fromkeys(self._accounts)),
            everything=self._everything,
            name=self._name,
            numbers=self._numbers,
            alerts=self._alerts,
            words=tuple(self._chosen),
            text=self._rest,
            values=values,
            raw=self._text,
        )

    def _tokens_from(self, position: int) -> list[Token]:
        """The words and pairs from here on; for a key of our own, `since=2 hours` is one pair."""
        found = list(tokens(self._text, position, self._known, pairs=self._pairs))
        if not self._declaration.named_keys:
            return found
        joined: list[Token] = []
        for token in found:
            before = joined[-1] if joined else None
            unit = re.fullmatch(UNIT, plain(token.text)) and not token.key and not token.quoted
            if unit and before is not None and before.key and before.text.isdigit() and not before.quoted:
                joined[-1] = replace(before, text=f"{before.text} {token.text}")
            else:
                joined.append(token)
        return joined

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
                if not token.quoted:  # words, numbers and dates of ours: no punctuation ends them
                    token = replace(token, text=token.text.rstrip(SEPARATORS + STOPS) or token.text)
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
        instead = corrected(self._text, word, nearest)
        return Mistake(reason, shown(word), nearest, self._declaration, argument, choices, instead=instead)

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
        if argument.kind in _NUMBERED and self._take_numbers(argument, token):
            return True
        normal = plain(token.text[:200])
        match argument.kind:
            case ArgumentKind.ACCOUNTS:
                return self._take_accounts(argument, token)
            case ArgumentKind.ACCOUNT:
                return self._take_account(argument, plain(self._apart(token).text[:200]))
            case ArgumentKind.NAME | ArgumentKind.NUMBER_OR_NAME:
                if not token.text.strip():
                    return False
                self._name = token.text if argument.kind is ArgumentKind.NAME else seen(token.text).strip()
            case ArgumentKind.NUMBER:
                return False
            case ArgumentKind.ALERT:
                if not argument.many or normal not in ALL_WORDS:
                    return False
                self._everything = True
            case ArgumentKind.WORD:
                return self._take_words(argument, token)
            case ArgumentKind.TEXT:
                self._take_text(token)
                return True
        self._next += 1
        return True

    def _take_numbers(self, argument: Argument, token: Token) -> bool:
        """All the numbers that are listed here: all of them are meant."""
        alerts = argument.kind is ArgumentKind.ALERT
        letter = alerts and not argument.required
        if token.quoted:
            if argument.kind is ArgumentKind.NUMBER_OR_NAME:
                return False
            found = read_numbers(token.text, 0, alerts=alerts, letter=letter)
            if found is None or token.text[found.end :].strip():
                return False
            self._next += 1
        else:
            note = any(one.kind is ArgumentKind.TEXT for one in self._declaration.arguments)
            found = read_numbers(self._text, token.start, alerts=alerts, letter=letter, note=note)
            if found is None:
                return False
            if found.doubtful:
                raise _Stop(self._mistake(Reason.NUMBER_OR_NOTE, found.doubtful, argument=argument))
            self._go_on_at(found.end)
        if len(found.listed) > 1 and not argument.many:
            word = ", ".join(f"A{number}" if alerts else f"#{number}" for number in found.listed)
            raise _Stop(self._mistake(Reason.ONE_NUMBER, word, argument=argument))
        if alerts:
            self._alerts = found.listed
        else:
            self._numbers = found.listed
        return True

    def _go_on_at(self, position: int) -> None:
        """Read on from here, which may be within what was a word before: `A1：on it`."""
        before = [token for token in self._tokens if token.key and token.start < position]
        rest = self._tokens_from(position)
        self._tokens = [*before, *rest]
        self._words = [*self._words[: self._next + 1], *(token for token in rest if not token.key)]
        self._next += 1

    def _take_text(self, token: Token) -> None:
        ends = [other.start for other in self._tokens if other.key and other.start > token.start]
        end = min(ends, default=len(self._text))
        self._rest = self._text[token.start : end].strip()
        if token.quoted and self._rest[1:-1] == token.text:
            self._rest = token.text
        if self._alerts or self._numbers or self._everything:
            several = self._everything or len(self._alerts + self._numbers) > 1
            if several and leaves_out(self._rest, of_all=self._everything):
                raise _Stop(self._mistake(Reason.EXCEPT_SOME, self._rest))
            if plain(self._rest[:20]) in ALL_WORDS or is_only_numbers(self._rest) or names_more(self._rest):
                raise _Stop(self._mistake(Reason.NUMBER_OR_NOTE, self._rest))
        while self._next < len(self._words) and self._words[self._next].start < end:
            self._next += 1

    def _take_words(self, argument: Argument, token: Token) -> bool:
        took = False
        if argument.pattern and not token.quoted:
            number, words = figures_apart([one.text for one in self._words[self._next :]], argument.pattern)
            if words:
                self._chosen.append(number)
                self._next += words
                return True
        while True:
            parts = [part for part in _LISTED.split(token.text) if part.strip()] if argument.many else [token.text]
            if took and plain(token.text) in AND and self._next + 1 < len(self._words):
                self._next, token = self._next + 1, self._words[self._next + 1]
                continue
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
        found = accounts_of(normal, self._vocabulary)
        if len(found) > 1:
            raise _Stop(self._mistake(Reason.SEVERAL_ACCOUNTS, normal, argument=argument, choices=found))
        if not found:
            if vendor_of(normal, self._vocabulary):
                raise _Stop(self._unknown_account(normal, argument))
            self._stop_at_typo(argument, normal)
            return False
        self._accounts += found
        self._next += 1
        return True

    def _take_accounts(self, argument: Argument, token: Token) -> bool:
        named_later = self._named_after(argument)
        if token.quoted and named_later and self._next + 1 >= len(self._words):
            return False
        token = self._apart(token)
        parts = listed_accounts(token.text, self._vocabulary)
        if not any(accounts_of(part, self._vocabulary) for part in parts):
            if any(vendor_of(part, self._vocabulary) for part in parts):
                raise _Stop(self._unknown_account(parts[0], argument))
            self._stop_at_typo(argument, *parts)
            return False
        if self._named_behind(argument, parts):
            return True
        comma = bool(_COMMA.search(token.text[-1]))
        self._next += 1
        while self._next < len(self._words):
            token = self._words[self._next]
            if plain(token.text) in AND and self._account_follows():
                self._next, comma = self._next + 1, True
                continue
            begins = bool(_COMMA.match(token.text)) and not token.quoted
            parts = listed_accounts(token.text, self._vocabulary)
            listed = (comma or begins) and not token.quoted
            one = not token.quoted and len(parts) == 1 and bool(accounts_of(parts[0], self._vocabulary))
            if not listed and not (one and (not named_later or self._next + 1 < len(self._words))):
                break
            if self._named_behind(argument, parts):
                return True
            comma = bool(_COMMA.search(token.text[-1:]))
            self._next += 1
        return True

    def _named_behind(self, argument: Argument, parts: list[str]) -> bool:
        """Take the accounts of a listed word; whether the last of the list was none, but is the name that may follow.

        `aliyun, 速达物流` and `aliyun，速达物流` name one account and a thing. What looks like an account is none.
        """
        last = self._next + 1 == len(self._words) and self._named_after(argument)
        known = [bool(accounts_of(part, self._vocabulary)) for part in parts]
        named = last and bool(parts) and not known[-1] and all(known[:-1])
        if not named or vendor_of(parts[-1], self._vocabulary) or self._like_an_account(parts[-1]):
            self._add_accounts(argument, parts)
            return False
        self._add_accounts(argument, parts[:-1])
        token = self._words[self._next]
        behind = [match.end() for match in _COMMA.finditer(token.text.rstrip(SEPARATORS))]
        begin = behind[-1] if behind else 0
        name = replace(token, start=token.start + begin, text=token.text[begin:])
        self._tokens[self._tokens.index(token)] = self._words[self._next] = name
        return True

    def _account_follows(self) -> bool:
        token = self._words[self._next + 1] if self._next + 1 < len(self._words) else None
        return token is not None and bool(accounts_of(plain(token.text), self._vocabulary))

    def _apart(self, token: Token) -> Token:
        """An account without what stands glued behind its colon, which is the next word: `tencent：速达`."""
        found = None if token.quoted else _BEHIND_A_COLON.fullmatch(token.text)
        if found is None or not accounts_of(plain(found["account"]), self._vocabulary):
            return token
        account = replace(token, text=found["account"])
        rest = replace(token, start=token.start + found.start("rest"), text=found["rest"])
        at = self._tokens.index(token)
        self._tokens[at : at + 1] = [account, rest]
        self._words[self._next : self._next + 1] = [account, rest]
        return account

    def _like_an_account(self, word: str) -> bool:
        return bool(suggest(word, account_words(self._vocabulary), _ACCOUNT_TYPO))

    def _add_accounts(self, argument: Argument, parts: list[str]) -> None:
        for part in parts:
            found = accounts_of(part, self._vocabulary)
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
        for word in words:
            if self._next + 1 < len(self._words) and self._like_an_account(word):
                raise _Stop(self._unknown_account(word, argument))

    def _unknown_account(self, word: str, argument: Argument) -> Mistake:
        nearest = suggest(word, account_words(self._vocabulary))
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
        names = [name for argument in words for one in argument.words for name in both(one)]
        nearest = suggest(normal, names)
        of_accounts = kinds.get(ArgumentKind.ACCOUNTS) or kinds.get(ArgumentKind.ACCOUNT)
        looks_numbered = normal.startswith("#") or normal[:1].isdigit() or normal[1:2].isdigit()
        if (number := kinds.get(ArgumentKind.NUMBER)) and (looks_numbered or not (words or of_accounts)):
            return self._mistake(Reason.BAD_NUMBER, token.text, argument=number)
        if (alert := kinds.get(ArgumentKind.ALERT)) and (looks_numbered or not (words or of_accounts)):
            return self._mistake(Reason.BAD_ALERT, token.text, argument=alert)
        if of_accounts and (not nearest or suggest(normal, account_words(self._vocabulary), _ACCOUNT_TYPO)):
            return self._unknown_account(token.text, of_accounts)
        if words:
            return self._mistake(Reason.UNKNOWN_WORD, token.text, nearest, argument=words[-1], choices=choices)
        if tried and tried[-1].required:  # an empty name
            return self._mistake(Reason.MISSING_ARGUMENT, argument=tried[-1])
        place = next((one for one in self._declaration.arguments if one.kind in _ACCOUNTING), None)
        if place is not None and not self._accounts and self._name.isascii() and self._name:
            return self._unknown_account(self._name, place)  # two words, and the first one is no account
        return self._mistake(Reason.TOO_MANY_ARGUMENTS, token.text)


def _choice(argument: Argument, word: str) -> str | None:
    """The word a `WORD` argument takes this for; none when it does not fit."""
    normal = plain(word)
    if argument.words:
        return next((one.en for one in argument.words if normal in map(folded, both(one))), None)
    if argument.pattern:
        return normal if re.fullmatch(argument.pattern, normal) else None
    return seen(word).rstrip(SEPARATORS + STOPS) or word
