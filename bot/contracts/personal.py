"""Personal data: what a vendor must be told of a person once, and nobody may keep.

Names, numbers of papers, phone numbers and pictures of papers are a *private* kind of field (`Field.private`). Their
values travel as papers do: beside the text, in memory only (`Attachment`, later `Paper`), never among the values that a
draft, a question, an event, a card or an export is made of. A restart forgets them, and they are asked for again.

Everything that comes in goes through `apart` and `taken_out` before anybody else reads it. Pure.
"""

import copy
import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches
from types import MappingProxyType

from bot.contracts.characters import SEPARATORS
from bot.contracts.errors import VendorError
from bot.contracts.fields import Field, FieldType, fold
from bot.contracts.hushed import ID_NUMBER, hushed
from bot.contracts.model import Attachment, Incoming, Paper, Words

Pairs = tuple[tuple[str, str], ...]

TEXT = "text/plain"
"""Media type of a private text among papers."""

# --- The fields ------------------------------------------------------------------------------------------------------

_PICTURE = ("image/jpeg", "image/png")
_ID_NUMBER_SAYS = Words("letters and digits, as on the paper", "字母和数字，与证件一致")
_PHONE_SAYS = Words("a mainland mobile number of 11 digits", "11 位内地手机号")


def _text(key: str, label: Words, hint: Words, *aliases: str, most: int = 50) -> Field:
    return Field(key=key, label=label, hint=hint, aliases=aliases, max_length=most, private=True)


def _id(key: str, label: Words, *aliases: str) -> Field:
    hint = Words("The number of the identity paper.", "证件号码。")
    field = _text(key, label, hint, *aliases, most=30)
    return replace(field, pattern=r"[A-Za-z0-9()（）-]{5,30}", pattern_says=_ID_NUMBER_SAYS)


def _phone(key: str, label: Words, *aliases: str) -> Field:
    hint = Words("A mobile number of 11 digits.", "11 位手机号。")
    field = _text(key, label, hint, *aliases, most=20)
    return replace(field, pattern=r"(?:\+?86|0086)?[ -]?1[3-9][0-9]{9}", pattern_says=_PHONE_SAYS)


def _file(key: str, label: Words, hint: Words, *aliases: str) -> Field:
    return Field(
        key=key,
        label=label,
        hint=hint,
        type=FieldType.FILE,
        aliases=aliases,
        media_types=_PICTURE,
        max_bytes=4 * 1024 * 1024,
        private=True,
    )


def _code(key: str, label: Words, sent_to: str, *aliases: str) -> Field:
    hint = Words("The vendor sends it to that phone.", "平台会发送到该手机。")
    field = _text(key, label, hint, *aliases, most=10)
    says = Words("4 to 10 letters and digits", "4～10 位字母或数字")
    return replace(field, pattern=r"[0-9A-Za-z]{4,10}", pattern_says=says, sent_to=sent_to)


_DATES_HINT = Words(
    "From and until, `2020-01-01~2030-01-01`; without an end `~2099-12-31`.",
    "如 `2020-01-01~2030-01-01`；长期填 `~2099-12-31`。",
)
_DAY = r"[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])"
DATES = rf"{_DAY}~{_DAY}"
"""A span of days as vendors write it."""
DATES_SAYS = Words("two days like 2020-01-01~2030-01-01", "两个日期，如 2020-01-01~2030-01-01")


def _dates(key: str, label: Words, *aliases: str) -> Field:
    return replace(_text(key, label, _DATES_HINT, *aliases, most=21), pattern=DATES, pattern_says=DATES_SAYS)


FIELDS: Mapping[str, Field] = MappingProxyType(
    {
        field.key: field
        for field in (
            _text(
                "handler_name",
                Words("Handler's name", "经办人姓名"),
                Words(
                    "Who handles it in the company, as on the identity paper.", "企业经办人（管理员）姓名，与证件一致。"
                ),
                "经办人姓名",
                "管理员姓名",
            ),
            _id(
                "handler_id",
                Words("Handler's identity number", "经办人证件号"),
                "经办人证件号",
                "经办人身份证号",
                "管理员证件号",
                "管理员身份证号",
            ),
            _dates(
                "handler_id_dates",
                Words("Handler's identity paper is valid", "经办人证件有效期"),
                "经办人证件有效期",
                "管理员证件有效期",
            ),
            _phone(
                "handler_phone",
                Words("Handler's mobile number", "经办人手机号"),
                "经办人手机号",
                "经办人手机",
                "管理员手机号",
                "管理员手机",
            ),
            _file(
                "handler_front",
                Words("Handler's identity paper, front", "经办人证件正面"),
                Words("The side with the emblem or as the vendor calls it, in colour.", "彩色原件照片。"),
                "经办人证件正面",
                "经办人身份证正面",
                "管理员证件正面",
            ),
            _file(
                "handler_back",
                Words("Handler's identity paper, back", "经办人证件背面"),
                Words("The other side, in colour.", "另一面，彩色原件照片。"),
                "经办人证件背面",
                "经办人身份证背面",
                "管理员证件背面",
            ),
            _file(
                "handler_photo",
                Words("Handler holding the paper", "经办人手持证件照"),
                Words("Face and paper readable.", "人像与证件均须清晰。"),
                "经办人手持证件照",
                "手持证件照",
            ),
            _code(
                "certify_code",
                Words("Code on the handler's phone", "经办人短信验证码"),
                "handler_phone",
                "管理员短信验证码",
                "经办人短信验证码",
            ),
            _text(
                "manager_name",
                Words("Responsible person's name", "负责人姓名"),
                Words("Who is responsible in the company.", "企业负责人姓名。"),
                "负责人姓名",
            ),
            _id(
                "manager_id",
                Words("Responsible person's identity number", "负责人证件号"),
                "负责人证件号",
                "负责人身份证号",
            ),
            _phone(
                "manager_phone",
                Words("Responsible person's mobile number", "负责人手机号"),
                "负责人手机号",
                "负责人手机",
            ),
            _text(
                "legal_name",
                Words("Legal representative's name", "法人姓名"),
                Words("As on the business licence.", "与营业执照一致。"),
                "法人姓名",
                "法定代表人姓名",
            ),
            _id(
                "legal_id",
                Words("Legal representative's identity number", "法人证件号"),
                "法人证件号",
                "法人身份证号",
                "法定代表人证件号",
            ),
            _dates(
                "legal_id_dates",
                Words("Legal representative's identity paper is valid", "法人证件有效期"),
                "法人证件有效期",
            ),
            _file(
                "legal_front",
                Words("Legal representative's identity paper, front", "法人证件正面"),
                Words("Only where the name and number could not be checked.", "仅在姓名与证件号核验不通过时需要。"),
                "法人证件正面",
                "法人身份证正面",
            ),
            _file(
                "legal_back",
                Words("Legal representative's identity paper, back", "法人证件背面"),
                Words("Only where the name and number could not be checked.", "仅在姓名与证件号核验不通过时需要。"),
                "法人证件背面",
                "法人身份证背面",
            ),
        )
    }
)
"""The private fields of all vendors by key; a vendor narrows them with `dataclasses.replace`."""


def _names(field: Field) -> Iterable[str]:
    return (field.key, *field.aliases, field.label.en, field.label.zh)


_KEYS = {fold(name): field.key for field in FIELDS.values() for name in _names(field)}

_TEXTS = {name: key for name, key in _KEYS.items() if FIELDS[key].type is not FieldType.FILE}

_NEAR = 0.8


def private(key: str) -> bool:
    """Whether what goes by this key, in any spelling, is personal data."""
    return fold(key) in _KEYS


# --- Taken apart -----------------------------------------------------------------------------------------------------

# A key, what stands between it and its value, and a value in quotation marks where there are any.
_PAIR = re.compile(
    r"(?P<key>[^\s:：﹕=＝﹦,，;；、。\"“”「」]{1,40}(?: [^\s:：﹕=＝﹦,，;；、。\"“”「」]{1,20}){0,3}?)\s*[:：﹕=＝﹦](?!//)[ \t\u3000]*"
    r"(?P<quoted>\"[^\"]*\"|“[^”]*”|「[^」]*」)?"
)

# What ends a value without quotation marks: a line, or the next key.
_NEXT = re.compile(r"\n|[\s,，;；]+[^\s:：﹕=＝﹦,，;；]{1,40}\s*[:：﹕=＝﹦]")


def taken_out(text: str) -> tuple[str, dict[str, tuple[Attachment, ...]]]:
    """A text without the personal data that was typed into it, and that.

    Args:
        text: as typed. A value goes to its closing quotation mark, otherwise to the next key or the end of the line: too
            much is taken rather than too little. Placeholders of a template are none.
    """
    found: dict[str, tuple[Attachment, ...]] = {}
    left: list[str] = []
    at = position = 0
    while (pair := _PAIR.search(text, position)) is not None:
        key = _key(pair["key"])
        position = pair.end()
        if key is None or text.startswith(("$", "{"), position):
            continue
        if pair["quoted"] is None:
            ends = _NEXT.search(text, position)
            position = ends.start() if ends is not None else len(text)
        begin = pair.start("key") + len(pair["key"]) - len(_last_words(pair["key"]))
        value = text[pair.end() : position] if pair["quoted"] is None else pair["quoted"][1:-1]
        found |= kept(key, value.strip(f"{SEPARATORS} 。"))
        left.append(text[at:begin])
        behind = text[position:]
        at = position = position + len(behind) - len(behind.lstrip(f"{SEPARATORS} 。\t\u3000"))
    return ("".join((*left, text[at:])).strip() if found else text), found


def _last_words(said: str) -> str:
    """Of the words before a sign, those that are the key."""
    words = said.split(" ")
    return next((tail for one in range(len(words)) if fold(tail := " ".join(words[one:])) in _TEXTS), words[-1])


def _key(said: str) -> str | None:
    """The private key that a word means, also with a slip in it."""
    word = fold(_last_words(said))
    near = [word] if word in _TEXTS else get_close_matches(word, _TEXTS, n=1, cutoff=_NEAR) if len(word) > 3 else []
    return _TEXTS[near[0]] if near else None


def kept(key: str, value: str) -> dict[str, tuple[Attachment, ...]]:
    """A private text as it is held; nothing where it is empty."""
    return {key: (Attachment(key, value.encode()),)} if value else {}


def apart(values: Pairs) -> tuple[Pairs, dict[str, tuple[Attachment, ...]]]:
    """Values without personal data, and that, as it is held."""
    found: dict[str, tuple[Attachment, ...]] = {}
    for key, value in values:
        if fold(key) in _TEXTS:
            found |= kept(_TEXTS[fold(key)], value)
    return tuple(pair for pair in values if fold(pair[0]) not in _TEXTS), found


def set_apart(incoming: Incoming) -> tuple[Incoming, bool]:
    """Something said without the personal data in it, which stands beside it as files do; and whether it was typed."""
    text, typed = taken_out(incoming.text)
    values, filled = apart(incoming.values)
    if not typed and not filled:
        return incoming, False
    styled = incoming.styled if not typed else ()
    papers = MappingProxyType({**incoming.papers, **filled, **typed})
    return replace(incoming, text=text, values=values, papers=papers, styled=styled), bool(typed)


def told(files: Mapping[str, Sequence[Attachment]]) -> Pairs:
    """The private texts among files that are held, as keys and values."""
    return tuple(
        (key, one.content.decode(errors="replace")) for key, given in files.items() if key in _TEXTS for one in given
    )


def as_papers(values: Mapping[str, str]) -> tuple[dict[str, str], dict[str, tuple[Paper, ...]]]:
    """Values without the private ones, and those as they go to a vendor beside them."""
    public = {key: value for key, value in values.items() if key not in _TEXTS}
    return public, {key: (Paper(key, value.encode(), TEXT),) for key, value in values.items() if key in _TEXTS}


def text_of(papers: Mapping[str, Sequence[Paper]], key: str) -> str:
    """A private text of a submission; empty where there is none."""
    given = papers.get(key, ())
    return given[0].content.decode(errors="replace") if given else ""


_SEAL = secrets.token_bytes(32)


def sealed(key: str, paper: Paper) -> dict[str, str]:
    """By what it is known that the same personal data comes again; nothing of a code, which is another one each time.

    No plain digest: all numbers of a phone or an identity paper can be tried. The key of this one is gone with the process,
    as what it seals is.
    """
    field = FIELDS.get(_KEYS[fold(key)])
    if field is not None and field.sent_to:
        return {}
    return {"seal": hmac.new(_SEAL, paper.content, hashlib.sha256).hexdigest()}


# --- Never shown -----------------------------------------------------------------------------------------------------


def is_id_number(text: str) -> bool:
    """Whether a text is nothing but a resident identity number."""
    return ID_NUMBER.fullmatch(fold(text).strip(f"{SEPARATORS} 。.")) is not None


def without(text: str, papers: Mapping[str, Sequence[Paper]]) -> str:
    """What a vendor said of a submission without the personal data that it was sent, and without numbers of persons at all."""
    held = sorted((text_of(papers, key) for key in papers if key in _TEXTS), key=len, reverse=True)
    for value in held:
        if len(value) > 1:
            text = _in_any_spelling(value).sub("…", text)
    return hushed(text)


_BETWEEN = r"[\s()（）\-‐-―－]"
"""What stands within a number in one spelling and not in another: `(0755) 8612 3456`, `0755-86123456`."""


def _in_any_spelling(value: str) -> re.Pattern[str]:
    """A private text as it may be said back; a number in groups or without."""
    bare = re.sub(_BETWEEN, "", value)
    if sum(map(str.isdigit, bare)) < _FEWEST:
        return re.compile(re.escape(value))
    return re.compile(f"{_BETWEEN}{{0,2}}".join(map(re.escape, bare)), re.IGNORECASE)


_FEWEST = 7
"""Figures of the shortest telephone number."""


def without_in(error: VendorError, papers: Mapping[str, Sequence[Paper]]) -> VendorError:
    """The same of a refusal."""
    message = without(error.message, papers)
    if message == error.message:
        return error
    clean = copy.copy(error)
    clean.message, clean.args = message, (f"{error.code}: {message}",)
    return clean
