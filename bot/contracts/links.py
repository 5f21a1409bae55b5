"""Web addresses: what is one, and what was typed where a chat made a link of it. Pure."""

import re
import unicodedata
from urllib.parse import unquote, urlsplit

from bot.contracts.characters import SEPARATORS

_LINK = re.compile(r"(?i:https?)://[^\s<>\"'|，、。；：！？（）《》「」『』【】“”‘’]{1,500}")

_BEHIND = f"{SEPARATORS}。：！？）》」』】”’"

_SCHEME = re.compile(r"https?://", re.IGNORECASE)

_WIDE = re.compile("[\uff01-\uff5e。｡]")


def is_link(text: str) -> bool:
    """Whether a text is a web address and nothing else, in the characters that one has."""
    return _LINK.fullmatch(text) is not None and _WIDE.search(text) is None


def alone(text: str) -> str:
    """A web address without the punctuation of the sentence it stood in."""
    return text.strip().rstrip(_BEHIND)


def narrowed(text: str) -> str:
    """An address that was typed with wide characters (`https：／／ｓｕｄａ。example`) as it is written; empty where it is none then."""
    narrow = unicodedata.normalize("NFKC", text.replace("。", ".").replace("｡", "."))
    return narrow if narrow != text and is_link(narrow) else ""


def typed(address: str, label: str) -> str:
    """What was typed where a chat made a link of it.

    Of a web address the label where that is the beginning of the address, for clients put in the rest; another label would
    hide where it leads. Of anything else (a telephone number, a mail address) the label.

    Args:
        address: where the link leads.
        label: what people see; empty where the chat does not tell.
    """
    scheme, _, rest = address.partition(":")
    if scheme and not rest.startswith("//"):
        return label or (unquote(rest.partition("?")[0]) if rest else address)
    if not label:
        return address
    whole, said = (_SCHEME.sub("", _readable(one), count=1).casefold() for one in (address, label))
    return label if whole.startswith(said) else address


def _readable(address: str) -> str:
    """An address with the characters that are encoded in it, in its host too."""
    try:
        host = urlsplit(address).hostname or ""
        if "xn--" in host:
            address = address.replace(host, host.encode().decode("idna"), 1)
    except (UnicodeError, ValueError):
        pass  # it is compared as it stands
    return unquote(address)
