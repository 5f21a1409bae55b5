"""The variants that a kind has, as what was said of a thing tells: abroad, digital. Pure, standard library only."""

from collections.abc import Mapping

DIGITAL = "digital"
"""A template's type and a signature's mark, where they are for digital messages: text with pictures, sound and film."""


GO_CHINA = "go_china"
"""The mark of what is for the mainland from an account of a site abroad, which reviews it in its console only."""


def for_digital(values: Mapping[str, str]) -> bool:
    """Whether what was said is for digital messages: a template of that type, or a signature marked so."""
    return values.get("type") == DIGITAL or values.get(DIGITAL) == "true"


class Variants:
    """The variants that a kind has, as the values say."""

    __slots__ = ()
    values: Mapping[str, str]

    @property
    def international(self) -> bool:
        """Whether it is for messages abroad."""
        return self.values.get("international") == "true"

    @property
    def digital(self) -> bool:
        """Whether it is for digital messages."""
        return for_digital(self.values)

    @property
    def go_china(self) -> bool:
        """Whether it is of Go China."""
        return self.values.get(GO_CHINA) == "true"
