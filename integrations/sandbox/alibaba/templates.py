"""Alibaba's template operations (facts 4.1, 4.4, 4.5; error codes 4.6)."""

import json
import re

from integrations.sandbox import reviewers
from integrations.sandbox.alibaba import digital
from integrations.sandbox.alibaba.office import DigitalTemplate, Office, Template, TemplateForm
from integrations.sandbox.alibaba.params import Params
from integrations.sandbox.alibaba.refusal import RefusalError
from integrations.sandbox.alibaba.signatures import LIST_STATUS, STATUS, list_reason
from integrations.sandbox.world import Review, Verdict
from integrations.sandbox.world_time import china_text

VARIABLE = re.compile(r"\$\{([^{}]*)\}")
VARIABLE_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
"""Facts 10.2: begins with a letter; letters, digits, underscore."""
LIST_TYPES = {0: 2, 1: 0, 2: 1, 3: 6}
"""Facts trap 3: `TemplateType` of the list numbers OTP 2, notification 0, promotion 1, international 6."""
TRAFFIC_TYPES = frozenset(
    {"DOMAIN", "FIXED_PHONE", "400_PHONE", "800_PHONE", "95_PHONE", "96_PHONE", "1_PHONE", "OTHER_PHONE"}
)
"""Facts 4.3."""


def create(office: Office, params: Params) -> dict[str, object]:
    """CreateSmsTemplate."""
    form, review = _apply(office, params)
    code = f"SMS_{480_000_000 + next(office.numbers)}"
    template = Template(code, office.order_id(), office.world.now(), form, review)
    office.templates[code] = template
    office.world.accept("alibaba", "template", code, form.name, form.content)
    return {"TemplateCode": code, "TemplateName": form.name, "OrderId": template.order_id}


def update(office: Office, params: Params) -> dict[str, object]:
    """UpdateSmsTemplate: only rejected ones (facts 4.1)."""
    template = _find(office, params.text("TemplateCode"))
    if template.withdrawn or template.review.verdict(office.world.now()) is not Verdict.REJECTED:
        # No code for this is published; the one the older signature operation uses (facts 2.6) stands in.
        raise RefusalError("SMS_STATUS_ILLEGAL", "Only rejected templates can be updated.")
    template.form, template.review = _apply(office, params)
    template.order_id = office.order_id()
    return {"TemplateCode": template.code, "TemplateName": template.form.name, "OrderId": template.order_id}


def delete(office: Office, params: Params) -> dict[str, object]:
    """DeleteSmsTemplate: withdrawn, rejected or approved ones (facts 4.1)."""
    template = _find(office, params.text("TemplateCode"))
    if not template.withdrawn and template.review.verdict(office.world.now()) is Verdict.PENDING:
        raise RefusalError("SMS_STATUS_ILLEGAL", "A template under review cannot be deleted.")
    del office.templates[template.code]
    return {"TemplateCode": template.code}


def get(office: Office, params: Params) -> dict[str, object]:
    """GetSmsTemplate; `TemplateStatus` and `TemplateType` are texts, `TemplateTag` a number (facts trap 4)."""
    if (rich := office.digital_templates.get(params.text("TemplateCode"))) is not None:
        return digital.get(office, rich)
    template = _find(office, params.text("TemplateCode"))
    form, review = template.form, template.review
    verdict = review.verdict(office.world.now())
    decided = verdict is not Verdict.PENDING and review.decided_at is not None
    return {
        "TemplateCode": template.code,
        "TemplateName": form.name,
        "TemplateContent": form.content,
        "TemplateType": str(form.template_type),
        "TemplateStatus": "10" if template.withdrawn else str(STATUS[verdict]),
        "AuditInfo": {
            "AuditDate": china_text(review.decided_at) if decided and review.decided_at else "",
            "RejectInfo": (review.refusal or "") if decided else "",
        },
        "OrderId": template.order_id,
        "CreateDate": china_text(template.created_at),
        "Remark": form.remark,
        "RelatedSignName": form.sign_name,
        # The trailing line feed is the vendor's (facts, introduction).
        "ApplyScene": form.scene + "\n" if form.scene else "",
        "IntlType": form.intl_type if form.intl_type is not None else 0,
        "VariableAttribute": form.rule,
        "TemplateTag": template.tag,
        "FileUrlList": {"FileUrl": list(form.files)},
        "MoreDataFileUrlList": {"MoreDataFileUrl": [f"//sandbox.example.com/{key}?Expires=0" for key in form.files]},
        "SignList": {"SignList": [form.sign_name] if form.sign_name else []},
    }


def query_list(office: Office, params: Params) -> dict[str, object]:
    """QuerySmsTemplateList: no filter, newest first; digital ones among them (facts 4.5)."""
    index, size = params.page("PageIndex", "PageSize")
    everything: list[Template | DigitalTemplate] = [*office.templates.values(), *office.digital_templates.values()]
    everything.sort(key=lambda template: template.created_at)
    everything.reverse()
    shown = everything[(index - 1) * size : index * size]
    return {
        "SmsTemplateList": [
            digital.row(office, template) if isinstance(template, DigitalTemplate) else _row(office, template)
            for template in shown
        ],
        "TotalCount": len(everything),
        "CurrentPage": index,
        "PageSize": size,
    }


def _row(office: Office, template: Template) -> dict[str, object]:
    form, verdict = template.form, template.review.verdict(office.world.now())
    return {
        "TemplateCode": template.code,
        "TemplateName": form.name,
        "TemplateContent": form.content,
        # Spelt with the letter T missing, as the vendor does (facts trap 2).
        "AuditStatus": "AUDIT_SATE_CANCEL" if template.withdrawn else LIST_STATUS[verdict],
        "Reason": list_reason(template.review, verdict),
        "OrderId": template.order_id,
        "CreateDate": china_text(template.created_at),
        "OuterTemplateType": form.template_type,
        "TemplateType": LIST_TYPES[form.template_type],
        "SignatureName": form.sign_name,
        "TrafficDriving": form.traffic,
    }


def _find(office: Office, code: str) -> Template:
    template = office.templates.get(code)
    if template is None:
        raise RefusalError("TemplateNotFound", f"The template {code} is not found.", status=404)
    return template


def _apply(office: Office, params: Params) -> tuple[TemplateForm, Review]:
    name = params.maybe("TemplateName", most=30)
    if not name:
        # The one missing parameter that the facts list with 404 (facts 4.6).
        raise RefusalError("MissingTemplateName", "TemplateName is mandatory for this action.", status=404)
    template_type = params.number("TemplateType", among=range(4))
    content = _content(params)
    rule = _rule(params, content, template_type)
    sign_name = params.maybe("RelatedSignName")
    scene = params.maybe("ApplySceneContent")
    if template_type != 3:
        _check_signature(office, params.text("RelatedSignName"), scene)
    intl_type = params.number("IntlType", among=range(3)) if template_type == 3 else None
    files = params.strings("MoreData", code="InvalidMoreData")
    if any(key not in office.uploads for key in files) or (template_type == 2 and not files):
        raise RefusalError("InvalidMoreData", "MoreData must name uploaded files; promotion templates need one.")
    traffic = params.maybe("TrafficDriving")
    _check_traffic(office, traffic)
    form = TemplateForm(
        name,
        content,
        template_type,
        intl_type,
        sign_name,
        params.maybe("TemplateRule"),
        params.maybe("Remark", most=500),
        scene,
        tuple(files),
        traffic,
    )
    refusal = reviewers.alibaba_template(
        content, template_type, rule, traffic_declared=bool(traffic), more_data=bool(files)
    )
    return form, office.world.begin_review("alibaba", refusal)


def _content(params: Params) -> str:
    content = params.text("TemplateContent")
    stray = "${" in VARIABLE.sub("", content)
    named = all(VARIABLE_NAME.fullmatch(name) for name in VARIABLE.findall(content))
    if len(content) > 500 or "【" in content or "】" in content or stray or not named:
        raise RefusalError(
            "InvalidTemplateContent.Format", "The content is over 500 characters, holds a signature or a bad variable."
        )
    return content


def _rule(params: Params, content: str, template_type: int) -> dict[str, str]:
    names = set(VARIABLE.findall(content))
    if template_type == 0 and len(names) > 1:
        raise RefusalError("TemplateVarLimitExceeded", "A verification code template has one variable.")
    raw = params.maybe("TemplateRule")
    try:
        rule = json.loads(raw) if raw else {}
    except ValueError as error:
        raise RefusalError("InvalidTemplateRule.Format", "TemplateRule is not JSON.") from error
    if not isinstance(rule, dict) or not all(isinstance(kind, str) for kind in rule.values()):
        raise RefusalError("InvalidTemplateRule.Format", "TemplateRule is not a JSON object of texts.")
    if set(rule) != names:
        raise RefusalError("InvalidTemplateRule", "TemplateRule must name every variable of the content and no other.")
    return rule


def _check_signature(office: Office, name: str, scene: str) -> None:
    signature = office.signatures.get(name)
    if signature is None:
        raise RefusalError("SmsSignatureNotFound", f"The signature {name} is not found.", status=404)
    if not signature.approved(office.world.now()):
        raise RefusalError("AssocSignUnapproved", f"The signature {name} is not approved.")
    if not scene:
        # Needed for every source still taken (facts 4.1); the code is that of the signature operations (facts 2.8).
        raise RefusalError("MissApplySceneContent", "ApplySceneContent is needed for this signature's source.")
    if signature.form.source == 2 and not scene.startswith(("http://", "https://")):
        raise RefusalError("InvalidApplySceneContent", "ApplySceneContent must be an http or https link.")


def _check_traffic(office: Office, raw: str) -> None:
    if not raw:
        return
    try:
        items = json.loads(raw)
    except ValueError:
        items = None
    if not isinstance(items, list) or not all(isinstance(item, dict) and _complete(office, item) for item in items):
        # No code is published for this parameter; the gateway's pattern is used.
        raise RefusalError("InvalidTrafficDriving", "TrafficDriving is not a JSON array of complete items.")


def _complete(office: Office, item: dict[str, object]) -> bool:
    needed = ["trafficDrivingContent", "companyName", "organizationCode"]
    if item.get("trafficDrivingType") == "DOMAIN":
        needed += ["icpNo", "icpPicOssKey"]
        if item.get("icpPicOssKey") not in office.uploads:
            return False
    return item.get("trafficDrivingType") in TRAFFIC_TYPES and all(item.get(name) for name in needed)
