"""How many an account may have, or ask for in a day. Pure; who counts them says it in the draft (`Draft.had`, `Draft.today`).

The count is that of the record, and of what the vendor listed last: what was made or deleted in a console since is not in it,
and a vendor may have agreed to more. So it is a warning, whatever the vendor would say.
"""

from bot.contracts.model import Kind, Words
from bot.contracts.rules import Example, Hit, Minds, Rule
from bot.requests.check.reading import Reading

_ANYWHERE = frozenset({"domestic", "international"})

SIGNATURES, TEMPLATES, IN_A_DAY = "too-many-signatures", "too-many-templates", "too-many-templates-in-a-day"


def _had(reading: Reading, minds: Minds) -> tuple[Hit, ...]:
    return _full(reading.draft.had, minds)


def _today(reading: Reading, minds: Minds) -> tuple[Hit, ...]:
    return _full(reading.draft.today, minds)


def _full(count: int | None, minds: Minds) -> tuple[Hit, ...]:
    return (Hit("name", what=f"{count}/{minds.most}"),) if count is not None and count >= minds.most else ()


def _example(count: str, key: str) -> Example:
    return Example("云澜网络", values=((key, count),))


def _text(count: str, key: str) -> Example:
    return Example("您的订单${order}已发货，请留意查收。", values=((key, count),))


RULES: tuple[Rule[Reading], ...] = (
    Rule(
        SIGNATURES,
        Kind.SIGNATURE,
        Words("as many signatures as an account may have", "签名数量已达上限"),
        Words(
            "The vendor takes no more of them. Delete one that is not needed first.",
            "平台不再接受新签名，请先删除不用的签名。",
        ),
        _had,
        _example("50", "had"),
        _example("49", "had"),
        regions=_ANYWHERE,
    ),
    Rule(
        TEMPLATES,
        Kind.TEMPLATE,
        Words("as many templates as an account may have", "模板数量已达上限"),
        Words(
            "The vendor may take no more of them. Delete one that is not needed first.",
            "平台可能不再接受新模板，请先删除不用的模板。",
        ),
        _had,
        _text("200", "had"),
        _text("199", "had"),
        regions=_ANYWHERE,
    ),
    Rule(
        IN_A_DAY,
        Kind.TEMPLATE,
        Words("as many templates as may be submitted in a day", "今日提交的模板已达上限"),
        Words(
            "The vendor may take no more by API until midnight in China; its console takes more.",
            "平台可能在次日 0 点（北京时间）前不再接受 API 提交，控制台不受此限。",
        ),
        _today,
        _text("100", "today"),
        _text("99", "today"),
        regions=_ANYWHERE,
    ),
)
