"""What can be configured: one frozen model for each table of the file (spec 12). `bot.running.config` reads the file into them.

The models of accounts belong to the integrations; all that is known of them here is `Account`.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal, Protocol, Self, runtime_checkable
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime, Field, PrivateAttr, SecretStr, SkipValidation, model_validator

from bot.contracts.alert import SENDING, SHARES, Metric
from bot.contracts.model import Actor, Place, Role, Words
from bot.contracts.values import (
    Amount,
    CalendarSource,
    DayHour,
    DayHours,
    Duration,
    FilePath,
    Id,
    Language,
    Listen,
    MetricName,
    Name,
    OptionalAddress,
    PersonName,
    RoleName,
    Seconds,
    Span,
    Table,
    Target,
    Topic,
    Zone,
)


class Bot(Table):
    """`[bot]`: the program itself."""

    data_dir: FilePath = Field(
        default=Path("data"), validate_default=True, description="Where signpost.db lives; relative to this file."
    )
    language: Language = Field(default="en", description="What is spoken where a conversation says nothing else.")
    timezone: Zone = Field(default=ZoneInfo("Asia/Shanghai"), description="Whose hours people read.")
    http_listen: Listen = Field(
        default="127.0.0.1:8080",
        description='host:port of /healthz, /readyz and the push receivers; "" = off.',
    )
    public_url: OptionalAddress = Field(default="", description="Where vendors reach the push receivers.")

    @property
    def listen(self) -> tuple[str, int] | None:
        """Host and port to listen on, none when switched off."""
        if not self.http_listen:
            return None
        host, port = self.http_listen.rsplit(":", 1)
        return host.strip("[]"), int(port)


class Conversation(Table):
    """`[[conversation]]`: a channel or group that is served."""

    platform: Literal["slack", "dingtalk", "terminal"] = Field(description="slack, dingtalk or terminal.")
    id: Id = Field(description="The platform's id of the channel or group, never its name.")
    language: Language = Field(default="en", description="What is spoken here; as in [bot] when left out.")
    topics: tuple[Topic, ...] = Field(
        default=("reviews", "alerts", "digest"), description="What is told here unasked; /sms subscribe changes it."
    )
    accounts: tuple[str, ...] = Field(default=(), description="Accounts that are spoken of here; all when left out.")
    default_role: RoleName = Field(default=Role.VIEWER, description="What members may do whom nobody named.")


PEOPLE_ON = ("slack", "dingtalk")
"""The platforms on which people have ids (spec 12); only this module of `bot/` outside `running/` names them."""


PLATFORMS = {
    "slack": Words.same("Slack"),
    "dingtalk": Words("DingTalk", "钉钉"),
    "terminal": Words("terminal", "终端"),
}
"""What people call a platform."""


class Person(Table):
    """`[[person]]`: somebody by platform id, the same in both chats."""

    name: PersonName = Field(
        description='What the bot calls this person, "Li Wei" or "李伟"; used in rotations and escalations.'
    )
    slack: str = Field(default="", max_length=200, description="The Slack user id, U… or W…")
    dingtalk: str = Field(default="", max_length=200, description="The DingTalk user id (staffId).")
    role: RoleName = Field(default=Role.VIEWER, description="viewer, submitter, responder, approver or admin.")

    def id_on(self, platform: str) -> str:
        """The person's user id on a platform; empty where there is none."""
        return {"slack": self.slack, "dingtalk": self.dingtalk}.get(platform, "")

    @property
    def keys(self) -> tuple[str, ...]:
        """The identities that are known, as `platform:user`."""
        return tuple(f"{platform}:{user}" for platform in PEOPLE_ON if (user := self.id_on(platform)))

    @model_validator(mode="after")
    def _reachable(self) -> Self:
        if not (self.slack or self.dingtalk):
            raise ValueError("needs a slack or a dingtalk id")
        return self


class Group(Table):
    """`[[group]]`: a Slack user group that gives its members a role."""

    slack: Id = Field(description="The user group's id, S…")
    role: RoleName = Field(description="viewer, submitter, responder, approver or admin.")

    @property
    def place(self) -> tuple[str, str]:
        """Its platform and its id there."""
        return "slack", self.slack


class Policy(Table):
    """`[policy]`: what needs a second person."""

    second_person: tuple[Literal["delete", "promo", "submit", "edit", "third_party"], ...] = Field(
        default=(), description="Acts that wait for somebody else's approval; none when left out."
    )
    quorum: int = Field(default=1, ge=1, le=20, description="How many other people have to approve.")
    approval_expires: Span = Field(
        default=timedelta(days=7), description="How long it waits for them; after that nothing was sent."
    )


class Rule(Table):
    """`[[rule]]`: a condition that opens an alert, beside the defaults; the same name replaces a default."""

    name: Name = Field(description="Unique; the name of a default replaces it.")
    metric: MetricName = Field(default=Metric.SHARE, description="What is measured.")
    account: str = Field(default="", description="The account it watches; every account when left out.")
    below: Amount | None = Field(
        default=None, gt=0, description="Messages, a share from 0 to 1, days, or money: the alert opens below it."
    )
    above: Amount | None = Field(
        default=None, ge=0, description="A share from 0 to 1, or how many times the usual: the alert opens above it."
    )
    window: Span | None = Field(default=None, description='Of what was sent, the time that is looked at, such as "2h".')
    least: int | None = Field(
        default=None, ge=0, description="Of what was sent, the messages there must be in the window to say anything."
    )
    severity: Literal["critical", "warning", "info"] = Field(
        default="warning", description="critical, warning or info."
    )
    off: bool = Field(default=False, description="Takes the default of this name away.")

    @property
    def bound(self) -> Decimal:
        """Below which, or above which, the alert opens."""
        return self.above if self.above is not None else self.below or Decimal(0)

    @model_validator(mode="after")
    def _share_is_a_share(self) -> Self:
        if self.off:
            return self
        metric = Metric(self.metric)
        wanted, other = ("above", "below") if metric.rises else ("below", "above")
        given, wrong = (self.above, self.below) if metric.rises else (self.below, self.above)
        if "metric" not in self.model_fields_set:
            raise ValueError("needs metric")
        if given is None or wrong is not None:
            raise ValueError(f"needs {wanted} and no {other}")
        if metric in SHARES and given > 1:
            raise ValueError(f"{wanted} should be a share from 0 to 1")
        if self.window is not None and metric not in {*SENDING, Metric.FILING}:
            raise ValueError("has no window with this metric")
        if self.least is not None and metric not in SENDING:
            raise ValueError("has no least with this metric")
        return self


class Oncall(Table):
    """`[[oncall]]`: who is on call, as a rotation or as a calendar."""

    name: Name = Field(description="What escalations call it.")
    rotation: tuple[str, ...] = Field(default=(), description="People by name, in turn.")
    every: Span = Field(default=timedelta(days=7), description="How long a turn lasts.")
    start: AwareDatetime | None = Field(
        default=None, description="When the first person's turn began, with its offset."
    )
    timezone: Zone | None = Field(
        default=None, description="By whose clocks the hand-over keeps its hour; as in [bot] when left out."
    )
    ics: CalendarSource = Field(default="", description="Instead of a rotation: an iCalendar file or address.")
    slack_group: str = Field(
        default="", max_length=200, description="A Slack user group, S…, that has whoever is on call as its member."
    )

    @property
    def group(self) -> tuple[str, str] | None:
        """The user group of whoever is on call: its platform and its id there; none where there is none."""
        return ("slack", self.slack_group) if self.slack_group else None

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        if bool(self.rotation) == bool(self.ics):
            raise ValueError("needs a rotation or ics, and not both")
        if self.rotation and self.start is None:
            raise ValueError("a rotation needs start, a date and time with its offset")
        return self


class Escalation(Table):
    """`[[escalation]]`: who is told when nobody has acknowledged for so long."""

    after: Duration = Field(description='Since the alert opened, such as "15m".')
    notify: tuple[Target, ...] = Field(
        min_length=1,
        description="conversation, oncall:NAME, next:NAME (next in that rotation), person:NAME, or all (every responder).",
    )


class Alerts(Table):
    """`[alerts]`: how alerts are told again."""

    repeat: Span = Field(default=timedelta(minutes=30), description="How often an open alert is told again.")
    ack_expires: Span = Field(default=timedelta(hours=4), description="How long an acknowledgement holds.")
    night: DayHours = Field(
        default="22:00-08:00",
        description='When what can wait till morning does, in the zone of [bot]; "" = never.',
    )
    quiet_hours: DayHours = Field(
        default="",
        description='When what is not urgent waits, such as "22:00-08:00", in the zone of [bot]; "" = never.',
    )
    quiet_days: tuple[Literal["weekends", "holidays"], ...] = Field(
        default=(), description="Days that are quiet from midnight to midnight: weekends, holidays."
    )
    quiet_except: tuple[Literal["critical", "warning", "info"], ...] = Field(
        default=("critical",), description="What is told at any hour."
    )


class Digest(Table):
    """`[digest]`: what stands and what changed, once a day, in conversations with the topic `digest`."""

    at: DayHour = Field(default="09:00", description='When it comes, in the zone of [bot]; "" = never.')
    days: Literal["all", "workdays"] = Field(default="all", description="workdays: neither weekends nor holidays.")


class Poll(Table):
    """`[poll]`: how often vendors are asked."""

    review_seconds: Seconds = Field(default=60, description="Reviews, at the densest; 10 times this at the thinnest.")
    settle_seconds: Seconds = Field(
        default=60,
        description="How long a call whose answer was lost may still arrive at a vendor; before that it never counts as absent.",
    )
    quota_seconds: Seconds = Field(default=3600, description="Packages and balance.")
    delivery_seconds: Annotated[int, Field(strict=True, ge=0, le=86400)] = Field(
        default=900,
        description="Statistics of delivery; 0: only when `stats` asks, and no rule speaks of what was sent.",
    )


class Calendar(Table):
    """`[calendar]`: days that the built-in table of public holidays does not have yet, or has otherwise."""

    holidays: tuple[date, ...] = Field(default=(), description="Days off.")
    workdays: tuple[date, ...] = Field(default=(), description="Saturdays and Sundays that are worked.")

    @model_validator(mode="after")
    def _one_or_the_other(self) -> Self:
        both = sorted(set(self.holidays) & set(self.workdays))
        if both:
            raise ValueError(f"both a holiday and a workday: {', '.join(day.isoformat() for day in both)}")
        return self


@runtime_checkable
class Account(Protocol):
    """What every integration's account model has."""

    @property
    def name(self) -> str:
        """What people call it."""
        ...

    @property
    def vendor(self) -> str:
        """Which integration it belongs to."""
        ...

    @property
    def defaults(self) -> Mapping[str, str]:
        """Values of submissions that need not be typed for it."""
        ...

    @property
    def company(self) -> str:
        """The company's name as on its licence; empty where nobody said it."""
        ...

    @property
    def review_hours(self) -> str:
        """The operator's own word on when the vendor reviews; empty for the published hours."""
        ...

    @property
    def push_token(self) -> SecretStr | None:
        """The secret part of the address that its vendor pushes to; none: no push."""
        ...

    @property
    def test_numbers(self) -> Sequence[str]:
        """The numbers that `send` may write to."""
        ...


class Settings(Table):
    """What the program is told; the tables of the chats beside it belong to them (`bot.running.config.Configuration`)."""

    bot: Bot = Field(default_factory=Bot, description="The program itself.")
    accounts: tuple[Annotated[Account, SkipValidation], ...] = Field(
        default=(), alias="account", description="Credentials at a vendor."
    )
    conversations: tuple[Conversation, ...] = Field(
        default=(), alias="conversation", description="Channels and groups that are served."
    )
    people: tuple[Person, ...] = Field(default=(), alias="person", description="Who is who, and what they may do.")
    groups: tuple[Group, ...] = Field(default=(), alias="group", description="Roles of Slack user groups.")
    policy: Policy = Field(default_factory=Policy, description="What needs a second person.")
    rules: tuple[Rule, ...] = Field(default=(), alias="rule", description="What opens an alert, beside the defaults.")
    oncalls: tuple[Oncall, ...] = Field(default=(), alias="oncall", description="Who is on call.")
    escalations: tuple[Escalation, ...] = Field(
        default=(), alias="escalation", description="Who is told, and after how long."
    )
    alerts: Alerts = Field(default_factory=Alerts, description="How alerts are told again.")
    digest: Digest = Field(default_factory=Digest, description="The daily digest.")
    poll: Poll = Field(default_factory=Poll, description="How often vendors are asked.")
    calendar: Calendar = Field(default_factory=Calendar, description="Days beside the built-in public holidays.")
    _wanted: dict[tuple[str, str], str] = PrivateAttr(default_factory=dict)

    def account(self, name: str) -> Account | None:
        """The account of this name."""
        return next((account for account in self.accounts if account.name == name), None)

    def conversation(self, place: Place) -> Conversation | None:
        """The listed conversation that a place belongs to."""
        for conversation in self.conversations:
            if (conversation.platform, conversation.id) == (place.platform, place.conversation):
                return conversation
        return None

    @cached_property
    def names(self) -> Mapping[str, str]:
        """`platform:user` → the name in `[[person]]`."""
        return {key: person.name for person in self.people for key in person.keys}

    def person_of(self, key: str) -> Person | None:
        """The `[[person]]` behind an `Actor.key`."""
        actor = Actor.of(key)
        return self.person(actor.platform, actor.user)

    def same_person(self, a: str, b: str) -> bool:
        """Whether two identities (`Actor.key`) are one human being, also over both chats.

        Where one of them does not tell its team, the user id decides: rather one person too few than one's own
        approval.
        """
        one, other = Actor.of(a), Actor.of(b)
        same_team = one.team == other.team or not one.team or not other.team
        if (one.platform, one.user) == (other.platform, other.user) and same_team:
            return True
        person = self.person(one.platform, one.user)
        return person is not None and person == self.person(other.platform, other.user)

    def who_may(self, role: Role) -> tuple[str, ...]:
        """The names of people with at least this role, as the file lists them."""
        return tuple(person.name for person in self.people if person.role >= role)

    def language(self, place: Place) -> str:
        """What is spoken in a conversation: `en` or `zh`; what was asked for there, before what the file says."""
        if (wanted := self._wanted.get((place.platform, place.conversation))) is not None:
            return wanted
        listed = self.conversation(place)
        return listed.language if listed is not None else self.bot.language

    def speak(self, place: Place, code: str) -> None:
        """From now on a conversation is spoken to in this language; whoever says so has it in the record."""
        self._wanted[place.platform, place.conversation] = code

    def person(self, platform: str, user: str) -> Person | None:
        """Who goes by this user id on a platform."""
        return next((person for person in self.people if user and person.id_on(platform) == user), None)
