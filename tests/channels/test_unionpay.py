"""UnionPay's fixed widths: the day from the name, the year of the times, signs, and what speaks against a record."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Mapping
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest

from recon.channels.reader import read_file
from recon.channels.spec import Spec
from recon.channels.standards import unionpay
from recon.ledger.statement import Statement, Unread
from tests.channels.real_answers import files_below

NAME = "INN27010188ZM_802310048990001"
SAMPLE = Path(__file__).parents[2] / "samples" / "channels" / "unionpay.zm" / "802310048990001_20270101.zip"
TYPE, NET = slice(215, 217), slice(374, 387)


def records() -> list[bytes]:
    with zipfile.ZipFile(SAMPLE) as archive:
        return archive.read(NAME).splitlines()


def changed(place: slice, text: bytes) -> bytes:
    """The first record of the sample with another text at a place."""
    record = bytearray(records()[0])
    record[place] = text
    return bytes(record) + b"\r\n"


def test_the_year_is_the_one_next_to_the_clearing_day(statement: Callable[..., Statement]) -> None:
    read = statement(b"\n".join(records()[:2]), NAME)
    days = [moment.date() for moment in read.table["occurred_at"].to_pylist()]
    assert days == [date(2026, 12, 31)] * 2 + [date(2027, 1, 1)] * 2
    assert set(read.table["value_date"].to_pylist()) == {date(2027, 1, 1)}


@pytest.mark.parametrize("name", [f"bills/{NAME}.txt", f"802310048990001_20270101.zip/{NAME[:3]}", f"a.zip/{NAME}"])
def test_the_clearing_day_stands_in_the_name(statement: Callable[..., Statement], name: str) -> None:
    assert statement(changed(TYPE, b"01"), name).accounts[0].period_from == date(2027, 1, 1)


@pytest.mark.parametrize("name", ["bill.txt", "INN27139988ZM_802310048990001"])
def test_a_renamed_file_is_refused(unread: Callable[..., Unread], name: str) -> None:
    read = unread(changed(TYPE, b"01"), name)
    assert "clearing day" in read.fault.problem
    assert "INNyymmdd88ZM" in read.fault.remedy


def test_another_type_of_transaction_is_set_aside(statement: Callable[..., Statement]) -> None:
    read = statement(changed(TYPE, b"03"), NAME)
    assert [(fault.row, fault.problem) for fault in read.quarantined] == [
        (1, "is a type of transaction that is not known")
    ]


def test_letter_and_type_must_agree(statement: Callable[..., Statement]) -> None:
    read = statement(changed(NET, b"D000000473939"), NAME)
    (problem,) = read.problems
    assert (problem.code, problem.expected, problem.actual) == ("settlement_gap", 473939, -473939)


def test_a_short_line_is_no_record(statement: Callable[..., Statement]) -> None:
    read = statement(b"\n".join([records()[0], records()[1][:100]]), NAME)
    assert (read.booked_rows, len(read.quarantined)) == (1, 1)


def test_records_without_blanks_between_the_fields_are_spread(statement: Callable[..., Statement]) -> None:
    ends = [0, 3, 15, 27, 34, 45, 65, 78, 83, 86, 108, 111, 144, 147, 154, 165, 179, 193, 198, 214, 217, 220, 227, 230]
    ends += [235, 268, 270, 292, 308, 310, 326, 359, 373, 387, 396, 429, 443, 457, 470, 473, 475, 607]
    close = [b"".join(line[s + (s > 0) : e] for s, e in pairwise(ends)) for line in records()]
    assert {len(line) for line in close} == {567}
    amounts = [statement(b"\r\n".join(lines), NAME).table["amount"].to_pylist() for lines in (close, records())]
    assert amounts[0] == amounts[1]


def test_the_printed_summary_of_unionpay_agrees_with_its_transactions(specs: Mapping[str, Spec]) -> None:
    """RD is control only, so no reading compares it: 总计 of each block against the rows of ZM beside it."""
    files = files_below("gateways")
    if not files:
        pytest.skip("no real files here")
    (printed,) = unionpay.summary(files["unionpay/RD201015090501_802310048993424"].read_bytes())
    details = files["unionpay/INN15090588ZM_802310048993424"]
    (read,) = (one for one in read_file(details, details.name, specs) if isinstance(one, Statement))
    amounts, kinds = read.table["amount"].to_pylist(), read.table["kind"].to_pylist()
    gross = sum(amount for amount, kind in zip(amounts, kinds, strict=True) if kind == "payment")
    totals = [row for row in printed.rows if row["交易类型"] == "总计"]
    assert totals
    for row in totals:
        fen = {name: int(cell.replace(".", "")) for name, cell in row.items() if name in unionpay.RD[2:]}
        assert int(row["交易笔数"]) == read.rows
        assert fen["交易金额贷"] - fen["交易金额借"] == gross
        assert fen["费用借"] - fen["费用贷"] == gross - sum(amounts)
        assert fen["差额贷"] - fen["差额借"] == sum(amounts)
