"""How much of what vendors refuse the check finds, how often it speaks up about what is fine, and how long it takes.

Counted as the README of the corpus says: recall per vendor over the rows that must be found, false alarms over those
that are fine, `sure` rows only; texts that were found and texts that were made apart, and each origin. Every miss and
every false alarm of a sure row is listed.

    python benchmarks/bench_check.py [FOLDER]     drafts.jsonl and reasons.jsonl; ../shared/corpus beside the repository
"""

import json
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from report import REPOSITORY, Report, quantile

from bot.contracts.model import Kind
from bot.contracts.rules import Draft, Finding, Severity
from bot.requests.check.engine import findings, mend
from bot.requests.check.explain import explain
from bot.requests.check.topics import ALL
from bot.running.lint import draft_of
from bot.running.rulebooks import REASONS, STANDARDS

CORPUS = Path(sys.argv[1]) if len(sys.argv) > 1 else REPOSITORY.parent / "shared" / "corpus"
OWN = REPOSITORY / "tests" / "corpus"
TOPICS = frozenset(topic.rule for topic in ALL) - {"counterfeit-goods", "rental-business"}
"""Entries of one published list: a finding of it counts for any of them."""

FULL = Draft(
    Kind.TEMPLATE,
    "notice",
    name="发货通知",
    content="尊敬的会员${name}，您在云澜商城的订单${order_no}已发货，快递单号${tracking_no}，详情请登录 www.example.com 查看。"
    * 6,
    values={
        "sign": "云澜商城",
        "sample.name": "小云",
        "sample.order_no": "20260101",
        "sample.tracking_no": "SF1234567",
    },
)
"""A draft of nearly the 500 characters that a text may have."""

WANTED = 5.0
"""Milliseconds that a full draft at three vendors may take."""


def rows(path: Path) -> Iterator[dict[str, Any]]:
    """The rows of a file, none where it is not there."""
    if path.exists():
        yield from map(json.loads, path.read_text(encoding="utf-8").splitlines())


def counts(row: dict[str, Any], wanted: str, found: tuple[Finding, ...]) -> bool:
    """Whether a row is found: a finding speaks of one of its rules and is as severe as asked."""
    rules = set(row["rules"])
    return any(
        (one.rule in rules or (one.rule in TOPICS and rules & TOPICS))
        and (one.severity is Severity.ERROR or wanted == "warning")
        for one in found
    )


def drafts(report: Report) -> None:
    """Recall and false alarms."""
    tally: Counter[tuple[str, str, str, str]] = Counter()
    for row in rows(CORPUS / "drafts.jsonl"):
        everywhere = findings(draft_of(row["id"], row), STANDARDS.values())
        for vendor, wanted in row["expect"].items():
            if wanted is None:
                continue
            found = everywhere[vendor]
            fine = wanted == "ok"
            strange = sorted({one.rule for one in found} - set(row["also"]))
            hit = bool(strange) if fine else counts(row, wanted, found)
            for group in ("all", f"origin: {row['origin']}"):
                text = row["text_from"] if row["sure"] else "not sure"
                tally[vendor, text, group, "fine" if fine else "bad"] += 1
                tally[vendor, text, group, "alarm" if fine else "found"] += hit
            if row["sure"] and hit is fine:
                what = f"false alarm {', '.join(strange)}" if fine else f"missed {', '.join(row['rules'])}"
                report.row(
                    "Misses and false alarms",
                    vendor=vendor,
                    id=row["id"],
                    what=what,
                    text=(row.get("content") or row["name"])[:40],
                )
    for vendor, text, group in dict.fromkeys(key[:3] for key in sorted(tally, key=lambda one: (one[2] != "all", one))):
        of = {what: tally[vendor, text, group, what] for what in ("bad", "found", "fine", "alarm")}
        report.row(
            "Drafts" if group == "all" else "Drafts by origin",
            **({} if group == "all" else {"origin": group.removeprefix("origin: ")}),
            vendor=vendor,
            texts=text,
            bad=of["bad"],
            found=of["found"],
            recall=_share(of["found"], of["bad"]),
            fine=of["fine"],
            alarms=of["alarm"],
            share=_share(of["alarm"], of["fine"]),
        )


def reasons(report: Report) -> None:
    """How many reasons are explained."""
    tally: Counter[tuple[str, str]] = Counter()
    for row in rows(CORPUS / "reasons.jsonl"):
        found = explain(row["text"], REASONS.get(row["vendor"], ()), Kind(row["kind"]), row["type"] or "").rules
        for group in (row["form"], "all") if row["sure"] else ("not sure",):
            tally[group, "rows"] += 1
            tally[group, "hit"] += bool(set(found) & set(row["rules"]))
            tally[group, "first"] += bool(found) and found[0] in row["rules"]
        if row["sure"] and not set(found) & set(row["rules"]):
            report.row("Reasons not explained", id=row["id"], text=row["text"][:60], rules=", ".join(row["rules"]))
    for group in dict.fromkeys(key[0] for key in sorted(tally, key=lambda one: one[0] != "all")):
        many = tally[group, "rows"]
        report.row(
            "Reasons",
            form=group,
            rows=many,
            explained=_share(tally[group, "hit"], many),
            at_first=_share(tally[group, "first"], many),
        )


def times(report: Report) -> None:
    """How long the first check takes, which compiles the patterns, and the others."""
    begun = time.perf_counter()
    findings(FULL, STANDARDS.values())
    first = (time.perf_counter() - begun) * 1000
    own = [draft_of(row["id"], row) for row in rows(OWN / "drafts.jsonl")]
    for name, some in ((f"{len(FULL.content)} characters", [FULL] * 200), ("our own cases", own)):
        took = []
        for draft in some:
            begun = time.perf_counter()
            findings(draft, STANDARDS.values())
            took.append((time.perf_counter() - begun) * 1000)
        report.row(
            "Time at three vendors",
            draft=name,
            median_ms=quantile(took, 0.5),
            p95_ms=quantile(took, 0.95),
            wanted_ms=WANTED,
        )
    took = []
    for draft in own:
        begun = time.perf_counter()
        mend(draft, tuple(STANDARDS.values()))
        took.append((time.perf_counter() - begun) * 1000)
    report.row(
        "Time at three vendors",
        draft="mended as well",
        median_ms=quantile(took, 0.5),
        p95_ms=quantile(took, 0.95),
        wanted_ms="",
    )
    report.note(f"The first check of a process took {first:.0f} ms: it compiles the patterns.")


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.1%}" if whole else ""


def main() -> None:
    """All three."""
    report = Report("check", "The check: what it finds, how often it is wrong, how long it takes")
    times(report)
    if (CORPUS / "drafts.jsonl").exists():
        drafts(report)
        reasons(report)
    else:
        report.note("No corpus: name the folder with drafts.jsonl and reasons.jsonl.")
    report.finish()


if __name__ == "__main__":
    main()
