"""UCloud's parameters: texts in a form or query, or JSON with types (facts 1.1)."""

import re
from collections.abc import Mapping

from integrations.sandbox.pictures import JPEG, PDF, PNG, decode, is_file
from integrations.sandbox.ucloud.refusal import BAD_FORMAT, INVALID, MISSING, RefusalError

LARGEST_FILE = 4 * 1024 * 1024
"""Facts 2.1: original file at most 4 MB."""
FILE_PREFIX = re.compile(r"(?:image/(?:jpeg|jpg|png)|application/pdf);base64,")


class Params:
    """Reads and checks the parameters of one call."""

    def __init__(self, values: Mapping[str, object]) -> None:
        self._values = values

    def text(self, name: str, *, most: int | None = None) -> str:
        """Return a required text of at most `most` characters."""
        value = self.maybe(name, most=most)
        if not value:
            raise RefusalError(MISSING, f"Missing params [{name}]")
        return value

    def maybe(self, name: str, *, most: int | None = None) -> str:
        """Return an optional text, empty when not given."""
        value = self._values.get(name)
        if isinstance(value, bool):
            return "true" if value else "false"
        text = "" if value is None else str(value)
        if most is not None and len(text) > most:
            raise RefusalError(BAD_FORMAT, f"Params [{name}] is longer than {most} characters")
        return text

    def number(self, name: str, among: range | tuple[int, ...]) -> int:
        """Return a required whole number of a set."""
        self.text(name)
        found = self.maybe_number(name, among)
        assert found is not None  # noqa: S101  `text` has refused its absence
        return found

    def maybe_number(self, name: str, among: range | tuple[int, ...]) -> int | None:
        """Return an optional whole number of a set."""
        text = self.maybe(name)
        if not text:
            return None
        if not re.fullmatch(r"-?\d+", text):
            raise RefusalError(BAD_FORMAT, f"Params [{name}] must be an integer")
        if int(text) not in among:
            raise RefusalError(INVALID, f"Params [{name}] not available")
        return int(text)

    def flag(self, name: str) -> bool:
        """Return a boolean, false when not given."""
        text = self.maybe(name)
        if text not in ("", "true", "false"):
            raise RefusalError(BAD_FORMAT, f"Params [{name}] must be true or false")
        return text == "true"

    def strings(self, name: str) -> list[str]:
        """Return a required list: `Name.0`, `Name.1`, … of a form, or an array of JSON."""
        whole = self._values.get(name)
        if isinstance(whole, list):
            found = [str(item) for item in whole]
        else:
            numbered = re.compile(rf"{re.escape(name)}\.(\d+)")
            pairs = [
                (int(match[1]), str(value)) for key, value in self._values.items() if (match := numbered.fullmatch(key))
            ]
            found = [value for _, value in sorted(pairs)]
        if not found:
            raise RefusalError(MISSING, f"Missing params [{name}.N]")
        return found

    def file(self, name: str) -> bytes | None:
        """Return an optional base64 file: jpg, png or pdf of at most 4 MB.

        The page of Update prints the prefix `image/jpeg;base64,`, that of Create does not (facts 2.1), so both pass;
        a `data:` in front is neither.
        """
        text = self.maybe(name)
        if not text:
            return None
        content = decode(FILE_PREFIX.sub("", text, count=1))
        if not content or not is_file(content, (JPEG, PNG, PDF)):
            raise RefusalError(BAD_FORMAT, f"Params [{name}] is not a base64 encoded jpg, png or pdf file")
        if len(content) > LARGEST_FILE:
            raise RefusalError(BAD_FORMAT, f"Params [{name}] is larger than 4 MB")
        return content
