"""What summary.json says."""

import json
from pathlib import Path
from typing import Any

from recon.outputs.conservation import prove
from recon.outputs.summary import Books, Control, for_people, summarise, write_summary

TITLES = {"missing_payment": "平台有单网关无款", "unknown_receipt": "银行不明来款", "cutoff": "跨期"}
STEPS = {"missing_payment": "查其他收款方式"}
CONTROL = Control(1, "钱包余额", "alipay:2088", 5000, 4000, 1000, 1000, "explained")


def summary(case: Any, **more: Any) -> dict[str, Any]:
    outcome = case.outcome(**more)
    books = Books(vouchers=2, lines=5, assumed=True, controls=(CONTROL,), notes=("1 订单无成本",))
    return summarise(outcome, prove(outcome), books, titles=TITLES, steps=STEPS, currency="CNY")


def test_the_figures(small: Any) -> None:
    found = summary(small)
    assert found["severity"] == {"high": 1, "medium": 0, "low": 1, "info": 0}
    assert found["open_amount"] == {"CNY": "12466.00"}
    assert found["breaks"][0] == {
        "code": "missing_payment", "title": "平台有单网关无款", "currency": "CNY", "count": 1, "amount": "66.00",
        "high": 1, "medium": 0, "low": 0, "info": 0, "next_step": "查其他收款方式",
    }  # fmt: skip
    assert found["in_transit"] == ({"count": 1, "amount": {"CNY": "25.00"}, "overdue": {"count": 0, "amount": {}}})
    assert found["vouchers"] == {"count": 2, "lines": 5}
    assert found["controls"][0]["ledger"] == "50.00"
    assert found["notes"] == ["支付宝账户无资金账单期初余额", "1 订单无成本"]
    assert [file["source_file"] for file in found["files"]] == ["alipay.csv", "bank.csv", "orders.csv"]


def test_what_to_look_at_first_is_the_worst_not_the_largest(small: Any) -> None:
    found = summary(small)
    assert [line["code"] for line in found["first"]] == ["missing_payment", "unknown_receipt"]
    assert found["first"][0]["order_ref"] == "3002"
    assert (found["oldest"]["code"], found["oldest"]["age_days"]) == ("missing_payment", 28)


def test_a_leg_proves_itself(small: Any) -> None:
    orders = summary(small)["legs"][0]
    assert orders["owned"] == {"count": 3, "amount": "166.00"}
    assert orders["breaks"] == {"count": 1, "amount": "66.00"}
    assert orders["difference"] == "0.00"
    assert orders["match_rate"] == {"count": "50.00", "value": "60.24"}


def test_information_is_no_open_amount(small: Any) -> None:
    small.finding([], break_id="c3" * 8, leg="order-gateway", code="cutoff", severity="info", expected=5, actual=5)
    found = summary(small)
    assert (found["severity"]["info"], found["open_amount"]) == (1, {"CNY": "12466.00"})
    assert len(found["first"]) == 2


def test_people_see_severity_then_size_then_precedence(small: Any) -> None:
    for number, (code, severity, size) in enumerate(
        [("unknown_receipt", "low", 5), ("missing_payment", "low", 5), ("missing_payment", "low", 9)]
    ):
        small.finding([], break_id=f"{number}", leg="file", code=code, severity=severity, expected=size, actual=0)
    ranked = for_people(small.outcome(reverse=True).findings, list(TITLES))
    assert [row[:1] for row in ranked["break_id"]] == ["d", "a", "2", "1", "0"]


def test_currencies_are_never_added(small: Any) -> None:
    small.finding([], break_id="j", leg="file", code="cutoff", severity="low", expected=0, actual=7, currency="JPY")
    assert summary(small)["open_amount"] == {"CNY": "12466.00", "JPY": "7"}


def test_the_file_is_the_same_whatever_the_order(small: Any, tmp_path: Path) -> None:
    write_summary(summary(small), tmp_path / "a.json")
    write_summary(summary(small, reverse=True), tmp_path / "b.json")
    content = (tmp_path / "a.json").read_bytes()
    assert content == (tmp_path / "b.json").read_bytes()
    assert json.loads(content)["breaks"][0]["title"] == "平台有单网关无款"
    assert "平台有单".encode() in content


def test_nothing_at_all(small: Any) -> None:
    found = summary(type(small)())
    assert (found["first"], found["oldest"], found["open_amount"], found["legs"]) == ([], None, {}, [])
