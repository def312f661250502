"""Signed amounts of a statement of unknown layout: by columns, by a direction, as printed, or by the balance alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow.compute as pc

from recon.channels.cells import Cells
from recon.channels.generic.header import Layout
from recon.channels.generic.joined import Joined, carry_accounts_on
from recon.channels.generic.labels import minor_of
from recon.channels.generic.readings import Chained, Verdict, by_difference, decide
from recon.channels.generic.resolved import NAME_IT, Asked, Index, Mask, Minor, parsed_of, still_open, text_of
from recon.channels.generic.words import bare, meaning
from recon.channels.lines import filled
from recon.channels.rules import Rows
from recon.ledger.statement import Note

_CORRECT = "Correct the cell, or export the statement again."


@dataclass(frozen=True)
class Signed:
    """Amounts of all rows, + is money in; chained: rows whose balance is relied on; chains: rows with a balance."""

    minor: Minor
    present: Mask
    chained: Mask
    chains: tuple[Chained, ...]
    notes: tuple[Note, ...]


@dataclass(frozen=True)
class _Form:
    """The readings of the amounts, that of the header words first; none: only the balance can sign `size`."""

    readings: tuple[Minor, ...]
    present: Mask
    size: Minor
    name: Note
    undecided: bool = False  # without proof by the balance no reading may be taken
    alone: Index | None = None  # rows that need the proof


def read(asked: Asked, cells: Cells, rows: Rows, layout: Layout, joined: Joined) -> Signed:
    """Return the signed amounts and what the balances say of them.

    Raises:
        InputFault: when nothing tells which way the money went.
    """
    form = _form(asked, cells, rows, layout)
    carry_accounts_on(cells, rows, joined, form.size, known=asked.told_account is not None)
    chains = _chains(cells, rows, form.present, joined)
    if not form.readings:
        return _by_balance(asked, cells, rows, form, chains)
    verdict = decide(chains, form.readings)
    if form.undecided and not verdict.proved:
        problem = "the direction is a number, and the balance does not tell which one is money in"
        raise asked.refused(layout.printed("direction"), "", problem, NAME_IT)
    if form.alone is not None and not verdict.proved:
        problem = "the only amount out is negative, and no balance tells whether it came back"
        values = [cells.value("out", int(row)) for row in form.alone]
        rows.fault(form.alone, "out", values, problem, _CORRECT)
    weak = not cells.has("balance")
    minor = form.readings[verdict.reading]
    links = [chain.links(minor, newest_first=newest) for chain in chains for newest in chain.directions]
    relied = verdict.sound and not (weak and not any(bool(mask.all()) for mask in links))
    chained = np.zeros(cells.count, bool)
    if relied:
        for chain in chains:
            chained[chain.rows] = True
    return Signed(
        minor,
        form.present,
        chained,
        chains,
        (form.name, *_told(verdict, chains, relied=relied)),
    )


def _told(verdict: Verdict, chains: Sequence[Chained], *, relied: bool) -> list[Note]:
    if verdict.reading:
        return [Note("余额证明收支方向与表头相反：已翻转", "sides turned by the balance")]
    if verdict.proved:
        return [Note("收支方向由余额证明", "the signs are proved by the balance")]
    if chains and not relied:
        return [Note("余额不能证明收支方向，也不作连续性检查", "the balance proves nothing here and is not chained")]
    if not chains:
        return [Note("没有可用的余额：收支方向按表头", "no balance to prove the signs: the header words stand")]
    return []


def _form(asked: Asked, cells: Cells, rows: Rows, layout: Layout) -> _Form:
    if cells.has("in") or cells.has("out"):
        return _pair(cells, rows)
    words = _direction_words(cells, asked.spec.words)
    if words is not None:
        return _directed(cells, rows, *words)
    minor, present = parsed_of(cells, rows, "amount")
    text = text_of(cells, "amount")
    plus = pc.any(pc.fill_null(pc.match_substring_regex(text, r"^\+"), fill_value=False)).as_py()
    rows.fault(
        still_open(rows, ~present), "amount", [""] * len(still_open(rows, ~present)), "the amount is missing", _CORRECT
    )
    if (minor < 0).any() or plus:
        name = f"“{layout.printed('amount')}”"
        return _Form((minor, -minor), present, np.abs(minor), Note(f"{name}带正负号", f"{name} is signed"))
    return _Form(
        (), present, minor, Note("金额没有方向：由余额的变化定正负", "amounts are signed by the change of the balance")
    )


def _pair(cells: Cells, rows: Rows) -> _Form:
    came, has_in = parsed_of(cells, rows, "in")
    went, has_out = parsed_of(cells, rows, "out")
    both = still_open(rows, (came != 0) & (went != 0))
    rows.fault(both, "out", [cells.value("out", int(row)) for row in both], "both amount columns are filled", _CORRECT)
    present = has_in | has_out
    empty = still_open(rows, ~present)
    rows.fault(empty, "out" if cells.has("out") else "in", [""] * len(empty), "the amount is missing", _CORRECT)
    as_printed = came - went
    used = went[went != 0]
    name = Note("收入、支出各一列", "one column for money in, one for money out")
    if len(used) and (used < 0).all():  # the layout prints the minus itself, or the one cell is a reversal
        minus = came + went
        alone = still_open(rows, went < 0) if len(used) == 1 else None
        return _Form((minus, as_printed, -minus, -as_printed), present, np.abs(minus), name, alone=alone)
    return _Form((as_printed, -as_printed), present, np.abs(as_printed), name)


def _direction_words(cells: Cells, words: Mapping[str, Sequence[str]]) -> tuple[str, list[str], Index] | None:
    """The column of the direction, its words, and the code of each row; None if there is none."""
    for role in ("direction", "type"):
        column = cells.plain(role)
        if column is None:
            continue
        coded = column.dictionary_encode()
        known = [str(word) for word in coded.dictionary.to_pylist()]
        digits = set(map(bare, known)) <= {"1", "2"} and role == "direction" and bool(known)
        told = [word for word in known if meaning(word, words, "direction.") is not None]
        if digits or (told and (role == "direction" or len(told) == len(known))):
            signs = [word if digits else meaning(word, words, "direction.") or "" for word in known]
            return role, signs, filled(coded.indices, -1)
    return None


def _directed(cells: Cells, rows: Rows, role: str, signs: list[str], codes: Index) -> _Form:
    minor, present = parsed_of(cells, rows, "amount")
    rows.fault(
        still_open(rows, ~present), "amount", [""] * len(still_open(rows, ~present)), "the amount is missing", _CORRECT
    )
    sign = {"in": 1, "out": -1, "1": 1, "2": -1, "": 0}
    facing = np.array([*(sign[one] for one in signs), 0])[codes]
    unknown = still_open(rows, (facing == 0) & (minor != 0))
    values = [cells.value(role, int(row)) for row in unknown]
    rows.fault(unknown, role, values, "does not say whether money came in or went out", _CORRECT)
    digits = set(signs) <= {"1", "2"}
    against = still_open(rows, (minor < 0) & (facing > 0)) if not digits else np.empty(0, np.int64)
    values = [cells.value("amount", int(row)) for row in against]
    rows.fault(against, "amount", values, "is negative, and its direction says money in", _CORRECT)
    amount = facing * np.abs(minor)
    name = Note("金额加方向", "an amount and its direction")
    return _Form((amount, -amount), present, np.abs(minor), name, undecided=digits)


def _chains(cells: Cells, rows: Rows, present: Mask, joined: Joined) -> tuple[Chained, ...]:
    """The rows with a balance, per account and currency."""
    role = "balance" if cells.has("balance") else "available"
    parsed = cells.parsed(role)
    if parsed is None:
        return ()
    use = np.asarray(pc.is_valid(parsed.minor).to_numpy(zero_copy_only=False)) & present & (rows.state == 0)
    balance = filled(parsed.minor, 0)
    local, _ = cells.when(["date"])
    use &= ~np.isnat(local)
    days = local.astype("datetime64[D]")
    codes, currencies = cells.currencies
    names = pc.fill_null(joined.columns["account"], "").dictionary_encode()
    account = names.indices.to_numpy(zero_copy_only=False)
    found: list[Chained] = []
    for pair in sorted({*zip(account[use].tolist(), codes[use].tolist(), strict=True)}):
        mine = np.flatnonzero(use & (account == pair[0]) & (codes == pair[1]))
        ends = _ends(joined, np.unique(joined.section[mine]).tolist(), currencies[pair[1]])
        found.append(Chained(mine, balance[mine], days[mine], *ends))
    return tuple(found)


def _ends(joined: Joined, sections: Sequence[int], currency: str) -> tuple[int | None, int | None]:
    """Opening and closing balance as the lines around the first and the last section of an account print them."""
    opening = minor_of(joined.labels[sections[0]].amount("opening"), currency)
    closing = minor_of(joined.labels[sections[-1]].amount("closing"), currency)
    if len(sections) > 1 and closing is not None and opening is not None and sections[0] > sections[-1]:
        return closing, opening
    return opening, closing


def _by_balance(asked: Asked, cells: Cells, rows: Rows, form: _Form, chains: Sequence[Chained]) -> Signed:
    """Unsigned amounts: each takes the sign of the change of the balance."""
    minor = np.zeros(cells.count, np.int64)
    known = np.zeros(cells.count, bool)
    for chain in chains:
        found = by_difference(chain, form.size)
        if found is None:
            continue
        minor[chain.rows], known[chain.rows] = found
    minor[~known] = 0
    if not known.any() and cells.count:
        problem = "the amounts have no sign, and neither a direction nor a balance tells it"
        raise asked.refused("", "", problem, f"Name the column of the direction. {NAME_IT}")
    odd = still_open(rows, ~known)
    values = [cells.value("amount", int(row)) for row in odd]
    problem = "the balance does not tell whether the money came in or went out"
    rows.fault(odd, "amount", values, problem, "Give the opening balance above the table, or a direction.")
    return Signed(minor, form.present & known, known.copy(), tuple(chains), (form.name,))
