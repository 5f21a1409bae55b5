"""What became of a call whose answer was lost, on a real record: looked up, never sent again."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from bot.contracts.errors import AnswerLost, Trouble, Unavailable, VendorError
from bot.contracts.model import Action, Actor, Kind, Place, Request, State, Submission
from bot.contracts.settings import Settings
from bot.contracts.vendor import Accepted, FilingView, KindAbility, LookUp, Missing, Seen, Tracked
from bot.notices.audience import Audience
from bot.requests.announce import Announcer
from bot.requests.approval_notices import ApprovalNotices
from bot.requests.approvals import Approvals
from bot.requests.check.accounts import Check
from bot.requests.lost import CLOCKS_APART
from bot.requests.papers import SparePapers
from bot.requests.reconcile import Reconciler
from bot.requests.sending import Sending
from bot.requests.settling import LOOK_AGAIN, Settling
from bot.store import requests
from bot.store.database import Database
from bot.store.unusable import FILE
from tests.given import MONDAY, Clock
from tests.reading import capable
from tests.standing import lay

ACCOUNT, NAME = "aliyun", "速达物流"
ME = Actor("slack", "U1", name="Ann")
HERE, OPERATORS = Place("slack", "C1"), Place("slack", "C2")
SECOND = timedelta(seconds=1)
REFUSED = VendorError("InvalidAccessKeyId", "no such key", trouble=Trouble.CREDENTIALS)


ANSWERED, AT_ONCE, LATE, NEVER = "answered", "at once", "late", "never"
"""What becomes of a call at the vendor; of all but the first the answer is lost."""
TRUTH, LAGS = None, ()
"""What a look is answered with: what there is, or what a copy that lags has."""


class Now(Clock):
    """A clock of the domain that moves only when told."""

    def now(self) -> datetime:
        return self()


@dataclass
class Far:
    """The far side: a vendor that has what it has, and loses answers when told to."""

    look_up: LookUp = LookUp.BY_LIST
    account: str = ACCOUNT
    vendor: str = "alibaba"
    things: list[Seen] = field(default_factory=list)  # under our name, whoever made them
    answers: list[Any] = field(default_factory=list)  # what it says next in the place of the truth: an error or things
    arrives: list[str] = field(default_factory=list)  # when the next calls arrive; their answers are lost
    on_the_way: list[Seen] = field(default_factory=list)
    calls: int = 0

    @property
    def reviews(self) -> "Far":
        return self

    @property
    def capabilities(self) -> Any:
        return capable(FilingView.HIDDEN, ability=KindAbility(look_up=self.look_up))

    async def create(self, submission: Submission) -> Accepted:
        self.calls += 1
        accepted = Accepted(f"ours-{self.calls}")
        when = self.arrives.pop(0) if self.arrives else ANSWERED
        {LATE: self.on_the_way, NEVER: []}.get(when, self.things).append(seen(accepted.ref, name=submission.name))
        if when != ANSWERED:
            raise AnswerLost("reset")
        return accepted

    def arrive(self) -> None:
        """What was on its way is there now."""
        self.things += self.on_the_way
        self.on_the_way.clear()

    async def find(self, submission: Submission) -> Sequence[Seen]:
        assert self.look_up is not LookUp.NOT_AT_ALL
        return self._say([one for one in self.things if one.name == submission.name])

    async def look(self, tracked: Sequence[Tracked]) -> Sequence[Seen | Missing]:
        return tuple(self._look_at(item) for item in tracked)

    def _look_at(self, item: Tracked) -> Any:
        said = self._say(next((one for one in self.things if one.ref == item.ref), Missing(item.ref)))
        return (
            next((one for one in said if one.ref == item.ref), Missing(item.ref))
            if isinstance(said, list | tuple)
            else said
        )

    def _say(self, truth: Any) -> Any:
        said = self.answers.pop(0) if self.answers else TRUTH
        if isinstance(said, VendorError):
            raise said
        return truth if said is TRUTH else said


def seen(ref: str, state: State = State.IN_REVIEW, *, name: str = NAME, at: datetime = MONDAY, **more: Any) -> Seen:
    return replace(Seen(ref, name, state, "0", created_at=at), **more)


class Scene:
    """A record, a vendor, and the two use cases that share a request: what sends it and what settles it."""

    def __init__(self, database: Database, far: Far) -> None:
        self.database, self.far, self.clock = database, far, Now(MONDAY)
        self.woken: list[str] = []
        audience = Audience({OPERATORS: (frozenset({"operator"}), frozenset())})
        announcer = Announcer(audience, 2 * SECOND, Check({}, {}))
        vendors: Any = {ACCOUNT: far}
        told = ApprovalNotices(audience, Settings())
        self.sending = Sending(database, vendors, announcer, self.clock, {})
        self.settling = Settling(
            database,
            vendors,
            Reconciler(announcer, self.clock),
            announcer,
            self.clock,
            60 * SECOND,
            self.woken.append,
            Approvals(database, vendors, announcer, told, self.clock, Settings(), SparePapers({}), self.woken.append),
        )

    async def begin(self) -> None:
        """Submit one signature."""
        new = [requests.NewRequest(ACCOUNT, "alibaba", {"name": NAME, "remark": "old"}, (), State.QUEUED)]
        await self.database.write(
            lambda db: requests.create_batch(
                db, origin="o", kind=Kind.SIGNATURE, name=NAME, actor=ME, place=HERE, new=new, now=self.clock()
            )
        )
        await self.sending.work(ACCOUNT)

    async def lose(self, action: Action, prior: State) -> None:
        """Order an edit or a delete of what the vendor has under `ref`, and lose its answer."""
        proposed = {"name": NAME, "remark": "new"} if action is Action.UPDATE else None

        def store(db: Any) -> None:
            ordered: dict[str, Any] = {"action": action, "prior": prior, "proposed": proposed, "vendor_ref": "ref"}
            request = requests.get(db, 1)
            for state in (State.FAILED, State.QUEUED, State.SUBMITTING):
                request = requests.move(db, request, state, now=self.clock(), actor=ME.key, **ordered)
            due = self.clock() + 5 * SECOND
            requests.move(db, request, State.UNKNOWN, now=self.clock(), actor=ME.key, looks=0, next_look_at=due)

        await self.database.write(store)

    async def request(self) -> Request:
        return await self.database.read(lambda db: requests.get(db, 1))

    async def look(self) -> Request:
        """Go to the next look, and have it."""
        due = (await self.request()).next_look_at
        assert due is not None
        self.clock.moment = max(due, self.clock())
        if self.clock() >= MONDAY + 45 * SECOND:
            self.far.arrive()
        await self.settling.work(ACCOUNT)
        return await self.request()

    async def told(self, place: Place = HERE) -> list[str]:
        """What a conversation is owed, in order: the news of a request, or the kind of notice."""
        query = "SELECT what, data ->> 'news' AS news FROM notices WHERE conversation = ? ORDER BY id"
        rows = await self.database.read(lambda db: list(db.query(query, (place.conversation,))))
        return [row["news"] or row["what"] for row in rows]


@asynccontextmanager
async def scene(folder: Path, far: Far) -> AsyncIterator[Scene]:
    async with Database(await lay(folder / FILE)) as database:
        yield Scene(database, far)


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Scene]:
    """One create whose answer was lost, and which never arrived."""
    async with scene(tmp_path, Far(arrives=[NEVER])) as ready:
        await ready.begin()
        yield ready


# --- A lost create -----------------------------------------------------------------------------------------------------


async def test_it_is_asked_about_soon_and_not_before(stage: Scene) -> None:
    lost = await stage.request()
    assert (lost.state, lost.next_look_at) == (State.UNKNOWN, MONDAY + 5 * SECOND)
    stage.far.things = [seen("new")]
    await stage.settling.work(ACCOUNT)
    assert await stage.request() == lost
    assert await stage.told() == ["unknown"]


async def test_found(stage: Scene) -> None:
    stage.far.things = [seen("new", order="7")]
    request = await stage.look()
    assert (request.state, request.vendor_ref, request.order) == (State.IN_REVIEW, "new", "7")
    assert request.next_look_at == stage.clock()  # the poller takes over
    assert await stage.told() == ["unknown", "settled"]
    assert stage.far.calls == 1


async def test_found_and_decided_already(stage: Scene) -> None:
    stage.far.things = [seen("new", State.REJECTED, reason="不规范")]
    request = await stage.look()
    assert (request.state, request.reason) == (State.REJECTED, "不规范")
    assert await stage.told() == ["unknown", "settled", "rejected"]


async def test_absent_after_three_looks_and_a_minute(stage: Scene) -> None:
    looks = []
    while (request := await stage.look()).state is State.UNKNOWN:
        looks.append((request.looks, (stage.clock() - MONDAY).total_seconds()))
    assert looks == [(1, 5), (2, 20), (3, 50)]
    assert (request.state, request.reason, request.next_look_at) == (State.FAILED, "absent", None)
    assert stage.clock() - MONDAY == 110 * SECOND
    assert await stage.told() == ["unknown", "absent"]
    assert (stage.far.calls, stage.woken) == (1, [])


async def test_what_is_older_or_anothers_is_not_ours(stage: Scene) -> None:
    stage.far.things = [seen("elder", at=MONDAY - CLOCKS_APART - SECOND)]
    assert (await stage.look()).looks == 1


async def test_what_the_record_has_already_belongs_to_another_request(tmp_path: Path) -> None:
    async with scene(tmp_path, Far()) as stage:
        await stage.begin()  # #1 is taken
        stage.far.arrives = [NEVER]
        new = [requests.NewRequest(ACCOUNT, "alibaba", {"name": NAME}, (), State.QUEUED)]
        await stage.database.write(
            lambda db: requests.create_batch(
                db, origin="p", kind=Kind.SIGNATURE, name=NAME, actor=ME, place=HERE, new=new, now=stage.clock()
            )
        )
        await stage.sending.work(ACCOUNT)
        stage.clock.pass_by(seconds=5)
        await stage.settling.work(ACCOUNT)
        second = await stage.database.read(lambda db: requests.get(db, 2))
        assert (second.state, second.looks, second.vendor_ref) == (State.UNKNOWN, 1, "")


async def test_ambiguous_is_asked_of_people_and_not_of_the_vendor_again(stage: Scene) -> None:
    stage.far.things = [seen("a"), seen("b")]
    request = await stage.look()
    assert (request.state, request.next_look_at) == (State.UNKNOWN, None)
    stage.clock.pass_by(days=1)
    await stage.settling.work(ACCOUNT)
    assert await stage.request() == request


async def test_an_ambiguous_one_is_told_although_nothing_else_happened_since(stage: Scene) -> None:
    """The news of a change has a key of its own, also where the state stays as it is."""
    stage.far.things = [seen("a"), seen("b")]
    await stage.look()
    assert (await stage.told())[-1] == "unknown_question"


async def test_a_vendor_that_cannot_be_asked_is_a_question_at_once(tmp_path: Path) -> None:
    async with scene(tmp_path, Far(LookUp.NOT_AT_ALL, arrives=[AT_ONCE])) as stage:
        await stage.begin()
        request = await stage.request()
        assert (request.state, request.next_look_at) == (State.UNKNOWN, None)
        assert await stage.told() == ["unknown_question"]


async def test_a_look_without_an_answer_counts_for_nothing(stage: Scene) -> None:
    stage.far.answers = [Unavailable("connection"), REFUSED, REFUSED]
    for turn in (1, 2, 3):
        request = await stage.look()
        assert (request.state, request.looks) == (State.UNKNOWN, 0), turn
        assert request.next_look_at == stage.clock() + LOOK_AGAIN
    assert await stage.told() == ["unknown"]
    assert await stage.told(OPERATORS) == []  # a vendor in trouble is an alert


# --- A lost edit, a lost delete ----------------------------------------------------------------------------------------


async def settle(stage: Scene) -> Request:
    while (request := await stage.look()).state is State.UNKNOWN:
        pass
    return request


async def test_a_lost_edit_that_arrived(stage: Scene) -> None:
    await stage.lose(Action.UPDATE, State.REJECTED)
    stage.far.things = [seen("ref", State.IN_REVIEW, order="8")]
    request = await stage.look()
    assert (request.state, request.values["remark"], request.order) == (State.IN_REVIEW, "new", "8")
    assert (request.proposed, request.prior) == (None, None)
    assert await stage.told() == ["unknown", "settled"]


@pytest.mark.parametrize("prior", [State.REJECTED, State.READY, State.IN_REVIEW])
async def test_a_lost_edit_that_shows_nowhere(stage: Scene, prior: State) -> None:
    await stage.lose(Action.UPDATE, prior)
    stage.far.things = [seen("ref", prior)]
    request = await settle(stage)
    assert (request.state, request.values["remark"], request.reason) == (prior, "old", "")
    assert (request.next_look_at is not None) == (prior is State.IN_REVIEW)
    assert await stage.told() == ["unknown", "not_done_lost"]


async def test_a_lost_edit_of_what_is_gone_meanwhile(stage: Scene) -> None:
    await stage.lose(Action.UPDATE, State.REJECTED)
    assert (await stage.look()).state is State.DELETED
    assert await stage.told() == ["unknown", "deleted"]


async def test_a_lost_delete_that_arrived(stage: Scene) -> None:
    await stage.lose(Action.DELETE, State.READY)
    request = await stage.look()
    assert (request.state, request.next_look_at) == (State.DELETED, None)
    assert await stage.told() == ["unknown", "deleted"]


async def test_a_lost_delete_that_did_not(stage: Scene) -> None:
    await stage.lose(Action.DELETE, State.READY)
    stage.far.things = [seen("ref", State.READY)]
    request = await settle(stage)
    assert (request.state, request.prior) == (State.READY, None)
    assert await stage.told() == ["unknown", "not_done_lost"]


# --- A person's word ---------------------------------------------------------------------------------------------------


async def test_it_is_there_under_this_id(stage: Scene) -> None:
    stage.far.things = [seen("UTA1")]
    outcome = await stage.settling.answer(1, "UTA1", ME, HERE)
    assert (outcome.problem, outcome.request) == ("", await stage.request())
    assert (outcome.request.state, outcome.request.vendor_ref) == (State.IN_REVIEW, "UTA1")
    assert await stage.told() == ["unknown", "settled"]
    assert (stage.woken, stage.far.calls) == ([], 1)


async def test_what_was_decided_meanwhile_is_taken_in_with_the_id(stage: Scene) -> None:
    stage.far.things = [seen("UTA1", State.REJECTED, reason="no")]
    outcome = await stage.settling.answer(1, "UTA1", ME, HERE)
    assert (outcome.request.state, outcome.request.reason) == (State.REJECTED, "no")
    assert await stage.told() == ["unknown", "settled", "rejected"]


@pytest.mark.parametrize(
    ("there", "problem"),
    [([], "not_there"), ([seen("UTB1")], "not_there"), ([seen("UTA1", name="another")], "another")],
)
async def test_an_id_is_not_believed_unless_the_vendor_has_it(stage: Scene, there: list[Seen], problem: str) -> None:
    before = await stage.request()
    stage.far.things = there
    outcome = await stage.settling.answer(1, "UTA1", ME, HERE)
    assert (outcome.problem, outcome.request) == (problem, before)
    assert await stage.request() == before
    assert await stage.told() == ["unknown"]


async def test_an_id_that_is_another_requests_is_not_taken(stage: Scene) -> None:
    stage.far.things = [seen("UTA1")]
    new = [requests.NewRequest(ACCOUNT, "alibaba", {"name": "other"}, (), State.QUEUED)]

    def other(db: Any) -> None:
        requests.create_batch(
            db, origin="p", kind=Kind.SIGNATURE, name="other", actor=ME, place=HERE, new=new, now=stage.clock()
        )
        sent = requests.move(db, requests.get(db, 2), State.SUBMITTING, now=stage.clock(), actor=ME.key)
        requests.move(db, sent, State.IN_REVIEW, now=stage.clock(), actor=ME.key, vendor_ref="UTA1")

    await stage.database.write(other)
    before = await stage.request()
    outcome = await stage.settling.answer(1, "UTA1", ME, HERE)
    assert (outcome.problem, outcome.request) == ("known", before)


async def test_an_id_is_not_believed_while_the_vendor_is_out_of_reach(stage: Scene) -> None:
    before = await stage.request()
    stage.far.answers = [Unavailable("connection")]
    with pytest.raises(Unavailable):
        await stage.settling.answer(1, "UTA1", ME, HERE)
    assert await stage.request() == before


async def test_it_is_not_there_is_not_believed_while_the_vendor_is_still_asked(stage: Scene) -> None:
    before = await stage.request()
    outcome = await stage.settling.answer(1, None, ME, HERE)
    assert (outcome.problem, outcome.request) == ("busy", before)
    assert await stage.request() == before
    assert await stage.told() == ["unknown"]


async def test_it_is_not_there_and_goes_out_again(stage: Scene) -> None:
    stage.far.things = [seen("a"), seen("b")]
    await stage.look()
    outcome = await stage.settling.answer(1, None, ME, HERE)
    assert (outcome.problem, outcome.request.state, outcome.request.reason) == ("", State.QUEUED, "")
    assert stage.woken == [ACCOUNT]
    await stage.sending.work(ACCOUNT)
    request = await stage.request()
    assert (request.state, request.vendor_ref, stage.far.calls) == (State.IN_REVIEW, "ours-2", 2)


@pytest.mark.parametrize("ref", ["UTA1", None])
async def test_a_word_about_what_is_settled_changes_nothing(stage: Scene, ref: str | None) -> None:
    stage.far.things = [seen("new")]
    settled = await stage.look()
    outcome = await stage.settling.answer(1, ref, ME, HERE)
    assert (outcome.problem, outcome.request) == ("not_in_this_state", settled)
    assert await stage.told() == ["unknown", "settled"]


# --- Whatever happens --------------------------------------------------------------------------------------------------

STRANGERS = [seen("elder", at=MONDAY - timedelta(days=1)), seen("another"), seen("third")]
ANSWERS = st.sampled_from([TRUTH, LAGS, Unavailable("connection"), REFUSED, STRANGERS[:1], STRANGERS[1:2]])
TURNS = st.sampled_from(["look", "it is there", "it is not there"])
ENDS = (State.IN_REVIEW, State.FAILED)


@settings(max_examples=20, deadline=None)
@example(LookUp.BY_LIST, AT_ONCE, [], [LAGS, LAGS], [])
@example(LookUp.BY_LIST, LATE, [], [], ["it is not there", "look", "it is not there"])
@example(LookUp.BY_LIST, NEVER, STRANGERS, [REFUSED], ["look", "look", "it is not there"])
@example(LookUp.NOT_AT_ALL, AT_ONCE, [], [], ["it is not there"])
@given(
    look_up=st.sampled_from([LookUp.BY_LIST, LookUp.NOT_AT_ALL]),
    arrives=st.sampled_from([AT_ONCE, LATE, NEVER]),
    strangers=st.lists(st.sampled_from(STRANGERS), unique_by=lambda one: one.ref),
    answers=st.lists(ANSWERS, max_size=2),
    turns=st.lists(TURNS, max_size=5),
)
def test_one_create_is_never_sent_twice_and_it_ends(
    look_up: LookUp, arrives: str, strangers: list[Seen], answers: list[Any], turns: list[str]
) -> None:
    """A person says what the console shows, in any order with looks that find, fail or lag.

    Nobody can know of a call that is on its way to a vendor that is not asked any more; that case is left out.
    """
    assume(arrives != LATE or (look_up is LookUp.BY_LIST and not strangers))
    far = Far(look_up, things=list(strangers), answers=list(answers), arrives=[arrives])

    def made() -> list[str]:
        return [one.ref for one in far.things if one.ref.startswith("ours")]

    async def play(folder: Path) -> Request:
        async with scene(folder, far) as stage:
            await stage.begin()
            for position, turn in enumerate((*turns, *["look", "it is there", "it is not there"] * 8)):
                request = await stage.request()
                if position >= len(turns) and request.state in ENDS:
                    break
                if turn == "look" and request.state is State.UNKNOWN and request.next_look_at is not None:
                    await stage.look()
                elif turn == "it is there" and made():
                    with suppress(VendorError):  # it stays asked
                        await stage.settling.answer(1, made()[0], ME, HERE)
                elif turn == "it is not there" and not made():
                    await stage.settling.answer(1, None, ME, HERE)
                await stage.sending.work(ACCOUNT)
            return await stage.request()

    with tempfile.TemporaryDirectory() as folder:
        end = asyncio.run(play(Path(folder)))
    far.arrive()
    assert len(made()) <= 1
    assert far.calls == 1 or arrives == NEVER
    assert end.state in ENDS
    assert end.state is State.IN_REVIEW or (end.reason == "absent" and not made())
