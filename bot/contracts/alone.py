"""Whether a conversation is between one person and the bot, as only its chat can tell by the id."""

from typing import Protocol, runtime_checkable


@runtime_checkable
class Alone(Protocol):
    """A chat with conversations of several people, of which only those that are configured are served (spec 11)."""

    def alone(self, conversation: str) -> bool:
        """Whether it is one to one."""
        ...
