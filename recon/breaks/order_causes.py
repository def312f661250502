"""The cause of a finding of the order leg: the first tag whose evidence the data shows, else empty."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import numpy as np

from recon.breaks.habits import Habits
from recon.breaks.numbers import Numbers
from recon.ledger.days import NO_DAY
from recon.ledger.parts import Parts
from recon.ledger.rates import convert
from recon.ledger.view import GATEWAY, KIND, ORDER, STATE, Citations, View

_HOUR = timedelta(hours=1)
_ON_DELIVERY = re.compile(r"货到付款|到付|代收货款|(?i:cash on delivery|\bcod\b)")
#: The longest lag of an order before its money where numbers do not tell, in days.
_LONGEST_LAG = 1
#: WeChat Pay and Alipay refund within a year of the payment (their merchant documentation).
_REFUND_LAG = 365


@dataclass(frozen=True)
class Case:
    """A finding under examination: its key, its rows and its amounts (minor units).

    companies: account -> the company that it belongs to, where one is told. refused: order or payment number -> what
    became of a refund that the gateway lists and did not pay.
    """

    view: View
    cited: Citations
    parts: Parts
    group: int
    rows: np.ndarray
    code: str
    expected: int
    actual: int
    numbers: Numbers
    habits: Habits
    first_order_day: int
    companies: Mapping[str, str]
    refused: Mapping[str, frozenset[str]]

    def money(self, kind: str) -> np.ndarray:
        """The gateway rows of one kind."""
        view = self.view
        mine: np.ndarray = self.rows[(view.side[self.rows] == GATEWAY) & (view.kind[self.rows] == KIND[kind])]
        return mine

    def orders(self) -> np.ndarray:
        """The sales of the order side."""
        view = self.view
        mine: np.ndarray = self.rows[(view.side[self.rows] == ORDER) & (view.kind[self.rows] == KIND["sale"])]
        return mine

    def words(self) -> str:
        """The channel's own names and memos of the gateway rows."""
        money = self.rows[self.view.side[self.rows] == GATEWAY]
        return " ".join(self.cited.texts("memo", money) + self.cited.texts("detail", money))

    def own_shops(self) -> list[int]:
        """The shops that settle into the accounts of this money; -1 stands for lists without shops."""
        money = self.rows[self.view.side[self.rows] == GATEWAY]
        homes = self.parts.homes[:, np.unique(self.view.account[money])].any(axis=1)
        return [-1, *np.flatnonzero(homes).tolist()]

    def difference(self) -> int:
        """Actual less expected."""
        return self.actual - self.expected


def _before_first_file(case: Case) -> bool:
    if case.parts.sums.has_order[case.group] or case.first_order_day == NO_DAY:
        return False
    numbers = [n for n in case.cited.texts("order_ref", case.rows) if n]
    comparable = [n for n in numbers if case.numbers.comparable(n)]
    if comparable:
        return any(case.numbers.before(n) for n in comparable)
    lag = _REFUND_LAG if case.code == "unknown_refund" else _LONGEST_LAG
    return int(case.view.day[case.rows].min()) - lag < case.first_order_day


def _merchant_number(case: Case) -> bool:
    return case.habits.wrong_merchant(case.group)


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


def _by_hand(case: Case) -> bool:
    rows = case.money("refund")
    numbers = case.cited.texts("refund_ref", rows)
    return any(case.habits.odd_refund(int(case.view.account[r]), n) for r, n in zip(rows, numbers, strict=True))


def _paid_after_close(case: Case) -> bool:
    """The list prints when the closed order ended, and the money came at or after it."""
    if int(case.parts.sums.state[case.group]) != STATE["closed"]:
        return False
    closed = [m for m in case.cited.values("confirmed_at", case.orders()) if isinstance(m, datetime)]
    paid = [m for m in case.cited.values("occurred_at", case.money("payment")) if isinstance(m, datetime)]
    return bool(closed) and bool(paid) and min(paid) >= max(closed)


def _lost_callback(case: Case) -> bool:
    if case.code == "status_mismatch":
        return int(case.parts.sums.state[case.group]) == STATE["unpaid"]
    return any(case.numbers.between(n, case.own_shops()) for n in case.cited.texts("order_ref", case.rows) if n)


def _other_shop(case: Case) -> bool:
    return any(case.numbers.foreign(n, case.own_shops()) for n in case.cited.texts("order_ref", case.rows) if n)


def _test_order(case: Case) -> bool:
    tagged = any("测试" in text for text in case.cited.texts("memo", case.rows))
    return tagged or max(abs(case.expected), abs(case.actual)) == 1


def _cod(case: Case) -> bool:
    return any(_ON_DELIVERY.search(method) for method in case.cited.texts("memo", case.orders()))


def _other_company(case: Case) -> bool:
    """The account belongs to another company than the shop's own accounts."""
    accounts = np.unique(case.view.account[case.money("payment")])
    shops = np.unique(case.view.shop[case.orders()])
    homes = np.flatnonzero(case.parts.homes[shops].any(axis=0))
    here, there = ({case.companies.get(case.view.accounts[a], "") for a in some} - {""} for some in (accounts, homes))
    return bool(here) and bool(there) and not here & there


def _refused(cause: str) -> Callable[[Case], bool]:
    """The gateway lists a refund of that order which failed, or is still pending."""

    def holds(case: Case) -> bool:
        numbers = {n for name in ("order_ref", "payment_ref") for n in case.cited.texts(name, case.rows) if n}
        return any(cause in case.refused.get(number, ()) for number in numbers)

    return holds


def _conversion(case: Case) -> bool:
    """The rate that the gateway prints gives what was received."""
    view, money = case.view, case.money("payment")
    columns = ("orig_amount", "rate", "orig_currency", "currency")
    for row, (paid, rate, *names) in zip(
        money, zip(*(case.cited.values(c, money) for c in columns), strict=True), strict=True
    ):
        if isinstance(paid, int) and isinstance(rate, Decimal) and names[0]:
            return convert(paid, Fraction(rate), str(names[0]), str(names[1])) == int(view.amount[row])
    return False


def _other_wallet(case: Case) -> bool:
    rows = case.orders()
    methods = case.cited.texts("memo", rows)
    return any(case.habits.other_wallet(int(r), m) for r, m in zip(rows, methods, strict=True) if m)


def _set_by_hand(case: Case) -> bool:
    return any(case.habits.set_by_hand(int(r)) for r in case.orders())


def _direct_transfer(case: Case) -> bool:
    numbered = any(case.cited.texts("order_ref", case.rows))
    return not numbered and "转账" in case.words()


def _presale(case: Case) -> bool:
    words = case.words() + " ".join(case.cited.texts("status", case.orders()))
    one = len(case.money("payment")) == 1 and 0 < case.actual < case.expected
    return one and ("定金" in words or "尾款" in words)


def _wrong_column(case: Case) -> bool:
    return case.habits.wrong_column(case.group)


def _price_change(case: Case) -> bool:
    full = int(case.parts.sums.order_amount[case.group])
    return len(case.orders()) > 0 and full != 0 and case.actual == full != case.expected


def _freight_added(case: Case) -> bool:
    view = case.view
    freight = view.amount[case.rows[(view.side[case.rows] == ORDER) & (view.kind[case.rows] == KIND["shipping"])]]
    return case.difference() in (int(freight.sum()), *freight.tolist()) if len(freight) else False


def _coupon_split(case: Case) -> bool:
    """The difference is a coupon of the order; of a subsidy, one of several that were promised."""
    view, s = case.view, case.parts.sums
    coupon = view.kind[case.rows] == KIND["subsidy"]
    borne = np.abs(view.amount[case.rows[coupon & (view.side[case.rows] == ORDER)]]).tolist()
    if case.code == "subsidy_mismatch":
        return len(borne) > 1 and abs(case.difference()) in borne
    full, sold = int(s.order_amount[case.group]), int(s.sale[case.group])
    own = [abs(full - sold)] if full and sold else []
    return case.difference() != 0 and abs(case.difference()) in (*borne, *own)


def _rounding(case: Case) -> bool:
    """Within the last unit per line of the order."""
    return 0 < abs(case.difference()) <= max(len(case.orders()), 1)


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


def _campaign_quota(case: Case) -> bool:
    return case.actual == 0 and case.habits.quota_over(case.group)


def _gov_subsidy(case: Case) -> bool:
    rows = case.rows[case.view.kind[case.rows] == KIND["subsidy"]]
    words = " ".join(case.cited.texts("detail", rows))
    return any(word in words for word in ("国补", "以旧换新", "政府补贴"))


def _shop_funded(case: Case) -> bool:
    return case.actual == 0


_TAGS: dict[str, tuple[tuple[str, Callable[[Case], bool]], ...]] = {
    "wrong_account": (("merchant_number", _merchant_number), ("other_company", _other_company)),
    "duplicate_payment": (("two_gateways", _two_gateways), ("retry", _retry)),
    "duplicate_refund": (("retry", _retry), ("by_hand", _by_hand)),
    "status_mismatch": (("paid_after_close", _paid_after_close), ("lost_callback", _lost_callback)),
    "unknown_payment": (
        ("before_first_file", _before_first_file),
        ("lost_callback", _lost_callback),
        ("other_shop", _other_shop),
        ("test_order", _test_order),
        ("direct_transfer", _direct_transfer),
    ),
    "missing_payment": (
        ("test_order", _test_order),
        ("cod", _cod),
        ("other_wallet", _other_wallet),
        ("set_by_hand", _set_by_hand),
    ),
    "amount_mismatch": (
        # First, for where a whole file differs alike the difference says nothing of one order's price or coupon.
        ("wrong_column", _wrong_column),
        ("presale_two_payments", _presale),
        ("price_change", _price_change),
        ("freight_added", _freight_added),
        ("coupon_split", _coupon_split),
        ("rounding", _rounding),
        ("price_protection", _price_protection),
    ),
    "excess_refund": (("compensation", _compensation),),
    "unknown_refund": (
        ("before_first_file", _before_first_file),
        ("by_hand", _by_hand),
        ("compensation", _compensation),
        ("price_protection", _price_protection),
    ),
    "missing_refund": (("refund_failed", _refused("refund_failed")), ("refund_pending", _refused("refund_pending"))),
    "fx_difference": (("conversion", _conversion),),
    "subsidy_mismatch": (
        ("coupon_split", _coupon_split),
        ("subsidy_short", _subsidy_short),
        ("campaign_quota", _campaign_quota),
        ("shop_funded", _shop_funded),
        ("gov_subsidy", _gov_subsidy),
    ),
}


def cause_of(case: Case) -> str:
    """Return the first tag that holds, in the order of the list of causes, or an empty text."""
    return next((tag for tag, holds in _TAGS.get(case.code, ()) if holds(case)), "")
