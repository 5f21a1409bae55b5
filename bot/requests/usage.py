"""What uses a thing that a vendor has, as far as the record knows: before somebody deletes it."""

from datetime import datetime, timedelta

import sqlite_utils

from bot.contracts.model import Kind, Request, State
from bot.contracts.traffic import Split
from bot.requests.dependents import Dependents
from bot.store import requests, traffic

LATELY = timedelta(days=7)
"""Messages of so many days are counted: a week has every weekday once."""

MOST = 200
"""Templates of one account that are looked through, the newest."""

_HANGS_ON = (State.AWAITING_APPROVAL, State.QUEUED, State.SUBMITTING, State.UNKNOWN, State.IN_REVIEW, State.APPROVED)

_USED_BY = {Kind.SIGNATURE: Split.SIGN, Kind.TEMPLATE: Split.TEMPLATE}


def of(db: sqlite_utils.Database, request: Request, now: datetime) -> Dependents:
    """What hangs on a signature or a template."""
    if not request.vendor_ref:
        return Dependents()
    templates: tuple[tuple[int, str], ...] = ()
    if request.kind is Kind.SIGNATURE:
        standing = (*_HANGS_ON, State.READY)
        found = requests.latest(db, accounts=(request.account,), kind=Kind.TEMPLATE, states=standing, limit=MOST)
        templates = tuple(
            (one.number, one.name) for one in found if one.submission().values.get("sign") == request.name
        )
    return Dependents(templates, _sent(db, request, now))


def _sent(db: sqlite_utils.Database, request: Request, now: datetime) -> int | None:
    split = _USED_BY.get(request.kind)
    if split is None:
        return None
    keys = {request.name, request.vendor_ref}
    told = traffic.between(db, request.account, now - LATELY, now, by=split)
    if not told:
        return None
    return sum(one.tally.counts.sent for one in told if one.tally.key in keys)
