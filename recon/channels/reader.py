"""One file -> statements: recognise it, read its columns, give each row to a rule, make entries, check its totals."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from recon.channels import columns, detect, identity, statement, tables
from recon.channels.cells import Cells, Index, Money, folded
from recon.channels.currencies import currency_code
from recon.channels.entries import Identity, rank_of, table_of
from recon.channels.generic import days
from recon.channels.generic.grouping import follow
from recon.channels.generic.hooks import HOOKS
from recon.channels.generic.resolved import Asked, Resolved
from recon.channels.items import totals_once
from recon.channels.lines import Body, Line, filled
from recon.channels.refusals import refusals
from recon.channels.rules import CORRECT, Rows, assign, check_numbers, check_texts, made_by
from recon.channels.spec import Spec
from recon.channels.summaries import summary_of
from recon.errors import Fault, InputFault
from recon.ledger.schema import READ
from recon.ledger.statement import Note, Statement, Unread

#: A line with as many filled cells belongs to a table.
_TABLE = 3


class Hint(Protocol):
    """One line of `sources:` in recon.yaml: what files of a pattern cannot say themselves."""

    @property
    def files(self) -> str:
        """Glob over the path below the inbox."""

    @property
    def channel(self) -> str | None:
        """Read as this channel."""

    @property
    def account(self) -> str | None:
        """Account, where the file prints none."""

    @property
    def zone(self) -> str | None:
        """Zone of times, where the channel has none of its own."""

    @property
    def currency(self) -> str | None:
        """Currency, where the file prints none."""


@dataclass(frozen=True)
class Told:
    """What `sources:` says of one file."""

    channel: str | None = None
    account: str | None = None
    zone: str | None = None
    currency: str | None = None


def read_file(
    path: Path,
    name: str,
    specs: Mapping[str, Spec],
    *,
    sources: Sequence[Hint] = (),
    zone: str = "Asia/Shanghai",
    currency: str = "CNY",
    book: bool = False,
) -> list[Statement | Unread]:
    """Read one file; an archive or a workbook gives one result per member or sheet.

    Args:
        path: where the file lies.
        name: what messages and tables call it (posix path below the inbox).
        specs: the channels by name.
        sources: `sources:` of recon.yaml; the first whose pattern fits the name is taken.
        zone: zone of times that print none, where the channel has none of its own.
        currency: currency of tables that print none.
        book: a table of unknown layout is the company's own journal, where debit is money in.
    """
    results: list[Statement | Unread] = []
    for source in tables.open_file(path, name):
        if isinstance(source, tables.Unopened):
            results.append(Unread(source.file, source.sha256, "unreadable", source.fault))
        else:
            told = _told(sources, (source.file, name))
            results.append(_read_source(source, specs, told, zone, currency, book=book))
    return _without_notes(results)


def _told(sources: Sequence[Hint], names: Sequence[str]) -> Told:
    for hint in sources:
        if any(fnmatchcase(name, hint.files) for name in names):
            return Told(hint.channel, hint.account, hint.zone, hint.currency)
    return Told()


def _without_notes(results: list[Statement | Unread]) -> list[Statement | Unread]:
    """Sheets without a table, beside one that was read, are no unknown files."""
    read = {one.sha256 for one in results if isinstance(one, Statement)}
    return [one for one in results if isinstance(one, Statement) or one.rows or one.sha256 not in read]


def _read_source(
    source: tables.Source, specs: Mapping[str, Spec], told: Told, zone: str, currency: str, *, book: bool
) -> Statement | Unread:
    found = detect.detect(source, specs, told.channel, book=book)
    if isinstance(found, Fault):
        rows = sum(sum(bool(cell.strip()) for cell in line.cells) >= _TABLE for line in source.head)
        return Unread(source.file, source.sha256, "unknown", found, rows)
    try:
        return read_source(source, found.spec, found.header, told=told, zone=zone, currency=currency)
    except InputFault as error:
        return Unread(source.file, source.sha256, "unreadable", error.fault)


def read_source(source: tables.Source, spec: Spec, header: Line, *, told: Told, zone: str, currency: str) -> Statement:
    """Read one table under one spec.

    Raises:
        InputFault: when the table as a whole cannot be read.
    """
    given = _resolved(source, spec, header, told, zone, currency)
    spec, body, rows = given.spec, given.body, given.rows
    cells = Cells(spec, body, given.zone, given.currency)
    body.columns.clear()  # the cells hold them now, and let go of each as they clean it
    source.close()
    accounts, account = _accounts(cells, body, told)
    if spec.control_only is not None:
        rows.skip(rows.open, spec.control_only)
        read = _statement(source, header, given, statement.Checked(READ.empty_table()))
        return replace(read, summary=summary_of(cells, accounts[0]))
    if spec.explains:
        rows.skip(rows.open[cells.fits(spec.explains, rows.open)], "tells what the columns mean")
    cells.prepare(columns.of_amounts(spec))
    check_texts(cells, rows)
    check_numbers(cells, rows)
    _check_days(cells, source.file, header)
    _check_times(cells, rows)
    base = cells.amount(spec.amount) if spec.amount is not None else None
    made = made_by(cells, rows, assign(cells, rows, base), base)
    who = _identity(cells, accounts, account)
    _set_repeated_aside(rows, who)
    made, notes = totals_once(cells, rows, who.key, [one.kept(rows.state[one.rows] == 0) for one in made])
    given = replace(given, notes=(*given.notes, *notes))
    table, place = table_of(cells, rows, made, who)
    checked = statement.check(cells, rows, table, place, who, base, given.compared)
    read = _statement(source, header, given, checked, place)
    return replace(read, refused=refusals(cells, rows), set_aside=_set_aside(cells, rows, base))


def _set_aside(cells: Cells, rows: Rows, base: Money | None) -> tuple[tuple[str, int], ...]:
    """Σ of the quarantined rows per currency, of those whose amount can be read."""
    if base is None or not (rows.state == 2).any():
        return ()
    code, names = cells.currencies
    mine = (rows.state == 2) & base.present
    totals = (
        (name, int(base.minor[mine & (code == n)].sum())) for n, name in enumerate(names) if (mine & (code == n)).any()
    )
    return tuple(sorted(totals))


def _resolved(source: tables.Source, spec: Spec, header: Line, told: Told, zone: str, currency: str) -> Resolved:
    """The columns that the spec reads: by their names, or as its hook finds them."""
    if spec.resolve is not None:
        asked = Asked(source, header, spec, told.zone or zone, currency, told.currency, told.account)
        return HOOKS[spec.resolve](asked)
    body = source.read(header, columns.places(spec, header), columns.repeated(spec), spec.shape)
    rows = Rows(source.file, body.rows, np.zeros(len(body.rows), np.int8))
    printed = _currency(spec, body) or (currency if spec.currency in body.columns else None) or told.currency
    if printed is not None or spec.currency_assumed is None:
        return Resolved(spec, body, rows, told.zone or zone, printed or currency)
    if spec.currency_assumed == "none":
        remedy = "Write its currency under sources: in recon.yaml."
        raise InputFault(Fault(source.file, header.row, "", "", "the file does not say its currency", remedy))
    code = spec.currency_assumed
    note = Note(
        f"文件未写币种，按 {code} 读；不对请在 sources: 中写明",
        f"no currency is printed: read as {code}; if not so, say it under sources:",
    )
    return Resolved(spec, body, rows, told.zone or zone, code, (note,))


def _currency(spec: Spec, body: Body) -> str | None:
    """The currency of a table without a column of it: as printed above, else that of the channel."""
    for line in body.preamble if spec.preamble.currency else ():
        found = re.search(spec.preamble.currency or "", folded(line.text))
        code = currency_code(found.group("currency")) if found else None
        if code is not None:
            return code
    return spec.currency_is


def _statement(
    source: tables.Source, header: Line, given: Resolved, checked: statement.Checked, place: Index | None = None
) -> Statement:
    spec, body, rows = given.spec, given.body, given.rows
    table = checked.table
    if given.lead is not None and place is not None:
        joined = np.bincount(given.lead, minlength=len(rows.state))
        table = table.append_column("row_count", pa.array(joined[place].astype(np.int32)))
        follow(rows, given.lead)
    faults = [given.own_words(rows.faults[row]) for row in sorted(rows.faults)]
    faults += [_malformed(source.file, number, count, len(header.cells)) for number, count in body.malformed]
    faults += given.loose
    states = np.bincount(rows.state, minlength=4)
    skipped = [(int(rows.numbers[row]), rows.reasons[row]) for row in rows.reasons]
    return Statement(
        file=source.file,
        sha256=source.sha256,
        channel=spec.channel,
        side=spec.side,
        book=spec.book,
        table=table,
        rows=len(body.rows) + len(body.malformed) + len(given.aside) + len(given.loose),
        booked_rows=int(states[0]),
        repeated=int(states[3]),
        skipped=tuple(sorted([*skipped, *given.aside])),
        quarantined=tuple(sorted(faults, key=lambda fault: fault.row)),
        accounts=checked.accounts,
        problems=checked.problems,
        control_total=checked.control_total,
        balance_chain=checked.balance_chain,
        notes=(*given.notes, *checked.notes),
        order_column=_order_column(given),
    )


def _order_column(given: Resolved) -> str:
    """What the file calls the order number: the first column that the layout takes it from."""
    chains = (refs.order_ref for refs in columns.references(given.spec))
    name = next((chain[0].column for chain in chains if chain), "")
    return given.printed.get(name, name)


def _malformed(file: str, number: int, found: int, wanted: int) -> Fault:
    problem = f"the line has {found} cells, the header has {wanted}"
    return Fault(file, number, "", "", problem, "Export the file again and do not edit it.")


def _accounts(cells: Cells, body: Body, told: Told) -> tuple[list[str], npt.NDArray[np.int32]]:
    """The accounts of a table, and which of them each row belongs to."""
    spec = cells.spec
    whole = _printed(spec.preamble.account, body, spec) if spec.preamble.account else None
    if whole is None and told.account:
        whole = _number(told.account, spec)
    fallback = whole or f"{spec.family if spec.account.of_family else spec.channel}:default"
    names = [name for name in spec.account.columns if cells.has(name)]
    if not names:
        return [fallback], np.zeros(cells.count, np.int32)
    words: list[str] = [fallback]
    codes = np.zeros(cells.count, np.int32)
    for name in reversed(names):
        column = cells.text(name)
        coded = column.dictionary_encode() if column is not None else None
        if coded is None:
            continue
        texts = [
            _number(word, spec) if word not in spec.account.ignore else None for word in coded.dictionary.to_pylist()
        ]
        words += [text for text in dict.fromkeys(texts) if text is not None and text not in words]
        lookup = np.array([words.index(text) if text is not None else -1 for text in [*texts, None]], dtype=np.int32)
        mine = lookup[filled(coded.indices, len(texts))]
        codes = np.where(mine >= 0, mine, codes).astype(np.int32)
    return words, codes


def _number(text: str, spec: Spec) -> str | None:
    """An account number as it is compared: without blanks, quotes and signs; the first digits where a spec says so."""
    number = re.sub(r"[\s'`\"\[\]]", "", text)
    return number[: spec.account.digits] or None


def _printed(pattern: str, body: Body, spec: Spec) -> str | None:
    for line in body.preamble:
        found = re.search(pattern, line.text)
        if found:
            return _number(found.group("account"), spec)
    return None


def _check_days(cells: Cells, file: str, header: Line) -> None:
    """A table whose days do not tell whether the day or the month comes first cannot be placed in time."""
    spec = cells.spec
    if spec.day != "told":
        return
    late = [name for rule in spec.rows for make in rule.made for name in make.time]
    for name in dict.fromkeys([*_stamps(spec), *late, *([spec.value_date] if spec.value_date else [])]):
        try:
            cells.moment(name)
        except days.UndecidedError as error:
            remedy = "Export it with the year first, or for a longer time, so that one day lies behind the 12th."
            shown, problem = str(error).split(": ", 1)
            raise InputFault(Fault(file, header.row, name, shown, problem, remedy)) from None


def _check_times(cells: Cells, rows: Rows) -> None:
    """A row without any time, or with a time that is none, is no movement that can be placed."""
    spec = cells.spec
    for name in dict.fromkeys((*spec.time, *spec.dates.values())):
        moment = cells.moment(name)
        if moment is not None and moment.wrong.any():
            odd = np.flatnonzero(moment.wrong)
            rows.fault(odd, name, [cells.value(name, int(row)) for row in odd], "is no date or time", CORRECT)
    if spec.timeless:
        return
    local, _ = cells.when(spec.time)
    late = [name for rule in spec.rows for make in rule.made for name in make.time]
    if late:
        other, _ = cells.when(dict.fromkeys(late))
        local = np.where(np.isnat(local), other, local)
    odd = np.flatnonzero(np.isnat(local))
    rows.fault(odd, spec.time[0], [""] * len(odd), "the time is missing", CORRECT)


def _identity(cells: Cells, accounts: list[str], account: npt.NDArray[np.int32]) -> Identity:
    spec = cells.spec
    texts = {name: column for name in cells.names if (column := cells.text(name)) is not None}
    owners = np.array([identity.of_text(f"{spec.channel}\n{name}") for name in accounts], dtype=np.uint64)
    key, content = identity.of_rows(texts, spec.key.columns, owners[account])
    if not spec.key.unique:
        key = identity.combined(key, identity.occurrences(key).astype(np.uint64))
    stamps = [moment.instant for name in _stamps(spec) if (moment := cells.moment(name)) is not None]
    stamp = stamps[0] if stamps else np.full(cells.count, np.datetime64("NaT"), dtype="datetime64[us]")
    for other in stamps[1:]:
        stamp = np.fmax(stamp, other)
    return Identity(accounts, account, key, content, stamp, rank_of(cells))


def _stamps(spec: Spec) -> list[str]:
    return list(dict.fromkeys((*spec.time, *spec.dates.values(), *spec.stamps)))


def _set_repeated_aside(rows: Rows, who: Identity) -> None:
    """The same row twice in one file counts once; of another content both versions stay, the merge takes the newer."""
    open_rows = rows.open
    if not identity.repeated(who.key).any():
        return
    twice = identity.occurrences(identity.combined(who.key[open_rows], who.content[open_rows])) > 0
    rows.state[open_rows[twice]] = 3
