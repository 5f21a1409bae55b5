"""What a failure means: whose business, what to do, and whether the call may have been accepted."""

import json
import re

import pytest

from bot.contracts.errors import AnswerLost, Refused, Throttled, Trouble, Unavailable, VendorError
from bot.contracts.fields import field_for
from bot.contracts.model import Kind
from integrations.alibaba import errors
from integrations.alibaba.config import Unconfirmed
from integrations.alibaba.declared import declared
from integrations.alibaba.wire import Answer, Asked, Reply, read

SURE = Unconfirmed()
SECRETS = ("LTAIkey", "topsecret", "ststoken")


def refusal(code: str, message: str = "text", **more: object) -> bytes:
    return json.dumps({"Code": code, "Message": message, "RequestId": "R-1", **more}).encode()


def failure(
    status: int,
    content: bytes,
    *,
    changes: bool,
    headers: dict[str, str] | None = None,
    unconfirmed: Unconfirmed = SURE,
    billing: bool = False,
) -> VendorError:
    reply = Reply(status, headers or {}, content)
    with pytest.raises(VendorError) as caught:
        read(reply, Answer, Asked(changes=changes, billing=billing, secrets=SECRETS), unconfirmed)
    return caught.value


@pytest.mark.parametrize(
    ("code", "trouble"),
    [
        ("SignatureDoesNotMatch", Trouble.CREDENTIALS),
        ("InvalidAccessKeyId.NotFound", Trouble.CREDENTIALS),
        ("InvalidAccessKeyId.Inactive", Trouble.CREDENTIALS),
        ("InvalidTimeStamp.Expired", Trouble.CLOCK),
        ("InvalidTimeStamp.Format", Trouble.CLOCK),
        ("InvalidSecurityToken.Expired", Trouble.CREDENTIALS),
        ("isp.RAM_PERMISSION_DENY", Trouble.PERMISSION),
        ("Forbidden.RAM", Trouble.PERMISSION),
        ("NoPermission.System", Trouble.PERMISSION),
        ("NotAuthorized", Trouble.PERMISSION),
        ("ForbiddenAction", Trouble.ACCOUNT),
        ("NotEnterpriseCertifyCustCheckError", Trouble.ACCOUNT),
        ("isv.OUT_OF_SERVICE", Trouble.EMPTY),
        ("SignName.Exists", Trouble.INPUT),
        ("InvalidQualification", Trouble.INPUT),
        ("ParameterMismatch.ThirdParty", Trouble.INPUT),
        ("SmsSignNotAuthorized", Trouble.INPUT),
        ("AuthorizationLetterNameOverLimit", Trouble.INPUT),
        ("AuthorizationLetterDateNotValid", Trouble.INPUT),
        ("InvalidTemplateRule", Trouble.INPUT),
        ("TemplateVarLimitExceeded", Trouble.INPUT),
        ("isv.SOMETHING_NEW", Trouble.INPUT),
        ("isv.BUSINESS_LIMIT_CONTROL", Trouble.LIMIT),
        ("SMS_STATUS_ILLEGAL", Trouble.STATE),
        ("InvalidAction.NotFound", Trouble.UNEXPECTED),
        ("MissingSignSource", Trouble.UNEXPECTED),
    ],
)
@pytest.mark.parametrize("status", [200, 400, 403, 404])
def test_known_codes(code: str, trouble: Trouble, status: int) -> None:
    """Refused whether HTTP says so too or not; the codes' HTTP status is not documented (facts 14, no. 1)."""
    for changes in (True, False):
        error = failure(status, refusal(code), changes=changes)
        assert type(error) is Refused
        assert (error.code, error.trouble, error.request_id) == (code, trouble, "R-1")
        assert error.advice is not None


_NAMED = {
    Trouble.CREDENTIALS: "SignatureDoesNotMatch InvalidAccessKeyId.NotFound InvalidAccessKeyId.Inactive",
    Trouble.CLOCK: "InvalidTimeStamp.Format InvalidTimeStamp.Expired",
    Trouble.PERMISSION: "isp.RAM_PERMISSION_DENY isv.DENY_IP_RANGE",
    Trouble.ACCOUNT: """ForbiddenAction ServiceNotOpened NotEnterpriseCertifyCustCheckError CustNotExistError GrayCustAccessError
        isv.PRODUCT_UN_SUBSCRIPT isv.PRODUCT_UNSUBSCRIBE isv.ACCOUNT_NOT_EXISTS
        isv.ACCOUNT_ABNORMAL""",
    Trouble.EMPTY: "isv.AMOUNT_NOT_ENOUGH isv.OUT_OF_SERVICE",
    Trouble.LIMIT: "isv.BUSINESS_LIMIT_CONTROL isv.DAY_LIMIT_CONTROL isv.MONTH_LIMIT_CONTROL",
    Trouble.STATE: """SignatureNotFound TemplateNotFound SMS_STATUS_ILLEGAL WorkOrderIdExpired BindSignDeleteFailed
        isv.SIGN_STATE_ILLEGAL isv.SIGN_SOURCE_ILLEGAL isv.CUSTOMER_REFUSED""",
    Trouble.INPUT: """SignName.Exists InvalidSignName MissingSignName InvalidQualification QualificationNotFound
        ParameterMismatch.ThirdParty InvalidApplySceneContent MissApplySceneContent SmsAuthorizationLetterNotExist
        SmsAuthorizationLetterNotMatch SmsSignNotAuthorized TrademarkNotExist AppIcpRecordNotExist
        QualificationNameNullError QualificationNameNotMatchRegex QualificationNameAlreadyExist CompanyNameNullError
        CompanyTypeError OrganizationCodeNullError CompanyVerificationFailedCompanyStateInvalid
        CompanyVerificationFailedFourElementsError CompanyVerificationFailedMismatch CompanyVerificationFailedNoCompany
        CompanyVerificationFailedNoLegalPerson BusinessLicenseTypeError BusinessLicensePicsNullError
        BusinessLicensePicsFileError BusinessLicenseOssFileNotUploadError BusinessLicenseDateNotMatchRegexError
        BusinessLicenseDateNotValid LegalPersonNameNullError LegalPersonIdcardTypeError LegalIdCardNoNullError
        LegalIdCardNotMatchRegex LegalPersonIdcardEfftimeNotMatchRegexError LegalDateNotValid LegalFrontOssFileNotUploadError
        LegalBackOssFileNotUploadError AdminNameNullError AdminIdcardTypeError AdminIdcardNoNullError
        AdminIdcardNotMatchRegex AdminIdcardExpdateNotMatchRegexError AdminDateNotValid AdminIdcardPicsNullError
        AdminIdcardPicsFileError AdminIdcardFrontFaceNullError AdminIdcardFrontFaceFileError AdminFrontOssFileNotUploadError
        AdminBackOssFileNotUploadError PhoneNoCertifyCodeNullError CertifyCodeError OtherFileTypeError
        OtherOssFileNotUploadError SameQualificationGroupError QualificationNotExist AuthorizationLetterNameRepeat
        AuthorizationLetterNameNotMatchRegex AuthorizationLetterNameOverLimit AuthorizationLetterDateNotMatchRegex
        AuthorizationLetterDateNotValid AuthorizationNotMatchRegex AuthorizationOverLimit ProxyAuthorizationNotMatchRegex
        ProxyAuthorizationOverLimit AuthorizationOssFileNotUploadError SignNumOverLimit SignNotMatchRegex
        OrganizationCodeOverLimit TrademarkOssFileNotUploadError TrademarkPicsFileError TrademarkLetterDateNotMatchRegex
        TrademarkDateNotValid TrademarkNameNotMatchRegex TrademarkNameOverLimit TrademarkRegistrationNumberNotMatchRegex
        TrademarkRegistrationNumberOverLimit TrademarkApplicantNameNotMatchRegex TrademarkApplicantNameOverLimit
        AppIcpRecordOssFileNotUploadError AppIcpRecordPicsFileError AppIcpRecordDateNotMatchRegex AppApprovalDateNotValid
        AppPrincipalUnitNameNotMatchRegex AppPrincipalUnitNameOverLimit AppIcpLicenseNumberNotMatchRegex
        AppIcpLicenseNumberOverLimit AppDomainNotMatchRegex AppDomainOverLimit AssocSignUnapproved SmsSignatureNotFound
        MissingTemplateName InvalidTemplateRule InvalidTemplateContent.Format TemplateVarLimitExceeded InvalidMoreData
        TemplateParameterCountIllegal isv.SMS_SIGNATURE_ILLEGAL isv.SMS_SIGN_ILLEGAL isv.SIGN_NAME_ILLEGAL
        isv.SMS_SIGNATURE_SCENE_ILLEGAL isv.SMS_TEMPLATE_ILLEGAL isv.TEMPLATE_MISSING_PARAMETERS isv.TEMPLATE_PARAMS_ILLEGAL
        isv.INVALID_JSON_PARAM isv.PARAM_LENGTH_LIMIT isv.PARAM_NOT_SUPPORT_URL isv.SMS_CONTENT_ILLEGAL
        isv.UNSUPPORTED_CONTENT isv.BLACK_KEY_CONTROL_LIMIT isv.SMS_CONTENT_MISMATCH_TEMPLATE_TYPE isv.MOBILE_NUMBER_ILLEGAL
        isv.MOBILE_COUNT_OVER_LIMIT isv.EXTEND_CODE_ERROR isv.INVALID_PARAMETERS isv.DOMESTIC_NUMBER_NOT_SUPPORTED
        isv.SMS_TEST_NUMBER_LIMIT""",
    Trouble.UNEXPECTED: "InvalidVersion InvalidAction.NotFound MissingSignSource InvalidTemplateRule.Format",
}
"""Every code that facts 1.3, 2.6, 2.8, 3.6, 4.6 and 6.4 name and that says no for certain."""


@pytest.mark.parametrize("trouble", _NAMED)
def test_every_code_that_the_vendor_names_has_a_meaning_of_its_own(trouble: Trouble) -> None:
    vague = errors.meaning("isv.SOMETHING_NEW")
    for code in _NAMED[trouble].split():
        told, advice = errors.meaning(code)
        assert (code, told) == (code, trouble)
        assert advice is not None, code
        assert (told, advice) != vague, code


def test_a_code_that_nobody_knows_is_shown_as_it_is() -> None:
    error = failure(400, refusal("Brand.NewCode", "数据异常"), changes=True)
    assert type(error) is Refused
    assert (error.code, error.message, error.trouble, error.advice) == (
        "Brand.NewCode",
        "数据异常",
        Trouble.UNEXPECTED,
        None,
    )


@pytest.mark.parametrize(
    ("status", "content"),
    [
        (500, b"<html>500</html>"),
        (502, b""),
        (503, refusal("ServiceUnavailable")),
        (500, refusal("Whatever")),
        (200, b"<!-- upstream connect error -->{"),
        (200, b"[]"),
        (200, b"null"),
        (200, b"\xff\xfe"),
        (200, b"{}"),
        (400, b"<html>blocked</html>"),
        (400, refusal("OK")),
        (302, b""),
        (400, refusal("InternalError")),
        (200, refusal("isp.SYSTEM_ERROR")),
        (200, refusal("isp.GATEWAY_ERROR")),
        (400, refusal("SignatureNonceUsed")),
    ],
)
def test_what_leaves_doubt(status: int, content: bytes) -> None:
    assert type(failure(status, content, changes=True)) is AnswerLost
    assert type(failure(status, content, changes=False)) is Unavailable


@pytest.mark.parametrize("code", ["Throttling", "Throttling.User", "Throttling.Api", "ThrottlingNew"])
@pytest.mark.parametrize("status", [200, 400, 429, 503])
def test_too_fast(code: str, status: int) -> None:
    error = failure(status, refusal(code), changes=True, headers={"x-acs-retry-after": "2500"})
    assert isinstance(error, Throttled)
    assert (error.retry_after, error.trouble, error.request_id) == (2.5, Trouble.LIMIT, "R-1")


@pytest.mark.parametrize("header", ["", "0", "-1", "soon", "1.5", "９", "1" * 40])
def test_a_wait_that_is_no_number_is_none(header: str) -> None:
    error = failure(400, refusal("Throttling"), changes=False, headers={"x-acs-retry-after": header})
    assert isinstance(error, Throttled)
    assert error.retry_after is None


def test_too_fast_without_a_body() -> None:
    error = failure(429, b"slow down", changes=True, headers={"x-acs-retry-after": "1000"})
    assert isinstance(error, Throttled)
    assert error.retry_after == 1.0


def test_too_fast_as_the_operator_knows_it() -> None:
    ours = Unconfirmed(retry_after_unit="s", throttling_codes=("Busy",))
    error = failure(400, refusal("Busy.Now"), changes=True, headers={"x-acs-retry-after": "3"}, unconfirmed=ours)
    assert isinstance(error, Throttled)
    assert error.retry_after == 3.0


def test_lower_case_spellings() -> None:
    content = json.dumps({"code": "SignName.Exists", "message": "m", "requestId": "R-2"}).encode()
    error = failure(400, content, changes=True)
    assert (error.code, error.message, error.request_id) == ("SignName.Exists", "m", "R-2")


def test_billing_says_success_its_own_way() -> None:
    asked = Asked(changes=False, billing=True)
    assert read(Reply(200, {}, refusal("Success", Success=True)), Answer, asked, SURE).RequestId == "R-1"
    assert type(failure(200, refusal("Success", Success=False), changes=False, billing=True)) is Unavailable
    assert type(failure(200, refusal("OK"), changes=False, billing=True)) is Unavailable
    assert failure(403, refusal("NotAuthorized"), changes=False, billing=True).trouble is Trouble.PERMISSION
    assert read(Reply(200, {}, refusal("OK", Success=False)), Answer, Asked(changes=False), SURE).RequestId == "R-1"


def test_nothing_secret_in_an_error() -> None:
    quoted = (
        "Specified signature is not matched with our calculation. server string to sign is:ACS3-HMAC-SHA256\n"
        "x-acs-security-token:ststoken"
    )
    message = failure(400, refusal("SignatureDoesNotMatch", quoted), changes=True).message
    assert message == "Specified signature is not matched with our calculation."
    leaky = "LTAIkey with topsecret at https://oss.aliyuncs.com/a.png?Expires=1&Signature=abc ok " + "x" * 900
    message = failure(400, refusal("InvalidMoreData", leaky), changes=True).message
    assert message.startswith("*** with *** at https://oss.aliyuncs.com/a.png ok xxx")
    assert len(message) == 500


def test_an_empty_secret_replaces_nothing() -> None:
    assert errors.harmless("abc", ("",)) == "abc"


def test_advice_reads_in_both_languages() -> None:
    for code in sorted({code for table in errors._TABLES for code in table}):
        _, advice = errors.meaning(code)
        assert advice is not None, code
        assert re.fullmatch(r"[A-Z`].*[.…]", advice.en, re.DOTALL), code
        assert re.search("[\u4e00-\u9fff]", advice.zh), code
        assert re.search("[。…ID]$", advice.zh), code
        assert not re.search(r"[!！]|sorry|抱歉|unfortunately", advice.en + advice.zh, re.IGNORECASE), code


def test_the_keys_that_are_advised_are_those_that_are_asked_for_in_the_readers_language() -> None:
    fields = [field for kind in Kind for field in declared(kind)]
    for code in sorted({code for table in errors._TABLES for code in table}):
        _, advice = errors.meaning(code)
        assert advice is not None
        for key in re.findall(r"([a-z_]+)(?:\.code)?=(?!=)", advice.en.replace("digital_files =", "")):
            assert field_for(key, fields) is not None, (code, key)
        for key in re.findall(r"(?<![\w.])([\w]+)(?:\.code)?=", advice.zh.replace("digital_files =", "")):
            assert not key.isascii(), (code, key)
            assert field_for(key, fields) is not None, (code, key)
