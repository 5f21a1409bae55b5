"""What UCloud's reviewers mind: which rules, how severe, read where (facts 7 and 8)."""

from dataclasses import replace
from decimal import Decimal

from bot.contracts.model import Words
from bot.contracts.rules import Minds, Page, Price, Severity, Standards

_E, _W = Severity.ERROR, Severity.WARNING

_SIGN = Page("docs.ucloud.cn/usms/introduction/2005/2103", "2026-05")
_TEMPLATE = Page("docs.ucloud.cn/usms/introduction/2005/2105", "2026-05")
_NAME = Page("docs.ucloud.cn/usms/introduction/2005/2107", "2026-05")
_NOTICE = Page("docs.ucloud.cn/usms/introduction/notice", "2025-11-28")
_FILING = Page("docs.ucloud.cn/usms/introduction/notice", "2025-04-16")
_PRICE = Page("docs.ucloud.cn/usms/price/3003", "2026-07-17")

_BLOCKED = Words("carriers block it", "运营商会拦截")

_ALL = frozenset({"domestic", "international"})
"""What its standard of templates says of all texts (facts 7.4); links and numbers are the mainland carriers' business."""

_TOPICS = (
    "finance",
    "loan",
    "dunning",
    "lottery",
    "game",
    "medical-beauty",
    "carrier-business",
    "legal-threat",
    "invoice-service",
    "review-request",
    "counterfeit-goods",
)
_LIST = frozenset(
    {
        "gambling",
        "porn",
        "drugs-arms",
        "religion",
        "politics",
        "legal-services",
        "charity",
        "crowdfunding",
        "trademark-registration",
        "fur",
    }
)

_MINDS = (
    # --- Signatures ---------------------------------------------------------------------------------------------------
    Minds("signature-length", _E, _SIGN, least=2, most=12),
    Minds("signature-characters", _E, _SIGN, words=("_",)),
    Minds("signature-brackets", _E, _SIGN),
    Minds("signature-test-word", _W, _SIGN),
    Minds("non-identifiable-name", _W, _SIGN),
    Minds("personal-name", _W, _SIGN),
    Minds("source-withdrawn", _E, _SIGN),
    Minds("source-app", _E, _SIGN),
    Minds("letter-missing", _E, _SIGN),
    Minds("trademark-paper-missing", _E, _SIGN),
    Minds("qualification-missing", _W, _FILING),
    Minds("name-not-company-name", _E, _SIGN),
    Minds("short-form-too-short", _E, _SIGN, least=3, note=Words("more than 3 characters", "须超过 3 个字")),
    Minds("short-form-not-contiguous", _E, _SIGN),
    Minds("banned-topic-name", _W, _SIGN),
    Minds("contact-in-signature", _W, _SIGN),
    # --- Verification codes -------------------------------------------------------------------------------------------
    Minds("otp-without-code-word", _E, _TEMPLATE, words=("验证码", "注册码", "校验码", "动态码")),
    Minds("otp-with-link", _W, _NOTICE, note=_BLOCKED),
    Minds("otp-with-contact", _W, _NOTICE, note=_BLOCKED),
    Minds("otp-with-marketing", _W, _TEMPLATE, regions=_ALL),
    # --- Notifications and promotions ---------------------------------------------------------------------------------
    Minds("notice-with-marketing", _W, _TEMPLATE, regions=_ALL),
    Minds("promo-without-optout", _E, _TEMPLATE),
    # --- Variables ----------------------------------------------------------------------------------------------------
    Minds("variables-only", _E, _TEMPLATE),
    Minds("variable-inside-link", _W, _NOTICE, note=_BLOCKED),
    Minds("variable-link-path", _W, _NOTICE, note=_BLOCKED),
    Minds("link-in-variable", _W, _NOTICE, note=_BLOCKED),
    Minds("short-link-plus-variable", _W, _NOTICE, note=_BLOCKED),
    # --- How it is written --------------------------------------------------------------------------------------------
    Minds("text-too-long", _E, _TEMPLATE, most=500),
    Minds("template-name", _E, _NAME, least=2, most=12),
    Minds("special-symbols", _E, _TEMPLATE, words=(*"※●★￥¥☆○◆◇■□▲△", "^_^"), regions=_ALL),
    Minds("emoji", _W, _TEMPLATE, regions=_ALL),
    Minds("unclear-subject", _W, _TEMPLATE),
    Minds("wrong-placeholder", _W, _TEMPLATE),
    # --- Links, numbers, accounts -------------------------------------------------------------------------------------
    Minds("mobile-number-in-text", _W, _NOTICE, note=_BLOCKED),
    Minds("phone-in-text", _W, _NOTICE, note=_BLOCKED),
    Minds("link-in-text", _W, _NOTICE, note=_BLOCKED),
    Minds("too-many-contacts", _W, _NOTICE, most=2, note=_BLOCKED),
    # --- Topics -------------------------------------------------------------------------------------------------------
    *(Minds(topic, _W, _TEMPLATE, regions=_ALL) for topic in _TOPICS),
    Minds("banned-topic", _W, _TEMPLATE, topics=_LIST, regions=_ALL),
)

STANDARDS = Standards(
    "ucloud",
    _MINDS,
    (
        Price("otp", Decimal("0.050"), _PRICE),
        Price("notice", Decimal("0.050"), _PRICE),
        Price("promo", Decimal("0.055"), _PRICE),
    ),
)
"""All that UCloud publishes on what passes."""


def of_length(longest: int) -> Standards:
    """The same where signatures may have another length (`unconfirmed.longest_signature`)."""
    minds = tuple(replace(one, most=longest) if one.rule == "signature-length" else one for one in _MINDS)
    return replace(STANDARDS, minds=minds)
