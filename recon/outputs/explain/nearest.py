"""The nearest miss of what stayed open: the open row of the other side that fails the fewest conditions.

It explains and chooses nothing: no match is made from it. A line of a batch has no partner of its own, so the leg
payout has no misses. Conditions stand in the order of `CONDITIONS`; of two that
fail equally many, the one whose failures come later in that order is nearer. Equally near ones are counted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from recon.ledger.outcome import GATEWAY_BANK
from recon.outputs.explain.folder import minor

Minor = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
Words = npt.NDArray[np.object_]

CONDITIONS = ("reference", "amount", "currency", "account", "window")
#: Rows that fail more than this are no misses; of another amount, all else must agree.
_FARTHEST = 2
_REFERENCES = ("order_ref", "sub_ref", "payment_ref", "refund_ref", "batch_ref")
#: What may stand against what, on the two sides of a leg.
_PARTNERS = {
    "sale": ("payment",),
    "payment": ("sale",),
    "refund": ("refund",),
    "subsidy": ("subsidy",),
    "payout": ("receipt", "disbursement", "transfer"),
    "receipt": ("payout",),
    "disbursement": ("payout",),
}
#: An open row: columns of in_transit.csv that a condition or a reader needs, and the shop (null where not told).
OPEN = (
    "leg", "side", "entry_id", "channel", "account", "shop", "kind", "occurred_at", "value_date", "due_date", "amount",
    "currency", *_REFERENCES, "source_file", "source_row",
)  # fmt: skip
_NO_DAY = np.datetime64("NaT", "D")


@dataclass(frozen=True)
class Failure:
    """One condition that a candidate fails: wanted and found as text; days: past the window (negative before it)."""

    condition: str
    wanted: str
    found: str
    days: int = 0


@dataclass(frozen=True)
class Miss:
    """The nearest candidate: its row of `OPEN` as text, what it fails (empty: nothing), how many are equally near."""

    row: Mapping[str, str]
    fails: tuple[Failure, ...]
    alike: int


def open_rows(breaks: pa.Table, rows: pa.Table, in_transit: pa.Table) -> pa.Table:
    """Return all open rows of a result: what breaks own and what waits.

    Args:
        breaks: breaks.csv, as text.
        rows: break_rows.csv, as text.
        in_transit: in_transit.csv, as text.
    """
    owned = rows.filter(pc.equal(rows.column("owned"), "true"))
    places = pc.index_in(owned.column("break_id"), breaks.column("break_id").combine_chunks())
    due = breaks.column("due_date").combine_chunks().take(places.combine_chunks())
    waits = in_transit.append_column("shop", pa.nulls(len(in_transit), pa.string()))
    return pa.concat_tables([owned.append_column("due_date", due).select(OPEN), waits.select(OPEN)])


def nearest(
    subject: Mapping[str, str | None], others: pa.Table, homes: Mapping[str, frozenset[str]], currency: str
) -> Miss | None:
    """Return the nearest miss of an open row; None where no row of the other side comes near.

    Args:
        subject: a row of `OPEN`.
        others: open rows (`open_rows`), the subject itself may be among them.
        homes: wallet account -> bank accounts that received its proved payouts; empty where nobody knows.
        currency: of the books.
    """
    pool = others.filter(_possible(subject, others, currency))
    if not len(pool):
        return None
    fails = np.stack(_failed(subject, pool, homes, currency))
    count = fails.sum(axis=0)
    count = np.where(fails[CONDITIONS.index("amount")] & (count > 1), _FARTHEST + 1, count)
    if int(count.min()) > _FARTHEST:
        return None
    weight = count * (1 << len(CONDITIONS)) + (fails * (1 << np.arange(len(CONDITIONS)))[::-1, None]).sum(axis=0)
    best = np.flatnonzero(weight == weight.min())
    place = _shown(subject, pool, best, currency)
    row = {name: pool.column(name)[place].as_py() or "" for name in OPEN}
    failed = tuple(_failure(condition, subject, row) for n, condition in enumerate(CONDITIONS) if fails[n][place])
    return Miss(row, failed, len(best))


def _possible(subject: Mapping[str, str | None], others: pa.Table, currency: str) -> pa.Array:
    """Rows of the same leg, of the other side, of a kind and direction that may stand against the subject's."""
    kinds = pa.array(_PARTNERS.get(subject["kind"] or "", ()), pa.string())
    there = pc.and_(pc.equal(others.column("leg"), subject["leg"]), pc.is_in(others.column("kind"), kinds))
    there = pc.and_(there, pc.not_equal(others.column("side"), subject["side"]))
    wanted = np.sign(_amount(subject, currency)) * (-1 if subject["leg"] == GATEWAY_BANK else 1)
    return pc.and_(there, pa.array(np.sign(minor(others, "amount", currency)) == wanted))


def _failed(
    subject: Mapping[str, str | None], pool: pa.Table, homes: Mapping[str, frozenset[str]], currency: str
) -> list[Mask]:
    """Return a mask per condition, true where a candidate fails it."""
    amount = minor(pool, "amount", currency)
    mine = _amount(subject, currency)
    money = _text(pool, "currency") != subject["currency"]
    return [
        _other_reference(subject, pool),
        amount != (-mine if subject["leg"] == GATEWAY_BANK else mine),
        money,
        _other_account(subject, pool, homes),
        _days_outside(subject, pool) != 0,
    ]


def _other_reference(subject: Mapping[str, str | None], pool: pa.Table) -> Mask:
    """No number in common. At the bank a number is seldom printed: there only two that differ count."""
    mine = pa.array(sorted({subject[name] or "" for name in _REFERENCES} - {""}), pa.string())
    shared = np.zeros(len(pool), dtype=bool)
    printed = np.zeros(len(pool), dtype=bool)
    for name in _REFERENCES:
        column = pool.column(name)
        shared |= pc.is_in(column, mine).to_numpy()
        printed |= column.is_valid().to_numpy()
    if subject["leg"] == GATEWAY_BANK:
        return ~shared & printed & (len(mine) > 0)
    return ~shared


def _other_account(subject: Mapping[str, str | None], pool: pa.Table, homes: Mapping[str, frozenset[str]]) -> Mask:
    """At the bank: not an account that the wallet pays into; else: two shops that differ."""
    if subject["leg"] == GATEWAY_BANK:
        bank = subject["side"] == "bank"
        mine = subject["account"] or ""
        there = _text(pool, "account").tolist()
        if bank:
            return np.array([bool(homes.get(a)) and mine not in homes[a] for a in there], dtype=bool)
        home = homes.get(mine, frozenset())
        return np.array([bool(home) and a not in home for a in there], dtype=bool)
    shop = _text(pool, "shop")
    return np.asarray((shop != "") & (shop != (subject["shop"] or "")) & bool(subject["shop"]), dtype=bool)


def _days_outside(subject: Mapping[str, str | None], pool: pa.Table) -> Minor:
    """Days by which the later of the two lies outside the window of the earlier party (the order, the payout).

    The window runs from the day of the giving row to its due date; without a due date there is none.
    """
    gives = subject["side"] == "order" or subject["kind"] == "payout"
    day = _day(subject)
    theirs = _days(pool)
    first = np.full(len(pool), day) if gives else theirs
    last = np.full(len(pool), _date(subject["due_date"])) if gives else _dates(pool, "due_date")
    came = theirs if gives else np.full(len(pool), day)
    known = ~np.isnat(first) & ~np.isnat(last) & ~np.isnat(came)
    late = np.where(known, (came - last).astype("m8[D]").astype(np.int64), 0)
    early = np.where(known, (came - first).astype("m8[D]").astype(np.int64), 0)
    outside: Minor = np.where(late > 0, late, np.where(early < 0, early, 0))
    return outside


def _shown(subject: Mapping[str, str | None], pool: pa.Table, best: Minor, currency: str) -> int:
    """Of equally near rows the one that is shown: the closest amount, then time, then id."""
    apart = np.abs(np.abs(minor(pool, "amount", currency)[best]) - abs(_amount(subject, currency)))
    times, ids = _text(pool, "occurred_at")[best], _text(pool, "entry_id")[best]
    return int(best[min(range(len(best)), key=lambda n: (int(apart[n]), times[n], ids[n]))])


def _failure(condition: str, subject: Mapping[str, str | None], row: Mapping[str, str]) -> Failure:
    if condition == "reference":
        name = next((n for n in _REFERENCES if subject[n] and row[n]), None)
        mine = (subject[name] if name else next((subject[n] for n in _REFERENCES if subject[n]), "")) or ""
        return Failure(condition, mine, row[name] if name else next((row[n] for n in _REFERENCES if row[n]), ""))
    if condition == "window":
        table = pa.table({name: pa.array([text or None], pa.string()) for name, text in row.items()})
        days = int(_days_outside(subject, table)[0])
        gives = subject["side"] == "order" or subject["kind"] == "payout"
        due, came = (subject["due_date"], row) if gives else (row["due_date"], subject)
        return Failure(condition, due or "", str(_day(came)), days)
    if condition == "account":
        name = "account" if subject["leg"] == GATEWAY_BANK else "shop"
        return Failure(condition, subject[name] or "", row[name])
    if condition == "amount" and subject["leg"] == GATEWAY_BANK:  # what leaves the wallet arrives at the bank
        return Failure(condition, (subject["amount"] or "").lstrip("-"), row["amount"].lstrip("-"))
    return Failure(condition, subject[condition] or "", row[condition])


def _amount(subject: Mapping[str, str | None], currency: str) -> int:
    table = pa.table({name: pa.array([subject[name]], pa.string()) for name in ("amount", "currency")})
    return int(minor(table, "amount", currency)[0])


def _text(table: pa.Table, name: str) -> Words:
    words: Words = np.array(pc.fill_null(table.column(name), "").to_pylist(), dtype=object)
    return words


def _date(text: str | None) -> np.datetime64:
    return np.datetime64(text[:10], "D") if text else _NO_DAY


def _day(row: Mapping[str, str | None]) -> np.datetime64:
    return _date(row["value_date"] or row["occurred_at"])


def _dates(table: pa.Table, name: str) -> npt.NDArray[np.datetime64]:
    texts = pc.utf8_slice_codeunits(table.column(name).combine_chunks(), 0, 10)
    days = texts.cast(pa.date32())
    known: npt.NDArray[np.datetime64] = days.to_numpy(zero_copy_only=False).astype("M8[D]")
    return known


def _days(table: pa.Table) -> npt.NDArray[np.datetime64]:
    valued, happened = _dates(table, "value_date"), _dates(table, "occurred_at")
    return np.where(np.isnat(valued), happened, valued)
