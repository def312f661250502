"""Any text in any cell of any sample: the reader never raises, and no row gets lost."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from recon.channels.reader import read_file
from recon.ledger.statement import Statement
from tests.channels.sample_tables import FILES, SAMPLES, SPECS, Table, as_csv, tables_of

REPORTS = {
    "paypal.stl", "paypal.trr", "checkout.breakdown", "dlocal.settlement", "dlocal.older", "trustly.funding",
    "braintree.disbursements",
}  # fmt: skip
FAMILIES = {"camt", "mt94", "ofx", "bai2", "qif", "norma43", "saobei", "unionpay"}
STANDARDS = [path for path in FILES if path.parent.name in REPORTS or SPECS[path.parent.name].family in FAMILIES]
TEXTS = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        ["", "0", "-1", "1e9", "99999999999999999999", "2026-13-45", "٣", "=1+1", '"', "a,b", "\n", "-", "￥", "1,2,3"]
    ),
)


@cache
def tables_of_samples() -> list[Table]:
    return [table for path in FILES for table in tables_of(path)]


def read_without_loss(data: bytes) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "statement"
        path.write_bytes(data)
        for one in read_file(path, "statement", SPECS):
            if isinstance(one, Statement):
                kept = one.booked_rows + one.repeated + len(one.skipped) + len(one.quarantined)
                assert one.rows == kept, one.channel
            else:
                assert one.fault.problem


@settings(max_examples=150, deadline=None)
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


@settings(max_examples=150, deadline=None)
@given(st.data(), st.binary(max_size=12))
def test_any_bytes_anywhere_in_a_standard(data: st.DataObject, piece: bytes) -> None:
    content = data.draw(st.sampled_from(STANDARDS)).read_bytes()
    start = data.draw(st.integers(0, len(content)))
    end = data.draw(st.integers(start, min(len(content), start + 40)))
    read_without_loss(content[:start] + piece + content[end:])


def test_a_declaration_cut_short_is_a_fault_not_a_crash() -> None:
    content = (SAMPLES / "camt.052" / "report-v6.xml").read_bytes()
    read_without_loss(content[:30] + content[69:])


@settings(max_examples=60, deadline=None)
@given(st.data(), TEXTS)
def test_any_text_in_place_of_a_line_of_a_standard(data: st.DataObject, text: str) -> None:
    lines = data.draw(st.sampled_from(STANDARDS)).read_bytes().split(b"\n")
    lines[data.draw(st.integers(0, len(lines) - 1))] = text.encode("utf-8", "replace")
    read_without_loss(b"\n".join(lines))
