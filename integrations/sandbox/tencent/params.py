"""Tencent's parameters: one JSON object with real types (facts 1.1, 2 and 3)."""

from collections.abc import Mapping
from typing import Literal

from integrations.sandbox.tencent.refusal import RefusalError

Type = Literal["int", "text", "ints", "texts"]


class Params:
    """The parameters of one call, checked against the action's own list.

    An integer sent as a text is refused like any other wrong type, and a name the action does not know is refused too:
    the gateway checks against a schema before the service sees anything.

    Args:
        values: The decoded body.
        required: Names and types of the parameters that must be there.
        optional: Names and types of those that may.
    """

    def __init__(
        self, values: Mapping[str, object], required: Mapping[str, Type], optional: Mapping[str, Type]
    ) -> None:
        known = {**required, **optional}
        for name in values:
            if name not in known:
                raise RefusalError("UnknownParameter", f"The parameter `{name}` is not recognized.")
        for name in required:
            if values.get(name) is None:
                raise RefusalError("MissingParameter", f"The request is missing a required parameter `{name}`.")
        for name, value in values.items():
            if value is not None and not _fits(value, known[name]):
                raise RefusalError("InvalidParameter", f"The value type of parameter `{name}` is not valid.")
        self._values = values

    def number(self, name: str, default: int = 0) -> int:
        """Return a whole number."""
        value = self._values.get(name)
        return value if isinstance(value, int) else default

    def text(self, name: str) -> str:
        """Return a text, empty when not given."""
        value = self._values.get(name)
        return value if isinstance(value, str) else ""

    def numbers(self, name: str) -> list[int]:
        """Return a list of whole numbers, empty when not given."""
        value = self._values.get(name)
        return [item for item in value if isinstance(item, int)] if isinstance(value, list) else []

    def texts(self, name: str) -> list[str]:
        """Return a list of texts, empty when not given."""
        value = self._values.get(name)
        return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []

    def international(self) -> bool:
        """Return `International`, which is 0 or 1."""
        value = self.number("International")
        if value not in (0, 1):
            raise RefusalError("InvalidParameterValue.InvalidInternational", "International 只能为 0 或 1。")
        return value == 1

    def page(self, default: int) -> tuple[int, int]:
        """Return Limit (at most 100) and Offset."""
        limit, offset = self.number("Limit", default), self.number("Offset")
        if not 0 <= limit <= 100:
            raise RefusalError("InvalidParameterValue.LimitVerifyFail", "Limit 最大为 100。")
        if offset < 0:
            raise RefusalError("InvalidParameterValue.OffsetVerifyFail", "Offset 不能小于 0。")
        return limit, offset


def _fits(value: object, kind: Type) -> bool:
    match kind:
        case "int":
            return isinstance(value, int) and not isinstance(value, bool)
        case "text":
            return isinstance(value, str)
        case "ints":
            return isinstance(value, list) and all(_fits(item, "int") for item in value)
        case "texts":
            return isinstance(value, list) and all(_fits(item, "text") for item in value)
