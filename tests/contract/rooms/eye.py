"""What is the same to the eye, and what steers a display unseen."""

import re
import unicodedata

_LOOK_ALIKES = str.maketrans("∗［］ˋ＜＞～｜＼＿", "*[]`<>~|\\_")
_LINE_END = re.compile("\r\n|[\r\n\t\v\f\x85\u2028\u2029]")
_UNSEEN = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2065\u3164\ufe00-\ufe0f\uffa0\ufff0-\ufff8\U000e0000-\U000e0fff]"
)


def fold(text: str) -> str:
    """A text as the eye has it: look-alikes are one, spaces are one, what cannot be seen is nothing."""
    text = _LINE_END.sub(" ", text).translate(_LOOK_ALIKES)
    text = "".join(char for char in text if unicodedata.category(char) not in ("Cc", "Cf", "Cs"))
    return " ".join(_UNSEEN.sub("", text).split())


def steering(text: str) -> list[str]:
    """The characters of a text that steer a display: controls, marks of direction, halves."""
    apart = {"\n", "\u200b"}  # the second has no width, and DingTalk's texts need it
    return [char for char in text if char not in apart and unicodedata.category(char) in ("Cc", "Cf", "Cs")]
