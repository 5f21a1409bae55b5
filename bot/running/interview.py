"""Questions to somebody at a terminal, or at a pipe: asked until the answer holds, kept so that one can go on later."""

import getpass
import json
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TextIO

from bot.contracts.characters import odd_in_secret, odd_in_text, tidy
from bot.contracts.fields import fold
from bot.running.printing import kept, tell
from bot.running.problems import problem
from bot.running.secrets_file import write_private
from bot.wording.language import Language

Holds = Callable[[str], str]
"""Given an answer, what is wrong with it, in words; empty when nothing is."""


class Left(Exception):
    """Whoever was asked has left."""


def anything(_answer: str) -> str:
    """Any answer holds."""
    return ""


class Interview:
    """Asks, and keeps the answers in a file that only its owner may read.

    Args:
        language: of whoever answers.
        stdin: where answers come from.
        stdout: where questions go.
        kept: the file of the answers so far.
    """

    def __init__(self, language: Language, stdin: TextIO, stdout: TextIO, kept: Path) -> None:
        self.language = language
        self._stdin = stdin
        self._stdout = stdout
        self._path = kept
        self._kept: dict[str, str] = {}
        self._shown: set[str] = set()
        self._typed = stdin.isatty()

    # --- What was answered before ------------------------------------------------------------------------------------

    def load(self) -> bool:
        """Take up what was answered before; returns whether there is anything."""
        with suppress(OSError, ValueError):
            found = json.loads(self._path.read_text(encoding="utf-8"))
            if isinstance(found, dict):
                self._kept = {str(key): str(value) for key, value in found.items()}
        return bool(self._kept)

    def forget(self) -> None:
        """The answers so far are not wanted any more."""
        self._kept = {}
        with suppress(OSError):
            self._path.unlink()

    def drop(self, *keys: str) -> None:
        """These answers do not hold; they are asked for anew."""
        for key in keys:
            self._kept.pop(key, None)

    # --- Asking ------------------------------------------------------------------------------------------------------

    def say(self, text: str = "") -> None:
        """Say something."""
        tell(text, self._stdout)

    def ask(
        self, key: str, question: str, *, default: str | None = None, secret: bool = False, holds: Holds = anything
    ) -> str:
        """Ask until the answer holds.

        Args:
            key: what the answer is kept under; empty where it is not kept.
            question: one line, without a question mark's blank behind it.
            default: what an empty answer means; none where there must be one.
            secret: it is not shown while it is typed, nor afterwards.
            holds: what is wrong with an answer; may ask a service.

        Raises:
            Left: there is no answer any more.
        """
        before = self._kept.pop(key, None)
        if before is not None and not holds(before):
            if key not in self._shown:
                self.say(f"{question}: {'***' if secret else before}")
            self._keep(key, before)
            return before
        while True:
            answer = tidy(self._line(f"{question}{f' [{default}]' if default else ''}: ", secret, default or ""))
            if not answer and default is not None:
                answer = default
            wrong = self._unusable(answer, default, secret) or holds(answer)
            if not wrong:
                self._keep(key, answer)
                return answer
            self.say(f"  ✗ {wrong}")

    def choose(
        self, key: str, question: str, words: Sequence[str], *, default: str, several: bool = False
    ) -> list[str]:
        """Ask for one or several of a few words, by word or number.

        Args:
            key: what the answer is kept under.
            question: one line.
            words: what can be answered.
            default: what an empty answer means.
            several: whether `all`, `none` and lists are answers.
        """
        listed = "  ".join(f"{number} {word}" for number, word in enumerate(words, 1))
        last = ""

        def holds(answer: str) -> str:
            nonlocal last
            last = ""
            return (
                ""
                if _chosen(answer, words, several) is not None
                else self.language.text("“{answer}” is none of them: {listed}", answer=answer, listed=listed)
            )

        answer = self.ask(key, f"{question} ({listed})", default=default, holds=holds)
        return _chosen(answer, words, several) or []

    def agrees(self, key: str, question: str, *, default: bool) -> bool:
        """Ask for yes or no."""
        yes, no = self.language.text("yes"), self.language.text("no")
        return self.choose(key, question, (yes, no), default=yes if default else no) == [yes]

    def _unusable(self, answer: str, default: str | None, secret: bool) -> str:
        if not answer:
            return "" if default is not None else self.language.text("An answer is needed; Ctrl-C leaves.")
        return problem(self.language, (odd_in_secret if secret else odd_in_text)(answer))

    def _line(self, question: str, secret: bool, default: str) -> str:
        try:
            if secret and self._typed:
                return getpass.getpass(question, self._stdout)
            with kept(self._stdout):
                print(question, end="", file=self._stdout, flush=True)
            line = self._stdin.readline()
        except (EOFError, KeyboardInterrupt):
            raise Left from None
        except UnicodeDecodeError:
            line = "\ufffd\n"
        if not line:
            raise Left
        if not self._typed:  # what came through a pipe is shown as if it were typed
            self.say("***" if secret else line.strip() or default)
        return line

    def _keep(self, key: str, answer: str) -> None:
        if not key:
            return
        self._kept[key] = answer
        self._shown.add(key)
        write_private(self._path, json.dumps(self._kept, ensure_ascii=False, indent=1) + "\n")


def _chosen(answer: str, words: Sequence[str], several: bool) -> list[str] | None:
    """What was chosen; none where it is none of the words."""
    text = fold(answer)
    if several and text in ("all", "全部"):
        return list(words)
    if several and text in ("none", "无", "-"):
        return []
    parts = text.replace("，", " ").replace(",", " ").replace("、", " ").split()
    if not parts or (len(parts) > 1 and not several):
        return None
    chosen: list[str] = []
    for part in parts:
        found = [word for number, word in enumerate(words, 1) if part in (str(number), fold(word))]
        found = found or [word for word in words if len(words) == 2 and fold(word).startswith(part)]  # y, n
        if not found:
            return None
        chosen += [word for word in found if word not in chosen]
    return chosen
