"""Columns, order and content of the machine tables."""

import csv
import hashlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest

from recon.errors import Fault
from recon.ledger.days import NO_DAY
from recon.ledger.match_ids import match_ids
from recon.ledger.outcome import Outcome
from recon.ledger.statement import Unread
from recon.ledger.stretch import EMPTY, REPEATED, Stretch
from recon.outputs.tables import (
    Drafted,
    breaks,
    excluded,
    in_transit,
    matches,
    voucher_entries,
    write_tables,
    write_vouchers,
)

COLUMNS = {
    "breaks": "break_id, leg, code, severity, side, channel, account, shop, occurred_at, value_date, due_date, "
    "age_days, order_ref, sub_ref, payment_ref, refund_ref, batch_ref, expected, actual, difference, currency, cause, "
    "symptoms, reach_rows, reach_amount, status, owner, decision, note, explanation, source_file, source_row, "
    "entry_ids, linked_ids",
    "break_rows": "break_id, leg, owned, side, entry_id, channel, account, shop, kind, occurred_at, value_date, "
    "amount, currency, order_ref, sub_ref, payment_ref, refund_ref, batch_ref, source_file, source_row",
    "matches": "match_id, leg, rule, verdict, basis, side, entry_id, channel, account, kind, occurred_at, amount, "
    "currency, applied, residual, residual_reason, weight, tolerance, order_ref, sub_ref, payment_ref, refund_ref, "
    "batch_ref, source_file, source_row, explanation",
    "in_transit": "entry_id, leg, reason, side, channel, account, kind, occurred_at, value_date, due_date, age_days, "
    "amount, currency, order_ref, sub_ref, payment_ref, refund_ref, batch_ref, rule, source_file, source_row",
    "quarantine": "source_file, source_row, column, value, channel, problem, remedy",
    "files": "source_file, sha256, channel, account, period_from, period_to, rows, booked_rows, repeated, skipped, "
    "quarantined, entries, control_total, balance_chain, status",
    "coverage": "side, channel, account, book, currency, state, first_day, last_day, days, files, entries, repeated, "
    "opening, closing, jump, chain, cause, break_id, reach_rows, reach_amount, source_files",
    "skipped": "source_file, source_row, reason",
    "fee_rules": "account, currency, kind, detail, changed_after, since, until, rate, fixed, minimum, maximum, "
    "rounding, base, on_refund, settles_after, only, explained, rows, not_identifiable, recon_yaml",
    "vouchers": "voucher_id, period, word, number, date, line, event, role, summary, account_code, account_name, "
    "debit, credit, currency, foreign_amount, rate, customer, supplier, project, stock, department, employee, "
    "attachments, evidence, maker, checker, poster",
    "voucher_entries": "voucher_id, line, entry_id, match_id, break_id, amount",
}
COLUMNS["excluded"] = COLUMNS["in_transit"]

LINES = pd.DataFrame(
    {
        "voucher_id": ["v2", "v1", "v1"], "period": "2026-10", "word": "记", "number": [2, 1, 1], "line": [1, 2, 1],
        "summary": ["-冲", "收款", "收款"], "debit": [None, None, 10000], "credit": [250, 10000, None],
        "currency": "CNY", "evidence": "voucher_entries.csv 1",
    }
)  # fmt: skip
ENTRIES = pa.table(
    {
        "voucher_id": ["v1", "v2"], "line": [1, 1], "entry_id": ["e1", "e9"], "match_id": [None, "m1"],
        "break_id": pa.nulls(2, pa.string()), "amount": [10000, 250],
    }
)  # fmt: skip
NO_ENTRIES = pa.table({name: [] for name in ENTRIES.column_names})
DRAFTED = Drafted(LINES, ENTRIES)


def write(folder: Path, outcome: Outcome, drafted: Drafted = DRAFTED) -> None:
    write_tables(folder, outcome, match_ids(outcome), currency="CNY")
    write_vouchers(folder, drafted, zone=outcome.zone, currency="CNY")


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def written(small: Any, tmp_path: Path) -> Path:
    write(tmp_path, small.outcome())
    return tmp_path


@pytest.mark.parametrize("name", sorted(COLUMNS))
def test_columns_are_fixed(written: Path, name: str) -> None:
    content = (written / f"{name}.csv").read_bytes()
    assert content.split(b"\n", 1)[0].decode() == COLUMNS[name].replace(" ", "")
    assert b"\r" not in content
    assert content.endswith(b"\n")


def test_breaks_say_what_they_own(written: Path) -> None:
    first, second = read(written / "breaks.csv")
    assert (first["code"], first["expected"], first["difference"]) == ("missing_payment", "66.00", "-66.00")
    assert first["entry_ids"] == "order-gateway:00000000000000s2"
    assert first["linked_ids"] == "00000000000000p1"
    assert first["explanation"].startswith("'=订单 3002")
    assert first["occurred_at"] == "2026-10-02T10:00:00+08:00"
    assert (second["code"], second["linked_ids"], second["due_date"]) == ("unknown_receipt", "", "")


def test_every_row_of_a_break_has_a_line(written: Path) -> None:
    rows = [row for row in read(written / "break_rows.csv") if row["break_id"] == "d2" * 8]
    assert [(row["entry_id"].lstrip("0"), row["owned"], row["side"]) for row in rows] == [
        ("s2", "true", "order"), ("p1", "false", "gateway"),
    ]  # fmt: skip
    assert (rows[0]["amount"], rows[0]["source_file"], rows[0]["source_row"]) == ("66.00", "orders.csv", "3")


def test_members_of_a_match_stand_together(written: Path) -> None:
    rows = read(written / "matches.csv")
    assert [row["entry_id"].lstrip("0") for row in rows] == ["w1", "b1", "s1", "p1", "f1"]
    assert [row["leg"] for row in rows] == ["gateway-bank"] * 2 + ["order-gateway"] * 3
    assert [row["applied"] for row in rows] == ["-50.00", "50.00", "100.00", "100.00", "0.00"]
    assert rows[0]["occurred_at"] == "2026-10-08T23:59:58.250000+08:00"
    assert rows[0]["explanation"] == '提现 50.00 = 到账 50.00, "唯一"'
    assert len({row["match_id"] for row in rows}) == 2


def test_what_waits_has_its_age(written: Path) -> None:
    (waits,) = read(written / "in_transit.csv")
    assert (waits["due_date"], waits["age_days"], waits["rule"]) == ("2026-11-03", "-3", "3 working days")
    interest, unpaid = read(written / "excluded.csv")
    assert (interest["reason"], interest["age_days"], interest["amount"]) == ("interest", "1", "0.86")
    assert (unpaid["reason"], unpaid["age_days"], unpaid["due_date"]) == ("unpaid", "28", "")


def test_nothing_depends_on_the_order_of_lines(small: Any, tmp_path: Path) -> None:
    for name, reverse in (("a", False), ("b", True)):
        (tmp_path / name).mkdir()
        write(tmp_path / name, small.outcome(reverse=reverse))
    for table in COLUMNS:
        assert (tmp_path / "a" / f"{table}.csv").read_bytes() == (tmp_path / "b" / f"{table}.csv").read_bytes()


def test_vouchers_stand_by_number(written: Path) -> None:
    rows = read(written / "vouchers.csv")
    assert [(row["number"], row["line"], row["debit"], row["credit"]) for row in rows] == [
        ("1", "1", "100.00", ""), ("1", "2", "", "100.00"), ("2", "1", "", "2.50"),
    ]  # fmt: skip
    assert rows[2]["summary"] == "'-冲"
    assert [row["entry_id"] for row in read(written / "voucher_entries.csv")] == ["e1", "e9"]
    digest = hashlib.sha256((written / "voucher_entries.csv").read_bytes()).hexdigest()
    assert {row["evidence"] for row in rows} == {f"voucher_entries.csv {digest} 1"}


def test_files_foot_and_name_what_was_not_read(small: Any, tmp_path: Path) -> None:
    fault = Fault("照片.csv", 0, "", "", "a picture, not a table", "Take it out of the folder.")
    copy = Fault("copy.csv", 0, "", "", "a copy of alipay.csv", "")
    small.unread = (Unread("照片.csv", "ab", "unknown", fault), Unread("copy.csv", "cd", "ignored copy", copy))
    write(tmp_path, small.outcome())
    rows = {row["source_file"]: row for row in read(tmp_path / "files.csv")}
    assert list(rows) == ["alipay.csv", "bank.csv", "orders.csv", "照片.csv", "copy.csv"]
    assert (rows["orders.csv"]["rows"], rows["orders.csv"]["booked_rows"], rows["orders.csv"]["skipped"]) == (
        "4",
        "3",
        "1",
    )
    assert rows["bank.csv"]["entries"] == "3"
    assert (rows["照片.csv"]["status"], rows["照片.csv"]["rows"]) == ("unknown", "")
    (quarantined,) = read(tmp_path / "quarantine.csv")
    assert (quarantined["source_file"], quarantined["source_row"]) == ("照片.csv", "")
    assert [row["source_row"] for row in read(tmp_path / "skipped.csv")] == ["6", "5", "5"]


def test_coverage_has_money_of_its_currency_and_no_days_where_a_file_states_none(small: Any, tmp_path: Path) -> None:
    one = Stretch("gateway", "alipay.cash", "2088", "cash", "JPY", REPEATED, 20_727, 20_729, ("a", "b"), 5, 2, 1000,
                  900, -100, "broken", "file_cut", "B1", 3, 250)  # fmt: skip
    empty = replace(one, currency="", state=EMPTY, first=NO_DAY, last=NO_DAY, files=("c",), opening=None, closing=None,
                    jump=None, break_id="", cause="", reach_rows=None, reach_amount=None)  # fmt: skip
    small.stretches = (one, empty)
    write(tmp_path, small.outcome())
    first, second = (list(row.values()) for row in read(tmp_path / "coverage.csv"))
    assert first == [
        "gateway", "alipay.cash", "2088", "cash", "JPY", "repeated", "2026-10-01", "2026-10-03", "3", "2", "5", "2",
        "1000", "900", "-100", "broken", "file_cut", "B1", "3", "250", "a;b",
    ]  # fmt: skip
    assert second[4:10] == ["", "empty", "", "", "0", "1"]


def test_a_run_without_anything_leaves_headers(small: Any, tmp_path: Path) -> None:
    empty = type(small)()
    assert matches(empty.outcome(), pa.array([], pa.string())).num_rows == 0
    assert breaks(empty.outcome()).num_rows == in_transit(empty.outcome()).num_rows == 0
    assert excluded(empty.outcome()).num_rows == voucher_entries(NO_ENTRIES).num_rows == 0
    write(tmp_path, empty.outcome(), Drafted(pd.DataFrame(), NO_ENTRIES))
    assert (tmp_path / "matches.csv").read_text(encoding="utf-8").replace("\n", "") == COLUMNS["matches"].replace(
        " ", ""
    )
