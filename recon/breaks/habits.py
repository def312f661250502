"""What the rest of the ledger usually looks like: the evidence by which a cause tells one entry from the others."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from recon.breaks.numbers import shape
from recon.ledger.channel import ChannelFacts
from recon.ledger.days import NO_DAY
from recon.ledger.parts import SUBSIDY, Parts, count_by, max_by
from recon.ledger.view import GATEWAY, KIND, ORDER, STATE, View, encode

#: A habit is told by at least so many entries, of which at least this share has it.
_ENOUGH, _NEARLY_ALL = 20, 0.95
#: Findings of one kind that make a pattern.
_SEVERAL = 3


class Habits:
    """Answers about one ledger, each worked out when it is first asked for."""

    def __init__(
        self,
        view: View,
        channels: Mapping[str, ChannelFacts],
        parts: Parts,
        unpaid: np.ndarray,
        gateways: Collection[str],
    ) -> None:
        """Look at a ledger and its comparison.

        unpaid: per key, whether its subsidy is found missing. gateways: families of which there are files.
        """
        self._families = set(gateways)
        self._view = view
        self._channels = channels
        self._parts = parts
        self._unpaid = unpaid & (parts.sums.granted == 0)
        self._usual_marks: dict[tuple[str, int, int, int], bool] = {}
        self._quotas: dict[tuple[int, int], bool] = {}
        self._wrong_merchants: dict[tuple[int, int], bool] = {}

    def odd_refund(self, account: int, number: str) -> bool:
        """Nearly all refunds of the account carry numbers of one shape, and this number is of another."""
        usual = self._refund_shapes.get(account, "")
        return bool(number and usual) and shape(number) != usual

    @cached_property
    def _refund_shapes(self) -> dict[int, str]:
        view = self._view
        code, words = view.codes("refund_ref")
        rows = np.flatnonzero((view.side == GATEWAY) & (view.kind == KIND["refund"]) & (code >= 0))
        shapes = pc.replace_substring_regex(words.take(pa.array(code[rows])), r"[0-9]", "0").dictionary_encode()
        size = max(len(shapes.dictionary), 1)
        counts = np.zeros((len(view.accounts), size), dtype=np.int64)
        np.add.at(counts, (view.account[rows], shapes.indices.to_numpy()), 1)
        total, most = counts.sum(axis=1), counts.max(axis=1)
        usual = np.flatnonzero((total >= _ENOUGH) & (most >= _NEARLY_ALL * total))
        return {int(n): shapes.dictionary[int(counts[n].argmax())].as_py() for n in usual}

    def set_by_hand(self, row: int) -> bool:
        """Nearly all paid orders of the shop, by the same method, carry a payment number (or a paid time), and this one
        lacks it. Of a method that the shop hardly uses its other shops tell, where this one prints numbers at all.
        """
        lacks = [name for name, there in self._order_marks.items() if not there[row]]
        kind = int(self._view.channel[row]), int(self._view.shop[row]), int(self._methods[row])
        for name in lacks:
            if (name, *kind) not in self._usual_marks:
                self._usual_marks[name, *kind] = self._usual(name, *kind)
        return any(self._usual_marks[name, *kind] for name in lacks)

    @cached_property
    def _methods(self) -> np.ndarray:
        """How each order was paid, as its list prints it; -1 where it does not."""
        methods = np.full(len(self._view), -1, dtype=np.int64)
        rows = np.flatnonzero(self._view.side == ORDER)
        methods[rows], _ = encode(self._view.entries["memo"].take(rows))
        return methods

    @cached_property
    def _order_marks(self) -> dict[str, np.ndarray]:
        return {
            "payment_ref": self._view.codes("payment_ref")[0] >= 0,
            "paid_at": self._view.days("paid_at", "UTC") != NO_DAY,
        }

    def _usual(self, mark: str, channel: int, shop: int, method: int) -> bool:
        view = self._view
        alike = self._paid_orders & (view.channel == channel) & (self._methods == method)
        here = self._paid_orders & (view.channel == channel) & (view.shop == shop)
        marked = self._order_marks[mark]
        told = alike & here if np.count_nonzero(alike & here) >= _ENOUGH or not marked[here].any() else alike
        there = marked[told]
        return len(there) >= _ENOUGH and bool(there.mean() >= _NEARLY_ALL)

    @cached_property
    def _paid_orders(self) -> np.ndarray:
        """Sales of orders that stand as paid and that the order leg compares: one paid in cash never has a number."""
        view = self._view
        sold = (self._parts.group >= 0) & (view.side == ORDER) & (view.kind == KIND["sale"]) & (view.amount != 0)
        paid: np.ndarray = sold & np.isin(view.state, [STATE[s] for s in ("paid", "shipped", "completed")])
        return paid

    def wrong_column(self, group: int) -> bool:
        """Nearly all paid orders of the order's file differ, and agree by their other price column."""
        return bool(self._by_other_column[self._file[group]]) if self._file[group] >= 0 else False

    @cached_property
    def _file(self) -> np.ndarray:
        """Per key the file of its order, -1 without."""
        view, parts = self._view, self._parts
        files = view.entries["source_file"].cat.codes.to_numpy().astype(np.int64)
        return max_by(np.where(view.side == ORDER, parts.group, -1), files, len(parts), -1)

    @cached_property
    def _by_other_column(self) -> np.ndarray:
        """Per file of orders, whether its price was taken from the wrong column."""
        s, files = self._parts.sums, len(self._view.entries["source_file"].cat.categories)
        compared = s.has_order & (s.paid != 0) & (s.sale != 0)
        differs = compared & (s.paid != s.expect_paid)
        agrees = differs & (s.paid == s.order_amount)
        every, agreed = (count_by(np.where(some, self._file, -1), files) for some in (compared, agrees))
        wrong: np.ndarray = (every >= _ENOUGH) & (agreed >= _NEARLY_ALL * every)
        return wrong

    def other_wallet(self, row: int, method: str) -> bool:
        """The order's method names a gateway of which there is no file."""
        view = self._view
        families = self._channels[view.channels[view.channel[row]]].settles_via
        word = method.strip().lower()
        titles: dict[str, set[str]] = {f.family: set() for f in self._channels.values() if f.family in families}
        for facts in self._channels.values():
            if facts.family in titles:
                titles[facts.family] |= {text.lower() for text in (facts.title_zh, facts.title_en, *facts.payers)}
        named = {f for f, texts in titles.items() if len(word) > 1 and any(word in t or t in word for t in texts)}
        return bool(named) and not named & self._families

    def wrong_merchant(self, group: int) -> bool:
        """Several orders of the shop lie in this account, and from the first of them on none at home."""
        row = int(self._first_receipt[group])
        if row < 0:
            return False
        key = (int(self._receipts[0][row]), int(self._receipts[1][row]))
        if key not in self._wrong_merchants:
            self._wrong_merchants[key] = self._diverted(*key)
        return self._wrong_merchants[key]

    def _diverted(self, at: int, of: int) -> bool:
        account, shop, day, away = self._receipts
        mine = away & (account == at) & (shop == of)
        keys = np.unique(self._parts.group[self._receipt_rows[mine]])
        family = self._view.family[self._receipt_rows]
        home = ~away & (shop == of) & (family == family[np.flatnonzero(mine)[0]])
        return len(keys) >= _SEVERAL and not (day[home] > day[mine].min()).any()

    @cached_property
    def _first_receipt(self) -> np.ndarray:
        """Per key the place of its first payment among the receipts, -1 without."""
        first = np.full(len(self._parts), -1, dtype=np.int64)
        group = self._parts.group[self._receipt_rows]
        first[group[::-1]] = np.arange(len(group))[::-1]
        return first

    @cached_property
    def _receipt_rows(self) -> np.ndarray:
        view, group = self._view, self._parts.group
        return np.flatnonzero((view.side == GATEWAY) & (view.kind == KIND["payment"]) & (group >= 0))

    @cached_property
    def _receipts(self) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        view, rows = self._view, self._receipt_rows
        group = self._parts.group[rows]
        return view.account[rows], self._shop[group], view.day[rows], self._parts.astray[group]

    @cached_property
    def _shop(self) -> np.ndarray:
        view, parts = self._view, self._parts
        return max_by(np.where(view.side == ORDER, parts.group, -1), view.shop, len(parts), -1)

    def quota_over(self, group: int) -> bool:
        """Nothing of this subsidy of the shop is paid from one moment on, on several orders."""
        key = int(self._shop[group]), int(self._subsidy_kind[group])
        if key not in self._quotas:
            self._quotas[key] = self._used_up(*key)
        return self._quotas[key]

    def _used_up(self, of: int, kind: int) -> bool:
        day = self._parts.times.order_day
        like = (self._shop == of) & (self._subsidy_kind == kind) & (day != NO_DAY)
        out = like & self._unpaid
        granted = like & (self._parts.sums.granted != 0)
        return int(out.sum()) >= _SEVERAL and granted.any() and bool(day[granted].max() < day[out].min())

    @cached_property
    def _subsidy_kind(self) -> np.ndarray:
        """Per key the detail of its subsidy on the order side: what stands for the campaign."""
        view, parts = self._view, self._parts
        mine = (view.side == ORDER) & (parts.part == SUBSIDY)
        code = view.entries["detail"].cat.codes.to_numpy().astype(np.int64)
        return max_by(np.where(mine, parts.group, -1), code, len(parts), -1)
