"""Gateway rows -> postings: payments, refunds, subsidies, charges, payouts.

The wallet follows its bill line by line; what a row was matched with only decides the contra account: receivable once
the sale is recognised, advance before, a payable or suspense where a finding says so. Only proof closes a receivable.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from recon.ledger.days import NO_DAY
from recon.ledger.outcome import IN_TRANSIT, MATCHED, ORDER_GATEWAY, Outcome
from recon.ledger.parts import sum_by
from recon.ledger.view import GATEWAY, KIND, View
from recon.vouchers.charges import post_charges, post_rest
from recon.vouchers.events import EVENT_CODE
from recon.vouchers.journal import Journal, one_of
from recon.vouchers.links import FAR, Links, code_is
from recon.vouchers.merged import MergedPayments
from recon.vouchers.poster import Poster
from recon.vouchers.profile import Profile
from recon.vouchers.scope import BOOKED
from recon.vouchers.shares import Shares, as_agreed, split_shares
from recon.vouchers.tax import sorted_by

#: What a payment or refund is booked as; SPLIT rows are divided between two of the others.
NONE, USUAL, LOOSE, OPENING, SUSPENSE, OWED, ELSEWHERE, SPLIT, FAKE = range(9)
_FORMS = {
    "status_mismatch": OWED,
    "wrong_account": ELSEWHERE,
    "duplicate_payment": SPLIT,
    "duplicate_refund": SPLIT,
    "excess_refund": SPLIT,
    "unknown_payment": SUSPENSE,
    "unknown_refund": SUSPENSE,
    "ambiguous": SUSPENSE,
    "suggested": SUSPENSE,
}


@dataclass(frozen=True)
class Movements:
    """What later rooms need of the payments and refunds of the wallets.

    form: per entry one of the codes above. advance_rows, advance_amounts: money that came (+) or went back (-) before
    the sale; advance_orders: the order's row where it is a part of a merged payment. advance: its sum per pool.
    returned_early: per pool, the refunds in it (negative). paid: per pool, the payments that the order leg compared.
    red_rows, red_amounts: refunds that take revenue back (negative), without differences that are accepted.
    accepted_early: per pool, such a difference of refunds before the sale. unmapped: names of charges without a role of
    their own.
    """

    form: np.ndarray
    advance_rows: np.ndarray
    advance_amounts: np.ndarray
    advance_orders: np.ndarray
    advance: np.ndarray
    returned_early: np.ndarray
    paid: np.ndarray
    red_rows: np.ndarray
    red_amounts: np.ndarray
    accepted_early: np.ndarray
    unmapped: tuple[str, ...]


def movement_forms(view: View, outcome: Outcome, links: Links, reasons: np.ndarray) -> np.ndarray:
    """Return what each payment and refund is booked as."""
    booked = (view.side == GATEWAY) & (reasons == BOOKED)
    kinds = (view.kind == KIND["payment"]) | (view.kind == KIND["refund"])
    moves = booked & kinds
    form = np.zeros(len(view), dtype=np.int8)
    form[moves] = LOOSE
    linked = moves & (links.pool >= 0)
    form[linked] = USUAL
    form[linked & np.append(links.brushed, False)[links.pool]] = FAKE
    form[moves & _verdict_unproven(outcome, links)] = LOOSE
    form[moves & ~linked & _beyond(outcome, links)] = OPENING
    for name, code in _FORMS.items():
        form[moves & code_is(links, name)] = code
    form[moves & _before_first_file(outcome, links)] = OPENING
    return form


def before_sale(view: View, links: Links) -> np.ndarray:
    """Entries whose sale comes later or never: their money is an advance. Escrow money is never one."""
    linked = links.pool >= 0
    if not links.pools:
        return linked
    pool = links.pool[linked]
    day = links.pool_day[pool]
    unsold = (day == FAR) | (day == NO_DAY)
    early = np.zeros(len(view), dtype=bool)
    early[linked] = np.where(unsold, ~links.escrow[pool], view.day[linked] < day)
    return early


def _verdict_unproven(outcome: Outcome, links: Links) -> np.ndarray:
    """Rows whose match has a member from an unproven file: it is no proof."""
    numbers = outcome.matches["match"].to_numpy(dtype=np.int64)
    unproven = numbers[(outcome.matches["verdict"] == "unproven").to_numpy(dtype=bool)]
    told: np.ndarray = (links.group == MATCHED) & np.isin(links.index, unproven)
    return told


def _beyond(outcome: Outcome, links: Links) -> np.ndarray:
    waits = outcome.in_transit
    mine = ((waits["leg"] == ORDER_GATEWAY) & (waits["reason"] == "beyond the files")).to_numpy(dtype=bool)
    told: np.ndarray = (links.group == IN_TRANSIT) & np.isin(links.index, waits.index.to_numpy()[mine])
    return told


def _before_first_file(outcome: Outcome, links: Links) -> np.ndarray:
    found = outcome.findings
    early = found["finding"].to_numpy(dtype=np.int64)[
        (found["cause"] == "before_first_file").fillna(value=False).to_numpy(dtype=bool)
    ]
    unknown = code_is(links, "unknown_payment") | code_is(links, "unknown_refund")
    told: np.ndarray = unknown & np.isin(links.index, early)
    return told


def post_wallets(
    journal: Journal, view: View, outcome: Outcome, links: Links, profile: Profile, reasons: np.ndarray, singles: int
) -> Movements:
    """Post every booked gateway row.

    Args:
        journal: where the postings go. Advances are posted by the caller, who splits their VAT over an order's life.
        view: the ledger.
        outcome: matches and findings.
        links: what each entry belongs to.
        profile: accounts and details.
        reasons: per entry BOOKED or why it is in no voucher.
        singles: number of findings; entries without one are kept single by `singles + row`.
    """
    form = movement_forms(view, outcome, links, reasons)
    early = before_sale(view, links)
    refund = view.kind == KIND["refund"]
    wide = Poster(journal, view, links, singles)
    shares = split_shares(view, outcome, links, np.flatnonzero(form == SPLIT))
    merged = MergedPayments(view, links, profile)
    whole = merged.divide(np.flatnonzero(form == USUAL))
    rows = np.concatenate([whole.row, shares.row])
    amounts = np.concatenate([whole.amount, shares.usual])
    orders = np.concatenate([whole.order, np.full(len(shares.row), -1, dtype=np.int64)])
    late = ~early[rows]
    _post_usual(wide, rows[late], amounts[late], orders[late])
    _post_excess(wide, shares)
    wide.contra("receipt", form == LOOSE, "ar")
    wide.contra("opening_settlement", form == OPENING, "ar")
    wide.contra("payment_to_return", form == OWED, "ref_pay", single=True)
    wide.contra("not_a_sale", form == FAKE, "fake")
    _post_suspense(wide, form == SUSPENSE)
    _post_elsewhere(wide, form == ELSEWHERE)
    unmapped = post_charges(wide, profile, reasons, _events_of(view, form, early), form > NONE, merged)
    post_rest(wide, profile, reasons)
    paid = np.flatnonzero(links.member & (view.side == GATEWAY) & (view.kind == KIND["payment"]))
    ahead, sums = rows[~late], amounts[~late]
    back = np.where(refund[ahead], links.pool[ahead], -1)
    red_rows, red_amounts, accepted_early = _red(view, outcome, links, form, shares)
    return Movements(
        form=form, advance_rows=ahead, advance_amounts=sums, advance_orders=orders[~late],
        advance=sum_by(links.pool[ahead], sums, links.pools),
        returned_early=sum_by(back, sums, links.pools), paid=sum_by(links.pool[paid], view.amount[paid], links.pools),
        red_rows=red_rows, red_amounts=red_amounts, accepted_early=accepted_early, unmapped=unmapped,
    )  # fmt: skip


def _post_usual(wide: Poster, rows: np.ndarray, amounts: np.ndarray, orders: np.ndarray) -> None:
    refund = wide.view.kind[rows] == KIND["refund"]
    wide.part("settlement", rows[~refund], amounts[~refund], "ar", orders[~refund])
    wide.part("refund", rows[refund], amounts[refund], "ar")


def _post_excess(wide: Poster, shares: Shares) -> None:
    """What was paid or refunded beyond the order, finding by finding: owed back, or to be got back."""
    some = shares.excess != 0
    rows, amounts, finding = shares.row[some], shares.excess[some], wide.links.index[shares.row[some]]
    came = amounts > 0
    wide.part("duplicate_payment", rows[came], amounts[came], "ref_pay", finding[came])
    wide.part("excess_refund", rows[~came], amounts[~came], "overref", finding[~came])


def _post_suspense(wide: Poster, chosen: np.ndarray) -> None:
    """Money that nobody explains; a refund of unexplained money goes back where that money went."""
    incoming = chosen & (wide.view.amount >= 0)
    back = chosen & ~incoming & code_is(wide.links, "unknown_payment")
    wide.contra("unknown_receipt", incoming | back, "susp_cr", single=True)
    wide.contra("unknown_debit", chosen & ~incoming & ~back, "susp_dr", single=True)


def _post_elsewhere(wide: Poster, chosen: np.ndarray) -> None:
    """Money of one account's orders that lies in another: received for it there, owed by it here (E50)."""
    rows = np.flatnonzero(chosen)
    amount, single = wide.view.amount[rows], wide.single(rows)
    wide.part("wrong_account_received", rows, amount, "interco_p", single)
    day = wide.view.day[rows]
    wide.journal.by_sign("wrong_account_owed", rows, day, "interco", -amount, single=single)
    wide.journal.by_sign("wrong_account_owed", rows, day, "ar", amount, single=single)


def _red(
    view: View, outcome: Outcome, links: Links, form: np.ndarray, shares: Shares
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Refunds that take revenue back: those of a recognised sale, on or after its day.

    Revenue is taken back as the order shows it: the last refund of an order leaves out the difference that is accepted.

    Returns:
        The rows, their amounts (negative), and per pool the accepted difference of refunds before the sale.
    """
    usual = one_of(form, (USUAL, ELSEWHERE)) & (view.kind == KIND["refund"])
    differs = usual & code_is(links, "amount_mismatch")
    whole = np.flatnonzero(usual & ~differs)
    other, agreed = as_agreed(view, outcome, links, np.flatnonzero(differs))
    split = shares.usual < 0
    rows = np.concatenate([whole, other, shares.row[split]])
    gross = np.concatenate([view.amount[whole], agreed, shares.usual[split]])
    pool = links.pool[rows]
    sold = np.where(pool >= 0, links.pool_day[pool] if links.pools else FAR, FAR)
    keep = (sold != FAR) & (sold != NO_DAY) & (sold <= view.day[rows])
    order = sorted_by(pool, view.day[rows], rows)
    last = order[np.flatnonzero(np.diff(pool[order], append=-1))]
    last = last[(pool[last] >= 0) & keep[last]]
    early = links.accepted_returned.copy()
    gross[last] -= early[pool[last]]
    early[pool[last]] = 0
    return rows[keep], gross[keep], early


def _events_of(view: View, form: np.ndarray, early: np.ndarray) -> np.ndarray:
    """The event code of each payment or refund that a charge may be booked with, else -1."""
    refund = view.kind == KIND["refund"]
    event = np.full(len(view), -1, dtype=np.int8)
    for chosen, incoming, outgoing in (
        ((form == USUAL) & ~early, "settlement", "refund"),
        ((form == USUAL) & early, "prepaid", "refund_prepaid"),
        (form == LOOSE, "receipt", "receipt"),
        (form == OPENING, "opening_settlement", "opening_settlement"),
    ):
        event[chosen & ~refund] = EVENT_CODE[incoming]
        event[chosen & refund] = EVENT_CODE[outgoing]
    return event
