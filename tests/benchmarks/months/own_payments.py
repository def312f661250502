"""What goes wrong with the payments of a shop with a list of its own, and what must be found then."""

from __future__ import annotations

from tests.benchmarks.months.dice import DAY, HOUR
from tests.benchmarks.months.own_shop import give_back, pay
from tests.benchmarks.months.plan import Move, Order, World


def _fees(*moves: Move) -> int:
    return sum(move.fee != 0 for move in moves)


def _owned(order: Order | None, *moves: Move) -> int:
    return (order is not None) + len(moves) + _fees(*moves)


def missing(world: World, order: Order) -> None:
    """Sent, but no money ever came; the list shows a payment number."""
    move = pay(world, order)
    world.moves[move.wallet.key].remove(move)
    world.finds("missing_payment", "missing", (order.paid, 0), [order], owned=1)


def missing_unsent(world: World, order: Order) -> None:
    """The same before it was sent."""
    missing(world, order)
    order.shipped = order.done = 0


def set_by_hand(world: World, order: Order) -> None:
    """Somebody set the order to paid: it has no payment number."""
    order.method = "微信支付" if order.shop.currency == "CNY" else "card"
    found = ("missing_payment", "set_by_hand", (order.paid, 0))
    world.finds(*found, [order], cause="set_by_hand", owned=1)


def missing_test(world: World, order: Order) -> None:
    """An order of 0.01 to try the shop."""
    order.paid = order.amount = 1
    move = pay(world, order)
    world.moves[move.wallet.key].remove(move)
    world.finds("missing_payment", "missing_test", (1, 0), [order], cause="test_order", owned=1)


def missing_and_refund(world: World, order: Order) -> None:
    """No money came, and the refund that the order shows has none either: it goes along."""
    move = pay(world, order)
    world.moves[move.wallet.key].remove(move)
    order.refund, order.refund_at = order.paid * 2 // 5, order.paid_at + DAY
    world.finds("missing_payment", "missing_and_refund", (order.paid, 0), [order], owned=2)


def _pays_other(world: World, order: Order, amount: int, label: str, cause: str | None = None) -> None:
    move = pay(world, order, amount)
    found = ("amount_mismatch", label, (order.paid, amount), [order], [move])
    world.finds(*found, cause=cause, owned=_owned(order, move))


def less(world: World, order: Order) -> None:
    """One payment below the order."""
    _pays_other(world, order, order.paid - 1_234, "less")


def more(world: World, order: Order) -> None:
    """One payment above the order."""
    _pays_other(world, order, order.paid + 660, "more")


def last_fen(world: World, order: Order) -> None:
    """One payment a fen above."""
    _pays_other(world, order, order.paid + 1, "last_fen", "rounding")


def old_price(world: World, order: Order) -> None:
    """The buyer paid the price before it was changed; only where a bill has one amount for a payment."""
    order.amount = order.paid + 1_500
    _pays_other(world, order, order.amount, "old_price", "price_change")


def part_paid(world: World, order: Order) -> None:
    """Two payments that stay below."""
    first = pay(world, order, order.paid * 2 // 5)
    second = pay(world, order, order.paid // 5, order.paid_at + 2 * HOUR, listed=False)
    sums = (order.paid, first.amount + second.amount)
    world.finds("amount_mismatch", "part_paid", sums, [order], [first, second], owned=_owned(order, first, second))


def _paid_again(world: World, order: Order, again: list[Move], label: str, cause: str | None) -> None:
    total = sum(move.amount for move in again)
    found = ("duplicate_payment", label, (order.paid, total), [order], again)
    world.finds(*found, cause=cause, owned=_owned(order, *again))


def twice(world: World, order: Order) -> None:
    """Paid again three hours later."""
    first = pay(world, order)
    _paid_again(world, order, [first, pay(world, order, at=first.at + 3 * HOUR, listed=False)], "twice", "")


def retried(world: World, order: Order) -> None:
    """Paid again within the hour."""
    first = pay(world, order)
    _paid_again(world, order, [first, pay(world, order, at=first.at + 600, listed=False)], "retried", "retry")


def thrice(world: World, order: Order) -> None:
    """Paid three times over two days."""
    first = pay(world, order)
    more_of_it = [pay(world, order, at=first.at + hours * HOUR, listed=False) for hours in (5, 26)]
    _paid_again(world, order, [first, *more_of_it], "thrice", "")


def two_gateways(world: World, order: Order) -> None:
    """Paid once in each wallet."""
    first = pay(world, order)
    second = pay(world, order, at=first.at + 90, wallet=order.shop.wallets[1], listed=False)
    _paid_again(world, order, [first, second], "two_gateways", "two_gateways")


def rest_twice(world: World, order: Order) -> None:
    """A deposit, and its rest twice."""
    first = pay(world, order, order.paid * 2 // 5)
    rest = order.paid - first.amount
    later = [pay(world, order, rest, first.at + hours * HOUR, listed=False) for hours in (1, 5)]
    _paid_again(world, order, [first, *later], "rest_twice", None)


def _not_listed_as_paid(order: Order, state: str) -> None:
    order.state, order.shipped, order.done = state, 0, 0


def closed_paid(world: World, order: Order) -> None:
    """Closed, and paid all the same."""
    _not_listed_as_paid(order, "closed")
    move = pay(world, order, listed=False)
    world.finds("status_mismatch", "closed_paid", (0, order.paid), [order], [move], owned=_owned(order, move))


def unpaid_paid(world: World, order: Order) -> None:
    """The shop never heard that it was paid."""
    _not_listed_as_paid(order, "unpaid")
    move = pay(world, order, listed=False)
    found = ("status_mismatch", "unpaid_paid", (0, order.paid), [order], [move])
    world.finds(*found, cause="lost_callback", owned=_owned(order, move))


def closed_part_back(world: World, order: Order) -> None:
    """Closed and paid; a part was given back, the rest stays."""
    _not_listed_as_paid(order, "closed")
    payment = pay(world, order, listed=False)
    refund = give_back(world, order, payment, order.paid * 2 // 5, payment.at + HOUR, shown=False)
    left = payment.amount + refund.amount
    found = ("status_mismatch", "closed_part_back", (0, left), [order], [payment, refund])
    world.finds(*found, owned=_owned(order, payment, refund))


def closed_twice(world: World, order: Order) -> None:
    """Closed and paid twice: one finding for the second payment, one for what stays."""
    _not_listed_as_paid(order, "closed")
    first = pay(world, order, listed=False)
    second = pay(world, order, at=first.at + 3 * HOUR, listed=False)
    both = (order.paid, 2 * order.paid)
    world.finds("duplicate_payment", "closed_twice", both, [], [second], owned=_owned(None, second))
    world.finds("status_mismatch", "closed_twice", (0, order.paid), [order], [first], owned=_owned(order, first))


def unlisted(world: World, order: Order) -> None:
    """The order is in no list; its number lies between listed ones."""
    order.listed = False
    move = pay(world, order)
    found = ("unknown_payment", "unlisted", (0, order.paid), [], [move])
    world.finds(*found, cause="lost_callback", owned=_owned(None, move))


def unlisted_part_back(world: World, order: Order) -> None:
    """The same, and a part was given back."""
    order.listed = False
    payment = pay(world, order)
    refund = give_back(world, order, payment, order.paid * 2 // 5, payment.at + 2 * HOUR)
    sums = (0, payment.amount + refund.amount)
    found = ("unknown_payment", "unlisted_part_back", sums, [], [payment, refund])
    world.finds(*found, cause="lost_callback", owned=_owned(None, payment, refund))


def late(world: World, order: Order) -> None:
    """The money comes three days after it is due."""
    move = pay(world, order, at=order.paid_at + 4 * DAY)
    world.finds("late_settlement", "late", (order.paid, order.paid), [order], [move])
