"""Go China: messages of the international site's accounts to the mainland, which its console alone takes reviews for (facts 7)."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from bot.contracts.fields import Field, FieldType, When
from bot.contracts.guide import Guide
from bot.contracts.hours import Hours
from bot.contracts.model import Kind, Words
from bot.contracts.variants import GO_CHINA
from bot.contracts.vendor import Capabilities, KindAbility, LookUp
from bot.contracts.vocabulary import CONTENT, LINK, NAME, REMARK, SOURCE, SOURCES, TYPE, TYPES

CONSOLE = "https://sms-intl.console.aliyun.com"
"""Where the international site's console begins; confirmed nowhere."""

_OPEN = Words(
    "Sign in to the international site with the enterprise account that sends to the mainland, and open Go China; "
    "it may not be offered to accounts that do not have it yet.",
    "用向中国内地发送的企业账号登录国际站控制台，进入 Go China；未开通过的账号可能无法使用。",
)
_KEYS = (GO_CHINA, "gochina", "go-china", "发往内地")
_PAGE = "alibabacloud.com help, Go China (facts 7)"

MARK = Field(
    key=GO_CHINA,
    label=Words("Go China", "Go China"),
    hint=Words("For the mainland, from an account of the international site.", "由国际站账号发往中国内地。"),
    type=FieldType.FLAG,
    aliases=_KEYS[1:],
    shown=When(GO_CHINA, ("true",)),  # nobody is asked: it is here for those who say it
    source=_PAGE,
)

FIELDS: Mapping[Kind, tuple[Field, ...]] = MappingProxyType(
    {
        Kind.SIGNATURE: (
            replace(
                NAME,
                hint=Words(
                    "2 to 12 characters, no traditional Chinese; carriers often block English-only names.",
                    "2～12 个字，不用繁体字；纯英文签名常被运营商拦截。",
                ),
                min_length=2,
                max_length=12,
                source=_PAGE,
            ),
            replace(
                SOURCE,
                hint=Words("What the name is the name of.", "签名是什么的名称。"),
                choices=(SOURCES["company"], SOURCES["app"], SOURCES["website"]),
                source=_PAGE,
            ),
            replace(LINK, required=When("source", ("website",)), source=_PAGE),
            replace(
                REMARK,
                hint=Words(
                    "The website, the domain with its ICP record, or the app's link.", "网站、已备案域名或应用链接。"
                ),
                source=_PAGE,
            ),
            MARK,
        ),
        Kind.TEMPLATE: (
            replace(NAME, hint=Words("For your own lists.", "供自己辨认。"), max_length=30),
            replace(TYPE, choices=(TYPES["otp"], TYPES["notice"], TYPES["promo"]), source=_PAGE),
            replace(CONTENT, max_length=500, source=_PAGE),
            REMARK,
            MARK,
        ),
    }
)
"""What the console asks for, kept with the request, so that it is copied from there and test messages can be filled in."""

GUIDES = (
    Guide(
        key="go_china_signature",
        kind=Kind.SIGNATURE,
        title=Words("Go China signature", "Go China 签名"),
        steps=(
            _OPEN,
            Words(
                "Add a signature: 2 to 12 characters, no traditional Chinese; carriers often block English-only names.",
                "新增签名：2～12 个字，不用繁体字；纯英文签名常被运营商拦截。",
            ),
            Words(
                "Choose its source: enterprise, app (with its name and icon) or website (with its address).",
                "选择来源：企业、应用（名称与图标）或网站（网址）。",
            ),
            Words(
                "In the note, write the website, the domain with its ICP record, or the app's link; then submit.",
                "在备注中写明网站、已备案域名或应用链接，然后提交。",
            ),
        ),
        console=CONSOLE,
        told=Words("its id, where the console shows one", "编号（控制台有显示时）"),
        note=Words(
            "Once submitted it can be neither withdrawn nor changed, and what is deleted does not come back: read it "
            "through before.",
            "提交后不能撤回，签名不能修改，删除后无法恢复，请先核对。",
        ),
        source=_PAGE,
        fields=FIELDS[Kind.SIGNATURE],
        asked=_KEYS,
    ),
    Guide(
        key="go_china_template",
        kind=Kind.TEMPLATE,
        title=Words("Go China template", "Go China 模板"),
        steps=(
            _OPEN,
            Words("Add a template, choose its type, paste the text.", "新增模板，选择类型，粘贴模板内容。"),
            Words("Submit it and copy its code from the list.", "提交后从列表中复制模板 CODE。"),
        ),
        console=CONSOLE,
        told=Words("its template code", "模板 CODE"),
        note=Words("The review cannot be withdrawn: read it through before.", "审核不能撤回，请先核对。"),
        source=_PAGE,
        fields=FIELDS[Kind.TEMPLATE],
        asked=_KEYS,
    ),
)
"""What the international site's console takes and no operation of its API does."""


def international_site(hours: Hours) -> Capabilities:
    """What an account at the international site can do: its API sends and does nothing else (facts 7).

    Args:
        hours: of the reviewers.
    """
    in_console = KindAbility(
        create=False,
        look_up=LookUp.NOT_AT_ALL,
        instead=Words(
            "The international site takes signatures and templates of Go China in its console only; messages to other "
            "countries need none.",
            "国际站的 Go China 签名和模板只能在控制台办理；发往其他国家和地区的短信无需签名和模板。",
        ),
        console=CONSOLE,
    )
    none = replace(
        in_console,
        instead=Words(
            "The international site has no qualifications; the real-name verification of Go China is done in its console.",
            "国际站没有资质；Go China 的实名认证在控制台办理。",
        ),
    )
    return Capabilities(
        title=Words("Alibaba Cloud, international site", "阿里云国际站"),
        credentials=("access_key_id", "access_key_secret"),
        kinds=MappingProxyType({Kind.SIGNATURE: in_console, Kind.TEMPLATE: in_console, Kind.QUALIFICATION: none}),
        hours=hours,
        purchase=CONSOLE,
        guides=tuple(replace(one, key=one.kind.value, asked=()) for one in GUIDES),  # how it is done there
    )
