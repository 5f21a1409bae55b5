"""Digits that are part of an identifier, of ours or of a vendor, and so no number of a person. Pure.

Eleven digits that begin like a mobile number stand by chance in request ids, template codes, order numbers and addresses.
Whoever masks numbers asks here first (`bot.contracts.hushed`). In doubt it is a number: an identifier is told by what
stands right beside it, never by words further away (`订单13912345678的` is a number).
"""

import re

KEYS = (
    "id",
    "编号",
    "qualification",
    "资质",
    "资质id",
    "letter",
    "授权书",
    "委托书",
    "授权委托书",
    "trademark",
    "商标",
    "icp_record",
    "icp备案",
)
"""Keys whose value is the id of something that the vendor has, as they are typed in commands; the first two mean other things
behind a word (`微信id=`)."""

ESCAPED = r"(?<=\\u[0-9A-Fa-f]{4})|(?<=\\x[0-9A-Fa-f]{2})|(?<=%[0-9A-Fa-f]{2})"
"""Behind a character that was written out, as in a log: what stands behind it begins anew."""

TELEPHONE = re.compile(
    r"(?:tel|telephone|phone|mobile|mob|cell|cellphone|call|dial|contact|to|from|at|by|whatsapp|wechat|weixin"
    r"|[wv]x|qq)",
    re.IGNORECASE,
)
"""Words that people write right before a telephone number, without a blank."""

IDENTITY = re.compile(r"(?:id|ids|idcard|idno|identity|card|no|nr|sfz|sfzh|zjh)", re.IGNORECASE)
"""The same before the number of an identity paper."""

_LOOKED_AT = 400
"""Characters before the digits that are looked at for an address: more than one has."""

_NEAR = 64
"""The same for anything else."""

_WRITTEN_OUT = re.compile(
    r"(?:\\(?:u[0-9A-Fa-f]{4}|x[0-9A-Fa-f]{2}|[abfnrtv0])|%[0-9A-Fa-f]{2}|(?:\x1b|\\u001b|\\x1b)\[[0-9;]*m)\Z"
)
"""A character as logs and addresses write it, or a colour of the terminal: its letters are none beside the digits."""

_OF_A_RUN = frozenset("0123456789_ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")

_GOES_ON = re.compile(r"[A-Za-z]|_[0-9A-Za-z]|\^[0-9]")  # `^0`: Alibaba's BizId

_BASE64 = re.compile(r"[0-9A-Za-z/+]\+[0-9A-Za-z/+]{8,}={1,2}(?![0-9A-Za-z=])")

_HEX = r"(?=[0-9]*[A-Fa-f])(?=[A-Fa-f]*[0-9])[0-9A-Fa-f]{4,40}"

_HEX_BEFORE = re.compile(rf"(?<![0-9A-Za-z]){_HEX}-\Z")

_HEX_BEHIND = re.compile(rf"-{_HEX}(?![0-9A-Za-z])")

_KEYED = re.compile(
    rf"(?:(?:(?<![\w.-])(?:id|编号)|(?<![0-9A-Za-z_.-])(?:{'|'.join(KEYS[2:])}))\s?[=＝]\s?[\"“'「]?"
    r"|(?<![\w.-])(?:ref|serial|request_id|biz_id)=[\"']?"  # as our log has them
    r'|"(?:ref|serial|request_id|biz_id)": ")\Z',
    re.IGNORECASE,
)

_DOMAINS = "com|cn|net|org|io|example|test|app|co|top|shop|vip|link|info|cc|tv|me|gov|edu"

_HOST = re.compile(
    rf"https?://|(?<![0-9A-Za-z_.@-])(?:[a-z0-9-]{{1,63}}\.){{1,4}}(?:{_DOMAINS})(?::[0-9]+)?/", re.IGNORECASE
)

_REST = re.compile(r"[!#$%&()*+./0-9:=?@A-Za-z\[\]_~\u3400-\u9fff-]*")

_OF_A_PHONE = re.compile(
    r"(?:(?:tel|phone|mobile|cell|msisdn|sms|call|dial|contact|send|user|member|account)s?|wa\.me|(?:\w+\.)?whatsapp(?:\.\w+)?)/\Z",
    re.IGNORECASE,
)

_KEY = re.compile(r"[?&]([\w.-]+)=\Z")

_ID_LIKE = re.compile(
    r"(?!.*(?:phone|mobile|msisdn|cell)|(?:.*[_.-])?tel)"
    r"(?:.*(?:id|no|code|sn|key|seq|token|ref)|(?:order|item|goods|product|trace).*|sku|spu|sign|ts|[tkv])",
    re.IGNORECASE,
)


def part_of_one(text: str, start: int, end: int, words: re.Pattern[str], *, keyed: bool = True) -> bool:
    """Whether digits are part of an identifier.

    Args:
        text: where they stand.
        start: where they begin.
        end: where they end.
        words: words before which they are a number all the same.
        keyed: whether a key before them says that they are an id.
    """
    plus = start if text.startswith("+", start) else start - 1
    if text[plus : plus + 1] == "+" and plus >= 0:  # nobody writes an id so, but for what is base64
        return bool(_BASE64.match(text, max(0, plus - 1)))
    if " " in text[start:end]:
        return False
    if _GOES_ON.match(text, end) or _HEX_BEHIND.match(text, end):
        return True
    near = text[max(0, start - _NEAR) : start]
    if not near or _WRITTEN_OUT.search(near):
        return False
    if run := _run(near):
        word = run.rstrip("_")  # a line alone joins nothing: `张三_139…`
        return bool(word) and not words.fullmatch(word.rpartition("_")[2])
    if _HEX_BEFORE.search(near) or (keyed and _KEYED.search(near)):
        return True
    return near[-1] in "/-.=" and _in_an_address(text[max(0, start - _LOOKED_AT) : start].rsplit(None, 1)[-1])


def _run(text: str) -> str:
    """The letters, digits and lines that a text ends with."""
    begin = len(text)
    while begin and text[begin - 1] in _OF_A_RUN:
        begin -= 1
    return text[begin:]


def _in_an_address(word: str) -> bool:
    """Whether a word ends within a web address that does not say that a telephone number follows."""
    host = _HOST.search(word)
    rest = word[host.end() :] if host else ""
    if host is None or not _REST.fullmatch(rest):
        return False
    if key := _KEY.search(word[-_NEAR:]):
        return _ID_LIKE.fullmatch(key[1]) is not None
    return word[-1] != "=" and "?" not in rest and not _OF_A_PHONE.search(word[-_NEAR:])
