"""The app manifest: within Slack's limits, and with the scopes that the program asks for."""

import re

from handlers import ROUTER
from integrations.slack.manifest import (
    DESCRIPTION,
    MAX_DESCRIPTION,
    MAX_NAME,
    MAX_SHORTCUT_DESCRIPTION,
    MAX_SHORTCUT_NAME,
    MAX_SHORTCUTS,
    MAX_USAGE_HINT,
    NAME,
    SHORTCUTS,
    manifest,
)
from integrations.slack.setup import OPTIONAL, REQUIRED

TEXT = manifest([one.usage for one in ROUTER.declarations])


def test_it_asks_for_what_the_program_needs_and_says_why() -> None:
    scopes = dict(re.findall(r"^      - ([a-z_.:]+)  # (.+)$", TEXT, re.MULTILINE))

    assert set(REQUIRED) | set(OPTIONAL) <= set(scopes)
    assert all(scopes[scope].startswith("needed") for scope in REQUIRED)


def test_it_is_within_slacks_limits() -> None:
    hint = re.search(r'usage_hint: "(.*)"', TEXT)
    assert hint is not None
    assert len(hint[1]) <= MAX_USAGE_HINT
    assert "sign submit" in hint[1]
    assert len(NAME) <= MAX_NAME
    assert len(DESCRIPTION) <= MAX_DESCRIPTION


def test_the_home_tab_is_on_and_its_opening_is_told() -> None:
    assert "    home_tab_enabled: true\n" in TEXT
    assert re.search(r"^      - app_home_opened  # ", TEXT, re.MULTILINE)


def test_a_message_can_be_checked_from_its_menu() -> None:
    found = re.search(
        r'^  shortcuts:\n    - name: "(.+)"\n      type: message\n      callback_id: (.+)\n      description: "(.+)"$',
        TEXT,
        re.MULTILINE,
    )

    assert found is not None
    assert (found[1], found[2]) == ("Check as SMS template", "check_template")
    assert len(SHORTCUTS) <= MAX_SHORTCUTS
    assert all(len(name) <= MAX_SHORTCUT_NAME for name, _ in SHORTCUTS.values())
    assert all(len(description) <= MAX_SHORTCUT_DESCRIPTION for _, description in SHORTCUTS.values())


def test_what_may_be_left_out_is_asked_for_and_named_as_optional() -> None:
    """Slack wants an optional scope in both lists."""
    asked, _, optional = TEXT.partition("    bot_optional:")
    optional = optional.partition("settings:")[0]

    assert "files:write" in OPTIONAL
    assert re.findall(r"^      - (\S+)$", optional, re.MULTILINE) == list(OPTIONAL)
    assert all(re.search(rf"^      - {scope}  # may be left out", asked, re.MULTILINE) for scope in OPTIONAL)


def test_it_needs_no_address() -> None:
    assert "url" not in TEXT.replace("api.slack.com", "")
    assert "socket_mode_enabled: true" in TEXT


def test_every_line_is_plain_yaml() -> None:
    """Keys, list items and comments only: no tab, no odd indent."""
    for line in TEXT.splitlines():
        assert re.fullmatch(r"#.*|(  )*(- )?[A-Za-z_.:]+( {1,2}\S.*)?", line), line
        assert (len(line) - len(line.lstrip(" "))) % 2 == 0
