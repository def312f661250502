"""The bridge: per shop, currency and period from what was sold to what reached the bank, to the fen.

    orders before coupons, coupons, refunds             = sold
    brought forward, in transit, breaks, residuals      = money of the gateways
    fees, commissions, deposits, other movements        = left to pay out
    not paid out yet, change of the wallet's balance    = paid out
    on their way before and after, breaks               = bank

Every step is the sum of its rows. Money of the gateways, paid out and bank are also added up from their own rows: a
bridge that does not come to the same is an internal error, as everything that does not foot.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from recon.ledger.days import NO_DAY, day_number, month_days
from recon.ledger.money_book import money_rows
from recon.ledger.outcome import EXCLUDED, GATEWAY_BANK, MATCHED, ORDER_GATEWAY, PAYOUT, Outcome
from recon.ledger.parts import max_by, sum_by
from recon.ledger.schema import KINDS
from recon.ledger.view import BANK as BANK_SIDE
from recon.ledger.view import GATEWAY, KIND, ORDER, STATE, View, view
from recon.outputs.bridge_legs import Rows, Said, Side, Span, Words, open_positions
from recon.outputs.bridge_lines import Bridge, lay_out
from recon.outputs.bridge_owners import Placed, owners
from recon.outputs.bridge_refunds import BEFORE_RECEIPT, UNLISTED, Refunds, refunds
from recon.outputs.bridge_steps import BANK, NUMBER, ORDERS, PAYOUTS
from recon.outputs.delimited import write_csv

_MOVED = tuple(KIND[name] for name in ("payment", "refund", "subsidy", "chargeback"))
_OF_KIND = {KIND["fee"]: "fees", KIND["commission"]: "commissions", KIND["deposit"]: "deposits"}
_NOT_PAID = tuple(STATE[name] for name in ("unpaid", "closed"))
#: Rows that are told by other rows, lie after as_of, or only say what should be: they are no part of what happened.
_SILENT = ("copy", "told by the trade book", "after as_of", "agreed charge")


def bridge(outcome: Outcome) -> Bridge:
    """Return the bridges of the run's period, one per shop (or account) and currency.

    Raises:
        ConservationError: when a bridge does not foot.
    """
    ledger = outcome.view or view(outcome.entries, outcome.channels)
    words = Words()
    legs = {leg: Placed(*outcome.groups(leg)) for leg in (ORDER_GATEWAY, PAYOUT, GATEWAY_BANK)}
    owned = owners(ledger, legs[ORDER_GATEWAY], legs[GATEWAY_BANK])
    first, last = month_days(outcome.period)
    span = Span(first - 1, min(last, day_number(outcome.as_of)))
    parts = _Parts(outcome, ledger, legs, Said.of(outcome, words), span, words)
    width = max(len(ledger.currencies), 1)
    owner = owned.of * width + ledger.currency
    names = [(*owned.names[code // width], ledger.currencies[code % width]) for code in range(len(owned.names) * width)]
    return lay_out(outcome, ledger, tuple(parts.rows(owner)), owner, names, words.texts)


def write_bridge(folder: Path, outcome: Outcome, *, currency: str) -> Bridge:
    """Write bridge.csv, and bridge_rows.csv: the rows of its lines; return both.

    Args:
        folder: where the files go; existing ones of these names are replaced.
        outcome: the result of the run.
        currency: of the books.

    Raises:
        ConservationError: when a bridge does not foot.
    """
    found = bridge(outcome)
    for name, table in (("bridge", found.lines), ("bridge_rows", found.rows)):
        write_csv(table, folder / f"{name}.csv", zone=outcome.zone, currency=currency)
    return found


@dataclass(frozen=True)
class _Parts:
    """What the rows of the bridges are worked out from."""

    outcome: Outcome
    view: View
    legs: dict[str, Placed]
    said: Said
    span: Span
    words: Words

    def rows(self, owner: np.ndarray) -> Iterator[Rows]:
        """Yield the rows of all steps and of the totals that are checked."""
        ledger, orders = self.view, self.legs[ORDER_GATEWAY]
        day = self._days()
        within = (day > self.span.opening) & (day <= self.span.closing)
        silent = self._silent()
        sold = (ledger.side == ORDER) & ~silent[ORDER_GATEWAY]
        moved = (ledger.side == GATEWAY) & np.isin(ledger.kind, _MOVED)
        came = moved & (orders.group > 0) & ~silent[ORDER_GATEWAY]
        returned = self._refunds()
        unlisted = came & returned.unlisted
        beside = came & self._beside() & ~unlisted
        yield from self._sold(np.flatnonzero(sold & within), returned.after)
        row = np.flatnonzero(sold | (came & ~beside & ~unlisted))
        value = np.where(ledger.side[row] == ORDER, 1, -1) * ledger.amount[row]
        for part in self._positions(ORDER_GATEWAY, Side(row, value, owner, day)):
            yield from self._before_receipt(part)
        yield self._plain("other_subsidies", np.flatnonzero(beside & within))
        yield self._plain("unlisted_before", np.flatnonzero(unlisted & ~returned.separate & within))
        yield self._plain("unlisted_after", np.flatnonzero(unlisted & returned.separate & within))
        yield self._plain("received", np.flatnonzero(came & within))

        bank = self.legs[GATEWAY_BANK]
        sent = (ledger.side == GATEWAY) & (bank.group > 0) & ~silent[GATEWAY_BANK]
        footed = sent & (ledger.kind != KIND["payout"])
        wallet = (money_rows(ledger, self.outcome) & ~silent["late"]) | sent
        yield self._books(moved & within, came, wallet)
        yield from self._charges(np.flatnonzero(wallet & within & ~moved & (ledger.kind != KIND["payout"])))
        row = np.flatnonzero(wallet & ~footed)
        yield from self._positions(PAYOUT, Side(row, ledger.amount[row], owner, day))
        out = np.where(ledger.kind == KIND["payout"], -ledger.amount, ledger.amount)
        yield self._plain("paid_out", np.flatnonzero(sent & within), out)
        arrived = (ledger.side == BANK_SIDE) & ~silent[GATEWAY_BANK]
        row = np.flatnonzero(sent | arrived)
        value = np.where(arrived[row], -ledger.amount[row], out[row])
        yield from self._positions(GATEWAY_BANK, Side(row, value, owner, day))
        yield self._plain("bank", np.flatnonzero(arrived & within))

    def _positions(self, leg: str, side: Side) -> Iterator[Rows]:
        steps = {ORDER_GATEWAY: ORDERS, PAYOUT: PAYOUTS, GATEWAY_BANK: BANK}[leg]
        return open_positions(side, self.legs[leg], self.span, self.said, steps, self.words)

    def _plain(self, step: str, row: np.ndarray, amount: np.ndarray | None = None) -> Rows:
        value = (self.view.amount if amount is None else amount)[row]
        return Rows(NUMBER[step], row, np.zeros(len(row), dtype=np.int64), value)

    def _days(self) -> np.ndarray:
        """The day of each entry; an order's row without one has that of its match, else of its payment, else the last
        day of the period.
        """
        day = np.array(self.view.day)
        if (day != NO_DAY).all():
            return day
        leg = self.legs[ORDER_GATEWAY]
        number = np.where(leg.group == MATCHED, leg.index, -1)
        last = max_by(number, day, int(number.max(initial=-1)) + 1, NO_DAY)
        for known in (np.append(last, NO_DAY)[number], self.view.days("paid_at", self.outcome.zone)):
            day = np.where(day == NO_DAY, known, day)
        return np.where(day == NO_DAY, self.span.closing, day)

    def _silent(self) -> dict[str, np.ndarray]:
        """Per leg the rows that it leaves out because others tell them or they lie after as_of; `late`: the latter."""
        found = {"late": np.zeros(len(self.view), dtype=bool)}
        for leg in (ORDER_GATEWAY, GATEWAY_BANK):
            out = np.flatnonzero(self.legs[leg].group == EXCLUDED)
            reason = self.said.excluded[self.legs[leg].index[out]]
            found[leg] = np.zeros(len(self.view), dtype=bool)
            found[leg][out] = np.isin(reason, [self.words.code(text) for text in _SILENT])
            found["late"][out] |= reason == self.words.code("after as_of")
        return found

    def _beside(self) -> np.ndarray:
        """Money that goes along in a match of the order leg without being compared: subsidies that no order shows."""
        members = self.outcome.members
        row = members["row"].to_numpy(dtype=np.int64)
        beside = np.zeros(len(self.view), dtype=bool)
        beside[row[members["applied"].to_numpy(dtype=np.int64) == 0]] = True
        matched: np.ndarray = beside & (self.legs[ORDER_GATEWAY].group == MATCHED) & (self.view.amount != 0)
        return matched

    def _refunds(self) -> Refunds:
        """Which refunds came before the settlement of their order, and which after it."""
        heads = self.outcome.matches
        residual = np.zeros(int(heads["match"].max()) + 1 if len(heads) else 0, dtype=np.int64)
        residual[heads["match"].to_numpy(dtype=np.int64)] = heads["residual"].to_numpy(dtype=np.int64)
        unlisted = np.isin(self.said.residual, self.words.led_by(UNLISTED))
        return refunds(self.view, self.legs[ORDER_GATEWAY], residual, unlisted)

    def _before_receipt(self, part: Rows) -> Iterator[Rows]:
        """Residuals of matches as they are, but what an order does not settle because it was refunded: that is one."""
        mine = (part.step == NUMBER["order_residuals"]) & np.isin(part.detail, self.words.led_by(BEFORE_RECEIPT))
        nothing = np.zeros(int(mine.sum()), dtype=np.int64)
        yield replace(part, row=part.row[~mine], detail=part.detail[~mine], value=part.value[~mine])
        yield Rows(NUMBER["unlisted_before"], part.row[mine], nothing, part.value[mine], part.by_account)

    def _sold(self, row: np.ndarray, after: np.ndarray) -> Iterator[Rows]:
        """The order side: what was ordered, less coupons, orders that were not paid, refunds.

        after: per entry what of a refund was paid back after the settlement.
        """
        ledger, nothing = self.view, np.zeros(len(row), dtype=np.int64)
        kind, amount = ledger.kind[row], ledger.amount[row]
        full, known = (array[row] for array in ledger.integers("order_amount"))
        gross = np.where(known, full, amount)
        unpaid = np.isin(ledger.state[row], _NOT_PAID)
        sale, refund, subsidy = (kind == KIND[name] for name in ("sale", "refund", "subsidy"))
        less = sale & (gross != amount)
        detail = self._details()[row]
        for step, mask, value, said in (
            ("gross", sale, gross, nothing),
            ("discounts", less & ~unpaid, amount - gross, nothing),
            ("unpaid", less & unpaid, amount - gross, nothing),
            ("order_subsidies", subsidy, amount, detail),
            ("refunds_before", refund & (amount != after[row]), amount - after[row], nothing),
            ("refunds_after", refund & (after[row] != 0), after[row], nothing),
            ("order_other", ~sale & ~refund & ~subsidy, amount, detail),
        ):
            yield Rows(NUMBER[step], row[mask], said[mask], value[mask])

    def _details(self) -> np.ndarray:
        """Per entry the code of the channel's own name of a charge or benefit."""
        column = self.view.entries["detail"].cat
        codes = np.array([self.words.code(str(name)) for name in column.categories] + [0], dtype=np.int64)
        details: np.ndarray = codes[column.codes.to_numpy()]
        return details

    def _books(self, moved: np.ndarray, came: np.ndarray, wallet: np.ndarray) -> Rows:
        """What the bill of trades and the bill of money say differently: numbers that do not cancel between them."""
        row = np.flatnonzero(moved & (came != wallet))
        value = np.where(wallet[row], 1, -1) * self.view.amount[row]
        number, numbers = self.view.codes("payment_ref")
        loose = number[row] < 0
        key = np.where(loose, len(numbers) + row, number[row])
        key = (key * len(self.view.accounts) + self.view.account[row]) * len(KINDS) + self.view.kind[row]
        distinct, place = np.unique(key, return_inverse=True)
        off = sum_by(place, value, len(distinct))[place] != 0
        names = np.array([self.words.code(name) for name in KINDS], dtype=np.int64)
        return Rows(NUMBER["book_differences"], row[off], names[self.view.kind[row[off]]], value[off], by_account=True)

    def _charges(self, row: np.ndarray) -> Iterator[Rows]:
        """Fees, commissions, deposits and what else moved the wallet, by the channel's own name."""
        kind, detail = self.view.kind[row], self._details()[row]
        names = np.array([self.words.code(name) for name in KINDS], dtype=np.int64)
        other = np.ones(len(row), dtype=bool)
        for code, step in _OF_KIND.items():
            mine = kind == code
            other &= ~mine
            yield Rows(NUMBER[step], row[mine], detail[mine], self.view.amount[row[mine]], by_account=True)
        said = np.where(detail > 0, detail, names[kind])[other]
        yield Rows(NUMBER["other_movements"], row[other], said, self.view.amount[row[other]], by_account=True)
