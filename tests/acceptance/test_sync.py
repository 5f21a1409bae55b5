"""`sync`: what the vendors have, held against the record; what was made in a console is adopted and followed from then on."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.contracts.model import Kind, State
from integrations.sandbox import Fault
from tests.acceptance.test_faults import ACCOUNTS, AT_EACH, CREATE, OFTEN, Vendor
from tests.contract.desk import made, signature, template
from tests.stage import Stage, stage

LIST: dict[Vendor, str] = {
    "alibaba": "QuerySmsSignList",
    "tencent": "DescribeSmsSignList",
    "ucloud": "GetUSMSSignatureQualification",
}
LISTED = pytest.mark.parametrize("vendor", ["alibaba", "tencent"])
"""Those that list signatures and templates."""


async def in_console(s: Stage, vendor: Vendor, kind: Kind, name: str) -> str:
    """Somebody makes something without us; returns the vendor's id."""
    reviews = s.bot.services.vendors[ACCOUNTS[vendor]].reviews
    return (await reviews.create(made(kind, name))).ref


async def states(s: Stage) -> dict[str, State]:
    """Name → state, of all that the record has."""
    rows = await s.bot.services.database.read(lambda db: list(db.query("SELECT name, state FROM requests")))
    assert len({row["name"] for row in rows}) == len(rows), "adopted twice"
    return {row["name"]: State(row["state"]) for row in rows}


@LISTED
async def test_what_was_made_in_a_console_is_shown_adopted_and_followed(tmp_path: Path, vendor: Vendor) -> None:
    account = ACCOUNTS[vendor]
    async with stage(tmp_path, auto_review=False) as s:
        await in_console(s, vendor, Kind.SIGNATURE, "速达快运")
        code = await in_console(s, vendor, Kind.TEMPLATE, "登录验证码")
        creates = s.calls(vendor, CREATE[vendor])
        shown = await s.say(f"sync {account}")
        assert "signature 速达快运" in shown
        assert f"template 登录验证码 `{code}`: in review" in shown
        assert f"Next: `sync {account} adopt`" in shown
        assert await states(s) == {}

        said = await s.say(f"sync {account} adopt")
        assert "are in the record now: #1 to #" in said
        before = await states(s)
        assert (before["速达快运"], before["登录验证码"]) == (State.IN_REVIEW, State.IN_REVIEW)
        assert s.calls(vendor, CREATE[vendor]) == creates  # the vendor was only asked
        assert "The record knows all that" in await s.say(f"sync {account}")
        assert "Nothing to adopt" in await s.say(f"sync {account} adopt")
        assert await states(s) == before

        s.sandbox.approve(vendor, "登录验证码", "template")
        told = await s.pass_time(timedelta(hours=1))
        assert "template 登录验证码 approved" in told
        assert "@submitter" in told
        shown = await s.say("show 登录验证码")
        assert "您的验证码是${" in shown
        assert "adopted from" in await s.say("history")


@LISTED
async def test_what_moved_on_at_the_vendor_is_shown_and_taken_in(tmp_path: Path, vendor: Vendor) -> None:
    """What is ready is not asked about any more: only here does it show that somebody took it out of use, or deleted it."""
    account = ACCOUNTS[vendor]
    async with stage(tmp_path, auto_review=False) as s:
        reviews = s.bot.services.vendors[account].reviews
        await s.say(f"sync {account} adopt")
        for name in ("登录验证码", "取件通知"):
            ref = await in_console(s, vendor, Kind.TEMPLATE, name)
            s.sandbox.approve(vendor, ref)
        await s.say(f"sync {account} adopt")
        assert (await states(s))["取件通知"] is State.READY
        await reviews.delete(Kind.TEMPLATE, ref)
        if vendor == "tencent":
            s.sandbox.disable(vendor, "登录验证码", kind="template")
        number = await s.bot.services.database.read(
            lambda db: next(db.query("SELECT id FROM requests WHERE name = '取件通知'"))["id"]
        )
        shown = await s.say(f"sync {account}")
        assert f"Here, and no longer there:\n• #{number} template 取件通知: ready here" in shown
        assert (await states(s))["取件通知"] is State.READY  # nothing was changed yet
        taken = await s.say(f"sync {account} adopt")
        assert (await states(s))["取件通知"] is State.DELETED
        assert f"#{number} template 取件通知: deleted" in taken
        if vendor == "tencent":
            assert "template 登录验证码: ready here, rejected there" in shown
            assert (await states(s))["登录验证码"] is State.REJECTED
        assert "The record knows all that" in await s.say(f"sync {account}")


@LISTED
async def test_what_is_on_its_way_from_here_is_never_adopted(tmp_path: Path, vendor: Vendor) -> None:
    """Its answer was lost: that it is there is for the settling to find, once."""
    account = ACCOUNTS[vendor]
    async with stage(tmp_path, auto_review=False) as s:
        await s.say(f"sync {account} adopt")
        before = await states(s)
        s.sandbox.faults.next(vendor, Fault.RESET_AFTER, CREATE[vendor])
        await s.say(f"sign submit {account} 速达物流 source=company")
        assert (await states(s))["速达物流"] is State.UNKNOWN
        shown = await s.say(f"sync {account}")
        assert "Left to what is on its way here under the same name:\n• signature 速达物流" in shown
        assert "Nothing to adopt" in await s.say(f"sync {account} adopt")
        (ref,) = (one.ref for one in s.sandbox.accepted(vendor) if one.name == "速达物流")
        assert "may be what is on its way from here" in await s.say(f"sync {account} adopt id={ref}")
        await s.pass_time(timedelta(minutes=5))
        assert await states(s) == {**before, "速达物流": State.IN_REVIEW}


async def test_where_there_is_no_list_one_is_adopted_by_its_id(tmp_path: Path) -> None:
    async with stage(tmp_path, auto_review=False) as s:
        refs = [await in_console(s, "ucloud", kind, name) for kind, name in _NAMES]
        shown = await s.say("sync ucloud")
        assert "ucloud does not list signatures or templates: say the id of one, `sync ucloud adopt id=…`" in shown
        for number, (ref, (_, name)) in enumerate(zip(refs, _NAMES, strict=True), start=1):
            assert f"is in the record now: #{number}" in await s.say(f"sync ucloud adopt id={ref}")
            request = await s.request(number)
            assert (request.name, request.vendor_ref, request.state) == (name, ref, State.IN_REVIEW)
            again = await s.say(f"sync ucloud adopt id={ref}\u200b")
            assert f"in the record already: #{number} {name}" in again
        assert "ucloud has nothing under the id `UTA0`" in await s.say("sync ucloud adopt id=UTA0")
        s.sandbox.approve("ucloud", refs[1])
        assert "登录验证码 approved by ucloud" in await s.pass_time(timedelta(hours=2))
        assert "您的验证码是${v1}" in await s.say("show #2")


_NAMES = ((Kind.SIGNATURE, "速达快运"), (Kind.TEMPLATE, "登录验证码"))


@AT_EACH
async def test_a_vendor_that_does_not_answer_changes_nothing(tmp_path: Path, vendor: Vendor) -> None:
    account = ACCOUNTS[vendor]
    async with stage(tmp_path, auto_review=False) as s:
        s.sandbox.faults.next(vendor, Fault.HTTP_500, LIST[vendor], times=OFTEN)
        assert f"{account} did not answer" in await s.say(f"sync {account}")
        assert f"Nothing of {account} was adopted" in await s.say(f"sync {account} adopt")
        every = await s.say("sync")
        assert f"{account} did not answer" in every
        assert every.count("There, and unknown here:") == 2  # of the two others
        assert await states(s) == {}


async def test_what_was_cut_short_goes_on_where_it_was(tmp_path: Path) -> None:
    """A vendor that stops answering in the middle of an adoption: what it told is kept, the rest is said to be left."""
    async with stage(tmp_path, auto_review=False) as s:
        for kind, name in _NAMES:
            await in_console(s, "alibaba", kind, name)
        s.sandbox.faults.next("alibaba", Fault.HTTP_500, "GetSmsTemplate", times=OFTEN)
        said = await s.say("sync aliyun adopt")
        assert "aliyun did not answer for the rest" in said
        assert "are left to adopt" in said
        assert "速达快运" in await states(s)
        assert "登录验证码" not in await states(s)
        s.sandbox.faults.clear()
        await s.say("sync aliyun adopt")
        assert {"速达快运", "登录验证码"} <= (await states(s)).keys()
        assert "Nothing to adopt" in await s.say("sync aliyun adopt")


async def test_what_is_old_does_not_count_as_new(tmp_path: Path) -> None:
    """What was rejected long ago waits for nobody because it is adopted today."""
    async with stage(tmp_path, auto_review=False) as s:
        old = await in_console(s, "tencent", Kind.SIGNATURE, "速达老签名")
        s.sandbox.reject("tencent", old, "不符合规范")
        await s.pass_time(timedelta(days=30), step=timedelta(days=30))
        new = await in_console(s, "tencent", Kind.SIGNATURE, "速达新签名")
        s.sandbox.reject("tencent", new, "不符合规范")
        await s.say("sync tencent adopt")
        said = await s.say("digest")
        assert "速达新签名" in said
        assert "速达老签名" not in said


async def test_in_chinese(tmp_path: Path) -> None:
    async with stage(tmp_path, language="zh", auto_review=False) as s:
        await s.bot.services.vendors["aliyun"].reviews.create(signature("速达快运"))
        await s.bot.services.vendors["aliyun"].reviews.create(template("登录验证码"))
        shown = await s.say("同步 阿里云")
        assert "签名 速达快运：审核中" in shown
        assert "下一步：`同步 aliyun 收录`" in shown
        assert "已收录 aliyun 的 6 项" in await s.say("同步 aliyun 收录")
        assert "签名 速达快运" in await s.say("状态")
        assert "收录" in await s.say("历史 #1")
