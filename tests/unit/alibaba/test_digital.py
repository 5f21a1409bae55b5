"""Digital messages on the wire: what is written, and what the carriers' words mean."""

import base64
from dataclasses import replace
from urllib.parse import parse_qsl

import pytest

from bot.contracts.errors import Refused
from bot.contracts.model import Kind, Paper, State, Submission
from bot.contracts.vendor import Seen, Tracked
from integrations.alibaba import digital, templates
from integrations.alibaba.config import Unconfirmed
from integrations.sandbox.server import Sandbox
from tests.made_files import png
from tests.unit.alibaba.made import alibaba

AS_READ = Unconfirmed()
PICTURE = Paper("海报 1.png", png(), "image/png")
CARRIERS = ("MOBILE_VENDOR", "UNICOM_VENDOR", "TELECOM_VENDOR")


def test_files_and_words_are_written_in_order_each_with_its_size() -> None:
    submission = Submission(
        Kind.TEMPLATE,
        "新品上市",
        {
            "type": "digital",
            "sign": "速达科技",
            "content": "您好，${name}\n(1)\n拒收请回复R",
            "remark": "会员通知",
            "sample.name": "张三",
        },
        {"media": (PICTURE,)},
    )
    told, files = digital.create_template(submission, AS_READ)
    assert told == {
        "TemplateName": "新品上市",
        "SignName": "速达科技",
        "Remark": "会员通知\n示例：【速达科技】您好，张三\n(1)\n拒收请回复R",
    }
    parts = [
        tuple(files[f"TemplateContents.{number}.File{key}"] for key in ("Name", "Suffix", "Size", "Contents"))
        for number in (1, 2, 3)
    ]
    assert len(files) == 12
    assert [one[:3] for one in parts] == [("01", "txt", "16"), ("02", "png", str(len(png()))), ("03", "txt", "16")]
    assert [base64.b64decode(one[3]) for one in parts] == ["您好，${name}".encode(), png(), "拒收请回复R".encode()]


def test_the_form_is_what_every_server_reads() -> None:
    picture = replace(PICTURE, content=bytes(range(256)) * 7)
    submission = Submission(Kind.TEMPLATE, "新品上市", {"type": "digital", "content": "字"}, {"media": (picture,)})
    _, files = digital.create_template(submission, AS_READ)
    assert set("+/=") <= set("".join(files.values()))
    assert dict(parse_qsl(digital.form(files).decode(), strict_parsing=True)) == files


@pytest.mark.parametrize(
    ("statuses", "state", "said"),
    [
        (("3", "3", "3"), State.READY, ("done", "done", "done")),
        (("3", "-1", "-2"), State.APPROVED, ("done", "waiting", "missing")),
        (("-1", "-1", "-2"), State.IN_REVIEW, ("waiting", "waiting", "missing")),
        (("0", "-1", "-1"), State.IN_REVIEW, ("failed", "waiting", "waiting")),
        (("0", "0", "0"), State.REJECTED, ("failed", "failed", "failed")),
        (("3", "0", "99"), State.APPROVED, ("done", "failed", "waiting")),
    ],
)
def test_a_signature_stands_where_its_carriers_say(
    statuses: tuple[str, ...], state: State, said: tuple[str, ...]
) -> None:
    carriers = dict(zip(("mobile", "unicom", "telecom"), statuses, strict=True))
    data = {f"{carrier}RegisterStatus": int(status) for carrier, status in carriers.items()}
    found = digital.Found.model_validate(
        {
            "Data": {
                "signId": 7,
                "signName": "速达科技",
                "gmtCreate": 1700000000000,
                "registerStatueReason": "资质不符",
                **data,
            }
        }
    )
    seen = digital.seen_signature(found.Data, "速达科技")
    assert (seen.ref, seen.name, seen.state) == ("7", "速达科技", state)
    assert tuple(one.status for one in seen.filings) == said
    assert seen.reason == ("资质不符" if state is State.REJECTED else "")
    assert {one.reason for one in seen.filings if one.status == "failed"} <= {"资质不符"}


@pytest.mark.parametrize("data", [{}, None, [], {"signId": None}])
def test_a_name_that_is_not_known_has_no_data(data: object) -> None:
    assert digital.Found.model_validate({"Data": data}).Data.signId == ""


@pytest.mark.parametrize(
    ("status", "carriers", "state", "said"),
    [
        ("0", (0, 0, 0), State.IN_REVIEW, ()),
        ("1", (0, 0, 0), State.APPROVED, ("waiting", "waiting", "waiting")),
        ("1", (1, "2", 15), State.APPROVED, ("done", "failed", "lapsed")),
        ("1", (1, 1, 1), State.READY, ("done", "done", "done")),
        ("1", (1, 1, 7), State.APPROVED, ("done", "done", "waiting")),
        ("1", (), State.READY, ()),
        ("2", (2, 2, 2), State.REJECTED, ()),
        ("10", (0, 0, 0), State.WITHDRAWN, ()),
        ("8", (1, 1, 1), None, ("done", "done", "done")),
    ],
)
def test_a_template_waits_for_its_carriers(
    status: str, carriers: tuple[object, ...], state: State | None, said: tuple[str, ...]
) -> None:
    answer = templates.Template.model_validate(
        {
            "TemplateCode": "DIGITAL_SMS_1",
            "TemplateStatus": status,
            "VendorAuditStatus": dict(zip(CARRIERS, carriers, strict=False)) if carriers else None,
        }
    )
    seen = digital.seen_template(templates.seen_template(answer, "DIGITAL_SMS_1", AS_READ), answer)
    assert seen.state is state
    assert tuple(one.status for one in seen.filings) == said


@pytest.mark.parametrize(
    ("code", "kind", "digital_"), [("DIGITAL_SMS_1", 7, True), ("DIGITAL_SMS_1", None, True), ("SMS_1", 0, False)]
)
def test_a_row_of_the_list_is_known_by_type_or_code(code: str, kind: int | None, digital_: bool) -> None:
    row = templates.ListedTemplate.model_validate({"TemplateCode": code, "TemplateType": kind})
    assert digital.is_one(row) is digital_


def rich(*contents: bytes) -> Submission:
    files = tuple(replace(PICTURE, content=content) for content in contents)
    values = {"type": "digital", "sign": "速达科技", "content": "新品上市。拒收请回复R", "remark": "会员通知"}
    return Submission(Kind.TEMPLATE, "新品上市", values, {"media": files})


@pytest.mark.parametrize("where", ["form", "query"])
async def test_the_files_go_where_the_operator_says(sandbox: Sandbox, where: str) -> None:
    vendor = alibaba(sandbox.alibaba.url, unconfirmed={"digital_files": where})
    large = rich(png(), bytes(1_900_000))
    if where == "query":
        with pytest.raises(Refused) as caught:
            await vendor.reviews.create(large)
        assert caught.value.code == "FilesForAddress"
    else:
        await vendor.reviews.create(large)
    accepted = await vendor.reviews.create(rich(png()))
    assert accepted.ref.startswith("DIGITAL_SMS_")
    (found,) = [one for one in await vendor.reviews.find(rich(png())) if one.ref == accepted.ref]
    assert found.state is State.IN_REVIEW
    tracked = Tracked(1, Kind.TEMPLATE, accepted.ref, "新品上市", digital=True)
    (seen,) = await vendor.reviews.look([tracked])
    assert isinstance(seen, Seen)
    assert (seen.state, seen.content) == (State.IN_REVIEW, "新品上市。拒收请回复R")
    await vendor.aclose()
