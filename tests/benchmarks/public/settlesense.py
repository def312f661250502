"""SettleSense: orders, a gateway's settlement lines in batches, the bank statement; with the traps of its author.

The three files are read as they are by the generic channels, but for two order rows that the set prints as negative
amounts: recon asks for returns in a refund column, so the adapter moves them there. What a user tells in recon.yaml:
currency, zone, tolerance 1.00, that batches arrive within two days, and what the bank calls the gateway.
"""

from __future__ import annotations

from pathlib import Path

from tests.benchmarks.public.places import Answers, answers, read_table, write_table
from tests.benchmarks.public.scores import Score

FOLDER = "matching/settlesense"
_CONFIG = """\
lang: en
zone: Asia/Kolkata
currency: INR
tolerances: {amount: 1.00}
windows:
  generic.gateway:
    - {trigger: occurred_at, days: [0, 2]}
sources:
  - {files: bank.csv, channel: generic.bank, currency: INR}
  - {files: lines.csv, channel: generic.gateway, account: RAZORPAY, currency: INR}
  - {files: orders.csv, channel: generic.orders, currency: INR}
"""
#: What the set expects of a bank row that it wants left open -> what recon says of it.
_EXCEPTIONS = {
    "duplicate_bank_credit": "unknown_receipt (duplicate)",
    "amount_variance": "payout_mismatch",
    "ambiguous_multiple_candidates": "pool",  # three equal batches, three equal credits: the set balances
    "unresolvable_reference": "pool",
    "orphan_bank_credit": "unknown_receipt",
}


def prepare(data: Path, folder: Path) -> None:
    """Write the set as a workspace; its answers stay behind."""
    source = data / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "recon.yaml").write_text(_CONFIG, encoding="utf-8")
    for name, own in (("bank_statement.csv", "bank.csv"), ("razorpay_settlements.csv", "lines.csv")):
        rows = read_table(source / name)
        write_table(folder / "inbox" / own, list(rows[0]), [list(row.values()) for row in rows])
    orders = read_table(source / "order_ledger.csv")
    columns = [*orders[0], "refund_amount"]
    write_table(folder / "inbox" / "orders.csv", columns, [_order(row) for row in orders])


def _order(row: dict[str, str]) -> list[str]:
    back = row["amount"].removeprefix("-") if row["amount"].startswith("-") else ""
    return [*(row | {"amount": "0.00"} if back else row).values(), back]


def score(data: Path, folder: Path) -> list[Score]:
    """Run recon on the workspace and compare with the ground truth."""
    found = answers(folder)
    truth = read_table(data / FOLDER / "ground_truth.csv")
    lines = read_table(data / FOLDER / "razorpay_settlements.csv")
    orders = read_table(data / FOLDER / "order_ledger.csv")
    row_of_batch: dict[str, int] = {}
    for n, line in enumerate(lines):
        row_of_batch.setdefault(line["settlement_id"], n + 2)
    return [
        _bank(found, truth, row_of_batch),
        _exceptions(found, truth, row_of_batch),
        _orders(found, lines, orders),
    ]


def _bank(found: Answers, truth: list[dict[str, str]], row_of_batch: dict[str, int]) -> Score:
    """Bank row ↔ batch, of the rows that the set wants matched; and every match that the set does not want."""
    score = Score("bank rows to be matched with their batch", frozenset({"proved"}))
    wanted: dict[int, str] = {}
    for row in truth:
        if row["record_type"] == "bank_credit" and row["expected_outcome"] == "matched":
            at = int(row["record_id"].removeprefix("bank_")) + 2
            wanted[at] = row["expected_batch"]
            here = found.place("gateway-bank", "bank.csv", at)
            there = found.place("gateway-bank", "lines.csv", row_of_batch[row["expected_batch"]])
            same = here.bundle == there.bundle >= 0
            answer = here.answer if same or here.answer != "proved" else "another batch"
            score.add(f"{row['record_id']} {row['trap_name']}", answer, here.reason)
    batch_of = {row: batch for batch, row in row_of_batch.items()}
    for verdict, members in found.matches("gateway-bank"):
        rows = sorted(row for file, row in members if file == "bank.csv")
        batches = {batch_of[row] for file, row in members if file == "lines.csv" and row in batch_of}
        if verdict == "proved" and {wanted.get(row, "") for row in rows} != batches:
            score.wrong.append(f"bank rows {rows} with {sorted(batches)}")
    return score


def _exceptions(found: Answers, truth: list[dict[str, str]], row_of_batch: dict[str, int]) -> Score:
    """What the set wants left to a person: with the right code."""
    score = Score("exceptions with their code", frozenset({"as expected"}))
    for row in truth:
        if row["expected_outcome"] != "exception":
            continue
        if row["record_type"] == "bank_credit":
            at = int(row["record_id"].removeprefix("bank_")) + 2
            place, expected = found.place("gateway-bank", "bank.csv", at), _EXCEPTIONS[row["expected_exception_type"]]
        elif row["record_type"] == "settlement_batch":
            place = found.place("gateway-bank", "lines.csv", row_of_batch[row["record_key"]])
            expected = "missing_payout"
        else:
            at = int(row["record_key"].removeprefix("ord_")) + 1
            place, expected = found.place("order-gateway", "orders.csv", at), "excluded"
        answer = "as expected" if place.answer == expected else place.answer
        score.add(f"{row['record_id']} {row['trap_name']}", answer, place.reason)
    return score


def _orders(found: Answers, lines: list[dict[str, str]], orders: list[dict[str, str]]) -> Score:
    """Order ↔ settlement line, which share order and payment number."""
    score = Score("settlement lines with their order", frozenset({"proved"}))
    row_of_order = {row["order_id"]: n + 2 for n, row in enumerate(orders)}
    for n, line in enumerate(lines):
        money = ("refund", "payment", "adjustment")
        here = found.place("order-gateway", "lines.csv", n + 2, money)
        there = found.place("order-gateway", "orders.csv", row_of_order[line["order_id"]], ("refund", "sale"))
        same = here.bundle == there.bundle >= 0
        answer = here.answer if same or here.answer != "proved" else "another order"
        score.add(line["payment_id"], answer, here.reason)
    return score
