"""A real process is killed at the worst moments: nothing is lost, and no vendor is given anything twice.

The program runs as users run it; the sandbox runs here, so that what the vendors took can be counted. The sandbox
enforces no rate: a second call would be taken and counted.
"""

import asyncio
import contextlib
import json
import signal
import sqlite3
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

import pytest

from bot.running.demo import sandbox_config
from integrations import http
from integrations.alibaba.client import Alibaba
from integrations.alibaba.config import Account as AlibabaAccount
from integrations.http import ATTEMPTS
from integrations.sandbox import Fault, Kind, Sandbox, Vendor
from tests.forked import Forked, forked
from tests.made_files import png
from tests.planted import nothing_of, numbers_in

SECONDS = 120.0  # for anything to happen: a bound for what never does, however busy the machine is
EXIT_SECONDS = 10.0  # spec 13

pytestmark = pytest.mark.timeout(300)

VENDORS: tuple[Vendor, ...] = ("alibaba", "tencent", "ucloud")
CREATE: dict[Kind, dict[Vendor, str]] = {
    "signature": {"alibaba": "CreateSmsSign", "tencent": "AddSmsSign", "ucloud": "CreateUSMSSignature"},
    "template": {"alibaba": "CreateSmsTemplate", "tencent": "AddSmsTemplate", "ucloud": "CreateUSMSTemplate"},
}
SIGNATURE = "sign submit {to} 速达物流 source=company"
TEMPLATE = 'template submit {to} 登录验证码 type=otp content="您的验证码是${{code}}，请尽快填写。"'
SAY: dict[Kind, str] = {"signature": SIGNATURE, "template": TEMPLATE}


class House:
    """A sandbox, a folder with a configuration, and the processes that were started in it."""

    program = "bot"

    def __init__(self, sandbox: Sandbox, folder: Path) -> None:
        self.sandbox = sandbox
        self.folder = folder
        self._processes: list[Forked] = []
        self._outputs = 0
        self._said: list[str] = []
        # A call that was under way when its process was killed arrives on loopback at once, so it need not be waited for
        # as long as at a real vendor.
        text = sandbox_config(sandbox).replace("[poll]\n", "[poll]\nsettle_seconds = 1\n")
        assert "settle_seconds = 1" in text
        (folder / "config.toml").write_text(text)

    # --- Processes ---

    async def start(self, command: str, *arguments: str) -> Forked:
        """Start `signpost COMMAND --config …`."""
        self._outputs += 1
        self._said += arguments
        with self._output().open("wb") as out:
            process = await forked(
                *(command, "--config", "config.toml", *arguments),
                cwd=self.folder,
                program=self.program,
                output=out.fileno(),
            )
        self._processes.append(process)
        return process

    async def run(self) -> Forked:
        """Start `signpost run`, and wait until it runs."""
        process = await self.start("run")
        output = self._output()
        await self.until(lambda: '"event": "running"' in output.read_text(), of=process)
        assert process.returncode is None, output.read_text()
        return process

    async def say(self, text: str) -> str:
        """Say something and read the answer."""
        assert await self.ended(await self.start("say", text)) == 0
        return self._output().read_text()

    async def ended(self, process: Forked, seconds: float = SECONDS) -> int:
        """Wait for the end of a process: its exit code."""
        async with asyncio.timeout(seconds):
            return await process.wait()

    async def kill(self, process: Forked) -> None:
        """SIGKILL: no handler, no clean-up."""
        process.kill()
        await self.ended(process)

    async def terminate(self, process: Forked) -> None:
        """SIGTERM, as a service manager does; it must end well and in time."""
        process.send_signal(signal.SIGTERM)
        assert await self.ended(process, EXIT_SECONDS) == 0

    async def close(self) -> None:
        for process in self._processes:
            await self.kill(process)
        planted = set().union(
            *(numbers_in(text) for text in (*self._said, str([one.params for one in self.sandbox.calls])))
        )
        nothing_of(planted, self.folder)

    def _output(self) -> Path:
        return self.folder / f"output-{self._outputs}.txt"

    # --- What is known ---

    async def until(self, condition: Callable[[], bool], *, of: Forked | None = None) -> None:
        """Wait until something is so, or a process has ended."""
        async with asyncio.timeout(SECONDS):
            # Another process cannot set an event of ours, so it is asked again until it is so.
            while not (condition() or (of is not None and of.returncode is not None)):  # noqa: ASYNC110
                await asyncio.sleep(0.01)

    def accepted(self, kind: Kind, name: str = "") -> list[int]:
        """How many things of a kind (and name) each vendor took."""
        return [sum(1 for one in self.sandbox.accepted(vendor, kind) if name in ("", one.name)) for vendor in VENDORS]

    def called(self, kind: Kind) -> list[int]:
        """How often each vendor was called to make something."""
        return [sum(1 for call in self.sandbox.calls if call.action == CREATE[kind][vendor]) for vendor in VENDORS]

    def ordered(self) -> int:
        """How often a digital signature was ordered."""
        return sum(1 for call in self.sandbox.calls if call.action == "CreateDigitalSignOrder")

    def rows(self, query: str) -> list[dict[str, Any]]:
        """Read the record as anybody else can; nothing while it does not exist yet."""
        try:
            with contextlib.closing(sqlite3.connect(f"file:{self._record}?mode=ro", uri=True)) as db:
                db.row_factory = sqlite3.Row
                return [dict(row) for row in db.execute(query)]
        except sqlite3.OperationalError:
            return []

    def states(self) -> list[str]:
        return [row["state"] for row in self.rows("SELECT state FROM requests ORDER BY id")]

    def refs(self) -> list[str]:
        return [row["vendor_ref"] for row in self.rows("SELECT vendor_ref FROM requests ORDER BY id")]

    def told(self, news: str) -> list[int]:
        """The requests of which something was told, or is owed to be told; each as often as it is."""
        owed = self.rows("SELECT subject, data FROM notices WHERE what = 'news' ORDER BY id")
        about = [int(row["subject"].partition(":")[2]) for row in owed if json.loads(row["data"])["news"] == news]
        return sorted(about)  # the accounts are worked on side by side

    def make_due(self) -> None:
        """Let the pause before the next try be over."""
        now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        with contextlib.closing(sqlite3.connect(self._record)) as db, db:
            db.execute("UPDATE requests SET next_look_at = ? WHERE next_look_at > ?", (now, now))

    async def soon(self, condition: Callable[[], bool]) -> None:
        """Wait until something is so; what is put off meanwhile, by a look that began before, is due again."""

        def asked() -> bool:
            self.make_due()
            return condition()

        await self.until(asked)

    @property
    def _record(self) -> Path:
        return self.folder / "data" / "signpost.db"


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with Sandbox(limits=False) as sandbox:
        house = House(sandbox, tmp_path)
        try:
            yield house
        finally:
            await house.close()


async def test_told_to_stop_while_a_call_hangs(house: House) -> None:
    action = CREATE["template"]["tencent"]
    house.sandbox.faults.next("tencent", Fault.THROTTLE, action, ATTEMPTS)
    await house.say(TEMPLATE.format(to="tencent"))
    assert house.states() == ["queued"]

    house.make_due()
    house.sandbox.faults.next("tencent", Fault.HANG_AFTER, action)
    process = await house.run()
    await house.until(lambda: house.accepted("template") == [0, 1, 0])
    await house.terminate(process)
    assert house.states() == ["submitting"]

    process = await house.run()
    await house.until(lambda: house.states() == ["in_review"])
    await house.terminate(process)
    assert house.refs() == [house.sandbox.accepted("tencent")[0].ref]
    assert house.accepted("template") == [0, 1, 0]


async def test_signatures_killed_between_the_vendors_yes_and_our_record(house: House) -> None:
    await assert_killed_after_the_vendors_took_it(house, "signature")
    process = await house.run()
    await house.until(lambda: house.states() == ["in_review"] * 3)
    await house.terminate(process)
    assert house.told("settled") == [1, 2, 3]
    assert house.refs() == [house.sandbox.accepted(vendor)[0].ref for vendor in VENDORS]
    assert house.accepted("signature") == house.called("signature") == [1, 1, 1]
    assert await house.ended(await house.start("verify")) == 0


async def test_templates_killed_between_the_vendors_yes_and_our_record(house: House) -> None:
    await assert_killed_after_the_vendors_took_it(house, "template")
    process = await house.run()
    await house.until(lambda: house.states() == ["in_review", "in_review", "unknown"])
    await house.terminate(process)
    assert house.told("settled") == [1, 2]
    assert house.told("unknown_question") == [3]
    assert house.accepted("template") == house.called("template") == [1, 1, 1]

    said = await house.say("status")  # with a chat to say it in, the question is asked
    assert "settle #3 id=" in said
    assert "settle #3 resend" in said
    (template,) = house.sandbox.accepted("ucloud")
    await house.say(f"settle #3 id={template.ref}")
    assert house.states() == ["in_review"] * 3
    assert house.refs() == [house.sandbox.accepted(vendor)[0].ref for vendor in VENDORS]
    assert house.accepted("template") == house.called("template") == [1, 1, 1]


async def assert_killed_after_the_vendors_took_it(house: House, kind: Kind) -> None:
    for vendor in VENDORS:
        house.sandbox.faults.next(vendor, Fault.HANG_AFTER, CREATE[kind][vendor])
    process = await house.start("say", SAY[kind].format(to="all"))
    await house.until(lambda: house.accepted(kind) == [1, 1, 1])
    assert house.states() == ["submitting"] * 3
    await house.kill(process)
    assert process.returncode == -signal.SIGKILL
    assert house.states() == ["submitting"] * 3


UCLOUD_QUALIFICATION = (
    "qualification submit ucloud 速达资质 company=速达科技有限公司 credit_code=91330106MA2SANDBX1 paper=front.png "
    "handler_name=张三 handler_id=330106199001011234 handler_phone=13812349876 handler_front=front.png "
    "handler_back=front.png"
)
ALIBABA_QUALIFICATION = (
    "qualification submit aliyun 速达新资质 company=速达科技有限公司 credit_code=91330106MA2SANDBX1 paper=front.png "
    "licence_dates=2020-01-01~2099-12-31 handler_phone=13812349876 legal_name=张三 legal_id=330106199001011234 "
    "legal_id_dates=2020-01-01~2040-01-01 handler_name=张三 handler_id=330106199001011234 "
    "handler_id_dates=2020-01-01~2040-01-01 handler_front=front.png handler_back=front.png certify_code=349876"
)
QUALIFICATIONS: dict[Vendor, tuple[str, str]] = {
    "ucloud": ("AddUSMSSignatureQualification", UCLOUD_QUALIFICATION),
    "alibaba": ("SubmitSmsQualification", ALIBABA_QUALIFICATION),
}
"""Vendor → the operation that submits one, and what is said; the code is the one that the administrator's phone got."""


@pytest.mark.parametrize("vendor", list(QUALIFICATIONS))
async def test_a_qualification_killed_between_the_vendors_yes_and_our_record(house: House, vendor: Vendor) -> None:
    action, said = QUALIFICATIONS[vendor]
    taken = [1 if one == vendor else 0 for one in VENDORS]
    (house.folder / "front.png").write_bytes(png())
    if vendor == "alibaba":
        await have_code_sent(house.sandbox, "13812349876")
    house.sandbox.faults.next(vendor, Fault.HANG_AFTER, action)
    process = await house.start("say", said)
    await house.until(lambda: house.accepted("qualification") == taken, of=process)
    assert house.states() == ["submitting"]
    await house.kill(process)

    process = await house.run()
    await house.until(lambda: house.states() == ["in_review"])
    await house.terminate(process)
    assert house.refs() == [house.sandbox.accepted(vendor)[0].ref]
    assert house.accepted("qualification") == taken
    assert sum(1 for call in house.sandbox.calls if call.action == action) == 1


async def have_code_sent(sandbox: Sandbox, phone: str) -> None:
    """A code that an earlier attempt had the vendor send."""
    key = sandbox.credentials("alibaba")
    keys = {"access_key_id": key.key_id, "access_key_secret": key.secret, "endpoint": sandbox.alibaba.url}
    async with http.client() as client:
        codes = Alibaba(AlibabaAccount.model_validate({"name": "aliyun", **keys}), http=client).codes
        assert codes is not None
        await codes.send(phone)


async def test_a_digital_template_killed_between_the_vendors_yes_and_our_record(house: House) -> None:
    (house.folder / "poster.png").write_bytes(png())
    house.sandbox.faults.next("alibaba", Fault.HANG_AFTER, "CreateDigitalSmsTemplate")
    said = 'template submit aliyun 新品上市 type=digital sign=速达科技 content="新品上市。拒收请回复R" media=poster.png remark=会员'
    process = await house.start("say", said)
    await house.until(lambda: house.accepted("template") == [1, 0, 0])
    await house.kill(process)
    assert house.states() == ["submitting"]

    process = await house.run()
    await house.until(lambda: house.states() == ["in_review"])
    await house.terminate(process)
    assert house.refs() == [house.sandbox.accepted("alibaba")[0].ref]
    assert house.told("settled") == [1]
    assert sum(1 for call in house.sandbox.calls if call.action == "CreateDigitalSmsTemplate") == 1


DIGITAL_SIGNATURE = (
    "sign submit aliyun 速达优选 digital=true source=company qualification=8563 company=速达科技有限公司 "
    "credit_code=91330106MA2SANDBX1 industry=retail legal_name=李明 legal_id=110101198001011239 "
    "handler_name=王芳芳 handler_id=11010119900307781X"
)


@pytest.mark.parametrize(("fault", "ends"), [(Fault.HANG_AFTER, "in_review"), (Fault.HANG_BEFORE, "failed")])
async def test_a_digital_signature_killed_before_and_after_the_vendors_yes(
    house: House, fault: Fault, ends: str
) -> None:
    house.sandbox.faults.next("alibaba", fault, "CreateDigitalSignOrder")
    process = await house.start("say", DIGITAL_SIGNATURE)
    await house.until(lambda: house.ordered() == 1, of=process)
    assert house.states() == ["submitting"]
    await house.kill(process)

    process = await house.run()
    await house.until(lambda: house.states() == [ends])
    await house.terminate(process)
    taken = [one.ref for one in house.sandbox.accepted("alibaba", "signature")]
    assert taken == [ref for ref in house.refs() if ref]
    assert house.told("settled" if taken else "absent") == [1]
    assert house.ordered() == 1
    if not taken:  # nobody has it, and what persons it named is forgotten: all is said again
        assert "in review" in await house.say(DIGITAL_SIGNATURE.replace("sign submit aliyun 速达优选", "edit #1"))
        assert len(house.sandbox.accepted("alibaba", "signature")) == 1


async def test_killed_before_the_vendors_got_it(house: House) -> None:
    for vendor in VENDORS:
        house.sandbox.faults.next(vendor, Fault.HANG_BEFORE, CREATE["signature"][vendor])
    process = await house.start("say", SIGNATURE.format(to="all"))
    await house.until(lambda: house.called("signature") == [1, 1, 1])
    await house.kill(process)

    process = await house.run()
    await house.until(lambda: house.states() == ["failed"] * 3)
    await house.terminate(process)
    assert house.told("absent") == [1, 2, 3]
    assert house.accepted("signature") == [0, 0, 0]
    assert house.called("signature") == [1, 1, 1]

    await house.say("edit #1")  # papers are not kept, but these stand in the configuration
    assert house.states() == ["in_review", "failed", "failed"]
    assert house.accepted("signature") == [1, 0, 0]


async def test_a_template_that_cannot_be_looked_for_is_sent_again_when_a_person_says_so(house: House) -> None:
    house.sandbox.faults.next("ucloud", Fault.HANG_BEFORE, CREATE["template"]["ucloud"])
    process = await house.start("say", TEMPLATE.format(to="ucloud"))
    await house.until(lambda: house.called("template") == [0, 0, 1])
    await house.kill(process)
    assert "settle #1 resend" in await house.say("status")
    assert house.states() == ["unknown"]
    assert house.accepted("template") == [0, 0, 0]
    await house.say("settle #1 resend")
    assert house.states() == ["in_review"]
    assert house.accepted("template") == [0, 0, 1]


async def test_killed_anywhere(house: House) -> None:
    """At any moment between the first byte of the record and the last answer, again and again on one record."""
    names = [f"速达{letter}部" for letter in "甲乙丙丁戊己"]
    for seed, name in enumerate(names):
        random = Random(seed)  # noqa: S311 - not for secrets
        for vendor in VENDORS:
            action = CREATE["signature"][vendor]
            house.sandbox.faults.next(vendor, Fault.SLOW, action, seconds=random.uniform(0, 0.1))
        before = len(house.sandbox.calls)
        calls = random.randrange(7)
        process = await house.start("say", f"sign submit all {name} source=company")
        await house.until(lambda: len(house.states()) == 3 * (seed + 1), of=process)  # noqa: B023 - awaited here
        await house.until(lambda: len(house.sandbox.calls) >= before + calls, of=process)  # noqa: B023 - awaited here
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), random.uniform(0, 0.05))
        await house.kill(process)
        house.sandbox.faults.clear()

    process = await house.run()
    await house.until(lambda: not {"queued", "submitting", "unknown"} & set(house.states()))
    await house.terminate(process)

    requests = house.rows("SELECT vendor, name, state, vendor_ref, reason FROM requests ORDER BY id")
    assert [request["name"] for request in requests] == [name for name in names for _ in VENDORS]
    for request in requests:
        taken = [one.ref for one in house.sandbox.accepted(request["vendor"]) if one.name == request["name"]]
        match request["state"]:
            case "in_review":
                assert taken == [request["vendor_ref"]], request
            case "failed" | "draft":
                assert (taken, request["vendor_ref"]) == ([], ""), request
                assert request["reason"] in ("absent", "papers"), request
            case state:
                raise AssertionError(state)
    assert await house.ended(await house.start("verify")) == 0
