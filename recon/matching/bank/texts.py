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
from recon.ledger.naming import wallets_named
from recon.ledger.view import View, arrow

_TOKEN = re.compile(r"[0-9A-Za-z][0-9A-Za-z_-]{7,}")
_HYPHENS = re.compile(r"[_-]+")
#: Kinds of bank rows that their text explains: never a channel's money, never a break.
KNOWN_KINDS = ("fee", "interest", "tax", "transfer")


@dataclass(frozen=True)
class BankTexts:
    """Per bank row (by position in `rows`): families and wallets named, numbers, (account number, day) keys."""

    rows: np.ndarray
    words: dict[int, str]  # row -> counterparty and text
    named: dict[int, frozenset[int]]
    wallets: dict[int, frozenset[int]]  # row -> gateway accounts whose own number or name stands in the text
    tokens: dict[str, tuple[int, ...]]
    day_keys: dict[int, tuple[str, str]]  # row -> (account number, MMDD)
    clearing: dict[int, tuple[int, str, str]]  # row -> (family, first and last MMDD): clearing days that it pays


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
        for token in _numbers(words):
            tokens.setdefault(token, []).append(row)
        for pattern in patterns:
            found = pattern.search(words)
            if found and {"mmdd", "account"} <= found.groupdict().keys():
                day_keys[row] = (found["account"], found["mmdd"])
    for column in ("payment_ref", "batch_ref"):
        for row, number in zip(rows.tolist(), view.texts(column, rows), strict=True):
            if len(number) >= 8 and row not in tokens.get(number, ()):
                tokens.setdefault(number, []).append(row)
    wallets = wallets_named(view, rows, text)
    named = _named(view, channels, rows, text)
    return BankTexts(
        rows=rows,
        words=dict(zip(rows.tolist(), text.to_pylist(), strict=True)),
        named=_with_wallets(view, named, wallets),
        wallets=wallets,
        tokens={token: tuple(sorted(found)) for token, found in tokens.items()},
        day_keys=day_keys,
        clearing=_clearing(view, channels, rows, text, named),
    )


def _clearing(
    view: View,
    channels: Mapping[str, ChannelFacts],
    rows: np.ndarray,
    text: pa.Array,
    named: Mapping[int, frozenset[int]],
) -> dict[int, tuple[int, str, str]]:
    """The clearing days in the texts of rows that name the acquirer: patterns with the groups `first` and `last`."""
    found: dict[int, tuple[int, str, str]] = {}
    for facts in sorted(channels.values(), key=lambda f: f.channel):
        patterns = [pattern for pattern in map(re.compile, facts.bank_keys) if "first" in pattern.groupindex]
        family = view.families.index(facts.family) if patterns and facts.family in view.families else -1
        mine = [n for n, row in enumerate(rows.tolist()) if family in named.get(row, frozenset())] if patterns else []
        for n in mine if family >= 0 else ():
            match = next((hit for pattern in patterns if (hit := pattern.search(text[n].as_py()))), None)
            if match is not None:
                found[int(rows[n])] = (family, match["first"], match["last"] or match["first"])
    return found


def _numbers(words: str) -> set[str]:
    """The runs of eight or more letters and digits in a text, and those between their hyphens (NEFT-PAYER-UTR123)."""
    whole = set(_TOKEN.findall(words))
    parts = {part for token in whole for part in _HYPHENS.split(token)}
    return whole | {part for part in parts if _TOKEN.fullmatch(part) and not part.isalpha()}


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


def _with_wallets(
    view: View, named: Mapping[int, frozenset[int]], wallets: Mapping[int, frozenset[int]]
) -> dict[int, frozenset[int]]:
    """Families named by a payer, and those of the wallets named."""
    family = {account: view.families.index(view.accounts[account].split(":", 1)[0]) for account in _all(wallets)}
    of_wallets = {row: frozenset(family[account] for account in accounts) for row, accounts in wallets.items()}
    return {
        row: named.get(row, frozenset()) | of_wallets.get(row, frozenset())
        for row in sorted(named.keys() | of_wallets.keys())
    }


def _all(wallets: Mapping[int, frozenset[int]]) -> set[int]:
    return {account for accounts in wallets.values() for account in accounts}


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
