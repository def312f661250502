"""Control totals between vouchers and what they must equal.

Each is an equation: ledger side, statement side, difference, and the part of it that listed items explain. Balances
(1, 2, 4 to 7, 13 to 15) run over all days of the files up to as_of; movements (3, 9, 10, 18, 19) over the period.
"""

from __future__ import annotations

import numpy as np

from recon.ledger.days import NO_DAY, month_days
from recon.ledger.outcome import BREAK, EXCLUDED, GATEWAY_BANK, MATCHED, Outcome
from recon.ledger.parts import max_by, sum_by
from recon.ledger.view import BANK, GATEWAY, KIND, ORDER
from recon.vouchers.balances import balance_controls
from recon.vouchers.booking import Booked
from recon.vouchers.charges import CHARGES, charge_roles, without_brushed
from recon.vouchers.chart import MONEY, ROLE_CODE, ROLES
from recon.vouchers.control import Control, control, not_computable
from recon.vouchers.events import EVENT_CODE
from recon.vouchers.income import income_controls
from recon.vouchers.journal import Postings, one_of
from recon.vouchers.links import FAR, code_is
from recon.vouchers.postings import Summed, own_money
from recon.vouchers.profile import Profile
from recon.vouchers.scope import BOOKED, OTHER_BOOK, finding_codes

_SELLING = tuple(name for name, role in ROLES.items() if role.asbe is not None and role.asbe.startswith("6601"))
_SUSPENSE = ("unknown_payment", "unknown_refund", "unknown_receipt", "unknown_debit", "ambiguous", "suggested")


def controls(
    booked: Booked, period: Postings, summed: Summed, outcome: Outcome, profile: Profile
) -> tuple[Control, ...]:
    """Return every control by its number; those that need facts nobody gave say which.

    Args:
        booked: postings of all days.
        period: those of the period.
        summed: its vouchers.
        outcome: the run.
        profile: roles of named charges.
    """
    found = [
        *balance_controls(booked, outcome),
        *_daily(booked, period, outcome),
        _transit(booked, outcome),
        *_receivables(booked, 5, "ar"),
        *_receivables(booked, 6, "ar_sub"),
        _advances(booked, profile),
        *_charges(booked, period, profile, outcome),
        _suspense(booked, outcome),
        _owed_back(booked, outcome),
        _claims(booked, outcome),
        *income_controls(booked, outcome, profile),
        _accepted(booked),
        _double_entry(summed),
        _conserved(booked, period, outcome),
    ]
    return tuple(sorted([*found, *not_computable(8, 12, 17)], key=lambda one: (one.number, one.subject)))


def _balance(booked: Booked, *roles: str) -> int:
    mine = one_of(booked.postings.role, [ROLE_CODE[role] for role in roles])
    return int(booked.postings.signed(mine).sum())


def _daily(booked: Booked, period: Postings, outcome: Outcome) -> list[Control]:
    """3: what each wallet moved on each day equals its rows of that day."""
    view = booked.view
    low, high = month_days(outcome.period)
    inside = (view.side == GATEWAY) & (view.day >= low) & (view.day <= high) & (booked.reasons != OTHER_BOOK)
    own = own_money(period, view)
    found = []
    for code, account in enumerate(booked.accounts):
        if account is None or account.side != GATEWAY:
            continue
        rows = np.flatnonzero(inside & (view.account == code))
        posted = own & (period.money == code)
        span = high - low + 1
        per_day = sum_by(period.day[posted].astype(np.int64) - low, period.amount[posted], span)
        printed = sum_by(view.day[rows] - low, view.amount[rows], span)
        unbooked = rows[booked.reasons[rows] != BOOKED]
        missing = sum_by(view.day[unbooked] - low, view.amount[unbooked], span)
        exact = bool(np.array_equal(per_day + missing, printed))
        explained = -int(missing.sum()) if exact else 0
        found.append(control(3, account.key, int(per_day.sum()), int(printed.sum()), explained))
    return found


def _transit(booked: Booked, outcome: Outcome) -> Control:
    """4: money in transit equals payouts that no bank line has answered, and rests of those answered in part."""
    view, postings = booked.view, booked.postings
    payout = (view.side == GATEWAY) & (view.kind == KIND["payout"]) & (booked.reasons == BOOKED)
    group, index = outcome.groups(GATEWAY_BANK)
    codes = finding_codes(outcome)
    partial = [n for n, code in codes.items() if code == "payout_mismatch"]
    elsewhere = [n for n, code in codes.items() if code == "wrong_account"]
    settled = (group == MATCHED) | ((group == BREAK) & np.isin(index, elsewhere))
    waiting = -int(view.amount[payout & ~settled].sum())
    answered = (view.side == BANK) & (group == BREAK) & np.isin(index, partial) & (booked.reasons == BOOKED)
    with_rows = np.unique(index[payout & (group == BREAK)])
    waiting -= int(view.amount[answered & np.isin(index, with_rows)].sum())
    waiting += _within_tolerance(outcome, np.unique(index[payout & (group == MATCHED)]))
    mine = np.flatnonzero(postings.role == ROLE_CODE["transit"])
    row = postings.row[mine]
    loose = one_of(postings.event[mine], (EVENT_CODE["opening_settlement"], EVENT_CODE["transfer"]))
    undecided = (view.side[row] == BANK) & (group[row] == BREAK) & ~np.isin(index[row], [*partial, *elsewhere])
    apart = mine[loose | undecided]
    return control(4, "", _balance(booked, "transit"), waiting, int(postings.signed(apart).sum()))


def _within_tolerance(outcome: Outcome, matched: np.ndarray) -> int:
    """What matched payouts have more than their credits: it stays in transit, listed as the residual of its match."""
    mine = outcome.matches["match"].isin(matched.tolist()).to_numpy(dtype=bool)
    return int(outcome.matches["residual"].fillna(0).to_numpy(dtype=np.int64)[mine].sum())


def _receivables(booked: Booked, number: int, role: str) -> list[Control]:
    """5, 6: per shop, only orders that are not settled stand open.

    Listed apart: money without an order, and money that the order leg saw in a file whose rows are not booked.
    """
    view, links, postings = booked.view, booked.links, booked.postings
    kinds = ("payment", "refund") if role == "ar" else ("subsidy",)
    mine = np.flatnonzero(postings.role == ROLE_CODE[role])
    row, amount = postings.row[mine].astype(np.int64), postings.signed(mine)
    pool = links.pool[row]
    closed = _settled(booked)
    settled = np.append(closed, False)[pool] & (links.group[row] != EXCLUDED)
    unseen = _unbooked_money(booked, kinds)
    shop, size = links.shop[row] + 1, len(view.shops) + 1
    of_pool = max_by(pool, shop, links.pools, 0)
    total = sum_by(shop, amount, size)
    still_open = sum_by(np.where((pool >= 0) & ~settled, shop, -1), amount, size)
    listed = sum_by(np.where(pool < 0, shop, -1), amount, size)
    listed += sum_by(np.where(closed, of_pool, -1), unseen, size)
    shown = np.flatnonzero(np.bincount(shop, minlength=size))
    names = ("", *view.shops)
    found = [control(number, names[n], *(int(part[n]) for part in (total, still_open, listed))) for n in shown.tolist()]
    return found or [control(number, "", 0, 0, 0)]


def _settled(booked: Booked) -> np.ndarray:
    """Pools whose sale is matched and whose other parts are not open either."""
    links = booked.links
    differs = code_is(links, "amount_mismatch") | code_is(links, "subsidy_mismatch")
    settled = links.matched_pool.copy()
    settled[links.pool[differs & (links.pool >= 0)]] = False
    return settled


def _unbooked_money(booked: Booked, kinds: tuple[str, ...]) -> np.ndarray:
    """Per pool, money that was matched less money that is booked."""
    view, links = booked.view, booked.links
    money = (view.side == GATEWAY) & one_of(view.kind, [KIND[kind] for kind in kinds])
    # Where an entry is both matched and booked, its two amounts cancel out.
    rows = np.flatnonzero(money & (links.member != (booked.reasons == BOOKED)))
    missing = np.where(links.member[rows], view.amount[rows], -view.amount[rows])
    return sum_by(links.pool[rows], missing, links.pools)


def _advances(booked: Booked, profile: Profile) -> Control:
    """7: advances (with the VAT inside them) equal what was paid for orders without a sale yet."""
    links = booked.links
    unsold = (links.pool_day == FAR) | (links.pool_day == NO_DAY)
    held = int(booked.moves.advance[unsold].sum())
    listed = _owed_before_sale(booked) + _rest_of_open(booked, profile, ~unsold)
    return control(7, "", -_balance(booked, profile.advance, "vpend"), held, listed)


def _rest_of_open(booked: Booked, profile: Profile, sold: np.ndarray) -> int:
    """Advances beyond the sale of orders that are not settled (paid too much, and found so)."""
    postings = booked.postings
    mine = np.flatnonzero(one_of(postings.role, [ROLE_CODE[profile.advance], ROLE_CODE["vpend"]]))
    mine = mine[np.append(sold & ~_settled(booked), False)[booked.links.pool[postings.row[mine]]]]
    return -int(postings.signed(mine).sum())


def _owed_before_sale(booked: Booked) -> int:
    """Advances that stand as refunds owed already."""
    postings = booked.postings
    mine = (postings.event == EVENT_CODE["refund_owed"]) & one_of(
        postings.role, [ROLE_CODE["cl"], ROLE_CODE["prepay"], ROLE_CODE["vpend"]]
    )
    return -int(postings.signed(mine).sum())


def _charges(booked: Booked, period: Postings, profile: Profile, outcome: Outcome) -> list[Control]:
    """9, 10: charges on the books equal the charges of the statements."""
    view = booked.view
    low, high = month_days(outcome.period)
    inside = (booked.reasons == BOOKED) & (view.day >= low) & (view.day <= high)
    kinds = one_of(view.kind, [KIND[kind] for kind in CHARGES])
    rows = np.flatnonzero(inside & (view.side == GATEWAY) & kinds)
    roles = without_brushed(booked.links, rows, charge_roles(view, profile, rows)[0])
    bank = -int(view.amount[inside & (view.side == BANK) & (view.kind == KIND["fee"]) & _posted(booked)].sum())
    found = []
    for number, names in ((9, _SELLING), (10, ("fee",))):
        codes = [ROLE_CODE[name] for name in names]
        mine = np.flatnonzero(one_of(period.role, codes))
        ledger = int(period.signed(mine).sum())
        printed = -int(view.amount[rows[one_of(roles, codes)]].sum()) + (bank if number == 10 else 0)
        named = mine[view.kind[period.row[mine]] == KIND["adjustment"]]
        found.append(control(number, "", ledger, printed, int(period.signed(named).sum())))
    return found


def _posted(booked: Booked) -> np.ndarray:
    """Entries whose contra is an expense: bank fees that were found by their text."""
    fee = booked.postings.row[booked.postings.role == ROLE_CODE["fee"]]
    posted = np.zeros(len(booked.view), dtype=bool)
    posted[fee] = True
    return posted


def _suspense(booked: Booked, outcome: Outcome) -> Control:
    """13: suspense equals the rows of open findings that nobody explains; rows without a rule are listed apart."""
    postings = booked.postings
    codes = finding_codes(outcome)
    open_ones = [n for n, code in codes.items() if code in _SUSPENSE]
    held = outcome.finding_rows[outcome.finding_rows["owned"].to_numpy(dtype=bool)]
    rows = np.unique(held["row"].to_numpy(dtype=np.int64)[np.isin(held["finding"], open_ones)])
    mine = np.flatnonzero(one_of(postings.role, (ROLE_CODE["susp_cr"], ROLE_CODE["susp_dr"])))
    with_finding = np.zeros(len(booked.view), dtype=bool)
    with_finding[rows] = True
    unknown = one_of(postings.event, (EVENT_CODE["unknown_receipt"], EVENT_CODE["unknown_debit"]))
    money = np.flatnonzero((postings.role == ROLE_CODE[MONEY]) & unknown)
    listed = -int(postings.amount[money[with_finding[postings.row[money]]]].sum())
    unruled = int(postings.signed(mine[~with_finding[postings.row[mine]]]).sum())
    return control(13, "", int(postings.signed(mine).sum()), listed, unruled)


def _owed_back(booked: Booked, outcome: Outcome) -> Control:
    """14: refunds owed equal open duplicates, money of closed orders and refunds agreed but unpaid."""
    postings = booked.postings
    drafted = np.unique(postings.single[postings.role == ROLE_CODE["ref_pay"]])
    return control(14, "", -_balance(booked, "ref_pay"), _differences(outcome, _OWED, drafted), 0)


_OWED = ("duplicate_payment", "status_mismatch", "missing_refund")
_CLAIMED = ("duplicate_refund", "excess_refund", "chargeback")


def _claims(booked: Booked, outcome: Outcome) -> Control:
    """15: refunds in excess and disputes equal their open findings."""
    postings = booked.postings
    mine = np.flatnonzero(one_of(postings.role, (ROLE_CODE["overref"], ROLE_CODE["dispute"])))
    drafted = np.unique(postings.single[mine])
    loose = mine[~np.isin(postings.single[mine], outcome.findings["finding"].to_numpy(dtype=np.int64))]
    listed = -_differences(outcome, _CLAIMED, drafted)
    return control(15, "", _balance(booked, "overref", "dispute"), listed, int(postings.signed(loose).sum()))


def _accepted(booked: Booked) -> Control:
    """16: small differences equal what tolerance and write-off rule accepted; those of sales not recognised yet, and
    charges that are booked there, are listed.
    """
    links, postings = booked.links, booked.postings
    accepted = links.accepted_paid + links.accepted_returned
    waiting = int(accepted[(links.pool_day == FAR) | (links.pool_day == NO_DAY)].sum())
    mine = np.flatnonzero(postings.role == ROLE_CODE["rounding"])
    charges = int(postings.signed(mine[postings.event[mine] != EVENT_CODE["write_off"]]).sum())
    return control(16, "", _balance(booked, "rounding"), -int(accepted.sum()), waiting + charges)


def _differences(outcome: Outcome, codes: tuple[str, ...], drafted: np.ndarray) -> int:
    found = outcome.findings
    mine = found["code"].isin(codes).to_numpy(dtype=bool) & np.isin(found["finding"].to_numpy(np.int64), drafted)
    return int(found["difference"].to_numpy(dtype=np.int64)[mine].sum()) if mine.any() else 0


def _double_entry(summed: Summed) -> Control:
    """18: debits equal credits over all vouchers."""
    lines = summed.lines
    debit, credit = int(lines["debit"].sum()), int(lines["credit"].sum())
    return control(18, "", debit, credit, 0)


def _conserved(booked: Booked, period: Postings, outcome: Outcome) -> Control:
    """19: every money row of the period is booked once, or listed with the reason why not.

    Rows that tell again what another book of the account tells are no money of their own.
    """
    view = booked.view
    low, high = month_days(outcome.period)
    inside = (view.side != ORDER) & (view.day >= low) & (view.day <= high)
    own = own_money(period, view)
    inside &= booked.reasons != OTHER_BOOK
    missing = -int(view.amount[inside & (booked.reasons != BOOKED)].sum())
    return control(19, "", int(period.amount[own].sum()), int(view.amount[inside].sum()), missing)
