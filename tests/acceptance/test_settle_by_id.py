"""`settle #N id=…`: an id that a person gives is looked up at each vendor before it is believed."""

from pathlib import Path

from bot.contracts.model import State
from integrations.sandbox import Fault
from tests.acceptance.test_faults import ACCOUNTS, AT_EACH, CREATE, OFTEN, Vendor, state
from tests.stage import stage

WRONG_ID: dict[Vendor, str] = {"alibaba": "速达物流有限公司", "tencent": "9999999", "ucloud": "UTA20269999"}


@AT_EACH
async def test_an_id_that_a_person_gives_is_looked_up_before_it_is_believed(tmp_path: Path, vendor: Vendor) -> None:
    account = ACCOUNTS[vendor]
    async with stage(tmp_path, auto_review=False) as s:
        await s.say(f"sign submit {account} 速达快运 source=company")
        s.sandbox.faults.next(vendor, Fault.RESET_AFTER, CREATE[vendor])
        await s.say(f"sign submit {account} 速达物流 source=company")
        other, mine = (one.ref for one in s.sandbox.accepted(vendor))
        for typed in (WRONG_ID[vendor], WRONG_ID[vendor][:-1], "WRONG"):
            said = await s.say(f"settle #2 id={typed}")
            assert f"{account} has no signature under the id `{typed}`" in said
            assert "`settle #2 id=…` · `settle #2 resend`" in said
        assert "is not called 速达物流" in await s.say(f"settle #2 id={other}")
        s.sandbox.faults.next(vendor, Fault.HTTP_500, times=OFTEN)
        assert f"I cannot ask {account} now whether it has the id" in await s.say(f"settle #2 id={mine}")
        assert await state(s, 2) is State.UNKNOWN
        s.sandbox.faults.clear()
        await s.say(f"settle #2 id={mine}")
        assert ((await s.request(2)).vendor_ref, await state(s, 2)) == (mine, State.IN_REVIEW)
