"""`settings`: what holds in this conversation, and its language."""

from bot.commands.command import Command, Router
from bot.contracts.errors import UserError
from bot.contracts.fields import fold
from bot.contracts.message import Block, Exact, Items, Line, Mark, Message, Text
from bot.contracts.model import Role, Words
from bot.desk.context import Context, Reply
from bot.desk.topics import next_digest, topics_told
from bot.desk.turned_away import may_not
from bot.store import subscriptions
from bot.wording.view import next_commands
from bot.wording.words import ROLES

ROUTER: Router[Context, Reply] = Router()

LANGUAGE = Words("language", "语言")

_ACTS = {
    "delete": Words("deletions", "删除"),
    "promo": Words("marketing templates", "营销模板"),
    "submit": Words("submissions", "提交"),
    "edit": Words("changes", "修改"),
    "third_party": Words("submissions for others", "为他人提交"),
}
"""What can need a second person (`[policy]`)."""

_SPOKEN = {"en": Words("English", "英文"), "zh": Words("Chinese", "中文")}

_SAID = {
    "en": ("en", "english", "英文", "英语"),
    "zh": ("zh", "cn", "chinese", "中文", "汉语", "简体中文", "zh-cn"),
}
"""What people call a language."""


@ROUTER.command(
    ("settings",),
    ("设置",),
    role=Role.VIEWER,
    summary=Words(
        "what holds in this conversation: language, accounts, roles, what it is told",
        "本会话的语言、账号、权限与通知",
    ),
    usage="settings [language=…]",
    examples=(Words("settings", "设置"), Words("settings language=zh", "设置 语言=中文")),
    keys=(LANGUAGE,),
    topic="bot",
)
async def settings(command: Command, context: Context) -> Reply:
    """What is configured for this conversation, never a secret; admins change its language here."""
    if said := fold(command.value("language")):
        return await _spoken_to(context, said)
    language = context.language
    title = language.line("**What holds in this conversation**")
    return Message(title=title, blocks=await _all(context))


async def _spoken_to(context: Context, said: str) -> Message:
    """From now on in another language; the answer is in it already."""
    services, incoming = context.services, context.incoming
    if context.role < Role.ADMIN:
        spelled = f"{context.view.typed('settings')} {context.language.pick(LANGUAGE)}=…"
        return may_not(context, spelled, Role.ADMIN)
    code = next((code for code, words in _SAID.items() if said in words), "")
    if not code:
        raise UserError(
            context.language.text("“{said}” is no language of mine: en or zh.", said=said[:20]),
            commands=tuple(f"settings {context.language.pick(LANGUAGE)}={code}" for code in _SAID),
        )
    now = services.clock.now()
    await services.database.write(
        lambda db: subscriptions.speak(db, incoming.place, code, by=incoming.actor.key, now=now)
    )
    services.settings.speak(incoming.place, code)
    language = services.views.language(incoming.place)
    title = language.line("**This conversation is spoken to in {language} from now on**", language=_named(code, code))
    ahead = next_commands(services.views.of(incoming.place, now), "settings")
    return Message(title=title, mark=Mark.GOOD, blocks=(ahead,))


def _named(code: str, reader: str) -> str:
    return _SPOKEN[code].said(reader)


async def _all(context: Context) -> tuple[Block, ...]:
    language, place, known = context.language, context.incoming.place, context.services.settings
    listed = known.conversation(place)
    policy, alerts = known.policy, known.alerts
    lines: list[Line] = [
        language.line("Language: {language}", language=_named(language.code, language.code)),
        language.line("Time zone: {zone}", zone=str(known.bot.timezone)),
        language.line("Accounts: {accounts}", accounts=language.joined(list(context.accounts))),
        language.line("What you may do: {role}", role=language.pick(ROLES[context.role])),
    ]
    if listed is not None:
        lines.append(language.line("Whom nobody named: {role}", role=language.pick(ROLES[listed.default_role])))
    told = await topics_told(context)
    if not told:
        lines.append(language.line("Told here: nothing but what is asked"))
    lines += [language.line("Told here, {topic}: {whose}", topic=topic, whose=whose) for topic, whose in told]
    lines += await next_digest(context)
    if policy.second_person:
        acts = language.joined([language.pick(_ACTS[one]) for one in policy.second_person])
        lines.append(language.line("Waits for a second person: {acts}", acts=acts))
    lines.append(
        language.line(
            "An alert is told again every {repeat} until somebody has it, and is theirs for {held}",
            repeat=language.span(alerts.repeat),
            held=language.span(alerts.ack_expires),
        )
    )
    if alerts.night:
        lines.append(language.line("At night what can wait till morning waits: {hours}", hours=alerts.night))
    where = language.line(
        "Admins change the topics with `{subscribe}`, an operator the rest in `config.toml`, where this is `{platform}`, `{id}`.",
        subscribe=context.view.typed("subscribe"),
        platform=place.platform,
        id=Exact(place.conversation),
    )
    ahead = (
        ("subscribe …", "unsubscribe …", f"settings {language.pick(LANGUAGE)}=…")
        if context.role >= Role.ADMIN
        else ("subscriptions",)
    )
    return (Items(tuple(lines)), Text(where), next_commands(context.view, *ahead))
