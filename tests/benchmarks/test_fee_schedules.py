"""The judge of fee schedules: it accepts the truth, and only that."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from tests.benchmarks.fee_schedules import (
    IN_SET,
    NOTHING,
    RECOVERED,
    WRONG,
    Claim,
    Schedule,
    Terms,
    schedule,
    verdict,
)

DRAWN = [schedule(seed) for seed in range(40)]
CHANGED = [drawn for drawn in DRAWN if drawn.changes]


def truth(drawn: Schedule) -> list[Claim]:
    """What a perfect miner says."""
    claims = [Claim((drawn.terms[0],), None)]
    for terms, change in zip(drawn.terms[1:], drawn.changes, strict=True):
        before = max(row.moment for row in drawn.rows if row.moment < change)
        claims.append(Claim((terms,), (before, min(row.moment for row in drawn.rows if row.moment >= change))))
    return claims


@pytest.mark.parametrize(
    ("terms", "amount", "fee"),
    [
        (Terms(Fraction("0.006")), 1250, 8),
        (Terms(Fraction("0.006"), rounding="half_even"), 1250, 8),
        (Terms(Fraction("0.006"), rounding="half_even"), 3750, 22),
        (Terms(Fraction("0.006"), rounding="down"), 1333, 7),
        (Terms(Fraction("0.006"), rounding="up"), 1334, 9),
        (Terms(Fraction("0.029"), fixed=30), 10_000, 320),
        (Terms(Fraction("0.001"), fixed=1, minimum=5, maximum=9), 1000, 5),
        (Terms(Fraction("0.001"), fixed=1, minimum=5, maximum=9), 100_000, 9),
    ],
)
def test_what_terms_charge(terms: Terms, amount: int, fee: int) -> None:
    assert terms.fee(amount) == fee


def test_a_seed_gives_the_same_schedule_and_each_is_as_promised() -> None:
    assert DRAWN[:5] == [schedule(seed) for seed in range(5)]
    assert {len(drawn.changes) for drawn in DRAWN} == {0, 1, 2, 3}
    for drawn in DRAWN:
        assert 60 <= len(drawn.rows) <= 5000
        assert sum(row.surcharged for row in drawn.rows) == round(len(drawn.rows) / 50)
        for number, terms in enumerate(drawn.terms):
            rows = [row for row in drawn.rows if row.stretch == number]
            assert len(rows) >= 25
            assert sum(row.surcharged for row in rows) * 20 <= len(rows)
            assert all(row.fee == terms.fee(row.amount) for row in rows if not row.surcharged)


def test_the_truth_is_recovered() -> None:
    assert [verdict(drawn, truth(drawn)) for drawn in DRAWN] == [RECOVERED] * len(DRAWN)


def test_nothing_said_is_nothing() -> None:
    assert verdict(DRAWN[0], []) == NOTHING


def test_another_rate_is_wrong_and_a_set_may_hold_the_truth() -> None:
    for drawn in DRAWN:
        claims = truth(drawn)
        other = replace(claims[-1].rules[0], rate=Fraction(1, 3), minimum=0, maximum=None)
        assert verdict(drawn, [*claims[:-1], claims[-1]._replace(rules=(other,))]) == WRONG
        assert verdict(drawn, [*claims[:-1], claims[-1]._replace(rules=(other, *claims[-1].rules))]) == IN_SET


def test_a_change_elsewhere_or_unseen_is_wrong() -> None:
    for drawn in CHANGED:
        claims = truth(drawn)
        change = drawn.changes[-1]
        assert verdict(drawn, [*claims[:-1], claims[-1]._replace(gap=(change, change + 9))]) == WRONG
        assert verdict(drawn, [*claims[:-1], claims[-1]._replace(gap=(change - 9, change - 1))]) == WRONG
        assert verdict(drawn, claims[:-1]) == WRONG
