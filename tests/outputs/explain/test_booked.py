"""The share of a match or break in a voucher line, against the lines of voucher_entries.csv added by hand."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Mapping
from decimal import Decimal

import pytest

from recon.outputs.explain.booked import Books
from recon.outputs.explain.folder import Result
from recon.outputs.explain.search import Hits
from recon.outputs.labels import Language


def entries(result: Result) -> list[dict[str, str]]:
    with (result.path / "voucher_entries.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("column", ["match_id", "break_id"])
def test_shares_are_counted_once(results: Mapping[str, Result], column: str) -> None:
    result = results["taobao-alipay-bank"]
    rows = [row for row in entries(result) if row[column]]
    for one in sorted({row[column] for row in rows})[:8]:
        mine = [row for row in rows if row[column] == one]
        asked = {"match_id": "matches", "break_id": "breaks"}[column]
        # The same lines are asked for twice, by the match or break and by their entries.
        hits = Hits(**{asked: [one], "excluded": [row["entry_id"] for row in mine]})
        told = Books(result, hits, Language("en")).lines(column, [one])
        sums: Counter[tuple[str, str]] = Counter()
        for row in mine:
            sums[row["voucher_id"], row["line"]] += int(Decimal(row["amount"]) * 100)
        shares = sorted(int(Decimal(line.text.rpartition("of which ")[2].replace(",", "")) * 100) for line in told[1:])
        assert told[0].text == f"  draft vouchers ({len(sums)})"
        assert shares == sorted(abs(amount) for amount in sums.values())


def test_what_no_voucher_books_has_no_lines(results: Mapping[str, Result]) -> None:
    books = Books(results["taobao-alipay-bank"], Hits(breaks=["B1E18AE371B72"]), Language("zh"))
    assert books.lines("break_id", ["B1E18AE371B72"]) == []
