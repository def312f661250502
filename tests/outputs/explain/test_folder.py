"""Tables are read as they stand."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from recon.errors import WorkspaceFault
from recon.outputs.explain.folder import Result, minor


def result(folder: Path, **tables: str) -> Result:
    for name, text in tables.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8", newline="")
    return Result(folder, {"currency": "CNY", "lang": "zh"})


def test_cells_are_text_and_empty_ones_null(tmp_path: Path) -> None:
    found = result(tmp_path, breaks='break_id,note,expected\n007,"a,""b""",1.10\nB2,\'=1,\n').table("breaks")
    assert found.to_pylist() == [
        {"break_id": "007", "note": 'a,"b"', "expected": "1.10"},
        {"break_id": "B2", "note": "=1", "expected": None},
    ]


def test_a_table_without_rows(tmp_path: Path) -> None:
    found = result(tmp_path, breaks="break_id,note\n")
    assert found.table("breaks").num_rows == 0
    assert [piece.num_rows for piece in found.pieces("breaks", ["note"])] in ([], [0])


def test_the_members_of_a_match_are_found_by_their_lines(tmp_path: Path) -> None:
    text = "match_id,entry_id,order_ref\nm1,e1,m2\nm1,e2,\nm10,e3,\nm2,e4,m1\n"
    found = result(tmp_path, matches=text).matches(["m2", "m1"])
    assert {name: table.column("entry_id").to_pylist() for name, table in found.items()} == {
        "m2": ["e4"],
        "m1": ["e1", "e2"],
    }


@pytest.mark.parametrize("text", ["a,b\n1\n", ""])
def test_a_damaged_table_is_told(tmp_path: Path, text: str) -> None:
    damaged = result(tmp_path, breaks=text)
    with pytest.raises(WorkspaceFault, match=r"breaks\.csv: is no table as recon wrote it"):
        damaged.table("breaks")
    with pytest.raises(WorkspaceFault, match="Run recon match again"):
        list(damaged.pieces("breaks", ["a"]))


def test_a_missing_table_is_told(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceFault, match=r"breaks\.csv: is missing"):
        result(tmp_path).table("breaks")


def test_amounts_have_the_decimals_of_their_currency() -> None:
    table = pa.table({"amount": ["1.10", "7", None, "-2.5"], "currency": ["CNY", "JPY", "CNY", None]})
    assert minor(table, "amount", "CNY").tolist() == [110, 7, 0, -250]
