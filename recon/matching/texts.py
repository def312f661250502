"""What the words of a bank line say: which channel paid, for which account and day, and which numbers it carries.

The payers and key patterns come from the channels' specs (sources: bank texts quoted there).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from recon.ledger.channel import ChannelFacts
from recon.ledger.view import View, arrow

_TOKEN = re.compile(r"[0-9A-Za-z][0-9A-Za-z_-]{7,}")
#: Kinds of bank rows that their text explains: never a channel's money, never a break.
KNOWN_KINDS = ("fee", "interest", "tax", "transfer")


@dataclass(frozen=True)
class BankTexts:
    """Per bank row (by position in `rows`): families named, numbers carried, and (account number, day) keys."""

    rows: np.ndarray
    named: dict[int, frozenset[int]]
    tokens: dict[str, tuple[int, ...]]
    day_keys: dict[int, tuple[str, str]]  # row -> (account number, MMDD)


def read_texts(view: View, channels: Mapping[str, ChannelFacts], rows: np.ndarray) -> BankTexts:
    """Read the texts of bank rows.

    Args:
        view: the ledger.
        channels: facts of all channels, those without a file in this run too, so that a payer is known anyway.
        rows: positions of bank rows.
    """
    text = joined_texts(view, rows)
    tokens: dict[str, list[int]] = {}
    day_keys: dict[int, tuple[str, str]] = {}
    patterns = [re.compile(p) for p in sorted({p for f in channels.values() for p in f.bank_keys})]
    for row, words in zip(rows.tolist(), text.to_pylist(), strict=True):
        for token in set(_TOKEN.findall(words)):
            tokens.setdefault(token, []).append(row)
        for pattern in patterns:
            found = pattern.search(words)
            if found and {"mmdd", "account"} <= found.groupdict().keys():
                day_keys[row] = (found["account"], found["mmdd"])
    for column in ("payment_ref", "batch_ref"):
        for row, number in zip(rows.tolist(), view.texts(column, rows), strict=True):
            if len(number) >= 8 and row not in tokens.get(number, ()):
                tokens.setdefault(number, []).append(row)
    return BankTexts(
        rows=rows,
        named=_named(view, channels, rows, text),
        tokens={token: tuple(sorted(found)) for token, found in tokens.items()},
        day_keys=day_keys,
    )


def _named(
    view: View, channels: Mapping[str, ChannelFacts], rows: np.ndarray, text: pa.Array
) -> dict[int, frozenset[int]]:
    named: dict[int, set[int]] = {}
    for facts in sorted(channels.values(), key=lambda f: f.channel):
        family = view.families.index(facts.family) if facts.family in view.families else -1 - _rank(channels, facts)
        for payer in facts.payers:
            word = unicodedata.normalize("NFKC", payer)  # as the texts are: full-width brackets too
            for n in np.flatnonzero(pc.match_substring(text, word).to_numpy(zero_copy_only=False)):
                named.setdefault(int(rows[n]), set()).add(family)
    return {row: frozenset(families) for row, families in named.items()}


def known_by_text(view: View, rows: np.ndarray) -> dict[int, str]:
    """Return the reason for each bank row that its text explains (bank fee, interest, tax, salary, own transfer)."""
    reasons = view.texts("detail", rows)
    kinds = view.entries["kind"].take(rows).astype(str).to_list()
    known = {}
    for row, reason, kind in zip(rows.tolist(), reasons, kinds, strict=True):
        if reason or kind in KNOWN_KINDS:
            known[row] = reason or kind
    return known


def _rank(channels: Mapping[str, ChannelFacts], facts: ChannelFacts) -> int:
    """A number for a family that has no file here: its payer is known, its wallet is not."""
    return sorted({f.family for f in channels.values()}).index(facts.family)


def joined_texts(view: View, rows: np.ndarray) -> pa.Array:
    """Return counterparty and text of rows as one, NFKC."""
    taken = view.entries.loc[rows, ["counterparty", "memo"]]
    parts = [arrow(taken[name]).cast(pa.string()).fill_null("") for name in ("counterparty", "memo")]
    joined = pc.binary_join_element_wise(*parts, " ")
    flat = joined.combine_chunks() if isinstance(joined, pa.ChunkedArray) else joined
    return pc.utf8_normalize(flat, form="NFKC")
