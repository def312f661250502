"""Does a file foot? Its control totals, its running balances, the arithmetic of its rows, the period it covers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from recon import money
from recon.channels import chain, totals
from recon.channels.cells import Cells, Index, Money, folded
from recon.channels.entries import Identity, unknown_states
from recon.channels.lines import filled
from recon.channels.rules import Rows
from recon.ledger.schema import READ
from recon.ledger.statement import AccountFacts, Note, Problem


@dataclass(frozen=True)
class Checked:
    """What the checks found; `table` is the entries with the rebuilt order and, of a broken file, as unproven."""

    table: pa.Table
    accounts: tuple[AccountFacts, ...] = ()
    problems: tuple[Problem, ...] = ()
    control_total: str = "none"
    balance_chain: str = "none"
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True)
class Read:
    """A table that has become entries: `place` is the position of each entry's row."""

    cells: Cells
    rows: Rows
    table: pa.Table
    place: Index
    who: Identity
    base: Money | None

    def entry_of(self, row: int) -> str:
        """The id of the first entry of a row."""
        return str(self.table["entry_id"][int(np.searchsorted(self.place, row))].as_py())

    def named(self, row: int) -> str:
        """A row as a person finds it: time, number, amount."""
        at = int(np.searchsorted(self.place, row))
        local, _ = self.cells.when(self.cells.spec.time)
        number = next(
            (text for name in ("line_ref", "payment_ref", "order_ref") if (text := self.table[name][at].as_py())), ""
        )
        amount = money.format_amount(int(self.table["amount"][at].as_py()), str(self.table["currency"][at].as_py()))
        when = "" if np.isnat(local[row]) else str(local[row].astype("datetime64[s]")).replace("T", " ")
        return " ".join(part for part in (when, number, amount) if part)


def check(
    cells: Cells,
    rows: Rows,
    table: pa.Table,
    place: Index,
    who: Identity,
    base: Money | None,
    more: Sequence[totals.Compared] = (),
) -> Checked:
    """Check one table against what it prints about itself; `more`: totals that a hook has compared."""
    read = Read(cells, rows, table, place, who, base)
    balances, seq, broken, breaks = _balances(read)
    printed, compared = _ends(read, balances)
    total, problems = _totals(read, [*compared, *more])
    problems += breaks + _arithmetic(read)
    if seq is not None:
        at = table.schema.get_field_index("seq")
        table = table.set_column(at, READ.field("seq"), seq)
    if total == "failed" or broken == "broken":
        at = table.schema.get_field_index("proven")
        table = table.set_column(at, READ.field("proven"), pa.repeat(pa.scalar(value=False), table.num_rows))
    return Checked(table, _accounts(read, balances, printed), tuple(problems), total, broken, tuple(_notes(cells)))


def _notes(cells: Cells) -> list[Note]:
    """Columns that the file lacks; states that no list names, once each."""
    lacking = [
        Note(f"没有“{name}”一列：{without.zh}", f"the column {name} is missing: {without.en}")
        for name, without in cells.spec.wanted.items()
        if not cells.has(name)
    ]
    most = cells.spec.most_rows
    if most is not None and cells.count >= most:
        zh = f"共 {cells.count} 行：平台至多导出 {most} 行，可能不完整，请按更短的日期分次下载"
        en = f"{cells.count} rows: the platform exports {most} at most; download shorter periods if some are missing"
        lacking.append(Note(zh, en))
    return lacking + [
        Note(
            f"订单状态“{word}”不在词表中，{count} 行：有付款时间的按已付款，其余按未付款",
            f"order state {word!r} is not listed, {count} rows: paid if they have a paid time, else unpaid",
        )
        for word, count in unknown_states(cells).items()
    ]


def _totals(read: Read, more: Sequence[totals.Compared]) -> tuple[str, list[Problem]]:
    malformed = len(read.cells.body.malformed)
    compared = [*totals.compare(read.cells, read.base, malformed), *more]
    wrong = [one for one in compared if not one.agrees]
    if not compared:
        return "none", []
    if not wrong:
        return "ok", []
    counts = [one for one in compared if not one.money]
    first = next((one for one in wrong if one.money), wrong[0])
    cause = ""
    if any(one.computed < one.printed for one in counts):
        cause = "file_cut"
    elif counts and all(one.agrees for one in counts):
        cause = "file_edited"
    elif _made_early(read.cells):
        cause = "file_early"
    _, currencies = read.cells.currencies
    currency = currencies[0]
    expected, actual = (first.printed, first.computed) if first.money else (0, 0)
    shown = [(one.name, one.shown(one.printed, currency), one.shown(one.computed, currency)) for one in wrong]
    zh = "；".join(f"{name}：文件写 {printed}，逐行得 {computed}" for name, printed, computed in shown)
    en = "; ".join(f"{name}: printed {printed}, from the rows {computed}" for name, printed, computed in shown)
    account = read.who.accounts[int(read.who.account[0])] if read.cells.count else read.who.accounts[0]
    return "failed", [Problem("control_total", account, currency, expected, actual, cause, (), f"{zh}。", f"{en}.")]


Balances = dict[tuple[int, int], tuple[int, int]]
Ends = tuple[int | None, int | None]


def _ends(read: Read, balances: Balances) -> tuple[Ends, list[totals.Compared]]:
    """Opening and closing as the lines around the table print them, where it is of one account and currency."""
    every = np.ones(read.cells.count, bool)
    if read.base is None or len(_groups(read.who.account, read.cells.currencies[0], every)) > 1:
        return (None, None), []
    kept = (read.rows.state == 0) | (read.rows.state == 3)
    chain = next(iter(balances.values()), None)
    opening, closing, compared = totals.ends(read.cells, int(read.base.minor[kept].sum()), chain)
    return (opening, closing), compared


def _balances(read: Read) -> tuple[Balances, pa.Array | None, str, list[Problem]]:
    """Opening and closing per (account, currency), the order of the entries, ok / broken / none, and the breaks."""
    spec, cells = read.cells.spec, read.cells
    parsed = cells.parsed(spec.balance.column) if spec.balance is not None else None
    if parsed is None or read.base is None or spec.balance is None:
        return {}, None, "none", []
    use = pc.is_valid(parsed.minor).to_numpy(zero_copy_only=False) & (read.rows.state == 0)
    if spec.balance.where:
        use &= cells.fits(spec.balance.where, np.arange(cells.count))
    balance = filled(parsed.minor, 0)
    local, _ = cells.when(spec.time)
    codes, _ = cells.currencies
    order = np.full(cells.count, -1, dtype=np.int64)
    found: Balances = {}
    problems: list[Problem] = []
    linked = False
    for account, currency in _groups(read.who.account, codes, use):
        rows = np.flatnonzero(use & (read.who.account == account) & (codes == currency))
        if len(rows) > 1 and not balance[rows].any():
            continue  # a balance of 0 on every row is none
        followed = chain.follow(read.base.minor[rows], balance[rows], local[rows], read.who.key[rows])
        order[rows[followed.order]] = np.arange(len(rows))
        found[account, currency] = (followed.opening, followed.closing)
        problems += [_break(read, rows, one, account, currency, followed) for one in followed.breaks]
        linked |= len(rows) > 1
    seq = order[read.place]
    verdict = "broken" if problems else "ok" if linked else "none"
    return found, pa.array(seq.astype(np.int32), mask=seq < 0), verdict, problems


def _groups(
    account: npt.NDArray[np.int32], currency: npt.NDArray[np.int32], use: npt.NDArray[np.bool_]
) -> list[tuple[int, int]]:
    if not use.any():
        return []
    width = int(currency.max()) + 1
    pairs = np.flatnonzero(np.bincount(account[use].astype(np.int64) * width + currency[use]))
    return [divmod(int(pair), width) for pair in pairs]


def _break(read: Read, rows: Index, one: chain.Break, account: int, currency: int, whole: chain.Chain) -> Problem:
    last, first = int(rows[one.last]), int(rows[one.first])
    _, currencies = read.cells.currencies
    code = currencies[currency]
    local, _ = read.cells.when(read.cells.spec.time)
    computed, printed = money.format_amount(one.computed, code), money.format_amount(one.printed, code)
    more = whole.failed > 2 and len(whole.breaks) == 1
    zh = f"{read.named(last)} 之后余额应为 {computed}，{read.named(first)} 行写 {printed}"
    zh += f"；共 {whole.failed} 处不连续。" if more else "。"
    en = f"after {read.named(last)} the balance should be {computed}, the row {read.named(first)} prints {printed}"
    en += f"; {whole.failed} links in all do not hold." if more else "."
    linked = (read.entry_of(last), read.entry_of(first))
    day = None if np.isnat(local[first]) else local[first].astype("datetime64[D]").item()
    return Problem(
        "balance_break", read.who.accounts[account], code, one.computed, one.printed, one.cause, linked, zh, en, day
    )


def _arithmetic(read: Read) -> list[Problem]:
    """Rows whose printed net is not the sum of their parts; the file stays proven."""
    spec, cells = read.cells.spec, read.cells
    if spec.arithmetic is None:
        return []
    net = cells.amount(spec.arithmetic.net)
    parts = np.zeros(cells.count, np.int64)
    if not spec.arithmetic.parts:
        np.add.at(parts, read.place, read.table["amount"].to_numpy())
    signed = [(name, 1) for name in spec.arithmetic.parts] + [(name, -1) for name in spec.arithmetic.less]
    for name, sign in signed:
        parsed = cells.parsed(name)
        if parsed is not None:
            parts = parts + sign * filled(parsed.minor, 0)
    booked = np.flatnonzero(read.rows.state == 0)
    rows = booked[cells.fits(spec.arithmetic.when, booked)]
    codes, currencies = cells.currencies
    local, _ = cells.when(spec.time)
    problems: list[Problem] = []
    for row in rows[(parts != net.minor)[rows]].tolist():
        entries = range(int(np.searchsorted(read.place, row)), int(np.searchsorted(read.place, row, side="right")))
        if not entries:
            continue
        linked = tuple(str(read.table["entry_id"][entry].as_py()) for entry in entries)
        code = currencies[int(codes[row])]
        expected, actual = int(parts[row]), int(net.minor[row])
        shown = money.format_amount(expected, code), money.format_amount(actual, code)
        zh = f"{read.named(row)} 行各分项合计 {shown[0]}，所列净额 {shown[1]}。"
        en = f"the parts of the row {read.named(row)} add up to {shown[0]}, its printed net is {shown[1]}."
        day = None if np.isnat(local[row]) else local[row].astype("datetime64[D]").item()
        account = read.who.accounts[int(read.who.account[row])]
        problems.append(Problem("settlement_gap", account, code, expected, actual, "", linked, zh, en, day))
    return problems


def _accounts(read: Read, balances: Balances, printed: Ends) -> tuple[AccountFacts, ...]:
    """Period and balances per account and currency; printed balances before derived ones."""
    cells = read.cells
    codes, currencies = cells.currencies
    period = stated(cells) or _printed_in_rows(cells)
    first, last = _events(read)
    days = _row_days(read) if cells.spec.covers is not None else None
    use = (read.rows.state == 0) | (read.rows.state == 3)
    facts: list[AccountFacts] = []
    for account, currency in _groups(read.who.account, codes, use):
        mine = use & (read.who.account == account) & (codes == currency)
        begin, end = _days(first[mine])[0], _days(last[mine])[1]
        if period is not None:
            begin, end = period
        opening, closing = balances.get((account, currency), (None, None))
        derived = opening is not None and None in printed
        opening, closing = (
            own if own is not None else found for own, found in zip(printed, (opening, closing), strict=True)
        )
        name, code = read.who.accounts[account], currencies[currency]
        rows_to = _days(days[mine])[1] if days is not None else None
        facts.append(AccountFacts(name, code, begin, end, period is not None, opening, closing, derived, rows_to))
    if not facts and period is not None:
        name, code = read.who.accounts[0], currencies[0]
        begin, end = period
        facts.append(AccountFacts(name, code, begin, end, period is not None, *printed))
    return tuple(facts)


def _printed_in_rows(cells: Cells) -> tuple[date, date] | None:
    """The period of `spec.period`: its last day counts if the period reaches to its end."""
    period = cells.spec.period
    begin, end = (cells.moment(name) for name in (period.first, period.last)) if period else (None, None)
    if begin is None or end is None or np.isnat(begin.local).all() or np.isnat(end.local).all():
        return None
    first, last = np.nanmin(begin.local), np.nanmax(end.local)
    day = last.astype("datetime64[D]")
    if last - day < np.timedelta64(23 * 60 + 59, "m"):
        day -= 1
    return first.astype("datetime64[D]").item(), max(day, first.astype("datetime64[D]")).item()


def _row_days(read: Read) -> npt.NDArray[np.datetime64]:
    """The day of each row's last entry, none of a row that makes none."""
    found = np.full(read.cells.count, np.datetime64("NaT"), dtype="datetime64[us]")
    found[read.place] = read.table["value_date"].combine_chunks().to_numpy(zero_copy_only=False)
    return found


def _events(read: Read) -> tuple[npt.NDArray[np.datetime64], npt.NDArray[np.datetime64]]:
    """Per row the day from which the file speaks of it, and the latest event of it that has happened."""
    spec, cells = read.cells.spec, read.cells
    first = cells.when(spec.time)[0].copy()
    last = first.copy()
    if spec.side != "order" and spec.value_date is None:
        days = read.table["value_date"].combine_chunks().to_numpy(zero_copy_only=False).astype("datetime64[us]")
        first[read.place] = last[read.place] = days
        if (
            spec.covers is not None
            and (paid := pc.equal(read.table["kind"].cast(pa.string()), "payment").to_numpy()).any()
        ):
            others = np.setdiff1d(np.arange(cells.count), read.place[paid])
            first[others] = last[others] = np.datetime64("NaT")
        return first, last
    for name in (*spec.dates.values(), *spec.stamps):
        moment = cells.moment(name)
        if moment is not None:
            last = np.fmax(last, moment.local)
    return first, last


def _days(times: npt.NDArray[np.datetime64]) -> tuple[date | None, date | None]:
    known = times[~np.isnat(times)]
    if not len(known):
        return None, None
    return known.min().astype("datetime64[D]").item(), known.max().astype("datetime64[D]").item()


_COMPACT = re.compile(r"(?<!\d)(\d{4})(\d{2})(\d{2})(?!\d)")
_MOMENT = re.compile(r"(\d{4})[-/年](\d{1,2})[-/月](\d{1,2})日?(?:\s*(\d{1,2}):(\d{2})(?::(\d{2}))?)?")


def stated(cells: Cells) -> tuple[date, date] | None:
    """The period that the file prints; an end at 00:00:00 is the day before, and none covers more than its making."""
    pattern = cells.spec.preamble.period
    if pattern is None:
        return None
    lines = [folded(line.text) for line in (*cells.body.preamble, *cells.body.footer)]
    for text in (*lines, "\n".join(lines)):  # the two days may stand on lines of their own
        match = re.search(pattern, text)
        if not match:
            continue
        begin, end = _moment(match.group("from")), _moment(match.group("to"))
        if begin is None or end is None:
            return None
        last = end[0].date()
        if end[1] and end[0].time() == datetime.min.time() and end[0] > begin[0]:
            last -= timedelta(days=1)
        made = _made_at(cells)
        last = min(last, made.date()) if made is not None else last
        return begin[0].date(), max(last, begin[0].date())
    return None


def _moment(text: str) -> tuple[datetime, bool] | None:
    """A moment, and whether it prints a time of day."""
    match = _MOMENT.search(_COMPACT.sub(r"\1-\2-\3", text))
    if match is None:
        return None
    year, month, day, hour, minute, second = (int(part or 0) for part in match.groups())
    try:
        moment = datetime.fromisoformat(f"{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}")
    except ValueError:
        return None
    return moment, match.group(4) is not None


def _made_at(cells: Cells) -> datetime | None:
    footer = cells.spec.footer
    if footer is None or footer.made_at is None:
        return None
    for line in (*cells.body.footer, *cells.body.preamble):
        match = re.search(footer.made_at, folded(line.text))
        found = _moment(match.group("time")) if match else None
        if found is not None:
            return found[0]
    return None


def _made_early(cells: Cells) -> bool:
    made, period = _made_at(cells), stated(cells)
    return made is not None and period is not None and made.date() <= period[1]
