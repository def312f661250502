"""What a generated month is made of: shops, wallets, orders, movements, and what must be found in them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from tests.benchmarks.months.dice import DAY, Dice, share

ORDERS, PAYOUT, BANK, BOOKS, FILE = "order-gateway", "payout", "gateway-bank", "trade-cash", "file"
LEAD_DAYS = 12
#: Planted orders are due, and covered, by the last day; a month before it nothing is older than thirty days.
SAFE_BEFORE_END = 7
REFS = ("order", "payment", "refund", "batch")


@dataclass(frozen=True)
class Month:
    """first: the first day of the files, in the month before. start, last: first and last day of the month itself."""

    first: int
    start: int
    last: int

    @classmethod
    def named(cls, text: str) -> Month:
        """The month `2026-10`."""
        start = date.fromisoformat(f"{text}-01")
        after = date(start.year + start.month // 12, start.month % 12 + 1, 1)
        return cls(start.toordinal() - LEAD_DAYS, start.toordinal(), after.toordinal() - 1)

    @property
    def end(self) -> int:
        """The last second that the files cover."""
        return (self.last + 1) * DAY - 1

    def same_side(self, one: int, other: int) -> bool:
        """Tell whether two moments lie on the same side of the month's beginning."""
        return (one < self.start * DAY) == (other < self.start * DAY)


@dataclass(eq=False)
class Wallet:
    """A gateway account. Fee = amount * rate / 10,000 + fixed, half up; `returned`: it comes back with a refund.

    kind: wechat, alipay (own shop), taobao (an Alipay account of a Taobao shop), douyin, generic. books: which bills
    it has, `trade` and `cash`.
    """

    key: str
    kind: str
    account: str
    rate: int = 60
    fixed: int = 0
    returned: bool = False
    currency: str = "CNY"
    books: tuple[str, ...] = ("cash",)
    payer: str = ""

    def fee(self, amount: int) -> int:
        """What a payment costs, as a magnitude."""
        return share(amount, self.rate, 10_000) + self.fixed


@dataclass(eq=False)
class Shop:
    """A shop, where its money goes first, and how its file is called."""

    key: str
    name: str
    wallets: tuple[Wallet, ...]
    currency: str = "CNY"
    prefix: str = ""


@dataclass(eq=False)
class Order:
    """An order as it went and as its list shows it; moments of 0 are never, amounts are minor units above zero.

    state: unpaid, closed, or empty (by its dates). paid: what the buyer pays; amount: before the shop's coupon.
    released: what a platform releases (below zero: not filled). after: Douyin's after-sale state.
    """

    shop: Shop
    number: str
    created: int
    paid_at: int
    paid: int
    amount: int
    payment: str = ""
    shipped: int = 0
    done: int = 0
    state: str = ""
    refund: int = 0
    refund_at: int = 0
    method: str = ""
    listed: bool = True
    released: int = -1
    freight: int = 0
    platform: int = 0
    influencer: int = 0
    after: str = ""
    sub: str = ""


@dataclass(eq=False)
class Move:
    """A movement of a wallet: ledger signs, minor units. kind: payment, refund, dispute, payout, failed.

    trade, cash: in which bills it stands. cash_amount, cash_fee: what the cash bill prints instead. net: what the row
    prints as net instead. platform, influencer: subsidies of a Douyin row. commission: apart from the fee (Taobao).
    """

    wallet: Wallet
    kind: str
    at: int
    amount: int
    fee: int = 0
    order: str = ""
    payment: str = ""
    refund: str = ""
    batch: str = ""
    trade: bool = True
    cash: bool = True
    cash_amount: int | None = None
    cash_fee: int | None = None
    net: int | None = None
    memo: str = ""
    platform: int = 0
    influencer: int = 0
    commission: int = 0
    sub: str = ""
    line: str = ""
    back: bool = False

    def sum(self) -> int:
        """By how much the balance moves."""
        return self.amount + self.fee + self.commission + self.platform + self.influencer


@dataclass(eq=False)
class Planted:
    """One finding that a run must make; its references are read when all numbers stand.

    orders, moves: whose references it has, or None: not judged (findings that own nothing and show many rows).
    cause: None where the guide does not fix it. owned: how many entries it owns, None where not judged. label: what was
    planted, in words of the generator. account, day: of the latest movement, else of the order.
    """

    code: str
    leg: str
    expected: int
    actual: int
    currency: str
    account: str
    day: int
    label: str
    orders: tuple[Order, ...] | None = None
    moves: tuple[Move, ...] = ()
    cause: str | None = None
    owned: int | None = None

    def refs(self) -> dict[str, tuple[str, ...]] | None:
        """The four reference columns: sorted values without repeats."""
        return None if self.orders is None else references(self.orders, self.moves)


@dataclass(eq=False)
class World:
    """All that is put into one folder, and its truth."""

    month: Month
    dice: Dice
    orders: dict[str, list[Order]] = field(default_factory=lambda: defaultdict(list))
    moves: dict[str, list[Move]] = field(default_factory=lambda: defaultdict(list))
    truth: list[Planted] = field(default_factory=list)
    taken: set[int] = field(default_factory=set)
    serial: int = 0
    bank: dict[str, list[tuple[int, int, str, str, str, str]]] = field(default_factory=lambda: defaultdict(list))

    def number(self) -> int:
        """The next running number."""
        self.serial += 1
        return self.serial

    def lone_amount(self, low: int, high: int, step: int = 1) -> int:
        """An amount between two, a multiple of `step`, that was not given out before."""
        for _ in range(10_000):
            amount = self.dice.between(low // step, high // step) * step
            if amount not in self.taken:
                self.taken.add(amount)
                return amount
        raise ValueError(f"no amount left between {low} and {high}")

    def add(self, move: Move) -> Move:
        """Put a movement on its wallet."""
        self.moves[move.wallet.key].append(move)
        return move

    def finds(
        self,
        code: str,
        label: str,
        sums: tuple[int, int],
        orders: Iterable[Order] = (),
        moves: Iterable[Move] = (),
        *,
        leg: str = ORDERS,
        cause: str | None = None,
        owned: int | None = None,
    ) -> None:
        """Note a finding on rows of orders and wallets: `sums` are expected and actual."""
        orders, moves = tuple(orders), tuple(moves)
        if moves:
            last = max(moves, key=lambda move: move.at)
            wallet, day = last.wallet, last.at // DAY
        else:
            wallet, day = orders[0].shop.wallets[0], orders[0].paid_at // DAY
        found = Planted(code, leg, *sums, wallet.currency, wallet.account, day, label, orders, moves, cause, owned)
        self.truth.append(found)


def references(orders: Iterable[Order], moves: Iterable[Move]) -> dict[str, tuple[str, ...]]:
    """The reference columns of a finding that owns these rows."""
    found: dict[str, set[str]] = {name: set() for name in REFS}
    for order in orders:
        found["order"].add(order.number)
        found["payment"].add(order.payment)
    for move in moves:
        found["order"].add(move.order)
        found["payment"].add(move.payment)
        found["refund"].add(move.refund)
        found["batch"].add(move.batch)
    return {name: tuple(sorted(values - {""})) for name, values in found.items()}
