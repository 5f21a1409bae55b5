"""How much may be sent: a sliding minute for each conversation. Pure, but for what it remembers.

Asked before a message is sent, so that DingTalk never has to refuse one: the 21st within a minute is refused, and
with it everything for ten minutes (facts, DingTalk 5.1).

What the limit counts is not confirmed for an app's robot: the messages of a conversation, or all that the robot sends.
`counted` is the only place that says it. It begins with conversations; where DingTalk refuses a message in a conversation
that had room, the limit counts something wider, and from then on everything is counted together.
"""

from collections import deque
from datetime import datetime, timedelta

from bot.contracts.chat import Together
from bot.contracts.due import due, over
from integrations.dingtalk.errors import PENALTY_SECONDS, RATE_SECONDS

A_MINUTE = timedelta(minutes=1)
MARGIN = timedelta(seconds=2)
"""Messages arrive later than they are sent, and not all equally late; the minute is kept a little longer."""

PENALTY = timedelta(seconds=PENALTY_SECONDS)

MESSAGES = 20
RESERVED = 4
"""Kept back for answers to people, who would otherwise wait behind a burst of notices."""

MOST_REMEMBERED = 2_000
"""Messages of one minute; all conversations together can be many."""

EVERYTHING = "*"
"""What is counted under where all messages count together."""

TOGETHER = Together(singly=8, room=3_300)
"""More would fill the conversation's minute and use up the month's calls; one message's text has 3,500 characters
(`render.PART_CHARACTERS`)."""

CONVERSATIONS = 5_000
"""Remembered at once."""


class Minute:
    """Counts what was sent to each conversation.

    Args:
        messages: how many a minute may have.
        reserved: how many of them only answers may use.
    """

    def __init__(self, messages: int = MESSAGES, reserved: int = RESERVED) -> None:
        self._messages = messages
        self._reserved = reserved
        self._sent: dict[str, deque[datetime]] = {}
        self._shut: dict[str, datetime] = {}
        self.whole = False

    def counted(self, conversation: str) -> str:
        """Under what a message to a conversation counts."""
        return EVERYTHING if self.whole else conversation

    def wait(self, conversation: str, now: datetime, *, count: int = 1, answer: bool = False) -> timedelta:
        """How long `count` messages must wait; nothing when they may be sent now.

        Args:
            count: more than a minute holds count as a whole minute.
            answer: may use what is reserved.
        """
        conversation = self.counted(conversation)
        sent = self._recent(conversation, now)
        room = self._messages if answer else self._messages - self._reserved
        until = self._shut.get(conversation, now)
        shut = timedelta(0) if due(until, now, PENALTY) else until - now
        over = len(sent) + min(count, room) - room
        if over <= 0:
            return max(shut, timedelta(0))
        return max(sent[over - 1] + A_MINUTE + MARGIN - now, shut)

    def sent(self, conversation: str, now: datetime) -> None:
        """One message is about to be sent."""
        for where in (conversation, EVERYTHING):
            self._recent(where, now).append(now)

    def refused(self, conversation: str, now: datetime) -> timedelta:
        """The platform says that it was too much; returns how long nothing more is sent there.

        A minute; where that was not enough, the ten that the platform may take.
        """
        if not self.whole and len(self._recent(EVERYTHING, now)) >= self._messages > len(
            self._recent(conversation, now)
        ):
            self.whole = True
        conversation = self.counted(conversation)
        before = self._shut.get(conversation)
        if before is not None and not due(before, now, PENALTY):
            return before - now  # sent before the first refusal came back
        again = before is not None and not over(before, now, PENALTY)
        pause = PENALTY if again else timedelta(seconds=RATE_SECONDS)
        self._shut[conversation] = now + pause
        return pause

    def _recent(self, conversation: str, now: datetime) -> deque[datetime]:
        sent = self._sent.pop(conversation, None) or deque()
        while sent and (over(sent[0], now, A_MINUTE + MARGIN) or len(sent) > MOST_REMEMBERED):
            sent.popleft()
        self._sent[conversation] = sent  # the latest used stands last
        while len(self._sent) > CONVERSATIONS:
            oldest = next(iter(self._sent))
            del self._sent[oldest]
            self._shut.pop(oldest, None)
        return sent
