"""`generic.gateway`: a list of gateway movements of unknown layout -> signed rows with kind, fee, tax and net."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from recon.channels.cells import Cells
from recon.channels.generic import gateway_costs, gateway_signs
from recon.channels.generic.gateway_costs import Costs
from recon.channels.generic.gateway_signs import KINDS, Movements
from recon.channels.generic.header import Layout
from recon.channels.generic.joined import Joined, accounts_of, currency_for, day_and_time, joined_of, shared_out
from recon.channels.generic.labels import minor_of
from recon.channels.generic.readings import Chained, decide
from recon.channels.generic.recognition import is_header, layout_of
from recon.channels.generic.resolved import (
    Asked,
    Mask,
    Minor,
    Resolved,
    chosen,
    dated,
    in_major,
    in_text,
    parsed_of,
    still_open,
    text_of,
)
from recon.channels.generic.sections import sections
from recon.channels.generic.words import is_total, meaning
from recon.channels.lines import Body, filled
from recon.channels.rules import Rows, check_numbers
from recon.channels.totals import Compared
from recon.ledger.statement import Note

_MONEY = ("amount", "in", "out", "refund", "fee", "tax", "net", "reserve", "balance")
_DAYS = ("time", "day", "settled")
_READ = frozenset(
    "time settled kind amount refund_part fee_part tax_part other_part other_name net_part total balance chain order"
    " payment refund_number batch bank_number detail key currency account status memo method".split()
)
_CORRECT = "Correct the cell, or export the file again."


def resolve(asked: Asked) -> Resolved:
    """Bring a gateway list into the columns of `generic.gateway`.

    Raises:
        InputFault: when signs, currency, days or nets contradict each other or cannot be told.
    """
    spec = asked.spec
    parts = sections(asked, lambda line: layout_of(spec, line), lambda line: is_header(spec, line, asked.header), _DAYS)
    day = next(role for role in _DAYS if parts[0].layout.has(role))
    joined, aside, loose = joined_of(asked, shared_out(parts, spec), day, _MONEY[:3])
    layout, columns = joined.sections[0].layout, joined.columns
    roles = set(columns)
    utc, notes = dated(asked, layout, columns, ("time", "day", "settled"))
    day_and_time(columns)
    if day == "settled":
        name = layout.printed(day)
        notes.append(Note(f"没有交易时间，以“{name}”为准", f"no time; {name} is taken"))
    currency = currency_for(asked, joined, _MONEY)
    notes += in_major(layout, columns, _MONEY, currency)
    notes += _net_alone(layout, columns)
    pointed = _any_point(columns)
    columns["account"] = accounts_of(asked, joined)
    malformed = tuple(one for part in joined.sections for one in part.malformed)
    zone = "UTC" if utc else asked.zone
    cells = Cells(spec, Body(columns, joined.numbers, (), (), malformed), zone, currency)
    rows = Rows(asked.source.file, joined.numbers, np.zeros(len(joined.numbers), np.int8))
    check_numbers(cells, rows)
    notes += _skip_by_status(cells, rows, spec.words)
    moves = gateway_signs.read(asked, cells, rows, layout)
    missing = still_open(rows, ~moves.present)
    rows.fault(missing, "amount", [""] * len(missing), "the amount is missing", _CORRECT)
    costs = gateway_costs.read(asked, cells, rows, layout, moves)
    _skip_nothing(rows, moves, costs)
    columns |= _derived(cells, rows, moves, costs)
    if costs.other.any():  # a reserve or a discount, as the file calls it
        columns["other_name"] = pa.repeat(layout.printed("reserve"), cells.count)
    if not pointed:
        notes.append(Note("所有金额都没有小数点：按元读", "no amount has a decimal point: read in major units"))
    return Resolved(
        spec,
        Body({name: column for name, column in columns.items() if name in _READ}, joined.numbers, (), (), malformed),
        rows,
        zone,
        currency,
        (chosen(layout, spec, roles), *notes, *moves.notes, *costs.notes),
        aside=aside,
        loose=loose,
        compared=_totals(cells, joined, rows),
        printed={role: layout.printed(role) for role in layout.roles} | {"key": layout.printed("payment")},
    )


def _net_alone(layout: Layout, columns: dict[str, pa.Array]) -> list[Note]:
    """A list that prints nothing but what was credited: that is the amount."""
    if {"amount", "in", "out"} & set(columns):
        return []
    columns["amount"] = columns.pop("net")
    name = layout.printed("net")
    return [Note(f"只有“{name}”：作为金额，没有手续费", f"{name} alone: it is the amount, without a fee")]


def _skip_nothing(rows: Rows, moves: Movements, costs: Costs) -> None:
    """Rows that move nothing and cost nothing."""
    nothing = (moves.minor == 0) & (costs.fee == 0) & (costs.tax == 0) & (costs.refund == 0) & (costs.other == 0)
    rows.skip(still_open(rows, nothing), "amount of 0")


def _skip_by_status(cells: Cells, rows: Rows, words: Mapping[str, Sequence[str]]) -> list[Note]:
    """Rows that failed or are pending are no movements, unless the balance moved with them."""
    column = cells.plain("status")
    if column is None:
        return []
    coded = column.dictionary_encode()
    codes = filled(coded.indices, -1)
    moved = _moves_the_balance(cells)
    notes: list[Note] = []
    for code, word in enumerate(coded.dictionary.to_pylist()):
        said = meaning(word, words, "status.")
        mine = (codes == code) & (rows.state == 0)
        if said == "skip" or (said is None and word.startswith("待")):
            rows.skip(np.flatnonzero(mine & ~moved), f"pending or failed: {word}")
        elif said is None:
            count = int(mine.sum())
            notes.append(
                Note(f"不认识状态“{word}”（{count} 行）：计入", f"status {word!r} ({count} rows) is unknown: counted")
            )
    return notes


def _moves_the_balance(cells: Cells) -> Mask:
    """Rows after which the balance is another one than before, in the direction in which the days run."""
    parsed = cells.parsed("balance")
    if parsed is None or cells.count < 2:
        return np.zeros(cells.count, bool)
    balance = filled(parsed.minor, 0)
    local, _ = cells.when(["time"])
    newest_first = bool(local[0] > local[-1])
    changed = balance[1:] != balance[:-1]
    moved = np.zeros(cells.count, bool)
    (moved[:-1] if newest_first else moved[1:])[:] = changed
    return moved


def _derived(cells: Cells, rows: Rows, moves: Movements, costs: Costs) -> dict[str, pa.Array]:
    codes, currencies = cells.currencies
    everywhere = np.ones(cells.count, bool)
    total = moves.minor + costs.fee + costs.tax + costs.refund + costs.other
    amounts = {
        "amount": (moves.minor, everywhere), "refund_part": (costs.refund, costs.refund != 0),
        "fee_part": (costs.fee, costs.fee != 0), "tax_part": (costs.tax, costs.tax != 0),
        "other_part": (costs.other, costs.other != 0), "net_part": (costs.net, costs.has_net),
    }  # fmt: skip
    moved, chained = _chained(cells, rows, (total, moves.minor))
    derived: dict[str, pa.Array] = {
        name: in_text(minor, present, codes, currencies) for name, (minor, present) in amounts.items()
    }
    derived["total"] = in_text(moved, everywhere, codes, currencies)
    derived["chain"] = pa.array(np.where(chained, "1", "0"), pa.string())
    kinds = pa.array(KINDS, pa.string())
    derived["kind"] = pa.DictionaryArray.from_arrays(pa.array(moves.kind.astype(np.int32)), kinds)
    derived["detail"] = moves.detail
    derived["key"] = _key(cells, derived["kind"].cast(pa.string()), derived["amount"])
    return derived


def _chained(cells: Cells, rows: Rows, readings: tuple[Minor, ...]) -> tuple[Minor, Mask]:
    """What a row moves the balance by, and the rows whose balance is relied on."""
    balance, has = parsed_of(cells, rows, "balance")
    local, _ = cells.when(["time"])
    use = has & (rows.state == 0) & ~np.isnat(local)
    relied = np.zeros(cells.count, bool)
    if not use.any():
        return readings[0], relied
    names = text_of(cells, "account").fill_null("").dictionary_encode().indices.to_numpy(zero_copy_only=False)
    codes, _ = cells.currencies
    chains = [
        Chained(mine, balance[mine], local[mine])
        for account, currency in sorted({*zip(names[use].tolist(), codes[use].tolist(), strict=True)})
        if len(mine := np.flatnonzero(use & (names == account) & (codes == currency)))
    ]
    verdict = decide(chains, readings)
    if verdict.sound:
        relied[use] = True
    return readings[verdict.reading], relied


def _key(cells: Cells, kind: pa.StringArray, amount: pa.StringArray) -> pa.StringArray:
    """Payment number, kind and refund number; without one order number, kind, time and amount.

    A dispute and its return carry one number, so that they are told by time and amount too.
    """
    payment = text_of(cells, "payment")

    def joined(*parts: pa.StringArray) -> pa.StringArray:
        return pc.binary_join_element_wise(*(pc.fill_null(part, "") for part in parts), "|")

    numbered = joined(payment, kind, text_of(cells, "refund_number"))
    loose = joined(text_of(cells, "order"), kind, text_of(cells, "time"), amount)
    disputed = joined(payment, loose)
    return pc.case_when(pc.make_struct(pc.equal(kind, "chargeback"), pc.is_valid(payment)), disputed, numbered, loose)


def _any_point(columns: Mapping[str, pa.Array]) -> bool:
    texts = [columns[role] for role in _MONEY[:3] if role in columns]
    return any(bool(pc.any(pc.match_substring(text, ".")).as_py()) for text in texts)


def _totals(cells: Cells, joined: Joined, rows: Rows) -> tuple[Compared, ...]:
    """A line that begins with 合计 prints its sums under the columns: as printed, over all rows or the booked ones."""
    _, currencies = cells.currencies
    found: list[Compared] = []
    for number, part in enumerate(joined.sections):
        mine = joined.section == number
        for line in (*part.above, *part.between, *part.below):
            if not is_total(next((cell for cell in line.cells if cell.strip()), "")):
                continue
            for role in _MONEY[:-1]:
                column = part.layout.first(role)
                parsed = cells.parsed(role)
                if column is None or parsed is None or column.place >= len(line.cells):
                    continue
                printed = minor_of(line.cells[column.place].strip(), currencies[0])
                if printed is None:
                    continue
                minor = filled(parsed.minor, 0)
                sums = [int(minor[mine & (rows.state != 1)].sum()), int(minor[mine].sum())]
                computed = printed if printed in sums else sums[0]
                found.append(Compared(f"合计（{column.printed}）", printed, computed, money=True))
    return tuple(found)
