"""The words for kinds, states, carriers and roles, in both languages."""

from collections.abc import Mapping

from bot.contracts.message import Mark
from bot.contracts.model import Kind, Role, State, Words
from bot.wording.language import Language

ROLES = {
    Role.NOBODY: Words("nobody", "无"),
    Role.VIEWER: Words("viewer", "查看者"),
    Role.SUBMITTER: Words("submitter", "提交人"),
    Role.RESPONDER: Words("responder", "响应人"),
    Role.APPROVER: Words("approver", "审批人"),
    Role.ADMIN: Words("admin", "管理员"),
}


KINDS = {
    Kind.SIGNATURE: Words("signature", "签名"),
    Kind.TEMPLATE: Words("template", "模板"),
    Kind.QUALIFICATION: Words("qualification", "资质"),
}

DIGITAL_KINDS = {
    Kind.SIGNATURE: Words("digital signature", "数字短信签名"),
    Kind.TEMPLATE: Words("digital template", "数字短信模板"),
}

PENDING_WORD = Words("pending", "进行中")
"""What people say for `bot.contracts.states.PENDING`."""

TYPED: Mapping[str, tuple[Words, ...]] = {
    "send": (Words("sign=", "签名="),),  # its other keys are somebody's variables
    "settle": (
        Words("submitted", "已提交"),
        Words("approved", "已通过"),
        Words("rejected", "未通过"),
        Words("deleted", "已删除"),
        Words("id=", "编号="),
        Words("reason=", "原因="),
    ),
    "status": (PENDING_WORD, Words("mine", "我的")),
    "": (
        Words("qualification=", "资质="),
        Words("sign=", "签名="),
        Words("international=true", "国际=是"),
        Words("international=false", "国际=否"),
        Words("go_china=true", "发往内地=是"),
        Words("type=digital", "类型=数字短信"),
    ),
}
"""What stands behind a command's words in the commands that are offered, as it is typed in each language; `""`: of any command."""

KIND_WORDS = {Kind.SIGNATURE: "sign", Kind.TEMPLATE: "template", Kind.QUALIFICATION: "qualification"}
"""What people type for a kind."""

STATES = {
    State.DRAFT: Words("draft", "草稿"),
    State.AWAITING_APPROVAL: Words("waiting for approval", "待批准"),
    State.QUEUED: Words("queued", "排队中"),
    State.SUBMITTING: Words("being sent", "提交中"),
    State.UNKNOWN: Words("unknown", "结果未知"),
    State.IN_REVIEW: Words("in review", "审核中"),
    State.APPROVED: Words("approved, not ready yet", "已通过，尚不可用"),
    State.READY: Words("ready", "可用"),
    State.REJECTED: Words("rejected", "未通过"),
    State.FAILED: Words("not sent", "未提交"),
    State.WITHDRAWN: Words("withdrawn", "已撤回"),
    State.DISABLED: Words("disabled", "已停用"),
    State.DELETED: Words("deleted", "已删除"),
    State.CANCELLED: Words("cancelled", "已取消"),
}

MARKS = {
    State.DRAFT: Mark.NONE,
    State.AWAITING_APPROVAL: Mark.WAITING,
    State.QUEUED: Mark.WAITING,
    State.SUBMITTING: Mark.WAITING,
    State.UNKNOWN: Mark.WARNING,
    State.IN_REVIEW: Mark.WAITING,
    State.APPROVED: Mark.GOOD,
    State.READY: Mark.GOOD,
    State.REJECTED: Mark.BAD,
    State.FAILED: Mark.BAD,
    State.WITHDRAWN: Mark.NONE,
    State.DISABLED: Mark.BAD,
    State.DELETED: Mark.NONE,
    State.CANCELLED: Mark.NONE,
}

CARRIERS = {
    "mobile": Words("China Mobile", "中国移动"),
    "unicom": Words("China Unicom", "中国联通"),
    "telecom": Words("China Telecom", "中国电信"),
}

FILINGS = {
    "waiting": Words("in progress", "报备中"),
    "done": Words("filed", "已报备"),
    "failed": Words("failed", "报备失败"),
    "lapsed": Words("lapsed", "已失效"),
    "missing": Words("not begun", "未报备"),
}


def choose(table: Mapping[str, Words], key: str, language: Language) -> str:
    """The word for a key; an unknown key is shown as it is, never guessed."""
    return language.pick(table[key]) if key in table else key
