"""One sheet, several tables: each header line that comes again opens a section with lines of its own around it."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from recon.channels.generic.header import Layout
from recon.channels.generic.resolved import Asked, trimmed
from recon.channels.lines import Line, Shape

Mask = npt.NDArray[np.bool_]
#: More sections than this are no statement; the rest of the file is read as lines of the last one.
_MOST = 400
_JOIN = "\x1f"
#: What a cell with a day looks like; whether it is one is decided later.
_DAY = (
    r"^(?:\d{1,4}\s*[-/.年]\s*(?:\d|[A-Za-z]{3})|\d{1,2} [A-Za-z]{3}|\d{8}(?:\D|\d{6}|$)|[2-7]\d{4}(?:\.\d+)?$"
    r"|(?i:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?[ -]\d)"
)


@dataclass(frozen=True)
class Section:
    """One table: its layout, the rows that have a day, and the lines without one.

    columns: role -> text; a role of several columns is joined, a blank between. above, between, below: lines without a
    day before the first row, among the rows and after the last. malformed: lines of another width with a day.
    """

    layout: Layout
    columns: dict[str, pa.StringArray]
    numbers: npt.NDArray[np.int32]
    above: tuple[Line, ...]
    between: tuple[Line, ...]
    below: tuple[Line, ...]
    malformed: tuple[tuple[int, int], ...]


def sections(
    asked: Asked, lay_out: Callable[[Line], Layout], fits: Callable[[Line], bool], days: Collection[str]
) -> list[Section]:
    """Cut a table into its sections.

    Args:
        asked: the table and its first header line.
        lay_out: header line -> roles.
        fits: whether a line is a header.
        days: roles of which one looks like a day in every row.
    """
    found: list[Section] = []
    header: Line | None = asked.header
    above = tuple(line for line in asked.source.head if line.row < asked.header.row)
    while header is not None and len(found) < _MOST:
        section, header, above = _section(asked, header, above, lay_out, fits, days)
        found.append(section)
    return found


def _section(
    asked: Asked,
    header: Line,
    above: tuple[Line, ...],
    lay_out: Callable[[Line], Layout],
    fits: Callable[[Line], bool],
    days: Collection[str],
) -> tuple[Section, Line | None, tuple[Line, ...]]:
    layout = lay_out(header)
    places = {f"{role}{_JOIN}{column.place}": column.place for role, found in layout.roles.items() for column in found}
    body = asked.source.read(header, places, (), Shape()).whole()
    columns = _joined({name: trimmed(column) for name, column in body.columns.items()}, layout)
    dated = _any_day([columns[role] for role in days if role in columns], len(body.rows))
    suspects = {*body.rows[~dated].tolist(), *(number for number, _ in body.malformed)}
    lines = sorted(asked.source.numbered(suspects), key=lambda line: line.row) if suspects else []
    lines = [line for line in lines if any(cell.strip() for cell in line.cells)]
    following = next((line for line in lines if fits(line)), None)
    end = following.row if following is not None else np.iinfo(np.int32).max
    use = dated & (body.rows < end)
    rows = body.rows[use]
    malformed = tuple(
        (line.row, len(line.cells))
        for line in lines
        if line.row < end and _starts_with_day(line, layout, days, body.malformed)
    )
    odd = [line for line in lines if line.row < end and line.row not in {row for row, _ in malformed}]
    first, last = (int(rows[0]), int(rows[-1])) if len(rows) else (header.row, header.row)
    kept = {name: column.filter(pa.array(use)) for name, column in columns.items()}
    before = tuple(line for line in odd if line.row < first)
    among = tuple(line for line in odd if first < line.row < last)
    after = tuple(line for line in odd if line.row > last)
    return Section(layout, kept, rows, (*above, *before), among, after, malformed), following, ()


def _joined(columns: Mapping[str, pa.StringArray], layout: Layout) -> dict[str, pa.StringArray]:
    """One column per role: several are joined in the order of their names in the spec."""
    result: dict[str, pa.StringArray] = {}
    for role, found in layout.roles.items():
        parts = [columns[f"{role}{_JOIN}{column.place}"] for column in found]
        if len(parts) == 1:
            result[role] = parts[0]
            continue
        text = pc.binary_join_element_wise(*parts, " ", null_handling="replace", null_replacement="")
        text = pc.replace_substring_regex(pc.utf8_trim_whitespace(text), " +", " ")
        result[role] = pc.if_else(pc.equal(text, ""), pa.scalar(None, pa.string()), text)
    return result


def _any_day(columns: Sequence[pa.StringArray], count: int) -> Mask:
    result = np.zeros(count, bool)
    for column in columns:
        found = pc.fill_null(pc.match_substring_regex(column, _DAY), fill_value=False)
        result |= np.asarray(found.to_numpy(zero_copy_only=False), dtype=bool)
    return result


def _starts_with_day(line: Line, layout: Layout, days: Collection[str], malformed: Sequence[tuple[int, int]]) -> bool:
    """A line of another width whose cell at the place of the day is one: a row that was cut or ran over."""
    if line.row not in {row for row, _ in malformed}:
        return False
    places = [column.place for role in days for column in layout.roles.get(role, ())]
    cells = [line.cells[place].strip(" \t'\"`=") for place in places if place < len(line.cells)]
    return any(re.match(_DAY, cell) for cell in cells)
