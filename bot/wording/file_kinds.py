"""What files are, in people's words, and what to do with one that is of the wrong kind."""

from collections.abc import Mapping

from bot.contracts.model import Words
from bot.contracts.papers import DOCX, OTHER_FILM, SHORTCUT, SIDE_FILE, UNKNOWN
from bot.wording.language import Language

_EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_POWERPOINT = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
_ARCHIVE = Words("an archive", "压缩包")

KINDS_OF_FILES: Mapping[str, Words] = {
    "image/jpeg": Words("a JPEG picture", " JPEG 图片"),
    "image/png": Words("a PNG picture", " PNG 图片"),
    "image/gif": Words("a GIF picture", " GIF 图片"),
    "image/webp": Words("a WebP picture", " WebP 图片"),
    "image/heic": Words("a HEIC picture", " HEIC 图片"),
    "image/avif": Words("an AVIF picture", " AVIF 图片"),
    "image/bmp": Words("a BMP picture", " BMP 图片"),
    "image/tiff": Words("a TIFF picture", " TIFF 图片"),
    "image/svg+xml": Words("an SVG drawing", " SVG 矢量图"),
    "image/jxl": Words("a JPEG XL picture", " JPEG XL 图片"),
    "image/jp2": Words("a JPEG 2000 picture", " JPEG 2000 图片"),
    "image/vnd.microsoft.icon": Words("an icon", "图标文件"),
    "image/vnd.adobe.photoshop": Words("a Photoshop picture", " Photoshop 图片"),
    "application/pdf": Words("a PDF document", " PDF 文档"),
    "application/msword": Words("a Word document", " Word 文档"),
    DOCX: Words("a Word document", " Word 文档"),
    _EXCEL: Words("an Excel table", " Excel 表格"),
    _POWERPOINT: Words("a PowerPoint presentation", " PowerPoint 演示文稿"),
    "application/ofd": Words("an OFD document", " OFD 文档"),
    "application/vnd.oasis.opendocument.text": Words("an OpenDocument text", " OpenDocument 文档"),
    "application/vnd.apple.pages": Words("a Pages document", " Pages 文档"),
    "application/postscript": Words("a PostScript document", " PostScript 文档"),
    "application/rtf": Words("an RTF document", " RTF 文档"),
    "application/x-ole-storage": Words("an Office file, but no Word document", " Office 文件，但不是 Word 文档"),
    "application/zip": _ARCHIVE,
    "application/x-rar-compressed": _ARCHIVE,
    "application/x-7z-compressed": _ARCHIVE,
    "application/gzip": _ARCHIVE,
    "application/x-tar": _ARCHIVE,
    "application/x-bzip2": _ARCHIVE,
    "application/x-xz": _ARCHIVE,
    "application/zstd": _ARCHIVE,
    SHORTCUT: Words("a shortcut, not the file itself", "快捷方式，不是文件本身"),
    SIDE_FILE: Words(
        "what macOS writes beside a file; the file itself has no ._ in front of its name",
        " macOS 的附属文件；文件本身的名称不以 ._ 开头",
    ),
    OTHER_FILM: Words("an MP4 video that is not coded as H.264", "非 H.264 编码的 MP4 视频"),
    "text/html": Words("a web page, perhaps one that reports an error", "网页，可能是报错页面"),
    "text/plain": Words("plain text", "纯文本"),
    UNKNOWN: Words("of a kind that I do not know", "无法识别的文件"),
}
"""Media type → what a file of it is; in Chinese with the space that stands before a foreign word."""

_FAMILIES: Mapping[str, Words] = {
    "image": Words("a picture of another kind", "其他格式的图片"),
    "video": Words("a video", "视频"),
    "audio": Words("a sound recording", "音频"),
}

_SAVED_AGAIN = frozenset(
    {
        "application/pdf",
        "application/msword",
        DOCX,
        _EXCEL,
        _POWERPOINT,
        "application/rtf",
        "application/ofd",
        "application/vnd.oasis.opendocument.text",
        "application/vnd.apple.pages",
        "application/postscript",
    }
)


def what_it_is(language: Language, media_type: str) -> str:
    """What a file is: `a WebP picture`."""
    family = _FAMILIES.get(media_type.partition("/")[0], KINDS_OF_FILES[UNKNOWN])
    return language.pick(KINDS_OF_FILES.get(media_type, family))


def remedy(language: Language, media_type: str, types: tuple[str, ...]) -> str:
    """What to do with a file of another kind than is wanted: `save it as jpg or png`.

    Args:
        language: the reader's.
        media_type: what the file is.
        types: what is wanted, as people call it.
    """
    wanted = language.either(types)
    if media_type.startswith("image/") or media_type in _SAVED_AGAIN:
        return language.text("save it as {types}", types=wanted)
    if KINDS_OF_FILES.get(media_type) is _ARCHIVE:
        return language.text("unpack it, and send the {types} that is in it", types=wanted)
    if media_type == OTHER_FILM and "mp4" in types:
        return language.text("save it as mp4 with H.264")
    if media_type == "text/html":
        return language.text("download the file again, and send the {types} itself", types=wanted)
    return language.text("send the {types} instead", types=wanted)
