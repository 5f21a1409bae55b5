"""The vendor's words in ours: one table for each operation, because each operation spells the same state its own way.

Facts 0.1 and 2.4. A word that stands in no table has no state; the caller reports it and never guesses.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.contracts.model import State

INIT = "AUDIT_STATE_INIT"
PASS = "AUDIT_STATE_PASS"  # noqa: S105 -- a review's word, no password
NOT_PASS = "AUDIT_STATE_NOT_PASS"  # noqa: S105 -- a review's word, no password
CANCEL = "AUDIT_STATE_CANCEL"


@dataclass(frozen=True, slots=True)
class Review:
    """A review's state.

    Args:
        state: in our words; none when the vendor's word is unknown.
        word: in the vendor's, one spelling for all operations: a list and a single look-up must not seem to differ.
    """

    state: State | None
    word: str


_NUMBERS = {"0": INIT, "1": PASS, "2": NOT_PASS, "10": CANCEL}
_LIST = {word: word for word in (INIT, PASS, NOT_PASS, CANCEL)}

SIGNATURE_GET = _NUMBERS  # GetSmsSign.SignStatus, an int
SIGNATURE_LIST = _LIST  # QuerySmsSignList.AuditStatus
TEMPLATE_GET = _NUMBERS  # GetSmsTemplate.TemplateStatus, a string
TEMPLATE_LIST = {**_LIST, "AUDIT_SATE_CANCEL": CANCEL}  # QuerySmsTemplateList.AuditStatus, the letter T missing (sic)
PUSH = {"approving": INIT, "approved": PASS, "rejected": NOT_PASS}  # sign_status and template_status of the reports
NOT_FINISH = "NOT_FINISH"
# QuerySmsQualificationRecord.StateName. NOT_FINISH ("more material needed") waits for the submitter as a rejection does: it goes on
# with an edit that brings the material.
QUALIFICATION_RECORD = {"INIT": INIT, "PASS": PASS, "NOT_PASS": NOT_PASS, "CANCEL": CANCEL, NOT_FINISH: NOT_FINISH}
MORE_MATERIAL = "需补充材料 / more material is needed"
"""Both languages, since a reason is carried as one text; said where the reviewer says nothing."""

_STATES = {
    INIT: State.IN_REVIEW,
    NOT_PASS: State.REJECTED,
    NOT_FINISH: State.REJECTED,
    CANCEL: State.WITHDRAWN,
}


def review(table: Mapping[str, str], raw: str, *, passed: State) -> Review:
    """A vendor's word by its operation's table.

    Args:
        table: of the operation that answered.
        raw: the word as it came, whatever its type was.
        passed: what "passed" means here: a template can be used at once, a signature waits for the carriers.
    """
    word = table.get(raw)
    if word is None:
        return Review(None, raw)
    return Review(passed if word == PASS else _STATES[word], word)


# GetSmsSign.SignIspRegisterDetailList.RegisterStatus (facts 2.4).
CARRIERS = ("mobile", "unicom", "telecom")
FILING = {
    "3": "done",
    "1": "done",  # filed, at least one sub-port passed
    "-1": "waiting",
    "-2": "missing",
    "0": "failed",
    "2": "lapsed",  # no traffic for over six months
}

NOT_PROVED = "1"
"""RegisterStatus of what is filed but not yet proved by traffic."""
BEGIN_SMALL = "尚待流量验证，请先小量发送验证码或通知 / not yet proved by traffic: begin with few codes and notices"
WITHOUT_QUALIFICATION = frozenset({"UNBINDING_QUA", "BINDING_INCOMPLETE_QUA"})
"""ReasonCodes behind a filing that is not begun and will not begin by itself."""

# GetSmsTemplate.VendorAuditStatus of a digital template (facts 0.1).
DIGITAL_AUDIT = {"0": "waiting", "1": "done", "2": "failed", "15": "lapsed"}

# ReasonCode may come without a text of its own (facts 2.4). Both languages, since a reason is carried as one text.
FILING_REASONS = {
    "UNBINDING_QUA": "未绑定资质 / no qualification bound",
    "BINDING_INCOMPLETE_QUA": "绑定的资质不完整 / the bound qualification is incomplete",
    "NON_REGISTER": "尚未开始报备 / filing not started",
    "REGISTERING": "报备中 / filing under way",
    "DETECTING": "测试流量验证中 / being verified with test traffic",
    "QUALIFICATION_ERROR": "资质有问题 / problem with the qualification",
    "SIGNATURE_ERROR": "签名有问题 / problem with the signature",
    "SIGNATURE_QUALIFICATION_ERROR": "签名与资质不符 / the signature does not fit the qualification",
    "ONE_CODE_MULTIPLE_SIGN": "扩展码问题 / problem with the extension code",
    "OTHERS_ERROR": "其他原因 / another reason",
    "REGISTER_TIMEOUT": "报备超时 / filing timed out",
    "NO_SEND_RECORD": "半年内无发送记录 / no traffic in six months",
    "EXT_CODE_RECYCLE": "扩展码被收回 / extension code withdrawn",
    "SUBPORT_RECYCLE": "子端口被运营商收回 / sub-port withdrawn by the carrier",
}
