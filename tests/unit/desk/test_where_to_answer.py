"""Where an answer is heard is said as it is there: nothing one to one, `/sms …` where that is heard, a mention elsewhere."""

import pytest

from bot.contracts.chat import ChatAbilities
from bot.contracts.message import Typed
from bot.contracts.model import Actor, Incoming, Place
from bot.desk.asking import where_to_answer
from tests.reading import ENGLISH

SLASH, WITHOUT = ChatAbilities(slash=True), ChatAbilities()


@pytest.mark.parametrize(
    ("abilities", "thread", "direct", "says", "by_command"),
    [
        (SLASH, "", True, False, False),
        (WITHOUT, "", True, False, False),
        (SLASH, "", False, True, True),
        (SLASH, "1.2", False, True, False),  # no chat takes a slash command in a thread
        (WITHOUT, "", False, True, False),
    ],
)
def test_where_an_answer_is_heard(
    abilities: ChatAbilities, thread: str, direct: bool, says: bool, by_command: bool
) -> None:
    incoming = Incoming("sign submit", Actor("chat", "U1"), Place("chat", "C1", thread), "1", direct=direct)
    said = where_to_answer(ENGLISH, incoming, abilities)
    assert bool(said) is says
    assert any(isinstance(part, Typed) for text in said for part in text.line) is by_command
