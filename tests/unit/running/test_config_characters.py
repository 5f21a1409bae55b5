"""Characters that nobody meant: dropped at both ends, named inside, and named where they are no TOML at all."""

import re
from datetime import UTC
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.contracts.characters import odd_in_secret, odd_in_text, tidy, unseen
from bot.running.problems import problem
from bot.wording.language import languages
from tests.unit.running.acme import problems, read

AROUND = [
    "\n",
    "\r\n",
    " ",
    "\t",
    "\u00a0",
    "\u200b",
    "\ufeff",
    "\u3000",
    "\u2060",
    "\u200e",
    " \u200b\r\n",
    "\u2028",
    "\ufe0f",
]
INSIDE = {
    " ": "U+0020 (blank)",
    "\n": "U+000A (line end)",
    "\u00a0": "U+00A0 (no-break space)",
    "\u200b": "U+200B (zero width space)",
    "\ufeff": "U+FEFF (byte order mark)",
    "\u201c": "U+201C (left double quotation mark)",
    "\uff21": "U+FF21 (fullwidth latin capital letter a)",
    "密": "U+5BC6 (cjk unified ideograph-5bc6)",
}
ZH = languages(UTC)["zh"]
SLACK = '[slack]\nbot_token = "{}"\napp_token = "x"'


def as_toml(text: str) -> str:
    return "".join(f"\\u{ord(one):04x}" if not one.isalnum() and one not in "-:_." else one for one in text)


@pytest.mark.parametrize("around", AROUND, ids=ascii)
@pytest.mark.parametrize("source", ["literal", "environment", "file"])
def test_what_copying_leaves_around_a_secret_is_dropped(around: str, source: str, tmp_path: Path) -> None:
    value = f"{around}xoxb-1{around}"
    (tmp_path / "token").write_bytes(value.encode())
    written = {"literal": as_toml(value), "environment": f"env:TOKEN{as_toml(around)}", "file": "file: token"}[source]
    slack = read(SLACK.format(written), tmp_path, TOKEN=value).slack
    assert slack is not None
    assert slack.bot_token.get_secret_value() == "xoxb-1"


@pytest.mark.parametrize("inside", INSIDE, ids=ascii)
@pytest.mark.parametrize("source", ["literal", "environment", "file"])
def test_what_stands_within_a_secret_is_named_by_key_and_character(inside: str, source: str, tmp_path: Path) -> None:
    value = f"S3CRET{inside}S3CRET"
    (tmp_path / "token").write_bytes(value.encode())
    written = {"literal": as_toml(value), "environment": "env:TOKEN", "file": "file:token"}[source]
    (line,) = problems(SLACK.format(written), tmp_path, TOKEN=value)
    assert line.startswith("slack.bot_token: ")
    assert f"has {INSIDE[inside]} behind its first 6 characters" in line
    assert {"literal": "", "environment": "variable TOKEN ", "file": "file token "}[source] in line
    assert "S3CRET" not in line


@pytest.mark.parametrize("quoted", ['"xoxb-1"', "'xoxb-1'"])
def test_quotation_marks_that_became_part_of_a_secret(quoted: str) -> None:
    (line,) = problems(SLACK.format("env:TOKEN"), TOKEN=quoted)
    assert line.startswith("slack.bot_token: the environment variable TOKEN stands in quotation marks")


AROUND_SECRETS = {
    "Bearer xoxb-1": 'begins with "Bearer", which is no part of it',
    "bearer xoxb-1": 'begins with "bearer"',
    "SLACK_BOT_TOKEN=xoxb-1": "begins with the name of what it is",
    "export SLACK_BOT_TOKEN=xoxb-1": "begins with the name of what it is",
    "AccessKey ID: LTAI5t": "begins with the name of what it is",
    "密钥：LTAI5t": "has U+5BC6 (cjk unified ideograph-5bc6) at its beginning",
    "ｘoxb-1": "has U+FF58 (fullwidth latin small letter x) at its beginning",
    "x密xb-1": "has U+5BC6 (cjk unified ideograph-5bc6) behind its first character",
    "`xoxb-1`": "stands in quotation marks",
    "<xoxb-1>": "stands in quotation marks",
    "“xoxb-1”": "stands in quotation marks",
    "「xoxb-1」": "stands in quotation marks",
    "xoxb-1,": "ends with U+002C (comma)",
    "xoxb-1；": "ends with U+FF1B (fullwidth semicolon)",
    '"xoxb-1': "begins with U+0022 (quotation mark)",
    "xoxb-1'": "ends with U+0027 (apostrophe)",
}


@pytest.mark.parametrize("value", AROUND_SECRETS)
@pytest.mark.parametrize("source", ["env:TOKEN", "file:token"])
def test_what_was_copied_with_a_secret_is_named(value: str, source: str, tmp_path: Path) -> None:
    (tmp_path / "token").write_text(value, encoding="utf-8")
    (line,) = problems(SLACK.format(source), tmp_path, TOKEN=value)
    assert line.startswith("slack.bot_token: the ")
    assert AROUND_SECRETS[value] in line
    assert "LTAI" not in line
    assert "xoxb" not in line


@pytest.mark.parametrize("value", ["xoxb-1-a_b", "AbC+/d==", "ab=", "a", "org:secret/x", "k.v~w!x"])
def test_a_secret_of_any_service_passes(value: str) -> None:
    slack = read(SLACK.format("env:TOKEN"), TOKEN=value).slack
    assert slack is not None
    assert slack.bot_token.get_secret_value() == value


SOURCES = {
    "env:": 'names nothing behind "env:"',
    "file: ": 'names nothing behind "file:"',
    "env=TOKEN": 'has no ":" behind "env"; write "env:…"',
    "env：TOKEN": 'has no ":" behind "env"; write "env:…"',
    "File = token": 'has no ":" behind "file"; write "file:…"',
    "env:SLACK_BOT_TOKN": "is not set; did you mean SLACK_BOT_TOKEN?",
    "secrets/token.txt": 'is the name of a file; write "file:PATH"',
    "file:~nobody-here/x": "cannot be read: No such file or directory",
    "file:secrets": "cannot be read: Is a directory",
    "file:utf16": "cannot be read as UTF-8 text",
}


@pytest.mark.parametrize("written", SOURCES)
def test_where_a_secret_is_said_to_be(written: str, tmp_path: Path) -> None:
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "token.txt").write_text("xoxb-1")
    (tmp_path / "utf16").write_text("xoxb-1", encoding="utf-16")
    (line,) = problems(SLACK.format(written), tmp_path, SLACK_BOT_TOKEN="xoxb-1")
    assert line.startswith("slack.bot_token: ")
    assert SOURCES[written] in line


@pytest.mark.parametrize("written", ["ENV:TOKEN", "Env: TOKEN", "env : TOKEN"])
def test_the_word_of_a_source_in_any_letters(written: str) -> None:
    assert read(SLACK.format(written), TOKEN="xoxb-1").slack is not None


@pytest.mark.parametrize("written", ["SLACK_BOT_TOKEN", "$SLACK_BOT_TOKEN", "${SLACK_BOT_TOKEN}", "$token"])
def test_the_word_env_was_forgotten(written: str) -> None:
    (line,) = problems(SLACK.format(written))
    assert line == 'slack.bot_token: is the name of an environment variable; write "env:NAME", without "$"'


@pytest.mark.parametrize("around", AROUND, ids=ascii)
def test_ids_lose_what_copying_leaves_around_them(around: str) -> None:
    there = as_toml(around)
    settings = read(
        f'[[conversation]]\nplatform = "slack"\nid = "{there}C1{there}"\n'
        f'[[person]]\nname = "{there}Li Wei"\nslack = "{there}U1"\ndingtalk = "d1{there}"\n'
    )
    assert settings.conversations[0].id == "C1"
    assert (settings.people[0].name, settings.people[0].slack, settings.people[0].dingtalk) == ("Li Wei", "U1", "d1")


@pytest.mark.parametrize("inside", ["\u00a0", "\u200b", "\ufeff", "\u3164", "\u2028"], ids=ascii)
@pytest.mark.parametrize(
    ("text", "path"),
    [
        ('[[conversation]]\nplatform = "slack"\nid = "C{}1"', "conversation[1].id"),
        ('[[person]]\nname = "ann"\nslack = "U{}1"', "person.ann.slack"),
        ('[[group]]\nslack = "S{}1"\nrole = "viewer"', "group[1].slack"),
        ('[[person]]\nname = "an{}n"\nslack = "U1"', "person[1].name"),
        ('[[account]]\nname = "an{}n"\nvendor = "acme"\nkey = "k"', "account[1].name"),
        ('[[account]]\nname = "one"\nvendor = "acme"\nkey = "k"\ntest_numbers = ["138{}"]', ""),
        ('[bot]\npublic_url = "https://a{}b.example"', "bot.public_url"),
        ('[dingtalk]\nclient_id = "a"\nclient_secret = "b"\ncard_template_id = "c{}d"', "dingtalk.card_template_id"),
    ],
)
def test_what_cannot_be_seen_within_an_id_is_named(text: str, path: str, inside: str) -> None:
    text = text.format(as_toml(inside))
    if not path:
        assert read(text).accounts[0].test_numbers == ("138",)
        return
    (line,) = problems(text)
    assert line.startswith(f"{path}: ")
    assert f"U+{ord(inside):04X}" in line


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ('[[conversation]]\nplatform = "slack"\nid = "Ｃ1"', "conversation[1].id"),
        ('[bot]\npublic_url = "https：//a.example"', "bot.public_url"),
        ('[bot]\nhttp_listen = "127.0.0.1：8080"', "bot.http_listen"),
        ('[alerts]\nrepeat = "３０m"', "alerts.repeat"),
        ('[[account]]\nname = "one"\nvendor = "acme"\nkey = "k"\nreview_hours = "mon-fri 09：00-18"', ""),
    ],
)
def test_what_was_typed_on_a_chinese_keyboard_is_named(text: str, path: str) -> None:
    (line,) = problems(text)
    assert line.startswith(f"{path or 'account.one.review_hours'}: has U+FF")
    assert "is not the same as" in line


def test_names_are_written_as_they_are_written() -> None:
    text = '[[account]]\nname = "one"\nvendor = "acme"\nkey = "k"\ncompany = "速达（上海）科技有限公司"\n'
    assert read(text).accounts[0].company == "速达（上海）科技有限公司"


@pytest.mark.parametrize(
    "name", ["Li Wei", "李伟", "李 伟", "O'Neil", "阿依古丽·买买提", "Zoë", "J. R. Müller-Lüdenscheidt", "ann"]
)
def test_people_are_called_as_people_are_called(name: str) -> None:
    settings = read(
        f'[[person]]\nname = "{name}"\nslack = "U1"\n'
        f'[[oncall]]\nname = "first"\nrotation = ["{name}"]\nstart = 2026-01-05T09:00:00+08:00\n'
        f'[[escalation]]\nafter = "0m"\nnotify = ["person:{name}", "person: {name}"]\n'
    )
    assert settings.people[0].name == name
    assert settings.escalations[0].notify == (f"person:{name}",) * 2
    assert settings.names == {"slack:U1": name}


@pytest.mark.parametrize("name", ["", "@ann", "#1", "a\\nb", "a" * 41, "<ann>", "a,b", "a@b", "a:b", "a`b"])
def test_people_are_not_called_what_means_something_else(name: str) -> None:
    (line,) = problems(f'[[person]]\nname = "{name}"\nslack = "U1"')
    assert line.startswith("person[1].name: should be a name of up to 40 letters")


def test_a_person_of_two_words_is_called_by_name() -> None:
    text = '[[person]]\nname = "Li Wei"\nslack = "U1"\nrole = "boss"\n[[escalation]]\nafter = "0m"\nnotify = ["person:LiWei"]'
    assert [line.split(": ", 1)[0] for line in problems(text)] == ["escalation[1].notify[1]", 'person."Li Wei".role']
    assert "did you mean Li Wei?" in problems(text)[0]


# --- No TOML ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("language = “en”", "bot.language: U+201C (left double quotation mark) is no quotation mark here; TOML wants"),
        ('language = "en”', "bot.language: U+201D (right double quotation mark) is no quotation mark here"),
        ("language = ‘en’", "bot.language: U+2018 (left single quotation mark) is no quotation mark here"),
        ("language = ＂en＂", "bot.language: U+FF02 (fullwidth quotation mark) is no quotation mark here"),
        ('language ＝ "en"', 'bot.language: U+FF1D (fullwidth equals sign) is not the same as "="'),
        ("language：“en”", 'U+FF1A (fullwidth colon) stands here; a key and its value are parted by "="'),
        ('language: "en"', 'a key and its value are parted by "="'),
        ('language = "en",', "bot.language: something stands behind the value; the next key begins a line"),
        ('language = ""en""', "bot.language: something stands behind the value"),
        ("language = 'en", "bot.language: a quotation mark is opened and not closed on the same line"),
        ('language = """en"', "bot.language: a quotation mark is opened and not closed on the same line"),
        ('topics = ["a"', "bot.topics: a list is opened and not closed"),
        ("holidays = [2026/01/01]", "bot.holidays: a list is opened and not closed, or a comma is missing"),
        ("day = 2026-02-30", "bot.day: the calendar and the clock have no such moment"),
        ('data_dir = "C:\\users"', "bot.data_dir: a backslash begins a special character"),
        ("[[person]", "person: a line that begins with two brackets ends with two"),
        ("// en", "this is no TOML: a line is a [table], key = value or a # comment"),
        ('{"bot": 1}', "this is no TOML"),
        ('language\u00a0= "en"', "bot.language: U+00A0 (no-break space) stands here and cannot be seen"),
        ('\u200blanguage = "en"', "bot.language: U+200B (zero width space) stands here and cannot be seen"),
        ('\u3000language = "en"', "bot.language: U+3000 (ideographic space) stands here and cannot be seen"),
        (
            "language = en",
            'bot.language: invalid value; text stands in quotes, "like this"; the line is: language = en',
        ),
        (
            'language = "en',
            "bot.language: a quotation mark is opened and not closed on the same line; the line is: language = ",
        ),
        ("language =", "bot.language: a value is missing"),
        ("language = True", "bot.language: true and false are written in small letters"),
        ('data_dir = "C:\\data"', "bot.data_dir: a backslash begins a special character"),
        ("语言 = 1", "U+8BED (cjk unified ideograph-8bed) cannot stand here"),
        ("sockets = ２", 'bot.sockets: U+FF12 (fullwidth digit two) is not the same as "2"'),
    ],
)
def test_a_fault_of_toml_is_told_with_line_and_key(line: str, says: str) -> None:
    found = problems(f'[bot]\ntimezone = "Asia/Shanghai"\n{line}\n[poll]\nreview_seconds = 60\n')
    assert len(found) == 1
    assert found[0].startswith("line 3, column ")
    assert says in found[0]
    said = problem(ZH, found[0])
    assert not re.search("[a-z]+ [a-z]+ [a-z]+", re.sub(r"\(.*?\)|；该行是.*", "", said)), said


def test_every_line_of_a_file_that_went_through_a_word_processor_is_told() -> None:
    text = "[bot]\nlanguage = “en”\n［slack］\nbot_token = “S3CRET-one”\napp_token = “S3CRET-two”\n# “quoted”\n"
    found = problems(text)
    assert [line.split(",")[0] for line in found] == ["line 2", "line 3", "line 4", "line 5"]
    assert "slack.bot_token: U+201C" in found[2]
    assert not [line for line in found if "S3CRET" in line]


def test_what_was_meant_is_guessed_and_nothing_else_repeated() -> None:
    text = '[[conversation]]\nplatform = "slak"\nid = "C1"\ntopics = ["alert", "S3CRET-topic"]'
    platform, near, far = problems(text)
    assert platform.endswith("; 'slak' stands there: did you mean 'slack'?")
    assert near.endswith("; 'alert' stands there: did you mean 'alerts'?")
    assert "S3CRET" not in far


# --- Properties -------------------------------------------------------------------------------------------------------


@given(st.text())
def test_what_is_tidy_begins_and_ends_with_something_to_see(text: str) -> None:
    tidied = tidy(text)
    assert tidied in text
    assert tidy(tidied) == tidied
    assert not tidied or not (unseen(tidied[0]) or unseen(tidied[-1]) or " " in (tidied[0], tidied[-1]))


@given(st.text(min_size=1))
def test_a_secret_that_passes_can_stand_in_a_header(text: str) -> None:
    if not odd_in_secret(text):
        text.encode("ascii")
        assert text.isprintable()
        assert not odd_in_text(text)
