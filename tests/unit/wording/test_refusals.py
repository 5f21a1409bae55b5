"""Why a vendor did not answer, in words: the true cause and no other, whatever it was."""

import httpx
import pytest

from bot.contracts.errors import AnswerLost, NoAnswer, Unavailable, VendorError
from bot.wording.refusals import lost, out_of_reach
from integrations.http import exchange
from tests.reading import CHINESE, ENGLISH, line

LOST = {
    NoAnswer.TIMEOUT: ("did not answer in time", "未在规定时间内答复"),
    NoAnswer.RESET: ("the connection broke", "连接中断"),
    NoAnswer.GARBAGE: ("something that cannot be read", "无法识别"),
    NoAnswer.RESTART: ("I was restarted", "我重启了"),
    NoAnswer.OWN_FAULT: ("a fault of my own", "我自身出错"),
    "HTTP 500": ("answered with a fault: `HTTP 500`", "返回了错误：`HTTP 500`"),
    "HTTP 502": ("answered with a fault: `HTTP 502`", "返回了错误：`HTTP 502`"),
    "HTTP 503": ("answered with a fault: `HTTP 503`", "返回了错误：`HTTP 503`"),
    "HTTP 302": ("what answered with `HTTP 302` is not aliyun", "返回 `HTTP 302` 的不是 aliyun"),
    "HTTP 407": ("what answered with `HTTP 407` is not aliyun", "返回 `HTTP 407` 的不是 aliyun"),
    "InternalError": ("answered with a fault: `InternalError`", "返回了错误：`InternalError`"),
    "": ("no answer came", "没有收到能说明结果的答复"),
}
"""What a call ended with → what its sentence has, and no other sentence of these."""


@pytest.mark.parametrize("code", LOST)
def test_a_lost_answer_is_told_with_its_own_cause(code: str) -> None:
    for language, position in ((ENGLISH, 0), (CHINESE, 1)):
        said = line(lost(language, "aliyun", code))
        assert {other for other, causes in LOST.items() if causes[position] in said} == {code}


NOT_THEIRS = (
    "What answered with {code} is not aliyun: the operator looks at the address in the configuration, and at what stands "
    "in between."
)
OUT_OF_REACH = {
    NoAnswer.UNREACHED: ("There is no connection to aliyun right now.", "目前无法连接 aliyun。"),
    NoAnswer.TIMEOUT: ("aliyun did not answer in time.", "aliyun 未在规定时间内答复。"),
    NoAnswer.RESET: ("The connection broke before aliyun had answered.", "在 aliyun 答复之前连接中断。"),
    NoAnswer.GARBAGE: ("aliyun answered with something that cannot be read.", "aliyun 的答复无法识别。"),
    "HTTP 503": ("aliyun has a fault of its own right now (HTTP 503).", "aliyun 目前自身故障（HTTP 503）。"),
    "HTTP 403": ("aliyun answered with HTTP 403 and gave no reason.", "aliyun 返回了 HTTP 403，没有说明原因。"),
    **{
        code: (
            NOT_THEIRS.format(code=code),
            f"返回 {code} 的不是 aliyun：请运维人员检查配置中的地址和中间的网络设备。",
        )
        for code in ("HTTP 301", "HTTP 302", "HTTP 308", "HTTP 401", "HTTP 404", "HTTP 405", "HTTP 407", "HTTP 511")
    },
    "HTTP 413": (
        "aliyun takes nothing of this size (HTTP 413): choose smaller papers.",
        "aliyun 不接受这么大的内容（HTTP 413）：请选择较小的证明文件。",
    ),
    "isv.SIGN_NAME_ILLEGAL": ("", ""),
}


@pytest.mark.parametrize("code", OUT_OF_REACH)
def test_a_vendor_that_said_nothing_of_its_own(code: str) -> None:
    assert (out_of_reach(ENGLISH, "aliyun", code), out_of_reach(CHINESE, "aliyun", code)) == OUT_OF_REACH[code]


BROKEN: dict[type[httpx.HTTPError], tuple[type[VendorError], NoAnswer]] = {
    httpx.ConnectError: (Unavailable, NoAnswer.UNREACHED),
    httpx.ConnectTimeout: (Unavailable, NoAnswer.UNREACHED),
    httpx.PoolTimeout: (Unavailable, NoAnswer.UNREACHED),
    httpx.ReadTimeout: (AnswerLost, NoAnswer.TIMEOUT),
    httpx.WriteTimeout: (AnswerLost, NoAnswer.TIMEOUT),
    httpx.ReadError: (AnswerLost, NoAnswer.RESET),
    httpx.WriteError: (AnswerLost, NoAnswer.RESET),
    httpx.CloseError: (AnswerLost, NoAnswer.RESET),
    httpx.RemoteProtocolError: (AnswerLost, NoAnswer.RESET),
    httpx.DecodingError: (AnswerLost, NoAnswer.GARBAGE),
}


@pytest.mark.parametrize("error", BROKEN)
async def test_each_way_an_exchange_breaks_has_its_cause(error: type[httpx.HTTPError]) -> None:
    def breaks(request: httpx.Request) -> httpx.Response:
        raise error("broken")

    kind, code = BROKEN[error]
    async with httpx.AsyncClient(transport=httpx.MockTransport(breaks)) as http:
        with pytest.raises(kind) as caught:
            await exchange(http, http.build_request("POST", "https://vendor.example/"))
    assert caught.value.code == code
