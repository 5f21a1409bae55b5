"""How UCloud words its reasons, where nobody else words them so (facts 7; no refusal with its text is public)."""

from bot.contracts.rules import Phrase

REASONS: tuple[Phrase, ...] = (
    Phrase(r"sbj\.cnipa\.gov\.cn|商标局", ("trademark-not-found",)),
    Phrase(r"(?:不支持|禁止)个人(?:账号|用户|认证)", ("qualification-missing",)),
)
"""Phrases of this vendor alone."""
