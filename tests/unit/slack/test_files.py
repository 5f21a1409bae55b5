"""What Slack tells of a file that has no content to be fetched: why, in words."""

import pytest

from integrations.slack.files import not_there

URL = "https://files.slack.com/files-pri/T1-F1/licence.png"


@pytest.mark.parametrize(
    ("file", "why"),
    [
        ({"mode": "hosted", "url_private": URL}, ""),
        ({"url_private": URL, "is_external": False}, ""),
        ({"mode": "file_access", "file_access": "check_file_info"}, ""),  # asked for more
        ({"mode": "tombstone"}, "has this file no more"),
        ({"mode": "tombstone", "url_private": URL}, "has this file no more"),
        ({"mode": "hidden_by_limit"}, "limit of its plan"),
        ({"mode": "external", "url_private": "https://drive.example/x"}, "outside Slack (drive.example)"),
        (
            {"is_external": True, "external_type": "gdrive", "url_private": "https://x.example"},
            "outside Slack (gdrive)",
        ),
        ({"is_external": True}, "outside Slack (?)"),
    ],
)
def test_why_it_has_none(file: dict[str, object], why: str) -> None:
    said = not_there(file)
    assert (said is None) == (why == "")
    assert said is None or (why in said.en and said.zh != said.en)
