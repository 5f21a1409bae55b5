"""One tree of errors: one class for each thing a caller would do differently.

    SignpostError
    ├── SetupError              a service would not serve us until the operator changes something
    │   └── Unreached           it could not be asked: nothing is known about the settings, and later it may be
    ├── UserError               what was typed cannot be done; the text says why and what to do
    ├── VendorError             a vendor did not do what was asked
    │   ├── Refused             it said no: nothing was accepted; calling again will not help
    │   ├── Throttled           it said "too fast": nothing was accepted; calling later is safe
    │   ├── Unavailable         nothing was accepted, as far as anyone can know (connection refused, a read that failed)
    │   └── AnswerLost          the call may or may not have been accepted; look it up, never call again
    └── DeliveryError           a chat did not take a message
        ├── DeliveryRetry       it may take it later
        └── DeliveryFailed      it never will
            └── NotEditable     this message stays as it was posted; nothing is lost by that

Nothing here carries a secret: addresses are cut to host and path before they enter an error.
"""

from enum import StrEnum

from bot.contracts.model import Refusal, Words


class SignpostError(Exception):
    """Anything this program raises on purpose."""


class SetupError(SignpostError):
    """A service would not serve us: a wrong token, a missing right.

    Args:
        words: for the operator: what is wrong, and what to do.
    """

    def __init__(self, words: Words) -> None:
        super().__init__(words.en)
        self.words = words


class Unreached(SetupError):
    """A service could not be asked whether it would serve us: out of reach, or in trouble of its own."""


class RecordUnavailable(SignpostError):
    """The record takes nothing now: it is locked, full, read-only or damaged. Nothing was changed by what raised this.

    Args:
        words: the cause, to stand within a sentence.
    """

    def __init__(self, words: Words) -> None:
        super().__init__(words.en)
        self.words = words


class WriteRefused(RecordUnavailable):
    """The record did not take a write; that, and that it is over, is what `bot.store.database.Database.trouble` says."""


class UserError(SignpostError):
    """What somebody asked for cannot be done.

    Args:
        title: one line, what is wrong.
        details: further lines, one for each thing at fault.
        commands: exact commands to copy that would work.
        begun: what was said, where only the rest is missing: whoever is asked may answer with that alone.
        ways: what may stand between the two (`id=`); nothing always may.
    """

    def __init__(
        self,
        title: str,
        details: tuple[str, ...] = (),
        commands: tuple[str, ...] = (),
        *,
        begun: str = "",
        ways: tuple[str, ...] = (),
    ) -> None:
        super().__init__(title)
        self.title = title
        self.details = details
        self.commands = commands
        self.begun = begun
        self.ways = ways


class Trouble(StrEnum):
    """Whose business a vendor's refusal is."""

    INPUT = "input"  # the submitter's: change what was typed
    STATE = "state"  # the submitter's: not possible in this state
    LIMIT = "limit"  # wait, or ask the vendor for more
    CREDENTIALS = "credentials"  # the operator's: key, secret
    CLOCK = "clock"  # the operator's: the time of this machine, with which calls are signed
    PERMISSION = "permission"  # the operator's: rights of the key, allow-lists
    ACCOUNT = "account"  # the account's owner: verification, not activated, barred
    EMPTY = "empty"  # the account's owner: no package or no money is left to send with; one word of it is certain
    UNEXPECTED = "unexpected"  # nobody knows this code; shown as it is


class NoAnswer(StrEnum):
    """Codes of our own, where a vendor's call ended without any code of the vendor's. A status stands as `HTTP 503`."""

    UNREACHED = "connection"  # no connection was made
    TIMEOUT = "timeout"  # nothing came in time
    RESET = "reset"  # the connection broke after the call had left
    GARBAGE = "garbage"  # something came that cannot be read, or lacks what it must tell
    RESTART = "restart"  # this program ended before the answer came
    OWN_FAULT = "own fault"  # this program failed over it


class VendorError(SignpostError):
    """A vendor did not do what was asked.

    Args:
        code: the vendor's own code or a `NoAnswer`, shown beside its meaning, never alone.
        message: the vendor's own words.
        request_id: what to quote to the vendor's support; may be empty.
        trouble: whose business it is.
        advice: what it means and what to do now, in both languages; none where nobody knows the code.
    """

    def __init__(
        self,
        code: str,
        message: str = "",
        *,
        request_id: str = "",
        trouble: Trouble = Trouble.UNEXPECTED,
        advice: Words | None = None,
    ) -> None:
        super().__init__(f"{code}: {message}" if message else code)
        self.code = code
        self.message = message
        self.request_id = request_id
        self.trouble = trouble
        self.advice = advice


class Refused(VendorError):
    """The vendor said no; nothing was accepted."""


class Throttled(VendorError):
    """The vendor said "too fast" before accepting anything.

    Args:
        retry_after: seconds the vendor asks to wait, when it says so.
    """

    def __init__(self, code: str, message: str = "", *, request_id: str = "", retry_after: float | None = None) -> None:
        super().__init__(code, message, request_id=request_id, trouble=Trouble.LIMIT)
        self.retry_after = retry_after


class Unavailable(VendorError):
    """The vendor could not be reached, or could not answer a question; nothing was accepted."""


class AnswerLost(VendorError):
    """A call that changes something went out and no usable answer came back."""


class DeliveryError(SignpostError):
    """A chat did not take a message.

    Args:
        reason: one line for the record.
        words: the same for the operators, in both languages; the reason itself where there are none.
    """

    def __init__(self, reason: str, words: Words | None = None) -> None:
        super().__init__(reason)
        self.words = words or Words(reason, reason)


class DeliveryRetry(DeliveryError):
    """It may take it later.

    Args:
        reason: one line for the record.
        retry_after: seconds the platform asks to wait, when it says so.
        words: see `DeliveryError`.
    """

    def __init__(self, reason: str, retry_after: float | None = None, words: Words | None = None) -> None:
        super().__init__(reason, words)
        self.retry_after = retry_after


class NotServed(DeliveryRetry):
    """The chat takes nothing from this app at all, until an operator mends it: token, secret, right, robot switched off.

    Nothing is wrong with the message, so it waits. Arguments as for `DeliveryRetry`.
    """


class DeliveryFailed(DeliveryError):
    """It never will: not in the conversation, archived, robot stopped, ..."""


class NotEditable(DeliveryFailed):
    """This message stays as it was posted: its kind cannot be changed, or can no longer."""


def refusal(error: VendorError) -> Refusal:
    """A vendor's error as the record and notices keep it."""
    return Refusal(error.code, error.message, error.request_id, error.trouble.value, error.advice)
