"""Trademarks and app filings (ICP) at Alibaba Cloud: entered once, then named by signatures; shown by their ids (facts 2.6).

The vendor lists neither, so their ids are kept where we are told to, and those that existing signatures name are asked for too.
"""

import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from bot.contracts.entries import Entries, Passing
from bot.contracts.errors import AnswerLost, Refused, Trouble
from bot.contracts.model import Submission, Words
from bot.contracts.vendor import Option
from integrations.alibaba import papers, wire
from integrations.alibaba.calls import Calls
from integrations.alibaba.config import Unconfirmed
from integrations.alibaba.signatures import ListedSignature, end_of
from integrations.alibaba.wire import Answer, Many, Part, Text

_STORE = {"BizType": "dysms"}  # of GetQualificationOssInfo (facts 2.7)

AT_ONCE = 50
"""Ids in one query; no limit is published, this is the page of every list (facts 12)."""


@dataclass(frozen=True, slots=True)
class Proof:
    """One sort of entry.

    Args:
        key: of the field that names one, or has its picture.
        create: the operation that enters one.
        picture: its parameter for the picture.
        parameters: parameter → the field whose value it takes.
        query: the operation that shows them.
        ids: its parameter for the ids.
        lost: what to do where nobody knows whether it was entered.
        lacking: what must be said with a picture.
    """

    key: str
    create: str
    picture: str
    parameters: Mapping[str, str]
    query: str
    ids: str
    lost: Words
    lacking: Words


TRADEMARK = Proof(
    key="trademark",
    create="CreateSmsTrademark",
    picture="TrademarkPic",
    parameters=MappingProxyType(
        {
            "TrademarkName": "trademark_name",
            "TrademarkApplicantName": "trademark_owner",
            "TrademarkRegistrationNumber": "trademark_number",
            "TrademarkEffExpDate": "trademark_term",
        }
    ),
    query="QuerySmsTrademark",
    ids="TrademarkIdList",
    lost=Words(
        "Whether the trademark was entered is not known, and the signature was not submitted. Look in the console: if it is "
        "there, say trademark= with its id; if not, submit again.",
        "商标是否已录入不明，签名未提交。请在控制台查看：已有则填写 商标=ID，没有则重新提交。",
    ),
    lacking=Words(
        "With a picture of the trademark, trademark_number= and trademark_term= are needed.",
        "以图片提交商标时，还需填写 商标注册号 和 商标有效期。",
    ),
)

APP_RECORD = Proof(
    key="icp_record",
    create="CreateSmsAppIcpRecord",
    picture="AppIcpRecordPic",
    parameters=MappingProxyType(
        {
            "AppServiceName": "app_name",
            "AppPrincipalUnitName": "app_owner",
            "AppIcpLicenseNumber": "icp_number",
            "AppApprovalDate": "icp_approved",
            "Domain": "link",
        }
    ),
    query="QuerySmsAppIcpRecord",
    ids="AppIcpRecordIdList",
    lost=Words(
        "Whether the app's filing was entered is not known, and the signature was not submitted. Look in the console: if it "
        "is there, say icp_record= with its id; if not, submit again.",
        "APP 备案是否已录入不明，签名未提交。请在控制台查看：已有则填写 备案id=ID，没有则重新提交。",
    ),
    lacking=Words(
        "With a picture of the app's filing, icp_number=, icp_approved= and link= are needed.",
        "以图片提交 APP 备案时，还需填写 备案号、审核通过日期 和 链接。",
    ),
)

SOURCES: Mapping[str, Proof] = MappingProxyType({"trademarks": TRADEMARK, "icp_records": APP_RECORD})
"""What `Reviewing.options` calls them."""


class Created(Answer):
    """Answer of both operations that enter one."""

    Data: Text = ""


class Entry(Part):
    """One of QuerySmsTrademark, or of QuerySmsAppIcpRecord; the pictures' addresses are not even read."""

    TrademarkId: Text = ""
    TrademarkName: Text = ""
    TrademarkApplicantName: Text = ""
    TrademarkEffExpDate: Text = ""
    AppIcpRecordId: Text = ""
    AppServiceName: Text = ""
    AppPrincipalUnitName: Text = ""


class EntryList(Answer):
    """Answer of both queries."""

    Data: Many[Entry] = ()


def option(found: Entry) -> Option:
    """An entry as something to choose; a filing has no end."""
    label = " · ".join(
        filter(
            None,
            (
                found.TrademarkName or found.AppServiceName,
                found.TrademarkApplicantName or found.AppPrincipalUnitName,
            ),
        )
    )
    ref = found.TrademarkId or found.AppIcpRecordId
    return Option(ref, label or ref, until=end_of(found.TrademarkEffExpDate))


class Proofs:
    """The entries of an account.

    Args:
        calls: of the account.
        unconfirmed: how values are written.
    """

    def __init__(self, calls: Calls, unconfirmed: Unconfirmed) -> None:
        self._calls = calls
        self._unconfirmed = unconfirmed
        self.entries: Entries = Passing()

    async def ref(self, proof: Proof, submission: Submission, company: Callable[[], Awaitable[str]]) -> str:
        """The id that a signature names: as given, or of its picture, which is entered once.

        Args:
            proof: which sort.
            submission: the signature.
            company: the company on its qualification, which is taken as the owner where none is said.

        Raises:
            Refused: something is lacking, or nobody knows whether it was entered; the signature was not submitted.
        """
        files = submission.papers.get(proof.key, ())
        if not files:
            return submission.values.get(proof.key, "")
        values = {name: submission.values.get(key, "") for name, key in proof.parameters.items()}
        for name, key in proof.parameters.items():
            if not values[name] and key.endswith("_name"):
                values[name] = submission.name
            elif not values[name] and key.endswith("_owner"):
                values[name] = await company()
        if not all(values.values()):
            raise Refused(f"{proof.key}Incomplete", trouble=Trouble.INPUT, advice=proof.lacking)
        particulars = hashlib.sha256("\n".join((files[0].sha256, *values.values())).encode()).hexdigest()
        if known := await self.entries.find(proof.key, particulars):
            return known
        picture = await self._calls.upload("GetQualificationOssInfo", _STORE, papers.PaperTicket, files[0])
        parameters = wire.parameters({**values, proof.picture: picture}, self._unconfirmed)
        try:
            made = await self._calls.write(proof.create, parameters, Created)
        except AnswerLost as lost:  # not the signature: that was not asked for yet. No list could tell (facts 2.6)
            raise Refused(
                lost.code, lost.message, request_id=lost.request_id, trouble=Trouble.STATE, advice=proof.lost
            ) from lost
        if not made.Data:
            raise Refused(f"{proof.key}Lost", request_id=made.RequestId, trouble=Trouble.STATE, advice=proof.lost)
        await self.entries.put(proof.key, particulars, made.Data)
        return made.Data

    async def options(self, source: str, signatures: AsyncIterator[ListedSignature]) -> tuple[Option, ...]:
        """What is known of a sort: what was entered from here, and what signatures of the account name.

        Args:
            source: a word of `SOURCES`.
            signatures: of the account.
        """
        proof = SOURCES[source]
        named = [one.TrademarkId if proof is TRADEMARK else one.AppIcpRecordId async for one in signatures]
        refs = [*await self.entries.known(proof.key), *named]
        asked = [ref for ref in dict.fromkeys(refs) if ref not in ("", "0")]
        found: list[Option] = []
        for start in range(0, len(asked), AT_ONCE):
            found += await self._shown(proof, asked[start : start + AT_ONCE])
        return tuple(found)

    async def _shown(self, proof: Proof, refs: Sequence[str]) -> list[Option]:
        ids = wire.compact([int(ref) if ref.isdecimal() else ref for ref in refs])
        answer = await self._calls.read(proof.query, {proof.ids: ids}, EntryList)
        return [option(one) for one in answer.Data if one.TrademarkId or one.AppIcpRecordId]
