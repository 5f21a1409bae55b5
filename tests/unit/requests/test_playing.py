"""Films and sound by their bytes."""

import pytest

from bot.contracts.fields import Fault
from bot.contracts.papers import OTHER_FILM
from bot.requests.inspection import inspect
from bot.requests.playing import played
from tests.made_media import film, sound


@pytest.mark.parametrize(
    ("content", "seconds", "coding"),
    [
        (film(3), 3, "avc1"),
        (film(61, wide=True), 61, "avc1"),
        (film(2, b"hvc1", sound_first=True), 2, "hvc1"),
    ],
)
def test_a_film_tells_its_length_and_coding(content: bytes, seconds: int, coding: str) -> None:
    found = played("video/mp4", content)
    assert found is not None
    assert (found.seconds, found.coding) == (seconds, coding)


@pytest.mark.parametrize("tagged", [False, True])
def test_a_sound_tells_its_length(tagged: bool) -> None:
    found = played("audio/mpeg", sound(2.0, tagged=tagged))
    assert found is not None
    assert found.seconds == pytest.approx(2.0, abs=0.03)


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (film(), ("video/mp4", None)),
        (film(coding=b"hvc1"), (OTHER_FILM, None)),
        (film()[:-10], ("video/mp4", Fault.FILE_DAMAGED)),
        (film()[: len(film()) // 2], ("video/mp4", Fault.FILE_DAMAGED)),
        (sound(tagged=True), ("audio/mpeg", None)),
        (sound()[:-5], ("audio/mpeg", Fault.FILE_DAMAGED)),
    ],
)
def test_what_a_file_is(content: bytes, what: tuple[str, Fault | None]) -> None:
    assert inspect(content) == what


@pytest.mark.parametrize("cut", range(0, len(film()), 7))
def test_a_film_cut_anywhere_is_damaged_and_never_an_error(cut: int) -> None:
    assert played("video/mp4", film()[:cut]) is None
