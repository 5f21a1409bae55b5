"""The sandbox's reviewers: what passes and what does not, by the published rules."""

import pytest

from integrations.sandbox import reviewers

GOOD = "您的验证码为${code}，5分钟内有效，用于登录速达科技。"


def alibaba(
    content: str,
    template_type: int = 1,
    rule: dict[str, str] | None = None,
    *,
    traffic_declared: bool = False,
    more_data: bool = True,
) -> str | None:
    return reviewers.alibaba_template(
        content, template_type, rule or {}, traffic_declared=traffic_declared, more_data=more_data
    )


@pytest.mark.parametrize("name", ["速达科技", "启明书店", "速达", "SudaExpress", "8号仓"])
def test_names_that_alibaba_approves(name):
    assert reviewers.alibaba_signature(name) is None


@pytest.mark.parametrize(
    ("name", "word"), [("速达测试", "测试"), ("TestSuda", "test"), ("告警通知", "中性"), ("验证码", "中性")]
)
def test_names_that_alibaba_rejects(name, word):
    assert word in (reviewers.alibaba_signature(name) or "")


@pytest.mark.parametrize(
    ("content", "template_type"),
    [
        (GOOD, 0),
        ("您的订单${order_no}已发货，预计${date}送达，请留意。", 1),
        ("新品上市，到店即享优惠，拒收请回复R", 2),
        ("新品上市，到店即享优惠，拒收请回复R。", 2),
        ("Your code is ${code}, visit https://example.com", 3),
    ],
)
def test_texts_that_alibaba_approves(content, template_type):
    assert alibaba(content, template_type) is None


@pytest.mark.parametrize(
    ("content", "template_type", "word"),
    [
        ("您的编码为${code}。", 0, "验证码"),
        ("验证码${code}，见 https://example.com", 0, "链接"),
        ("订单${a}${b}已发货", 1, "连续"),
        ("${a}", 1, "只有变量"),
        ("${a}，${b}。", 1, "只有变量"),
        ("订单★已发货", 1, "特殊符号"),
        ("订单已发货😀", 1, "特殊符号"),
        ("查看 https://${url}", 1, "整个链接"),
        ("请致电13900000000", 1, "手机号码"),
        ("全场优惠，欢迎选购", 1, "营销"),
        ("新品上市", 2, "退订"),
        ("查看 www.example.com", 1, "引流"),
        ("您的贷款已逾期", 1, "运营商"),
    ],
)
def test_texts_that_alibaba_rejects(content, template_type, word):
    assert word in (alibaba(content, template_type) or "")


def test_alibaba_wants_a_verification_kind_traffic_and_consent():
    assert "属性" in (alibaba(GOOD, 0, {"code": "others"}) or "")
    assert alibaba(GOOD, 0, {"code": "numberCaptcha"}) is None
    assert alibaba("查看 www.example.com", 1, traffic_declared=True) is None
    assert "证明材料" in (alibaba("新品上市，拒收请回复R", 2, more_data=False) or "")


@pytest.mark.parametrize(
    ("name", "sign_type", "document_type", "international", "word"),
    [
        ("速达科技", 0, 1, False, None),
        ("速达优选", 4, 7, False, None),
        ("SudaExpress", 1, 4, True, None),
        ("速达", 0, 0, False, "主体"),
        ("会议通知", 0, 0, False, "主体"),
        ("12345", 0, 0, False, "主体"),
        ("测试签名", 0, 0, False, "测试"),
        ("速达科技", 0, 7, False, "证明类型"),
        ("速达到家", 1, 0, False, "停止受理"),
    ],
)
def test_names_at_tencent(name, sign_type, document_type, international, word):
    found = reviewers.tencent_signature(name, sign_type, document_type, international=international)
    assert found is None if word is None else word in (found or "")


@pytest.mark.parametrize(
    ("content", "sms_type", "international", "word"),
    [
        ("您的验证码是{1}，{2}分钟内有效。", 3, False, None),
        ("Your code is {1}.", 3, True, None),
        ("Your number is {1}.", 3, True, "code"),
        ("请尽快参加{1}会议", 2, False, None),
        ("详见 https://example.com/{1}", 2, False, "链接"),
        ("详见 https://example.com/a，单号{1}", 2, False, None),
        ("号码186{1}1234", 2, False, "链接"),
        ("新品上市，欢迎选购，拒收请回复R", 1, False, None),
    ],
)
def test_texts_at_tencent(content, sms_type, international, word):
    found = reviewers.tencent_template(content, sms_type, international=international)
    assert found is None if word is None else word in (found or "")


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("优刻得科技股份有限公司", None),
        ("优刻得", "唯一"),
        ("优刻得股份", "连续"),
        ("优刻得科技", None),
        ("别家公司名", None),
    ],
)
def test_the_vendors_own_example_of_short_forms_at_ucloud(name, word):
    found = reviewers.ucloud_signature(name, 0, "优刻得科技股份有限公司")
    assert found is None if word is None else word in (found or "")


@pytest.mark.parametrize(
    ("content", "purpose", "word"),
    [
        ("您的动态码是{1}。", 1, None),
        ("您的订单{1}已发货，详见 www.example.com", 2, None),
        ("请致电13900000000", 2, "手机号码"),
        ("代开发票，欢迎致电", 2, "运营商"),
    ],
)
def test_texts_at_ucloud(content, purpose, word):
    found = reviewers.ucloud_template(content, "模板一", purpose)
    assert found is None if word is None else word in (found or "")
