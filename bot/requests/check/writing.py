"""What reviewers mind in how a text is written: length, brackets, symbols, script, spelling. Pure."""

import re
import unicodedata

from bot.contracts.model import Kind, Words
from bot.contracts.placeholders import filled
from bot.contracts.rules import EVERY_TYPE, Example, Hit, Minds, Rule
from bot.requests.check.generic import says_nothing
from bot.requests.check.reading import Reading, pattern
from bot.requests.check.script import simplified, traditional

_ANYWHERE = frozenset({"domestic", "international"})


def _long(reading: Reading, minds: Minds) -> tuple[Hit, ...]:
    draft = reading.draft
    samples = {key.split(".", 1)[1]: value for key, value in draft.values.items() if key.startswith("sample.")}
    sign = reading.value("sign")
    length = max(len(draft.content), len(filled(draft.content, samples)) + (len(sign) + 2 if sign else 0))
    return (Hit("content", minds.most, len(draft.content)),) if length > minds.most else ()


def _template_name(reading: Reading, minds: Minds) -> tuple[Hit, ...]:
    name = reading.draft.name
    allowed = r"[A-Za-z0-9_\u3007\u3400-\u4dbf\u4e00-\u9fff]"
    if not name or pattern(rf"{allowed}{{{minds.least},{minds.most}}}").fullmatch(name):
        return ()
    fixed = "".join(pattern(allowed).findall(name))[: minds.most]
    return (Hit("name", 0, len(name), fixed if len(fixed) >= minds.least else None),)


def _signature_in_text(reading: Reading, minds: Minds) -> tuple[Hit, ...]:
    content = reading.draft.content
    found = pattern(r"【[^】]*】|[【】]").search(content)
    if not found:
        return ()
    ends = r"^\s*【[^】]*】\s*|\s*【[^】]*】\s*$"
    fixed = pattern(r"[【】]").sub("", pattern(ends).sub("", content))
    return (Hit("content", found.start(), found.end(), fixed or None),)


def _square(reading: Reading, minds: Minds) -> tuple[Hit, ...]:
    content = reading.draft.content
    found = pattern(r"^\s*[\[［][^\]］]*[\]］]", r"[\[［][^\]］]*[\]］]\s*$").search(content)
    if not found:
        return ()
    inner = content[found.start() : found.end()].strip().strip("[]［］")
    stop = (
        "，" if found.start() == 0 and content[found.end() : found.end() + 1] not in ("，", ",", "：", ":", "") else ""
    )
    fixed = content[: found.start()] + inner + stop + content[found.end() :]
    return (Hit("content", found.start(), found.end(), fixed),)


# Of one kind with what is listed (facts: Alibaba 10.2 and rules seen 1.12, Tencent 7.3, UCloud 7.4).
_INSTEAD = {"￥": "", "¥": "", "&": "和", "＆": "和", "→": "", "•": "·", "²": "2", "③": "3", "㎡": "平方米"}
_FACES = r"\^_?\^|\^o\^|@_@|>_<|t_t|o\(∩_∩\)o|\(\^[^)]{0,3}\^\)|~_~|-_-\|*"


def _not_words(reading: Reading) -> list[tuple[int, int]]:
    """The places of links, mail addresses and variables, which keep their own spelling."""
    spans = [(one.start, one.end) for one in (*reading.links, *reading.mails)]
    return spans + [(one.start, one.end) for one in reading.text.variables]


def _symbols(reading: Reading, minds: Minds) -> tuple[Hit, ...]:
    content = reading.draft.content
    skip = _not_words(reading)
    skip += [match.span() for notation in NOTATIONS for match in pattern(notation).finditer(content)]
    listed = "|".join(re.escape(word) for word in sorted(minds.words, key=len, reverse=True))
    faces = f"|{_FACES}" if "^_^" in minds.words else ""
    found = [
        match
        for match in pattern(f"(?i:{listed}{faces})").finditer(content)
        if not any(a < match.end() and match.start() < b for a, b in skip)
    ]
    if not found:
        return ()
    fixed = content
    for match in reversed(found):
        word = match.group()
        instead = _INSTEAD.get(word, _circled(word, content[match.end() : match.end() + 1]))
        behind = fixed[match.end() :]
        if word in "￥¥":
            amount = pattern(r"\s*(?:\$\{[^{}]*\}|\d[\d,.]*)(?!元)").match(behind)
            instead = f"{amount.group().strip()}元" if amount else ""
            behind = behind[amount.end() :] if amount else behind
        if word == "m²":
            instead = "平方米"
        fixed = fixed[: match.start()] + instead + behind
    first = found[0]
    return (Hit("content", first.start(), first.end(), fixed.strip() or None, first.group()),)


def _circled(word: str, behind: str) -> str:
    """A circled number as a plain one, with a stop where words follow; empty for anything else."""
    narrow = unicodedata.normalize("NFKC", word)
    if not (narrow.isascii() and narrow.isdigit() and narrow != word):
        return ""
    return f"{narrow}." if behind.isalnum() else narrow


EMOJI = (
    "[\U0001f000-\U0001faff\U0001fb00-\U0001fbff\u2600-\u2604\u260e\u2614\u2615\u2618\u261d\u2620\u2622\u2623\u2626\u262a\u262e"
    "\u262f\u2638-\u263a\u2640\u2642\u2648-\u2653\u265f\u2660\u2663\u2665\u2666\u2668\u267b\u267e\u267f\u2692-\u2697\u2699\u269b"
    "\u269c\u26a0-\u26ff\u2702\u2705\u2708-\u270d\u270f\u2712\u2716\u271d\u2721\u2728\u2733\u2734\u2744\u2747\u274c\u274e\u2753-"
    "\u2757\u2763\u2764\u2795-\u2797\u27a1\u27b0\u27bf\u2b50\u2b55\u3030\u303d\u3297\u3299\u231a\u231b\u23e9-\u23f3]"
    "[\ufe0f\u200d\u20e3\U0001f3fb-\U0001f3ff]*|[0-9#*]\ufe0f?\u20e3"
)


def _emoji(reading: Reading, minds: Minds) -> tuple[Hit, ...]:
    content = reading.draft.content
    found = pattern(EMOJI).search(content)
    if not found:
        return ()
    fixed = pattern(EMOJI, "[\ufe0f\u200d]").sub("", content).strip()
    return (Hit("content", found.start(), found.end(), fixed or None),)


def _traditional(reading: Reading, minds: Minds) -> tuple[Hit, ...]:
    content = reading.draft.content
    found = traditional(content)
    if not found:
        return ()
    return (Hit("content", found[0], found[0] + 1, simplified(content), content[found[0]]),)


# Families of spellings for words that filters look for: homophones, look-alikes, letters for characters.
_DISGUISED = {
    "微信": r"[威薇葳徽巍崴薇维][信亻芯]|微[亻芯辛❤心]|[vVⅤ][信芯亻]|[vV]\s?[xX](?![a-z])|薇❤|(?<![a-z])wx(?![a-z])|(?:添?加|联系)\s?[vV](?![a-z])|威❤|wei\s?信|微x|v❤|微訫|微伈|溦信|嶶信",
    "QQ": r"扣扣|抠抠|叩叩|球球号|企鹅号|q\.q|[qQ]\s?号|Ｑ\s?Ｑ|蔻蔻|秋秋",
    "支付宝": r"支fu宝|枝付宝|zfb|支付寳|芝付宝",
    "淘宝": r"淘寶|某宝|桃宝|掏宝",
    "抖音": r"斗音|dou音|抖yin|某音",
    "贷款": r"代款|貸款|贷歀|贷kuan|dai款|袋款|带款|待款办理",
    "发票": r"发嘌|发漂|發票|发piao|fa票|法票|发飘",
    "赌博": r"du博|赌bo|堵博|杜博",
    "彩票": r"采票|彩piao|cai票|彩漂",
    "手机号": r"手机嚎|手ji|手機号",
    "加盟": r"家盟|加萌|加meng",
    "群": r"加裙|进裙|入裙|加qun|进qun|扣裙|q裙|羣",
    "兼职": r"兼zhi|剪职|煎职|兼植",
    "免费": r"免fei|免废|兔费",
    "优惠": r"优hui|尤惠|悠惠|忧惠",
    "验证码": r"验正码|验证马|验证嘛|炎证码|验zheng码",
    "红包": r"洪包|红bao|紅包|虹包",
    "公众号": r"公粽号|公众嚎|公種号|公众耗|宫众号",
    "登录": r"登绿|登禄",
    "回复": r"回复复|回夏|囬复",
}
_DODGED = r"微信|贷款|发票|赌博|彩票|加群|兼职|优惠券|红包|股票|棋牌|返利|借款|淘宝|抖音|公众号|二维码"
_BETWEEN = r"[\s*·.\-_/\\|+~、'^&#@■□◆●,，]{1,2}"


def _disguised(reading: Reading, minds: Minds) -> tuple[Hit, ...]:
    content = reading.draft.content
    links = _not_words(reading)
    for word, spellings in _DISGUISED.items():
        for match in pattern(f"(?i:{spellings})").finditer(content):
            if any(a < match.end() and match.start() < b for a, b in links):
                continue
            proper = _proper(word, match.group())
            fixed = content[: match.start()] + proper + content[match.end() :]
            return (Hit("content", match.start(), match.end(), fixed, match.group()),)
    spread = "|".join(_BETWEEN.join(word) for word in _DODGED.split("|"))
    if apart := pattern(spread).search(content):
        fixed = content[: apart.start()] + pattern(_BETWEEN).sub("", apart.group()) + content[apart.end() :]
        return (Hit("content", apart.start(), apart.end(), fixed, apart.group()),)
    return ()


def _proper(word: str, found: str) -> str:
    """The word as it is spelled, with what was found around it kept (`加V` is `加微信`)."""
    for lead in ("添加", "加", "联系", "进", "入"):
        if found.startswith(lead) and not word.startswith(lead):
            return lead + word
    return word


def _unclear(reading: Reading, minds: Minds) -> tuple[Hit, ...]:
    fixed = reading.fixed
    return (Hit("content", 0, len(reading.draft.content)),) if fixed.strip() and says_nothing(fixed) else ()


NOTATIONS = (
    r"\{\$([^{}]*)\}",
    r"(?<!\$)\{\{?\s*([^{}]*?)\s*\}?\}",
    r"#([A-Za-z0-9_]{1,20})#",
    r"%([A-Za-z_][A-Za-z0-9_]{0,20})%",
    r"(?<!\d)%([sd])(?![a-z])",
    r"@([A-Za-z0-9_]{1,20})@",
    r"\$([A-Za-z_][A-Za-z0-9_]{0,20})(?:\$|(?![A-Za-z0-9_{]))",
    r"<%?=?\s*([A-Za-z_][A-Za-z0-9_]{0,20})\s*%?>",
    r"\$\(([^()]*)\)",
    r"#\{([^{}]*)\}",
    r"\$\{([A-Za-z0-9_]*)(?![A-Za-z0-9_}])",
    r"\$\s+\{([A-Za-z0-9_]*)\}",
    r"(?<![A-Za-z0-9])([Xx]{3,8}|\*{3,8})(?![A-Za-z0-9])",
)


def _notation(reading: Reading, minds: Minds) -> tuple[Hit, ...]:
    content = reading.draft.content
    taken = _not_words(reading)
    for notation in NOTATIONS:
        for match in pattern(notation).finditer(content):
            if any(a < match.end() and match.start() < b for a, b in taken):
                continue
            name = next((group for group in match.groups() if group), "")
            proper = (
                name
                if pattern(r"[A-Za-z][A-Za-z0-9_]{2,}").fullmatch(name) and not pattern("[xX]+").fullmatch(name)
                else ""
            )
            if not proper:
                before = content[max(0, match.start() - 8) : match.start()]
                proper = "code" if pattern("码|code").search(before.lower()) and "${code}" not in content else "value1"
            fixed = content[: match.start()] + "${" + proper + "}" + content[match.end() :]
            return (Hit("content", match.start(), match.end(), fixed, match.group()),)
    return ()


def _rule(
    slug: str, title: Words, says: Words, find: object, bad: Example, good: Example, **more: object
) -> Rule[Reading]:
    return Rule(slug, Kind.TEMPLATE, title, says, find, bad, good, **more)  # type: ignore[arg-type]


_GOOD = Example("您的订单${order_no}已发货，请注意查收。")

RULES: tuple[Rule[Reading], ...] = (
    _rule(
        "text-too-long",
        Words("length of the text", "内容过长"),
        Words("With signature and values a text has at most 500 characters.", "内容连同签名和变量值最多 500 字。"),
        _long,
        Example("您的设备运行正常，请保持电话畅通。" * 32),
        _GOOD,
        regions=_ANYWHERE,
        declared="content",
    ),
    _rule(
        "template-name",
        Words("name of the template", "模板名称"),
        Words("2 to 12 Chinese characters, letters, digits or underscores.", "须为 2～12 个汉字、字母、数字或下划线。"),
        _template_name,
        Example(_GOOD.text, values=(("name", "发货(新)"),)),
        Example(_GOOD.text, values=(("name", "发货通知"),)),
        regions=_ANYWHERE,
        declared="name",
    ),
    _rule(
        "signature-in-text",
        Words("signature in the text", "内容中写了签名"),
        Words("The vendor puts the signature in front: no 【】 in the text.", "签名由平台自动添加，内容中不能有【】。"),
        _signature_in_text,
        Example("【云澜商城】您的订单已发货。"),
        _GOOD,
    ),
    _rule(
        "square-brackets-at-edge",
        Words("[ ] at either end", "首尾有 [ ]"),
        Words("It looks like a signature; take the brackets off.", "首尾的 [ ] 会被视为签名，请去掉。"),
        _square,
        Example("[系统消息]您的工单${no}已关闭。"),
        _GOOD,
    ),
    _rule(
        "special-symbols",
        Words("special symbols", "特殊符号"),
        Words(
            "They arrive garbled on some phones and are refused; write them in words.",
            "部分手机会显示乱码，会被驳回；请用文字代替。",
        ),
        _symbols,
        Example("★您的订单已发货※"),
        _GOOD,
    ),
    _rule(
        "emoji",
        Words("emoji", "表情符号"),
        Words("Emoji are refused; take them out.", "不支持表情符号，请删除。"),
        _emoji,
        Example("您的订单已发货😊"),
        _GOOD,
    ),
    _rule(
        "traditional-characters",
        Words("traditional characters", "繁体字"),
        Words("Only simplified characters are taken.", "仅支持简体字。"),
        _traditional,
        Example("您的訂單已發貨。"),
        _GOOD,
        types=EVERY_TYPE,
    ),
    _rule(
        "disguised-spelling",
        Words("odd spelling", "变体字、错别字"),
        Words(
            "Variant spellings count as dodging the filters; write the word itself.",
            "变体写法会被视为规避审核，请使用规范用字。",
        ),
        _disguised,
        Example("详情请加V信联系客服。"),
        _GOOD,
    ),
    _rule(
        "unclear-subject",
        Words("subject of the text", "内容不清晰"),
        Words(
            "The text does not tell what it is about; name the business and what happened.",
            "内容看不出业务场景，请写明是什么业务、发生了什么。",
        ),
        _unclear,
        Example("您有一条新消息，请及时查看。"),
        _GOOD,
        types=frozenset({"notice", "promo", ""}),
        regions=_ANYWHERE,
    ),
    _rule(
        "wrong-placeholder",
        Words("placeholder of another notation", "变量写法有误"),
        Words(
            "A placeholder is written ${name}; anything else reaches every phone as it stands.",
            "变量须写作 ${name}，其他写法会原样发给用户。",
        ),
        _notation,
        Example("您的取件码是#code#，请及时领取。"),
        _GOOD,
        regions=_ANYWHERE,
        declared="content",
    ),
)
