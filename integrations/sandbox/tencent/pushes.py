"""What Tencent calls back with (facts 6): receipts in arrays, an answer of somebody alone; nothing of reviews."""

from collections.abc import Iterator

from integrations.sandbox.phones import Phones
from integrations.sandbox.postman import Letter
from integrations.sandbox.world_time import unix


def letters(phones: Phones) -> Iterator[Letter]:
    """Yield all that is to be pushed by now."""
    for one in phones.answers:
        if one.vendor == "tencent":
            body = {
                "extend": "",
                "mobile": one.number,
                "nationcode": "86",
                "sign": one.sign,
                "text": one.text,
                "time": unix(one.at),
            }
            yield Letter(f"tencent-reply:{one.serial}", "tencent", "reply", body)
