"""The code that a vendor sends to a person's phone: what is asked of a vendor that does."""

from typing import Protocol


class Verifying(Protocol):
    """The code that a vendor sends to a person's phone before it takes what is said of them (`Field.sent_to`)."""

    async def send(self, phone: str) -> None:
        """Have a code sent; each call sends one."""
        ...

    async def check(self, phone: str, code: str) -> bool:
        """Whether this is the code that was sent to this phone."""
        ...
