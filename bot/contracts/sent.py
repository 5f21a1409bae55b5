"""A test message, from the intent to the carrier's receipt. The table of its moves, and what each state means."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from bot.contracts.model import Place, Refusal
from bot.contracts.push import Outcome
from bot.contracts.sending import Outgoing


class SendState(StrEnum):
    """Where a test message stands."""

    ASKED = "asked"  # whoever wants it was shown it, and has not said yes yet
    DECLINED = "declined"
    QUEUED = "queued"  # the intent is stored
    SENDING = "sending"  # the vendor is being called
    UNKNOWN = "unknown"  # no answer came; it is looked up, and never sent again
    SENT = "sent"  # the vendor took it
    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"
    SILENT = "silent"  # no receipt came, or one that says that nobody knows
    REFUSED = "refused"  # the vendor did not take it
    ABSENT = "absent"  # the vendor certainly never had it


_TOLD = frozenset({SendState.DELIVERED, SendState.UNDELIVERED, SendState.SILENT})

MOVES: Mapping[SendState, frozenset[SendState]] = MappingProxyType(
    {
        SendState.ASKED: frozenset({SendState.QUEUED, SendState.DECLINED}),
        SendState.DECLINED: frozenset(),
        SendState.QUEUED: frozenset({SendState.SENDING}),
        SendState.SENDING: frozenset({SendState.QUEUED, SendState.SENT, SendState.REFUSED, SendState.UNKNOWN}) | _TOLD,
        SendState.UNKNOWN: frozenset({SendState.SENT, SendState.ABSENT}) | _TOLD,
        SendState.SENT: _TOLD,
        SendState.SILENT: frozenset({SendState.DELIVERED, SendState.UNDELIVERED}),
        SendState.ABSENT: frozenset({SendState.SENT}) | _TOLD,  # a late receipt says otherwise
        SendState.DELIVERED: frozenset(),
        SendState.UNDELIVERED: frozenset(),
        SendState.REFUSED: frozenset(),
    }
)

AFTER: Mapping[Outcome, SendState] = MappingProxyType(
    {
        Outcome.WAITING: SendState.SENT,
        Outcome.DELIVERED: SendState.DELIVERED,
        Outcome.FAILED: SendState.UNDELIVERED,
        Outcome.SILENT: SendState.SILENT,
    }
)
"""What a receipt makes of a message."""


@dataclass(frozen=True, slots=True)
class TestMessage:
    """One test message as the record has it: the only place where a whole number stands.

    Args:
        id: shown as `T3`.
        account: through which it goes.
        template: the vendor's id.
        name: what the template is called.
        type: of the template: `otp`, `notice`, `promo`; empty where it is not known.
        sign: the signature's text.
        number: as `test_numbers` has it.
        values: variable → value, in the template's order.
        parts: as counted before it went, or as the vendor billed.
        mark: what it is called at the vendor.
        serial: the vendor's id of the sending.
        code: of the receipt.
        said: the vendor's words on the code.
        refusal: why the vendor did not take it, or why its answer was lost.
        receipt_at: when the carrier says that it arrived or failed.
        since: when it came to stand where it stands.
        sent_at: when the vendor was called.
    """

    __test__ = False  # no test of ours, whatever pytest makes of the name

    id: int
    account: str
    state: SendState
    template: str
    name: str
    type: str
    sign: str
    number: str
    values: Mapping[str, str]
    parts: int
    mark: str
    sender: str
    sender_name: str
    place: Place
    created_at: datetime
    since: datetime
    serial: str = ""
    code: str = ""
    said: str = ""
    refusal: Refusal = field(default_factory=Refusal)
    sent_at: datetime | None = None
    receipt_at: datetime | None = None
    next_look_at: datetime | None = None
    looks: int = 0

    @property
    def called(self) -> str:
        """Its number, as it is written everywhere."""
        return f"T{self.id}"

    def outgoing(self) -> Outgoing:
        """What the vendor is handed."""
        return Outgoing(self.number, self.template, self.sign, tuple(self.values.items()), self.mark)
