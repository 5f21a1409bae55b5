"""Ids of ours and of vendors pass every mask unchanged, though they look like a number; a number of a person never does.

Both chats post what `Post` holds, so this is said of what `Post` makes of a message, and of the log's mask.
"""

import ast
import re
from datetime import UTC
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.commands.command import Command
from bot.commands.parsing import parse
from bot.contracts.chat import Post
from bot.contracts.fields import FieldType, check_value
from bot.contracts.hushed import hushed, of_a_file, of_a_person
from bot.contracts.identifiers import KEYS
from bot.contracts.message import (
    SAY,
    Block,
    Button,
    Code,
    Commands,
    Exact,
    Items,
    Line,
    Link,
    Mention,
    Message,
    Part,
    Quote,
    Strong,
    Table,
    Text,
    Typed,
)
from bot.contracts.model import Actor, Incoming, Place
from bot.contracts.vocabulary import LINK, QUALIFICATION, VOCABULARY
from bot.desk.at_the_door import without_numbers
from bot.desk.clarify import has_a_number
from bot.running.logs import Redactor
from bot.wording.language import Language
from handlers import ROUTER
from tests.unit.commands.spoken import VOCABULARY as SPOKEN

NUMBER, LEFT = "13912345678", "139****5678"

IDS = (
    f"SMS_{NUMBER}",
    f"6F1E3B5A-7C2D-4E5F-8A9B-{NUMBER}a",
    f"f{NUMBER}-4E5F-8A9B",
    "C0DE8139-1234-5678-9ABC-0123456789AB",
    f"4f1e-{NUMBER}",
    f"{NUMBER}-4f1e",
    "139123456789^0",
    f"{NUMBER}^0",
    "330106199001011234^0",
    "2028:f825e6b16e23f73f4123",
    f"2028:f{NUMBER}a23",
    f"UTA{NUMBER}",
    f"SIG{NUMBER}AB",
    f"UTA{NUMBER}C85C",
    f"a3c{NUMBER}e9f0",
    "deadbeef330106199001011234",
    f"T_{NUMBER}_1",
    f"https://suda.example/o/{NUMBER}",
    f"https://suda.example/item-{NUMBER}.html",
    f"https://suda.example/item?id={NUMBER}&spm=1",
    f"http://suda.example:8080/{NUMBER}/detail",
    f"suda.example/o/{NUMBER}",
    f"https://suda.example/#/order/{NUMBER}",
    f"https://suda.example/订单/{NUMBER}",
    f"https://suda.example/%E8%AE%A2/{NUMBER}",
    f"cid6F+{NUMBER}/a==",
    f"qualification={NUMBER}",
    f"资质={NUMBER}",
    f"settle #5 submitted id={NUMBER}",
    f"落实 #5 已提交 编号={NUMBER}",
    f'letter="{NUMBER}"',
)
"""Of every vendor's shape, each with eleven digits in it that begin like a mobile number, or eighteen like an identity paper's."""

NUMBERS = (
    (f"订单{NUMBER}的", f"订单{LEFT}的"),
    (f"请打{NUMBER}。", f"请打{LEFT}。"),
    (f"tel{NUMBER}", f"tel{LEFT}"),
    (f"wx_{NUMBER}", f"wx_{LEFT}"),
    (f"张三_{NUMBER}", f"张三_{LEFT}"),
    (f"Tom-{NUMBER}", f"Tom-{LEFT}"),
    (f"2026-{NUMBER}", f"2026-{LEFT}"),
    ("abc 139 1234 5678 def", "abc 139****5678 def"),
    ("139.1234.5678", LEFT),
    ("139—1234—5678", LEFT),
    ("139\u00a01234\u00a05678", LEFT),
    (f"id: {NUMBER}", f"id: {LEFT}"),
    (f"微信id={NUMBER}", f"微信id={LEFT}"),
    ("id=330106199001011234", "id=…"),
    ("ID330106199001011234", "ID…"),
    (f"https://suda.example/tel/{NUMBER}", f"https://suda.example/tel/{LEFT}"),
    (f"https://suda.example/?phone={NUMBER}", f"https://suda.example/?phone={LEFT}"),
    (f"https://wa.me/86{NUMBER}", f"https://wa.me/86{LEFT}"),
    (f"https://suda.example/a，{NUMBER}", f"https://suda.example/a，{LEFT}"),
    (f"https://suda.example/a {NUMBER}", f"https://suda.example/a {LEFT}"),
    (f"1.{NUMBER}", f"1.{LEFT}"),
    (f"call+86{NUMBER}Tom", f"call+86{LEFT}Tom"),
    ("UK+447700900123", "UK+447****0123"),
    (f"https://suda.example/a电话{NUMBER}", f"https://suda.example/a电话{LEFT}"),
    (f"{NUMBER}@suda.example", f"{LEFT}@suda.example"),
    (f"_{NUMBER}_ *{NUMBER}*", f"_{LEFT}_ *{LEFT}*"),
)
"""Numbers of persons, each with something beside it that could make it look like an id."""


@pytest.mark.parametrize("text", IDS)
def test_an_id_stays(text: str) -> None:
    assert hushed(f"before {text} after") == f"before {text} after"
    assert hushed(f"即{text}，见控制台") == f"即{text}，见控制台"
    assert Redactor()(f'{{"event": "taken {text}"}}') == f'{{"event": "taken {text}"}}'


@pytest.mark.parametrize(("text", "left"), NUMBERS)
def test_a_number_goes(text: str, left: str) -> None:
    assert hushed(text) == left
    assert Redactor()(text) == left.replace("…", "***")


@pytest.mark.parametrize(
    "before",
    [
        "\\n",
        "\\t",
        "\\u7535\\u8bdd",
        "\\u7530",
        "\\xe8\\xaf\\x9d",
        "%E8%AF%9D",
        "%E8%AF%81%20",
        "电话",
        "\x1b[35m",
        "\\u001b[1;35m",
    ],
)
def test_what_is_written_out_before_a_number_hides_it_from_no_log(before: str) -> None:
    assert NUMBER not in Redactor()(f'{{"event": "{before}{NUMBER}"}}')
    assert "330106199001011234" not in Redactor()(f'{{"event": "{before}330106199001011234"}}')


def test_an_id_in_the_log_stays_as_it_is_called() -> None:
    for line in (f"taken account=aliyun ref={NUMBER}", f'{{"event": "taken", "ref": "{NUMBER}"}}'):
        assert Redactor()(line) == line
    assert LEFT in Redactor()(f'{{"event": "taken", "number": "{NUMBER}"}}')


def test_the_name_of_a_file_has_no_number_whatever_is_glued_to_it() -> None:
    for name in (f"{NUMBER}_front.png", f"IMG{NUMBER}.png", "id330106199001011234_x.png", f"wang{NUMBER}a.jpg"):
        assert not re.search(r"\d{9}", of_a_file(name))


@pytest.mark.parametrize(
    "text",
    [
        "0755-8612 3456",
        "(010)8888 8888",
        "021-61234567转8",
        "+86 571 8888 8888",
        "400-800-1234",
        "95588",
        "106575000000",
    ],
)
def test_a_landline_and_a_service_line_are_content(text: str) -> None:
    """Companies publish them, texts may name them, and nobody can tell whose they are (decision 0015)."""
    assert hushed(f"请致电{text}咨询") == f"请致电{text}咨询"
    assert not of_a_person("content", f"请致电{text}咨询")


# --- Properties ----------------------------------------------------------------------------------------------------------

mobiles = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)
identities = st.from_regex(
    r"[1-9][0-9]{5}(19|20)[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|[12][0-9])[0-9]{3}[0-9X]", fullmatch=True
)
figures = mobiles | identities.filter(lambda one: one.isdigit())
_hex = st.text(alphabet="0123456789abcdef", min_size=4, max_size=8)


def shaped(number: str, more: str) -> tuple[str, ...]:
    """A number within an id of every vendor's shape."""
    return (
        f"SMS_{number}",
        f"SMS_DIGITAL_{number}",
        f"{number}^0",
        f"{more}-{more}-{more}-a{number}",
        f"{more}-{number}b-{more}",
        f"2028:f{number}c{more}",
        f"UTA{number}",
        f"SIG{number}{more.upper()}",
        f"d{number}{more}",
        f"https://suda.example/{number}",
        f"https://suda.example/{more}?id={number}",
    )


ids = st.builds(shaped, figures, _hex).flatmap(st.sampled_from)
texts = st.text(alphabet="退订请打电话找张三，。：；（） \n", max_size=12)


def post(message: Message) -> Message:
    return Post(Place("slack", "C1"), message, "en", "k").message


def everywhere(said: str) -> Message:
    """A message that says a text in every field that has one."""
    line: Line = (said, Strong(said), Code(said), Mention("slack:U1", said), Link("https://x.example", said))
    blocks: tuple[Block, ...] = (
        Text(line),
        Quote(said),
        Items((line,)),
        Table((said,), ((line,),)),
        Text((Typed(said),)),
    )
    return Message(line, blocks=blocks, buttons=(Button("ack", "A5", said),))


@given(ids, texts, texts)
def test_ids_of_every_shape_pass_unchanged_in_any_field(one: str, before: str, after: str) -> None:
    message = everywhere(f"{before} {one} {after}")
    assert post(message) == message
    offered = Message(("x",), blocks=(Commands("Next", (f"show {one}",)),), buttons=(Button(SAY, f"show {one}", "x"),))
    assert post(offered) == offered


@given(mobiles | identities, texts, texts)
def test_numbers_of_persons_never_do(number: str, before: str, after: str) -> None:
    for spelled in (number, f"+86{number}", f"{number[:3]} {number[3:7]} {number[7:]}"):
        assume(len(number) == 11 or spelled is number)
        said = f"{before}{spelled}{after}"
        blocks = (Commands("Next", (f"trace {said}",)),)
        buttons = (Button(SAY, f"trace {said}", "x"), Button("ack", "A5", said))
        message = post(Message((said,), blocks=(*everywhere(said).blocks, *blocks), buttons=buttons))
        assert spelled not in str(message)
        assert [one.target for one in message.buttons] == ["A5"]
        assert not [one for one in message.blocks if isinstance(one, Commands)]
        assert number not in Redactor()(said)


@given(figures)
def test_what_is_marked_as_an_id_passes_though_nothing_else_tells_it(number: str) -> None:
    said = Exact(number)
    line = LANGUAGE.line("order {ref}, id `{ref}`, `id = {ref}` (order **x**)", ref=said)
    assert post(Message(line)).title == line
    assert "".join(_text(part) for part in line) == f"order {number}, id {number}, id = {number} (order x)"
    assert number not in str(post(Message(LANGUAGE.line("order {ref}, id `{ref}`", ref=number))))


LANGUAGE = Language("en", UTC)


def _text(part: Part) -> str:
    return part if isinstance(part, str) else getattr(part, "text", "")


def test_a_button_does_what_it_was_made_for() -> None:
    """Its action and target are ours; they are never shown, and a mask would make another button of it."""
    button = Button("settle", f"#5 {NUMBER}", "x", choices=((NUMBER, "x"),))
    link = Link(f"https://console.example/?tel={NUMBER}", "x")
    message = Message((link,), buttons=(button,))
    assert post(message) == message


# --- Read back -----------------------------------------------------------------------------------------------------------


@given(mobiles)
def test_a_command_with_an_id_that_is_offered_is_read_as_the_same(number: str) -> None:
    for offered in (
        f"settle #5 submitted id={number}",
        f"落实 #5 已提交 编号：{number}",
        f"sign submit aliyun 速达 qualification={number}",
        f"show SMS_{number}",
    ):
        incoming = Incoming(offered, Actor("slack", "U1"), Place("slack", "C1"), "o")
        assert without_numbers(incoming, ROUTER, SPOKEN) == incoming
        assert isinstance(parse(offered, ROUTER, SPOKEN), Command)


@pytest.mark.parametrize(
    ("said", "numbered"),
    [
        ("send aliyun SMS_100000001", False),
        (f"send aliyun SMS_{NUMBER}", False),
        ("send ucloud UTA20260102ABC code=1234", False),
        (f"send aliyun SMS_100000001 {NUMBER}", True),
        ("send aliyun SMS_100000001 139 1234 5678", True),
        (f"send aliyun tel{NUMBER}", True),
        ("send aliyun 登录 447700900123", True),
    ],
)
def test_a_question_is_kept_with_a_template_s_code_and_with_no_number(said: str, numbered: bool) -> None:
    assert has_a_number(said) is numbered


@given(mobiles)
def test_an_id_is_a_value_for_a_vendor_and_a_number_is_none(number: str) -> None:
    assert check_value(QUALIFICATION, "qualification", number) == (number, None)
    assert check_value(LINK, "link", f"https://suda.example/o/{number}")[1] is None
    assert check_value(LINK, "link", f"https://suda.example/?mobile={number}")[1] is not None
    assert of_a_person("remark", f"编号{number}")
    assert of_a_person("qualification", f"问{number}")


def test_the_keys_of_ids_are_those_that_are_declared() -> None:
    """Of every field that takes the id of something, but for a signature, whose id is its name."""
    declared = {
        name
        for field in VOCABULARY.values()
        if field.key != "sign"
        and (field.type is FieldType.REFERENCE or (field.type is FieldType.FILE and field.options))
        for name in (field.key, *field.aliases)
    }
    assert declared <= set(KEYS)


IDS_IN_TEXTS = ("ref", "order", "request_id", "serial")
"""How the places of texts are called into which an id of a vendor is put."""


def test_whoever_words_an_id_marks_it() -> None:
    """Else one that looks like a number by chance is masked; a line keeps the mark, a plain text has none."""
    unmarked = [
        f"{path.name}:{node.lineno} {keyword.arg}"
        for folder in ("bot", "handlers")
        for path in (ROOT / folder).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in ("line", "plural_line")
        for keyword in node.keywords
        if keyword.arg in IDS_IN_TEXTS and not (isinstance(keyword.value, ast.Call) and _name(keyword.value) == "Exact")
    ]
    assert not unmarked


def _name(call: ast.Call) -> str:
    return getattr(call.func, "id", "")


ROOT = Path(__file__).parents[3]
