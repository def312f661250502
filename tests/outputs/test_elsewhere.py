"""Bank lines of other business, together by counterparty."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from recon.outputs.elsewhere import booked_elsewhere

BANK = "icbc.corporate.a"
HOME = "icbc:1234"


@pytest.fixture
def bank(small: Any) -> Any:
    """The small case with more bank lines: two of a landlord, one of nobody, one that names a channel."""
    for number, (name, day, amount, who, severity, code) in enumerate(
        [
            ("r1", 11, -300000, "房东", "low", "unknown_debit"),
            ("r2", 21, -300000, "房东", "low", "unknown_debit"),
            ("r3", 22, -1, None, "low", "unknown_debit"),
            ("r4", 23, 700, "房东", "low", "unknown_receipt"),
            ("r5", 24, 900, "支付宝", "medium", "unknown_receipt"),
        ]
    ):
        kind = "receipt" if amount > 0 else "disbursement"
        small.entry(name, BANK, kind, amount, f"2026-10-{day}T08:00:00", counterparty=who)
        small.finding(
            [(name, "gateway-bank", True)], break_id=f"B{number}", leg="gateway-bank", code=code, severity=severity,
            side="bank", channel=BANK, account="1234", expected=0, actual=amount, value_date=date(2026, 10, day),
        )  # fmt: skip
    return small


def _grouped(case: Any, accounts: set[str], **more: Any) -> list[dict[str, Any]]:
    outcome = replace(case.outcome(**more), channels={BANK: SimpleNamespace(family="icbc")})
    return booked_elsewhere(outcome, accounts)


def test_by_counterparty_the_largest_first(bank: Any) -> None:
    found = [line for line in _grouped(bank, {HOME}) if line["counterparty"] != "某公司"]
    assert found == [
        {"currency": "CNY", "account": "1234", "code": "unknown_debit", "counterparty": "房东", "count": 2,
         "amount": "-6000.00", "first": "2026-10-11", "last": "2026-10-21", "break_ids": ["B0", "B1"]},
        {"currency": "CNY", "account": "1234", "code": "unknown_receipt", "counterparty": "房东", "count": 1,
         "amount": "7.00", "first": "2026-10-23", "last": "2026-10-23", "break_ids": ["B3"]},
        {"currency": "CNY", "account": "1234", "code": "unknown_debit", "counterparty": None, "count": 1,
         "amount": "-0.01", "first": "2026-10-22", "last": "2026-10-22", "break_ids": ["B2"]},
    ]  # fmt: skip


def test_the_order_of_rows_decides_nothing(bank: Any) -> None:
    assert _grouped(bank, {HOME}) == _grouped(bank, {HOME}, reverse=True)


def test_an_account_from_which_all_is_booked_has_none(bank: Any) -> None:
    assert _grouped(bank, set()) == []
    assert _grouped(bank, {"icbc:12345"}) == []
