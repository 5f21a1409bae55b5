"""One form for several accounts: what they share, what each is asked for, what files tell by their names."""

from dataclasses import replace

from bot.contracts.fields import Fault
from bot.contracts.model import Words
from bot.contracts.vocabulary import NAME, PAPER, QUALIFICATION, REMARK, SOURCE, SOURCES
from bot.desk.form_fields import file_problems, form_key, merged_fields, values_of

STRICT = replace(PAPER, max_bytes=1000, media_types=("image/png",))
WIDE = replace(PAPER, max_bytes=9000, max_files=5, media_types=("image/jpeg", "image/png", "application/pdf"))


def test_a_shared_field_is_one_that_every_account_takes() -> None:
    company = replace(SOURCE, choices=(SOURCES["company"], SOURCES["app"]))
    declared = {"one": (NAME, WIDE, SOURCE), "two": (replace(NAME, max_length=12), STRICT, company)}
    name, paper, source = merged_fields(declared)

    assert name.max_length == 12
    assert (paper.max_bytes, paper.max_files, paper.media_types) == (1000, 1, ("image/png",))
    assert [choice.word for choice in source.choices] == ["company", "app"]
    assert not name.why


def test_what_only_some_ask_for_says_who_and_why() -> None:
    asked = replace(REMARK, why=Words("Its reviewers read it.", "审核人员会看。"))
    declared = {"one": (NAME, asked), "two": (NAME, asked), "three": (NAME,)}
    _, remark = merged_fields(declared)

    assert remark.why == Words("Only for one, two. Its reviewers read it.", "仅用于 one、two。审核人员会看。")
    assert merged_fields({"one": (asked,)})[0].why == asked.why


def test_an_id_is_each_accounts_own() -> None:
    declared = {"one": (NAME, QUALIFICATION), "two": (NAME, QUALIFICATION), "three": (NAME,)}

    assert [field.key for field in merged_fields(declared)] == ["name", "qualification@one", "qualification@two"]
    assert form_key(QUALIFICATION, "one", {"one": (QUALIFICATION,), "two": (NAME,)}) == "qualification"
    values = {"name": "速达", "qualification@one": "1", "qualification@two": "2"}
    assert values_of("two", values) == {"name": "速达", "qualification": "2"}
    assert values_of("", values) == {"name": "速达"}


def test_what_files_tell_by_number_name_and_size() -> None:
    def found(*files: tuple[str, int]) -> list[Fault]:
        return [problem.fault for problem in file_problems((STRICT,), {"paper": files})]

    assert found(("a.png", 1000)) == []
    assert found(("A.PNG", 10)) == []
    assert found(("scan", 10)) == []  # a name without an ending may be anything
    assert found(("", 0)) == []  # of a stub nothing is known
    assert found(("a.jpg", 10)) == []  # may be a PNG all the same: its bytes tell
    assert found(("a.docx", 10)) == [Fault.FILE_WRONG_TYPE]
    assert found(("a.png", 1001)) == [Fault.FILE_TOO_LARGE]
    assert found(("a.png", 1), ("b.png", 1)) == [Fault.TOO_MANY_FILES]
