"""Gateway rows -> postings: payments, refunds, subsidies, charges, payouts.

The wallet follows its bill line by line; what a row was matched with only decides the contra account: receivable once
the sale is recognised, advance before, a payable or suspense where a finding says so. Only proof closes a receivable.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from recon.ledger.outcome import IN_TRANSIT, MATCHED, ORDER_GATEWAY, Outcome
from recon.ledger.parts import sum_by
from recon.ledger.view import GATEWAY, KIND, NO_DAY, View
from recon.vouchers.charges import post_charges, post_rest
from recon.vouchers.events import EVENT_CODE
from recon.vouchers.journal import Journal
from recon.vouchers.links import FAR, Links
from recon.vouchers.poster import Poster
from recon.vouchers.profile import Profile
from recon.vouchers.scope import BOOKED

#: What a payment or refund is booked as; SPLIT rows are divided between two of the others.
NONE, NORMAL, ADVANCE, LOOSE, OPENING, SUSPENSE, OWED, ELSEWHERE, SPLIT = range(9)
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

    form: per entry one of the codes above. advance: per pool, advances received less advances returned. paid: per
    pool, the payments that the order leg compared. returned_early: per pool, refunds before the sale (negative).
    red_rows, red_gross: refunds that take revenue back (negative). unmapped: names of charges without a role of
    their own.
    """

    form: np.ndarray
    advance: np.ndarray
    paid: np.ndarray
    returned_early: np.ndarray
    red_rows: np.ndarray
    red_gross: np.ndarray
    unmapped: tuple[str, ...]


def movement_forms(view: View, outcome: Outcome, links: Links, reasons: np.ndarray) -> np.ndarray:
    """Return what each payment and refund is booked as."""
    booked = (view.side == GATEWAY) & (reasons == BOOKED)
    kinds = (view.kind == KIND["payment"]) | (view.kind == KIND["refund"])
    moves = booked & kinds
    form = np.zeros(len(view), dtype=np.int8)
    form[moves] = LOOSE
    linked = moves & (links.pool >= 0)
    sale_day = np.where(linked, links.pool_day[links.pool] if links.pools else FAR, FAR)
    held = linked.copy()
    held[linked] = links.escrow[links.pool[linked]]
    unsold = (sale_day == FAR) | (sale_day == NO_DAY)
    early = linked & np.where(unsold, ~held, view.day < sale_day)
    form[linked] = NORMAL
    form[early] = ADVANCE
    form[moves & _verdict_unproven(outcome, links)] = LOOSE
    form[moves & ~linked & _beyond(outcome, links)] = OPENING
    for name, code in _FORMS.items():
        if name in links.codes:
            form[moves & (links.code == links.codes.index(name))] = code
    form[moves & _before_first_file(outcome, links)] = OPENING
    return form


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
    unknown = [n for n, name in enumerate(links.codes) if name in {"unknown_payment", "unknown_refund"}]
    return np.isin(links.code, unknown) & np.isin(links.index, early)


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
    refund = view.kind == KIND["refund"]
    wide = Poster(journal, view, links, singles)
    wide.contra("settlement", (form == NORMAL) & ~refund, "ar")
    wide.contra("refund", (form == NORMAL) & refund, "ar")
    wide.contra("receipt", form == LOOSE, "ar")
    wide.contra("opening_settlement", form == OPENING, "ar")
    wide.contra("payment_to_return", form == OWED, "ref_pay", single=True)
    _post_suspense(wide, form == SUSPENSE)
    _post_elsewhere(wide, form == ELSEWHERE)
    red = _split_findings(wide, outcome, form)
    unmapped = post_charges(wide, profile, reasons, _events_of(view, form), form > NONE)
    post_rest(wide, profile, reasons)
    paid = np.where(links.member & (view.side == GATEWAY) & (view.kind == KIND["payment"]), links.pool, -1)
    early = np.where((form == ADVANCE) & refund, links.pool, -1)
    rows, gross = _red(view, outcome, links, form, red)
    return Movements(
        form=form,
        advance=sum_by(np.where(form == ADVANCE, links.pool, -1), view.amount, links.pools),
        paid=sum_by(paid, view.amount, links.pools),
        returned_early=sum_by(early, view.amount, links.pools),
        red_rows=rows, red_gross=gross, unmapped=unmapped,
    )  # fmt: skip


def _post_suspense(wide: Poster, chosen: np.ndarray) -> None:
    """Money that nobody explains; a refund of unexplained money goes back where that money went."""
    incoming = chosen & (wide.view.amount >= 0)
    back = chosen & ~incoming & (wide.links.code >= 0)
    if "unknown_payment" in wide.links.codes:
        back &= wide.links.code == wide.links.codes.index("unknown_payment")
    else:
        back[:] = False
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


def _split_findings(wide: Poster, outcome: Outcome, form: np.ndarray) -> list[tuple[int, int]]:
    """Post doubled payments and excess refunds: up to the order's amount as usual, the rest singly.

    Returns:
        row and (negative) amount of the part of each refund that takes revenue back.
    """
    view, links = wide.view, wide.links
    rows = np.flatnonzero(form == SPLIT)
    if not len(rows):
        return []
    order = rows[np.lexsort((rows, view.day[rows], links.index[rows]))]
    difference = dict(zip(outcome.findings["finding"], outcome.findings["difference"], strict=True))
    owned = {n: int(s) for n, s in zip(*_sums(links.index[order], view.amount[order]), strict=True)}
    usual = {n: total - int(difference[n]) for n, total in owned.items()}
    red: list[tuple[int, int]] = []
    for row in order.tolist():
        finding, amount = int(links.index[row]), int(view.amount[row])
        share = min(usual[finding], amount) if amount >= 0 else max(usual[finding], amount)
        share = share if (share >= 0) == (amount >= 0) else 0
        usual[finding] -= share
        one, event = np.array([row]), "settlement" if amount >= 0 else "refund"
        if share:
            wide.part(event, one, np.array([share]), "ar")
        if amount != share:
            name, role = ("duplicate_payment", "ref_pay") if amount >= 0 else ("excess_refund", "overref")
            wide.part(name, one, np.array([amount - share]), role, np.array([finding]))
        if share and amount < 0:
            red.append((row, share))
    return red


def _sums(groups: np.ndarray, values: np.ndarray) -> tuple[list[int], list[int]]:
    distinct, place = np.unique(groups, return_inverse=True)
    return distinct.tolist(), sum_by(place, values, len(distinct)).tolist()


def _red(
    view: View, outcome: Outcome, links: Links, form: np.ndarray, split: list[tuple[int, int]]
) -> tuple[np.ndarray, np.ndarray]:
    """Refunds that take revenue back: those of a recognised sale, on or after its day."""
    usual = np.isin(form, (NORMAL, ELSEWHERE)) & (view.kind == KIND["refund"])
    if "amount_mismatch" in links.codes:
        differs = usual & (links.code == links.codes.index("amount_mismatch"))
        usual &= ~differs
        split = split + _as_agreed(view, outcome, links, np.flatnonzero(differs))
    whole = np.flatnonzero(usual)
    rows = np.concatenate([whole, np.array([row for row, _ in split], dtype=np.int64)])
    gross = np.concatenate([view.amount[whole], np.array([amount for _, amount in split], dtype=np.int64)])
    pool = links.pool[rows]
    sold = np.where(pool >= 0, links.pool_day[pool] if links.pools else FAR, FAR)
    keep = (sold != FAR) & (sold != NO_DAY) & (sold <= view.day[rows])
    return rows[keep], gross[keep]


def _as_agreed(view: View, outcome: Outcome, links: Links, rows: np.ndarray) -> list[tuple[int, int]]:
    """Refunds of another amount than the order shows take back what the order shows; the rest stays receivable."""
    agreed = dict(zip(outcome.findings["finding"], outcome.findings["expected"], strict=True))
    order = rows[np.lexsort((rows, view.day[rows], links.index[rows]))]
    last = {int(links.index[row]): row for row in order.tolist()}
    left = {finding: min(int(agreed[finding]), 0) for finding in last}
    red = []
    for row in order.tolist():
        finding = int(links.index[row])
        share = left[finding] if last[finding] == row else max(left[finding], int(view.amount[row]))
        left[finding] -= share
        red.append((row, share))
    return red


def _events_of(view: View, form: np.ndarray) -> np.ndarray:
    """The event code of each payment or refund that a charge may be booked with, else -1."""
    refund = view.kind == KIND["refund"]
    event = np.full(len(view), -1, dtype=np.int8)
    for code, (incoming, outgoing) in {
        NORMAL: ("settlement", "refund"), ADVANCE: ("prepaid", "refund_prepaid"), LOOSE: ("receipt", "receipt"),
        OPENING: ("opening_settlement", "opening_settlement"),
    }.items():  # fmt: skip
        event[(form == code) & ~refund] = EVENT_CODE[incoming]
        event[(form == code) & refund] = EVENT_CODE[outgoing]
    return event
