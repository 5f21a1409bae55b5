"""The configuration file: what it becomes, and every mistake in it at once."""

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.contracts.model import Place, Role
from bot.running.config import ConfigError, load, secrets_of
from tests.unit.running.acme import ACCOUNTS, problems, read

GOOD = """
[bot]
data_dir = "state"
language = "zh"
[slack]
bot_token = "env:BOT"
app_token = "file:app"
base_url = "http://127.0.0.1:9/api"
[[account]]
name = "one"
vendor = "acme"
key = "literal-key"
inner = { pin = "env:PIN", pins = ["file:app", "plain"] }
[[account]]
name = "two"
vendor = "other"
key = "second-key"
[[conversation]]
platform = "slack"
id = "C1"
[[conversation]]
platform = "dingtalk"
id = "cid=="
language = "en"
topics = ["quota"]
accounts = ["two"]
default_role = "submitter"
[[person]]
name = "ann"
slack = "U1"
dingtalk = "d1"
role = "admin"
[[rule]]
name = "low"
metric = "quota.share"
below = 0.2
[[oncall]]
name = "primary"
rotation = ["ann"]
start = 2026-01-05T09:00:00+08:00
[[escalation]]
after = "0m"
notify = ["conversation", "oncall:primary", "next:primary", "person:ann", "all"]
[alerts]
repeat = "45m"
[calendar]
holidays = [2027-01-01]
"""


def test_a_good_file_becomes_settings(tmp_path: Path) -> None:
    (tmp_path / "app").write_text("xapp-secret\r\n")
    path = tmp_path / "config.toml"
    path.write_text("\ufeff" + GOOD, encoding="utf-8")
    settings = load(path, accounts=ACCOUNTS, environ={"BOT": "xoxb-secret", "PIN": "1234"})

    assert settings.bot.data_dir == tmp_path / "state"
    assert settings.bot.listen == ("127.0.0.1", 8080)
    assert settings.slack is not None
    assert settings.slack.app_token.get_secret_value() == "xapp-secret"
    assert settings.slack.base_url == "http://127.0.0.1:9/api/"
    assert settings.dingtalk is None
    assert settings.account("two") is settings.accounts[1]
    assert settings.account("three") is None
    slack, dingtalk = settings.conversations
    assert (slack.language, slack.accounts, slack.default_role) == ("zh", ("one", "two"), Role.VIEWER)
    assert slack.topics == ("reviews", "alerts", "digest")
    assert (dingtalk.language, dingtalk.accounts, dingtalk.default_role) == ("en", ("two",), Role.SUBMITTER)
    assert settings.conversation(Place("dingtalk", "cid==", "a thread")) is dingtalk
    assert settings.conversation(Place("slack", "cid==")) is None
    assert settings.person("dingtalk", "d1") is settings.people[0]
    assert settings.person("dingtalk", "") is None
    assert settings.rules[0].below == Decimal("0.2")
    assert settings.oncalls[0].start == datetime(2026, 1, 5, 1, tzinfo=UTC)
    assert settings.oncalls[0].every == timedelta(days=7)
    assert settings.alerts.repeat == timedelta(minutes=45)
    assert settings.calendar.holidays == (date(2027, 1, 1),)
    assert secrets_of(settings) == ("xoxb-secret", "xapp-secret", "literal-key", "1234", "plain", "second-key")
    assert not [secret for secret in secrets_of(settings) if secret in repr(settings)]


def test_an_empty_file_has_the_defaults_of_the_contract() -> None:
    settings = read("")
    assert settings.bot.data_dir == Path("/nowhere/data")
    assert (settings.bot.language, settings.bot.timezone) == ("en", ZoneInfo("Asia/Shanghai"))
    assert settings.alerts.ack_expires == timedelta(hours=4)
    assert (settings.poll.review_seconds, settings.poll.quota_seconds, settings.poll.delivery_seconds) == (
        60,
        3600,
        900,
    )
    assert settings.policy.second_person == ()
    assert (settings.slack, settings.dingtalk, settings.accounts) == (None, None, ())


BROKEN = """
colour = "blue"
policy = 3
[bot]
langage = "en"
language = "fr"
timezone = "Mars/Olympus"
http_listen = "8080"
public_url = "http://bot.example.com"
data_dir = 3
"odd key" = 1
[slack]
bot_token = "env:NOT_THERE"
app_token = "file:not-there"
base_url = "ftp://slack.com"
sockets = "2"
[dingtalk]
client_id = "env:EMPTY"
client_secret = "env:no such name"
api_base = "https://user:pass@api.dingtalk.com"
allowed_webhook_hosts = ["https://oapi.dingtalk.com"]
[[account]]
name = "all"
vendor = "acme"
key = ""
[[account]]
name = "other"
vendor = "acme"
[[account]]
name = "a#1"
vendor = "acme"
key = "k"
[[account]]
name = "one"
vendor = "acmee"
[[account]]
name = "One"
vendor = "acme"
key = 5
[[account]]
vendor = "acme"
key = "k"
push_token = "TOP!SECRET"
inner = { pins = ["env:GONE"] }
[[conversation]]
platform = "slack"
id = "C1"
topics = ["reviews", "gossip"]
accounts = ["one", "xyz"]
default_role = "boss"
[[conversation]]
platform = "slack"
id = "C1"
[[conversation]]
platform = "irc"
[[person]]
name = "ann"
slack = "U1"
role = "nobody"
[[person]]
name = "ANN"
slack = "U1"
[[person]]
name = "bob"
[[group]]
slack = ""
role = "viewer"
[[rule]]
name = "later"
metric = "mood"
below = "3"
account = "xyz"
[[rule]]
name = "direction"
metric = "volume.ratio"
below = 3
[[rule]]
name = "half"
[[rule]]
name = "silenced"
off = true
[[rule]]
name = "windy"
metric = "balance"
below = 3
window = "2h"
[[rule]]
name = "share"
metric = "quota.share"
below = 20
[[oncall]]
name = "primary"
rotation = ["zoe"]
every = "0d"
start = 2026-01-05T09:00:00
[[oncall]]
name = "both"
rotation = ["bob"]
ics = "https://example.com/x.ics?key=1"
[[oncall]]
name = "when"
rotation = ["bob"]
[[escalation]]
after = "soon"
notify = ["oncall:secondary", "person:zoe", "everybody"]
[alerts]
repeat = 30
ack_expires = "99999w"
[poll]
review_seconds = 0
quota_seconds = true
[calendar]
holidays = [2026-01-01]
workdays = [2026-01-01]
"""

WRONG = {
    "account.all.key": "is empty",
    "account.all.name": "is a reserved word",
    "account.one.vendor": "unknown vendor; did you mean acme?",
    "account.One.key": 'should be text in quotes, "like this"',
    "account.One.name": "stands in another of these tables already",
    "account.other.key": "is missing",
    "account.other.name": "is a reserved word",
    "account[3].name": "should be one word of up to 40 letters, digits, '-', '_' and '.'",
    "account[6].inner.pins[1]": "the environment variable GONE is not set",
    "account[6].name": "is missing",
    "account[6].push_token": "cannot be ***",
    "alerts.ack_expires": "should be ten years at most",
    "alerts.repeat": 'should be a span of time such as "30m", "4h" or "7d"',
    'bot."odd key"': "unknown key",
    "bot.data_dir": "should be a path",
    "bot.http_listen": 'should be host:port, or "" to switch it off',
    "bot.langage": "unknown key; did you mean language?",
    "bot.language": "should be 'en' or 'zh'",
    "bot.public_url": "should be an address such as https://host/path (plain http for loopback only)",
    "bot.timezone": 'should be a time zone such as "Asia/Shanghai"',
    "calendar": "both a holiday and a workday: 2026-01-01",
    "colour": "unknown key",
    "conversation[1].accounts[2]": "no [[account]] is called xyz",
    "conversation[1].default_role": "should be 'viewer', 'submitter', 'responder', 'approver' or 'admin'",
    "conversation[1].topics[2]": (
        "should be 'reviews', 'quota', 'delivery', 'alerts', 'digest', 'replies' or 'operator'"
    ),
    "conversation[2].id": "stands in another of these tables already",
    "conversation[3].id": "is missing",
    "conversation[3].platform": "should be 'slack', 'dingtalk' or 'terminal'",
    "dingtalk.allowed_webhook_hosts[1]": "should be host or host:port",
    "dingtalk.api_base": "should have no user, query or fragment",
    "dingtalk.client_id": "EMPTY is empty",
    "dingtalk.client_secret": 'what follows "env:" is no name of an environment variable',
    "escalation[1].after": 'should be a span of time such as "30m", "4h" or "7d"',
    "escalation[1].notify[1]": "no [[oncall]] is called secondary",
    "escalation[1].notify[2]": "no [[person]] is called zoe",
    "escalation[1].notify[3]": ('should be "conversation", "oncall:NAME", "next:NAME", "person:NAME" or "all"'),
    "group[1].slack": "should have at least 1 character",
    "oncall.both": "needs a rotation or ics, and not both",
    "oncall.primary.every": "should be more than nothing",
    "oncall.primary.rotation[1]": "no [[person]] is called zoe",
    "oncall.primary.start": "should have timezone info",
    "oncall.when": "a rotation needs start, a date and time with its offset",
    "person.ANN.name": "stands in another of these tables already",
    "person.ANN.slack": "stands in another of these tables already",
    "person.ann.role": "should be 'viewer', 'submitter', 'responder', 'approver' or 'admin'",
    "person.bob": "needs a slack or a dingtalk id",
    "policy": "should be a table, begun with [policy]",
    "poll.quota_seconds": "should be a whole number, without quotes",
    "poll.review_seconds": "should be greater than 0",
    "rule.later.account": "no [[account]] is called xyz",
    "rule.later.below": "should be a number",
    "rule.direction": "needs above and no below",
    "rule.half": "needs metric",
    "rule.windy": "has no window with this metric",
    "rule.later.metric": "is not measured; measured now: quota.remaining, quota.share, quota.days_left, package.days_left, "
    "balance, delivery.fail_share, delivery.limited, delivery.code, volume.ratio, volume.abuse, review.overdue, filing.failed",
    "rule.share": "below should be a share from 0 to 1",
    "slack.app_token": "the file not-there cannot be read: No such file or directory",
    "slack.base_url": "should be an address such as https://host/path (plain http for loopback only)",
    "slack.bot_token": "the environment variable NOT_THERE is not set",
    "slack.sockets": "should be a whole number, without quotes",
}


def test_every_mistake_is_listed_at_once(tmp_path: Path) -> None:
    assert dict(line.split(": ", 1) for line in problems(BROKEN, tmp_path, EMPTY="")) == WRONG


def test_problems_are_lines_in_a_steady_order(tmp_path: Path) -> None:
    found = problems(BROKEN, tmp_path, EMPTY="")
    assert list(found) == sorted(found)
    assert len(found) == len(WRONG)
    assert not [line for line in found if "\n" in line]


@pytest.mark.parametrize(
    ("text", "begins"),
    [
        ("[bot]\nlanguage = \n", "line 2, column 12: "),
        ("[bot]\nlanguage = 'en'\nlanguage = 'zh'\n", "line 3, column 16: "),
        ("x = " + "[" * 100_000, "not TOML: "),
        ("x = " + "9" * 5000, "not TOML: "),
    ],
)
def test_a_file_that_is_not_toml_says_where(text: str, begins: str) -> None:
    (line,) = problems(text)
    assert line.startswith(begins)


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    with pytest.raises(ConfigError, match="cannot be read: No such file"):
        load(path, accounts=ACCOUNTS, environ={})
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(ConfigError, match="is not UTF-8 text"):
        load(path, accounts=ACCOUNTS, environ={})


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"\n", "token is empty"),
        (b"\xff", "the file token cannot be read as UTF-8 text"),
        (b"x" * 70_000, "the file token is too large for a secret"),
    ],
)
def test_a_secret_file_that_is_no_secret(tmp_path: Path, content: bytes, says: str) -> None:
    (tmp_path / "token").write_bytes(content)
    text = '[slack]\nbot_token = "file:token"\napp_token = "x"'
    assert problems(text, tmp_path) == (f"slack.bot_token: {says}",)


def test_only_fields_for_secrets_are_looked_up() -> None:
    text = '[[account]]\nname="one"\nvendor="acme"\nkey="k"\n[account.defaults]\nremark="env:HOME"'
    assert read(text, HOME="/home").accounts[0].defaults == {"remark": "env:HOME"}


def test_settings_do_not_change() -> None:
    settings = read("")
    with pytest.raises(ValueError, match="frozen"):
        settings.bot.language = "zh"  # type: ignore[misc]


secret_texts = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zs", "Zl", "Zp"], exclude_characters="\"\\'"),
    min_size=8,
    max_size=40,
).map(lambda text: f"S3CRET{text}")
places = st.sampled_from(
    [
        '[slack]\nbot_token = "{}"\napp_token = 3\nx = 1',
        '[slack]\nbot_tokn = "{}"',
        '[slack]\nsockets = "{}"',
        '[slack]\nbase_url = "{}"',
        '[slack]\nbase_url = "https://{}@slack.com/"',
        '[bot]\nlanguage = "{}"\ntimezone = "{}"\nhttp_listen = "{}"\ndata_dir = ["{}"]',
        '[dingtalk]\nclient_id = "{}"\nclient_secret = "{}"\nallowed_webhook_hosts = ["{} x"]',
        '[dingtalk]\nclient_id = ["{}"]\nclient_secret = {{ x = "{}" }}',
        'slack = "{}"',
        'account = "{}"',
        '[[account]]\nname = "{}"\nvendor = "acme"\nkey = "{}"\nsecret = "{}"',
        '[[account]]\nname = "one"\nvendor = "{}"\nkey = "{}"',
        '[[account]]\nname = "one"\nvendor = "acme"\nkey = "{}"\npush_token = "{}!"\ninner = {{ pins = ["{}"], z = "{}" }}',
        '[[account]]\nname = "one"\nvendor = "acme"\nkey = "{}"\ninner = "{}"\ntest_numbers = "{}"',
        '[[account]]\nname = "one"\nvendor = "acme"\nkey = "env:S"\npush_token = "env:S"\ninner = {{ pin = "env:S", z = 1 }}',
        '[slack]\nbot_token = "{}',
        "[slack]\nbot_token = {}",
        '[slack]\nbot_token = "{}"\nbot_token = "{}"',
    ]
)


@given(place=places, secret=secret_texts)
def test_no_problem_ever_shows_a_secret(place: str, secret: str) -> None:
    text = place.replace("{{", "{").replace("}}", "}").replace("{}", secret) + "\n[poll]\nreview_seconds = 0"
    found = problems(text, S=secret)
    assert not [line for line in found if secret in line or secret[:10] in line]
    assert not [
        line
        for line in found
        if not re.match(r"[\w\".*\[\]-]+(, column \d+)?: |line \d+, column \d+: |not TOML: |end ", line)
    ]
