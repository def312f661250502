"""A statement of a standard as a table of text: facts about it as lines above a header, one row per booking."""

from __future__ import annotations

import codecs
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from recon.channels.lines import Body, Line, Shape

#: Every byte that is not ASCII stands in a pair of them, as Chinese text in GBK does and no European text.
_PAIRS = re.compile(rb"(?:[\x00-\x7f]|[\x81-\xfe][\x80-\xfe])*")


@dataclass
class Booked:
    """What one statement says: facts by name (`account`, `opening`, …) and its bookings, each with its line."""

    facts: dict[str, str] = field(default_factory=dict)
    rows: list[Mapping[str, str]] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)

    def book(self, row: Mapping[str, str], number: int) -> None:
        """Add a booking; `number`: its first line, from 1."""
        self.rows.append(row)
        self.numbers.append(number)


@dataclass
class Records:
    """A statement as a source of the reader (`tables.Source`); the lines above its rows are counted for themselves."""

    file: str
    sha256: str
    head: tuple[Line, ...]
    rows: Sequence[Mapping[str, str]]
    numbers: Sequence[int]

    @classmethod
    def of(cls, booked: Booked, names: Sequence[str], file: str, sha256: str) -> Records:
        """Wrap a statement; `names`: its header, of which the first tells the standard."""
        lines = [(name, value) for name, value in booked.facts.items() if value]
        cells = [*lines, tuple(names)]
        head = tuple(Line(number, line) for number, line in enumerate(cells, start=1))
        return cls(file, sha256, head, booked.rows, booked.numbers)

    def numbered(self, numbers: Collection[int]) -> tuple[Line, ...]:
        """Return bookings by their lines (`tables.Source.numbered`)."""
        names = self.head[-1].cells
        return tuple(
            Line(number, tuple(row.get(name, "") for name in names))
            for row, number in zip(self.rows, self.numbers, strict=True)
            if number in numbers
        )

    def read(self, header: Line, columns: Mapping[str, int], categories: Collection[str], shape: Shape) -> Body:
        """Return the bookings (`tables.Source.read`)."""
        del shape
        found: dict[str, pa.Array] = {}
        for name, place in columns.items():
            column = pa.array([row.get(header.cells[place], "") for row in self.rows], pa.string())
            found[name] = column.dictionary_encode() if name in categories else column
        preamble = tuple(line for line in self.head if line.row < header.row)
        return Body(found, np.array(self.numbers, dtype=np.int32), preamble, ())

    def close(self) -> None:
        """Let go of the bookings (`tables.Source.close`)."""
        self.rows, self.numbers = (), ()


#: Standard or report (the first cell of its header), names of the columns, and one statement.
Found = tuple[str, tuple[str, ...], Booked]


def decoded(data: bytes) -> str:
    """Return the text of a bank's file: UTF-8, UTF-16 with its mark, GB18030 where all pairs are sound, else CP1252."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", errors="replace")
    encodings = ["utf-8-sig", *(["gb18030"] if _PAIRS.fullmatch(data) else [])]
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode("cp1252", errors="replace")


def day(text: str) -> str:
    """Return YYMMDD as year-month-day, of this century until 79; what is no such day comes back as it stands."""
    found = re.fullmatch(r"(\d\d)(\d\d)(\d\d)", text)
    if found is None:
        return text
    year, month, date = found.groups()
    return f"{'20' if int(year) < 80 else '19'}{year}-{month}-{date}"
