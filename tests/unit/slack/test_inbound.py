"""What Slack delivers as what somebody said."""

from typing import Any

import pytest

from bot.contracts.model import Place
from integrations.slack.inbound import Home, command, is_direct, mention, opened, press, shortcut

HOME = Home(team="T1", user="U9")
GRID = Home(team="T1", user="U9", enterprise="E1")


def event(**more: Any) -> dict[str, Any]:
    base = {"type": "app_mention", "user": "U1", "text": "<@U9> status", "ts": "5.1", "channel": "C1", "team": "T1"}
    return {"type": "event_callback", "team_id": "T1", "event_id": "Ev1", "event": base | more}


def slash(**more: Any) -> dict[str, Any]:
    base = {
        "user_id": "U1",
        "user_name": "ann",
        "team_id": "T1",
        "channel_id": "C1",
        "trigger_id": "t1",
        "text": "help",
    }
    return base | more


def pressed(value: str, **more: Any) -> dict[str, Any]:
    return {
        "type": "block_actions",
        "user": {"id": "U1", "username": "ann", "team_id": "T1"},
        "channel": {"id": "C1"},
        "container": {"type": "message", "message_ts": "5.1", "channel_id": "C1"},
        "message": {"ts": "5.1"},
        "trigger_id": "t1",
        "actions": [{"action_id": "status_0", "value": value, "action_ts": "6.1"}],
    } | more


def test_a_slash_command() -> None:
    heard = command(slash(text="sign submit all 速达 remark=&lt;b&gt;"), HOME)

    assert heard is not None
    assert heard.text == "sign submit all 速达 remark=<b>"
    assert (heard.actor.key, heard.actor.name, heard.actor.outsider) == ("slack:T1/U1", "ann", False)
    assert heard.place == Place("slack", "C1")
    assert heard.origin == "slash:t1"
    assert not heard.direct


def test_the_same_mention_is_the_same_act_however_it_comes() -> None:
    one, two = mention(event(), HOME), mention({**event(), "event_id": "Ev2"}, HOME)

    assert one is not None
    assert two is not None
    assert one.text == "status"
    assert one.origin == two.origin


def test_a_mention_in_a_thread_stays_there() -> None:
    heard = mention(event(thread_ts="4.1"), HOME)

    assert heard is not None
    assert heard.place == Place("slack", "C1", "4.1")


@pytest.mark.parametrize(
    "more",
    [
        {"bot_id": "B1"},
        {"user": "U9"},
        {"type": "message"},
        {"type": "message", "channel_type": "im", "subtype": "message_changed"},
        {"user": "<script>"},
        {"channel": "general"},
    ],
)
def test_what_is_nothing_for_us(more: dict[str, Any]) -> None:
    assert mention(event(**more), HOME) is None


def test_people_of_another_organisation_are_outsiders() -> None:
    shared = {**event(team="T2"), "is_ext_shared_channel": True}
    unknown = {**event(team=None), "is_ext_shared_channel": True}
    presser = pressed("status #1", user={"id": "U1", "team_id": "T2"})

    for heard in (mention(shared, HOME), mention(unknown, HOME)):
        assert heard is not None
        assert heard.actor.outsider
    found = press(presser, HOME)
    assert found is not None
    assert found.incoming.actor.outsider


def test_a_colleague_on_enterprise_grid_is_one_person_in_every_workspace() -> None:
    here = command(slash(), GRID)
    there = command(slash(team_id="T7", enterprise_id="E1"), GRID)

    assert here is not None
    assert there is not None
    assert here.actor.key == there.actor.key
    assert not there.actor.outsider


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("status #17", "status #17"),
        ("resend #17", "settle #17 resend"),
        ("ack A5", "ack A5"),
    ],
)
def test_a_button_is_a_command(value: str, text: str) -> None:
    found = press(pressed(value), HOME)

    assert found is not None
    assert found.incoming.text == text
    assert found.incoming.place == Place("slack", "C1", "5.1")


@pytest.mark.parametrize("value", ["", "status", "status #17 confirm", "delete all", "status #17\nhelp", "Status #1"])
def test_a_button_that_we_did_not_make_is_nothing(value: str) -> None:
    assert press(pressed(value), HOME) is None


# --- The home tab ----------------------------------------------------------------------------------------------------


def at_home(metadata: object = "D1", **more: Any) -> dict[str, Any]:
    return pressed(
        "status #17",
        channel={},
        message={},
        container={"type": "view", "view_id": "V1"},
        view={"type": "home", "id": "V1", "private_metadata": metadata},
        **more,
    )


@pytest.mark.parametrize(
    ("metadata", "conversation"), [("D1", "D1"), ("", "U1"), ("C1", "U1"), ("D1\n", "U1"), (None, "U1")]
)
def test_a_press_at_home_is_said_in_the_persons_own_conversation(metadata: object, conversation: str) -> None:
    found = press(at_home(metadata), HOME)

    assert found is not None
    assert found.at_home
    assert found.incoming.place == Place("slack", conversation)
    assert found.incoming.direct
    assert found.incoming.text == "status #17"
    assert not found.incoming.replaces


def test_two_presses_at_home_are_two_acts() -> None:
    one, again = press(at_home(), HOME), press(at_home(), HOME)
    other = press(at_home(actions=[{"action_id": "status_0", "value": "status #17", "action_ts": "7.1"}]), HOME)

    assert one is not None
    assert again is not None
    assert other is not None
    assert one.incoming.origin == again.incoming.origin != other.incoming.origin


def test_a_stranger_at_home_is_a_stranger() -> None:
    found = press(at_home(user={"id": "U1", "team_id": "T2"}), HOME)

    assert found is not None
    assert found.incoming.actor.outsider


@pytest.mark.parametrize(
    ("ephemeral", "thread", "under", "shown_in"),
    [
        (False, "", "5.1", ""),
        (False, "4.1", "4.1", "4.1"),
        (False, "5.1", "5.1", ""),
        (True, "", "", ""),
        (True, "4.1", "4.1", "4.1"),
    ],
)
def test_a_press_says_which_message_it_turns_and_where_its_answer_is_seen(
    ephemeral: bool, thread: str, under: str, shown_in: str
) -> None:
    container = {"type": "message", "message_ts": "5.1", "channel_id": "C1", "is_ephemeral": ephemeral}
    turning = pressed(
        "say 0123456789abcdef",
        actions=[{"action_id": "say_0_turns", "value": "say 0123456789abcdef", "action_ts": "6.1"}],
        container={**container, **({"thread_ts": thread} if thread else {})},
        message={},
    )
    found = press(turning, HOME)

    assert found is not None
    assert found.incoming.replaces == "C1:5.1"
    assert found.alone is ephemeral
    assert (found.incoming.place.thread, found.thread) == (under, shown_in)


def test_who_opens_the_home_tab() -> None:
    body = event(type="app_home_opened", tab="home", channel="D1")
    looking = opened(body, HOME)

    assert looking is not None
    assert looking.place == Place("slack", "D1")
    assert looking.direct
    assert looking.origin == "home:Ev1"
    assert opened(event(type="app_home_opened", tab="messages", channel="D1"), HOME) is None
    assert opened(event(type="app_home_opened", tab="home", user="nobody"), HOME) is None
    assert opened(event(), HOME) is None


@pytest.mark.parametrize(
    ("conversation", "direct"), [("D1", True), ("U1", True), ("W1", True), ("C1", False), ("", False)]
)
def test_which_conversations_are_between_two(conversation: str, direct: bool) -> None:
    assert is_direct(conversation) is direct


def chosen(**more: Any) -> dict[str, Any]:
    base = {
        "type": "message_action",
        "callback_id": "check_template",
        "user": {"id": "U1", "name": "ann", "team_id": "T1"},
        "channel": {"id": "C1", "name": "sms"},
        "trigger_id": "t1",
        "message": {
            "type": "message",
            "user": "U2",
            "ts": "5.1",
            "text": " 1 &lt; ${code}\n<https://a.example|a.example> ",
        },
    }
    return base | more


def test_a_message_shortcut_is_a_command_with_the_text_beside_it() -> None:
    heard = shortcut(chosen(), HOME)

    assert heard is not None
    assert heard.text == "check template"
    assert heard.values == (("content", "1 < ${code}\na.example"),)
    assert heard.place == Place("slack", "C1", "5.1")
    assert (heard.actor.key, heard.actor.name) == ("slack:T1/U1", "ann")
    assert heard.origin == "shortcut:t1"


@pytest.mark.parametrize(
    ("message", "content", "thread"),
    [
        ({"ts": "5.2", "thread_ts": "5.1", "text": "a"}, "a", "5.1"),
        ({"ts": "5.2", "text": "/sms delete #1 type=otp"}, "/sms delete #1 type=otp", "5.2"),
        ({"ts": "5.2", "text": None, "files": [{"id": "F1"}]}, "", "5.2"),
        ({}, "", ""),
    ],
)
def test_whatever_a_message_says_is_only_its_text(message: dict[str, Any], content: str, thread: str) -> None:
    heard = shortcut(chosen(message=message), HOME)

    assert heard is not None
    assert heard.text == "check template"
    assert heard.values == (("content", content),)
    assert heard.place.thread == thread


@pytest.mark.parametrize(
    ("text", "content", "formatted"),
    [
        ("您的 *码* 是", "您的 码 是", ["码"]),
        ("*您的码*", "您的码", []),  # marks around all of it are how people show a draft
        ("```您的码```", "您的码", []),
        ("&gt; 您的\n&gt; 码", "您的\n码", []),
        ("```您的 *码*```", "您的 *码*", []),
        (":tada:", ":tada:", [":tada:"]),
        ("请找 <@U2>", "请找 <@slack:T1/U2>", []),
    ],
)
def test_formatting_in_a_message_is_told_beside_its_text(text: str, content: str, formatted: list[str]) -> None:
    heard = shortcut(chosen(message={"ts": "5.1", "text": text}), HOME)

    assert heard is not None
    assert heard.values == (("content", content),)
    assert [content[one.start : one.end] for one in heard.styled] == formatted
    assert all(one.key == "content" for one in heard.styled)


@pytest.mark.parametrize(
    "text", ["<@U9> status", "<@U2> <@U9> status", "<@U9> <@U2> <@W3|w> status", " <@U9|bot>status"]
)
def test_whoever_else_is_mentioned_in_front_is_no_part_of_a_command(text: str) -> None:
    heard = mention(event(text=text), HOME)

    assert heard is not None
    assert heard.text == "status"


def test_a_mention_alone_is_something_said() -> None:
    heard = mention(event(text="<@U9> <@U2>"), HOME)

    assert heard is not None
    assert heard.text == "<@slack:T1/U2>"


@pytest.mark.parametrize(
    "broken", [{"user": {}}, {"channel": None}, {"channel": {"id": "../x"}}, {"user": {"id": "B1"}}]
)
def test_a_shortcut_that_does_not_look_as_expected_is_nothing(broken: dict[str, Any]) -> None:
    assert shortcut(chosen(**broken), HOME) is None


def test_a_shortcut_of_another_organisation_is_an_outsiders() -> None:
    heard = shortcut(chosen(user={"id": "U1", "team_id": "T2"}), HOME)

    assert heard is not None
    assert heard.actor.outsider
