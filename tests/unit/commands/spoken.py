"""A router with the commands of the specification, for tests of the parser; its handlers only answer."""

from bot.commands.command import Argument, ArgumentKind, Command, Router, Vocabulary
from bot.contracts.model import Role, Words
from bot.contracts.vocabulary import VOCABULARY
from bot.running.vendors import VENDORS

ACCOUNTS = Argument(ArgumentKind.ACCOUNTS)
ACCOUNT = Argument(ArgumentKind.ACCOUNT)
NAME = Argument(ArgumentKind.NAME)
NUMBER = Argument(ArgumentKind.NUMBER)
THIS_NUMBER = Argument(ArgumentKind.NUMBER, required=True)
ALERT = Argument(ArgumentKind.ALERT, required=True)
ALERTS = Argument(ArgumentKind.ALERT, required=True, many=True)
NUMBERS = Argument(ArgumentKind.NUMBER, required=True, many=True)
TEXT = Argument(ArgumentKind.TEXT)
DAYS = Argument(ArgumentKind.WORD, pattern="[0-9]+d")
SPAN = Argument(ArgumentKind.WORD, required=True, pattern="[0-9]+[mhd]")
ANY_WORD = Argument(ArgumentKind.WORD)
PHONE = Argument(ArgumentKind.WORD, required=True)


def _choices(*pairs: tuple[str, str]) -> tuple[Words, ...]:
    return tuple(Words(en, zh) for en, zh in pairs)


MINE = Argument(ArgumentKind.WORD, words=_choices(("mine", "我的"), ("pending", "待办")))
SHIFT = Argument(
    ArgumentKind.WORD, words=_choices(("who", "谁"), ("next", "下一个"), ("take", "接班"), ("give", "换给"))
)
_TOPICS = _choices(
    ("reviews", "审核"),
    ("quota", "额度"),
    ("delivery", "送达"),
    ("alerts", "告警"),
    ("digest", "汇总"),
    ("replies", "回复"),
    ("operator", "运维"),
)
TOPICS = Argument(ArgumentKind.WORD, required=True, words=_TOPICS, many=True)

Keys = bool | tuple[str | Words, ...]


def router() -> Router[None, str]:
    """All commands of the specification, in its order."""
    commands: Router[None, str] = Router()

    def add(words: str, zh: str, *arguments: Argument, keys: Keys = False) -> None:
        @commands.command(
            tuple(words.split()),
            tuple(zh.split()),
            role=Role.VIEWER,
            summary=Words(words, zh),
            usage=words,
            examples=(Words(f"{words} …", f"{zh} …"),),
            arguments=arguments,
            keys=keys,
        )
        async def answer(command: Command, context: None) -> str:
            return command.raw

    add("help", "帮助", TEXT)
    for kind, zh in (("sign", "签名"), ("template", "模板"), ("qualification", "资质")):
        add(f"{kind} submit", f"{zh} 提交", ACCOUNTS, NAME, keys=True)
        add(f"{kind} list", f"{zh} 列表", ACCOUNTS, keys=(Words("state", "状态"),))
        add(f"{kind} show", f"{zh} 查看", Argument(ArgumentKind.NUMBER_OR_NAME, required=True))
    add("edit", "修改", THIS_NUMBER, keys=True)
    add("delete", "删除", NUMBERS)
    add("check sign", "检查 签名", ACCOUNTS, NAME, keys=True)
    add("check template", "检查 模板", ACCOUNTS, NAME, keys=True)
    add("status", "状态", Argument(ArgumentKind.NUMBER, many=True), MINE)
    add("history", "历史", NUMBER, keys=(Words("since", "自"), "by", "account"))
    add("report", "报告", DAYS)
    add("quota", "额度", ACCOUNTS)
    add("stats", "统计", ACCOUNTS, DAYS, keys=("by",))
    add("send", "发送", ACCOUNT, Argument(ArgumentKind.NAME, required=True), PHONE, keys=True)
    add("trace", "追踪", ACCOUNT, PHONE, ANY_WORD)
    add("replies", "回复", ACCOUNT)
    add("alerts", "告警")
    add("ack", "认领", ALERTS, TEXT)
    add("unack", "取消认领", ALERTS)
    add("snooze", "暂缓", ALERTS, SPAN)
    add("resolve", "关闭", ALERTS, TEXT)
    add("escalate", "升级", ALERT)
    add("oncall", "值班", SHIFT, TEXT)
    add("subscribe", "订阅", TOPICS, ACCOUNTS)
    add("unsubscribe", "退订", Argument(ArgumentKind.WORD, words=_TOPICS, many=True), ACCOUNTS)
    add("subscriptions", "订阅列表")
    add("approve", "同意", THIS_NUMBER)
    add("deny", "拒绝", THIS_NUMBER, Argument(ArgumentKind.TEXT, required=True))
    add("resubmit", "重提", THIS_NUMBER, keys=True)
    add("sync", "同步", ACCOUNTS)
    add("why", "为何", NUMBER, Argument(ArgumentKind.ALERT), ANY_WORD)
    add("health", "健康")
    add("settings", "设置", keys=(Words("language", "语言"),))
    return commands


_FIELDS = list(VOCABULARY.values())

KEYS = frozenset(key for one in _FIELDS for key in (one.key, *one.aliases))

CALLED = {vendor: client.words for vendor, client in VENDORS.items()}

VOCABULARY = Vocabulary({"aliyun": "alibaba", "tencent": "tencent", "ucloud": "ucloud"}, KEYS, CALLED)
