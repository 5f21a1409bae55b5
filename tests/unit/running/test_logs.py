"""The log: what it says, and what nobody reads in it."""

import io
import json
import logging
from collections.abc import Iterator
from urllib.parse import quote, quote_plus

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from bot.running.logs import QUIET, Redactor, setup

SECRET = 'p+ss/w"rd\\ 密码'


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    levels = {name: logging.getLogger(name).level for name in QUIET}
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    for name, quiet in levels.items():
        logging.getLogger(name).setLevel(quiet)
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


class Log:
    def __init__(self, *, level: str = "info", as_json: bool = True, secrets: tuple[str, ...] = ()) -> None:
        logging.getLogger().handlers[:] = []  # the test runner's own, which raises where a record cannot be written
        self.stream = io.StringIO()
        self.redactor = setup(level, as_json, secrets, self.stream)

    @property
    def text(self) -> str:
        return self.stream.getvalue()

    @property
    def lines(self) -> list[dict[str, object]]:
        return [json.loads(line) for line in self.text.splitlines()]


def test_one_json_object_a_line_with_its_context() -> None:
    log = Log()
    with structlog.contextvars.bound_contextvars(request=17):
        structlog.get_logger("bot.requests.reviews.polling").info("签名 seen", state="ready")
        logging.getLogger("aiohttp").warning("a %s line", "library's", extra={"port": 8080})
    logging.getLogger("bot").info("later")
    ours, theirs, later = log.lines
    assert ours.pop("timestamp")
    assert ours == {
        "event": "签名 seen",
        "state": "ready",
        "level": "info",
        "logger": "bot.requests.reviews.polling",
        "request": 17,
    }
    assert theirs.pop("timestamp")
    assert theirs == {"event": "a library's line", "level": "warning", "logger": "aiohttp", "request": 17, "port": 8080}
    assert "request" not in later
    assert "签名" in log.text


def test_lines_for_people() -> None:
    log = Log(as_json=False, secrets=(SECRET,))
    structlog.get_logger("bot").warning("no answer", key=SECRET, number=13812345678)
    assert "no answer" in log.text
    assert "***" in log.text
    assert "138****5678" in log.text
    assert 'w"rd' not in log.text
    assert "\x1b" not in log.text


def test_the_level_counts_for_both() -> None:
    log = Log(level="warning")
    structlog.get_logger("bot").info("not this")
    logging.getLogger("other").info("nor this")
    structlog.get_logger("bot").warning("this")
    assert [line["event"] for line in log.lines] == ["this"]


def test_the_last_set_up_counts_and_lines_come_once() -> None:
    first, second = Log(), Log()
    structlog.get_logger("bot").info("here")
    assert first.text == ""
    assert len(second.lines) == 1


@pytest.mark.parametrize(
    "name",
    ["httpx", "httpcore.connection", "apscheduler.scheduler", "slack_bolt.App", "slack_sdk", "dingtalk_stream.client"],
)
def test_talkative_libraries_are_quiet_even_when_they_insist(name: str) -> None:
    log = Log(level="debug")
    library = logging.getLogger(name)
    before = library.level
    try:
        library.info("chatter")
        library.setLevel(logging.INFO)
        library.info("more chatter")
        library.warning("trouble")
    finally:
        library.setLevel(before)
    assert [line["event"] for line in log.lines] == ["trouble"]


@pytest.mark.parametrize("as_json", [True, False])
def test_a_secret_is_hidden_in_message_values_and_traceback(as_json: bool) -> None:
    log = Log(as_json=as_json, secrets=(SECRET,))
    bound = structlog.get_logger("bot").bind(where={"deep": [SECRET]})
    try:
        int(f"refused {SECRET}")
    except ValueError:
        bound.exception(f"with {SECRET}", url=f"https://host/?k={quote(SECRET)}&q={quote_plus(SECRET)}")
        logging.getLogger("library").exception("also %r", SECRET)
    assert "ValueError" in log.text
    assert log.text.count("***") >= 6
    for spelling in (
        SECRET,
        quote(SECRET),
        quote_plus(SECRET),
        json.dumps(SECRET)[1:-1],
        'w\\"rd',
        "p%2B",
        "p+ss",
        "密码",
    ):
        assert spelling not in log.text


def test_a_secret_learnt_later_is_hidden_from_then_on() -> None:
    log = Log()
    log.redactor.add("fresh-token-1", "")
    logging.getLogger("bot").warning("got fresh-token-1")
    assert log.lines[0]["event"] == "got ***"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("to 13812345678.", "to 138****5678."),
        ("手机号13812345678发送", "手机号138****5678发送"),
        ("+8613812345678", "+86138****5678"),
        ("+86 13812345678", "+86 138****5678"),
        ("8619912345678,13900001111", "86199****5678,139****1111"),
        ("id 110101199003077777", "id ***"),
        ("id 11010119900307777X ok", "id *** ok"),
        ("at 1763700000000 ms", "at 1763700000000 ms"),
        ("order 20001234567", "order 20001234567"),
        ("12812345678", "12812345678"),
        ("https://api/x?access_token=abc-1.2_3&y=1", "https://api/x?access_token=***&y=1"),
        ('{"access_token": "abc", "n": 1}', '{"access_token": "***", "n": 1}'),
        (r"{\"accessToken\":\"abc\"}", r"{\"accessToken\":\"***\"}"),
        ("see https://hooks.slack.com/services/T0/B0/XyZ now", "see https://hooks.slack.com/*** now"),
        (r"https:\/\/hooks.slack.com\/commands\/T0\/1\/x", r"https:\/\/hooks.slack.com\/***"),
        (
            "POST https://oapi.dingtalk.com/robot/send?access_token=abc&sign=x",
            "POST https://oapi.dingtalk.com/robot/send?***",
        ),
        ("http://127.0.0.1:9/robot/sendBySession?session=abc done", "http://127.0.0.1:9/robot/sendBySession?*** done"),
        ("wss://wss.slack.com/link/?ticket=abc&app_id=1", "wss://wss.slack.com/link/?ticket=***&app_id=1"),
        ("https://host/list?page=2", "https://host/list?page=2"),
    ],
)
def test_what_is_masked_wherever_it_stands(text: str, says: str) -> None:
    assert Redactor()(text) == says


def test_numbers_are_masked_and_the_line_stays_json() -> None:
    log = Log()
    logging.getLogger("bot").warning(
        "x",
        extra={
            "a": 13812345678,
            "b": [13812345678.0],
            "c": {"d": 110101199003077777},
            "e": True,
            "f": 0.25,
            "g": float("inf"),
        },
    )
    (line,) = log.lines
    assert (line["a"], line["b"], line["c"]) == ("138****5678", ["138****5678.0"], {"d": "***"})
    assert (line["e"], line["f"], line["g"]) == (True, 0.25, "inf")


def test_very_short_secrets_do_not_black_out_everything() -> None:
    assert Redactor(["a", ""])("a bad day") == "a bad day"


def test_the_longer_of_two_secrets_goes_first() -> None:
    assert Redactor(["token", "token-and-more"])("token-and-more token") == "*** ***"


def test_a_record_that_cannot_be_written_does_not_show_its_arguments(capsys: pytest.CaptureFixture[str]) -> None:
    log = Log(secrets=(SECRET,))
    logging.getLogger("library").warning("%d messages", SECRET)
    assert "could not be written" in log.text
    assert SECRET not in log.text + capsys.readouterr().err


def test_half_characters_are_written_out() -> None:
    log = Log()
    logging.getLogger("bot").warning("half \udc80")
    assert log.text.encode()
    assert len(log.lines) == 1


@given(secret=st.text(st.characters(exclude_categories=["Cs"]), min_size=8, max_size=30).map(lambda text: f"§{text}§"))
def test_no_spelling_of_a_secret_gets_through(secret: str) -> None:
    redact = Redactor([secret])
    for text in (secret, quote(secret), quote_plus(secret), quote(secret, safe=""), json.dumps(secret), repr(secret)):
        for again in (text, json.dumps(text), json.dumps(text, ensure_ascii=False), repr(text)):
            said = redact(f"before {again} after")
            assert said.startswith("before ")
            assert said.endswith(" after")
            assert "***" in said
            assert text.strip("'\"") not in said
