"""Writes what the docs say of the commands from their declarations: `make docs`, or `python -m tests.write_docs`.

`docs/commands.md` and `docs/rules.md` are written whole; in `README.md` the table, in `docs/architecture.md` the picture between the two
marks. `tests/unit/test_docs.py` compares.
"""

import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import assert_never

from bot.commands.command import Declaration
from bot.contracts.fields import Choice, Field, FieldType, When, spoken
from bot.contracts.hours import Hours
from bot.contracts.model import Kind, Role, State, Words
from bot.contracts.vendor import FilingView, LookUp, Vendor
from bot.running.config import parse
from bot.running.vendors import ACCOUNTS, VENDORS
from bot.wording.problems import size, type_names
from bot.wording.words import KIND_WORDS, ROLES
from handlers import ROUTER
from handlers.help import TOPICS
from integrations import http
from tests.house import picture
from tests.write_rules import RULES_PAGE, rules_page

ROOT = Path(__file__).resolve().parents[1]
COMMANDS = ROOT / "docs" / "commands.md"
README = ROOT / "README.md"
ARCHITECTURE = ROOT / "docs" / "architecture.md"
HOUSE, END_OF_HOUSE = "<!-- the house: written by `make docs` from the imports -->", "<!-- end of the house -->"
BEGIN, END = "<!-- commands: written by `make docs` -->", "<!-- end of commands -->"

KINDS: Mapping[Kind, Words] = {
    Kind.SIGNATURE: Words("signature", "签名"),
    Kind.TEMPLATE: Words("template", "模板"),
}
"""What can be submitted through an API; a qualification has no keys."""

LOOK_UPS = {
    LookUp.BY_LIST: "by list",
    LookUp.BY_NAME: "by name",
    LookUp.BY_CONTENT: "by name and content",
    LookUp.NOT_AT_ALL: "not at all: a person looks in the console and says `settle`",
}
FILINGS: Mapping[FilingView | None, str] = {
    FilingView.PER_CARRIER: "shown for each carrier",
    FilingView.ONE_STATE: "shown as one state",
    FilingView.HIDDEN: "cannot be seen",
}

INTRODUCTION = """\
# Commands

<!-- Written by `make docs` from the declarations in handlers/ and the fields in integrations/. Change those, not this. -->

One line is one command. In Slack it begins with `/sms` or a mention, in DingTalk with a mention; `/sms` may be left out
where the bot is spoken to directly, in the terminal always. Chinese words, mixed and full-width forms mean the same:
`签名 提交`, `sign 提交` and `ＳＩＧＮ　ＳＵＢＭＩＴ` are one command.

- **ACCOUNT** is the name of a configured account, its vendor (`alibaba`, `tencent`, `ucloud`, 阿里云, 腾讯云, 优刻得) or, where
  several may stand, a comma list or `all` (全部). It may be left out when only one fits.
- **key=value** may be written `key: value` and on lines of its own; a value with spaces stands in quotes, straight or
  curly. A value keeps every character it was typed with. A known key behind a comma, a semicolon or `、` begins the next
  pair; in quotes all stays.
- **#ID** is the number of a request (`#17` or `17`), **A5** the number of an alert. Where several may stand (`…`), with
  blanks, commas or `and` (和) between, all of them are acted on or none is. What follows is the note: it begins with a word,
  never with a number of its kind; `#17` behind alerts is the first word of a note, for it names a request.
- Punctuation behind the mention, command words, numbers and accounts does not count, nor does width or case. A span of time
  is `30m`, `2 hours`, `1d12h`, `半小时`.
- The verb may stand first, as languages have it: `submit sign`, `提交签名`, `查看状态`. `#17` alone means `status #17`, `A5`
  alone that alert.
- What is missing is asked for, one question with everything in it; what was right is kept. Every question takes its natural
  answer (a number, a name or word, `key=value`, `all`, `yes`), says before the answer that submits that it does, and ends with
  `cancel` (取消). In groups and channels an answer needs the mention. Lines that are piped in are whole commands.
- A mistyped word is answered with the nearest command and an example to copy.

Roles, each including the ones before:
{roles}.
A refusal says which role is needed and who has it. The terminal is the operator's and may do everything.
"""

OPEN_HOURS = """\
The states are those of [states.md](states.md). A draft and a request that failed can always be edited and given up. Open
hours are the hours in which the vendor's reviewers work, as published; `review_hours` of an account overrules them.
"""

KEYS = """\
The name stands before the keys, or is given as `name=` (名称=). Where several vendors are asked at once, a key goes to those
that list it; a key that none of them lists is an error.
"""


def vendors() -> dict[str, Vendor]:
    """One account of each vendor, as `config.example.toml` has them; nothing is ever sent."""
    text = (ROOT / "config.example.toml").read_text(encoding="utf-8")
    environ = dict.fromkeys(re.findall(r'"env:(\w+)"', text), "made-up")
    settings = parse(text, accounts=ACCOUNTS, environ={**os.environ, **environ}, base=ROOT)
    return {account.vendor: VENDORS[account.vendor](account, http=http.client()) for account in settings.accounts}


def commands_page() -> str:
    """The whole of `docs/commands.md`."""
    known = vendors()
    roles = " < ".join(f"`{ROLES[role].en}` ({ROLES[role].zh})" for role in Role if role is not Role.NOBODY)
    parts = [INTRODUCTION.format(roles=roles)]
    for topic, heading in TOPICS.items():
        parts.append(f"## {heading.en} · {heading.zh}\n")
        parts += [_section(one) for one in ROUTER.declarations if one.topic == topic]
    parts.append("## What the vendors take · 各平台可做的操作\n")
    parts.append(_abilities(known))
    for kind in KINDS:
        parts.append(_keys(kind, known))
    return "\n".join(parts).rstrip("\n") + "\n"


def readme_table() -> str:
    """The commands as the README lists them, without the marks."""
    rows = [
        (f"`{one.usage.replace('  ·  ', '` · `')}`", one.spelled("zh"), _role(one.role), one.summary.en)
        for topic in TOPICS
        for one in ROUTER.declarations
        if one.topic == topic
    ]
    return _table(("Command", "中文", "Least role", "Does"), rows)


def readme() -> str:
    """`README.md` with its table as it should be."""
    text = README.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{readme_table()}\n{END}{after}"


# --- A command --------------------------------------------------------------------------------------------------------


def _section(one: Declaration) -> str:
    lines = [f"### `{one.spelled()}` · {one.spelled('zh')}", "", f"{_sentence(one.summary.en)} {one.summary.zh}。", ""]
    lines.append(f"- Usage: `{one.usage.replace('  ·  ', '` · `')}`")
    lines.append(f"- Least role: {_role(one.role)}")
    lines += [f"- {label}: {', '.join(words)}" for label, words in _words(one)]
    kinds = {("sign", "submit"): Kind.SIGNATURE, ("template", "submit"): Kind.TEMPLATE}
    if one.words in kinds:
        lines.append(f"- Keys: [{KINDS[kinds[one.words]].en} keys](#{_anchor(kinds[one.words])})")
    elif one.keys is True:
        lines.append("- Keys: those of what was submitted")
    lines += ["", "```text", *(text for example in one.examples for text in (example.en, example.zh)), "```", ""]
    return "\n".join(lines)


def _words(one: Declaration) -> Iterator[tuple[str, list[str]]]:
    for argument in one.arguments:
        if argument.words:
            yield "Words", [f"`{word.en}` ({word.zh})" for word in argument.words]
    if not isinstance(one.keys, bool):
        yield "Keys", [f"`{key.en}=` ({key.zh})" if isinstance(key, Words) else f"`{key}=`" for key in one.keys]


def _role(role: Role) -> str:
    return "anyone" if role is Role.NOBODY else ROLES[role].en


# --- Vendors ----------------------------------------------------------------------------------------------------------


def _abilities(known: Mapping[str, Vendor]) -> str:
    rows: list[tuple[str, ...]] = []
    for name, vendor in known.items():
        for kind, ability in sorted(vendor.capabilities.kinds.items(), key=lambda item: list(Kind).index(item[0])):
            if not ability.create:
                rows.append((name, KIND_WORDS[kind], "in the console only", "", "", "", ""))
                continue
            rows.append(
                (
                    name,
                    KIND_WORDS[kind],
                    "yes",
                    _states(ability.update_in) + ("" if ability.renames else "; never the name"),
                    _states(ability.delete_in),
                    LOOK_UPS[ability.look_up],
                    _span(ability.usually),
                )
            )
    head = ("Vendor", "Kind", "Submit", "Edit when", "Delete when", "A lost answer is settled", "Usually decided in")
    watched = [
        (
            name,
            FILINGS[vendor.capabilities.kinds[Kind.SIGNATURE].filing],
            _hours(vendor.capabilities.hours),
            "yes" if vendor.quota else "no",
        )
        for name, vendor in known.items()
    ]
    return "\n".join(
        (
            _table(head, rows),
            OPEN_HOURS,
            _table(("Vendor", "Carriers' filing", "Reviewers work (China time)", "Quota"), watched),
        )
    )


def _states(states: Iterable[State]) -> str:
    return ", ".join(f"`{state}`" for state in State if state in set(states)) or "never"


def _span(span: timedelta) -> str:
    hours = span / timedelta(hours=1)
    return f"{hours:g} open hours"


def _hours(hours: Hours) -> str:
    weekend = (
        f"weekends {hours.saturday_sunday[0]}-{hours.saturday_sunday[1]}" if hours.saturday_sunday else "no weekends"
    )
    days = f"{hours.monday_to_friday[0]}-{hours.monday_to_friday[1]}"
    holidays = "also on holidays" if hours.holidays else "not on public holidays; make-up workdays count"
    return f"{days}, {weekend}, {holidays}"


# --- Keys -------------------------------------------------------------------------------------------------------------


def _keys(kind: Kind, known: Mapping[str, Vendor]) -> str:
    heading = f"## {KINDS[kind].en.capitalize()} keys · {KINDS[kind].zh}的填写项"
    parts = [heading, "", KEYS]
    for name, vendor in known.items():
        parts.append(f"### {kind} at {name} · {vendor.capabilities.title.zh}\n")
        rows = [
            (f"`{field.key}`", _aliases(field), _needed(field), _takes(field), f"{field.label.en}. {spoken(field).en}")
            for field in vendor.reviews.fields(kind)
        ]
        parts.append(_table(("Key", "中文", "Needed", "Takes", "What it is"), rows))
    return "\n".join(parts)


def _anchor(kind: Kind) -> str:
    return f"{KINDS[kind].en}-keys--{KINDS[kind].zh}的填写项"


def _aliases(field: Field) -> str:
    return ", ".join(alias for alias in field.aliases if not alias.isascii())


def _needed(field: Field) -> str:
    needed = "no"
    if field.required is True:
        needed = "yes"
    elif isinstance(field.required, When):
        needed = _when(field.required)
    if field.shown is not None and field.shown != field.required:
        asked = f"asked {_when(field.shown)}"
        needed = asked if needed == "no" else f"{needed}, {asked}"
    return needed


def _when(condition: When) -> str:
    if condition.also is not None:
        return f"{_when(replace(condition, also=None))} and {_when(condition.also)}"
    if not condition.words:
        return f"when `{condition.key}=` is given"
    if set(condition.words) == {"", "false"}:
        return f"unless `{condition.key}=true`"
    return f"when `{condition.key}=` " + " or ".join(word or "nothing" for word in condition.words)


def _takes(field: Field) -> str:
    says = f"; {field.pattern_says.en}" if field.pattern_says is not None else ""
    return _form(field) + says + (f"; `{field.default}` when left out" if field.default else "")


def _form(field: Field) -> str:
    match field.type:
        case FieldType.CHOICE:
            return ", ".join(_choice(choice) for choice in field.choices)
        case FieldType.FLAG:
            return "`true` (是), `false` (否)"
        case FieldType.LINK:
            return "an address, http or https"
        case FieldType.FILE:
            most = f", {field.max_files} at most" if field.max_files > 1 else ""
            return f"a file ({', '.join(type_names(field))}, up to {size(field.max_bytes)}{most})" + (
                " or an id" if field.or_id else ""
            )
        case FieldType.REFERENCE:
            return "what the vendor has"
        case FieldType.FAMILY:
            kinds = "; one of " + ", ".join(_choice(choice) for choice in field.choices) if field.choices else ""
            return f"`{field.key}.NAME=` for each placeholder{kinds}"
        case FieldType.TEXT | FieldType.LONG_TEXT:
            least = f"{field.min_length} to " if field.min_length > 1 else "up to "
            return f"{least}{field.max_length} characters"
        case _:
            assert_never(field.type)


def _choice(choice: Choice) -> str:
    return f"`{choice.word}` ({choice.label.zh})"


# --- Text -------------------------------------------------------------------------------------------------------------


def _sentence(text: str) -> str:
    return text[0].upper() + text[1:] + "."


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |\n" for line in lines)


def architecture() -> str:
    """The page with the picture of the house as the imports are now."""
    head, _, rest = ARCHITECTURE.read_text(encoding="utf-8").partition(HOUSE)
    _, _, tail = rest.partition(END_OF_HOUSE)
    return f"{head}{HOUSE}\n\n```mermaid\n{picture()}```\n\n{END_OF_HOUSE}{tail}"


def main() -> None:
    """Write them."""
    COMMANDS.write_text(commands_page(), encoding="utf-8")
    README.write_text(readme(), encoding="utf-8")
    ARCHITECTURE.write_text(architecture(), encoding="utf-8")
    RULES_PAGE.write_text(rules_page(), encoding="utf-8")


if __name__ == "__main__":
    main()
