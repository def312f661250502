"""The list of held reserves on the Summary sheet."""

from __future__ import annotations

from typing import Any

import pytest
from openpyxl import Workbook

from recon.outputs.held_section import held_section
from recon.outputs.labels import Language
from recon.outputs.page import Page

LINE = {"account": "generic:1", "currency": "CNY", "amount": "100.00", "batch_ref": "B1", "entry_id": "e"}


def shown(lines: list[dict[str, Any]], lang: str) -> list[list[object]]:
    sheet = Workbook().active
    held_section(Page(sheet, 8), {"held": lines}, Language(lang))
    return [[cell for cell in row if cell is not None] for row in sheet.iter_rows(values_only=True)]


@pytest.mark.parametrize(("lang", "title"), [("zh", "平台预留资金"), ("en", "Reserves held, not released")])
def test_the_oldest_comes_first(lang: str, title: str) -> None:
    old = LINE | {"since": "2026-09-01", "age_days": 49, "batch_ref": None}
    rows = shown([LINE | {"since": "2026-10-01", "age_days": 19}, old], lang)
    assert any(title in str(cell) for row in rows for cell in row)
    ages = [row[4] for row in rows if "generic:1" in row]
    assert ages == [49, 19]


def test_nothing_is_said_where_nothing_is_held() -> None:
    assert shown([], "en") == []


def test_many_are_cut_and_counted() -> None:
    rows = shown([LINE | {"since": "2026-10-01", "age_days": n} for n in range(60)], "en")
    assert ["10 more: see summary.json"] in rows
