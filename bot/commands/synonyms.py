"""Every way in which people say the words of a command: other names, Chinese, and the verb first. Pure.

A command is declared with the thing first (`sign submit`, `签名 提交`), as it is shown everywhere. Whoever types it says it
as their language does: `submit a` is what the hand begins with, and in Chinese nothing else is natural (`提交签名`,
`查看状态`). All of that means the declared command and nothing more.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from itertools import product

from bot.commands.tokens import folded

Words = tuple[str, ...]

ALIASES: Mapping[str, tuple[str, ...]] = {
    "sign": ("signature",),
    "template": ("tpl",),
    "签名": ("短信签名",),
    "模板": ("模版", "短信模板", "短信模版"),
    "提交": ("申请", "新建", "新增", "创建"),
    "列表": ("清单",),
    "状态": ("进度", "进展"),
    "额度": ("余量", "套餐余量"),
    "告警": ("报警", "警报"),
    "为何": ("为什么",),
    "日报": ("简报",),  # 汇总, as summary, answers a question
    "修改": ("编辑",),
    "交班": ("交给",),
}
"""Other names of a word, understood wherever the word is; never shown."""

MANY: Mapping[str, tuple[str, ...]] = {
    "sign": ("signs", "signatures"),
    "template": ("templates",),
    "qualification": ("qualifications",),
}
"""A thing in front of which the verb stands may be said in the plural: `list signatures`."""

LOOKING = ("show", "查看", "查询", "看看")
"""Verbs that may stand before what is looked at: `show status`, `查看额度`."""

LISTING: Mapping[str, tuple[str, ...]] = {"list": ("show",), "列表": ("列出", "查看", "查询", "看看")}
"""A verb that is another word where it stands first."""


@cache  # of what is declared, so there are few
def spellings_of(words: Words, zh: Words) -> tuple[Words, ...]:
    """The words in the order in which they are declared: aliases, Chinese, both mixed where they stand word for word."""
    english = [(word, *ALIASES.get(word, ())) for word in map(folded, words)]
    chinese = [(word, *ALIASES.get(word, ())) for word in map(folded, zh)]
    if len(chinese) == len(english):
        return tuple(product(*((*names, *others) for names, others in zip(english, chinese, strict=True))))
    return (*product(*english), *(product(*chinese) if chinese else ()))


def natural(words: Words, zh: Words, *, looked_at: bool) -> Iterator[Words]:
    """The verb first: `submit sign`, `提交 签名`; in front of one word that is looked at, a verb that says so.

    Args:
        words: of the command, e.g. `("sign", "submit")`.
        zh: the same in Chinese.
        looked_at: whether it only shows something.
    """
    for spelled in (words, zh):
        if len(spelled) == 2:
            thing, verb = map(folded, spelled)
            things = (thing, *ALIASES.get(thing, ()), *MANY.get(thing, ()))
            yield from product((verb, *ALIASES.get(verb, ()), *LISTING.get(verb, ())), things)
        elif len(spelled) == 1 and looked_at and folded(spelled[0]) not in LOOKING:
            word = folded(spelled[0])
            ascii_only = word.isascii()
            verbs = [verb for verb in LOOKING if verb.isascii() == ascii_only]
            yield from product(verbs, (word, *ALIASES.get(word, ())))
