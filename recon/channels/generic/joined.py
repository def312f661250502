"""Sections as one table: the labels around them, days and times, the currency, the accounts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from recon.channels.cells import Cells
from recon.channels.generic.header import Layout
from recon.channels.generic.labels import Labels, read_labels
from recon.channels.generic.resolved import Asked, Index, Minor, currency_of
from recon.channels.generic.sections import Section
from recon.channels.generic.words import is_total, meaning
from recon.channels.lines import Line, filled
from recon.channels.rules import Rows
from recon.channels.spec import Spec
from recon.errors import Fault

_OWN = frozenset({"account", "holder", "currency", "opening", "from", "to", "period"})
_CORRECT = "Correct the cell, or export the statement again."


@dataclass(frozen=True)
class Joined:
    """All sections as one table. section: number of the section of each row."""

    sections: tuple[Section, ...]
    labels: tuple[Labels, ...]
    columns: dict[str, pa.Array]
    numbers: npt.NDArray[np.int32]
    section: Index


def shared_out(parts: list[Section], spec: Spec) -> list[Section]:
    """Lines between two tables belong to the one below, but totals and a closing balance right under a table to it."""
    for number in range(len(parts) - 1):
        lines = parts[number].below
        keep = next((place for place, line in enumerate(lines) if not _closes(line, spec)), len(lines))
        parts[number] = replace(parts[number], below=lines[:keep])
        parts[number + 1] = replace(parts[number + 1], above=(*lines[keep:], *parts[number + 1].above))
    return parts


def _closes(line: Line, spec: Spec) -> bool:
    names = set(read_labels([line], spec.words).values)
    return _is_total_line(line) or (bool(names) and not names & _OWN)


def _is_total_line(line: Line) -> bool:
    return is_total(next((cell for cell in line.cells if cell.strip()), ""))


def joined_of(
    asked: Asked, parts: list[Section], day: str, amounts: Sequence[str]
) -> tuple[Joined, tuple[tuple[int, str], ...], tuple[Fault, ...]]:
    """Join the sections, and say of each line without a day what becomes of it.

    Args:
        asked: the table.
        parts: its sections.
        day: the role of the day, for messages.
        amounts: roles of which one makes a line without a day a row that cannot be placed.
    """
    names = list(dict.fromkeys(role for part in parts for role in part.columns))
    sizes = [len(part.numbers) for part in parts]
    columns: dict[str, pa.Array] = {
        role: pa.concat_arrays(
            [part.columns.get(role, pa.nulls(size, pa.string())) for part, size in zip(parts, sizes, strict=True)]
        )
        for role in names
    }
    labels: list[Labels] = []
    aside: list[tuple[int, str]] = []
    loose: list[Fault] = []
    for part in parts:
        labels.append(read_labels([*part.above, *part.between, *part.below], asked.spec.words))
        free = [line for line in (*part.between, *part.below) if line.row not in labels[-1].used]
        for line in free:
            if _is_total_line(line):
                continue
            status = part.layout.first("status")
            word = line.cells[status.place].strip() if status is not None and status.place < len(line.cells) else ""
            if any(meaning(cell.strip(), asked.spec.words, "memo.") is not None for cell in line.cells):
                aside.append((line.row, "subtotal"))
            elif word and meaning(word, asked.spec.words, "status.") is None:
                aside.append((line.row, f"pending or failed: {word}"))
            elif line in part.between and _has_amount(line, part.layout, amounts):
                problem = "the row has an amount but no day"
                loose.append(Fault(asked.source.file, line.row, part.layout.printed(day), "", problem, _CORRECT))
            else:
                aside.append((line.row, "line without a day"))
    numbers = np.concatenate([part.numbers for part in parts])
    section = np.repeat(np.arange(len(parts)), sizes)
    return Joined(tuple(parts), tuple(labels), columns, numbers, section), tuple(aside), tuple(loose)


def _has_amount(line: Line, layout: Layout, amounts: Iterable[str]) -> bool:
    places = [column.place for role in amounts for column in layout.roles.get(role, ())]
    return any(any(sign.isdigit() for sign in line.cells[place]) for place in places if place < len(line.cells))


def place_in_time(columns: dict[str, pa.Array]) -> None:
    """`date` becomes when it happened, `value_date` when it counts."""
    if "date" not in columns:
        columns["date"] = columns.pop("booking")
    elif "booking" in columns:
        later = columns.pop("booking")
        if "value" in columns:
            columns["date"] = later
        else:
            columns["value_date"] = later
    if "value" in columns:
        columns["value_date"] = columns.pop("value")
    time = columns.pop("time", None)
    if time is not None:
        columns["date"] = _with_time(columns["date"], time)


def day_and_time(columns: dict[str, pa.Array]) -> None:
    """`time` becomes day and time: of two columns, of one, else the settled day."""
    day = columns.pop("day", None)
    if "time" not in columns:
        columns["time"] = day if day is not None else columns["settled"]
    elif day is not None:
        columns["time"] = _with_time(day, columns["time"])


def _with_time(day: pa.StringArray, time: pa.StringArray) -> pa.StringArray:
    """Join day and time of day; a time that holds its own day is taken alone, a day with its own time too."""
    whole = pc.fill_null(pc.match_substring_regex(time, r"^\d{4}[-/.年]\d|^\d{8} "), fill_value=False)
    short = pc.fill_null(pc.match_substring_regex(time, r"^\d{5}$"), fill_value=False)
    clock = pc.if_else(short, pc.binary_join_element_wise("0", time, ""), time)
    plain = pc.fill_null(pc.match_substring_regex(day, r"^[^ :T]+$"), fill_value=False)
    fits = pc.fill_null(
        pc.match_substring_regex(clock, r"^\d{1,2}:\d{2}(:\d{2})?(\.\d+)?$|^\d{4}(\d{2})?$"), fill_value=False
    )
    joined = pc.if_else(pc.and_(plain, fits), pc.binary_join_element_wise(day, clock, " "), day)
    return pc.if_else(whole, time, joined)


def currency_for(asked: Asked, joined: Joined, amounts: Iterable[str]) -> str:
    """The currency of rows that have none in a column of their own; labels become that column."""
    layout, columns = joined.sections[0].layout, joined.columns
    stated = [labels.values.get("currency") for labels in joined.labels]
    if any(stated):
        named = pa.array(stated, pa.string()).take(pa.array(joined.section))
        own = columns.get("currency", pa.nulls(len(joined.numbers), pa.string()))
        columns["currency"] = pc.coalesce(own, named)
    found = currency_of(layout, columns, [role for role in amounts if role in columns]) or asked.told_currency
    if found is None and layout.chinese:
        found = "CNY"
    if found is not None:
        return found
    if "currency" in columns and not columns["currency"].null_count:
        return asked.currency
    remedy = "Name its currency under sources: in recon.yaml (files, currency)."
    raise asked.refused("", "", "nothing says in which currency the amounts are", remedy)


def accounts_of(asked: Asked, joined: Joined) -> pa.StringArray:
    """The account of each row: its column, else the line above the table, else the sheet's name if it is a number."""
    sheet = asked.source.file.rsplit("#", 1)[1] if "#" in asked.source.file else ""
    sheet = sheet if sheet.isdigit() and len(sheet) >= 8 else ""
    named = [labels.values.get("account") or sheet or None for labels in joined.labels]
    above = pa.array(named, pa.string()).take(pa.array(joined.section))
    own = joined.columns.get("account")
    return above if own is None else pc.coalesce(own, above)


def carry_accounts_on(cells: Cells, rows: Rows, joined: Joined, size: Minor, *, known: bool) -> None:
    """A section without a number is a page of the account above if its balance runs on; else another account.

    Nobody knows which one: its rows are quarantined, unless `sources:` names the account of the file (`known`).
    """
    if len(joined.sections) < 2 or known:
        return
    account = joined.columns["account"].to_pylist()
    parsed = cells.parsed("balance")
    balance = None if parsed is None else filled(parsed.minor, 0)
    last: int | None = None
    for number in range(len(joined.sections)):
        mine = np.flatnonzero(joined.section == number)
        if not len(mine):
            continue
        unnamed = [row for row in mine.tolist() if account[row] is None]
        if unnamed and last is not None and balance is not None and not _runs_on(balance, size, last, int(mine[0])):
            problem = "another account stands here, and no number names it"
            remedy = "Write its number above the table, or name it under sources: in recon.yaml."
            held = mine[rows.state[mine] == 0]
            rows.fault(held, "account", [""] * len(held), problem, remedy)
            continue
        for row in unnamed:
            account[row] = account[last] if last is not None else None
        last = int(mine[-1])
    joined.columns["account"] = pa.array(account, pa.string())


def _runs_on(balance: Index, size: Minor, above: int, below: int) -> bool:
    """True if one of two neighbouring rows is the change between their balances."""
    change = abs(int(balance[below]) - int(balance[above]))
    return change in {int(size[below]), int(size[above])}
