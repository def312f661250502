"""Terms of a fee rule beside its rate: whether a refund comes before the settlement, and what a batch is charged."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scenarios.folder import Folder, Result
from tests.scenarios.layouts import Cells, listed


def row(kind: str, number: str, amount: str, at: str, fee: str) -> Cells:
    return {
        "交易时间": f"2026-10-{at}", "交易类型": kind, "订单号": number, "商户号": "88001", "金额": amount,
        "交易流水号": f"P{number}", "手续费": fee,
    }  # fmt: skip


def matched(folder: Path, refunds: list[Cells], config: str = "") -> Result:
    paid = [row("支付", f"{shop}{n:02}", "100.00", f"{n:02} 10:00:00", "0.60") for n in range(1, 25) for shop in "YZ"]
    return Folder(folder, config).put(gateway=listed(*paid, *refunds)).match("2026-10-31")


EARLY = [row("退款", f"Y{n:02}", "20.00", f"{n:02} 18:00:00", "-0.12") for n in (2, 4, 6)]
LATE = [row("退款", f"Y{n:02}", "20.00", f"{n + 3:02} 18:00:00", "0.00") for n in (3, 5)]


def test_where_the_settlement_lies_is_learned_from_the_refunds(tmp_path: Path) -> None:
    result = matched(tmp_path / "learned", EARLY + LATE)
    assert result.found("fee_mismatch") == []
    (rule,) = result.table("fee_rules")
    assert (rule["on_refund"], rule["settles_after"]) == ("returned", "1")
    assert "on_refund" not in rule["not_identifiable"]
    text = (result.out / "fee_rules.yaml").read_text(encoding="utf-8")
    assert "settles_after: 1" in text
    late = [*LATE, row("退款", "Y20", "20.00", "25 18:00:00", "-0.12")]
    agreed = matched(tmp_path / "agreed", EARLY + late, text)
    assert agreed.found("fee_mismatch") == [("fee_mismatch", "-0.60", "-0.48", "0.12", "", "", "medium")]


def test_a_full_refund_after_the_settlement_keeps_the_fee(tmp_path: Path) -> None:
    rule = 'fees: {"generic:88001": [{detail: 手续费, rate: "0.6%", on_refund: returned, settles_after: 2}]}\n'
    whole = [row("退款", "Y02", "100.00", "03 18:00:00", "-0.60"), row("退款", "Y03", "100.00", "05 18:00:00", "0.00")]
    assert matched(tmp_path / "right", whole, rule).found("fee_mismatch") == []
    swapped = [
        row("退款", "Y02", "100.00", "03 18:00:00", "0.00"),
        row("退款", "Y03", "100.00", "05 18:00:00", "-0.60"),
    ]
    found = matched(tmp_path / "wrong", swapped, rule).found("fee_mismatch")
    assert [f[3] for f in found] == ["-0.60", "0.60"]


def test_one_fee_kept_among_many_returned_is_a_finding_and_no_settlement(tmp_path: Path) -> None:
    refunds = [row("退款", f"Y{n:02}", "20.00", f"{n + 1:02} 18:00:00", "-0.12") for n in range(1, 22)]
    result = matched(tmp_path, [*refunds, row("退款", "Y22", "20.00", "28 18:00:00", "0.00")])
    assert [f[4] for f in result.found("fee_mismatch")] == ["fee_kept"]
    assert [(r["on_refund"], r["settles_after"]) for r in result.table("fee_rules")] == [("returned", "")]


@pytest.mark.parametrize(("fee", "found"), [("-0.31", []), ("-0.30", ["0.01"]), ("-0.33", ["-0.02"])])
def test_a_batch_is_charged_once_on_its_total(tmp_path: Path, fee: str, found: list[str]) -> None:
    """Three rows of 10.25, less 0.10: 1 % of 30.65 is 0.3065; each row for itself would give 0.30."""
    rule = 'fees: {"generic:88001": [{detail: fee, rate: "1%", level: batch, on_refund: returned}]}\n'
    told = {"Merchant ID": "88001", "Batch ID": "B1", "Currency": "CNY"}
    rows = [
        {"Time": f"2026-10-0{n} 10:00:00", "Type": "payment", "Order": f"K{n}", "Amount": "10.25"} | told
        for n in (1, 2, 3)
    ]
    rows.append({"Time": "2026-10-03 12:00:00", "Type": "refund", "Order": "K1", "Amount": "-0.10"} | told)
    rows.append({"Time": "2026-10-03 20:00:00", "Type": "fee", "Order": "", "Amount": fee} | told)
    result = Folder(tmp_path, rule).put(gateway=listed(*rows)).match("2026-10-31")
    assert [f[3] for f in result.found("fee_mismatch")] == found
    for line in result.table("breaks"):
        if line["code"] == "fee_mismatch":
            assert "of the batch as a whole" in line["explanation"]
            assert line["entry_ids"] == ""
