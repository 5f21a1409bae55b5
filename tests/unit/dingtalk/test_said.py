"""What people said in DingTalk and how their clients bring it: a table of forms. What is left is what was typed."""

import json
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.commands.command import Vocabulary
from bot.commands.opening import begins
from handlers import ROUTER
from integrations.dingtalk.inbound import Heard, hear
from integrations.dingtalk.said import unread_message
from integrations.dingtalk.wire import Remote
from tests.unit.dingtalk.test_inbound import pushed

KNOWN = Vocabulary({"aliyun": "alibaba", "tencent": "tencent"}, frozenset({"来源", "用途", "内容", "说明", "source"}))
SUBMIT = "签名 提交 全部 速达物流 来源=企业"

ROBOT = {"dingtalkId": "$:bot"}
PERSON = {"dingtalkId": "$:person", "staffId": "user0123"}

PICTURE = {"type": "picture", "downloadCode": "p1", "pictureDownloadCode": "unused"}
FILE = {"type": "file", "downloadCode": "f1", "fileName": "授权书.pdf"}
AT = {"type": "at", "atName": "Signpost"}
AT_SOMEBODY = {"type": "at", "atName": "李四"}

Parts = Sequence[str | Mapping[str, Any]]


def read(**message: Any) -> Heard:
    heard = hear(pushed(**message), partial(begins, router=ROUTER, vocabulary=KNOWN))
    assert heard is not None
    return heard


def text(content: str, **more: Any) -> Heard:
    return read(text={"content": content}, **more)


def rich(*parts: str | Mapping[str, Any], **more: Any) -> Heard:
    content = {"richText": [{"text": part} if isinstance(part, str) else part for part in parts]}
    return read(msgtype="richText", text=None, content=content, **more)


# --- Texts ------------------------------------------------------------------------------------------------------------

TEXTS = {
    # what stands in the message → what was typed
    " 状态 #17 ": "状态 #17",  # the client took the mention off
    "状态 #17": "状态 #17",
    "@Signpost 状态": "状态",
    "@Signpost": "",
    "＠Signpost 状态": "状态",
    "@Signpost\u2005状态": "状态",
    "@Signpost\u00a0状态": "状态",
    "@Signpost\u3000状态": "状态",
    "@Signpost\u200b状态": "状态",
    "@Signpost \u2005 状态": "状态",
    "@Signpost\n状态": "状态",
    # glued to the name
    "@Signpost状态 #17": "状态 #17",
    "@Signpost签名 提交 全部 速达物流 来源=企业": SUBMIT,
    "@SMS助手状态 #17": "状态 #17",
    "@Signpoststatus #17": "status #17",
    "@Signpost/sms 状态": "/sms 状态",
    "@Signpost来源：企业": "来源：企业",
    "@短信状态助手 额度": "额度",
    "@Signpost#17": "#17",
    "@Signpost＃17": "＃17",
    "@Signpost「速达」": "「速达」",
    "@Signpost“速达物流”": "“速达物流”",
    "状态@Signpost": "状态",
    "状态@Signpost ": "状态",
    "状态 #17@Signpost": "状态 #17",
    "状态@Signpost #17": "状态  #17",
    "认领 A1，@Signpost": "认领 A1，",
    "内容：请联系@客服": "内容：请联系@客服",  # in a value it stays
    "a@b.example": "a@b.example",
    # a name with blanks, several mentions
    "@SMS 助手 状态": "状态",
    "@SMS 助手\u2005企业": "企业",
    "@Ops SMS Bot status #17": "status #17",
    "@张三 @Signpost 状态": "状态",
    "@张三@Signpost 状态": "状态",
    "@SMS 助手 @张三 状态": "状态",
    " @张三 状态": "状态",
    # people stop for breath behind whom they speak to
    "@Signpost: status": "status",
    "@Signpost, status": "status",
    "@Signpost：状态": "状态",
    "@Signpost，状态": "状态",
    "@Signpost ： 状态": "状态",
    " ：状态": "状态",
    # brackets around what is said, around the mention, around both
    "@Signpost（状态）": "（状态）",
    "@Signpost (status #17)": "(status #17)",
    "@Signpost（状态 #17）": "（状态 #17）",
    "@Signpost【状态】": "【状态】",
    "@Signpost《状态》": "《状态》",
    "@Signpost[status]": "[status]",
    "@Signpost<status>": "<status>",
    "@Signpost`status`": "`status`",
    "@Signpost：（状态）": "（状态）",
    "@Signpost（1）": "（1）",
    "@短信助手（状态）": "（状态）",
    "@短信 助手（状态）": "（状态）",
    "@短信助手（北京） 状态": "状态",
    "@张三（运营） @Signpost（状态）": "（状态）",
    "（@Signpost 状态）": "状态",
    "(@Signpost status #17)": "status #17",
    "【@Signpost 签名 提交 全部 速达物流】": "签名 提交 全部 速达物流",
    "(@Signpost) 状态": "状态",
    "【@Signpost】状态": "状态",
    "状态（@Signpost）": "状态",
    "状态 #17 (@Signpost)": "状态 #17",
    "内容：请联系（@客服）": "内容：请联系（@客服）",
    # answers to a question begin with no command
    "@Signpost 企业": "企业",
    "@Signpost 来源：企业": "来源：企业",
    "@Signpost 速达物流 来源=企业": "速达物流 来源=企业",
    "@Signpost 来源：企业\r\n用途：自用": "来源：企业\n用途：自用",
    "@A @B 企业": "企业",
    # in the middle and at the end
    "状态 #17 @Signpost": "状态 #17",
    "状态 @Signpost #17": "状态 #17",
    "状态 @SMS 助手 #17": "状态 #17",
    "签名 @Signpost 提交 全部 速达物流 来源=企业": SUBMIT,
    "签名 提交 @Signpost 全部 速达物流 来源=企业": SUBMIT,
    f"{SUBMIT} @Signpost": SUBMIT,
    "签名 提交 全部 速达物流 来源：企业 @Signpost": "签名 提交 全部 速达物流 来源：企业",
    # what somebody says not to do is not read as what to do
    "@Signpost 不要 删除 #17": "不要 删除 #17",
    "@Signpost 先 别 删除 #17": "先 别 删除 #17",
    "@Signpost do not delete #17": "do not delete #17",
    # values stay as they are
    ' 模板 提交 aliyun 登录 内容="请联系 @客服"': '模板 提交 aliyun 登录 内容="请联系 @客服"',
    '模板 提交 aliyun 登录 内容="请 @客服 处理"': '模板 提交 aliyun 登录 内容="请 @客服 处理"',
    " 内容=请联系 @客服": "内容=请联系 @客服",
    "a@b.example x": "a@b.example x",
    # copied from our own messages
    "备注=https:\u200b//suda.example": "备注=https://suda.example",
}


@pytest.mark.parametrize("content", TEXTS)
def test_texts(content: str) -> None:
    assert text(content).text == TEXTS[content]


def test_people_who_are_mentioned_too_stay() -> None:
    both = [ROBOT, PERSON]
    for content in (" 认领 A1 交给 @李四", "认领 A1 交给 @李四"):
        assert text(content, atUsers=both).text == "认领 A1 交给 @李四"
    assert text("状态 #17 @李四 @Signpost", atUsers=both).text == "状态 #17"
    assert rich(AT, " 认领 A1 交给 ", AT_SOMEBODY, atUsers=both).text == "认领 A1 交给 @李四"
    assert rich("@Signpost ", "认领 A1 交给 ", "@李四", " 接手", atUsers=both).text == "认领 A1 交给 @李四 接手"
    assert rich("认领 A1 交给 ", AT_SOMEBODY, AT, atUsers=both).text == "认领 A1 交给 @李四"


def test_without_the_commands_a_mention_is_one_word() -> None:
    heard = hear(pushed(text={"content": "@A @B 状态"}))
    assert heard is not None
    assert heard.text == "状态"


ONE_TO_ONE = {
    "状态 #17": "状态 #17",
    "@Signpost 状态": "状态",  # by habit
    "@Signpost状态": "状态",
    "@速达 生活": "@速达 生活",  # an answer that looks like a mention
    "：企业": "：企业",
    "内容：请联系 @客服": "内容：请联系 @客服",
}


@pytest.mark.parametrize("content", ONE_TO_ONE)
def test_one_to_one_only_what_must_be_a_mention_is_taken_off(content: str) -> None:
    assert text(content, conversationType="1", atUsers=None).text == ONE_TO_ONE[content]


# --- Rich texts -------------------------------------------------------------------------------------------------------

RICH: Sequence[tuple[Parts, str]] = [
    # the mention is a part of its own
    (["@Signpost", "状态"], "状态"),
    (["@Signpost", SUBMIT], SUBMIT),
    (["@Signpost ", SUBMIT], SUBMIT),
    (["@SMS 助手 ", "状态"], "状态"),
    (["@SMS 助手", "状态"], "状态"),
    (["@Signpost", "/sms 帮助"], "/sms 帮助"),
    (["@Signpost\n", "状态"], "状态"),
    (["@Signpost：", "状态"], "状态"),
    (["@Signpost", "：状态"], "状态"),
    (["@张三 ", "@Signpost ", SUBMIT], SUBMIT),
    (["@张三 @Signpost ", SUBMIT], SUBMIT),
    (["", "@Signpost", " ", "状态"], "状态"),
    ([AT, "状态"], "状态"),
    ([AT, "：状态"], "状态"),
    (["@Signpost"], ""),
    ([AT], ""),
    # of an answer too, whatever the robot is called
    (["@Signpost", "企业"], "企业"),
    (["@SMS 助手 ", "企业"], "企业"),
    (["@SMS 助手", "来源：企业"], "来源：企业"),
    (["@Signpost 来源：企业"], "来源：企业"),
    (["@Signpost 企业", PICTURE], "企业"),
    (["@Signpost", PICTURE], ""),
    (["@SMS 助手 ", PICTURE], ""),
    ([PICTURE, "@Signpost 企业"], "企业"),
    # glued, and cut by bold words
    (["@Signpost状态", " #17"], "状态 #17"),
    (["@Signpost签名", " 提交 全部 速达物流 来源=企业"], SUBMIT),
    (["@Signpost 状态 ", "#17"], "状态 #17"),
    (["@张三@Signpost 状态"], "状态"),
    (["签名 提交 全部 ", "速达", "物流", " 来源=企业"], SUBMIT),
    # in the middle, at the end
    (["状态 ", AT, "#17"], "状态 #17"),
    (["状态 ", "@Signpost", " #17"], "状态  #17"),
    (["状态 #17", "@Signpost"], "状态 #17"),
    (["@Signpost", "状态 #17", "@Signpost"], "状态 #17"),
    ([SUBMIT, "@SMS 助手"], SUBMIT),
    ([SUBMIT, AT], SUBMIT),
    ([f"{SUBMIT} @Signpost"], SUBMIT),
    # a picture or file stands on a line of its own
    (["签名 提交 tencent 图片科技", PICTURE, "来源=企业"], "签名 提交 tencent 图片科技\n来源=企业"),
    (["@Signpost", "签名 提交 tencent 图片", "科技", FILE, PICTURE, "来源=企业"], "签名 提交 tencent 图片科技\n来源=企业"),
    ([PICTURE, SUBMIT], SUBMIT),
    ([SUBMIT, {"type": None, **FILE}], SUBMIT),
    (["来源：企业\r\n", PICTURE, "\r用途：自用"], "来源：企业\n用途：自用"),
    # links, and what is new
    (["说明=", {"type": "link", "text": "suda.example", "url": "https://suda.example"}], "说明=suda.example"),
    (["说明=", {"type": "link", "text": "官网", "url": "https://suda.example"}], "说明=https://suda.example"),
    (["说明=", {"type": "link", "text": "suda.example"}], "说明=suda.example"),
    # what is no text and no file is never passed over in silence: no command minds it, and no value may have it
    (["状态", {"type": "emoji", "name": "微笑"}, " #17"], "状态\ufffc #17"),
    (["内容：您好", {"type": "emoji", "name": "微笑"}, "再见"], "内容：您好\ufffc再见"),
    (["状态", {"type": "voice", "duration": 2}, " #17"], "状态\ufffc #17"),
    (["状态 #17", {"type": "paragraph", "children": [{"text": "x"}]}], "状态 #17\ufffc"),
    (["状态", {"type": "code", "content": " #17"}], "状态 #17"),
    # a label in other letters than the link has, and what is no web address
    (["说明=", {"type": "link", "text": "Suda.example", "url": "https://suda.example/"}], "说明=Suda.example"),
    (["说明=", {"type": "link", "text": "suda.example/订单", "url": "https://suda.example/%E8%AE%A2%E5%8D%95"}], "说明=suda.example/订单"),
    (["说明=", {"type": "link", "text": "suda.example", "url": "https://evil.example/?suda.example"}], "说明=https://evil.example/?suda.example"),
    (["说明=", {"type": "link", "text": "400-000-1234", "url": "tel:4000001234"}], "说明=400-000-1234"),
    (["说明=", {"type": "link", "text": "A@b.example", "url": "mailto:a@b.example"}], "说明=A@b.example"),
    (["说明=", {"type": "link", "text": "suda.example", "url": "dingtalk://dingtalkclient/page/link?url=https%3A%2F%2Fsuda.example"}], "说明=suda.example"),
    (["说明=", {"type": "link", "text": "官网", "url": "dingtalk://dingtalkclient/page/link?url=https%3A%2F%2Fsuda.example"}], "说明=https://suda.example"),
    (["状态", {"type": "bold", "text": " #17"}], "状态 #17"),
    (["状态", {"type": "text", "text": 5}, {"type": "text", "text": " #17"}], "状态 #17"),
]  # fmt: skip


@pytest.mark.parametrize(("parts", "typed"), RICH)
def test_rich_texts(parts: Parts, typed: str) -> None:
    heard = rich(*parts)
    assert heard.text == typed
    assert len(heard.files) == sum(not isinstance(part, str) and "downloadCode" in part for part in parts)
    assert not heard.unread


def test_one_to_one_some_clients_repeat_the_name_too() -> None:
    assert rich("@Signpost", "状态", conversationType="1").text == "状态"
    assert rich("@Signpost", "企业", conversationType="1").text == "企业"


# --- Whatever the mention looks like ----------------------------------------------------------------------------------

NAMES = st.sampled_from(
    ["Signpost", "SMS 助手", "短信助手", "短信状态助手", "Ops SMS Bot", "sign-bot", "机器人1号", "短 信"]
)
BLANKS = st.sampled_from([" ", "  ", "\u2005", "\u00a0", "\u3000", "\u2002", "\n", " \u2005"])
STOPS = st.sampled_from(["", "", "：", ":", "，", ",", ", "])
MARKS = st.sampled_from("@＠")
SAID = st.sampled_from([SUBMIT, "状态 #17", "status", "/sms 帮助", "签名 提交 tencent 速达物流\n来源：企业", "删除 #3"])
MENTION = st.builds(lambda mark, name: mark + name, MARKS, NAMES)
MENTIONED = st.lists(st.tuples(MENTION, BLANKS), min_size=1, max_size=3)


@settings(deadline=None)
@given(MENTIONED, STOPS, SAID)
def test_in_front_of_a_text(mentioned: list[tuple[str, str]], stop: str, said: str) -> None:
    names = "".join(mention + blank for mention, blank in mentioned)
    assert text(f"{names}{stop}{said}").text == said
    assert rich(f"{names}{stop}{said}").text == said


@settings(deadline=None)
@given(MENTIONED, st.booleans(), STOPS, SAID)
def test_in_front_as_parts(mentioned: list[tuple[str, str]], blank: bool, stop: str, said: str) -> None:
    parts = [mention + behind if blank else mention for mention, behind in mentioned]
    assert rich(*parts, f"{stop}{said}").text == said


@settings(deadline=None)
@given(MENTION, st.sampled_from([SUBMIT, "状态 #17", "签名 提交 tencent 速达物流\n来源：企业"]))
def test_at_the_end_as_a_part(mention: str, said: str) -> None:
    assert rich(said, mention).text == said
    assert rich(said, {"type": "at", "atName": mention[1:]}).text == said


FULL_OF_MARKS = (
    "@" * 3900,
    "@a " * 1300,
    "@" + "签名" * 1900,
    "@a" + " " * 15000 + "x",
    "状态" + " @a" * 1200,
    "@" + "a" * 15000,
)


@pytest.mark.parametrize("content", FULL_OF_MARKS, ids=range(len(FULL_OF_MARKS)))
def test_a_text_full_of_marks_is_read_at_once(content: str) -> None:
    asked: list[str] = []

    def nothing_begins(text: str) -> bool:
        asked.append(text)
        return False

    hear(pushed(text={"content": content}), nothing_begins)
    assert len(asked) <= 500


# --- Other kinds of messages ------------------------------------------------------------------------------------------


def test_words_that_come_otherwise() -> None:
    spoken = {"downloadCode": "a1", "duration": 2000, "recognition": "状态。"}
    heard = read(msgtype="audio", text=None, content=spoken, conversationType="1")
    assert (heard.text, heard.files, heard.unread) == ("状态", (), "")
    assert read(msgtype="markdown", text=None, markdown={"title": "x", "text": "@Signpost 状态"}).text == "状态"
    assert read(msgtype="markdown", text=None, content={"title": "x", "text": "状态"}).text == "状态"
    assert read(text=json.dumps({"content": " 状态"})).text == "状态"
    parts = json.dumps({"richText": [{"text": "@Signpost"}, {"text": "状态"}]})
    assert read(msgtype="richText", text=None, content=parts).text == "状态"


def test_files_by_themselves() -> None:
    for kind, content in (("picture", {"downloadCode": "c"}), ("file", '{"downloadCode": "c", "fileName": ""}')):
        heard = read(msgtype=kind, text=None, content=content, conversationType="1")
        assert (heard.text, heard.files, heard.unread) == ("", (Remote("c"),), "")
    film = {"downloadCode": "v", "duration": 3, "videoType": "mp4"}
    assert read(msgtype="video", text=None, content=film).files == (Remote("v", "film.mp4"),)
    assert rich(PICTURE, FILE).files == (Remote("p1"), Remote("f1", "授权书.pdf"))


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("audio", {"downloadCode": "a", "duration": 3}),
        ("unknownMsgType", None),
        ("chatRecord", {"chatRecord": "[…]"}),
        ("interactiveCard", {"text": "状态"}),
        ("picture", {}),
        ("richText", {"richText": [{"type": "emoji", "name": "x"}]}),
        ("richText", {"richText": [{"type": "audio", "downloadCode": "a"}, {"type": "new", "blocks": []}]}),
    ],
)
def test_what_says_nothing_to_us_is_known_as_that(kind: str, content: Any) -> None:
    heard = read(msgtype=kind, text=None, content=content)
    assert (heard.text, heard.files, heard.unread) == ("", (), kind)
    for language in ("en", "zh"):
        assert unread_message(language, kind).blocks


@pytest.mark.parametrize("as_text", [False, True])
def test_a_quoted_file_is_handed_over_and_a_quoted_text_is_not_said_again(as_text: bool) -> None:
    def quoting(kind: str, content: Any) -> Heard:
        replied = {"msgType": kind, "content": json.dumps(content) if as_text else content}
        return read(text={"content": " 来源：企业", "isReplyMsg": True, "repliedMsg": replied})

    for kind, content, files in (
        ("file", {"downloadCode": "c", "fileName": "licence.pdf"}, (Remote("c", "licence.pdf"),)),
        ("picture", {"downloadCode": "c"}, (Remote("c"),)),
        ("richText", {"richText": [{"text": "状态"}, PICTURE]}, (Remote("p1"),)),
        ("text", {"text": "删除 #17"}, ()),
        ("audio", {"downloadCode": "c", "recognition": "删除 #17"}, ()),
        ("video", {"downloadCode": "c", "videoType": "mp4"}, (Remote("c", "film.mp4"),)),
        ("unknownMsgType", {}, ()),  # a message or card of our own (facts, DingTalk 2.2)
    ):
        heard = quoting(kind, content)
        assert (heard.text, heard.files) == ("来源：企业", files), kind


def test_a_rich_text_that_quotes() -> None:
    replied = {"msgType": "picture", "content": {"downloadCode": "c"}}
    content = {"richText": [{"text": "@Signpost"}, {"text": "企业"}], "isReplyMsg": True, "repliedMsg": replied}
    heard = read(msgtype="richText", text=None, content=content)
    assert (heard.text, heard.files) == ("企业", (Remote("c"),))
