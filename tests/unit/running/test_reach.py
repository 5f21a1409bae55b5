"""What the doctor says of an address that a vendor is to reach."""

import json

import pytest

from bot.contracts.probe import Found
from bot.running.reach import finding

REFUSED = {"code": 1, "msg": "POST is expected"}
OURS = json.dumps(REFUSED).encode()


@pytest.mark.parametrize(
    ("answer", "found", "words"),
    [
        ((405, OURS), Found.WELL, "answers"),
        ((405, b"<html>"), Found.WRONG, "not as the bot does"),
        ((200, OURS), Found.WRONG, "answers 200"),
        ((404, b""), Found.WRONG, "must pass on /push/…"),
        ((301, b""), Found.WRONG, "answers 301"),
        ((502, b""), Found.NOTE, "while `signpost run` is running"),
        ("ConnectError", Found.NOTE, "does not answer (ConnectError)"),
    ],
)
def test_what_came_back(answer: tuple[int, bytes] | str, found: Found, words: str) -> None:
    said = finding("https://sms-bot.example.com/push/aliyun/PUSH_TOKEN/sign", answer, REFUSED)
    assert said.found is found
    assert words in said.what.en
    assert "PUSH_TOKEN" in said.what.zh
