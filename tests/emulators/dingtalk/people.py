"""What people of the organisation do: they write and press, and the robot is told of it."""

import json
from collections.abc import Mapping
from typing import Any

from tests.emulators.dingtalk.cards import check_values
from tests.emulators.dingtalk.stream import Stream
from tests.emulators.dingtalk.team import Team

CHAT_TOPIC = "/v1.0/im/bot/messages/get"
CARD_TOPIC = "/v1.0/card/instances/callback"
WEBHOOK_SECONDS = 5400
ANSWER_SECONDS = 2.0  # the client shows a failure where a press is not answered by then


class People(Team):
    """An organisation whose people do something."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self._stream = Stream(self)

    async def say(
        self,
        text: str,
        user: str = "manager4567",
        group: str | None = "cidGroupOne==",
        *,
        corp: str | None = None,
        quoting: Mapping[str, Any] | None = None,
    ) -> str:
        """Somebody writes to the robot, in a group (mentioning it) or one to one; returns the msgId."""
        body: dict[str, Any] = {"content": f" {text}"}  # the mention is gone, its space is left
        if quoting is not None:
            body |= {"isReplyMsg": True, "repliedMsg": dict(quoting)}
        return await self._push("text", {"text": body}, user, group, corp)

    async def say_rich(
        self, text: str, picture: bytes, user: str = "manager4567", group: str | None = "cidGroupOne=="
    ) -> str:
        """Somebody writes text with a picture in the same message."""
        code = self.picture(picture)
        parts: list[dict[str, Any]] = [{"text": text}] if text else []
        parts.append({"type": "picture", "downloadCode": code, "pictureDownloadCode": f"p{code}"})
        return await self._push("richText", {"content": {"richText": parts}}, user, group, None)

    async def say_parts(
        self, *parts: str | Mapping[str, Any], user: str = "manager4567", group: str | None = "cidGroupOne=="
    ) -> str:
        """Somebody writes a rich text of exactly these parts, as their client makes them; a text is one too."""
        content = {"richText": [{"text": part} if isinstance(part, str) else dict(part) for part in parts]}
        return await self._push("richText", {"content": content}, user, group, None)

    async def say_raw(
        self, kind: str, user: str = "manager4567", group: str | None = "cidGroupOne==", **body: Any
    ) -> str:
        """Somebody sends a message of any kind, with this body and no blank that another client would leave."""
        return await self._push(kind, body, user, group, None)

    async def say_picture(self, picture: bytes, user: str = "manager4567") -> str:
        """Somebody sends a bare picture, one to one."""
        content = {"downloadCode": self.picture(picture), "pictureDownloadCode": "unused"}
        return await self._push("picture", {"content": content}, user, None, None)

    async def say_file(self, content: bytes, name: str, user: str = "manager4567") -> str:
        """Somebody sends a file, one to one; in groups files never reach a robot."""
        body = {"downloadCode": self.picture(content), "fileName": name, "fileId": "1", "spaceId": "2"}
        return await self._push("file", {"content": body}, user, None, None)

    async def press(
        self,
        track: str,
        params: Mapping[str, str],
        user: str = "manager4567",
        *,
        corp: str | None = None,
        message_id: str = "",
        **changed: Any,
    ) -> dict[str, Any]:
        """Somebody presses a card's button; returns what the answer puts on the card.

        Args:
            track: the card.
            params: as its template defines them for the button.
            user: who presses.
            corp: the presser's corporation, ours when left out.
            message_id: of the frame: the same one again is a redelivery.
            changed: fields of the data that are otherwise than usual.
        """
        content = json.dumps({"cardPrivateData": {"actionIds": ["generated"], "params": dict(params)}})
        target = self.cards[track].spaces[0].rsplit(".", 1)[-1]
        data = {
            "type": "actionCallback",
            "outTrackId": track,
            "userId": user,
            "userIdType": 1,
            "corpId": self.corp if corp is None else corp,
            "spaceType": "IM",
            "spaceId": target if target in self.groups else f"cidPrivate{target}==",
            "content": content,
            "value": content,
            "extension": "{}",
            **changed,
        }
        frame = self._stream.frame(CARD_TOPIC, data)
        if message_id:
            frame["headers"]["messageId"] = message_id
            self.frames[message_id] = frame
        before, began = len(self.acks), self.pulse.now()
        self.pressed.add(track)
        try:
            await self._stream.deliver(frame)
            ack = await self.acked(frame["headers"]["messageId"], since=before)
        finally:
            self.pressed.discard(track)
        if self.pulse.now() - began > ANSWER_SECONDS:
            self.complaints.append(f"a press was answered after {self.pulse.now() - began:.1f} s")
        response = json.loads(ack["data"])["response"]
        new = response.get("cardData", {}).get("cardParamMap", {})
        check_values(new)
        if new and not response.get("cardUpdateOptions", {}).get("updateCardDataByKey"):
            self.cards[track].values.clear()
        self.cards[track].values.update(new)
        private = response.get("userPrivateData", {}).get("cardParamMap", {})
        self.cards[track].private.setdefault(user, {}).update(private)
        return dict(response)

    async def redeliver(self, msg_id: str, *, same_frame: bool = False) -> str:
        """Push a chat message again, as DingTalk does after a lost acknowledgement; returns the frame's messageId."""
        data = next(json.loads(one["data"]) for one in self.frames.values() if f'"{msg_id}"' in one["data"])
        frame = self._stream.frame(CHAT_TOPIC, data)
        if same_frame:
            old = next(one for one in self.frames.values() if f'"{msg_id}"' in one["data"])
            frame["headers"]["messageId"] = old["headers"]["messageId"]
        await self._stream.deliver(frame)
        return str(frame["headers"]["messageId"])

    async def _push(self, kind: str, body: Mapping[str, Any], user: str, group: str | None, corp: str | None) -> str:
        msg_id = f"msg{next(self.numbers)}=="
        conversation = group or f"cidPrivate{user}=="
        session = f"session-{next(self.numbers)}-secret"
        end = self.now() + WEBHOOK_SECONDS
        self.sessions[session] = (group or user, end)
        self.secrets.add(session)
        outsider = corp is not None and corp != self.corp
        data: dict[str, Any] = {
            "conversationId": conversation,
            "conversationType": "2" if group else "1",
            "msgId": msg_id,
            "createAt": int(self.now() * 1000),
            "msgtype": kind,
            "senderNick": self.people.get(user, "路人"),
            "senderId": f"$:LWCP_v1:${user}",
            "isAdmin": False,
            "chatbotUserId": self.bot_id,
            "chatbotCorpId": self.corp,
            "robotCode": self.client_id,
            "sessionWebhook": f"{self.url}/robot/sendBySession?session={session}",
            "sessionWebhookExpiredTime": int(end * 1000),
            **body,
        }
        if group:
            data |= {
                "conversationTitle": self.groups.get(group, "未知"),
                "isInAtList": True,
                "atUsers": [{"dingtalkId": self.bot_id}],
            }
        if not outsider:
            data |= {"senderStaffId": user, "senderCorpId": self.corp}
        elif corp:
            data |= {"senderCorpId": corp}
        await self._stream.deliver(self._stream.frame(CHAT_TOPIC, data))
        return msg_id
