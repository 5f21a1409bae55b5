"""Digital signatures at Alibaba: filed with each carrier, with what is said of persons kept nowhere."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.contracts.model import State
from integrations.sandbox import Fault
from tests.acceptance.dialogue import without_defaults
from tests.stage import Stage, stage

ORDER = "CreateDigitalSignOrder"
SAY = (
    "sign submit aliyun 速达优选 digital=true source=company qualification=8563 company=速达科技有限公司 "
    "credit_code=91330106MA2SANDBX1 industry=retail legal_name=李明 legal_id=110101198001011239 "
    "handler_name=王芳芳 handler_id=11010119900307781X"
)
PRIVATE = ("王芳芳", "11010119900307781X", "110101198001011239")


def nowhere(folder: Path, s: Stage) -> None:
    """What is said of persons stands neither in the record nor in what was said."""
    kept = b"".join(path.read_bytes() for path in folder.rglob("signpost.db*"))
    assert not [one for one in PRIVATE if one.encode() in kept or one in s.read(0)]


async def test_from_the_order_to_a_template_and_gone(tmp_path: Path) -> None:
    async with stage(tmp_path, change=without_defaults, auto_review=False) as s:
        said = await s.say(SAY)
        assert "#1 digital signature 速达优选 at aliyun: in review" in said
        made = s.sandbox.accepted("alibaba", "signature")[0]
        assert (await s.request(1)).vendor_ref == made.ref

        s.sandbox.approve("alibaba", made.ref)
        s.sandbox.file(made.ref, "unicom", 0, "", "资质不符")
        s.sandbox.file(made.ref, "mobile", 3)
        told = await s.pass_time(timedelta(minutes=20))
        assert "#1 digital signature 速达优选 approved by aliyun" in told
        assert "China Unicom: failed (资质不符)" in told
        assert "template submit aliyun … type=digital" in told
        for carrier in ("unicom", "telecom"):
            s.sandbox.file(made.ref, carrier, 3)  # type: ignore[arg-type]
        assert "#1 digital signature 速达优选 at aliyun is ready" in await s.pass_time(timedelta(hours=4))

        edited = await s.say("edit #1 industry=general " + SAY.partition("industry=retail ")[2])
        assert "❌" not in edited
        assert (await s.request(1)).state is State.IN_REVIEW
        s.sandbox.approve("alibaba", made.ref)
        for carrier in ("mobile", "unicom", "telecom"):
            s.sandbox.file(made.ref, carrier, 3)  # type: ignore[arg-type]
        await s.pass_time(timedelta(hours=1))
        await s.say("delete #1 confirm")
        await s.work()
        assert (await s.request(1)).state is State.DELETED
        assert s.calls("alibaba", ORDER) == 3
        nowhere(tmp_path, s)


async def test_the_text_signature_of_the_same_name_is_another_thing(tmp_path: Path) -> None:
    async with stage(tmp_path, change=without_defaults) as s:
        await s.say("sign submit aliyun 速达优选 source=company qualification=8563 remark=通知")
        assert "digital signature 速达优选 at aliyun: in review" in await s.say(SAY)
        await s.pass_time(timedelta(hours=9))
        assert [(await s.request(number)).state for number in (1, 2)] == [State.READY, State.READY]
        assert (await s.request(1)).vendor_ref == "速达优选"


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (("速达优选", "Suda"), "letters alone"),
        (("速达优选", "一二三四五六七八九十一二三四五六七"), "at most 16 characters"),
        (("legal_id=110101198001011239", "legal_id=12345"), "the 18 characters of a mainland identity card"),
        (("source=company", "source=trademark"), "trademark"),
        (("handler_name=王芳芳 ", ""), "handler_name"),
        ((" aliyun ", " tencent "), "A digital signature cannot be submitted through me there."),
    ],
    ids=["letters", "length", "card", "source", "missing", "elsewhere"],
)
async def test_what_does_not_fit_is_said_and_nothing_is_sent(tmp_path: Path, change: tuple[str, str], why: str) -> None:
    async with stage(tmp_path, change=without_defaults) as s:
        assert why in " ".join((await s.say(SAY.replace(*change))).split())
        assert not s.calls("alibaba", ORDER)
        nowhere(tmp_path, s)


@pytest.mark.parametrize(("fault", "taken"), [(Fault.RESET_AFTER, True), (Fault.RESET_BEFORE, False)])
async def test_an_answer_that_is_lost_is_looked_for_by_name(tmp_path: Path, fault: Fault, taken: bool) -> None:
    async with stage(tmp_path, change=without_defaults, auto_review=False) as s:
        s.sandbox.faults.next("alibaba", fault, ORDER)
        await s.say(SAY)
        await s.pass_time(timedelta(minutes=5), step=timedelta(seconds=20))
        assert (await s.request(1)).state is (State.IN_REVIEW if taken else State.FAILED)
        assert s.calls("alibaba", ORDER) == 1
