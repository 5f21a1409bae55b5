"""What `signpost check` finds beside the file's own rules: ids and tokens of the wrong form, what is not on this machine.

Nothing is written, no service is asked.
`run` and `doctor` do without these: the services themselves say whether they know an id.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from bot.running.config import Configuration, unused
from bot.running.config_tables import key_path
from bot.store.unusable import FILE, look

_SLACK_CONVERSATION = re.compile(r"[CGD][A-Z0-9]+")

_SLACK_PERSON = re.compile(r"[UW][A-Z0-9]+")

_SLACK_GROUP = re.compile(r"S[A-Z0-9]+")

EXAMPLES = ("C0123456789", "U0123456789", "S0123456789", "manager4567", "1400000000", "org-xxxxxx")
"""What stands in `config.example.toml` for ids that everybody has others of; a test compares."""


def wrong(settings: Configuration) -> tuple[str, ...]:
    """Everything that cannot work, one line each, beginning with the key's path."""
    return tuple(sorted((*_tokens(settings), *_ids(settings), *_on_disk(settings))))


def notes(settings: Configuration) -> tuple[str, ...]:
    """What works, and is worth knowing."""
    return (*unused(settings), *_still_the_example(settings))


def _tokens(settings: Configuration) -> Iterator[str]:
    if settings.slack is None:
        return
    for key, begins, other in (("bot_token", "xoxb-", "xapp-"), ("app_token", "xapp-", "xoxb-")):
        value = getattr(settings.slack, key).get_secret_value()
        if not value.startswith(begins):
            which = "app" if key == "bot_token" else "bot"
            swapped = f"; this one begins as the {which} token does" if value.startswith(other) else ""
            yield f"slack.{key}: must begin with {begins}{swapped}"


def _ids(settings: Configuration) -> Iterator[str]:
    for index, one in enumerate(settings.conversations, 1):
        if one.platform == "slack" and not _SLACK_CONVERSATION.fullmatch(one.id):
            yield (
                f"conversation[{index}].id: should be a channel's id such as C0123456789, not its name; "
                "it stands at the end of the channel's details"
            )
        if one.platform == "dingtalk" and not one.id.startswith("cid"):
            yield (
                f"conversation[{index}].id: should be an openConversationId, which begins with cid; "
                "mention the robot in the group, its answer names the id"
            )
    for person in settings.people:
        if person.slack and not _SLACK_PERSON.fullmatch(person.slack):
            yield (
                f"person.{key_path(person.name)}.slack: should be a member's id such as U0123456789, not a name; "
                "it stands in the profile under Copy member ID"
            )
    for index, group in enumerate(settings.groups, 1):
        if not _SLACK_GROUP.fullmatch(group.slack):
            yield f"group[{index}].slack: should be a user group's id such as S0123456789, not its name"


def _on_disk(settings: Configuration) -> Iterator[str]:
    if (trouble := look(settings.bot.data_dir / FILE)) is not None:
        yield f"bot.data_dir: {trouble}"
    for account in settings.accounts:
        for key, value in account.defaults.items():
            if key.rpartition(".")[2] in ("paper", "letter") and value and not value.isdigit():
                try:
                    there = Path(value).expanduser().is_file()
                except (OSError, ValueError, RuntimeError):
                    there = False
                if not there:
                    yield f"account.{account.name}.defaults.{key}: there is no file {value}"


def _still_the_example(settings: Configuration) -> Iterator[str]:
    """Ids that were copied with the example: they may be somebody's, but hardly this one's."""
    places: list[tuple[str, str]] = [
        *((f"conversation[{index}].id", one.id) for index, one in enumerate(settings.conversations, 1)),
        *((f"person.{key_path(one.name)}.slack", one.slack) for one in settings.people),
        *((f"person.{key_path(one.name)}.dingtalk", one.dingtalk) for one in settings.people),
        *((f"group[{index}].slack", one.slack) for index, one in enumerate(settings.groups, 1)),
    ]
    places += [
        (f"account.{account.name}.{key}", str(getattr(account, key, "")))
        for account in settings.accounts
        for key in ("sdk_app_id", "project_id")
    ]
    for path, value in places:
        if value in EXAMPLES:
            yield f"{path} is still the one of config.example.toml"
