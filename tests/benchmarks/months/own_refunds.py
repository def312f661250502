"""What goes wrong with the refunds of a shop with a list of its own."""

from __future__ import annotations

from tests.benchmarks.months.dice import DAY, HOUR
from tests.benchmarks.months.own_shop import give_back, pay
from tests.benchmarks.months.plan import Move, Order, World


def _owned(order: Order | None, *moves: Move) -> int:
    return (order is not None) + sum(1 + (move.fee != 0) for move in moves)


def _later(world: World, order: Order) -> int:
    """A moment of a refund, up to three days after the payment."""
    return order.paid_at + world.dice.between(0, 3) * DAY + HOUR


def _finds(
    world: World,
    order: Order,
    moves: list[Move],
    code: str,
    label: str,
    *,
    shown: bool = True,
    cause: str | None = None,
) -> None:
    sums = (-order.refund, sum(move.amount for move in moves))
    orders = [order] if shown else []
    world.finds(code, label, sums, orders, moves, cause=cause, owned=_owned(order if shown else None, *moves))


def back_doubled(world: World, order: Order) -> None:
    """A part is given back, and three hours later again."""
    payment, at = pay(world, order), _later(world, order)
    first = give_back(world, order, payment, order.paid * 2 // 5, at)
    second = give_back(world, order, payment, -first.amount, at + 3 * HOUR, shown=False)
    _finds(world, order, [first, second], "duplicate_refund", "back_doubled")


def back_retried(world: World, order: Order) -> None:
    """All is given back twice within the hour."""
    payment, at = pay(world, order), _later(world, order)
    first = give_back(world, order, payment, order.paid, at)
    second = give_back(world, order, payment, order.paid, at + 600, shown=False)
    _finds(world, order, [first, second], "duplicate_refund", "back_retried", cause="retry")


def second_doubled(world: World, order: Order) -> None:
    """Two parts are given back, and the second once more."""
    payment, at = pay(world, order), _later(world, order)
    first = give_back(world, order, payment, order.paid * 3 // 10, at)
    second = give_back(world, order, payment, order.paid // 5, at + 2 * HOUR)
    third = give_back(world, order, payment, order.paid // 5, at + 6 * HOUR, shown=False)
    _finds(world, order, [first, second, third], "duplicate_refund", "second_doubled")


def back_over(world: World, order: Order) -> None:
    """One refund above what was paid."""
    payment = pay(world, order)
    refund = give_back(world, order, payment, order.paid + 660, _later(world, order))
    order.refund = order.paid
    _finds(world, order, [refund], "excess_refund", "back_over")


def goodwill(world: World, order: Order) -> None:
    """All given back, and two hours later 5.00 on top."""
    payment, at = pay(world, order), _later(world, order)
    first = give_back(world, order, payment, order.paid, at)
    second = give_back(world, order, payment, 500, at + 2 * HOUR, shown=False)
    _finds(world, order, [first, second], "excess_refund", "goodwill", cause="compensation")


def unasked(world: World, order: Order) -> None:
    """The order shows no refund."""
    payment = pay(world, order)
    refund = give_back(world, order, payment, order.paid * 2 // 5, _later(world, order), shown=False)
    _finds(world, order, [refund], "unknown_refund", "unasked", shown=False)


def unlisted_back(world: World, order: Order) -> None:
    """A refund of an order that is in no list; its payment neither."""
    order.listed = False
    payment = pay(world, order)
    world.moves[payment.wallet.key].remove(payment)
    refund = give_back(world, order, payment, order.paid * 2 // 5, _later(world, order), shown=False)
    _finds(world, order, [refund], "unknown_refund", "unlisted_back", shown=False)


def not_given(world: World, order: Order) -> None:
    """The order shows a refund that nobody paid."""
    pay(world, order)
    order.refund, order.refund_at = order.paid * 2 // 5, _later(world, order)
    world.finds("missing_refund", "not_given", (-order.refund, 0), [order], owned=1)


def closed_not_given(world: World, order: Order) -> None:
    """Closed after payment, the refund of all is shown, and nobody paid it."""
    pay(world, order)
    order.state, order.shipped, order.done = "closed", 0, 0
    order.refund, order.refund_at = order.paid, _later(world, order)
    world.finds("missing_refund", "closed_not_given", (-order.refund, 0), [order], owned=1)


def back_less(world: World, order: Order) -> None:
    """Less was given back than the order shows."""
    payment = pay(world, order)
    refund = give_back(world, order, payment, order.paid * 3 // 10, _later(world, order))
    order.refund = order.paid * 2 // 5
    _finds(world, order, [refund], "amount_mismatch", "back_less")


def back_more(world: World, order: Order) -> None:
    """More was given back than the order shows, but less than was paid."""
    payment = pay(world, order)
    refund = give_back(world, order, payment, order.paid // 2, _later(world, order))
    order.refund = order.paid * 2 // 5
    _finds(world, order, [refund], "amount_mismatch", "back_more")
