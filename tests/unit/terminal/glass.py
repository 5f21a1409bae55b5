"""A terminal's screen, as far as tests need one: it does what escape sequences say and shows what would be seen."""

import re

from wcwidth import wcwidth

_TOKEN = re.compile(r"\x1b\[([0-9;?]*)([A-Za-z])|\x1b[=>]|(.)", re.DOTALL)
_ROWS = 24


class Glass:
    """Text with a cursor.

    Lines that scroll off the top stay readable. Long lines are not wrapped: what writes here does that itself.
    """

    def __init__(self) -> None:
        self.rows: list[dict[int, str]] = [{}]
        self.row = self.column = 0

    @property
    def text(self) -> str:
        """What can be read, without the spaces at the ends of the lines."""
        return "\n".join(self._line(row) for row in self.rows)

    def feed(self, output: str) -> list[str]:
        """Take what a program writes.

        Returns:
            What the terminal has to say to that, as typed input.
        """
        answers = []
        for steering in _TOKEN.finditer(output):
            numbers, verb, character = steering.groups()
            if character:
                self._type(character)
            elif verb == "n":
                top = max(len(self.rows) - _ROWS, 0)
                answers.append(f"\x1b[{self.row - top + 1};{self.column + 1}R")
            elif verb:
                self._steer(verb, int(numbers) if numbers.isdigit() else None)
        return answers

    def _type(self, character: str) -> None:
        match character:
            case "\r":
                self.column = 0
            case "\n":
                self._down(1)
            case "\b":
                self.column = max(self.column - 1, 0)
            case "\a":
                pass
            case _:
                assert character.isprintable(), f"the screen cannot show {character!r}"
                width = wcwidth(character)
                if width:
                    self.rows[self.row][self.column] = character
                    self.rows[self.row].pop(self.column + 1, None) if width == 2 else None
                self.column += width

    def _steer(self, verb: str, number: int | None) -> None:
        steps = 1 if number is None else number
        match verb:
            case "A":
                self.row = max(self.row - steps, 0)
            case "B":
                self._down(steps)
            case "C":
                self.column += steps
            case "D":
                self.column = max(self.column - steps, 0)
            case "J" | "K" if not number:
                line = self.rows[self.row]
                self.rows[self.row] = {column: text for column, text in line.items() if column < self.column}
                if verb == "J":
                    del self.rows[self.row + 1 :]
            case "m" | "h" | "l":
                pass  # looks and modes
            case _:
                raise NotImplementedError(f"{number}{verb}")

    def _down(self, steps: int) -> None:
        self.row += steps
        while len(self.rows) <= self.row:
            self.rows.append({})

    @staticmethod
    def _line(row: dict[int, str]) -> str:
        shown, column = "", 0
        for at in sorted(row):
            shown += " " * (at - column) + row[at]
            column = at + wcwidth(row[at])
        return shown.rstrip()
