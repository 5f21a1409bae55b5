"""What is said in a dialogue, what a dialogue remembers, what it holds; and the table that keeps it."""

import asyncio
import itertools
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlite_utils
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.commands.command import Mistake
from bot.commands.parsing import is_command
from bot.contracts.characters import SEPARATORS
from bot.contracts.fields import Field
from bot.contracts.model import Actor, Attachment, Kind, Place, Question
from bot.contracts.vocabulary import CONTENT, LETTER, LINK, NAME, PAPER, REMARK, SAMPLE, SOURCE, TYPE
from bot.desk import answers
from bot.desk.answers import Said, code_alone, codes_within, meant_for, understand
from bot.desk.filling import Filling, Step
from bot.desk.held import EXPIRES, HANDS, HELD_BYTES, REMIND_AFTER, HeldFiles, Patience, Turns
from bot.store import dialogues
from bot.store.migrations import MIGRATIONS
from handlers import ROUTER

NOW = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
FIELDS = (NAME, SOURCE, PAPER, REMARK, LINK, CONTENT, TYPE, SAMPLE)
PLACE = Place("dingtalk", "cidGroup==")
WHO = Actor("dingtalk", "manager4567", "dingcorp", "张三")


def understood(text: str, *missing: Field, paths: bool = False) -> tuple[Said, dict[str, str]] | Mistake:
    said = understand(text, missing or (NAME, SOURCE, REMARK), FIELDS, paths=paths)
    return said if isinstance(said, Mistake) else (said[0], dict(said[1]))


# --- What was said -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("cancel", Said.CANCEL),
        ("  取消 ", Said.CANCEL),
        ("back", Said.BACK),
        ("上一步", Said.BACK),
        ("SKIP", Said.SKIP),
        ("ｓｕｍｍａｒｙ", Said.SUMMARY),
        ("汇总", Said.SUMMARY),
        ("submit", Said.SUBMIT),
        ("提交", Said.SUBMIT),
        ("", Said.NOTHING),
    ],
)
def test_words(text: str, said: Said) -> None:
    assert understood(text) == (said, {})


@pytest.mark.parametrize(
    "text",
    [
        "2",
        "２",
        "2.",
        "2。",
        "(2)",
        "（２）",
        "②",
        "⑵",
        "²",
        "2\ufe0f\u20e3",
        "#2",
        "第2个",
        "第２项",
        "选2",
        "2号",
        "2\u200b",
        "2、",
        "option 2",
    ],
)
def test_a_choice_is_numbered_in_any_width(text: str) -> None:
    assert understood(text, SOURCE) == (Said.VALUES, {"source": "app"})
    assert understood(f"来源：{text}", NAME) == (Said.VALUES, {"source": "app"})


@pytest.mark.parametrize("text", ["0", "99", "٢x", "2 or 3", "1,2", "½"])
def test_what_is_no_number_of_a_choice_stays(text: str) -> None:
    assert understood(text, SOURCE) == (Said.VALUES, {"source": text})


@given(text=st.text(st.sampled_from("①²٢½⑵1９#第个。=：|/\u200b\ufe0f\u20e3 \n来源`“"), max_size=10))
def test_whatever_looks_like_a_number_is_an_answer_or_a_mistake(text: str) -> None:
    for field in (SOURCE, NAME, CONTENT, LINK):
        assert understood(text, field)


BLOCKS = [
    ("name: a b\nsource: 1\nremark: x", {"name": "a b", "source": "company", "remark": "x"}),
    ("说明：x：y: z\n\n来源：企业\n名称：速达", {"remark": "x：y: z", "source": "企业", "name": "速达"}),
    ("> 名称：速达\n> 来源：\n> 说明：", {"name": "速达"}),
    ("• name: a\n- source: 2\n3. remark: b", {"name": "a", "source": "app", "remark": "b"}),
    ("name=a\nremark = 来源：官网 链接：无", {"name": "a", "remark": "来源：官网 链接：无"}),
    ("name: a\nremark: “so”", {"name": "a", "remark": "so"}),
    ("name: a\nremark: first\nsecond: line\n\nthird", {"name": "a", "remark": "first\nsecond: line\nthird"}),
    (
        "source: 1 link: https://a.example/x?y=1\nname: a",
        {"source": "company", "link": "https://a.example/x?y=1", "name": "a"},
    ),
    (
        "content: 您的验证码：${code}，12:30前有效\nsample.code: 1234",
        {"content": "您的验证码：${code}，12:30前有效", "sample.code": "1234"},
    ),
    ("来源：1 说明：订单，https://suda.example", {"source": "company", "remark": "订单，https://suda.example"}),
    (
        "名称：速达\n说明：订单，来源：企业，链接：无",
        {"name": "速达", "remark": "订单", "source": "企业", "link": "无"},
    ),
    ("说明：a，\nb；\n来源：1，\n名称：“速达”，", {"remark": "a，\nb", "source": "company", "name": "速达"}),
    # Behind one word stands what can only be another field's value; more than a word is a text, and so is what does not fit.
    ("名称：速达\n说明：订单 来源：企业", {"name": "速达", "remark": "订单", "source": "企业"}),
    ("名称：速达\n说明：订单 来源：1", {"name": "速达", "remark": "订单", "source": "company"}),
    (
        "名称：速达\n> 说明：“订单 通知”  来源：企业 链接：https://a.example",
        {"name": "速达", "remark": "订单 通知", "source": "企业", "link": "https://a.example"},
    ),
    ("名称：速达\n说明：订单 链接：无", {"name": "速达", "remark": "订单 链接：无"}),
    ("名称：速达\n说明：订单 来源：官网上", {"name": "速达", "remark": "订单 来源：官网上"}),
    ("名称：速达\n说明：订单 内容：验证码", {"name": "速达", "remark": "订单 内容：验证码"}),
    ("name: a\nremark: Order notices source: company", {"name": "a", "remark": "Order notices source: company"}),
]


@pytest.mark.parametrize(("text", "values"), BLOCKS)
def test_blocks(text: str, values: dict[str, str]) -> None:
    assert understood(text) == (Said.VALUES, values)


def test_a_block_that_was_left_empty_says_nothing() -> None:
    assert understood("来源：\n说明：\n") == (Said.NOTHING, {})


def test_what_is_no_block_is_an_answer() -> None:
    assert understood("速达物流") == (Said.VALUES, {"name": "速达物流"})
    assert understood("“速达”") == (Said.VALUES, {"name": "速达"})
    assert understood("3", SOURCE) == (Said.VALUES, {"source": "website"})
    assert understood("Orders, see https://a.example: more", REMARK) == (
        Said.VALUES,
        {"remark": "Orders, see https://a.example: more"},
    )


def test_an_answer_may_have_more_behind_a_comma() -> None:
    assert understood("速达物流，来源：1。") == (Said.VALUES, {"name": "速达物流", "source": "company"})
    assert understood("订单、配送，链接：https://a.example", REMARK) == (
        Said.VALUES,
        {"remark": "订单、配送", "link": "https://a.example"},
    )


def test_a_text_is_no_file() -> None:
    assert understood("Orders", PAPER, REMARK) == (Said.ASIDE, {"remark": "Orders"})  # a file is due: it is asked about
    assert understood("Orders", PAPER) == (Said.NOTHING, {})
    assert understood("licence.png", PAPER, REMARK, paths=True) == (Said.VALUES, {"paper": "licence.png"})
    assert understood("8563", replace(LETTER, or_id=True)) == (Said.VALUES, {"letter": "8563"})


def test_the_numbers_are_those_of_the_choices_that_were_shown() -> None:
    fewer = replace(SOURCE, choices=SOURCE.choices[::-1])
    assert understood("1", fewer) == (Said.VALUES, {"source": "government"})


@given(
    remark=st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=60),
    name=st.from_regex(r"[A-Za-z0-9速达物流]{1,12}", fullmatch=True),
    order=st.permutations([0, 1, 2]),
    colon=st.sampled_from([":", "：", ": ", "： ", "="]),
)
def test_a_filled_in_block_comes_back_as_it_was_meant(remark: str, name: str, order: list[int], colon: str) -> None:
    assume(remark[0] not in '"“「')  # quotes around a value are taken off
    assume(not remark.startswith("//"))  # an address is no value of a key
    assume(remark[-1] not in SEPARATORS)  # one that ends a line before the next key separates
    lines = [f"remark{colon}{remark}", f"名称{colon}{name}", f"source{colon}"]
    assert understood("\n".join(lines[position] for position in order)) == (
        Said.VALUES,
        {"remark": remark, "name": name},
    )


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("4821", "4821"),
        (" ４８２１。", "4821"),
        ("配对码：482193", "482193"),
        ("code 4821", "4821"),
        ("#4821", "4821"),
        ("`4821`", "4821"),
        ("482", ""),
        ("4821937", ""),
        ("4821 please", ""),
        ("", ""),
    ],
)
def test_codes(text: str, code: str) -> None:
    assert code_alone(text) == code


def test_codes_among_other_words() -> None:
    assert codes_within("执照 4821，共 2 页 2026") == {"4821", "2026"}
    assert codes_within("13812345678") == frozenset()


# --- What a dialogue remembers -----------------------------------------------------------------------------------------


FILLING = Filling(
    kind=Kind.SIGNATURE,
    numbers={"aliyun": 1, "ucloud": 2},
    typed=(("name", "速达"), ("source", "company")),
    stood={"aliyun": "draft x", "ucloud": "draft y"},
    missing=("paper",),
)


def test_answers_are_steps() -> None:
    fuller = FILLING.answered(Step((("source", "app"), ("remark", "x")))).answered(Step((("name", "速达物流"),)))
    assert dict(fuller.said) == {"source": "app", "remark": "x", "name": "速达物流"}
    assert fuller.name == "速达物流"
    assert fuller.without_last().name == "速达"
    assert fuller.without_last().without_last().said == FILLING.typed
    without = fuller.answered(Step(skipped=("ucloud",)))
    assert without.going == {"aliyun": 1}
    assert without.without_last().going == {"aliyun": 1, "ucloud": 2}


def test_the_record_gives_back_what_it_was_given() -> None:
    fuller = FILLING.answered(Step((("remark", "x"),), ("paper",), ("ucloud",)))
    assert Filling.from_json(fuller.to_json()) == fuller


def test_what_an_earlier_version_kept_is_read() -> None:
    old = {"do": "fill", "kind": "signature", "numbers": {"aliyun": 1}, "typed": [["name", "速达"]], "editing": False}
    assert Filling.from_json(old) == Filling(Kind.SIGNATURE, {"aliyun": 1}, (("name", "速达"),))


def test_people_have_as_long_where_time_runs_faster() -> None:
    assert Patience() == Patience(REMIND_AFTER, EXPIRES)
    assert Patience().at_speed(60).remind == timedelta(hours=30)


# --- What it holds -----------------------------------------------------------------------------------------------------


def file(name: str, size: int = 1) -> Attachment:
    return Attachment(name, b"x" * size)


def test_files_go_to_what_is_asked_for() -> None:
    one, two, three = file("1"), file("2"), file("3")
    assert meant_for((one,), (LETTER,), (PAPER, LETTER)) == {"letter": (one,)}
    assert meant_for((one, two), (PAPER, REMARK, LETTER), (PAPER, LETTER)) == {"paper": (one,), "letter": (two,)}
    several = replace(PAPER, max_files=2)
    assert meant_for((one, two, three), (several, LETTER), ()) == {"paper": (one, two), "letter": (three,)}
    assert meant_for((one, two), (REMARK,), (PAPER, REMARK)) == {"paper": (one, two)}
    assert meant_for((one,), (REMARK,), (REMARK,)) == {}


def test_the_hand_holds_files_for_the_requests_they_are_for() -> None:
    hand = HeldFiles()
    hand.keep("me", {"paper": (file("1"),)}, (1, 2))
    hand.keep("me", {"letter": (file("2"),)}, (2,))
    assert set(hand.look("me", (1, 2))) == {"paper", "letter"}
    assert hand.look("me", (7,)) == {}
    assert set(hand.look("me")) == {"paper", "letter"}
    hand.give_back("me", ("paper",))
    assert set(hand.look("me", (1,))) == {"letter"}
    hand.keep("me", {"paper": (file("3"),)}, (7,))
    assert set(hand.look("me")) == {"paper"}
    hand.keep("me", {"letter": (file("4"),)}, (7, 8))
    hand.drop("me", (7,))
    assert hand.look("me", (7,)) == {}
    hand.drop("me")
    hand.drop("me")
    assert hand.look("me") == {}


def test_the_hand_holds_so_many_and_so_much() -> None:
    hand = HeldFiles()
    for number in range(HANDS + 1):
        hand.keep(str(number), {"paper": (file("x"),)})
    assert (hand.look("0"), bool(hand.look("1"))) == ({}, True)
    hand.keep("large", {"paper": (file("x", HELD_BYTES + 1),)})
    assert [bool(hand.look(who)) for who in (str(HANDS), "large")] == [False, True]


async def test_one_turn_after_the_other() -> None:
    turns, order = Turns(), []

    async def take(number: int) -> None:
        async with turns.of("me"):
            order.append(number)
            await asyncio.sleep(0)
            order.append(number)

    await asyncio.gather(*(take(number) for number in range(3)))
    assert order == [0, 0, 1, 1, 2, 2]
    async with turns.of("me"), turns.of("somebody else"):
        pass


# --- The table ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def db() -> Iterator[sqlite_utils.Database]:
    opened = sqlite_utils.Database(sqlite3.connect(":memory:"))
    MIGRATIONS.apply(opened)
    yield opened
    opened.close()


def question(user: str = "manager4567", code: str = "") -> Question:
    return Question(
        place=PLACE,
        actor=Actor("dingtalk", user, "dingcorp", "张三"),
        data=FILLING.to_json(),
        asked_at=NOW,
        expires_at=NOW + EXPIRES,
        remind_at=NOW + REMIND_AFTER,
        code=code,
    )


def test_a_question_is_kept_whole(db: sqlite_utils.Database) -> None:
    kept = dialogues.put(db, replace(question(), place=Place("slack", "C1", "17.1"), files_from="slack:D1", wrong=2))
    assert dialogues.get(db, Place("slack", "C1"), kept.actor) == kept
    assert dialogues.get(db, PLACE, kept.actor) is None


def test_a_code_is_nobody_elses(db: sqlite_utils.Database) -> None:
    draws = {4: iter(["4821"] * 200), 5: iter(["48215"] * 200), 6: (f"{n:06}" for n in itertools.count(100_000))}
    codes = [dialogues.put(db, question(f"user{n}"), lambda digits: next(draws[digits])).code for n in range(4)]
    assert codes == ["4821", "48215", "100000", "100001"]
    assert (
        dialogues.put(db, question("user0", "4821"), lambda _: "9999").code == "4821"
    )  # it stays as long as the question
    assert [one.code for one in dialogues.with_codes(db, NOW)] != []
    assert dialogues.with_codes(db, NOW + EXPIRES) == ()


def test_a_code_holds_so_many_wrong_ones(db: sqlite_utils.Database) -> None:
    asked = dialogues.put(db, question(code="4821"))
    for _ in range(3):
        dialogues.wrong_code(db, asked, 3)
    found = dialogues.get(db, PLACE, asked.actor)
    assert found is not None
    assert (found.code, found.wrong) == ("", 3)
    assert dialogues.put(db, found, lambda _: "1234") == replace(found, code="1234", wrong=0)


def test_files_come_for_the_question_whose_code_was_said_last(db: sqlite_utils.Database) -> None:
    first, second = dialogues.put(db, question("a", "1111")), dialogues.put(db, question("b", "2222"))
    here = Place("dingtalk", "user:a")
    dialogues.files_come_from(db, first, here)
    dialogues.files_come_from(db, second, here)
    assert {one.code: one.files_from for one in dialogues.with_codes(db, NOW)} == {
        "1111": "",
        "2222": "dingtalk:user:a",
    }


def test_what_is_due_lies_in_one_index(db: sqlite_utils.Database) -> None:
    dialogues.put(db, question())
    assert dialogues.due(db, NOW + REMIND_AFTER - timedelta(seconds=1)) == ()
    (due,) = dialogues.due(db, NOW + REMIND_AFTER)
    dialogues.put(db, replace(due, remind_at=None))
    assert dialogues.due(db, NOW + EXPIRES - timedelta(seconds=1)) == ()
    assert len(dialogues.due(db, NOW + EXPIRES)) == 1
    plan = " ".join(
        row["detail"]
        for row in db.query("EXPLAIN QUERY PLAN SELECT * FROM dialogues WHERE due_at <= '2026' ORDER BY due_at LIMIT 1")
    )
    assert "USING INDEX dialogues_due" in plan
    assert "TEMP B-TREE" not in plan


def test_questions_of_an_earlier_version_stay_open(tmp_path: Path) -> None:
    before = sqlite_utils.Database(tmp_path / "record.db")
    MIGRATIONS.apply(before, stop_before="m0006_questions")
    before.execute(
        "INSERT INTO dialogues (platform, conversation, user, data, updated_at) VALUES (?, ?, ?, ?, ?)",
        ("dingtalk", PLACE.conversation, WHO.key, '{"do": "delete", "number": 1}', "2026-11-23T01:30:00.000Z"),
    )
    MIGRATIONS.apply(before)
    found = dialogues.get(before, PLACE, WHO)
    assert found is not None
    assert (found.actor.user, found.actor.team, found.expires_at) == ("manager4567", "dingcorp", NOW + EXPIRES)
    assert found.remind_at is None
    before.close()


def test_no_word_that_answers_a_question_is_a_command() -> None:
    """Else it would be done in the middle of a dialogue, and the question would wait."""
    words = (answers._CANCEL, answers._BACK, answers._SKIP, answers._SUMMARY, answers._AGAIN, answers._YES, answers._NO)
    assert not [word for some in words for word in some if is_command(word, ROUTER)]
