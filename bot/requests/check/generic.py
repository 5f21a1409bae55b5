"""Words that name nobody: a name or a text of nothing but these tells nothing about whom or what it is from. Pure.

Only the whole is ever measured, never a part: 会议通知 names nobody, 腾讯云会议通知 does (facts, rules seen 2).
"""

from bot.requests.check.reading import pattern

_SAID_TO = (
    "尊敬的|亲爱的|敬爱的|尊贵的|各位|全体|所有|广大|您好|你好|大家好|您的|你的|我们的|我的|您|你|我们|我|本|贵|各|该|客户|用户|会员|"
    "顾客|买家|卖家|商家|商户|员工|同事|同学|家长|学生|老师|业主|市民|朋友|亲友|先生|女士|贵宾|嘉宾|贵客|客官|伙伴|代理商|供应商|经销商|渠道"
)
_SAID_BY = (
    "客服|客户服务|售后|售前|服务|人工|官方|运营|管理|管理员|后台|系统|平台|中心|总部|部门|公司|企业|集团|单位|机构|组织|团队|部|办公室|"
    "前台|商城|商店|店铺|门店|网店|网站|官网|网络|网|科技|信息|技术|数据|软件|互联网|电商|电子商务|在线|线上|线下|应用|小程序|公众号|app|"
    "有限公司|股份有限公司|有限责任公司|某某|某|工作室|助手|小助手|管家|小二"
)
_SAID_OF = (
    "通知|通告|公告|告知|提醒|提示|温馨|消息|信息|讯息|短信|短消息|信使|邮件|推送|播报|快讯|资讯|新闻|动态|预警|告警|报警|警报|监控|巡检|运维|"
    "验证|验证码|校验码|校验|动态码|动态密码|随机码|激活码|注册码|安全码|注册|登录|登陆|登入|认证|身份|实名|密码|账号|帐号|账户|帐户|安全|"
    "会议|会务|活动|日程|预约|预订|预定|订阅|报名|签到|考勤|审批|审核|任务|工单|待办|流程|"
    "订单|下单|发货|收货|取件|快递|快件|物流|配送|派送|包裹|外卖|支付|付款|收款|缴费|账单|对账|充值|退款|余额|积分|卡券|礼品|"
    "营销|推广|促销|优惠|特惠|特价|折扣|福利|活动|团购|秒杀|抢购|商品|产品|购物|电子|生活|学习|社群|社区|群|教育|培训|课程|"
    "测试|体验|试用|演示|示例|样例|例子|默认|未命名|签名|模板|名称|标题|内容|文本|其他|其它|通用|公共|普通|一般|业务|事务|事项|项目|"
    "重要|紧急|最新|新|日常|每日|今日|欢迎|感谢|谢谢|恭喜|祝贺|祝福|问候|关怀|"
    "手机|电话|热线|专线|专属|统一|智能|智慧|自助|专用|专业|综合|全国|国内|国际|全球|我家|大家"
)
_TRADES = (
    "变更|修改|大鱼|校园|家居|家政|健康|医疗|医院|诊所|药房|药店|物业|旅游|旅行|旅行社|酒店|宾馆|餐饮|餐厅|美食|汽车|汽修|租房|租车|房产|装饰|建材|服装|母婴|"
    "超市|便利店|银行|金融|农业|农产品|环保|能源|传媒|文化|体育|健身|美容|美发|咖啡|水果|生鲜|电器|数码|图书|书店|幼儿园|学校|快递柜|柜|微|停车|停车场|出行|打车|"
    "政务|税务|招聘|人才|设备|工程|商务|贸易|进出口|食品|家电|鲜花|蛋糕|洗衣|维修|装修|家装"
)
"""Trades without anybody's name."""

_LATIN = (
    "sms|msg|message|messages|notice|notices|notification|notifications|notify|alert|alerts|info|information|news|service|services|"
    "customer|customers|customerservice|support|help|helpdesk|hotline|system|admin|administrator|official|platform|center|centre|"
    "company|inc|ltd|corp|group|member|members|user|users|vip|client|dear|hello|hi|welcome|verification|verify|verifycode|code|otp|"
    "captcha|auth|login|signin|signup|register|password|security|account|order|orders|delivery|express|payment|pay|promo|promotion|"
    "marketing|sale|sales|test|tests|testing|tester|demo|sample|example|default|sign|signature|name|title|template|web|website|"
    "internet|online|shop|store|mall|app|the|and|my|your|our|foo|bar|baz|qwe|null|none|undefined|string|text"
)
_FILLERS = "的|和|与|及|或|之|等|a|b|1|2|3|0|第|一|号|级|版|类|型|x"

_NAMES_NOBODY = frozenset(f"{_SAID_TO}|{_SAID_BY}|{_SAID_OF}|{_TRADES}|{_LATIN}".split("|"))
_FILLED = frozenset(_FILLERS.split("|"))


def _reached(text: str, words: frozenset[str], start: int = 0) -> set[int]:
    """The places that words, laid one behind the other from a place on, can end at; marks between them do not count."""
    longest = max(map(len, words))
    ends = {start}
    for at in range(start, len(text)):
        if at not in ends:
            continue
        if not text[at].isalnum():
            ends.add(at + 1)
        ends.update(at + size for size in range(1, longest + 1) if text[at : at + size] in words)
    return ends


def names_nobody(name: str) -> bool:
    """Whether a folded name is made of such words alone, or is typed without meaning anything (aabb, abc, 123)."""
    return bool(name) and (len(name) in _reached(name, _NAMES_NOBODY | _FILLED) or meaningless(name))


_LONGEST = 30
"""No signature has more characters; a name that has is not looked into."""


def tail(name: str) -> str:
    """What is left in front of such words: the owner, in a name like 腾讯云会议通知."""
    if len(name) > _LONGEST:
        return name
    at = next((at for at in range(len(name)) if len(name) in _reached(name, _NAMES_NOBODY, at)), len(name))
    return name[:at]


_ROWS = ("abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "asdfghjkl", "zxcvbnm", "01234567890", "09876543210")


def meaningless(name: str) -> bool:
    """Whether letters or digits were typed one behind the other, or again and again."""
    if not name.isascii() or not name.isalnum():
        return len(set(name)) == 1 and len(name) > 2
    if len(name) <= 8 and any(name in row for row in _ROWS) and len(name) > 1:
        return True
    letters = name.rstrip("0123456789")
    in_pairs = len(letters) > 3 and all(
        one in (letters[at - 1 : at], letters[at + 1 : at + 2]) for at, one in enumerate(letters)
    )
    again = any(letters == letters[:size] * (len(letters) // size) for size in (1, 2, 3) if len(letters) > size)
    return (len(set(name)) <= 2 and 2 < len(name) <= 8) or in_pairs or again


# What a text says without saying anything: beside the words above, these.
_VAGUE = (
    "请|请您|敬请|烦请|务必|及时|尽快|立即|马上|尽早|今日|今天|明天|今|于|在|前|内|后|完成|处理|办理|查看|查收|查阅|查询|知悉|知晓|悉知|"
    "关注|留意|注意|确认|核实|联系|回复|操作|参与|配合|支持|等待|耐心|理解|合作|非常|十分|多谢|有|有一|一条|一笔|一个|一项|条|笔|个|项|未|尚未|"
    "已|已经|正在|即将|将|未读|待|交易|事情|情况|问题|结果|相关|有关|具体|详情|详细|更多|了解|成功|失败|通过|提交|申请|更新|变更|到|来|去|"
    "吧|啦|哦|了|是|为|如|如有|如需|疑问|祝|愉快|顺利|如下|以下|以上|以免|避免|影响|使用|登录|进入|打开|点击|收到|发送|发布|随时|再次|第一时间"
)


_ABOUT_NOTHING = (
    "通知|通告|公告|告知|提醒|提示|温馨|消息|信息|讯息|短信|内容|文本|标题|事项|事务|项目|业务|服务|系统|平台|中心|公司|官方|重要|紧急|最新|新|"
    "测试|体验|试用|演示|示例|样例|例子|默认|其他|其它|通用|公共|普通|一般|欢迎|感谢|谢谢|恭喜|祝贺|test|demo|sample|example|hello|message|notice|info"
)


_SAYS_NOTHING = frozenset(f"{_SAID_TO}|{_ABOUT_NOTHING}|{_VAGUE}|{_FILLERS}|0|1|2|3|4|5|6|7|8|9".split("|"))


def says_nothing(text: str) -> bool:
    """Whether a folded text, its variables aside, never names what it is about."""
    return len(text) in _reached(text, _SAYS_NOTHING)


_COURTESY = (
    "尊敬的|亲爱的|您好|你好|hi|hello|dear|用户|客户|会员|先生|女士|温馨提示|温馨提醒|提示|提醒|通知|消息|公告|谢谢|感谢|请|注意|查收|知悉|"
    "内容|详情|您|你"
)


def told(fixed: str) -> int:
    """How much the fixed text tells: Chinese characters and whole Latin words, without what is mere courtesy."""
    left = pattern(_COURTESY).sub(" ", fixed)
    return len(pattern("[\u3400-\u9fff]").findall(left)) + len(pattern(r"[a-z]{2,}").findall(left))
