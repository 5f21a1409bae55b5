"""Tencent's back office: reviewers and billing by hand."""

from datetime import timedelta

from integrations.sandbox.settings import Kind
from integrations.sandbox.tencent.account import Account, Package, Sign, Template


class TencentConsole:
    """The verbs for Tencent; a `ref` is an id or a name."""

    def __init__(self, account: Account) -> None:
        self._account = account

    def decide(self, ref: str, kind: Kind | None, refusal: str | None) -> None:
        """End a review now; an approved domestic signature still waits to become effective."""
        now = self._account.world.now()
        reviews = self._account.qualification_reviews
        try:
            found = self._find(ref, kind)
        except LookupError:
            if kind not in (None, "qualification") or not ref.isdigit() or int(ref) not in reviews:
                raise
            reviews[int(ref)] = reviews[int(ref)].decided(now, refusal)
            return
        found.review = found.review.decided(now, refusal)
        found.disabled = None

    def disable(self, ref: str, kind: Kind | None, why: str) -> None:
        """Let a usable thing fall back to -1 with a reason (facts 2.6)."""
        self._find(ref, kind).disabled = why

    def drain(self, messages: int) -> None:
        """Use up messages, the oldest package first."""
        self._account.flow.add(self._account.world.now(), messages)
        for package in self._account.packages:
            taken = min(messages, package.amount - package.used)
            package.used += taken
            messages -= taken

    def top_up(self, amount: int) -> None:
        """Buy one more package, valid for a year."""
        now = self._account.world.now()
        number = next(self._account.package_ids)
        self._account.packages.append(Package(number, False, amount, 0, now, now + timedelta(days=365)))

    def _find(self, ref: str, kind: Kind | None) -> Sign | Template:
        account = self._account
        if kind in (None, "signature"):
            for sign in reversed(account.signs.values()):
                if ref in (str(sign.sign_id), sign.form.name):
                    return sign
        if kind in (None, "template"):
            for template in reversed(account.templates.values()):
                if ref in (str(template.template_id), template.name):
                    return template
        raise LookupError(f"Tencent has no {kind or 'thing'} {ref}")
