"""What is minded in a digital template: what it is made of, and its words. Pure.

Its files are seen by their media types only (`Draft.media`); what is not known is not minded.
"""

import re

from bot.contracts import parts
from bot.contracts.model import Kind, Words
from bot.contracts.rules import Example, Hit, Minds, Rule
from bot.contracts.variants import DIGITAL
from bot.requests.check.reading import STANDARD_OPT_OUT, Reading

TYPES = frozenset({DIGITAL})
"""The type of template that these are about."""

_BRACKETS = re.compile(r"[\[\]]")
_ENDED = re.compile(r"(?:拒收|退订)[^\n]{0,4}回复?\s*[RＲr]\s*[。.!！]?\s*$")


def _alone(reading: Reading, minds: Minds) -> tuple[Hit, ...]:
    media = reading.draft.media
    if media is None or not media:  # none at all is missing, which the field says
        return ()
    return () if any(one.startswith(("image/", "video/")) for one in media) else (Hit(parts.MEDIA),)


def _films(reading: Reading, minds: Minds) -> tuple[Hit, ...]:
    films = sum(one.startswith("video/") for one in reading.draft.media or ())
    return (Hit(parts.MEDIA),) if films > minds.most else ()


def _frames(reading: Reading, minds: Minds) -> tuple[Hit, ...]:
    content, media = reading.draft.content, reading.draft.media
    if media is None or not content:
        return ()
    texts = len(
        [one for one in re.split(r"(?m)^[ \t\u3000]*[(（][ \t]*[0-9０-９]{1,2}[ \t]*[)）].*$", content) if one.strip()]
    )
    return (Hit(parts.MEDIA),) if len(media) + texts > minds.most else ()


def _name(reading: Reading, minds: Minds) -> tuple[Hit, ...]:
    name = reading.draft.name
    return (Hit("name", minds.most, len(name)),) if len(name) > minds.most else ()


def _letters(reading: Reading, minds: Minds) -> tuple[Hit, ...]:
    name = reading.draft.name
    return (Hit("name", 0, len(name)),) if re.fullmatch(r"[A-Za-z]+", name) else ()


def _brackets(reading: Reading, minds: Minds) -> tuple[Hit, ...]:
    content = reading.draft.content
    found = _BRACKETS.search(content)
    return (Hit("content", found.start(), found.end(), _BRACKETS.sub("", content)),) if found else ()


def _opt_out(reading: Reading, minds: Minds) -> tuple[Hit, ...]:
    content = parts.words(reading.draft.content)
    if not content or _ENDED.search(content):
        return ()
    whole = reading.draft.content.rstrip()
    joint = (
        "" if whole.endswith(tuple("。！!？?；，,~～）)")) else "\n" if parts.placed(whole.splitlines()[-1]) else "，"
    )
    return (Hit("content", fix=f"{whole}{joint}{STANDARD_OPT_OUT}"),)


def _variables(reading: Reading, minds: Minds) -> tuple[Hit, ...]:
    found = reading.text.variables
    names = list(dict.fromkeys(one.name for one in found))
    if len(names) > minds.most:
        over = next(one for one in found if one.name == names[minds.most])
        return (Hit("content", over.start, over.end),)
    long = next((one for one in found if len(one.name) > LONGEST_NAME), None)
    return (Hit("content", long.start, long.end),) if long else ()


LONGEST_NAME = 20
"""Characters of a variable ("each 1 to 20 characters", help: digital SMS template specifications)."""


def _rule(slug: str, title: Words, says: Words, find: object, bad: Example, good: Example) -> Rule[Reading]:
    return Rule(slug, Kind.TEMPLATE, title, says, find, bad, good, types=TYPES)  # type: ignore[arg-type]


def _example(text: str, *media: str) -> Example:
    return Example(text, DIGITAL, (("media", ",".join(media)),) if media else ())


_TEXT = "新品上市，到店有礼。拒收请回复R"

RULES: tuple[Rule[Reading], ...] = (
    Rule(
        "digital-signature-only-letters",
        Kind.SIGNATURE,
        Words("letters alone", "签名仅含英文字母"),
        Words("A digital signature is not made of letters alone.", "数字短信签名不能仅由英文字母组成。"),
        _letters,
        Example("Suda", DIGITAL),
        Example("速达科技", DIGITAL),
        types=TYPES,
    ),
    _rule(
        "digital-without-picture",
        Words("neither picture nor film", "缺少图片或视频"),
        Words("A digital message has a picture or a film beside its text.", "数字短信须在文字之外包含图片或视频。"),
        _alone,
        _example(_TEXT, "audio/mpeg"),
        _example(_TEXT, "image/png", "audio/mpeg"),
    ),
    _rule(
        "digital-several-films",
        Words("more than one film", "视频超过一个"),
        Words("A digital template has one film at most.", "数字短信模板最多包含一个视频。"),
        _films,
        _example(_TEXT, "video/mp4", "video/mp4"),
        _example(_TEXT, "video/mp4", "image/png"),
    ),
    _rule(
        "digital-too-many-frames",
        Words("too many frames", "帧数过多"),
        Words("Texts and files together are nine frames at most.", "文字与素材合计最多 9 帧。"),
        _frames,
        _example(_TEXT, *["image/png"] * 9),
        _example(_TEXT, *["image/png"] * 8),
    ),
    _rule(
        "digital-name-too-long",
        Words("name of a digital template", "数字短信模板名称过长"),
        Words("The name of a digital template has 20 characters at most.", "数字短信模板名称最多 20 个字。"),
        _name,
        Example(_TEXT, DIGITAL, (("name", "新品上市" * 6),)),
        Example(_TEXT, DIGITAL, (("name", "新品上市"),)),
    ),
    _rule(
        "digital-brackets",
        Words("square brackets", "方括号"),
        Words("The text of a digital message has no [ and no ].", "数字短信文本中不能含“[”“]”。"),
        _brackets,
        _example(f"[新品]{_TEXT}"),
        _example(_TEXT),
    ),
    _rule(
        "digital-without-optout",
        Words("opt-out at the end", "缺少退订方式"),
        Words("The text of a digital message ends with 拒收请回复R.", "数字短信文本须以“拒收请回复R”结尾。"),
        _opt_out,
        _example("新品上市，到店有礼。"),
        _example(_TEXT),
    ),
    _rule(
        "digital-variables",
        Words("variables of a digital template", "数字短信变量过多或过长"),
        Words(
            "A digital template has three variables at most, each with a name of 1 to 20 characters.",
            "数字短信模板最多 3 个变量，每个变量名 1～20 个字符。",
        ),
        _variables,
        _example("${a}您好，${b}于${c}开业，地址${d}。拒收请回复R"),
        _example("${name}您好，${shop}于${day}开业。拒收请回复R"),
    ),
)
