"""An own shop with two merchant numbers of WeChat Pay, its list of orders, and a bank without a layout of its own.

The first number has a trade bill and a fund bill, and is withdrawn from by hand. The second has a trade bill only:
each day is paid out on the next calendar day, under a text that names the day and the number. Fee 0.6 %, half up,
given back with refunds. Days run from 2026-09-21 to 2026-10-23; the bank statement ends on 10-22.
"""

from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from recon.samples import house
from recon.samples.columns import Times, number
from recon.samples.dice import Dice, Ints
from recon.samples.payouts import Amounts, Payer, Payout, Plan, arrivals, cutoff, draw, judge
from recon.samples.statement import BankRow, write_plain
from recon.samples.truth import Truth
from recon.samples.wechat_days import pay_out_days
from recon.samples.wechat_files import (
    FEE,
    FEE_BACK,
    PAYMENT,
    PAYOUT,
    REFUND,
    Bill,
    Fund,
    one_bill,
    one_fund,
    write_fund_bill,
    write_list,
    write_trade_bill,
)
from recon.samples.wechat_trade import DAY, FIRST, LAST, MONTH_END, NO_MONEY, NO_REFUND_ROW, Role, Trade
from recon.samples.wechat_truth import (
    BOOK_FEE,
    BOOK_GAP,
    GOODWILL,
    OVERCHARGE,
    SHORTFALL,
    SURPLUS,
    fee,
    judge_books,
    judge_payments,
    judge_refunds,
    wait,
)

MERCHANTS: Final = ("1900000109", "1900000208")
OPENING: Final = 2_000_000
BANK_OPENING: Final = 9_000_000
PAYER: Final = Payer("财付通支付科技有限公司客户备付金", "微信支付提现", "提现", "")
DAYS: Final = house.Days(
    first="2026-09-21",
    last="2026-10-22",
    interest="2026-09-22",
    tax="2026-10-14",
    paydays=("2026-09-23", "2026-10-15"),
    customer="2026-10-12",
    supplier="2026-10-13",
    channel_in="2026-09-29",
    channel_out="2026-10-16",
    hole=("2026-09-24", "2026-09-28"),
)
PLANS: Final = (
    Plan("2026-09-22", "2026-09-23"),
    Plan("2026-09-30", "2026-10-08"),  # holiday 10-01 to 10-07, working Saturday 10-10
    Plan("2026-10-08", "2026-10-14", "late"),
    Plan("2026-10-09", "2026-10-10"),
    Plan("2026-10-12", "", "missing"),
    Plan("2026-10-13", "", "first"),
    Plan("2026-10-14", "2026-10-15", "twin"),
    Plan("2026-10-15", "2026-10-16", "stranger"),
    Plan("2026-10-16", "", "returned"),
    Plan("2026-10-20", "2026-10-21", "again"),
    Plan("2026-10-22", "", "inside", due="2026-10-27"),
)


def payments(trade: Trade) -> Bill:
    """The payments of the orders as the trade bills print them, with what is wrong with them."""
    rows = np.flatnonzero(~np.isin(trade.role, NO_MONEY))
    role, amount, at = trade.role[rows], trade.paid[rows], trade.paid_at[rows] + np.timedelta64(3, "s")
    amount = np.where(role == Role.LESS, amount - SHORTFALL, np.where(role == Role.MORE, amount + SURPLUS, amount))
    at = np.where(role == Role.CUTOFF, trade.paid_at[rows] + np.timedelta64(5, "s"), at)
    at = np.where(role == Role.LATE, at + 3 * DAY, at)
    charged = fee(amount) + np.where(role == Role.FEE_WRONG, OVERCHARGE, 0)
    return bill(trade, rows, at, amount, charged)


def bill(trade: Trade, rows: Ints, at: Times, amount: Ints, charged: Ints, again: int = 0, refund: int = 0) -> Bill:
    """Rows of a trade bill for the orders at `rows`; `refund` counts the refunds of one order."""
    payment, refunds = trade.payment_numbers(rows, again), trade.refund_numbers(rows, refund)
    own = pc.binary_join_element_wise("5030270999", number(10**18 + rows * 10 + refund), "")
    return Bill(at, rows, amount, charged, trade.order_numbers(rows), payment, refunds, own)


def second_payments(trade: Trade) -> list[Bill]:
    """Orders that are paid twice: within the hour, or three hours later."""
    parts = []
    for role, minutes in ((Role.TWICE, 180), (Role.RETRIED, 10)):
        rows = trade.chosen(role)
        at = trade.paid_at[rows] + np.timedelta64(minutes, "m")
        parts.append(bill(trade, rows, at, trade.paid[rows], fee(trade.paid[rows]), again=1))
    return parts


def refunds(trade: Trade, dice: Dice) -> list[Bill]:
    """Refunds 0 to 3 days after the payment, inside its month; the second shop's on the day of the payment.

    The fee comes back with them, but never more than was charged.
    """
    lag = dice.between(0, 3, len(trade.role)) * (trade.shop == 0)
    day = trade.paid_at.astype("datetime64[D]")
    last = np.where(day <= MONTH_END, MONTH_END, LAST)
    at = trade.paid_at + (np.minimum(day + lag.astype("timedelta64[D]"), last) - day) + np.timedelta64(1, "h")
    unasked = trade.any(Role.REFUND_UNASKED, Role.UNLISTED_REFUND)
    amount = np.where(unasked, trade.paid * 2 // 5, trade.refund)
    amount = np.where(trade.role == Role.REFUND_OVER, amount + SURPLUS, amount)
    plain = np.flatnonzero((amount > 0) & ~trade.any(*NO_REFUND_ROW))
    back = fee(np.minimum(amount, trade.paid))
    parts = [bill(trade, plain, at[plain], -amount[plain], -back[plain])]
    for role, minutes in ((Role.REFUND_TWICE, 190), (Role.REFUND_RETRIED, 10), (Role.GOODWILL, 120)):
        rows = trade.chosen(role)
        again = np.full(len(rows), GOODWILL, dtype=np.int64) if role == Role.GOODWILL else amount[rows]
        left = back[rows] if role == Role.REFUND_TWICE else np.zeros(len(rows), dtype=np.int64)
        parts.append(bill(trade, rows, at[rows] + np.timedelta64(minutes, "m"), -again, -left, refund=1))
    return parts


def book(trade: Trade, rows: Bill) -> Fund:
    """The fund bill's rows for a trade bill's rows, with what the two books do not share; no row for a fee of 0.00."""
    role, back = trade.role[rows.place], rows.amount < 0
    known = role != Role.BOOK_MISSING
    amount = rows.amount - np.where(role == Role.BOOK_DIFFERS, BOOK_GAP, 0)
    charged = rows.fee + np.where(role == Role.BOOK_FEE, BOOK_FEE, 0)
    business = pc.if_else(pa.array(back), rows.refund_id, rows.payment)
    voucher = pc.if_else(pa.array(back), pc.binary_join_element_wise("REF", rows.payment, ""), rows.order)
    one = np.ones(len(back), dtype=np.int64)
    first = Fund(rows.at, np.where(back, REFUND, PAYMENT) * one, amount, business, voucher).take(known)
    kind = np.where(back, FEE_BACK, FEE) * one
    return one_fund([first, Fund(rows.at, kind, -charged, business, voucher).take(known & (charged != 0))])


def withdraw(payouts: list[Payout]) -> Fund:
    """The fund bill's rows of the withdrawals, and of the one that came back after three days."""
    back = [p for p in payouts if p.plan.role == "returned"]
    at = [p.at for p in payouts] + [p.at + 3 * DAY for p in back]
    amount = [-p.amount for p in payouts] + [p.amount for p in back]
    numbers = pa.array([p.number for p in [*payouts, *back]], pa.string())
    kind = np.full(len(at), PAYOUT, dtype=np.int64)
    whole = Fund(np.array(at, dtype="datetime64[s]"), kind, np.array(amount, dtype=np.int64), numbers, numbers)
    return whole.take(np.argsort(whole.at, kind="stable"))


def write_bills(inbox: Path, merchant: str, rows: Bill, *, single: bool) -> None:
    """Write trade bills: one file, or one for each day; for each month where some day has no row (and so no bill)."""
    day = rows.at.astype("datetime64[D]")
    units = day if len(np.unique(day)) == int((LAST - FIRST) / DAY) + 1 else rows.at.astype("datetime64[M]")
    if single:
        units = np.full(len(day), FIRST)
    for unit in np.unique(units):
        part = rows.take(units == unit)
        first, last = str(part.at[0])[:10], str(part.at[-1])[:10]
        write_trade_bill(inbox / f"{merchant}All{first}_{last}.csv", merchant, part)


def write_funds(inbox: Path, fund: Fund) -> None:
    """Write the fund bill of the first merchant number, a file a month."""
    balance = OPENING
    for month in ("2026-09", "2026-10"):
        part = fund.take(fund.at.astype("datetime64[M]") == np.datetime64(month, "M"))
        balance = write_fund_bill(inbox / f"fundflow-basic-{month}.csv", part, balance)


def write(seed: int, count: int, folder: Path) -> None:
    """Write the case."""
    dice, truth, inbox = Dice(seed), Truth(), folder / "inbox"
    trade = Trade(count, dice)
    whole = one_bill([payments(trade), *second_payments(trade), *refunds(trade, dice)])
    account = np.where(trade.role == Role.ELSEWHERE, 1 - trade.shop, trade.shop)[whole.place]
    first, second = whole.take(account == 0), whole.take(account == 1)
    judge_payments(trade, truth)
    judge_refunds(trade, truth)
    judge_books(trade, truth)
    wait(trade, truth)
    fund = book(trade, first)
    free = Amounts()
    payouts = draw(PLANS, fund.at, fund.amount, OPENING, prefix="1000", free=free, dice=dice)
    judge(payouts, truth, "batch_ref")
    cutoff(payouts, truth, "2026-09", "batch_ref")
    rows: list[BankRow] = house.known_rows(dice, DAYS) + house.unknown_rows(PAYER, dice, truth, DAYS)
    rows += arrivals(payouts, PAYER, house.STRANGER)
    rows += pay_out_days(second, MERCHANTS[1], PAYER, truth, free)
    write_bills(inbox, MERCHANTS[0], first, single=False)
    write_bills(inbox, MERCHANTS[1], second, single=True)
    write_funds(inbox, one_fund([fund, withdraw(payouts)]))
    write_plain(inbox / "bank-6222.csv", BANK_OPENING, rows)
    house.write_holed_account(inbox, truth, DAYS)
    write_list(inbox / "orders.csv", trade)
    truth.write(folder)
