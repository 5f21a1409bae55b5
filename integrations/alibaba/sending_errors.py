"""What the older codes mean, most of them refusals of a message (facts 6.4; help/101346; the last of rules seen 1.18)."""

from collections.abc import Mapping
from types import MappingProxyType

from bot.contracts.errors import Trouble
from bot.contracts.model import Words

Meaning = tuple[Trouble, Words | None]

NOT_OPEN = Words(
    "The SMS service is not activated for this account. Its owner activates it in the console.",
    "该账号未开通短信服务。请账号负责人在控制台开通。",
)
BARRED = Words(
    "The account may not do this, for example because it is barred. Its owner asks the vendor's support.",
    "该账号被禁止执行此操作。请账号负责人联系平台客服。",
)
NO_SIGNATURE = Words(
    "The account has no approved signature of this name. Check the spelling with `sign list`.",
    "该账号下没有此名称且已通过的签名。请用 `签名 列表` 核对名称。",
)
NO_TEMPLATE = Words(
    "The account has no such template. Check it with `template list`.",
    "该账号下没有此模板。请用 `模板 列表` 核对。",
)
_MONEY = Words(
    "The account has too little money or is stopped for debt. Its owner tops it up; packages do not help against debt.",
    "账户余额不足或已欠费停机。请账号负责人充值；欠费时套餐包余量也无法使用。",
)
_TEXT = Words(
    "The text has a word or character that the vendor does not allow. Change the text.",
    "内容含有平台禁止的词语或字符。请修改内容。",
)
_VALUES = Words(
    "A value for a placeholder is missing, too long or not of its kind. Check the values.",
    "变量值缺失、过长或与变量属性不符。请检查变量值。",
)
_NUMBER = Words(
    "The vendor does not take this number. Write it as 11 digits, or as + with the country's code.",
    "平台不接受该号码。请填写 11 位手机号，或 + 加国家码的号码。",
)
_PROGRAM = Words(
    "The vendor does not take a value in this form; its message says which. Report it with the request id.",
    "平台不接受某个参数的格式，具体见平台说明。请附上请求 ID 反馈给维护人员。",
)

_I, _S, _L, _A = Trouble.INPUT, Trouble.STATE, Trouble.LIMIT, Trouble.ACCOUNT

MEANINGS: Mapping[str, Meaning] = MappingProxyType(
    {
        # Signature and template
        "isv.SMS_SIGNATURE_ILLEGAL": (_I, NO_SIGNATURE),
        "isv.SMS_SIGN_ILLEGAL": (_I, NO_SIGNATURE),
        "isv.SIGN_NAME_ILLEGAL": (_I, NO_SIGNATURE),
        "isv.SIGN_STATE_ILLEGAL": (
            _S,
            Words(
                "In its present state this signature cannot be used. See where it stands with `sign list`.",
                "该签名当前状态不允许使用。请用 `签名 列表` 查看其状态。",
            ),
        ),
        "isv.SIGN_SOURCE_ILLEGAL": (
            _S,
            Words(
                "The vendor takes no signature from this source any more. Submit one that names the company or a trademark.",
                "平台已不再支持该来源的签名。请提交以企业名称或商标命名的签名。",
            ),
        ),
        "isv.SMS_SIGNATURE_SCENE_ILLEGAL": (
            _I,
            Words(
                "The signature is for verification codes only, the template is not one. Use a signature with usage=general.",
                "签名的适用场景与模板类型不符（如验证码签名用于通知模板）。请使用通用签名（适用范围=通用）。",
            ),
        ),
        "isv.SMS_TEMPLATE_ILLEGAL": (_I, NO_TEMPLATE),
        "isv.SMS_TEST_NUMBER_LIMIT": (
            _I,
            Words(
                "The vendor's own test signature and template reach only numbers that are bound to them in its console. Bind "
                "the number there, or use an approved signature and template.",
                "平台的测试签名和测试模板只能发往控制台绑定的测试手机号。请先在控制台绑定该号码，或使用已通过的签名和模板。",
            ),
        ),
        # Values and text
        "isv.TEMPLATE_MISSING_PARAMETERS": (_I, _VALUES),
        "isv.TEMPLATE_PARAMS_ILLEGAL": (_I, _VALUES),
        "isv.INVALID_JSON_PARAM": (_I, _VALUES),
        "isv.PARAM_LENGTH_LIMIT": (
            _I,
            Words(
                "A value for a placeholder is too long: up to 35 characters, 4 to 6 in a verification code. Shorten it.",
                "变量值过长：通知类最多 35 个字符，验证码为 4～6 位。请缩短变量值。",
            ),
        ),
        "isv.PARAM_NOT_SUPPORT_URL": (
            _I,
            Words(
                "A value for a placeholder may not be a link. Put the link into the template's text.",
                "变量值不能是链接。请把链接写入模板内容。",
            ),
        ),
        "isv.SMS_CONTENT_ILLEGAL": (_I, _TEXT),
        "isv.UNSUPPORTED_CONTENT": (_I, _TEXT),
        "isv.BLACK_KEY_CONTROL_LIMIT": (_I, _TEXT),
        "isv.SMS_CONTENT_MISMATCH_TEMPLATE_TYPE": (
            _I,
            Words(
                "The text does not fit its type. Change `type` or the text.",
                "内容与模板类型不符。请修改 `类型` 或内容。",
            ),
        ),
        # Numbers
        "isv.MOBILE_NUMBER_ILLEGAL": (_I, _NUMBER),
        "isv.MOBILE_COUNT_OVER_LIMIT": (
            _I,
            Words("Too many numbers in one call. Send to fewer.", "单次号码过多。请减少号码数量。"),
        ),
        "isv.DOMESTIC_NUMBER_NOT_SUPPORTED": (
            _I,
            Words(
                "An international template does not go to mainland numbers. Use a mainland template for this number.",
                "国际/港澳台模板不能发往中国内地号码。请为该号码使用国内模板。",
            ),
        ),
        "isv.CUSTOMER_REFUSED": (
            _S,
            Words(
                "The number's owner opted out of these messages. Send to another number.",
                "该号码的机主已退订。请换一个号码。",
            ),
        ),
        # Too often, too much
        "isv.BUSINESS_LIMIT_CONTROL": (
            _L,
            Words(
                "Too often for this number or account. Wait, then try again.", "该号码或账号操作过于频繁。请稍后再试。"
            ),
        ),
        "isv.DAY_LIMIT_CONTROL": (
            _L,
            Words(
                "The account's own daily cap is reached. Wait until tomorrow, or raise the cap in the console.",
                "已达账号设置的日发送上限。请明日再试，或在控制台提高上限。",
            ),
        ),
        "isv.MONTH_LIMIT_CONTROL": (
            _L,
            Words(
                "The account's own monthly cap is reached. Raise the cap in the console.",
                "已达账号设置的月发送上限。请在控制台提高上限。",
            ),
        ),
        # The account
        "isv.AMOUNT_NOT_ENOUGH": (Trouble.EMPTY, _MONEY),
        "isv.OUT_OF_SERVICE": (Trouble.EMPTY, _MONEY),
        "isv.PRODUCT_UN_SUBSCRIPT": (_A, NOT_OPEN),
        "isv.PRODUCT_UNSUBSCRIBE": (_A, NOT_OPEN),
        "isv.ACCOUNT_NOT_EXISTS": (_A, BARRED),
        "isv.ACCOUNT_ABNORMAL": (_A, BARRED),
        "isv.DENY_IP_RANGE": (
            Trouble.PERMISSION,
            Words(
                "The vendor does not take calls from this address, which is outside the mainland. The operator moves the bot.",
                "平台拒绝来自境外地址的调用。请运维人员将机器人部署到中国内地。",
            ),
        ),
        # The call itself
        "isv.EXTEND_CODE_ERROR": (_I, _PROGRAM),
        "isv.INVALID_PARAMETERS": (_I, _PROGRAM),
    }
)
"""Code → whose business it is, and what to do now."""
