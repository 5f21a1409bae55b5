"""Everything that can be wrong with what was typed, in the reader's words."""

from collections.abc import Sequence

from bot.contracts.fields import Fault, Field, FieldType, Problem
from bot.contracts.message import Block, Code, Commands, Items, Line, Mark, Message, Typed
from bot.contracts.model import Words
from bot.contracts.papers import NAMES
from bot.wording.file_kinds import remedy, what_it_is
from bot.wording.language import Language
from bot.wording.words import CARRIERS, FILINGS, choose

MEGA = 1_000_000


def problem_line(language: Language, problem: Problem, account: str = "", *, asked: bool = False) -> Line:
    """One line for one problem; names the account where not all of them mind.

    Args:
        language: the reader's.
        problem: what is wrong.
        account: empty when every account of the command minds.
        asked: whether it is about an answer: then the field is called as the question calls it, and choices are listed
            and numbered as there. Of a command, both are named as they are typed.
    """
    field = problem.field
    key: str | Code = problem.key
    if field is not None:
        key = labelled(language, field, problem.key) if asked else Code(_typed_key(language, field, problem.key))
    elif not asked:
        key = Code(problem.key)
    start: Line = language.line("{account}: ", account=account) if account else ()
    return (*start, *_sentence(language, problem, key, field, asked=asked))


def _sentence(language: Language, problem: Problem, key: str | Code, field: Field | None, *, asked: bool) -> Line:
    match problem.fault:
        case Fault.UNKNOWN_KEY if problem.nearest:
            return language.line("I know no `{key}`. Did you mean `{nearest}`?", key=key, nearest=problem.nearest)
        case Fault.UNKNOWN_KEY:
            return language.line("I know no `{key}` here.", key=key)
        case Fault.MISSING:
            return missing_line(language, field) if field else (key,)
        case Fault.NOT_A_CHOICE if field is not None:
            return language.line(
                "{key}: “{value}” is none of these: {choices}",
                key=key,
                value=problem.value,
                choices=numbered(language, field) if asked else choices(language, field),
            )
        case Fault.NOT_A_CHOICE:
            return language.line("{key}: “{value}” cannot be chosen.", key=key, value=problem.value)
        case Fault.NOT_A_FLAG:
            return language.line("{key}: “{value}” is neither true nor false.", key=key, value=problem.value)
        case Fault.NOT_A_LINK:
            return language.line(
                "{key}: “{value}” is not a web address; it begins with http:// or https://.",
                key=key,
                value=problem.value,
            )
        case Fault.TOO_LONG:
            return language.plural_line(
                "{key} is too long: at most {n} character.",
                "{key} is too long: at most {n} characters.",
                field.max_length if field else 0,
                key=key,
            )
        case Fault.TOO_SHORT:
            return language.plural_line(
                "{key} is too short: at least {n} character.",
                "{key} is too short: at least {n} characters.",
                field.min_length if field else 0,
                key=key,
            )
        case Fault.BAD_FORM:
            says = (
                language.pick(field.pattern_says)
                if field and field.pattern_says
                else language.pick(field.hint)
                if field
                else ""
            )
            stop = "" if says.endswith((".", "。")) else "。" if language.code == "zh" else "."
            return language.line(
                "{key}: “{value}” cannot be used: {says}", key=key, value=problem.value, says=f"{says}{stop}"
            )
        case Fault.BAD_CHARACTERS:
            return language.line(
                "{key} has {character} at position {position}, which cannot be seen; say it again without.",
                key=key,
                character=problem.found,
                position=problem.position,
            )
        case Fault.LOOK_ALIKE:
            return language.line(
                "{key} has {character} at position {position}, which only looks like “{proper}”; say it with that.",
                key=key,
                character=problem.found,
                position=problem.position,
                proper=problem.nearest,
            )
        case Fault.OF_A_PERSON:
            return language.line(
                "{key} has the number of a person, {value}: what is submitted is kept, and such a number is not. Say it "
                "without; a service number like 400-800-1234 may stand there.",
                key=key,
                value=problem.value,
            )
        case Fault.NO_SUCH_PLACEHOLDER:
            return language.line("{key}: the text has no placeholder of that name.", key=key)
        case Fault.TOO_MANY_FILES:
            return language.plural_line(
                "{key}: at most {n} file.", "{key}: at most {n} files.", field.max_files if field else 1, key=key
            )
        case Fault.FILE_TOO_LARGE:
            return language.line(
                "{key}: {file} is too large, at most {most}.",
                key=key,
                file=problem.value,
                most=size(field.max_bytes) if field else "",
            )
        case Fault.FILES_TOO_LARGE:
            return language.line(
                "{key}: the files are too large, at most {most} in all.",
                key=key,
                most=size(field.max_total) if field else "",
            )
        case Fault.FILE_NOT_PLACED:
            return language.plural_line(
                "{key}: the place {place} is wrong: there is {n} file, and each has one place or none has.",
                "{key}: the place {place} is wrong: there are {n} files, and each has one place or none has.",
                problem.position,
                key=key,
                place=problem.value,
            )
        case Fault.NOT_FILED:
            return _not_filed(language, problem, key)
        case Fault.FILE_TYPED:
            return language.line("{key}: a file cannot be named here; attach it instead.", key=key)
        case Fault.FILE_MISSING:
            return language.line("{key}: there is no file {file}.", key=key, file=problem.value)
        case Fault.FILE_IS_FOLDER:
            return language.line("{key}: {file} is a folder; name a file in it.", key=key, file=problem.value)
        case Fault.FILE_UNREADABLE:
            return language.line("{key}: {file} cannot be read.", key=key, file=problem.value)
        case Fault.FILE_EMPTY:
            return language.line(
                "{key}: {file} is empty; save it again, or send it again.", key=key, file=problem.value
            )
        case Fault.FILE_DAMAGED:
            return language.line(
                "{key}: {file} is damaged or ends early ({what}); save it again, or send it again.",
                key=key,
                file=problem.value,
                what=what_it_is(language, problem.found).strip(),
            )
        case Fault.FILE_LOCKED:
            return language.line("{key}: {file} asks for a password; save it without one.", key=key, file=problem.value)
        case Fault.FILE_TOO_MANY_PIXELS:
            return language.line(
                "{key}: {file} has too many pixels; make it smaller, 4000 pixels on the longer side are enough.",
                key=key,
                file=problem.value,
            )
        case Fault.FILE_WRONG_TYPE if problem.found and field:
            return language.line(
                "{key}: {file} is {what}; {remedy}.",
                key=key,
                file=problem.value,
                what=what_it_is(language, problem.found),
                remedy=remedy(language, problem.found, type_names(field)),
            )
        case Fault.FILE_WRONG_TYPE:
            return language.line(
                "{key}: {file} is not one of {types}.", key=key, file=problem.value, types=types(language, field)
            )


def _not_filed(language: Language, problem: Problem, key: str | Code) -> Line:
    """That a digital template cannot be had with a signature yet: there is none for digital messages, or no carrier has it.

    `found` tells what each carrier says: `mobile=waiting,unicom=waiting`; it is empty where there is none. `nearest` is the
    account.
    """
    if not problem.found:
        return language.line(
            "{key}: “{name}” is not filed for digital messages. Before a template is taken, at least one carrier must have "
            "it; a signature for text messages does not count. It takes 5 to 7 working days: {command}",
            key=key,
            name=problem.value,
            command=Typed(language.pick(_FILE_IT).format(problem.nearest, problem.value)),
        )
    said = [one.partition("=") for one in problem.found.split(",")]
    carriers = [
        language.text(
            "{carrier}: {status}",
            carrier=choose(CARRIERS, carrier, language),
            status=choose(FILINGS, status, language),
        )
        for carrier, _, status in said
    ]
    return language.line(
        "{key}: no carrier has filed “{name}” for digital messages yet ({carriers}). A template can be submitted once one has.",
        key=key,
        name=problem.value,
        carriers=language.joined(carriers),
    )


_FILE_IT = Words("sign submit {} {} digital=true", "签名 提交 {} {} 数字短信=是")


def _typed_key(language: Language, field: Field, key: str) -> str:
    """The key of a field, or of one of a family: `sample.code`."""
    word = key_word(language, field)
    return f"{word}.{key.split('.', 1)[1]}" if field.type is FieldType.FAMILY and "." in key else word


def key_word(language: Language, field: Field) -> str:
    """The key as people of this language type it."""
    if language.code == "zh":
        return next((alias for alias in field.aliases if not alias.isascii()), field.key)
    return field.key


def missing_line(language: Language, field: Field, options: Sequence[str] = ()) -> Line:
    """What is still to be said, and how.

    Args:
        language: the reader's.
        field: what is missing.
        options: of a reference: what it could name.
    """
    label = language.pick(field.label)
    if field.choices:
        family = ".code" if field.type is FieldType.FAMILY else ""
        return language.line(
            "{label}: `{key}=` one of {choices}",
            label=label,
            key=key_word(language, field) + family,
            choices=choices(language, field),
        )
    if options:
        known = language.joined(list(options[:8]))
        return language.line(
            "{label}: `{key}=` one of {choices}", label=label, key=key_word(language, field), choices=known
        )
    if field.type is FieldType.FILE:
        return language.line(
            "{label}: `{key}=` a file ({types}, up to {most}). {hint}",
            label=label,
            key=key_word(language, field),
            types=types(language, field),
            most=size(field.max_bytes),
            hint=language.pick(field.hint),
        )
    return language.line(
        "{label}: `{key}=…` {hint}", label=label, key=key_word(language, field), hint=language.pick(field.hint)
    )


def choices(language: Language, field: Field) -> str:
    """The words of a choice, as people of this language type them."""
    words = [language.pick(choice.label) if language.code == "zh" else choice.word for choice in field.choices]
    return language.joined(words)


def numbered(language: Language, field: Field) -> str:
    """The choices in words, each with the number it can be answered with; in a question and when an answer is none."""
    return "  ".join(f"{position} {language.pick(choice.label)}" for position, choice in enumerate(field.choices, 1))


def labelled(language: Language, field: Field, key: str) -> str:
    """What a field is called; one of a family with its placeholder."""
    label = language.pick(field.label)
    return f"{label} {key.split('.', 1)[1]}" if field.type is FieldType.FAMILY and "." in key else label


def types(language: Language, field: Field | None) -> str:
    """The file types of a field as people call them."""
    return language.joined(type_names(field)) if field else ""


def type_names(field: Field) -> tuple[str, ...]:
    """The same one by one."""
    return tuple(dict.fromkeys(NAMES.get(media, media) for media in field.media_types))


def size(count: int) -> str:
    """Bytes as people read them, never more than they are; below two megabytes a tenth matters."""
    if MEGA <= count < 2 * MEGA and (tenths := count * 10 // MEGA) % 10:
        return f"{tenths // 10}.{tenths % 10} MB"
    return f"{count // MEGA} MB" if count >= MEGA else f"{max(1, count // 1000)} kB"


def refused_input(language: Language, title: Line, lines: Sequence[Line], examples: Sequence[str] = ()) -> Message:
    """One clear answer to bad input; nothing was changed."""
    blocks: list[Block] = [Items(tuple(lines))] if lines else []
    if examples:
        blocks.append(Commands(language.text("Example"), tuple(examples)))
    return Message(title=title, mark=Mark.BAD, blocks=tuple(blocks))
