"""What goes wrong with fees, books, rows' own sums, disputes, converted money and numbers of an own shop."""

from __future__ import annotations

from tests.benchmarks.months.dice import DAY, share
from tests.benchmarks.months.own_shop import give_back, new_order, pay
from tests.benchmarks.months.plan import BOOKS, FILE, Move, Order, World

RATE = (71, 10)
"""CNY for one unit of the foreign money, on all days."""
DISPUTE_FEE = 1_500


def _charged(world: World, order: Order, off: int, label: str) -> None:
    move = pay(world, order)
    right = move.fee
    move.fee -= off
    world.finds("fee_mismatch", label, (right, move.fee), [], [move], owned=1)


def overcharged(world: World, order: Order) -> None:
    """The fee is 0.35 too high."""
    _charged(world, order, 35, "overcharged")


def undercharged(world: World, order: Order) -> None:
    """The fee is 0.10 too low."""
    _charged(world, order, -10, "undercharged")


def fee_kept(world: World, order: Order) -> None:
    """A part was given back without its fee, where fees come back."""
    payment = pay(world, order)
    refund = give_back(world, order, payment, order.paid * 2 // 5, payment.at + DAY)
    due, refund.fee = refund.fee, 0
    sums = (payment.fee + due, payment.fee)
    world.finds("fee_mismatch", "fee_kept", sums, [], [payment], cause="fee_kept", owned=1)


def _books(world: World, code: str, label: str, sums: tuple[int, int], move: Move) -> None:
    world.finds(code, label, sums, [], [move], leg=BOOKS, owned=0)


def book_lacks(world: World, order: Order) -> None:
    """The payment stands in the trade bill only."""
    move = pay(world, order)
    move.cash = False
    _books(world, "settlement_gap", "book_lacks", (order.paid, 0), move)


def book_lacks_refund(world: World, order: Order) -> None:
    """The refund stands in the trade bill only."""
    payment = pay(world, order)
    refund = give_back(world, order, payment, order.paid * 2 // 5, payment.at + DAY)
    refund.cash = False
    _books(world, "settlement_gap", "book_lacks_refund", (refund.amount, 0), refund)


def cash_only(world: World, order: Order) -> None:
    """A payment of no listed order stands in the fund bill only."""
    order.listed = False
    move = pay(world, order)
    move.trade = False
    _books(world, "settlement_gap", "cash_only", (0, order.paid), move)


def book_differs(world: World, order: Order) -> None:
    """The fund bill has 1.00 less."""
    move = pay(world, order)
    move.cash_amount = order.paid - 100
    _books(world, "amount_mismatch", "book_differs", (order.paid, order.paid - 100), move)


def book_fee(world: World, order: Order) -> None:
    """The fund bill charges 0.06 more."""
    move = pay(world, order)
    move.cash_fee = move.fee - 6
    _books(world, "fee_mismatch", "book_fee", (move.fee, move.fee - 6), move)


def net_wrong(world: World, order: Order) -> None:
    """The row's own net is 1.11 below its parts."""
    move = pay(world, order)
    move.net = move.sum() - 111
    world.finds("settlement_gap", "net_wrong", (move.sum(), move.net), [], [move], leg=FILE, owned=0)


def _dispute(world: World, order: Order, reason: str) -> tuple[Move, Move]:
    payment = pay(world, order)
    at = payment.at + 2 * DAY
    refs = (payment.order, payment.payment)
    row = Move(payment.wallet, "dispute", at, -order.paid, -DISPUTE_FEE, *refs, memo=reason)
    return payment, world.add(row)


def disputed(world: World, order: Order) -> None:
    """The card's holder disputes the payment, and nothing came back."""
    reason, cause = world.dice.pick((("fraudulent", "dispute_fraud"), ("product not received", "not_received")))
    _, row = _dispute(world, order, reason)
    world.finds("chargeback", "disputed", (0, row.sum()), [], [row], cause=cause, owned=2)


def dispute_won(world: World, order: Order) -> None:
    """The dispute is won and the money returns: nothing to find."""
    payment, row = _dispute(world, order, "fraudulent")
    refs = (payment.order, payment.payment)
    world.add(Move(row.wallet, "dispute", row.at + 2 * DAY, order.paid, 0, *refs, memo="won", back=True))


def converted_less(world: World, order: Order) -> None:
    """The order is in dollars, the gateway settles in CNY, at a rate that is not that of the day."""
    due = share(order.paid, *RATE)
    move = pay(world, order, due - 150)
    world.finds("fx_difference", "converted_less", (due, due - 150), [order], [move], owned=3)


def _digits_swapped(world: World, order: Order) -> str:
    """The number with two neighbouring digits of its middle swapped."""
    number = order.number
    for place in world.dice.shuffled(range(9, len(number) - 3)):
        if abs(int(number[place]) - int(number[place + 1])) > 1:
            return number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    return number[:-5] + number[-4:]


def near_number(world: World, order: Order) -> None:
    """The gateway's number is one slip apart from the order's; amount and day agree."""
    order.paid = order.amount = world.lone_amount(5_001, 90_000)
    move = pay(world, order)
    order.payment = ""
    move.order = _digits_swapped(world, order)
    owned = 2 + (move.fee != 0)
    world.finds("suggested", "near_number", (order.paid, order.paid), [order], [move], owned=owned)


def three_for_two(world: World, order: Order) -> None:
    """Three orders of one amount on one day, two payments without a number."""
    amount = world.lone_amount(100_001, 2_000_000)
    orders, moves = [], []
    for count in range(3):
        one = order
        if count:
            one = new_order(world, order.shop, order.created + 60 * count, world.number() + 10**6)
        one.paid = one.amount = amount
        orders.append(one)
        if count < 2:
            move = pay(world, one)
            move.order = ""
            moves.append(move)
        one.payment, one.method = "", "银行卡"
    sums = (3 * amount, 2 * amount)
    found = ("ambiguous", "three_for_two", sums, orders, moves)
    world.finds(*found, cause="equal_amounts", owned=5 + sum(move.fee != 0 for move in moves))
