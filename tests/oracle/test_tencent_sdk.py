"""Tencent's official SDK against the sandbox; it blocks, so every call runs in a thread."""

import asyncio
import base64
import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tencentcloud.common.credential import Credential as SdkCredential
from tencentcloud.common.exception.tencent_cloud_sdk_exception import TencentCloudSDKException
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile
from tencentcloud.sms.v20210111 import models
from tencentcloud.sms.v20210111.sms_client import SmsClient

from integrations.sandbox import Credential, Fault, Sandbox, Seed
from integrations.sandbox.tencent import auth
from integrations.sandbox.tencent.refusal import RefusalError

PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n" + bytes(32)).decode()
REGION = "ap-guangzhou"


class Tencent:
    """The SDK's client, awaited and fed with dictionaries."""

    def __init__(
        self,
        sandbox: Sandbox,
        credential: Credential | None = None,
        region: str = REGION,
        *,
        unsigned: bool = False,
    ) -> None:
        used = credential or sandbox.credentials("tencent")
        http = HttpProfile(protocol="http", endpoint=sandbox.tencent.endpoint)
        profile = ClientProfile(httpProfile=http, language="zh-CN")
        profile.unsignedPayload = unsigned
        self._client = SmsClient(SdkCredential(used.key_id, used.secret, used.token), region, profile)

    async def __call__(self, action: str, **params: Any) -> Any:
        request = getattr(models, f"{action}Request")()
        request._deserialize(params)
        return await asyncio.to_thread(getattr(self._client, action), request)

    async def raw(self, action: str, params: dict[str, Any]) -> Any:
        return await asyncio.to_thread(self._client.call_json, action, params)

    async def sign(self, sign_id: int, international: int = 0) -> Any:
        answer = await self("DescribeSmsSignList", International=international, SignIdSet=[sign_id])
        return answer.DescribeSignListStatusSet[0]

    async def template(self, template_id: str | int, international: int = 0) -> Any:
        answer = await self("DescribeSmsTemplateList", International=international, TemplateIdSet=[int(template_id)])
        return answer.DescribeTemplateStatusSet[0]


@pytest.fixture
def tencent(sandbox: Sandbox) -> Tencent:
    return Tencent(sandbox)


def sign(name: str, **changed: Any) -> dict[str, Any]:
    return {
        "SignName": name,
        "SignType": 0,
        "DocumentType": 0,
        "International": 0,
        "SignPurpose": 0,
        "ProofImage": PNG,
        "QualificationId": 8563,
    } | changed


def template(content: str = "您的验证码是{1}，5分钟内有效。", **changed: Any) -> dict[str, Any]:
    return {
        "TemplateName": "登录验证码",
        "TemplateContent": content,
        "SmsType": 3,
        "International": 0,
        "Remark": "登录",
    } | changed


async def refused(call: Any, code: str) -> None:
    with pytest.raises(TencentCloudSDKException) as caught:
        await call
    assert caught.value.code == code
    assert caught.value.requestId


# --- signatures


async def test_a_signature_is_reviewed_and_becomes_effective(sandbox, tencent, clock):
    sign_id = (await tencent("AddSmsSign", **sign("速达快运", Remark="登录"))).AddSignStatus.SignId
    pending = await tencent.sign(sign_id)
    assert (pending.StatusCode, pending.SignName, pending.ReviewReply) == (1, "速达快运", "")
    assert (pending.QualificationId, pending.QualificationName, pending.QualificationStatusCode) == (
        8563,
        "速达自用资质",
        1,
    )
    clock.pass_by(minutes=70)
    assert (await tencent.sign(sign_id)).StatusCode == 2
    clock.pass_by(minutes=90)
    assert (await tencent.sign(sign_id)).StatusCode == 0
    assert [one.ref for one in sandbox.accepted("tencent")] == [str(sign_id)]


async def test_the_seeded_signature_is_usable(tencent):
    listed = (await tencent("DescribeSmsSignList", International=0)).DescribeSignListStatusSet
    assert [(one.SignName, one.StatusCode) for one in listed] == [("速达科技", 0)]
    assert (await tencent("DescribeSmsSignList", International=1)).DescribeSignListStatusSet == []


async def test_a_two_character_name_is_rejected_modified_and_deleted(tencent, clock):
    sign_id = (await tencent("AddSmsSign", **sign("速达"))).AddSignStatus.SignId
    clock.pass_by(minutes=70)
    rejected = await tencent.sign(sign_id)
    assert (rejected.StatusCode, rejected.ReviewReply) == (-1, "签名无法识别主体，请提交与资质一致的名称")
    changed = await tencent("ModifySmsSign", SignId=sign_id, **sign("速达快运"))
    assert changed.ModifySignStatus.SignId == sign_id
    assert (await tencent.sign(sign_id)).StatusCode == 1
    clock.pass_by(minutes=70)
    await refused(
        tencent("ModifySmsSign", SignId=sign_id, **sign("速达快运")), "InvalidParameterValue.SignAlreadyPassedCheck"
    )
    deleted = (await tencent("DeleteSmsSign", SignId=sign_id)).DeleteSignStatus
    assert (deleted.DeleteStatus, deleted.DeleteTime) == ("return successfully!", int(clock().timestamp()))
    clock.pass_by(seconds=1)
    await refused(tencent("DeleteSmsSign", SignId=sign_id), "FailedOperation.SignIdNotExist")
    clock.pass_by(seconds=1)
    await refused(
        tencent("ModifySmsSign", SignId=sign_id, **sign("速达快运")), "FailedOperation.MissingSignatureToModify"
    )


async def test_an_international_signature_needs_no_qualification(tencent, clock):
    sign_id = (
        await tencent(
            "AddSmsSign", **sign("Suda Express", SignName="SudaExpress", International=1, QualificationId=None)
        )
    ).AddSignStatus.SignId
    clock.pass_by(minutes=70)
    row = await tencent.sign(sign_id, 1)
    assert (row.StatusCode, row.International, row.QualificationId, row.QualificationStatusCode) == (0, 1, 0, 0)


async def test_disabled_means_minus_one(sandbox, tencent):
    sandbox.disable("tencent", "速达科技", "运营商首次报备未通过")
    row = (await tencent("DescribeSmsSignList", International=0)).DescribeSignListStatusSet[0]
    assert (row.StatusCode, row.ReviewReply) == (-1, "运营商首次报备未通过")


async def test_verbs_decide_by_id_and_name(sandbox, tencent):
    sign_id = (await tencent("AddSmsSign", **sign("速达快运"))).AddSignStatus.SignId
    sandbox.reject("tencent", sign_id, "材料不全")
    assert (await tencent.sign(sign_id)).ReviewReply == "材料不全"
    sandbox.approve("tencent", "速达快运")
    assert (await tencent.sign(sign_id)).StatusCode == 2
    with pytest.raises(LookupError):
        sandbox.approve("tencent", "没有")


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"SignName": "速达科技"}, "InvalidParameterValue.SignAlreadyPassedCheck"),
        ({"SignName": "速达科技有限公司全国总部"}, None),
        ({"SignName": "速达科技有限公司全国总部啊"}, "InvalidParameterValue.SignNameLengthTooLong"),
        ({"SignName": "赌博乐园"}, "InvalidParameter.DirtyWordFound"),
        ({"DocumentType": 9}, "InvalidParameterValue.InvalidDocumentType"),
        ({"SignPurpose": 2}, "InvalidParameterValue.InvalidSignPurpose"),
        ({"SignPurpose": 1}, "MissingParameter"),
        ({"SignPurpose": 1, "CommissionImage": "base64"}, "InvalidParameterValue.ImageInvalid"),
        ({"International": 2}, "InvalidParameterValue.InvalidInternational"),
        ({"ProofImage": f"data:image/png;base64,{PNG}"}, "InvalidParameterValue.ImageInvalid"),
        ({"ProofImage": base64.b64encode(b"GIF89a").decode()}, "InvalidParameterValue.ImageInvalid"),
        ({"ProofImage": None}, "MissingParameter"),
        ({"QualificationId": None}, "InvalidParameterValue.QualificationIdNotFound"),
        ({"QualificationId": 8570}, "FailedOperation.QualificationIdNotApproved"),
    ],
)
async def test_the_api_refuses_signatures(sandbox, tencent, changed, code):
    if code is None:
        await tencent("AddSmsSign", **sign("") | changed)
        return
    await refused(tencent("AddSmsSign", **sign("速达快运") | changed), code)
    assert sandbox.accepted("tencent") == []
    assert sandbox.calls[-1].status == code


async def test_types_and_names_of_parameters_are_checked(tencent):
    await refused(tencent.raw("DescribeSmsSignList", {"International": "0"}), "InvalidParameter")
    await refused(tencent.raw("DescribeSmsSignList", {"International": 0, "Page": 1}), "UnknownParameter")
    await refused(tencent.raw("DescribeSmsSignList", {}), "MissingParameter")
    await refused(tencent.raw("ListSmsSigns", {}), "InvalidAction")


async def test_a_pending_name_cannot_be_asked_again_and_calls_are_a_second_apart(tencent, clock):
    await tencent("AddSmsSign", **sign("速达快运"))
    await refused(tencent("AddSmsSign", **sign("速达快运")), "RequestLimitExceeded")
    clock.pass_by(seconds=1)
    await refused(tencent("AddSmsSign", **sign("速达快运")), "InvalidParameterValue.SignExistAndUnapproved")


async def test_fifty_signatures_and_pages_without_a_total(tencent, clock):
    for number in range(49):
        clock.pass_by(seconds=1)
        await tencent("AddSmsSign", **sign(f"速达快运{number}"))
    clock.pass_by(seconds=1)
    await refused(tencent("AddSmsSign", **sign("速达最后")), "FailedOperation.SignNumberLimit")
    sizes = []
    for limit, offset in ((None, None), (20, 0), (20, 20), (20, 40), (100, 0)):
        page = await tencent("DescribeSmsSignList", International=0, Limit=limit, Offset=offset)
        sizes.append(len(page.DescribeSignListStatusSet))
    assert sizes == [10, 20, 20, 10, 50]
    await refused(tencent("DescribeSmsSignList", International=0, Limit=101), "InvalidParameterValue.LimitVerifyFail")


async def test_regions_keep_their_own_things(sandbox):
    elsewhere = Tencent(sandbox, region="ap-beijing")
    assert (await elsewhere("DescribeSmsSignList", International=0)).DescribeSignListStatusSet == []
    await refused(elsewhere("AddSmsTemplate", **template()), "FailedOperation.MissingSignature")
    await refused(Tencent(sandbox, region="")("DescribeSmsSignList", International=0), "MissingParameter")
    await refused(Tencent(sandbox, region="mars")("DescribeSmsSignList", International=0), "UnsupportedRegion")


# --- templates


async def test_a_template_is_reviewed_modified_and_deleted(sandbox, tencent, clock):
    added = (await tencent("AddSmsTemplate", **template("您的编码是{1}。"))).AddTemplateStatus
    assert isinstance(added.TemplateId, str)
    clock.pass_by(minutes=70)
    rejected = await tencent.template(added.TemplateId)
    assert (rejected.StatusCode, "验证码" in rejected.ReviewReply) == (-1, True)
    changed = await tencent("ModifySmsTemplate", TemplateId=int(added.TemplateId), **template())
    assert changed.ModifyTemplateStatus.TemplateId == int(added.TemplateId)
    clock.pass_by(minutes=70)
    row = await tencent.template(added.TemplateId)
    assert (row.StatusCode, row.TemplateContent) == (0, "您的验证码是{1}，5分钟内有效。")
    await refused(
        tencent("ModifySmsTemplate", TemplateId=row.TemplateId, **template()),
        "FailedOperation.TemplateAlreadyPassedCheck",
    )
    deleted = await tencent("DeleteSmsTemplate", TemplateId=row.TemplateId)
    assert deleted.DeleteTemplateStatus.DeleteStatus == "return successfully!"
    clock.pass_by(seconds=1)
    await refused(tencent("DeleteSmsTemplate", TemplateId=row.TemplateId), "FailedOperation.TemplateIdNotExist")
    await refused(
        tencent("ModifySmsTemplate", TemplateId=row.TemplateId, **template()),
        "FailedOperation.MissingTemplateToModify",
    )
    assert [one.name for one in sandbox.accepted("tencent", "template")] == ["登录验证码"]


async def test_the_template_list_is_empty_without_a_limit(tencent):
    await tencent("AddSmsTemplate", **template())
    assert (await tencent("DescribeSmsTemplateList", International=0)).DescribeTemplateStatusSet == []
    listed = await tencent("DescribeSmsTemplateList", International=0, Limit=10, Offset=0)
    assert [one.TemplateName for one in listed.DescribeTemplateStatusSet] == ["登录验证码"]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"SmsType": 0}, "InvalidParameterValue.InvalidSmsType"),
        ({"TemplateContent": "验证码{2}"}, "InvalidParameterValue.InvalidTemplateFormat"),
        ({"TemplateContent": "验证码{a}"}, "InvalidParameterValue.InvalidTemplateFormat"),
        ({"TemplateContent": "【速达科技】验证码{1}"}, "InvalidParameterValue.InvalidTemplateFormat"),
        ({"TemplateContent": "验证码" * 167}, "InvalidParameterValue.InvalidTemplateFormat"),
        ({"TemplateContent": "毒品验证码{1}"}, "InvalidParameterValue.TemplateWithDirtyWords"),
        ({"TemplateContent": "新品上市", "SmsType": 1}, "InvalidParameterValue.MarketingTemplateWithoutUnsubscribe"),
        ({"Remark": None}, "MissingParameter"),
    ],
)
async def test_the_api_refuses_templates(tencent, changed, code):
    await refused(tencent("AddSmsTemplate", **template(**changed)), code)


async def test_variables_may_be_closed_to_an_account(clock):
    async with Sandbox(now=clock, seed=Seed(tencent_variables=False)) as sandbox:
        call = Tencent(sandbox)("AddSmsTemplate", **template("请参加{1}会议", SmsType=2))
        await refused(call, "InvalidParameterValue.UnsupportedTemplateVariable")


@pytest.mark.parametrize(
    ("content", "sms_type", "word"),
    [
        ("您的验证码是{1}{2}。", 3, "相邻"),
        ("{1}", 2, "仅由变量"),
        ("会议★{1}开始", 2, "特殊符号"),
        ("查看 https://{1}", 2, "链接"),
        ("详询13900000000", 2, "手机号码"),
        ("全场优惠，欢迎选购", 2, "营销"),
        ("您的贷款已到期", 2, "运营商"),
    ],
)
async def test_reviewers_reject_by_the_published_rules(tencent, clock, content, sms_type, word):
    added = (await tencent("AddSmsTemplate", **template(content, SmsType=sms_type))).AddTemplateStatus
    clock.pass_by(minutes=70)
    row = await tencent.template(added.TemplateId)
    assert row.StatusCode == -1
    assert word in row.ReviewReply


# --- statistics


async def test_packages(sandbox, tencent, clock):
    asked = {"SmsSdkAppId": "1400000001", "Limit": 10, "Offset": 0, "BeginTime": "2024030400", "EndTime": "2026030409"}
    found = (await tencent("SmsPackagesStatistics", **asked)).SmsPackagesStatisticsSet
    assert [(one.PackageType, one.PackageAmount, one.CurrentUsage) for one in found] == [
        (0, 1_000, 0),
        (1, 500_000, 120_000),
    ]
    assert found[1].PackageExpiredTime > clock().timestamp()
    sandbox.drain("tencent", 1_500)
    sandbox.top_up("tencent", 7_000)
    clock.pass_by(hours=2)
    found = (await tencent("SmsPackagesStatistics", **asked | {"EndTime": "2026030411"})).SmsPackagesStatisticsSet
    assert [one.CurrentUsage for one in found] == [1_000, 120_500, 0]
    for changed, code in (
        ({"EndTime": "2026030412"}, "InvalidParameterValue.EndTimeVerifyFail"),
        ({"BeginTime": "20240304"}, "InvalidParameterValue.BeginTimeVerifyFail"),
        ({"Limit": 501}, "InvalidParameterValue.LimitVerifyFail"),
        ({"SmsSdkAppId": "1400000002"}, "UnauthorizedOperation.SmsSdkAppIdVerifyFail"),
    ):
        await refused(tencent("SmsPackagesStatistics", **asked | changed), code)


async def test_sending_statistics_are_steady(tencent):
    asked = {"SmsSdkAppId": "1400000001", "Limit": 0, "Offset": 0, "BeginTime": "2026030300", "EndTime": "2026030323"}
    day = (await tencent("SendStatusStatistics", **asked)).SendStatusStatistics
    assert day.RequestCount == 2_400
    assert 0 < day.RequestSuccessCount <= day.RequestCount < day.FeeCount
    again = (await tencent("SendStatusStatistics", **asked)).SendStatusStatistics
    assert again.FeeCount == day.FeeCount
    await refused(tencent("SendStatusStatistics", **asked | {"Limit": 1}), "InvalidParameterValue.LimitVerifyFail")


async def test_receipt_statistics_name_the_reasons(sandbox, tencent, clock):
    sandbox.traffic("tencent", 24, failing=0.3, refused=0.1, code="FrequencyLimit")
    clock.pass_by(days=1)
    asked = {"SmsSdkAppId": "1400000001", "Limit": 0, "Offset": 0, "BeginTime": "2026030413", "EndTime": "2026030413"}
    sent = (await tencent("SendStatusStatistics", **asked)).SendStatusStatistics
    found = (await tencent("CallbackStatusStatistics", **asked)).CallbackStatusStatistics
    assert sent.RequestCount > sent.RequestSuccessCount == found.RequestSuccessCount
    assert found.CallbackFailCount + found.CallbackSuccessCount == found.CallbackCount
    assert found.CallbackFailCount == found.InvalidNumberCount + found.FrequencyLimitCount
    assert found.FrequencyLimitCount > found.InvalidNumberCount
    long = asked | {"BeginTime": "2026013113", "EndTime": "2026030513"}
    await refused(tencent("CallbackStatusStatistics", **long), "InvalidParameterValue.EndTimeVerifyFail")


# --- gateway


async def test_wrong_keys_are_refused(sandbox):
    good = sandbox.credentials("tencent")
    asked = {"International": 0}
    wrong = Tencent(sandbox, Credential(good.key_id, "wrong"))
    await refused(wrong("DescribeSmsSignList", **asked), "AuthFailure.SignatureFailure")
    unknown = Tencent(sandbox, Credential("nobody", good.secret))
    await refused(unknown("DescribeSmsSignList", **asked), "AuthFailure.SecretIdNotFound")
    temporary = sandbox.credentials("tencent", temporary=True)
    assert (await Tencent(sandbox, temporary)("DescribeSmsSignList", **asked)).RequestId
    bare = Tencent(sandbox, Credential(temporary.key_id, temporary.secret))
    await refused(bare("DescribeSmsSignList", **asked), "AuthFailure.TokenFailure")


async def test_a_clock_far_off_is_refused(clock):
    wall = datetime.now(UTC)
    async with Sandbox(now=clock, wall=lambda: wall - timedelta(minutes=6)) as sandbox:
        await refused(Tencent(sandbox)("DescribeSmsSignList", International=0), "AuthFailure.SignatureExpire")


async def test_an_unsigned_payload_passes(sandbox):
    assert (await Tencent(sandbox, unsigned=True)("DescribeSmsSignList", International=0)).RequestId


async def test_faults_to_order(sandbox, tencent):
    sandbox.faults.next("tencent", Fault.THROTTLE)
    await refused(tencent("DescribeSmsSignList", International=0), "RequestLimitExceeded")
    sandbox.faults.next("tencent", Fault.ANSWER, code="InternalError.Timeout")
    await refused(tencent("DescribeSmsSignList", International=0), "InternalError.Timeout")
    sandbox.faults.next("tencent", Fault.HTTP_500)
    with pytest.raises(TencentCloudSDKException) as caught:
        await tencent("DescribeSmsSignList", International=0)
    assert caught.value.code == "ServerNetworkError"


# --- the published signing vectors (facts 1.3)

HOST = "sms.tencentcloudapi.com"


def canonical(body: bytes, content_type: str, **extra: str) -> str:
    headers = {"content-type": content_type, "host": HOST} | {name.replace("_", "-"): v for name, v in extra.items()}
    return auth.canonical_request("POST", "", headers, sorted(headers), hashlib.sha256(body).hexdigest())


def test_vectors_of_the_facts():
    compact = b'{"International":0,"SignIdSet":[1110]}'
    first = canonical(compact, "application/json")
    assert hashlib.sha256(first.encode()).hexdigest() == (
        "b4b544b521520ac05066d0c594261ed935d93a74b5bd4a3f930b629730755d33"
    )
    for text, signature in (
        (first, "0d4fe096f76fa1cfb1c2f90a424d807fdd94422b89bec52d8a4a368ce2171656"),
        (
            canonical(b'{"International": 0, "SignIdSet": [1110]}', "application/json"),
            "a637049a66516fb569071e6f48090cf8afe8917fa1b8fa91fe7298a7395c15c6",
        ),
        (
            canonical(compact, "application/json; charset=utf-8", x_tc_action="DescribeSmsSignList"),
            "e87c618e78f84e4f2790f5e5988beaac5354a9509364b81424236a4f57155a94",
        ),
    ):
        assert auth.sign("SECRETEXAMPLE", 1_700_000_000, "sms", text) == signature


def test_the_vendors_own_vector():
    body = rb'{"Limit": 1, "Filters": [{"Values": ["\u672a\u547d\u540d"], "Name": "instance-name"}]}'
    headers = {
        "content-type": "application/json; charset=utf-8",
        "host": "cvm.tencentcloudapi.com",
        "x-tc-action": "DescribeInstances",
    }
    payload = hashlib.sha256(body).hexdigest()
    assert payload == "35e9c5b0e3ae67532d3c9f17ead6c90222632e5b1ff7f6e89887f1398934f064"
    text = auth.canonical_request("POST", "", headers, sorted(headers), payload)
    assert hashlib.sha256(text.encode()).hexdigest() == (
        "7019a55be8395899b900fb5564e4200d984910f34794a27cb3fb7d10ff6a1e84"
    )
    key = auth.derive("*" * 32, "2019-02-25", "cvm")
    assert key.hex() == "b596b923aad85185e2d1f6659d2a062e0a86731226e021e61bfe06f7ed05f5af"
    expected = "10b1a37a7301a02ca19a647ad722d5e43b4b3cff309d421d85b46093f6ab6c4f"
    assert auth.sign("*" * 32, 1_551_113_065, "cvm", text) == expected


def test_the_clock_may_be_five_minutes_off(clock):
    timestamp = int(clock().timestamp())
    headers = {"content-type": "application/json", "host": HOST, "x-tc-timestamp": str(timestamp)}
    text = auth.canonical_request("POST", "", headers, ["content-type", "host"], hashlib.sha256(b"{}").hexdigest())
    signature = auth.sign("secret", timestamp, "sms", text)
    headers["authorization"] = (
        "TC3-HMAC-SHA256 Credential=key/2026-03-04/sms/tc3_request, SignedHeaders=content-type;host, "
        f"Signature={signature}"
    )

    def verify(body: bytes = b"{}", **changed: str) -> None:
        auth.verify(
            "POST",
            "/",
            headers | {name.replace("_", "-"): value for name, value in changed.items()},
            body,
            credentials={"key": Credential("key", "secret")},
            wall=clock(),
        )

    clock.pass_by(minutes=5)
    verify()
    with pytest.raises(RefusalError, match="SignatureFailure"):
        verify(body=b'{"a":1}')
    with pytest.raises(RefusalError, match="InvalidAuthorization"):
        verify(authorization="TC3")
    clock.pass_by(seconds=1)
    with pytest.raises(RefusalError, match=r"AuthFailure\.SignatureExpire"):
        verify()
