"""What people of the team do: they type, press, fill in, and the app is told of it."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from tests.emulators.slack.forms import buttons, filled_in, pressed, says
from tests.emulators.slack.socket import Socket
from tests.emulators.slack.team import BOT_USER, TEAM, Channel, Delivery, Team


class People(Team):
    """A team whose people do something."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self._socket = Socket(self)

    async def slash(self, text: str, user: str = "U0ALICE", channel: str = "C0SMS", *, team: str = "") -> Delivery:
        """Type a slash command, in the workspace or in another one of the organisation (`team`)."""
        return await self._socket.send(
            "slash_commands",
            {
                "command": "/sms",
                "text": text,
                "user_id": user,
                "user_name": self.users[user]["name"],
                "team_id": team or TEAM,
                "team_domain": "home",
                "channel_id": channel,
                "channel_name": self.channels[channel].name if channel in self.channels else "unknown",
                "response_url": self._response_url(channel, user),
                "trigger_id": self._trigger(),
                "api_app_id": "A0APP",
                "is_enterprise_install": "false",
                "token": "deprecated",
            },
            responds=True,
        )

    async def mention(
        self,
        text: str,
        user: str = "U0ALICE",
        channel: str = "C0SMS",
        *,
        thread: str = "",
        team: str = "",
        files: tuple[str, ...] = (),
        blocks: Sequence[Mapping[str, Any]] = (),
    ) -> Delivery:
        """Write a message that mentions the app; with blocks, as Slack's own editor sends it."""
        ts = self.ts()
        message: dict[str, Any] = {"type": "message", "user": user, "text": f"<@{BOT_USER}> {text}", "ts": ts}
        if blocks:
            message["blocks"] = list(blocks)
        if thread:
            message["thread_ts"] = thread
        self.channels[channel].messages.append(dict(message))
        event = {**message, "type": "app_mention", "channel": channel, "team": team or self.users[user]["team_id"]}
        return await self._socket.event(self._with_files(event, files), shared=self.channels[channel].shared)

    async def change(self, ts: str, text: str, channel: str = "C0SMS", *, after: float = 5.0) -> Delivery:
        """Change a message of one's own; in a channel the app hears of it where it is mentioned."""
        message = next(one for one in self.channels[channel].messages if one["ts"] == ts)
        before, private = dict(message), channel.startswith("D")
        message["text"] = text if private else f"<@{BOT_USER}> {text}"
        message["edited"] = {"user": message["user"], "ts": f"{float(ts) + after:.6f}"}
        team = self.users[message["user"]]["team_id"]
        if not private:
            return await self._socket.event({**message, "type": "app_mention", "channel": channel, "team": team})
        changed = {"message": {**message, "team": team}, "previous_message": before, "hidden": True, "ts": self.ts()}
        return await self._socket.event(
            {"type": "message", "subtype": "message_changed", "channel": channel, "channel_type": "im", **changed}
        )

    async def dm(
        self, text: str, user: str = "U0ALICE", channel: str = "D0ALICE", *, files: tuple[str, ...] = ()
    ) -> Delivery:
        """Write to the app in private."""
        ts = self.ts()
        message = {"type": "message", "user": user, "text": text, "ts": ts}
        self.channels[channel].messages.append(dict(message))
        event = {**message, "channel": channel, "channel_type": "im", "team": self.users[user]["team_id"]}
        return await self._socket.event(self._with_files(event, files))

    def write(
        self,
        text: str,
        user: str = "U0ALICE",
        channel: str = "C0SMS",
        *,
        thread: str = "",
        files: tuple[str, ...] = (),
        blocks: Sequence[Mapping[str, Any]] = (),
    ) -> dict[str, Any]:
        """A message that somebody writes and that the app is not told of; escaped as Slack does it."""
        escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        message: dict[str, Any] = {"type": "message", "user": user, "text": escaped, "ts": self.ts()}
        if blocks:
            message["blocks"] = list(blocks)
        if thread:
            message["thread_ts"] = thread
        self.channels[channel].messages.append(message)
        return self._with_files(message, files)

    async def press(
        self,
        label: str,
        message: Mapping[str, Any] | None = None,
        *,
        user: str = "U0ALICE",
        channel: str = "C0SMS",
        team: str = "",
        option: str = "",
    ) -> Delivery:
        """Press the button of this label, on a message or on the last one that has it; or choose from such a menu."""
        for candidate in [message] if message else reversed(self.said(channel)):
            button = next((one for one in buttons(candidate) if says(one) == label), None)
            if candidate is not None and button is not None:
                break
        else:
            raise AssertionError(f"no button {label}: {self.transcript()}")
        assert candidate.get("only", user) == user, f"{user} does not see it"
        container: dict[str, Any] = {"type": "message", "message_ts": candidate["ts"], "channel_id": channel}
        container["is_ephemeral"] = "only" in candidate
        if "thread_ts" in candidate:
            container["thread_ts"] = candidate["thread_ts"]
        return await self._socket.send(
            "interactive",
            {
                "type": "block_actions",
                "team": {"id": TEAM, "domain": "home"},
                "user": {"id": user, "username": self.users[user]["name"], "team_id": team or TEAM},
                "api_app_id": "A0APP",
                "container": container,
                "channel": {"id": channel, "name": self.channels[channel].name},
                **({} if "only" in candidate else {"message": dict(candidate)}),
                "response_url": self._response_url(channel, user, candidate),
                "trigger_id": self._trigger(),
                "actions": [{**pressed(button, option), "action_ts": self.ts()}],
            },
        )

    async def shortcut(
        self,
        message: Mapping[str, Any],
        callback_id: str = "check_template",
        *,
        user: str = "U0ALICE",
        channel: str = "C0SMS",
        team: str = "",
    ) -> Delivery:
        """Choose a shortcut in the menu of a message."""
        return await self._socket.send(
            "interactive",
            {
                "type": "message_action",
                "token": "deprecated",
                "action_ts": self.ts(),
                "team": {"id": TEAM, "domain": "home"},
                "user": {"id": user, "username": self.users[user]["name"], "team_id": team or TEAM},
                "channel": {"id": channel, "name": self.channels[channel].name},
                "is_enterprise_install": False,
                "enterprise": None,
                "callback_id": callback_id,
                "trigger_id": self._trigger(),
                "response_url": self._response_url(channel, user),
                "message_ts": message["ts"],
                "message": dict(message),
            },
        )

    async def open_home(self, user: str = "U0ALICE", *, tab: str = "home", told: bool = True) -> Delivery:
        """Look at a tab of the app; `told` is whether Slack says which 1:1 conversation it belongs to."""
        event = {"type": "app_home_opened", "user": user, "tab": tab}
        if told:
            event["channel"] = self.direct(user).id
        if user in self.homes:
            event["view"] = self.homes[user]
        return await self._socket.event(event)

    async def press_home(self, label: str, user: str = "U0ALICE", *, option: str = "") -> Delivery:
        """Press a button of somebody's home tab, or choose from such a menu."""
        view = self.homes[user]
        button = next((one for one in buttons(view) if says(one) == label), None)
        assert button is not None, f"no button {label}: {json.dumps(view, ensure_ascii=False)}"
        return await self._socket.send(
            "interactive",
            {
                "type": "block_actions",
                "team": {"id": TEAM, "domain": "home"},
                "user": {"id": user, "username": self.users[user]["name"], "team_id": TEAM},
                "api_app_id": "A0APP",
                "container": {"type": "view", "view_id": view["id"]},
                "view": view,
                "trigger_id": self._trigger(),
                "actions": [{**pressed(button, option), "action_ts": self.ts()}],
            },
        )

    async def submit_view(
        self,
        view_id: str,
        values: Mapping[str, Any],
        *,
        user: str = "U0ALICE",
        files: Mapping[str, tuple[str, ...]] | None = None,
    ) -> Delivery:
        """Fill in a modal (block id → text, option value, or flags) and submit it."""
        view = self.views[view_id]
        view["state"] = {"values": filled_in(self, view, values, files or {}, must=True)}
        return await self._socket.send(
            "interactive",
            {
                "type": "view_submission",
                "team": {"id": TEAM, "domain": "home"},
                "user": {"id": user, "username": self.users[user]["name"], "team_id": TEAM},
                "api_app_id": "A0APP",
                "trigger_id": self._trigger(),
                "view": view,
                "response_urls": [],
            },
            responds=True,
        )

    async def choose(self, view_id: str, block_id: str, value: str, *, user: str = "U0ALICE") -> Delivery:
        """Choose an option of a modal that tells the app at once."""
        view = self.views[view_id]
        block = next(block for block in view["blocks"] if block.get("block_id") == block_id)
        assert block.get("dispatch_action"), f"{block_id} tells nobody"
        view["state"] = {"values": filled_in(self, view, {block_id: value}, {})}
        chosen = view["state"]["values"][block_id][block["element"]["action_id"]]
        return await self._socket.send(
            "interactive",
            {
                "type": "block_actions",
                "team": {"id": TEAM, "domain": "home"},
                "user": {"id": user, "username": self.users[user]["name"], "team_id": TEAM},
                "api_app_id": "A0APP",
                "container": {"type": "view", "view_id": view_id},
                "view": view,
                "trigger_id": self._trigger(),
                "actions": [
                    {
                        **chosen,
                        "block_id": block_id,
                        "action_id": block["element"]["action_id"],
                        "action_ts": self.ts(),
                    }
                ],
            },
        )

    async def press_in_view(self, view_id: str, label: str, *, user: str = "U0ALICE") -> Delivery:
        """Press a button of a modal; what was filled in goes along."""
        view = self.views[view_id]
        button = next(one for one in buttons(view) if one["text"]["text"] == label)
        return await self._socket.send(
            "interactive",
            {
                "type": "block_actions",
                "team": {"id": TEAM, "domain": "home"},
                "user": {"id": user, "username": self.users[user]["name"], "team_id": TEAM},
                "api_app_id": "A0APP",
                "container": {"type": "view", "view_id": view_id},
                "view": view,
                "trigger_id": self._trigger(),
                "actions": [{**pressed(button), "action_ts": self.ts()}],
            },
        )

    def fill_in(
        self, view_id: str, values: Mapping[str, Any], *, files: Mapping[str, tuple[str, ...]] | None = None
    ) -> None:
        """Fill in a modal without submitting it."""
        view = self.views[view_id]
        view["state"] = {"values": filled_in(self, view, values, files or {})}

    async def close_view(self, view_id: str, *, user: str = "U0ALICE") -> Delivery | None:
        """Close a modal; the app hears of it where it asked to, without what was filled in last."""
        view = {key: value for key, value in self.views.pop(view_id).items() if key != "state"}
        if not view.get("notify_on_close"):
            return None
        return await self._socket.send(
            "interactive",
            {
                "type": "view_closed",
                "team": {"id": TEAM, "domain": "home"},
                "user": {"id": user, "username": self.users[user]["name"], "team_id": TEAM},
                "api_app_id": "A0APP",
                "view": view,
                "is_cleared": False,
            },
        )

    async def invite(self, channel: str, by: str = "U0ALICE", *, who: str = BOT_USER) -> Delivery:
        """Take somebody into a channel, the app if nobody else is named."""
        self.channels.setdefault(channel, Channel(channel)).member = True
        event = {
            "type": "member_joined_channel",
            "user": who,
            "channel": channel,
            "channel_type": "C",
            "team": TEAM,
            "inviter": by,
        }
        return await self._socket.event({one: value for one, value in event.items() if value})

    async def members_changed(self, group: str, users: Sequence[str] | None) -> Delivery:
        """Somebody changes who is in a user group, or does away with it."""
        self.groups.pop(group, None)
        if users is not None:
            self.groups[group] = list(users)
        event = {"type": "subteam_members_changed", "subteam_id": group, "team_id": TEAM, "ts": self.ts()}
        return await self._socket.event(event)

    async def redeliver(self, delivery: Delivery) -> Delivery:
        """Send the same payload again under a new envelope, as a retry does."""
        envelope = delivery.envelope
        return await self._socket.send(
            envelope["type"], envelope["payload"], responds=envelope["accepts_response_payload"], retry=True
        )

    async def acked(self, delivery: Delivery) -> dict[str, Any]:
        """Wait for the acknowledgement of a delivery, and return its payload."""
        await self.until(lambda: delivery.acked_after is not None)
        assert delivery.acked, "too late"
        return delivery.ack or {}

    def _with_files(self, event: dict[str, Any], files: tuple[str, ...]) -> dict[str, Any]:
        if not files:
            return event
        return {**event, "subtype": "file_share", "files": [self.told_of(self.files[one]) for one in files]}

    def _trigger(self) -> str:
        trigger = f"trigger.{next(self.numbers)}"
        self.triggers[trigger] = self.pulse.now()
        return trigger

    def _response_url(self, channel: str, user: str, pressed: Mapping[str, Any] | None = None) -> str:
        identity = f"response-{next(self.numbers)}"
        self.responses[identity] = []
        self.asked[identity] = (channel, user, pressed if isinstance(pressed, dict) else {})
        return f"{self.url}/respond/{identity}"
