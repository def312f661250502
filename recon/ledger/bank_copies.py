"""Two files of one bank account tell the same money twice (CAMT.052 beside 053, MT940 beside the bank's own list)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from recon.ledger.channel import BILLS, INTERIM, ChannelFacts
from recon.ledger.schema import CATEGORY
from recon.ledger.statement import AccountFacts, Statement

#: So many digits name an account, also where an IBAN ends with them; fewer only inside one family of channels.
_TAIL = 8
#: So many equal rows say that a list without a number is of the account whose rows it repeats.
_ROWS = 3


@dataclass(frozen=True)
class _Told:
    """What one file tells of one account and currency: the places of its rows, their days and amounts."""

    file: int
    channel: str
    family: str
    bill: str
    facts: AccountFacts
    first: date
    last: date
    place: np.ndarray
    row: pd.MultiIndex  # day and amount

    @property
    def ending(self) -> str:
        """The digits with which the account's number ends; none where the file prints no number."""
        named = self.facts.account != f"{self.channel}:default"
        return re.findall(r"\d*$", self.facts.account)[0] if named else ""

    def on(self, first: date, last: date) -> np.ndarray:
        """Mask of the rows on these days."""
        day = self.row.get_level_values(0)
        inside: np.ndarray = (day >= np.datetime64(first)) & (day <= np.datetime64(last))
        return inside


def mark_bank_copies(statements: Sequence[Statement], channels: Mapping[str, ChannelFacts]) -> list[Statement]:
    """Mark the rows of a bank account that a better file of the same account tells as `copy`.

    A bank's own list comes before a standard's statement, that before an interim report; of equal ones that with the
    most rows, then that whose channel comes first by name. On the days that both cover the better one alone tells the
    money; on the first and last of these, where the better one does not state its period, and beside them, only rows
    of equal day and amount are copies: a list made at noon lacks the evening. A file with copies gives up its balances.
    """
    copied: dict[int, list[np.ndarray]] = {}
    for tales in _by_account(_tales(statements, channels)):
        rows: dict[str, int] = {}
        for told in tales:
            rows[told.channel] = rows.get(told.channel, 0) + len(told.place)
        better: list[_Told] = []
        for channel in sorted(rows, key=lambda c: (BILLS.index(channels[c].bill), -rows[c], c)):
            mine = [t for t in tales if t.channel == channel]
            for told in mine:
                again = _again(told, better)
                if again.any():
                    copied.setdefault(told.file, []).append(told.place[again])
            better += mine
    return [_marked(s, np.concatenate(copied[n])) if n in copied else s for n, s in enumerate(statements)]


def _tales(statements: Sequence[Statement], channels: Mapping[str, ChannelFacts]) -> list[_Told]:
    found = []
    for n, statement in enumerate(statements):
        if statement.side != "bank":
            continue
        table = statement.table
        for facts in statement.accounts:
            if facts.period_from is None or facts.period_to is None:
                continue
            mine = pc.and_(pc.equal(table["account"], facts.account), pc.equal(table["currency"], facts.currency))
            place = np.flatnonzero(pc.and_(mine, pc.is_valid(table["value_date"])).to_numpy())
            days = table["value_date"].to_numpy().astype("datetime64[D]")[place]
            row = pd.MultiIndex.from_arrays([days, table["amount"].to_numpy()[place]])
            of = channels[statement.channel]
            span = facts.period_from, facts.period_to
            found.append(_Told(n, statement.channel, of.family, of.bill, facts, *span, place, row))
    return found


def _by_account(tales: Sequence[_Told]) -> list[list[_Told]]:
    """The files of each account: by its number, which a longer one may end with; else by the rows that they repeat."""
    named: dict[tuple[str, str], list[_Told]] = {}
    unsure: dict[tuple[str, str], list[_Told]] = {}
    for n, told in enumerate(tales):
        number = "".join(filter(str.isalnum, told.facts.account)).upper()
        if not told.ending:
            unsure[told.channel, str(n)] = [told]
        elif "*" in told.facts.account or sum(map(str.isdigit, number)) < _TAIL:  # other banks have that ending too
            unsure.setdefault((told.facts.currency, f"{told.family}:{number}"), []).append(told)
        else:
            named.setdefault((told.facts.currency, number), []).append(told)
    found: dict[tuple[str, str], list[_Told]] = {}
    for (currency, number), told_of in named.items():
        longer = [n for c, n in named if c == currency and n != number and n.endswith(number)]
        whole = max(longer, key=len) if _nested(longer) else number
        found.setdefault((currency, whole), []).extend(told_of)
    groups = list(found.values())
    for lone in unsure.values():
        twins = [group for group in groups if any(_repeats(one, told) for one in lone for told in group)]
        if len(twins) == 1:
            twins[0].extend(lone)
        else:
            groups.append(lone)
    return groups


def _nested(numbers: Sequence[str]) -> bool:
    """All of them are ends of the longest: they name one account, not two that end alike."""
    return bool(numbers) and all(max(numbers, key=len).endswith(number) for number in numbers)


def _repeats(one: _Told, other: _Told) -> bool:
    """Two layouts with the same rows, at least three, on the days that both cover."""
    alike = one.ending.endswith(other.ending) or other.ending.endswith(one.ending)
    if one.channel == other.channel or one.facts.currency != other.facts.currency or not alike:
        return False
    first, last = max(one.first, other.first), min(one.last, other.last)
    mine, their = (told.row[told.on(first, last)].sort_values() for told in (one, other))
    return len(mine) >= _ROWS and mine.equals(their)


def _again(told: _Told, better: Sequence[_Told]) -> np.ndarray:
    """Mask of the rows of a file that better files of its account tell."""
    again = np.zeros(len(told.row), dtype=bool)
    for other in better:
        first, last = max(told.first, other.first), min(told.last, other.last)
        if first > last:
            continue
        inside = told.on(first, last)
        if not other.facts.period_stated and (told.bill != INTERIM or other.bill == INTERIM):
            day = told.row.get_level_values(0)
            inside &= (day != np.datetime64(other.first)) & (day != np.datetime64(other.last))
        again |= inside | _nth(told.row).isin(_nth(other.row))
    return again


def _nth(rows: pd.MultiIndex) -> pd.MultiIndex:
    """Day, amount, and how many equal rows stand before it: so k rows are copies of at most k."""
    frame = pd.DataFrame({"day": rows.get_level_values(0), "amount": rows.get_level_values(1)})
    return pd.MultiIndex.from_frame(frame.assign(nth=frame.groupby(["day", "amount"]).cumcount()))


def _marked(statement: Statement, place: np.ndarray) -> Statement:
    again = np.zeros(statement.table.num_rows, dtype=bool)
    again[place] = True
    at = statement.table.schema.get_field_index("book")
    books = pc.if_else(pa.array(again), "copy", statement.table["book"].cast(pa.string())).cast(CATEGORY)
    return replace(
        statement,
        table=statement.table.set_column(at, statement.table.schema.field(at), books),
        accounts=tuple(replace(facts, opening=None, closing=None, derived=False) for facts in statement.accounts),
    )
