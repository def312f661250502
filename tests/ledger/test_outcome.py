"""Groups of a leg: every entry in one, and an entry in two is an error that stops the run."""

from dataclasses import replace

import pandas as pd
import pytest

from recon.errors import ConservationError
from recon.ledger.outcome import BREAK, EXCLUDED, GATEWAY_BANK, IN_TRANSIT, MATCHED, ORDER_GATEWAY, Outcome
from tests.ledger.make import ALI, BANK, OWN, credit, pay, payout, run, sale, statement


@pytest.fixture(scope="module")
def outcome() -> Outcome:
    orders = [sale("A", 100, "10-01"), sale("B", 70, "10-02"), sale("C", 0, "10-03"), sale("D", 5, "10-31")]
    moves = [pay("A", 100, "10-01"), payout(40, "10-08"), payout(60, "10-30")]
    lines = [credit(40, "10-09", "支付宝(中国)"), credit(9, "10-30", "某公司")]
    return run(statement(OWN, orders), statement(ALI, moves, period=("10-01", "10-31")), statement(BANK, lines))


def test_each_entry_of_a_leg_has_one_group(outcome: Outcome) -> None:
    group, index = outcome.groups(ORDER_GATEWAY)
    amount = outcome.entries["amount"].to_numpy()
    side = outcome.entries["side"].astype(str).to_numpy()
    found = {int(a): int(g) for a, g, s in zip(amount, group, side, strict=True) if s == "order"}
    assert found == {100: MATCHED, 70: BREAK, 0: EXCLUDED, 5: IN_TRANSIT}
    assert (index[group > 0] >= 0).all()
    assert (index[group == 0] == -1).all()
    assert sorted(outcome.groups(GATEWAY_BANK)[0].tolist()).count(MATCHED) == 2


def test_an_entry_in_two_groups_is_an_error(outcome: Outcome) -> None:
    waiting = outcome.in_transit[outcome.in_transit["leg"] == ORDER_GATEWAY]
    twice = replace(outcome, excluded=pd.concat([outcome.excluded, waiting], ignore_index=True))
    with pytest.raises(ConservationError, match="two groups"):
        twice.groups(ORDER_GATEWAY)
    double = replace(outcome, in_transit=pd.concat([outcome.in_transit, waiting], ignore_index=True))
    with pytest.raises(ConservationError, match="two groups"):
        double.groups(ORDER_GATEWAY)
