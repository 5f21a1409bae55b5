import re

import pytest
from tencentcloud.sms.v20210111 import errorcodes

from bot.contracts.errors import AnswerLost, Refused, Throttled, Trouble, Unavailable
from integrations.tencent.errors import MEANINGS, failure, meaning


@pytest.mark.parametrize(
    ("code", "trouble"),
    [
        ("InvalidParameterValue.SignExistAndUnapproved", Trouble.STATE),
        ("InvalidParameterValue.MarketingTemplateWithoutUnsubscribe", Trouble.INPUT),
        ("InvalidParameterValue.SomethingNew", Trouble.INPUT),
        ("InvalidParameterValue.ImageInvalid.TooSmall", Trouble.INPUT),
        ("AuthFailure.SignatureExpire", Trouble.CLOCK),
        ("AuthFailure.SignatureFailure", Trouble.CREDENTIALS),
        ("UnauthorizedOperation.RequestIpNotInWhitelist", Trouble.PERMISSION),
        ("UnauthorizedOperation.SomethingNew", Trouble.PERMISSION),
        ("UnauthorizedOperation.ServiceSuspendDueToArrears", Trouble.EMPTY),
        ("FailedOperation.NotEnterpriseCertification", Trouble.ACCOUNT),
        ("FailedOperation.InsufficientBalanceInSmsPackage", Trouble.EMPTY),
        ("LimitExceeded.SomethingNew", Trouble.LIMIT),
        ("FailedOperation.SignNumberLimit", Trouble.LIMIT),
        ("UnsupportedOperation", Trouble.STATE),
    ],
)
def test_codes_are_matched_by_their_beginning(code: str, trouble: Trouble) -> None:
    found, advice = meaning(code)
    assert found is trouble
    assert advice is not None


def test_every_code_of_the_sdk_has_words_of_its_own_but_those_of_the_vendors_own_faults() -> None:
    known = {value for name, value in vars(errorcodes).items() if name.isupper()}
    saying_nothing = {
        "InvalidParameter.InvalidParameters",
        "InvalidParameterValue.MultiSmsInfoSetEmpty",  # of an operation that is not called
    }
    for code in {code for code in known if "." in code} - saying_nothing:
        assert meaning(code)[1] is not None, code
        assert code in MEANINGS or code.startswith("InternalError"), code


COMMON = """AuthFailure.SignatureExpire AuthFailure.SignatureFailure AuthFailure.SecretIdNotFound AuthFailure.InvalidSecretId
    AuthFailure.InvalidAuthorization AuthFailure.TokenFailure AuthFailure.MFAFailure AuthFailure.UnauthorizedOperation
    InternalError.RequestTimeException UnauthorizedOperation UnauthorizedOperation.SomethingNew IpNotInWhitelist IpInBlacklist
    LimitExceeded ActionOffline InvalidAction NoSuchProduct NoSuchVersion InvalidRequest MissingParameter UnknownParameter
    InvalidParameter InvalidParameterValue UnsupportedOperation DryRunOperation RequestSizeLimitExceeded"""


def test_every_code_that_all_of_tencent_cloud_has_is_a_no_with_words() -> None:
    """Facts 1.5, the rows without "retry"."""
    for code in COMMON.split():
        error = failure(code, "", "", write=True)
        assert type(error) is Refused, code
        assert error.advice is not None, code


@pytest.mark.parametrize(
    ("cut", "whole"),
    [
        (
            "FailedOperation.TemplateParamSetNotMatchApprovedTemplat",
            "FailedOperation.TemplateParamSetNotMatchApprovedTemplate",
        ),
        ("FailedOperation.InsufficientBalanceInSmsPack", "FailedOperation.InsufficientBalanceInSmsPackage"),
        ("LimitExceeded.PhoneNumberSameContentDai", "LimitExceeded.PhoneNumberSameContentDailyLimit"),
    ],
)
def test_a_code_that_was_cut_off_is_known(cut: str, whole: str) -> None:
    assert meaning(cut) == MEANINGS[whole]


@pytest.mark.parametrize("cut", ["InvalidParameterValue.Sign", "LimitExceeded.App", "LimitExceeded.PhoneNumber"])
def test_a_beginning_that_several_codes_have_is_none_of_them(cut: str) -> None:
    assert meaning(cut) == MEANINGS[cut.partition(".")[0]]


@pytest.mark.parametrize("code", ["FailedOperation.SomethingNew", "InvalidParameterish", "Nonsense", ""])
def test_an_unknown_code_is_shown_as_it_is(code: str) -> None:
    assert meaning(code) == (Trouble.UNEXPECTED, None)
    error = failure(code, "vendor's words", "r", write=True)
    assert isinstance(error, Refused)
    assert error.code == code


def test_every_code_that_stands_in_the_table_is_the_vendors() -> None:
    known = {value for name, value in vars(errorcodes).items() if name.isupper()}
    parts = {code.rpartition(".")[0] for code in known} | known
    for code in MEANINGS:
        common = code.partition(".")[0] in {
            "AuthFailure",
            "IpNotInWhitelist",
            "IpInBlacklist",
            "RequestSizeLimitExceeded",
            "UnsupportedRegion",
            "ActionOffline",
            "InvalidAction",
            "NoSuchProduct",
            "NoSuchVersion",
            "InvalidRequest",
            "DryRunOperation",
            "UnknownParameter",
        }
        assert common or code in parts, code


def test_a_clock_that_is_off_is_refused_even_though_it_is_called_internal() -> None:
    error = failure("InternalError.RequestTimeException", "", "", write=True)
    assert isinstance(error, Refused)
    assert error.trouble is Trouble.CLOCK


@pytest.mark.parametrize(
    ("code", "write", "kind"),
    [
        ("RequestLimitExceeded.GlobalRegionUinLimitExceeded", True, Throttled),
        ("RequestLimitExceeded.IPLimitExceeded", False, Throttled),
        ("LimitExceeded.AppDailyLimit", True, Refused),
        ("InternalError.OtherError", True, AnswerLost),
        ("InternalError.OtherError", False, Unavailable),
    ],
)
def test_what_to_do_next(code: str, write: bool, kind: type[Exception]) -> None:
    assert type(failure(code, "", "", write=write)) is kind


def test_the_advice_reads_well_in_both_languages() -> None:
    for code, (_, advice) in MEANINGS.items():
        assert re.search(r"[一-鿿]", advice.zh), code
        assert not re.search(r"[一-鿿]{5,}", advice.en.replace("拒收请回复R", "").replace("实名资质管理", "")), code
        assert advice.en.endswith("."), code
        assert advice.zh.endswith("。"), code
        assert set(re.findall(r"([A-Za-z_]+)=", advice.zh)) <= {"region"}, (
            code
        )  # the operator's, who writes no Chinese key
        for text in (advice.en, advice.zh):
            assert not re.search(r"[!！]|sorry|抱歉|对不起", text, re.IGNORECASE), code
