"""A first configuration as text: what `signpost init` writes. Pure."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

Value = str | Sequence[str] | None

_HEAD = """\
# Signpost's configuration, begun by `signpost init`. Every key there is stands in config.example.toml, with what it means.
# "env:NAME" is looked for in the environment first, then in secrets.env beside this file.
"""


@dataclass(slots=True)
class FirstConfig:
    """What is known so far.

    Args:
        tables: in their order: the header, as it stands in the file, and the keys.
        secrets: the name of an environment variable → what it holds.
    """

    tables: list[tuple[str, Mapping[str, str | Sequence[str]]]] = field(default_factory=list)
    secrets: dict[str, str] = field(default_factory=dict)

    def add(self, header: str, keys: Mapping[str, Value]) -> None:
        """Add a table, e.g. `[bot]` or `[[account]]`; keys whose value is none are left out."""
        self.tables.append((header, {key: value for key, value in keys.items() if value is not None}))

    def secret(self, name: str, value: str) -> str:
        """Keep a secret beside the file; returns how the file refers to it."""
        self.secrets[name] = value
        return f"env:{name}"

    def text(self) -> str:
        """The file, as TOML."""
        parts = [_HEAD]
        for header, keys in self.tables:
            parts.append("\n".join((header, *(f"{key} = {_written(value)}" for key, value in keys.items()), "")))
        return "\n".join(parts)


def variable(account: str, key: str, number: int) -> str:
    """What an account's secret is called in the environment: `ALIYUN_ACCESS_KEY_ID`.

    Args:
        account: its name, which may hold any letters.
        key: of the configuration.
        number: of the account, counted from one, where its name has none of the letters of such names.
    """
    name = re.sub(r"[^A-Za-z0-9]+", "_", account).strip("_")
    if not name or not account.isascii():
        name = f"ACCOUNT{number}"
    return f"{name}_{key}".upper() if not name[0].isdigit() else f"ACCOUNT_{name}_{key}".upper()


def _written(value: str | Sequence[str]) -> str:
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)  # a JSON text is a TOML text
    return "[" + ", ".join(json.dumps(one, ensure_ascii=False) for one in value) + "]"
