"""What staff and operators can do at a vendor, behind the verbs of the sandbox."""

from typing import Protocol

from integrations.sandbox.settings import Kind


class Console(Protocol):
    """One vendor's back office. Every method raises `LookupError` when it knows no such thing."""

    def decide(self, ref: str, kind: Kind | None, refusal: str | None) -> None:
        """End a review now: with a reason for a rejection, without for an approval."""

    def disable(self, ref: str, kind: Kind | None, why: str) -> None:
        """Take an approved thing out of use."""

    def drain(self, messages: int) -> None:
        """Use up messages."""

    def top_up(self, amount: int) -> None:
        """Buy more."""
