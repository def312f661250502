"""Files that do not foot, days in no file, two numberings, a rate that moved: each on an account of its own."""

from __future__ import annotations

from pathlib import Path

from tests.benchmarks.months.dice import DAY, HOUR, day_text, share
from tests.benchmarks.months.own_shop import new_order, pay
from tests.benchmarks.months.plan import FILE, ORDERS, Move, Planted, Shop, Wallet, World
from tests.benchmarks.months.writers import (
    BankRow,
    write_alipay,
    write_fund_bill,
    write_gateway,
    write_icbc,
    write_list,
    write_trade_bill,
)

CUT = Shop(
    "cut", "云栖直播间", (Wallet("cut", "wechat", "1900000307", returned=True, books=("trade", "cash")),), prefix="ZB"
)
EDITED = Shop("edited", "云栖旧店", (Wallet("edited", "alipay", "2088440000000044"),), prefix="JD8")
HOLED = Shop("holed", "云栖分店", (Wallet("holed", "alipay", "2088550000000055"),), prefix="FD")
TWO_NUMBERS = Shop("two_numbers", "云栖团购", (Wallet("two_numbers", "generic", "88003003", rate=38),), prefix="TG")
MOVED = Shop("moved", "云栖外卖", (Wallet("moved", "generic", "88004004", rate=38),), prefix="WM")
SHOPS = (CUT, EDITED, HOLED, TWO_NUMBERS, MOVED)
ORDERS_EACH = 90


def _finds(
    world: World, code: str, label: str, sums: tuple[int, int], account: str, day: int, cause: str | None
) -> None:
    leg = ORDERS if code in {"wrong_key", "fee_mismatch"} else FILE
    world.truth.append(Planted(code, leg, *sums, "CNY", account, day, label, None, (), cause, 0))


def add(world: World, folder: Path, faults: bool) -> None:
    """Write the accounts; without faults they are the same, whole."""
    _cut_bill(world, folder, faults)
    _edited_footer(world, folder, faults)
    _holed_wallet(world, folder, faults)
    _numbers(world, folder, faults)
    _moved_rate(world, folder, faults)
    _banks(world, folder, faults)


def _ordered(world: World, shop: Shop) -> list[Move]:
    """Plain orders of a shop, paid at once."""
    month, dice = world.month, world.dice
    days = month.last - month.first + 1
    for place in range(ORDERS_EACH):
        created = (month.first + place * days // ORDERS_EACH) * DAY + 9 * HOUR + dice.between(0, 12 * HOUR)
        pay(world, new_order(world, shop, created, place + 1))
    return sorted(world.moves[shop.wallets[0].key], key=lambda move: move.at)


def _cut_bill(world: World, folder: Path, faults: bool) -> None:
    """A trade bill a day; one lacks a row of its own totals."""
    moves = _ordered(world, CUT)
    broken = world.month.start + 9
    for day in range(world.month.first, world.month.last + 1):
        rows = [m for m in moves if m.at // DAY == day]
        kept = rows[1:] if faults and day == broken else rows
        write_trade_bill(folder / f"{CUT.wallets[0].account}All{day_text(day)}.csv", kept, footer=rows)
        if len(kept) < len(rows):
            sums = (sum(m.amount for m in rows), sum(m.amount for m in kept))
            _finds(world, "control_total", "row_cut", sums, CUT.wallets[0].account, day, "file_cut")
    write_fund_bill(folder / "fundflow-zb.csv", moves, 10_000_000)


def _edited_footer(world: World, folder: Path, faults: bool) -> None:
    moves, month = _ordered(world, EDITED), world.month
    account, edit = EDITED.wallets[0].account, 10_000 if faults else 0
    balance = write_alipay(
        folder / f"{account}_1.csv", account, _upto(moves, month.start), (month.first, month.start - 1), 5_000_000
    )
    later = moves[len(_upto(moves, month.start)) :]
    write_alipay(folder / f"{account}_2.csv", account, later, (month.start, month.last), balance, edit)
    if faults:
        income = sum(m.amount for m in later)
        _finds(world, "control_total", "footer_edited", (income + edit, income), account, month.start, "file_edited")


def _upto(moves: list[Move], day: int) -> list[Move]:
    return [m for m in moves if m.at < day * DAY]


def _holed_wallet(world: World, folder: Path, faults: bool) -> None:
    """Two files with stated days; the six days between them are in no file."""
    moves, month = _ordered(world, HOLED), world.month
    account, last, first = HOLED.wallets[0].account, month.start + 8, month.start + 15
    if not faults:
        last = first - 1
    before, after = _upto(moves, last + 1), [m for m in moves if m.at >= first * DAY]
    closing = write_alipay(folder / f"{account}_1.csv", account, before, (month.first, last), 7_000_000)
    opening = closing + sum(m.sum() for m in moves[len(before) : len(moves) - len(after)])
    write_alipay(folder / f"{account}_2.csv", account, after, (first, month.last), opening)
    if faults:
        _finds(world, "missing_file", "wallet_days", (closing, opening), account, last + 1, None)


def _numbers(world: World, folder: Path, faults: bool) -> None:
    """The gateway prints numbers of its own in place of the shop's."""
    moves, orders = _ordered(world, TWO_NUMBERS), world.orders[TWO_NUMBERS.key]
    if faults:
        for move in moves:
            move.order = f"MP{(int(move.order[2:]) * 7_777_777) % 10**12:012d}"
        for order in orders:
            order.payment = ""
        sums = (sum(o.paid for o in orders), sum(m.amount for m in moves))
        _finds(world, "wrong_key", "two_numbers", sums, TWO_NUMBERS.wallets[0].account, world.month.start, None)
    write_gateway(folder / "团购流水.csv", moves)


def _moved_rate(world: World, folder: Path, faults: bool) -> None:
    """0.38 % up to a day, 0.60 % from it on; nothing configured says so."""
    moves, moved = _ordered(world, MOVED), world.month.start + 6
    since = [m for m in moves if m.at >= moved * DAY]
    if faults:
        due = sum(m.fee for m in since)
        for move in since:
            move.fee = -share(move.amount, 60, 10_000)
        sums = (due, sum(m.fee for m in since))
        _finds(world, "fee_mismatch", "rate_moved", sums, MOVED.wallets[0].account, moved, "rate_moved")
    write_gateway(folder / "外卖流水.csv", moves)


def _bank_rows(world: World) -> list[BankRow]:
    month, dice = world.month, world.dice
    days = range(month.first, month.last + 1, 2)
    rows = [(day * DAY + 16 * HOUR, -dice.between(100, 900) * 5, "", "手续费", "账户管理费手续费", "") for day in days]
    return [*rows, (month.last * DAY + 17 * HOUR, -1_000, "", "手续费", "账户管理费手续费", "")]


def _banks(world: World, folder: Path, faults: bool) -> None:
    """Three bank accounts: a hole with a jump, one balance wrong, a jump inside a file."""
    month, opening = world.month, 20_000_000
    rows, account = _bank_rows(world), "1202021209900765432"
    last, first = month.start + 7, month.start + 14
    before, after = [r for r in rows if r[0] < last * DAY], [r for r in rows if r[0] >= first * DAY]
    between = [] if faults else [r for r in rows if last * DAY <= r[0] < first * DAY]
    closing = write_icbc(folder / "icbc5432-1.csv", account, [*before, *between], opening)
    start = closing - (88_000 if faults else 0)
    write_icbc(folder / "icbc5432-2.csv", account, after, start)
    if faults:
        _finds(world, "missing_file", "bank_days", (closing, start), account, last, "rows_missing")
    for name, jump in (("1202021209900111222", False), ("1202021209900333444", True)):
        rows = _bank_rows(world)
        place = len(rows) // 2
        wrong = range(place, len(rows)) if jump else [place]
        broken = dict.fromkeys(wrong, -20_000) if faults else {}
        write_icbc(folder / f"icbc{name[-4:]}.csv", name, rows, opening, broken)
        if faults:
            right = opening + sum(r[1] for r in rows[: place + 1])
            cause = "rows_missing" if jump else "file_edited"
            label = "jump" if jump else "one_balance"
            _finds(world, "balance_break", label, (right, right - 20_000), name, rows[place][0] // DAY, cause)


def write_lists(folder: Path, world: World) -> None:
    """The lists of these shops."""
    for shop in SHOPS:
        write_list(folder / f"orders-{shop.key}.csv", world.orders[shop.key])
