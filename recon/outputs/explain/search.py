"""Finds what an id or a printed reference means in the tables of a result."""

from __future__ import annotations

from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as pc
from rapidfuzz import process
from rapidfuzz.distance import OSA

from recon.errors import UsageFault
from recon.outputs.explain.folder import Result

#: Beginnings of ids that are shorter say too little.
SHORTEST = 6
_REFERENCES = ("order_ref", "sub_ref", "payment_ref", "refund_ref", "batch_ref")
_COLUMNS = {
    "matches": ("match_id", "entry_id", *_REFERENCES),
    "break_rows": ("break_id", "entry_id", *_REFERENCES),
    "in_transit": ("entry_id", *_REFERENCES),
    "excluded": ("entry_id", *_REFERENCES),
    "vouchers": ("voucher_id",),
}
_IDS = frozenset({"match_id", "break_id", "entry_id", "voucher_id"})
#: Which column names the thing that a line belongs to.
_OWN = {"matches": "match_id", "break_rows": "break_id", "vouchers": "voucher_id"}
_NEAR = 3
_SLIPS = 2
_ENDS = 4


@dataclass
class Hits:
    """What was found, each in the order of its table.

    matches, breaks, vouchers: ids. in_transit, excluded: entry ids. prefixes: ids that begin with what was asked.
    """

    matches: list[str] = field(default_factory=list)
    breaks: list[str] = field(default_factory=list)
    vouchers: list[str] = field(default_factory=list)
    in_transit: list[str] = field(default_factory=list)
    excluded: list[str] = field(default_factory=list)
    prefixes: set[str] = field(default_factory=set)

    def __bool__(self) -> bool:
        return any((self.matches, self.breaks, self.vouchers, self.in_transit, self.excluded))


def find(result: Result, wanted: str) -> Hits:
    """Return everything that an id, an unambiguous beginning of one, or a printed reference names.

    Raises:
        UsageFault: it is unknown (near ones are named), or the beginning of several ids.
    """
    hits = _search(result, wanted)
    if not hits and len(hits.prefixes) == 1:
        hits = _search(result, hits.prefixes.pop())
    if hits:
        return hits
    if hits.prefixes:
        some = ", ".join(sorted(hits.prefixes)[:_NEAR])
        raise UsageFault(f"{wanted!r} is the beginning of {len(hits.prefixes)} ids: {some} ... Give more of it.")
    near = _near(result, wanted)
    remedy = f"Did you mean {' or '.join(map(repr, near))}?" if near else "Take one from breaks.csv or matches.csv."
    raise UsageFault(f"{wanted!r}: no id and no reference in {result.path} is like that. {remedy}")


def _search(result: Result, wanted: str) -> Hits:
    hits = Hits()
    owners: dict[str, list[str]] = {}
    for name, columns in _COLUMNS.items():
        found: dict[str, None] = {}
        for piece in result.pieces(name, columns, (wanted,)):
            same = [pc.fill_null(pc.equal(piece.column(column), wanted), fill_value=False) for column in columns]
            found |= dict.fromkeys(piece.filter(_any(same)).column(_OWN.get(name, "entry_id")).to_pylist())
            for column in _IDS & set(columns):
                hits.prefixes |= _beginning(piece.column(column), wanted)
        owners[name] = list(found)
    # A finding without rows stands in breaks.csv alone, which also has the order in which people read.
    breaks = result.table("breaks").column("break_id")
    mine = {wanted, *owners["break_rows"]}
    hits.breaks = [name for name in breaks.to_pylist() if name in mine]
    hits.prefixes |= _beginning(breaks, wanted)
    hits.matches, hits.vouchers = owners["matches"], owners["vouchers"]
    hits.in_transit, hits.excluded = owners["in_transit"], owners["excluded"]
    return hits


def _any(masks: list[pa.ChunkedArray]) -> pa.ChunkedArray:
    joined = masks[0]
    for mask in masks[1:]:
        joined = pc.or_(joined, mask)
    return joined


def _beginning(ids: pa.ChunkedArray, wanted: str) -> set[str]:
    if len(wanted) < SHORTEST:
        return set()
    return set(pc.unique(ids.filter(pc.starts_with(ids, wanted))).to_pylist())


def _near(result: Result, wanted: str) -> list[str]:
    """Return the ids and references that are a slip or two away, the nearest first.

    Only what shares its first or its last signs is looked at: slips stand in one place.
    """
    pool = set(result.table("breaks").column("break_id").to_pylist())
    for name, columns in _COLUMNS.items():
        for piece in result.pieces(name, columns):
            for column in columns:
                texts = piece.column(column)
                alike = pc.or_(pc.starts_with(texts, wanted[:_ENDS]), pc.ends_with(texts, wanted[-_ENDS:]))
                lengths = pc.less_equal(pc.abs(pc.subtract(pc.utf8_length(texts), len(wanted))), _SLIPS)
                pool |= set(texts.filter(pc.and_(alike, lengths)).to_pylist())
    some = process.extract(wanted, sorted(pool), scorer=OSA.distance, score_cutoff=_SLIPS, limit=None)
    return [text for text, _, _ in sorted(some, key=lambda one: (one[1], one[0]))[:_NEAR]]
