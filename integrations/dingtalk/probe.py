"""What `signpost doctor` asks of DingTalk. Nothing is posted and nothing changes; two of the month's calls are used."""

from collections.abc import Awaitable, Sequence

from bot.contracts.errors import DeliveryError
from integrations.dingtalk.cards import Cards
from integrations.dingtalk.errors import Refused
from integrations.dingtalk.openapi import OpenApi
from integrations.dingtalk.stream import Stream, StreamRefused


async def probe(
    api: OpenApi, stream: Stream, cards: Cards | None, conversations: Sequence[str]
) -> tuple[list[str], list[str]]:
    """Ask for a token, a connection that is not used, and what is refused only for want of a permission.

    Args:
        api: to call with.
        stream: to ask for a connection with.
        cards: none where there is no template.
        conversations: the groups of the configuration.

    Returns:
        What is well and what is not, in words for the operator, one line each.
    """
    well: list[str] = []
    wrong = [
        f"{one} is no openConversationId, which begins with cid: mention the robot in the group, its refusal names the id"
        for one in conversations
        if not one.startswith("cid")
    ]
    try:
        await api.tokens.get()
    except DeliveryError as error:
        return well, [*wrong, str(error)]  # nothing else can be asked
    try:
        await stream.ticket()
        well.append("access token and stream connection given")
    except StreamRefused as error:
        wrong.append(str(error))
    for asked in (_robot(api), *([cards.probe()] if cards is not None else [])):
        await _noted(asked, well, wrong)
    return well, wrong


async def _noted(asked: Awaitable[str], well: list[str], wrong: list[str]) -> None:
    try:
        well.append(await asked)
    except DeliveryError as error:
        wrong.append(str(error))


async def _robot(api: OpenApi) -> str:
    """Ask for a file that does not exist: refused for that, the robot's permission is there."""
    try:
        body = {"downloadCode": "none", "robotCode": api.robot}
        await api.call("/v1.0/robot/messageFiles/download", body, says=("downloadUrl",))
    except Refused as error:
        if error.code.startswith("Forbidden.") or "robotcode" in error.code.lower():
            raise
    return "the robot may send messages and fetch files"
