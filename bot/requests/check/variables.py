"""What reviewers mind in the variables of a text: names, order, kinds, places. Pure."""

from bot.contracts.model import Kind, Words
from bot.contracts.rules import EVERY_TYPE, Example, Hit, Minds, Rule
from bot.requests.check.generic import told
from bot.requests.check.kinds import kind_of_variable, parts
from bot.requests.check.reading import VARIABLE, Reading, Span, Variable, pattern

_ANYWHERE = frozenset({"domestic", "international"})

NAME = r"[A-Za-z][A-Za-z0-9_]*"


def renamed(content: str, old: str, new: str) -> str:
    """A text with one variable of another name."""
    return content.replace("${" + old + "}", "${" + new + "}")


def _fresh(content: str, wanted: str) -> str:
    """A name that the text does not have yet."""
    name, number = wanted, 2
    while "${" + name + "}" in content:
        name, number = f"{wanted.rstrip('0123456789')}{number}", number + 1
    return name


def _hit(variable: Variable, fix: str | None = None) -> tuple[Hit, ...]:
    return (Hit("content", variable.start, variable.end, fix, variable.name),)


def _only(reading: Reading, minds: Minds) -> tuple[Hit, ...]:
    if reading.text.variables and not pattern(r"[^\W_]").search(reading.fixed):
        return (Hit("content", 0, len(reading.draft.content)),)
    return ()


def _little(reading: Reading, minds: Minds) -> tuple[Hit, ...]:
    if not reading.fixed.strip() or not pattern(r"[^\W_]").search(reading.fixed):
        return ()
    count = len(reading.text.variables)
    if told(reading.fixed) < (4 if count < 3 else 2 * count):
        return (Hit("content", 0, len(reading.draft.content)),)
    return ()


def _adjacent(reading: Reading, minds: Minds) -> tuple[Hit, ...]:
    found = pattern(r"(\$\{[^{}$]*\})\s*(?=\$\{[^{}$]*\})").search(reading.draft.content)
    if not found:
        return ()
    fixed = pattern(r"(\$\{[^{}$]*\})\s*(?=\$\{[^{}$]*\})").sub(r"\1，", reading.draft.content)
    end = reading.draft.content.index("}", found.end()) + 1
    return (Hit("content", found.start(), end, fixed),)


def host(link: str) -> str:
    """The host of a link as it stands in a folded text."""
    return pattern(r"^(?:https?|ftp)\s*:\s*//").sub("", link).partition("/")[0].partition("?")[0].partition("#")[0]


def _in_host(reading: Reading, minds: Minds) -> tuple[Hit, ...]:
    for link in reading.links:
        name = host(link.text)
        if VARIABLE in name and name.strip(VARIABLE):
            return (Hit("content", link.start, link.end),)
    return ()


def _path(reading: Reading, minds: Minds) -> tuple[Hit, ...]:
    for link in reading.links:
        if VARIABLE not in host(link.text) and VARIABLE in link.text and not _is_short(link):
            return (Hit("content", link.start, link.end),)
    return ()


_SHORT = (
    r"(?:t|url|dwz|suo|sina|bit|is|v|s|u|m|c|i|a|d|w|q|z|y|x|r|g|h|j|k|l|n|p|f|b|e|o|sourl|tb|jd|mtw|tinyurl|goo|ow|t2m|"
    r"rrd|mrw|985|6du|dlj|tny|fx|kz|9m|0x)\.(?:cn|im|ly|co|cc|me|gd|so|to|gl|tk|cx|in|fun|vip|sg|top|link|com)$|[a-z0-9]{1,4}\.(?:cn|cc|im|ly|co|gd|so|to|tk|cx)$"
)


def _is_short(link: Span) -> bool:
    return pattern(_SHORT).match(host(link.text)) is not None


def _short_plus(reading: Reading, minds: Minds) -> tuple[Hit, ...]:
    for link in reading.links:
        if _is_short(link) and VARIABLE in link.text:
            return (Hit("content", link.start, link.end),)
        if _is_short(link) and reading.text.text[_behind(reading, link) :].startswith(VARIABLE):
            return (Hit("content", link.start, link.end),)
    return ()


def _behind(reading: Reading, link: Span) -> int:
    return reading.text.text.find(link.text) + len(link.text)


_LINKED = frozenset(
    {"link", "url", "href", "uri", "links", "urls", "website", "webpage", "lianjie", "wangzhi", "shorturl", "shortlink"}
)
_INVITES = (
    r"(?:链接|网址|地址栏|官网|网站|网页|url|link|http)[:是为]?\s*$|"
    r"(?:点击|点此|点开|戳|猛戳|(?<![地站起终网景焦重热观疑优难特缺要节据])点|打开|访问|浏览|登录网址|下载地址|查看地址)[^,。;!?\d]{0,6}[:]?\s*$|(?:下载|查看|详情)(?:链接|网址|地址)[:]?\s*$|https?://\s*$"
)


def _whole_link(reading: Reading, minds: Minds) -> tuple[Hit, ...]:
    text = reading.text.text
    for one in reading.text.variables:
        words = parts(one.name)
        if any(
            link.start < one.end and one.start < link.end and link.text.strip(VARIABLE + ":/htps")
            for link in reading.links
        ):
            continue
        kind = reading.value(f"kind.{one.name}")
        named = bool(_LINKED & set(words)) or one.name.lower() in _LINKED or one.name.lower().endswith(("url", "link"))
        sample = reading.value(f"sample.{one.name}").lower().startswith(("http://", "https://", "www."))
        if named or sample or (kind != "link_param" and pattern(_INVITES).search(text[: one.at])):
            return _hit(one)
    return ()


def _in_number(reading: Reading, minds: Minds) -> tuple[Hit, ...]:
    found = reading.text.first(
        rf"(?<![\d.])(?:1[3-9]\d{{1,9}}|0\d{{2,3}}-?\d{{0,8}}|[48]00-?\d{{0,7}}|9[56]\d{{2,5}}|\+?86-?\d*)-?{VARIABLE}",
        rf"{VARIABLE}-?\d{{4,}}(?![\d.]|年|元|%)",
        rf"(?:电话|手机|致电|热线|拨打|号码)[:是为]?\s*\d{{2,}}-?{VARIABLE}",
    )
    return (Hit("content", found.start, found.end),) if found else ()


_INSTEAD = {"email": "mail_address", "mobile": "phone_number", "id": "item_no", "nick": "nickname", "site": "place"}


def _forbidden(reading: Reading, minds: Minds) -> tuple[Hit, ...]:
    content = reading.draft.content
    for one in reading.text.variables:
        if one.name.lower() in minds.words:
            return _hit(one, renamed(content, one.name, _fresh(content, _INSTEAD.get(one.name.lower(), "value"))))
    return ()


def _bad_name(reading: Reading, minds: Minds) -> tuple[Hit, ...]:
    content = reading.draft.content
    for one in reading.text.variables:
        if not pattern(NAME).fullmatch(one.name):
            kept = pattern(r"^[^A-Za-z]+|[^A-Za-z0-9_]").sub("", one.name) or "value"
            return _hit(one, renamed(content, one.name, _fresh(content, kept)))
    return ()


def _repeated(reading: Reading, minds: Minds) -> tuple[Hit, ...]:
    content = reading.draft.content
    seen: set[str] = set()
    first: Variable | None = None
    for one in reading.text.variables:
        if one.name in seen and first is None:
            first = one
        seen.add(one.name)
    if first is None:
        return ()
    taken, done = set(seen), set[str]()
    pieces: list[str] = []
    at = 0
    for one in reading.text.variables:
        name, number = one.name, 2
        while one.name in done and name in taken:
            name, number = f"{one.name}{number}", number + 1
        taken.add(name)
        done.add(one.name)
        pieces += [content[at : one.start], "${" + name + "}"]
        at = one.end
    return _hit(first, "".join(pieces) + content[at:])


def _rule(
    slug: str, title: Words, says: Words, find: object, bad: Example, good: Example, **more: object
) -> Rule[Reading]:
    return Rule(slug, Kind.TEMPLATE, title, says, find, bad, good, **more)  # type: ignore[arg-type]


_GOOD = Example("您的订单${order_no}已发货，快递单号${tracking_no}。")
_NOT_CODES = frozenset({"notice", "promo", ""})

RULES: tuple[Rule[Reading], ...] = (
    _rule(
        "variables-only",
        Words("nothing but variables", "只有变量"),
        Words("A text needs fixed words that tell what it is about.", "内容不能只有变量，须有说明业务的固定文字。"),
        _only,
        Example("${title}：${content}"),
        _GOOD,
        regions=_ANYWHERE,
    ),
    _rule(
        "too-little-fixed-text",
        Words("fixed text", "固定文字太少"),
        Words(
            "The fixed words do not tell what it is about; write out all that stays the same.",
            "固定文字看不出内容，请尽量写成固定文字，少用变量。",
        ),
        _little,
        Example("您好，${content}"),
        _GOOD,
        types=_NOT_CODES,
    ),
    _rule(
        "two-variables-adjacent",
        Words("variables side by side", "变量相邻"),
        Words("Between two variables stand words or a mark.", "两个变量之间须有文字或标点。"),
        _adjacent,
        Example("您的会议${day}${hour}开始，请准时参加。"),
        _GOOD,
        regions=_ANYWHERE,
        types=EVERY_TYPE,
    ),
    _rule(
        "variable-inside-link",
        Words("variable in the host of a link", "域名中有变量"),
        Words("The host of a link is fixed text.", "链接的域名须为固定文字。"),
        _in_host,
        Example("请登录www.${place}.com查看订单。"),
        Example("请登录www.example.com查看订单。"),
    ),
    _rule(
        "variable-link-path",
        Words("variable in the path of a link", "链接路径中有变量"),
        Words("Links that are fixed from end to end pass everywhere.", "完整固定的链接更容易通过。"),
        _path,
        Example("物流查询：https://www.example.com/q/${no}"),
        Example("物流查询：https://www.example.com/q"),
    ),
    _rule(
        "link-in-variable",
        Words("whole link as a variable", "变量传入链接"),
        Words(
            "A variable may not carry a link; write the link as fixed text.", "变量不能传入链接，请将链接写成固定文字。"
        ),
        _whole_link,
        Example("您的账单已出，点击查看：${url}"),
        Example("您的账单已出，请登录官网查看。"),
    ),
    _rule(
        "short-link-plus-variable",
        Words("short link and variable", "短链接加变量"),
        Words("A short link is fixed text; only a whole domain may have a variable path.", "短链接后不能接变量。"),
        _short_plus,
        Example("查看详情 t.cn/R9${path}"),
        Example("查看详情 www.example.com/order"),
    ),
    _rule(
        "variable-inside-number",
        Words("variable in a telephone number", "号码中有变量"),
        Words("Write telephone numbers out in full.", "电话号码须完整书写，不能用变量代替其中几位。"),
        _in_number,
        Example("司机电话139${tail}，请注意接听。"),
        Example("尾号${tail}的订单已发货。"),
    ),
    _rule(
        "forbidden-variable-name",
        Words("name of a variable", "变量名不可用"),
        Words("The vendor keeps these names for itself; take another.", "平台不接受该变量名，请更换。"),
        _forbidden,
        Example("您的预约已确认，联系人${mobile}。"),
        _GOOD,
        regions=_ANYWHERE,
    ),
    _rule(
        "bad-variable-name",
        Words("name of a variable", "变量名不规范"),
        Words(
            "A variable's name begins with a letter and has letters, digits and underscores.",
            "变量名须以字母开头，仅含字母、数字和下划线。",
        ),
        _bad_name,
        Example("尊敬的${1st}，您的资料已审核通过。"),
        _GOOD,
        regions=_ANYWHERE,
        declared="content",
    ),
    _rule(
        "repeated-variable",
        Words("same variable twice", "变量重复"),
        Words(
            "Each variable stands once; give the second a name of its own.", "同一变量只能出现一次，第二处请另取名。"
        ),
        _repeated,
        Example("订单${no}已支付，订单${no}预计今日送达。"),
        _GOOD,
        regions=_ANYWHERE,
    ),
    _rule(
        "variable-kind-wrong",
        Words("kind of a variable", "变量属性不符"),
        Words(
            "The declared kind does not fit what the variable carries; `others` takes free text.",
            "变量属性与内容不符；自由文本请选 others。",
        ),
        kind_of_variable,
        Example("您的工单有更新：${content}，请查看。", values=(("kind.content", "money"),)),
        Example("您的工单有更新：${content}，请查看。", values=(("kind.content", "others"),)),
        regions=_ANYWHERE,
    ),
)
