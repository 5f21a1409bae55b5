"""Films and sound by their bytes: how long they play, how a film is coded, whether they are whole. Pure.

Boxes of films: ISO/IEC 14496-12; frames of sound: ISO/IEC 11172-3 and 13818-3. Only lengths are read, nothing is decoded.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

FILM = "video/mp4"
SOUND = "audio/mpeg"


@dataclass(frozen=True, slots=True)
class Played:
    """What a film or a sound says of itself.

    Args:
        seconds: how long it plays.
        coding: of a film's picture, as its file calls it (`avc1`); empty where it has none.
    """

    seconds: float
    coding: str = ""


def played(media_type: str, content: bytes) -> Played | None:
    """What a film or a sound is; none where it ends early, is damaged, or is neither."""
    match media_type:
        case "video/mp4":
            return _film(content)
        case "audio/mpeg":
            return _sound(content)
        case _:
            return None


# --- Films -------------------------------------------------------------------------------------------------------------

_INSIDE = frozenset((b"moov", b"trak", b"mdia", b"minf", b"stbl"))
_DEEPEST = 6


def _film(content: bytes) -> Played | None:
    boxes = list(_boxes(content, 0, len(content)))
    names = {name for name, _, _ in boxes}
    if not {b"moov", b"mdat"} <= names or boxes[-1][2] != len(content):
        return None
    seconds, coding, shows = 0.0, "", False
    for name, start, end in _deep(content, boxes):
        match name:
            case b"mvhd":
                seconds = _length(content[start:end])
            case b"hdlr":
                shows = content[start + 8 : start + 12] == b"vide"
            case b"stsd" if shows and not coding:
                coding = content[start + 12 : start + 16].decode("ascii", "replace")
            case _:
                pass
    return Played(seconds, coding) if seconds > 0 else None


def _boxes(content: bytes, start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Each box: its name, and where its inside begins and ends; it stops where one does not fit."""
    while start + 8 <= end:
        size, name, head = int.from_bytes(content[start : start + 4]), content[start + 4 : start + 8], 8
        if size == 1:
            size, head = int.from_bytes(content[start + 8 : start + 16]), 16
        elif size == 0:
            size = end - start
        if size < head or start + size > end:
            return
        yield name, start + head, start + size
        start += size


def _deep(content: bytes, boxes: list[tuple[bytes, int, int]], depth: int = 0) -> Iterator[tuple[bytes, int, int]]:
    for name, start, end in boxes:
        yield name, start, end
        if name in _INSIDE and depth < _DEEPEST:
            yield from _deep(content, list(_boxes(content, start, end)), depth + 1)


def _length(header: bytes) -> float:
    """Of a `mvhd`: its two forms differ in how wide its times are."""
    if header[:1] == b"\1":
        scale, count = int.from_bytes(header[20:24]), int.from_bytes(header[24:32])
    else:
        scale, count = int.from_bytes(header[12:16]), int.from_bytes(header[16:20])
    return count / scale if scale else 0.0


# --- Sound -------------------------------------------------------------------------------------------------------------

_RATES = (44100, 48000, 32000)
# kbit/s by version and layer, from index 1.
_BITS: Mapping[tuple[int, int], tuple[int, ...]] = MappingProxyType(
    {
        (1, 1): (32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448),
        (1, 2): (32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
        (1, 3): (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
        (2, 1): (32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256),
        (2, 2): (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
        (2, 3): (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
    }
)
_TAIL = 128
"""What may stand behind the last frame: a tag of the first kind, or a little filling."""


def _sound(content: bytes) -> Played | None:
    at = _behind_tag(content)
    end = len(content) - (_TAIL if content[-_TAIL:].startswith(b"TAG") else 0)
    seconds, frames = 0.0, 0
    while at + 4 <= end:
        frame = _frame(content[at : at + 4])
        if frame is None:
            break
        size, lasts = frame
        if at + size > end:
            return None  # the last frame is not whole
        at, seconds, frames = at + size, seconds + lasts, frames + 1
    return Played(seconds) if frames > 1 and end - at <= _TAIL else None


def _behind_tag(content: bytes) -> int:
    """Where the frames begin: behind a tag of the second kind, whose size has seven bits a byte."""
    if not content.startswith(b"ID3"):
        return 0
    size = 0
    for one in content[6:10]:
        size = size << 7 | one & 0x7F
    return 10 + size


def _frame(head: bytes) -> tuple[int, float] | None:
    """Bytes and seconds of a frame; none where no frame begins here."""
    if head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return None
    version, layer = head[1] >> 3 & 3, 4 - (head[1] >> 1 & 3)
    bits, rate = head[2] >> 4, head[2] >> 2 & 3
    if version == 1 or layer == 4 or bits in (0, 15) or rate == 3:
        return None
    first = version == 3
    hertz = _RATES[rate] // (1 if first else 2 if version == 2 else 4)
    kilobits = _BITS[(1 if first else 2, layer)][bits - 1]
    samples = 384 if layer == 1 else 1152 if layer == 2 or first else 576
    filling = (head[2] >> 1 & 1) * (4 if layer == 1 else 1)
    size = (12 * kilobits * 1000 // hertz) * 4 if layer == 1 else samples // 8 * kilobits * 1000 // hertz
    return size + filling, samples / hertz
