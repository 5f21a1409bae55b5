"""JSON from outside: whatever it says, what comes of it can be stored, shown and sent on."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.http import json_value

WRITTEN = {
    "escaped": rb'{"reason": "half \ud83d of a smile"}',
    "escaped in capitals": rb'{"reason": "half \uD83D of a smile"}',
    "the second half": rb'{"reason": "half \ude00 of a smile"}',
    "the wrong way round": rb'{"reason": "half \ude00\ud83d of a smile"}',
    "as bytes": b'{"reason": "half \xed\xa0\xbd of a smile"}',
    "in a key": rb'{"half \ud83d": {"deeper": ["\ud83d"]}}',
}


@pytest.mark.parametrize("content", WRITTEN.values(), ids=WRITTEN.keys())
def test_half_a_character_is_the_replacement_character(content: bytes) -> None:
    for written in (content, content.decode(errors="surrogatepass")):
        value = json_value(written)
        told = json.dumps(value, ensure_ascii=False)
        assert "\ufffd" in told
        assert told.encode()


def test_what_is_whole_stays() -> None:
    assert json_value(rb'{"a": "\ud83d\ude00 \\ud83d \u4e2d", "b": 1.50}') == {"a": "😀 \\ud83d 中", "b": 1.5}
    assert json_value("한국어 \\ud83d") is None
    assert json_value('["한국어"]'.encode()) == ["한국어"]


TEXT = st.text(st.characters() | st.sampled_from("\ud83d\ude00\\u"))

ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)


@given(ANY, st.booleans())
def test_whatever_it_says_can_be_stored(value: object, escaped: bool) -> None:
    content = json.dumps(value, ensure_ascii=escaped).encode(errors="surrogatepass")
    json.dumps(json_value(content), ensure_ascii=False).encode()


@given(st.binary(max_size=40) | TEXT)
def test_what_is_no_json_is_nothing(content: bytes | str) -> None:
    json.dumps(json_value(content), ensure_ascii=False).encode()


@pytest.mark.parametrize("written", ["NaN", "Infinity", '{"Code": NaN}', b'{"RetCode": -Infinity}'])
def test_what_only_python_takes_for_json_is_none(written: str | bytes) -> None:
    assert json_value(written) is None
