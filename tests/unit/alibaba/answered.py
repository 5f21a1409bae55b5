"""Answers of Alibaba's, as they are read."""

import json
from typing import Any, TypeVar

from integrations.alibaba import wire
from integrations.alibaba.config import Unconfirmed

SURE = Unconfirmed()

P = TypeVar("P", bound=wire.Part)


def answer(model: type[P], **fields: Any) -> P:
    content = json.dumps({"Code": "OK", "Message": "OK", "RequestId": "R-1", **fields}).encode()
    return wire.read(wire.Reply(200, {}, content), model, wire.Asked(changes=False), SURE)
