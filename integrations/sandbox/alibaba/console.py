"""Alibaba's back office: reviewers, carriers and billing by hand."""

from datetime import timedelta

from integrations.sandbox.alibaba import digital
from integrations.sandbox.alibaba.office import (
    DigitalSignature,
    DigitalTemplate,
    Office,
    Package,
    Qualification,
    Registration,
    Signature,
    Template,
)
from integrations.sandbox.settings import CARRIERS, Carrier, Kind
from integrations.sandbox.world import Verdict


class AlibabaConsole:
    """The verbs for Alibaba.

    A `ref` is a signature's name, a digital signature's id, a template's code or name, or a qualification's id.
    """

    def __init__(self, office: Office) -> None:
        self._office = office

    def decide(self, ref: str, kind: Kind | None, refusal: str | None) -> None:
        """End a review now; of an approved signature with an edit under review, the edit's."""
        now = self._office.world.now()
        found = self._find(ref, kind)
        if isinstance(found, Signature):
            found.settle(now)
            if found.edit is not None:
                form, review, order_id = found.edit
                found.edit = (form, review.decided(now, refusal), order_id)
                return
        found.review = found.review.decided(now, refusal)

    def disable(self, ref: str, kind: Kind | None, why: str) -> None:
        """Let every carrier's registration of a signature lapse: Alibaba has no "disabled" state (facts 0.1, 2.4)."""
        del kind  # Only signatures have registrations.
        for carrier in CARRIERS:
            self.file(ref, carrier, 2, "NO_SEND_RECORD", (why,))

    def file(self, ref: str, carrier: Carrier, status: int, code: str, texts: tuple[str, ...]) -> None:
        """Let a carrier say something about a signature (facts 2.4), or about what is digital (facts 0.1)."""
        rich = self._digital(ref)
        if isinstance(rich, DigitalTemplate):
            rich.audited[carrier] = status
            return
        if isinstance(rich, DigitalSignature):
            digital.filed_by(self._office, rich.name, carrier, status, "；".join(texts) or code)
            return
        signature = self._office.signatures.get(ref)
        if signature is None:
            raise LookupError(f"Alibaba has no signature {ref}")
        reasons = ((code, texts),) if code else ()
        done_at = None if status < 0 else self._office.world.now()
        signature.filed[carrier] = Registration(status, reasons, done_at)

    def withdraw(self, ref: str, kind: Kind | None) -> None:
        """Withdraw a pending review, which only the vendor's console can do (facts trap 13)."""
        found = self._find(ref, kind)
        if (
            isinstance(found, Qualification | DigitalSignature)
            or found.review.verdict(self._office.world.now()) is not Verdict.PENDING
        ):
            raise LookupError(f"{ref} is not a signature or template under review")
        found.withdrawn = True

    def drain(self, messages: int) -> None:
        """Take messages from the SMS package."""
        self._sms_package().spent += messages
        self._office.flow.add(self._office.world.now(), messages)

    def top_up(self, amount: int) -> None:
        """Buy one more SMS package, valid for a year."""
        office = self._office
        now = office.world.now()
        first = self._sms_package()
        office.packages.append(
            Package(
                f"SMSBAG-cn-sandbox1{next(office.numbers):03d}",
                first.commodity,
                first.product,
                "国内验证码/通知短信套餐包",
                first.unit,
                amount,
                amount,
                0,
                now,
                now + timedelta(days=365),
            )
        )

    def _sms_package(self) -> Package:
        return next(package for package in self._office.packages if package.product == "dysms")

    def _digital(self, ref: str) -> DigitalSignature | DigitalTemplate | None:
        office = self._office
        signature = next((one for one in office.digital_signatures.values() if ref == str(one.sign_id)), None)
        templates = reversed(office.digital_templates.values())
        return signature or next((one for one in templates if ref in (one.code, one.name)), None)

    def _find(
        self, ref: str, kind: Kind | None
    ) -> Signature | Template | Qualification | DigitalSignature | DigitalTemplate:
        office = self._office
        if kind != "qualification" and (rich := self._digital(ref)) is not None:
            return rich
        if kind in (None, "signature") and ref in office.signatures:
            return office.signatures[ref]
        if kind in (None, "template"):
            for template in reversed(office.templates.values()):
                if ref in (template.code, template.form.name):
                    return template
        if kind in (None, "qualification"):
            for qualification in reversed(office.qualifications.values()):
                if ref in (str(qualification.group_id), qualification.name):
                    return qualification
        raise LookupError(f"Alibaba has no {kind or 'thing'} {ref}")
