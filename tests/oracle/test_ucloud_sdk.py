"""UCloud's official SDK against the sandbox; it blocks, so every call runs in a thread."""

import asyncio
import base64
import json
import logging
from typing import Any

import aiohttp
import pytest
from ucloud.client import Client
from ucloud.core import exc

from integrations.sandbox import Credential, Fault, Sandbox
from integrations.sandbox.ucloud import auth

JPEG = b"\xff\xd8\xff\xe0" + bytes(64)
FILE = "image/jpeg;base64," + base64.b64encode(JPEG).decode()
SILENT = logging.getLogger("ucloud-oracle")
SILENT.addHandler(logging.NullHandler())
SILENT.propagate = False


class UCloud:
    """The SDK's client, awaited. Its retries stay off: it would repeat even Create (facts 1.6)."""

    def __init__(
        self, sandbox: Sandbox, credential: Credential | None = None, project: str | None = "org-sandbox"
    ) -> None:
        used = credential or sandbox.credentials("ucloud")
        config = {
            "project_id": project,
            "public_key": used.key_id,
            "private_key": used.secret,
            "base_url": sandbox.ucloud.url + "/",
            "max_retries": 0,
        }
        self._client = Client(config, logger=SILENT)

    async def usms(self, method: str, **params: Any) -> dict[str, Any]:
        return await asyncio.to_thread(getattr(self._client.usms(), method), params)

    async def balance(self) -> dict[str, Any]:
        return (await asyncio.to_thread(self._client.ubill().get_balance, {}))["AccountInfo"]

    async def create(self, content: str, **changed: Any) -> str:
        return (await self.usms("create_usms_signature", **signature(content, **changed)))["SigId"]

    async def status(self, sig_id: str) -> tuple[int, str]:
        data = (await self.usms("query_usms_signature", SigId=sig_id))["Data"]
        return data["Status"], data["ErrDesc"]

    async def template(self, template_id: str) -> dict[str, Any]:
        return (await self.usms("query_usms_template", TemplateId=template_id))["Data"]


@pytest.fixture
def ucloud(sandbox: Sandbox) -> UCloud:
    return UCloud(sandbox)


def signature(content: str, **changed: Any) -> dict[str, Any]:
    return {
        "SigContent": content,
        "SigType": 0,
        "SigPurpose": 0,
        "CertificateType": 0,
        "Description": "登录与订单通知",
        "File": FILE,
        "QualificationId": "8563",
    } | changed


def template(text: str = "您的验证码是{1}，5分钟内有效。", **changed: Any) -> dict[str, Any]:
    return {"Purpose": 1, "TemplateName": "登录验证码", "Template": text, "Remark": "登录"} | changed


async def refused(call: Any, code: int) -> exc.RetCodeException:
    with pytest.raises(exc.RetCodeException) as caught:
        await call
    assert caught.value.code == code
    assert caught.value.request_uuid
    return caught.value


# --- signatures


async def test_a_signature_passes_through_all_states(sandbox, ucloud, clock):
    sig_id = await ucloud.create("速达科技有限公司")
    assert sig_id.startswith("SIG20260304")
    assert await ucloud.status(sig_id) == (0, "")
    clock.pass_by(minutes=15)
    assert await ucloud.status(sig_id) == (1, "")
    await refused(ucloud.usms("delete_usms_signature", SigIds=[sig_id]), 18003)
    clock.pass_by(minutes=135)
    assert await ucloud.status(sig_id) == (2, "")
    found = (await ucloud.usms("query_usms_signature", SigContent="速达科技有限公司"))["Data"]
    assert found["SigId"] == sig_id
    sandbox.disable("ucloud", sig_id, "投诉过多，已停用")
    assert await ucloud.status(sig_id) == (4, "投诉过多，已停用")
    await ucloud.usms("delete_usms_signature", SigIds=[sig_id])
    await refused(ucloud.status(sig_id), 18016)
    assert [one.ref for one in sandbox.accepted("ucloud")] == [sig_id]


async def test_the_seeded_signature_is_approved(ucloud):
    found = (await ucloud.usms("query_usms_signature", SigContent="速达科技"))["Data"]
    assert (found["Status"], found["ErrDesc"]) == (2, "")


@pytest.mark.parametrize(
    ("content", "sig_type", "word"),
    [
        ("告警通知", 0, "中性"),
        ("12345678", 0, "中性"),
        ("速达测试", 0, "测试"),
        ("速达", 0, "唯一"),
        ("速达公司", 0, "连续"),
        ("速达到家", 1, "2026-05-01"),
        ("速达优选", 4, None),
    ],
)
async def test_reviewers_reject_names_by_the_published_rules(ucloud, clock, content, sig_type, word):
    sig_id = await ucloud.create(content, SigType=sig_type, CertificateType=sig_type)
    clock.pass_by(minutes=150)
    status, reason = await ucloud.status(sig_id)
    assert status == (2 if word is None else 3)
    assert (word or "") in reason


async def test_only_a_rejected_signature_is_updated(sandbox, ucloud, clock):
    sig_id = await ucloud.create("告警通知")
    change = signature("速达快运", SigId=sig_id)
    for minutes in (0, 15):
        clock.pass_by(minutes=minutes)
        await refused(ucloud.usms("update_usms_signature", **change), 18003)
    clock.pass_by(minutes=150)
    await ucloud.usms("update_usms_signature", **change)
    assert await ucloud.status(sig_id) == (0, "")
    sandbox.approve("ucloud", "速达快运")
    await refused(ucloud.usms("update_usms_signature", **change), 18003)


async def test_the_newest_of_equal_signatures_is_found(sandbox, ucloud):
    first, second = await ucloud.create("速达快运"), await ucloud.create("速达快运")
    found = (await ucloud.usms("query_usms_signature", SigContent="速达快运"))["Data"]
    assert found["SigId"] == second != first
    assert len(sandbox.accepted("ucloud", "signature")) == 2


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"SigContent": "速"}, 18002),
        ({"SigContent": "速达【快运】"}, 18002),
        ({"SigType": 9}, 18003),
        ({"CertificateType": 4}, 18003),
        ({"File": None}, 18001),
        ({"File": "data:" + FILE}, 18002),
        ({"File": base64.b64encode(b"GIF89a").decode()}, 18002),
        ({"File": base64.b64encode(JPEG + bytes(4 * 1024 * 1024)).decode()}, 18002),
        ({"SigPurpose": 1}, 18001),
        ({"QualificationId": "8570"}, 18003),
        ({"QualificationId": "1"}, 18003),
    ],
    ids=lambda value: str(value)[:40],
)
async def test_the_api_refuses_signatures(sandbox, ucloud, changed, code):
    await refused(ucloud.create("速达快运", **changed), code)
    assert sandbox.accepted("ucloud") == []
    assert sandbox.calls[-1].status == str(code)


async def test_files_pass_with_and_without_prefix(ucloud):
    plain = base64.b64encode(JPEG).decode()
    await ucloud.create("速达快运", File=plain)
    await ucloud.create("速达货运", SigPurpose=1, ProxyFile="image/png;base64," + plain)
    await ucloud.create("SudaExpress", File=None, QualificationId=None, International=True)


# --- templates


async def test_a_template_is_reviewed_updated_and_deleted(sandbox, ucloud, clock):
    template_id = (await ucloud.usms("create_usms_template", **template("您的编码是{1}。")))["TemplateId"]
    assert template_id.startswith("UTA")
    await refused(ucloud.usms("update_usms_template", TemplateId=template_id, Template="您的验证码是{1}。"), 18003)
    clock.pass_by(minutes=150)
    rejected = await ucloud.template(template_id)
    assert (rejected["Status"], "验证码" in rejected["ErrDesc"]) == (3, True)
    await ucloud.usms("update_usms_template", TemplateId=template_id, Template="您的编码是{1}。", TemplateName="新名")
    renamed = await ucloud.template(template_id)
    assert (renamed["Status"], renamed["TemplateName"]) == (3, "新名")
    await ucloud.usms("update_usms_template", TemplateId=template_id, Template="您的验证码是{1}。")
    assert (await ucloud.template(template_id))["Status"] == 0
    clock.pass_by(minutes=20)
    await refused(ucloud.usms("delete_usms_template", TemplateIds=[template_id]), 18003)
    clock.pass_by(minutes=130)
    approved = await ucloud.template(template_id)
    assert (approved["Status"], approved["Purpose"], approved["Remark"]) == (2, 1, "登录")
    await ucloud.usms("delete_usms_template", TemplateIds=[template_id])
    await refused(ucloud.template(template_id), 18017)
    assert [one.content for one in sandbox.accepted("ucloud", "template")] == ["您的编码是{1}。"]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"Purpose": 4}, 18003),
        ({"TemplateName": "名" * 33}, 18002),
        ({"Template": "字" * 501}, 18002),
        ({"Template": "验证码{2}"}, 18002),
        ({"Template": "【速达科技】验证码{1}"}, 18002),
        ({"Purpose": 3}, 18001),
        ({"Purpose": 3, "UnsubscribeInfo": "回T退订"}, 18003),
        ({"Remark": "注" * 129}, 18002),
    ],
)
async def test_the_api_refuses_templates(ucloud, changed, code):
    await refused(ucloud.usms("create_usms_template", **template(**changed)), code)


async def test_a_template_needs_an_approved_signature(sandbox, ucloud):
    sandbox.disable("ucloud", "速达科技")
    await refused(ucloud.usms("create_usms_template", **template()), 18016)


@pytest.mark.parametrize(
    ("changed", "word"),
    [
        ({"TemplateName": "很长很长很长很长很长的模板名"}, "2-12"),
        ({"Template": "验证码{1}{2}"}, "连续"),
        ({"Template": "{1}"}, "只包含变量"),
        ({"Template": "验证码★{1}"}, "特殊符号"),
        ({"Template": "验证码{1}，见 www.example.com"}, "链接"),
        ({"Template": "全场折扣", "Purpose": 2}, "营销"),
        ({"Template": "全场折扣", "Purpose": 3, "UnsubscribeInfo": "拒收请回复R"}, None),
    ],
)
async def test_reviewers_reject_templates(ucloud, clock, changed, word):
    template_id = (await ucloud.usms("create_usms_template", **template(**changed)))["TemplateId"]
    clock.pass_by(minutes=150)
    found = await ucloud.template(template_id)
    assert found["Status"] == (2 if word is None else 3)
    assert (word or "") in found["ErrDesc"]


# --- qualifications and files


async def test_qualifications_are_listed_and_read(sandbox, ucloud):
    asked = {"Page": 0, "NumPerPage": 2, "OrderBy": "QualificationId", "OrderType": "asc"}
    first = await ucloud.usms("get_usms_signature_qualification", **asked)
    assert first["Total"] == 3
    assert [(one["QualificationId"], one["Status"]) for one in first["Data"]] == [("8563", 2), ("8570", 3)]
    second = await ucloud.usms("get_usms_signature_qualification", **asked | {"Page": 1})
    assert [(one["QualificationId"], one["Attr"]) for one in second["Data"]] == [("8577", 1)]
    approved = await ucloud.usms("get_usms_signature_qualification", **asked, Status=2, QualificationAttr=0)
    assert [one["QualificationId"] for one in approved["Data"]] == ["8563"]
    one = (await ucloud.usms("query_usms_signature_qualification", QualificationId="8570"))["Data"]
    assert (one["Status"], one["ErrDesc"] != "", one["CompanyName"]) == (3, True, "速达科技有限公司")
    sandbox.approve("ucloud", 8570)
    one = (await ucloud.usms("query_usms_signature_qualification", QualificationId="8570"))["Data"]
    assert one["Status"] == 2
    await refused(ucloud.usms("query_usms_signature_qualification", QualificationId="1"), 18003)


async def test_a_qualification_is_added_rejected_updated_and_deleted(sandbox, ucloud):
    content = base64.b64encode(JPEG).decode()
    file_id = (await ucloud.usms("upload_usms_file", FileName="a.jpg", FileContent=content, Source=0))["FileId"]
    told = {
        "Name": "速达资质",
        "Attr": 0,
        "Status": 1,
        "HandlerPhone": "13800000000",
        "HandlerName": "李明",
        "HandlerIDNumber": "330106199001010000",
        "CompanyName": "速达科技有限公司",
        "CompanyCreditCode": "91330106MA2CDEFG0H",
        "CompanyCertificateFileId": file_id,
    }
    added = (await ucloud.usms("add_usms_signature_qualification", **told))["QualificationId"]

    async def status() -> int:
        return (await ucloud.usms("query_usms_signature_qualification", QualificationId=added))["Data"]["Status"]

    assert await status() == 1
    await refused(ucloud.usms("delete_usms_signature_qualification", QualificationIds=[added]), 18003)
    sandbox.reject("ucloud", added, "营业执照图片不清晰")
    assert await status() == 3
    await ucloud.usms(
        "update_usms_signature_qualification", QualificationId=added, Status=1, CompanyName="速达物流有限公司"
    )
    assert await status() == 1
    sandbox.approve("ucloud", added)
    await ucloud.usms("delete_usms_signature_qualification", QualificationIds=[added])
    await refused(ucloud.usms("query_usms_signature_qualification", QualificationId=added), 18003)
    for changed, code in (
        ({"HandlerPhone": "1"}, 18002),
        ({"CompanyCertificateFileId": "x"}, 18003),
        ({"Name": ""}, 18001),
    ):
        await refused(ucloud.usms("add_usms_signature_qualification", **told | changed), code)


async def test_files_are_uploaded(ucloud):
    content = base64.b64encode(JPEG).decode()
    answer = await ucloud.usms("upload_usms_file", FileName="营业执照.jpg", FileContent=content, Source=0)
    assert answer["FileId"]
    await refused(ucloud.usms("upload_usms_file", FileName="营业执照", FileContent=content, Source=0), 18002)
    await refused(ucloud.usms("upload_usms_file", FileName="a.jpg", FileContent="%%%", Source=0), 18002)


# --- statistics and balance


async def test_statistics_end_yesterday(sandbox, ucloud, clock):
    asked = {
        "Page": 0,
        "NumPerPage": 2,
        "OrderBy": "SendDate",
        "OrderType": "desc",
        "StartDate": "2026-03-01",
        "EndDate": "2026-03-04",
        "Domestic": 1,
    }
    found = await ucloud.usms("get_usms_send_statistics", **asked)
    assert found["Total"] == 3
    assert [(row["SendDate"], row["Count"]) for row in found["Data"]] == [("2026-03-03", 2400), ("2026-03-02", 2400)]
    assert found["StatisticsData"]["SendCount"] == 2400 * 2 + 1440
    sandbox.drain("ucloud", 600)
    clock.pass_by(days=1)
    later = await ucloud.usms("get_usms_send_statistics", **asked)
    assert later["Data"][0]["Count"] == 3000
    abroad = await ucloud.usms("get_usms_send_statistics", **asked | {"Domestic": 0})
    assert (abroad["Total"], abroad["Data"]) == (0, [])
    await refused(ucloud.usms("get_usms_send_statistics", **asked | {"StartDate": "20260301"}), 18002)


async def test_statistics_by_template_add_up(sandbox, ucloud):
    asked = {
        "Page": 0,
        "NumPerPage": 10,
        "OrderBy": "SendDate",
        "OrderType": "asc",
        "StartDate": "2026-03-03",
        "EndDate": "2026-03-03",
        "Domestic": 1,
    }
    whole = (await ucloud.usms("get_usms_send_statistics", **asked))["Data"][0]
    found = (await ucloud.usms("get_usms_template_send_statistics", **asked))["Data"]
    assert sum(row["Count"] for row in found) == whole["Count"]
    one = await ucloud.usms("get_usms_template_send_statistics", **asked, TemplateId=found[0]["TemplateId"])
    assert one["Data"] == [found[0]]


async def test_the_balance_is_money_in_texts(sandbox, ucloud):
    assert (await ucloud.balance())["AmountAvailable"] == "320.50"
    sandbox.drain("ucloud", 1000)
    sandbox.top_up("ucloud", 100)
    assert (await ucloud.balance())["Amount"] == "375.50"


# --- gateway


async def test_wrong_keys_and_projects_are_refused(sandbox):
    good = sandbox.credentials("ucloud")
    asked = {"SigContent": "速达科技"}
    await refused(UCloud(sandbox, Credential(good.key_id, "wrong")).usms("query_usms_signature", **asked), 171)
    await refused(UCloud(sandbox, Credential("nobody", good.secret)).usms("query_usms_signature", **asked), 172)
    await refused(UCloud(sandbox, project="org-other").usms("query_usms_signature", **asked), 292)
    temporary = sandbox.credentials("ucloud", temporary=True)
    await refused(UCloud(sandbox, temporary).usms("query_usms_signature", **asked), 174)


async def test_faults_to_order(sandbox, ucloud):
    sandbox.faults.next("ucloud", Fault.THROTTLE, "QueryUSMSSignature")
    await refused(ucloud.usms("query_usms_signature", SigContent="速达科技"), 153)
    sandbox.faults.next("ucloud", Fault.ANSWER, code="18013", text="余额不足")
    error = await refused(ucloud.usms("query_usms_signature", SigContent="速达科技"), 18013)
    assert "余额不足" in str(error)
    sandbox.faults.next("ucloud", Fault.HTTP_500)
    with pytest.raises(exc.HTTPStatusException):
        await ucloud.usms("query_usms_signature", SigContent="速达科技")


async def ask(
    sandbox: Sandbox, params: dict[str, Any], how: str, credential: Credential | None = None
) -> dict[str, Any]:
    used = credential or sandbox.credentials("ucloud")
    given = {"PublicKey": used.key_id, "ProjectId": "org-sandbox"} | params
    if used.token:
        given["SecurityToken"] = used.token
    given["Signature"] = auth.sign(used.secret, given)
    sent: dict[str, Any] = {"params": given} if how == "get" else {"json": given} if how == "json" else {"data": given}
    method = "GET" if how == "get" else "POST"
    async with (
        aiohttp.ClientSession() as session,
        session.request(method, sandbox.ucloud.url, **sent) as answer,
    ):
        assert answer.status == 200
        assert answer.headers["X-UCLOUD-REQUEST-UUID"]
        return json.loads(await answer.read())


@pytest.mark.parametrize("how", ["get", "form", "json"])
async def test_the_three_ways_to_send(sandbox, how):
    answer = await ask(sandbox, {"Action": "QueryUSMSSignature", "SigContent": "速达科技"}, how)
    assert (answer["RetCode"], answer["Action"]) == (0, "QueryUSMSSignatureResponse")


async def test_json_lists_and_booleans(sandbox, ucloud):
    first, second = await ucloud.create("速达快运"), await ucloud.create("速达货运")
    answer = await ask(sandbox, {"Action": "DeleteUSMSSignature", "SigIds": [first, second]}, "json")
    assert answer["RetCode"] == 0
    answer = await ask(
        sandbox, {"Action": "CreateUSMSSignature", "International": True} | signature("SudaExpress"), "json"
    )
    assert answer["RetCode"] == 0


async def test_some_ret_codes_are_texts(sandbox):
    assert (await ask(sandbox, {"Action": "QueryUSMSTemplate", "TemplateId": "UTA"}, "form"))["RetCode"] == "18017"


async def test_temporary_credentials_sign_their_token(sandbox):
    temporary = sandbox.credentials("ucloud", temporary=True)
    answer = await ask(sandbox, {"Action": "GetBalance"}, "form", temporary)
    assert answer["RetCode"] == 0


@pytest.mark.parametrize(
    ("params", "code"),
    [({}, 160), ({"Action": "ListUSMS"}, 161), ({"Action": "GetBalance", "Signature": ""}, 170)],
)
async def test_gateway_codes(sandbox, params, code):
    async with aiohttp.ClientSession() as session, session.post(sandbox.ucloud.url, data=params) as answer:
        assert json.loads(await answer.read())["RetCode"] == code


# --- the published signing vectors (facts 1.4)

QUERY = {"Action": "QueryUSMSSignature", "ProjectId": "org-abc", "SigContent": "优刻得", "PublicKey": "PUB"}
DELETE = {"Action": "DeleteUSMSSignature", "ProjectId": "org-abc", "PublicKey": "PUB"}


@pytest.mark.parametrize(
    ("private_key", "params", "expected"),
    [
        (
            "46f09bb9fab4f12dfc160dae12273d5332b5debe",
            {
                "Action": "DescribeUHostInstance",
                "Limit": 10,
                "Region": "cn-bj2",
                "PublicKey": "ucloudsomeone@example.com1296235120854146120",
            },
            "cba5cf5ec4d4233d206b1b54951e3787350a642f",
        ),
        ("PRIV", QUERY, "55c065ef784a96deadd952c87d6f261c39a30c3f"),
        ("PRIV", QUERY | {"SecurityToken": "TOK"}, "75838eb594cac0a175392941ffb47f0d44337d33"),
        ("PRIV", DELETE | {"SigIds.0": "SIG1", "SigIds.1": "SIG2"}, "bd4eea6134895fc2e0866af0e305febbe17ef0fa"),
        ("PRIV", DELETE | {"SigIds": ["SIG1", "SIG2"]}, "e906b38430212d32303dbd05afe0a42557fcab74"),
        (
            "PRIV",
            {
                "Action": "CreateUSMSSignature",
                "ProjectId": "org-abc",
                "PublicKey": "PUB",
                "International": False,
                "SigType": 0,
                "SigContent": "优刻得科技",
            },
            "22d8a22500ba930d5438a992ccfb3e14ea42ed13",
        ),
        ("bar", {"SecurityToken": "42", "PublicKey": "foo"}, "9d6d7cb14e8aeda887369ff22371788ae06c5ea4"),
    ],
)
def test_vectors_of_the_facts(private_key, params, expected):
    assert auth.sign(private_key, params | {"Signature": "ignored"}) == expected


def test_values_are_written_plainly():
    assert auth.signed_text({"b": 1.0, "a": [True, None, 0.00001], "c": {"z": 1, "y": None}}) == "atrue0.00001b1cz1"
