"""A team on Slack with operators and a second conversation, for what goes wrong."""

import time
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import timedelta

from tests.acceptance.slack_team import Team

PING = 0.4
"""Seconds between pings; the bounds in the tests are those of `integrations.slack.sockets`, in pings."""
OPERATORS = """
[[conversation]]
platform = "slack"
id = "C0OPS"
topics = ["operator"]

[[conversation]]
platform = "slack"
id = "C0TWO"
topics = ["reviews"]
"""
OFTEN = 1_000_000
HOUR = timedelta(hours=1)

Crew = Callable[..., AbstractAsyncContextManager[Team]]


class Seconds:
    """A clock of seconds that can be moved on."""

    def __init__(self) -> None:
        self._ahead = 0.0

    def __call__(self) -> float:
        return time.monotonic() + self._ahead

    def move(self, seconds: float) -> None:
        self._ahead += seconds


def with_operators(text: str) -> str:
    """A conversation of the operators' own, and a second one that hears of reviews."""
    return text.replace('topics = ["reviews", "alerts", "operator"]', 'topics = ["reviews"]') + OPERATORS


async def reviewed(here: Team) -> None:
    """Time passes until the reviewers have decided."""
    await here.pass_time(4 * HOUR, step=HOUR)
