"""Residuals by reason and currency: in summary.json, and on the Summary sheet where there are any."""

from __future__ import annotations

from typing import Any

import pytest
from openpyxl import Workbook

from recon.outputs.labels import Language
from recon.outputs.page import Page
from recon.outputs.residual_section import residual_section
from recon.outputs.residuals import residuals


def world(case: Any) -> Any:
    for n, (residual, reason, paid, returned, currency) in enumerate(
        [
            (-5, "write_off", -5, 0, "CNY"), (3, "write_off", 3, 0, "CNY"), (0, "write_off", 2, -2, "CNY"),
            (-7, "write_off", -7, 0, "JPY"), (1, "tolerance", 1, 0, "CNY"), (-1000, "coupon", 0, 0, "CNY"),
            (-1001, "coupon;write_off", 0, -1, "CNY"),
        ]
    ):  # fmt: skip
        name = f"9{n}"
        case.entry(name, "alipay.cash", "payment", 100, "2026-10-02T08:00:00", currency=currency)
        case.match(
            {name: (1, 100)}, residual=residual, residual_reason=reason, accepted_paid=paid, accepted_returned=returned
        )
    return case.outcome()


def test_each_reason_has_its_own_part(small: Any) -> None:
    assert residuals(world(small)) == [
        {"reason": "coupon", "currency": "CNY", "count": 2, "amount": "-20.00", "size": "20.00"},
        {"reason": "tolerance", "currency": "CNY", "count": 1, "amount": "0.01", "size": "0.01"},
        {"reason": "write_off", "currency": "CNY", "count": 4, "amount": "-0.03", "size": "0.13"},
        {"reason": "write_off", "currency": "JPY", "count": 1, "amount": "-7", "size": "7"},
    ]


def test_exact_matches_leave_none(small: Any) -> None:
    assert residuals(small.outcome()) == []
    assert residuals(type(small)().outcome()) == []


@pytest.mark.parametrize(("lang", "title", "reason"), [("zh", "差额", "尾差核销"), ("en", "Residuals", "written off")])
def test_the_section(small: Any, lang: str, title: str, reason: str) -> None:
    sheet = Workbook().active
    assert sheet is not None
    page = Page(sheet, 17)
    residual_section(page, {"residuals": []}, Language(lang))
    assert page.row == 1
    residual_section(page, {"residuals": residuals(world(small))[2:3]}, Language(lang))
    rows = [[cell for cell in row if cell is not None] for row in sheet.iter_rows(values_only=True)]
    assert title in str(rows[1][0])
    assert [str(value) for value in rows[3]] == [reason, "CNY", "4", "-0.03", "0.13"]
