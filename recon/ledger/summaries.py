"""A bill against the totals that the file beside it prints of it (支付宝 业务明细 and 业务汇总): `control_total`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from recon.ledger.statement import Problem, Statement, Summary, SumTotal
from recon.money import format_amount


def against_summaries(statements: Sequence[Statement]) -> list[Statement]:
    """Give bills that are not what the summaries of their account and stated period say a `control_total`.

    A summary without a period is of the only period of its account's bills. A long month comes in parts, each with a
    summary of its own, and a bill may be downloaded twice: what agrees one with one is done. The other summaries
    together are compared with the other bills together, rows that two bills hold counted once; where all bills are
    done nothing is wrong with them. A bill that its own totals show to be wrong says so itself.
    """
    found = list(statements)
    summaries: dict[tuple[str, str, str, tuple[date, date]], list[Summary]] = {}
    for summary in sorted({s.summary for s in statements if s.summary is not None}, key=repr):
        periods = [summary.period] if summary.period else sorted(_periods(statements, summary))
        if len(periods) == 1:
            key = summary.channel, summary.account, summary.currency, periods[0]
            summaries.setdefault(key, []).append(replace(summary, period=periods[0]))
    for some in summaries.values():
        places = [n for n, s in enumerate(found) if some[0].period in _periods([s], some[0])]
        for place, problem in _compared(some, [found[n] for n in places]):
            bill = found[places[place]]
            found[places[place]] = replace(bill, control_total="failed", problems=(*bill.problems, *problem))
    return found


def _periods(statements: Sequence[Statement], summary: Summary) -> set[tuple[date, date]]:
    """The stated periods of the bills of a summary's account."""
    return {
        (facts.period_from, facts.period_to)
        for s in statements
        if s.channel == summary.channel
        for facts in s.accounts
        if (facts.account, facts.currency) == (summary.account, summary.currency)
        and facts.period_stated
        and facts.period_from is not None
        and facts.period_to is not None
    }


def _compared(summaries: Sequence[Summary], bills: Sequence[Statement]) -> list[tuple[int, tuple[Problem, ...]]]:
    """Which bills differ, by place, the first of them with the problem."""
    if any(bill.control_total == "failed" for bill in bills):
        return []
    tables = [_own(bill, summaries[0]) for bill in bills]
    agree = [[not _wrong(summary.totals, table) for table in tables] for summary in summaries]
    left = [summary for summary, same in zip(summaries, agree, strict=True) if not any(same)]
    others = [n for n in range(len(bills)) if not any(same[n] for same in agree)]
    if not left or not others:
        return []
    once = pa.concat_tables([tables[n] for n in others]).group_by(["entry_id", "amount"]).aggregate([])
    wrong = _wrong(_added(left), once)
    if not wrong:
        return []
    first = min(others, key=lambda n: bills[n].sha256)
    return [(n, (_problem(left[0], wrong),) if n == first else ()) for n in others]


def _own(bill: Statement, summary: Summary) -> pa.Table:
    """The entries of the account, one line per entry of its own id."""
    table = bill.table
    mine = pc.and_(pc.equal(table["account"], summary.account), pc.equal(table["currency"], summary.currency))
    return table.select(["entry_id", "amount"]).filter(mine)


def _added(summaries: Sequence[Summary]) -> list[SumTotal]:
    """The totals of several summaries of one bill together; all name the same ones, or what all name is taken."""
    named = [{total._replace(amount=0): total.amount for total in summary.totals} for summary in summaries]
    every = [total for total in named[0] if all(total in one for one in named)]
    return [total._replace(amount=sum(one[total] for one in named)) for total in every]


def _wrong(totals: Sequence[SumTotal], table: pa.Table) -> list[tuple[str, int, int]]:
    """Name, printed and computed of each total that differs."""
    compared = [(total.name, total.amount, _sum(total, table)) for total in totals]
    return [one for one in compared if one[1] != one[2]]


def _sum(total: SumTotal, table: pa.Table) -> int:
    amount = table["amount"]
    if total.direction is not None:
        amount = amount.filter(pc.greater(amount, 0) if total.direction == "in" else pc.less(amount, 0))
    return int(pc.sum(amount).as_py() or 0)


def _problem(summary: Summary, wrong: Sequence[tuple[str, int, int]]) -> Problem:
    shown = [(name, *(format_amount(one, summary.currency) for one in pair)) for name, *pair in wrong]
    zh = "；".join(f"{name}：汇总文件写 {printed}，明细逐行得 {computed}" for name, printed, computed in shown)
    en = "; ".join(
        f"{name}: the summary prints {printed}, the bill's rows give {computed}" for name, printed, computed in shown
    )
    _, expected, actual = wrong[0]
    return Problem("control_total", summary.account, summary.currency, expected, actual, "", (), f"{zh}。", f"{en}.")
