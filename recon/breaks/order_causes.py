"""The cause of a finding of the order leg: the first tag whose evidence the data shows, else empty."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from recon.breaks.numbers import Numbers
from recon.ledger.parts import Parts
from recon.ledger.view import GATEWAY, KIND, NO_DAY, ORDER, STATE, Citations, View

_HOUR = timedelta(hours=1)
#: The longest lag of an order before its money where numbers do not tell, in days.
_LONGEST_LAG = 1


@dataclass(frozen=True)
class Case:
    """A finding under examination: its key, its rows and its amounts (minor units)."""

    view: View
    cited: Citations
    parts: Parts
    group: int
    rows: np.ndarray
    code: str
    expected: int
    actual: int
    numbers: Numbers
    first_order_day: int

    def money(self, kind: str) -> np.ndarray:
        """The gateway rows of one kind."""
        view = self.view
        mine: np.ndarray = self.rows[(view.side[self.rows] == GATEWAY) & (view.kind[self.rows] == KIND[kind])]
        return mine

    def words(self) -> str:
        """The channel's own names and memos of the gateway rows."""
        money = self.rows[self.view.side[self.rows] == GATEWAY]
        return " ".join(self.cited.texts("memo", money) + self.cited.texts("detail", money))


def _before_first_file(case: Case) -> bool:
    if case.parts.sums.has_order[case.group] or case.first_order_day == NO_DAY:
        return False
    numbers = [n for n in case.cited.texts("order_ref", case.rows) if n]
    comparable = [n for n in numbers if case.numbers.comparable(n)]
    if comparable:
        return any(case.numbers.before(n) for n in comparable)
    return int(case.view.day[case.rows].min()) - _LONGEST_LAG < case.first_order_day


def _two_gateways(case: Case) -> bool:
    return len(set(case.view.account[case.money("payment")].tolist())) > 1


def _retry(case: Case) -> bool:
    rows = case.money("refund" if case.code.endswith("_refund") else "payment")
    if len(rows) < 2 or len(set(case.view.account[rows].tolist())) > 1:
        return False
    if len(set(case.view.amount[rows].tolist())) > 1:
        return False
    moments = [m for m in case.cited.values("occurred_at", rows) if isinstance(m, datetime)]
    return len(moments) == len(rows) and max(moments) - min(moments) <= _HOUR


def _lost_callback(case: Case) -> bool:
    if case.code == "status_mismatch":
        return int(case.parts.sums.state[case.group]) == STATE["unpaid"]
    return any(case.numbers.between(n) for n in case.cited.texts("order_ref", case.rows) if n)


def _test_order(case: Case) -> bool:
    return max(abs(case.expected), abs(case.actual)) == 1


def _direct_transfer(case: Case) -> bool:
    numbered = any(case.cited.texts("order_ref", case.rows))
    return not numbered and "转账" in case.words()


def _presale(case: Case) -> bool:
    words = case.words()
    one = len(case.money("payment")) == 1 and 0 < case.actual < case.expected
    return one and ("定金" in words or "尾款" in words)


def _price_change(case: Case) -> bool:
    full = int(case.parts.sums.order_amount[case.group])
    orders = case.rows[case.view.side[case.rows] == ORDER]
    return len(orders) > 0 and full != 0 and case.actual == full != case.expected


def _rounding(case: Case) -> bool:
    return 0 < abs(case.actual - case.expected) <= 1


def _compensation(case: Case) -> bool:
    if "小额打款" in case.words():
        return True
    refunds = sorted(abs(int(a)) for a in case.view.amount[case.money("refund")])
    full = -int(case.parts.sums.expect_returned[case.group])
    on_top = len(refunds) > 1 and full == int(case.parts.sums.paid[case.group]) != 0
    return case.code == "excess_refund" and on_top and sum(refunds[:-1]) * 5 <= refunds[-1]


def _price_protection(case: Case) -> bool:
    return "价保" in case.words() or "价格保护" in case.words()


def _subsidy_short(case: Case) -> bool:
    return 0 < abs(case.actual) < abs(case.expected)


def _shop_funded(case: Case) -> bool:
    return case.actual == 0


_TAGS: dict[str, tuple[tuple[str, Callable[[Case], bool]], ...]] = {
    "duplicate_payment": (("two_gateways", _two_gateways), ("retry", _retry)),
    "duplicate_refund": (("retry", _retry),),
    "status_mismatch": (("lost_callback", _lost_callback),),
    "unknown_payment": (
        ("before_first_file", _before_first_file),
        ("lost_callback", _lost_callback),
        ("test_order", _test_order),
        ("direct_transfer", _direct_transfer),
    ),
    "missing_payment": (("test_order", _test_order),),
    "amount_mismatch": (
        ("presale_two_payments", _presale),
        ("price_change", _price_change),
        ("rounding", _rounding),
        ("price_protection", _price_protection),
    ),
    "excess_refund": (("compensation", _compensation),),
    "unknown_refund": (
        ("before_first_file", _before_first_file),
        ("compensation", _compensation),
        ("price_protection", _price_protection),
    ),
    "subsidy_mismatch": (("subsidy_short", _subsidy_short), ("shop_funded", _shop_funded)),
}


def cause_of(case: Case) -> str:
    """Return the first tag that holds, in the order of the list of causes, or an empty text."""
    return next((tag for tag, holds in _TAGS.get(case.code, ()) if holds(case)), "")
