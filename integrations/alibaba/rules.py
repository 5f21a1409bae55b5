"""What Alibaba Cloud's reviewers mind: which rules, how severe, read where (facts 10.1 to 10.4; rules seen 1 and 2)."""

from decimal import Decimal

from bot.contracts.model import Words
from bot.contracts.rules import Minds, Page, Price, Severity, Standards

_E, _W = Severity.ERROR, Severity.WARNING

_SIGN = Page("help.aliyun.com/document_detail/108076.html", "2025-03-28")
_REASONS = Page("help.aliyun.com/document_detail/65990.html", "2025-03-28")
_API_SIGN = Page("help.aliyun.com: CreateSmsSign", "2025-03-28")
_CODES = Page("help.aliyun.com/document_detail/463237.html", "2025-05")
_NOTICES = Page("help.aliyun.com/document_detail/463270.htm", "2025-05")
_OVERVIEW = Page("help.aliyun.com/document_detail/91975.html", "2025-05")
_APPLY = Page("help.aliyun.com/document_detail/44357.html", "2025-05")
_SPECIFICATION = Page("help.aliyun.com/document_detail/463161.html", "2025-05")
_KINDS = Page("help.aliyun.com/document_detail/2806243.html", "2025-05")
_TRAFFIC = Page("help.aliyun.com: CreateSmsTemplate.TrafficDriving", "2025-05")
_LENGTH = Page("help.aliyun.com/document_detail/44335.html", "2025-05")
_INTERNATIONAL = Page("alibabacloud.com/help/en/sms: signature specifications", "2025-05")
_DIGITAL = Page("help.aliyun.com/zh/sms/digital-sms-template-specifications", "2025-05")
_API_DIGITAL = Page("help.aliyun.com: CreateDigitalSmsTemplate", "2025-05")
_PER_DAY = Page("help.aliyun.com: create message templates (API, by natural day)", "2025-05")
_INTEGRATORS = Page("guides of integrators", "2023", confirmed=False)

_ANY = frozenset({"notice", "promo", ""})
_PROMO = frozenset({"promo"})

# Restricted in every text, and as promotion only (rules seen 1.15).
_TOPICS = (
    "finance",
    "loan",
    "dunning",
    "lottery",
    "game",
    "medical-beauty",
    "points",
    "questionnaire",
    "app-download",
    "carrier-business",
    "legal-threat",
    "invite-register",
    "invoice-service",
    "dating",
    "home-decoration",
    "alcohol-tobacco",
    "exhibition",
    "insurance",
    "review-request",
    "counterfeit-goods",
    "rental-business",
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
        "company-agency",
        "immigration",
        "funeral",
        "franchise",
        "fur",
        "easy-money",
        "traffic-business",
        "digital-collectibles",
        "vocational-training",
    }
)

_MINDS = (
    # --- Signatures ---------------------------------------------------------------------------------------------------
    Minds("signature-length", _E, _API_SIGN, least=2, most=12),
    Minds("signature-characters", _E, _SIGN),
    Minds("signature-brackets", _E, _SIGN),
    Minds("signature-only-digits", _E, _SIGN),
    Minds("signature-test-word", _E, _SIGN),
    Minds("non-identifiable-name", _W, _REASONS),
    Minds("personal-name", _W, _REASONS),
    Minds("english-only-signature", _W, _INTERNATIONAL),
    Minds("traditional-signature", _W, _SIGN),
    Minds("source-withdrawn", _E, _SIGN),
    Minds("source-app", _W, _SIGN),
    Minds("letter-missing", _E, _API_SIGN),
    Minds("trademark-paper-missing", _E, _API_SIGN),
    Minds("qualification-missing", _E, _API_SIGN),
    Minds("name-not-company-name", _W, _SIGN),
    Minds("banned-topic-name", _W, _SIGN),
    Minds("contact-in-signature", _W, _SIGN),
    Minds("government-without-landline", _W, _API_SIGN),
    # --- Verification codes -------------------------------------------------------------------------------------------
    Minds("otp-without-code-word", _E, _CODES, words=("验证码", "注册码", "校验码", "动态码", "动态密码")),
    Minds("otp-without-context", _W, _CODES),
    Minds("otp-without-variable", _E, _APPLY, note=Words("exactly one", "有且仅有一个")),
    Minds("otp-several-variables", _E, _APPLY, note=Words("one allowed", "仅允许一个")),
    Minds("otp-other-variable", _E, _APPLY, note=Words("one allowed", "仅允许一个")),
    Minds("otp-with-link", _E, _CODES),
    Minds("otp-with-contact", _E, _CODES),
    Minds("otp-with-marketing", _W, _CODES),
    Minds("otp-with-optout", _E, _CODES),
    Minds("otp-value-form", _W, _KINDS, words=(r"[0-9A-Za-z]{4,6}",)),
    # --- Notifications and promotions ---------------------------------------------------------------------------------
    Minds("notice-with-optout", _E, _NOTICES),
    Minds("notice-with-marketing", _W, _NOTICES),
    Minds("greeting-as-notice", _W, _NOTICES),
    Minds("code-text-as-notice", _W, _NOTICES),
    Minds("promo-without-optout", _E, _OVERVIEW),
    Minds("promo-other-optout", _E, _OVERVIEW),
    Minds("promo-not-to-members", _W, _OVERVIEW),
    Minds("promo-consent-missing", _E, Page("help.aliyun.com/document_detail/312341.html", "2025-05")),
    # --- Variables ----------------------------------------------------------------------------------------------------
    Minds("variables-only", _E, _APPLY),
    Minds("too-little-fixed-text", _W, _APPLY),
    Minds("two-variables-adjacent", _E, _APPLY),
    Minds("variable-inside-link", _E, _SPECIFICATION),
    Minds("variable-link-path", _W, _TRAFFIC, note=Words("say whose it is: `link_owner=`", "须登记归属：`链接归属=`")),
    Minds("link-in-variable", _E, _SPECIFICATION),
    Minds("short-link-plus-variable", _E, _SPECIFICATION),
    Minds("forbidden-variable-name", _W, _INTEGRATORS, words=("email", "mobile", "id", "nick", "site")),
    Minds("bad-variable-name", _E, _APPLY),
    Minds("repeated-variable", _E, _APPLY),
    Minds("variable-kind-wrong", _W, _KINDS),
    # --- How it is written --------------------------------------------------------------------------------------------
    Minds("text-too-long", _E, _SPECIFICATION, most=500),
    # The text of an international one holds no signature either: the operation itself says so (facts 4.1).
    Minds("signature-in-text", _E, _CODES, regions=frozenset({"domestic", "international"})),
    Minds("square-brackets-at-edge", _E, _NOTICES),
    Minds(
        "special-symbols",
        _E,
        _NOTICES,
        words=(
            *"#＃『』「」〖〗•●○◎◆◇■□▲△▼▽①②③④⑤⑥⑦⑧⑨⑩⑴⑵⑶❶❷❸★☆※→←↑↓⇒➜➡►▶☞☛√✓✔✅✘✕¥￥",
            "m²",
            "㎡",
            "^_^",
        ),
    ),
    Minds("emoji", _E, _NOTICES),
    Minds("traditional-characters", _E, _NOTICES),
    Minds("disguised-spelling", _W, _NOTICES),
    Minds("unclear-subject", _W, _NOTICES),
    Minds("wrong-placeholder", _W, _APPLY),
    # --- Links, numbers, accounts -------------------------------------------------------------------------------------
    Minds("mobile-number-in-text", _E, _NOTICES),
    Minds("social-account-in-text", _W, _NOTICES),
    Minds("phone-in-text", _W, _TRAFFIC, note=Words("say whose it is: `link_owner=`", "须登记归属：`号码归属=`")),
    Minds("link-in-text", _W, _TRAFFIC, note=Words("say whose it is: `link_owner=`", "须登记归属：`链接归属=`")),
    Minds("too-many-contacts", _E, _NOTICES, most=2),
    Minds("too-many-templates-in-a-day", _W, _PER_DAY, most=100),
    Minds("third-party-name", _W, _CODES),
    # --- Digital messages ---------------------------------------------------------------------------------------------
    Minds("digital-signature-only-letters", _E, Page("help.aliyun.com: CreateDigitalSignOrder", "2025-05")),
    Minds("digital-without-picture", _E, _DIGITAL),
    Minds("digital-several-films", _E, _API_DIGITAL, most=1),
    Minds("digital-too-many-frames", _E, _DIGITAL, most=9),
    Minds("digital-name-too-long", _E, _API_DIGITAL, most=20),
    Minds("digital-brackets", _E, _DIGITAL),
    Minds("digital-without-optout", _E, _DIGITAL),
    Minds("digital-variables", _E, _DIGITAL, most=3),
    # --- Topics -------------------------------------------------------------------------------------------------------
    *(Minds(topic, _W, _NOTICES, types=_ANY) for topic in _TOPICS),
    Minds("real-estate", _W, _OVERVIEW, types=_PROMO),
    Minds("banned-topic", _W, _NOTICES, topics=_LIST),
)

STANDARDS = Standards(
    "alibaba",
    _MINDS,
    (
        Price("otp", Decimal("0.045"), _LENGTH),
        Price("notice", Decimal("0.045"), _LENGTH),
        Price("promo", Decimal("0.055"), _LENGTH),
    ),
)
"""All that Alibaba Cloud publishes on what passes."""
