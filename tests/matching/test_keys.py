"""Which entries share a key: scopes, payment numbers, crowded numbers, currencies."""

import numpy as np
import pytest

from recon.ledger.statement import Statement
from recon.matching.books import order_leg
from recon.matching.keys import HUB, groups, scopes
from tests.ledger.make import (
    ALI,
    BANK,
    CHANNELS,
    DOU,
    FLOW,
    OWN,
    TAO,
    TRADE,
    Row,
    credit,
    ledger,
    pay,
    refund,
    row,
    sale,
    statement,
)


def keys(*files: Statement) -> dict[str, list[int]]:
    """order number and kind -> groups of its entries; groups are numbered from 0 without a gap."""
    view = ledger(*files)
    group, size = groups(view, CHANNELS, order_leg(view))
    assert set(group[group >= 0].tolist()) == set(range(size))
    names = view.texts("line_ref", np.arange(len(view)))
    found: dict[str, list[int]] = {}
    for name, number in zip(names, group.tolist(), strict=True):
        found.setdefault(name, []).append(number)
    return found


def one(*names: str, among: dict[str, list[int]]) -> bool:
    """All these entries lie in one group that no other entry has."""
    mine = {n for name in names for n in among[name]}
    return len(mine) == 1 and not any(mine & set(found) for name, found in among.items() if name not in names)


def test_an_order_number_links_its_order_and_its_money() -> None:
    found = keys(
        statement(OWN, [sale("A", 1, "10-01", line="a"), sale("B", 1, "10-01", line="b")]),
        statement(TRADE, [pay("A", 1, "10-01", line="p"), refund("A", 1, "10-02", line="r")]),
        statement(ALI, [pay("A", 1, "10-01", line="q")]),
    )
    assert one("a", "p", "q", "r", among=found)
    assert one("b", among=found)


def test_two_gateways_that_count_from_one_never_meet() -> None:
    """Taobao settles through Alipay alone; the order 1 of a Douyin wallet is another one."""
    found = keys(
        statement(TAO, [sale("1", 1, "10-01", line="a")]),
        statement(ALI, [pay("1", 1, "10-01", line="p")]),
        statement(FLOW, [pay("1", 1, "10-01", line="x")]),
    )
    assert one("a", "p", among=found)
    assert one("x", among=found)


def test_without_an_order_list_families_keep_apart() -> None:
    view = ledger(statement(TRADE, [pay("1", 1, "10-01")]), statement(ALI, [pay("1", 1, "10-01")]))
    assert len(set(scopes(view, CHANNELS).tolist())) == 2
    joined = ledger(
        *(statement(c, [pay("1", 1, "10-01")]) for c in (TRADE, ALI)), statement(OWN, [sale("1", 1, "10-01")])
    )
    assert len(set(scopes(joined, CHANNELS).tolist())) == 1


@pytest.mark.parametrize("order", ["Z", None])
def test_a_payment_number_ties_what_carries_no_known_order(order: str | None) -> None:
    found = keys(
        statement(OWN, [sale("A", 1, "10-01", payment="P1", line="a")]),
        statement(
            ALI, [pay(order, 1, "10-01", payment="P1", line="p"), refund(None, 1, "10-02", payment="P1", line="r")]
        ),
    )
    assert one("a", "p", "r", among=found)


def test_a_known_order_number_is_not_overruled_by_a_payment_number() -> None:
    found = keys(
        statement(OWN, [sale("A", 1, "10-01", payment="P1", line="a"), sale("B", 1, "10-01", line="b")]),
        statement(ALI, [pay("B", 1, "10-01", payment="P1", line="p")]),
    )
    assert one("a", among=found)
    assert one("b", "p", among=found)


def crowd(count: int, **more: object) -> list[Row]:
    return [pay("0", 1, "10-01", payment=f"P{n}", line=f"p{n}", **more) for n in range(count)]


def test_a_number_of_fifty_rows_links_and_of_fifty_one_links_nothing() -> None:
    listed = statement(OWN, [sale("0", 1, "10-01", line="a")])
    assert len({n for found in keys(listed, statement(ALI, crowd(HUB))).values() for n in found}) == 1
    found = keys(listed, statement(ALI, crowd(HUB + 1)))
    assert len({n for numbers in found.values() for n in numbers}) == HUB + 2
    assert one("a", among=found)  # the order stays an order


def test_rows_are_counted_not_entries() -> None:
    """Twenty rows with a fee, a commission and a subsidy each are twenty."""
    rows = [
        row(kind, 1, "10-01", order="0", payment=f"P{n}", line=f"{kind}{n}", source_row=n + 2)
        for n in range(20)
        for kind in ("payment", "fee", "commission", "subsidy")
    ]
    found = keys(statement(OWN, [sale("0", 1, "10-01", line="a")]), statement(ALI, rows))
    assert len({n for numbers in found.values() for n in numbers}) == 1


def test_a_key_in_two_currencies_is_two() -> None:
    found = keys(
        statement(OWN, [sale("A", 1, "10-01", line="a")]),
        statement(ALI, [pay("A", 1, "10-01", line="p"), pay("A", 1, "10-01", line="x", payment="X", currency="USD")]),
    )
    assert one("a", "p", among=found)
    assert one("x", among=found)


def test_banks_have_no_key_and_fees_without_a_number_none() -> None:
    found = keys(
        statement(BANK, [credit(1, "10-01", order="A", line="b")]),
        statement(ALI, [row("fee", -1, "10-01", line="f"), row("payment", 1, "10-01", line="p")]),
    )
    assert found == {"b": [-1], "f": [-1], "p": [0]}


def test_an_order_number_and_a_sub_order_number_never_meet() -> None:
    """Two lists, one compared by order and one by sub-order, with money at each gateway."""
    found = keys(
        statement(OWN, [sale(f"A{n}", 1, "10-01", line=f"a{n}") for n in range(3)]),
        statement(ALI, [pay(f"A{n}", 1, "10-01", line=f"p{n}") for n in range(3)]),
        statement(DOU, [sale("M", 1, "10-01", sub=f"S{n}", line=f"d{n}") for n in range(3)]),
        statement(FLOW, [pay("M", 1, "10-01", sub=f"S{n}", line=f"q{n}", payment=f"Q{n}") for n in range(3)]),
    )
    for n in range(3):
        assert one(f"a{n}", f"p{n}", among=found)
        assert one(f"d{n}", f"q{n}", among=found)
