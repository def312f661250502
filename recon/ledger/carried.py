"""The balance that one bill of an account ends with is the one that the next begins with (期初 = 上期期末)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

import pyarrow.compute as pc

from recon.ledger.statement import AccountFacts, Problem, Statement
from recon.money import format_amount

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class _Bill:
    """What one file says of one account and currency; `place` is that of its statement. `whole`: no printed
    total of it says that it lacks rows.
    """

    place: int
    facts: AccountFacts
    empty: bool
    whole: bool


def carry(statements: Sequence[Statement]) -> list[Statement]:
    """Give each bill that does not begin with the balance of the one before a `balance_break`.

    Both bills are unproven then: which of them lacks rows is not told. Where bills without a row state the days
    between, it is the first of them that is unproven: what the balance lacks belongs there. Bills with a day between
    them that is in none are left to the holes of the coverage, and so are bills that overlap; what a bill lacks by
    its own totals is told there.
    """
    found = list(statements)
    bills: dict[tuple[str, str, str], list[_Bill]] = {}
    for place, statement in enumerate(statements):
        for facts in statement.accounts:
            if facts.period_from is not None and facts.period_to is not None:
                bill = _Bill(place, facts, statement.booked_rows == 0, statement.control_total != "failed")
                bills.setdefault((statement.channel, facts.account, facts.currency), []).append(bill)
    for key in sorted(bills):
        for before, empty, after in _jumps(bills[key]):
            problem = _problem(before, after, found, empty=bool(empty))
            held = empty[:1] or [after]
            for bill in held:
                found[bill.place] = _unproven(found[bill.place], problem)
            for bill in [] if empty else [before]:
                found[bill.place] = replace(found[bill.place], balance_chain="broken")
    return found


def _jumps(bills: Sequence[_Bill]) -> list[tuple[_Bill, list[_Bill], _Bill]]:
    """Neighbours whose balances do not meet, with the bills without a row between them."""
    ordered = sorted(bills, key=lambda b: (b.facts.period_from, b.facts.period_to, b.facts.opening or 0, b.place))
    found = []
    before, empty = ordered[0], list[_Bill]()
    reach = before.facts.period_to
    for bill in ordered[1:]:
        begins, ends = bill.facts.period_from, bill.facts.period_to
        if begins is None or ends is None or reach is None or ends <= reach:
            continue
        follows = begins == reach + _DAY
        reach = ends
        if follows and bill.empty:
            empty.append(bill)
            continue
        balances = before.facts.closing, bill.facts.opening
        if follows and before.whole and bill.whole and None not in balances and balances[0] != balances[1]:
            found.append((before, empty, bill))
        before, empty = bill, []
    return found


def _problem(before: _Bill, after: _Bill, statements: Sequence[Statement], *, empty: bool) -> Problem:
    closing, opening = before.facts.closing or 0, after.facts.opening or 0
    code = after.facts.currency
    shown = format_amount(closing, code), format_amount(opening, code)
    days = before.facts.period_to, after.facts.period_from
    zh = f"截至 {days[0]} 的账单余额为 {shown[0]}，自 {days[1]} 起的账单期初为 {shown[1]}"
    en = f"the bill up to {days[0]} ends with {shown[0]}, the one from {days[1]} begins with {shown[1]}"
    linked = _entry(statements[before.place], before, last=True) + _entry(statements[after.place], after, last=False)
    return Problem(
        "balance_break", after.facts.account, code, closing, opening, "rows_missing", linked,
        zh + ("；其间的账单没有一行。" if empty else "。"),
        en + ("; the bills between them hold no row." if empty else "."),
        after.facts.period_from,
    )  # fmt: skip


def _entry(statement: Statement, bill: _Bill, *, last: bool) -> tuple[str, ...]:
    """The entry of the first or the last row of a bill, by its balance's own order."""
    table = statement.table
    mine = pc.and_(pc.equal(table["account"], bill.facts.account), pc.is_valid(table["seq"]))
    rows = table.select(["seq", "entry_id"]).filter(mine)
    if not rows.num_rows:
        return ()
    at = pc.index(rows["seq"], pc.max(rows["seq"]) if last else pc.min(rows["seq"])).as_py()
    return (str(rows["entry_id"][at].as_py()),)


def _unproven(statement: Statement, problem: Problem) -> Statement:
    return replace(statement, balance_chain="broken", problems=(*statement.problems, problem))
