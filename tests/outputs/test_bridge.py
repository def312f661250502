"""Every bridge foots to the fen, and every step is the sum of the rows that it lists."""

from collections import defaultdict
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recon import intake, pipeline, workspace
from recon.channels.spec import load_specs
from recon.cli.settings import settings as configured
from recon.config.decisions import read_decisions
from recon.config.rules import rules_of
from recon.errors import ConservationError
from recon.ledger.days import month_days
from recon.ledger.outcome import Outcome
from recon.ledger.view import BANK, ORDER
from recon.outputs.bridge import bridge, write_bridge
from recon.outputs.bridge_legs import Rows
from recon.outputs.bridge_lines import CHECKED, Bridge, lay_out
from recon.outputs.bridge_steps import NUMBER
from tests.breaks.ledgers import File, run

CASES = sorted(path.parent for path in (Path(__file__).parents[2] / "samples" / "cases").rglob("inbox"))
CHANNELS = {name: spec.facts() for name, spec in load_specs().items()}
#: Lines whose rows are those of other lines.
UNLISTED = {"sold", "available", "wallet_balance", "difference"}


def reconciled(case: Path) -> Outcome:
    told = case / "recon.yaml"
    config = configured(told if told.is_file() else None)
    reading = intake.read([case / "inbox"], config=config, progress=lambda *_: None)
    rules = rules_of(config, CHANNELS, None, None, None)
    decided = read_decisions(workspace.lists_beside(told).decisions)
    return pipeline.reconcile(reading.entries, reading.statements, reading.unread, rules, decided)


def check(outcome: Outcome) -> Bridge:
    """Add everything up again, line by line, without the code that made it."""
    made = bridge(outcome)
    lines = made.lines.to_pylist()
    listed, count = defaultdict(int), defaultdict(int)
    for row in made.rows.to_pylist():
        listed[row["line"]] += row["amount"]
        count[row["line"]] += 1
    running = defaultdict(int)
    for line in lines:
        if line["step"] not in UNLISTED:
            assert (listed[line["line"]], count[line["line"]]) == (line["amount"], line["rows"])
        if not line["total"]:
            running[line["bridge"]] += line["amount"]
        elif line["step"] != "difference":
            assert line["amount"] == running[line["bridge"]]
        else:
            assert line["amount"] == 0
    ledger = outcome.view
    assert ledger is not None
    first, last = month_days(outcome.period)
    within = (ledger.day >= first) & (ledger.day <= last)
    late = outcome.excluded["row"].to_numpy(dtype=np.int64)[(outcome.excluded["reason"] == "after as_of").to_numpy()]
    within[late] = False
    bank = int(ledger.amount[within & (ledger.side == BANK)].sum())
    assert sum(line["amount"] for line in lines if line["step"] == "bank") == bank
    dated = int(ledger.amount[within & (ledger.side == ORDER)].sum())
    undated = int(ledger.amount[(ledger.day < 0) & (ledger.side == ORDER)].sum())
    sold = sum(line["amount"] for line in lines if line["step"] == "sold")
    assert sold == dated if not undated else min(dated, dated + undated) <= sold <= max(dated, dated + undated)
    return made


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.name)
def test_every_case_foots_in_every_month(case: Path) -> None:
    outcome = reconciled(case)
    for period in (outcome.period, "2026-09", "2026-10"):
        check(replace(outcome, period=period))


DAYS = st.integers(1, 28)
ORDERS = st.lists(
    st.tuples(
        st.integers(1, 9_999), DAYS, st.integers(9, 10), st.sampled_from(("A", "B", None)),
        st.sampled_from((0, 0, 0, 1, -1, None)), st.integers(0, 9), st.booleans(),
    ),
    max_size=8,
)  # fmt: skip


@settings(max_examples=60)
@given(
    orders=ORDERS, payouts=st.lists(st.tuples(st.integers(1, 9_999), DAYS, st.sampled_from((0, 1, None))), max_size=4)
)
def test_any_small_ledger_foots(orders: list, payouts: list) -> None:
    shop, wallet = File("shop.orders", first="2026-09-01", last="2026-10-31"), File("wechatpay.fundflow")
    bank = File("bank", first="2026-09-01", last="2026-10-31")
    for number, (amount, day, month, name, off, lag, refunded) in enumerate(orders):
        shop.order(f"N{number:08}", amount, f"2026-{month:02}-{day:02}", shop=name, order_amount="99.99")
        if off is not None:
            when = f"2026-{month:02}-{min(day + lag, 28):02}"
            wallet.payment(f"N{number:08}", amount + off, when, fee="-0.01")
            if refunded:
                wallet.refund(f"N{number:08}", -amount, when)
    for amount, day, off in payouts:
        wallet.row("payout", -amount, f"2026-10-{day:02}")
        if off is not None:
            bank.row("receipt", amount + off, f"2026-10-{min(day + 1, 28):02}", memo="财付通")
    outcome = run(shop, wallet, bank, as_of="2026-10-31")
    for period in ("2026-09", "2026-10"):
        check(replace(outcome, period=period))


def test_a_shop_with_its_own_wallet_is_one_bridge_from_the_order_to_the_bank(tmp_path: Path) -> None:
    shop, wallet, bank = File("shop.orders"), File("wechatpay.fundflow"), File("bank")
    shop.order("N00000001", "90.00", "2026-10-01", shop="A", order_amount="100.00")
    wallet.payment("N00000001", "90.00", "2026-10-01", fee="-0.54").row("payout", "-80.00", "2026-10-02")
    bank.row("receipt", "80.00", "2026-10-03", memo="财付通 提现")
    outcome = run(shop, wallet, bank, as_of="2026-10-31")
    lines = [(line["step"], line["amount"]) for line in check(outcome).lines.to_pylist() if line["shop"] == "A"]
    assert lines == [
        ("gross", 10000), ("discounts", -1000), ("sold", 9000), ("received", 9000), ("fees", -54),
        ("available", 8946), ("wallet_balance", -946), ("paid_out", 8000), ("bank", 8000), ("difference", 0),
    ]  # fmt: skip
    write_bridge(tmp_path, outcome, currency="CNY")
    assert (tmp_path / "bridge.csv").read_text().splitlines()[1] == "1,1,A,,CNY,2026-10,1,gross,,false,100.00,1"


def test_steps_that_do_not_come_to_the_rows_of_a_total_stop_the_run() -> None:
    outcome = run(File("shop.orders").order("N00000001", "90.00", "2026-10-01", shop="A"), as_of="2026-10-31")
    assert outcome.view is not None
    row, value, nobody = np.array([0]), np.array([9000]), np.zeros(1, dtype=np.int64)
    parts = [Rows(NUMBER[step], row, nobody, amount) for step, amount in (("gross", value), ("received", value - 1))]
    with pytest.raises(ConservationError, match="bridge of A CNY: received is off by 1"):
        lay_out(outcome, outcome.view, parts, nobody, [("A", None, "CNY")], [""])


def test_only_the_totals_that_have_rows_are_checked() -> None:
    assert set(CHECKED) == {"received", "paid_out", "bank"}
