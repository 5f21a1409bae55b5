"""How Alibaba's operations refuse."""


class RefusalError(Exception):
    """A call is refused with a documented code.

    Attributes:
        code: Such as `SignName.Exists` (facts 1.3, 2.8, 3.6, 4.6).
        text: The message.
        status: HTTP status; 400 unless the facts note another.
    """

    def __init__(self, code: str, text: str, *, status: int = 400) -> None:
        super().__init__(f"{code}: {text}")
        self.code = code
        self.text = text
        self.status = status
