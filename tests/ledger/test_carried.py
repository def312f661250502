"""The balance that one bill ends with is the one that the next begins with; what lies between them otherwise."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import permutations

from recon.ledger.carried import carry
from recon.ledger.statement import AccountFacts, Statement
from tests.ledger.make import ALI, pay, statement

ACCOUNT = "2088000000000001"


def bill(first: str, last: str, opening: int | None, closing: int | None, *, rows: bool = True, total: str = "ok"):
    one = statement(ALI, [pay(f"A{first}", 100, first)] if rows else [], account=ACCOUNT, file=f"{first}.csv")
    days = date.fromisoformat(f"2026-{first}"), date.fromisoformat(f"2026-{last}")
    facts = AccountFacts(ACCOUNT, "CNY", *days, True, opening, closing)
    return replace(one, accounts=(facts,), booked_rows=int(rows), control_total=total)


def told(statements: list[Statement]) -> dict[str, tuple[list[tuple[int, int]], bool]]:
    return {s.file: ([(p.expected, p.actual) for p in s.problems], s.proven) for s in carry(statements)}


def test_bills_that_carry_on_have_nothing() -> None:
    bills = [bill("10-01", "10-07", 0, 500), bill("10-08", "10-14", 500, 700)]
    assert all(made == (([]), True) for made in told(bills).values())


def test_a_balance_that_does_not_carry_on_is_one_break_and_both_bills_are_unproven_in_any_order() -> None:
    bills = [bill("10-01", "10-07", 0, 500), bill("10-08", "10-14", 620, 700), bill("10-15", "10-21", 700, 900)]
    for some in permutations(bills):
        assert told(list(some)) == {
            "10-01.csv": ([], False), "10-08.csv": ([(500, 620)], False), "10-15.csv": ([], True),
        }  # fmt: skip


def test_what_the_balance_lacks_lies_in_the_bill_without_a_row() -> None:
    bills = [bill("10-01", "10-07", 0, 500), bill("10-08", "10-08", None, None, rows=False),
             bill("10-09", "10-14", 620, 700)]  # fmt: skip
    assert told(bills) == {
        "10-01.csv": ([], True), "10-08.csv": ([(500, 620)], False), "10-09.csv": ([], True),
    }  # fmt: skip
    (problem,) = carry(bills)[1].problems
    assert (problem.code, problem.cause, problem.account) == ("balance_break", "rows_missing", ACCOUNT)
    assert problem.en == (
        "the bill up to 2026-10-07 ends with 5.00, the one from 2026-10-09 begins with 6.20; "
        "the bills between them hold no row."
    )


def test_days_between_in_no_bill_and_overlaps_and_cut_bills_are_told_elsewhere() -> None:
    apart = [bill("10-01", "10-07", 0, 500), bill("10-09", "10-14", 620, 700)]
    over = [bill("10-01", "10-07", 0, 500), bill("10-07", "10-14", 420, 700)]
    cut = [bill("10-01", "10-07", 0, 500, total="failed"), bill("10-08", "10-14", 620, 700)]
    unknown = [bill("10-01", "10-07", None, None), bill("10-08", "10-14", 620, 700)]
    for bills in (apart, over, cut, unknown):
        assert not any(s.problems for s in carry(bills))
