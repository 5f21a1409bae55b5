"""The page `docs/first-steps.md`: its transcripts, each between a mark and the next end."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

PAGE = Path(__file__).resolve().parents[2] / "docs" / "first-steps.md"
END = "<!-- end -->"


@dataclass(frozen=True)
class Part:
    """One transcript of the page.

    Args:
        title: as its mark on the page has it.
        played: plays it in an empty folder and returns what was seen.
    """

    title: str
    played: Callable[[Path], Awaitable[str]]

    @property
    def mark(self) -> str:
        """The line of the page behind which the transcript stands."""
        return f"<!-- {self.title}: written by `python -m tests.first_steps` -->"

    async def put(self, page: str, folder: Path) -> str:
        """The page with this transcript as it is now.

        Args:
            page: the page so far; has the mark.
            folder: where to work; empty.
        """
        before, mark, rest = page.partition(self.mark)
        assert mark, f"{PAGE.name} has no mark {self.mark}"
        _, _, after = rest.partition(END)
        transcript = (await self.played(folder)).rstrip("\n")
        return f"{before}{mark}\n\n```console\n{transcript}\n```\n\n{END}{after}"
