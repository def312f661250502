"""The ledger as arrays: codes, days in a zone, citations; an empty ledger has the same shape."""

from datetime import date

import numpy as np
import pytest

from recon.ledger.days import NO_DAY, date_of, day_number
from recon.ledger.view import GATEWAY, KIND, ORDER, Citations
from tests.ledger.make import ALI, OWN, TRADE, back, ledger, pay, sale, statement


def test_accounts_are_named_by_family_and_number() -> None:
    view = ledger(
        statement(TRADE, [pay("A", 1, "10-01")], account="77"), statement(ALI, [pay("A", 2, "10-01")], account="77")
    )
    assert view.accounts == ("ali:77", "wx:77")
    assert sorted(zip(view.account.tolist(), view.amount.tolist(), strict=True)) == [(0, 2), (1, 1)]


def test_nulls_are_minus_one_and_no_day() -> None:
    view = ledger(statement(OWN, [sale("A", 5, "10-01", shop="s"), back("A", 2)]))
    refund = int(np.flatnonzero(view.kind == KIND["refund"])[0])
    assert (view.day[refund], view.shop[refund]) == (NO_DAY, -1)
    assert view.codes("payment_ref")[0].tolist() == [-1, -1]
    assert view.texts("order_ref", np.array([refund])) == ["A"]
    assert view.texts("memo", np.array([refund])) == [""]
    assert date_of(NO_DAY) is None
    assert date_of(day_number(date(2026, 10, 1))) == date(2026, 10, 1)


def test_days_of_a_moment_depend_on_the_zone() -> None:
    view = ledger(statement(OWN, [sale("A", 5, "10-01")]))  # noon in Shanghai
    assert view.days("occurred_at", "Asia/Shanghai")[0] == day_number(date(2026, 10, 1))
    assert view.days("occurred_at", "Pacific/Honolulu")[0] == day_number(date(2026, 9, 30))


def test_the_moment_that_a_list_places_its_row_by_has_the_day_that_it_prints() -> None:
    view = ledger(statement(OWN, [sale("A", 5, "10-01")]))
    assert view.days("paid_at", "Pacific/Honolulu")[0] == day_number(date(2026, 10, 1))


def test_codes_do_not_depend_on_the_order_of_files() -> None:
    one, two = (
        statement(OWN, [sale("A", 5, "10-01", shop="b")]),
        statement(OWN, [sale("B", 5, "10-01", shop="a")], file="2"),
    )
    first, second = ledger(one, two), ledger(two, one)
    for name in ("side", "kind", "account", "shop", "currency", "channel", "day", "amount"):
        assert np.array_equal(getattr(first, name), getattr(second, name))
    assert first.shops == second.shops == ("a", "b")


def test_an_empty_ledger_has_arrays_too() -> None:
    view = ledger()
    assert len(view) == 0
    assert view.accounts == view.channels == view.currencies == ()
    assert view.codes("order_ref")[0].tolist() == []
    assert view.integers("order_amount")[0].tolist() == []
    assert view.days("paid_at", "Asia/Shanghai").tolist() == []


@pytest.mark.parametrize("rows", [[0, 1, 0], np.array([1, 1])])
def test_citations_give_values_in_the_order_asked_for(rows: list[int]) -> None:
    view = ledger(statement(OWN, [sale("A", 5, "10-01"), sale("B", 7, "10-02")]))
    cited = Citations(view, np.array([1, 0]))
    names = [view.texts("order_ref", np.array([r]))[0] for r in rows]
    assert cited.texts("order_ref", rows) == names
    assert cited.texts("memo", rows) == [""] * len(rows)
    assert cited.values("amount", rows) == view.amount[list(rows)].tolist()


def test_sides_and_kinds_are_fixed_numbers() -> None:
    view = ledger(statement(OWN, [sale("A", 5, "10-01")]), statement(TRADE, [pay("A", 5, "10-01")]))
    assert sorted(view.side.tolist()) == [ORDER, GATEWAY]
    assert sorted(view.kind.tolist()) == sorted([KIND["sale"], KIND["payment"]])
