"""What does not foot is told, and nothing is written."""

from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from recon.errors import ConservationError, Fault
from recon.ledger.outcome import BREAK, EXCLUDED, IN_TRANSIT, MATCHED
from recon.outputs.conservation import Total, prove


def test_a_leg_foots_by_side_account_and_currency(small: Any) -> None:
    proof = prove(small.outcome())
    lines = {(line.leg, line.side): line for line in proof.legs}
    assert list(lines) == [
        ("order-gateway", "order"), ("order-gateway", "gateway"), ("gateway-bank", "gateway"), ("gateway-bank", "bank"),
    ]  # fmt: skip
    orders = lines["order-gateway", "order"]
    assert (orders.owned, orders.difference) == (Total(3, 16600, 16600), 0)
    assert orders.groups == {
        MATCHED: Total(1, 10000, 10000), IN_TRANSIT: Total(), BREAK: Total(1, 6600, 6600), EXCLUDED: Total(1, 0, 0),
    }  # fmt: skip
    assert lines["gateway-bank", "gateway"].groups[IN_TRANSIT] == Total(1, -2500, 2500)
    assert (proof.read, proof.booked, proof.skipped) == (13, 10, 3)


def test_the_period_is_a_month_of_value_dates(small: Any) -> None:
    small.entry("s9", "taobao.orders", "sale", 500, "2026-09-30T23:00:00", order_ref="3009")
    small.exclude("s9", "order-gateway", "unpaid")
    orders = prove(small.outcome()).legs[0]
    assert (orders.groups[EXCLUDED], orders.period[EXCLUDED]) == (Total(2, 500, 500), Total(1, 0, 0))


def test_an_order_without_a_group_is_lost(small: Any) -> None:
    small.excluded = small.excluded[1:]
    with pytest.raises(ConservationError, match=r"order-gateway, order taobao\.orders:default CNY"):
        prove(small.outcome())


def test_a_gateway_row_in_no_leg_is_lost(small: Any) -> None:
    small.entry("x1", "alipay.cash", "adjustment", 1, "2026-10-05T00:00:00")
    with pytest.raises(ConservationError, match="1 entries stand in no leg; the first is 00000000000000x1"):
        prove(small.outcome())


def test_an_entry_in_two_groups(small: Any) -> None:
    small.exclude("s1", "order-gateway", "unpaid")
    with pytest.raises(ConservationError, match="two groups"):
        prove(small.outcome())


def test_a_file_that_lost_a_row(small: Any) -> None:
    outcome = small.outcome()
    short = replace(outcome.statements[0], booked_rows=2)
    with pytest.raises(ConservationError, match=r"orders\.csv: 4 rows read, 3 accounted for"):
        prove(replace(outcome, statements=(short, *outcome.statements[1:])))


def test_a_row_with_two_faults_is_one_row(small: Any) -> None:
    outcome = small.outcome()
    faults = tuple(Fault("orders.csv", 9, column, "x", "not an amount", "") for column in ("a", "b"))
    longer = replace(outcome.statements[0], rows=5, quarantined=faults)
    assert prove(replace(outcome, statements=(longer, *outcome.statements[1:]))).quarantined == 1


def test_entries_of_an_unknown_file(small: Any) -> None:
    outcome = small.outcome()
    with pytest.raises(ConservationError, match=r"bank\.csv"):
        prove(replace(outcome, statements=outcome.statements[:2]))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"residual": 1}, "match 0 does not foot: off by 1 minor units"),
        ({"match": 1}, "one number"),
    ],
)
def test_a_match_that_does_not_foot(small: Any, change: dict[str, int], message: str) -> None:
    outcome = small.outcome()
    first = outcome.matches.iloc[[0]].assign(**change)
    with pytest.raises(ConservationError, match=message):
        prove(replace(outcome, matches=pd.concat([first, outcome.matches.iloc[1:]], ignore_index=True)))


def test_a_residual_above_its_tolerance(small: Any) -> None:
    small.matches[0][1]["p1"] = (-1, 9999)
    small.matches[0][0]["residual"] = -1
    with pytest.raises(ConservationError, match="tolerance"):
        prove(small.outcome())
    small.matches[0][0]["tolerance"] = 1
    prove(small.outcome())


def test_findings_are_checked(small: Any) -> None:
    outcome = small.outcome()
    with pytest.raises(ConservationError, match="actual less expected"):
        prove(replace(outcome, findings=outcome.findings.assign(difference=1)))
    with pytest.raises(ConservationError, match="one id"):
        prove(replace(outcome, findings=outcome.findings.assign(break_id="same")))


def test_nothing_at_all_foots(small: Any) -> None:
    assert prove(type(small)().outcome()).legs == ()
