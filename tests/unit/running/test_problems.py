"""Every problem of a configuration is said in the operator's language, whoever found it."""

import re
from datetime import UTC
from pathlib import Path

import pytest

from bot.running.check import notes, wrong
from bot.running.config import ConfigError, parse
from bot.running.config_text import spoken
from bot.running.problems import SENTENCES, problem
from bot.running.vendors import ACCOUNTS
from bot.wording.language import languages
from tests.unit.running.acme import read

CHINESE = re.compile(r"[\u4e00-\u9fff]")
ZH = languages(UTC)["zh"]

EVERYTHING_WRONG = """
what = 1
[bot]
language = "fr"
timezone = "Mars"
http_listen = "nowhere"
public_url = "ftp://x"
datadir = "x"
[slack]
bot_token = "SLACK_BOT_TOKEN"
app_token = "env:NOT_SET_ANYWHERE"
sockets = 99
[dingtalk]
client_id = "file:nope"
client_secret = ""
monthly_calls = 0
allowed_webhook_hosts = ["a b"]
[[account]]
name = "aliyun"
vendor = "alibaba"
access_key_id = "“quoted”"
access_key_secret = "'a'"
endpoint = "http://example.com"
review_hours = "sometimes"
quota = ["gold"]
test_numbers = ["1", "2", "3", "4", "5", "6"]
[[account]]
name = "reviews"
vendor = "tencent"
secret_id = "a"
sdk_app_id = "14x"
endpoint = "https://x/y"
[[account]]
name = "two words"
vendor = "aws"
[[account]]
vendor = "ucloud"
package = { amount = 0, since = 2026-02-01, expires = 2026-01-01 }
[[conversation]]
platform = "slcak"
id = "C\u200b1"
topics = ["alert"]
accounts = ["nowhere"]
[[person]]
name = "a@b"
role = "boss"
[[rule]]
name = "r"
metric = "luck"
below = "x"
[[oncall]]
name = "p"
every = "soon"
rotation = ["nobody"]
[[escalation]]
after = "99999d"
notify = ["everybody"]
[poll]
review_seconds = 0
quota_seconds = "x"
[calendar]
holidays = [2026-01-01]
workdays = [2026-01-01]
[alerts]
repeat = "0m"
"""


def problems(text: str, folder: Path) -> tuple[str, ...]:
    with pytest.raises(ConfigError) as caught:
        parse(text, accounts=ACCOUNTS, environ={}, base=folder)
    return caught.value.problems


def test_all_that_models_find(tmp_path: Path) -> None:
    found = problems(EVERYTHING_WRONG, tmp_path)
    assert len(found) > 30
    for line in found:
        said = problem(ZH, line)
        assert CHINESE.search(said), line
        assert said.startswith(line.partition(": ")[0] + "："), "the path stays as it is"


@pytest.mark.parametrize(
    "text",
    [
        "[bot]\nlanguage = zh\n",
        '[bot]\nlanguage = "zh\n',
        "[bot]\nlanguage = “zh”\n",
        "[bot]\nlanguage =\n",
        "[slack]\nsockets = True\n",
        '[bot]\ndata_dir = "a\\q"\n',
        '[bot]\nlanguage = "zh"\nlanguage = "en"\n',
        "[bot]\n[bot]\n",
        '[bot]\nlanguage\u00a0= "zh"\n',
    ],
)
def test_all_that_is_no_toml(text: str, tmp_path: Path) -> None:
    for line in problems(text, tmp_path):
        assert CHINESE.search(problem(ZH, line)), line


def test_all_that_check_adds(tmp_path: Path) -> None:
    text = """
[slack]
bot_token = "xapp-1"
app_token = "xoxp-1"
[dingtalk]
client_id = "same-secret"
client_secret = "same-secret"
[[conversation]]
platform = "slack"
id = "#sms"
[[conversation]]
platform = "dingtalk"
id = "群"
[[person]]
name = "mei"
slack = "@mei"
dingtalk = "梅"
[[group]]
slack = "marketing"
role = "viewer"
[policy]
second_person = ["delete"]
[[account]]
name = "one"
vendor = "acme"
key = "k"
defaults = { paper = "gone.png" }
"""
    settings = read(text, tmp_path)
    (tmp_path / "secrets.env").write_text("A=b\n", encoding="utf-8")
    (tmp_path / "secrets.env").chmod(0o644)
    found = (*wrong(settings, tmp_path), *notes(settings))
    assert len(found) == 11
    for line in found:
        assert CHINESE.search(problem(ZH, line)), line


def test_english_stays_as_it_is() -> None:
    line = "bot.language: should be 'en' or 'zh'"
    assert problem(languages(UTC)["en"], line) == line


def test_every_sentence_is_listed_once() -> None:
    assert len(set(SENTENCES)) == len(SENTENCES)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ('[bot]\nlanguage = "zh"\n', "zh"),
        ("[bot]\nlanguage = “zh”\n", "zh"),
        ('[bot]\ndata_dir = "x"\nlanguage="zh', "zh"),
        ('[[conversation]]\nlanguage = "zh"\n', "en"),
        ('[bot]\n[[conversation]]\nlanguage = "zh"\n', "en"),
        ("", "en"),
    ],
)
def test_the_language_is_seen_in_a_broken_file_too(text: str, language: str) -> None:
    assert spoken(text) == language
