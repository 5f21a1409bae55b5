"""Drafts and what is minded in them."""

import json
from pathlib import Path
from typing import Any

from bot.contracts.model import Kind
from bot.contracts.rules import Draft, Example, Finding
from bot.contracts.variants import DIGITAL
from bot.requests.check.engine import findings
from bot.running.lint import draft_of
from bot.running.rulebooks import STANDARDS

CORPUS = Path(__file__).resolve().parents[3] / "corpus"


def rows(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (CORPUS / name).read_text(encoding="utf-8").splitlines()]


def minded(draft: Draft) -> dict[str, tuple[Finding, ...]]:
    return findings(draft, STANDARDS.values())


def slugs(draft: Draft) -> set[str]:
    return {finding.rule for found in minded(draft).values() for finding in found}


def example(kind: Kind, one: Example) -> Draft:
    """An example of a rule as a draft."""
    keys = dict(one.values)
    row = {
        "kind": kind.value,
        "type": one.type if kind is Kind.TEMPLATE or one.type == DIGITAL else None,
        "region": "international" if one.international else "domestic",
        "name": keys.pop("name", "") or (one.text if kind is Kind.SIGNATURE else "服务通知"),
        "content": one.text if kind is Kind.TEMPLATE else "",
        "keys": keys,
    }
    return draft_of("example", row)
