"""Order rows -> postings: sales, the delivery of prepaid orders, revenue taken back, refunds owed.

Revenue is the price that the buyer and those who bear a part of it owe, never the payout. What the order leg proved is
booked as the money says (a coupon that the shop bears lowers revenue); what is open stands as the order file says.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

import numpy as np
import pandas as pd

from recon.ledger.days import NO_DAY, day_number
from recon.ledger.outcome import MATCHED, Outcome
from recon.ledger.parts import sum_by
from recon.ledger.view import GATEWAY, KIND, ORDER, View
from recon.vouchers.chart import CREDIT, DEBIT, ROLE_CODE
from recon.vouchers.events import EVENT_CODE
from recon.vouchers.journal import Journal
from recon.vouchers.links import FAR, Links
from recon.vouchers.profile import Profile
from recon.vouchers.scope import BOOKED
from recon.vouchers.tax import running_net, sorted_by
from recon.vouchers.wallet import LOOSE, Movements
from recon.vouchers.write_offs import post_write_offs, write_offs

STORED_VALUE = "stored value"  # the detail of the part of a price that a customer's stored value pays


@dataclass
class _Parts:
    """Amounts including tax that are split together; `red` parts take back what the others gave."""

    row: list[np.ndarray]
    event: list[np.ndarray]
    day: list[np.ndarray]
    key: list[np.ndarray]
    gross: list[np.ndarray]
    role: list[np.ndarray]
    single: list[np.ndarray]

    @classmethod
    def empty(cls) -> _Parts:
        return cls([], [], [], [], [], [], [])

    def add(
        self, event: str, rows: np.ndarray, day: np.ndarray, key: np.ndarray, gross: np.ndarray, role: str,
        single: np.ndarray | int = -1,
    ) -> None:  # fmt: skip
        size = len(rows)
        self.row.append(rows.astype(np.int64))
        self.event.append(np.full(size, EVENT_CODE[event]))
        self.day.append(day)
        self.key.append(key)
        self.gross.append(gross)
        self.role.append(np.full(size, ROLE_CODE[role]))
        self.single.append(np.broadcast_to(np.asarray(single, dtype=np.int64), size))

    def columns(self) -> tuple[np.ndarray, ...]:
        lists = (self.row, self.event, self.day, self.key, self.gross, self.role, self.single)
        return tuple(np.concatenate(pieces) if pieces else np.array([], dtype=np.int64) for pieces in lists)


class SalesBook:
    """Posts the order side of one run."""

    def __init__(
        self, journal: Journal, view: View, outcome: Outcome, links: Links, profile: Profile, moves: Movements
    ) -> None:
        self.journal, self.view, self.outcome = journal, view, outcome
        self.links, self.profile, self.moves = links, profile, moves
        per_shop = [profile.rate(shop) for shop in (*view.shops, "")]
        self.rates: tuple[Fraction, ...] = tuple(sorted(set(per_shop)))
        self.rate_of_shop = np.array([self.rates.index(rate) for rate in per_shop])
        self.raised, self.draws = _Parts.empty(), _Parts.empty()  # what enters and what leaves the advances

    def post(self, reasons: np.ndarray, singles: int) -> None:
        """Post everything that the order side gives.

        Args:
            reasons: per entry BOOKED or why it is in no voucher.
            singles: number of findings; entries without one are kept single by `singles + row`.
        """
        sales, red = _Parts.empty(), _Parts.empty()
        drawn = self._sales(sales, reasons)
        self._subsidies(sales, red, reasons)
        self._taken_back(red)
        self._from_payments(sales, red, reasons)
        self._owed(red)
        self._revenue(sales)
        self._revenue(red)
        self._write_offs(drawn, singles)
        self._advances()

    def _sales(self, parts: _Parts, reasons: np.ndarray) -> np.ndarray:
        """Return per pool what its sales took of the advance."""
        links = self.links
        rows = self._recognised_rows("sale", reasons)
        day, pool = links.recognised[rows], links.pool[rows]
        amount = self._recognised_amounts(rows, pool, day, reasons)
        order = sorted_by(pool, day, rows)
        prepaid = np.zeros(len(rows), dtype=np.int64)
        if len(rows):
            prepaid[order] = _drawn(pool[order], amount[order], np.maximum(self.moves.advance, 0))
        rest = amount - prepaid
        for event, gross, role in (("delivery", prepaid, self.profile.advance), ("sale", rest, "ar")):
            some = gross != 0
            parts.add(event, rows[some], day[some], links.unit[rows[some]], gross[some], role)
        drawn = prepaid != 0
        self.draws.add("delivery", rows[drawn], day[drawn], pool[drawn], prepaid[drawn], self.profile.advance)
        return sum_by(pool, prepaid, links.pools)

    def _recognised_rows(self, kind: str, reasons: np.ndarray) -> np.ndarray:
        links, view = self.links, self.view
        known = (links.recognised != FAR) & (links.recognised != NO_DAY) & (links.pool >= 0)
        return np.flatnonzero((view.side == ORDER) & (reasons == BOOKED) & (view.kind == KIND[kind]) & known)

    def _recognised_amounts(
        self, rows: np.ndarray, pool: np.ndarray, day: np.ndarray, reasons: np.ndarray
    ) -> np.ndarray:
        """What each sale is booked with: released where the channel says so, else the order; corrected by proof."""
        view, links, moves = self.view, self.links, self.moves
        released, printed = view.integers("released")
        escrow = links.escrow[pool] if links.pools else np.zeros(0, dtype=bool)
        held = escrow & printed[rows]
        amount = np.where(held, released[rows], view.amount[rows])
        stated = sum_by(pool, amount, links.pools)
        refund = view.kind == KIND["refund"]
        ordered = np.flatnonzero((view.side == ORDER) & refund & (reasons == BOOKED))
        money = np.flatnonzero((view.side == GATEWAY) & refund & links.member)
        before_receipt = sum_by(links.pool[ordered], view.amount[ordered], links.pools)
        before_receipt -= sum_by(links.pool[money], view.amount[money], links.pools)
        target = stated + moves.returned_early
        unreleased = np.zeros(links.pools, dtype=bool)
        unreleased[pool[escrow & ~printed[rows]]] = True
        target = np.where(unreleased, target + np.minimum(before_receipt, 0), target)
        as_paid = moves.paid - links.accepted_paid + moves.returned_early
        target = np.where(links.matched_pool & (moves.paid > 0), as_paid, target) - moves.accepted_early
        whole = (links.pool_day != FAR) & (links.pool_day != NO_DAY)
        order = sorted_by(pool, day, rows)
        last = order[np.flatnonzero(np.diff(pool[order], append=-1))]
        fits = whole[pool[last]]
        amount[last[fits]] += (target - stated)[pool[last[fits]]]
        booked: np.ndarray = amount
        return booked

    def _subsidies(self, sales: _Parts, red: _Parts, reasons: np.ndarray) -> None:
        """What others bear is revenue too: by the order file, or by the money where the order file does not show it."""
        view, links = self.view, self.links
        ordered = self._recognised_rows("subsidy", reasons)
        money = np.flatnonzero(
            (view.side == GATEWAY) & (view.kind == KIND["subsidy"]) & (links.group == MATCHED) & (links.pool >= 0)
        )
        given = np.where(links.member[money] & (view.amount[money] > 0), links.pool[money], -1)
        granted = sum_by(given, view.amount[money], links.pools)
        stated = sum_by(links.pool[ordered], view.amount[ordered], links.pools)
        by_money = links.matched_pool & (granted > 0) & (granted != stated)
        kept = ordered[~by_money[links.pool[ordered]]] if len(ordered) else ordered
        stored = view.detailed(STORED_VALUE)[kept]
        for rows, role in ((kept[~stored], "ar_sub"), (kept[stored], "stored")):
            sales.add("sale", rows, links.recognised[rows], links.unit[rows], view.amount[rows], role)
        booked = money[reasons[money] == BOOKED]
        sold = links.pool_day[links.pool[booked]] if len(booked) else booked
        known = (sold != FAR) & (sold != NO_DAY)
        booked, sold = booked[known], sold[known]
        shown = (view.amount[booked] > 0) & by_money[links.pool[booked]] if len(booked) else np.zeros(0, dtype=bool)
        rows, day = booked[shown], np.maximum(view.day[booked], sold)[shown]
        sales.add("sale", rows, day, links.unit[rows], view.amount[rows], "ar_sub")
        back = booked[(view.amount[booked] < 0) & (view.day[booked] >= sold)]
        red.add("red_sale", back, view.day[back], links.unit[back], view.amount[back], "ar_sub")

    def _taken_back(self, red: _Parts) -> None:
        rows = self.moves.red_rows
        red.add("red_sale", rows, self.view.day[rows], self.links.unit[rows], self.moves.red_amounts, "ar")

    def _from_payments(self, sales: _Parts, red: _Parts, reasons: np.ndarray) -> None:
        """Where the profile takes revenue from the money, each payment is a sale and each refund takes it back."""
        if self.profile.revenue_from != "payment":
            return
        view = self.view
        number = view.codes("order_ref")[0]
        key = np.where(number >= 0, number, -1 - np.arange(len(view)))
        loose = self.moves.form == LOOSE
        subsidy = (view.side == GATEWAY) & (view.kind == KIND["subsidy"]) & (reasons == BOOKED)
        for chosen, role in ((loose, "ar"), (subsidy, "ar_sub")):
            for parts, event, sign in ((sales, "sale", 1), (red, "red_sale", -1)):
                rows = np.flatnonzero(chosen & (np.sign(view.amount) == sign))
                parts.add(event, rows, view.day[rows], key[rows], view.amount[rows], role)

    def _owed(self, red: _Parts) -> None:
        """Refunds that the order shows and nobody paid (E41): owed, out of revenue or out of the advance."""
        found = self.outcome.findings
        missing = found[(found["code"] == "missing_refund").to_numpy(dtype=bool)]
        if missing.empty:
            return
        held = self.outcome.finding_rows.sort_values(["finding", "owned", "row"], ascending=[True, False, True])
        first = held.drop_duplicates("finding").set_index("finding")["row"]
        for finding, difference, due, seen in zip(
            missing["finding"], missing["difference"], missing["due_date"], missing["value_date"], strict=True
        ):
            row = int(first.get(finding, -1))
            day = _day(due, seen, self.outcome.as_of)
            if row >= 0 and self.links.pool[row] >= 0:
                self._owe(red, row, day, int(difference), int(finding))

    def _owe(self, red: _Parts, row: int, day: int, amount: int, finding: int) -> None:
        pool = int(self.links.pool[row])
        sold = int(self.links.pool_day[pool])
        one, when, gross = np.array([row]), np.array([day]), np.array([amount])
        single = np.array([finding])
        if sold not in (FAR, NO_DAY):
            when = np.maximum(when, sold)
            red.add("refund_owed", one, when, self.links.unit[one], -gross, "ref_pay", single)
        elif not self.links.escrow[pool] and self.moves.advance[pool] >= amount:
            self.draws.add("refund_owed", one, when, np.array([pool]), gross, self.profile.advance, single)
            self.journal.post("refund_owed", one, when, "ref_pay", CREDIT, gross, single=single)

    def _revenue(self, parts: _Parts) -> None:
        """Post one debit and the revenue and VAT of each part; a refund owed stands on the credit side."""
        row, event, day, key, gross, role, single = parts.columns()
        if not len(row):
            return
        if self.profile.tax_split == "per_group":
            key = self._group_key(event, day, row)
        rate = self.rate_of_shop[self.links.shop[row]]
        net = running_net(key, day, row, gross, rate, self.rates)
        owed = role == ROLE_CODE["ref_pay"]
        plain = ~owed & (role != ROLE_CODE[self.profile.advance])
        post = self.journal.post
        post(event[plain], row[plain], day[plain], role[plain], DEBIT, gross[plain], single=single[plain])
        post(event[owed], row[owed], day[owed], role[owed], CREDIT, -gross[owed], single=single[owed])
        post(event, row, day, "rev", CREDIT, net, single=single)
        taxed = gross != net
        tax = self.profile.output_tax
        post(event[taxed], row[taxed], day[taxed], tax, CREDIT, (gross - net)[taxed], single=single[taxed])

    def _group_key(self, event: np.ndarray, day: np.ndarray, row: np.ndarray) -> np.ndarray:
        """What shares a voucher shares the split."""
        if self.profile.grain == "order":
            own: np.ndarray = self.links.unit[row]
            return own
        span = day if self.profile.grain == "day" else day.astype("M8[D]").astype("M8[M]").astype(np.int64)
        shop = self.links.shop[row]
        frame = pd.DataFrame({"event": event, "span": span, "shop": shop})
        numbers: np.ndarray = frame.groupby(["event", "span", "shop"], sort=True).ngroup().to_numpy()
        return numbers

    def _write_offs(self, drawn: np.ndarray, singles: int) -> None:
        off = write_offs(self.view, self.links, self.moves, drawn)
        single = singles + off.row
        post_write_offs(self.journal, off, single)
        for parts, held in ((self.draws, off.held), (self.raised, -off.held)):
            some = held > 0
            rows, pool = off.row[some], self.links.pool[off.row[some]]
            parts.add("write_off", rows, off.day[some], pool, held[some], self.profile.advance, single[some])

    def _advances(self) -> None:
        """Post advances received, returned and earned; VAT inside them runs over the life of the order."""
        view, links = self.view, self.links
        rows, amount, order = self.moves.advance_rows, self.moves.advance_amounts, self.moves.advance_orders
        event = np.where(amount >= 0, EVENT_CODE["prepaid"], EVENT_CODE["refund_prepaid"])
        self.journal.money(event, rows, view.day[rows], view.account[rows], amount, single=order)
        comes = amount >= 0
        came, back = rows[comes], rows[~comes]
        role = self.profile.advance
        self.raised.add("prepaid", came, view.day[came], links.pool[came], amount[comes], role, order[comes])
        self.draws.add("refund_prepaid", back, view.day[back], links.pool[back], -amount[~comes], role)
        self._advance(self.raised, CREDIT)
        self._advance(self.draws, DEBIT)

    def _advance(self, parts: _Parts, side: int) -> None:
        row, event, day, pool, gross, _, single = parts.columns()
        net = gross
        if self.profile.advance_is_net:
            net = running_net(pool, day, row, gross, self.rate_of_shop[self.links.shop[row]], self.rates)
        self.journal.post(event, row, day, self.profile.advance, side, net, single=single)
        taxed = net != gross
        self.journal.post(
            event[taxed], row[taxed], day[taxed], "vpend", side, (gross - net)[taxed], single=single[taxed]
        )


def _drawn(pool: np.ndarray, amount: np.ndarray, advance: np.ndarray) -> np.ndarray:
    """How much of each sale (sorted by pool and day) was paid before: the earlier sale draws first."""
    positive = np.maximum(amount, 0)
    total = np.cumsum(positive)
    starts = np.flatnonzero(np.diff(pool, prepend=-1))
    base = np.repeat(total[starts] - positive[starts], np.diff(np.append(starts, len(pool))))
    until = total - base
    since = until - positive
    drawn: np.ndarray = np.clip(advance[pool] - since, 0, positive)
    return drawn


def _day(due: date | None, seen: date | None, as_of: date) -> int:
    """The day on which a refund is owed: when it was due, else when it was seen; never after as_of."""
    known = [day for day in (due, seen) if day is not None and not pd.isna(day)]
    return day_number(min(known[0], as_of) if known else as_of)
