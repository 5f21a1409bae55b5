"""Modals from field declarations: Slack takes every one, and what is filled in comes back."""

from dataclasses import replace

import pytest

from bot.fields import CONTENT, INTERNATIONAL, NAME, PAPER, PURPOSE, QUALIFICATION, REMARK, SOURCE, Field
from bot.model import Place
from bot.ports import Form, Option
from integrations.slack.forms import About, filled, loading, view
from tests.emulators.slack_rules import check_view

ABOUT = About((17, 18), Place("slack", "C1", "5.1"))
FIELDS = (NAME, SOURCE, PURPOSE, PAPER, QUALIFICATION, INTERNATIONAL, REMARK, CONTENT)


def form(fields: tuple[Field, ...] = FIELDS, **values: str) -> Form:
    return Form(
        title="signature 速达物流速达物流速达物流速达物流速达",
        fields=fields,
        needed=frozenset({"name", "source"}),
        watched=frozenset({"purpose"}),
        values=values,
        options={"qualification": tuple(Option(str(n), f"licence {n}") for n in range(120))},
    )


@pytest.mark.parametrize("language", ["en", "zh"])
def test_slack_takes_it(language: str) -> None:
    made = view(form(name="速达", source="company", international="true", remark="x" * 5000), ABOUT, language)

    check_view(made)
    check_view(loading(ABOUT, language))
    by_id = {block["block_id"]: block for block in made["blocks"]}
    assert not by_id["name"]["optional"]
    assert by_id["remark"]["optional"]
    assert by_id["purpose"]["dispatch_action"]
    assert "dispatch_action" not in by_id["source"]
    assert by_id["source"]["element"]["initial_option"]["value"] == "company"
    assert by_id["paper"]["element"]["filetypes"] == ["jpg", "jpeg", "png"]
    assert by_id["international"]["element"]["initial_options"]


def test_a_value_that_is_no_longer_offered_stays() -> None:
    made = view(form(qualification="gone-1"), ABOUT, "en")
    element = next(block for block in made["blocks"] if block["block_id"] == "qualification")["element"]

    assert element["initial_option"]["value"] == "gone-1"
    assert len(element["options"]) == 100


def test_steering_characters_do_not_enter_a_form() -> None:
    field = replace(REMARK, label=replace(REMARK.label, en="a\u202eb\nc"))
    assert view(form((field,)), ABOUT, "en")["blocks"][0]["label"]["text"] == "ab c"


def test_what_was_filled_in() -> None:
    state = {
        "name": {"value": {"type": "plain_text_input", "value": "速达"}},
        "source": {"value": {"type": "static_select", "selected_option": {"value": "company"}}},
        "qualification": {"value": {"type": "static_select", "selected_option": None}},
        "international": {"value": {"type": "checkboxes", "selected_options": []}},
        "remark": {"value": {"type": "plain_text_input", "value": None}},
        "paper": {"value": {"type": "file_input", "files": [{"id": "F1"}]}},
    }
    found = filled({"view": {"state": {"values": state}}})

    assert found.values == {
        "name": "速达",
        "source": "company",
        "qualification": "",
        "international": "false",
        "remark": "",
    }
    assert found.files == {"paper": ({"id": "F1"},)}


def test_what_a_form_is_about() -> None:
    assert About.unpacked(ABOUT.packed()) == ABOUT


@pytest.mark.parametrize(
    "metadata",
    ["", "{}", '{"n": [], "c": "C1", "t": ""}', '{"n": ["x"], "c": "C1", "t": ""}', '{"n": [1], "c": "#", "t": ""}'],
)
def test_what_is_not_ours_is_nothing(metadata: str) -> None:
    assert About.unpacked(metadata) is None
