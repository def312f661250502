"""What the words of a payout and of a bank row that names no payer say of each other."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from recon.matching.bank.board import BankBoard
from recon.matching.bank.texts import joined_texts
from recon.matching.words import Vocabulary, meets

Edge = tuple[int, int]


def without_strangers(board: BankBoard, edges: Sequence[Edge]) -> list[Edge]:
    """Drop the pairs whose words do not meet where the payout or the row has a pair whose words do.

    Words can only choose by what they say: where none meet, or one side has none, all pairs stay.
    """
    if not edges:
        return []
    sent = [row for n, _ in edges for row in board.transfers[n].rows if board.transfers[n].form == "payout"]
    ours, theirs = _texts(board, sent), _texts(board, board.texts.rows.tolist())
    common = Vocabulary.of(ours.values()).common | Vocabulary.of(theirs.values()).common
    said = {
        edge: meets(" ".join(ours.get(r, "") for r in board.transfers[edge[0]].rows), theirs[edge[1]], common)
        for edge in edges
    }
    sent_met = {n for (n, _), met in said.items() if met}
    row_met = {row for (_, row), met in said.items() if met}
    return [edge for edge in edges if said[edge] is not False or not (edge[0] in sent_met or edge[1] in row_met)]


def _texts(board: BankBoard, rows: Sequence[int]) -> dict[int, str]:
    places = np.array(sorted(set(rows)), dtype=np.int64)
    return dict(zip(places.tolist(), joined_texts(board.view, places).to_pylist(), strict=True))
