"""What `signpost doctor` asks of DingTalk. Nothing is posted and nothing changes; each question is one of the month's calls."""

from collections.abc import Sequence

from bot.contracts.errors import DeliveryError
from bot.contracts.model import Words
from bot.contracts.probe import Finding, note, well, wrong
from integrations.dingtalk.cards import Cards
from integrations.dingtalk.errors import Refused
from integrations.dingtalk.openapi import OpenApi
from integrations.dingtalk.stream import Stream, StreamRefused

NO_SUCH_MESSAGE = "processquerykey"
"""In the code with which a question about a message nobody sent is refused in a group that the robot is in. The error table of
`groupMessages/query` has it so; whether the group is always looked at first is not confirmed."""

NOT_IN_GROUP = ("openconversationid", "invalidparameter.invalid")
"""In the code where it is not in the group, by the same table; any other refusal says nothing about the group."""

NO_SUCH_PERSON = "60121"
"""The older API's code of a user id that the organisation does not have. (Not confirmed.)"""

NO_RIGHT = "60011"
"""Its code where the app may not look people up. (Not confirmed.)"""

_NOT_THERE = Words(
    "the robot is not in this group, or there is none: 群设置 → 机器人 → 添加机器人; its answer to a mention names the right id",
    "机器人不在此群，或没有此群：群设置 → 机器人 → 添加机器人；在群里 @它，答复里有正确的 id",
)

_NO_FORM = Words(
    "is no openConversationId, which begins with cid: mention the robot in the group, its refusal names the id",
    "不是 openConversationId（以 cid 开头）：在群里 @机器人，答复里有 id",
)

_NOBODY = Words(
    "the organisation has nobody with this user id: have the person write to the robot, its refusal names the id",
    "组织里没有此 userId：请本人给机器人发消息，答复里有 id",
)


async def app_probe(api: OpenApi, stream: Stream, cards: Cards | None) -> tuple[list[Finding], bool]:
    """Ask about the app itself: a token, a connection that is not used, and what is refused only for want of a permission.

    Args:
        api: to call with.
        stream: to ask for a connection with.
        cards: none where there is no template.

    Returns:
        What was found; and whether anything else can be asked.
    """
    try:
        await api.tokens.get()
    except DeliveryError as error:
        return [wrong(error.words, "client_secret")], False
    found = [well("the credentials are taken", "凭据有效")]
    try:
        await stream.ticket()
        found.append(well("a stream connection is offered", "可以建立 Stream 连接"))
    except StreamRefused as error:
        found.append(wrong(error.words))
    found.append(await _robot(api))
    if cards is not None:
        try:
            await cards.probe()
            found.append(
                well(
                    "cards may be written; whether card_template_id is published shows with the first card",
                    "可以写卡片；card_template_id 是否已发布，要到第一张卡片才知道",
                )
            )
        except DeliveryError as error:
            found.append(wrong(error.words))
    return found, True


async def group_probe(api: OpenApi, group: str) -> Finding:
    """Ask whether the robot is in a group: about a message that nobody sent."""
    if not group.startswith("cid"):
        return wrong(Words(f"{group} {_NO_FORM.en}", f"{group} {_NO_FORM.zh}"), group)
    body = {"robotCode": api.robot, "openConversationId": group, "processQueryKey": "none", "maxResults": 1}
    try:
        await api.call("/v1.0/robot/groupMessages/query", body, says=("sendStatus", "readUserIds", "hasMore"))
    except Refused as error:
        code = error.code.lower()
        if NO_SUCH_MESSAGE in code:
            return _in_group(group)
        if any(one in code for one in NOT_IN_GROUP):
            return wrong(_named(group, _NOT_THERE), group)
        return _unasked(group, error)
    except DeliveryError as error:
        return _unasked(group, error)
    return _in_group(group)


async def person_probe(api: OpenApi, user: str) -> Finding:
    """Ask whether the organisation has a person; needs a permission that nothing else needs."""
    try:
        told = await api.old_call("/topapi/v2/user/get", {"userid": user}, says=("result",))
    except Refused as error:
        if error.code == NO_SUCH_PERSON:
            return wrong(_named(user, _NOBODY), user)
        if error.code == NO_RIGHT:
            return note(
                f"{user}: cannot be looked up without the permission 成员信息读权限 (qyapi_get_member), which nothing else needs",
                f"{user}：没有 成员信息读权限（qyapi_get_member，仅此处用到），无法查询",
                user,
            )
        return _unasked(user, error)
    except DeliveryError as error:
        return _unasked(user, error)
    result = told["result"]
    name = str(result.get("name") or "") if isinstance(result, dict) else ""
    return well(f"{user}: DingTalk knows this person as {name}", f"{user}：钉钉中是 {name}", user)


async def probe(
    api: OpenApi, stream: Stream, cards: Cards | None, conversations: Sequence[str], people: Sequence[str]
) -> list[Finding]:
    """Ask DingTalk whether it would serve us.

    Args:
        api: to call with.
        stream: to ask for a connection with.
        cards: none where there is no template.
        conversations: the groups of the configuration.
        people: the user ids of the configuration.
    """
    found, on = await app_probe(api, stream, cards)
    if not on:
        return found
    found += [await group_probe(api, one) for one in conversations]
    return [*found, *[await person_probe(api, one) for one in people]]


async def _robot(api: OpenApi) -> Finding:
    """Ask for a file that does not exist: refused for that, the robot's permission is there."""
    try:
        body = {"downloadCode": "none", "robotCode": api.robot}
        await api.call("/v1.0/robot/messageFiles/download", body, says=("downloadUrl",))
    except Refused as error:
        if error.code.startswith("Forbidden.") or "robotcode" in error.code.lower():
            return wrong(error.words)
    except DeliveryError as error:
        return wrong(error.words)
    return well("the robot may send messages and fetch files", "机器人可以发消息、取文件")


def _in_group(group: str) -> Finding:
    return well(f"{group}: the robot is in this group", f"{group}：机器人在群里", group)


def _unasked(about: str, error: DeliveryError) -> Finding:
    return note(f"{about}: could not be looked up: {error.words.en}", f"{about}：无法查询：{error.words.zh}", about)


def _named(about: str, words: Words) -> Words:
    return Words(f"{about}: {words.en}", f"{about}：{words.zh}")
