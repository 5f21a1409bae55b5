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


_OF_SITES: Mapping[tuple[str, str], Standards] = {
    ("tencent", "international"): tencent_rules.INTERNATIONAL_SITE,
    ("alibaba", "international"): Standards("alibaba", ()),  # its console reviews, and prices are by the country
}
"""Vendor and site → its rules, where it has fewer of them."""


def standards_of(account: object) -> Standards | None:
    """What the reviewers of a configured account mind; a site of its own can have fewer rules.

    Args:
        account: its table in the configuration; where it overrules our reading of a limit, the rule has that one.
    """
    from integrations.ucloud.config import (
        Account,  # here: `signpost lint` reads no configuration, and starts without it
    )

    if isinstance(account, Account):
        return ucloud_rules.of_length(account.unconfirmed.longest_signature)
    vendor = str(getattr(account, "vendor", ""))
    return _OF_SITES.get((vendor, str(getattr(account, "site", "")))) or STANDARDS.get(vendor)


REASONS: Mapping[str, tuple[Phrase, ...]] = {
    "alibaba": alibaba_reasons.REASONS,
    "tencent": tencent_reasons.REASONS,
    "ucloud": ucloud_reasons.REASONS,
}
"""Vendor → how it alone words its reasons."""
