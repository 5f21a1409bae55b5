"""Over TLS, as every real platform is reached: each chat trusts whom the vendors' clients trust."""

import pytest

from bot.contracts.model import Attachment
from tests.contract.rooms.opening import ROOMS, room_of
from tests.contract.rooms.room import PNG, Gift

PLATFORMS = tuple(name for name in ROOMS if name != "terminal")


@pytest.mark.parametrize("chat", PLATFORMS)
async def test_a_platform_is_believed_by_the_one_list_of_the_process(chat: str, certificate: tuple[str, str]) -> None:
    async with room_of(chat, certificate=certificate) as room:
        heard = await room.say("status #17", "direct")
        assert await room.chat.post(room.a_post("One to one.", place=heard.place, answers=heard.origin)) is not None
        assert "One to one." in room.read_in_private()
        if Gift.FILES in room.gifts:
            heard = await room.say("edit #17", "direct", files=(Attachment("licence.png", PNG),))
            assert [file.content for file in heard.files] == [PNG]
