"""What reviewers and carriers mind about links, numbers and accounts in a text, and about third parties. Pure."""

from bot.contracts.model import Kind, Words
from bot.contracts.rules import Example, Hit, Minds, Rule
from bot.requests.check.generic import names_nobody
from bot.requests.check.reading import VARIABLE, Reading, Span, pattern
from bot.requests.check.variables import host

_NOT_CODES = frozenset({"notice", "promo", ""})
_ALL = frozenset({"otp", "notice", "promo", ""})


def _first(found: tuple[Span, ...]) -> tuple[Hit, ...]:
    return (Hit("content", found[0].start, found[0].end),) if found else ()


def _mobile(reading: Reading, minds: Minds) -> tuple[Hit, ...]:
    return _first(reading.mobiles)


def _social(reading: Reading, minds: Minds) -> tuple[Hit, ...]:
    return _first(reading.socials)


def _phone(reading: Reading, minds: Minds) -> tuple[Hit, ...]:
    return () if reading.value("link_owner") else _first(reading.phones)


def _link(reading: Reading, minds: Minds) -> tuple[Hit, ...]:
    if reading.value("link_owner"):  # the vendor is told whose it is
        return ()
    return _first(tuple(one for one in reading.links if VARIABLE not in host(one.text)))


def _many(reading: Reading, minds: Minds) -> tuple[Hit, ...]:
    found = sorted((*reading.phones, *reading.mobiles, *reading.socials), key=lambda one: one.start)
    more = list(reading.text.all(r"(?<![\d-])(?:0\d{2,3}-?\d{7,8}|[48]00-?\d{3}-?\d{4}|1[3-9]\d{9})(?!\d)"))
    places = sorted({(one.start, one.end) for one in more} | {(one.start, one.end) for one in found})
    apart: list[tuple[int, int]] = []
    for start, end in places:
        if not apart or start >= apart[-1][1]:
            apart.append((start, end))
    if len(apart) <= minds.most:
        return ()
    start, end = apart[minds.most]
    return (Hit("content", start, end),)


_NAMES_ONE = (
    r"欢迎(?:您)?(?:使用|登录|加入|来到|注册|光临|关注)(?:您?的)?([\u4e00-\u9fffa-z0-9]{2,10}?)(?=[,。;!?:]|平台|账号|账户|的|$)",
    r"感谢您?(?:对|使用|选择|光临|注册)([\u4e00-\u9fffa-z0-9]{2,10}?)(?=[,。;!?]|的|$)",
    r"您在([\u4e00-\u9fffa-z0-9]{2,10}?)(?:的|购买|下单|预订|预约|注册|消费|申请|提交)",
    r"^([\u4e00-\u9fffa-z0-9]{2,10}?)(?:提醒您|温馨提示|提示您|通知您)",
    r"(?:注册|登录|绑定|开通)([\u4e00-\u9fff]{2,8}?)(?:账号|账户|帐号|会员|平台|商城|app|网)",
)


def _third(reading: Reading, minds: Minds) -> tuple[Hit, ...]:
    sign = reading.value("sign").lower()
    if not sign:
        return ()
    known = sign + reading.company
    for match in pattern(*_NAMES_ONE).finditer(reading.text.text):
        group = next(index for index, found in enumerate(match.groups(), 1) if found)
        name = match.group(group)
        ours = any(name[at : at + 2] in known for at in range(len(name) - 1))
        if not ours and not names_nobody(name):
            place = reading.text.span(match.start(group), match.end(group))
            return (Hit("content", place.start, place.end, what=name),)
    return ()


RULES: tuple[Rule[Reading], ...] = (
    Rule(
        "mobile-number-in-text",
        Kind.TEMPLATE,
        Words("mobile number", "手机号码"),
        Words(
            "Mobile numbers are not taken; a landline, 400 or 95 number may be.",
            "不支持手机号码，可改用座机、400 或 95 号码。",
        ),
        _mobile,
        Example("师傅已出发，电话13900139000。"),
        Example("师傅已出发，请保持电话畅通。"),
        types=_ALL,
    ),
    Rule(
        "social-account-in-text",
        Kind.TEMPLATE,
        Words("account or group to be added", "添加社交账号"),
        Words(
            "No QQ, WeChat or other account and no group that the reader is to add.",
            "不支持引导添加 QQ、微信、群或其他个人账号。",
        ),
        _social,
        Example("详情请加微信yunlan2020咨询。"),
        Example("您已完成微信支付。"),
        types=_NOT_CODES,
    ),
    Rule(
        "phone-in-text",
        Kind.TEMPLATE,
        Words("telephone number", "电话号码"),
        Words(
            "Carriers are likely to block texts with telephone numbers; leave it out, or give the vendor its owner's details.",
            "含电话号码的短信易被运营商拦截，建议删除，或按平台要求登记号码归属。",
        ),
        _phone,
        Example("如有疑问请致电0571-80000001。"),
        Example("如有疑问请联系店员。"),
        types=_ALL,
    ),
    Rule(
        "link-in-text",
        Kind.TEMPLATE,
        Words("link in the text", "内容含链接"),
        Words(
            "Carriers are likely to block texts with links, domains or IP addresses; leave it out, or give the vendor its owner's details.",
            "含链接、域名或 IP 的短信易被运营商拦截，建议删除，或按平台要求登记备案信息。",
        ),
        _link,
        Example("详情见 www.example.com 。"),
        Example("详情请登录官网查看。"),
        types=_ALL,
    ),
    Rule(
        "too-many-contacts",
        Kind.TEMPLATE,
        Words("number of contacts", "联系方式过多"),
        Words("At most two contacts stand in a notification.", "通知短信最多两个联系方式。"),
        _many,
        Example("咨询0571-80000001、0571-80000002、400-000-0001。"),
        Example("您的订单已到店，请咨询0571-80000001。"),
        types=frozenset({"notice"}),
    ),
    Rule(
        "third-party-name",
        Kind.TEMPLATE,
        Words("another company than the signature's", "内容与签名主体不一致"),
        Words(
            "The text speaks of another company than the signature; take that company's signature.",
            "内容提到的主体与签名不一致，请使用对应主体的签名。",
        ),
        _third,
        Example("欢迎登录星河优选，您的订单已发货。", values=(("sign", "云澜商城"),)),
        Example("欢迎登录云澜商城，您的订单已发货。", values=(("sign", "云澜商城"),)),
        types=frozenset({"otp", "notice"}),
    ),
)
