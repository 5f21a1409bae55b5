"""The question of a dialogue, and what is said around it, as a reader of either language sees it."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta

import pytest
from inline_snapshot import snapshot

from bot.contracts.fields import Field, When
from bot.contracts.message import Line, Message
from bot.contracts.model import Actor, Kind, Place, Question, Words
from bot.contracts.vendor import Option
from bot.contracts.vocabulary import (
    CONTENT,
    LETTER,
    LINK,
    NAME,
    PAPER,
    PURPOSE,
    QUALIFICATION,
    REMARK,
    SAMPLE,
    SIGN,
    SOURCE,
    TYPE,
)
from bot.desk.asking import Pairing, copied, forgotten, noted, question, reminder, subject, taken_back
from bot.desk.filling import Filling, Step
from bot.requests.prepare import Prepared
from bot.wording.language import Language
from tests.given import MONDAY
from tests.reading import CHINESE, ENGLISH, in_both, line, shown

HERE = (NAME, SOURCE, PURPOSE, QUALIFICATION, PAPER, LETTER, REMARK)
FIELDS: Mapping[str, tuple[Field, ...]] = {"aliyun": HERE, "tencent": (NAME, SOURCE, LINK)}
WHO = Actor("slack", "U1", name="Ann")


def item(account: str, *missing: Field, **more: object) -> Prepared:
    bare = Prepared(account, {"name": "速达物流"}, {}, (), missing)
    return replace(bare, **more)  # type: ignore[arg-type]


def asked(*prepared: Prepared, fields: Mapping[str, tuple[Field, ...]] = FIELDS, **more: object) -> str:
    """The question in both languages."""

    def in_one(language: Language) -> Message:
        return question(language, Kind.SIGNATURE, "速达物流", prepared, fields, **more)  # type: ignore[arg-type]

    return "\n".join(shown(in_one(language)) for language in (ENGLISH, CHINESE))


def both(worded: Callable[[Language], Line]) -> list[str]:
    return [line(worded(language)) for language in (ENGLISH, CHINESE)]


# --- The question ------------------------------------------------------------------------------------------------------


def test_several_things_of_one_account() -> None:
    one = item(
        "aliyun", SOURCE, QUALIFICATION, PAPER, values={"name": "速达物流", "remark": "x"}, defaulted=("remark",)
    )
    options = (("qualification", (Option("1", "速达科技"), Option("2", "2"), Option("3", "旧", usable=False))),)
    assert asked(replace(one, options=options)) == snapshot("""\
3 more to fill in for **signature 速达物流 · aliyun**
- 1. **Source of the name**: 1 company name  2 app  3 website  4 official account or mini program  5 trademark  6 government or institution
- 2. **Qualification**: 1 速达科技, 2
- 3. **Papers**: a file, jpg, png, up to 4 MB. The business licence or the certificate that proves the name.
- Filled in: `remark` x
Answer one by one, the first one first. `summary` shows everything, `back` takes the last answer back, `cancel` gives up.
Or all at once: copy these lines, fill them in and send them back:
source:
qualification:

还差 3 项就可以提交 **签名 速达物流 · aliyun**
- 1. **签名来源**：1 企业名称  2 应用  3 网站  4 公众号或小程序  5 商标  6 政府机关或事业单位
- 2. **资质**：1 速达科技、2
- 3. **证明文件**：文件，jpg、png，不超过 4 MB。营业执照或可证明名称的证书。
- 已自动填写：`说明` x
请从第一项起逐项回答。`汇总` 查看全部，`返回` 撤回上一个回答，`取消` 放弃。
也可以一次答完：复制下面几行，填好后发回：
来源：
资质：
""")


def test_one_thing_that_decides_nothing_more_is_the_last() -> None:
    assert asked(item("aliyun", REMARK)) == snapshot("""\
1 more to fill in for **signature 速达物流 · aliyun**
- 1. **Note to the reviewer**: What it is for and where it is live; a web address helps.
With this answer it is submitted:
- **Accounts**: aliyun
- **Name**: 速达物流
Type the answer. `back` takes the last answer back, `cancel` gives up.

还差 1 项就可以提交 **签名 速达物流 · aliyun**
- 1. **说明**：用途与上线情况，附网址更容易通过。
填好这一项就会提交：
- **账号**：aliyun
- **名称**：速达物流
请直接回答。`返回` 撤回上一个回答，`取消` 放弃。
""")


def test_one_thing_that_decides_whether_more_is_asked() -> None:
    fields = {"aliyun": (NAME, SOURCE, replace(LINK, shown=When("source", ("website",))))}
    assert asked(item("aliyun", SOURCE), fields=fields) == snapshot("""\
1 more to fill in for **signature 速达物流 · aliyun**
- 1. **Source of the name**: 1 company name  2 app  3 website  4 official account or mini program  5 trademark  6 government or institution
With this answer it is submitted, unless it asks for more:
- **Accounts**: aliyun
- **Name**: 速达物流
Type the answer. `back` takes the last answer back, `cancel` gives up.

还差 1 项就可以提交 **签名 速达物流 · aliyun**
- 1. **签名来源**：1 企业名称  2 应用  3 网站  4 公众号或小程序  5 商标  6 政府机关或事业单位
回答这一项后即提交，除非因此还需要别的：
- **账号**：aliyun
- **名称**：速达物流
请直接回答。`返回` 撤回上一个回答，`取消` 放弃。
""")


def test_a_file_alone() -> None:
    assert {
        "as usual": asked(item("aliyun", PAPER)),
        "with a code": asked(item("aliyun", PAPER), pairing=Pairing("4711")),
        "to whoever is not served one to one": asked(item("aliyun", PAPER), pairing=Pairing("")),
    } == snapshot(
        {
            "as usual": """\
1 more to fill in for **signature 速达物流 · aliyun**
- 1. **Papers**: a file, jpg, png, up to 4 MB. The business licence or the certificate that proves the name.
With this answer it is submitted:
- **Accounts**: aliyun
- **Name**: 速达物流
Send the file. `back` takes the last answer back, `cancel` gives up.

还差 1 项就可以提交 **签名 速达物流 · aliyun**
- 1. **证明文件**：文件，jpg、png，不超过 4 MB。营业执照或可证明名称的证书。
填好这一项就会提交：
- **账号**：aliyun
- **名称**：速达物流
请发送文件。`返回` 撤回上一个回答，`取消` 放弃。
""",
            "with a code": """\
1 more to fill in for **signature 速达物流 · aliyun**
- 1. **Papers**: a file, jpg, png, up to 4 MB. The business licence or the certificate that proves the name.
Files do not reach me in a group: send it to me one to one, with the code `4711`. A picture can also come in one message with the mention, or be quoted with one.
With this answer it is submitted:
- **Accounts**: aliyun
- **Name**: 速达物流
Send the file. `back` takes the last answer back, `cancel` gives up.

还差 1 项就可以提交 **签名 速达物流 · aliyun**
- 1. **证明文件**：文件，jpg、png，不超过 4 MB。营业执照或可证明名称的证书。
群里的文件我收不到：请私聊发给我，配对码 `4711`。图片也可以和 @我 放在同一条消息里，或引用图片再 @我。
填好这一项就会提交：
- **账号**：aliyun
- **名称**：速达物流
请发送文件。`返回` 撤回上一个回答，`取消` 放弃。
""",
            "to whoever is not served one to one": """\
1 more to fill in for **signature 速达物流 · aliyun**
- 1. **Papers**: a file, jpg, png, up to 4 MB. The business licence or the certificate that proves the name.
Files do not reach me in a group: put the picture into one message with the mention, or quote it with one.
With this answer it is submitted:
- **Accounts**: aliyun
- **Name**: 速达物流
Send the file. `back` takes the last answer back, `cancel` gives up.

还差 1 项就可以提交 **签名 速达物流 · aliyun**
- 1. **证明文件**：文件，jpg、png，不超过 4 MB。营业执照或可证明名称的证书。
群里的文件我收不到：请把图片和 @我 放在同一条消息里，或引用图片再 @我。
填好这一项就会提交：
- **账号**：aliyun
- **名称**：速达物流
请发送文件。`返回` 撤回上一个回答，`取消` 放弃。
""",
        }
    )


def test_several_accounts() -> None:
    here = item("aliyun", REMARK, values={"name": "速达物流", "qualification": "1"}, defaulted=("qualification",))
    there = item("tencent", LINK, values={"name": "速达物流", "qualification": "2"}, defaulted=("qualification",))
    assert asked(here, there) == snapshot("""\
2 more to fill in for **signature 速达物流 · aliyun, tencent**
- 1. **Note to the reviewer** (aliyun): What it is for and where it is live; a web address helps.
- 2. **Link** (tencent): The page, shop or site where the name or text is used.
- Filled in for aliyun: `qualification` 1
- Filled in for tencent: `qualification` 2
Answer one by one, the first one first. `summary` shows everything, `back` takes the last answer back, `cancel` gives up.
`skip` leaves out the vendors that want the first one; they are kept as drafts.
Or all at once, and it is submitted: copy these lines, fill them in and send them back:
remark:
link:

还差 2 项就可以提交 **签名 速达物流 · aliyun、tencent**
- 1. **说明**（aliyun）：用途与上线情况，附网址更容易通过。
- 2. **链接**（tencent）：使用该名称或内容的页面或商店链接。
- 已为 aliyun 自动填写：`资质` 1
- 已为 tencent 自动填写：`资质` 2
请从第一项起逐项回答。`汇总` 查看全部，`返回` 撤回上一个回答，`取消` 放弃。
`跳过` 会略过需要第一项的平台，它们保留为草稿。
也可以一次答完，答完即提交：复制下面几行，填好后发回：
说明：
链接：
""")


def test_why_only_some_vendors_ask_for_it() -> None:
    why = replace(LINK, why=Words("Tencent opens it.", "腾讯云会打开查看。"))
    some, all_of_them = (asked(item("aliyun", *more), item("tencent", why)) for more in ((REMARK,), (why,)))
    assert "Tencent opens it." in some
    assert "腾讯云会打开查看。" in some
    assert "Tencent opens it." not in all_of_them
    assert " 腾讯云" not in some


def test_what_was_filled_in_reads_as_in_the_summary() -> None:
    filled = item("aliyun", REMARK, PAPER, values={"name": "速达物流", "source": "app"}, defaulted=("source",))
    choice = SOURCE.choice("app")
    assert choice is not None
    said = asked(filled)
    assert f"Filled in: `source` {choice.label.en}" in said
    assert f"`来源` {choice.label.zh}" in said


@pytest.mark.parametrize(
    ("paths", "english", "chinese"), [(True, "path of the file", "文件路径"), (False, "Send the file", "请发送文件")]
)
def test_a_file_alone_is_asked_for_as_it_can_be_given(paths: bool, english: str, chinese: str) -> None:
    said = asked(item("aliyun", PAPER), paths=paths)
    assert english in said
    assert chinese in said
    assert "Type the answer" not in said


def test_what_was_left_out_and_a_note_before_it() -> None:
    left_out = (("ucloud: no qualification",),)
    assert asked(item("aliyun", REMARK), left_out=left_out, note=("Taken back.",)) == snapshot("""\
Taken back. 1 more to fill in for **signature 速达物流 · aliyun**
- 1. **Note to the reviewer**: What it is for and where it is live; a web address helps.
Left out, kept as drafts:
- ucloud: no qualification
With this answer it is submitted:
- **Accounts**: aliyun
- **Name**: 速达物流
Type the answer. `back` takes the last answer back, `cancel` gives up.

Taken back.还差 1 项就可以提交 **签名 速达物流 · aliyun**
- 1. **说明**：用途与上线情况，附网址更容易通过。
以下账号暂不提交，已存为草稿：
- ucloud: no qualification
填好这一项就会提交：
- **账号**：aliyun
- **名称**：速达物流
请直接回答。`返回` 撤回上一个回答，`取消` 放弃。
""")


def test_nothing_is_missing_any_more() -> None:
    assert asked(item("aliyun", values={"name": "速达物流", "source": "app"})) == snapshot("""\
Nothing is missing any more for **signature 速达物流 · aliyun**: `submit` sends it
This will be submitted:
- **Accounts**: aliyun
- **Name**: 速达物流
- **Source of the name**: app
`back` takes the last answer back, `cancel` gives up.

**签名 速达物流 · aliyun** 已经填全：回复 `提交` 即可提交
将要提交：
- **账号**：aliyun
- **名称**：速达物流
- **签名来源**：应用
`返回` 撤回上一个回答，`取消` 放弃。
""")


@pytest.mark.parametrize("language", [ENGLISH, CHINESE], ids=repr)
def test_the_lines_to_fill_in_are_the_last_of_all_and_found_again(language: Language) -> None:
    missing = (SOURCE, QUALIFICATION, REMARK)
    text = shown(question(language, Kind.SIGNATURE, "", [item("aliyun", *missing)], FIELDS))
    lines = copied(text, [ENGLISH, CHINESE]).strip().splitlines()
    keys = ("source", "qualification", "remark") if language is ENGLISH else ("来源", "资质", "说明")
    assert [said.rstrip(":：") for said in lines] == list(keys)


def test_what_was_not_copied_from_a_question_stays_as_it_is() -> None:
    assert copied("name: a\nremark: b", [ENGLISH, CHINESE]) == "name: a\nremark: b"


@pytest.mark.parametrize(
    ("kind", "name", "accounts", "english", "chinese"),
    [
        (Kind.SIGNATURE, "速达", ("a", "b"), "signature 速达 · a, b", "签名 速达 · a、b"),
        (Kind.TEMPLATE, "", ("a",), "template · a", "模板 · a"),
        (Kind.SIGNATURE, "速达", (), "signature 速达", "签名 速达"),
    ],
)
def test_what_a_dialogue_is_about(kind: Kind, name: str, accounts: tuple[str, ...], english: str, chinese: str) -> None:
    assert (subject(ENGLISH, kind, name, accounts), subject(CHINESE, kind, name, accounts)) == (english, chinese)


# --- The reminder ------------------------------------------------------------------------------------------------------

FILLING = Filling(Kind.SIGNATURE, {"aliyun": 17, "tencent": 18}, (("name", "速达物流"),), missing=("source", "paper"))
OPEN = Question(Place("slack", "C1"), WHO, FILLING.to_json(), asked_at=MONDAY, expires_at=MONDAY + timedelta(hours=24))


def reminded(filling: Filling, asked: Question = OPEN, *, in_form: bool = False) -> str:
    return in_both(lambda view: reminder(view, filling, asked, HERE, in_form=in_form))


def test_a_question_that_waits() -> None:
    assert {
        "two accounts, with a form": reminded(FILLING, in_form=True),
        "a file with its code": reminded(FILLING, replace(OPEN, code="4711")),
        "a code, and no file is missing": reminded(replace(FILLING, missing=("source",)), replace(OPEN, code="4711")),
        "an edit": reminded(replace(FILLING, numbers={"aliyun": 17}, editing=True)),
        "only the word to send it": reminded(replace(FILLING, missing=())),
    } == snapshot(
        {
            "two accounts, with a form": """\
@Ann **signature 速达物流 · aliyun, tencent** waits for your answer
Still missing: Source of the name, Papers.
Answer here. `summary` shows the question again, `cancel` gives up.
I wait until tomorrow 10:00; then I forget the question, and the draft stays.
[Fill in → edit #17,#18]

@Ann **签名 速达物流 · aliyun、tencent** 在等你回复
还差：签名来源、证明文件。
请在这里回答。`汇总` 再看一次提问，`取消` 放弃。
我等到明天 10:00，之后提问作废，草稿保留。
[补充内容 → edit #17,#18]
""",
            "a file with its code": """\
@Ann **signature 速达物流 · aliyun, tencent** waits for your answer
Still missing: Source of the name, Papers.
The file goes to me one to one, with the code `4711`.
Answer here. `summary` shows the question again, `cancel` gives up.
I wait until tomorrow 10:00; then I forget the question, and the draft stays.

@Ann **签名 速达物流 · aliyun、tencent** 在等你回复
还差：签名来源、证明文件。
文件请私聊发给我，配对码 `4711`。
请在这里回答。`汇总` 再看一次提问，`取消` 放弃。
我等到明天 10:00，之后提问作废，草稿保留。
""",
            "a code, and no file is missing": """\
@Ann **signature 速达物流 · aliyun, tencent** waits for your answer
Still missing: Source of the name.
Answer here. `summary` shows the question again, `cancel` gives up.
I wait until tomorrow 10:00; then I forget the question, and the draft stays.

@Ann **签名 速达物流 · aliyun、tencent** 在等你回复
还差：签名来源。
请在这里回答。`汇总` 再看一次提问，`取消` 放弃。
我等到明天 10:00，之后提问作废，草稿保留。
""",
            "an edit": """\
@Ann **signature 速达物流 · aliyun** waits for your answer
Still missing: Source of the name, Papers.
Answer here. `summary` shows the question again, `cancel` gives up.
I wait until tomorrow 10:00; then I forget the question, and nothing is changed.

@Ann **签名 速达物流 · aliyun** 在等你回复
还差：签名来源、证明文件。
请在这里回答。`汇总` 再看一次提问，`取消` 放弃。
我等到明天 10:00，之后提问作废，不作任何修改。
""",
            "only the word to send it": """\
@Ann **signature 速达物流 · aliyun, tencent** waits for your answer
Answer here. `summary` shows the question again, `cancel` gives up.
I wait until tomorrow 10:00; then I forget the question, and the draft stays.

@Ann **签名 速达物流 · aliyun、tencent** 在等你回复
请在这里回答。`汇总` 再看一次提问，`取消` 放弃。
我等到明天 10:00，之后提问作废，草稿保留。
""",
        }
    )


def test_only_whoever_is_still_in_is_spoken_of() -> None:
    without = FILLING.answered(Step(skipped=("tencent",)))
    assert "tencent" not in reminded(without, in_form=True)
    assert "[Fill in → edit #17]" in reminded(without, in_form=True)


# --- Forgotten, taken back ---------------------------------------------------------------------------------------------


def test_a_question_that_nobody_answered() -> None:
    assert {
        "drafts": in_both(lambda view: forgotten(view, FILLING, WHO)),
        "an edit": in_both(lambda view: forgotten(view, replace(FILLING, numbers={"aliyun": 17}, editing=True), WHO)),
    } == snapshot(
        {
            "drafts": """\
**signature 速达物流 · aliyun, tencent**: nobody answered, the question is over · Ann
Nothing was sent. What was filled in is kept as draft #17, #18; files are to be sent again.
Next: edit #17 · edit #18

**签名 速达物流 · aliyun、tencent**：一直没有回复，提问已结束 · Ann
没有提交任何内容。已填写的保留为草稿 #17、#18，文件需要重新发送。
下一步: 修改 #17 · 修改 #18
""",
            "an edit": """\
**signature 速达物流 · aliyun**: nobody answered, the question is over · Ann
#17 stays as it was.
Next: edit #17

**签名 速达物流 · aliyun**：一直没有回复，提问已结束 · Ann
#17 保持不变。
下一步: 修改 #17
""",
        }
    )


def test_what_back_took_back() -> None:
    fields = (*HERE, TYPE, CONTENT, SIGN, SAMPLE)
    steps = {
        "a choice": Step((("source", "company"),)),
        "several": Step((("name", "速达"), ("sample.code", "1234"), ("content", "您的" * 40))),
        "a file": Step(papers=("paper",)),
        "a value and a file": Step((("remark", "x"),), ("paper",)),
        "who was left out": Step(skipped=("aliyun", "tencent")),
        "a key that is gone": Step((("colour", "blue"),)),
    }
    assert {
        name: both(lambda language, step=step: taken_back(language, step, fields)) for name, step in steps.items()
    } == snapshot(
        {
            "a choice": ["Taken back: Source of the name “company name”.", "已撤回：签名来源“企业名称”。"],
            "several": [
                "Taken back: Name “速达”, Sample value code “1234”, Text “您的您的您的您的您的您的您的您的您的您的您的您的您的您的您…”.",
                "已撤回：名称“速达”、变量示例 code“1234”、内容“您的您的您的您的您的您的您的您的您的您的您的您的您的您的您…”。",
            ],
            "a file": ["Taken back: Papers.", "已撤回：证明文件。"],
            "a value and a file": ["Taken back: Note to the reviewer “x”, Papers.", "已撤回：说明“x”、证明文件。"],
            "who was left out": ["Back in: aliyun, tencent.", "已重新加入：aliyun、tencent。"],
            "a key that is gone": ["Taken back: colour “blue”.", "已撤回：colour“blue”。"],
        }
    )


def test_of_a_file_that_was_noted_its_name_is_said() -> None:
    for value, said in (("/home/li/papers/letter.png", "letter.png"), ("5101", "5101")):
        step = Step(((LETTER.key, value),))
        assert line(noted(ENGLISH, step, HERE)).endswith(f" “{said}”.")
