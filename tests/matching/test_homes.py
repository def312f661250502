"""Where a shop is at home: twenty keys make a home, nineteen do not; money elsewhere has gone astray."""

import numpy as np
import pytest

from recon.ledger.statement import Statement
from recon.matching.books import order_leg
from recon.matching.homes import ENOUGH, by_shop, shop_homes
from recon.matching.keys import groups
from recon.outputs.conservation import prove
from tests.ledger.make import ALI, CHANNELS, OWN, TRADE, Row, findings, ledger, matches, pay, row, run, sale, statement

MONTH = ("10-01", "10-31")


def world(count: int, lost: str, *, twice: bool = False, **more: object) -> list[tuple[str, int, int]]:
    """`count` orders of shop s paid into account 1, and the order `lost` of shop s paid into account 2."""
    orders: list[Row] = [sale(f"A{n}", 100, "10-05", shop="s") for n in range(count)]
    first = [pay(f"A{n}", 50 if twice else 100, "10-05") for n in range(count)]
    first += [pay(f"A{n}", 50, "10-05", payment=f"Q{n}") for n in range(count)] if twice else []
    outcome = run(
        statement(OWN, [*orders, sale(lost, 70, "10-06", shop="s")]),
        statement(ALI, first, account="1", period=MONTH),
        statement(ALI, [pay(lost, 70, "10-06")], account="2", file="2.csv", period=MONTH),
        **more,
    )
    prove(outcome)
    return findings(outcome)


@pytest.mark.parametrize(("count", "known"), [(19, False), (20, True)])
def test_twenty_keys_make_a_home(count: int, known: bool) -> None:
    assert world(count, "X") == ([("wrong_account", 70, 0)] if known else [])


def test_keys_are_counted_not_payments() -> None:
    assert world(ENOUGH - 1, "X", twice=True) == []


def test_a_configured_home_needs_no_number_of_keys() -> None:
    assert world(1, "X", homes={"s": frozenset({"ali:1"})}) == [("wrong_account", 70, 0)]
    assert world(ENOUGH, "X", homes={"s": frozenset({"ali:1", "ali:2"})}) == []


def test_without_shops_there_is_no_wrong_account() -> None:
    orders = [sale(f"A{n}", 100, "10-05") for n in range(ENOUGH)]
    outcome = run(
        statement(OWN, [*orders, sale("X", 70, "10-06")]),
        statement(ALI, [pay(f"A{n}", 100, "10-05") for n in range(ENOUGH)], account="1", period=MONTH),
        statement(ALI, [pay("X", 70, "10-06")], account="2", file="2.csv", period=MONTH),
    )
    assert findings(outcome) == []
    assert len(matches(outcome)) == ENOUGH + 1


@pytest.mark.parametrize(
    ("homes", "expected"),
    [
        ({"s": frozenset({"ali:1"}), "t": frozenset({"ali:2"})}, [("missing_payment", 70, 0)]),
        # an account of both shops, or of none, does not tell whose order was paid
        ({"s": frozenset({"ali:1"}), "t": frozenset({"ali:1"})}, [("amount_mismatch", 170, 100)]),
        ({}, [("amount_mismatch", 170, 100)]),
    ],
)
def test_two_shops_that_both_count_from_one(
    homes: dict[str, frozenset[str]], expected: list[tuple[str, int, int]]
) -> None:
    listed = [sale("1", 100, "10-05", shop="s", key="s1"), sale("1", 70, "10-05", shop="t", key="t1")]
    outcome = run(
        statement(OWN, [*listed, sale("2", 0, "10-31", shop="s")]),
        statement(ALI, [pay("1", 100, "10-05")], account="1", period=MONTH),
        statement(ALI, [], account="2", file="2.csv", period=MONTH),
        homes=homes,
    )
    prove(outcome)
    assert findings(outcome) == expected


def keyed(homes: dict[str, frozenset[str]], *files: Statement) -> tuple[dict[str, list[int]], int]:
    """line number -> groups of its entries, and the number of groups."""
    view = ledger(*files)
    group, size = by_shop(view, *groups(view, CHANNELS, order_leg(view)), homes)
    found: dict[str, list[int]] = {}
    for name, number in zip(view.texts("line_ref", np.arange(len(view))), group.tolist(), strict=True):
        found.setdefault(name, []).append(number)
    return found, size


def test_keys_are_split_one_by_one_where_each_payment_has_one_owner_among_their_shops() -> None:
    """Keys 1 and 4 are split; of 2 nobody owns the payment, of 3 a shop that has no such order does."""
    homes = {shop: frozenset({f"ali:{n}"}) for n, shop in enumerate("stu", 1)}
    listed = [sale(f"{n}", 100, "10-05", shop=s, key=f"{s}{n}", line=f"{s}{n}") for n in range(1, 5) for s in "st"]
    listed.append(sale("0", 100, "10-05", shop="u", line="u0"))
    money = {"1": ("1", "4"), "9": ("2",), "3": ("3", "0")}
    found, size = keyed(
        homes,
        statement(OWN, listed),
        statement(ALI, [row("fee", -1, "10-05", line="f")], account="2", file="fee.csv"),
        *(
            statement(
                ALI, [pay(n, 100, "10-05", line=f"p{n}") for n in numbers], account=account, file=f"{account}.csv"
            )
            for account, numbers in money.items()
        ),
    )
    assert found.pop("f") == [-1]
    sets: dict[int, set[str]] = {}
    for name, numbers in found.items():
        for number in numbers:
            sets.setdefault(number, set()).add(name)
    assert sorted(map(sorted, sets.values())) == sorted(
        [["p1", "s1"], ["t1"], ["p2", "s2", "t2"], ["p3", "s3", "t3"], ["p4", "s4"], ["t4"], ["p0", "u0"]]
    )
    assert set(sets) == set(range(size))


def test_homes_are_learned_per_shop_and_per_family() -> None:
    """Each shop has its own account at each gateway; one key of each shop went to the other's."""
    listed, money = [], {(channel, account): [] for channel in (ALI, TRADE) for account in "12"}
    for shop, own, other in (("s", "1", "2"), ("t", "2", "1")):
        for channel in (ALI, TRADE):
            keys = 22 if channel == ALI else 21
            for n in range(keys):
                number = f"{shop}{channel}{n}"
                listed.append(sale(number, 100, "10-05", shop=shop))
                money[channel, own if n < keys - 1 else other].append(pay(number, 100, "10-05"))
    files = [statement(c, rows, account=a, file=f"{c}{a}.csv") for (c, a), rows in money.items()]
    view = ledger(statement(OWN, listed), *files)
    group, size = groups(view, CHANNELS, order_leg(view))
    table = shop_homes(view, group, size, {})
    at_home = {
        shop: {a for a, home in zip(view.accounts, table[n], strict=True) if home} for n, shop in enumerate(view.shops)
    }
    own = {account for account in view.accounts if account.startswith("own")}
    assert {shop: accounts - own for shop, accounts in at_home.items()} == {
        "s": {"ali:1", "wx:1"},
        "t": {"ali:2", "wx:2"},
    }
