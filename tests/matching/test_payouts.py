"""How an account pays out is told by its rows: batch numbers, withdrawals, a cash book."""

from dataclasses import replace

import numpy as np
import pytest

from recon.ledger.days import NO_DAY, as_date
from recon.ledger.statement import Statement
from recon.ledger.transfers import Batch
from recon.ledger.view import View
from recon.matching.payouts.forms import batches, forms, transfers
from tests.ledger.make import ALI, BATCH, CHANNELS, FUND, NUMBER, TRADE, ledger, pay, payout, row, statement

B1, B2 = "B2026100801", "B2026100901"


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ([statement(ALI, [pay("A", 1, "10-08")])], {"ali:2088000000000001": "manual"}),
        ([statement(TRADE, [pay("A", 1, "10-08")])], {"wx:1900000109": "day"}),
        (
            [statement(TRADE, [pay("A", 1, "10-08")]), statement(FUND, [pay("A", 1, "10-08")], account=NUMBER[TRADE])],
            {"wx:1900000109": "manual"},
        ),
        ([statement(BATCH, [pay("A", 1, "10-08", batch=B1)])], {"pay:M1": "batch"}),
        # without a number on its lines an account is paid out by hand, whatever its channel usually does
        ([statement(BATCH, [pay("A", 1, "10-08"), payout(1, "10-09", batch=B1)])], {"pay:M1": "manual"}),
        ([], {}),
    ],
)
def test_forms(files: list[Statement], expected: dict[str, str]) -> None:
    view = ledger(*files)
    assert {view.accounts[account]: form for account, form in forms(view, CHANNELS).items()} == expected


def all_of(view: View) -> tuple[np.ndarray, np.ndarray]:
    """Every entry takes part, none lies after as_of."""
    return np.ones(len(view), dtype=bool), np.zeros(len(view), dtype=bool)


def test_a_batch_whose_payout_lies_after_as_of_is_due_on_its_day() -> None:
    rows = [pay("A", 100, "10-08", batch=B1), payout(100, "10-10", batch=B1), pay("B", 50, "10-09", batch=B2)]
    view = ledger(statement(BATCH, [*rows, payout(50, "10-20", batch=B2)]))
    later = view.amount == -50
    found = batches(view, forms(view, CHANNELS), ~later, later)
    assert [(b.key, as_date(b.due).isoformat()) for b in found] == [(B1, "2026-10-10"), (B2, "2026-10-20")]


def test_batches_by_key_and_currency() -> None:
    view = ledger(
        statement(
            BATCH,
            [
                pay("A", 100, "10-08", batch=B1), row("fee", -2, "10-08", order="A", batch=B1),
                payout(98, "10-10", batch=B1),
                pay("B", 50, "10-09", batch=B2), pay("C", 70, "10-09", batch=B2, currency="USD"), pay("D", 9, "10-09"),
            ],
        )
    )  # fmt: skip
    found = batches(view, forms(view, CHANNELS), *all_of(view))
    told = [(b.key, view.currencies[b.currency], len(b.lines), b.footed, b.paid_out) for b in found]
    unnumbered = ("", "CNY", 1, 9, 0)
    assert told == [unnumbered, (B1, "CNY", 2, 98, 98), (B2, "CNY", 1, 50, 0), (B2, "USD", 1, 70, 0)]
    assert [as_date(b.due).isoformat() for b in found[1:]] == ["2026-10-10", "2026-10-12", "2026-10-12"]
    assert found[0].due == NO_DAY


def test_a_trade_book_beside_the_cash_book_is_paid_out_by_nobody() -> None:
    sold = [pay("A", 100, "10-08", key="sold A", book="trade"), pay("D", 9, "10-09", key="sold D", book="trade")]
    moved = [pay("A", 100, "10-08", batch=B1), payout(100, "10-10", batch=B1), pay("D", 9, "10-09")]
    view = ledger(statement(BATCH, [*sold, *moved]))
    found = batches(view, forms(view, CHANNELS), *all_of(view))
    assert [(b.key, len(b.lines), b.footed, b.paid_out) for b in found] == [("", 1, 9, 0), (B1, 1, 100, 100)]


def test_a_payout_is_named_by_its_long_numbers() -> None:
    view = ledger(statement(ALI, [payout(5, "10-08", batch="20261008000001", line="X12345678", payment="short")]))
    (one,), carried = transfers(view, CHANNELS, forms(view, CHANNELS), np.ones(len(view), dtype=bool))
    assert (one.numbers, one.amount, one.form, carried) == (("20261008000001", "X12345678"), 5, "payout", [])
    assert (as_date(one.early).isoformat(), as_date(one.due).isoformat()) == ("2026-10-08", "2026-10-12")


def test_feet_hold_every_line_of_their_days() -> None:
    rows = [pay("A", 10, "10-08"), row("refund", -15, "10-08", refund="r"), pay("B", 5, "10-09"), pay("C", 1, "10-10")]
    view = ledger(statement(TRADE, [*rows, row("refund", -1, "10-11", refund="s")]))
    found, carried = transfers(view, CHANNELS, forms(view, CHANNELS), np.ones(len(view), dtype=bool))
    assert [(as_date(t.day).isoformat(), t.amount, len(t.rows)) for t in found] == [("2026-10-10", 1, 4)]
    assert [int(view.amount[r]) for r in carried] == [-1]


def test_a_settlement_that_carries_all_of_it_on_needs_no_payout() -> None:
    batch = Batch(key="304", account=0, currency=0, payouts=(), lines=(1, 2), paid_out=0, footed=0, day=9, due=12)
    assert batch.agreed
    assert not replace(batch, footed=5).agreed
    assert not replace(batch, key="").agreed
