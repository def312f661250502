"""Orders and money that only amount and day tie together: one finding per set, suggested or ambiguous."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from recon.breaks.finding import Finding
from recon.breaks.phrases import say
from recon.ledger.days import NO_DAY, date_of
from recon.ledger.outcome import ORDER_GATEWAY
from recon.ledger.parts import BY_NEAR_KEY, RIVAL, SUGGEST, WAIT, Parts, max_by
from recon.ledger.view import Citations, View
from recon.money import format_amount

#: Stands for more pairings than are counted.
_MANY = 1_001
#: So many candidates are named; of more their number is.
_NAMED = 3


@dataclass(frozen=True)
class _Set:
    """Keys of one set: of orders, and of movements without an order."""

    number: int
    orders: np.ndarray
    moves: np.ndarray


def loose_findings(
    view: View, cited: Citations, parts: Parts, owned: dict[int, list[int]], due: np.ndarray, lang: str
) -> list[Finding]:
    """Return one finding per set that is suggested or whose members compete.

    Args:
        view: the ledger.
        cited: texts of the rows.
        parts: the comparison.
        owned: key -> the rows of it that the finding owns.
        due: per key the day on which what it waits for was due.
        lang: zh or en.
    """
    found = []
    for one in _sets(parts, (RIVAL, SUGGEST)):
        keys = [*one.orders.tolist(), *one.moves.tolist()]
        rows = sorted(row for key in keys for row in owned[key])
        s = parts.sums
        refund = bool((s.returned[one.moves] != 0).any())
        expected = int((s.expect_returned if refund else s.expect_paid)[one.orders].sum())
        actual = int((s.paid + s.returned)[one.moves].sum())
        currency = view.currencies[view.currency[rows[0]]]
        days = [int(day) for day in due[one.orders] if day != NO_DAY]
        fate = int(parts.loose.fate[one.number])
        found.append(
            Finding(
                code="suggested" if fate == SUGGEST else "ambiguous",
                leg=ORDER_GATEWAY,
                owned=tuple(rows),
                linked=(),
                expected=expected,
                actual=actual,
                currency=currency,
                explanation=_words(cited, parts, one, rows, (expected, actual, currency), lang, refund=refund),
                cause="" if int(parts.loose.basis[one.number]) == BY_NEAR_KEY else "equal_amounts",
                due=max(days, default=NO_DAY),
            )
        )
    return found


def _words(
    cited: Citations,
    parts: Parts,
    one: _Set,
    rows: Sequence[int],
    sums: tuple[int, int, str],
    lang: str,
    *,
    refund: bool,
) -> str:
    expected, actual, currency = sums
    orders, moves = len(one.orders), len(one.moves)
    ways = int(parts.loose.assignments[one.number])
    values: dict[str, object] = {
        "ref": _number(cited, rows),
        "expected": format_amount(expected, currency),
        "day": date_of(int(parts.times.money_day[one.moves].max())),
        "orders": orders,
        "moves": moves,
        "amount": format_amount(actual // moves, currency),
        "ways": ways if ways < _MANY else "> 1,000",
    }
    if int(parts.loose.basis[one.number]) == BY_NEAR_KEY:
        money = [row for row in rows if parts.group[row] in one.moves]
        values["ref"] = _number(cited, [row for row in rows if row not in money])
        return say(lang, "suggested_near", other=_number(cited, money), **values)
    if int(parts.loose.fate[one.number]) == SUGGEST:
        single = "suggested_refund" if refund else "suggested_order"
        return say(lang, single if orders == moves == 1 else "suggested_orders", **values)
    left = "orders_left" if orders > moves else "moves_left" if moves > orders else "none_left"
    return say(lang, "ambiguous_orders", rest=say(lang, left, n=abs(orders - moves)), **values)


def _number(cited: Citations, rows: Sequence[int]) -> str:
    return next((ref for ref in sorted(cited.texts("order_ref", list(rows))) if ref), "-")


def candidates(view: View, parts: Parts) -> dict[int, str]:
    """Return for each key that waits inside a window what may be its partner: days and amounts, or how many."""
    waiting = _sets(parts, (WAIT,))
    if not waiting:
        return {}
    s, t = parts.sums, parts.times
    amount = np.where(s.has_order, s.expect_paid, s.paid + s.returned)
    day = np.where(s.has_order, t.order_day, t.money_day)
    currency = max_by(parts.group, view.currency, len(parts), 0)
    names: dict[int, str] = {}
    for one in waiting:
        for mine, others in ((one.orders, one.moves), (one.moves, one.orders)):
            listed = sorted(
                f"{date_of(int(day[k]))} {format_amount(int(amount[k]), view.currencies[currency[k]])}"
                for k in others[: _NAMED + 1].tolist()
            )
            told = "; ".join(listed) if len(others) <= _NAMED else f"{len(others)} candidates"
            names |= dict.fromkeys(mine.tolist(), told)
    return names


def _sets(parts: Parts, fates: Sequence[int]) -> list[_Set]:
    """The sets with one of some fates, in the order of their numbers."""
    loose = parts.loose
    keys = np.flatnonzero(loose.set_of >= 0)
    keys = keys[np.isin(loose.fate[loose.set_of[keys]], fates)]
    keys = keys[np.argsort(loose.set_of[keys], kind="stable")]
    starts = np.flatnonzero(np.diff(loose.set_of[keys], prepend=-1))
    has = parts.sums.has_order
    blocks = [block for block in np.split(keys, starts[1:]) if len(block)]
    return [_Set(int(loose.set_of[block[0]]), block[has[block]], block[~has[block]]) for block in blocks]
