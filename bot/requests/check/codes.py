"""What reviewers mind in texts with a verification code. Pure."""

from bot.contracts.model import Kind, Words
from bot.contracts.rules import Example, Hit, Minds, Rule
from bot.requests.check.kinds import parts
from bot.requests.check.marketing import MARKETING
from bot.requests.check.reading import Reading, Span, Variable, pattern, without
from bot.requests.check.writing import NOTATIONS

OTP = frozenset({"otp"})

_CODE_NAMES = frozenset(
    [
        "code",
        "captcha",
        "yzm",
        "otp",
        "verify",
        "verification",
        "verifycode",
        "vcode",
        "checkcode",
        "authcode",
        "smscode",
        "pin",
        "password",
        "pwd",
        "passcode",
        "dynamic",
        "random",
        "number",
        "num",
        "yanzhengma",
    ]
)
_MINUTES = frozenset(
    [
        "minute",
        "minutes",
        "min",
        "mins",
        "expire",
        "expires",
        "expiry",
        "expiration",
        "ttl",
        "valid",
        "validity",
        "time",
        "timeout",
        "duration",
        "period",
        "hour",
        "hours",
        "second",
        "seconds",
        "sec",
    ]
)
_OTHER_WORDS = r"校验码|动态密码|动态码|注册码|激活码|确认码|安全码|授权码|随机码|口令|登录码|验证密码|短信码|认证码|登录密码|动态口令|驗證碼"


def the_code(reading: Reading) -> Variable | None:
    """The variable that is the code: by its name, else the one beside the word for it, else the first."""
    variables = reading.text.variables
    for one in variables:
        if set(parts(one.name)) & _CODE_NAMES:
            return one
    text = reading.text.text
    near = [one for one in variables if pattern(r"码[^,。;!?]{0,6}$|code[^,.]{0,8}$").search(text[: one.at])]
    return near[0] if near else variables[0] if variables else None


def _is_span(reading: Reading, one: Variable) -> bool:
    """Whether a variable is how long the code is valid."""
    behind = reading.text.text[one.at + 1 : one.at + 5]
    return bool(set(parts(one.name)) & _MINUTES) or pattern(r"\s*(?:分|小时|秒|min|hour|天)").match(behind) is not None


def _others(reading: Reading) -> list[Variable]:
    code = the_code(reading)
    return [one for one in reading.text.variables if code is None or one.name != code.name]


def _word(reading: Reading, minds: Minds) -> tuple[Hit, ...]:
    if not reading.draft.content or reading.text.first("|".join(minds.words)):
        return ()
    content = reading.draft.content
    near = pattern(_OTHER_WORDS).search(content)
    fix = None
    if near:
        lead = "登录" if near.group().startswith("登录") else ""
        fix = content[: near.start()] + lead + minds.words[0] + content[near.end() :]
    return (Hit("content", near.start(), near.end(), fix, near.group()),) if near else (Hit("content"),)


_PURPOSE = (
    r"登[录陆入]|注册|绑定|解绑|换绑|修改|重置|重设|找回|更换|变更|更改|设置|实名|认证|身份|核身|提现|支付|付款|转账|交易|下单|购买|开户|开通|激活|办理|申请|"
    r"报名|领取|取件|取货|退货|退款|预约|预订|签约|签署|授权|注销|订阅|充值|查询|进入|投票|评价|发布|上传|下载|导出|操作|提交|核销|寄件|开门|挂失|验车|入住|就诊|挂号"
)
_VALID = r"有效|分钟|小时|秒内|失效|过期|\d\s*min|内(?:输入|填写|使用|完成|正确)|valid|expire"
_FROM = r"欢迎(?:使用|加入|来到|登录|注册|光临)|感谢(?:使用|注册)|您?正在(?:使用|通过)|您在[^,。;!?\ue000]{2,}|来自[^,。;!?\ue000]{2,}|^[\u4e00-\u9fffa-z]{2,10}(?:提醒您?|提示您?|:)|(?:平台|商城|系统|小程序|公众号|官网|网站|会员|app)"


def _context(reading: Reading, minds: Minds) -> tuple[Hit, ...]:
    text = pattern(r"验证码|校验码|动态码|动态密码|注册码").sub("码", reading.text.text)
    text = pattern(r"[如若]?(?:果)?非(?:您|你)?本?人?(?:的)?(?:本人)?操作").sub(
        "", text
    )  # no purpose: every text says it
    sign = reading.value("sign")
    own = pattern(r"^(?:您|你|本次)?的?(?:短信)?码").search(text) is not None
    named = (
        (sign and sign.lower() in reading.text.text)
        or (not own and pattern(_FROM).search(text))
        or pattern(r"欢迎|您在|来自|(?:平台|商城|系统|小程序|公众号|官网|网站)").search(text)
    )
    if not reading.draft.content or named or pattern(_PURPOSE, _VALID).search(text):
        return ()
    code = the_code(reading)
    content = reading.draft.content
    fix = f"{content[: code.end]}，5分钟内有效{content[code.end :]}" if code and "码" in content else None
    return (Hit("content", fix=fix),)


def _several(reading: Reading, minds: Minds) -> tuple[Hit, ...]:
    others = _others(reading)
    if not others:
        return ()
    content = reading.draft.content
    for one in reversed(others):
        value = reading.value(f"sample.{one.name}") or ("5" if _is_span(reading, one) else "")
        if not value:
            cleared = _without(reading, one)
            if cleared is None:
                return (Hit("content", others[0].start, others[0].end, what=others[0].name),)
            content = cleared if len(others) == 1 else content
            if len(others) > 1:
                return (Hit("content", others[0].start, others[0].end, what=others[0].name),)
        else:
            content = content[: one.start] + value + content[one.end :]
    return (Hit("content", others[0].start, others[0].end, content, others[0].name),)


def _without(reading: Reading, one: Variable) -> str | None:
    """The text without a variable that only addresses somebody: its clause goes; none for any other."""
    start, end = reading.clause(Span(one.start, one.end, ""))
    code = the_code(reading)
    addressed = pattern(r"^\s*(?:尊敬的|亲爱的|您好|hi|dear)").match(reading.draft.content[start:end].lower())
    return (
        without(reading.draft.content, [(start, end)]) if addressed and code and not start <= code.start < end else None
    )


def _none(reading: Reading, minds: Minds) -> tuple[Hit, ...]:
    """No variable at all; one that is written as others write theirs is another rule's."""
    content = reading.draft.content
    if not content or reading.text.variables or any(pattern(one).search(content) for one in NOTATIONS):
        return ()
    written = pattern(r"码[^\d]{0,4}(\d{4,8})(?!\d)").search(content)
    if written is None:
        return (Hit("content"),)
    start, end = written.span(1)
    return (Hit("content", start, end, f"{content[:start]}${{code}}{content[end:]}", written[1]),)


def _other(reading: Reading, minds: Minds) -> tuple[Hit, ...]:
    for one in _others(reading):
        if not _is_span(reading, one):
            value = reading.value(f"sample.{one.name}")
            content = reading.draft.content
            fix = content[: one.start] + value + content[one.end :] if value else _without(reading, one)
            return (Hit("content", one.start, one.end, fix, one.name),)
    return ()


def _cut(reading: Reading, found: tuple[Span, ...] | list[Span]) -> str | None:
    """The text without the clauses at fault; none where the code would go with them."""
    pieces = [reading.clause(one) for one in found]
    code = the_code(reading)
    if code and any(start <= code.start < end for start, end in pieces):
        return None
    left = without(reading.draft.content, sorted(set(pieces)))
    return left if pattern("码|code").search(left) else None


def _link(reading: Reading, minds: Minds) -> tuple[Hit, ...]:
    found = reading.links
    return (Hit("content", found[0].start, found[0].end, _cut(reading, found)),) if found else ()


def _contacts(reading: Reading, minds: Minds) -> tuple[Hit, ...]:
    lines = () if "mobile" in minds.words else reading.phones
    found = sorted((*reading.mobiles, *reading.socials, *reading.mails, *lines), key=lambda one: one.start)
    return (Hit("content", found[0].start, found[0].end, _cut(reading, found)),) if found else ()


_SLOGAN = r"(?:携手|打造|开创|引领|助力|赋能|尽在|共创|开启)[^。!?]{2,}(?:时代|未来|平台|新篇章|生活|梦想|辉煌|品牌|传奇|典范)"


def _advertised(reading: Reading, minds: Minds) -> tuple[Hit, ...]:
    found = list(reading.text.all(*MARKETING, _SLOGAN))
    return (Hit("content", found[0].start, found[0].end, _cut(reading, found), found[0].text),) if found else ()


def _opt_out(reading: Reading, minds: Minds) -> tuple[Hit, ...]:
    found = reading.opt_outs
    return (Hit("content", found[0].start, found[0].end, _cut(reading, found)),) if found else ()


def _value(reading: Reading, minds: Minds) -> tuple[Hit, ...]:
    code = the_code(reading)
    value = reading.value(f"sample.{code.name}") if code else ""
    if not code or not value or pattern(minds.words[0]).fullmatch(value):
        return ()
    return (Hit(f"sample.{code.name}", fix="123456", what=value),)


def _abroad(reading: Reading, minds: Minds) -> tuple[Hit, ...]:
    if not reading.draft.content or reading.text.first(r"(?<![a-z])codes?(?![a-z])"):
        return ()
    content = reading.draft.content
    near = pattern(r"(?i:(?<=verification )(?:number|pin|password|no)\b|\bpin\b|\bpasscode\b|\botp\b)").search(content)
    fix = content[: near.start()] + "code" + content[near.end() :] if near else None
    return (Hit("content", near.start(), near.end(), fix),) if near else (Hit("content"),)


def _as_notice(reading: Reading, minds: Minds) -> tuple[Hit, ...]:
    for one in reading.text.variables:
        if one.name.lower() in ("code", "captcha", "verifycode", "verify_code", "yzm"):
            return (Hit("content", one.start, one.end, what=one.name),)
    word = reading.text.first(r"(?<!取)(?:验证码|校验码|动态码|动态密码|注册码|激活码)(?!错误|有误|输入)")
    return (Hit("content", word.start, word.end, what=word.text),) if word and reading.text.variables else ()


def _rule(
    slug: str, title: Words, says: Words, find: object, bad: str | Example, good: str = "", **more: object
) -> Rule[Reading]:
    shown = bad if isinstance(bad, Example) else Example(bad, "otp")
    options = {"types": OTP, **more}
    return Rule(slug, Kind.TEMPLATE, title, says, find, shown, Example(good or _GOOD, "otp"), **options)  # type: ignore[arg-type]


_GOOD = "您正在登录，验证码${code}，5分钟内有效，请勿泄露。"

RULES: tuple[Rule[Reading], ...] = (
    _rule(
        "otp-without-code-word",
        Words("word for the code", "缺少“验证码”"),
        Words(
            "A verification text says 验证码; anything else is sent as a notification.",
            "验证码模板须含“验证码”，其他内容请用通知模板。",
        ),
        _word,
        "${code}是您的登录口令，5分钟内有效。",
    ),
    _rule(
        "otp-without-context",
        Words("what the code is for", "缺少平台、用途或有效期"),
        Words(
            "The text names the platform, the purpose or how long the code is valid.",
            "须写明使用平台、用途或有效期之一。",
        ),
        _context,
        "验证码：${code}，请勿告知他人。",
    ),
    _rule(
        "otp-several-variables",
        Words("two variables in a verification text", "验证码模板含多个变量"),
        Words("One variable, the code; write the minutes as a number.", "只能有一个变量（验证码），分钟数请写成数字。"),
        _several,
        "您正在登录，验证码${code}，${minutes}分钟内有效。",
    ),
    _rule(
        "otp-without-variable",
        Words("no variable in a verification text", "验证码模板没有变量"),
        Words(
            "The code itself is a variable: write ${code} where it stands.", "验证码本身须为变量：请在该处写 ${code}。"
        ),
        _none,
        "您正在登录，验证码123456，5分钟内有效。",
    ),
    _rule(
        "otp-other-variable",
        Words("another variable in a verification text", "验证码模板夹带其他变量"),
        Words("Beside the code and the minutes nothing is a variable.", "除验证码和分钟数外不能有其他变量。"),
        _other,
        "您正在${operation}，验证码${code}，5分钟内有效。",
    ),
    _rule(
        "otp-with-link",
        Words("link in a verification text", "验证码模板含链接"),
        Words("A verification text has no link.", "验证码模板不能含链接。"),
        _link,
        "您正在登录，验证码${code}，详情见 https://a.example.com/x 。",
    ),
    _rule(
        "otp-with-contact",
        Words("contact in a verification text", "验证码模板含联系方式"),
        Words(
            "A verification text has no telephone number, account or mail address.",
            "验证码模板不能含电话、社交账号或邮箱。",
        ),
        _contacts,
        "您正在登录，验证码${code}，如有疑问请加微信yunlan88。",
    ),
    _rule(
        "otp-with-marketing",
        Words("advertising in a verification text", "验证码模板含营销内容"),
        Words(
            "Only the code and its use; advertising is sent as marketing.", "只写验证码及用途，营销内容请用营销模板。"
        ),
        _advertised,
        "您正在登录，验证码${code}，全场五折限时抢购！",
    ),
    _rule(
        "otp-with-optout",
        Words("opt-out in a verification text", "验证码模板含退订"),
        Words("Take out whatever speaks of opting out.", "请删除退订相关内容。"),
        _opt_out,
        "您正在登录，验证码${code}，退订回T",
    ),
    _rule(
        "otp-value-form",
        Words("sample of the code", "验证码示例不符"),
        Words("A code is 4 to 6 digits.", "验证码应为 4～6 位数字。"),
        _value,
        Example(_GOOD, "otp", (("sample.code", "12345678"),)),
    ),
    Rule(
        "intl-otp-without-code",
        Kind.TEMPLATE,
        Words("word for the code", "缺少 code"),
        Words("Abroad a verification text says “code”, whatever the language.", "国际验证码短信须含 code 一词。"),
        _abroad,
        Example("Your verification number is ${code}.", "otp", international=True),
        Example("Your verification code is ${code}.", "otp", international=True),
        types=OTP,
        regions=frozenset({"international"}),
    ),
    Rule(
        "code-text-as-notice",
        Kind.TEMPLATE,
        Words("verification code in a notification", "通知模板含验证码"),
        Words(
            "Texts with a code are submitted as verification; name other variables differently.",
            "含验证码的内容请用验证码模板，其他变量请勿命名为 code。",
        ),
        _as_notice,
        Example("您正在办理挂失，校验码${verify}。"),
        Example("您的取件码是${pickup}。"),
        types=frozenset({"notice"}),
    ),
)
