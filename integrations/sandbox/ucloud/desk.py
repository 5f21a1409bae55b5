"""UCloud's server: everything on `/`, the action a parameter, HTTP 200 for refusals too (facts 1.1, 1.5)."""

import json
from collections.abc import Callable, Mapping
from urllib.parse import parse_qsl

from aiohttp import web

from integrations.sandbox.faults import Trouble
from integrations.sandbox.front import Answer, Arrival, door
from integrations.sandbox.settings import Credential, Vendor
from integrations.sandbox.ucloud import auth, messages, qualifications, signatures, statistics, templates
from integrations.sandbox.ucloud.params import Params
from integrations.sandbox.ucloud.project import Project
from integrations.sandbox.ucloud.refusal import MISSING, RefusalError
from integrations.sandbox.world import World

LARGEST_BODY = 32 * 1024 * 1024
"""Two files of 4 MB, in base64, with every `+` and `/` escaped."""
THROTTLED = 153
TEXT_RET_CODES = frozenset({"QueryUSMSTemplate", "UpdateUSMSSignature", "GetUSMSSendStatistics"})
"""Facts 1.5: RetCode sometimes arrives as a text. Here it is always so for these actions, and never for others."""
WITHOUT_PROJECT = frozenset({"GetBalance", "QueryUSMSSignature"})
"""Facts 4.2 and 2.3; every other page marks ProjectId required (facts 1.1)."""

Run = Callable[[Project, Params], dict[str, object]]
ACTIONS: dict[str, Run] = {
    "CreateUSMSSignature": signatures.create,
    "UpdateUSMSSignature": signatures.update,
    "QueryUSMSSignature": signatures.query,
    "DeleteUSMSSignature": signatures.delete,
    "CreateUSMSTemplate": templates.create,
    "UpdateUSMSTemplate": templates.update,
    "QueryUSMSTemplate": templates.query,
    "DeleteUSMSTemplate": templates.delete,
    "GetUSMSSignatureQualification": qualifications.query_list,
    "QueryUSMSSignatureQualification": qualifications.query,
    "AddUSMSSignatureQualification": qualifications.add,
    "UpdateUSMSSignatureQualification": qualifications.update,
    "DeleteUSMSSignatureQualification": qualifications.delete,
    "UploadUSMSFile": qualifications.upload,
    "GetUSMSSendStatistics": statistics.sending,
    "GetUSMSTemplateSendStatistics": statistics.by_template,
    "GetBalance": statistics.balance,
    "SendUSMSMessage": messages.send,
    "GetUSMSSendReceipt": messages.receipts,
}


class UCloudDesk:
    """Verifies, dispatches and words UCloud's answers. No rate is published for any action (facts 1.1)."""

    vendor: Vendor = "ucloud"

    def __init__(self, world: World, project: Project, credentials: Mapping[str, Credential]) -> None:
        self._world = world
        self._project = project
        self._credentials = credentials

    def read(self, method: str, raw_path: str, headers: Mapping[str, str], body: bytes) -> Arrival:
        """Read the parameters of a query, a form or JSON."""
        kind = headers.get("Content-Type", "")
        params: dict[str, object] = {}
        if method == "GET":
            params.update(parse_qsl(raw_path.partition("?")[2], keep_blank_values=True))
        elif kind.startswith("application/json"):
            try:
                found = json.loads(body)
            except ValueError:
                found = None
            params = found if isinstance(found, dict) else {}
        else:
            params.update(parse_qsl(body.decode(errors="replace"), keep_blank_values=True))
        return Arrival(str(params.get("Action", "")), params, method, raw_path, headers, body)

    def answer(self, arrival: Arrival) -> Answer:
        """Do the call or refuse it."""
        try:
            fields = self._do(arrival)
        except RefusalError as refusal:
            return self._envelope(arrival.action, refusal.code, {"Message": refusal.text})
        return self._envelope(arrival.action, 0, fields)

    def refuse(self, code: str, text: str) -> Answer:
        """Refuse with a code."""
        return self._envelope("", int(code), {"Message": text})

    def throttled(self, trouble: Trouble) -> Answer:
        """Refuse as too fast."""
        return self._envelope("", THROTTLED, {"Message": trouble.text or "Request was throttled"})

    def _do(self, arrival: Arrival) -> dict[str, object]:
        if not arrival.action:
            raise RefusalError(160, "Missing Action")
        run = ACTIONS.get(arrival.action)
        if run is None:
            raise RefusalError(161, f"Action {arrival.action} not found")
        auth.verify(arrival.params, self._credentials)
        project_id = arrival.params.get("ProjectId")
        if not project_id and arrival.action not in WITHOUT_PROJECT:
            raise RefusalError(MISSING, "Missing params [ProjectId]")
        if project_id not in (None, "", self._world.seed.ucloud_project):
            raise RefusalError(292, f"Project {project_id} not exist")
        return run(self._project, Params(arrival.params))

    def _envelope(self, action: str, code: int, fields: dict[str, object]) -> Answer:
        ret_code: object = str(code) if action in TEXT_RET_CODES else code
        body = {"RetCode": ret_code, "Action": f"{action}Response", "Message": "", **fields}
        headers = {"X-UCLOUD-REQUEST-UUID": self._world.request_id()}
        return Answer("OK" if code == 0 else str(code), json.dumps(body, ensure_ascii=False).encode(), headers=headers)


def application(world: World, project: Project, credentials: Mapping[str, Credential]) -> web.Application:
    """Build UCloud's server."""
    app = web.Application(client_max_size=LARGEST_BODY)
    app.router.add_route("*", "/", door(world, UCloudDesk(world, project, credentials)))
    return app
