"""Base64 files in requests."""

import base64
import binascii

JPEG = b"\xff\xd8\xff"
PNG = b"\x89PNG\r\n\x1a\n"
PDF = b"%PDF-"


def decode(text: str) -> bytes | None:
    """Decode strict base64, line breaks allowed; `None` when it is none."""
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        return None


def is_file(content: bytes, kinds: tuple[bytes, ...]) -> bool:
    """Tell whether a file begins with the magic bytes of one of the kinds."""
    return content.startswith(kinds)
