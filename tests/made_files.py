"""Files of every kind, whole and broken, made small for the tests."""

import io
import struct
import zipfile
import zlib
from collections.abc import Sequence

from PIL import Image


def picture(form: str = "PNG", size: tuple[int, int] = (64, 48), shade: int = 0, mode: str = "RGB") -> bytes:
    """A whole picture as Pillow writes it; another `shade` is another picture."""
    image = Image.effect_mandelbrot(size, (-3, -2.5, 2, 2.5), 60).point(lambda value: (value + 40 * shade) % 256)
    file = io.BytesIO()
    image.convert(mode).save(file, form)
    return file.getvalue()


def png(shade: int = 0) -> bytes:
    return picture("PNG", shade=shade)


def animated_png() -> bytes:
    """A PNG that moves where it can: to everybody else its first picture."""
    file = io.BytesIO()
    first, second = (Image.new("RGB", (9, 9), colour) for colour in ("red", "blue"))
    first.save(file, "PNG", save_all=True, append_images=[second])
    return file.getvalue()


def png_without_end() -> bytes:
    """Every part but the last one, IEND."""
    return png()[:-12]


def jpeg(shade: int = 0) -> bytes:
    return picture("JPEG", shade=shade)


def jpeg_without_end() -> bytes:
    """Without the marker at the end, with all that was to be drawn."""
    return jpeg().removesuffix(b"\xff\xd9")


def huge_png(width: int = 50_000, height: int = 50_000) -> bytes:
    """A few bytes that say they are a picture of 2.5 billion pixels."""

    def part(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    header = part(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + part(b"IDAT", zlib.compress(b"\0" * 1000)) + part(b"IEND", b"")


def huge_jpeg() -> bytes:
    """The same of a JPEG: its header says 65,000 × 65,000."""
    whole = jpeg()
    at = whole.index(b"\xff\xc0") + 5
    return whole[:at] + struct.pack(">HH", 65_000, 65_000) + whole[at + 4 :]


def iso(brand: bytes, *others: bytes) -> bytes:
    """A container as HEIC, AVIF and MP4 are: only its first box tells them apart."""
    body = brand + b"\0\0\0\0" + b"".join(others)
    return struct.pack(">I", 8 + len(body)) + b"ftyp" + body + bytes(200)


HEIC = iso(b"heic", b"mif1", b"heic")


def zipped(*names: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, "<x/>" * 50)
    return file.getvalue()


def docx() -> bytes:
    return zipped("[Content_Types].xml", "_rels/.rels", "word/document.xml")


def office(stream: str, sectors: int = 4) -> bytes:
    """A file of the older Office: a container with a directory of streams."""
    header = bytearray(512)
    header[:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    struct.pack_into("<H", header, 30, 9)  # sectors of 512 bytes
    struct.pack_into("<I", header, 48, 1)  # the directory is in the second one
    directory = ("Root Entry\0" + stream).encode("utf-16-le")
    return bytes(header) + bytes(512) + directory.ljust(512, b"\0") + bytes(512 * (sectors - 2))


DOC = office("WordDocument")
LOCKED_DOCX = office("EncryptedPackage")


# The standard security handler, revision 2: passwords are turned into this by RC4 (ISO 32000-1, 7.6.3).
_LOCK = (
    b"<</Filter/Standard/V 1/R 2/P -4/O<" + b"ab" * 32 + b">/U<" + b"cd" * 32 + b">>>"  # no password fits
)


def pdf(*, locked: bool = False, linearized: int = 0) -> bytes:
    """A page without anything on it.

    Args:
        locked: it asks for a password.
        linearized: the length that it says it has, as those that are made for the web do.
    """
    objects: Sequence[bytes] = [
        *([b"<</Linearized 1/L %d/H[1 1]/O 1/E 1/N 1/T 1>>" % linearized] if linearized else []),
        b"<</Type/Catalog/Pages %d 0 R>>" % (3 if linearized else 2),
        b"<</Type/Pages/Kids[%d 0 R]/Count 1>>" % (4 if linearized else 3),
        b"<</Type/Page/MediaBox[0 0 99 99]/Parent %d 0 R>>" % (3 if linearized else 2),
        *([_LOCK] if locked else []),
    ]
    content, places = b"%PDF-1.7\n", []
    for number, one in enumerate(objects, start=1):
        places.append(len(content))
        content += b"%d 0 obj%s endobj\n" % (number, one)
    start = len(content)
    content += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    content += b"".join(b"%010d 00000 n \n" % place for place in places)
    lock = b"/Encrypt %d 0 R/ID[<00><00>]" % len(objects) if locked else b""
    root = 2 if linearized else 1
    return content + b"trailer<</Size %d/Root %d 0 R%s>>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        root,
        lock,
        start,
    )


SVG = b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'
ERROR_PAGE = b"<!DOCTYPE html>\n<html><head><title>403 Forbidden</title></head><body>nginx</body></html>"
TEXT = "营业执照 licence".encode()


def progressive(width: int = 64, height: int = 48, passes: int = 0) -> bytes:
    """A JPEG in several passes that says it has this size; with so many passes more over the whole picture."""
    file = io.BytesIO()
    Image.new("L", (64, 48)).save(file, "JPEG", progressive=True)
    whole = file.getvalue()
    at = whole.index(b"\xff\xc2") + 5
    whole = whole[:at] + struct.pack(">HH", height, width) + whole[at + 4 :]
    last = whole[whole.rindex(b"\xff\xda") : -2]
    return whole[:-2] + last * passes + whole[-2:]
