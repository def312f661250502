"""Bytes of the csv files."""

import csv
import io
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recon.outputs.delimited import amounts, guarded, iso_times, local_days, unguarded, write_csv

EARLIEST = datetime.fromisoformat("1992-01-01")
LATEST = datetime.fromisoformat("2100-01-01")


def written(table: pa.Table, folder: Path, currency: str = "CNY") -> bytes:
    write_csv(table, folder / "t.csv", zone="Asia/Shanghai", currency=currency)
    return (folder / "t.csv").read_bytes()


def test_a_table_of_every_kind(tmp_path: Path) -> None:
    table = pa.table(
        {
            "order_ref": pa.array(["=001", None, "003"]),
            "occurred_at": pa.array(
                [datetime(2026, 10, 31, 15, 59, 58, tzinfo=UTC), None, datetime(2026, 1, 1, tzinfo=UTC)],
                pa.timestamp("us", tz="UTC"),
            ),
            "due_date": pa.array([date_of("2026-11-03"), None, date_of("2026-01-02")]),
            "amount": pa.array([-5, None, 123456789012345678]),
            "currency": pa.array(["CNY", "CNY", "CNY"]).dictionary_encode(),
            "explanation": pa.array(["=1+1", "说,明", None]),
            "source_row": pa.array([1, 2, None], pa.int32()),
        }
    )
    assert written(table, tmp_path).decode() == (
        "order_ref,occurred_at,due_date,amount,currency,explanation,source_row\n"
        "=001,2026-10-31T23:59:58+08:00,2026-11-03,-0.05,CNY,'=1+1,1\n"
        ',,,,CNY,"说,明",2\n'
        "003,2026-01-01T08:00:00+08:00,2026-01-02,1234567890123456.78,CNY,,\n"
    )


def date_of(text: str) -> date:
    return date.fromisoformat(text)


def test_a_table_without_rows_is_its_header(tmp_path: Path) -> None:
    assert written(pa.table({"a": pa.array([], pa.string()), "amount": pa.array([], pa.int64())}), tmp_path) == (
        b"a,amount\n"
    )


def test_amounts_have_the_decimals_of_their_currency() -> None:
    codes = pa.array(["CNY", "JPY", "KWD", None, "USD"])
    assert amounts(pa.array([100, 100, 100, 100, None]), codes, "CNY").to_pylist() == (
        ["1.00", "100", "0.100", "1.00", None]
    )
    assert amounts(pa.array([7, 8]), pa.array(["JPY", "JPY"]), "CNY").to_pylist() == ["7", "8"]
    assert amounts(pa.array([7]), None, "JPY").to_pylist() == ["7"]


def test_debit_and_credit_are_money_of_the_books(tmp_path: Path) -> None:
    table = pa.table({"debit": [1050], "credit": [None], "currency": ["JPY"], "foreign_amount": [210]})
    table = table.set_column(1, "credit", pa.array([None], pa.int64()))
    assert written(table, tmp_path) == b"debit,credit,currency,foreign_amount\n10.50,,JPY,210\n"


def test_moments_show_a_fraction_only_where_there_is_one() -> None:
    moments = [datetime(2026, 3, 8, 6, 59, 59, 250000, tzinfo=UTC), datetime(2026, 3, 8, 7, tzinfo=UTC), None]
    column = pa.array(moments, pa.timestamp("us", tz="UTC"))
    assert iso_times(column, "America/New_York").to_pylist() == (
        ["2026-03-08T01:59:59.250000-05:00", "2026-03-08T03:00:00-04:00", None]
    )
    assert iso_times(column, "Asia/Kolkata").to_pylist()[1] == "2026-03-08T12:30:00+05:30"


def test_days_are_of_the_zone() -> None:
    column = pa.array([datetime(2026, 10, 31, 16, tzinfo=UTC), None], pa.timestamp("us", tz="UTC"))
    assert local_days(column, "Asia/Shanghai").to_pylist() == [date_of("2026-11-01"), None]


@given(st.datetimes(EARLIEST, LATEST), st.sampled_from(["Asia/Shanghai", "Europe/London"]))
def test_moments_read_back_as_written(naive: datetime, zone: str) -> None:
    instant = naive.replace(tzinfo=UTC)
    text = iso_times(pa.array([instant], pa.timestamp("us", tz="UTC")), zone)[0].as_py()
    assert datetime.fromisoformat(text) == instant
    assert datetime.fromisoformat(text).utcoffset() in {timedelta(hours=8), timedelta(hours=1), timedelta(0)}


@pytest.mark.parametrize("text", ["=1", "+86", "-", "@x", "'=1", "''@", "'quoted'", "1=2", "", "平"])
def test_guarded_text_comes_back(text: str) -> None:
    once = guarded(pa.array([text]))
    assert unguarded(once).to_pylist() == [text]
    assert not once[0].as_py().startswith(("=", "+", "-", "@"))


CELL = st.one_of(st.none(), st.text(st.sampled_from('a,"\n\r中 ='), min_size=1, max_size=6))


@given(st.lists(st.tuples(CELL, CELL, st.just("z")), min_size=1, max_size=5))
def test_any_text_survives(rows: list[tuple[str | None, str | None, str]]) -> None:
    columns = {name: pa.array(column, pa.string()) for name, column in zip("abc", zip(*rows, strict=True), strict=True)}
    table = pa.table(columns)
    with TemporaryDirectory() as folder:
        text = written(table, Path(folder)).decode()
    read = list(csv.reader(io.StringIO(text, newline="")))
    assert read == [["a", "b", "c"], *[[cell or "" for cell in row] for row in rows]]


def test_both_ways_of_writing_give_the_same_bytes(tmp_path: Path) -> None:
    plain = pa.table({"a": ["x", None, "中"], "b": pa.array([1, None, -3])})
    quoted = pa.concat_tables([plain, pa.table({"a": ["x,y"], "b": pa.array([4])})]).combine_chunks()
    assert written(quoted, tmp_path).startswith(written(plain, tmp_path))


@pytest.mark.parametrize("rows", [1, 7, 1000])
def test_pieces_follow_each_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rows: int) -> None:
    numbers = [*range(95), None]
    texts = pa.DictionaryArray.from_arrays(pa.array([n % 2 for n in range(96)]), pa.array(['a, "b"', None]))
    table = pa.table({"number": numbers, "memo": texts})
    monkeypatch.setattr("recon.outputs.delimited._ROWS", rows)
    cells = ('"a, ""b"""', "")
    expected = "".join(f"{'' if n is None else n},{cells[at % 2]}\n" for at, n in enumerate(numbers))
    write_csv(table, tmp_path / "pieces.csv", zone="UTC", currency="CNY")
    assert (tmp_path / "pieces.csv").read_text(encoding="utf-8") == f"number,memo\n{expected}"


@pytest.mark.parametrize("text", ["=1", "'=1", "+1", "-1", "@x"])
def test_one_formula_among_many_is_found(text: str) -> None:
    texts = pa.array(["plain", "", None, "'quoted", text]).slice(1)
    assert guarded(texts).to_pylist() == ["", None, "'quoted", f"'{text}"]
