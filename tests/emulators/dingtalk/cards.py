"""Cards: made, shown and changed through the OpenAPI."""

from collections.abc import Mapping
from typing import Any

from aiohttp import web

from tests.emulators.dingtalk.refusal import refused
from tests.emulators.dingtalk.team import Card, Shown, Team

VALUE_BYTES = 1024
KEY_BYTES = 100


class Cards:
    """The calls about cards."""

    def __init__(self, team: Team) -> None:
        self._team = team

    async def create(self, request: web.Request) -> web.Response:
        """Make a card, and show it in each of its spaces."""
        body = await request.json()
        track = body.get("outTrackId")
        if not track:
            raise refused(400, "param.outTrackIdEmpty")
        if track in self._team.cards:
            raise refused(400, "param.cardAlreadyExist")
        if body.get("cardTemplateId") in self._team.drafts:
            raise refused(400, "param.templateUnpublished")
        if body.get("cardTemplateId") not in self._team.templates:
            raise refused(400, "param.templateNotExist")
        if body.get("callbackType") != "STREAM" or body.get("userIdType", 1) != 1:
            raise refused(400, "param.invalid")
        spaces = tuple(str(body.get("openSpaceId", "")).split(";"))
        if not spaces[0]:
            raise refused(400, "param.openSpaceIdEmpty")
        values = body.get("cardData", {}).get("cardParamMap", {})
        if not values:
            raise refused(400, "param.cardPublicDataEmpty")
        check_values(values)
        results = [await self._deliver(body, space, values) for space in spaces]
        if any(result["success"] for result in results):
            mentions = tuple(body.get("imGroupOpenDeliverModel", {}).get("atUserIds", {}))
            self._team.cards[track] = Card(track, body["cardTemplateId"], spaces, dict(values), mentions)
            await self._team.notify()
        return web.json_response({"success": True, "result": {"outTrackId": track, "deliverResults": results}})

    async def _deliver(self, body: Mapping[str, Any], space: str, values: Mapping[str, str]) -> dict[str, Any]:
        kind, _, target = space.removeprefix("dtv1.card//").partition(".")
        name, known = {
            "IM_GROUP": ("imGroup", self._team.groups),
            "IM_ROBOT": ("imRobot", self._team.people),
        }.get(kind, ("", {}))
        if not name or not space.startswith("dtv1.card//"):
            raise refused(400, "param.openSpaceIdInvalid")
        looks, model = body.get(f"{name}OpenSpaceModel"), body.get(f"{name}OpenDeliverModel")
        if not isinstance(looks, dict) or not isinstance(looks.get("lastMessageI18n"), dict):
            raise refused(400, "param.openSpaceModelInvalid")
        if not isinstance(model, dict):
            raise refused(400, "param.openDeliverModelEmpty")
        if model.get("robotCode") != self._team.client_id or (kind == "IM_ROBOT" and model.get("spaceType") != kind):
            raise refused(400, "param.openDeliverModelError")
        mentioned = model.get("atUserIds", {})
        if not isinstance(mentioned, dict) or any(user not in self._team.people for user in mentioned):
            raise refused(400, "param.userIdNotExist")
        good = target in known and self._team.counted(target)
        if good:
            title = next(iter(looks["lastMessageI18n"].values()))
            self._team.shown.append(
                Shown("card", target, title, values.get("body", ""), tuple(mentioned), self._team.now())
            )
        return {
            "spaceType": kind,
            "spaceId": target,
            "success": good,
            "carrierId": "emulated" if good else "",
            "errorMsg": "" if good else "the robot is not in this conversation",
        }

    async def update(self, request: web.Request) -> web.Response:
        """Change what stands on a card."""
        body = await request.json()
        track = body.get("outTrackId", "")
        card = self._team.cards.get(track)
        if card is None:
            raise refused(400, "param.cardNotExist")
        values = body.get("cardData", {}).get("cardParamMap", {})
        check_values(values)
        if track in self._team.pressed:
            self._team.complaints.append("a card was changed before the press on it was answered")
        if not body.get("cardUpdateOptions", {}).get("updateCardDataByKey"):
            card.values.clear()
        card.values.update(values)
        card.updates += 1
        await self._team.notify()
        return web.json_response({"success": True, "result": True})


def check_values(values: Any) -> None:
    """Refuse values that no card takes."""
    if not isinstance(values, dict) or not values.keys() <= {"id", "title", "body", "state"}:
        raise refused(400, "param.cardPublicDataEmpty")
    for key, value in values.items():
        if not isinstance(value, str) or len(key.encode()) > KEY_BYTES or len(value.encode()) > VALUE_BYTES:
            raise refused(400, "param.invalid")
