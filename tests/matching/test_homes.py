"""Where a shop is at home: twenty keys make a home, nineteen do not; money elsewhere has gone astray."""

import pytest

from recon.matching.homes import ENOUGH
from recon.outputs.conservation import prove
from tests.ledger.make import ALI, OWN, Row, findings, matches, pay, run, sale, statement

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


@pytest.mark.parametrize(("count", "known"), [(ENOUGH - 1, False), (ENOUGH, True)])
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
