"""The grammar of `--fail-on`, and when a condition holds."""

from __future__ import annotations

from typing import Any

import pytest

from recon.cli.fail_on import parse
from recon.errors import UsageFault

CODES = ("missing_payment", "cutoff")
SUMMARY: dict[str, Any] = {
    "severity": {"high": 1, "medium": 2, "low": 3, "info": 40},
    "open_amount": {"CNY": "1000.00", "USD": "1000.01"},
    "breaks": [
        {"code": "missing_payment", "count": 2, "currency": "CNY"},
        {"code": "missing_payment", "count": 1, "currency": "USD"},
        {"code": "cutoff", "count": 40, "currency": "CNY"},
    ],
}


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("breaks > 5", True),
        ("breaks > 6", False),
        ("high>0", True),
        ("high > 1", False),
        ("missing_payment > 2", True),
        ("missing_payment > 3", False),
        ("cutoff > 39", True),
        ("open_amount > 1000.00", True),
        ("open_amount > 1000.01", False),
        (" high > 1 ,breaks>0", True),
        ("high > 1, breaks > 6", False),
    ],
)
def test_conditions(text: str, *, holds: bool) -> None:
    assert any(condition.holds(SUMMARY) for condition in parse(text, CODES)) is holds


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "'' is not a condition. Write `NAME > number`, like `high > 0`."),
        ("high", "'high' is not a condition. Write `NAME > number`, like `high > 0`."),
        ("high >= 1", "'high >= 1' is not a condition. Write `NAME > number`, like `high > 0`."),
        ("high > -1", "'high > -1' is not a condition. Write `NAME > number`, like `high > 0`."),
        ("high > 0,", "'' is not a condition. Write `NAME > number`, like `high > 0`."),
        ("missing_paymnt > 0", "'missing_paymnt' is unknown. Did you mean 'missing_payment'?"),
        ("zzz > 0", "'zzz' is unknown. Known: breaks, high, open_amount, missing_payment, cutoff."),
        ("high > 0.5", "high counts findings. Write a whole number, like `high > 0`."),
    ],
)
def test_what_is_no_condition(text: str, problem: str) -> None:
    with pytest.raises(UsageFault) as caught:
        parse(text, CODES)
    assert str(caught.value) == f"--fail-on: {problem}"
