"""Commands as they are declared: in two languages, each with words of its own."""

import pytest

from bot.commands.command import Command, Declaration, Router
from bot.contracts.model import Role, Words
from tests.unit.commands.parsed import ROUTER
from tests.unit.commands.spoken import router


def declaration(words: str, zh: str) -> Declaration:
    return Declaration(tuple(words.split()), tuple(zh.split()), Role.VIEWER, Words("", ""), words)


async def test_a_router_is_built_and_merged() -> None:
    first, second = Router[str, str](), Router[str, str]()

    async def hello(command: Command, context: str) -> str:
        return f"{context} {command.name}"

    first.add(declaration("b", "乙"), hello)

    @second.command(("a",), ("甲",), role=Role.ADMIN, summary=Words("", ""), usage="a")
    async def other(command: Command, context: str) -> str:
        return "other"

    merged = Router(first, second)
    assert [one.words for one in merged.declarations] == [("b",), ("a",)]
    assert await merged.handler(merged.declarations[0])(Command(merged.declarations[0], name="x"), "hi") == "hi x"
    assert merged.handler(merged.declarations[1]) is other
    assert merged.find("甲") is merged.declarations[1]
    assert merged.find("c") is None
    with pytest.raises(KeyError):
        first.handler(merged.declarations[1])


@pytest.mark.parametrize(
    ("words", "zh"), [("sign submit", "别的 词"), ("other words", "签名 提交"), ("signature submit", "别的 词")]
)
def test_two_commands_cannot_have_the_same_words(words: str, zh: str) -> None:
    commands = router()

    async def answer(command: Command, context: None) -> str:
        return ""

    with pytest.raises(ValueError, match="two commands are called"):
        commands.add(declaration(words, zh), answer)
    assert commands.declarations == ROUTER.declarations


def test_the_chinese_words_may_be_more_or_fewer() -> None:
    commands = Router[None, str]()

    async def answer(command: Command, context: None) -> str:
        return ""

    commands.add(declaration("who now", "谁在值班"), answer)
    commands.add(declaration("only here", ""), answer)
    first, second = commands.declarations
    assert [commands.find(*words) for words in (("who", "now"), ("谁在值班",), ("only", "here"))] == [
        first,
        first,
        second,
    ]
    assert second.spelled("zh") == "only here"


def test_a_declaration_speaks_both_languages_and_names_its_keys() -> None:
    settings = ROUTER.find("settings")
    assert settings is not None
    assert (settings.spelled(), settings.spelled("zh")) == ("settings", "设置")
    assert settings.named_keys == ("language",)
    assert (settings.named_key("语言"), settings.named_key("ＬＡＮＧＵＡＧＥ"), settings.named_key("x")) == (
        "language",
        "language",
        None,
    )
    edit = ROUTER.find("edit")
    assert edit is not None
    assert (edit.named_keys, edit.named_key("name")) == ((), None)
