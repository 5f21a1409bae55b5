"""A draft read once for all rules: its text folded, with its variables, links, numbers and accounts found. Pure.

Rules look into the folded text, in which case, width, traditional script, look-alikes and what nobody sees make no
difference, so that nothing hides behind them; what they find is told in places of the text as it was typed.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from bot.contracts.characters import unseen
from bot.contracts.rules import Draft
from bot.requests.check.script import simplified

VARIABLE = "\ue000"
"""What stands for a variable in a folded text: one character, so that texts around it are simply beside it."""

_VARIABLE = re.compile(r"\$\{([^{}$]*)\}")

_LOOK_ALIKES = str.maketrans(
    "аеорсухкмнтвіјѕԁɡɩοανρτυικχβｏ",
    "aeopcyxkmhtbijsdgloavptuikxbo",  # Cyrillic and Greek that pass for Latin
)


@lru_cache(maxsize=1024)
def pattern(*parts: str) -> re.Pattern[str]:
    """One expression that finds any of these; compiled when it is first needed."""
    return re.compile("|".join(f"(?:{part})" for part in parts))


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of the text as it was typed: from, to, and its words in the folded text."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Variable:
    """A placeholder: its name, its place as typed, and its place in the folded text."""

    name: str
    start: int
    end: int
    at: int


class Folded:
    """A text in which nothing can hide.

    Args:
        original: as it was typed.
    """

    def __init__(self, original: str) -> None:
        self.original = original
        plain = simplified(original)
        characters: list[str] = []
        starts: list[int] = []
        ends: list[int] = []
        variables: list[Variable] = []
        at = 0
        for match in [*_VARIABLE.finditer(original), None]:
            until = match.start() if match else len(original)
            for index in range(at, until):
                one = _folded(plain[index])
                if one and not (one == " " and _between_hanzi(original, index)):
                    characters.append(one)
                    starts.append(index)
                    ends.append(index + 1)
            if match:
                variables.append(Variable(match.group(1), match.start(), match.end(), len(characters)))
                characters.append(VARIABLE)
                starts.append(match.start())
                ends.append(match.end())
                at = match.end()
        self.text = "".join(characters)
        self.variables = tuple(variables)
        self._starts, self._ends = starts, ends

    def span(self, start: int, end: int) -> Span:
        """A piece of the folded text, in places of the original."""
        if start >= end:
            return Span(len(self.original), len(self.original), "")
        return Span(self._starts[start], self._ends[end - 1], self.text[start:end])

    def all(self, *parts: str) -> Iterator[Span]:
        """Everything that one of these expressions finds."""
        for match in pattern(*parts).finditer(self.text):
            if match.end() > match.start():
                yield self.span(match.start(), match.end())

    def first(self, *parts: str) -> Span | None:
        """The first that one of these expressions finds."""
        return next(self.all(*parts), None)


@lru_cache(4096)  # a text has few different characters
def _folded(character: str) -> str:
    """One character as it is compared; empty for what nobody sees."""
    if character.isascii():
        return character.lower()
    if unicodedata.category(character) == "Zs":
        return " "
    if unseen(character):
        return ""
    narrow = unicodedata.normalize("NFKC", character)
    low = (narrow if len(narrow) == 1 else character).lower().translate(_LOOK_ALIKES)
    return low if len(low) == 1 else character


def _between_hanzi(text: str, index: int) -> bool:
    """Whether a blank stands between two Chinese characters, where no words are apart."""
    before = text[:index].rstrip()[-1:]
    behind = text[index:].lstrip()[:1]
    return is_hanzi(before) and is_hanzi(behind)


def is_hanzi(character: str) -> bool:
    """Whether it is a Chinese character."""
    return len(character) == 1 and ("\u3400" <= character <= "\u9fff" or character == "\u3007")


# What ends a domain that people write without `www.` or a scheme; a file name or a version has none of these behind it.
_ENDINGS = (
    "com|cn|net|org|cc|top|xyz|vip|info|biz|me|io|tv|co|club|shop|site|online|store|ltd|wang|link|app|dev|tech|cloud|ink|"
    "pro|mobi|asia|hk|tw|mo|ly|im|gd|gg|is|to|jp|uk|us|eu|de|fr|ru|kr|sg|my|th|vn|id|in|au|ca|gov|edu|ai|so|la|ws|fun|win|"
    "work|live|run|today|group|page|wiki|plus|run|icu|cyou|love|red|ren|kim|ga|tk|ml|cf|gl|it|sh|st|one|art|life|center"
)
_HOST = rf"[a-z0-9{VARIABLE}](?:[a-z0-9{VARIABLE}-]{{0,40}}[a-z0-9{VARIABLE}])?"
_TAIL = rf"(?:[/?#][a-z0-9\-._~:/?#@!$&'()*+;=%{VARIABLE}]*)?"

LINK = (
    rf"(?:https?|ftp)\s*:\s*//[a-z0-9{VARIABLE}][a-z0-9\-._~:/?#@!$&'()*+;=%{VARIABLE}]*",
    rf"(?<![a-z0-9@.-])www\.[a-z0-9{VARIABLE}][a-z0-9\-._~:/?#@!$&'()*+;=%{VARIABLE}]*",
    rf"(?<![a-z0-9@.{VARIABLE}-])(?:{_HOST}\.){{1,4}}(?:{_ENDINGS})(?![a-z0-9-])(?::\d+)?{_TAIL}",
    r"(?<![\d.])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?![\d.])(?::\d+)?(?:/[a-z0-9\-._~/?#=&%]*)?",
)

MAIL = r"(?<![a-z0-9._+-])[a-z0-9._+-]{1,64}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,4}"

_GAP = r"[\s\-—–._·*]?"
MOBILE = rf"(?<![\d{VARIABLE}])(?:\+?86{_GAP})?1[3-9]\d(?:{_GAP}\d){{8}}(?!\d)"

CALL = r"(?:电话|致电|拨打|来电|热线|座机|咨询|客服|详询|固话|tel|phone|号码|联系)"
PHONE = (
    r"(?<!\d)[48]00[-\s]?\d{3}[-\s]?\d{4}(?!\d)",
    r"(?<!\d)[48]00-\d{4}-\d{3}(?!\d)",
    r"(?<![\d-])(?:\+?86[-\s]?)?\(?0\d{2,3}\)?[-\s]?\d{7,8}(?:-\d{1,5})?(?!\d)",
    r"(?<!\d)9[56]\d{3,6}(?!\d|元|分|件|个|天|年|号楼)",
    r"(?<!\d)(?:10086|10010|10000|10099|1[02]\d{3}|12\d{3})(?=[^\d]|$)(?!元|分|件|个|天|年|[-/:.])",
    rf"{CALL}[^\d,。;!?{VARIABLE}]{{0,6}}(?<!\d)\d{{3,4}}[-\s]?\d{{3,8}}(?:-\d{{1,5}})?(?!\d|元|折|%)",
)

_CHAT = (
    r"(?:微信|wechat|weixin|qq|扣扣|企鹅|旺旺|钉钉|抖音|小红书|闲鱼|快手|陌陌|微博|淘宝|whatsapp|telegram|电报|line|"
    r"facebook|skype|飞机号|企微|企业微信|vx|v信|威信|薇信|微芯|wx|徽信|葳信)"
)
# "QQ login", "WeChat payment": behind a name in Latin letters a mere word is none of its accounts.
_MERE_WORD = r"(?!(?<=[a-z])\s+(?!id|no|account|number|group)[a-z]+(?![a-z0-9_-]))"
SOCIAL = (
    rf"{_CHAT}{_MERE_WORD}\s*(?:号码|号|群号|群|id|账号|帐号|客服)?\s*[:：是为]?\s*(?:[a-z][a-z0-9_-]{{4,}}|\d{{5,12}}|{VARIABLE})",
    rf"(?:添加|加|搜索?|联系|私信|扫码加?|咨询)[^,。;!?]{{0,6}}{_CHAT}",
    rf"(?:添加|加)(?:入|一下|我|他|她|我们)?(?:的)?(?:官方|粉丝|福利|业主|客户|会员|学习|家长|交流)?(?:好友|群|{_CHAT})",
    r"(?:进|入|拉)(?:粉丝|福利|交流|会员|学习|业主)?群(?![众组体])",
    r"(?:群号|群聊号?|v信号?|微信号|qq号|qq群)\s*[:：是为]?",
    r"扫码(?:进群|入群|加群|添加|加)",
    r"加(?:我|您的)?(?:专属)?(?:客服|顾问|老师|管家|助理)(?=[,。;!?]|微信|$|领|获|了解|咨询)",
)

OPT_OUT = (
    r"(?:如?不需要?[^,。;!?]{0,8})?(?:回复?|发送?|直接回)\s*[\[\(\"“'‘]?\s*(?:td|tdt|t|n|r|q|qx|d|0000|00|0|退订|退|取消)\s*[\]\)\"”'’]?\s*(?:可|即可|以)?\s*(?:退订|取消订阅|拒收|取消|退)",
    r"(?:退订|拒收|取消订阅|不再接收|取消接收|屏蔽|谢绝)[^,。;!?]{0,4}(?:回复?|发送?)?\s*[\[\(\"“'‘]?\s*(?:td|tdt|[tnrqd]|0000|00|0)(?![a-z0-9])\s*[\]\)\"”'’]?",
    r"(?:退订|拒收)(?:请)?(?:回复?|发送?)[^,。;!?\s]{0,6}",
    r"(?:退订|取消订阅|拒收)(?:此类|该)?(?:短信|消息)?(?:请)?(?:联系|致电|拨打|点击|戳)",
)

STANDARD_OPT_OUT = "拒收请回复R"
"""The one opt-out that passes at every vendor today (facts: Alibaba 10.2, Tencent 7.3, UCloud 7.4)."""

_CLAUSE = re.compile(r"[^,;!?。，；！？\n]*[,;!?。，；！？\n]*")


class Reading:
    """A draft as the rules read it.

    Args:
        draft: what was said.
    """

    def __init__(self, draft: Draft) -> None:
        self.draft = draft

    @cached_property
    def name(self) -> Folded:
        """The name folded."""
        return Folded(self.draft.name)

    @cached_property
    def text(self) -> Folded:
        """The template's text folded."""
        return Folded(self.draft.content)

    @cached_property
    def company(self) -> str:
        """The company's name folded."""
        return Folded(self.draft.company).text

    def value(self, key: str) -> str:
        """Anything else that was said; empty when it was not."""
        return self.draft.values.get(key, "")

    @cached_property
    def links(self) -> tuple[Span, ...]:
        """Every address in the text, with variables in it."""
        return tuple(self.text.all(*LINK))

    @cached_property
    def mails(self) -> tuple[Span, ...]:
        """Every mail address in the text."""
        return tuple(self.text.all(MAIL))

    @cached_property
    def mobiles(self) -> tuple[Span, ...]:
        """Every mobile number in the text."""
        return self._outside(self.text.all(MOBILE))

    @cached_property
    def phones(self) -> tuple[Span, ...]:
        """Every other telephone number in the text."""
        return self._outside(self.text.all(*PHONE), (*self.mobiles, *self.socials))

    @cached_property
    def socials(self) -> tuple[Span, ...]:
        """Every account or group of a chat that the reader is to add."""
        return self._outside(self.text.all(*SOCIAL))

    @cached_property
    def opt_outs(self) -> tuple[Span, ...]:
        """Every way to unsubscribe that the text offers."""
        return tuple(self.text.all(*OPT_OUT))

    @cached_property
    def without_links(self) -> str:
        """The folded text with links blanked out, places kept."""
        text = self.text.text
        for match in pattern(*LINK, MAIL).finditer(text):
            text = text[: match.start()] + " " * (match.end() - match.start()) + text[match.end() :]
        return text

    @cached_property
    def fixed(self) -> str:
        """What stays the same in every message: the folded text without variables and opt-out."""
        return pattern(*OPT_OUT).sub("", self.text.text).replace(VARIABLE, " ")

    @cached_property
    def clauses(self) -> tuple[tuple[int, int], ...]:
        """The text as typed cut behind every mark that ends a clause, links kept whole."""
        cuts: list[tuple[int, int]] = []
        start = 0
        spans = [(one.start, one.end) for one in (*self.links, *self.mails)]
        for match in _CLAUSE.finditer(self.draft.content):
            end = match.end()
            if end > start and not any(a < end < b for a, b in spans):
                cuts.append((start, end))
                start = end
        return tuple(cuts)

    def clause(self, place: Span) -> tuple[int, int]:
        """The clause or clauses that a piece of the text stands in."""
        inside = [(a, b) for a, b in self.clauses if a < place.end and place.start < b]
        return (inside[0][0], inside[-1][1]) if inside else (place.start, place.end)

    def _outside(self, found: Iterator[Span], taken: Sequence[Span] = ()) -> tuple[Span, ...]:
        """Without what lies in a link, a mail address or something that was taken already, or in one another."""
        kept: list[Span] = []
        for one in sorted(found, key=lambda span: (span.start, -span.end)):
            if not any(
                one.start < other.end and other.start < one.end for other in (*self.links, *self.mails, *taken, *kept)
            ):
                kept.append(one)
        return tuple(kept)


def without(text: str, pieces: Sequence[tuple[int, int]]) -> str:
    """A text without some of its pieces, and without the marks that are left over where they stood."""
    for start, end in sorted(pieces, reverse=True):
        text = text[:start] + text[end:]
    return tidied(text)


def tidied(text: str) -> str:
    """A text without marks that begin it or follow one another because something between them is gone."""
    text = re.sub(r"([,;，；、])\s*([,;，；、。.！!？?])", r"\2", text)
    text = re.sub(r"^[\s,;，；、。:：]+", "", text)
    return re.sub(r"[\s,;，；、:：]+$", "", text)
