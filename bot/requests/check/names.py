"""What reviewers mind in the name of a signature. Pure; the vendors' entries stand in their folders."""

from collections.abc import Callable

from bot.contracts.model import Kind, Words
from bot.contracts.rules import Example, Hit, Minds, Rule
from bot.requests.check import topics
from bot.requests.check.company import in_order, short_form
from bot.requests.check.generic import names_nobody, tail
from bot.requests.check.reading import Reading, is_hanzi, pattern
from bot.requests.check.script import simplified, traditional

COMPANY = "杭州云澜网络科技有限公司"
"""The company of the examples; nobody's."""

_ALLOWED = r"[A-Za-z0-9\u3007\u3400-\u4dbf\u4e00-\u9fff{more}]"


def _hit(start: int, end: int, fix: str | None = None, what: str = "") -> tuple[Hit, ...]:
    return (Hit("name", start, end, fix, what),)


def _whole(reading: Reading, fix: str | None = None) -> tuple[Hit, ...]:
    return _hit(0, len(reading.draft.name), fix)


def _for_company(reading: Reading) -> str | None:
    """What would pass instead of a name that says nothing, where the company is known."""
    return short_form(reading.draft.company) or None


def _length(reading: Reading, minds: Minds) -> tuple[Hit, ...]:
    draft = reading.draft
    most = minds.abroad if draft.international and minds.abroad else minds.most
    if not draft.name or minds.least <= len(draft.name) <= most:
        return ()
    short = short_form(draft.name, most)
    return _whole(reading, short if minds.least <= len(short) <= most and short != draft.name else None)


def _characters(reading: Reading, minds: Minds) -> tuple[Hit, ...]:
    name = reading.draft.name
    more = "".join(minds.words) + (" " if reading.draft.international else "")
    allowed = pattern(_ALLOWED.format(more=more))
    wrong = [at for at, one in enumerate(name) if not allowed.fullmatch(one)]
    if not wrong:
        return ()
    narrow = "".join(simplified(one) for one in name)
    kept = "".join(one for one in narrow if allowed.fullmatch(one))
    return tuple(Hit("name", at, at + 1, kept or None, name[at]) for at in wrong[:1])


_BRACKETS = r"[\[\]()【】（）〔〕［］{}｛｝<>《》〈〉「」『』〖〗]"


def _brackets(reading: Reading, minds: Minds) -> tuple[Hit, ...]:
    name = reading.draft.name
    found = pattern(_BRACKETS).search(name)
    fixed = pattern(_BRACKETS).sub("", name)
    return _hit(found.start(), found.end(), fixed.strip() or None) if found else ()


def _only_digits(reading: Reading, minds: Minds) -> tuple[Hit, ...]:
    found = pattern(r"[\d\W_]*\d[\d\W_]*").fullmatch(reading.name.text)
    return _whole(reading, _for_company(reading)) if found else ()


_TEST = r"测试|(?<![a-z])te?sts?(?:ing|er)?(?![a-z])|试验签名|内测|公测"


def _test_word(reading: Reading, minds: Minds) -> tuple[Hit, ...]:
    found = reading.name.first(_TEST)
    if found is None:
        return ()
    left = reading.draft.name[: found.start] + reading.draft.name[found.end :]
    return _hit(found.start, found.end, left if len(left) > 1 else None, found.text)


def _nobody(reading: Reading, minds: Minds) -> tuple[Hit, ...]:
    return _whole(reading, _for_company(reading)) if names_nobody(reading.name.text) else ()


_SURNAMES = (
    "欧阳|司马|上官|诸葛|东方|皇甫|尉迟|公孙|慕容|令狐|宇文|长孙|司徒|夏侯|"
    "[王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊"
    "陆郝孔崔康毛邱秦江史顾侯邵孟龙段雷钱汤尹黎易常武乔贺赖龚]"
)
_TITLED = "先生|女士|小姐|经理|老师|医生|大夫|律师|主任|店长|老板|教练|顾问|师傅|总监|院长|校长|教授|同学|姐|哥|总"
# What ends names of businesses rather than of people.
_TRADES = "网云通宝易购店家社馆商城堂坊园屋行局院校站号社区品味鲜农牧电器车房居派客卡盟集团达物流运科技讯信息数据智能酒茶药食餐衣鞋美妆游旅学教育书文艺"


def _person(reading: Reading, minds: Minds) -> tuple[Hit, ...]:
    name = reading.name.text
    if reading.value("source") in ("trademark", "government") or (reading.company and name in reading.company):
        return ()
    titled = pattern(
        rf"(?:{_SURNAMES}|[小老阿].)[\u4e00-\u9fff]{{0,2}}(?:{_TITLED})$", rf"[小老阿](?:{_SURNAMES})$"
    ).match(name)
    bare = pattern(rf"(?:{_SURNAMES})[\u4e00-\u9fff]{{1,2}}").fullmatch(name) and (len(name) > 2 or reading.company)
    return _whole(reading, _for_company(reading)) if titled or (bare and name[-1] not in _TRADES) else ()


def _english(reading: Reading, minds: Minds) -> tuple[Hit, ...]:
    name = reading.name.text
    return _whole(reading) if pattern(r"[a-z]").search(name) and not any(map(is_hanzi, name)) else ()


def _traditional(reading: Reading, minds: Minds) -> tuple[Hit, ...]:
    found = traditional(reading.draft.name)
    return _hit(found[0], found[0] + 1, simplified(reading.draft.name)) if found else ()


def _source(*words: str) -> Callable[[Reading, Minds], tuple[Hit, ...]]:
    def find(reading: Reading, minds: Minds) -> tuple[Hit, ...]:
        return (Hit("source"),) if reading.value("source") in words else ()

    return find


def _letter(reading: Reading, minds: Minds) -> tuple[Hit, ...]:
    missing = reading.value("purpose") == "other" and reading.draft.letter is False
    return (Hit("letter"),) if missing else ()


def _certificate(reading: Reading, minds: Minds) -> tuple[Hit, ...]:
    missing = reading.value("source") == "trademark" and reading.draft.paper is False
    return (Hit("paper"),) if missing else ()


def _qualification(reading: Reading, minds: Minds) -> tuple[Hit, ...]:
    return (Hit("qualification"),) if reading.draft.qualification is False else ()


def _of_company(reading: Reading) -> tuple[str, str] | None:
    """The name and the company's, where the name is to be the company's."""
    company, name = reading.company, reading.name.text
    return (name, company) if company and name and reading.value("source") == "company" else None


def _not_company(reading: Reading, minds: Minds) -> tuple[Hit, ...]:
    pair = _of_company(reading)
    if pair is None:
        return ()
    name, company = pair
    owner = tail(name)
    kept = in_order(name, company) or (len(owner) > 1 and owner != name and in_order(owner, company))
    return () if kept else _whole(reading, _for_company(reading))


def _too_short(reading: Reading, minds: Minds) -> tuple[Hit, ...]:
    pair = _of_company(reading)
    if pair is None or pair[0] not in pair[1] or len(pair[0]) > minds.least:
        return ()
    return _whole(reading, _for_company(reading))


def _not_contiguous(reading: Reading, minds: Minds) -> tuple[Hit, ...]:
    pair = _of_company(reading)
    if pair is None or pair[0] in pair[1] or not (in_order(*pair) or in_order(tail(pair[0]), pair[1])):
        return ()
    return _whole(reading, _for_company(reading))


def _banned(reading: Reading, minds: Minds) -> tuple[Hit, ...]:
    found = reading.name.first(*topics.NAMES)
    return _hit(found.start, found.end, what=found.text) if found else ()


def _contact(reading: Reading, minds: Minds) -> tuple[Hit, ...]:
    found = reading.name.first(
        r"\d[\d-]{5,}\d",
        r"(?:qq|微信|vx|wx|v信|威信|薇信|tel|电话|手机|扣扣|wechat|weixin|抖音|热线|加v)[号:]?\s*[a-z0-9_-]*\d[a-z0-9_-]*",
        r"(?:qq|微信|vx|wx|v信|威信|薇信|wechat|weixin)[号:]?\s*[a-z0-9_-]{5,}",
        r"[a-z0-9-]+\.(?:com|cn|net|org|cc|top)",
        r"[a-z0-9._-]+@[a-z0-9.-]+",
    )
    return _hit(found.start, found.end, _for_company(reading), found.text) if found else ()


def _landline(reading: Reading, minds: Minds) -> tuple[Hit, ...]:
    if reading.value("source") != "government":
        return ()
    given = pattern(r"(?<!\d)\(?0?\d{2,3}\)?[-\s]?\d{7,8}(?!\d)", r"(?<!\d)(?:12\d{3}|96\d{3,4})(?!\d)")
    return () if given.search(reading.value("remark")) else (Hit("remark"),)


_ANYWHERE = frozenset({"domestic", "international"})
_OWN = (("source", "company"), ("company", COMPANY))
Find = Callable[[Reading, Minds], tuple[Hit, ...]]


def _rule(
    slug: str,
    title: Words,
    says: Words,
    find: Find,
    bad: Example,
    good: str | Example = "云澜网络科技",
    *,
    regions: frozenset[str] = frozenset({"domestic"}),
    declared: str = "",
) -> Rule[Reading]:
    good = Example(good, values=_OWN) if isinstance(good, str) else good
    return Rule(slug, Kind.SIGNATURE, title, says, find, bad, good, regions=regions, declared=declared)


def _named(name: str) -> Example:
    return Example(name, values=_OWN)


RULES: tuple[Rule[Reading], ...] = (
    _rule(
        "signature-length",
        Words("length of the signature", "签名长度"),
        Words("A signature has 2 to 12 characters.", "签名须为 2～12 个字。"),
        _length,
        _named("云"),
        regions=_ANYWHERE,
        declared="name",
    ),
    _rule(
        "signature-characters",
        Words("characters in the signature", "签名含不支持的字符"),
        Words(
            "Only Chinese characters, English letters and digits stand in a signature: no blank, punctuation or emoji.",
            "签名只能含汉字、英文字母和数字，不能有空格、标点、符号或表情。",
        ),
        _characters,
        _named("云澜+商城"),
        regions=_ANYWHERE,
        declared="name",
    ),
    _rule(
        "signature-brackets",
        Words("brackets in the signature", "签名含括号"),
        Words("The vendor adds the brackets by itself.", "【】由平台自动添加，请勿填写括号。"),
        _brackets,
        _named("【云澜科技】"),
        regions=_ANYWHERE,
        declared="name",
    ),
    _rule(
        "signature-only-digits",
        Words("signature of digits alone", "签名全为数字"),
        Words("Digits alone name nobody.", "全为数字的签名无法识别主体。"),
        _only_digits,
        _named("95001188"),
        declared="name",
    ),
    _rule(
        "signature-test-word",
        Words("“test” in the signature", "签名含“测试”"),
        Words(
            "Signatures are for real messages: 测试 and test are refused.", "签名须用于真实业务，“测试”“test”会被驳回。"
        ),
        _test_word,
        _named("云澜测试"),
        regions=_ANYWHERE,
    ),
    _rule(
        "non-identifiable-name",
        Words("identifiable name", "中性化签名"),
        Words(
            "The reviewer cannot tell from the name whose it is. What passes: the company's full or well-known short name.",
            "审核人员无法从名称识别主体。一般填写企业全称或常用简称即可通过。",
        ),
        _nobody,
        _named("订单提醒"),
        regions=_ANYWHERE,
    ),
    _rule(
        "personal-name",
        Words("name of a person", "个人姓名"),
        Words(
            "Names of people are not taken; the company's name passes.", "个人姓名不能作为签名，请填写企业名称或商标。"
        ),
        _person,
        _named("周大海"),
    ),
    _rule(
        "english-only-signature",
        Words("signature without Chinese", "签名不含中文"),
        Words("Carriers are likely to block it; add the Chinese name.", "纯英文签名容易被运营商拦截，建议包含中文。"),
        _english,
        _named("YunLan"),
    ),
    _rule(
        "traditional-signature",
        Words("traditional characters in the signature", "签名含繁体字"),
        Words("Simplified characters pass.", "请改用简体字。"),
        _traditional,
        Example("雲瀾科技", values=(("source", "trademark"),)),
    ),
    _rule(
        "source-withdrawn",
        Words("source of the name", "签名来源已停用"),
        Words(
            "Official accounts, mini programs, websites and shops no longer name a signature; companies, trademarks and "
            "government bodies do.",
            "公众号、小程序、网站和店铺已不能作为签名来源，请改用企业、商标或政府机关名称。",
        ),
        _source("account", "website", "mini_program", "shop", "test"),
        Example("云澜生活", values=(("source", "account"),)),
        declared="source",
    ),
    _rule(
        "source-app",
        Words("app as source of the name", "以应用名作签名"),
        Words(
            "New signatures are named after a company, a trademark or a government body; app names have ended.",
            "新签名须取自企业、商标或政府机关名称，应用名已不再受理。",
        ),
        _source("app"),
        Example("云澜出行", values=(("source", "app"),)),
        declared="source",
    ),
    _rule(
        "letter-missing",
        Words("authorisation letter", "缺少授权委托书"),
        Words("A name of somebody else needs the owner's sealed letter.", "他用签名须上传授权方盖章的委托书。"),
        _letter,
        Example("远山旅行", values=(("purpose", "other"), ("letter", "false"))),
        Example("远山旅行", values=(("purpose", "other"), ("letter", "true"))),
        regions=_ANYWHERE,
        declared="letter",
    ),
    _rule(
        "trademark-paper-missing",
        Words("trademark certificate", "缺少商标注册证"),
        Words("A trademark is proved by its registration certificate.", "商标签名须上传商标注册证书。"),
        _certificate,
        Example("云澜通", values=(("source", "trademark"), ("paper", "false"))),
        Example("云澜通", values=(("source", "trademark"), ("paper", "true"))),
        regions=_ANYWHERE,
        declared="paper",
    ),
    _rule(
        "qualification-missing",
        Words("approved qualification", "缺少已通过的资质"),
        Words("The company's qualification must be approved first.", "须先有审核通过的资质。"),
        _qualification,
        Example("禾风生鲜", values=(("qualification", "false"),)),
        Example("禾风生鲜", values=(("qualification", "true"),)),
        declared="qualification",
    ),
    _rule(
        "name-not-company-name",
        Words("company's own name", "与企业名称不符"),
        Words(
            "The name is neither the full name of the company on the papers nor a short form of it. A brand of another "
            "name passes as trademark, with its certificate.",
            "名称既不是资质上的企业全称，也不是其简称。品牌名请以商标为来源并附注册证。",
        ),
        _not_company,
        _named("星河优选"),
    ),
    _rule(
        "short-form-too-short",
        Words("short form of the company", "简称过短"),
        Words("A short form of so few characters fits many companies.", "过短的简称不具唯一性。"),
        _too_short,
        _named("云澜"),
    ),
    _rule(
        "short-form-not-contiguous",
        Words("short form in one piece", "简称不连续"),
        Words(
            "The short form must be one piece of the full name, with nothing left out.",
            "简称须是全称中连续的一段，不能跳字。",
        ),
        _not_contiguous,
        _named("杭州云澜科技"),
    ),
    _rule(
        "banned-topic-name",
        Words("name of a business that is not served", "名称涉及禁发行业"),
        Words("Businesses on the vendors' lists get no signature.", "禁发行业的名称不予通过。"),
        _banned,
        Example("好运棋牌", values=(("source", "trademark"),)),
        regions=_ANYWHERE,
    ),
    _rule(
        "contact-in-signature",
        Words("contact in the signature", "签名含联系方式"),
        Words("No telephone, QQ or other account stands in a name.", "签名不能含电话、QQ 等联系方式。"),
        _contact,
        Example("云澜QQ55667788", values=(("source", "trademark"),)),
        regions=_ANYWHERE,
    ),
    _rule(
        "government-without-landline",
        Words("landline of the office", "缺少座机号码"),
        Words("Government bodies give a landline number in the note.", "政府机关须在说明中填写座机号码。"),
        _landline,
        Example("临江区民政局", values=(("source", "government"),)),
        Example("临江区民政局", values=(("source", "government"), ("remark", "办事通知，0571-80000001"))),
        declared="remark",
    ),
)
