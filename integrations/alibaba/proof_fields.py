"""What a signature says of the trademark, or of the app's filing (ICP), that proves its name (facts 2.1, 2.6, 2.7)."""

from bot.contracts.fields import FILED, Field, FieldType, When
from bot.contracts.model import Words
from integrations.alibaba.digital_fields import TEXT_SIGN

_TRADEMARK = When("source", ("trademark",))
_APP = When("source", ("app",), also=TEXT_SIGN)

_PICTURES = ("image/jpeg", "image/png", "image/gif")
_PICTURE_BYTES = 5 * 1024 * 1024

_ENTERED = Words(
    "Alibaba Cloud enters the trademark with it; not needed with an id.", "阿里云录入商标时需要；填写 ID 时不需要。"
)
_FILED = Words(
    "Alibaba Cloud enters the app's filing with it; not needed with an id.",
    "阿里云录入 APP 备案时需要；填写 ID 时不需要。",
)
_OWNER = Words("Left out, the qualification's company is taken.", "不填则取资质中的公司名称。")

TRADEMARK_FIELDS = (
    Field(
        key="trademark",
        label=Words("Trademark", "商标"),
        hint=Words(
            "A picture of the trademark office's page, or the id of one that the vendor has; its owner must be the company.",
            "商标局查询页面截图，或平台上已有商标的 ID；商标所有人须与公司一致。",
        ),
        type=FieldType.FILE,
        aliases=("商标", "商标id", "商标编号"),
        required=_TRADEMARK,
        shown=_TRADEMARK,
        options="trademarks",
        or_id=True,
        media_types=_PICTURES,
        max_bytes=_PICTURE_BYTES,
        why=Words("Alibaba Cloud proves a trademark by its entry.", "阿里云以录入的商标信息核实签名。"),
        source="CreateSmsSign.TrademarkId, CreateSmsTrademark.TrademarkPic (facts 2.1, 2.6, 2.7)",
    ),
    Field(
        key="trademark_number",
        label=Words("Registration number", "商标注册号"),
        hint=Words("As the trademark office has it.", "商标局登记的注册号。"),
        aliases=("商标注册号", "注册号"),
        required=When("trademark", (FILED,)),
        shown=_TRADEMARK,
        max_length=15,
        pattern=r"[0-9A-Za-z]+",
        pattern_says=Words("letters and digits", "字母和数字"),
        why=_ENTERED,
        source="CreateSmsTrademark.TrademarkRegistrationNumber (facts 2.6)",
    ),
    Field(
        key="trademark_term",
        label=Words("Term of the trademark", "商标有效期"),
        hint=Words("As registered: 2020-01-01~2030-01-01.", "按注册信息填写：2020-01-01~2030-01-01。"),
        aliases=("商标有效期",),
        required=When("trademark", (FILED,)),
        shown=_TRADEMARK,
        max_length=21,
        pattern=r"\d{4}-\d{2}-\d{2}~\d{4}-\d{2}-\d{2}",
        pattern_says=Words("two dates such as 2020-01-01~2030-01-01", "两个日期，如 2020-01-01~2030-01-01"),
        why=_ENTERED,
        source="CreateSmsTrademark.TrademarkEffExpDate (facts 2.6)",
    ),
    Field(
        key="trademark_name",
        label=Words("Name of the trademark", "商标名称"),
        hint=Words("Left out, the signature's name is taken.", "不填则取签名名称。"),
        aliases=("商标名称",),
        shown=_TRADEMARK,
        max_length=15,
        why=_ENTERED,
        source="CreateSmsTrademark.TrademarkName (facts 2.6)",
    ),
    Field(
        key="trademark_owner",
        label=Words("Owner of the trademark", "商标注册人"),
        hint=_OWNER,
        aliases=("商标注册人", "商标所有人"),
        shown=_TRADEMARK,
        max_length=50,
        why=_ENTERED,
        source="CreateSmsTrademark.TrademarkApplicantName (facts 2.6)",
    ),
)

APP_FIELDS = (
    Field(
        key="icp_record",
        label=Words("App filing (ICP)", "APP 备案"),
        hint=Words(
            "A picture of the filing's page, or the id of one that the vendor has.",
            "APP-ICP 备案查询页面截图，或平台上已有备案的 ID。",
        ),
        type=FieldType.FILE,
        aliases=("备案id", "app备案"),
        required=_APP,
        shown=_APP,
        options="icp_records",
        or_id=True,
        media_types=_PICTURES,
        max_bytes=_PICTURE_BYTES,
        why=Words("Alibaba Cloud proves an app by its filing.", "阿里云以 APP 备案信息核实签名。"),
        source="CreateSmsSign.AppIcpRecordId, CreateSmsAppIcpRecord.AppIcpRecordPic (facts 2.1, 2.6, 2.7)",
    ),
    Field(
        key="icp_number",
        label=Words("Number of the filing", "备案号"),
        hint=Words("As filed, up to 15 characters.", "备案登记的编号，不超过 15 个字。"),
        aliases=("备案号",),
        required=When("icp_record", (FILED,)),
        shown=_APP,
        max_length=15,
        why=_FILED,
        source="CreateSmsAppIcpRecord.AppIcpLicenseNumber (facts 2.6)",
    ),
    Field(
        key="icp_approved",
        label=Words("Day of approval", "审核通过日期"),
        hint=Words("Of the filing: 2025-06-30.", "备案审核通过的日期：2025-06-30。"),
        aliases=("审核通过日期", "备案日期"),
        required=When("icp_record", (FILED,)),
        shown=_APP,
        max_length=10,
        pattern=r"\d{4}-\d{2}-\d{2}",
        pattern_says=Words("a date such as 2025-06-30", "日期，如 2025-06-30"),
        why=_FILED,
        source="CreateSmsAppIcpRecord.AppApprovalDate (facts 2.6)",
    ),
    Field(
        key="app_name",
        label=Words("Name of the app", "APP 名称"),
        hint=Words("Left out, the signature's name is taken.", "不填则取签名名称。"),
        aliases=("app名称",),
        shown=_APP,
        max_length=15,
        why=_FILED,
        source="CreateSmsAppIcpRecord.AppServiceName (facts 2.6)",
    ),
    Field(
        key="app_owner",
        label=Words("Company of the filing", "主办单位"),
        hint=_OWNER,
        aliases=("主办单位",),
        shown=_APP,
        max_length=50,
        why=_FILED,
        source="CreateSmsAppIcpRecord.AppPrincipalUnitName (facts 2.6)",
    ),
)
