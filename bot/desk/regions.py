"""Whether a template can go to a number: at every vendor one is for the mainland or for abroad (facts of each)."""

from bot.contracts.errors import UserError
from bot.contracts.model import Words
from bot.contracts.numbers import mainland, masked
from bot.desk.context import Context

_ABROAD, _AT_HOME = Words("international=true", "国际=是"), Words("international=false", "国际=否")


def goes_to(international: bool | None, number: str) -> bool:
    """Whether something goes to a number; where nobody knows what it is for, the vendor says."""
    return international is None or international is not mainland(number)


def not_there(context: Context, account: str, name: str, number: str, *, bare: bool) -> UserError:
    """That it is for the others, and what goes there.

    Args:
        context: who sends.
        account: through which account.
        name: what the template is called.
        number: where it cannot go.
        bare: whether it is a text as it stands, without a template.
    """
    language = context.language
    told = {"name": name, "number": masked(number)}
    at_home = mainland(number)
    said = (
        language.text("{name} is for numbers abroad; {number} is in mainland China.", **told)
        if at_home
        else language.text("{name} is for numbers in mainland China; {number} is abroad.", **told)
    )
    messages = context.services.vendors[account].messages
    if bare or (messages is not None and messages.texts_abroad):
        why = language.text(
            "{account} sends texts as they stand abroad, and templates to the mainland alone.", account=account
        )
        return UserError(said, (why,), commands=(f"template list {account}" if at_home else f"send {account} text …",))
    why = language.text(
        "{account} has the two apart: the same text for the others is a template of its own.", account=account
    )
    other = language.pick(_AT_HOME if at_home else _ABROAD)
    return UserError(said, (why,), commands=(f"template submit {account} … {other}", f"template list {account}"))
