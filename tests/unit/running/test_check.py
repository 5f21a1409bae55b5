"""What `check` finds without asking anybody: forms of ids and tokens, files that are not there."""

import re
from datetime import UTC
from pathlib import Path

import pytest

from bot.running.check import EXAMPLES, everything, notes, wrong
from bot.running.config import LISTS, TABLES
from bot.running.config_tables import FORMS
from bot.running.problems import problem
from bot.running.secrets_file import trouble
from bot.running.vendors import ACCOUNTS
from bot.wording.language import languages
from tests.unit.running.acme import read

SLACK = '[slack]\nbot_token = "{}"\napp_token = "{}"\n'
CONVERSATION = '[[conversation]]\nplatform = "{}"\nid = "{}"\n'
PERSON = '[[person]]\nname = "Li Wei"\nslack = "{}"\n'
DINGTALK_PERSON = '[[person]]\nname = "mei"\ndingtalk = "{}"\n'
GROUP = '[[group]]\nslack = "{}"\nrole = "viewer"\n'


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (SLACK.format("xapp-1", "xoxb-1"), "slack.bot_token: must begin with xoxb-; this one begins as the app token"),
        (SLACK.format("xoxb-1", "xoxb-2"), "slack.app_token: must begin with xapp-; this one begins as the bot token"),
        (SLACK.format("xoxp-1", "xapp-1"), "slack.bot_token: must begin with xoxb-"),
        (CONVERSATION.format("slack", "#sms-ops"), "conversation[1].id: should be a channel's id such as C0123456789"),
        (CONVERSATION.format("slack", "sms-ops"), "conversation[1].id: should be a channel's id"),
        (CONVERSATION.format("slack", "U0123"), "conversation[1].id: should be a channel's id"),
        (CONVERSATION.format("dingtalk", "运维群"), "conversation[1].id: should be an openConversationId"),
        (PERSON.format("@ops-lead"), 'person."Li Wei".slack: should be a member\'s id such as U0123456789'),
        (PERSON.format("li.wei"), 'person."Li Wei".slack: should be a member\'s id'),
        (DINGTALK_PERSON.format("张三"), "person.mei.dingtalk: should be a user id such as manager4567, not a name"),
        (DINGTALK_PERSON.format("@mei"), "person.mei.dingtalk: should be a user id such as manager4567, not a name"),
        (GROUP.format("marketing"), "group[1].slack: should be a user group's id such as S0123456789"),
    ],
)
def test_ids_and_tokens_of_the_wrong_form(text: str, says: str, tmp_path: Path) -> None:
    assert any(line.startswith(says) for line in wrong(read(text, tmp_path), tmp_path))


def test_good_ids_are_not_minded(tmp_path: Path) -> None:
    text = SLACK.format("xoxb-1", "xapp-1") + CONVERSATION.format("slack", "C1")
    text += CONVERSATION.format("dingtalk", "cid==") + PERSON.format("W1") + GROUP.format("S1")
    assert wrong(read(text, tmp_path), tmp_path) == ()


def test_a_default_paper_that_is_not_there(tmp_path: Path) -> None:
    (tmp_path / "there.png").write_bytes(b"x")
    account = '[[account]]\nname = "one"\nvendor = "acme"\nkey = "k"\ndefaults = {{ paper = "{}" }}\n'
    gone = str(tmp_path / "gone.png")
    assert wrong(read(account.format(tmp_path / "there.png"), tmp_path), tmp_path) == ()
    assert wrong(read(account.format(gone), tmp_path), tmp_path) == (
        f"account.one.defaults.paper: there is no file {gone}",
    )
    assert wrong(read(account.format("12345"), tmp_path), tmp_path) == ()


def test_a_push_token_that_could_be_guessed(tmp_path: Path) -> None:
    account = '[[account]]\nname = "one"\nvendor = "acme"\nkey = "k"\npush_token = "{}"\n'
    assert wrong(read(account.format("0123456789abcdef"), tmp_path), tmp_path) == ()
    assert wrong(read(account.format("push"), tmp_path), tmp_path) == (
        "account.one.push_token: could be guessed; make one with openssl rand -hex 24",
    )


def test_a_push_token_where_nothing_listens(tmp_path: Path) -> None:
    account = '[[account]]\nname = "one"\nvendor = "acme"\nkey = "k"\npush_token = "0123456789abcdef"\n'
    assert notes(read(f'[bot]\nhttp_listen = ""\n{account}', tmp_path)) == (
        "account.one.push_token does nothing while bot.http_listen is empty",
    )
    assert notes(read(account, tmp_path)) == ()


STILL = "is still the one of config.example.toml; put your own in its place, or take the table out"


def test_what_is_still_the_examples(tmp_path: Path) -> None:
    text = CONVERSATION.format("slack", "C0123456789") + PERSON.format("U0123456789") + GROUP.format("S0123456789")
    assert wrong(read(text, tmp_path), tmp_path) == (
        f"conversation[1].id: {STILL}",
        f"group[1].slack: {STILL}",
        f'person."Li Wei".slack: {STILL}',
    )


def test_a_stand_in_on_this_machine_may_have_any_ids(tmp_path: Path) -> None:
    slack = SLACK.format("xoxb-1", "xapp-1") + 'base_url = "http://127.0.0.1:8000/api/"\n'
    text = slack + CONVERSATION.format("slack", "C0123456789")
    assert wrong(read(text, tmp_path), tmp_path) == ()


def test_one_secret_in_two_places(tmp_path: Path) -> None:
    text = '[dingtalk]\nclient_id = "same-secret"\nclient_secret = "same-secret"\n'
    assert wrong(read(text, tmp_path), tmp_path) == ("dingtalk.client_secret: is the same as client_id; copy it again",)


def test_secrets_that_others_may_read(tmp_path: Path) -> None:
    secrets = tmp_path / "secrets.env"
    secrets.write_text("A=b\n", encoding="utf-8")
    secrets.chmod(0o644)
    assert wrong(read("", tmp_path), tmp_path) == ("secrets.env: others may read it; say chmod 600 secrets.env",)
    secrets.chmod(0o600)
    assert wrong(read("", tmp_path), tmp_path) == ()


def test_the_examples_are_those_of_the_example() -> None:
    example = (Path(__file__).parents[3] / "config.example.toml").read_text(encoding="utf-8")
    for one in EXAMPLES:
        assert re.search(rf'= "{re.escape(one)}"', example), one


EARLY = {
    "bot.http_listn: unknown key": '[bot]\nhttp_listn = ""\n',
    "slack.bot_token: the environment variable NOPE is not set": '[slack]\nbot_token = "env:NOPE"\napp_token = "xapp-1"\n',
    "conversation[1].topics[1]: should be": CONVERSATION.format("slack", "C1") + 'topics = ["alert"]\n',
    "conversation[2].platform: should be": CONVERSATION.format("slak", "C1"),
    "group[1].slack: is missing": '[[group]]\nrole = "viewer"\n',
    "person.mei.role: should be": '[[person]]\nname = "mei"\nslack = "U1"\nrole = "submiter"\n',
    "account.tx.sdk_app_id: should be digits only": '[[account]]\nname = "tx"\nvendor = "tencent"\nsecret_id = "a"\n'
    'secret_key = "b"\nsdk_app_id = "abc"\ndefaults = { paper = "nope.png", sorce = "company" }\n',
}
"""What the tables themselves find wrong: line → text."""

LATE = {
    "slack.app_token: must begin with xapp-": '[slack]\nbot_token = "env:NOPE"\napp_token = "xoxb-1"\n',
    "conversation[3].id: should be a channel's id": CONVERSATION.format("slack", "#ops"),
    "group[2].slack: should be a user group's id": GROUP.format("ops"),
    "person.li.slack: should be a member's id": '[[person]]\nname = "li"\nslack = "@li"\n',
    "account.tx.defaults.paper: there is no file nope.png": "",
    "account.tx.defaults.sorce: unknown key; did you mean source?": "",
}
"""What shows only in tables that could be read; some of it in those that could not, as a whole."""


def test_all_that_is_wrong_is_listed_at_once(tmp_path: Path) -> None:
    """Whatever is wrong in a table hides nothing else, of it or of others."""
    texts = [text for line, text in EARLY.items() if not line.startswith("slack")]
    path = tmp_path / "config.toml"
    path.write_text("".join([*texts, *LATE.values()]), encoding="utf-8")
    _, found = everything(path, {})

    for line in (*EARLY, *LATE):
        assert any(one.startswith(line) for one in found), (line, found)
    assert "did you mean 'submitter'?" in "".join(found)
    assert len(found) == len(EARLY) + len(LATE)


def test_every_pattern_of_a_key_is_said_in_words() -> None:
    models = (*TABLES.values(), *LISTS.values(), *ACCOUNTS.values())
    patterns = {
        one.pattern
        for model in models
        for field in model.model_fields.values()
        for one in field.metadata
        if getattr(one, "pattern", None)
    }
    assert patterns
    assert patterns <= set(FORMS)


NUMBERS = '[[account]]\nname = "one"\nvendor = "acme"\nkey = "k"\ntest_numbers = ["{}"]\n'


@pytest.mark.parametrize(
    "number", ["13800000000", "+86 138-0000-0000", "0086 13800000000", "+447700900123", "+1 415 555 0100"]
)
def test_good_numbers(number: str, tmp_path: Path) -> None:
    assert wrong(read(NUMBERS.format(number), tmp_path), tmp_path) == ()


@pytest.mark.parametrize("number", ["", "abc", "12345", "447700900123", "+12", "138000000000", "010-12345678"])
def test_numbers_that_no_message_can_go_to(number: str, tmp_path: Path) -> None:
    (line,) = wrong(read(NUMBERS.format(number), tmp_path), tmp_path)
    assert line.startswith("account.one.test_numbers[1]: should be a mobile number such as 13800000000")


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("A: b", "line 2 has ':' where '=' belongs"),
        ("A:b", "line 2 has ':' where '=' belongs"),
        ("A : b==", "line 2 has ':' where '=' belongs"),
        ("export A：b", "line 2 has '：' where '=' belongs"),
        ("A＝b", "line 2 has '＝' where '=' belongs"),
        ("A := b", "line 2 has ':=' where '=' belongs"),
        ("A b", "line 2 is no NAME=value"),
        ("set A=b", "line 2 is no NAME=value"),
        ("$env:A=b", "line 2 is no NAME=value"),
        ("AKIAsecret", "line 2 is no NAME=value"),
    ],
)
def test_a_line_of_secrets_that_is_not_read_is_named(line: str, says: str, tmp_path: Path) -> None:
    """And nothing of it is shown: the secret may stand anywhere in it."""
    (tmp_path / "secrets.env").write_text(f"# mine\n{line}\n", encoding="utf-8")
    (tmp_path / "secrets.env").chmod(0o600)
    (tmp_path / "config.toml").write_text("[slack]\nbot_token = 'env:A'\napp_token = 'xapp-1'")
    _, found = everything(tmp_path / "config.toml", {})
    assert found == (f"secrets.env: {says}", "slack.bot_token: the environment variable A is not set")
    assert problem(languages(UTC)["zh"], found[0]).startswith("secrets.env：第 2 行")


@pytest.mark.parametrize("line", ["A=b", "A = b:c", "export A='b'", "", "  # A: b", "\ufeffA=b", "\u200bA=b\u00a0"])
def test_a_line_of_secrets_that_is_read_is_not(line: str, tmp_path: Path) -> None:
    (tmp_path / "secrets.env").write_text(f"{line}\n", encoding="utf-8")
    assert trouble(tmp_path) == ()


@pytest.mark.parametrize("name", ["gone.ics", "."])
def test_a_calendar_that_is_not_there(name: str, tmp_path: Path) -> None:
    text = f'[[oncall]]\nname = "nights"\nics = "{name}"\n'
    (line,) = wrong(read(text, tmp_path), tmp_path)
    assert line.startswith(f"oncall.nights.ics: there is no file {tmp_path}")


@pytest.mark.parametrize(
    "content", ["A=ü".encode("latin-1"), "A=b".encode("utf-16"), None], ids=["latin", "utf16", "folder"]
)
def test_secrets_of_which_nothing_is_read(content: bytes | None, tmp_path: Path) -> None:
    """Otherwise every one of them is only told as missing."""
    secrets = tmp_path / "secrets.env"
    secrets.mkdir(mode=0o700) if content is None else secrets.write_bytes(content)
    secrets.chmod(0o700 if content is None else 0o600)
    (tmp_path / "config.toml").write_text("[slack]\nbot_token = 'env:A'\napp_token = 'xapp-1'")
    _, found = everything(tmp_path / "config.toml", {})
    says = "cannot be read: Is a directory" if content is None else "is not UTF-8 text; save it as UTF-8"
    assert found == (f"secrets.env: {says}", "slack.bot_token: the environment variable A is not set")
