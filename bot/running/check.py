"""What `signpost check` finds beside the file's own rules: wrong forms of ids, what is the example's, what is not here.

Nothing is written, no service is asked.
`run` and `doctor` do without these: the services themselves say whether they know an id. A service whose address is this
machine is a stand-in, where ids may look anyhow.
"""

import asyncio
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import BaseModel, SecretStr

from bot.contracts.numbers import mainland, plain
from bot.running import secrets_file
from bot.running.config import ConfigError, Configuration, load, unused
from bot.running.config_tables import key_path
from bot.running.secrets_file import NAME, others_may_read
from bot.running.vendors import ACCOUNTS
from bot.running.vendors import check as hold_against_vendors
from bot.store.unusable import FILE, look
from bot.store.whose import seen_from_outside

_TOKENS = {"bot_token": ("xoxb-", "xapp-", "app"), "app_token": ("xapp-", "xoxb-", "bot")}
"""Key → how its token begins, how the other one does, and which that is."""

_SLACK = {
    "channel": (
        re.compile(r"[CGD][A-Z0-9]+"),
        "should be a channel's id such as C0123456789, not its name; it stands at the end of the channel's details",
    ),
    "person": (
        re.compile(r"[UW][A-Z0-9]+"),
        "should be a member's id such as U0123456789, not a name; it stands in the profile under Copy member ID",
    ),
    "group": (
        re.compile(r"S[A-Z0-9]+"),
        "should be a user group's id such as S0123456789, not its name; it stands at the end of the group's address",
    ),
}
"""What an id of Slack is of → its form, and what is said of another one."""

_DINGTALK_PERSON = re.compile(r"[A-Za-z0-9_$.-][A-Za-z0-9_@$:.-]*")
"""As managers of an organisation may choose them: never a name in Chinese, never a mention."""

EXAMPLES = ("C0123456789", "U0123456789", "U0123456790", "S0123456789", "manager4567", "1400000000", "org-xxxxxx")
"""What stands in `config.example.toml` for ids that everybody has others of; a test compares."""

LEAST_TOKEN = 16
"""Characters of a push token: 64 bits even where it is written in hexadecimal."""

_STILL_THE_EXAMPLE = "is still the one of config.example.toml; put your own in its place, or take the table out"


def everything(path: Path, environ: Mapping[str, str]) -> tuple[Configuration | None, tuple[str, ...]]:
    """The configuration, and all that is wrong with it at once: also what shows only in the parts that are as they should be.

    Args:
        path: the file.
        environ: where secrets are looked for, before the file of secrets.
    """
    folder = path.absolute().parent
    found: tuple[str, ...] = ()
    try:
        read: Configuration | None = load(path, accounts=ACCOUNTS, environ={**secrets_file.read(folder), **environ})
    except ConfigError as error:
        found, read = error.problems, error.read
    if read is None:
        return None, (*found, *secrets_file.trouble(folder))
    more = wrong(read, folder)
    try:
        asyncio.run(hold_against_vendors(read))
    except ConfigError as error:
        more = (*more, *error.problems)
    more = (*more, *secrets_file.trouble(folder))
    blamed = {line.partition(": ")[0] for line in found}
    return read, tuple(sorted((*found, *(line for line in more if line.partition(": ")[0] not in blamed))))


def wrong(settings: Configuration, folder: Path) -> tuple[str, ...]:
    """Everything that cannot work, one line each, beginning with the key's path.

    Args:
        settings: what was read.
        folder: of the file.
    """
    found = (
        *_tokens(settings),
        *_ids(settings),
        *_examples(settings),
        *_twice(settings),
        *_push(settings),
        *_numbers(settings),
        *_on_disk(settings),
    )
    secrets = [f"{NAME}: others may read it; say chmod 600 {NAME}"] if others_may_read(folder) else []
    return tuple(sorted((*found, *secrets)))


def notes(settings: Configuration) -> tuple[str, ...]:
    """What works, and is worth knowing."""
    return unused(settings)


def slack_form(key: str, value: str) -> str:
    """What is wrong with the form of a token or an id of Slack; empty when nothing is.

    Args:
        key: `bot_token`, `app_token`, `channel`, `person` or `group`.
        value: what was given.
    """
    if key in _TOKENS:
        begins, other, which = _TOKENS[key]
        if value.startswith(begins):
            return ""
        swapped = f"; this one begins as the {which} token does" if value.startswith(other) else ""
        return f"must begin with {begins}{swapped}"
    form, says = _SLACK[key]
    return "" if form.fullmatch(value) else says


def _tokens(settings: Configuration) -> Iterator[str]:
    if settings.slack is None:
        return
    for key in _TOKENS:
        if found := slack_form(key, getattr(settings.slack, key).get_secret_value()):
            yield f"slack.{key}: {found}"


def _ids(settings: Configuration) -> Iterator[str]:
    for index, one in enumerate(settings.conversations, 1):
        if one.platform == "slack" and (found := slack_form("channel", one.id)):
            yield f"conversation[{index}].id: {found}"
        if one.platform == "dingtalk" and not one.id.startswith("cid"):
            yield (
                f"conversation[{index}].id: should be an openConversationId, which begins with cid; "
                "mention the robot in the group, its answer names the id"
            )
    for person in settings.people:
        path = f"person.{key_path(person.name)}"
        if person.slack and (found := slack_form("person", person.slack)):
            yield f"{path}.slack: {found}"
        if person.dingtalk and not _DINGTALK_PERSON.fullmatch(person.dingtalk):
            yield (
                f"{path}.dingtalk: should be a user id such as manager4567, not a name; "
                "have the person write to the robot, its answer names the id"
            )
    for index, group in enumerate(settings.groups, 1):
        if group.slack and (found := slack_form("group", group.slack)):
            yield f"group[{index}].slack: {found}"


def _examples(settings: Configuration) -> Iterator[str]:
    """Ids that were copied with the example."""
    ours = {
        "slack": settings.slack is None or not _stand_in(settings.slack.base_url),
        "dingtalk": settings.dingtalk is None or not _stand_in(settings.dingtalk.api_base),
    }
    places = [
        (f"conversation[{index}].id", one.id)
        for index, one in enumerate(settings.conversations, 1)
        if ours.get(one.platform)
    ]
    for platform in (platform for platform, real in ours.items() if real):
        places += [(f"person.{key_path(one.name)}.{platform}", getattr(one, platform)) for one in settings.people]
    if ours["slack"]:
        places += [(f"group[{index}].slack", one.slack) for index, one in enumerate(settings.groups, 1)]
    places += [
        (f"account.{account.name}.{key}", str(getattr(account, key, "")))
        for account in settings.accounts
        for key in ("sdk_app_id", "project_id")
        if not _stand_in(getattr(account, "endpoint", ""))
    ]
    for path, value in places:
        if value in EXAMPLES:
            yield f"{path}: {_STILL_THE_EXAMPLE}"


def _twice(settings: Configuration) -> Iterator[str]:
    """A secret that stands in two keys of one table: one of them was pasted in the wrong place."""
    tables: list[tuple[str, BaseModel]] = []
    tables += [(f"account.{one.name}", one) for one in settings.accounts if isinstance(one, BaseModel)]
    if settings.dingtalk is not None:
        tables.append(("dingtalk", settings.dingtalk))
    for path, table in tables:
        seen: dict[str, str] = {}
        for key, value in table:
            if isinstance(value, SecretStr) and (before := seen.setdefault(value.get_secret_value(), key)) != key:
                yield f"{path}.{key}: is the same as {before}; copy it again"


def _push(settings: Configuration) -> Iterator[str]:
    """Tokens of push receivers that somebody could guess: nothing else protects those."""
    for account in settings.accounts:
        if account.push_token is not None and len(account.push_token.get_secret_value()) < LEAST_TOKEN:
            yield f"account.{account.name}.push_token: could be guessed; make one with openssl rand -hex 24"


def _numbers(settings: Configuration) -> Iterator[str]:
    """Numbers that no message can go to."""
    for account in settings.accounts:
        for index, number in enumerate(account.test_numbers, 1):
            told = plain(number)
            if not (mainland(number) or (told.startswith("+") and 8 <= len(told) <= 16)):
                yield (
                    f"account.{account.name}.test_numbers[{index}]: should be a mobile number such as 13800000000, "
                    "abroad with + and the country's code"
                )


def _stand_in(address: str) -> bool:
    return urlsplit(address).hostname in ("127.0.0.1", "localhost", "::1")


def _on_disk(settings: Configuration) -> Iterator[str]:
    record = settings.bot.data_dir / FILE
    if (trouble := look(record) or seen_from_outside(record)) is not None:
        yield f"bot.data_dir: {trouble}"
    files = [
        (f"account.{account.name}.defaults.{key}", value)
        for account in settings.accounts
        for key, value in account.defaults.items()
        if key.rpartition(".")[2] in ("paper", "letter") and value and not value.isdigit()
    ]
    files += [
        (f"oncall.{key_path(one.name)}.ics", one.ics) for one in settings.oncalls if one.ics and "://" not in one.ics
    ]
    for path, value in files:
        try:
            there = Path(value).expanduser().is_file()
        except (OSError, ValueError, RuntimeError):
            there = False
        if not there:
            yield f"{path}: there is no file {value}"
