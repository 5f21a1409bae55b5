"""What Tencent Cloud's reviewers mind: which rules, how severe, read where (facts 7 and 8; rules seen 3)."""

from bot.contracts.model import Words
from bot.contracts.rules import Minds, Page, Severity, Standards

_E, _W = Severity.ERROR, Severity.WARNING

_DOCS = "cloud.tencent.com/document/product/382"
_SIGN = Page(f"{_DOCS}/39022", "2025-06-17")
_TEMPLATE = Page(f"{_DOCS}/39023", "2025-06-17")
_REASONS = Page("cloud.tencent.com: 常见模板驳回原因与处理建议 (tencentcloud.com/document/product/382/42834)", "2023")
_SIGN_REASONS = Page("cloud.tencent.com: 常见签名驳回原因与处理建议", "2023")
_OPT_OUT = Page(f"{_DOCS}/100568; faq/382/13301", "2025-04-18")
_WITHDRAWN = Page("cloud.tencent.com announcements 2256 and 116397", "2025")
_API_SIGN = Page(f"{_DOCS}/55967 AddSmsSign", "2025-11-13")

_FAQ_SIGN = Page(f"{_DOCS}/39022; faq/382/13300", "2025-06-17")
_FAQ_TEMPLATE = Page("cloud.tencent.com/document/faq/382/13301", "2025-04-18")

_ALL = frozenset({"domestic", "international"})
"""Its standard of templates holds at home and abroad but for the code word and the opt-out (facts 7.3)."""

_TOPICS = (
    "dunning",
    "real-estate",
    "education",
    "recruitment",
    "lottery",
    "game",
    "medical-beauty",
    "points",
    "questionnaire",
    "app-download",
    "coupon",
    "carrier-business",
    "legal-threat",
    "invite-register",
    "live-stream",
    "invoice-service",
    "dating",
    "home-decoration",
    "alcohol-tobacco",
    "exhibition",
    "insurance",
    "review-request",
    "store-visit",
    "counterfeit-goods",
    "banned-topic",
)

_MINDS = (
    # --- Signatures ---------------------------------------------------------------------------------------------------
    Minds("signature-length", _E, _SIGN, least=2, most=12, abroad=15),
    Minds("signature-characters", _E, _SIGN),
    Minds("signature-brackets", _E, _SIGN),
    Minds("signature-test-word", _W, _SIGN),
    Minds("non-identifiable-name", _W, _SIGN_REASONS),
    Minds("personal-name", _W, _SIGN),
    Minds("source-withdrawn", _E, _WITHDRAWN),
    Minds("source-app", _E, _WITHDRAWN),
    Minds("letter-missing", _E, _API_SIGN),
    Minds("trademark-paper-missing", _E, _SIGN),
    Minds("qualification-missing", _W, _API_SIGN),
    Minds("name-not-company-name", _W, _SIGN),
    Minds("banned-topic-name", _W, _SIGN),
    Minds("contact-in-signature", _W, _SIGN),
    Minds("too-many-signatures", _W, _FAQ_SIGN, most=50),
    # --- Verification codes -------------------------------------------------------------------------------------------
    Minds("otp-without-code-word", _E, _REASONS, words=("验证码",), note=Words("验证码 itself", "须为“验证码”")),
    Minds("intl-otp-without-code", _E, _REASONS),
    Minds("otp-other-variable", _W, _REASONS),
    Minds("otp-with-link", _W, _TEMPLATE, regions=_ALL),
    Minds(
        "otp-with-contact",
        _W,
        _TEMPLATE,
        words=("mobile",),
        note=Words("mobile numbers and accounts", "手机号和社交账号"),
        regions=_ALL,
    ),
    Minds("otp-with-marketing", _W, _TEMPLATE, regions=_ALL),
    Minds("otp-value-form", _W, _TEMPLATE, words=(r"\d{1,6}",), regions=_ALL),
    # --- Notifications and promotions ---------------------------------------------------------------------------------
    Minds("notice-with-marketing", _W, _TEMPLATE, regions=_ALL),
    Minds("greeting-as-notice", _W, _REASONS),
    Minds("code-text-as-notice", _W, _REASONS),
    Minds("promo-without-optout", _E, _OPT_OUT),
    Minds("promo-other-optout", _E, _OPT_OUT),
    Minds("promo-not-to-members", _W, _REASONS),
    # --- Variables ----------------------------------------------------------------------------------------------------
    Minds("variables-only", _E, _TEMPLATE),
    Minds("too-little-fixed-text", _W, _REASONS, regions=_ALL),
    Minds("two-variables-adjacent", _E, _TEMPLATE),
    Minds("variable-inside-link", _E, _TEMPLATE, regions=_ALL),
    Minds("variable-link-path", _E, _REASONS, regions=_ALL),
    Minds("link-in-variable", _E, _REASONS, regions=_ALL),
    Minds("short-link-plus-variable", _E, _REASONS, regions=_ALL),
    Minds("variable-inside-number", _E, _TEMPLATE, regions=_ALL),
    # --- How it is written --------------------------------------------------------------------------------------------
    Minds("text-too-long", _E, _TEMPLATE, most=500),
    Minds("signature-in-text", _E, _TEMPLATE, regions=_ALL),
    Minds("special-symbols", _E, _TEMPLATE, words=(*"￥¥★☆&＆☞☛√✓✔※_＿", "^_^", "^"), regions=_ALL),
    Minds("emoji", _W, _TEMPLATE, regions=_ALL),
    Minds("disguised-spelling", _W, _TEMPLATE, regions=_ALL),
    Minds("unclear-subject", _W, _REASONS),
    Minds("wrong-placeholder", _W, _TEMPLATE),
    Minds(
        "too-many-templates",
        _W,
        _FAQ_TEMPLATE,
        most=200,
        note=Words("an older page says 1,000", "旧页面写的是 1000 个"),
        regions=_ALL,
    ),
    # --- Links, numbers, accounts -------------------------------------------------------------------------------------
    Minds("mobile-number-in-text", _W, _TEMPLATE, regions=_ALL),
    Minds("social-account-in-text", _W, _TEMPLATE, regions=_ALL),
    # --- Topics -------------------------------------------------------------------------------------------------------
    Minds("finance", _W, _TEMPLATE, note=Words("codes included", "含验证码"), regions=_ALL),
    Minds("loan", _W, _TEMPLATE, note=Words("codes included", "含验证码"), regions=_ALL),
    *(Minds(topic, _W, _TEMPLATE, regions=_ALL) for topic in _TOPICS),
)

STANDARDS = Standards("tencent", _MINDS)
"""All that Tencent Cloud publishes on what passes; it publishes packages, no price of one message."""

_DOMESTIC_SITE = frozenset({"source-withdrawn", "source-app", "qualification-missing"})
"""Announced for cloud.tencent.com; the other site lists every source still and has no qualifications (facts, "Two sites")."""

INTERNATIONAL_SITE = Standards("tencent", tuple(one for one in _MINDS if one.rule not in _DOMESTIC_SITE))
"""The same of the international site, tencentcloud.com."""
