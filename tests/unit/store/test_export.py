"""What `export` writes: UTF-8 whatever the terminal speaks, row by row, whole or not at all."""

import csv
import io
import json
import sqlite3
import tracemalloc
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from bot.contracts.settings import Bot, Settings
from bot.store.database import Database
from bot.store.export import BYTE_ORDER_MARK, COLUMNS, CannotWrite, back_up, export_requests, verify_events
from bot.store.unusable import RecordUnusable

NAMES = ("速达物流", "𠮷野家通知", '=HYPERLINK("x")', 'a "quoted", name\nof two lines', "ümlaut\u2028", "")


async def record(
    folder: Path, names: tuple[str, ...] = NAMES, copies: int = 1, fields: str = '{"备注": "通知"}'
) -> Settings:
    """A record with a request of each name."""

    def fill(db: Any) -> None:
        db.execute(
            "INSERT INTO batches (id, origin, kind, name, submitter, submitter_name, platform, conversation, thread,"
            " created_at) VALUES (1, 'o', 'signature', 'n', 's', 's', 'p', 'c', '', '2026-01-01')"
        )
        rows = ((name, fields) for _ in range(copies) for name in names)
        db.conn.executemany(
            "INSERT INTO requests (batch, account, vendor, kind, name, state, action, fields, papers, reason, submitter,"
            " submitter_name, platform, conversation, thread, created_at, updated_at, since) VALUES (1, 'a', 'v',"
            " 'signature', ?, 'draft', 'create', ?, '[]', '', 's', 's', 'p', 'c', '', 't', 't', 't')",
            rows,
        )

    async with Database(folder / "signpost.db") as database:
        await database.write(fill)
    return Settings(bot=Bot(data_dir=folder))


async def test_csv_is_what_excel_opens_with_chinese_right(tmp_path: Path) -> None:
    out = io.BytesIO()
    assert await export_requests(await record(tmp_path), "csv", out) == 0
    text = out.getvalue().decode("utf-8")
    assert text.startswith(BYTE_ORDER_MARK + "id,batch,")
    assert text.count(BYTE_ORDER_MARK) == 1
    rows = list(csv.DictReader(io.StringIO(text[1:], newline="")))
    assert [row["name"] for row in rows] == [f"'{name}" if name.startswith("=") else name for name in NAMES]
    assert tuple(rows[0]) == COLUMNS


@pytest.mark.parametrize(
    "name", ["=1", "+86", "-x", "@x", "\t=1", "\r=1", "\n=1", " =1", "\u3000=1", "＝1", "＋1", "－1", "＠x"]
)
async def test_no_cell_is_taken_for_a_formula(name: str, tmp_path: Path) -> None:
    out = io.BytesIO()
    await export_requests(await record(tmp_path, names=(name,)), "csv", out)
    (row,) = csv.DictReader(io.StringIO(out.getvalue().decode("utf-8-sig"), newline=""))
    assert row["name"] == f"'{name}"


async def test_json_is_one_array_without_a_mark(tmp_path: Path) -> None:
    out = io.BytesIO()
    assert await export_requests(await record(tmp_path), "json", out) == 0
    rows = json.loads(out.getvalue())
    assert [row["name"] for row in rows] == list(NAMES)
    assert rows[0]["fields"] == {"备注": "通知"}
    assert out.getvalue().decode("utf-8") == json.dumps(rows, ensure_ascii=False, indent=2) + "\n"


@pytest.mark.parametrize(("form", "said"), [("csv", f"{BYTE_ORDER_MARK}{','.join(COLUMNS)}\r\n"), ("json", "[]\n")])
async def test_an_empty_record(form: str, said: str, tmp_path: Path) -> None:
    out = io.BytesIO()
    await export_requests(await record(tmp_path, names=()), form, out)
    assert out.getvalue().decode() == said


async def test_what_cannot_be_read_to_its_end_is_not_begun(tmp_path: Path) -> None:
    settings = await record(tmp_path, copies=50)
    async with Database(tmp_path / "signpost.db") as database:
        await database.write(lambda db: db.execute("UPDATE requests SET fields = '{' WHERE id = 200"))
    out = io.BytesIO()
    with pytest.raises(RecordUnusable, match="the fields of request 200 are no JSON"):
        await export_requests(settings, "json", out)
    assert out.getvalue() == b""


@pytest.mark.parametrize("ask", ["verify", "backup"])
async def test_a_table_that_is_gone_is_damage_though_every_page_is_whole(ask: str, tmp_path: Path) -> None:
    settings = await record(tmp_path)
    with closing(sqlite3.connect(tmp_path / "signpost.db")) as db:
        db.execute("DROP TABLE kept")
    said: list[str] = []
    asked = verify_events(settings, said.append)
    if ask == "backup":
        asked.close()
        asked = back_up(settings, tmp_path / "copy.db", said.append)
    with pytest.raises(RecordUnusable, match=r"signpost\.db is damaged \(tables are missing: kept\)"):
        await asked
    assert (said, (tmp_path / "copy.db").exists()) == ([], False)


class Full(io.BytesIO):
    """An output that is full at once."""

    def write(self, _: Any, /) -> int:
        raise OSError(28, "No space left on device")


async def test_an_output_that_takes_no_more(tmp_path: Path) -> None:
    with pytest.raises(CannotWrite, match="is not whole"):
        await export_requests(await record(tmp_path), "csv", Full())


class Sink(io.BytesIO):
    """Counts what it is given and keeps nothing."""

    size = 0

    def write(self, content: Any, /) -> int:
        self.size += len(content)
        return len(content)


@pytest.mark.parametrize("form", ["csv", "json"])
async def test_memory_does_not_grow_with_the_record(form: str, tmp_path: Path) -> None:
    settings = await record(tmp_path, copies=600, fields=json.dumps({"content": "长" * 300}, ensure_ascii=False))
    out = Sink()
    tracemalloc.start()
    try:
        await export_requests(settings, form, out)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert out.size > 3_000_000
    assert most < 1_000_000
