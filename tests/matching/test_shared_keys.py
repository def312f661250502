"""N:M by shared keys: each item foots alone; what does not foot stays, nothing moves inside a component."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recon.matching.shared_keys import OPEN, PROVED, SUGGESTED, Applied, Remittance, apply_by_key

Line = tuple[int, int, int]


def applied(
    payments: Sequence[int], items: Sequence[int], lines: Sequence[Line], against: Sequence[int] = ()
) -> Applied:
    payment, item, stated = (np.array([line[n] for line in lines], dtype=np.int64) for n in range(3))
    contradicted = np.isin(np.arange(len(lines)), list(against))
    return apply_by_key(
        np.array(payments, dtype=np.int64),
        np.array(items, dtype=np.int64),
        Remittance(payment, item, stated),
        contradicted,
    )


@pytest.mark.parametrize(
    ("payments", "items", "lines", "verdicts", "amounts", "payment_rest", "item_rest"),
    [
        # one to one; one payment of two items; one item paid in two parts
        ([500], [500], [(0, 0, 500)], [PROVED], [500], [0], [0]),
        ([700], [500, 200], [(0, 0, 500), (0, 1, 200)], [PROVED] * 2, [500, 200], [0], [0, 0]),
        ([300, 200], [500], [(0, 0, 300), (1, 0, 200)], [PROVED] * 2, [300, 200], [0, 0], [0]),
        # part payment, discount or deduction: the rest stays on the item
        ([490], [500], [(0, 0, 490)], [PROVED], [490], [0], [10]),
        # overpayment: the rest stays on the payment
        ([510], [500], [(0, 0, 510)], [PROVED], [500], [10], [0]),
        # paid twice: which one is the doubled payment cannot be told
        ([500, 500], [500], [(0, 0, 500), (1, 0, 500)], [OPEN] * 2, [0, 0], [500, 500], [500]),
        # a credit memo used in a payment
        ([300], [500, -200], [(0, 0, 500), (0, 1, -200)], [PROVED] * 2, [500, -200], [0], [0, 0]),
        # +10 on one item and -10 on the other do not cancel, though the component balances
        ([1000], [490, 510], [(0, 0, 500), (0, 1, 500)], [PROVED] * 2, [490, 500], [10], [0, 10]),
        ([500, -500], [500], [(0, 0, 500), (1, 0, -500)], [OPEN] * 2, [0, 0], [500, -500], [500]),
        # an item that nobody knows leaves the others as they are
        ([700], [500], [(0, 0, 500), (0, -1, 200)], [PROVED, OPEN], [500, 0], [200], [0]),
        # lines that do not add up to their payment say nothing
        ([700], [500], [(0, 0, 500)], [OPEN], [0], [700], [500]),
    ],
)  # fmt: skip
def test_each_item_foots_alone(
    payments: list[int],
    items: list[int],
    lines: list[Line],
    verdicts: list[int],
    amounts: list[int],
    payment_rest: list[int],
    item_rest: list[int],
) -> None:
    found = applied(payments, items, lines)
    assert found.verdict.tolist() == verdicts
    assert found.applied.tolist() == amounts
    assert found.payment_rest.tolist() == payment_rest
    assert found.item_rest.tolist() == item_rest


@pytest.mark.parametrize(("paid", "verdict", "rest"), [(500, PROVED, 0), (490, SUGGESTED, 500), (510, SUGGESTED, 500)])
def test_another_payers_name_counts_where_the_item_does_not_foot(paid: int, verdict: int, rest: int) -> None:
    found = applied([paid], [500], [(0, 0, paid)], against=[0])
    assert (found.verdict.tolist(), found.item_rest.tolist()) == ([verdict], [rest])


def test_a_contradicted_line_does_not_keep_the_others_from_their_item() -> None:
    """A mistyped number hits another customer's invoice: the true payment of that invoice is applied."""
    found = applied([500, 900], [500], [(0, 0, 500), (1, 0, 900)], against=[1])
    assert (found.verdict.tolist(), found.item_rest.tolist()) == ([PROVED, OPEN], [0])


def test_components_and_their_sums() -> None:
    lines = [(2, 3, 5), (0, 0, 500), (0, 1, 200), (1, 1, 100), (1, -1, 7)]
    found = applied([700, 107, 5], [500, 400, 9, 5], lines)
    assert found.component.tolist() == [0, 1, 1, 1, -1]
    assert (found.paid.tolist(), found.owed.tolist()) == ([5, 807], [5, 900])


def test_nothing_to_apply() -> None:
    found = applied([5], [], [(0, -1, 5)])
    assert (found.verdict.tolist(), found.component.tolist(), found.payment_rest.tolist()) == ([OPEN], [-1], [5])
    assert applied([], [], []).verdict.tolist() == []


def plainly(payments: list[int], items: list[int], lines: list[Line], against: set[int]) -> list[tuple[int, int]]:
    """The same rule, one line at a time."""
    of_payment: dict[int, int] = defaultdict(int)
    for payment, _, stated in lines:
        of_payment[payment] += stated

    def usable(line: Line) -> bool:
        payment, item, stated = line
        return item >= 0 and of_payment[payment] == payments[payment] and stated * items[item] > 0

    found = []
    for n, line in enumerate(lines):
        owed = items[line[1]] if line[1] >= 0 else 0
        same = [m for m, other in enumerate(lines) if other[1] == line[1]]
        clear = [m for m in same if m not in against]
        amount = line[2] if abs(line[2]) <= abs(owed) else owed

        def within(some: list[int], most: int = owed) -> bool:
            return len(some) == 1 or abs(sum(lines[m][2] for m in some)) <= abs(most)

        if not all(usable(lines[m]) for m in same):
            found.append((OPEN, 0))
        elif sum(lines[m][2] for m in same) == owed or (n not in against and within(clear)):
            found.append((PROVED, amount))
        else:
            found.append((SUGGESTED, amount) if n in against and within(same) else (OPEN, 0))
    return found


amounts = st.integers(-3, 5)


@given(st.data())
def test_agrees_with_the_rule_read_line_by_line(data: st.DataObject) -> None:
    payments = data.draw(st.lists(amounts, min_size=1, max_size=4))
    items = data.draw(st.lists(amounts, max_size=4))
    one = st.tuples(st.integers(0, len(payments) - 1), st.integers(-1, len(items) - 1), amounts)
    lines = data.draw(st.lists(one, max_size=7))
    against = data.draw(st.sets(st.integers(0, 6)))
    if data.draw(st.booleans()):  # let the payments be what their lines say, so that more is applied
        payments = [sum(stated for of, _, stated in lines if of == n) for n in range(len(payments))]
    found = applied(payments, items, lines, sorted(against))
    assert list(zip(found.verdict.tolist(), found.applied.tolist(), strict=True)) == plainly(
        payments, items, lines, against
    )
    assert found.payment_rest.sum() - sum(payments) == found.item_rest.sum() - sum(items)
    order = data.draw(st.permutations(range(len(lines))))
    shuffled = applied(payments, items, [lines[n] for n in order], [m for m, n in enumerate(order) if n in against])
    assert shuffled.verdict.tolist() == [int(found.verdict[n]) for n in order]
