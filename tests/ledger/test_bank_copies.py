"""Two files of one bank account in one folder: each line of money is matched once, the others are copies, counted."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations
from typing import Any

import pyarrow as pa

from recon.ledger.copies import mark_copies
from recon.ledger.schema import CATEGORY
from recon.ledger.statement import Statement
from tests.ledger.make import CHANNELS, FUND, Row, credit, excluded, facts, findings, matches, payout, run, statement

LIST, OTHER, FINAL, INTERIM = "own.list", "own.second", "std.final", "std.interim"
BANKS = {
    one.channel: one
    for one in (
        facts(LIST, "bank", "own"),
        facts(OTHER, "bank", "own2"),
        facts(FINAL, "bank", "std", bill="standard"),
        facts(INTERIM, "bank", "std", bill="interim"),
    )
}
KNOWN = CHANNELS | BANKS
IBAN, NUMBER = "DE89370400440532013000", "0532013000"


def bill(channel: str, rows: list[Row], account: str = IBAN, **more: Any) -> Statement:
    keyed = [one | {"key": (channel, one["on"], one["amount"], one["memo"])} for one in rows]
    one = statement("bank.a", keyed, account=account, file=f"{channel}.{account[-4:]}.csv", **more)
    at = one.table.schema.get_field_index("channel")
    names = pa.array([channel] * one.table.num_rows, pa.string()).cast(CATEGORY)
    return replace(one, channel=channel, table=one.table.set_column(at, one.table.schema.field(at), names))


def lines(*days: str, start: int = 100) -> list[Row]:
    return [credit(start + n, day, memo=f"line {n}") for n, day in enumerate(days)]


def marks(*files: Statement) -> list[str]:
    """Per file one letter a row: c for a copy, a dot for money."""
    found = mark_copies(files, KNOWN)
    return ["".join("c" if book == "copy" else "." for book in one.table["book"].to_pylist()) for one in found]


def test_the_final_statement_wins_over_the_interim_on_its_days() -> None:
    final = bill(FINAL, lines("10-01", "10-02"))
    interim = bill(INTERIM, lines("10-01", "10-02", "10-03"))
    assert marks(final, interim) == ["..", "cc."]
    assert marks(interim, final) == ["cc.", ".."]


def test_what_only_the_interim_told_on_a_day_of_the_final_is_no_money() -> None:
    final = bill(FINAL, lines("10-01", "10-03"))
    assert marks(final, bill(INTERIM, [*lines("10-01"), credit(999, "10-02")]))[1] == "cc"


def test_an_interim_alone_is_money() -> None:
    assert marks(bill(INTERIM, lines("10-01", "10-02"))) == [".."]


def test_a_standard_beside_the_list_of_the_bank_is_a_copy() -> None:
    days = ("10-01", "10-02", "10-03")
    for account in (IBAN, NUMBER, "370400440532013000"):
        assert marks(bill(FINAL, lines(*days)), bill(LIST, lines(*days), account)) == ["ccc", "..."], account


def test_other_accounts_are_no_copies() -> None:
    days = ("10-01", "10-02", "10-03")
    assert marks(bill(FINAL, lines(*days)), bill(LIST, lines(*days), "6222****3001")) == ["...", "..."]
    assert marks(bill(FINAL, lines(*days)), bill(LIST, lines(*days), "DE89370400440532013001")) == ["...", "..."]


def test_a_number_with_which_two_accounts_end_names_neither() -> None:
    days = ("10-01", "10-02")
    other = "FR1420041010050532013000"
    files = [bill(FINAL, lines(*days)), bill(INTERIM, lines(*days, start=500), other), bill(LIST, lines(*days), NUMBER)]
    assert marks(*files) == ["..", "..", ".."]


def test_the_end_of_a_card_number_names_no_account_of_another_bank() -> None:
    assert marks(bill(OTHER, lines("10-01", "10-02"), "*3456"), bill(LIST, lines("10-01", "10-03"), "3456")) == [
        "..",
        "..",
    ]
    assert marks(bill(FINAL, lines("10-01", "10-02"), "3456"), bill(INTERIM, lines("10-01"), "3456")) == ["..", "c"]
    days = ("10-01", "10-02", "10-03")
    assert marks(bill(FINAL, lines(*days)), bill(LIST, lines(*days), "6222****3000")) == ["ccc", "..."]


def test_another_currency_is_another_account() -> None:
    dollars = bill(LIST, [credit(100, "10-01", currency="USD"), credit(101, "10-02", currency="USD")])
    assert marks(bill(FINAL, lines("10-01", "10-02")), dollars) == ["..", ".."]


def test_a_list_made_at_noon_lacks_the_evening() -> None:
    noon = bill(LIST, lines("10-01", "10-02", "10-03"))
    whole = bill(FINAL, [*lines("10-01", "10-02", "10-03"), credit(700, "10-03"), credit(102, "10-03", memo="again")])
    assert marks(noon, whole) == ["...", "ccc.."]


def test_a_stated_period_is_whole() -> None:
    stated = bill(LIST, lines("10-01", "10-02"), period=("10-01", "10-03"))
    assert marks(stated, bill(FINAL, lines("10-01", "10-03"))) == ["..", "cc"]


def test_a_value_day_beside_the_period_is_a_copy_of_its_equal() -> None:
    rows = [*lines("10-01", "10-02", "10-03"), credit(800, "11-01")]
    files = [bill(c, rows, period=("10-01", "10-31")) for c in (FINAL, INTERIM)]
    assert marks(*files) == ["....", "cccc"]


def test_a_list_without_number_is_of_the_account_whose_rows_it_repeats() -> None:
    days = ("10-01", "10-02", "10-03")
    nameless = bill(LIST, lines(*days), f"{LIST}:default")
    assert marks(bill(FINAL, lines(*days)), nameless) == ["ccc", "..."]
    assert marks(bill(FINAL, lines(*days, start=101)), nameless) == ["...", "..."]
    two = [bill(FINAL, lines(*days[:2])), bill(LIST, lines(*days[:2]), f"{LIST}:default")]
    assert marks(*two) == ["..", ".."]


def test_of_equal_bills_the_fuller_counts_then_the_name() -> None:
    few, many = bill(OTHER, lines("10-02", "10-03")), bill(LIST, lines("10-01", "10-02", "10-03", "10-04"))
    assert marks(few, many) == ["cc", "...."]
    assert marks(bill(OTHER, lines("10-02", "10-03")), bill(LIST, lines("10-02", "10-03"))) == ["cc", ".."]


def test_overlapping_files_of_one_layout_are_left_to_the_merge() -> None:
    assert marks(bill(FINAL, lines("10-01", "10-02")), bill(FINAL, lines("10-01", "10-02"))) == ["..", ".."]


def test_a_file_with_copies_gives_up_its_balances() -> None:
    files = [bill(c, lines("10-01", "10-02"), opening=0, closing=201) for c in (FINAL, INTERIM)]
    assert [[a.closing for a in one.accounts] for one in mark_copies(files, KNOWN)] == [[201], [None]]


def test_each_line_of_money_is_matched_once() -> None:
    rows = [credit(90, "10-03", memo="财付通"), credit(40, "10-04", memo="财付通"), credit(7, "10-05", memo="rent")]
    fund = statement(FUND, [payout(90, "10-03"), payout(40, "10-04")], account="1900000109")
    alone = run(fund, bill(LIST, rows, NUMBER), channels=KNOWN, as_of="2026-10-05")
    files = [fund, bill(FINAL, rows), bill(INTERIM, rows[:2]), bill(LIST, rows, NUMBER)]
    for order in permutations(files):
        outcome = run(*mark_copies(order, KNOWN), channels=KNOWN, as_of="2026-10-05")
        assert findings(outcome) == findings(alone) == [("unknown_receipt", 0, 7)]
        assert matches(outcome, "gateway-bank") == matches(alone, "gateway-bank")
        copied = sorted(line[1] for line in excluded(outcome, "gateway-bank") if line[2] == "copy")
        assert copied == [7, 40, 40, 90, 90]


def test_days_that_only_the_interim_tells_are_matched() -> None:
    rows = [credit(90, "10-03", memo="财付通"), credit(40, "10-04", memo="财付通")]
    fund = statement(FUND, [payout(90, "10-03"), payout(40, "10-04")], account="1900000109")
    outcome = run(*mark_copies([fund, bill(FINAL, rows[:1]), bill(INTERIM, rows)], KNOWN), channels=KNOWN)
    assert findings(outcome) == []
    assert len(matches(outcome, "gateway-bank")) == 2
