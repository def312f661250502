"""A bill beside the file that prints its totals: which bill is wrong, and when none is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import permutations

from recon.ledger.statement import AccountFacts, Statement, Summary, SumTotal
from recon.ledger.summaries import against_summaries
from tests.ledger.make import ALI, pay, statement

ACCOUNT = "2088000000000001"
MONTH = date(2026, 10, 1), date(2026, 10, 31)


def bill(name: str, amounts: Sequence[int], *, period: tuple[date, date] = MONTH, total: str = "none") -> Statement:
    """Payments of these amounts; two bills of one name hold the same rows."""
    rows = [pay(f"{name[0]}{n}", amount, "10-02") for n, amount in enumerate(amounts)]
    one = statement(ALI, rows, account=ACCOUNT, file=f"{name}.csv")
    facts = AccountFacts(ACCOUNT, "CNY", *period, period_stated=True)
    return replace(one, accounts=(facts,), control_total=total, sha256=name)


def summary(amount: int, *, period: tuple[date, date] | None = MONTH, account: str = ACCOUNT) -> Statement:
    totals = (SumTotal("net", amount, None), SumTotal("in", amount, "in"))
    one = statement(ALI, [], account=account, file=f"sum{amount}.csv")
    return replace(one, channel="sums", accounts=(), summary=Summary(ALI, account, "CNY", period, totals))


def told(*statements: Statement) -> dict[str, tuple[list[tuple[int, int]], bool]]:
    """Problems and proof of the bills, the same in whatever order they come."""
    found = [
        {s.file: ([(p.expected, p.actual) for p in s.problems], s.proven) for s in against_summaries(some)}
        for some in permutations(statements)
    ]
    assert all(one == found[0] for one in found)
    return {name: one for name, one in found[0].items() if not name.startswith("sum")}


def test_a_bill_that_is_what_its_summary_says_stays() -> None:
    assert told(bill("a", [100, 250]), summary(350)) == {"a.csv": ([], True)}


def test_a_bill_that_lacks_a_row_is_unproven() -> None:
    assert told(bill("a", [100]), summary(350)) == {"a.csv": ([(350, 100)], False)}
    (problem,) = against_summaries([bill("a", [100]), summary(350)])[0].problems
    assert (problem.code, problem.account, problem.cause) == ("control_total", ACCOUNT, "")
    assert problem.en.startswith("net: the summary prints 3.50, the bill's rows give 1.00; in: the summary")
    assert problem.zh.startswith("net：汇总文件写 3.50，明细逐行得 1.00；")


def test_parts_of_a_month_with_one_summary_or_one_each() -> None:
    parts = bill("a", [100, 250]), bill("b", [40])
    whole = {"a.csv": ([], True), "b.csv": ([], True)}
    assert told(*parts, summary(390)) == whole
    assert told(*parts, summary(350), summary(40)) == whole
    assert told(*parts, summary(350), summary(50)) == {"a.csv": ([], True), "b.csv": ([(50, 40)], False)}
    assert told(*parts, summary(400)) == {"a.csv": ([(400, 390)], False), "b.csv": ([], False)}


def test_a_bill_that_is_there_twice_counts_once_and_an_older_summary_is_no_fault_of_it() -> None:
    twice = bill("a", [100, 250]), bill("ab", [100, 250])
    assert all(proven for _, proven in told(*twice, summary(350)).values())
    assert told(bill("a", [100, 250]), summary(350), summary(100)) == {"a.csv": ([], True)}
    rows_of_two = bill("a", [100]), bill("ab", [100, 250])
    assert told(*rows_of_two, summary(360)) == {"a.csv": ([(360, 350)], False), "ab.csv": ([], False)}


def test_another_period_another_account_and_a_bill_that_is_wrong_by_itself_are_not_compared() -> None:
    other = date(2026, 9, 1), date(2026, 9, 30)
    for one in (summary(350, period=other), summary(350, account="2088000000000002")):
        assert told(bill("a", [100]), one) == {"a.csv": ([], True)}
    assert told(bill("a", [100], total="failed"), summary(350)) == {"a.csv": ([], False)}


def test_a_summary_without_a_period_is_of_the_only_one() -> None:
    other = date(2026, 9, 1), date(2026, 9, 30)
    assert told(bill("a", [100]), summary(350, period=None)) == {"a.csv": ([(350, 100)], False)}
    assert told(bill("a", [100]), bill("b", [7], period=other), summary(350, period=None)) == {
        "a.csv": ([], True),
        "b.csv": ([], True),
    }
