"""Tencent's signature actions (facts 2.1-2.5, error codes 5.3)."""

from integrations.sandbox import reviewers
from integrations.sandbox.pictures import JPEG, PNG, decode, is_file
from integrations.sandbox.tencent.account import Account, Sign, SignForm, Status
from integrations.sandbox.tencent.params import Params
from integrations.sandbox.tencent.refusal import RefusalError
from integrations.sandbox.world import Review, Verdict
from integrations.sandbox.world_time import unix

MOST_SIGNS = 50
"""Facts 7.1."""
LARGEST_PICTURE = 5 * 1024 * 1024
"""Facts 7.2; whether the API checks it is not confirmed (facts 10)."""
DIRTY_WORDS = ("赌博", "博彩", "色情", "毒品", "法轮")
"""Facts 7.1: porn, gambling, drugs, religion, politics."""
QUALIFICATION_STATUS = {Verdict.PENDING: 0, Verdict.APPROVED: 1, Verdict.REJECTED: 2}
"""Facts 2.5."""


def add(account: Account, region: str, params: Params) -> dict[str, object]:
    """AddSmsSign."""
    international = params.international()
    if sum(1 for sign in account.signs.values() if sign.region == region) >= MOST_SIGNS:
        raise RefusalError("FailedOperation.SignNumberLimit", "签名数量达到上限。")
    form = _form(account, params, international=international)
    _check_name_is_free(account, region, form.name, international=international)
    sign_id = next(account.sign_ids)
    account.signs[sign_id] = Sign(
        sign_id, region, international, account.world.now(), form, _review(account, form, international=international)
    )
    account.world.accept("tencent", "signature", str(sign_id), form.name, form.name)
    return {"AddSignStatus": {"SignId": sign_id}}


def modify(account: Account, region: str, params: Params) -> dict[str, object]:
    """ModifySmsSign: only pending and rejected ones (facts 2.3)."""
    international = params.international()
    sign = account.signs.get(params.number("SignId"))
    if sign is None or sign.region != region:
        raise RefusalError(
            "FailedOperation.MissingSignatureToModify", "此签名 ID 未提交申请或不存在，不能进行修改操作。"
        )
    if sign.international is not international:
        raise RefusalError("InvalidParameterValue.InvalidInternational", "International 与申请时不一致。")
    if account.status(sign) in (Status.USABLE, Status.NOT_EFFECTIVE):
        raise RefusalError("InvalidParameterValue.SignAlreadyPassedCheck", "此签名已审核通过，不能再次修改。")
    form = _form(account, params, international=international)
    if form.name != sign.form.name:
        _check_name_is_free(account, region, form.name, international=international)
    sign.form, sign.review, sign.disabled = form, _review(account, form, international=international), None
    return {"ModifySignStatus": {"SignId": sign.sign_id}}


def delete(account: Account, region: str, params: Params) -> dict[str, object]:
    """DeleteSmsSign; the facts name no state in which it is refused."""
    sign = account.signs.get(params.number("SignId"))
    if sign is None or sign.region != region:
        raise RefusalError("FailedOperation.SignIdNotExist", "签名 ID 不存在。")
    del account.signs[sign.sign_id]
    return {"DeleteSignStatus": {"DeleteStatus": "return successfully!", "DeleteTime": unix(account.world.now())}}


def describe(account: Account, region: str, params: Params) -> dict[str, object]:
    """DescribeSmsSignList: no total; Limit and Offset only count without SignIdSet."""
    found = list(account.signs_in(region, international=params.international()))
    ids = params.numbers("SignIdSet")
    if len(ids) > 100:
        raise RefusalError("LimitExceeded", "SignIdSet 最多支持 100 个 ID。")
    limit, offset = params.page(10)
    shown = [sign for sign in found if sign.sign_id in ids] if ids else found[offset : offset + limit]
    return {"DescribeSignListStatusSet": [_row(account, sign) for sign in shown]}


def _row(account: Account, sign: Sign) -> dict[str, object]:
    qualification = None if sign.international else account.qualifications.get(sign.form.qualification_id)
    verdict = (
        account.qualification_reviews[qualification.qualification_id].verdict(account.world.now())
        if qualification
        else Verdict.PENDING  # Facts 2.5: always 0 for international.
    )
    return {
        "SignId": sign.sign_id,
        "International": int(sign.international),
        "StatusCode": int(account.status(sign)),
        "ReviewReply": account.reply(sign),
        "SignName": sign.form.name,
        "CreateTime": unix(sign.created_at),
        "QualificationId": qualification.qualification_id if qualification else 0,
        "QualificationName": qualification.name if qualification else "",
        "QualificationStatusCode": QUALIFICATION_STATUS[verdict],
    }


def _form(account: Account, params: Params, *, international: bool) -> SignForm:
    name = params.text("SignName")
    _check_text(name, 15 if international else 12)
    sign_type, document_type = params.number("SignType"), params.number("DocumentType")
    if sign_type not in reviewers.TENCENT_PAPERS:
        raise RefusalError("InvalidParameterValue", "SignType 取值错误。")
    if document_type not in range(9):
        raise RefusalError("InvalidParameterValue.InvalidDocumentType", "DocumentType 字段校验错误。")
    purpose = params.number("SignPurpose")
    if purpose not in (0, 1):
        raise RefusalError("InvalidParameterValue.InvalidSignPurpose", "SignPurpose 字段校验错误。")
    _check_picture(params.text("ProofImage"))
    if purpose == 1:
        if not params.text("CommissionImage"):
            raise RefusalError("MissingParameter", "The request is missing a required parameter `CommissionImage`.")
        _check_picture(params.text("CommissionImage"))
    qualification_id = 0 if international else _qualification(account, params.number("QualificationId"))
    return SignForm(name, sign_type, document_type, purpose, qualification_id, params.text("Remark"))


def _qualification(account: Account, qualification_id: int) -> int:
    if qualification_id not in account.qualifications:
        raise RefusalError("InvalidParameterValue.QualificationIdNotFound", "资质 ID 不存在。")
    if account.qualification_reviews[qualification_id].verdict(account.world.now()) is not Verdict.APPROVED:
        raise RefusalError("FailedOperation.QualificationIdNotApproved", "资质 ID 未审核通过。")
    return qualification_id


def _check_text(name: str, most: int) -> None:
    if len(name) > most:
        raise RefusalError("InvalidParameterValue.SignNameLengthTooLong", f"签名内容长度过长，上限 {most} 个字。")
    if len(name) < 2 or any(character in "【】[]()（）" or character.isspace() for character in name):
        raise RefusalError("InvalidParameterValue", "签名内容长度为 2 字以上，且不能包含括号和空格。")
    if any(word in name for word in DIRTY_WORDS):
        raise RefusalError("InvalidParameter.DirtyWordFound", "存在敏感词。")


def _check_picture(text: str) -> None:
    # Facts 2.1: base64 without the `data:image/jpeg;base64,` prefix, whose `:` is no base64.
    content = decode(text)
    if not content or not is_file(content, (JPEG, PNG)) or len(content) > LARGEST_PICTURE:
        raise RefusalError(
            "InvalidParameterValue.ImageInvalid", "上传的转码图片格式错误，请参照 API 接口说明上传正确的图片。"
        )


def _check_name_is_free(account: Account, region: str, name: str, *, international: bool) -> None:
    for sign in account.signs_in(region, international=international):
        if sign.form.name != name:
            continue
        match account.status(sign):
            case Status.PENDING:
                raise RefusalError("InvalidParameterValue.SignExistAndUnapproved", "相同的签名已存在，且未审核通过。")
            case Status.USABLE | Status.NOT_EFFECTIVE:
                raise RefusalError("InvalidParameterValue.SignAlreadyPassedCheck", "此签名已审核通过，不能重复申请。")
            case Status.REJECTED:
                pass


def _review(account: Account, form: SignForm, *, international: bool) -> Review:
    refusal = reviewers.tencent_signature(form.name, form.sign_type, form.document_type, international=international)
    return account.world.begin_review("tencent", refusal)
