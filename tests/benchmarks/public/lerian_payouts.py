"""Lerian context 03: marketplace orders against a gateway's captures and refunds, and payouts to sellers.

The orders are an own order list (its one date is taken as the day of payment), captures, refunds and payouts lists of
a gateway with one account per seller. The column `scenario` never leaves the set. Given: the payout of a line is known
by `included_order_ids`, as a payout number on the line. Hidden: it is not, so that lines and payouts share only the
seller, and amounts.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

from tests.benchmarks.public.places import Answers, answers, read_table, write_table
from tests.benchmarks.public.scores import Score

FOLDER = "matching/lerian-matcher/context-03-marketplace-payouts"
_CONFIG = """\
lang: en
zone: America/Sao_Paulo
currency: BRL
tolerances: {amount: 0.05}
windows:
  generic.orders:
    - {trigger: paid_at, days: [0, 3]}
sources:
  - {files: orders.csv, channel: generic.orders}
  - {files: captures.csv, channel: generic.gateway}
  - {files: refunds.csv, channel: generic.gateway}
  - {files: payouts.csv, channel: generic.gateway}
"""
_LINE = ("gross_amount", "fee_amount", "net_amount", "currency", "status", "seller_id")
_PRINTED = ("amount", "fee", "net amount", "currency", "status", "account id")
_SCENARIO = ("scenario",)
Row = dict[str, str]


def _captures(data: Path) -> list[Row]:
    lines: list[Row] = json.loads((data / FOLDER / "gateway-transactions.json").read_text(encoding="utf-8"))
    return lines


def _payout_of(data: Path) -> dict[str, str]:
    """Order number -> number of the payout that says it holds the order."""
    payouts = read_table(data / FOLDER / "seller-payouts.csv", hidden=_SCENARIO)
    return {order: row["payout_id"] for row in payouts for order in row["included_order_ids"].split("|")}


def prepare(data: Path, folder: Path) -> None:
    """Write the set as two workspaces, `given` and `hidden`; its answers stay behind."""
    for name, payout_of in (("given", _payout_of(data)), ("hidden", {})):
        inbox = folder / name / "inbox"
        _write(data, inbox, payout_of)
        (folder / name / "recon.yaml").write_text(_CONFIG, encoding="utf-8")


def _write(data: Path, inbox: Path, payout_of: dict[str, str]) -> None:
    write_table(
        inbox / "orders.csv",
        ("order id", "paid at", "amount paid", "currency", "status", "payment id"),
        [
            (r["order_id"], r["order_date"], r["gross_amount"], r["currency"], r["status"], r["payment_id"])
            for r in read_table(data / FOLDER / "orders.csv", hidden=_SCENARIO)
        ],
    )
    number = ("payout id",) if payout_of else ()
    write_table(
        inbox / "captures.csv",
        ("payment id", "order id", "time", "type", *_PRINTED, *number),
        [
            (r["payment_id"], r["order_id"], r["captured_at"], "sale", *(r[name] for name in _LINE))
            + ((payout_of.get(r["order_id"], ""),) if payout_of else ())
            for r in _captures(data)
        ],
    )
    write_table(
        inbox / "refunds.csv",
        ("refund id", "order id", "time", "type", "amount", "currency", "account id"),
        [
            (r["refund_id"], r["order_id"], r["refunded_at"], "refund", r["amount"], r["currency"], r["seller_id"])
            for r in read_table(data / FOLDER / "refunds.csv", hidden=_SCENARIO)
        ],
    )
    write_table(
        inbox / "payouts.csv",
        ("transaction id", "date", "type", "amount", "currency", "account id", *number),
        [
            (r["payout_id"], r["payout_date"], "payout", r["amount"], r["currency"], r["seller_id"])
            + ((r["payout_id"],) if payout_of else ())
            for r in read_table(data / FOLDER / "seller-payouts.csv", hidden=_SCENARIO)
        ],
    )


def score(data: Path, folder: Path) -> list[Score]:
    """Run recon on both workspaces and compare with the shared numbers."""
    given, hidden = answers(folder / "given"), answers(folder / "hidden")
    return [_orders(given, data), _payouts(given, data, "given"), _payouts(hidden, data, "hidden")]


def _orders(found: Answers, data: Path) -> Score:
    """Order ↔ capture by order number: paired, or with the code that its state and amount ask for."""
    score = Score("captures of known orders", frozenset({"paired", "amount_mismatch", "failed: not booked"}))
    row_of = {row["order_id"]: n + 2 for n, row in enumerate(read_table(data / FOLDER / "orders.csv"))}
    truth: dict[int, int] = {}
    for n, line in enumerate(_captures(data)):
        if line["order_id"] not in row_of:
            continue
        truth[n + 2] = row_of[line["order_id"]]
        here = found.place("order-gateway", "captures.csv", n + 2)
        there = found.place("order-gateway", "orders.csv", row_of[line["order_id"]])
        answer = here.answer.split(" (")[0]
        if here.bundle == there.bundle >= 0:
            answer = "paired" if answer == "proved" else answer
        elif line["status"] == "failed" and answer == "not booked":
            answer = "failed: not booked"
        else:
            answer = f"apart, {answer}"
        score.add(line["order_id"], answer, "" if answer == here.answer else here.reason)
    for verdict, members in found.matches("order-gateway"):
        orders = {row for file, row in members if file == "orders.csv"}
        captured = {row for file, row in members if file == "captures.csv"}
        if verdict == "proved" and captured and {truth.get(row, -1) for row in captured} != orders:
            score.wrong.append(f"orders {sorted(orders)} with captures {sorted(captured)}")
    return score


def _payouts(found: Answers, data: Path, name: str) -> Score:
    """Payouts of several orders: all their booked lines stand in one match or finding with the payout."""
    score = Score(f"payouts of three orders, numbers {name}", frozenset({"together"}))
    captures = _captures(data)
    row_of = {line["order_id"]: n + 2 for n, line in enumerate(captures)}
    currency_of = {line["order_id"]: line["currency"] for line in captures}
    gaps: Counter[int] = Counter()
    for n, row in enumerate(read_table(data / FOLDER / "seller-payouts.csv")):
        orders = row["included_order_ids"].split("|")
        if len(orders) == 1:
            continue
        here = found.place("payout", "payouts.csv", n + 2)
        lines = [found.place("payout", "captures.csv", row_of[order]) for order in orders]
        booked = [line for line in lines if line.answer != "not booked"]
        if here.bundle >= 0 and all(line.bundle == here.bundle for line in booked):
            score.add(row["payout_id"], "together", "")
            gaps[found.gap(here)] += 1
        else:
            foreign = {currency_of[order] for order in orders} != {row["currency"]}
            reason = "payout and lines are in several currencies" if foreign else "they share no number"
            score.add(row["payout_id"], "open" if here.answer == "outside" else here.answer, reason)
    times = sorted(gaps.items(), key=lambda one: (-one[1], one[0]))
    most = ", ".join(f"{gap / 100:.2f} ({count})" for gap, count in times[:4])
    score.notes.append(f"payout less its lines: {most}; {len(times)} different gaps" if times else "nothing to compare")
    return score
