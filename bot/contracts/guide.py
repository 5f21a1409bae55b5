"""What a vendor takes in its console only: the steps that a person takes there, kept as data in the vendor's folder."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.contracts.fields import Field, fold, is_true
from bot.contracts.model import Kind, Request, Words

GUIDE = "guide"
"""Key of a request's values: which guide it follows. A request without it is sent by this program."""


@dataclass(frozen=True, slots=True)
class Guide:
    """How one thing is done in a vendor's console.

    Args:
        key: what a request keeps of it; unique within the vendor. That of a guide which is how its kind is done is the
            kind's own word.
        kind: what it is for.
        title: what it is called.
        steps: what to do, one after the other; pages and buttons by the names that the console gives them.
        console: the page where it begins.
        told: what should be written down when it was submitted, e.g. the id.
        note: what cannot be taken back, or what it costs; none where there is nothing of the kind.
        shown: whether the vendor's API shows how it stands once its id is known (`Reviewing.looks`).
        source: where the steps were read.
        fields: what is kept with the request of what the console asks for, besides the name.
        asked: keys, any of which said with `true` asks for it, where the kind itself is submitted by this program;
            none where it is how the kind is done. The first is the one that is written.
    """

    key: str
    kind: Kind
    title: Words
    steps: tuple[Words, ...]
    console: str
    told: Words
    note: Words | None = None
    shown: bool = False
    source: str = ""
    fields: tuple[Field, ...] = ()
    asked: tuple[str, ...] = ()


def guide_of(guides: Sequence[Guide], kind: Kind, said: Iterable[tuple[str, str]]) -> Guide | None:
    """The guide that somebody asks for by a key of its own, as `go_china=true`, or that is how a kind is done.

    Args:
        guides: of the vendor.
        kind: what it is for.
        said: keys and values, as typed or as kept.
    """
    keys = {fold(key) for key, value in said if is_true(value)}
    mine = [one for one in guides if one.kind is kind]
    asked = (one for one in mine if not keys.isdisjoint(map(fold, one.asked)))
    return next(asked, None) or next((one for one in mine if not one.asked), None)


def guided_by(request: Request) -> str:
    """Which guide a person follows for a request; empty where this program sends it."""
    return request.values.get(GUIDE, "")


def is_apart(request: Request) -> bool:
    """Whether it is a signature or template of another service than the one that this program submits to, as Go China's.

    What is known of one says nothing of the other: they share no review and no name.
    """
    return guided_by(request) not in ("", request.kind.value)
