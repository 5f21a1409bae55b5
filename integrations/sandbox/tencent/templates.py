"""Tencent's template actions (facts 3, error codes 5.3)."""

import re

from integrations.sandbox import reviewers
from integrations.sandbox.tencent.account import Account, Status, Template
from integrations.sandbox.tencent.params import Params
from integrations.sandbox.tencent.refusal import RefusalError
from integrations.sandbox.tencent.signs import DIRTY_WORDS
from integrations.sandbox.world_time import unix

MOST_TEMPLATES = 200
"""Page 13301; an older page says 1,000 (facts 7.3)."""
LONGEST_CONTENT = 500
"""Facts 7.3."""
VARIABLE = re.compile(r"\{([^{}]*)\}")
UNSUBSCRIBE_ENDING = re.compile(r"拒收请回复R[。.！!\s]*$")
"""Facts 7.3, page 100568."""


def add(account: Account, region: str, params: Params) -> dict[str, object]:
    """AddSmsTemplate; the new id is a text here and a number everywhere else (facts 3)."""
    international = params.international()
    if not any(sign.region == region for sign in account.signs.values()):  # any at all (facts 3)
        raise RefusalError("FailedOperation.MissingSignature", "没有对应的签名，请先申请签名。")
    if sum(1 for template in account.templates.values() if template.region == region) >= MOST_TEMPLATES:
        raise RefusalError("FailedOperation.TemplateNumberLimit", "模板数量达到上限。")
    _check(account, params, international=international)
    template_id = next(account.template_ids)
    template = Template(
        template_id,
        region,
        international,
        account.world.now(),
        params.text("TemplateName"),
        params.text("TemplateContent"),
        params.number("SmsType"),
        params.text("Remark"),
        account.world.begin_review("tencent", _refusal(params, international=international)),
    )
    account.templates[template_id] = template
    account.world.accept("tencent", "template", str(template_id), template.name, template.content)
    return {"AddTemplateStatus": {"TemplateId": str(template_id)}}


def modify(account: Account, region: str, params: Params) -> dict[str, object]:
    """ModifySmsTemplate: only pending and rejected ones."""
    international = params.international()
    template = account.templates.get(params.number("TemplateId"))
    if template is None or template.region != region:
        raise RefusalError(
            "FailedOperation.MissingTemplateToModify", "此模板 ID 未提交申请或不存在，不能进行修改操作。"
        )
    if template.international is not international:
        raise RefusalError("InvalidParameterValue.InvalidInternational", "International 与申请时不一致。")
    if account.status(template) in (Status.USABLE, Status.NOT_EFFECTIVE):
        raise RefusalError("FailedOperation.TemplateAlreadyPassedCheck", "此模板已审核通过，无法再次修改。")
    _check(account, params, international=international)
    template.name = params.text("TemplateName")
    template.content = params.text("TemplateContent")
    template.sms_type = params.number("SmsType")
    template.remark = params.text("Remark")
    template.review = account.world.begin_review("tencent", _refusal(params, international=international))
    template.disabled = None
    return {"ModifyTemplateStatus": {"TemplateId": template.template_id}}


def delete(account: Account, region: str, params: Params) -> dict[str, object]:
    """DeleteSmsTemplate."""
    template = account.templates.get(params.number("TemplateId"))
    if template is None or template.region != region:
        raise RefusalError("FailedOperation.TemplateIdNotExist", "模板 ID 不存在。")
    del account.templates[template.template_id]
    return {"DeleteTemplateStatus": {"DeleteStatus": "return successfully!", "DeleteTime": unix(account.world.now())}}


def describe(account: Account, region: str, params: Params) -> dict[str, object]:
    """DescribeSmsTemplateList: Limit is 0 by default, which lists nothing (facts 3)."""
    found = list(account.templates_in(region, international=params.international()))
    ids = params.numbers("TemplateIdSet")
    if len(ids) > 100:
        raise RefusalError("LimitExceeded", "TemplateIdSet 最多支持 100 个 ID。")
    limit, offset = params.page(0)
    shown = [template for template in found if template.template_id in ids] if ids else found[offset : offset + limit]
    return {"DescribeTemplateStatusSet": [_row(account, template) for template in shown]}


def _row(account: Account, template: Template) -> dict[str, object]:
    # SmsType is not returned (facts 3).
    return {
        "TemplateId": template.template_id,
        "International": int(template.international),
        "StatusCode": int(account.status(template)),
        "ReviewReply": account.reply(template),
        "TemplateName": template.name,
        "CreateTime": unix(template.created_at),
        "TemplateContent": template.content,
    }


def _check(account: Account, params: Params, *, international: bool) -> None:
    sms_type, content = params.number("SmsType"), params.text("TemplateContent")
    if sms_type not in (1, 2, 3):
        raise RefusalError("InvalidParameterValue.InvalidSmsType", "SmsType 字段校验错误。")
    if not params.text("TemplateName") or not content:
        raise RefusalError("InvalidParameterValue", "TemplateName 和 TemplateContent 不能为空。")
    names = VARIABLE.findall(content)
    numbers = list(dict.fromkeys(int(name) for name in names if re.fullmatch(r"[1-9]\d*", name)))
    stray = any(brace in VARIABLE.sub("", content) for brace in "{}【】")
    in_order = sorted(numbers) == list(range(1, len(numbers) + 1))
    if (
        len(content) > LONGEST_CONTENT
        or stray
        or not in_order
        or any(not name.isdigit() or name[0] == "0" for name in names)
    ):
        raise RefusalError(
            "InvalidParameterValue.InvalidTemplateFormat", "模板格式错误：变量应为从 1 开始连续编号的 {1}。"
        )
    if any(word in content for word in DIRTY_WORDS):
        raise RefusalError("InvalidParameterValue.TemplateWithDirtyWords", "模板内容中存在敏感词。")
    if sms_type == 1 and not international and not UNSUBSCRIBE_ENDING.search(content):
        raise RefusalError(
            "InvalidParameterValue.MarketingTemplateWithoutUnsubscribe", "营销短信模板需以“拒收请回复R”结尾。"
        )
    if numbers and sms_type != 3 and not international and not account.world.seed.tencent_variables:
        raise RefusalError("InvalidParameterValue.UnsupportedTemplateVariable", "该类型模板暂不支持变量。")


def _refusal(params: Params, *, international: bool) -> str | None:
    return reviewers.tencent_template(
        params.text("TemplateContent"), params.number("SmsType"), international=international
    )
