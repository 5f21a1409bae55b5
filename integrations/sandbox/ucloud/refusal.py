"""How UCloud's actions refuse."""


class RefusalError(Exception):
    """A call is refused with a RetCode (facts 1.6).

    Attributes:
        code: Such as 18001.
        text: The message.
    """

    def __init__(self, code: int, text: str) -> None:
        super().__init__(f"{code}: {text}")
        self.code = code
        self.text = text


MISSING = 18001
BAD_FORMAT = 18002
INVALID = 18003
NO_SIGNATURE = 18016
NO_TEMPLATE = 18017
"""Facts 1.6. UCloud publishes no codes for review submissions, so these are the nearest ones."""
