"""What alarms look at: the entries that count, the days that are judged, and which days the files tell in full."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from recon.breaks.coverage import Covered
from recon.ledger.channel import ChannelFacts
from recon.ledger.days import day_number
from recon.ledger.statement import Statement
from recon.ledger.view import View
from recon.timing import Coverage

_NO_DAYS: tuple[set[int], set[int]] = (set(), set())


@dataclass(frozen=True)
class Scope:
    """One run as the alarms see it.

    counted: entries that tell each movement once, up to as_of. since, as_of: first and last day number that a run
    reports on (of its period). money_at_risk: limit in ten-thousandths of a major unit, None for none.
    """

    view: View
    files: Sequence[Statement]
    channels: Mapping[str, ChannelFacts]
    covered: Covered
    counted: np.ndarray
    since: int
    as_of: int
    zone: str
    lang: str
    money_at_risk: int | None = None

    @property
    def until(self) -> int:
        """The last day that is judged: as_of, or the last day of any file before it."""
        cover = self.covered.cover
        lasts = [c.last for side in (cover.gateways, cover.orders) for c in side.values()]
        return min(self.as_of, max(lasts, default=self.as_of))

    def daily_files(self, account: str) -> int:
        """How many files of an account state one single day as their period."""
        return self._single_days.get(account, 0)

    def coverage(self, account: str) -> Coverage | None:
        """The coverage of an account of any side."""
        cover = self.covered.cover
        return cover.gateways.get(account) or cover.orders.get(account) or cover.banks.get(account)

    def whole_days(self, account: str, first: int, last: int) -> np.ndarray:
        """Return which days from first to last proven files tell in full.

        The first and the last day of an account may be cut where no file states its period: a file may be fetched at
        noon.
        """
        days = np.arange(first, last + 1)
        found = self.coverage(account)
        if found is None:
            return np.zeros(len(days), dtype=bool)
        whole = found.covers(days, days)
        for start, end in self.covered.cover.unproven.get(account, ()):
            whole &= (days < start) | (days > end)
        starts, ends = self._stated.get(account, _NO_DAYS)
        if found.first not in starts:
            whole &= days != found.first
        if found.last not in ends:
            whole &= days != found.last
        return whole

    @cached_property
    def _stated(self) -> dict[str, tuple[set[int], set[int]]]:
        """Account -> first and last days that its files state as their period."""
        stated: dict[str, tuple[set[int], set[int]]] = {}
        for statement in self.files:
            family = self.channels[statement.channel].family
            for facts in statement.accounts:
                if facts.period_stated and facts.period_from is not None and facts.period_to is not None:
                    starts, ends = stated.setdefault(f"{family}:{facts.account}", (set(), set()))
                    starts.add(day_number(facts.period_from))
                    ends.add(day_number(facts.period_to))
        return stated

    @cached_property
    def _single_days(self) -> Counter[str]:
        return Counter(
            f"{self.channels[statement.channel].family}:{facts.account}"
            for statement in self.files
            for facts in statement.accounts
            if facts.period_stated and facts.period_from is not None and facts.period_from == facts.period_to
        )
