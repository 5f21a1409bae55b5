"""One field for several accounts: limits that fit all of them, hints that say whose they are where they differ."""

from dataclasses import replace

from bot.contracts.fields import When
from bot.contracts.model import Words
from bot.contracts.vocabulary import NAME, PAPER, PURPOSE, REMARK, SOURCE, SOURCES
from bot.requests.merging import merged, one_field
from integrations.alibaba.declared import SIGNATURE_FIELDS as ALIBABA
from integrations.tencent.declared import signature_fields as tencent
from integrations.ucloud.declared import signature_fields as ucloud

EVERY = (("aliyun", ALIBABA), ("tencent", tencent("domestic")), ("ucloud", ucloud()))


def test_limits_are_the_strictest_of_all() -> None:
    wide = replace(PAPER, max_bytes=9_000, max_files=5, media_types=("image/jpeg", "image/png", "application/pdf"))
    paper = one_field({"one": wide, "two": replace(PAPER, max_bytes=10_000, media_types=("image/png",))})
    assert (paper.max_bytes, paper.max_files, paper.media_types) == (9_000, 1, ("image/png",))
    name = one_field({"one": replace(NAME, min_length=2), "two": replace(NAME, max_length=12)})
    assert (name.min_length, name.max_length) == (2, 12)


def test_what_vendors_say_alike_is_said_once_and_what_differs_says_whose_it_is() -> None:
    other = replace(REMARK, hint=Words("An address.", "附网址。"))
    assert one_field({"one": REMARK, "two": REMARK}).hint == REMARK.hint
    hint = one_field({"one": REMARK, "two": other, "three": REMARK}).hint
    assert hint == Words(f"one, three: {REMARK.hint.en} two: An address.", f"one、three：{REMARK.hint.zh}two：附网址。")


def test_a_choice_that_is_not_offered_is_not_spoken_of() -> None:
    noted = replace(SOURCES["app"], note=Words("an app needs its filing", "应用须提供备案"))
    apps = replace(SOURCE, choices=(SOURCES["company"], noted))
    alone = one_field({"one": apps})
    assert alone.hint == Words(f"{SOURCE.hint.en} An app needs its filing.", f"{SOURCE.hint.zh}应用须提供备案。")
    both = one_field({"one": apps, "two": replace(SOURCE, choices=(SOURCES["company"],))})
    assert ([choice.word for choice in both.choices], both.hint) == (["company"], SOURCE.hint)


def test_three_vendors_together() -> None:
    fields = {field.key: field for field in merged(EVERY)}
    assert (fields["name"].min_length, fields["name"].max_length) == (2, 12)
    assert [choice.word for choice in fields["source"].choices] == ["company", "government", "trademark"]
    assert "app" not in fields["source"].hint.en.lower().split()
    assert fields["paper"].media_types == ("image/jpeg", "image/png")
    assert fields["paper"].max_bytes == 4 * 1024 * 1024
    assert fields["purpose"].hint == PURPOSE.hint


def test_tencent_alone_offers_an_app_for_international_signatures_only() -> None:
    source = next(field for field in tencent("domestic") if field.key == "source")
    assert {choice.word: choice.offered for choice in source.choices} == {
        "company": None,
        "trademark": None,
        "government": None,
        "app": When("international", ("true",)),
    }
