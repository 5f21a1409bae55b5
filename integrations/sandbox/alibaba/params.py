"""Alibaba's parameters: all arrive as text in the query or a form, some of them holding JSON (facts 1.1)."""

import json
from collections.abc import Mapping

from integrations.sandbox.alibaba.refusal import RefusalError


class Params:
    """Reads and checks the parameters of one call.

    Missing ones are refused as `Missing<Name>` and bad ones as `Invalid<Name>`, the gateway's pattern (facts 1.3 and
    2.8: `MissingSignName`, `InvalidSignName`). Unknown ones are ignored, as the gateway does with `OwnerId`.
    """

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = values

    def text(self, name: str, *, most: int | None = None) -> str:
        """Return a required text of at most `most` characters."""
        value = self._values.get(name, "")
        if not value:
            raise RefusalError(f"Missing{name}", f"{name} is mandatory for this action.")
        return self._short(name, value, most)

    def maybe(self, name: str, *, most: int | None = None) -> str:
        """Return an optional text, empty when not given."""
        return self._short(name, self._values.get(name, ""), most)

    def number(self, name: str, *, among: range | tuple[int, ...] | None = None) -> int:
        """Return a required whole number."""
        return self._number(name, self.text(name), among)

    def maybe_number(self, name: str, default: int = 0, *, among: range | tuple[int, ...] | None = None) -> int:
        """Return an optional whole number."""
        value = self._values.get(name, "")
        return self._number(name, value, among) if value else default

    def flag(self, name: str, *, default: bool) -> bool:
        """Return a boolean; Python's SDK writes `True`, the others `true` (facts 1.1)."""
        value = self._values.get(name, "").lower()
        if value not in ("", "true", "false"):
            raise RefusalError(f"Invalid{name}", f"The specified {name} is invalid: true or false is expected.")
        return value == "true" if value else default

    def strings(self, name: str, *, code: str | None = None) -> list[str]:
        """Return an optional JSON array of texts; numbers are taken as texts."""
        raw = self._values.get(name, "")
        try:
            value = json.loads(raw) if raw else []
        except ValueError:
            value = None
        if not isinstance(value, list) or not all(isinstance(item, str | int) for item in value):
            raise RefusalError(code or f"Invalid{name}", f"The specified {name} is not a JSON array.")
        return [str(item) for item in value]

    def page(self, index: str, size: str, *, most: int = 50, default: int = 10) -> tuple[int, int]:
        """Return page number and page size."""
        return (
            self.maybe_number(index, 1, among=range(1, 1_000_000)),
            self.maybe_number(size, default, among=range(1, most + 1)),
        )

    def _number(self, name: str, value: str, among: range | tuple[int, ...] | None) -> int:
        try:
            number = int(value)
        except ValueError:
            number = None
        if number is None or (among is not None and number not in among):
            raise RefusalError(f"Invalid{name}", f"The specified {name} is invalid.")
        return number

    def _short(self, name: str, value: str, most: int | None) -> str:
        if most is not None and len(value) > most:
            raise RefusalError(f"Invalid{name}", f"The specified {name} is longer than {most} characters.")
        return value
