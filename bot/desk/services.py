"""What the program is made of, as handlers and the desk may use it: a few groups, each of one subject."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from bot.commands.command import Speech
from bot.contracts.clock import Clock
from bot.contracts.model import Words
from bot.contracts.settings import Settings
from bot.contracts.vendor import Vendor
from bot.desk.chats import Chats
from bot.desk.digest.digests import Digests
from bot.desk.held import Dialogues
from bot.messages.sends import Sends
from bot.notices.audience import Audience
from bot.notices.watching import Watching
from bot.requests.approvals import Approvals
from bot.requests.guided import Guided
from bot.requests.inventory import Inventory
from bot.requests.orders import Orders
from bot.requests.preparation import Preparation
from bot.requests.settling import Settling
from bot.store.database import Database
from bot.watch.alerts import Alerts
from bot.watch.calendars import Calendars
from bot.watch.duty import Duty
from bot.watch.handover import HandOvers
from bot.watch.quota import Quota
from bot.watch.statistics import Statistics
from bot.wording.views import Views


@dataclass(frozen=True, slots=True)
class Requests:
    """From what was typed to the vendors.

    Args:
        preparation: reads it.
        orders: stores it.
        settling: looks up lost answers.
        guided: keeps what people do in a vendor's console.
        approvals: has what waits for a second person.
        inventory: holds what the vendors have against it.
    """

    preparation: Preparation
    orders: Orders
    settling: Settling
    guided: Guided
    approvals: Approvals
    inventory: Inventory


@dataclass(frozen=True, slots=True)
class Watch:
    """What is measured, and what somebody must look at."""

    quota: Quota
    alerts: Alerts
    statistics: Statistics
    duty: Duty
    handovers: HandOvers
    calendars: Calendars


@dataclass(frozen=True, slots=True)
class Failing:
    """Something that does not work.

    Args:
        name: as it stands in the log.
        what: what does not work.
        why: what it last failed with.
    """

    name: str
    what: Words
    why: Words


@dataclass(frozen=True, slots=True)
class Status:
    """How the bot itself is.

    Args:
        failing: what does not work, as of now.
        audience: who hears of what.
        watching: who wants to hear of a thing one to one.
        digests: what is told once a day.
    """

    failing: Callable[[], Sequence[Failing]]
    audience: Audience
    watching: Watching
    digests: Digests


@dataclass(frozen=True, slots=True)
class Services:
    """What the program is made of.

    Args:
        settings: the configuration.
        clock: the domain's time.
        database: the record; handlers read it, and write only through use cases.
        vendors: account name → vendor.
        chats: what each chat can do.
        views: what wordings need to know, by language.
        messages: test messages.
        speech: every command there is, and the words of accounts and keys.
    """

    settings: Settings
    clock: Clock
    database: Database
    vendors: Mapping[str, Vendor]
    chats: Chats
    views: Views
    speech: Speech
    requests: Requests
    watch: Watch
    messages: Sends
    status: Status
    dialogues: Dialogues = field(default_factory=Dialogues)
