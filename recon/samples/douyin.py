"""A Douyin shop: orders by sub-order, the 动账明细 of its wallet, two bank accounts (the bank: ICBC).

The wallet is credited 4 to 10 days after completion, with what platform and influencer bear; the platform takes 5 %
of all that, half up. Days run from 2026-09-10 to 2026-10-31; the bank statement ends on 10-29.
"""

from pathlib import Path
from typing import Final

import numpy as np

from recon.samples import house
from recon.samples.columns import Times
from recon.samples.dice import Dice, Ints
from recon.samples.douyin_files import (
    NO_ORDER,
    PAYOUT,
    REFUND,
    RETURN,
    SETTLEMENT,
    Moves,
    together,
    write_moves,
    write_orders,
)
from recon.samples.douyin_trade import DAY, OVERCHARGE, SHORTFALL, SURPLUS, Role, Trade
from recon.samples.douyin_truth import ROW_GAP, SHORT_SUBSIDY, again, case_numbers, fee, judge, serials, wait
from recon.samples.payouts import Amounts, Payer, Payout, Plan, arrivals, cutoff, draw
from recon.samples.payouts import judge as judge_payouts
from recon.samples.statement import write_icbc
from recon.samples.truth import Truth

OPENING: Final = 3_000_000
BANK_OPENING: Final = 8_000_000
BANK: Final = "1202021209900123456"
PAYER: Final = Payer("武汉合众易宝科技有限公司", "提现", "合众易宝", "42050186000000009999")
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
    Plan("2026-10-22", "", "returned"),
    Plan("2026-10-26", "2026-10-27", "again"),
    Plan("2026-10-27", "", "beyond", due="2026-10-30"),
    Plan("2026-10-30", "", "inside", due="2026-11-04"),
)


def moves(kind: int, rows: Ints, at: Times, serial: Ints, **parts: Ints) -> Moves:
    """Movements of the sub-orders at `rows`; parts that are not given are zero."""
    none = np.zeros(len(rows), dtype=np.int64)
    names = ("paid", "platform", "influencer", "refund", "fee", "other", "gap", "case")
    return Moves(at, none + kind, rows, serial, *(parts.get(name, none) for name in names))


def settle(trade: Trade) -> list[Moves]:
    """The settlement rows, with what is wrong with them, and the second ones of doubled settlements."""
    rows = np.flatnonzero(~np.isnat(trade.settled_at))
    role, paid = trade.role[rows], trade.paid[rows]
    paid = np.where(role == Role.LESS, paid - SHORTFALL, np.where(role == Role.MORE, paid + SURPLUS, paid))
    platform = trade.platform[rows] - np.where(role == Role.SUBSIDY_SHORT, SHORT_SUBSIDY, 0)
    parts = {
        "paid": paid,
        "platform": platform,
        "influencer": trade.influencer[rows],
        "fee": -fee(paid + platform + trade.influencer[rows]) - np.where(role == Role.FEE_WRONG, OVERCHARGE, 0),
        "gap": np.where(role == Role.ROW_GAP, ROW_GAP, 0),
    }
    made = [moves(SETTLEMENT, rows, trade.settled_at[rows], serials(rows), **parts)]
    for doubled, minutes in ((Role.TWICE, 180), (Role.RETRIED, 10)):
        rows = trade.chosen(doubled)
        at, paid = trade.settled_at[rows] + np.timedelta64(minutes, "m"), trade.paid[rows]
        made.append(moves(SETTLEMENT, rows, at, again(rows), paid=paid, fee=-fee(paid)))
    return made


def give_back(trade: Trade, dice: Dice) -> list[Moves]:
    """Refunds 1 to 3 days after the settlement; a doubled one carries the same after-sale number twice."""
    rows = trade.chosen(
        Role.REFUND_AFTER, Role.REFUND_UNASKED, Role.REFUND_OVER, Role.REFUND_TWICE, Role.UNLISTED_REFUND
    )
    rows = rows[~np.isnat(trade.settled_at[rows]) | (trade.role[rows] == Role.UNLISTED_REFUND)]
    settled = np.where(np.isnat(trade.settled_at), trade.paid_at + 9 * DAY, trade.settled_at)
    at = settled + dice.between(1, 3, len(settled)).astype("timedelta64[D]")
    amount = refund_amount(trade, rows)
    made = [moves(REFUND, rows, at[rows], serials(rows) + 3, refund=-amount, case=case_numbers(rows))]
    rows = trade.chosen(Role.REFUND_TWICE)
    later, amount = at[rows] + np.timedelta64(2, "h"), refund_amount(trade, rows)
    made.append(moves(REFUND, rows, later, serials(rows) + 4, refund=-amount, case=case_numbers(rows)))
    return made


def refund_amount(trade: Trade, rows: Ints) -> Ints:
    """Two fifths of what was paid, or more than all of it."""
    over = trade.role[rows] == Role.REFUND_OVER
    return np.where(over, trade.paid[rows] + SURPLUS, trade.paid[rows] * 2 // 5)


def withdraw(payouts: list[Payout]) -> Moves:
    """The rows of the withdrawals, and of the one that came back after three days."""
    back = [p for p in payouts if p.plan.role == "returned"]
    at = np.array([p.at for p in payouts] + [p.at + 3 * DAY for p in back], dtype="datetime64[s]")
    amount = np.array([-p.amount for p in payouts] + [p.amount for p in back], dtype=np.int64)
    serial = np.array([int(p.number) for p in payouts] + [int(p.number) + 50 for p in back], dtype=np.int64)
    kind = np.where(amount < 0, PAYOUT, RETURN)
    none = np.zeros(len(at), dtype=np.int64)
    whole = moves(0, none + NO_ORDER, at, serial, other=amount)
    return Moves(whole.at, kind, *(getattr(whole, name) for name in list(Moves.__dataclass_fields__)[2:]))


def write(seed: int, count: int, folder: Path) -> None:
    """Write the case."""
    dice, truth, inbox = Dice(seed), Truth(), folder / "inbox"
    trade = Trade(count, dice)
    whole = together([*settle(trade), *give_back(trade, dice)])
    judge(trade, truth)
    wait(trade, truth)
    payouts = draw(PLANS, whole.at, whole.net(), OPENING, prefix="", digits=10, free=Amounts(), dice=dice)
    judge_payouts(payouts, truth, "batch_ref")
    cutoff(payouts, truth, "2026-09", "batch_ref")
    rows = house.known_rows(dice) + house.unknown_rows(PAYER, dice, truth)
    rows += arrivals(payouts, PAYER, house.STRANGER)
    write_icbc(inbox / "historydetail3456.csv", BANK, BANK_OPENING, rows)
    house.write_holed_account(inbox, truth)
    write_moves(inbox / "动账明细_20260910-20261031.csv", trade, together([whole, withdraw(payouts)]))
    write_orders(inbox / "订单_20260910-20261031.csv", trade)
    truth.write(folder)
