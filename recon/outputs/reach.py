"""How far a cause reaches: the findings of one code, cause, account and currency taken together.

One wrong setting makes many findings; a person wants to see it once, with what it touched.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from recon.outputs.explain.folder import minor
from recon.outputs.explain.lines import days_word, grouped
from recon.outputs.labels import Language

#: What findings must share to be of one cause.
SHARED = ("code", "cause", "account", "currency")
#: What is read of breaks.csv and of break_rows.csv.
OF_BREAKS = ("break_id", *SHARED, "side", "difference", "reach_amount")
OF_ROWS = ("break_id", "owned", "side", "order_ref", "shop", "occurred_at", "value_date")
_TOUCHED = ("order_ref", "shop", "day")


@dataclass(frozen=True, slots=True)
class Reach:
    """What the findings of one cause touch together; difference (Σ |difference|) and money are minor units.

    cause: its tag, empty where the data shows none. orders, days, shops: how many different ones, 0 for none.
    days: on which their rows lie, on the side that dates the finding. money: Σ of their `reach_amount`.
    """

    code: str
    cause: str
    account: str
    currency: str
    findings: int
    difference: int
    orders: int
    money: int
    days: int
    shops: int

    def words(self, say: Language) -> str:
        """Return `12 orders, 1,240.00 CNY, 4 days, 2 shops`; where not each finding has an order, they are counted."""
        n, m, shops = self.orders, self.findings, self.shops
        by_order = n >= m
        parts = [
            say.say(f"{n} 笔订单", f"{n} order{'s' * (n > 1)}") if by_order else "",
            "" if by_order else say.say(f"{m} 条差异", f"{m} break{'s' * (m > 1)}"),
            f"{grouped(self.money, self.currency)} {self.currency}" if self.money else "",
            days_word(self.days, say) if self.days else "",
            say.say(f"{shops} 家店铺", f"{shops} shop{'s' * (shops > 1)}") if shops else "",
        ]
        return say.say("，", ", ").join(part for part in parts if part)


def cause_title(cause: str, say: Language) -> str:
    """Return what findings counted together have in common: their cause, or without one only their kind."""
    return say.say("同一原因", "by the same cause") if cause else say.say("同类差异", "of this kind")


def reaches(breaks: pa.Table, rows: pa.Table, currency: str) -> list[Reach]:
    """Return the reach of each cause, by code, cause, account and currency.

    Args:
        breaks: `OF_BREAKS` as text, of the findings that count.
        rows: `OF_ROWS` as text; rows of other findings are passed over.
        currency: of the books.
    """
    keys = [pc.fill_null(breaks.column(name).combine_chunks(), "") for name in SHARED]
    groups, group = _numbered(keys)
    touched = _touched(breaks, rows, group)
    counted = touched.group_by("group").aggregate([(name, "count_distinct") for name in _TOUCHED])
    found = np.zeros((len(groups), len(_TOUCHED)), dtype=np.int64)
    place = counted.column("group").to_numpy()
    for at, name in enumerate(_TOUCHED):
        found[place, at] = counted.column(f"{name}_count_distinct").to_numpy()
    sizes = [np.zeros(len(groups), dtype=np.int64) for _ in range(2)]
    for size, name in zip(sizes, ("difference", "reach_amount"), strict=True):
        np.add.at(size, group, np.abs(minor(breaks, name, currency)))
    findings = np.bincount(group, minlength=len(groups))
    return [
        Reach(
            *(code, cause, account, money or currency),
            findings=int(findings[n]),
            difference=int(sizes[0][n]),
            orders=int(found[n, 0]),
            money=int(sizes[1][n]),
            days=int(found[n, 2]),
            shops=int(found[n, 1]),
        )
        for n, (code, cause, account, money) in enumerate(groups)
    ]


def _numbered(keys: list[pa.Array]) -> tuple[list[tuple[str, ...]], np.ndarray]:
    """Return the different keys in order, and the number of each row's key."""
    told = list(zip(*(key.to_pylist() for key in keys), strict=True))
    groups = sorted(set(told))
    number = {key: n for n, key in enumerate(groups)}
    return groups, np.array([number[key] for key in told], dtype=np.int64)


def _touched(breaks: pa.Table, rows: pa.Table, group: np.ndarray) -> pa.Table:
    """Return group, order, shop and day of each row that a finding owns; of a finding that owns none, that it shows."""
    rows = rows.filter(pc.is_in(rows.column("break_id"), breaks.column("break_id").combine_chunks())).combine_chunks()
    owned = pc.equal(rows.column("owned"), "true")
    owners = pc.unique(rows.filter(owned).column("break_id"))
    rows = rows.filter(pc.or_(owned, pc.invert(pc.is_in(rows.column("break_id"), owners))))
    place = pc.index_in(rows.column("break_id"), breaks.column("break_id").combine_chunks()).combine_chunks()
    dated = pc.equal(rows.column("side"), breaks.column("side").take(place))
    days = pc.coalesce(pc.utf8_slice_codeunits(rows.column("occurred_at"), 0, 10), rows.column("value_date"))
    return pa.table(
        {
            "group": pa.array(group[place.to_numpy(zero_copy_only=False)]),
            "order_ref": rows.column("order_ref"),
            "shop": rows.column("shop"),
            "day": pc.if_else(pc.fill_null(dated, fill_value=False), days, pa.scalar(None, pa.string())),
        }
    )
