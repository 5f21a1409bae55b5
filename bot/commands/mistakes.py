"""What could not be understood, and what to type instead."""

from collections.abc import Sequence

from bot.commands.command import Argument, ArgumentKind, Declaration, Mistake, Reason
from bot.contracts.characters import called, latin
from bot.contracts.message import Block, Commands, Exact, Line, Mark, Message, Text, Typed
from bot.contracts.model import Words
from bot.wording.language import Language

_HELP = Words("help", "帮助")

ARGUMENTS = {
    ArgumentKind.ACCOUNTS: Words("the account", "账号"),
    ArgumentKind.ACCOUNT: Words("the account", "账号"),
    ArgumentKind.NAME: Words("the name", "名称"),
    ArgumentKind.NUMBER: Words("the number of the request, such as #17", "申请编号，如 #17"),
    ArgumentKind.ALERT: Words("the number of the alert, such as A5", "告警编号，如 A5"),
    ArgumentKind.NUMBER_OR_NAME: Words("a number such as #17, or a name", "编号（如 #17）或名称"),
    ArgumentKind.WORD: Words("a word", "一个词"),
    ArgumentKind.TEXT: Words("a text", "一段文字"),
}


def mistake(language: Language, wrong: Mistake, declarations: Sequence[Declaration]) -> Message:
    """One clear answer to something that could not be understood; nothing was changed.

    Args:
        language: the reader's.
        wrong: what is wrong.
        declarations: the commands this person may say.
    """
    line = _sentence(language, wrong)
    examples = _examples(language, wrong, declarations)
    blocks: list[Block] = []
    if strange := _strange_letter(language, wrong.word):
        blocks.append(Text(strange))
    if wrong.choices and wrong.reason is not Reason.UNKNOWN_COMMAND:
        possible = language.joined(_spelled(language, wrong)[:20])
        blocks.append(Text(language.line("Possible here: {choices}", choices=possible)))
    if examples:
        blocks.append(Commands(language.text("Example"), examples))
    return Message(title=line, mark=Mark.BAD, blocks=tuple(blocks))


def _strange_letter(language: Language, word: str) -> Line:
    """That a word which reads like one of ours has a letter of another script; nothing where it has none."""
    said = latin(word)
    if said == word or not said.isascii():
        return ()
    letter = next(one for one in word if latin(one) != one)
    return language.line(
        "`{word}` has {character} in it, which only looks like “{proper}”.",
        word=word,
        character=called(letter),
        proper=latin(letter),
    )


def _spelled(language: Language, wrong: Mistake) -> tuple[str, ...]:
    """What would be right, as people of this language type it."""
    declared = [*(wrong.argument.words if wrong.argument else ())]
    if wrong.reason is Reason.UNKNOWN_KEY and wrong.declaration and not isinstance(wrong.declaration.keys, bool):
        declared += [key for key in wrong.declaration.keys if isinstance(key, Words)]
    spelled = {words.en: language.pick(words) or words.en for words in declared}
    return tuple(spelled.get(choice, choice) for choice in wrong.choices)


def _sentence(language: Language, wrong: Mistake) -> Line:
    word = wrong.word
    match wrong.reason:
        case Reason.UNKNOWN_COMMAND if wrong.declaration is not None:
            meant = wrong.declaration.spelled(language.code)
            return language.line("I know no `{word}`. Did you mean {meant}?", word=word, meant=Typed(meant))
        case Reason.UNKNOWN_COMMAND | Reason.SENTENCE:
            return language.line(
                "I know no `{word}`. {help} shows what can be said here.", word=word, help=Typed(language.pick(_HELP))
            )
        case Reason.INCOMPLETE_COMMAND:
            return language.line("`{word}` alone is not a command yet.", word=word)
        case Reason.MISSING_ARGUMENT:
            return language.line("Still missing: {argument}.", argument=_argument(language, wrong.argument))
        case Reason.UNKNOWN_ACCOUNT if wrong.nearest:
            return language.line(
                "There is no account `{word}`. Did you mean `{nearest}`?", word=word, nearest=wrong.nearest
            )
        case Reason.UNKNOWN_ACCOUNT:
            return language.line("There is no account `{word}`.", word=word)
        case Reason.SEVERAL_ACCOUNTS:
            return language.line("`{word}` means several accounts; name one.", word=word)
        case Reason.UNKNOWN_WORD | Reason.UNKNOWN_KEY if wrong.nearest:
            return language.line("I know no `{word}` here. Did you mean `{nearest}`?", word=word, nearest=wrong.nearest)
        case Reason.UNKNOWN_WORD | Reason.UNKNOWN_KEY:
            return language.line("I know no `{word}` here.", word=word)
        case Reason.BAD_NUMBER:
            return language.line("“{word}” is not the number of a request; they look like #17.", word=word)
        case Reason.BAD_ALERT:
            return language.line("“{word}” is not the number of an alert; they look like A5.", word=word)
        case Reason.ONE_NUMBER:
            return language.line("One at a time here, and you named {word}; nothing was done.", word=word)
        case Reason.NUMBER_OR_NOTE:
            return language.line(
                "“{word}” could be a number or a note; nothing was done. Numbers look like A5, with commas between; a "
                "note begins with a word.",
                word=word,
            )
        case Reason.EXCEPT_SOME:
            return language.line(
                "“{word}” would only be a note, and all of them meant; nothing was done. Name the ones that are meant.",
                word=word,
            )
        case Reason.SECOND_COMMAND:
            return language.line("“{word}” is a command of its own; nothing was done. Say one at a time.", word=word)
        case Reason.TOO_MANY_ARGUMENTS:
            return language.line("“{word}” is too much; put names with spaces into quotes.", word=word)
        case Reason.UNCLOSED_QUOTE:
            return language.line("A quote is not closed: {word}", word=word)
        case Reason.KEY_WITHOUT_VALUE:
            return language.line("`{word}=` has no value.", word=word)
        case Reason.PAIR_INSIDE:
            return language.line(
                "“{word}” may be a value of its own, or belong to the one before it; nothing was done. Write it with a "
                "comma in front and `=`, or put the whole value into quotes.",
                word=word,
            )
        case Reason.SAID_TWICE:
            return language.line("`{word}` is said twice, with two values; nothing was done. Say it once.", word=word)
        case Reason.TOO_LONG:
            return language.line("This text is too long for me: at most {limit} characters.", limit=wrong.limit)


def _argument(language: Language, argument: Argument | None) -> str:
    if argument is None:
        return ""
    return language.pick(argument.label or ARGUMENTS[argument.kind])


def _examples(language: Language, wrong: Mistake, declarations: Sequence[Declaration]) -> tuple[str, ...]:
    declaration = wrong.declaration
    if declaration is not None and declaration.examples:
        return (_shortest(language, declaration),)
    if wrong.reason is Reason.INCOMPLETE_COMMAND:
        fitting = [one for one in declarations if one.spelled(language.code) in wrong.choices and one.examples]
        return tuple(_shortest(language, one) for one in fitting[:1])
    return ()


def _shortest(language: Language, declaration: Declaration) -> str:
    """The kindest of a command's examples: what is missing in it is asked for."""
    return Exact(min((language.pick(example) for example in declaration.examples), key=len))
