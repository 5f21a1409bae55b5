"""What of a text for a vendor is asked about, and what means nothing."""

import pytest

from bot.contracts.model import Actor, Incoming, Place, Styled
from bot.desk.plainly import in_values


def read(marked: str) -> Incoming:
    """A text in which `‹` and `›` stand where Slack had the marks."""
    start, end = marked.index("‹"), marked.index("›") - 1
    text = marked.replace("‹", "").replace("›", "")
    place = Place("slack", "C1")
    return Incoming(text, Actor("slack", "U1"), place, origin="1", styled=(Styled(start, end, "*"),))


@pytest.mark.parametrize(
    ("marked", "key", "value", "asked"),
    [
        # in a text that is sent as it was typed
        ('content="‹您›好"', "content", "您好", True),
        ('content="‹您好›"', "content", "您好", True),
        ('content=‹"您好"›', "content", "您好", True),
        ("content=‹您好›", "content", "您好", True),
        ("content：‹您好›", "content", "您好", True),
        ("‹content=“您›好”", "content", "您好", True),
        ("remark=‹您好›", "remark", "您好", True),
        ("sample.code=‹1234›", "sample.code", "1234", True),
        ("letter_reason=‹您好›", "letter_reason", "您好", True),
        ("‹您›好", "name", "您好", True),
        # around a pair, a name, a choice, an id, an address; elsewhere
        ('‹content="您好"›', "content", "您好", False),
        ("‹template submit ucloud content=您好›", "content", "您好", False),
        ("‹status› content=status", "content", "status", False),
        ("‹您好› content=您好", "content", "您好", False),
        ("‹您好›", "name", "您好", False),
        ("name=‹您好›", "name", "您好", False),
        ("source=‹company›", "source", "company", False),
        ("qualification=‹8563›", "qualification", "8563", False),
        ("link=‹https://suda.example›", "link", "https://suda.example", False),
        ("international=‹yes›", "international", "yes", False),
    ],
)
def test_formatting(marked: str, key: str, value: str, asked: bool) -> None:
    assert bool(in_values(((key, value),), read(marked))) is asked


def test_a_value_is_looked_for_where_it_stands() -> None:
    incoming = read("content=a remark=‹a›")

    assert [one.key for one in in_values((("content", "a"), ("remark", "a")), incoming)] == ["remark"]
