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


def columns_changed(table: Table) -> dict[str, bytes | None]:
    """The table with its columns turned around, and (where it is told by names) without those that it can lack."""
    whole = range(len(table.rows[table.header]))
    changed = {"turned around": as_csv(table.kept(list(reversed(whole))))}
    if table.spec.resolve is None:
        changed["without optional columns"] = as_csv(table.kept(needed(table)))
    return changed
