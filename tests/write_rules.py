"""`docs/rules.md` from the vendors' rules: every rule with who minds it how much, where that was read, and examples."""

from collections.abc import Iterator
from pathlib import Path

from bot.contracts.model import Kind
from bot.contracts.rules import Example, Minds, Severity
from bot.requests.check.engine import minded
from bot.requests.check.shared import RULES
from bot.requests.check.topics import ALL, BY_KEY
from bot.requests.check.unseen import UNSEEN
from bot.running.rulebooks import STANDARDS

ROOT = Path(__file__).resolve().parents[1]
RULES_PAGE = ROOT / "docs" / "rules.md"

_HEAD = """\
# What reviewers mind

<!-- Written by `make docs` from integrations/*/rules.py and bot/requests/check/. Change those, not this. -->

The rules that `check`, the forms, `submit` and `signpost lint` know ([check.md](check.md)). ❌ stops, ⚠️ asks, – the vendor
publishes nothing of it. The vendors' pages and their dates stand in the last column; *reported* marks what third parties report. A
finding is no verdict: reviewers are people, and carriers have rules of their own that nobody publishes.
"""

_TYPES = {"otp": "verification", "notice": "notification", "promo": "marketing", "digital": "digital messages"}


def rules_page() -> str:
    """The whole of `docs/rules.md`."""
    parts = [_HEAD]
    for kind, heading in ((Kind.SIGNATURE, "## Signatures · 签名"), (Kind.TEMPLATE, "## Templates · 模板")):
        parts += [
            heading,
            "",
            "| Rule | Alibaba | Tencent | UCloud | What it means |",
            "| --- | --- | --- | --- | --- |",
        ]
        parts += [_row(slug) for slug, rule in RULES.items() if rule.kind is kind]
        parts.append("")
    parts += ["## Examples and sources", ""]
    for slug in RULES:
        parts += [*_section(slug), ""]
    parts += [
        "## Topics of the lists · 禁发内容",
        "",
        "| Topic | 中文 | Rule | Vendors | Example |",
        "| --- | --- | --- | --- | --- |",
    ]
    parts += [
        f"| {topic.title.en} | {topic.title.zh} | `{topic.rule}` | {_listed(topic.key)} | {topic.bad} |"
        for topic in ALL
    ]
    parts += ["", "## Reasons that no text shows · 无法从内容看出的驳回原因", ""]
    parts += ["A rejection is explained by these too; they are no rules, because:", ""]
    parts += ["| Reason | What it means | Why it cannot be seen beforehand |", "| --- | --- | --- |"]
    parts += [
        f"| `{slug}` {one.title.zh} | {one.says.en} {one.says.zh} | {one.why.en} |" for slug, one in UNSEEN.items()
    ]
    return "\n".join(parts) + "\n"


def _sign(entry: Minds | None) -> str:
    return "–" if entry is None else "❌" if entry.severity is Severity.ERROR else "⚠️"


def _row(slug: str) -> str:
    rule = RULES[slug]
    signs = [_sign(minded(standards, slug)) for standards in STANDARDS.values()]
    return f"| [`{slug}`](#{slug}) {rule.title.zh} | {' | '.join(signs)} | {rule.says.en} {rule.says.zh} |"


def _section(slug: str) -> Iterator[str]:
    rule = RULES[slug]
    yield f"### {slug}"
    yield ""
    about = [_TYPES[one] for one in _TYPES if one in rule.types] if rule.kind is Kind.TEMPLATE else []
    where = (
        ""
        if rule.regions == frozenset({"domestic"})
        else " Also abroad."
        if "domestic" in rule.regions
        else " Abroad only."
    )
    types = f" Of {', '.join(about)}." if 0 < len(about) < 3 else ""
    yield f"{rule.title.en[0].upper()}{rule.title.en[1:]} · {rule.title.zh}.{types}{where}"
    yield ""
    yield f"- Not: {_example(rule.bad)}"
    yield f"- But: {_example(rule.good)}"
    for vendor, standards in STANDARDS.items():
        if (entry := minded(standards, slug)) is not None:
            words = f" `{' '.join(entry.words)}`" if entry.words and len(entry.words[0]) < 9 else ""
            note = f" ({entry.note.en})" if entry.note else ""
            yield f"- {vendor} {_sign(entry)}{note}: {entry.page.where}, {entry.page.date}{'' if entry.page.confirmed else ', *reported*'}{words}"


def _example(one: Example) -> str:
    text = one.text if len(one.text) <= 60 else f"{one.text[:57]}…"
    more = " ".join(f"`{key}={value}`" for key, value in one.values)
    return f"`{text}`{f' with {more}' if more else ''}"


def _listed(key: str) -> str:
    topic = BY_KEY[key]
    having = []
    for vendor, standards in STANDARDS.items():
        entry = minded(standards, topic.rule)
        if entry is not None and (not entry.topics or key in entry.topics):
            having.append(vendor)
    return ", ".join(having)
