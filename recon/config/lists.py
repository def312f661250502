"""A list that people keep beside recon.yaml, as csv: its lines by the columns of its header."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path

from recon.errors import Fault, UsageFault


def lines(path: Path, columns: Sequence[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the lines below the header: number as a person counts, cells by column. Empty lines are passed over.

    Args:
        path: UTF-8, with or without a byte order mark.
        columns: what the header must hold; it may hold more.

    Raises:
        UsageFault: the file cannot be read, is no csv, or lacks a column.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageFault(f"{path.name}: is not UTF-8. Save it as CSV UTF-8.") from error
    except OSError as error:
        raise UsageFault(f"{path}: cannot be read: {error.strerror}.") from error
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    header: list[str] = []
    start = 1
    try:
        for cells in reader:
            line, start = start, reader.line_num + 1
            if not any(cell.strip() for cell in cells):
                continue
            if not header:
                header = _header(path.name, line, cells, columns)
                continue
            if len(cells) > len(header):
                extra = cells[len(header)]
                raise UsageFault(told(path.name, line, "", "", f"has a cell without a column: {extra!r}", "Remove it."))
            yield line, dict(zip(header, (cell.strip() for cell in cells), strict=False))
    except csv.Error as error:
        raise UsageFault(f"{path.name}:{start}: is not csv: {error}.") from error
    if not header:
        raise UsageFault(f"{path.name}: is empty. Write a header with {_listed(columns)}.")


def _header(file: str, line: int, cells: list[str], columns: Sequence[str]) -> list[str]:
    names = [cell.strip() for cell in cells]
    for name in columns:
        if names.count(name) != 1:
            problem = f"the column {name} is missing" if name not in names else f"the column {name} stands twice"
            raise UsageFault(told(file, line, "", "", problem, f"Write {_listed(columns)} into the header."))
    return names


def _listed(columns: Sequence[str]) -> str:
    return " and ".join([", ".join(columns[:-1]), columns[-1]] if len(columns) > 1 else columns)


def told(file: str, line: int, column: str, value: str, problem: str, remedy: str) -> str:
    """Return a fault of one cell in words."""
    return str(Fault(file, line, column, value, problem, remedy))
