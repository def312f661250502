"""What a payout lacks after its lines, in words: each part with two other payouts that show it, and the rest."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from recon.breaks.phrases import say
from recon.breaks.residual_habits import RESERVE, SUBSCRIPTION
from recon.breaks.residuals import Part, named_residuals
from recon.ledger.days import date_of
from recon.ledger.transfers import Batch
from recon.ledger.view import View
from recon.money import format_amount

_PHRASES = {SUBSCRIPTION: "residual_monthly", RESERVE: "residual_reserve"}


class Residuals:
    """The residuals of all payouts that print a batch number, compared within each account and currency."""

    def __init__(self, view: View, batches: Sequence[Batch]) -> None:
        """Compare the residuals; payouts without a printed batch or without lines take no part."""
        self._view = view
        self._days: dict[Batch, tuple[int, ...]] = {}
        self._parts: dict[Batch, tuple[Part, ...]] = {}
        accounts: dict[tuple[int, int], list[Batch]] = {}
        for batch in batches:
            if batch.key and batch.payouts and batch.lines:
                accounts.setdefault((batch.account, batch.currency), []).append(batch)
        for some in accounts.values():
            self._compare(sorted(some, key=lambda batch: (batch.day, batch.key)))

    def _compare(self, batches: Sequence[Batch]) -> None:
        days = tuple(batch.day for batch in batches)
        named = named_residuals(days, [batch.footed for batch in batches], [_residual(batch) for batch in batches])
        for batch, parts in zip(batches, named, strict=True):
            self._parts[batch], self._days[batch] = parts, days

    def cause(self, batch: Batch) -> str:
        """Return `reserve_held` where a proved reserve is the whole residual, else nothing: a loan has no tag."""
        parts = self._parts.get(batch, ())
        held = [part.name for part in parts] == [RESERVE] and parts[0].amount == _residual(batch)
        return "reserve_held" if held else ""

    def text(self, batch: Batch, lang: str) -> str:
        """Return the parts of a residual in words, and what of it is not in the file; empty where nothing recurs."""
        parts = self._parts.get(batch, ())
        if not parts:
            return ""
        rest = _residual(batch) - sum(part.amount for part in parts)
        left = say(lang, "residual_rest", rest=self._money(batch, rest)) if rest else ""
        return "".join(self._part(batch, part, lang) for part in parts) + left

    def _part(self, batch: Batch, part: Part, lang: str) -> str:
        days, habit = self._days[batch], part.habit
        others = [days[n] for n in habit.seen if days[n] != batch.day]
        nearest = sorted(sorted(others, key=lambda day: (abs(day - batch.day), day))[:2])
        fixed = "residual_fixed" if habit.amount else "residual_share"
        return say(
            lang,
            _PHRASES.get(part.name, fixed),
            amount=self._money(batch, abs(part.amount) if part.name != RESERVE else part.amount),
            percent=_percent(habit.share),
            lag=habit.lag,
            others=say(lang, "residual_days", first=date_of(nearest[0]), second=date_of(nearest[1])),
        )

    def _money(self, batch: Batch, amount: int) -> str:
        return format_amount(amount, self._view.currencies[batch.currency])


def _residual(batch: Batch) -> int:
    return batch.paid_out + batch.fee - batch.footed


def _percent(share: Fraction) -> str:
    """A share of whole basis points in per cent."""
    whole, points = divmod(int(share * 10_000), 100)
    return f"{whole}.{points:02}".rstrip("0").rstrip(".") if points else str(whole)
