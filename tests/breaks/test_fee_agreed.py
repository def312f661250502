"""What orders say of their charges against what was taken: what is a finding, what is left to the account's rule."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recon.breaks.fee_agreed import Agreed, agreed
from recon.breaks.fees import check
from recon.fees import Rule
from recon.ledger.channel import ChannelFacts, Charge
from recon.ledger.days import day_number
from recon.ledger.view import View
from tests.breaks import test_fees
from tests.breaks.test_fees import Book, ledger

SERVICE, PROMOTER = "技术服务费", "达人佣金"
LIST, FLOW, ACCOUNT = "shop.orders", "shop.flow", "1900000109"
PAID, SETTLED, END = date(2026, 10, 1), date(2026, 10, 9), date(2026, 10, 31)
FACTS = {
    LIST: ChannelFacts(
        LIST, "order", "shop", "订单", "Orders", settles_via=("shop",),
        charges=(Charge(SERVICE, "commission", latest=2), Charge(PROMOTER, "commission", latest=2)),
    ),
    FLOW: ChannelFacts(FLOW, "gateway", "shop", "动账", "Entries", charges=(Charge(SERVICE, "commission"),)),
}  # fmt: skip


@pytest.fixture(autouse=True)
def _facts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(test_fees, "FACTS", FACTS)


def books() -> tuple[Book, Book]:
    """The list and the account; a last row of money on the last day, so that the account is seen until then."""
    return Book(LIST, "list"), Book(FLOW, ACCOUNT).row(("payment", 1), day=END, order="LAST")


def said(
    orders: Book, number: str, sale: int, charge: int, detail: str = SERVICE, settled: date | None = SETTLED
) -> None:
    orders.row(("sale", sale), day=PAID, order=number, payment_ref=f"P{number}")
    orders.row(("commission", charge, detail), day=settled, order=number, payment_ref=f"P{number}")


def compared(*rows: Book, rules: dict[str, list[Rule]] | None = None, as_of: date = END) -> tuple[View, Agreed]:
    view = ledger(*rows)
    return view, agreed(view, FACTS, rules or {}, np.ones(len(view), dtype=bool), day_number(as_of), "en")


def sums(found: Agreed) -> list[tuple[int, int, str, bool]]:
    return [(f.expected, f.actual, f.cause, bool(f.owned)) for f in found.findings]


def test_a_charge_that_is_not_what_its_order_says_is_a_finding() -> None:
    orders, flow = books()
    for number, taken in (("A", -500), ("B", -540)):
        said(orders, number, 10_000, -500)
        flow.row(("payment", 10_000), day=PAID, order=number)
        flow.row(("commission", taken, SERVICE), day=SETTLED, order=number)
    view, found = compared(orders, flow)
    assert sums(found) == [(-500, -540, "", True)]
    (finding,) = found.findings
    assert view.amount[list(finding.owned)].tolist() == [-540]
    assert sorted(view.amount[list(finding.linked)].tolist()) == [-500, 10_000]
    assert "should be -5.00, as the order says, is -5.40" in finding.explanation
    assert sorted(view.amount[found.told].tolist()) == [-540, -500]


@pytest.mark.parametrize(("detail", "cause"), [(SERVICE, ""), (PROMOTER, "affiliate_late")])
@pytest.mark.parametrize(("as_of", "late"), [(date(2026, 10, 11), False), (date(2026, 10, 12), True)])
def test_a_charge_that_never_came_is_late_two_days_after_the_settlement(
    detail: str, cause: str, as_of: date, late: bool
) -> None:
    orders, flow = books()
    said(orders, "A", 10_000, -500, detail)
    flow.row(("payment", 10_000), day=PAID, order="A")
    _, found = compared(orders, flow, as_of=as_of)
    assert sums(found) == ([(-500, 0, cause, False)] if late else [])
    assert [f.due for f in found.findings] == ([day_number(SETTLED) + 2] if late else [])


def test_what_has_not_settled_has_no_money_or_another_amount_is_no_finding() -> None:
    orders, flow = books()
    for number, paid, settled in (("OPEN", 10_000, None), ("UNPAID", 0, SETTLED), ("TWICE", 20_000, SETTLED)):
        said(orders, number, 10_000, -500, settled=settled)
        if paid:
            flow.row(("payment", paid), day=PAID, order=number)
            flow.row(("commission", -paid // 20, SERVICE), day=SETTLED, order=number)
    _, found = compared(orders, flow)
    assert found.findings == ()
    assert not found.told.any()


def test_payment_numbers_lead_to_the_order_too() -> None:
    orders, flow = books()
    said(orders, "A", 10_000, -500)
    flow.row(("payment", 10_000), day=PAID, payment_ref="PA")
    flow.row(("commission", -400, SERVICE), day=SETTLED, payment_ref="PA")
    assert sums(compared(orders, flow)[1]) == [(-500, -400, "", True)]


def test_a_refund_leaves_what_comes_back_to_the_accounts_rule() -> None:
    orders, flow = books()
    said(orders, "A", 10_000, -500)
    flow.row(("payment", 10_000), day=PAID, order="A").row(("commission", -500, SERVICE), day=SETTLED, order="A")
    flow.row(("refund", -4_000), ("commission", 200, SERVICE), day=SETTLED + timedelta(days=2), order="A")
    _, found = compared(orders, flow)
    assert found.findings == ()
    assert not found.told.any()


def test_a_contract_of_the_account_goes_before_the_order() -> None:
    orders, flow = books()
    said(orders, "A", 10_000, -500)
    flow.row(("payment", 10_000), day=PAID, order="A").row(("commission", -600, SERVICE), day=SETTLED, order="A")
    contract = {f"shop:{ACCOUNT}": [Rule(SERVICE, Fraction(6, 100), "commission")]}
    assert compared(orders, flow, rules=contract)[1].findings == ()
    view = ledger(orders, flow)
    every = np.ones(len(view), dtype=bool)
    assert check(view, FACTS, contract, every, day_number(END), "en").findings == ()
    assert [f.actual for f in check(view, FACTS, {}, every, day_number(END), "en").findings] == [-600]


def test_an_order_may_be_charged_otherwise_than_the_rule_that_others_show() -> None:
    """Thirty orders bear 5 %, the last 2 %, and says so: the learned rule is not asked of it."""
    orders, flow = books()
    for n in range(30):
        fee = -5 * (1_000 + n) if n else -2 * 1_000
        said(orders, f"A{n}", 100 * (1_000 + n), fee)
        flow.row(("payment", 100 * (1_000 + n)), day=PAID, order=f"A{n}")
        flow.row(("commission", fee, SERVICE), day=SETTLED, order=f"A{n}")
    for rows, wrong in (((orders, flow), 0), ((flow,), 1)):
        view = ledger(*rows)
        found = check(view, FACTS, {}, np.ones(len(view), dtype=bool), day_number(END), "en")
        assert len(found.findings) == wrong


@settings(max_examples=80)
@given(
    st.lists(
        st.tuples(
            st.integers(0, 3),  # charge that the order says
            st.booleans(),  # it has settled
            st.lists(st.integers(1, 3), max_size=2),  # payments
            st.lists(st.integers(-3, 3).filter(bool), max_size=2),  # charge rows
        ),
        max_size=6,
    )
)
def test_the_findings_are_those_of_a_plain_look_at_each_order(
    drawn: list[tuple[int, bool, list[int], list[int]]],
) -> None:
    orders, flow = books()
    wanted = []
    for n, (charge, settled, payments, rows) in enumerate(drawn):
        said(orders, f"A{n}", 2, -charge, settled=SETTLED if settled else None)
        for amount in payments:
            flow.row(("payment", amount), day=PAID, order=f"A{n}")
        for amount in rows:
            flow.row(("commission", amount, SERVICE), day=SETTLED, order=f"A{n}")
        taken = sum(amount for amount in rows if amount < 0)
        if charge and settled and sum(payments) == 2 and -charge not in (taken, sum(rows)):
            wanted.append((-charge, taken, "", bool(rows)))
    assert sorted(sums(compared(orders, flow)[1])) == sorted(wanted)
