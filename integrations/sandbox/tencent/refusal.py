"""How Tencent's actions refuse."""


class RefusalError(Exception):
    """A call is refused with a documented dotted code (facts 1.5, 5.3).

    Attributes:
        code: Such as `InvalidParameterValue.ImageInvalid`.
        text: The message.
    """

    def __init__(self, code: str, text: str) -> None:
        super().__init__(f"{code}: {text}")
        self.code = code
        self.text = text
