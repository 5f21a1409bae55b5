"""The sandbox: three loopback servers and the verbs that move their world."""

import contextlib
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Self

from aiohttp import web

from integrations.sandbox.alibaba.console import AlibabaConsole
from integrations.sandbox.alibaba.desk import application as alibaba_application
from integrations.sandbox.alibaba.office import Office
from integrations.sandbox.alibaba.pushes import letters as alibaba_letters
from integrations.sandbox.console import Console
from integrations.sandbox.faults import Faults
from integrations.sandbox.phones import Phones, Sms
from integrations.sandbox.postman import Letter, Posted, Postman
from integrations.sandbox.settings import VENDORS, Carrier, Credential, Kind, Pace, Seed, Vendor
from integrations.sandbox.tencent.account import Account
from integrations.sandbox.tencent.console import TencentConsole
from integrations.sandbox.tencent.desk import application as tencent_application
from integrations.sandbox.tencent.pushes import letters as tencent_letters
from integrations.sandbox.traffic import Flow, Spell
from integrations.sandbox.ucloud.console import UCloudConsole
from integrations.sandbox.ucloud.desk import application as ucloud_application
from integrations.sandbox.ucloud.project import Project
from integrations.sandbox.ucloud.pushes import letters as ucloud_letters
from integrations.sandbox.world import Accepted, Call, World

LONGEST_LINE = 64 * 1024
"""Alibaba's parameters travel in the request line (facts 1.1); 500 Chinese characters are 4,500 there."""
SHUTDOWN_SECONDS = 2.0

LASTING: dict[Vendor, Credential] = {
    "alibaba": Credential("LTAIsandbox0000000001", "sandbox-alibaba-secret"),
    "tencent": Credential("AKIDsandbox0000000001", "sandbox-tencent-secret"),
    "ucloud": Credential("sandbox-ucloud-public", "sandbox-ucloud-private"),
}
TEMPORARY: dict[Vendor, Credential] = {
    "alibaba": Credential("STS.sandbox0000000001", "sandbox-alibaba-sts-secret", "sandbox-alibaba-token"),
    "tencent": Credential("AKIDsandboxtemp000001", "sandbox-tencent-sts-secret", "sandbox-tencent-token"),
    "ucloud": Credential("sandbox-ucloud-sts-public", "sandbox-ucloud-sts-private", "sandbox-ucloud-token"),
}
"""Made up; they open nothing but a sandbox."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where a vendor's server listens, such as `http://127.0.0.1:8701`, without a slash at the end."""

    url: str

    @property
    def billing_url(self) -> str:
        """Alibaba's billing API; the same server knows it by its version."""
        return self.url

    @property
    def endpoint(self) -> str:
        """Host and port only, as the official SDKs want it."""
        return self.url.removeprefix("http://")


def real_time() -> datetime:
    """Return the real time, aware UTC."""
    return datetime.now(UTC)


class Sandbox:
    """Alibaba Cloud SMS, Tencent Cloud SMS and UCloud USMS on loopback.

    Use as `async with Sandbox() as sandbox:`. Reviews, filings, drains and rate limits follow the world clock `now`;
    signed timestamps are checked against the real one.

    Args:
        now: The world clock, aware UTC; real time when not given. It must never run backwards.
        wall: The clock signed timestamps are checked against; real time when not given.
        pace: Review durations.
        seed: What exists at the start.
        auto_review: Reviewers decide by themselves; otherwise only the verbs decide. What follows an approval, carriers
            and "effective", always goes by the clock, unless `file` says otherwise.
        limits: Enforce the published rates.
        port: First of three ports (Alibaba, Tencent, UCloud); 0 takes any free ones.
        host: Address to listen on.
        opting_out: Whoever gets marketing answers that it shall be the last.

    Attributes:
        faults: Orders trouble: `sandbox.faults.next("alibaba", Fault.HANG_AFTER, "CreateSmsSign")`.
    """

    def __init__(
        self,
        *,
        now: Callable[[], datetime] = real_time,
        wall: Callable[[], datetime] = real_time,
        pace: Pace | None = None,
        seed: Seed | None = None,
        auto_review: bool = True,
        limits: bool = True,
        port: int = 0,
        host: str = "127.0.0.1",
        opting_out: bool = False,
    ) -> None:
        self.seed = seed or Seed()
        self._world = World(
            now=now, wall=wall, pace=pace or Pace(), seed=self.seed, auto_review=auto_review, limits=limits
        )
        self._phones = Phones(self._world, opting_out=opting_out)
        self._host = host
        self._port = port
        self._addresses: dict[Vendor, Address] = {}
        self._stack = contextlib.AsyncExitStack()
        self._alibaba_office = Office(self._world, self._phones)
        self._tencent_account = Account(self._world, self._phones)
        self._ucloud_project = Project(self._world, self._phones)
        self._alibaba_console = AlibabaConsole(self._alibaba_office)
        self._consoles: Mapping[Vendor, Console] = {
            "alibaba": self._alibaba_console,
            "tencent": TencentConsole(self._tencent_account),
            "ucloud": UCloudConsole(self._ucloud_project),
        }
        self._flows: Mapping[Vendor, Flow] = {
            "alibaba": self._alibaba_office.flow,
            "tencent": self._tencent_account.flow,
            "ucloud": self._ucloud_project.flow,
        }
        self._postman = Postman(self._world, self._letters)

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def start(self) -> None:
        """Start the three servers; when it returns they accept connections."""
        try:
            for offset, vendor in enumerate(VENDORS):
                await self._serve(vendor, self._port + offset if self._port else 0)
        except BaseException:
            await self.close()
            raise

    async def close(self) -> None:
        """Stop the servers and end every call that still hangs."""
        self._world.closing.set()
        self._world.faults.open_all()
        await self._postman.close()
        await self._stack.aclose()

    @property
    def alibaba(self) -> Address:
        """Where Alibaba listens."""
        return self._addresses["alibaba"]

    @property
    def tencent(self) -> Address:
        """Where Tencent listens."""
        return self._addresses["tencent"]

    @property
    def ucloud(self) -> Address:
        """Where UCloud listens."""
        return self._addresses["ucloud"]

    @property
    def faults(self) -> Faults:
        """Orders for trouble."""
        return self._world.faults

    @property
    def calls(self) -> list[Call]:
        """Every request so far, oldest first."""
        return list(self._world.calls)

    def credentials(self, vendor: Vendor, *, temporary: bool = False) -> Credential:
        """Return the lasting key pair of a vendor, or the temporary one that needs its token."""
        return (TEMPORARY if temporary else LASTING)[vendor]

    def accepted(self, vendor: Vendor, kind: Kind | None = None) -> list[Accepted]:
        """Return everything the vendor's create calls have made, deleted things included, oldest first."""
        return [one for one in self._world.accepted if one.vendor == vendor and kind in (None, one.kind)]

    def approve(self, vendor: Vendor, ref: str | int, kind: Kind | None = None) -> None:
        """Let the reviewer approve now.

        Args:
            vendor: Whose reviewer.
            ref: The vendor's id, or the name: signatures are looked at before templates, newer before older.
            kind: Looks only at signatures, templates or qualifications.

        Raises:
            LookupError: The vendor has no such thing.
        """
        self._consoles[vendor].decide(str(ref), kind, None)

    def reject(self, vendor: Vendor, ref: str | int, why: str, kind: Kind | None = None) -> None:
        """Let the reviewer reject now, with a reason; `ref` as for `approve`."""
        self._consoles[vendor].decide(str(ref), kind, why)

    def disable(self, vendor: Vendor, ref: str | int, why: str = "违规使用，已停用", kind: Kind | None = None) -> None:
        """Take an approved thing out of use, in the vendor's own way.

        UCloud shows status 4; Tencent falls back to -1 with the reason; at Alibaba, which has no such state, every
        carrier's registration of the signature lapses.
        """
        self._consoles[vendor].disable(str(ref), kind, why)

    def file(self, ref: str, carrier: Carrier, status: int, reason: str = "", *texts: str) -> None:
        """Let a carrier say something about an Alibaba signature; it overrides the automatic filing.

        Args:
            ref: The signature.
            carrier: `mobile`, `unicom` or `telecom`.
            status: RegisterStatus: 3 done, 1 not verified, -1 running, -2 not registered, 0 failed, 2 lapsed.
            reason: ReasonCode such as `QUALIFICATION_ERROR`.
            texts: ReasonDescList.
        """
        self._alibaba_console.file(ref, carrier, status, reason, texts)

    def withdraw(self, ref: str, kind: Kind | None = None) -> None:
        """Withdraw a pending review at Alibaba, as a person can in its console (no API does it)."""
        self._alibaba_console.withdraw(ref, kind)

    def drain(self, vendor: Vendor, messages: int) -> None:
        """Use up messages at once: of the package, and at UCloud money and today's statistics."""
        self._consoles[vendor].drain(messages)

    def top_up(self, vendor: Vendor, amount: int) -> None:
        """Buy a package of so many messages; at UCloud, put so many yuan on the account."""
        self._consoles[vendor].top_up(amount)

    def traffic(
        self,
        vendor: Vendor,
        hours: int,
        *,
        factor: float = 1.0,
        failing: float = 0.0,
        refused: float = 0.0,
        code: str = "",
    ) -> None:
        """Let messages go otherwise than usual, from the hour that holds now on.

        Args:
            vendor: Whose account.
            hours: How many hours of world time.
            factor: On the messages sent.
            failing: Share of them that fails; 0 for the usual one.
            refused: As many more, as a share, are not taken: too frequent.
            code: What the receipts say of the failures: at Tencent `FrequencyLimit`, `BlackList` and the like.
        """
        flow = self._flows[vendor]
        now = self._world.now().replace(minute=0, second=0, microsecond=0)
        flow.spells.append(Spell(now, now + timedelta(hours=hours), factor, failing, refused, code))

    def push_to(self, vendor: Vendor, url: str, *, every: float | None = None) -> None:
        """Push reviews, receipts and answers to an address, as somebody sets it in the vendor's console.

        Args:
            vendor: Who pushes.
            url: The receiver's address before the kind: `http://127.0.0.1:8080/push/ACCOUNT/TOKEN`.
            every: Push by itself each so many seconds of real time; otherwise only `push` does.
        """
        self._postman.address(vendor, url)
        if every is not None:
            self._postman.start(every)

    async def push(self) -> list[Posted]:
        """Push what is due now, and what is due again; returns each attempt."""
        return await self._postman.round()

    @property
    def sent(self) -> list[Sms]:
        """Every message that a vendor took, oldest first."""
        return list(self._phones.sent)

    def carrier(self, number: str, code: str) -> None:
        """Have the carriers say this of messages to a number from now on; `-` for never a word, empty for "delivered"."""
        self._phones.carriers[number] = code

    def answer(self, vendor: Vendor, number: str, text: str) -> None:
        """Let somebody answer to a message that came through a vendor."""
        self._phones.answer(vendor, number, text)

    def _letters(self) -> list[Letter]:
        """Everything the vendors have had to push so far."""
        return [
            *alibaba_letters(self._alibaba_office, self._phones),
            *tencent_letters(self._phones),
            *ucloud_letters(self._phones),
        ]

    async def _serve(self, vendor: Vendor, port: int) -> None:
        # Bound before the application is built, because Alibaba's answers name the address of its upload server.
        listener = socket.create_server((self._host, port))
        self._stack.callback(listener.close)
        url = f"http://{self._host}:{listener.getsockname()[1]}"
        self._addresses[vendor] = Address(url)
        runner = web.AppRunner(
            self._application(vendor, url),
            access_log=None,
            handle_signals=False,
            shutdown_timeout=SHUTDOWN_SECONDS,
            max_line_size=LONGEST_LINE,
        )
        self._stack.push_async_callback(runner.cleanup)
        await runner.setup()
        await web.SockSite(runner, listener).start()

    def _application(self, vendor: Vendor, url: str) -> web.Application:
        accepted = (LASTING[vendor], TEMPORARY[vendor])
        credentials = {credential.key_id: credential for credential in accepted}
        match vendor:
            case "alibaba":
                return alibaba_application(self._world, self._alibaba_office, url, credentials)
            case "tencent":
                return tencent_application(self._world, self._tencent_account, credentials)
            case "ucloud":
                return ucloud_application(self._world, self._ucloud_project, credentials)
