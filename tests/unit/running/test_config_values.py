"""Values of the configuration file: hours, names, addresses and spans of time, good and bad."""

import re
from datetime import UTC, timedelta

import pytest

from bot.running.problems import problem
from bot.wording.language import languages
from tests.unit.running.acme import problems, read


@pytest.mark.parametrize("hours", ["", "always", "9-21 9-18", "mon-fri 09-18; sat-sun 09-18; holidays"])
def test_review_hours_in_either_notation(hours: str) -> None:
    text = f'[[account]]\nname="one"\nvendor="acme"\nkey="k"\nreview_hours="{hours}"'
    assert read(text).accounts[0].review_hours == hours


@pytest.mark.parametrize(
    ("hours", "what"),
    [
        ("sometimes", '"sometimes" is not understood; write "always" or "mon-fri 09-18; sat-sun 09-18; holidays"'),
        ("mon-fri 18-09", '"mon-fri 18-09" must open before it closes, within 0 to 24; write "always" or '),
        ("holidays", "Monday to Friday are missing; write "),
    ],
)
def test_review_hours_that_are_none_beside_other_problems(hours: str, what: str) -> None:
    found = problems(f'[[account]]\nname="one"\nvendor="acme"\nreview_hours="{hours}"')
    assert found[0] == "account.one.key: is missing"
    assert found[1].startswith(f"account.one.review_hours: {what}")


def test_a_vendors_name_is_free_for_that_vendors_account() -> None:
    assert read('[[account]]\nname="acme"\nvendor="acme"\nkey="k"').account("acme") is not None


@pytest.mark.parametrize("name", ["all", "ALL", "全部", "ａｌｌ", "reviews", "other"])
def test_reserved_account_names(name: str) -> None:
    (line,) = problems(f'[[account]]\nname="{name}"\nvendor="acme"\nkey="k"')
    assert line.endswith(".name: is a reserved word")


@pytest.mark.parametrize("name", ["", "a b", "a#1", "a,b", "a，b", "@a", "a=b", "a/b", "-a", "a\\nb", "a" * 41])
def test_names_that_nobody_could_type(name: str) -> None:
    (line,) = problems(f'[[account]]\nname="{name}"\nvendor="acme"\nkey="k"')
    assert line.startswith("account[1].name: should be one word")


@pytest.mark.parametrize("text", ["account = 3", "[account]\nname='x'", "account = [1]"])
def test_accounts_that_are_no_array_of_tables(text: str) -> None:
    assert problems(text) == ("account: should be an array of tables, each begun with [[account]]",)


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:1",
        "http://localhost/x",
        "http://[::1]:8080",
        "https://example.com/a/b",
        "https://example.com:8443",
    ],
)
def test_good_addresses(address: str) -> None:
    assert read(f'[bot]\npublic_url = "{address}/"').bot.public_url == address


@pytest.mark.parametrize(
    "address",
    [
        "http://example.com",
        "http://127.0.0.1.example.com",
        "http://10.0.0.1",
        "https://",
        "example.com",
        "https://a b",
        "https://example.com:99999",
        "https://[::1",
        "https://example.com/?a=b",
        "https://example.com#x",
        "https://u@example.com",
        "file:///etc/passwd",
    ],
)
def test_bad_addresses(address: str) -> None:
    (line,) = problems(f'[bot]\npublic_url = "{address}"')
    assert line.startswith("bot.public_url: should ")


@pytest.mark.parametrize(
    ("text", "listen"),
    [("", None), ("0.0.0.0:0", ("0.0.0.0", 0)), ("[::1]:80", ("::1", 80)), ("localhost:8080", ("localhost", 8080))],  # noqa: S104
)
def test_where_to_listen(text: str, listen: tuple[str, int] | None) -> None:
    assert read(f'[bot]\nhttp_listen = "{text}"').bot.listen == listen


@pytest.mark.parametrize(
    "text", [":8080", "localhost", "localhost:", "localhost:99999", "::1:80", "http://x:1", "a b:1"]
)
def test_nowhere_to_listen(text: str) -> None:
    (line,) = problems(f'[bot]\nhttp_listen = "{text}"')
    assert line.startswith("bot.http_listen: should be host:port")


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("90s", timedelta(seconds=90)),
        ("30m", timedelta(minutes=30)),
        ("7d", timedelta(days=7)),
        ("2w", timedelta(weeks=2)),
    ],
)
def test_spans_of_time(text: str, span: timedelta) -> None:
    assert read(f'[alerts]\nrepeat = "{text}"').alerts.repeat == span


@pytest.mark.parametrize("text", ["", "30", "m", "-5m", "1.5h", "5 m", "5M", "٣m", "1h30m"])
def test_no_spans_of_time(text: str) -> None:
    (line,) = problems(f'[alerts]\nrepeat = "{text}"')
    assert line.startswith("alerts.repeat: should be a span of time")


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ('"09:00"', "09:00"),
        ('"9"', "09:00"),
        ('"9:05"', "09:05"),
        ('"23:59"', "23:59"),
        ('"0:00"', "00:00"),
        ("07:30:00", "07:30"),  # as TOML writes a time
        ('""', ""),
    ],
)
def test_an_hour_of_the_day(text: str, at: str) -> None:
    assert read(f"[digest]\nat = {text}").digest.at == at


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ('"25:00"', ""),
        ('"9:60"', ""),
        ('"soon"', ""),
        ("9", "09:00"),
        ("9.5", ""),
        ("true", ""),
        ("09:00:30", ""),
        ('"24:00"', "00:00"),
        ('"9am"', "09:00"),
        ('"9 pm"', "21:00"),
        ('"12 am"', "00:00"),
        ('"9点"', "09:00"),
        ('"9点半"', "09:30"),
        ('"9.30"', "09:30"),
        ('"0900"', "09:00"),
        ('"每天9点"', ""),
    ],
)
def test_no_hour_of_the_day(text: str, meant: str) -> None:
    (line,) = problems(f"[digest]\nat = {text}")
    assert line.startswith('digest.at: should be an hour of the day such as "09:00", or "" for never')
    assert line.partition("did you mean ")[2] == (f'"{meant}"?' if meant else "")


def test_on_which_days_a_digest_comes() -> None:
    assert read('[digest]\ndays = "workdays"').digest.days == "workdays"
    (line,) = problems('[digest]\ndays = "weekdays"')
    assert line.startswith("digest.days: should be 'all' or 'workdays'")
    assert line.endswith("did you mean 'workdays'?")


@pytest.mark.parametrize("name", ["mei", "Mei Lin", "李 梅", "Mei  Lin", " Mei"])
def test_a_persons_name_may_have_blanks(name: str) -> None:
    assert read(f'[[person]]\nname="{name}"\nslack="U1"').people[0].name == " ".join(name.split())


@pytest.mark.parametrize("name", ["", "a/b", "a" * 41])
def test_names_that_no_person_has(name: str) -> None:
    assert "should be a name of up to 40 letters" in str(problems(f'[[person]]\nname="{name}"\nslack="U1"'))


MEANT = {
    'timezone = "Asia/Shangai"': '"Asia/Shanghai"',
    'timezone = "asia/shanghai"': '"Asia/Shanghai"',
    'timezone = "Asia/Beijing"': '"Asia/Shanghai"',
    'timezone = "UTC+8"': '"Asia/Shanghai"',
    'timezone = "北京"': '"Asia/Shanghai"',
    'timezone = "europe/berlin"': '"Europe/Berlin"',
    'language = "zh-CN"': "'zh'",
    'language = "中文"': "'zh'",
    'language = "English"': "'en'",
}


@pytest.mark.parametrize("line", MEANT)
def test_the_word_that_was_meant(line: str) -> None:
    (found,) = problems(f"[bot]\n{line}")
    assert found.endswith(f"did you mean {MEANT[line]}?")


@pytest.mark.parametrize(
    ("text", "meant"),
    [("30min", "30m"), ("30 m", "30m"), ("5 Minutes", "5m"), ("4hours", "4h"), ("30分钟", "30m"), ("1周", "1w")],
)
def test_the_span_that_was_meant(text: str, meant: str) -> None:
    (found,) = problems(f'[alerts]\nrepeat = "{text}"')
    assert found.endswith(f'did you mean "{meant}"?')


@pytest.mark.parametrize(("vendor", "meant"), [("Acme", "acme"), ("acmecloud", "acme"), ("otehr", "other")])
def test_the_vendor_that_was_meant(vendor: str, meant: str) -> None:
    """And what hangs on it is not blamed as well: the account may well be called like its vendor."""
    assert problems(f'[[account]]\nname="{meant}"\nvendor="{vendor}"\nkey="k"') == (
        f"account.{meant}.vendor: unknown vendor; did you mean {meant}?",
    )


WRONG_KINDS = {
    "[slack]\nbot_token = 12345\napp_token = 'x'": ("slack.bot_token", 'should be text in quotes, "like this"'),
    "[slack]\nbot_token = ['x']\napp_token = 'x'": ("slack.bot_token", 'should be text in quotes, "like this"'),
    "[poll]\nreview_seconds = '60'": ("poll.review_seconds", "should be a whole number, without quotes"),
    "[poll]\nreview_seconds = 60.5": ("poll.review_seconds", "should be a whole number, without quotes"),
    "[policy]\nsecond_person = 'delete'": ("policy.second_person", 'should be a list, such as ["one", "two"]'),
    "[calendar]\nholidays = ['2026年1月1日']": (
        "calendar.holidays[1]",
        "should be a day such as 2027-01-01, without quotes",
    ),
    "[bot]\ndata_dir = '~nobody-here/data'": (
        "bot.data_dir",
        "~nobody-here is nobody's home here: write the whole path",
    ),
    '[[account]]\nname="o"\nvendor="acme"\nkey="k"\ninner={pinn="x"}': (
        "account.o.inner.pinn",
        "unknown key; did you mean pin?",
    ),
}


@pytest.mark.parametrize("text", WRONG_KINDS)
def test_a_value_of_another_kind(text: str) -> None:
    path, says = WRONG_KINDS[text]
    assert problems(text) == (f"{path}: {says}",)
    assert re.search("[一-鿿]", problem(languages(UTC)["zh"], f"{path}: {says}"))
