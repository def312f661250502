"""One rule for all rows of a charge, or one per card brand or category, where the file has such a column."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from recon.fees.dating import CHANGE, SHARE, Counts, Moments
from recon.fees.learning import Fit, Learned, learn
from recon.money import Minor

#: A column with more values than this is no card brand or category (a buyer's name, for instance).
_MOST = 40


class Split(NamedTuple):
    """What was learned of the rows of some classes; no classes: of all rows."""

    classes: tuple[int, ...]
    learned: Learned


def learn_split(base: Minor, fee: Minor, moment: Moments, group: Counts) -> list[Split]:
    """Learn one rule for all, or one for each set of classes that is charged alike, where these explain more.

    Args:
        base: positive minor units, one row per payment.
        fee: what was charged, as a cost.
        moment: when it was paid.
        group: class of each row, a whole number.

    Returns:
        One part without classes, or parts of different classes: where these explain clearly more, or where no rule
        holds for all. A class that no rule explains is in no part.
    """
    whole = learn(base, fee, moment)
    classes, sizes = np.unique(group, return_counts=True)
    if whole.explained == whole.rows or not 1 < len(classes) <= _MOST:
        return [Split((), whole)]
    alike: list[tuple[tuple[Fit, ...], list[int]]] = []
    for place in np.lexsort((classes, -sizes)).tolist():
        rows = group == classes[place]
        columns = base[rows], fee[rows], moment[rows]
        own = learn(*columns)
        met = [_explained(fits, *columns) for fits, _ in alike]
        best = int(np.argmax(met)) if met else -1
        if met and met[best] >= own.explained and met[best] * 100 >= SHARE * own.rows:
            alike[best][1].append(int(classes[place]))
        elif own.rules:
            alike.append((own.rules, [int(classes[place])]))
    parts = [Split(tuple(sorted(members)), learn(*_of(members, base, fee, moment, group))) for _, members in alike]
    explained = sum(part.learned.explained for part in parts)
    better = not whole.rules or explained >= whole.explained + CHANGE * len(parts)
    if not parts or not better or not all(part.learned.rules for part in parts):
        return [Split((), whole)]
    return sorted(parts)


def _of(
    members: list[int], base: Minor, fee: Minor, moment: Moments, group: Counts
) -> tuple[Minor, Minor, npt.NDArray[np.int64]]:
    rows = np.isin(group, members)
    return base[rows], fee[rows], moment[rows]


def _explained(fits: tuple[Fit, ...], base: Minor, fee: Minor, moment: Moments) -> int:
    """How many rows dated rules explain."""
    count = 0
    for number, fit in enumerate(fits):
        held = np.ones(len(moment), dtype=bool) if fit.since is None else moment >= fit.since
        end = fits[number + 1].since if number + 1 < len(fits) else None
        held &= True if end is None else moment < end
        count += int(np.count_nonzero(fit.terms.explains(base[held], fee[held])))
    return count
