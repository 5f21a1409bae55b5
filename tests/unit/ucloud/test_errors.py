"""What UCloud's refusals become."""

import pytest

from bot.contracts.errors import AnswerLost, Refused, Throttled, Trouble, Unavailable
from integrations.ucloud.errors import ADVICE, LONGEST_MESSAGE, refusal


def test_too_fast_is_throttled_whether_it_changes_something_or_not() -> None:
    for changes in (True, False):
        error = refusal(153, "Request was throttled", "id-1", changes=changes)
        assert isinstance(error, Throttled)
        assert (error.code, error.message, error.request_id) == ("153", "Request was throttled", "id-1")


@pytest.mark.parametrize("code", [110, 130, 150, 151, 200])
def test_a_broken_gateway_may_have_accepted_a_change(code: int) -> None:
    assert type(refusal(code, "", "", changes=True)) is AnswerLost
    assert type(refusal(code, "", "", changes=False)) is Unavailable


@pytest.mark.parametrize("code", [18004, 18007])
@pytest.mark.parametrize("changes", [True, False])
def test_not_submitted_is_safe_to_repeat(code: int, changes: bool) -> None:
    assert type(refusal(code, "service error", "", changes=changes)) is Unavailable


@pytest.mark.parametrize(
    ("code", "trouble"),
    [
        (171, Trouble.CREDENTIALS),
        (172, Trouble.CREDENTIALS),
        (173, Trouble.ACCOUNT),
        (174, Trouble.CREDENTIALS),
        (290, Trouble.PERMISSION),
        (292, Trouble.PERMISSION),
        (294, Trouble.PERMISSION),
        (299, Trouble.PERMISSION),
        (18001, Trouble.INPUT),
        (18003, Trouble.INPUT),
        (18013, Trouble.EMPTY),
        (18016, Trouble.STATE),
        (18017, Trouble.STATE),
    ],
)
def test_a_known_code_says_whose_business_it_is(code: int, trouble: Trouble) -> None:
    error = refusal(code, "as the vendor says", "id-1", changes=True)
    assert type(error) is Refused
    assert (error.trouble, error.message, error.request_id) == (trouble, "as the vendor says", "id-1")
    assert error.advice is not None


def test_every_code_that_the_vendor_names_is_told_apart_or_explained() -> None:
    """Facts 1.6, both tables."""
    gateway = (110, 130, 150, 151, 153, 160, 161, 170, 171, 172, 173, 174, 180, 200, *range(290, 296), 299)
    own = (*range(18000, 18005), 18007, 18013, 18014, *range(18016, 18020), 18023, 18033, 18046, 18048, 18049)
    for code in (*gateway, *own):
        error = refusal(code, "", "", changes=True)
        assert error.advice is not None or isinstance(error, Throttled), code


@pytest.mark.parametrize("code", [1, 18888, 99999, -1])
def test_an_unknown_code_is_shown_with_the_vendors_words(code: int) -> None:
    error = refusal(code, "签名已存在", "id-1", changes=True)
    assert type(error) is Refused
    assert (error.code, error.message, error.trouble, error.advice) == (
        str(code),
        "签名已存在",
        Trouble.UNEXPECTED,
        None,
    )


def test_every_advice_speaks_both_languages_calmly() -> None:
    for _, words in ADVICE.values():
        assert words.en.isascii()
        assert words.en.endswith(".")
        assert words.zh.endswith("。")
        for text in (words.en, words.zh):
            assert not any(said in text.casefold() for said in ("!", "！", "sorry", "抱歉", "please"))


@pytest.mark.parametrize(
    "secret",
    ["330106199001010000", "33010619900101000X", "/9j/4AAQSkZJRgABAQAAAQABAAD" * 4, "token_" + "a1B2-" * 20],
    ids=["ID number", "ID number with X", "paper", "token"],
)
def test_an_echo_of_the_request_is_not_kept(secret: str) -> None:
    error = refusal(18003, f"Params [{secret}] not available", "", changes=True)
    assert error.message == "Params […] not available"
    assert secret not in repr(error)


def test_a_long_message_is_cut() -> None:
    assert len(refusal(18003, "长" * 10_000, "", changes=True).message) == LONGEST_MESSAGE


def test_numbers_and_ids_stay_readable() -> None:
    said = "Signature SIG20260304000001 of org-abc, 1001 numbers, 13800000000"
    assert refusal(18019, said, "", changes=True).message == said
