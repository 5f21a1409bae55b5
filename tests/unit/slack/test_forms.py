"""Modals from field declarations: Slack takes every one, step by step, and what is filled in comes back."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from bot.contracts.chat import Form
from bot.contracts.fields import Choice, Field, FieldType
from bot.contracts.model import Place, Words
from bot.contracts.vendor import Option
from bot.contracts.vocabulary import CONTENT, INTERNATIONAL, NAME, PAPER, PURPOSE, QUALIFICATION, REMARK, SOURCE
from integrations.slack import words
from integrations.slack.forms import About, asked, filled, loading, saying, settling, view
from integrations.slack.steps import Filled, Progress, next_step
from tests.emulators.slack.rules import check_view

ABOUT = About((17, 18), Place("slack", "C1", "5.1"))
FIELDS = (NAME, SOURCE, PURPOSE, PAPER, QUALIFICATION, INTERNATIONAL, REMARK, CONTENT)


SHORT = FIELDS[:6]


def shown(
    form: Form, progress: Progress | None = None, notes: Sequence[str] = (), language: str = "en"
) -> dict[str, Any]:
    progress = progress or Progress()
    step = next_step(form, progress)
    assert step is not None
    made = view(form, step, progress, ABOUT, language, notes)
    check_view(made)
    return made


def inputs(made: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {block["block_id"]: block for block in made["blocks"] if block["type"] == "input"}


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
    whole = form(name="速达", source="company", international="true", remark="x" * 5000)
    first = shown(whole, language=language)
    second = shown(whole, Progress(steps=(asked(first),)), notes=("one\ntwo",), language=language)

    check_view(loading(ABOUT, language))
    check_view(saying(words.HANDED_IN, language))
    check_view(settling(ABOUT, language))
    by_id = inputs(first) | inputs(second)
    assert list(by_id) == [field.key for field in FIELDS]
    assert not by_id["name"]["optional"]
    assert by_id["remark"]["optional"]
    assert by_id["purpose"]["dispatch_action"]
    assert "dispatch_action" not in by_id["source"]
    assert by_id["source"]["element"]["initial_option"]["value"] == "company"
    assert by_id["paper"]["element"]["filetypes"] == ["jpg", "jpeg", "png"]
    assert by_id["international"]["element"]["initial_options"]


def test_a_value_that_is_no_longer_offered_stays() -> None:
    element = inputs(shown(form(SHORT, qualification="gone-1")))["qualification"]["element"]

    assert element["initial_option"]["value"] == "gone-1"
    assert len(element["options"]) == 100


def test_steering_characters_do_not_enter_a_form() -> None:
    field = replace(REMARK, label=replace(REMARK.label, en="a\u202eb\nc"))
    assert shown(form((field,)))["blocks"][0]["label"]["text"] == "ab c"


def texts(made: dict[str, Any]) -> str:
    return str([block for block in made["blocks"] if block["type"] != "input"])


def test_up_to_six_inputs_are_one_step() -> None:
    made = shown(form(SHORT))

    assert len(inputs(made)) == 6
    assert made["submit"]["text"] == "Submit"
    assert "Step" not in texts(made)
    assert "Back" not in texts(made)


def test_more_are_equal_steps_with_next_and_back() -> None:
    first = shown(form())
    second = shown(form(), Progress(steps=(asked(first),)))

    assert [len(inputs(one)) for one in (first, second)] == [4, 4]
    assert [one["submit"]["text"] for one in (first, second)] == ["Next", "Submit"]
    assert ["Step 1 of 2" in texts(first), "Step 2 of 2" in texts(second)] == [True, True]
    assert ["Back" in texts(one) for one in (first, second)] == [False, True]
    assert [About.unpacked(one["private_metadata"]) for one in (first, second)] == [ABOUT, replace(ABOUT, step=1)]


def test_what_a_choice_brings_later_is_not_passed_over() -> None:
    """A field that comes in among those of an earlier step is asked next."""
    first = next_step(form(FIELDS[1:]), Progress())
    assert first is not None
    second = next_step(form(), Progress(steps=(tuple(field.key for field in first.fields),)))

    assert second is not None
    assert second.fields[0] is NAME
    assert second.last


def test_all_was_asked() -> None:
    assert next_step(form(), Progress(steps=(tuple(field.key for field in FIELDS),))) is None


def test_several_are_chosen_by_boxes_or_from_a_list() -> None:
    for count, element in ((10, "checkboxes"), (11, "multi_static_select")):
        choices = tuple(Choice(f"a{number}", Words(f"a{number}", f"a{number}")) for number in range(count))
        accounts = Field("accounts", Words("Accounts", "账号"), Words("", ""), FieldType.CHOICE, choices=choices)
        one = replace(
            form((accounts,), accounts="a1,a3"), several=frozenset({"accounts"}), needed=frozenset({"accounts"})
        )
        block = inputs(shown(one))["accounts"]

        assert block["element"]["type"] == element
        assert [option["value"] for option in block["element"]["initial_options"]] == ["a1", "a3"]
        assert not block["optional"]
        state = {block["element"]["action_id"]: {"type": element, "selected_options": block["element"]["options"][:2]}}
        assert filled({"view": {"state": {"values": {"accounts": state}}}}).values == {"accounts": "a0,a1"}


def test_a_file_that_was_chosen_need_not_be_chosen_again() -> None:
    whole = replace(form((PAPER,)), needed=frozenset({"paper"}))
    chosen = Progress(files={"paper": ({"id": "F1", "name": "licence.png", "size": 9},)})

    assert not inputs(shown(whole))["paper"]["optional"]
    assert inputs(shown(whole, chosen))["paper"]["optional"]
    assert "licence.png" in texts(shown(whole, chosen))


# --- Progress --------------------------------------------------------------------------------------------------------


def test_what_was_filled_in_survives_being_kept_and_no_address_does() -> None:
    file = {"id": "F1", "name": "a.png", "size": 9, "url_private": "https://files.slack.com/x?t=secret"}
    progress = Progress(command="sign submit").filled(Filled({"name": "速达"}, {"paper": (file,)})).handed_in(["name"])

    assert "secret" not in progress.packed()
    assert Progress.unpacked(progress.packed()) == progress
    assert progress.sizes == {"paper": [("a.png", 9)]}


def test_files_stay_chosen_until_others_are() -> None:
    progress = Progress(files={"paper": ({"id": "F1"},)})

    assert progress.filled(Filled({}, {})).files == progress.files
    assert progress.filled(Filled({}, {"paper": ({"id": "F2"},)})).files == {"paper": ({"id": "F2"},)}
    assert not progress.without_files({"paper"}).files


def test_back_to_the_step_that_asked() -> None:
    progress = Progress(steps=(("name", "source"), ("paper",), ("remark",)))

    assert progress.back_to({"remark", "paper"}).steps == (("name", "source"),)
    assert progress.back_to({"unknown"}).steps == progress.steps[:2]
    assert progress.at(-1).steps == ()


# --- What comes back -------------------------------------------------------------------------------------------------


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


@pytest.mark.parametrize(
    "about",
    [ABOUT, replace(ABOUT, step=3), About((), ABOUT.place), About(tuple(range(20)), ABOUT.place)],
)
def test_what_a_form_is_about(about: About) -> None:
    assert About.unpacked(about.packed()) == about
    assert len(about.packed()) <= 3000


@pytest.mark.parametrize(
    "metadata",
    [
        "",
        "{}",
        '{"n": 1, "c": "C1", "t": "", "s": 0}',
        '{"n": ["x"], "c": "C1", "t": "", "s": 0}',
        '{"n": [1], "c": "#", "t": "", "s": 0}',
        '{"n": [1], "c": "C1", "t": "", "s": "x"}',
    ],
)
def test_what_is_not_ours_is_nothing(metadata: str) -> None:
    assert About.unpacked(metadata) is None


def test_a_hint_and_whose_it_is_are_set_as_their_language() -> None:
    field = replace(REMARK, why=Words("Only for aliyun.", "仅用于 aliyun。"))
    for language, apart in (("en", " "), ("zh", "")):
        hint = inputs(shown(form((field,)), language=language))["remark"]["hint"]["text"]
        assert field.why is not None
        assert hint == f"{field.hint.said(language)}{apart}{field.why.said(language)}"
