"""The cause of a finding of the legs payout and gateway-bank: the first tag whose evidence stands, else empty."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cached_property

import numpy as np

from recon.breaks.lines_like import Like, lines_like
from recon.breaks.lumps import NEVER, lumps
from recon.ledger.days import date_of
from recon.ledger.naming import printed_tails
from recon.ledger.transfers import LATE, MATCHED, MISMATCH, BankLeg, Batch, Tie, Transfer
from recon.ledger.view import BANK, GATEWAY, KIND, View

_LOAN = re.compile(r"贷款|借款|放款|还款|还本|(?i:\bloan\b)")
_OWNER = re.compile(r"股东|投资款|实收资本|出资|注资|法人借|(?i:shareholder|capital contribution)")
_SUBSCRIPTION = re.compile(r"订阅|年费|月费|会员费|续费|(?i:subscription|membership)")
_TRANSFER = re.compile(r"转账|汇款|(?i:\btransfer\b)")
_PERSON = re.compile(r"^[\u4e00-\u9fff]{2,4}$|^[\u4e00-\u9fff]+·[\u4e00-\u9fff]+$")
_NUMBER = re.compile(r"[0-9A-Za-z][0-9A-Za-z_-]{7,}")
_FEE = re.compile(r"费(?:用)?[:：]?\s*(?P<fee>\d+(?:\.\d{1,2})?)\s*元?|(?i:\bfee\s+)(?P<en>\d+(?:\.\d{1,2})?)")
_PENALTY = re.compile(r"罚|违约金|(?i:penalty)")
_FREEZE = re.compile(r"冻结|(?i:\bfreez|\bfrozen)")
_RESERVE = re.compile(r"冻结|保留金|预留|(?i:reserve)")
#: Equal amounts in so many months, or equal differences, make a habit.
_RECURRING = 3


class BankCauses:
    """Answers about one run of the leg gateway-bank; its texts are read once."""

    def __init__(self, view: View, leg: BankLeg) -> None:
        """Look at the leg as matching left it."""
        self._view = view
        self._leg = leg

    def text(self, row: int) -> str:
        """Return counterparty and text of a bank row."""
        return " ".join(part for part in self._texts[row] if part)

    @cached_property
    def _texts(self) -> dict[int, tuple[str, str]]:
        rows = np.flatnonzero(self._view.side == BANK)
        names, memos = self._view.texts("counterparty", rows), self._view.texts("memo", rows)
        return {int(row): (name, memo) for row, name, memo in zip(rows, names, memos, strict=True)}

    def of_row(self, row: int) -> str:
        """Return the cause of an unknown receipt or debit."""
        receipt = bool(self._view.amount[row] >= 0)
        name, memo = self._texts[row]
        text = self.text(row)
        tags = (
            ("direct_transfer", receipt and not self._leg.named.get(row) and _by_person(name, memo)),
            ("lump_relief", receipt and int(self._view.day[row]) > self._lumps.get(self._sum(row), NEVER)),
            ("duplicate", receipt and self._print(row) in self._matched),
            ("loan", bool(_LOAN.search(text))),
            ("owner_money", bool(_OWNER.search(text))),
            ("subscription", not receipt and (bool(_SUBSCRIPTION.search(text)) or self._monthly(row))),
        )
        return next((tag for tag, holds in tags if holds), "")

    def _print(self, row: int) -> tuple[int, int, tuple[str, str]]:
        return int(self._view.amount[row]), int(self._view.day[row]), self._texts[row]

    @cached_property
    def _matched(self) -> set[tuple[int, int, tuple[str, str]]]:
        return {self._print(row) for tie in self._leg.ties if tie.how in (MATCHED, LATE) for row in tie.credits}

    def _sum(self, row: int) -> tuple[int, int]:
        return int(self._view.currency[row]), int(self._view.amount[row])

    @cached_property
    def _lumps(self) -> Mapping[tuple[int, int], int]:
        return lumps(self._view)

    def _monthly(self, row: int) -> bool:
        """The same counterparty took the same amount in several months."""
        name = self._texts[row][0]
        return bool(name) and len(self._months.get((name, int(self._view.amount[row])), ())) >= _RECURRING

    @cached_property
    def _months(self) -> Mapping[tuple[str, int], set[str]]:
        months: dict[tuple[str, int], set[str]] = {}
        for row in self._leg.open_rows:
            key = self._texts[row][0], int(self._view.amount[row])
            months.setdefault(key, set()).add(str(date_of(int(self._view.day[row])))[:7])
        return months

    def of_mismatch(self, tie: Tie) -> tuple[str, Like]:
        """Return the cause of a payout that differs at the bank, and how many lines could be what is missing."""
        sent = [self._leg.transfers[n] for n in tie.transfers]
        gap = self._gap(tie)
        rows = [row for t in sent if t.form != "payout" for row in t.rows]
        like = lines_like(self._view, rows, gap)
        if like.count:
            return "lines_missing", like
        if gap < 0 and (self._printed_fee(tie) == -gap or self._gaps[self._bank(tie), gap] >= _RECURRING):
            return "bank_fee", Like(0)
        open_amounts = {self._leg.transfers[n].amount for n in self._leg.open_transfers if self._same(n, sent[0])}
        return ("two_payouts" if abs(gap) in open_amounts else ""), Like(0)

    def of_converted(self, tie: Tie) -> str:
        """Return the cause of a payout that came in another currency at another value: a fee that the bank prints."""
        came = int(self._view.amount[list(tie.credits)].sum())
        return "bank_fee" if self._printed_fee(tie) == (tie.value or 0) - came > 0 else ""

    def _same(self, n: int, sent: Transfer) -> bool:
        other = self._leg.transfers[n]
        return (other.account, other.currency) == (sent.account, sent.currency)

    def _gap(self, tie: Tie) -> int:
        expected = sum(self._leg.transfers[n].amount for n in tie.transfers)
        return int(self._view.amount[list(tie.credits)].sum()) - expected

    def _bank(self, tie: Tie) -> int:
        return int(self._view.account[tie.credits[0]])

    @cached_property
    def _gaps(self) -> Counter[tuple[int, int]]:
        """Differences of all payouts that differ, by bank account."""
        return Counter((self._bank(tie), self._gap(tie)) for tie in self._leg.ties if tie.how == MISMATCH)

    def _printed_fee(self, tie: Tie) -> int:
        """The fee that the texts of the credits print, in minor units of two decimals, 0 without."""
        total = 0
        for row in tie.credits:
            found = _FEE.search(self.text(row))
            whole, _, part = (found["fee"] or found["en"]).partition(".") if found else ("0", "", "")
            total += int(whole) * 100 + int(part.ljust(2, "0") or 0)
        return total

    def of_missing(self, n: int) -> str:
        """Return the cause of a payout that did not arrive: an equal return is there that fits more than one."""
        sent = self._leg.transfers[n]
        back = (self._leg.transfers[m] for m in self._leg.open_transfers if self._same(m, sent))
        tags = (
            ("payout_returned", any(other.amount == -sent.amount and other.day >= sent.day for other in back)),
            ("frozen", self._frozen(sent)),
            ("wrong_bank_account", self._other_card(sent)),
        )
        return next((tag for tag, holds in tags if holds), "")

    def _frozen(self, sent: Transfer) -> bool:
        """The wallet shows a freeze between the payout and its due day, or no later payout of it arrived either."""
        view = self._view
        mine = (view.side == GATEWAY) & (view.account == sent.account) & (view.day >= sent.day)
        rows = np.flatnonzero(mine & (view.day <= sent.due) & (view.kind != KIND["payout"]))
        words = " ".join((*view.texts("detail", rows), *view.texts("memo", rows)))
        later = [
            n for n, t in enumerate(self._leg.transfers) if self._same(n, sent) and t.day > sent.day and t.amount > 0
        ]
        failing = len(later) >= _RECURRING - 1 and set(later) <= set(self._leg.open_transfers)
        return bool(_FREEZE.search(words)) or failing

    def _other_card(self, sent: Transfer) -> bool:
        """The payout prints the last digits of a bank account of which there is no statement."""
        tails = printed_tails(self._view, sent.rows)
        known = {self._view.accounts[a][-4:] for a in np.unique(self._view.account[self._view.side == BANK])}
        return bool(tails) and bool(known) and not tails & known


def _by_person(name: str, memo: str) -> bool:
    transfer = bool(_TRANSFER.search(memo)) and not _NUMBER.search(memo)
    return transfer and (not name or bool(_PERSON.match(name)))


def of_batch(view: View, batch: Batch, batches: Sequence[Batch]) -> tuple[str, Like]:
    """Return the cause of a batch that does not foot, and how many lines could be what is missing."""
    gap = batch.paid_out - batch.footed
    like = lines_like(view, batch.lines, gap) if batch.payouts else Like(0)
    if like.count:
        return "lines_missing", like
    mine = (view.side == GATEWAY) & (view.account == batch.account) & (np.abs(view.amount) == abs(gap))
    rows = np.flatnonzero(mine & (view.codes("batch_ref")[0] < 0))
    words = " ".join((*view.texts("detail", rows), *view.texts("memo", rows)))
    tags = (
        ("reserve_held", bool(_RESERVE.search(words))),
        ("deposit", bool((view.kind[rows] == KIND["deposit"]).any())),
        ("penalty", bool(_PENALTY.search(words))),
        ("other_period", any(lines_like(view, other.lines, gap).count for other in _neighbours(batch, batches))),
    )
    return next((tag for tag, holds in tags if holds), ""), Like(0)


def _neighbours(batch: Batch, batches: Sequence[Batch]) -> list[Batch]:
    """The batches before and after this one in the same account and currency."""
    of_account = [b for b in batches if b.key and (b.account, b.currency) == (batch.account, batch.currency)]
    ordered = sorted(of_account, key=lambda b: (b.day, b.key))
    place = ordered.index(batch)
    return ordered[max(place - 1, 0) : place] + ordered[place + 1 : place + 2]
