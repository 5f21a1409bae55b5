"""How Alibaba Cloud words its reasons, where nobody else words them so (facts 2.8, 4.6, 4.7, 6.5; rules seen 1 and 2)."""

from bot.contracts.rules import Phrase

REASONS: tuple[Phrase, ...] = (
    Phrase(r"签名\S{0,4}(?:不能|不可)\S{0,4}(?:仅|全部?|纯)\S{0,4}字母", ("digital-signature-only-letters",)),
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
    Phrase(
        r"不支持纯文本|纯文本\S{0,6}(?:不支持|不可)|(?:添加|缺少|补充)\S{0,4}图片或视频", ("digital-without-picture",)
    ),
    Phrase(r"(?:视频|影片)\S{0,6}(?:超过|多于|最多|只能|仅)\S{0,4}(?:一个|1个)|多个视频", ("digital-several-films",)),
    Phrase(r"(?:最多|超过|不超过)\S{0,4}9帧|帧数(?:过多|超)", ("digital-too-many-frames",)),
    Phrase(r"invalidtemplatename|模板名称\S{0,6}(?:过长|超过)", ("digital-name-too-long",)),
    Phrase(
        r"(?:不能|不可|请勿)\S{0,4}(?:包含|使用|出现)?\S{0,3}\[|方括号|中括号",
        ("digital-brackets", "square-brackets-at-edge"),
    ),
    Phrase(
        r"变量(?:不能|不可|不得|最多)?\S{0,4}(?:超过)?(?:3|三)个|变量名\S{0,4}(?:超过|不超过)\S{0,4}20",
        ("digital-variables",),
    ),
    Phrase(r"文件不能证明信息真实性", ("paper-wrong",)),
    Phrase(r"trafficdriving|引流资料|导流资料", ("link-in-text", "phone-in-text")),
)
"""Phrases and codes of this vendor alone."""
