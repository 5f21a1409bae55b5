"""The figures of a program at work: what the record says, and what was called."""

from datetime import timedelta
from pathlib import Path

from prometheus_client.parser import text_string_to_metric_families

from integrations.sandbox import Fault
from tests.acceptance.test_faults import CREATE, OFTEN
from tests.stage import Stage, stage


async def figures(s: Stage) -> dict[tuple[str, ...], float]:
    """Name and labels' values → value."""
    text = (await s.bot.metrics.text()).decode()
    found = [sample for family in text_string_to_metric_families(text) for sample in family.samples]
    return {(one.name, *one.labels.values()): one.value for one in found if one.name.startswith("signpost_")}


async def test_they_follow_what_happens(tmp_path: Path) -> None:
    async with stage(tmp_path, auto_review=False, quota=600) as s:
        before = await figures(s)
        assert before["signpost_notices_due",] == before["signpost_outcomes_waiting",] == 0
        assert not any(name == "signpost_requests_open" for name, *_ in before)

        await s.say("sign submit aliyun,tencent 速达物流 source=company")
        s.sandbox.faults.next("ucloud", Fault.RESET_AFTER, CREATE["ucloud"])
        s.sandbox.faults.next("ucloud", Fault.HTTP_500, "QueryUSMSSignature", times=OFTEN)
        await s.say("sign submit ucloud 速达物流 source=company")
        after = await figures(s)
        assert after["signpost_requests_open", "aliyun", "signature", "in_review"] == 1
        assert after["signpost_requests_open", "ucloud", "signature", "unknown"] == 1
        assert after["signpost_vendor_calls_total", "ucloud", "change", "lost"] == 1
        assert after["signpost_vendor_calls_total", "aliyun", "change", "answered"] == 1
        assert after["signpost_notices_total", "sent"] > before["signpost_notices_total", "sent"]

        s.sandbox.drain("alibaba", 10_000_000)
        await s.pass_time(timedelta(minutes=20))
        silent = await figures(s)
        assert silent["signpost_failing", "vendor:ucloud"] == 1
        assert sum(value for key, value in silent.items() if key[:2] == ("signpost_alerts_open", "aliyun")) == 1
        assert silent["signpost_vendor_calls_total", "ucloud", "read", "unavailable"] > 1
        assert ("signpost_left", "aliyun") in {key[:2] for key in silent}
        s.sandbox.faults.clear()


async def test_nothing_that_somebody_wrote_is_among_them(tmp_path: Path) -> None:
    async with stage(tmp_path, auto_review=False) as s:
        await s.say("sign submit aliyun 埋名物流 source=company remark=埋名的说明")
        s.sandbox.reject("alibaba", "埋名物流", "埋名的理由")
        await s.pass_time(timedelta(hours=1))
        text = (await s.bot.metrics.text()).decode()
        assert "埋名" not in text
        assert "submitter" not in text
