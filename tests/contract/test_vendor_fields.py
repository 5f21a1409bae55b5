"""What a vendor's fields declare holds together."""

import re

from bot.contracts.fields import Field, FieldType, When, check_value, fold
from bot.contracts.vocabulary import VOCABULARY
from tests.contract.desk import KINDS, NAMES, Desk

USUAL = VOCABULARY
"""The vocabulary that all vendors share."""


async def test_name_comes_first(desk: Desk) -> None:
    for kind in KINDS:
        first = desk.client.reviews.fields(kind)[0]
        assert first.key == "name"
        assert first.needed({})


async def test_every_field_is_spoken_of_in_both_languages(desk: Desk) -> None:
    for kind in KINDS:
        for field in desk.client.reviews.fields(kind):
            for words in (field.label, field.hint, field.why, field.pattern_says):
                if words is not None:
                    assert words.en.strip(), field.key
                    assert words.zh.strip(), field.key
            for choice in field.choices:
                assert choice.label.en.strip(), choice.word
                assert choice.label.zh.strip(), choice.word
            if field.key not in USUAL:
                assert field.why is not None, f"{field.key}: asked for by this vendor alone, so it says why"


async def test_no_word_means_two_things(desk: Desk) -> None:
    for kind in KINDS:
        names = [fold(word) for field in desk.client.reviews.fields(kind) for word in (field.key, *field.aliases)]
        assert len(names) == len(set(names)), kind


async def test_choices_have_codes_and_take_their_own_words(desk: Desk) -> None:
    for kind in KINDS:
        for field in desk.client.reviews.fields(kind):
            assert field.type in (FieldType.CHOICE, FieldType.FAMILY) or not field.choices, field.key
            assert field.type is not FieldType.CHOICE or field.choices, field.key
            assert len({choice.word for choice in field.choices}) == len(field.choices)
            for choice in field.choices:
                for word in (choice.word, choice.label.en, choice.label.zh, *choice.aliases):
                    assert field.choice(word) == choice, (field.key, word)


async def test_one_thing_has_one_name_and_hints_leave_limits_to_the_check(desk: Desk) -> None:
    """What every vendor has is called the same everywhere; types and sizes are said from what is checked."""
    for kind in KINDS:
        for field in desk.client.reviews.fields(kind):
            usual = USUAL.get(field.key)
            assert usual is None or (field.label, field.type) == (usual.label, usual.type), field.key
            if field.type is FieldType.FILE:
                said = f"{field.hint.en} {field.hint.zh}"
                assert not re.search(r"\b(jpe?g|png|pdf|[0-9]+ ?[MK]B)\b", said, re.IGNORECASE), (field.key, said)


async def test_conditions_and_defaults_are_about_what_is_there(desk: Desk) -> None:
    for kind in KINDS:
        declared = {field.key: field for field in desk.client.reviews.fields(kind)}
        for field in declared.values():
            conditions = [one for one in (field.required, field.shown) if isinstance(one, When)]
            for condition in conditions:
                assert condition.key in declared, (field.key, condition.key)
                about = declared[condition.key]
                for word in condition.words:
                    assert word == "" or check_value(about, about.key, word) == (word, None), (field.key, word)
            if field.default:
                assert check_value(field, field.key, field.default) == (field.default, None), field.key


async def test_limits_say_where_they_were_read(desk: Desk) -> None:
    """A limit of this vendor's own has a source; one of the vocabulary is ours."""
    for kind in KINDS:
        for field in desk.client.reviews.fields(kind):
            assert field.max_length > 0, field.key
            assert field.min_length <= field.max_length, field.key
            assert bool(field.pattern) == (field.pattern_says is not None), field.key
            if field.type is FieldType.FILE:
                assert field.media_types, field.key
                assert 0 < field.max_bytes <= 20 * 1024 * 1024, field.key
                assert field.max_files >= 1, field.key
            usual = USUAL.get(field.key, Field(field.key, field.label, field.hint))
            limits = ("min_length", "max_length", "pattern", "media_types", "max_bytes", "max_files")
            own = any(getattr(field, limit) != getattr(usual, limit) for limit in limits)
            coded = any(choice.code != "" for choice in field.choices)
            if own or coded:
                assert field.source, f"{kind} {field.key}"


def test_every_vendor_of_the_program_is_here() -> None:
    from bot.running.vendors import ACCOUNTS, VENDORS

    assert set(NAMES) == set(VENDORS) == set(ACCOUNTS)
