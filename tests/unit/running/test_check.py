"""What `check` finds without asking anybody: forms of ids and tokens, files that are not there."""

import re
from pathlib import Path

import pytest

from bot.running.check import EXAMPLES, notes, wrong
from tests.unit.running.acme import read

SLACK = '[slack]\nbot_token = "{}"\napp_token = "{}"\n'
CONVERSATION = '[[conversation]]\nplatform = "{}"\nid = "{}"\n'
PERSON = '[[person]]\nname = "Li Wei"\nslack = "{}"\n'
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
        (GROUP.format("marketing"), "group[1].slack: should be a user group's id such as S0123456789"),
    ],
)
def test_ids_and_tokens_of_the_wrong_form(text: str, says: str, tmp_path: Path) -> None:
    assert any(line.startswith(says) for line in wrong(read(text, tmp_path)))


def test_good_ids_are_not_minded(tmp_path: Path) -> None:
    text = SLACK.format("xoxb-1", "xapp-1") + CONVERSATION.format("slack", "C1")
    text += CONVERSATION.format("dingtalk", "cid==") + PERSON.format("W1") + GROUP.format("S1")
    assert wrong(read(text, tmp_path)) == ()


def test_a_default_paper_that_is_not_there(tmp_path: Path) -> None:
    (tmp_path / "there.png").write_bytes(b"x")
    account = '[[account]]\nname = "one"\nvendor = "acme"\nkey = "k"\ndefaults = {{ paper = "{}" }}\n'
    gone = str(tmp_path / "gone.png")
    assert wrong(read(account.format(tmp_path / "there.png"), tmp_path)) == ()
    assert wrong(read(account.format(gone), tmp_path)) == (f"account.one.defaults.paper: there is no file {gone}",)
    assert wrong(read(account.format("12345"), tmp_path)) == ()


def test_what_is_still_the_examples_is_a_note() -> None:
    settings = read(CONVERSATION.format("slack", "C0123456789"))
    assert notes(settings) == ("conversation[1].id is still the one of config.example.toml",)


def test_the_examples_are_those_of_the_example() -> None:
    example = (Path(__file__).parents[3] / "config.example.toml").read_text(encoding="utf-8")
    for one in EXAMPLES:
        assert re.search(rf'= "{re.escape(one)}"', example), one
