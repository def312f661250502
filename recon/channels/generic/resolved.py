"""What a hook is asked, and what it answers: a table in the columns that its channel reads."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from recon import money
from recon.channels.cells import Cells
from recon.channels.generic.days import UndecidedError, year_first
from recon.channels.generic.header import CURRENCIES, Layout
from recon.channels.lines import Body, Line, filled
from recon.channels.rules import Rows
from recon.channels.spec import Spec
from recon.channels.tables import Source
from recon.channels.totals import Compared
from recon.errors import Fault, InputFault
from recon.ledger.statement import Note

Index = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
Minor = npt.NDArray[np.int64]

NAME_IT = "Name the channel of this file under sources: in recon.yaml, or describe it in a channel of your own."


@dataclass(frozen=True)
class Asked:
    """A table, its header line, the generic channel that it was taken for, and what `sources:` says of the file.

    currency: of the workspace, told_currency: of `sources:`; zone: of `sources:`, else of the workspace.
    """

    source: Source
    header: Line
    spec: Spec
    zone: str
    currency: str
    told_currency: str | None = None
    told_account: str | None = None

    def refused(self, column: str, value: str, problem: str, remedy: str) -> InputFault:
        """Return the fault that keeps the whole table out."""
        return InputFault(Fault(self.source.file, self.header.row, column, value, problem, remedy))


@dataclass(frozen=True)
class Resolved:
    """The table as its channel reads it.

    body: columns by role. rows: what the hook has set aside already. lead: for each row the row that stands for it
    (item rows of an order); None: each stands for itself. aside: lines that are no rows of the body, skipped with a
    reason; loose: such lines that are quarantined. compared: control totals that the table prints. printed: role ->
    the header's own name, for messages.
    """

    spec: Spec
    body: Body
    rows: Rows
    zone: str
    currency: str
    notes: tuple[Note, ...] = ()
    lead: Index | None = None
    aside: tuple[tuple[int, str], ...] = ()
    loose: tuple[Fault, ...] = ()
    compared: tuple[Compared, ...] = ()
    printed: Mapping[str, str] = field(default_factory=dict)

    def own_words(self, fault: Fault) -> Fault:
        """Return a fault that names the column as the file does."""
        return replace(fault, column=self.printed.get(fault.column, fault.column))


def dated(asked: Asked, layout: Layout, columns: dict[str, pa.Array], roles: Iterable[str]) -> tuple[bool, list[Note]]:
    """Bring the columns of dates into year-month-day, in place; return whether they are in UTC, and what was decided.

    Raises:
        InputFault: when day and month cannot be told apart.
    """
    utc = False
    notes: list[Note] = []
    for role in roles:
        if role not in columns:
            continue
        name = layout.printed(role)
        try:
            found = year_first(trimmed(columns[role]))
        except UndecidedError as error:
            remedy = "Export it with the year first (2026-10-01), or as xlsx with dates as dates."
            raise asked.refused(name, str(error).split(":", 1)[0], str(error).split(": ", 1)[1], remedy) from None
        columns[role] = found.column
        column = layout.first(role)
        utc |= found.utc or (column is not None and column.utc)
        if found.order:
            notes.append(
                Note(f"“{name}”按{'日/月' if found.order == 'd/m' else '月/日'}读", f"{name} read as {found.order}")
            )
    return utc, notes


def text_of(cells: Cells, role: str) -> pa.StringArray:
    """Return a column as text; all null if the table has none."""
    column = cells.plain(role)
    return pa.nulls(cells.count, pa.string()) if column is None else column


def still_open(rows: Rows, mask: Mask) -> Index:
    """Return the positions of marked rows that nothing has set aside yet."""
    return np.flatnonzero(mask & (rows.state == 0))


def parsed_of(cells: Cells, rows: Rows, role: str) -> tuple[Minor, Mask]:
    """Return a column of amounts and where there is one; cells that are none quarantine their rows."""
    parsed = cells.parsed(role)
    if parsed is None:
        return np.zeros(cells.count, np.int64), np.zeros(cells.count, bool)
    odd = still_open(rows, parsed.wrong)
    remedy = "Correct the cell, or export the file again."
    rows.fault(odd, role, [cells.value(role, int(row)) for row in odd], "is no amount", remedy)
    present = np.asarray(pc.is_valid(parsed.minor).to_numpy(zero_copy_only=False))
    return filled(parsed.minor, 0), present


def trimmed(column: pa.Array) -> pa.StringArray:
    """Return a column as text without decoration (blanks, `="…"`, leading ' and back-tick), null where empty."""
    text = column.cast(pa.string()) if pa.types.is_dictionary(column.type) else column
    data = text.buffers()[2]
    raw = memoryview(data).tobytes() if data is not None else b""
    if any(mark in raw for mark in (b" ", b"\t", b"\r", b"\n", b"\xe3\x80\x80", b"\xc2\xa0")):
        text = pc.utf8_trim(text, " \t\u3000\u00a0\r\n")
    if b'="' in raw:
        text = pc.utf8_trim_whitespace(pc.replace_substring_regex(text, r'^="([^"]*)"$', r"\1"))
    if b"'" in raw or b"`" in raw:
        text = pc.utf8_ltrim(text, "'`")
    return pc.if_else(pc.equal(text, ""), pa.scalar(None, pa.string()), text)


_CODE = r"(?P<code>[A-Za-z]{3}|元|€|£)"
_SIGNS = {"元": "CNY", "RMB": "CNY", "€": "EUR", "£": "GBP"}


def currency_of(layout: Layout, columns: Mapping[str, pa.Array], roles: Iterable[str]) -> str | None:
    """Return the one currency that the units of the header or the signs in the cells name; None: they name none.

    `$` and `¥` alone decide nothing.
    """
    units: set[str] = set()
    for role in roles:
        units |= {column.currency for column in layout.roles.get(role, ()) if column.currency}
        if role in columns and not units:
            codes = pc.unique(pc.struct_field(pc.extract_regex(trimmed(columns[role]), _CODE), "code").drop_null())
            names = {_SIGNS.get(code, _SIGNS.get(code.upper(), code.upper())) for code in codes.to_pylist()}
            units |= names & CURRENCIES
    return units.pop() if len(units) == 1 else None


def in_major(layout: Layout, columns: dict[str, pa.Array], roles: Iterable[str], currency: str) -> list[Note]:
    """Turn columns that the header says are in fen or cents into major units, in place."""
    notes: list[Note] = []
    for role in roles:
        column = layout.first(role)
        if column is None or not column.minor or role not in columns:
            continue
        text = trimmed(columns[role])
        whole = pc.fill_null(pc.match_substring_regex(text, r"^[+-]?\d{1,17}(\.0*)?$"), fill_value=False)
        number = pc.if_else(whole, pc.replace_substring_regex(text, r"\.0*$", ""), pa.scalar(None, pa.string()))
        major = money.format_amounts(number.cast(pa.int64()), currency)
        columns[role] = pc.if_else(whole, major, pc.binary_join_element_wise(text, "分", ""))
        notes.append(Note(f"“{column.printed}”以分为单位", f"{column.printed} is in minor units"))
    return notes


def in_text(minor: Minor, present: Mask, codes: npt.NDArray[np.int32], currencies: list[str]) -> pa.StringArray:
    """Return amounts as text in major units, each in its currency, null where there is none."""
    text = pa.nulls(len(minor), pa.string())
    for code, currency in enumerate(currencies):
        use = present & (codes == code)
        if use.any():
            text = pc.replace_with_mask(text, pa.array(use), money.format_amounts(minor[use], currency))
    return text


def chosen(layout: Layout, spec: Spec, roles: Collection[str]) -> Note:
    """Say which column was taken for which role, and which columns were left alone.

    A role is called by its first name in the spec, in English by the role itself.
    """
    taken = {
        role: " + ".join(column.printed for column in found) for role, found in layout.roles.items() if role in roles
    }
    left = layout.leftover
    zh = "；".join(f"{spec.roles[role][0]} ← {printed}" for role, printed in taken.items())
    en = "; ".join(f"{role.replace('_', ' ')} ← {printed}" for role, printed in taken.items())
    zh += f"；未读的列：{'、'.join(left)}" if left else ""
    en += f"; columns not read: {', '.join(left)}" if left else ""
    return Note(zh, en)
