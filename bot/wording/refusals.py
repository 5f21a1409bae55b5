"""A vendor's refusal in the reader's words."""

from bot.contracts.errors import VendorError
from bot.contracts.message import Block, Quote, Text
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
    else:
        blocks.append(
            Text(
                language.line(
                    "{account} does not explain this code; its support can, with the request id.", account=account
                )
            )
        )
    if refused.request_id:
        code = language.line(
            "Code `{code}`, request id `{request_id}`.", code=refused.code, request_id=refused.request_id
        )
    else:
        code = language.line("Code `{code}`.", code=refused.code)
    blocks.append(Text(code))
    return tuple(blocks)


def out_of_reach(language: Language, account: str, code: str) -> str:
    """That a vendor said nothing of its own, but could not be reached or was broken; empty where it did say something.

    Args:
        account: may be empty.
        code: of the `VendorError`.
    """
    whom = account or language.text("the vendor")
    if code == "connection":
        return language.text("There is no connection to {account} right now.", account=whom)
    if code.startswith("HTTP "):
        return language.text("{account} has a fault of its own right now ({code}).", account=whom, code=code)
    return ""


def in_short(language: Language, account: str, error: VendorError) -> str:
    """Why a vendor did not answer, to stand within a sentence."""
    said = out_of_reach(language, account, error.code) or (language.pick(error.advice) if error.advice else str(error))
    return said.rstrip("。.")
