"""What UCloud calls back with (facts 6): an object with `MsgType` and `Data`; nothing of reviews."""

from collections.abc import Iterator

from integrations.sandbox.phones import Phones
from integrations.sandbox.postman import Letter
from integrations.sandbox.ucloud.messages import row
from integrations.sandbox.world_time import unix


def letters(phones: Phones) -> Iterator[Letter]:
    """Yield all that is to be pushed by now."""
    for sms in phones.received("ucloud"):
        body = {"MsgType": 2, "Data": [{"SessionNo": sms.message, **row(sms)}]}
        yield Letter(f"ucloud-report:{sms.serial}", "ucloud", "report", body)
    for one in phones.answered("ucloud"):
        said = {"ExtendCode": "", "Phone": one.number, "ReplyContent": one.text, "ReplyTime": unix(one.at)}
        yield Letter(f"ucloud-reply:{one.serial}", "ucloud", "reply", {"MsgType": 0, "Data": [said]})
