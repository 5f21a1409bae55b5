"""What is kept of a request is worded when it is read: for each reader in theirs, whoever typed it."""

from pathlib import Path

import pytest

from bot.contracts.message import plain
from bot.requests.batches import card
from bot.store import requests
from tests.reading import shown
from tests.stage import Stage, stage

TWICE = {
    "en": ("sign submit aliyun 速达物流 source=company", "sign submit all 速达物流 source=company"),
    "zh": ("签名 提交 阿里云 速达物流 来源=企业", "签名 提交 全部 速达物流 来源=企业"),
}
WHY = {"en": "#1 is the same and is in review", "zh": "#1 内容相同，审核中"}


async def cards(on: Stage, numbers: tuple[int, ...], code: str) -> str:
    """The card of one request and the row of several, as readers of a language see them."""
    services = on.bot.services
    view = services.views.view(services.views.languages[code], on.clock.now())
    found = await services.database.read(lambda db: requests.of_numbers(db, numbers))
    found = sorted(found, key=lambda one: one.number)
    return "\n".join(shown(card(view, some)) for some in (found[:1], found))


@pytest.mark.parametrize("typed_in", ["en", "zh"])
async def test_what_is_wrong_with_a_draft(tmp_path: Path, typed_in: str) -> None:
    async with stage(tmp_path, language=typed_in, auto_review=False) as on:
        for text in TWICE[typed_in]:
            await on.say(text)
        draft = await on.request(2)
        assert draft.refusal is not None
        for code, why in WHY.items():
            told = await cards(on, (2, 3), code)
            other = WHY["zh" if code == "en" else "en"]
            assert told.count(why) == 2
            assert other not in told
            assert plain((draft.refusal.meaning(code),)) in told
