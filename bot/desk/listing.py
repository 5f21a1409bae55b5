"""One page of what a command found, and the ways to the other pages: typed everywhere, pressed where there are buttons."""

from bot.commands.command import Command
from bot.commands.tokens import quoted
from bot.contracts.errors import UserError
from bot.contracts.message import SAY, Block, Button, Line, Mark, Message, Text
from bot.contracts.model import Words
from bot.desk.context import Context
from bot.desk.paging import Page, page
from bot.wording.view import next_commands

PAGE_KEY = Words("page", "页")
"""Key of a command that is answered with pages."""

_MAX_DIGITS = 6


class Listed:
    """One page of what a list found, and the ways to the other pages.

    Args:
        context: who reads it.
        command: what was asked.
        found: the ids of what was found, newest first; at least one.
        narrowed: what the command said beside its page, as it can be said again.
        pressed: whether there are buttons to turn with: only where what they say means the same whoever presses them,
            and has nothing in it that people wrote.

    Raises:
        UserError: there is no such page.
    """

    def __init__(
        self,
        context: Context,
        command: Command,
        found: tuple[int, ...],
        narrowed: tuple[Words, ...],
        *,
        pressed: bool = True,
    ) -> None:
        self._context = context
        self._command = command
        self._narrowed = tuple(words for words in narrowed if words.en)
        self._pressed = pressed
        language = context.language
        asked = command.value(PAGE_KEY.en).strip() or "1"
        if not (asked.isdecimal() and len(asked) <= _MAX_DIGITS and int(asked)):
            raise UserError(language.text("“{word}” is no page.", word=asked[:20]), commands=(self._asking_for(1),))
        self.page: Page = page(found, int(asked))
        if not self.page.ids:
            raise UserError(
                language.text("There is no page {number}, the last one is {last}.", number=asked, last=self.page.pages),
                commands=(self._asking_for(self.page.pages),),
            )

    @property
    def count(self) -> str:
        """How many there are, as far as that was counted."""
        language = self._context.language
        count = language.number(self.page.count)
        return language.text("more than {count}", count=count) if self.page.more else count

    def message(self, title: Line, block: Block, *commands: str, mark: Mark = Mark.NONE) -> Message:
        """The page as a message: which it is, what stands on it, how to turn it."""
        language = self._context.language
        number, pages = self.page.number, self.page.pages
        turns: list[tuple[int, str]] = []
        if number > 1:
            turns.append((number - 1, language.text("Previous page")))
        if number < pages:
            turns.append((number + 1, language.text("Next page")))
        blocks: list[Block] = [block]
        if self.page.more:
            title = (*title, *language.line(" · page {number}", number=number))
            if number == pages:
                blocks.append(
                    Text(language.line("Pages end here; ask for one account, state or person to see older ones."))
                )
        elif pages > 1:
            title = (*title, *language.line(" · page {number} of {pages}", number=number, pages=pages))
        typed = [self._asking_for(other) for other, _ in reversed(turns)]
        if commands or typed:
            blocks.append(next_commands(self._context.view, *commands, *typed))
        return Message(
            title=title,
            mark=mark,
            blocks=tuple(blocks),
            buttons=tuple(Button(SAY, self._asking_for(other), label, turns=True) for other, label in turns)
            if self._pressed
            else (),
        )

    def _asking_for(self, number: int) -> str:
        """The command that asks for a page."""
        language = self._context.language
        said = [language.pick(words) for words in self._narrowed]
        words = self._command.declaration.spelled(language.code)
        return " ".join((words, *said, f"{language.pick(PAGE_KEY)}={number}"))


def said_again(key: Words, value: Words) -> Words:
    """A key and its value as they can be typed again, to ask for another page."""
    return Words(f"{key.en}={quoted(value.en)}", f"{key.zh}={quoted(value.zh)}")
