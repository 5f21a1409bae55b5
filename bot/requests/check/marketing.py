"""Advertising by its words, and what reviewers mind about opting out, members and consent. Pure."""

from bot.contracts.model import Kind, Words
from bot.contracts.rules import Example, Hit, Minds, Rule
from bot.requests.check.reading import STANDARD_OPT_OUT, VARIABLE, Reading, pattern, without

MARKETING = (
    r"促销|特惠|钜惠|巨惠|聚惠|大惠|实惠|惠民|惠享|让利|优惠价|最低价|底价|低价|特价|折扣|打折|直降|立减|满减|立省|省钱|返现|返利|返券|包邮|清仓|甩卖|"
    rf"(?:[一二三四五六七八九]{{1,2}}|\d{{1,2}}(?:\.\d)?|{VARIABLE})折|满[\d一二三四五六七八九十百千两]+[元]?(?:减|送|返|赠|立)|买[一二三\d]+(?:送|赠|免)|第二件|半价|"
    r"秒杀|抢购|疯抢|开抢|抢先|抢鲜|快抢|手慢无|限时|限量|限购|仅限(?:今|本|\d)|先到先得|售完|名额有限|机不可失|不容错过|别错过|千万别|机会难得|倒计时|最后\d?[天一]|"
    r"赠送|赠品|好礼|豪礼|大礼|礼品(?:赠|免费|一份|领)|送(?:豪|好|大|精美|神秘|红包|礼|优惠|券|积分|您|智能|手机)|新人礼|礼包|福利|红包|优惠券|代金券|抵用券|"
    r"大促|狂欢|嗨购|购物节|周年庆|店庆|庆典|开业|盛大|火热|热销|热卖|爆款|爆品|新品|上新|首发|预售|清仓|甄选|臻选|尊享|专享|独家|钜献|巨献|惊喜|限时免费|"
    r"免费(?:领|试|体验|送|获|赠|听|品|安装|量|咨询|注册)|0元(?:领|购|试|体验|抢)|零元(?:领|购|试)|仅需|只需\d+元|低至|低至|每(?:日|天|月)仅|"
    r"赶快|赶紧|(?<!尽)快来|速来|速抢|快戳|猛戳|戳(?:链接|我|这|→|进|http|$)|等你来|等您来|邀您|诚邀|欢迎(?:选购|咨询|来电|品鉴|体验|试用|订购|抢购|参观|惠顾|到店)|"
    r"(?:点击|立即|马上|即刻)(?:领取|购买|抢购|下单|开抢|体验|咨询|参与|加入|报名|办理|抢|享)|优惠(?![券价]?(?:金额|抵扣|[\d\ue000]))|"
    r"抽奖|中奖|大奖|一等奖|二等奖|拼团|砍价|种草|薅羊毛|羊毛|积分兑换|兑好礼|快来看|不限量|试听|招商|加盟|加盟费|代理招募|回馈|答谢|酬宾|感恩季|专属特权|升级特权"
    r"|同城(?:女|男|交友|约)|开播|投资|众筹|荐股|代开|税点|征信修复|修复征信",
)
"""What only advertising says; service texts speak of orders, days and amounts."""

_GREETINGS = (
    r"生日快乐|生日(?:祝福|贺卡)|祝您?(?:生日|节日|新年|新春|春节|中秋|国庆|元旦|端午|圣诞|元宵|七夕|母亲节|父亲节|教师节|妇女节|儿童节|劳动节|佳节)|"
    r"(?:新年|新春|春节|中秋|国庆|元旦|端午|圣诞|元宵|七夕|节日|佳节|双节|女神节|妇女节|教师节|母亲节|父亲节|儿童节|劳动节|感恩节|情人节|龙年|蛇年|马年|羊年|虎年|兔年)(?:节)?(?:快乐|安康|愉快|吉祥|幸福|大吉|好)|"
    r"恭贺(?:新|佳)|恭祝|阖家(?:欢乐|幸福)|合家欢|恭喜发财|万事如意|吉祥如意|大吉大利|身体健康|团圆美满|值此|佳节(?:来临|将至|之际)|福寿安康|心想事成|步步高升|财源广进"
)


def _advertised(reading: Reading, minds: Minds) -> tuple[Hit, ...]:
    found = list(reading.text.all(*MARKETING))
    if not found:
        return ()
    pieces = sorted({reading.clause(one) for one in found})
    left = without(reading.draft.content, pieces)
    # What is left must be what the text is about: it begins it, and it is most of it.
    kept = left if pieces[0][0] > 0 and 2 * len(left) >= len(reading.draft.content) and len(left) >= 8 else None
    return (Hit("content", found[0].start, found[0].end, kept, found[0].text),)


def _greeting(reading: Reading, minds: Minds) -> tuple[Hit, ...]:
    found = reading.text.first(_GREETINGS)
    return (Hit("content", found.start, found.end, what=found.text),) if found else ()


def _in_notice(reading: Reading, minds: Minds) -> tuple[Hit, ...]:
    found = reading.opt_outs
    if not found:
        return ()
    fixed = without(reading.draft.content, [(one.start, one.end) for one in found])
    return (Hit("content", found[0].start, found[0].end, fixed or None),)


_STANDARD = r"拒收请回复\s*r"


def _ended(content: str) -> str:
    """A text with the standard opt-out behind it."""
    content = content.rstrip()
    joint = "" if content.endswith(("。", "！", "!", "？", "?", "；", "，", "~", "～", "）", ")")) else "，"
    return f"{content}{joint}{STANDARD_OPT_OUT}"


def _no_opt_out(reading: Reading, minds: Minds) -> tuple[Hit, ...]:
    if not reading.draft.content or reading.opt_outs:
        return ()
    return (Hit("content", fix=_ended(reading.draft.content)),)


def _other_opt_out(reading: Reading, minds: Minds) -> tuple[Hit, ...]:
    found = reading.opt_outs
    if not found or pattern(rf"{_STANDARD}[\s。.!]*$").search(reading.text.text):
        return ()
    rest = without(reading.draft.content, [(one.start, one.end) for one in found])
    rest = pattern(r"(?<=[。！!？?；，])[。！!？?；，]+$", r"^[。！!？?；，]+").sub("", rest)
    return (Hit("content", found[0].start, found[0].end, _ended(rest) if rest else None),)


_MEMBERS = (
    rf"会员|vip|贵宾|老(?:客户|顾客|用户|朋友|友|会员)|金卡|银卡|钻石卡|铂金|黑卡|(?:尊敬|亲爱|尊贵|敬爱)的[^,。;!?]{{0,14}}(?:客户|用户|顾客|业主|家长|学员|车主|朋友|{VARIABLE})|"
    rf"您(?:在[^,。;!?]{{0,10}}的|的)(?:账户|积分|优惠券|余额|卡|订单)"
)


def _blind(reading: Reading, minds: Minds) -> tuple[Hit, ...]:
    if not reading.draft.content or reading.text.first(_MEMBERS):
        return ()
    return (Hit("content", fix=f"尊敬的会员，{reading.draft.content}"),)


def _consent(reading: Reading, minds: Minds) -> tuple[Hit, ...]:
    return (Hit("paper"),) if reading.draft.paper is False else ()


PROMO = frozenset({"promo"})
NOTICE = frozenset({"notice"})

RULES: tuple[Rule[Reading], ...] = (
    Rule(
        "notice-with-optout",
        Kind.TEMPLATE,
        Words("opt-out in a notification", "通知模板含退订"),
        Words(
            "A notification has no opt-out; remove whatever speaks of opting out.", "通知短信不能含退订内容，请删除。"
        ),
        _in_notice,
        Example("您的快递已到站，请及时领取，退订回T"),
        Example("您的快递已到站，请及时领取。"),
        types=NOTICE,
    ),
    Rule(
        "notice-with-marketing",
        Kind.TEMPLATE,
        Words("advertising in a notification", "通知模板含营销内容"),
        Words("Advertising is submitted as marketing, or left out.", "营销内容请用营销模板提交，或删除。"),
        _advertised,
        Example("您的订单已签收，新品八折限时抢购！"),
        Example("您的订单已签收，感谢您的支持。"),
        types=NOTICE,
    ),
    Rule(
        "greeting-as-notice",
        Kind.TEMPLATE,
        Words("greeting as a notification", "祝福类内容"),
        Words("Birthday and holiday greetings are submitted as marketing.", "生日、节日祝福请用营销模板提交。"),
        _greeting,
        Example("尊敬的用户，祝您中秋快乐！"),
        Example("您的生日蛋糕订单已发货。"),
        types=NOTICE,
    ),
    Rule(
        "promo-without-optout",
        Kind.TEMPLATE,
        Words("opt-out at the end", "缺少退订方式"),
        Words("Marketing ends with 拒收请回复R.", "营销短信须以“拒收请回复R”结尾。"),
        _no_opt_out,
        Example("尊敬的会员，全场五折！", "promo"),
        Example("尊敬的会员，全场五折！拒收请回复R", "promo"),
        types=PROMO,
    ),
    Rule(
        "promo-other-optout",
        Kind.TEMPLATE,
        Words("wording of the opt-out", "退订方式写法不符"),
        Words("Only 拒收请回复R at the very end is taken today.", "目前仅接受以“拒收请回复R”结尾。"),
        _other_opt_out,
        Example("尊敬的会员，全场五折！回TD退订", "promo"),
        Example("尊敬的会员，全场五折！拒收请回复R", "promo"),
        types=PROMO,
    ),
    Rule(
        "promo-not-to-members",
        Kind.TEMPLATE,
        Words("whom the text addresses", "未体现会员"),
        Words(
            "Marketing goes to members and says so, e.g. 尊敬的会员.",
            "营销短信仅面向会员，内容须体现，如“尊敬的会员”。",
        ),
        _blind,
        Example("全场五折，欢迎选购！拒收请回复R", "promo"),
        Example("尊敬的会员，全场五折！拒收请回复R", "promo"),
        types=PROMO,
    ),
    Rule(
        "promo-consent-missing",
        Kind.TEMPLATE,
        Words("proof of consent", "缺少用户同意证明"),
        Words("Attach proof that the recipients agreed to get marketing.", "请上传用户同意接收营销短信的证明。"),
        _consent,
        Example("尊敬的会员，全场五折！拒收请回复R", "promo", (("paper", "false"),)),
        Example("尊敬的会员，全场五折！拒收请回复R", "promo", (("paper", "true"),)),
        types=PROMO,
        declared="paper",
    ),
)
