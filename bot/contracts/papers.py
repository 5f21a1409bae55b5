"""Files that prove something: what one is decides whether it is taken, never its name or its chat's word for it. Pure.

What a file is, is read from its bytes by whoever has the libraries for it (`bot.requests.inspection`); here that is held
against the field the file is for.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.contracts.fields import Fault, Field, Problem
from bot.contracts.model import Attachment, Paper

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

OTHER_FILM = "video/mp4; codecs=other"
"""The type of an MP4 film whose picture is not coded as H.264."""

SHORTCUT = "application/x-ms-shortcut"
"""The type of a link to a file that stands elsewhere."""

SIDE_FILE = "multipart/appledouble"
"""The type of what macOS writes beside a file, under its name with `._` in front."""

UNKNOWN = "application/octet-stream"
"""The type of a file that is none that is known."""

_SUFFIXES = {
    "image/jpeg": ("jpg", "jpeg"),
    "image/png": ("png",),
    "image/gif": ("gif",),
    "application/pdf": ("pdf",),
    "application/msword": ("doc",),
    DOCX: ("docx",),
    "video/mp4": ("mp4",),
    "audio/mpeg": ("mp3",),
}

NAMES = {media_type: endings[0] for media_type, endings in _SUFFIXES.items()}
"""Media type → what people call it."""


def _words(*endings: str) -> frozenset[str]:
    return frozenset(" ".join(endings).split())


_FAMILIES = (
    _words("jpg jpeg jpe jfif pjpeg png apng gif webp heic heif hif avif bmp dib tif tiff svg jp2 jxl ico psd dng"),
    _words("pdf"),
    _words("doc docx docm dot dotx wps rtf"),
    _words(
        "mp4 m4v mov avi mkv wmv flv webm 3gp mp3 m4a wav aac amr ogg flac",
        "zip rar 7z tar gz tgz bz2 xz iso exe msi apk ipa dmg bat sh py js jar dll",
        "xls xlsx csv et ppt pptx pps dps odt ods ofd pages",
        "txt md log json xml yaml html htm mht eml msg url lnk",
    ),
)
"""Endings of names by what people give them to; one that is in none of them tells nothing."""

_LONGEST = 120
"""Characters of a name that are kept."""


@dataclass(frozen=True, slots=True)
class Inspected:
    """A file and what its bytes say.

    Args:
        attachment: the file as it came.
        media_type: what it is; `UNKNOWN` when it is nothing that is known.
        flaw: what is wrong with it whatever field it is for: it is damaged, locked, or has too many pixels.
    """

    attachment: Attachment
    media_type: str
    flaw: Fault | None = None


def suffixes(media_type: str) -> tuple[str, ...]:
    """How names of files of this type end, without the dot; the most usual first."""
    return _SUFFIXES.get(media_type, ())


def clean_name(name: str) -> str:
    """A file's name as it may be shown: no path, no line breaks, no invisible characters; never empty."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    visible = "".join(" " if one.isspace() else one for one in last if one.isprintable() or one.isspace())
    return " ".join(visible.split())[-_LONGEST:].lstrip(". ") or "file"


def named(name: str, media_type: str) -> str:
    """A clean name that ends as names of this type do: a vendor may go by the ending."""
    stem = clean_name(name)
    endings = suffixes(media_type)
    while (ending := _ending(stem)) not in endings:
        if not any(ending in family for family in _FAMILIES):
            return f"{stem}.{endings[0]}" if endings else stem
        stem = stem.rpartition(".")[0]
    return stem


def surely_not(name: str, field: Field) -> bool:
    """Whether a file of this name is certainly none for this field: a film or a Word document, say, for a picture.

    One kind of picture may well go by the name of another, and one kind of Word document; a name that tells nothing may
    be anything.
    """
    ending = _ending(clean_name(name))
    wanted = {suffix for media_type in field.media_types for suffix in suffixes(media_type)}
    return bool(wanted) and any(ending in family and not wanted & family for family in _FAMILIES)


def examine(file: Inspected, field: Field, key: str) -> Paper | Problem:
    """A file against the declaration of the field it is for.

    Returns:
        The paper, under a name that ends rightly, or what is wrong with the file; the problem names the file and what it
        is, and never shows its content.
    """
    content = file.attachment.content
    fault: Fault | None = None
    if not content:
        fault = Fault.FILE_EMPTY
    elif file.media_type not in field.media_types:
        fault = Fault.FILE_WRONG_TYPE
    elif field.max_bytes and len(content) > field.max_bytes:
        fault = Fault.FILE_TOO_LARGE  # before damage: of a file that is too large no more was fetched
    else:
        fault = file.flaw
    if fault is not None:
        return Problem(key, fault, shown(file.attachment.name), field, found=file.media_type)
    return Paper(named(file.attachment.name, file.media_type), content, file.media_type)


def shown(name: str) -> str:
    """A file's name as a problem shows it."""
    return clean_name(name)[-60:]


def listed(files: Iterable[Attachment]) -> list[str]:
    """The names of files as they may be shown."""
    return [clean_name(file.name) for file in files]


def _ending(name: str) -> str:
    return name.rpartition(".")[2].lower() if "." in name else ""
