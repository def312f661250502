"""A Tmall company with two shops: order reports, two Alipay accounts, two bank accounts (the bank: ICBC).

Money comes after receipt (escrow), the base fee is 0.6 % and the commission 5 % of each payment, both half up per row.
Orders run from 2026-09-10 to 2026-10-31; the bank statement ends on 10-29.
"""

from pathlib import Path
from typing import Final

import numpy as np

from recon.samples import alipay, house
from recon.samples.alipay import Lines
from recon.samples.columns import Times, number
from recon.samples.dice import Dice, Ints
from recon.samples.payouts import Amounts, Payer, Payout, Plan, arrivals, cutoff, draw, judge
from recon.samples.statement import write_icbc
from recon.samples.taobao_orders import Shop, write_orders
from recon.samples.taobao_trade import Role, Trade
from recon.samples.taobao_truth import (
    AGAIN,
    GOODWILL,
    OVERCHARGE,
    judge_payments,
    judge_refunds,
    judge_settlement,
    texts,
    wait,
)
from recon.samples.truth import ORDERS, Finding, Truth

MONTHS: Final = ("2026-09", "2026-10")
OPENING: Final = (3_000_000, 2_000_000)
BANK_OPENING: Final = 8_000_000
BANK: Final = "1202021209900123456"
PARTNERS: Final = ("2088110000000011", "2088220000000022")
SHOPS: Final = (Shop("70010001", "云杉家居旗舰店"), Shop("70010002", "云杉数码专营店", "元"))
PAYER: Final = Payer("支付宝（中国）网络技术有限公司客户备付金", "代付", "提现", "2088000000000001")

PLANS: Final = (
    Plan("2026-09-11", "2026-09-11"),
    Plan("2026-09-14", "2026-09-15"),
    Plan("2026-09-17", "2026-09-18", "short", severity="high"),  # more than 30 days old: one step up
    Plan("2026-09-22", "2026-09-23"),
    Plan("2026-09-24", "2026-09-29"),  # holiday 09-25 to 09-27: the third working day is 09-30
    Plan("2026-09-30", "2026-10-08"),  # holiday 10-01 to 10-07, working Saturday 10-10
    Plan("2026-10-09", "2026-10-10"),
    Plan("2026-10-12", "2026-10-19", "late"),
    Plan("2026-10-13", "", "missing"),
    Plan("2026-10-14", "", "first"),
    Plan("2026-10-15", "2026-10-16", "twin"),
    Plan("2026-10-20", "2026-10-21", "stranger"),
    Plan("2026-10-22", "2026-10-23"),
    Plan("2026-10-26", "2026-10-27"),
    Plan("2026-10-27", "", "beyond", due="2026-10-30"),
    Plan("2026-10-30", "", "inside", due="2026-11-04"),
)
SECOND_PLANS: Final = (Plan("2026-09-28", "2026-09-29"), Plan("2026-10-20", "2026-10-20"))


_REFUNDED: Final = (
    Role.REFUND_PART, Role.REFUND_ALL, Role.REFUND_TWICE, Role.REFUND_RETRIED, Role.REFUND_OVER, Role.GOODWILL,
    Role.REFUND_UNASKED,
)  # fmt: skip


class Wallets:
    """What happens on the two Alipay accounts."""

    def __init__(self) -> None:
        self._parts: tuple[list[Lines], list[Lines]] = ([], [])

    def add(self, account: int, lines: Lines) -> None:
        """Put movements on an account."""
        self._parts[account].append(lines)

    def pay(self, account: int, at: Times, amount: Ints, order: Ints, trade_day: Times, trade: Ints) -> None:
        """Payments with their commission and base fee in the same minute, each on a row of its own."""
        self.bare(account, alipay.PAYMENT, at, amount, order, trade_day, trade)
        second = np.timedelta64(1, "s")
        self.bare(account, alipay.COMMISSION, at + second, -commission(amount), order, trade_day, trade)
        self.bare(account, alipay.SERVICE, at + 2 * second, -base_fee(amount), order, trade_day, trade)

    def bare(
        self, account: int, kind: int, at: Times, amount: Ints, order: Ints, trade_day: Times, trade: Ints
    ) -> None:
        """Rows of one kind."""
        self.add(account, Lines(at, np.full(len(amount), kind, dtype=np.int64), amount, order, trade_day, trade))

    def lines(self, account: int) -> Lines:
        """All rows of an account by time."""
        return alipay.together(self._parts[account])


def base_fee(amount: Ints) -> Ints:
    """0.6 %, half up."""
    return (amount * 6 + 500) // 1000


def commission(amount: Ints) -> Ints:
    """5 %, half up."""
    return (amount * 5 + 50) // 100


def pay_orders(trade: Trade, wallets: Wallets) -> None:
    """Put the money of the orders on the accounts of their shops, with what is wrong with it."""
    account = np.where(trade.role == Role.ELSEWHERE, 1 - trade.shop, trade.shop)
    bare = np.isin(trade.role, (Role.PART_PAID, Role.OLDER, Role.FEE_WRONG))
    at, amount = trade.money_at, trade.received_amount
    for wallet in (0, 1):
        rows = np.flatnonzero(trade.money & ~bare & (account == wallet))
        wallets.pay(wallet, at[rows], amount[rows], trade.order[rows], trade.paid_at[rows], trade.trade[rows])
    rows = np.flatnonzero(trade.money & bare)
    names = (trade.order[rows], trade.paid_at[rows], trade.trade[rows])
    wallets.bare(0, alipay.PAYMENT, at[rows], amount[rows], *names)
    pay_again(trade, wallets)
    charge_wrongly(trade, wallets)


def pay_again(trade: Trade, wallets: Wallets) -> None:
    """Settle orders a second time, under a second trade number: within the hour, or three hours later."""
    for role, minutes in ((Role.TWICE, 180), (Role.RETRIED, 10)):
        rows = trade.chosen(role)
        at = trade.money_at[rows] + np.timedelta64(minutes, "m")
        wallets.pay(0, at, trade.paid[rows], trade.order[rows], trade.paid_at[rows], trade.trade[rows] + AGAIN)


def charge_wrongly(trade: Trade, wallets: Wallets) -> None:
    """Take 0.35 too much as base fee."""
    rows = trade.chosen(Role.FEE_WRONG)
    at, order, amount = trade.money_at[rows], trade.order[rows], trade.paid[rows]
    names = (order, trade.paid_at[rows], trade.trade[rows])
    second = np.timedelta64(1, "s")
    wallets.bare(0, alipay.COMMISSION, at + second, -commission(amount), *names)
    wallets.bare(0, alipay.SERVICE, at + 2 * second, -base_fee(amount) - OVERCHARGE, *names)


def refund_orders(trade: Trade, wallets: Wallets) -> None:
    """Pay refunds after receipt, 0 to 3 days later but inside the month of the receipt."""
    paid, amount = np.isin(trade.role, _REFUNDED) & trade.received, trade.refund_amount
    for wallet in (0, 1):
        give_back(trade, wallets, wallet, np.flatnonzero(paid & (trade.shop == wallet)), amount, 0)
    give_back(trade, wallets, 0, trade.chosen(Role.REFUND_TWICE), amount, 190)
    give_back(trade, wallets, 0, trade.chosen(Role.REFUND_RETRIED), amount, 10)
    give_back(trade, wallets, 0, trade.chosen(Role.GOODWILL), np.full_like(amount, GOODWILL), 120)


def give_back(trade: Trade, wallets: Wallets, wallet: int, rows: Ints, amount: Ints, minutes: int) -> None:
    """Refund rows, some minutes after the time that the orders' refund has."""
    at = trade.refund_at[rows] + np.timedelta64(minutes, "m")
    names = (trade.order[rows], trade.paid_at[rows], trade.trade[rows])
    wallets.bare(wallet, alipay.REFUND, at, -amount[rows], *names)


def strangers(trade: Trade, wallets: Wallets, truth: Truth, dice: Dice) -> None:
    """Payments and refunds whose order is in no file; their numbers lie between listed ones."""
    count = max(1, len(trade.order) // 1000)
    listed = np.sort(trade.order)
    for refunds in (False, True):
        order = listed[dice.between(len(listed) // 3, len(listed) // 2, count)] + (500_003 if refunds else 400_009)
        order = np.unique(order)
        size = len(order)
        day = np.datetime64("2026-10-09", "D") + dice.between(0, 14, size).astype("timedelta64[D]")
        at = day.astype("datetime64[s]") + np.timedelta64(15, "h")
        amount = dice.between(20, 300, size) * 100 + 37
        serial = 800_000_000_000_000 + refunds * 10**13 + np.arange(size, dtype=np.int64) * 90_011
        refs = zip(amount.tolist(), texts(number(order)), texts(alipay.trade_number(at, serial)), strict=True)
        if refunds:
            wallets.bare(0, alipay.REFUND, at, -amount, order, at, serial)
            found = (Finding("unknown_refund", ORDERS, "low", 0, -a, (o,), (t,)) for a, o, t in refs)
        else:
            wallets.pay(0, at, amount, order, at, serial)
            code, why = "unknown_payment", "lost_callback"
            found = (Finding(code, ORDERS, "high", 0, a, (o,), (t,), cause=why) for a, o, t in refs)
        truth.finds(*found)


def write_accounts(inbox: Path, wallets: Wallets, truth: Truth, dice: Dice) -> list[Payout]:
    """Withdraw from both accounts and write their bills, a zip a month; returns all withdrawals."""
    free, made = Amounts(), []
    for account, plans in enumerate((PLANS, SECOND_PLANS)):
        lines = wallets.lines(account)
        opening = OPENING[account]
        payouts = draw(plans, lines.at, lines.amount, opening, prefix=alipay.PREFIX, free=free, dice=dice)
        judge(payouts, truth, "payment_ref")
        whole = alipay.together([lines, alipay.payout_lines(payouts)])
        for month in MONTHS:
            rows = whole.at.astype("datetime64[M]") == np.datetime64(month, "M")
            opening = alipay.write_month(inbox, PARTNERS[account], month, whole.take(rows), opening)
        made += payouts
    cutoff(made, truth, MONTHS[0], "payment_ref")
    return made


def write(seed: int, count: int, folder: Path) -> None:
    """Write the case."""
    dice, truth, inbox = Dice(seed), Truth(), folder / "inbox"
    trade, wallets = Trade(count, dice), Wallets()
    pay_orders(trade, wallets)
    refund_orders(trade, wallets)
    strangers(trade, wallets, truth, dice)
    judge_payments(trade, truth)
    judge_refunds(trade, truth)
    judge_settlement(trade, truth)
    wait(trade, truth)
    payouts = write_accounts(inbox, wallets, truth, dice)
    rows = house.known_rows(dice) + house.unknown_rows(PAYER, dice, truth)
    rows += arrivals(payouts, PAYER, house.STRANGER)
    write_icbc(inbox / "historydetail3456.csv", BANK, BANK_OPENING, rows)
    house.write_holed_account(inbox, truth)
    orders = trade.orders()
    by_time = orders.take(np.argsort(trade.order, kind="stable"))
    for position, shop in enumerate(SHOPS):
        write_orders(inbox / f"ExportOrderList{shop.number}.csv", shop, by_time.take(by_time.shop == position))
    truth.write(folder)
