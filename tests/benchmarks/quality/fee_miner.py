"""What recon learns of fees, as plain values for the judge of `fee_schedules`."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

import numpy as np

from recon.fees import learn


class Stretch(NamedTuple):
    """Rules as (rate, fixed, minimum, maximum, rounding), the chosen one first, and the gap before the stretch."""

    rules: tuple[tuple[Fraction, int, int, int | None, str], ...]
    gap: tuple[int, int] | None


def stretches(amount: Sequence[int], fee: Sequence[int], moment: Sequence[int]) -> list[Stretch]:
    """Return the stretches that recon finds in (amount, fee, moment) of payments."""
    columns = (np.array(column, dtype=np.int64) for column in (amount, fee, moment))
    return [
        Stretch(tuple((t.share, t.fixed, t.minimum, t.maximum, t.rounding.value) for t in (f.terms, *f.others)), f.gap)
        for f in learn(*columns).rules
    ]
