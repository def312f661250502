"""Any text in any cell of any sample, and any damage to a whole file: the reader never raises, no row gets lost."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from recon.channels.reader import read_file
from recon.ledger.statement import Statement
from tests.channels.sample_tables import FILES, SAMPLES, SPECS, Table, as_csv, tables_of

TEXTS = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        ["", "0", "-1", "1e9", "99999999999999999999", "2026-13-45", "٣", "=1+1", '"', "a,b", "\n", "-", "￥", "1,2,3"]
    ),
)


@cache
def tables_of_samples() -> list[Table]:
    return [table for path in FILES for table in tables_of(path)]


@cache
def standards() -> list[Path]:
    """Samples that are no table told by names of columns: standards and reports, which have readers of their own."""
    return [path for path in FILES if not tables_of(path)]


def read_without_loss(data: bytes, name: str = "statement") -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "statement"
        path.write_bytes(data)
        for one in read_file(path, name, SPECS):
            if isinstance(one, Statement):
                kept = one.booked_rows + one.repeated + len(one.skipped) + len(one.quarantined)
                assert one.rows == kept, one.channel
            else:
                assert one.fault.problem
                assert one.fault.remedy


@settings(max_examples=150)
@given(st.data(), TEXTS)
def test_any_text_in_any_cell(data: st.DataObject, text: str) -> None:
    table = data.draw(st.sampled_from(tables_of_samples()))
    rows = [list(row) for row in table.rows]
    number = data.draw(st.integers(0, len(rows) - 1))
    if rows[number]:
        rows[number][data.draw(st.integers(0, len(rows[number]) - 1))] = text
    content = as_csv([[cell.encode("utf-8", "replace").decode() for cell in row] for row in rows])
    assert content is not None
    read_without_loss(content)


@settings(max_examples=150)
@given(st.data(), st.binary(max_size=12))
def test_any_bytes_anywhere_in_a_standard(data: st.DataObject, piece: bytes) -> None:
    content = data.draw(st.sampled_from(standards())).read_bytes()
    start = data.draw(st.integers(0, len(content)))
    end = data.draw(st.integers(start, min(len(content), start + 40)))
    read_without_loss(content[:start] + piece + content[end:])


def test_a_declaration_cut_short_is_a_fault_not_a_crash() -> None:
    content = (SAMPLES / "camt.052" / "report-v6.xml").read_bytes()
    read_without_loss(content[:30] + content[69:])


@settings(max_examples=60)
@given(st.data(), TEXTS)
def test_any_text_in_place_of_a_line_of_a_standard(data: st.DataObject, text: str) -> None:
    lines = data.draw(st.sampled_from(standards())).read_bytes().split(b"\n")
    lines[data.draw(st.integers(0, len(lines) - 1))] = text.encode("utf-8", "replace")
    read_without_loss(b"\n".join(lines))


def test_every_channel_is_drawn() -> None:
    tabular, other = {table.channel for table in tables_of_samples()}, {path.parent.name for path in standards()}
    assert set(SPECS) - tabular - other == {"generic.journal"}  # books: refused, so no sample of it is read


@settings(max_examples=150)
@given(st.data())
def test_a_file_cut_anywhere(data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(FILES))
    content = path.read_bytes()
    start, end = sorted(data.draw(st.integers(0, len(content))) for _ in range(2))
    read_without_loss(content[start:end], data.draw(st.sampled_from(["statement", path.name])))


@settings(max_examples=200)
@given(st.data(), st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), min_size=1, max_size=20))
def test_any_bytes_of_a_file_changed(data: st.DataObject, changes: list[tuple[float, int]]) -> None:
    path = data.draw(st.sampled_from(FILES))
    content = bytearray(path.read_bytes())
    for place, byte in changes:
        content[int(place * len(content))] = byte
    read_without_loss(bytes(content), path.name)


ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-be", "utf-32", "gb18030", "big5", "shift_jis", "cp1252")


@settings(max_examples=100)
@given(st.sampled_from(FILES), st.sampled_from(ENCODINGS), st.sampled_from(["utf-8", "gb18030", "latin-1"]))
@example(SAMPLES / "rcb.corporate" / "rcb.xlsx", "gb18030", "utf-8")  # members without a name
def test_a_file_in_a_wrong_encoding(path: Path, encoding: str, taken_for: str) -> None:
    read_without_loss(path.read_bytes().decode(taken_for, "replace").encode(encoding, "replace"), path.name)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(SAMPLES).as_posix())
def test_only_what_stands_above_the_rows(path: Path) -> None:
    for table in tables_of(path):
        for end in (0, table.header, table.header + 1):
            content = as_csv(table.rows[:end])
            assert content is not None
            read_without_loss(content, path.name)


def test_a_workbook_damaged_where_its_library_looks_is_a_fault_not_a_crash() -> None:
    whole = (SAMPLES / "abc.corporate.b" / "abc-b.xlsx").read_bytes()
    entry = whole.index(b"PK\x01\x02")
    for place, byte in ((entry + 6, 213), (entry + 10, 14), (entry + 42, 255), (entry + 8, 1)):
        read_without_loss(whole[:place] + bytes([byte]) + whole[place + 1 :])


@pytest.mark.parametrize("text", ["<?xml version='1.0'?>", "<", "<!-- -->", "<!doctype", "<table/>"])
def test_a_page_of_nothing_is_a_fault_not_a_crash(text: str) -> None:
    read_without_loss(text.encode())
    read_without_loss(b"<!-- urn:schemas-microsoft-com:office:spreadsheet" + text.encode())
