"""Use case: what an account has at its vendor, held against the record; what the record does not know can be adopted.

The vendor is only asked, never told anything. What is adopted is a request like any other from then on: followed,
changed, deleted. What the record knows otherwise goes through the one step that takes in a vendor's news.
"""

from collections.abc import Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

import sqlite_utils

from bot.contracts import placeholders
from bot.contracts.clock import Clock
from bot.contracts.errors import VendorError
from bot.contracts.guide import guided_by
from bot.contracts.hushed import hushed
from bot.contracts.model import Incoming, Kind, Request, State
from bot.contracts.states import AT_VENDOR, FOLLOWED
from bot.contracts.variants import for_digital
from bot.contracts.vendor import Listed, Missing, Seen, Tracked, Vendor
from bot.requests import lifecycle
from bot.requests.reconcile import Reconciler
from bot.store import adoptions, requests
from bot.store.adoptions import Known
from bot.store.database import Database

MOST = 200
"""So much is adopted by one command: each signature that carriers file is a call of its own, and somebody waits."""

MOST_LOOKED_FOR = 50
"""So many things of which a list tells too little are asked about by themselves, the newest: each is a call of its own."""


@dataclass(frozen=True, slots=True)
class Foreign:
    """A thing that the vendor has and the record does not know."""

    kind: Kind
    listed: Listed

    @property
    def tracked(self) -> Tracked:
        """What is needed to look at it."""
        seen = self.listed.seen
        return Tracked(
            number=0,
            kind=self.kind,
            ref=seen.ref,
            name=seen.name,
            international=seen.international is True,
            approved=seen.state is State.APPROVED,
            digital=for_digital(self.listed.values),
        )


@dataclass(frozen=True, slots=True)
class Compared:
    """An account held against the record.

    Attributes:
        account: which.
        foreign: what the vendor has and the record does not know.
        changed: where the vendor has moved on: the request, and what the list says.
        gone: what the vendor has no more.
        on_the_way: what may be a request that is being sent or settled, and is left to that.
        lists: the kinds of which the vendor has a list.
        unlisted: those of which it has none, but shows one by its id.
    """

    account: str
    lists: frozenset[Kind] = frozenset()
    foreign: tuple[Foreign, ...] = ()
    changed: tuple[tuple[Request, Seen], ...] = ()
    gone: tuple[Request, ...] = ()
    on_the_way: tuple[Foreign, ...] = ()
    unlisted: tuple[Kind, ...] = ()

    @property
    def agree(self) -> bool:
        """Whether there is nothing to do."""
        return not (self.foreign or self.changed or self.gone)


@dataclass(frozen=True, slots=True)
class Adopted:
    """What came of an adoption.

    Attributes:
        requests: what was adopted, as it now stands.
        moved: requests whose state is another one now.
        left: how much was not asked about, and is still to adopt.
        problem: of one id: `known`, with its request; `absent`, the vendor has nothing under it; `on_the_way`.
        failed: why the rest was not asked about; what was is adopted.
    """

    requests: tuple[Request, ...] = ()
    moved: tuple[Request, ...] = ()
    left: int = 0
    problem: str = ""
    failed: VendorError | None = None


@dataclass(frozen=True, slots=True)
class Sides:
    """What a list and the record tell of each other.

    Attributes:
        foreign: what the record does not know.
        on_the_way: of those what may be a request that has no id yet.
        otherwise: number of a request → what the list says of it, in another state than here.
        untold: numbers of requests of which the list tells too little: it does not show them, or not what the carriers say.
    """

    foreign: tuple[Foreign, ...]
    on_the_way: tuple[Foreign, ...]
    otherwise: Mapping[int, Seen]
    untold: tuple[int, ...]


SETTLED = AT_VENDOR - set(FOLLOWED)
"""What the vendor has and is not asked about by itself any more; of the others the next look tells."""


def sides(kind: Kind, listed: Sequence[Listed], known: Sequence[Known]) -> Sides:
    """Hold a list against the record. Pure.

    Args:
        kind: of what.
        listed: all that the vendor has of it.
        known: all that the record has of it.
    """
    refs = {one.ref: one for one in known if one.ref}
    flying = {one.name.strip() for one in known if not one.ref}
    shown = {one.seen.ref: one.seen for one in listed}
    new = [Foreign(kind, one) for one in listed if one.seen.ref not in refs and one.seen.state is not State.DELETED]
    settled = [one for one in refs.values() if one.state in SETTLED]
    untold = [one for one in settled if one.ref not in shown or _may_hide(one, shown[one.ref])]
    return Sides(
        foreign=tuple(one for one in new if one.listed.seen.name.strip() not in flying),
        on_the_way=tuple(one for one in new if one.listed.seen.name.strip() in flying),
        otherwise={
            one.number: shown[one.ref]
            for one in settled
            if one not in untold and shown[one.ref].state not in (None, one.state)
        },
        untold=tuple(one.number for one in untold),
    )


def _may_hide(known: Known, seen: Seen) -> bool:
    """Whether a list shows as approved what is ready because it does not tell what the carriers say."""
    return known.state is State.READY and seen.state is State.APPROVED


def values_of(listed: Listed) -> dict[str, str]:
    """What is known of a thing in the keys of a submission; a text with a number of a person in it is not kept."""
    seen = listed.seen
    values = {"name": hushed(seen.name or seen.ref), **listed.values}
    text = "" if for_digital(values) else placeholders.ours(seen.content)
    if text and hushed(text) == text:
        values["content"] = text
    if seen.international:
        values["international"] = "true"
    return values


class Inventory:
    """Compares and adopts.

    Args:
        database: the record.
        vendors: account name → vendor.
        reconciler: takes in what a vendor says of what is known.
        clock: the domain's time.
    """

    def __init__(self, database: Database, vendors: Mapping[str, Vendor], reconciler: Reconciler, clock: Clock) -> None:
        self._database = database
        self._vendors = vendors
        self._reconciler = reconciler
        self._clock = clock

    async def compare(self, account: str) -> Compared:
        """Ask for all that an account has, and hold it against the record; nothing is changed.

        Raises:
            VendorError: it cannot be asked now.
        """
        reviews = self._vendors[account].reviews
        asked_at = self._clock.now()
        compared = Compared(account, lists=reviews.lists, unlisted=self._by_id_only(account))
        for kind in Kind:
            if kind not in reviews.lists:
                continue
            listed: list[Listed] = []
            async with aclosing(reviews.listed(kind)) as pages:
                async for page in pages:
                    listed += page
            found = sides(kind, listed, await self._known(account, kind))
            wanted = (*found.otherwise, *found.untold[-MOST_LOOKED_FOR:])
            doubtful = await self._database.read(partial(requests.of_numbers, wanted=wanted))
            said = [(one, found.otherwise[one.number]) for one in doubtful if one.number in found.otherwise]
            asked = await self._asked(account, [one for one in doubtful if one.number not in found.otherwise])
            said += [(one, answer) for one, answer in asked if isinstance(answer, Seen)]
            compared = replace(
                compared,
                foreign=(*compared.foreign, *found.foreign),
                changed=(*compared.changed, *(one for one in said if _would_move(*one, asked_at))),
                gone=(*compared.gone, *(one for one, answer in asked if isinstance(answer, Missing))),
                on_the_way=(*compared.on_the_way, *found.on_the_way),
            )
        return compared

    async def _known(self, account: str, kind: Kind) -> list[Known]:
        known: list[Known] = []
        while page := await self._database.read(
            partial(adoptions.known, account=account, kind=kind, after=known[-1].number if known else 0)
        ):
            known += page
        return known

    def _by_id_only(self, account: str) -> tuple[Kind, ...]:
        vendor = self._vendors[account]
        able = (kind for kind, ability in vendor.capabilities.kinds.items() if ability.create)
        return tuple(kind for kind in able if kind not in vendor.reviews.lists)

    async def _asked(self, account: str, untold: Sequence[Request]) -> list[tuple[Request, Seen | Missing]]:
        """What the vendor says of these by themselves; what is done in its console only, nobody can ask about."""
        asked = [one for one in untold if not guided_by(one)]
        if not asked:
            return []
        tracked = [replace(Tracked.of(one), approved=True) for one in asked]
        answers = await self._vendors[account].reviews.look(tracked)
        return list(zip(asked, answers, strict=True))

    async def adopt(self, account: str, incoming: Incoming) -> Adopted:
        """Adopt what the record does not know, and take in what it knows otherwise; what is adopted is told nowhere else.

        Each slice of answers is stored as it comes: what is cut short goes on where it was when it is said again.

        Args:
            account: whose.
            incoming: who says so, where.

        Raises:
            VendorError: what there is cannot be asked now; nothing was changed.
        """
        compared = await self.compare(account)
        moved = await self._caught_up(compared)
        chosen = compared.foreign[:MOST]
        adopted = await self._adopted(account, chosen, incoming)
        return replace(adopted, moved=moved, left=adopted.left + len(compared.foreign) - len(chosen))

    async def adopt_one(self, account: str, ref: str, incoming: Incoming) -> Adopted:
        """The same of one thing by the vendor's id, also of a kind that has no list.

        Raises:
            VendorError: the vendor cannot be asked now; nothing was changed.
        """
        number = await self._database.read(partial(adoptions.number_of, account=account, ref=ref))
        if number is not None:
            return Adopted((await self._database.read(partial(requests.get, number=number)),), problem="known")
        listed = await self._by_id(account, ref)
        if listed is None:
            return Adopted(problem="absent")
        if await self._database.read(partial(_taken, account=account, foreign=listed)):
            return Adopted(problem="on_the_way")
        return await self._adopted(account, (listed,), incoming)

    async def _by_id(self, account: str, ref: str) -> Foreign | None:
        """What the vendor has under an id: in a list where there is one, which tells more, otherwise by a look."""
        reviews = self._vendors[account].reviews
        for kind in Kind:
            if kind in reviews.lists:
                async with aclosing(reviews.listed(kind)) as pages:
                    async for page in pages:
                        if found := next((one for one in page if one.seen.ref == ref), None):
                            return Foreign(kind, found)
        for kind in self._by_id_only(account):
            answer = (await reviews.look([Tracked(0, kind, ref, ref)]))[0]
            if isinstance(answer, Seen) and answer.state is not None:
                return Foreign(kind, Listed(answer))
        return None

    async def _caught_up(self, compared: Compared) -> tuple[Request, ...]:
        """Take in what the vendor has otherwise; a second look says of each how it stands now."""
        behind = [*(one for one, _ in compared.changed), *compared.gone]
        if not behind:
            return ()
        waiting = {one.number: one for one in behind}
        gone = {one.number for one in compared.gone}
        moved: list[Request] = []
        looks = self._vendors[compared.account].reviews.looks([Tracked.of(one) for one in behind])
        async with aclosing(looks):
            async for part in looks:
                told = [
                    (waiting[one.tracked.number], one.answer) for one in part if not isinstance(one.answer, VendorError)
                ]
                moved += await self._database.write(partial(self._take_in, told=told, gone=gone))
        return tuple(moved)

    def _take_in(
        self, db: sqlite_utils.Database, told: Sequence[tuple[Request, Seen | Missing]], gone: set[int]
    ) -> list[Request]:
        moved = []
        for old, answer in told:
            request = requests.get(db, old.number)
            if request.standing != old.standing:
                continue
            now = max(self._clock.now(), request.since)
            if isinstance(answer, Missing) and request.number in gone:  # it was not there the first time either
                request = self._reconciler.reconcile(db, request, answer, now)
            after = self._reconciler.reconcile(db, request, answer, now)
            if after.state is not old.state:
                moved.append(after)
        return moved

    async def _adopted(self, account: str, chosen: Sequence[Foreign], incoming: Incoming) -> Adopted:
        """Look at each, for the list may tell less, and store it as it stands."""
        if not chosen:
            return Adopted()
        asked = {one.tracked: one for one in chosen}
        born: list[int] = []
        failed: VendorError | None = None
        looks = self._vendors[account].reviews.looks(tuple(asked))
        async with aclosing(looks):
            async for part in looks:
                failed = next((one.answer for one in part if isinstance(one.answer, VendorError)), failed)
                told = [(asked.pop(one.tracked), one.answer) for one in part if not isinstance(one.answer, VendorError)]
                seen = [(foreign, answer) for foreign, answer in told if isinstance(answer, Seen)]
                born += await self._database.write(partial(self._born, account=account, seen=seen, incoming=incoming))
                if failed is not None:
                    break
        found = await self._database.read(lambda db: requests.of_numbers(db, born))
        return Adopted(tuple(sorted(found, key=lambda one: one.number)), left=len(asked), failed=failed)

    def _born(
        self,
        db: sqlite_utils.Database,
        account: str,
        seen: Sequence[tuple[Foreign, Seen]],
        incoming: Incoming,
    ) -> list[int]:
        born = []
        for foreign, now_seen in seen:
            state = now_seen.state or State.IN_REVIEW  # a word that nobody knows: the next look says it again
            if state not in AT_VENDOR or _taken(db, account, foreign):
                continue
            merged = replace(now_seen, content=now_seen.content or foreign.listed.seen.content)
            born.append(
                adoptions.adopt(
                    db,
                    account=account,
                    vendor=self._vendors[account].vendor,
                    kind=foreign.kind,
                    seen=merged,
                    state=state,
                    values=values_of(replace(foreign.listed, seen=merged)),
                    actor=incoming.actor,
                    place=incoming.place,
                    origin=incoming.origin,
                    now=self._clock.now(),
                )
            )
        return born


def _taken(db: sqlite_utils.Database, account: str, foreign: Foreign) -> bool:
    seen = foreign.listed.seen
    return adoptions.taken(db, account, foreign.kind, ref=seen.ref, names=(seen.name, seen.name.strip()))


def _would_move(request: Request, seen: Seen, asked_at: datetime) -> bool:
    """Whether what the list says is news; what it says of a review that is over is none."""
    change = lifecycle.advance(request, seen, asked_at=asked_at)
    return change is not None and change.after is not request.state
