"""Files by their bytes, from what a person hands in to what the vendor gets; the chats' own ways have their own tests."""

from pathlib import Path

import pytest

from bot.contracts.model import State
from tests import made_files as made
from tests.acceptance.dialogue import without_defaults
from tests.stage import stage

PNG = made.png()


@pytest.mark.parametrize("name", ["x.jpg", "X.JPG", "营业执照", "执照.png.jpg", "x.heic", "x.png"])
async def test_a_png_is_taken_and_sent_as_one_whatever_its_name(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(PNG)
    async with stage(tmp_path, change=without_defaults) as s:
        said = await s.say(f'sign submit ucloud 速达物流 source=company remark=Orders paper="{tmp_path / name}"')
        assert "❌" not in said
        request = await s.request(1)
        assert request.state is State.IN_REVIEW
        assert [paper["name"].rpartition(".")[2] for paper in request.papers] == ["png"]
        sent = next(call for call in s.sandbox.calls if call.action == "CreateUSMSSignature")
        assert str(sent.params["File"]).startswith("image/png;base64,")


@pytest.mark.parametrize(
    ("name", "content", "en", "zh"),
    [
        (
            "x.jpg",
            made.picture("WEBP"),
            "is a WebP picture; save it as jpg or png.",
            "是 WebP 图片；请另存为 jpg 或 png。",
        ),
        ("x.heic", made.HEIC, "is a HEIC picture; save it as jpg or png.", "是 HEIC 图片；请另存为 jpg 或 png。"),
        ("x.png", made.picture("BMP"), "is a BMP picture; save it as jpg or png.", "是 BMP 图片；请另存为"),
        ("x.png", PNG[:30], "is damaged or ends early (a PNG picture)", "已损坏或不完整（PNG 图片）"),
        ("x.png", made.huge_png(), "has too many pixels", "像素过多"),
        ("x.png", made.ERROR_PAGE, "is a web page, perhaps one that reports an error", "是网页，可能是报错页面"),
        ("x.png", b"", "is empty", "是空文件"),
    ],
)
async def test_otherwise_it_is_said_what_it_is_and_nothing_is_sent(
    tmp_path: Path, name: str, content: bytes, en: str, zh: str
) -> None:
    (tmp_path / name).write_bytes(content)
    for language, expected in (("en", en), ("zh", zh)):
        async with stage(tmp_path / language, language=language, change=without_defaults) as s:
            said = await s.say(f"sign submit tencent 速达物流 source=company paper={tmp_path / name}")
            assert expected in " ".join(said.split())
            assert not s.calls("tencent", "AddSmsSign")
            checked = await s.say(f"check sign tencent 速达物流 source=company paper={tmp_path / name}")
            assert expected[:6] in checked
            assert not s.calls("tencent", "AddSmsSign")
