"""How DingTalk says no."""

from collections.abc import Mapping
from typing import Any


class Refusal(Exception):
    """An answer that says no."""

    def __init__(self, status: int, body: Mapping[str, Any]) -> None:
        super().__init__(str(body))
        self.status = status
        self.body = body


def refused(status: int, code: str, **more: Any) -> Refusal:
    """What the OpenAPI says when it says no."""
    return Refusal(status, {"code": code, "message": f"refused: {code}", "requestid": "emulated-request", **more})
