"""UCloud's template actions (facts 3.1-3.4). There is no list and no lookup by name."""

import re

from integrations.sandbox import reviewers
from integrations.sandbox.ucloud.params import Params
from integrations.sandbox.ucloud.project import Project, Status, Template
from integrations.sandbox.ucloud.refusal import (
    BAD_FORMAT,
    INVALID,
    MISSING,
    NO_SIGNATURE,
    NO_TEMPLATE,
    RefusalError,
)
from integrations.sandbox.world import Review
from integrations.sandbox.world_time import unix

UNSUBSCRIBE = ("拒收请回复R", "【拒收请回复R】")
"""Facts 3.1: whether the brackets belong to the value is unsure, so both pass."""
VARIABLE = re.compile(r"\{([^{}]*)\}")


def create(project: Project, params: Params) -> dict[str, object]:
    """CreateUSMSTemplate."""
    purpose = params.number("Purpose", (1, 2, 3))
    name = params.text("TemplateName", most=32)
    text = _text(params)
    international = params.flag("International")
    unsubscribe = params.maybe("UnsubscribeInfo")
    if purpose == 3 and not international:
        if not unsubscribe:
            raise RefusalError(MISSING, "Missing params [UnsubscribeInfo]")
        if unsubscribe not in UNSUBSCRIBE:
            raise RefusalError(INVALID, "Params [UnsubscribeInfo] not available")
    # Facts 7.4 (2107.md): a signature must be approved in the project first.
    if not any(project.status(signature) is Status.APPROVED for signature in project.signatures.values()):
        raise RefusalError(NO_SIGNATURE, "No approved signature in this project")
    template_id = project.new_id("UTA")
    project.templates[template_id] = Template(
        template_id,
        purpose,
        name,
        text,
        international,
        unsubscribe,
        params.maybe("Remark", most=128),
        params.maybe("Instruction"),
        project.world.now(),
        _review(project, text, name, purpose, international=international),
    )
    project.world.accept("ucloud", "template", template_id, name, text)
    return {"TemplateId": template_id, "Message": "submit success"}


def update(project: Project, params: Params) -> dict[str, object]:
    """UpdateUSMSTemplate: templates that failed review; only a changed text is reviewed again (facts 3.2)."""
    template = _by_id(project, params.text("TemplateId"))
    if project.status(template) is not Status.REJECTED:
        raise RefusalError(INVALID, "Only templates that failed review can be updated")
    text = _text(params)
    changed = text != template.text
    template.text = text
    template.name = params.maybe("TemplateName", most=32) or template.name
    template.remark = params.maybe("Remark", most=128) or template.remark
    template.instruction = params.maybe("Instruction") or template.instruction
    if changed:
        template.review = _review(project, text, template.name, template.purpose, international=template.international)
    return {"Message": "submit success"}


def query(project: Project, params: Params) -> dict[str, object]:
    """QueryUSMSTemplate."""
    template = _by_id(project, params.text("TemplateId"))
    data: dict[str, object] = {
        "TemplateId": template.template_id,
        "Purpose": template.purpose,
        "TemplateName": template.name,
        "Template": template.text,
        "UnsubscribeInfo": template.unsubscribe,
        "Status": int(project.status(template)),
        "Remark": template.remark,
        "ErrDesc": project.reason(template),
        "CreateTime": unix(template.created_at),
        "Instruction": template.instruction,
    }
    return {"Data": data}


def delete(project: Project, params: Params) -> dict[str, object]:
    """DeleteUSMSTemplate: not while under review (facts 3.4); all or none."""
    found = [_by_id(project, template_id) for template_id in params.strings("TemplateIds")]
    if any(project.status(template) is Status.UNDER_REVIEW for template in found):
        raise RefusalError(INVALID, "A template under review cannot be deleted")
    for template in found:
        project.templates.pop(template.template_id, None)
    return {}


def _text(params: Params) -> str:
    # The page of Update says 600; the tables of Create and of the review standard say 500 (facts 3.2).
    text = params.text("Template", most=500)
    names = VARIABLE.findall(text)
    numbers = sorted({int(name) for name in names if re.fullmatch(r"[1-9]\d*", name)})
    stray = any(character in VARIABLE.sub("", text) for character in "{}【】")
    if stray or len(numbers) != len(set(names)) or numbers != list(range(1, len(numbers) + 1)):
        raise RefusalError(BAD_FORMAT, "Template holds a signature, or variables that are not {1}, {2}, … in order")
    return text


def _review(project: Project, text: str, name: str, purpose: int, *, international: bool) -> Review:
    refusal = None if international else reviewers.ucloud_template(text, name, purpose)
    return project.world.begin_review("ucloud", refusal)


def _by_id(project: Project, template_id: str) -> Template:
    found = project.templates.get(template_id)
    if found is None:
        raise RefusalError(NO_TEMPLATE, f"Template {template_id} not found")
    return found
