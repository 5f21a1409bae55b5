"""Why a vendor did not take a call: kept in the record and in notices under the same keys."""

import pytest

from bot.contracts.errors import Refused, Trouble, VendorError, refusal
from bot.contracts.model import Refusal, Words

KNOWN = Refused("LIMIT", "太快", request_id="R-1", trouble=Trouble.LIMIT, advice=Words("Wait.", "请稍候。"))
UNKNOWN = Refused("NEW")


@pytest.mark.parametrize(
    ("error", "stored"),
    [
        (KNOWN, ("LIMIT", "太快", "R-1", "limit", "Wait.", "请稍候。")),
        (UNKNOWN, ("NEW", "", "", "unexpected", "", "")),
    ],
)
def test_it_is_stored_and_read_under_the_keys_of_the_record(error: VendorError, stored: tuple[str, ...]) -> None:
    keys = ("code", "message", "request_id", "trouble", "advice_en", "advice_zh")
    told = refusal(error)
    assert told.to_json() == dict(zip(keys, stored, strict=True))
    assert Refusal.from_json({"news": "refused", "state": "failed", **told.to_json()}) == told


def test_what_was_not_stored_is_empty() -> None:
    assert Refusal.from_json({"news": "not_done_lost"}) == Refusal()
    assert Refusal().meaning("zh") == ""


@pytest.mark.parametrize(("language", "said"), [("en", "Wait."), ("zh", "请稍候。")])
def test_what_it_means_is_told_in_the_readers_language(language: str, said: str) -> None:
    assert refusal(KNOWN).meaning(language) == said
