"""Public sets with known answers, where `RECON_REAL_FILES` names the folder that holds them: no score falls."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.benchmarks.public.scores import Score
from tests.benchmarks.public_sets import SETS, scores

FOLDER = os.environ.get("RECON_REAL_FILES")
#: Set -> right answers per question, at least; nothing is ever posted wrongly.
FLOORS = {
    "SettleSense": (24, 13, 52),
    "Lerian 01, card acquirer": (770, 45, 15, 291, 0),
    "Lerian 03, marketplace payouts": (919, 210, 0),
    "taskgraph cash application": (7, 25, 88, 267),
}


@pytest.mark.skipif(FOLDER is None or not (Path(FOLDER) / "matching").is_dir(), reason="the public sets are not here")
def test_no_score_falls_and_nothing_is_posted_wrongly() -> None:
    found = dict(scores(Path(FOLDER or "")))
    assert {name: [score.wrong for score in of_set] for name, of_set in found.items()} == {
        name: [[] for _ in floors] for name, floors in FLOORS.items()
    }
    fallen = {
        score.name: (score.hits, floor)
        for name, floors in FLOORS.items()
        for score, floor in zip(found[name], floors, strict=True)
        if score.hits < floor
    }
    assert not fallen
    assert found == dict(scores(Path(FOLDER or "")))  # the report repeats


def test_every_set_has_its_floors() -> None:
    assert FLOORS.keys() == SETS.keys()


def test_a_score_names_its_misses_by_their_reason() -> None:
    score = Score("pairs", frozenset({"proved"}))
    for item, answer, reason in (("a", "proved", ""), ("b", "open", "late"), ("c", "open", "late"), ("d", "open", "")):
        score.add(item, answer, reason)
    score.wrong.append("e with f")
    assert (score.true, score.hits) == (4, 1)
    assert score.text(1).splitlines() == [
        "pairs: 1 of 4 right (open 3, proved 1); wrongly posted 1",
        "    WRONG e with f",
        "    miss (1) d: open",
        "    miss (2) b and 1 more: open: late",
    ]
