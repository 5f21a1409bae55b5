"""UCloud's back office: reviewers and billing by hand."""

from decimal import Decimal

from integrations.sandbox.settings import Kind
from integrations.sandbox.ucloud.project import Project, Qualification, Signature, Template

PRICE = Decimal("0.045")
"""CNY a message of the second price step (facts 8)."""


class UCloudConsole:
    """The verbs for UCloud; a `ref` is an id, a signature's content or a template's name."""

    def __init__(self, project: Project) -> None:
        self._project = project

    def decide(self, ref: str, kind: Kind | None, refusal: str | None) -> None:
        """End a review now."""
        found = self._find(ref, kind)
        found.review = found.review.decided(self._project.world.now(), refusal)
        found.disabled = None

    def disable(self, ref: str, kind: Kind | None, why: str) -> None:
        """Set status 4."""
        self._find(ref, kind).disabled = why

    def drain(self, messages: int) -> None:
        """Send messages: they show in today's statistics (from tomorrow on) and cost money."""
        project = self._project
        project.flow.add(project.world.now(), messages)
        project.balance = max(project.balance - messages * PRICE, Decimal(0))

    def top_up(self, amount: int) -> None:
        """Put yuan on the account."""
        self._project.balance += amount

    def _find(self, ref: str, kind: Kind | None) -> Signature | Template | Qualification:
        project = self._project
        if kind in (None, "signature"):
            for signature in reversed(project.signatures.values()):
                if ref in (signature.sig_id, signature.content):
                    return signature
        if kind in (None, "template"):
            for template in reversed(project.templates.values()):
                if ref in (template.template_id, template.name):
                    return template
        if kind in (None, "qualification"):
            for qualification in reversed(project.qualifications.values()):
                if ref in (qualification.qualification_id, qualification.name):
                    return qualification
        raise LookupError(f"UCloud has no {kind or 'thing'} {ref}")
