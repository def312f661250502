"""What one leg brings from before the period and leaves behind at its end: positions, as rows with amounts.

The position of a leg on a day is what one side has and the other has not yet: Σ of the first less Σ of the second, of
all rows up to that day. So what arrived in a period = what was sent in it + the position before - the position after.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from recon.ledger.days import NO_DAY
from recon.ledger.outcome import BREAK, EXCLUDED, IN_TRANSIT, MATCHED, Outcome
from recon.ledger.parts import max_by, min_by, sum_by
from recon.outputs.bridge_owners import Placed
from recon.outputs.bridge_steps import NUMBER, LegSteps

#: Detail of what was matched across the start of the period.
CLEARED = "matched in the period"


@dataclass(frozen=True)
class Span:
    """Day numbers: the last day before the period, and its last day (not after as_of)."""

    opening: int
    closing: int


@dataclass(frozen=True)
class Rows:
    """Rows of a step: positions of entries, codes of their details, what each gives to the bridge in minor units.

    by_account: whether each account has a line of its own. cited: whether the rows are listed.
    """

    step: int
    row: np.ndarray
    detail: np.ndarray
    value: np.ndarray
    by_account: bool = False
    cited: bool = True


class Words:
    """Gives texts numbers: 0 is the empty text."""

    def __init__(self) -> None:
        """Know no text but the empty one."""
        self.texts = [""]
        self._code = {"": 0}

    def code(self, text: str | None) -> int:
        """Return the number of a text."""
        if (text or "") not in self._code:
            self._code[text or ""] = len(self.texts)
            self.texts.append(text or "")
        return self._code[text or ""]

    def led_by(self, reason: str) -> list[int]:
        """Return the numbers of the texts whose first reason this is; others follow after `;`."""
        return [code for text, code in self._code.items() if text.split(";", 1)[0] == reason]

    def codes(self, column: pd.Series) -> np.ndarray:
        """Return the numbers of a column of texts."""
        place, texts = pd.factorize(column, use_na_sentinel=True)
        known = np.array([self.code(str(text)) for text in texts] + [0], dtype=np.int64)
        codes: np.ndarray = known[place]
        return codes


@dataclass(frozen=True)
class Said:
    """Codes of what an outcome says of its groups: per match its residual reason, per finding its break code, per line
    of in transit and excluded the reason.
    """

    residual: np.ndarray
    breaks: np.ndarray
    waiting: np.ndarray
    excluded: np.ndarray

    @staticmethod
    def of(outcome: Outcome, words: Words) -> Said:
        """Look the texts up once for all legs."""
        return Said(
            _by_number(outcome.matches["match"].to_numpy(np.int64), words.codes(outcome.matches["residual_reason"])),
            _by_number(outcome.findings["finding"].to_numpy(np.int64), words.codes(outcome.findings["code"])),
            _by_number(outcome.in_transit.index.to_numpy(np.int64), words.codes(outcome.in_transit["reason"])),
            _by_number(outcome.excluded.index.to_numpy(np.int64), words.codes(outcome.excluded["reason"])),
        )


def _by_number(number: np.ndarray, code: np.ndarray) -> np.ndarray:
    codes = np.zeros(int(number.max(initial=-1)) + 1, dtype=np.int64)
    codes[number] = code
    return codes


@dataclass(frozen=True)
class Side:
    """The rows that one leg compares. value: + for what is to come on, - for what came. owner, day: per entry."""

    row: np.ndarray
    value: np.ndarray
    owner: np.ndarray
    day: np.ndarray


def open_positions(side: Side, leg: Placed, span: Span, said: Said, steps: LegSteps, words: Words) -> Iterator[Rows]:
    """Yield the rows that a leg brings from before the period and those it leaves behind at its end.

    What was settled before the period takes no part: its position is the same at both ends. What is open before the
    period and after it stands at both ends, so that each open item is seen.

    Args:
        side: the rows.
        leg: where they ended.
        span: of the period.
        said: what the outcome says of the groups.
        steps: the steps that the leg fills.
        words: for details of its own.
    """
    group, day = leg.group[side.row], side.day[side.row]
    before, until = day <= span.opening, day <= span.closing
    by_account = steps.unplaced == "wallet_balance"
    yield from _matched(side, leg, span, said, steps, words.code(CLEARED), by_account=by_account)
    for code, step, texts in ((IN_TRANSIT, steps.waiting, said.waiting), (BREAK, steps.breaks, said.breaks)):
        for at, name, sign in ((group == code) & before, steps.forward, 1), ((group == code) & until, step, -1):
            row = side.row[at]
            yield Rows(NUMBER[name], row, texts[leg.index[row]], sign * side.value[at], by_account)
    at = (group == EXCLUDED) & until & ~before
    row = side.row[at]
    yield Rows(NUMBER[steps.excluded], row, said.excluded[leg.index[row]], -side.value[at], by_account)
    at = (group == 0) & until & ~before
    row = side.row[at]
    # The balance of a wallet is the sum of all its rows, which stand in the lines above already.
    nothing = np.zeros(len(row), dtype=np.int64)
    yield Rows(NUMBER[steps.unplaced], row, nothing, -side.value[at], by_account, cited=not by_account)


def _matched(
    side: Side, leg: Placed, span: Span, said: Said, steps: LegSteps, cleared: int, *, by_account: bool
) -> Iterator[Rows]:
    """Matches across an end of the period, and what matches leave as residuals or give to another bridge."""
    at = np.flatnonzero(leg.group[side.row] == MATCHED)
    row, value = side.row[at], side.value[at]
    number, day, owner = leg.index[row], side.day[row], side.owner[row]
    size = int(number.max(initial=-1)) + 1
    last = max_by(number, day, size, NO_DAY)[number]
    mixed = (min_by(number, owner, size, -1) != max_by(number, owner, size, -1))[number]
    rest = sum_by(number, value, size)[number]
    nothing = np.zeros(len(said.residual), dtype=np.int64)
    alive = last > span.opening
    until = alive & (day <= span.closing)
    later = last > span.closing
    for name, mask, sign, texts in (
        (steps.forward, alive & (day <= span.opening), 1, nothing + cleared),
        (steps.elsewhere, until & mixed, -1, nothing),
        (steps.later, until & ~mixed & later, -1, nothing),
        (steps.residual, until & ~mixed & ~later & (rest != 0), -1, said.residual),
    ):
        yield Rows(NUMBER[name], row[mask], texts[number[mask]], sign * value[mask], by_account)
