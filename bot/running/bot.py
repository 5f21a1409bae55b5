"""A running bot, as whoever started it has it: what it is made of, and waiting for what it does."""

import asyncio
import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.contracts.model import Place, State
from bot.contracts.sent import SendState
from bot.desk.reception import Reception
from bot.desk.services import Services
from bot.notices.outbox import Outbox
from bot.requests.sending import may_go
from bot.running.metrics import Metrics
from bot.running.push import Receivers
from bot.running.worker import Worker
from bot.store import claims, requests
from bot.store.sends import on_their_way


@dataclass(frozen=True, slots=True)
class Bot:
    """A running bot.

    Args:
        services: what handlers are given; tests and the command line ask it too.
        reception: takes in what was said.
        workers: every owned task.
        receivers: take in what vendors push.
        metrics: figures for a monitoring system.
    """

    services: Services
    reception: Reception
    outbox: Outbox
    workers: Mapping[str, Worker]
    receivers: Receivers
    metrics: Metrics

    async def settle(self, place: Place, *, patience: float = 60.0) -> None:
        """Wait until what was said in a place has been answered there: nothing on its way, nothing owed and due.

        Args:
            patience: seconds; after that whoever waits goes on, the work does too.
        """
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(patience):
                while await self._unanswered(place):
                    await self.workers["outbox"].stepped()

    async def tick(self) -> None:
        """Wake every worker and wait until all have done what is due: what a tick of the scheduler does, awaited."""
        for worker in self.workers.values():
            worker.wake()
        for worker in self.workers.values():
            await worker.idle()

    async def pending(self) -> tuple[str, ...]:
        """The requests that somebody has still to decide on or to file, and the test messages on their way."""
        states = (State.QUEUED, State.SUBMITTING, State.UNKNOWN, State.IN_REVIEW, State.APPROVED)
        found = await self.services.database.read(lambda db: requests.in_states(db, states))
        going = await self.services.database.read(on_their_way)
        return (
            *(
                f"#{request.number}"
                for request in found
                if request.next_look_at is not None or request.state in (State.QUEUED, State.SUBMITTING)
            ),
            *(message.called for message in going),
        )

    async def _unanswered(self, place: Place) -> bool:
        now = self.services.clock.now()

        def ask(db: Any) -> bool:
            sending = requests.in_states(db, (State.SUBMITTING, State.QUEUED))
            on_its_way = any(may_go(request, now) for request in sending)
            on_its_way = on_its_way or any(
                one.state in (SendState.QUEUED, SendState.SENDING) for one in on_their_way(db)
            )
            return on_its_way or claims.waiting(db, place, now, self.outbox.widest) > 0

        return await self.services.database.read(ask)
