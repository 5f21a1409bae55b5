"""`docs/coverage.md` is so: what it says works is in the vendor's folder, what it says does not is not there.

And every operation that the sandbox answers, which is every one that anything of ours could call, stands in it.
"""

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

import pytest

from tests.house import ROOT

PAGE = ROOT / "docs" / "coverage.md"
VENDORS: Mapping[str, str] = {
    "Alibaba Cloud SMS: text messages": "alibaba",
    "Alibaba Cloud SMS: digital messages": "alibaba",
    "Alibaba Cloud SMS: international and Go China": "alibaba",
    "Tencent Cloud SMS": "tencent",
    "UCloud USMS": "ucloud",
}
STATES = ("works", "guided", "not offered", "not needed")
_OPERATION = re.compile(r"[A-Z][A-Za-z]{6,}")


NAMED = {
    "alibaba": """SubmitSmsQualification UpdateSmsQualification RequiredPhoneCode ValidPhoneCode QuerySmsQualificationRecord
        QuerySingleSmsQualification DeleteSmsQualification CreateSmsAuthorizationLetter QuerySmsAuthorizationLetter
        CreateSmsTrademark QuerySmsTrademark CreateSmsAppIcpRecord QuerySmsAppIcpRecord CreateSmsSign UpdateSmsSign DeleteSmsSign
        GetSmsSign QuerySmsSignList ChangeSignatureQualification QuerySmsSign AddSmsSign ModifySmsSign AddExtCodeSign
        UpdateExtCodeSign DeleteExtCodeSign QueryExtCodeSign CancelSmsSign CancelSmsTemplate CreateSmsTemplate UpdateSmsTemplate
        DeleteSmsTemplate GetSmsTemplate QuerySmsTemplateList GetSmsTemplateList AddSmsTemplate ModifySmsTemplate QuerySmsTemplate
        TagResources UntagResources ListTagResources GetOSSInfoForUploadFile GetQualificationOssInfo GetSmsOcrOssInfo SendSms
        SendBatchSms QuerySendDetails QuerySendStatistics QueryResourcePackageInstances QueryAccountBalance
        QueryDPUtilizationDetail QueryTokenForMnsQueue SignSmsReport TemplateSmsReport SmsReport SmsUp CreateDigitalSignOrder
        QueryDigitalSignByName CreateDigitalSmsTemplate CreateCardSmsTemplate CreateRCSTemplate MnsCardVender MnsCardTemplate
        SendMessageToGlobe SendMessageWithTemplate QueryMessage BatchSendMessageToGlobe ConversionData SmsConversion
        ConversionDataIntl SmsConversionIntl QueryShortUrl""",
    "tencent": """AddSmsSign ModifySmsSign DeleteSmsSign DescribeSmsSignList AddSmsTemplate ModifySmsTemplate DeleteSmsTemplate
        DescribeSmsTemplateList SendStatusStatistics CallbackStatusStatistics SmsPackagesStatistics ReportConversion
        DescribePhoneNumberInfo SendSms SendMultiGlobalSms PullSmsSendStatus PullSmsReplyStatus PullSmsSendStatusByPhoneNumber
        PullSmsReplyStatusByPhoneNumber DescribeSendRecordList GetIPList""",
    "ucloud": """CreateUSMSSignature UpdateUSMSSignature QueryUSMSSignature DeleteUSMSSignature UploadUSMSFile
        AddUSMSSignatureQualification UpdateUSMSSignatureQualification QueryUSMSSignatureQualification
        GetUSMSSignatureQualification DeleteUSMSSignatureQualification CreateUSMSTemplate UpdateUSMSTemplate QueryUSMSTemplate
        DeleteUSMSTemplate GetUSMSSendStatistics GetUSMSTemplateSendStatistics GetBalance ListUBillDetail SendUSMSMessage
        SendBatchUSMSMessage GetUSMSSendReceipt PullUSMSReport AddBackfill upUSMSCustomerStatus BatchCreateUSMSBlacklistPhone
        AssumeRole GetProjectList""",
}
"""Every operation that the vendors document for messages, their reviews, figures and pushes (facts of the three)."""


@dataclass(frozen=True, slots=True)
class Row:
    vendor: str
    what: str
    operations: tuple[str, ...]
    state: str
    how: str


def rows() -> Iterator[Row]:
    vendor = ""
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            vendor = VENDORS[line.removeprefix("## ")]
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if vendor and line.startswith("| ") and len(cells) == 4 and cells[0] not in ("What", "---"):
            yield Row(vendor, cells[0], tuple(re.findall(r"`(\w+)`", cells[1])), cells[2], cells[3])


@cache
def texts_of(folder: str) -> frozenset[str]:
    """Every text in the code of a folder, apart from what it says of itself."""
    return frozenset(
        node.value
        for path in (ROOT / "integrations" / folder).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and "\n" not in node.value
    )


@pytest.mark.parametrize("row", list(rows()), ids=lambda row: f"{row.vendor}: {row.what}")
def test_a_row_is_so(row: Row) -> None:
    assert row.state in STATES
    called = [operation for operation in row.operations if operation in texts_of(row.vendor)]
    if row.state == "works":
        assert row.operations
        assert called == list(row.operations)
        assert row.how
    elif row.state == "not needed":
        assert row.operations
        assert not called
    if row.state in ("guided", "not offered", "not needed"):
        assert row.how
    if row.state == "guided":
        folder = (ROOT / "integrations" / row.vendor).glob("*.py")
        assert any("Guide(" in path.read_text(encoding="utf-8") for path in folder)


@pytest.mark.parametrize("vendor", NAMED)
def test_every_operation_of_the_vendor_stands_in_it(vendor: str) -> None:
    told = {operation for row in rows() for operation in row.operations if row.vendor == vendor}
    assert set(NAMED[vendor].split()) <= told


def test_every_service_has_its_section() -> None:
    headings = re.findall(r"^## (.*)$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert headings == list(VENDORS)


@pytest.mark.parametrize("vendor", sorted(set(VENDORS.values())))
def test_every_operation_of_the_sandbox_stands_in_it(vendor: str) -> None:
    told = {operation for row in rows() for operation in row.operations if row.vendor == vendor}
    desk = ast.parse((ROOT / "integrations" / "sandbox" / vendor / "desk.py").read_text(encoding="utf-8"))
    answered = {
        key.value
        for node in ast.walk(desk)
        if isinstance(node, ast.Dict) and len(node.keys) > 1
        for key, value in zip(node.keys, node.values, strict=True)
        if isinstance(key, ast.Constant)
        and isinstance(key.value, str)
        and _OPERATION.fullmatch(key.value)
        and (isinstance(value, ast.Attribute) or (isinstance(value, ast.Call) and len(value.args) > 1))
    }
    assert answered
    assert answered <= told
