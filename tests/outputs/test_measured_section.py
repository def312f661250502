"""The measured bound as an accountant reads it: on the Summary sheet and in summary.json."""

from __future__ import annotations

import json

import pytest
from openpyxl import Workbook

from recon.ledger.measured import Bound, Measured, Money, Stratum
from recon.outputs.labels import Language
from recon.outputs.measured_section import measured_section
from recon.outputs.page import Page
from recon.outputs.summary import _measured

UNIQUE = Bound("unique", 500, 9, 9, 40, 300, 2, 3, (Stratum(40, 300, 3),), (Money("CNY", 2_970_000, 29_700),))
POOL = Bound("pool", 20, 4, 9, 0, 0, 0, 0)
SEEN = Measured("order-gateway", "by-amount-and-day", 100_000, 5_040, 2_024, 2_004, 12, (UNIQUE, POOL))


def laid_out(measured: list[Measured], lang: str) -> list[list[object]]:
    sheet = Workbook().active
    assert sheet is not None
    measured_section(Page(sheet, 17), {"measured": [_measured(one) for one in measured]}, Language(lang))
    return [[cell for cell in row if cell is not None] for row in sheet.iter_rows(values_only=True)]


@pytest.mark.parametrize(("lang", "title"), [("zh", "实测误差上限"), ("en", "Measured error bound")])
def test_each_basis_stands_with_its_bound_and_its_money(lang, title):
    rows = [row for row in laid_out([SEEN], lang) if row]
    assert title in str(rows[0][0])
    assert rows[1] == ["by-amount-and-day"]
    assert rows[3][1:] == [300, 3, 500, 9, 40, "29700.00 CNY", "297.00 CNY"]
    assert rows[4][1:] == [0, 0, 20, 9, 0, "–", "–"]
    assert "5,040" in str(rows[5][0])
    assert "2,024" in str(rows[5][0])


@pytest.mark.parametrize(("lang", "said"), [("zh", "只建议不入账"), ("en", "Too few rows")])
def test_too_few_numbered_rows_are_said(lang, said):
    rows = [row for row in laid_out([Measured("order-gateway", "by-amount-and-day", 9, 12, 2, 3, 0, ())], lang) if row]
    assert said in str(rows[-1][0])


def test_nothing_to_measure_takes_no_place():
    assert laid_out([], "en") in ([], [[]])


def test_the_summary_holds_what_was_measured():
    told = json.loads(json.dumps(_measured(SEEN)))
    assert told["bounds"][0]["money"] == [{"currency": "CNY", "posted": "29700.00", "wrong": "297.00"}]
    assert told["bounds"][0]["strata"] == [{"limit": 40, "decided": 300, "wrong": 3}]
    assert told["look_alikes"] == 12
