"""What files are, and whether they are whole, read from their bytes; the verdict of a field is `contracts.papers`.

The libraries are loaded with the first file, and looking is done in a thread of its own, one file at a time. Its cost is bounded: a
picture is decoded only at an eighth of its size, and only where that is cheap; otherwise its end tells whether it is
whole. Of a PDF the table of contents is read, of a Word document the list of its parts; nothing is unpacked.
"""

import asyncio
import hashlib
import io
import re
import zipfile
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

from bot.contracts.fields import Fault
from bot.contracts.model import Attachment, Paper
from bot.contracts.papers import DOCX, OTHER_FILM, SHORTCUT, SIDE_FILE, UNKNOWN, Inspected
from bot.requests.playing import FILM, SOUND, played

PIXELS = 100_000_000
"""A picture with more is refused: a photograph has up to 50 million, a page scanned at 600 dpi 35 million."""

DECODED_PIXELS = 24_000_000
"""A picture in several passes, or a GIF, is decoded up to here: it is kept in memory whole, 6 bytes a pixel (140 MB)."""

PASSES = 100
"""A JPEG with more scans than this is not decoded: each goes over the whole picture; a usual one has ten."""

KEPT = 200
"""Findings that are kept, by digest: a form and each of its accounts ask for the same file again."""

_HEAD = 8192

_BEFORE = 1024
"""Bytes within which readers of PDF look for its beginning (ISO 32000-1, annex H)."""

Finding = tuple[str, Fault | None]
"""The media type, and what is wrong with the file."""


class Inspection:
    """Looks into files, and remembers what it found (never a file)."""

    def __init__(self) -> None:
        self._found: OrderedDict[bytes, Finding] = OrderedDict()
        # A thread of its own: one file at a time even when somebody stops waiting (the PDF library must not be entered
        # twice), and the threads that look up addresses stay free.
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="inspection")

    async def of(self, files: Mapping[str, Sequence[Attachment]]) -> dict[str, tuple[Inspected, ...]]:
        """The files of each key with what they are."""
        found: dict[str, tuple[Inspected, ...]] = {}
        for key, given in files.items():
            found[key] = tuple([Inspected(file, *await self._of(file.content)) for file in given])
        return found

    async def picture(self, paper: Paper) -> bytes | None:
        """A PNG of a picture, small enough for any chat; none of what is no picture, or too large to look into."""
        if paper.media_type not in _PICTURES:
            return None
        return await asyncio.get_running_loop().run_in_executor(self._thread, smaller, paper.content)

    async def _of(self, content: bytes) -> Finding:
        if not content:
            return UNKNOWN, None
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._remembered, content)

    def _remembered(self, content: bytes) -> Finding:
        digest = hashlib.sha256(content).digest()
        found = self._found[digest] if digest in self._found else inspect(content)
        self._found[digest] = found
        self._found.move_to_end(digest)
        while len(self._found) > KEPT:
            self._found.popitem(last=False)
        return found


SHOWN_PIXELS = 800
"""The longer side of a picture as it is shown in a chat."""

_PICTURES = frozenset(("image/png", "image/jpeg", "image/gif"))


def smaller(content: bytes) -> bytes | None:
    """A picture as a PNG with at most `SHOWN_PIXELS` a side, of a GIF its first frame; none where that cannot be had."""
    from PIL import Image

    try:
        with Image.open(io.BytesIO(content), formats=("PNG", "JPEG", "GIF")) as picture:
            picture.draft("RGB", (SHOWN_PIXELS, SHOWN_PIXELS))
            if _too_many(picture.size, DECODED_PIXELS):
                return None
            shown = picture.convert("RGBA" if "transparency" in picture.info or picture.mode == "RGBA" else "RGB")
            shown.thumbnail((SHOWN_PIXELS, SHOWN_PIXELS))
            written = io.BytesIO()
            shown.save(written, "PNG")
            return written.getvalue()
    except Exception:  # noqa: BLE001 - decoders raise a dozen types; what cannot be shown is named
        return None


def inspect(content: bytes) -> Finding:
    """What a file is, and what is wrong with it; takes up to a second, so not on the event loop."""
    media_type = kind(content)
    look = _FLAWS.get(media_type)
    return media_type, look(content) if look else None


# --- What it is -------------------------------------------------------------------------------------------------------

_SAME = {
    "image/apng": "image/png",  # whoever does not play it shows its first picture
    "image/heif": "image/heic",
    "image/jpx": "image/jp2",
    "image/x-icon": "image/vnd.microsoft.icon",
}

# Brands of ISO files (ISO/IEC 14496-12, 23008-12) that the library passes over; phones write several of them.
_BRANDS = {
    **dict.fromkeys(
        (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1", b"mif2", b"avci"),
        "image/heic",
    ),
    b"avis": "image/avif",
    b"crx ": "image/x-canon-cr3",
}
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_WORD = "WordDocument".encode("utf-16-le")  # the stream of a .doc, named in the directory of its container
_LOCKED_OFFICE = "EncryptedPackage".encode("utf-16-le")  # a .docx with a password is in such a container, too
_SIGNATURES = (
    (b"\xff\x0a", "image/jxl"),
    (b"\0\0\0\x0cJXL \r\n\x87\n", "image/jxl"),
    (b"MM\0+", "image/tiff"),
    (b"II+\0", "image/tiff"),
    (b"icns", "image/x-icns"),
    (b"L\0\0\0\x01\x14\x02\0", SHORTCUT),
    (b"[InternetShortcut]", SHORTCUT),
    (b"\0\x05\x16\x07", SIDE_FILE),
)
"""Beginnings that the library does not know, or knows longer ones of."""

_TRANSFERRED = ((b"PNG\r\n\x1a\n", "image/png"), (b"JFIF\0", "image/jpeg"), (b"Exif\0\0", "image/jpeg"))
"""What is left of a picture's beginning when it was sent as text, or with something in front: it is damaged."""

_DOCUMENTS = (
    ("word/document.xml", DOCX),
    ("OFD.xml", "application/ofd"),
    ("Index/Document.iwa", "application/vnd.apple.pages"),
    ("META-INF/manifest.xml", "application/vnd.oasis.opendocument.text"),
)
"""Names of parts by which a document in a zip is told."""

_MARKUP = (
    (re.compile(rb"<(?:\w+:)?svg[\s>]", re.IGNORECASE), "image/svg+xml"),
    (re.compile(rb"<!doctype html|<(?:html|head|body|title|script)[\s>]", re.IGNORECASE), "text/html"),
)


def kind(content: bytes) -> str:
    """What a file is: its media type by its bytes; `UNKNOWN` for one that is nothing known."""
    import filetype  # with the first file: 15 ms, and a bot that gets none needs it not

    head = content[:_HEAD]
    for signature, media_type in _SIGNATURES:
        if head.startswith(signature):
            return media_type
    if head[4:8] == b"ftyp" and head[8:12] in _BRANDS:
        return _BRANDS[head[8:12]]
    guessed = filetype.guess_mime(head)
    if isinstance(guessed, str):
        found = _SAME.get(guessed, guessed)
        if found == FILM and (film := played(FILM, content)) is not None and film.coding not in _H264:
            return OTHER_FILM
        # A docx is a zip; the library goes by the order of its parts.
        return _zipped(content, found) if head.startswith(b"PK\x03\x04") else found
    if head.startswith(_OLE):
        streams = content[_directory(content) :]  # empty when it was cut off: then it is taken for what it mostly is
        known = not streams or _WORD in streams or _LOCKED_OFFICE in streams
        return "application/msword" if known else "application/x-ole-storage"
    return _written(head)


# How H.264 is called in a film (ISO/IEC 14496-15).
_H264 = frozenset(("avc1", "avc2", "avc3", "avc4"))


def _zipped(content: bytes, otherwise: str) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = frozenset(archive.namelist())
            return next((media_type for part, media_type in _DOCUMENTS if part in parts), otherwise)
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        # Cut off, so without its list of parts: then the beginning tells, where it does.
        return DOCX if b"word/" in content[:_HEAD] or b"[Content_Types].xml" in content[:_HEAD] else otherwise


def _written(head: bytes) -> str:
    """Of what has no signature: markup, text, or nothing known."""
    for mark, media_type in _TRANSFERRED:
        if mark in head[:_BEFORE]:
            return media_type
    if b"%PDF-" in head[:_BEFORE]:  # readers look for it that far
        return "application/pdf"
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith(b"<"):
        for pattern, media_type in _MARKUP:
            if pattern.search(start):
                return media_type
    if b"\0" in head:
        return UNKNOWN
    for encoding in ("utf-8", "gb18030"):
        try:
            # A character may be cut where the head ends.
            text = head.decode(encoding, "strict" if len(head) < _HEAD else "ignore")
        except UnicodeDecodeError:
            continue
        if all(one.isprintable() or one.isspace() for one in text):
            return "text/plain"
    return UNKNOWN


# --- Whether it is whole ----------------------------------------------------------------------------------------------


def _of_png(content: bytes) -> Fault | None:
    from PIL.PngImagePlugin import PngImageFile

    picture = PngImageFile(io.BytesIO(content))
    if _too_many(picture.size):
        return Fault.FILE_TOO_MANY_PIXELS
    picture.verify()  # the sums of all its parts, up to the last one; nothing is unpacked
    return None


def _of_jpeg(content: bytes) -> Fault | None:
    from PIL.JpegImagePlugin import JpegImageFile

    picture = JpegImageFile(io.BytesIO(content))
    if _too_many(picture.size):
        return Fault.FILE_TOO_MANY_PIXELS
    scans = content.count(
        b"\xff\xda"
    )  # never inside a scan, where every ff is followed by 00; a thumbnail has one, too
    several = "progressive" in picture.info or scans > 2
    if several and (_too_many(picture.size, DECODED_PIXELS) or scans > PASSES):
        ended = b"\xff\xd9" in content[content.rfind(b"\xff\xda") :]
        return None if ended else Fault.FILE_DAMAGED
    picture.draft("L", (max(1, picture.width // 8), max(1, picture.height // 8)))
    picture.load()
    return None


def _of_gif(content: bytes) -> Fault | None:
    from PIL.GifImagePlugin import GifImageFile

    picture = GifImageFile(io.BytesIO(content))
    if _too_many(picture.size):
        return Fault.FILE_TOO_MANY_PIXELS
    if not content.rstrip(b"\0").endswith(b";"):
        return Fault.FILE_DAMAGED
    if not _too_many(picture.size, DECODED_PIXELS):
        picture.load()
    return None


def _too_many(size: tuple[int, int], most: int = PIXELS) -> bool:
    return size[0] * size[1] > most


_LENGTH_TOLD = re.compile(rb"/Linearized\s[^>]{0,200}?/L\s+(\d{1,12})")


def _of_pdf(content: bytes) -> Fault | None:
    import pypdfium2

    # The library makes up what is missing at the end; what was cut off is told by what the file says of itself.
    told = _LENGTH_TOLD.search(content[:1024])
    if b"startxref" not in content or (told is not None and len(content) < int(told[1])):
        return Fault.FILE_DAMAGED
    try:
        document = pypdfium2.PdfDocument(content)  # with the empty password, as every reader does first
    except pypdfium2.PdfiumError as error:
        return Fault.FILE_LOCKED if error.err_code == pypdfium2.raw.FPDF_ERR_PASSWORD else Fault.FILE_DAMAGED
    try:
        return None if len(document) else Fault.FILE_DAMAGED
    finally:
        document.close()


def _of_docx(content: bytes) -> Fault | None:
    with zipfile.ZipFile(io.BytesIO(content)):
        return None


def _of_doc(content: bytes) -> Fault | None:
    streams = content[_directory(content) :]
    if not streams:
        return Fault.FILE_DAMAGED
    return Fault.FILE_LOCKED if _LOCKED_OFFICE in streams else None


def _directory(content: bytes) -> int:
    """Where the directory of an older Office file begins: the header tells the size of a sector and which one ([MS-CFB] 2.2).

    The sectors are counted behind the header, which is one itself. A directory of several need not be in a row, nor need
    its rest stand behind; names of streams are looked for in all that follows.
    """
    size = 1 << min(int.from_bytes(content[30:32], "little"), 16)
    return (int.from_bytes(content[48:52], "little") + 1) * size


def _of_film(content: bytes) -> Fault | None:
    return None if played(FILM, content) else Fault.FILE_DAMAGED


def _of_sound(content: bytes) -> Fault | None:
    return None if played(SOUND, content) else Fault.FILE_DAMAGED


def _told(look: Callable[[bytes], Fault | None]) -> Callable[[bytes], Fault | None]:
    """A look for which whatever a decoder says against foreign bytes is damage."""

    def looked(content: bytes) -> Fault | None:
        try:
            return look(content)
        except Exception:  # noqa: BLE001 - decoders raise a dozen types for bytes that are not what they should be
            return Fault.FILE_DAMAGED

    return looked


_FLAWS: Mapping[str, Callable[[bytes], Fault | None]] = {
    "image/png": _told(_of_png),
    "image/jpeg": _told(_of_jpeg),
    "image/gif": _told(_of_gif),
    "application/pdf": _told(_of_pdf),
    "application/msword": _told(_of_doc),
    DOCX: _told(_of_docx),
    FILM: _told(_of_film),
    SOUND: _told(_of_sound),
}
