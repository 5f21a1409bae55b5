"""The code that Alibaba Cloud sends to the administrator of a qualification (facts 3.1)."""

from integrations.alibaba.calls import Calls
from integrations.alibaba.qualifications import Verified
from integrations.alibaba.wire import Answer


class Codes:
    """Codes of an account; keeps the contract `bot.contracts.codes.Verifying`.

    Args:
        calls: of the account: the code must be asked for with the account that submits (facts 3.1).
    """

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    async def send(self, phone: str) -> None:
        """RequiredPhoneCode."""
        await self._calls.write("RequiredPhoneCode", {"PhoneNo": phone}, Answer)

    async def check(self, phone: str, code: str) -> bool:
        """ValidPhoneCode: true, false, or a refusal in words that says the same."""
        answer = await self._calls.read("ValidPhoneCode", {"PhoneNo": phone, "CertifyCode": code}, Verified)
        return answer.Data != "false"
