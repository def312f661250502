"""How two tables are compared by `recon check`."""

from __future__ import annotations

from pathlib import Path

import pytest

from recon.cli.compare import Comparison, Table, compare, read


def table(*lines: str) -> Table:
    header, *rows = (tuple(line.split(",")) for line in lines)
    return Table(header, rows)


def test_order_of_rows_and_columns_is_nothing() -> None:
    assert compare(table("code,amount", "a,1", "b,2"), table("amount,x,code", "2,-,b", "1,-,a")).equal


def test_rows_are_counted() -> None:
    found = compare(table("code", "a", "a", "b"), table("code", "a", "b", "b"))
    assert found.lines() == ["- code=a", "+ code=b"]


def test_empty_cells_are_compared_but_not_shown() -> None:
    found = compare(table("code,cause,amount", "a,,1"), table("code,cause,amount", "a,late,1"))
    assert found.lines() == ["~ code=a amount=1: cause '' is 'late'"]


def test_a_row_that_changed_is_told_by_its_cells() -> None:
    found = compare(table("code,ref,amount", "a,1,5", "a,2,7", "b,9,9"), table("code,ref,amount", "a,2,8", "c,9,4"))
    assert found.lines() == ["~ code=a ref=2: amount '7' is '8'", "- code=a ref=1 amount=5", "- code=b ref=9 amount=9",
                             "+ code=c ref=9 amount=4"]  # fmt: skip


def test_a_column_that_is_not_there() -> None:
    assert compare(table("code,why", "a,b"), table("code", "a")).lines() == ["column why is not in the output"]


def test_places_never_decide() -> None:
    found = compare(table("code,source_file,source_row", "a,x,1"), table("code,source_file,source_row", "a,y,9"))
    assert found.equal
    assert found.places_differ


def test_places_that_agree() -> None:
    found = compare(table("code,source_row", "a,1"), table("code,source_row", "a,1"))
    assert found == Comparison(("code",))


def test_a_long_difference_is_cut() -> None:
    found = compare(table("code", *(f"a{number:02}" for number in range(25))), table("code"))
    assert len(found.lines()) == 21
    assert found.lines()[-1] == "- and 5 more"


def test_reading(tmp_path: Path) -> None:
    path = tmp_path / "breaks.csv"
    path.write_text('\ufeffcode,note\r\na,"x, y"\r\n', encoding="utf-8", newline="")
    assert read(path) == Table(("code", "note"), [("a", "x, y")])


@pytest.mark.parametrize(("text", "problem"), [("", "has no header"), ("a,b\n1\n", "row 2 has 1 cells, the header 2")])
def test_what_is_no_table(tmp_path: Path, text: str, problem: str) -> None:
    path = tmp_path / "breaks.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=problem):
        read(path)
