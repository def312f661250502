"""Each sample is told as its own channel and as no other, whatever its name, columns, encoding or wrapper."""

from __future__ import annotations

from pathlib import Path

import pytest

from recon.channels import tables
from recon.channels.detect import Candidate, detect_file
from recon.errors import Fault
from tests.channels.sample_tables import (
    FILES,
    SAMPLES,
    SPECS,
    Table,
    as_csv,
    as_xlsx,
    in_zip,
    needed,
    tables_of,
)

#: Channels whose samples are no table told by names of columns: their columns cannot be dropped or moved, and they are
#: neither csv nor sheets. They are told after renaming, inside a zip, and (text of our own letters) in other encodings.
STANDARDS = {
    "bai2", "camt.052", "camt.053", "camt.054", "mt940", "mt942", "norma43", "ofx", "qif", "saobei", "unionpay.rd",
    "unionpay.zm",
}  # fmt: skip
#: Reports of sections or of lines with codes, each told by its own first lines.
REPORTS = {
    "braintree.disbursements", "checkout.breakdown", "dlocal.older", "dlocal.settlement", "paypal.sar", "paypal.stl",
    "paypal.trr", "trustly.created", "trustly.funding",
}  # fmt: skip
#: A company's own book: never a bill, and refused by name (`test_generic_journal`).
BOOKS = {"generic.journal"}
ENCODINGS = ("gbk", "gb18030", "utf-8", "utf-8-sig")


def told(data: bytes, folder: Path) -> list[str]:
    """The channel of each table in a file without a telling name; a fault is the word for it."""
    path = folder / "renamed.bin"
    path.write_bytes(data)
    found = detect_file(path, SPECS)
    return [
        one.problem if isinstance(one, Fault) else one.channel for one in found if isinstance(one, Fault) or one.chosen
    ]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(SAMPLES).as_posix())
def test_a_sample_is_its_own_channel(path: Path, tmp_path: Path) -> None:
    own = path.parent.name
    found = told(path.read_bytes(), tmp_path)
    assert own in found
    assert all(name == own or SPECS[name].control_only for name in found), found


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(SAMPLES).as_posix())
def test_no_other_channel_fits_as_well(path: Path) -> None:
    for source in tables.open_file(path, path.name):
        assert not isinstance(source, tables.Unopened)
    chosen = [one for one in detect_file(path, SPECS) if isinstance(one, Candidate) and one.chosen]
    assert len({one.file for one in chosen}) == len(chosen) >= 1


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(SAMPLES).as_posix())
def test_a_table_is_told_after_every_change(path: Path, tmp_path: Path) -> None:
    for table in tables_of(path):
        plain = as_csv(table.rows)
        assert plain is not None
        changed = {
            **{encoding: as_csv(table.rows, encoding) for encoding in ENCODINGS},
            "xlsx": as_xlsx(table.rows),
            "zip": in_zip(plain),
            **columns_changed(table),
        }
        wrong = {
            how: found for how, data in changed.items() if data and (found := told(data, tmp_path)) != [table.channel]
        }
        assert not wrong, table.channel


def test_every_channel_takes_part() -> None:
    tabular = {table.channel for path in FILES for table in tables_of(path)}
    assert set(SPECS) == tabular | STANDARDS | REPORTS | BOOKS
    assert not tabular & (STANDARDS | REPORTS | BOOKS)
    assert {path.parent.name for path in FILES} == set(SPECS) - BOOKS


@pytest.mark.parametrize(
    "path",
    [path for path in FILES if path.parent.name in STANDARDS | REPORTS],
    ids=lambda path: path.relative_to(SAMPLES).as_posix(),
)
def test_a_standard_is_told_in_every_wrapper(path: Path, tmp_path: Path) -> None:
    content = path.read_bytes()
    own = told(content, tmp_path)
    assert path.parent.name in own
    assert told(in_zip(content), tmp_path) == own
    if b"\x00" in content:
        return  # an archive or a workbook
    lines = content.replace(b"\r\n", b"\n")
    assert told(lines, tmp_path) == told(lines.replace(b"\n", b"\r\n"), tmp_path) == own
    if content.isascii():
        assert told(b"\xef\xbb\xbf" + content, tmp_path) == own


def columns_changed(table: Table) -> dict[str, bytes | None]:
    """The table with its columns turned around, and (where it is told by names) without those that it can lack."""
    whole = range(len(table.rows[table.header]))
    changed = {"turned around": as_csv(table.kept(list(reversed(whole))))}
    if table.spec.resolve is None:
        changed["without optional columns"] = as_csv(table.kept(needed(table)))
    return changed
