"""`help`: what can be said here, in two levels: what there is at a glance, then one subject or one command whole."""

from collections.abc import Iterable, Iterator, Sequence

from bot.commands.command import Argument, ArgumentKind, Command, Declaration, Mistake, Reason, Router
from bot.commands.mistakes import mistake
from bot.commands.nearest import shown, suggest
from bot.contracts.message import Block, Code, Commands, Exact, Items, Line, Message, Part, Text
from bot.contracts.model import Role, Words
from bot.desk.context import SUBMITS, Context, Reply
from bot.desk.rule import rule
from bot.wording.language import LANGUAGES
from bot.wording.problems import missing_line
from bot.wording.view import next_commands

ROUTER: Router[Context, Reply] = Router()

TOPICS = {
    "submit": Words("Submit", "提交"),
    "look": Words("Look", "查询"),
    "watch": Words("Quota and alerts", "额度与告警"),
    "messages": Words("Messages", "短信"),
    "bot": Words("This bot", "机器人"),
}


@ROUTER.command(
    ("help",),
    ("帮助",),
    role=Role.NOBODY,
    summary=Words("what can be said here, with examples", "可以说什么，附示例"),
    usage="help [SUBJECT]",
    examples=(Words("help sign submit", "帮助 签名 提交"),),
    arguments=(Argument(ArgumentKind.TEXT),),
    topic="bot",
)
async def help_(command: Command, context: Context) -> Reply:
    """What this person can say here; or one command with its keys."""
    language = context.language
    asked = command.text.strip()
    if asked:
        for declaration in context.services.speech.commands:
            if asked.casefold() in (declaration.spelled("en"), declaration.spelled("zh"), "".join(declaration.zh)):
                return _about(context, declaration)
        if (page := rule(context, asked)) is not None:
            return page
        first = asked.split()[0].casefold()
        for declaration in context.services.speech.commands:
            if first in (declaration.words[0], *(declaration.zh[:1])):
                return _about(context, declaration)
        about = [topic for topic, words in TOPICS.items() if asked.casefold() in (topic, words.en.casefold(), words.zh)]
        if about:
            return _subject(context, about[0])
        return mistake(language, _unknown(asked, context.services.speech.commands), context.services.speech.commands)
    return _overview(context)


def _sayable(context: Context, topic: str) -> tuple[Declaration, ...]:
    """The commands of a topic that this person can say here."""
    return tuple(
        declaration
        for declaration in context.services.speech.commands
        if declaration.topic == topic and declaration.role <= context.role
    )


def _overview(context: Context) -> Message:
    """What there is, at a glance: the commands of each topic by their words alone."""
    language = context.language
    lines = tuple(
        language.line(
            "**{topic}**: {commands}",
            topic=language.pick(words),
            commands=tuple(_between(Code(one.spelled(language.code)) for one in said)),
        )
        for topic, words in TOPICS.items()
        if (said := _sayable(context, topic))
    )
    submits = any(one.words in SUBMITS for one in _sayable(context, "submit"))
    blocks: list[Block] = [Items(lines)]
    if submits and context.abilities.forms:
        blocks.append(Text(language.line("`sign submit` and `template submit` alone open a form.")))
    elif submits:
        blocks.append(Text(language.line("`sign submit` and `template submit` alone ask for everything, one by one.")))
    accounts = language.line("Accounts here: {accounts}, or all.", accounts=language.joined(list(context.accounts)))
    leaves = (
        language.line("`exit` leaves.") if context.abilities.operator else ()
    )  # the terminal; no other chat is left
    blocks.append(Text(language.sentences([line for line in (accounts, leaves) if line])))
    typed = language.text("help")
    topics = [topic for topic in TOPICS if _sayable(context, topic)]
    commands = [
        *(f"{typed} {_named(context, topic)}" for topic in topics),
        f"{typed} {language.text('sign submit')}",
    ]
    blocks.append(next_commands(context.view, *commands))
    return Message(title=language.line("**What can be said here**"), blocks=tuple(blocks))


def _named(context: Context, topic: str) -> str:
    """A topic as it is typed."""
    return topic if context.language.code == "en" else context.language.pick(TOPICS[topic])


def _between(codes: Iterable[Code]) -> Iterator[Part]:
    for position, code in enumerate(codes):
        if position:
            yield " · "
        yield code


def _subject(context: Context, topic: str) -> Message:
    """The commands of one topic: how each is written, and what it does."""
    language = context.language
    said = _sayable(context, topic)
    lines = tuple(
        language.line(
            "{usages}: {summary}",
            usages=tuple(_between(Code(one) for one in usages(declaration, language.code))),
            summary=language.pick(declaration.summary),
        )
        for declaration in said
    )
    detailed = next((one for one in said if one.examples), None)
    ahead = f"{language.text('help')} {(detailed or said[0]).spelled(language.code)}" if said else language.text("help")
    return Message(
        title=language.line("**What can be said here**: {topic}", topic=language.pick(TOPICS[topic])),
        blocks=(Items(lines), next_commands(context.view, ahead)),
    )


def _unknown(asked: str, declarations: Sequence[Declaration]) -> Mistake:
    """Help is asked for something that is no command."""
    spelled: dict[str, Declaration] = {}
    for declaration in declarations:
        for language in LANGUAGES:
            words = declaration.spelled(language)
            spelled.setdefault(words.split()[0], declaration)
            spelled[words] = declaration
    nearest = spelled.get(suggest(asked, spelled))
    return Mistake(Reason.UNKNOWN_COMMAND, shown(asked), declaration=nearest)


_IN_CHINESE = {
    "language=": "语言=",
    " or ": " 或 ",
    "…, all": "…、全部",
    "#ID": "#编号",
    "MESSAGE/digest": "消息/日报",
    "ACCOUNTS": "账号",
    "ACCOUNT": "账号",
    "TEMPLATE NUMBER": "模板 号码",
    "text NUMBER text=…": "文本 号码 文本=…",
    "NUMBER": "号码",
    "DATE": "日期",
    "sign=NAME": "签名=名称",
    "var=value": "变量=值",
    "[confirm]": "[确认]",
    "[drop]": "[放弃]",
    "NAME": "名称",
    "TOPIC": "主题",
    "SUBJECT": "命令",
    "key=value": "键=值",
    "since=7d": "最近=7d",
    "by=@me": "谁=@我",
    "by=day/sign/template/carrier": "按=日/签名/模板/运营商",
    "[7d]": "[7天]",
    "account=": "账号=",
    "state=": "状态=",
    "page=": "页=",
    "plan=": "班次=",
    ", mine, pending": "、我的、进行中",
    "confirm, keep": "确认、保留",
    "submitted/approved/rejected/deleted": "已提交/已通过/未通过/已删除",
    "resend": "重发",
    "adopt": "收录",
    "REASON": "理由",
    "id=": "编号=",
    "note": "备注",
    "[": "［",
    "]": "］",
}
"""What stands for a value in how a command is written; the longer ones first. Brackets look alike in every chat."""


def usage(declaration: Declaration, code: str) -> str:
    """How a command is written, for readers of a language."""
    written = declaration.usage
    if code == "zh":
        for english, chinese in _IN_CHINESE.items():
            written = written.replace(english, chinese)
    return written.replace(declaration.spelled("en"), declaration.spelled(code))


def usages(declaration: Declaration, code: str) -> tuple[str, ...]:
    """The same one by one, where a command is written in several ways."""
    return tuple(usage(declaration, code).split("  ·  "))


def _about(context: Context, declaration: Declaration) -> Message:
    """One command: how it is written, who may, examples, and for submissions the keys of each account."""
    language = context.language
    blocks: list[Block] = [Text(tuple(_between(Code(one) for one in usages(declaration, language.code))))]
    kind = SUBMITS.get(declaration.words)
    if kind is not None:
        accounts = [
            account
            for account in context.accounts
            if (ability := context.services.vendors[account].capabilities.kinds.get(kind)) is not None
            and ability.create
        ]
        declared = context.services.requests.preparation.fields(kind, accounts)
        lines = []
        for field in context.services.requests.preparation.union(kind, accounts):
            having = [account for account in accounts if any(one.key == field.key for one in declared[account])]
            whose: Line = (
                (language.text(" ({accounts})", accounts=language.joined(having)),)
                if len(having) < len(accounts)
                else ()
            )
            if field.key != "name":
                lines.append((*missing_line(language, field), *whose))
        blocks.append(Items(tuple(lines)))
    examples = tuple(Exact(language.pick(example)) for example in declaration.examples)
    if examples:
        blocks.append(Commands(language.text("Example"), examples))
    title = language.line(
        "**{command}**: {summary}",
        command=declaration.spelled(language.code),
        summary=language.pick(declaration.summary),
    )
    return Message(title=title, blocks=tuple(blocks))
