"""What a wording needs to know beside the thing itself, and the words for kinds, states, carriers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

from bot.contracts.hours import Holidays, Hours
from bot.contracts.message import Mark
from bot.contracts.model import Kind, Request, State, Words
from bot.contracts.vendor import Capabilities
from bot.language import Language
from bot.polling import expected


@dataclass(frozen=True, slots=True)
class View:
    """The reader's language, the time, and what the vendors can do.

    Args:
        capabilities: account → what its vendor can do.
        hours: account → the reviewers' hours.
        spellings: English command words → those of the reader's language, the longest first; empty for English.
        names: identities (`Actor.key`) → what people are called.
    """

    language: Language
    now: datetime
    capabilities: Mapping[str, Capabilities]
    hours: Mapping[str, Hours]
    holidays: Holidays
    spellings: tuple[tuple[str, str], ...] = ()
    names: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def named(self, key: str) -> str:
        """What somebody is called; their user id where nobody named them."""
        identity = user_key(key)
        return self.names.get(identity, identity.partition(":")[2] or key)

    def typed(self, command: str) -> str:
        """A command as people of this language type it."""
        for english, spelled in self.spellings:
            if command == english or command.startswith(english + " "):
                return spelled + command.removeprefix(english)
        return command

    def expected(self, request: Request) -> datetime | None:
        """When a decision is expected; none when the account is no longer configured."""
        capabilities = self.capabilities.get(request.account)
        if capabilities is None:
            return None
        return expected(
            request,
            self.now,
            hours=self.hours[request.account],
            usually=capabilities.kinds[request.kind].usually,
            holidays=self.holidays,
        )

    def console(self, request: Request) -> str:
        """The vendor's console page for this kind of thing; may be empty."""
        capabilities = self.capabilities.get(request.account)
        return capabilities.kinds[request.kind].console if capabilities else ""


KINDS = {
    Kind.SIGNATURE: Words("signature", "签名"),
    Kind.TEMPLATE: Words("template", "模板"),
    Kind.QUALIFICATION: Words("qualification", "资质"),
}

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


def user_key(key: str) -> str:
    """An `Actor.key` without the team: `platform:user`, as people are named by."""
    platform, _, rest = key.partition(":")
    return f"{platform}:{rest.rpartition('/')[2]}"


def choose(table: Mapping[str, Words], key: str, language: Language) -> str:
    """The word for a key; an unknown key is shown as it is, never guessed."""
    return language.pick(table[key]) if key in table else key
