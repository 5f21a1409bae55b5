"""The vendors of a configuration: which classes, what they can be told, and whether the defaults fit them."""

import contextlib
from collections.abc import AsyncIterator, Mapping
from typing import Any, Protocol

from pydantic import BaseModel

from bot.commands.command import Vocabulary
from bot.contracts.clock import Clock, SystemClock
from bot.contracts.defaults import problems as default_problems
from bot.contracts.entries import keeping
from bot.contracts.fields import Fault
from bot.contracts.hours import Hours, parse_hours
from bot.contracts.model import Attachment, Kind
from bot.contracts.settings import Settings
from bot.contracts.vendor import Vendor
from bot.running.config import ConfigError
from bot.store.database import Database
from bot.store.entries import RecordedEntries
from integrations import http
from integrations.alibaba.client import Alibaba
from integrations.alibaba.config import Account as AlibabaAccount
from integrations.tencent.client import Tencent
from integrations.tencent.config import Account as TencentAccount
from integrations.terminal.files import FileProblem, FileTrouble, read_file
from integrations.ucloud.client import Ucloud
from integrations.ucloud.config import Account as UcloudAccount

ACCOUNTS: Mapping[str, type[BaseModel]] = {
    "alibaba": AlibabaAccount,
    "tencent": TencentAccount,
    "ucloud": UcloudAccount,
}
"""Vendor → the model of its accounts in the configuration."""


class Client(Protocol):
    """The class of a vendor."""

    @property
    def words(self) -> tuple[str, ...]:
        """What people call the vendor."""
        ...

    def __call__(self, *account: Any, **how: Any) -> Vendor:
        """One account there; each vendor has a model of its own for it."""
        ...


VENDORS: Mapping[str, Client] = {"alibaba": Alibaba, "tencent": Tencent, "ucloud": Ucloud}
"""Vendor → its client; a new vendor is a folder and a line in both tables."""


async def check(settings: Settings) -> None:
    """Check what the file alone cannot tell: defaults against the vendors' fields. Calls nobody.

    Raises:
        ConfigError: with every problem.
    """
    async with vendors_of(settings, SystemClock(), pace=1.0):
        pass


@contextlib.asynccontextmanager
async def vendors_of(
    settings: Settings, clock: Clock, pace: float, database: Database | None = None
) -> AsyncIterator[Mapping[str, Vendor]]:
    """Every account's vendor by the account's name.

    Args:
        settings: the configuration.
        clock: the domain's time.
        pace: factor on the pauses between calls.
        database: where ids are kept of what a vendor lists to nobody; in memory when left out.
    """
    async with contextlib.AsyncExitStack() as stack:
        vendors: dict[str, Vendor] = {}
        wrong: list[str] = []
        for account in settings.accounts:
            client = await stack.enter_async_context(http.client())
            vendor = VENDORS[account.vendor](account, http=client, pace=pace, now=clock.now)
            vendors[account.name] = vendor
            if database is not None:
                keeping(vendor, RecordedEntries(database, account.name, clock))
            stack.push_async_callback(vendor.aclose)
            found = default_problems(account.defaults, {kind: vendor.reviews.fields(kind) for kind in Kind})
            wrong += [f"account.{account.name}.defaults.{key}: {what}" for key, what in found.items()]
        if wrong:
            raise ConfigError(tuple(sorted(wrong)))
        yield vendors


def hours_of(settings: Settings, vendors: Mapping[str, Vendor]) -> Mapping[str, Hours]:
    """When each account's reviewers work: the operator's word, or what the vendor publishes."""
    return {
        account.name: parse_hours(account.review_hours)
        if account.review_hours
        else vendors[account.name].capabilities.hours
        for account in settings.accounts
    }


def vocabulary_of(vendors: Mapping[str, Vendor]) -> Vocabulary:
    """The accounts and the keys that can be said."""
    keys = {
        word
        for vendor in vendors.values()
        for kind in Kind
        if kind in vendor.capabilities.kinds
        for field in vendor.reviews.fields(kind)
        for word in (field.key, *field.aliases)
    }
    return Vocabulary(
        accounts={name: vendor.vendor for name, vendor in vendors.items()},
        keys=frozenset(keys),
        vendors={name: client.words for name, client in VENDORS.items()},
    )


_TROUBLES = {
    FileTrouble.MISSING: Fault.FILE_MISSING,
    FileTrouble.DIRECTORY: Fault.FILE_IS_FOLDER,
    FileTrouble.UNREADABLE: Fault.FILE_UNREADABLE,
    FileTrouble.TOO_LARGE: Fault.FILE_TOO_LARGE,
    FileTrouble.EMPTY: Fault.FILE_EMPTY,
}


async def read_attachment(path: str, max_bytes: int) -> Attachment | Fault:
    """A file named by its path; what is wrong with it where it cannot be read."""
    try:
        return await read_file(path, max_bytes=max_bytes)
    except FileProblem as problem:
        return _TROUBLES[problem.kind]
