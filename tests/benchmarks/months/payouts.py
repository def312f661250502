"""Withdrawals and their credits at the bank: by hand, by batch number, by the day; and what goes wrong with them."""

from __future__ import annotations

from collections import defaultdict

from tests.benchmarks.months.dice import DAY, HOUR, compact, day_text, share, working_days
from tests.benchmarks.months.own_books import RATE
from tests.benchmarks.months.plan import BANK, PAYOUT, Move, Planted, Wallet, World

PAYERS = {
    "wechat": ("财付通支付科技有限公司客户备付金", "微信支付提现", "提现"),
    "alipay": ("支付宝（中国）网络技术有限公司客户备付金", "代付", "提现"),
    "douyin": ("武汉合众易宝科技有限公司", "提现", "合众易宝"),
}
STRANGER = "上海沐辰商贸有限公司"
#: A special and the working days that it has for itself.
SPECIALS = {"missing": 5, "short": 5, "twins": 6, "stranger": 5, "late": 7, "credit": 5, "returned": 6}
SHORT = 500


def withdraw(world: World, wallet: Wallet, day: int, amount: int) -> Move:
    """A withdrawal on a day, with the wallet's own kind of number."""
    serial = world.number()
    if wallet.kind == "wechat":
        refs = {"batch": f"1010000001{compact(day)}{serial:08d}"}
    elif wallet.kind == "alipay":
        refs = {"payment": f"{compact(day)}22001{700_000_000_000_000 + serial:015d}"}
    else:
        refs = {"batch": f"{compact(day)}{10**9 + serial:010d}"}
    return world.add(Move(wallet, "payout", day * DAY + 9 * HOUR + world.dice.between(0, HOUR), -amount, **refs))


def credit(world: World, bank: str, wallet: Wallet, day: int, amount: int) -> None:
    """Its credit, in the payer's usual words."""
    name, summary, remark = PAYERS[wallet.kind]
    at = day * DAY + 10 * HOUR + world.dice.between(0, HOUR)
    world.bank[bank].append((at, amount, name, summary, remark, ""))


def by_hand(world: World, bank: str, wallet: Wallet, specials: list[str]) -> None:
    """Withdraw every second working day; a special has its days for itself. No withdrawal on the last four."""
    month, dice = world.month, world.dice
    days = working_days(month.first + 1, month.last)
    before = [day for day in days if day < month.start]
    crossing = before[-1]
    days = [day for day in days if day > crossing]
    pair(world, bank, wallet, crossing, days[0])
    place, waiting = 2, list(specials)
    while place + 4 < len(days):
        size = SPECIALS[waiting[0]] if waiting else 2
        if place + size >= len(days):
            break
        if waiting and dice.chance(600):
            special(world, bank, wallet, waiting.pop(0), days[place : place + size])
            place += size
        else:
            pair(world, bank, wallet, days[place], days[place + 1])
            place += 2


def pair(world: World, bank: str, wallet: Wallet, day: int, arrives: int) -> None:
    """A withdrawal and its credit; over the month's beginning it is a cut-off."""
    amount = world.lone_amount(500_000, 6_000_000)
    move = withdraw(world, wallet, day, amount)
    credit(world, bank, wallet, arrives, amount)
    if day < world.month.start <= arrives:
        found = ("cutoff", "over_the_month", (amount, amount), [], [move])
        world.finds(*found, leg=BANK, cause="settlement_delay", owned=0)


def special(world: World, bank: str, wallet: Wallet, name: str, days: list[int]) -> None:
    """One withdrawal that goes wrong, or a credit that nobody withdrew."""
    amount = world.lone_amount(500_000, 6_000_000)
    if name == "credit":
        unknown(world, bank, PAYERS[wallet.kind], days[3], amount, "channel_credit")
        return
    moves = [withdraw(world, wallet, days[0], amount)]
    if name == "returned":  # everyday: it comes back under its number, and is made again
        at = days[2] * DAY + 10 * HOUR
        world.add(Move(wallet, "payout", at, amount, batch=moves[0].batch))
        withdraw(world, wallet, days[3], amount)
        credit(world, bank, wallet, days[4], amount)
    elif name == "missing":
        world.finds("missing_payout", name, (amount, 0), [], moves, leg=BANK, owned=1)
    elif name == "short":
        credit(world, bank, wallet, days[1], amount - SHORT)
        world.finds("payout_mismatch", name, (amount, amount - SHORT), [], moves, leg=BANK, owned=2)
    elif name == "late":
        credit(world, bank, wallet, days[5], amount)
        world.finds("late_settlement", name, (amount, amount), [], moves, leg=BANK)
    elif name == "twins":
        moves.append(withdraw(world, wallet, days[1], amount))
        credit(world, bank, wallet, days[2], amount)
        found = ("ambiguous", name, (2 * amount, amount), [], moves)
        world.finds(*found, leg=BANK, cause="equal_amounts", owned=3)
    else:
        world.bank[bank].append((days[1] * DAY + 11 * HOUR, amount, STRANGER, "汇入", "货款", ""))
        world.finds("suggested", name, (amount, amount), [], moves, leg=BANK, owned=2)


def unknown(
    world: World, bank: str, text: tuple[str, str, str], day: int, amount: int, label: str, cause: str | None = None
) -> None:
    """A row of the bank that nothing explains."""
    world.bank[bank].append((day * DAY + 14 * HOUR, amount, *text, ""))
    code = "unknown_receipt" if amount > 0 else "unknown_debit"
    world.truth.append(Planted(code, BANK, 0, amount, "CNY", bank, day, label, (), (), cause, 1))


def by_batch(
    world: World, bank: str, wallet: Wallet, specials: list[str], *, english: bool = False, converted: bool = False
) -> None:
    """Pay the rows since the last payout out every third working day; the bank prints the payout's number."""
    month = world.month
    moves = sorted((m for m in world.moves[wallet.key] if m.kind != "failed"), key=lambda m: m.at)
    days = working_days(month.first + 1, month.last - 8)
    stops = days[2::3]
    waiting = list(specials)
    start = 0
    for stop in stops:
        end = next((i for i in range(start, len(moves)) if moves[i].at >= stop * DAY), len(moves))
        lines = moves[start:end]
        foot = sum(m.sum() for m in lines)
        if foot <= 10_000:
            continue
        start = end
        serial = world.number()
        number = f"po_{serial * 7_919 + 36**6:011d}" if english else f"S{compact(stop)}{serial:06d}"
        for line in lines:
            line.batch = number
        payout = Move(wallet, "payout", stop * DAY + 8 * HOUR, -foot, batch=number)
        arrives = [d for d in working_days(stop, month.last) if d > stop]
        name = waiting.pop(0) if waiting and stop > month.start and len(arrives) > 5 else ""
        _settle(world, bank, payout, lines, name, arrives, converted)
        world.add(payout)


def _settle(
    world: World, bank: str, payout: Move, lines: list[Move], name: str, arrives: list[int], converted: bool
) -> None:
    foot, wallet = -payout.amount, payout.wallet
    if name == "gap":
        line = next(m for m in lines if m.kind == "payment" and m.sum() < foot)
        payout.amount = -(foot - line.sum())
        found = ("settlement_gap", name, (foot, -payout.amount), [], [payout, *lines])
        world.finds(*found, leg=PAYOUT, cause="lines_missing")
    received = share(-payout.amount, *RATE) if converted else -payout.amount
    due = received
    if name == "missing":
        world.finds("missing_payout", "missing_batch", (-payout.amount, 0), [], [payout], leg=BANK, owned=1)
        return
    if name == "short":
        received -= 1_200
        world.finds("payout_mismatch", "short_batch", (due, received), [], [payout], leg=BANK, owned=2)
    if name == "rate":
        received -= share(received, 2, 1_000)
        world.finds("fx_difference", "converted_payout", (due, received), [], [payout], leg=BANK, owned=2)
        world.truth[-1].currency = "CNY"
    day = arrives[0]
    if name == "late":
        day = arrives[5]
        world.finds("late_settlement", "late_batch", (received, received), [], [payout], leg=BANK)
    if payout.at // DAY < world.month.start <= day:
        found = ("cutoff", "over_the_month", (received, received), [], [payout])
        world.finds(*found, leg=BANK, owned=0)
    party = "STRIPE" if wallet.currency == "USD" else "杭州汇付天下支付有限公司"
    at = day * DAY + 10 * HOUR + world.dice.between(0, HOUR)
    world.bank[bank].append(
        (at, received, party, "TRANSFER" if wallet.currency == "USD" else "结算款", "", payout.batch)
    )


def by_day(world: World, bank: str, wallet: Wallet, specials: list[str]) -> None:
    """Each day's foot comes on the next calendar day under a text that names the day and the number."""
    month = world.month
    per_day: dict[int, list[Move]] = defaultdict(list)
    for move in world.moves[wallet.key]:
        per_day[move.at // DAY].append(move)
    waiting = list(specials)
    name, _, _ = PAYERS["wechat"]
    for day in sorted(per_day):
        if day == month.last:
            continue
        lines = per_day[day]
        foot = sum(m.sum() for m in lines)
        received = foot
        if waiting and month.start + 3 < day < month.last - 5 and day % 3 == 0:
            special_name = waiting.pop(0)
            received = 0 if special_name == "missing" else foot - 1_313
            code = "missing_payout" if special_name == "missing" else "payout_mismatch"
            world.finds(code, f"{special_name}_day", (foot, received), [], lines, leg=BANK)
        if day + 1 == month.start:
            world.finds("cutoff", "day_over_the_month", (foot, foot), [], lines, leg=BANK, owned=0)
        if received:
            text = f"{day_text(day + 1)[5:].replace('-', '')}_{wallet.account}"
            world.bank[bank].append(((day + 1) * DAY + 7 * HOUR, received, name, "汇兑", text, ""))


def known(world: World, bank: str, *, english: bool = False) -> None:
    """Rows that their text explains, on the first and the last day of the statement too."""
    month = world.month
    if english:
        rows = [(month.first, -1_500, "", "SERVICE CHARGE", ""), (month.last, -1_500, "", "SERVICE CHARGE", "")]
    else:
        rows = [
            (month.first, -1_500, "", "手续费", "异地汇款手续费"),
            (month.last, -1_000, "", "手续费", "账户管理费手续费"),
            (month.start + 14, -1_204_411, "", "代发工资", "工资"), (month.start + 20, 4_321, "", "利息划入", "结息"),
            (month.start + 13, -203_377, "待报解预算收入", "实时缴税", "待报解预算收入"),
        ]  # fmt: skip
    for day, amount, party, summary, remark in rows:
        world.bank[bank].append((day * DAY + 16 * HOUR, amount, party, summary, remark, ""))


def strangers(world: World, bank: str) -> None:
    """Money of others: a customer, a supplier, a loan, an owner, and a debit in a channel's name."""
    dice, start = world.dice, world.month.start
    rows = [
        ("customer", 9, ("杭州云栖文创有限公司", "汇入", "样品款"), 1, None),
        ("supplier", 10, ("义乌市合诚包装有限公司", "汇出", "采购纸箱"), -1, None),
        ("loan", 11, ("中国工商银行杭州分行", "贷款发放", "流动资金贷款"), 1, "loan"),
        ("channel_debit", 16, (PAYERS["douyin"][0], "汇出", "付款"), -1, None),
    ]  # fmt: skip
    for label, offset, text, sign, cause in rows:
        amount = world.lone_amount(50_001, 400_001)
        unknown(world, bank, text, start + offset + dice.between(0, 1), sign * amount, label, cause)
