"""taskgraph cash application: payments to invoices by remittance lines, N:M, with payer names as banks cut them.

recon has no invoices on its order side, so this scores two kernels: `apply_by_key` for what the lines name, then `pair`
for payments and invoices that no number touches, equal in amount, unique both ways, the payer's name met. The adapter
turns amounts into minor units and references into invoices. A reference names an invoice if it fits the pattern of the
set's invoice numbers (INV-00020, INV-20, Invoice #20) and that invoice exists; the number inside is compared. A payer
contradicts a customer where fewer than half of the words of the shorter name meet the other's, as words, as their
beginnings or as initials.
"""

from __future__ import annotations

import json
import re
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np

from recon.ledger.days import day_number
from recon.matching.shared_keys import OPEN, PROVED, SUGGESTED, Applied, Remittance, apply_by_key
from recon.matching.window import UNIQUE, Side, pair
from recon.money import parse_amount
from tests.benchmarks.public.scores import Score

FOLDER = "matching/taskgraph-cash-application"
SIZES = (10, 30, 100, 300)
_NUMBER = re.compile(r"(?:INV-|Invoice #)0*(?P<number>\d+)")
#: An invoice is paid at most so many days after its date.
_LONGEST = 366
_VERDICTS = {OPEN: "open", SUGGESTED: "suggested", PROVED: "proved"}
Problem = dict[str, Any]


def prepare(data: Path, folder: Path) -> None:
    """Nothing to write: the kernel takes arrays."""


def score(data: Path, folder: Path) -> list[Score]:
    """Apply the payments of each problem and compare with its ground truth."""
    return [_scored(size, _read(data / FOLDER / f"n{size}_seed42.json")) for size in SIZES]


def _read(path: Path) -> Problem:
    problem: Problem = json.loads(path.read_text(encoding="utf-8"), parse_float=Decimal, parse_int=Decimal)
    return problem


def _minor(amount: Decimal) -> int:
    return parse_amount(f"{amount:.2f}", "USD")


def _scored(size: int, problem: Problem) -> Score:
    truth = problem.pop("ground_truth")
    lines, invoices, found = _applied(problem)
    score = Score(f"applications of n{size}", frozenset({"proved"}))
    wanted = {
        (a["payment_id"], a["invoice_id"]): (_minor(a["applied_amount"]), a["match_type"])
        for a in truth["applications"]
    }
    given: dict[tuple[str, str], tuple[str, int]] = {}
    for n, line in enumerate(lines):
        if invoices[n] is not None:
            given[line["payment_id"], invoices[n]] = (_VERDICTS[int(found.verdict[n])], int(found.applied[n]))
    given |= {key: ("proved", amount) for key, amount in _unique(problem, found).items()}
    named = {line["payment_id"] for line in lines}
    for key, (amount, kind) in sorted(wanted.items()):
        verdict, applied = given.get(key, ("", 0))
        if not verdict:
            reason = (
                "its number is nobody's, or another invoice's"
                if key[0] in named
                else "no remittance; not the only pair of its amount"
            )
            score.add(f"{kind} {key[0]}", "open", reason)
        elif verdict == "open":
            score.add(f"{kind} {key[0]}", "open", "several payments exceed the invoice")
        elif applied != amount:
            score.add(f"{kind} {key[0]}", f"{verdict}, another amount", f"{applied} for {amount}")
        else:
            score.add(f"{kind} {key[0]}", verdict, "" if verdict == "proved" else "another payer's name")
    score.wrong += [
        f"{payment} on {invoice}: {amount}"
        for (payment, invoice), (verdict, amount) in sorted(given.items())
        if verdict == "proved" and wanted.get((payment, invoice), (None, ""))[0] != amount
    ]
    rests = int((found.payment_rest != 0).sum()), int((found.item_rest != 0).sum())
    score.notes.append(
        f"{int(found.component.max(initial=-1)) + 1} components; payments with a rest {rests[0]}, invoices {rests[1]}"
    )
    return score


def _applied(problem: Problem) -> tuple[list[Problem], list[str | None], Applied]:
    invoices, payments, lines = problem["invoices"], problem["payments"], problem["remittance_lines"]
    item_of = {int(i["invoice_id"].removeprefix("INV-")): n for n, i in enumerate(invoices)}
    payment_of = {p["payment_id"]: n for n, p in enumerate(payments)}
    numbers = [_NUMBER.fullmatch(line["invoice_ref"]) for line in lines]
    item = [item_of.get(int(found["number"]), -1) if found else -1 for found in numbers]
    payment = [payment_of[line["payment_id"]] for line in lines]
    against = [
        i >= 0 and not _meet(payments[p]["payer_name"], invoices[i]["customer_name"])
        for p, i in zip(payment, item, strict=True)
    ]
    found = apply_by_key(
        np.array([_minor(p["amount"]) for p in payments], dtype=np.int64),
        np.array([_minor(i["amount"]) for i in invoices], dtype=np.int64),
        Remittance(
            np.array(payment, dtype=np.int64),
            np.array(item, dtype=np.int64),
            np.array([_minor(line["amount"]) for line in lines], dtype=np.int64),
        ),
        np.array(against, dtype=bool),
    )
    return lines, [invoices[i]["invoice_id"] if i >= 0 else None for i in item], found


def _unique(problem: Problem, found: Applied) -> dict[tuple[str, str], int]:
    """Payments without a number of the invoices' family, and invoices that no line names, that only fit each other."""
    invoices, payments = problem["invoices"], problem["payments"]
    numbered = {line["payment_id"] for line in problem["remittance_lines"] if _NUMBER.match(line["invoice_ref"])}
    owed = np.array([_minor(i["amount"]) for i in invoices], dtype=np.int64)
    paid = np.array([_minor(p["amount"]) for p in payments], dtype=np.int64)
    left = np.flatnonzero((found.item_rest == owed) & (owed != 0))
    right = np.array([n for n, p in enumerate(payments) if p["payment_id"] not in numbered], dtype=np.int64)
    dated = np.array([day_number(date.fromisoformat(i["invoice_date"])) for i in invoices], dtype=np.int64)
    came = np.array([day_number(date.fromisoformat(p["payment_date"])) for p in payments], dtype=np.int64)
    names = [[_meet(payments[p]["payer_name"], invoices[i]["customer_name"]) for p in right] for i in left]
    pairing = pair(
        Side(np.zeros_like(left), owed[left], dated[left], dated[left] + _LONGEST, np.arange(len(left))),
        Side(np.zeros_like(right), paid[right], came[right], came[right], np.arange(len(right))),
        np.array(names, dtype=bool).reshape(len(left), len(right)),
    )
    of_group = {int(pairing.right_group[n]): int(right[n]) for n in np.flatnonzero(pairing.right_state == UNIQUE)}
    return {
        (payments[of_group[int(pairing.left_group[n])]]["payment_id"], invoices[left[n]]["invoice_id"]): int(
            owed[left[n]]
        )
        for n in np.flatnonzero(pairing.left_state == UNIQUE)
    }


def _meet(payer: str, customer: str) -> bool:
    """Do at least half of the words of the shorter name meet the other one?"""
    shorter, longer = sorted((payer.lower().split(), customer.lower().split()), key=len)
    initials = "".join(word[0] for word in longer)
    met = sum(
        any(word.startswith(other) or other.startswith(word) for other in longer) or initials.startswith(word)
        for word in shorter
    )
    return 2 * met >= len(shorter)
