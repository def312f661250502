"""The rows of every file shuffled, the files renamed: the tables stay the same, byte for byte but for the places.

Only text lines change their order; preamble, header and footer stay where they are. So the running balance of a bill
runs in disorder and must be rebuilt.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pytest

from recon import intake, pipeline
from recon.channels.spec import load_specs
from recon.config import Config, load
from recon.config.rules import rules_of
from recon.ledger.match_ids import match_ids
from recon.outputs import tables
from recon.outputs.delimited import write_csv

CASES = Path(__file__).parents[1] / "samples" / "cases"
FOLDERS = sorted(path.parent for path in CASES.rglob("inbox"))
LARGE = [folder for folder in FOLDERS if folder.parent == CASES]
SMALL = [folder for folder in FOLDERS if folder.parent != CASES]
FOOTERS = ("#", "合计", "总计", "总交易单数", "资金流水总笔数", "总笔数", "\t\t\t", "SF,")
#: Lines above a header that have several cells too: comments, and the records before PayPal's CH.
ABOVE = (b"#", b"RH,", b"FH,", b"SH,")
#: UnionPay's records print no year and no clearing day: both stand in the name, and a file without it is refused.
DATED = "88ZM_"
PLACES = ["source_file", "source_row"]
SPECS = load_specs()
FACTS = {name: spec.facts() for name, spec in SPECS.items()}


@pytest.fixture(autouse=True)
def _specs_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "load_specs", lambda: SPECS)


def mixed(parts: Sequence[bytes]) -> list[bytes]:
    """In the order of their hashes: as good as thrown by dice, and the same in every run."""
    return sorted(parts, key=lambda part: hashlib.sha256(part).digest())


def shuffled(data: bytes) -> bytes:
    """The lines between the header (the first line of several cells) and the footer in another order."""
    marks = tuple(word.encode(code) for word in FOOTERS for code in ("utf-8", "gb18030"))
    lines = data.splitlines(keepends=True)
    cells = (n for n, line in enumerate(lines) if _several(line) and not line.startswith(ABOVE))
    first = next(cells, len(lines)) + 1
    last = next((n for n in range(first, len(lines)) if lines[n].startswith(marks)), len(lines))
    end = lines[0][len(lines[0].rstrip(b"\r\n")) :]
    body = [line.rstrip(b"\r\n") + end for line in lines[first:last]]
    return b"".join([*lines[:first], *mixed(body), *lines[last:]])


def _several(line: bytes) -> bool:
    """Cells between commas, or between TABs more of them than lines above a header have."""
    return line.count(b",") > 2 or sum(bool(cell.strip()) for cell in line.split(b"\t")) > 6


def repacked(data: bytes) -> bytes:
    """An archive whose members are shuffled, in another order, under other names but where the name tells the day."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(packed, "w") as new:
        names = {old.read(info): info.filename for info in old.infolist()}
        for n, member in enumerate(mixed(list(names))):
            new.writestr(names[member] if DATED in names[member] else f"m{n}.csv", shuffled(member))
    return packed.getvalue()


def reordered(data: bytes) -> bytes:
    """A workbook whose rows below the header (the first row of several cells), down to the footer, change places."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    for sheet in book.worksheets:
        rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
        first = next((n for n, row in enumerate(rows) if sum(cell is not None for cell in row) > 3), len(rows)) + 1
        last = next((n for n in range(first, len(rows)) if str(rows[n][0]).startswith(FOOTERS)), len(rows))
        body = {repr((row, n)).encode(): row for n, row in enumerate(rows[first:last])}
        for n, key in enumerate(mixed(list(body)), start=first + 1):
            for column, value in enumerate(body[key], start=1):
                sheet.cell(n, column).value = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def disorder(inbox: Path, target: Path) -> None:
    """Copy a folder, rows shuffled and files renamed."""
    target.mkdir()
    kinds = {path.read_bytes(): path.suffix.lower() for path in inbox.iterdir()}
    for n, data in enumerate(mixed(list(kinds))):
        done = {".zip": repacked, ".xlsx": reordered}.get(kinds[data], shuffled)(data)
        (target / f"f{n}{kinds[data]}").write_bytes(done)


def written(inbox: Path, case: Path, out: Path) -> dict[str, bytes]:
    """breaks.csv, matches.csv and in_transit.csv of a run, without the places in files."""
    told = case / "recon.yaml"
    config = load(told, FACTS) if told.is_file() else Config()
    reading = intake.read([inbox], config=config, progress=lambda *_: None)
    rules = rules_of(config, FACTS, None, None, None)
    outcome = pipeline.reconcile(reading.entries, reading.statements, reading.unread, rules)
    found = {
        "breaks": tables.breaks(outcome),
        "matches": tables.matches(outcome, match_ids(outcome)),
        "in_transit": tables.in_transit(outcome),
    }
    out.mkdir()
    for name, table in found.items():
        write_csv(table.drop_columns(PLACES), out / name, zone=outcome.zone, currency=config.currency)
    return {name: (out / name).read_bytes() for name in found}


@pytest.mark.parametrize("case", [*LARGE, *SMALL], ids=lambda path: path.name)
def test_neither_rows_nor_names_in_another_order_change_the_tables(case: Path, tmp_path: Path) -> None:
    disorder(case / "inbox", tmp_path / "inbox")
    plain = written(case / "inbox", case, tmp_path / "plain")
    assert written(tmp_path / "inbox", case, tmp_path / "shuffled") == plain


@pytest.mark.parametrize("case", LARGE[-2:], ids=lambda path: path.name)
def test_a_second_run_writes_the_same_bytes(case: Path, tmp_path: Path) -> None:
    first, second = (written(case / "inbox", case, tmp_path / name) for name in ("one", "two"))
    assert first == second


def test_shuffling_moves_rows_and_nothing_else() -> None:
    text = "#a,b\nh1,h2,h3,h4\n1,,,\n2,,,\n3,,,\n4,,,\n合计,,,\n".encode("gb18030")
    turned = shuffled(text)
    assert turned != text
    assert sorted(turned.splitlines()) == sorted(text.splitlines())
    assert turned.splitlines()[:2] + turned.splitlines()[-1:] == text.splitlines()[:2] + text.splitlines()[-1:]
