import unicodedata

from hypothesis import assume, example, given
from hypothesis import strategies as st

from bot.commands.command import Command, Mistake, NotForUs, Pairs, Parsed
from bot.commands.parsing import is_command, parse, parse_pairs
from bot.commands.tokens import quoted
from tests.unit.commands.spoken import KEYS, VOCABULARY, router

ROUTER = router()
SPELLINGS = [one.spelled(language) for one in ROUTER.declarations for language in ("en", "zh")]
PIECES = [
    *SPELLINGS,
    *VOCABULARY.accounts,
    *sorted(KEYS),
    *"\"'“”‘’「」『』＂＇=＝:：,，、#＃/／ \n\t\u3000\u200b\u202e.-",
    "https://a.example/x?y=z",
    "阿里云",
    "all",
    "#17",
    "A5",
    "source=company",
    "说明：订单",
]
TYPED = st.one_of(
    st.text(),
    st.text(alphabet=st.characters()),  # lone surrogates too
    st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=4))).map("".join),
    st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=4))).map(" ".join),
)
FULL_WIDTH = {ord(letter): ord(letter) + 0xFEE0 for letter in map(chr, range(0x21, 0x7F))}


def read(text: str) -> Parsed:
    return parse(text, ROUTER, VOCABULARY)


@given(TYPED)
@example("\ud800")
@example("ﷺ" * 50)
@example("/sms /sms")
def test_no_text_is_too_odd(text: str) -> None:
    parsed = read(text)
    assert isinstance(parsed, Command | Mistake | NotForUs)
    if isinstance(parsed, Mistake):
        assert len(parsed.word) <= 40
        assert not [sign for sign in parsed.word if unicodedata.category(sign)[0] == "C"]
    assert isinstance(parse_pairs(text, KEYS), Pairs | Mistake)
    assert isinstance(is_command(text, ROUTER, VOCABULARY), bool)


@given(st.sampled_from(SPELLINGS), TYPED)
def test_no_rest_of_a_command_is_too_odd(words: str, rest: str) -> None:
    assert isinstance(read(f"{words} {rest}"), Command | Mistake)


@given(st.sampled_from(SPELLINGS), TYPED)
def test_nothing_is_made_up(words: str, rest: str) -> None:
    """Every name, text and value stands in what was typed, character for character."""
    text = f"{words} {rest}"
    parsed = read(text)
    if isinstance(parsed, Command):
        assert parsed.raw == text
        for found in (parsed.name, parsed.text, *(value for _, value in parsed.values)):
            assert found in text


def plain_quotable(value: str) -> bool:
    return any(not set(pair) & set(value) for pair in ('"', "“”", "「」", "『』", "'"))


@given(st.text(max_size=300), st.text(max_size=300))
@example('say "hi", now', "it's 「so」")
@example("a=b", "来源：1")
@example("", "//")
def test_a_quoted_value_comes_back_as_it_was(first: str, second: str) -> None:
    assume(plain_quotable(first) and plain_quotable(second))
    parsed = read(f"edit #1 remark={quoted(first)} content={quoted(second)}")
    assert isinstance(parsed, Command)
    assert parsed.values == (("remark", first), ("content", second))
    assert parse_pairs(f"remark：{quoted(first)}\n说明={quoted(second)}", KEYS) == Pairs(
        (("remark", first), ("说明", second))
    )


@given(st.text(max_size=100).map(lambda start: f"{start} 物流"))
@example("速达 物流")
def test_a_quoted_name_comes_back_as_it_was(name: str) -> None:
    assume(plain_quotable(name))
    parsed = read(f"sign submit aliyun {quoted(name)} source=company")
    assert isinstance(parsed, Command)
    assert (parsed.name, parsed.values) == (name, (("source", "company"),))


@given(st.text(alphabet=st.characters(exclude_categories=("Z", "C")), min_size=1, max_size=100))
def test_a_bare_value_keeps_every_character(value: str) -> None:
    assume(quoted(value) == value)
    parsed = read(f"edit #1 remark={value} type=otp")
    assert isinstance(parsed, Command)
    assert parsed.values == (("remark", value), ("type", "otp"))


@given(
    st.sampled_from(SPELLINGS),
    st.sampled_from(["", "\u200b", "\u2060", "\ufeff", "\u202d"]),
    st.booleans(),
    st.booleans(),
)
def test_command_words_are_compared_in_nfkc_without_case_and_invisible_signs(
    spelling: str, invisible: str, wide: bool, upper: bool
) -> None:
    typed = spelling.upper() if upper else spelling
    typed = typed.translate(FULL_WIDTH) if wide else typed
    typed = invisible.join(typed)
    plain, odd = read(spelling), read(typed)
    if isinstance(plain, Command):
        assert isinstance(odd, Command)
        assert odd.declaration is plain.declaration
    else:
        assert plain == odd


@given(st.sampled_from([spelling for spelling in SPELLINGS if not spelling.isascii()]))
def test_chinese_words_may_be_glued(spelling: str) -> None:
    plain, glued = read(f"{spelling} #17"), read(f"{spelling.replace(' ', '')}#17")
    assert isinstance(plain, Command) == isinstance(glued, Command)
    if isinstance(plain, Command) and isinstance(glued, Command):
        assert plain.declaration is glued.declaration


@given(
    st.lists(
        st.tuples(
            st.sampled_from(sorted(KEYS)),
            st.sampled_from("=＝:："),
            st.text(alphabet=st.characters(exclude_categories=("Z", "C")), min_size=1, max_size=30),
        ),
        min_size=1,
    )
)
def test_pairs_on_lines_of_their_own(pairs: list[tuple[str, str, str]]) -> None:
    assume(all(quoted(value) == value and not value.startswith(("//", "=", "＝")) for _, _, value in pairs))
    text = "\n".join(f"{key}{mark}{value} and more" for key, mark, value in pairs)
    expected = tuple((key.casefold(), f"{value} and more") for key, _, value in pairs)
    assert parse_pairs(text, KEYS) == Pairs(expected)
