"""The company of a signature and its short forms. Pure."""

from bot.requests.check.reading import pattern

_LEGAL_FORM = r"(?:股份)?有限(?:责任)?公司$|股份公司$|公司$|集团$"


def short_form(company: str, longest: int = 12) -> str:
    """The name on the papers as a signature: whole where it fits, otherwise without its legal form, and its head.

    Args:
        company: as on the licence.
        longest: characters.
    """
    if len(company) <= longest:
        return company
    short = pattern(_LEGAL_FORM).sub("", company)
    if len(short) > longest:
        short = pattern(r"^(?:.{2,3}(?:省|自治区))?(?:.{2,4}市)?(?:.{2,3}[区县])?").sub("", short, count=1)
    return short if 3 < len(short) <= longest else ""


def in_order(short: str, whole: str) -> bool:
    """Whether all characters of a short form stand in the whole in this order."""
    rest = iter(whole)
    return bool(short) and all(one in rest for one in short)
