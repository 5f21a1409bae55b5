"""What a file really is, by its first bytes; its name and its chat's word for it prove nothing. Pure."""

from bot.contracts.fields import Fault, Field, Problem
from bot.contracts.model import Attachment, Paper

_MAGIC = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"%PDF-", "application/pdf"),
    (b"PK\x03\x04", "application/zip"),  # docx is a zip; the name tells which
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/msword"),
)

_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

_SUFFIXES = {
    "image/jpeg": (".jpg", ".jpeg"),
    "image/png": (".png",),
    "image/gif": (".gif",),
    "application/pdf": (".pdf",),
    "application/msword": (".doc",),
    _DOCX: (".docx",),
}

NAMES = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/gif": "gif",
    "application/pdf": "pdf",
    "application/msword": "doc",
    _DOCX: "docx",
}
"""Media type → what people call it."""


def suffixes(media_type: str) -> tuple[str, ...]:
    """How names of files of this type end, without the dot; the most usual first."""
    return tuple(suffix.removeprefix(".") for suffix in _SUFFIXES.get(media_type, ()))


def media_type(attachment: Attachment) -> str:
    """The type by magic bytes; empty when it is none that any vendor takes (a login page saved as .jpg, say)."""
    for magic, found in _MAGIC:
        if attachment.content.startswith(magic):
            if found == "application/zip":
                return _DOCX if attachment.name.lower().endswith(".docx") else ""
            return found
    return ""


def examine(attachment: Attachment, field: Field, key: str) -> Paper | Problem:
    """A file against the declaration of the field it is for.

    Returns:
        The paper, or what is wrong with the file; the problem names the file and never shows its content.
    """
    name = attachment.name[-60:]
    if not attachment.content:
        return Problem(key, Fault.FILE_EMPTY, name, field)
    found = media_type(attachment)
    claimed = "." + attachment.name.rsplit(".", 1)[-1].lower() if "." in attachment.name else ""
    known = {suffix for suffixes in _SUFFIXES.values() for suffix in suffixes}
    if claimed in known and claimed not in _SUFFIXES.get(found, ()):
        return Problem(key, Fault.FILE_NOT_WHAT_IT_SAYS, name, field)
    if found not in field.media_types:
        return Problem(key, Fault.FILE_WRONG_TYPE, name, field)
    if field.max_bytes and len(attachment.content) > field.max_bytes:
        return Problem(key, Fault.FILE_TOO_LARGE, name, field)
    return Paper(name=attachment.name, content=attachment.content, media_type=found)
