"""What a dialogue says of what a person takes to the vendor's console: nothing is submitted from here, it is kept. Pure."""

from collections.abc import Mapping, Sequence

from bot.contracts.fields import Field
from bot.contracts.variants import GO_CHINA
from bot.wording.language import marked

_INSTEAD: Mapping[str, str] = {
    marked("This will be submitted:"): marked("This is kept, with the steps in the console:"),
    marked("With this answer it is submitted:"): marked("With this answer it is kept, with the steps in the console:"),
    marked("With this answer it is submitted, unless it asks for more:"): marked(
        "With this answer it is kept, unless it asks for more:"
    ),
    marked("Nothing is missing any more for **{what}**: `submit` sends it"): marked(
        "Nothing is missing any more for **{what}**: `submit` keeps it"
    ),
    marked("Or all at once, and it is submitted: copy these lines, fill them in and send them back:"): marked(
        "Or all at once, and it is kept: copy these lines, fill them in and send them back:"
    ),
}
"""What is said of a submission → what is said here."""


def named(what: str, fields: Mapping[str, Sequence[Field]]) -> str:
    """What a dialogue is about, with the service that it is of."""
    return f"Go China {what}" if _kept(fields) else what


def _kept(fields: Mapping[str, Sequence[Field]]) -> bool:
    return bool(fields) and all(any(field.key == GO_CHINA for field in every) for every in fields.values())


def said(sentence: str, fields: Mapping[str, Sequence[Field]]) -> str:
    """A sentence about submitting, as it is true of these.

    Args:
        sentence: as it stands in the catalogue.
        fields: account → what is asked for there.
    """
    return _INSTEAD[sentence] if _kept(fields) else sentence


def leads(sentence: str) -> tuple[str, ...]:
    """A sentence in both ways, for whoever looks for it in what was sent back."""
    return (sentence, _INSTEAD[sentence])
