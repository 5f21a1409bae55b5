"""What is known of the whole path at an account: read across subjects, asked of the vendor where the record has nothing."""

from functools import partial

import sqlite_utils

from bot.contracts.guide import is_apart
from bot.contracts.model import Kind, Request, State
from bot.contracts.numbers import masked
from bot.contracts.sent import TestMessage
from bot.contracts.vendor import Option
from bot.contracts.vocabulary import QUALIFICATION
from bot.desk.context import Context
from bot.requests.path import Known
from bot.store import requests, sends

_BEST_FIRST = (
    (State.READY,),
    (State.APPROVED,),
    (State.IN_REVIEW, State.UNKNOWN, State.SUBMITTING, State.QUEUED, State.AWAITING_APPROVAL),
    (State.REJECTED, State.FAILED, State.WITHDRAWN, State.DISABLED, State.DRAFT),
)
"""Of several, the one that is furthest is the path; of those alike, the newest."""

_LOOKED_AT = 20


async def known(context: Context, account: str, name: str, *, asking: bool = True) -> Known:
    """What is known of one account.

    Args:
        context: who asks where.
        account: the account.
        name: the signature that is asked about; empty for whichever is furthest.
        asking: whether the vendor may be asked; else what it said last counts.
    """
    services = context.services
    vendor = services.vendors[account]
    kinds = vendor.capabilities.kinds
    preparation = services.requests.preparation
    field = next((one for one in vendor.reviews.fields(Kind.SIGNATURE) if one.key == QUALIFICATION.key), None)
    qualification, signature, template, test = await services.database.read(
        partial(_of_record, account=account, name=name)
    )

    async def listed(source: str) -> tuple[Option, ...] | None:
        return await preparation.listed(account, source) if asking else preparation.last_listed(account, source)

    qualifications = await listed("qualifications") if field is not None else ()
    signatures = await listed("signatures") if signature is None else ()
    if signatures == () and signature is None and name and asking:
        signatures = await preparation.found(account, name)
    numbers = next((one.test_numbers for one in services.settings.accounts if one.name == account), ())
    return Known(
        account=account,
        name=name,
        abilities=(kinds[Kind.QUALIFICATION], kinds[Kind.SIGNATURE], kinds[Kind.TEMPLATE]),
        takes_qualification=field is not None,
        wants_qualification=field is not None and field.needed({}),
        qualifications=qualifications,
        signatures=signatures,
        qualification=qualification,
        signature=signature,
        template=template,
        test=test,
        can_test=vendor.messages is not None and bool(numbers),
        test_number=masked(numbers[0]) if numbers else "",
    )


def _of_record(
    db: sqlite_utils.Database, account: str, name: str
) -> tuple[Request | None, Request | None, Request | None, TestMessage | None]:
    signature = _furthest(db, account, Kind.SIGNATURE, name)
    sign = name or (signature.name if signature is not None else "")
    return (
        _furthest(db, account, Kind.QUALIFICATION),
        signature,
        _furthest(db, account, Kind.TEMPLATE),
        sends.newest(db, account, sign),
    )


def _furthest(db: sqlite_utils.Database, account: str, kind: Kind, name: str = "") -> Request | None:
    """The request of a kind that is furthest, for the mainland."""
    for states in _BEST_FIRST:
        found = requests.latest(db, accounts=(account,), kind=kind, states=states, name=name or None, limit=_LOOKED_AT)
        if of_mainland := [one for one in found if not (one.international or one.digital or is_apart(one))]:
            return of_mainland[0]
    return None
