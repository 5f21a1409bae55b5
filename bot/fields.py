"""Field declarations: what a submission is made of, declared once.

Every chat builds its form or its dialogue from them, the check of what was typed reads them, and a vendor's wire
module takes the codes of its choices from them. The vocabulary (keys, labels, Chinese aliases) is common to all
vendors and stands here; a vendor's folder narrows it with `dataclasses.replace`: its choices and codes, its limits,
what it insists on. Pure.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.model import Words


class FieldType(StrEnum):
    """How a field is asked for."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    CHOICE = "choice"
    FLAG = "flag"
    LINK = "link"
    FILE = "file"
    REFERENCE = "reference"  # the id of something the vendor already has; `Vendor.options` lists it
    FAMILY = "family"  # dotted keys, one for each placeholder of the text: `sample.code`


@dataclass(frozen=True, slots=True)
class When:
    """A condition on another field: holds when its value is one of `words` (or set at all, when there are none)."""

    key: str
    words: tuple[str, ...] = ()

    def holds(self, values: Mapping[str, str]) -> bool:
        """Whether it holds for what was filled in so far."""
        value = values.get(self.key, "")
        return value in self.words if self.words else bool(value)


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a choice.

    Args:
        word: what people type and the record keeps.
        code: what this vendor calls it on the wire.
        label: what a form shows.
        aliases: other words for it, Chinese ones among them.
        only: a default is this one only under this condition.
    """

    word: str
    label: Words
    aliases: tuple[str, ...] = ()
    code: int | str = ""
    only: When | None = None


@dataclass(frozen=True, slots=True)
class Field:
    """One thing a submission may or must have.

    Args:
        key: the word people type, the same for every vendor.
        label: what a form calls it.
        hint: one sentence of help: limits, what passes more easily.
        type: how it is asked for.
        aliases: other spellings of the key, Chinese ones among them.
        required: always, never, or under a condition.
        shown: asked for only under this condition.
        choices: of a choice.
        min_length: characters, both ends included.
        max_length: characters, both ends included.
        pattern: a full match that the text must be, with `pattern_says` for people.
        pattern_says: the pattern in words.
        default: taken when nothing was said.
        options: of a reference: what `Vendor.options` is asked for, e.g. `qualifications`.
        media_types: of a file, by magic bytes.
        max_bytes: of a file.
        max_files: how many files.
        or_id: of a file: the vendor may have it already, then its id is taken instead.
        why: why this vendor asks for it, shown where others do not ask.
        source: where the limits were read.
    """

    key: str
    label: Words
    hint: Words
    type: FieldType = FieldType.TEXT
    aliases: tuple[str, ...] = ()
    required: bool | When = False
    shown: When | None = None
    choices: tuple[Choice, ...] = ()
    min_length: int = 0
    max_length: int = 2000
    pattern: str = ""
    pattern_says: Words | None = None
    default: str = ""
    options: str = ""
    media_types: tuple[str, ...] = ()
    max_bytes: int = 0
    max_files: int = 1
    or_id: bool = False
    why: Words | None = None
    source: str = ""

    def needed(self, values: Mapping[str, str]) -> bool:
        """Whether it must be filled in, given the other values."""
        if self.shown is not None and not self.shown.holds(values):
            return False
        return self.required.holds(values) if isinstance(self.required, When) else self.required

    def choice(self, word: str) -> Choice | None:
        """The choice that goes by this word, alias or label."""
        folded = fold(word)
        for choice in self.choices:
            names = (choice.word, *choice.aliases, choice.label.en, choice.label.zh)
            if folded in (fold(name) for name in names):
                return choice
        return None

    def code(self, word: str) -> int | str:
        """What this vendor calls a choice on the wire.

        Raises:
            KeyError: the word is no choice of this field.
        """
        for choice in self.choices:
            if choice.word == word:
                return choice.code
        raise KeyError(word)


class Fault(StrEnum):
    """What can be wrong with one field; `bot.wording` says it in words."""

    MISSING = "missing"
    UNKNOWN_KEY = "unknown_key"
    NOT_A_CHOICE = "not_a_choice"
    NOT_A_FLAG = "not_a_flag"
    NOT_A_LINK = "not_a_link"
    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    BAD_FORM = "bad_form"
    BAD_CHARACTERS = "bad_characters"
    NO_SUCH_PLACEHOLDER = "no_such_placeholder"
    TOO_MANY_FILES = "too_many_files"
    FILE_TYPED = "file_typed"
    FILE_MISSING = "file_missing"
    FILE_IS_FOLDER = "file_is_folder"
    FILE_UNREADABLE = "file_unreadable"
    FILE_TOO_LARGE = "file_too_large"
    FILE_EMPTY = "file_empty"
    FILE_NOT_WHAT_IT_SAYS = "file_not_what_it_says"
    FILE_WRONG_TYPE = "file_wrong_type"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, apart from its wording.

    Args:
        key: the field's key as typed.
        fault: what is wrong.
        value: what was typed, shortened; never the content of a file.
        field: the declaration at hand, when there is one.
        nearest: a known word that was probably meant.
    """

    key: str
    fault: Fault
    value: str = ""
    field: Field | None = None
    nearest: str = ""


_TRUE = ("true", "yes", "y", "1", "是", "对")
_FALSE = ("false", "no", "n", "0", "否", "不")
_LINK = re.compile(r"https?://[^\s<>\"'|]{1,500}")


def fold(word: str) -> str:
    """A word as it is compared: NFKC, lower case, no outer spaces (spec 3)."""
    return unicodedata.normalize("NFKC", word).strip().casefold()


def unsafe(text: str) -> str:
    """The invisible characters of a text that no name or value may carry: controls, bidi marks, surrogates.

    Line feeds and tabs are left alone; free text may have them.
    """
    kinds = {"Cc", "Cf", "Cs", "Co", "Cn"}
    return "".join(
        character for character in text if character not in "\n\t" and unicodedata.category(character) in kinds
    )


def field_for(key: str, fields: Iterable[Field]) -> Field | None:
    """The field that goes by this key or alias; a dotted key finds its family."""
    folded = fold(key)
    head = folded.split(".", 1)[0]
    for field in fields:
        names = {fold(name) for name in (field.key, *field.aliases)}
        if folded in names or (field.type is FieldType.FAMILY and "." in folded and head in names):
            return field
    return None


def canonical_key(key: str, field: Field) -> str:
    """The key as the record keeps it: aliases resolved, the part behind the dot as typed."""
    if field.type is FieldType.FAMILY and "." in key:
        return f"{field.key}.{key.split('.', 1)[1].strip()}"
    return field.key


def check_value(field: Field, key: str, value: str) -> tuple[str, Problem | None]:
    """One value against its declaration.

    Args:
        field: the declaration.
        key: the key as typed, for the problem.
        value: what was typed.

    Returns:
        The value as the record keeps it, and what is wrong with it, if anything.
    """
    shown = value[:60]
    match field.type:
        case FieldType.CHOICE:
            found = field.choice(value)
            return (found.word, None) if found else (value, Problem(key, Fault.NOT_A_CHOICE, shown, field))
        case FieldType.FLAG:
            folded = fold(value)
            if folded in _TRUE or folded in _FALSE:
                return ("true" if folded in _TRUE else "false"), None
            return value, Problem(key, Fault.NOT_A_FLAG, shown, field)
        case FieldType.LINK:
            if not _LINK.fullmatch(value.strip()):
                return value, Problem(key, Fault.NOT_A_LINK, shown, field)
            value = value.strip()
        case FieldType.TEXT | FieldType.LONG_TEXT | FieldType.REFERENCE | FieldType.FAMILY | FieldType.FILE:
            value = value.strip()
    return value, _text_problem(field, key, value)


def _text_problem(field: Field, key: str, value: str) -> Problem | None:
    shown = value[:60]
    multiline = field.type is FieldType.LONG_TEXT
    if unsafe(value) or (not multiline and "\n" in value):
        return Problem(key, Fault.BAD_CHARACTERS, shown, field)
    if len(value) > field.max_length:
        return Problem(key, Fault.TOO_LONG, shown, field)
    if len(value) < field.min_length:
        return Problem(key, Fault.TOO_SHORT, shown, field)
    if field.pattern and not re.fullmatch(field.pattern, value):
        return Problem(key, Fault.BAD_FORM, shown, field)
    return None


# The vocabulary of spec 3. A vendor replaces choices (with its codes), limits and `required`.

NAME = Field(
    key="name",
    label=Words("Name", "名称"),
    hint=Words("The signature's text, or the template's name.", "签名内容，或模板名称。"),
    aliases=("名称", "签名名称", "模板名称"),
    required=True,
    max_length=100,
)

SOURCES = {
    "company": Choice("company", Words("company name", "企业名称"), ("企业", "公司", "企业名称", "企事业单位")),
    "app": Choice("app", Words("app", "应用"), ("应用", "app名称")),
    "website": Choice("website", Words("website", "网站"), ("网站",)),
    "account": Choice(
        "account", Words("official account or mini program", "公众号或小程序"), ("公众号", "小程序", "公众号或小程序")
    ),
    "trademark": Choice("trademark", Words("trademark", "商标"), ("商标", "商标名称")),
    "government": Choice(
        "government", Words("government or institution", "政府机关或事业单位"), ("政府", "事业单位", "政府机关")
    ),
}
SOURCE = Field(
    key="source",
    label=Words("Source of the name", "签名来源"),
    hint=Words("Where the name comes from.", "签名取自哪里。"),
    type=FieldType.CHOICE,
    aliases=("来源", "签名来源"),
    required=True,
    choices=tuple(SOURCES.values()),
)

PURPOSES = {
    "self": Choice("self", Words("own use", "自用"), ("自用", "own")),
    "other": Choice("other", Words("for another company", "他用"), ("他用", "others", "third_party")),
}
PURPOSE = Field(
    key="purpose",
    label=Words("Own use or for others", "用途"),
    hint=Words("For another company an authorisation letter is needed.", "他用需要授权委托书。"),
    type=FieldType.CHOICE,
    aliases=("用途",),
    required=True,
    choices=tuple(PURPOSES.values()),
    default="self",
)

USAGES = {
    "general": Choice("general", Words("general", "通用"), ("通用",)),
    "otp": Choice("otp", Words("verification codes only", "仅验证码"), ("验证码", "仅验证码")),
}
USAGE = Field(
    key="usage",
    label=Words("Used for", "适用范围"),
    hint=Words("`general` fits every kind of text.", "通用签名可用于各类短信。"),
    type=FieldType.CHOICE,
    aliases=("范围", "适用", "适用范围"),
    choices=tuple(USAGES.values()),
    default="general",
)

QUALIFICATION = Field(
    key="qualification",
    label=Words("Qualification", "资质"),
    hint=Words("The id of an approved qualification.", "已通过的资质 ID。"),
    type=FieldType.REFERENCE,
    aliases=("资质", "资质id"),
    required=True,
    max_length=40,
    options="qualifications",
)

PAPER = Field(
    key="paper",
    label=Words("Papers", "证明文件"),
    hint=Words("The business licence or the certificate that proves the name.", "营业执照或可证明名称的证书。"),
    type=FieldType.FILE,
    aliases=("证明", "证件", "文件", "证明文件", "附件"),
    media_types=("image/jpeg", "image/png"),
    max_bytes=4 * 1024 * 1024,
)

LETTER = Field(
    key="letter",
    label=Words("Authorisation letter", "授权委托书"),
    hint=Words("Sealed, in force, naming this signature.", "须盖章、在有效期内，并写明该签名。"),
    type=FieldType.FILE,
    aliases=("授权书", "委托书", "授权委托书"),
    required=When("purpose", ("other",)),
    shown=When("purpose", ("other",)),
    media_types=("image/jpeg", "image/png"),
    max_bytes=4 * 1024 * 1024,
)

LINK = Field(
    key="link",
    label=Words("Link", "链接"),
    hint=Words("The page, shop or site where the name or text is used.", "使用该名称或内容的页面或商店链接。"),
    type=FieldType.LINK,
    aliases=("链接", "网址"),
    max_length=500,
)

REMARK = Field(
    key="remark",
    label=Words("Note to the reviewer", "说明"),
    hint=Words("What it is for and where it is live; a web address helps.", "用途与上线情况，附网址更容易通过。"),
    type=FieldType.LONG_TEXT,
    aliases=("说明", "备注", "申请说明"),
    max_length=200,
)

INTERNATIONAL = Field(
    key="international",
    label=Words("For numbers outside the mainland", "国际短信"),
    hint=Words("International, Hong Kong, Macao and Taiwan messages.", "用于国际/港澳台短信。"),
    type=FieldType.FLAG,
    aliases=("国际", "国际短信"),
    default="false",
)

TYPES = {
    "otp": Choice("otp", Words("verification code", "验证码"), ("验证码", "verification")),
    "notice": Choice("notice", Words("notification", "通知"), ("通知", "通知短信", "notification")),
    "promo": Choice("promo", Words("marketing", "营销"), ("营销", "推广", "推广短信", "marketing", "promotion")),
}
TYPE = Field(
    key="type",
    label=Words("Kind of text", "模板类型"),
    hint=Words("Verification code, notification or marketing.", "验证码、通知或营销。"),
    type=FieldType.CHOICE,
    aliases=("类型", "模板类型"),
    required=True,
    choices=tuple(TYPES.values()),
)

CONTENT = Field(
    key="content",
    label=Words("Text", "内容"),
    hint=Words(
        "Placeholders are written ${code}; the signature is added by the vendor.",
        "变量写作 ${code}；签名由平台自动添加。",
    ),
    type=FieldType.LONG_TEXT,
    aliases=("内容", "模板内容", "正文"),
    required=True,
    max_length=500,
)

SIGN = Field(
    key="sign",
    label=Words("Signature", "签名"),
    hint=Words("An approved signature it will be sent with.", "与之配合发送的已通过签名。"),
    type=FieldType.REFERENCE,
    aliases=("签名", "关联签名"),
    max_length=20,
    options="signatures",
)

SAMPLE = Field(
    key="sample",
    label=Words("Sample values", "变量示例"),
    hint=Words("A sample for each placeholder: sample.code=1234.", "每个变量一个示例：sample.code=1234。"),
    type=FieldType.FAMILY,
    aliases=("示例", "样例"),
    max_length=100,
)

VARIABLE_KIND = Field(
    key="kind",
    label=Words("Kinds of the placeholders", "变量属性"),
    hint=Words("The vendor's kind for a placeholder: kind.code=…", "变量在平台上的属性：kind.code=…"),
    type=FieldType.FAMILY,
    aliases=("变量属性", "属性"),
    max_length=40,
)

VOCABULARY = {
    field.key: field
    for field in (
        NAME,
        SOURCE,
        PURPOSE,
        USAGE,
        QUALIFICATION,
        PAPER,
        LETTER,
        LINK,
        REMARK,
        INTERNATIONAL,
        TYPE,
        CONTENT,
        SIGN,
        SAMPLE,
        VARIABLE_KIND,
    )
}
"""The common fields by key, for what is said of them apart from a vendor."""
