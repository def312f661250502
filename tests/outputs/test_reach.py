"""What the findings of one cause touch together, against counting by hand."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recon.outputs.labels import Language
from recon.outputs.reach import OF_BREAKS, OF_ROWS, SHARED, Reach, reaches

_FEW = st.sampled_from
_BREAKS = st.lists(
    st.fixed_dictionaries(
        {
            "code": _FEW(["missing_payment", "cutoff"]),
            "cause": _FEW([None, "cod"]),
            "account": _FEW([None, "1"]),
            "currency": _FEW(["CNY", "JPY"]),
            "side": _FEW([None, "order", "gateway"]),
            "difference": st.integers(-300, 300),
            "reach_amount": st.integers(0, 300),
        }
    ),
    max_size=8,
)
_ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "place": st.integers(0, 9),
            "owned": _FEW(["true", "false"]),
            "side": _FEW(["order", "gateway"]),
            "order_ref": _FEW([None, "A", "B"]),
            "shop": _FEW([None, "S", "T"]),
            "occurred_at": _FEW([None, "2026-10-01T09:00:00+08:00", "2026-10-02T09:00:00+08:00"]),
            "value_date": _FEW(["2026-10-02", "2026-10-03"]),
        }
    ),
    max_size=20,
)


def _table(rows: list[dict[str, Any]], names: tuple[str, ...]) -> pa.Table:
    return pa.table({name: pa.array([row[name] for row in rows], pa.string()) for name in names})


def _text(minor: int, currency: str) -> str:
    return str(minor) if currency == "JPY" else f"{'-' * (minor < 0)}{abs(minor) // 100}.{abs(minor) % 100:02}"


def _by_hand(breaks: list[dict[str, Any]], rows: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    groups: dict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
    for line in breaks:
        groups[tuple(line[name] or "" for name in SHARED)].append(line)
    told = []
    for key, lines in sorted(groups.items()):
        orders, days, shops = set(), set(), set()
        for line in lines:
            mine = [row for row in rows if row["break_id"] == line["break_id"]]
            for row in [row for row in mine if row["owned"] == "true"] or mine:
                orders.add(row["order_ref"])
                shops.add(row["shop"])
                if row["side"] == line["side"]:
                    days.add((row["occurred_at"] or row["value_date"])[:10])
        counts = [len(found - {None}) for found in (orders, days, shops)]
        sums = [sum(abs(line[name]) for line in lines) for name in ("difference", "reach_amount")]
        told.append((*key, len(lines), *sums, *counts))
    return told


@given(breaks=_BREAKS, rows=_ROWS)
def test_against_counting_by_hand(breaks: list[dict[str, Any]], rows: list[dict[str, Any]]) -> None:
    breaks = [line | {"break_id": f"B{n}"} for n, line in enumerate(breaks)]
    rows = [row | {"break_id": f"B{row['place']}"} for row in rows]
    money = ("difference", "reach_amount")
    texts = [line | {name: _text(line[name], line["currency"]) for name in money} for line in breaks]
    found = reaches(_table(texts, OF_BREAKS), _table(rows, OF_ROWS), "CNY")
    assert [
        (
            *(one.code, one.cause, one.account, one.currency, one.findings),
            *(one.difference, one.money, one.orders, one.days, one.shops),
        )
        for one in found
    ] == _by_hand(breaks, rows)


@pytest.mark.parametrize(
    ("counts", "zh", "en"),
    [
        ((12, 12, 124000, 4, 2), "12 笔订单，1,240.00 CNY，4 天，2 家店铺", "12 orders, 1,240.00 CNY, 4 days, 2 shops"),
        ((1, 1, 100, 1, 1), "1 笔订单，1.00 CNY，1 天，1 家店铺", "1 order, 1.00 CNY, 1 day, 1 shop"),
        ((2, 1, 100, 0, 0), "2 条差异，1.00 CNY", "2 breaks, 1.00 CNY"),
        ((1, 0, 0, 0, 0), "1 条差异", "1 break"),
        ((1, 300, 100, 9, 0), "300 笔订单，1.00 CNY，9 天", "300 orders, 1.00 CNY, 9 days"),
    ],
)
def test_words(counts: tuple[int, int, int, int, int], zh: str, en: str) -> None:
    findings, orders, money, days, shops = counts
    one = Reach("cutoff", "", "1", "CNY", findings, 0, orders, money, days, shops)
    assert one.words(Language("zh")) == zh
    assert one.words(Language("en")) == en
