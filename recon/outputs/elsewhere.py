"""Bank lines that the accountant books elsewhere: rent, suppliers, customers, together by counterparty.

A bank account may be in scope for channel money alone. Each other line of it that nobody explains stays one finding of
low severity (the bank form lists items singly), but a person wants to see them by whom they came from or went to.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from recon.ledger.outcome import Outcome
from recon.money import format_amount

#: The findings that are meant: of low severity, for a line that names a channel has a higher one.
CODES = ("unknown_receipt", "unknown_debit")
SEVERITY = "low"
_SHARED = ("currency", "account", "code", "counterparty")


def booked_elsewhere(outcome: Outcome, accounts: Collection[str]) -> list[dict[str, Any]]:
    """Return one line per currency, account, code and counterparty; of a currency the largest sum first.

    Args:
        outcome: the result of the run.
        accounts: bank accounts from which only channel money is booked, as `family:number`.

    Returns:
        account, code, currency, counterparty (None where the bank prints none), count, amount (their sum, decimal text
        in major units), first and last day, break_ids.
    """
    found = outcome.findings
    plain = found[(found["code"].isin(CODES) & (found["severity"] == SEVERITY)).to_numpy(dtype=bool)]
    owned = outcome.finding_rows["owned"].to_numpy(dtype=bool)
    lines = outcome.finding_rows.loc[owned, ["finding", "row"]].merge(plain, on="finding", validate="many_to_one")
    if not accounts or lines.empty:
        return []
    families = lines["channel"].map(lambda name: outcome.channels[name].family)
    homes = families.astype(object) + ":" + lines["account"].astype(object)
    lines = lines[homes.isin(list(accounts)).to_numpy(dtype=bool)]
    names = outcome.entries["counterparty"].iloc[lines["row"].to_numpy(dtype=np.int64)]
    lines = lines.assign(counterparty=names.astype(object).to_numpy())
    keys = [lines[name].astype(object) for name in _SHARED]
    groups = [_Group.of(key, group) for key, group in lines.groupby(keys, dropna=False, sort=False)]
    return [group.line() for group in sorted(groups, key=_Group.place)]


@dataclass(frozen=True)
class _Group:
    """The lines of one counterparty. key: by `_SHARED`; total in minor units."""

    key: tuple[str | None, ...]
    total: int
    rows: pd.DataFrame

    @classmethod
    def of(cls, key: Iterable[object], rows: pd.DataFrame) -> _Group:
        texts = tuple(value if isinstance(value, str) else None for value in key)
        return cls(texts, int(rows["difference"].astype("int64").sum()), rows)

    def place(self) -> tuple[str, int, tuple[str, ...]]:
        currency, *others = (text or "" for text in self.key)
        return currency, -abs(self.total), tuple(others)

    def line(self) -> dict[str, Any]:
        days = sorted(day.isoformat() for day in self.rows["value_date"].dropna())
        return {
            **dict(zip(_SHARED, self.key, strict=True)),
            "count": len(self.rows),
            "amount": format_amount(self.total, str(self.key[0])),
            "first": days[0] if days else None,
            "last": days[-1] if days else None,
            "break_ids": sorted(self.rows["break_id"].astype(str)),
        }
