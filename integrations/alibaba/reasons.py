"""How Alibaba Cloud words its reasons, where nobody else words them so (facts 2.8, 4.6, 4.7, 6.5; rules seen 1 and 2)."""

from bot.contracts.rules import Phrase

REASONS: tuple[Phrase, ...] = (
    Phrase(r"变量\S{0,20}不符合\[[^\]]*\]的?变量规范|templaterule|variableattribute", ("variable-kind-wrong",)),
    Phrase(r"templatevarlimitexceeded|templateparametercountillegal", ("otp-several-variables",)),
    Phrase(r"params over length limit|param_length_limit", ("variable-value-too-long",)),
    Phrase(r"isv\.unsupported_content", ("traditional-characters", "emoji", "special-symbols")),
    Phrase(r"isv\.sign_source_illegal", ("source-withdrawn", "source-app")),
    Phrase(r"content_error", ("promo-without-optout", "banned-topic")),
    Phrase(r"invalidsignname", ("signature-characters", "signature-only-digits", "signature-length")),
    Phrase(r"smssignnotauthorized|smsauthorizationletternotmatch", ("letter-wrong", "letter-missing")),
    Phrase(r"smsauthorizationletternotexist", ("letter-missing",)),
    Phrase(r"trademarknotexist", ("trademark-paper-missing", "trademark-not-found")),
    Phrase(r"invalidqualification|qualificationnotfound", ("qualification-missing",)),
    Phrase(r"文件不能证明信息真实性", ("paper-wrong",)),
    Phrase(r"trafficdriving|引流资料|导流资料", ("link-in-text", "phone-in-text")),
)
"""Phrases and codes of this vendor alone."""
