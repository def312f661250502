"""Lerian context 01: card sales of a ledger against an acquirer's settlement lines and its chargebacks.

The ledger's sales are an own order list, the settlement and the chargebacks lists of a gateway. Each side's columns
get the names that the generic channels read; the column `scenario` never leaves the set. The answers follow from the
shared order number and the amounts (`SOURCES.md` counts them so). Left out, because recon compares no such thing: the
ledger's own 60 chargeback rows (an order list shows refunds) and the acquirer's fee list (it tells the fees again).
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

from recon.money import parse_amount
from tests.benchmarks.public.places import Answers, answers, read_table, write_table
from tests.benchmarks.public.scores import Score

FOLDER = "matching/lerian-matcher/context-01-card-acquirer-settlement"
TOLERANCE = 5  # minor units
_CONFIG = """\
lang: en
zone: America/Sao_Paulo
currency: BRL
tolerances: {amount: 0.05}
windows:
  generic.orders:
    - {trigger: paid_at, days: [0, 3]}
sources:
  - {files: sales.csv, channel: generic.orders}
  - {files: settlement.csv, channel: generic.gateway, account: acquirer}
  - {files: chargebacks.csv, channel: generic.gateway, account: acquirer}
"""
_MONEY = ("gross_amount", "fee_amount", "net_amount", "currency")
Row = dict[str, str]


def _sales(data: Path, hidden: tuple[str, ...] = ("scenario",)) -> list[Row]:
    rows = read_table(data / FOLDER / "ledger-midaz.csv", hidden=hidden)
    return [row for row in rows if not row["amount"].startswith("-")]


def _settlement(data: Path) -> list[Row]:
    lines: list[Row] = json.loads((data / FOLDER / "acquirer-settlement.json").read_text(encoding="utf-8"))
    return lines


def prepare(data: Path, folder: Path) -> None:
    """Write the set as a workspace; its answers stay behind."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "recon.yaml").write_text(_CONFIG, encoding="utf-8")
    inbox = folder / "inbox"
    write_table(
        inbox / "sales.csv",
        ("order id", "paid at", "amount paid", "currency"),
        [(r["order_id"], r["occurred_at"], r["amount"], r["currency"]) for r in _sales(data)],
    )
    write_table(
        inbox / "settlement.csv",
        ("transaction id", "order id", "settlement date", "type", "gross amount", "fee", "net amount", "currency"),
        [
            (r["acquirer_tx_id"], r["order_id"], r["settlement_date"], "sale", *(r[name] for name in _MONEY))
            for r in _settlement(data)
        ],
    )
    write_table(
        inbox / "chargebacks.csv",
        ("transaction id", "order id", "time", "type", "amount", "currency"),
        [
            (r["chargeback_id"], r["order_id"], r["occurred_at"], "chargeback", r["amount"], r["currency"])
            for r in read_table(data / FOLDER / "chargebacks.csv", hidden=("scenario",))
        ],
    )


def score(data: Path, folder: Path) -> list[Score]:
    """Run recon on the workspace and compare with what keys and amounts say."""
    found = answers(folder)
    sales, lines = _sales(data, ()), _settlement(data)
    return [*_pairs(found, sales, lines), _alone(found, sales, lines), _chargebacks(found, data, sales)]


def _pairs(found: Answers, sales: list[Row], lines: list[Row]) -> list[Score]:
    """Settlement lines whose order the ledger has: paired, or with the code of their difference."""
    row_of = {sale["order_id"]: n + 2 for n, sale in enumerate(sales)}
    amount_of = {sale["order_id"]: parse_amount(sale["amount"], sale["currency"]) for sale in sales}
    count = Counter(line["order_id"] for line in lines)
    scored = {
        "proved": Score("settled sales, equal or within 0.05", frozenset({"proved"})),
        "duplicate_payment": Score("lines of sales settled twice", frozenset({"duplicate_payment"})),
        "amount_mismatch": Score("settled sales of another amount", frozenset({"amount_mismatch"})),
    }
    truth: dict[int, int] = {}
    for n, line in enumerate(lines):
        order = line["order_id"]
        if order not in row_of:
            continue
        truth[n + 2] = row_of[order]
        gap = abs(parse_amount(line["gross_amount"], line["currency"]) - amount_of[order])
        kind = "duplicate_payment" if count[order] > 1 else "proved" if gap <= TOLERANCE else "amount_mismatch"
        here = found.place("order-gateway", "settlement.csv", n + 2)
        there = found.place("order-gateway", "sales.csv", row_of[order])
        answer = here.answer.split(" (")[0] if here.bundle == there.bundle >= 0 else f"apart, {here.answer}"
        scored[kind].add(line["acquirer_tx_id"], answer, here.reason)
    for verdict, members in found.matches("order-gateway"):
        orders = {row for file, row in members if file == "sales.csv"}
        settled = {row for file, row in members if file == "settlement.csv"}
        if verdict == "proved" and {truth.get(row, -1) for row in settled} != orders:
            scored["proved"].wrong.append(f"sales {sorted(orders)} with lines {sorted(settled)}")
    return list(scored.values())


def _alone(found: Answers, sales: list[Row], lines: list[Row]) -> Score:
    """What only one side has."""
    score = Score("only on one side", frozenset({"missing_payment", "unknown_payment"}))
    settled, sold = {line["order_id"] for line in lines}, {sale["order_id"] for sale in sales}
    for name, file, rows, others in (
        ("ledger", "sales.csv", sales, settled),
        ("acquirer", "settlement.csv", lines, sold),
    ):
        for n, row in enumerate(rows):
            if row["order_id"] not in others:
                place = found.place("order-gateway", file, n + 2)
                score.add(f"{name} {row['order_id']}", place.answer.split(" (")[0], place.reason)
    return score


def _chargebacks(found: Answers, data: Path, sales: list[Row]) -> Score:
    """Chargebacks of sales in the ledger: a finding each, linked to the sale's money."""
    score = Score("chargebacks of known sales", frozenset({"chargeback"}))
    known = {sale["order_id"] for sale in sales}
    for n, row in enumerate(read_table(data / FOLDER / "chargebacks.csv")):
        if row["order_id"] in known:
            place = found.place("order-gateway", "chargebacks.csv", n + 2)
            score.add(row["chargeback_id"], place.answer.split(" (")[0], place.reason)
    return score
