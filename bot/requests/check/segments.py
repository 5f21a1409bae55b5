"""How many parts a message has, and what it costs: signature and brackets counted, values filled in. Pure.

At home every character counts one: 70, then 67 a part. Abroad what GSM-7 can say counts 160, then 153, anything else 70,
then 67 (facts: Alibaba 10.3, Tencent 8, UCloud 8).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from bot.contracts.placeholders import filled, names
from bot.contracts.rules import Draft, Price, Standards
from bot.contracts.variants import DIGITAL

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_TWICE = frozenset("|^€{}[]~\\\f")
"""In the extension table: each counts two."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What a message is sent as.

    Args:
        count: parts that are billed.
        characters: counted as the carrier counts them.
        gsm: whether GSM-7 was enough; at home it is never asked.
        unfilled: variables without a sample value, which count with their names.
    """

    count: int
    characters: int
    gsm: bool
    unfilled: tuple[str, ...] = ()


def parts(text: str, *, international: bool = False) -> Parts:
    """The parts of a whole message, signature and values in it.

    Args:
        text: as a phone shows it.
        international: for numbers outside the mainland.
    """
    gsm = international and all(one in _BASIC or one in _TWICE for one in text)
    if not gsm:
        units = len(text) if not international else len(text.encode("utf-16-le")) // 2
        return Parts(1 if units <= 70 else -(-units // 67), units, gsm=False)
    units = sum(2 if one in _TWICE else 1 for one in text)
    if units <= 160:
        return Parts(1, units, gsm=True)
    count, room = 1, 153
    for one in text:  # a character of the extension table is not torn apart between two parts
        size = 2 if one in _TWICE else 1
        if size > room:
            count, room = count + 1, 153
        room -= size
    return Parts(count, units, gsm=True)


def signed(sign: str, *, international: bool = False) -> str:
    """A signature as it stands in front of a text: in 【】 at home, in [] abroad (facts: UCloud 7.1); nothing without one."""
    return ("[{}]" if international else "【{}】").format(sign) if sign else ""


def of_draft(draft: Draft) -> Parts:
    """The parts of a template's message, with its signature and sample values."""
    samples = _samples(draft.values)
    if draft.type == DIGITAL:  # one message, however long its text
        return Parts(1, len(draft.content), gsm=False)
    sign = draft.values.get("sign", "")
    made = parts(
        signed(sign, international=draft.international) + filled(draft.content, samples),
        international=draft.international,
    )
    unfilled = tuple(name for name in names(draft.content) if not samples.get(name))
    return Parts(made.count, made.characters, made.gsm, unfilled)


def price(draft: Draft, standards: Standards) -> tuple[Decimal, Price] | None:
    """What one message costs at a vendor, where it publishes a price; abroad every country has its own."""
    one = next((price for price in standards.prices if price.type == draft.type), None)
    return None if one is None or draft.international else (one.amount * of_draft(draft).count, one)


def _samples(values: Mapping[str, str]) -> dict[str, str]:
    return {key.split(".", 1)[1]: value for key, value in values.items() if key.startswith("sample.")}
