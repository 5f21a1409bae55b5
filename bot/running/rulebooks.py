"""What each vendor's reviewers mind and how they word it: the data of the vendors' folders, by vendor."""

from collections.abc import Mapping

from bot.contracts.rules import Phrase, Standards
from integrations.alibaba import reasons as alibaba_reasons
from integrations.alibaba import rules as alibaba_rules
from integrations.tencent import reasons as tencent_reasons
from integrations.tencent import rules as tencent_rules
from integrations.ucloud import reasons as ucloud_reasons
from integrations.ucloud import rules as ucloud_rules

STANDARDS: Mapping[str, Standards] = {
    one.vendor: one for one in (alibaba_rules.STANDARDS, tencent_rules.STANDARDS, ucloud_rules.STANDARDS)
}
"""Vendor → its rules and prices."""


def standards_of(account: object) -> Standards | None:
    """What the reviewers of a configured account mind; a site of its own can have fewer rules.

    Args:
        account: its table in the configuration.
    """
    if getattr(account, "vendor", "") == "tencent" and getattr(account, "site", "") == "international":
        return tencent_rules.INTERNATIONAL_SITE
    return STANDARDS.get(getattr(account, "vendor", ""))


REASONS: Mapping[str, tuple[Phrase, ...]] = {
    "alibaba": alibaba_reasons.REASONS,
    "tencent": tencent_reasons.REASONS,
    "ucloud": ucloud_reasons.REASONS,
}
"""Vendor → how it alone words its reasons."""
