"""What names of files tell, and how they may be shown and sent."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.contracts.papers import DOCX, clean_name, named, suffixes, surely_not
from bot.contracts.vocabulary import PAPER

PICTURE = PAPER
SCAN = replace(PAPER, media_types=("image/jpeg", "image/png", "application/pdf"))
DOCUMENT = replace(PAPER, media_types=("image/png", "application/pdf", "application/msword", DOCX))


@pytest.mark.parametrize(
    ("name", "certain"),
    [
        # Not for a picture, not for a picture or a PDF, not for a Word document, a picture or a PDF.
        *((name, "") for name in ("x.jpg", "X.PNG", "x.jpeg", "x.jfif", "x.heic", "x.webp", "x.gif", "x.bmp", "x.tif")),
        *((name, "") for name in ("", "scan", "scan.", "营业执照", "2026.11.27 scan", "licence.v2", "x.pdf.jpg", "..")),
        ("x.pdf", "picture"),
        ("x.docx", "picture scan"),
        ("x.DOC", "picture scan"),
        ("licence.png.exe", "picture scan document"),
        *((name, "picture scan document") for name in ("x.mp4", "x.zip", "x.XLSX", "x.txt", "x.html", "x.pptx")),
    ],
)
def test_a_name_refuses_a_file_only_where_it_is_certain(name: str, certain: str) -> None:
    fields = {"picture": PICTURE, "scan": SCAN, "document": DOCUMENT}
    assert [word for word, field in fields.items() if surely_not(name, field)] == certain.split()


def test_a_field_that_takes_whatever_there_is_refuses_no_name() -> None:
    assert not surely_not("x.mp4", replace(PAPER, media_types=()))


NAMES = st.text(st.sampled_from("执照ab.. /\\\n\t\u202e\u200b\ud800\x00\u3000jpgnPNG"), max_size=200)


@given(NAMES, st.sampled_from(["image/jpeg", "image/png", "application/pdf", DOCX]))
def test_whatever_a_file_is_called_its_name_can_be_shown_and_ends_rightly(name: str, media_type: str) -> None:
    shown = clean_name(name)
    assert shown
    assert shown.isprintable()
    assert not set(shown) & set("/\\")
    sent = named(name, media_type)
    assert sent.rpartition(".")[2].lower() in suffixes(media_type)
    assert sent.isprintable()
    assert named(sent, media_type)[-100:] == sent[-100:]  # at once: a name that ends rightly stays
    assert len(sent) < 130
