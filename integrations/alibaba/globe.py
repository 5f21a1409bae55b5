"""Messages of an account at the international site: SendMessageToGlobe, SendMessageWithTemplate, QueryMessage (facts 7).

Abroad goes a text as it stands, without a template and its review; to the mainland a Go China template with a Go China
signature. What became of either is asked by the vendor's id alone.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime
from types import MappingProxyType

from bot.contracts.errors import AnswerLost, NoAnswer, Refused, Trouble
from bot.contracts.model import Words
from bot.contracts.numbers import mainland, plain
from bot.contracts.push import Outcome, Receipt
from bot.contracts.sending import TEXT, Frequency, Handed, Meaning, Outgoing, Settles
from integrations.alibaba import wire
from integrations.alibaba.calls import Calls
from integrations.alibaba.config import Account
from integrations.alibaba.messages import MEANINGS
from integrations.alibaba.wire import Answer, Text

PROBED = "0"
"""An id that no message has: asking about it proves address, clock and key, and costs nothing."""


class Sent(Answer):
    """Answer of both operations that send."""

    MessageId: Text = ""
    Segments: Text = ""


class Found(Answer):
    """Answer of QueryMessage; the text is not even read."""

    Status: Text = ""
    ErrorCode: Text = ""
    ErrorDescription: Text = ""
    SendDate: Text = ""
    ReceiveDate: Text = ""


class Globe:
    """Sending and what became of it, see `bot.contracts.sending.Sending`.

    Args:
        account: its sender, how we read what is not documented.
        calls: of the account.
    """

    settles: Settles = Settles.BY_PUSH  # by TaskId, which the receipt names; nothing is told by number
    kept: timedelta | None = None
    limits: tuple[Frequency, ...] = ()  # none is published for it
    promo_hours: tuple[int, int] = (8, 20)
    meanings: Mapping[str, Meaning] = MEANINGS
    unsigned_abroad: bool = True
    texts_abroad: bool = True

    def __init__(self, account: Account, calls: Calls) -> None:
        self._sender = account.sender_id
        self._calls = calls
        self.lag = timedelta(seconds=account.unconfirmed.details_lag_seconds)
        self._outcomes = outcomes(sent_is_delivered=account.unconfirmed.sent_is_delivered)

    async def send(self, message: Outgoing) -> Handed:
        """SendMessageToGlobe, or SendMessageWithTemplate where it goes to the mainland."""
        if mainland(message.number):
            given = {"TemplateParam": wire.compact(dict(message.values))} if message.values else {}
            parameters = {
                "To": f"86{plain(message.number)}",
                "From": message.sign,
                "TemplateCode": message.template,
                **given,
            }
            answer = await self._calls.write("SendMessageWithTemplate", parameters, Sent)
        else:
            parameters = {
                "To": plain(message.number).removeprefix("+"),
                "Message": dict(message.values).get(TEXT, ""),
                "TaskId": message.mark,
            }
            if self._sender:
                parameters["From"] = self._sender
            answer = await self._calls.write("SendMessageToGlobe", parameters, Sent)
        if not answer.MessageId:
            raise AnswerLost(NoAnswer.GARBAGE, "the answer names no sending", request_id=answer.RequestId)
        parts = int(answer.Segments) if answer.Segments.isdecimal() and len(answer.Segments) < 4 else None
        return Handed(answer.MessageId, parts, answer.RequestId)

    async def receipts(self, number: str, day: date, messages: Sequence[str]) -> tuple[Receipt, ...]:
        """QueryMessage of each sending that is known here."""
        del day
        return tuple([await self._receipt(number, one) for one in messages])

    async def _receipt(self, number: str, message: str) -> Receipt:
        found = await self._calls.read("QueryMessage", {"MessageId": message}, Found)
        outcome = self._outcomes.get(found.Status)
        return Receipt(
            message=message,
            number=number,
            outcome=outcome or Outcome.SILENT,
            code=found.ErrorCode or ("" if outcome else found.Status),
            said=found.ErrorDescription,
            at=moment(found.ReceiveDate),
            sent_at=moment(found.SendDate),
        )


def outcomes(*, sent_is_delivered: bool) -> Mapping[str, Outcome]:
    """`Status`: 1 sent, 2 failed, 3 on its way (facts 7)."""
    return MappingProxyType(
        {"1": Outcome.DELIVERED if sent_is_delivered else Outcome.SILENT, "2": Outcome.FAILED, "3": Outcome.WAITING}
    )


def moment(text: str) -> datetime | None:
    """A date as this site writes it, `Mon, 24 Dec 2018 16:58:22 +0800` (facts 7), as aware UTC; none when it is none."""
    try:
        told = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError):
        return None
    return told.astimezone(UTC) if told.tzinfo is not None else None


async def probe(calls: Calls) -> Words:
    """Whether the site serves this account: it has no list of anything, so a message is asked about that nobody sent."""
    try:
        await calls.read("QueryMessage", {"MessageId": PROBED}, Found)
    except Refused as refused:
        if refused.trouble not in (Trouble.INPUT, Trouble.STATE, Trouble.UNEXPECTED):
            raise
    return Words("serves us; it lists nothing", "正常应答；该站点没有列表接口")
