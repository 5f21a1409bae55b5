"""A vendor's refusal in the reader's words."""

from bot.contracts.errors import NoAnswer, Trouble, VendorError
from bot.contracts.message import Block, Exact, Line, Quote, Text
from bot.contracts.model import Refusal
from bot.wording.language import Language


def refusal_blocks(language: Language, account: str, refused: Refusal) -> tuple[Block, ...]:
    """A vendor's refusal: its words, what they mean, the code and what to quote to its support."""
    if unreached := out_of_reach(language, account, refused.code):
        return (Text((unreached,)),)
    blocks: list[Block] = []
    if refused.message:
        blocks.append(Quote(refused.message))
    if advice := refused.meaning(language.code):
        blocks.append(Text(language.line("This means: {advice}", advice=language.with_markup(advice))))
    elif refused.trouble != Trouble.LIMIT:  # "too fast" needs no explanation
        whom = account or language.text("the vendor")
        unexplained = (
            language.line("{account} does not explain this code; its support can, with the request id.", account=whom)
            if refused.request_id
            else language.line("{account} does not explain this code; its support can.", account=whom)
        )
        blocks.append(Text(unexplained))
    if refused.request_id:
        code = language.line(
            "Code `{code}`, request id `{request_id}`.", code=Exact(refused.code), request_id=Exact(refused.request_id)
        )
    else:
        code = language.line("Code `{code}`.", code=Exact(refused.code))
    blocks.append(Text(code))
    return tuple(blocks)


def out_of_reach(language: Language, account: str, code: str) -> str:
    """That a vendor said nothing of its own, but could not be reached or was broken; empty where it did say something.

    Args:
        account: may be empty.
        code: of the `VendorError`.
    """
    whom = account or language.text("the vendor")
    match code:
        case NoAnswer.UNREACHED:
            return language.text("There is no connection to {account} right now.", account=whom)
        case NoAnswer.TIMEOUT:
            return language.text("{account} did not answer in time.", account=whom)
        case NoAnswer.RESET:
            return language.text("The connection broke before {account} had answered.", account=whom)
        case NoAnswer.GARBAGE:
            return language.text("{account} answered with something that cannot be read.", account=whom)
        case _ if code.startswith("HTTP 5") and not elsewhere(code):
            return language.text("{account} has a fault of its own right now ({code}).", account=whom, code=code)
        case "HTTP 413":
            return language.text(
                "{account} takes nothing of this size ({code}): choose smaller papers.", account=whom, code=code
            )
        case _ if elsewhere(code):
            return language.text(
                "What answered with {code} is not {account}: the operator looks at the address in the configuration, and at "
                "what stands in between.",
                account=whom,
                code=code,
            )
        case _ if code.startswith("HTTP "):
            return language.text("{account} answered with {code} and gave no reason.", account=whom, code=code)
        case _:
            return ""


def elsewhere(code: str) -> bool:
    """Whether a status without a word of the vendor's own is not the vendor's: a redirection, a login, a proxy's, no such page."""
    return code.startswith("HTTP 3") or code in ("HTTP 401", "HTTP 404", "HTTP 405", "HTTP 407", "HTTP 511")


def lost(language: Language, account: str, code: str) -> Line:
    """Why nobody knows what became of a call: a sentence that names the true cause and no other.

    Args:
        language: the reader's.
        account: whose vendor was called.
        code: what the call ended with, a `NoAnswer`, an HTTP status or the vendor's own; empty where the record does
            not say (it was lost under an earlier version).
    """
    match code:
        case NoAnswer.TIMEOUT:
            return language.line("I sent it, and {account} did not answer in time.", account=account)
        case NoAnswer.RESET | NoAnswer.UNREACHED:
            return language.line("I sent it, and the connection broke before {account} had answered.", account=account)
        case NoAnswer.GARBAGE:
            return language.line(
                "I sent it, and {account} answered with something that cannot be read.", account=account
            )
        case NoAnswer.RESTART:
            return language.line("I was restarted while I was sending it, before an answer came.")
        case NoAnswer.OWN_FAULT:
            return language.line("I had a fault of my own while I was sending it; the operator finds it in the log.")
        case "":
            return language.line("I sent it, and no answer came that says what became of it.")
        case _ if elsewhere(code):
            return language.line(
                "I sent it, and what answered with `{code}` is not {account}: the operator looks at the address in the "
                "configuration, and at what stands in between.",
                account=account,
                code=code,
            )
        case _:
            return language.line(
                "I sent it, and {account} answered with a fault: `{code}`.", account=account, code=code
            )


def in_short(language: Language, account: str, error: VendorError) -> str:
    """Why a vendor did not answer, to stand within a sentence."""
    said = out_of_reach(language, account, error.code) or (language.pick(error.advice) if error.advice else str(error))
    return said.rstrip("。.")
