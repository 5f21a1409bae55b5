"""The app manifest: what an admin pastes into Slack to create the app (https://docs.slack.dev/reference/app-manifest).

Written by hand as YAML, because it is for reading: each scope says what it is for.
"""

import json
from collections.abc import Sequence
from urllib.parse import quote

from integrations.slack.inbound import CHECK, JOINED
from integrations.slack.setup import OPTIONAL, REQUIRED

# https://docs.slack.dev/reference/app-manifest, read 2026
MAX_NAME = 35
MAX_DESCRIPTION = 140
MAX_USAGE_HINT = 1000
MAX_SHORTCUT_NAME = 24
MAX_SHORTCUT_DESCRIPTION = 150
MAX_SHORTCUTS = 10

NEW_APP = "https://api.slack.com/apps"
NAME = "Signpost"
COMMAND = "/sms"
DESCRIPTION = "Takes SMS signatures and templates through the reviews of Alibaba Cloud, Tencent Cloud and UCloud."
EVENTS = {
    "app_mention": "@Signpost … in a thread",
    "message.im": "1:1 messages",
    "app_home_opened": "the home tab",
    JOINED: "being invited into a channel that is not in the configuration",
    "subteam_members_changed": "roles by user group, kept up to date",
    "subteam_updated": "the same",
}
SHORTCUTS = {
    CHECK: ("Check as SMS template", "Checks this text as a template at each vendor. Nothing is submitted."),
}
"""Callback id of a message shortcut → its name in the message's menu, and what it does."""
HINTED = ("sign submit", "status", "quota", "help")
"""The commands behind the slash command: what people begin with, and the one that tells of the others."""
_NEEDS_SCOPE = {
    JOINED: "channels:read or groups:read",
    "subteam_members_changed": "usergroups:read",
    "subteam_updated": "usergroups:read",
}


def manifest(usages: Sequence[str]) -> str:
    """The manifest as YAML.

    Args:
        usages: how each command is typed, for the hint behind the slash command.
    """
    typed = {usage.split(" [")[0].split(" #")[0] for usage in usages}
    hint = " · ".join(command for command in HINTED if command in typed)
    lines = [
        "# The Slack app of Signpost. Create it at https://api.slack.com/apps?new_app=1 → From a manifest → YAML.",
        "# Afterwards: install it, copy the Bot User OAuth Token (xoxb-…), and under Basic Information → App-Level",
        "# Tokens make one with the scope connections:write (xapp-…). Then /invite the app into each channel.",
        "_metadata:",
        "  major_version: 1",
        "display_information:",
        f"  name: {NAME}",
        f"  description: {_text(DESCRIPTION[:MAX_DESCRIPTION])}",
        "features:",
        "  bot_user:",
        "    display_name: signpost",
        "    always_online: true",
        "  app_home:",
        "    home_tab_enabled: true",
        "    messages_tab_enabled: true",
        "    messages_tab_read_only_enabled: false",
        "  slash_commands:",
        f"    - command: {COMMAND}",
        "      description: Submit, follow and watch SMS signatures and templates",
        f"      usage_hint: {_text(hint)}",
        "      should_escape: true",
        "  shortcuts:",
        *(
            line
            for callback, (name, description) in SHORTCUTS.items()
            for line in (
                f"    - name: {_text(name)}",
                "      type: message",
                f"      callback_id: {callback}",
                f"      description: {_text(description)}",
            )
        ),
        "oauth_config:",
        "  scopes:",
        "    bot:",
        *(f"      - {scope}  # needed: {why.en}" for scope, why in REQUIRED.items()),
        *(f"      - {scope}  # may be left out; it is for: {why.en}" for scope, why in OPTIONAL.items()),
        "    bot_optional:  # of those above, what whoever installs the app is asked about one by one",
        *(f"      - {scope}" for scope in OPTIONAL),
        "settings:",
        "  event_subscriptions:",
        "    bot_events:",
        *(
            f"      - {event}  # {why}" + (f"; goes with {_NEEDS_SCOPE[event]}" if event in _NEEDS_SCOPE else "")
            for event, why in EVENTS.items()
        ),
        "  interactivity:",
        "    is_enabled: true  # buttons and forms; no address, for they come over the socket too",
        "  socket_mode_enabled: true",
        "  org_deploy_enabled: false",
        "  token_rotation_enabled: false",
    ]
    return "\n".join(lines) + "\n"


def creating(manifest: str) -> str:
    """The address that creates an app with a manifest filled in, without its comments, so that it stays short.

    Source: https://docs.slack.dev/app-manifests/configuring-apps-with-app-manifests
    """
    bare = "\n".join(line.partition("  #")[0] for line in manifest.splitlines() if not line.startswith("#"))
    return f"{NEW_APP}?new_app=1&manifest_yaml={quote(bare)}"


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)  # a JSON text is a YAML text
