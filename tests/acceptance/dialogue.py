"""How people talk in a guided dialogue at the stage of the terminal."""

import re
from datetime import timedelta

from bot.contracts.model import Actor, Attachment, State
from tests.made_files import png
from tests.stage import ME, Stage

OTHER = Actor("terminal", "colleague", name="colleague")
LICENCE = Attachment("licence.png", png(1))
TEXT = "您的验证码是${code}，5分钟内有效。"
HOUR = timedelta(hours=1)


def without_defaults(text: str) -> str:
    """Everything is asked for."""
    return re.sub(r"\ndefaults = .*", "", text)


async def say(s: Stage, text: str, actor: Actor = ME, files: tuple[Attachment, ...] = ()) -> str:
    return await s.say(text, can_ask=True, actor=actor, files=files)


async def state(s: Stage, number: int) -> State:
    return (await s.request(number)).state


async def told(s: Stage) -> int:
    """How many notices about questions were ever owed."""
    return await s.bot.services.database.read(
        lambda db: next(db.query("SELECT COUNT(*) AS n FROM notices WHERE what = 'question'"))["n"]
    )
