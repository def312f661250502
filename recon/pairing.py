"""A company's book beside its bank: both read as ledgers, their lines matched, what stayed open told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.compute as pc

from recon import intake
from recon.config import Config
from recon.errors import ConservationError
from recon.intake import Progress, Reading
from recon.ledger.days import NO_DAY
from recon.ledger.view import arrow, days_of
from recon.matching.lines.board import LineMatch, LineRules, Lines
from recon.matching.lines.match import match_lines
from recon.matching.lines.missed import Miss, Missed, nearest_misses
from recon.matching.lines.numbers import numbers_of, without_own

SIDES = ("book", "bank")
#: What a line may be found by: of the bank its serial, of the book its cheque, document and voucher.
_NUMBERS = ("payment_ref", "order_ref", "sub_ref", "refund_ref", "batch_ref", "line_ref")
#: What two lines are put in order by: all that they print, so that the order of the file decides nothing.
_ORDER = ("currency", "day", "amount", "counterparty", "memo", "reference", "account", "entry_id", "source_file",
          "source_row")  # fmt: skip


@dataclass(frozen=True)
class Paired:
    """What was found.

    lines: a row per line of both sides: side, match (from 1, 0 where open), verdict, basis, rule, alternatives,
    residual (bank minus book, minor units), day (NO_DAY where the file prints none), amount, currency, counterparty,
    memo, reference, source_file, source_row; of the nearest line of an open one fails ("" for none), near (its place
    in this table, -1 for none), others, rivals. Matches first, by their first day, then what is open.
    """

    lines: pd.DataFrame
    lang: str
    exit_code: int
    messages: list[str]


def pair(book: Path, bank: Path, *, config: Config, rules: LineRules, lang: str | None, progress: Progress) -> Paired:
    """Match the lines of a book with those of its bank; nothing is written.

    Args:
        book: the company's journal, a file or folder: debit is money in.
        bank: the bank's statement, a file or folder.
        config: recon.yaml.
        rules: window and fees.
        lang: zh or en, None for the configured one.
        progress: is told of each file.

    Raises:
        UsageFault: a path does not exist.
        ConservationError: a line or a fen was lost, which is a defect.
    """
    readings = [
        intake.read([path], config=config, progress=_of(progress, side), book=side == "book")
        for side, path in zip(SIDES, (book, bank), strict=True)
    ]
    progress("match", 0, 1)
    tables = [_lines(reading, config.zone) for reading in readings]
    sides = _sides(tables)
    matches = match_lines(*sides, rules)
    missed = nearest_misses(*sides, matches, rules)
    lines = _joined(tables, _by_day(matches, sides), missed)
    prove_conserved(lines, readings)
    progress("match", 1, 1)
    messages = [message for reading in readings for message in reading.messages]
    return Paired(lines, lang or config.lang, max(reading.exit_code for reading in readings), messages)


def _of(progress: Progress, side: str) -> Progress:
    return lambda stage, done, total: progress(f"{stage} {side}", done, total)


def _lines(reading: Reading, zone: str) -> pd.DataFrame:
    """The lines of one side in an order that their content alone decides."""
    entries = reading.entries
    texts = {name: _texts(entries[name]) for name in ("counterparty", "memo", "entry_id", *_NUMBERS)}
    numbers = zip(*(texts[name] for name in _NUMBERS), strict=True)
    printed = days_of(entries["occurred_at"], zone)
    value = pc.fill_null(arrow(entries["value_date"]).cast("int32").cast("int64"), NO_DAY).to_numpy()
    lines = pd.DataFrame(
        {
            "amount": entries["amount"].to_numpy(dtype=np.int64),
            "day": np.where(value == NO_DAY, printed, value),
            "currency": entries["currency"].astype(str).to_numpy(dtype=object),
            "account": entries["account"].astype(str).to_numpy(dtype=object),
            "counterparty": texts["counterparty"],
            "memo": texts["memo"],
            "reference": [_together(some) for some in numbers],
            **{name: texts[name] for name in _NUMBERS},
            "entry_id": texts["entry_id"],
            "proven": entries["proven"].to_numpy(dtype=bool),
            "source_file": entries["source_file"].astype(str).to_numpy(dtype=object),
            "source_row": entries["source_row"].to_numpy(dtype=np.int64),
        }
    )
    return lines.sort_values(list(_ORDER), kind="stable", ignore_index=True)


def _together(numbers: Iterable[str]) -> str:
    return "; ".join(dict.fromkeys(filter(None, numbers)))


def _texts(column: pd.Series) -> list[str]:
    return [text or "" for text in arrow(column).to_pylist()]


def _sides(tables: Sequence[pd.DataFrame]) -> tuple[Lines, Lines]:
    """Both sides as the kernel reads them.

    Lines of two currencies never meet. An account that both sides name is itself; one that only one side names may be
    any that only the other names, for a book calls its bank by another name than the bank does.
    """
    printed = [_printed(table) for table in tables]
    shared = set(tables[0]["account"]) & set(tables[1]["account"])
    blocks: dict[tuple[str, str], int] = {}
    left, right = (
        _side(table, shared, blocks, others) for table, others in zip(tables, reversed(printed), strict=True)
    )
    return left, right


def _printed(table: pd.DataFrame) -> frozenset[str]:
    """The digits of all numbers that a side prints."""
    texts = {text for name in ("counterparty", "memo", "reference") for text in table[name]}
    return frozenset(number.digits for text in texts for number in numbers_of(text))


def _side(table: pd.DataFrame, shared: set[str], blocks: dict[tuple[str, str], int], printed: frozenset[str]) -> Lines:
    numbers = [without_own(table[name].tolist(), printed) for name in _NUMBERS]
    keys = zip(table["currency"], (one if one in shared else "" for one in table["account"]), strict=True)
    day = table["day"].to_numpy()
    return Lines(
        amount=table["amount"].to_numpy(),
        day=np.where(day == NO_DAY, 0, day),  # in 1970 there is no other line
        block=np.array([blocks.setdefault(key, len(blocks)) for key in keys], dtype=np.int64),
        text=[f"{who} {what}" for who, what in zip(table["counterparty"], table["memo"], strict=True)],
        number=[_together(some) for some in zip(*numbers, strict=True)],
    )


def _by_day(matches: Sequence[LineMatch], sides: tuple[Lines, Lines]) -> list[LineMatch]:
    def first(match: LineMatch) -> tuple[int, tuple[int, ...], tuple[int, ...]]:
        days = [int(side.day[row]) for side, rows in zip(sides, (match.left, match.right), strict=True) for row in rows]
        return min(days), match.left, match.right

    return sorted(matches, key=first)


def _joined(tables: Sequence[pd.DataFrame], matches: Sequence[LineMatch], missed: Missed) -> pd.DataFrame:
    """Both sides as one table, with what was found of each line."""
    proven = [
        all(table["proven"].take(list(rows)).all() for table, rows in zip(tables, (m.left, m.right), strict=True))
        for m in matches
    ]
    verdicts = [m.verdict if sound else "unproven" for m, sound in zip(matches, proven, strict=True)]
    told = [_told(table, side, matches, verdicts, missed[side]) for side, table in enumerate(tables)]
    told[0]["near"] += np.where(told[0]["near"] < 0, 0, len(told[0]))  # the near line stands in the other table
    lines = pd.concat(told, ignore_index=True)
    number, near = lines["match"].to_numpy(), lines["near"].to_numpy()
    order = np.lexsort((np.arange(len(lines)), number, number == 0))
    place = np.append(np.argsort(order), -1)  # the last one for none
    lines["near"] = place[near]
    return lines.take(order).reset_index(drop=True)


def _told(
    table: pd.DataFrame, side: int, matches: Sequence[LineMatch], verdicts: Sequence[str], missed: Mapping[int, Miss]
) -> pd.DataFrame:
    """The lines of one side with their match, or with the line that came near."""
    none = LineMatch((), (), "open", "", "", 0, 0)
    of = np.full(len(table), -1, dtype=np.int64)
    for number, match in enumerate(matches):
        of[list((match.left, match.right)[side])] = number
    found = [none if n < 0 else matches[n] for n in of.tolist()]
    misses = [missed.get(row, Miss("", -1, 0, 0)) for row in range(len(table))]
    return table.assign(
        side=SIDES[side],
        match=of + 1,
        verdict=["open" if n < 0 else verdicts[n] for n in of.tolist()],
        basis=[match.basis for match in found],
        rule=[match.rule for match in found],
        alternatives=np.array([match.alternatives for match in found], dtype=np.int64),
        residual=np.array([match.residual for match in found], dtype=np.int64),
        fails=[miss.fails for miss in misses],
        near=np.array([miss.row for miss in misses], dtype=np.int64),
        others=np.array([miss.others for miss in misses], dtype=np.int64),
        rivals=np.array([miss.rivals for miss in misses], dtype=np.int64),
    )


def prove_conserved(lines: pd.DataFrame, readings: Sequence[Reading]) -> None:
    """See to it that every entry of both sides stands in the table once, and that each match foots.

    Args:
        lines: as `Paired` holds them.
        readings: what was read of the book and of the bank.

    Raises:
        ConservationError: when not.
    """
    for side, reading in zip(SIDES, readings, strict=True):
        here = lines[lines["side"] == side]
        if sorted(here["entry_id"]) != sorted(_texts(reading.entries["entry_id"])):
            raise ConservationError(f"the lines of the {side} are not those that were read")
        if int(here["amount"].sum()) != int(reading.entries["amount"].sum()):
            raise ConservationError(f"the lines of the {side} do not add up to what was read")
    matched = lines[lines["match"] > 0]
    signed = matched["amount"].where(matched["side"] == "bank", -matched["amount"])
    sums = signed.groupby(matched["match"]).sum()
    residuals = matched.groupby("match")["residual"].first()
    if not (sums == residuals).all() or matched.groupby("match").size().min() < 2:
        raise ConservationError("a match does not foot")
