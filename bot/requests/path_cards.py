"""The path of one or several accounts in words: a table, what each waits for, and the one command that comes next. Pure."""

from collections.abc import Sequence
from dataclasses import replace

from bot.contracts.message import Block, Exact, Items, Line, Mark, Message, Strong, Table, Typed
from bot.contracts.model import State
from bot.requests.path import Path, Stage, Standing, Step
from bot.requests.status import who_acts
from bot.wording.language import marked
from bot.wording.view import View, capital, next_commands
from bot.wording.words import STATES

STEPS = {
    Step.QUALIFICATION: marked("Qualification"),
    Step.SIGNATURE: marked("Signature"),
    Step.FILING: marked("Filing"),
    Step.TEMPLATE: marked("Template"),
    Step.TEST: marked("Test message"),
}

_SIGNS = {
    Standing.DONE: "✅",
    Standing.WAITING: "⏳",
    Standing.TROUBLE: "❌",
    Standing.MISSING: "◻️",
}


def path_table(view: View, name: str, paths: Sequence[Path]) -> Message:
    """Where the whole path stands.

    Args:
        view: the reader's.
        name: the signature that was asked about; empty where none was.
        paths: of each account.
    """
    blocks: list[Block] = [_table(view, paths), Items(tuple(_line(view, one) for one in paths))]
    commands = tuple(dict.fromkeys(one.next.command for one in paths if one.next is not None))
    if len(paths) == 1 and commands:
        blocks.append(next_commands(view, *commands))
    return replace(_head(view, name, paths), blocks=tuple(blocks))


def path_section(view: View, paths: Sequence[Path]) -> Message:
    """The same on a page where nothing can be typed.

    Args:
        view: the reader's.
        paths: of each account.
    """
    return replace(_head(view, "", paths), blocks=(_table(view, paths),))


def _table(view: View, paths: Sequence[Path]) -> Table:
    language = view.language
    head = (language.text("Account"), *(language.text(STEPS[step]) for step in Step))
    return Table(head, tuple(((one.account,), *((_cell(view, stage),) for stage in one.stages)) for one in paths))


def _head(view: View, name: str, paths: Sequence[Path]) -> Message:
    """Where messages can go out and where not yet."""
    language = view.language
    sends = language.joined([one.account for one in paths if one.sends])
    waits = language.joined([one.account for one in paths if not one.sends])
    if not waits:
        said = language.text("messages can go out at {sends}", sends=sends)
    elif not sends:
        said = language.text("nothing can go out yet at {waits}", waits=waits)
    else:
        said = language.text("messages can go out at {sends}, not yet at {waits}", sends=sends, waits=waits)
    if name:
        said = language.text("{name}: {what}", name=name, what=said)
    elif language.code == "en":  # elsewhere it begins with an account's name
        said = capital(said)
    title: Line = (Strong(said),)
    mark = Mark.GOOD if not waits else Mark.WAITING if any(one.waiting for one in paths) else Mark.NONE
    return Message(title=title, mark=mark)


def _cell(view: View, stage: Stage) -> str:
    """One step in a few words."""
    language = view.language
    sign = _SIGNS.get(stage.standing, "")
    match stage.standing:
        case Standing.OPTIONAL:
            return language.text("not needed")
        case Standing.ADVISED:
            return language.text("advised")
        case Standing.HIDDEN:
            return language.text("not shown")
        case Standing.LATER:
            return "–"
        case Standing.SILENT:
            return "?"
        case Standing.MISSING if stage.request is None:
            return f"{sign} {language.text('missing')}"
        case _:
            return " ".join(part for part in (sign, _about(view, stage)) if part)


def _about(view: View, stage: Stage) -> str:
    language = view.language
    if stage.test is not None:
        return stage.test.called
    if stage.request is None:
        return Exact(stage.ref)
    number = f"#{stage.request.number}"
    if stage.standing is Standing.WAITING and stage.request.state is State.IN_REVIEW:
        expected = view.expected(stage.request)
        if expected is not None and expected > view.now:
            return language.text("{number} until {when}", number=number, when=language.moment(expected, None, view.now))
    if stage.standing in (Standing.TROUBLE, Standing.MISSING) and stage.step is not Step.FILING:
        return f"{number} {language.pick(STATES[stage.request.state])}"
    return number


def _line(view: View, path: Path) -> Line:
    """What one account waits for, and what can be said about it."""
    language = view.language
    account, ahead, waiting = path.account, path.next, path.waiting
    waits = _waits(view, waiting) if waiting is not None else ""
    if ahead is None and waiting is None:
        if path.stages[-1].standing is Standing.DONE:
            return language.line("**{account}**: all done, a test message arrived.", account=account)
        return language.line("**{account}**: nothing to do here.", account=account)
    if ahead is None:
        if waiting is not None and waiting.command:
            return language.line(
                "**{account}**: {waits}. What its console shows first, say here: {command}",
                account=account,
                waits=waits,
                command=Typed(view.typed(waiting.command)),
            )
        return language.line("**{account}**: {waits}. Nothing to do but wait.", account=account, waits=waits)
    command = Typed(view.typed(ahead.command))
    if waiting is None and path.advised is not None:
        return language.line(
            "**{account}**: next {command}; better first {advised}, for the carriers' filing needs it",
            account=account,
            command=command,
            advised=Typed(view.typed(path.advised.command)),
        )
    if waiting is None:
        return language.line("**{account}**: next {command}", account=account, command=command)
    return language.line("**{account}**: {waits}. Meanwhile {command}", account=account, waits=waits, command=command)


def _waits(view: View, stage: Stage) -> str:
    language = view.language
    if stage.step is Step.TEST or stage.request is None:
        return language.text("a test message is on its way")
    request = stage.request
    if stage.step is Step.FILING:
        ability = view.ability(request)
        usually = language.pick(ability.filing_usually).rstrip(".。") if ability and ability.filing_usually else ""
        waits = language.text("#{number} waits for the carriers", number=request.number)
        return (
            f"{waits}{'（' if language.code == 'zh' else ' ('}{usually}{'）' if language.code == 'zh' else ')'}"
            if usually
            else waits
        )
    who = who_acts(view, request)
    expected = view.expected(request) if request.state is State.IN_REVIEW else None
    if expected is not None and expected > view.now:
        when = language.moment(expected, None, view.now)
        return language.text("#{number} waits for {who} until {when}", number=request.number, who=who, when=when)
    return language.text("#{number} waits for {who}", number=request.number, who=who)
