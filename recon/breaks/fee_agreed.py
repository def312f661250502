"""What an order list says that a charge is once the order has settled, against what was taken: `fee_mismatch`.

Such an entry stands on the order side, on the day of the settlement, under the name that the gateway gives the charge.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from recon.breaks import fee_texts
from recon.breaks.fee_keys import Bools, Ints
from recon.breaks.finding import Finding
from recon.fees import Rule
from recon.ledger.channel import ChannelFacts, Charge
from recon.ledger.days import NO_DAY
from recon.ledger.outcome import ORDER_GATEWAY
from recon.ledger.parts import count_by, max_by, sum_by
from recon.ledger.view import KIND, ORDER, View

#: Charges of those who bring a buyer: one that never comes has a cause of its own.
_AFFILIATE = ("达人佣金",)


@dataclass(frozen=True)
class Agreed:
    """One finding per order and charge that differs; `told`: charge rows of gateways that no other rule is asked of."""

    findings: tuple[Finding, ...]
    told: Bools


def agreed(
    ledger: View,
    channels: Mapping[str, ChannelFacts],
    contracts: Mapping[str, Sequence[Rule]],
    usable: Bools,
    as_of: int,
    lang: str,
) -> Agreed:
    """Compare every charge that an order list prints (`ChannelFacts.charges` of the list) with the gateways' rows.

    Args:
        ledger: the entries as arrays.
        channels: facts per channel.
        contracts: rules by "family:account" or channel: where one is given for the charge, it counts, not the order.
        usable: the entries that count.
        as_of: day number of the run: a charge may be late only by then.
        lang: zh or en.

    Returns:
        A charge is right if the rows that take it, or these less what was given back, are what the order says. One of
        0.00 says nothing. Two kinds of orders are left to the rule of their account: those paid with another amount
        than their own (a fee that is right for a wrong amount is right), and those with refunds whose charge was taken
        rightly, for the order does not say what a refund gives back.
    """
    told = np.zeros(len(ledger), dtype=bool)
    findings: list[Finding] = []
    for code, name in enumerate(ledger.channels):
        facts = channels[name]
        for charge in facts.charges if facts.side == "order" else ():
            said = usable & (ledger.side == ORDER) & (ledger.channel == code) & (ledger.day != NO_DAY)
            said &= (ledger.kind == KIND[charge.kind]) & ledger.detailed(charge.detail)
            said &= (ledger.amount != 0) & (ledger.codes("order_ref")[0] >= 0)
            money = usable & _gateways(ledger, channels, contracts, charge, facts.settles_via)
            if said.any() and money.any():
                sold = np.flatnonzero(usable & (ledger.channel == code) & (ledger.kind == KIND["sale"]))
                found = _Compared(ledger, charge, (np.flatnonzero(said), sold), np.flatnonzero(money), as_of)
                told[found.told()] = True
                findings += found.findings(lang)
    return Agreed(tuple(findings), told)


def _gateways(
    ledger: View,
    channels: Mapping[str, ChannelFacts],
    contracts: Mapping[str, Sequence[Rule]],
    charge: Charge,
    families: Collection[str],
) -> Bools:
    """Rows of the gateways that settle a list, but of accounts whose contract names the charge."""

    def ruled(name: str) -> bool:
        return any(rule.names(charge.detail, charge.kind) for rule in contracts.get(name, ()))

    accounts = [account.partition(":")[0] in families and not ruled(account) for account in ledger.accounts]
    bills = [channels[name].side == "gateway" and not ruled(name) for name in ledger.channels]
    chosen: Bools = np.array(accounts)[ledger.account] & np.array(bills)[ledger.channel]
    return chosen


class _Compared:
    """One charge of one list over its orders 0..n-1: what each says, and what was taken of it."""

    def __init__(self, ledger: View, charge: Charge, orders: tuple[Ints, Ints], money: Ints, as_of: int) -> None:
        said, sold = orders
        self._ledger, self._charge, self._said, self._money = ledger, charge, said, money
        number, self._of_said = np.unique(ledger.codes("order_ref")[0][said], return_inverse=True)
        size = len(number)
        self.amount = sum_by(self._of_said, ledger.amount[said], size)
        self._place = self._placed(number)
        kind, amount = ledger.kind[money], ledger.amount[money]
        fee = (kind == KIND[charge.kind]) & ledger.detailed(charge.detail)[money]
        self._fee = np.where(fee, self._place, -1)
        self.taken = sum_by(self._fee, np.minimum(amount, 0), size)
        right = (self.taken == self.amount) | (sum_by(self._fee, amount, size) == self.amount)
        paid = sum_by(np.where(kind == KIND["payment"], self._place, -1), amount, size)
        sales = sum_by(_found(number, ledger.codes("order_ref")[0][sold]), ledger.amount[sold], size)
        whole = (paid == sales) & (paid > 0)
        self._due = np.full(size, np.iinfo(np.int64).max, dtype=np.int64)
        if charge.latest is not None:
            self._due = max_by(self._of_said, ledger.day[said], size, NO_DAY) + charge.latest
        late = self._due < min(as_of, int(ledger.day[money].max()))
        self.wrong = whole & np.where(count_by(self._fee, size) > 0, ~right, late)
        refunded = count_by(np.where(kind == KIND["refund"], self._place, -1), size) > 0
        self._sole = whole & (self.wrong | ~refunded)

    def _placed(self, number: Ints) -> Ints:
        """Which order each money row is of: by order number, else by payment number; -1 of none, or other currency."""
        ledger, said, money = self._ledger, self._said, self._money
        place = _found(number, ledger.codes("order_ref")[0][money])
        payment = ledger.codes("payment_ref")[0]
        by_payment = np.full(int(payment.max(initial=-1)) + 2, -1, dtype=np.int64)
        by_payment[payment[said]] = self._of_said
        by_payment[-1] = -1
        place = np.where(place >= 0, place, by_payment[payment[money]])
        currency = np.full(len(number) + 1, -1, dtype=np.int64)
        currency[self._of_said] = ledger.currency[said]
        return np.where(currency[place] == ledger.currency[money], place, -1)

    def told(self) -> Ints:
        """Charge rows of orders whose charge is not asked of another rule."""
        rows: Ints = self._money[np.append(self._sole, False)[self._fee]]
        return rows

    def findings(self, lang: str) -> Iterator[Finding]:
        """One finding per order that differs: it owns the rows of the charge, and shows money and order."""
        movement = np.isin(self._ledger.kind[self._money], [KIND["payment"], KIND["refund"]])
        own, fees = self._of_wrong(self._of_said, self._said), self._of_wrong(self._fee, self._money)
        moved = self._of_wrong(np.where(movement, self._place, -1), self._money)
        for n, said in own.items():
            owned, linked = tuple(fees.get(n, ())), (*said, *moved[n])
            sums = int(self.amount[n]), int(self.taken[n])
            currency = self._ledger.currencies[self._ledger.currency[said[0]]]
            days = None if owned else self._charge.latest
            yield Finding(
                code="fee_mismatch",
                leg=ORDER_GATEWAY,
                owned=owned,
                linked=tuple(sorted(linked)),
                expected=sums[0],
                actual=sums[1],
                currency=currency,
                explanation=fee_texts.agreed(self._charge.detail, currency, sums, days, lang),
                due=NO_DAY if owned else int(self._due[n]),
                cause="affiliate_late" if days is not None and self._charge.detail in _AFFILIATE else "",
            )

    def _of_wrong(self, place: Ints, rows: Ints) -> dict[int, list[int]]:
        """The rows of each order that differs."""
        found: dict[int, list[int]] = {}
        mine = np.append(self.wrong, False)[place]
        for n, row in zip(place[mine].tolist(), rows[mine].tolist(), strict=True):
            found.setdefault(n, []).append(row)
        return dict(sorted(found.items()))


def _found(sorted_codes: Ints, codes: Ints) -> Ints:
    """The place of each code among sorted ones, -1 where it is not there."""
    at = np.minimum(np.searchsorted(sorted_codes, codes), len(sorted_codes) - 1)
    return np.where(sorted_codes[at] == codes, at, -1)
