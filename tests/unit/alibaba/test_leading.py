"""Whose the links and numbers in a text are: found in it, complete, and on the wire as the facts have it."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.contracts.model import Kind, Paper, Submission
from integrations.alibaba.config import Unconfirmed
from integrations.alibaba.leading import DOMAIN, items, led, problem
from integrations.alibaba.templates import create_template

OWNER = {"link_owner": "速达科技有限公司", "link_owner_code": "91330106MA2SANDBX1", "link_icp": "浙ICP备12345678号"}
PICTURE = {"link_paper": (Paper("icp.png", b"\x89PNG", "image/png"),)}

TEXTS = (
    ("您的验证码是${code}，5分钟内有效。", ()),
    ("订单已发货，点击 https://suda.example/o/1 查看。", ((DOMAIN, "https://suda.example/o/1", ""),)),
    (
        "请到 suda.example 查看，客服电话400-123-4567。",
        ((DOMAIN, "suda.example", ""), ("400_PHONE", "400-123-4567", "")),
    ),
    ("查看 https://suda.example/t/${no} 的进度", ((DOMAIN, "https://suda.example/t/${no}", "no"),)),
    ("致电0571-88886666或95588", (("FIXED_PHONE", "0571-88886666", ""), ("95_PHONE", "95588", ""))),
    ("投诉请拨打12315", (("1_PHONE", "12315", ""),)),
    ("余额100元，96000元以内免费，共1000条", ()),
    ("请联系13812345678", ()),  # a mobile number is not accepted there
    ("8001234567 与 800-123-4567", (("800_PHONE", "8001234567", ""), ("800_PHONE", "800-123-4567", ""))),
    ("https://a.example 和 https://a.example", ((DOMAIN, "https://a.example", ""),)),
)


@pytest.mark.parametrize(("text", "found"), TEXTS)
def test_what_a_text_leads_to(text: str, found: tuple[tuple[str, str, str], ...]) -> None:
    assert tuple((one.type, one.content, one.variable) for one in led(text)) == found


@given(st.text(max_size=120))
def test_whatever_is_found_stands_in_the_text_once(text: str) -> None:
    found = led(text)
    assert len(set(found)) == len(found)
    assert all(one.content in text for one in found)


def template(content: str, **changes: object) -> Submission:
    values = {"type": "notice", "content": content, "sign": "速达科技", **OWNER}
    papers = changes.pop("papers", PICTURE)
    return Submission(Kind.TEMPLATE, "物流", {**values, **changes}, papers)  # type: ignore[arg-type, dict-item]


@pytest.mark.parametrize(
    ("submission", "why"),
    [
        (template("请到 suda.example 查看"), ""),
        (template("请到 suda.example 查看", papers={}), "LinkIncomplete"),
        (template("请到 suda.example 查看", link_icp=""), "LinkIncomplete"),
        (template("客服电话400-123-4567", link_icp="", papers={}), ""),  # a number has no filing
        (template("您的订单已发货"), "NothingLed"),
        (template("请到 suda.example 查看", link_owner=""), ""),  # nobody said anything of it
    ],
)
def test_what_is_missing_is_said_before_anything_is_sent(submission: Submission, why: str) -> None:
    assert problem(submission) == why


def test_on_the_wire() -> None:
    submission = template("请到 suda.example/${path} 查看，客服电话400-123-4567", link_reason="母公司网站")
    told = create_template(submission, papers=(), unconfirmed=Unconfirmed(), leads=items(submission, "123456/icp.png"))
    assert json.loads(told["TrafficDriving"]) == [
        {
            "trafficDrivingType": "DOMAIN",
            "trafficDrivingContent": "suda.example/${path}",
            "companyName": "速达科技有限公司",
            "organizationCode": "91330106MA2SANDBX1",
            "variableName": "path",
            "icpNo": "浙ICP备12345678号",
            "icpPicOssKey": "123456/icp.png",
            "companyDifferentFromSignQuaReason": "母公司网站",
        },
        {
            "trafficDrivingType": "400_PHONE",
            "trafficDrivingContent": "400-123-4567",
            "companyName": "速达科技有限公司",
            "organizationCode": "91330106MA2SANDBX1",
            "companyDifferentFromSignQuaReason": "母公司网站",
        },
    ]
    assert "TrafficDriving" not in create_template(
        template("您的订单已发货", link_owner=""), papers=(), unconfirmed=Unconfirmed()
    )
