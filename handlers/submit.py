"""`sign submit`, `template submit`, `qualification submit`: ask vendors for a review."""

from collections.abc import Mapping

from bot.commands.command import Argument, ArgumentKind, Command, Router
from bot.contracts.errors import UserError
from bot.contracts.fields import fold, is_true
from bot.contracts.guide import Guide
from bot.contracts.model import Kind, Role, Words
from bot.contracts.vocabulary import NAME, says_digital
from bot.desk import dialogue
from bot.desk.context import Context, Reply
from bot.desk.filling import Filling
from bot.requests.guidance import not_by_api
from bot.requests.prepare import Typed, unknown_keys

ROUTER: Router[Context, Reply] = Router()

_DRAFT = Words("draft", "草稿")
"""Behind `draft=true` nothing is sent: what was said is opened, in a form where the chat has them."""

_PLACES = (Argument(ArgumentKind.ACCOUNTS), Argument(ArgumentKind.NAME))


@ROUTER.command(
    ("sign", "submit"),
    ("签名", "提交"),
    role=Role.SUBMITTER,
    summary=Words("submit a signature for review, to one account or several", "提交签名审核，可一次提交多个账号"),
    usage="sign submit [ACCOUNTS] [NAME] [key=value …]",
    examples=(
        Words(
            'sign submit aliyun 速达物流 source=company qualification=8563 remark="Order notices, https://suda.example"',
            "签名 提交 阿里云 速达物流 来源=企业 资质=8563 说明=“订单与配送通知，https://suda.example”",
        ),
        Words("sign submit all 速达物流", "签名 提交 全部 速达物流"),
        Words("sign submit aliyun Suda go_china=true", "签名 提交 阿里云 速达 发往内地=是"),
        Words("sign submit aliyun 速达物流 digital=true", "签名 提交 阿里云 速达物流 数字短信=是"),
    ),
    arguments=_PLACES,
    keys=True,
    topic="submit",
)
async def sign_submit(command: Command, context: Context) -> Reply:
    """A signature for one account or several."""
    return await _submit(Kind.SIGNATURE, command, context)


@ROUTER.command(
    ("template", "submit"),
    ("模板", "提交"),
    role=Role.SUBMITTER,
    summary=Words("submit a template; placeholders are written ${code}", "提交模板审核，变量写作 ${code}"),
    usage="template submit [ACCOUNTS] [NAME] [key=value …]",
    examples=(
        Words(
            'template submit aliyun 登录验证码 type=otp content="您的验证码是${code}，5分钟内有效，请勿泄露。" sample.code=1234',
            "模板 提交 阿里云 登录验证码 类型=验证码 内容=“您的验证码是${code}，5分钟内有效，请勿泄露。” 示例.code=1234",
        ),
        Words("template submit all 登录验证码", "模板 提交 全部 登录验证码"),
        Words(
            "template submit aliyun 新品上市 type=digital sign=速达科技",
            "模板 提交 阿里云 新品上市 类型=数字短信 签名=速达科技",
        ),
    ),
    arguments=_PLACES,
    keys=True,
    topic="submit",
)
async def template_submit(command: Command, context: Context) -> Reply:
    """A template for one account or several."""
    return await _submit(Kind.TEMPLATE, command, context)


@ROUTER.command(
    ("qualification", "submit"),
    ("资质", "提交"),
    role=Role.SUBMITTER,
    summary=Words(
        "submit a qualification for review, or how to where the console takes it",
        "提交资质审核；仅能在控制台办理的，给出步骤",
    ),
    usage="qualification submit [ACCOUNTS] [NAME] [key=value …]",
    examples=(
        Words("qualification submit ucloud 速达科技", "资质 提交 优刻得 速达科技"),
        Words("qualification submit tencent", "资质 提交 腾讯云"),
    ),
    arguments=_PLACES,
    keys=True,
    topic="submit",
)
async def qualification_submit(command: Command, context: Context) -> Reply:
    """A qualification for one account or several; what is personal is asked for in private."""
    return await _submit(Kind.QUALIFICATION, command, context)


async def _submit(kind: Kind, command: Command, context: Context) -> Reply:
    if _says_not_where(command, context) and await context.services.chats.ask(context.incoming, ()):
        return None
    accounts = context.chosen(command)
    typed, draft = _as_draft(context, command.typed)
    guided = context.services.requests.guided
    guides = {one: guide for one in accounts if (guide := guided.asked(one, kind, typed))}
    digital = says_digital(kind, typed)
    able = [one for one in accounts if _filled_in(context, kind, one, guides, digital=digital)]
    bare = {one: guide for one, guide in guides.items() if not guide.fields}
    name = dict(typed).get(NAME.key, "")
    if bare and name:
        await guided.begin(context.incoming, kind, name, bare)
    if not able:
        return None if bare and name else not_by_api(context.view, kind, accounts, digital=digital)
    filling = Filling(kind=kind, numbers={}, typed=typed)
    declared = context.services.requests.preparation.fields(kind, able, filling.said_to)
    unknown = unknown_keys(typed, declared.values())
    return await dialogue.begin(context, filling, able, unknown, hold=draft)


def _as_draft(context: Context, typed: Typed) -> tuple[Typed, bool]:
    """What was said without the word that it shall only be opened, and whether it was said."""
    words = (fold(_DRAFT.en), fold(_DRAFT.zh))
    rest = tuple((key, value) for key, value in typed if fold(key) not in words)
    wanted = any(is_true(value) for key, value in typed if fold(key) in words)
    if wanted and not context.incoming.can_ask:
        raise UserError(context.language.text("A draft is opened only where I can ask back."))
    return rest, wanted


def _filled_in(context: Context, kind: Kind, account: str, guides: Mapping[str, Guide], *, digital: bool) -> bool:
    """Whether what an account wants is asked for: what this program submits, and what is kept for the console."""
    guide = guides.get(account)
    return bool(guide.fields) if guide is not None else account in context.able(kind, digital=digital)


def _says_not_where(command: Command, context: Context) -> bool:
    return not command.accounts and not command.everything and len(context.accounts) > 1
