"""What the bytes are × what the file is called × the field it is for → taken as what, or what is said about it."""

import asyncio
import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.contracts.fields import Fault, Field, Problem
from bot.contracts.message import plain
from bot.contracts.model import Attachment, Paper
from bot.contracts.papers import DOCX, UNKNOWN, Inspected, examine
from bot.contracts.vocabulary import PAPER
from bot.requests.inspection import Inspection, inspect
from bot.wording.language import languages
from bot.wording.problems import problem_line
from tests import made_files as made

PICTURE = PAPER
SCAN = replace(PAPER, media_types=("image/jpeg", "image/png", "application/pdf"))
DOCUMENT = replace(PAPER, media_types=("image/png", "image/jpeg", "application/pdf", "application/msword", DOCX))
LETTER = replace(PAPER, media_types=("image/jpeg", "image/png", "image/gif"))

PNG, JPEG, PDF, DOC = made.png(), made.jpeg(), made.pdf(), made.docx()
GIF = made.picture("GIF", mode="P")
EN, ZH = (languages(UTC)[code] for code in ("en", "zh"))


def looked(content: bytes, name: str, field: Field) -> Paper | Problem:
    return examine(Inspected(Attachment(name, content), *inspect(content)), field, field.key)


def says(content: bytes, name: str, field: Field) -> tuple[str, str]:
    found = looked(content, name, field)
    assert isinstance(found, Problem)
    return plain(problem_line(EN, found)), plain(problem_line(ZH, found))


TAKEN: list[tuple[bytes, str, Field, str, str]] = [
    # bytes, name, field, name at the vendor, media type
    (PNG, "licence.png", PICTURE, "licence.png", "image/png"),
    (PNG, "x.jpg", PICTURE, "x.png", "image/png"),
    (PNG, "X.JPG", PICTURE, "X.png", "image/png"),
    (PNG, "x.heic", PICTURE, "x.png", "image/png"),
    (PNG, "营业执照", PICTURE, "营业执照.png", "image/png"),
    (PNG, "营业执照.PNG", PICTURE, "营业执照.PNG", "image/png"),
    (PNG, "licence.png.jpg", PICTURE, "licence.png", "image/png"),
    (PNG, "licence.v2", PICTURE, "licence.v2.png", "image/png"),
    (PNG, "x.docx", PICTURE, "x.png", "image/png"),
    (made.animated_png(), "x.png", PICTURE, "x.png", "image/png"),
    (JPEG, "x.png", PICTURE, "x.jpg", "image/jpeg"),
    (JPEG, "scan.jfif", PICTURE, "scan.jpg", "image/jpeg"),
    (JPEG, "scan.jpeg", PICTURE, "scan.jpeg", "image/jpeg"),
    (made.picture("JPEG", mode="CMYK"), "seal.jpg", PICTURE, "seal.jpg", "image/jpeg"),
    (made.picture("JPEG", mode="L"), "grey.jpg", PICTURE, "grey.jpg", "image/jpeg"),
    (made.picture("PNG", mode="RGBA"), "clear.png", PICTURE, "clear.png", "image/png"),
    (JPEG + bytes(5000), "phone.jpg", PICTURE, "phone.jpg", "image/jpeg"),  # phones add things behind the picture
    (GIF, "x.png", LETTER, "x.gif", "image/gif"),
    (PDF, "scan", SCAN, "scan.pdf", "application/pdf"),
    (PDF, "scan.jpg", SCAN, "scan.pdf", "application/pdf"),
    (b"\r\n\r\n" + PDF, "scan.pdf", SCAN, "scan.pdf", "application/pdf"),  # readers take it
    (b"\xef\xbb\xbf" + PDF, "scan.pdf", SCAN, "scan.pdf", "application/pdf"),
    (DOC, "letter", DOCUMENT, "letter.docx", DOCX),
    (DOC, "letter.zip", DOCUMENT, "letter.docx", DOCX),
    (DOC, "letter.doc", DOCUMENT, "letter.docx", DOCX),
    (made.DOC, "letter.docx", DOCUMENT, "letter.doc", "application/msword"),
    (PNG, "../../etc/licence.jpg", PICTURE, "licence.png", "image/png"),
    (PNG, "C:\\scans\\licence.png", PICTURE, "licence.png", "image/png"),
    (PNG, "li\u202egnp.cence\n\x07\u200b.png", PICTURE, "lignp.cence .png", "image/png"),
    (PNG, "", PICTURE, "file.png", "image/png"),
    (PNG, "..", PICTURE, "file.png", "image/png"),
    (PNG, ".png", PICTURE, "png.png", "image/png"),
]


@pytest.mark.parametrize(("content", "name", "field", "named", "media_type"), TAKEN)
def test_taken_for_what_it_is_whatever_its_name(
    content: bytes, name: str, field: Field, named: str, media_type: str
) -> None:
    assert looked(content, name, field) == Paper(named, content, media_type)


REFUSED: list[tuple[bytes, str, Field, str, str]] = [
    # bytes, name, field, what is said, 说什么
    (
        made.picture("WEBP"), "x.jpg", PICTURE,
        "paper: x.jpg is a WebP picture; save it as jpg or png.", "证明：x.jpg 是 WebP 图片；请另存为 jpg 或 png。",
    ),
    (made.HEIC, "x.heic", PICTURE, "is a HEIC picture; save it as jpg or png.", "是 HEIC 图片；请另存为 jpg 或 png。"),
    (made.HEIC, "x.jpg", PICTURE, "is a HEIC picture; save it as jpg or png.", "是 HEIC 图片；请另存为 jpg 或 png。"),
    (made.iso(b"heix", b"mif1"), "x.jpg", SCAN, "is a HEIC picture; save it as jpg, png or pdf.", "jpg、png 或 pdf。"),
    (made.iso(b"mif1", b"heic"), "x.jpg", PICTURE, "is a HEIC picture", "是 HEIC 图片"),
    (made.picture("AVIF"), "x.png", PICTURE, "is an AVIF picture; save it", "是 AVIF 图片；请另存为"),
    (made.picture("BMP"), "x.png", PICTURE, "is a BMP picture; save it", "是 BMP 图片；请另存为"),
    (made.picture("TIFF"), "x", PICTURE, "is a TIFF picture; save it", "是 TIFF 图片；请另存为"),
    (made.picture("JPEG2000"), "x.jpg", PICTURE, "is a JPEG 2000 picture; save it", "是 JPEG 2000 图片；请另存为"),
    (GIF, "x.png", PICTURE, "is a GIF picture; save it", "是 GIF 图片；请另存为"),
    (made.SVG, "x.png", PICTURE, "is an SVG drawing; save it", "是 SVG 矢量图；请另存为"),
    (PDF, "x.jpg", PICTURE, "is a PDF document; save it as jpg or png.", "是 PDF 文档；请另存为 jpg 或 png。"),
    (DOC, "x.jpg", PICTURE, "is a Word document; save it as jpg or png.", "是 Word 文档；请另存为 jpg 或 png。"),
    (made.DOC, "x.doc", SCAN, "is a Word document; save it as jpg, png or pdf.", "是 Word 文档；请另存为"),
    (made.zipped("xl/workbook.xml", "[Content_Types].xml"), "x.docx", DOCUMENT, "is an Excel table; save", "Excel 表格"),
    (made.office("Workbook"), "x.doc", DOCUMENT, "is an Office file, but no Word document; send", "不是 Word 文档；"),
    (made.zipped("licence.png"), "x.png", PICTURE, "is an archive; unpack it, and send the jpg or png", "是压缩包；请解压"),
    (b"\xff\x0a" + bytes(50), "x.jxl", PICTURE, "is a JPEG XL picture; save it as", "是 JPEG XL 图片；请另存为"),
    (made.iso(b"avis", b"avif"), "x.avif", PICTURE, "is an AVIF picture; save it", "是 AVIF 图片；请另存为"),
    (made.iso(b"avci", b"mif1"), "x.heif", PICTURE, "is a HEIC picture; save it", "是 HEIC 图片；请另存为"),
    (made.iso(b"crx ", b"isom"), "x.jpg", PICTURE, "is a picture of another kind; save it", "是其他格式的图片；请另存为"),
    (b"II+\0" + bytes(60), "x.tif", PICTURE, "is a TIFF picture; save it", "是 TIFF 图片；请另存为"),
    (b'<svg:svg xmlns:svg="x"/>', "x.svg", PICTURE, "is an SVG drawing; save it", "是 SVG 矢量图；请另存为"),
    (made.zipped("OFD.xml", "Doc_0/Document.xml"), "x.ofd", SCAN, "is an OFD document; save it as", "OFD 文档；请另存为"),
    (made.zipped("mimetype", "META-INF/manifest.xml"), "x.odt", DOCUMENT, "an OpenDocument text; save", "OpenDocument 文档"),
    (b"%!PS-Adobe-3.0\n", "x.eps", PICTURE, "is a PostScript document; save it", "是 PostScript 文档；请另存为"),
    (b"BZh91AY&SY" + bytes(20), "x.png", PICTURE, "is an archive; unpack it", "是压缩包；请解压"),
    (b"L\0\0\0\x01\x14\x02\0" + bytes(70), "x.png", PICTURE, "is a shortcut, not the file itself; send", "是快捷方式"),
    (b"[InternetShortcut]\r\nURL=x", "x.png", PICTURE, "is a shortcut, not the file itself", "是快捷方式，不是文件本身"),
    (b"\0\x05\x16\x07\0\2" + bytes(90), "._x.png", PICTURE, "is what macOS writes beside a file", "macOS 的附属文件"),
    (b"\n" + PNG, "x.png", PICTURE, "is damaged or ends early (a PNG picture)", "已损坏或不完整（PNG 图片）"),
    (PNG.decode("latin-1").encode(), "x.png", PICTURE, "is damaged or ends early (a PNG picture)", "已损坏或不完整"),
    (PNG.decode("utf-8", "replace").encode(), "x.png", PICTURE, "is damaged or ends early (a PNG", "已损坏或不完整"),
    (b"HTTP/1.1 200 OK\r\n\r\n" + JPEG, "x.jpg", PICTURE, "is damaged or ends early (a JPEG", "已损坏或不完整"),
    (made.TEXT, "x.png", PICTURE, "is plain text; send the jpg or png instead.", "是纯文本；请改发 jpg 或 png 文件。"),
    ("营业执照".encode("gb18030"), "x.png", PICTURE, "is plain text", "是纯文本"),
    (
        made.ERROR_PAGE, "x.png", PICTURE,
        "is a web page, perhaps one that reports an error; download the file again, and send the jpg or png itself.",
        "是网页，可能是报错页面；请重新下载，发送 jpg 或 png 文件本身。",
    ),
    (made.iso(b"isom", b"mp41"), "x.png", PICTURE, "is a video; send the jpg or png instead.", "是视频；请改发"),
    (bytes(range(200, 256)), "x.png", PICTURE, "is of a kind that I do not know; send the", "是无法识别的文件；请改发"),
    (b"", "x.png", PICTURE, "x.png is empty; save it again, or send it again.", "x.png 是空文件；请重新保存"),
    (PNG[:30], "x.png", PICTURE, "x.png is damaged or ends early (a PNG picture); save it again", "已损坏或不完整（PNG 图片）"),
    (PNG[: len(PNG) // 2], "x.png", PICTURE, "is damaged or ends early", "已损坏或不完整"),
    (made.png_without_end(), "x.jpg", PICTURE, "is damaged or ends early (a PNG picture)", "已损坏或不完整（PNG 图片）"),
    (PNG[:8] + bytes(200), "x.png", PICTURE, "is damaged or ends early", "已损坏或不完整"),
    (JPEG[:3], "x.jpg", PICTURE, "is damaged or ends early (a JPEG picture)", "已损坏或不完整（JPEG 图片）"),
    (JPEG[: len(JPEG) // 2], "x.jpg", PICTURE, "is damaged or ends early", "已损坏或不完整"),
    (made.jpeg_without_end(), "x.jpg", PICTURE, "is damaged or ends early", "已损坏或不完整"),
    (GIF[: len(GIF) // 2], "x.gif", LETTER, "is damaged or ends early (a GIF picture)", "已损坏或不完整（GIF 图片）"),
    (PDF[: len(PDF) // 2], "x.pdf", SCAN, "is damaged or ends early (a PDF document)", "已损坏或不完整（PDF 文档）"),
    (made.pdf(linearized=99_999), "x.pdf", SCAN, "is damaged or ends early", "已损坏或不完整"),
    (made.pdf(locked=True), "x.pdf", SCAN, "x.pdf asks for a password; save it without one.", "x.pdf 设有密码；请另存为"),
    (made.LOCKED_DOCX, "x.docx", DOCUMENT, "asks for a password", "设有密码"),
    (DOC[:-60], "x.docx", DOCUMENT, "is damaged or ends early (a Word document)", "已损坏或不完整（Word 文档）"),
    (made.DOC[:600], "x.doc", DOCUMENT, "is damaged or ends early (a Word document)", "已损坏或不完整（Word 文档）"),
    (made.huge_png(), "x.png", PICTURE, "has too many pixels; make it smaller", "像素过多；请缩小后再发"),
    (made.huge_jpeg(), "x.jpg", PICTURE, "has too many pixels; make it smaller", "像素过多；请缩小后再发"),
    (PNG[:30] + bytes(5_000_000), "x.png", PICTURE, "x.png is too large, at most 4 MB.", "x.png 太大，不能超过 4 MB。"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "name", "field", "en", "zh"), REFUSED)
def test_what_it_is_and_what_to_do(content: bytes, name: str, field: Field, en: str, zh: str) -> None:
    said = says(content, name, field)
    assert en in said[0]
    assert zh in said[1]


@pytest.mark.parametrize("whole", [PNG, JPEG, GIF, PDF, DOC], ids=["png", "jpg", "gif", "pdf", "docx"])
def test_wherever_it_is_cut_it_is_not_taken_for_whole(whole: bytes) -> None:
    spared = {PDF: 12, PNG: 4}.get(
        whole, 0
    )  # no reader misses the last line of a PDF, or the sum of a part without content
    for at in range(60, len(whole) - spared):
        media_type, flaw = inspect(whole[:at])
        assert flaw is Fault.FILE_DAMAGED, (media_type, at)
    assert inspect(whole)[1] is None


@given(
    st.sampled_from([b"", *(one[:cut] for one in (PNG, JPEG, GIF, PDF, DOC, made.DOC) for cut in (3, 12, 60, 300))]),
    st.binary(max_size=200),
)
def test_whatever_the_bytes_are_there_is_an_answer(start: bytes, rest: bytes) -> None:
    media_type, _ = inspect(start + rest)
    assert "/" in media_type


def test_what_would_cost_much_is_not_decoded() -> None:
    """A progressive picture of 90 million pixels is told whole by its end; a thousand passes over one are not made."""
    many_passes = made.progressive(passes=1000)
    large = made.progressive(width=9000, height=10_000)
    started = time.perf_counter()
    assert [inspect(one) for one in (many_passes, large)] == [("image/jpeg", None)] * 2
    assert inspect(large[:-2]) == ("image/jpeg", Fault.FILE_DAMAGED)
    assert time.perf_counter() - started < 2


def test_the_libraries_are_loaded_with_the_first_file() -> None:
    program = "import sys, bot.running.cli, bot.running.app; print([n for n in ('PIL', 'filetype', 'pypdfium2') if n in sys.modules])"
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout == "[]\n"


async def test_who_stops_waiting_disturbs_nobody() -> None:
    inspection = Inspection()
    files = [Attachment(f"{shade}", PDF + b"\n" * shade) for shade in range(20)]
    looks = [asyncio.ensure_future(inspection.of({"paper": (file,)})) for file in files]
    await asyncio.sleep(0)
    for look in looks[::2]:
        look.cancel()
    done = await asyncio.gather(*looks, return_exceptions=True)
    assert [one["paper"][0].flaw for one in done if isinstance(one, dict)] == [None] * 10


async def test_what_was_found_is_remembered_and_the_file_is_not() -> None:
    inspection = Inspection()
    files = {"paper": (Attachment("a.png", PNG), Attachment("b.jpg", PNG)), "letter": (Attachment("", b""),)}
    found = await inspection.of(files)
    assert [file.media_type for file in (*found["paper"], *found["letter"])] == ["image/png", "image/png", UNKNOWN]
    assert PNG not in repr(vars(inspection)).encode()
