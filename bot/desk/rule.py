"""A rule by its name: what is minded, who minds it, a bad and a good example, where it stands. Said with `help`."""

from collections.abc import Iterator
from itertools import groupby

from bot.contracts.fields import fold
from bot.contracts.message import Block, Items, Line, Message, Text
from bot.contracts.rules import Example, Minds, Severity
from bot.desk.context import Context
from bot.requests.check.shared import RULES
from bot.requests.check.unseen import UNSEEN
from bot.wording.view import capital, next_commands
from bot.wording.words import KIND_WORDS

_TITLES = {slug: one.title for slug, one in UNSEEN.items()} | {slug: one.title for slug, one in RULES.items()}
_NAMED = {fold(name): slug for slug, title in _TITLES.items() for name in (title.en, title.zh)} | {
    fold(slug): slug for slug in _TITLES
}


def rule(context: Context, asked: str) -> Message | None:
    """What is known of a rule; none where nothing is called so.

    Args:
        context: who asks where.
        asked: its slug, or what it is called in either language.
    """
    slug = _NAMED.get(fold(asked))
    if slug is None:
        return None
    language = context.language
    if slug in UNSEEN:
        unseen = UNSEEN[slug]
        blocks: tuple[Block, ...] = (Text((language.pick(unseen.says),)), Text((language.pick(unseen.why),)))
        title = language.line("**{title}** · `{slug}`", title=capital(language.pick(unseen.title)), slug=slug)
        return Message(title=title, blocks=blocks)
    about = RULES[slug]
    examples = (
        language.line("Not: {example}", example=_example(about.bad)),
        language.line("But: {example}", example=_example(about.good)),
    )
    ahead = next_commands(context.view, f"check {KIND_WORDS[about.kind]} …")
    return Message(
        title=language.line("**{title}** · `{slug}`", title=capital(language.pick(about.title)), slug=slug),
        blocks=(
            Text((language.pick(about.says),)),
            Items(examples),
            Items(tuple(_minding(context, slug)) or (language.line("No account here minds it."),)),
            ahead,
        ),
    )


def _example(example: Example) -> Line:
    more = ", ".join(f"{key}={value}" for key, value in example.values if key in COUNTS)
    return (f"“{example.text}”{f' ({more})' if more else ''}",)


COUNTS = frozenset({"had", "today"})
"""What an example of a number of things says beside its text."""


def _minding(context: Context, slug: str) -> Iterator[Line]:
    """Who minds it how, and where it stands, each page once."""
    language = context.language
    standards = context.services.requests.preparation.check.standards
    found: list[tuple[Minds, str]] = [
        (minds, account)
        for account in context.accounts
        for minds in (standards[account].minds if account in standards else ())
        if minds.rule == slug
    ]
    for minds, pairs in groupby(found, lambda one: one[0]):
        told = {
            "accounts": language.joined([account for _, account in pairs]),
            "source": minds.page.where,
            "date": minds.page.date,
        }
        yield (
            language.line("{accounts}: refuses it ({source}, {date})", **told)
            if minds.severity is Severity.ERROR
            else language.line("{accounts}: may refuse it ({source}, {date})", **told)
        )
