"""Cells lose what exports and spreadsheets put around them, wherever in a long column they stand."""

from __future__ import annotations

import pyarrow as pa
import pytest

from recon.channels.cleaning import carried, cleaned, holds, pieces

MANY = 70_000


@pytest.mark.parametrize(
    ("printed", "read"),
    [
        ("12\t", "12"),
        (" 12\u3000", "12"),
        ("\xa012", "12"),
        ('="0012"', "0012"),
        ("'0012", "0012"),
        ("`0012", "0012"),
        ("", None),
        ("\t", None),
        ("--", None),
        ("-", "-"),
        ("张 三", "张 三"),
    ],
)
def test_one_cell(printed: str, read: str | None) -> None:
    assert cleaned(pa.array([printed]), ["--"]).to_pylist() == [read]
    assert cleaned(pa.array([printed]).dictionary_encode(), ["--"]).to_pylist() == [read]


def test_what_stands_elsewhere_in_a_column_does_not_matter() -> None:
    texts = ["12", "13\r"] + ["1"] * MANY + ["'9\t", "--"]
    column = cleaned(pa.array(texts), ["--"])
    assert column.to_pylist() == ["12", "13"] + ["1"] * MANY + ["9", None]


def test_a_column_in_pieces_reads_like_a_whole_one() -> None:
    texts = [f"{number}\t" for number in range(MANY)]
    split = pa.chunked_array([texts[:5], [], texts[5:40_000], texts[40_000:]], pa.string())
    assert cleaned(split, ()).equals(cleaned(pa.array(texts), ()))
    assert sum(len(piece) for piece in pieces(split)) == MANY


def test_an_empty_column() -> None:
    assert cleaned(pa.chunked_array([], pa.string()), ()).to_pylist() == []
    assert cleaned(pa.array([], pa.string()), ()).to_pylist() == []


def test_marks_are_found_in_the_last_piece_and_only_inside_the_column() -> None:
    column = pa.array(["1"] * MANY + ["3E+5", "e"])
    assert holds(column, b"E")
    assert not holds(column.slice(0, MANY), b"E", b"e")


@pytest.mark.parametrize("coded", [False, True])
def test_a_cell_is_carried_to_the_rows_of_its_key(coded: bool) -> None:
    column = pa.array([None, "USD", None, "EUR", None, "CAD"], pa.string())
    key = pa.array(["a", "a", "b", "c", None, None], pa.string())
    found = carried(column.dictionary_encode() if coded else column, key)
    assert found.to_pylist() == ["USD", "USD", None, "EUR", None, "CAD"]


def test_of_several_cells_of_a_key_the_smallest_is_carried() -> None:
    for column in (["b", None, "a"], ["a", None, "b"]):
        assert carried(pa.array(column), pa.array(["k", "k", "k"])).to_pylist()[1] == "a"
