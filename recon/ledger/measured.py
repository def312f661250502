"""How often pairs by amount and day may be wrong, as it was measured on the rows of this run."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Stratum:
    """The pairs whose amount occurs at most `limit` times among all rows: how many, and at most how many are wrong."""

    limit: int
    decided: int
    wrong: int


@dataclass(frozen=True, slots=True)
class Money:
    """What a basis posts in one currency, and at most how much of it is wrong (minor units)."""

    currency: str
    posted: int
    wrong: int


@dataclass(frozen=True, slots=True)
class Bound:
    """At most how much of one basis is wrong (95 % prediction).

    basis: `unique`, `elimination` or `pool`. decided: orders that the window pass decided on this basis; all_wrong,
    all_groups: of them, and of their groups, at most so many wrong. limit: amounts that occur at most so often among
    all rows are posted, 0 for none; posted: the orders posted so; wrong, groups: of them and their groups.
    """

    basis: str
    decided: int
    all_groups: int
    all_wrong: int
    limit: int
    posted: int
    groups: int
    wrong: int
    strata: tuple[Stratum, ...] = ()
    money: tuple[Money, ...] = ()


@dataclass(frozen=True, slots=True)
class Measured:
    """The measurement of one rule.

    planted: copies planted in all; lonely_orders, lonely_money: rows of each side estimated to lack a partner;
    look_alikes: movements estimated to look like an order that they do not pay. bounds: empty where too few rows with
    numbers were there to measure.
    """

    leg: str
    rule: str
    orders: int
    planted: int
    lonely_orders: int
    lonely_money: int
    look_alikes: int
    bounds: tuple[Bound, ...]
