"""Who may do what (spec 11). Pure: the settings and the members of the user groups come in, a verdict goes out."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.contracts.model import Actor, Place, Role
from bot.contracts.settings import Settings


class Why(StrEnum):
    """What a verdict rests on."""

    OPERATOR = "operator"  # in a chat of the operator's own
    PERSON = "person"  # named, alone or also by a group
    GROUP = "group"  # a member of a user group
    CONVERSATION = "conversation"  # a member of the conversation that nobody named
    OUTSIDER = "outsider"  # refused: another organisation
    NOT_LISTED = "not_listed"  # refused: this conversation is not served
    NOT_NAMED = "not_named"  # refused: a 1:1 chat with somebody nobody named


@dataclass(frozen=True, slots=True)
class Access:
    """What somebody may do in a place.

    Args:
        role: the highest role that holds here; nobody's where not served.
        person: the name in `[[person]]`, where there is one.
        served: whether the bot speaks with this actor here at all.
        why: what decided it.
    """

    role: Role
    person: str | None
    served: bool
    why: Why


def role_of(
    actor: Actor,
    place: Place,
    settings: Settings,
    groups: Mapping[str, frozenset[str]],
    *,
    direct: bool = False,
    operator: bool = False,
) -> Access:
    """What somebody may do in a place.

    Whom `[[person]]` or `[[group]]` names has the highest role so given; everybody else in a listed conversation has
    its default. A default never adds to a role that was given by name.

    Args:
        actor: who.
        place: where.
        settings: what was configured.
        groups: user group id → the ids of its members.
        direct: a 1:1 conversation, see `Incoming.direct`.
        operator: whoever writes in this chat is the operator (`ChatAbilities.operator`).
    """
    if operator:
        return Access(Role.ADMIN, None, served=True, why=Why.OPERATOR)
    if actor.outsider:
        return Access(Role.NOBODY, None, served=False, why=Why.OUTSIDER)
    person = settings.person(actor.platform, actor.user)
    name = person.name if person else None
    conversation = settings.conversation(place)
    if direct and person is None:
        return Access(Role.NOBODY, None, served=False, why=Why.NOT_NAMED)
    if not direct and conversation is None:
        return Access(Role.NOBODY, name, served=False, why=Why.NOT_LISTED)
    given = _by_group(actor, settings, groups)
    if person is not None:
        return Access(max(person.role, given), name, served=True, why=Why.PERSON)
    if given is not Role.NOBODY:
        return Access(given, None, served=True, why=Why.GROUP)
    default = conversation.default_role if conversation else Role.NOBODY
    return Access(default, None, served=True, why=Why.CONVERSATION)


def _by_group(actor: Actor, settings: Settings, groups: Mapping[str, frozenset[str]]) -> Role:
    roles = [
        group.role
        for group in settings.groups
        for platform, known in (group.place,)
        if platform == actor.platform and actor.user in groups.get(known, frozenset())
    ]
    return max(roles, default=Role.NOBODY)
