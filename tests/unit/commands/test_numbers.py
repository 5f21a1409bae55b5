"""Several numbers in one command: all are meant, or it is refused; a number is never a note."""

import pytest

from bot.commands.command import Command, Reason
from bot.commands.parsing import is_command, parse
from handlers import ROUTER as HANDLERS
from tests.unit.commands.parsed import ROUTER, mistaken, understood
from tests.unit.commands.spoken import VOCABULARY

LISTED = [
    # typed, the alerts, the note
    ("ack A1", (1,), ""),
    ("ack A1 A2", (1, 2), ""),
    ("ack A1,A2", (1, 2), ""),
    ("ack A1, A2 , A3", (1, 2, 3), ""),
    ("ack A1 and A2", (1, 2), ""),
    ("ack A1, A2, and A3.", (1, 2, 3), ""),
    ("ack A1 & A2", (1, 2), ""),
    ("ack 1 2", (1, 2), ""),
    ("ack #1 #2", (1, 2), ""),
    ("ack A1 2", (1, 2), ""),
    ("ack a1;a2", (1, 2), ""),
    ("ack Ａ１　Ａ２", (1, 2), ""),
    ("ack A1 A1", (1,), ""),
    ("认领 A1、A2 和 A3", (1, 2, 3), ""),
    ("认领 A1、A2和A3", (1, 2, 3), ""),
    ("认领A1，A2", (1, 2), ""),
    ("认领（A1）（A2）", (1, 2), ""),
    ("认领 A1 以及 A2。", (1, 2), ""),
    ("ack A1 A2 buying 500k", (1, 2), "buying 500k"),
    ("ack A1, A2: on it", (1, 2), "on it"),
    ("ack 1, 2 on it", (1, 2), "on it"),
    ("认领 A1、A2：正在处理", (1, 2), "正在处理"),
    ("ack A1: on it", (1,), "on it"),
    ("ack A1 2 hours to go", (1,), "2 hours to go"),
    ("ack A1 30 分钟内处理", (1,), "30 分钟内处理"),
    ("ack A1 500k bought", (1,), "500k bought"),
    ("ack A1 12:30 call", (1,), "12:30 call"),
    ("ack A1 #17 is blocked", (1,), "#17 is blocked"),
    ("ack A1 A2 #17 is blocked", (1, 2), "#17 is blocked"),
    ("ack A1 and tell Mei", (1,), "and tell Mei"),
    ("unack A1 A2", (1, 2), ""),
    ("resolve A1 A2 bought", (1, 2), "bought"),
    ("ack A1：2 小时内处理", (1,), "2 小时内处理"),
    ("ack A1 not urgent", (1,), "not urgent"),
    ("ack A1 A2 but later", (1, 2), "but later"),
    ("ack A1 A2 not urgent", (1, 2), "not urgent"),
    ("ack A1 with Mei", (1,), "with Mei"),
    ("认领 A1 再看一下", (1,), "再看一下"),
    ("认领 A1、A2 非紧急", (1, 2), "非紧急"),
]


@pytest.mark.parametrize(("typed", "alerts", "note"), LISTED)
def test_alerts(typed: str, alerts: tuple[int, ...], note: str) -> None:
    command = understood(typed)
    assert (command.alerts, command.text) == (alerts, note)


@pytest.mark.parametrize(
    ("typed", "note"),
    [
        ("ack all", ""),
        ("认领 全部", ""),
        ("认领全部", ""),
        ("认领 所有。", ""),
        ("ack ALL!", ""),
        ("ack all buying 500k", "buying 500k"),
    ],
)
def test_all_alerts(typed: str, note: str) -> None:
    command = understood(typed)
    assert (command.everything, command.alerts, command.text) == (True, (), note)


@pytest.mark.parametrize(
    "typed",
    [
        "ack A1 2 more",  # A2 and "more", or "2 more"?
        "ack 1 2 on it",
        "ack A1 #17",
        "ack A1, #17",
        "ack A1 A2x",
        "ack A1 and A2x on it",
        "ack A1 “A2”",
        'ack "A1" "A2"',
        "ack all A3",
        "认领 全部 A3",
        "resolve A1 7 8 done",
        "ack A1 all",
        "ack A1, all.",
        "认领 A1、全部",
        "ack A1 or A2",
        "ack A1 plus A2",
        "ack A1, then A2",
        "ack A1 and also A2",
        "ack A1 but not A2",
        "认领 A1 或 A2",
        "认领 A1，再认领 A2",
    ],
)
def test_what_may_be_a_number_is_no_note(typed: str) -> None:
    assert mistaken(typed).reason is Reason.NUMBER_OR_NOTE
    assert is_command(typed, ROUTER, VOCABULARY)  # and no answer to a question that is open


@pytest.mark.parametrize(
    "typed",
    [
        "ack all but A3",
        "ack all except A3",
        "ack all, not A3",
        "ack A1-A5 without A3",
        "认领 全部 除了A3",
        "认领 A1-A5 不含A3",
        "ack all except tencent",
        "ack all but the last",
        "ack all excluding ucloud",
        "ack A1-A5 except the last",
        "resolve all without tencent",
        "认领 全部 除腾讯云",
        "认领 全部 腾讯云除外",
        "认领 A1-A5 除了最后一个",
    ],
)
def test_what_leaves_some_out_is_no_note(typed: str) -> None:
    assert mistaken(typed).reason is Reason.EXCEPT_SOME
    assert is_command(typed, ROUTER, VOCABULARY)


@pytest.mark.parametrize(
    "typed",
    [
        "ack A1\nack A2",
        "ack A1; ack A2",
        "ack A1 on it；认领 A2",
        "ack A1 on it\nresolve A2 bought",
        "ack A1 && ack A2",
        "ack A1 on it\nquota",
        "认领 A1\u2028认领 A2",
        "ack A1, ack A2",
        "resolve A1 resolve A2",
        "deny #17 blurred\ndeny #18 blurred",
    ],
)
def test_a_second_command_is_no_note(typed: str) -> None:
    assert mistaken(typed).reason is Reason.SECOND_COMMAND
    assert is_command(typed, ROUTER, VOCABULARY)


@pytest.mark.parametrize(
    "typed",
    ["ack A1 status is unclear", "ack A1 on it\nback at 15:00", "ack A1 quota; buying", "deny #17 提交 有误；请改"],
)
def test_words_of_ours_may_stand_in_a_note(typed: str) -> None:
    assert understood(typed).text


RANGES = [
    # typed, the alerts, the note
    ("ack A1-A3", (1, 2, 3), ""),
    ("ack A1-3", (1, 2, 3), ""),
    ("ack 1-3", (1, 2, 3), ""),
    ("ack A1–A3", (1, 2, 3), ""),
    ("ack A1—A3", (1, 2, 3), ""),
    ("ack A1~A3", (1, 2, 3), ""),
    ("ack A1 - A3", (1, 2, 3), ""),
    ("ack A1〜A3", (1, 2, 3), ""),
    ("ack A1∼A3", (1, 2, 3), ""),
    ("ack A1 to A3", (1, 2, 3), ""),
    ("ack #1-#3", (1, 2, 3), ""),
    ("ack A3-A1", (1, 2, 3), ""),
    ("ack A1-A1", (1,), ""),
    ("ack A1-A2, A7", (1, 2, 7), ""),
    ("ack A7 and A1-A2", (7, 1, 2), ""),
    ("ack A1-A3 on it", (1, 2, 3), "on it"),
    ("ack A1-A3: on it", (1, 2, 3), "on it"),
    ("认领 A1－A3", (1, 2, 3), ""),
    ("认领Ａ１～Ａ３", (1, 2, 3), ""),
    ("认领 A1到A3", (1, 2, 3), ""),
    ("认领 A1 至 A3：正在处理", (1, 2, 3), "正在处理"),
    ("ack A1 - 2 hours to go", (1,), "- 2 hours to go"),
    ("ack A1 1-2 hours to go", (1,), "1-2 hours to go"),
    ("认领 A1 到 3 点再看", (1,), "到 3 点再看"),
    ("ack A1 to tell Mei", (1,), "to tell Mei"),
]


@pytest.mark.parametrize(("typed", "alerts", "note"), RANGES)
def test_a_range_is_all_that_lie_in_it(typed: str, alerts: tuple[int, ...], note: str) -> None:
    command = understood(typed)
    assert (command.alerts, command.text) == (alerts, note)


@pytest.mark.parametrize(
    "typed",
    [
        "status #1-#3",
        "status 1-3",
        "状态 #1－#3",
        "状态 1~3",
        "状态#1到#3",
        "状态 第1到第3号",
        "delete #1-3",
        "delete #3-#1",
    ],
)
def test_a_range_of_requests(typed: str) -> None:
    assert understood(typed).numbers == (1, 2, 3)


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("edit #1-#3 remark=x", Reason.ONE_NUMBER),
        ("escalate A1-A2", Reason.ONE_NUMBER),
        ("status #1-#1000000000", Reason.BAD_NUMBER),
        ("status #0-#3", Reason.BAD_NUMBER),
        ("status #1-", Reason.BAD_NUMBER),
        ("status 2026-11-28", Reason.BAD_NUMBER),
        ("status #1-#2-#3", Reason.BAD_NUMBER),
        ("ack A1-", Reason.BAD_ALERT),
        ("ack A1-A100000", Reason.BAD_ALERT),
        ("ack A1-A2x", Reason.BAD_ALERT),
    ],
)
def test_what_is_no_range_is_refused_whole(typed: str, reason: Reason) -> None:
    assert mistaken(typed).reason is reason


@pytest.mark.parametrize("typed", ["status #1 #2", "status 1,2", "状态 #1、#2", "状态＃1和＃2？", "delete #1 and #2"])
def test_requests(typed: str) -> None:
    assert understood(typed).numbers == (1, 2)


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("edit #1 #2 remark=x", "#1, #2"),
        ("edit #1,#2", "#1, #2"),
        ("sign show #1 #2", "#1, #2"),
        ("history #1 #2", "#1, #2"),
        ("approve 1、2", "#1, #2"),
        ("escalate A1 A2", "A1, A2"),
    ],
)
def test_where_one_is_wanted_several_are_refused(typed: str, word: str) -> None:
    mistake = mistaken(typed)
    assert (mistake.reason, mistake.word) == (Reason.ONE_NUMBER, word)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("trace aliyun 138 0000 1234", ("138 0000 1234",)),
        ("trace aliyun +86 138 0000 1234", ("+86 138 0000 1234",)),
        ("trace aliyun １３８ ００００ １２３４ 2026-11-28", ("138 0000 1234", "2026-11-28")),
        ("trace aliyun +86 138-0000-1234", ("+86 138-0000-1234",)),
        ("trace aliyun +852 5123 4567", ("+852 5123 4567",)),
        ("trace aliyun 1234 2026-11-28", ("1234", "2026-11-28")),
        ("trace aliyun 13800001234 yesterday", ("13800001234", "yesterday")),
    ],
)
def test_a_telephone_number_in_groups_is_one(typed: str, words: tuple[str, ...]) -> None:
    parsed = parse(typed, HANDLERS, VOCABULARY)
    assert isinstance(parsed, Command)
    assert parsed.words == words
