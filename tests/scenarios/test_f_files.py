"""Scenarios F, files: cut, jumping, edited by hand, absent, empty, handed in twice; a quarter of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.command import process
from tests.scenarios.folder import Folder
from tests.scenarios.layouts import (
    WECHAT_TRADE,
    alipay_cash,
    alipay_moved,
    alipay_sold,
    alipay_trade,
    bank_row,
    icbc,
    listed,
    order,
    wechat_paid,
    wechat_trade,
)


def test_51_a_footer_that_does_not_agree(tmp_path: Path) -> None:
    """Footer: 412 rows, 38,114.50; the file has 411 rows, 38,045.60; the lost row is an order of 68.90."""
    rows = [wechat_paid(f"V{n:04}", "92.50", f"2026-10-10 {8 + n // 60:02}:{n % 60:02}:00", "0.56") for n in range(410)]
    rows.append(wechat_paid("V0410", "120.60", "2026-10-12 15:00:00", "0.72"))
    orders = [order(r["商户订单号"], r["应结订单金额"], r["交易时间"]) for r in rows]
    footer = {"总交易单数": "412", "应结订单总金额": "38114.50", "订单总金额": "38114.50", "手续费总金额": "230.73"}
    result = (
        Folder(tmp_path)
        .put(orders=listed(*orders, order("V0411", "68.90", "2026-10-10 16:00:00")), bill=wechat_trade(*rows, **footer))
        .match("2026-10-12")
    )
    assert result.code == 3
    (found,) = result.found(leg="file")
    assert found[:4] == ("control_total", "38114.50", "38045.60", "-68.90")
    assert found[4:] == ("file_cut", "missing_payment", "high")
    assert [f[0] for f in result.found()] == ["control_total"]
    assert {match[0] for match in result.matched()} == {"unproven"}
    assert {(line[1], line[2]) for line in result.waiting()} == {("68.90", "file unproven")}
    assert [r for r in result.table("vouchers") if r["role"] == "wallet"] == []


def test_52_a_balance_that_jumps(tmp_path: Path) -> None:
    rows = [
        bank_row("500.00", "2026-10-10 10:00:00", "某公司", "货款"),
        bank_row("-200.00", "2026-10-11 10:00:00", "某供应商", "货款"),
    ]
    result = Folder(tmp_path).put(historydetail=icbc(*rows, balances=["10500.00", "10100.00"])).match("2026-10-11")
    assert result.code == 3
    (found,) = result.found("balance_break")
    assert (*found[:4], found[-1]) == ("balance_break", "10300.00", "10100.00", "-200.00", "high")
    explanation = result.one("balance_break")["explanation"]
    for word in ("2026-10-10 10:00:00", "500.00", "2026-10-11 10:00:00", "-200.00"):
        assert word in explanation


def test_53_columns_by_name_and_back_ticks(tmp_path: Path) -> None:
    """Somebody moved the columns about: 100.00 to settle, of an order of 99.00, a fee printed as `0.60."""
    header = sorted(WECHAT_TRADE)
    rows = [wechat_paid("X5301", "100.00", "2026-10-10 10:00:02", "0.60", 手续费="0.60", 订单金额="99.00")]
    orders = listed(order("X5301", "100.00", "2026-10-10 10:00:00"))
    good = Folder(tmp_path / "good").put(orders=orders, bill=wechat_trade(*rows, header=header)).match("2026-10-11")
    assert (good.code, good.found()) == (0, [])
    assert [match[3] for match in good.matched()] == [["sale 100.00", "payment 100.00", "fee -0.60"]]
    bill = wechat_trade(*rows, header=header, 应结订单总金额="99.00")
    bad = Folder(tmp_path / "bad").put(orders=orders, bill=bill).match("2026-10-11")
    assert bad.code == 3
    assert bad.found("control_total")[0][:4] == ("control_total", "99.00", "100.00", "1.00")


def test_54_no_file_of_a_day_and_an_empty_one(tmp_path: Path) -> None:
    folder = Folder(tmp_path).put(
        first=alipay_trade(
            alipay_sold("Y5401", "30.00", "2026-10-10 10:00:02"), first="2026-10-01", until="2026-10-11"
        ),
        third=alipay_trade(
            alipay_sold("Y5402", "40.00", "2026-10-12 10:00:02"), first="2026-10-12", until="2026-11-01"
        ),
        orders=listed(order("Y5401", "30.00", "2026-10-10 10:00:00"), order("Y5402", "40.00", "2026-10-12 10:00:00")),
    )
    hole = folder.match("2026-10-14", out="hole")
    assert hole.found() == [("missing_file", "0.00", "0.00", "0.00", "", "", "high")]
    assert "2026-10-11" in hole.one("missing_file")["explanation"]
    whole = folder.put(second=alipay_trade(first="2026-10-11", until="2026-10-12")).match("2026-10-14")
    assert (whole.code, whole.found()) == (0, [])
    (empty,) = [r for r in whole.table("files") if r["source_file"] == "second.csv"]
    assert (empty["rows"], empty["period_from"], empty["status"]) == ("0", "2026-10-11", "read")


def test_55_two_runs_from_two_folders_give_the_same_bytes(tmp_path: Path) -> None:
    rows = [wechat_paid(f"Z{n:03}", f"{n + 1}.00", f"2026-10-1{n % 3} 10:{n:02}:00", "0.01") for n in range(40)]
    files = {
        "orders.csv": listed(*(order(r["商户订单号"], r["应结订单金额"], r["交易时间"]) for r in rows[3:])),
        **{f"bill{n}.csv": wechat_trade(*rows[n::3]) for n in range(3)},
    }
    outs = []
    for place, names in (("one", list(files)), ("two/other", list(files)[::-1])):
        folder = tmp_path / place
        folder.mkdir(parents=True)
        for name in names:
            (folder / name).write_bytes(files[name])
        outs.append(tmp_path / f"out-{len(outs)}")
        ended = process("match", folder, "--out", outs[-1], "--quiet")
        assert ended.code == 0
    one, two = ({path.name: path.read_bytes() for path in out.iterdir()} for out in outs)
    assert one == two
    assert "reconciliation.xlsx" in one


@pytest.mark.parametrize("counted", ["confirmed", "paid"])
def test_56_platform_income_of_a_quarter(tmp_path: Path, counted: str) -> None:
    """Received 1,204,330.00 less refunded 98,770.50 is the platform income; payouts have no part in it.

    The books hold nothing while no receipt is confirmed: cut-off, listed. Counted when paid, they hold the same.
    """
    trade = "20261005220011000001"
    folder = Folder(tmp_path, f"postings: {{revenue_date: {counted}}}\n").put(
        orders=listed(order("I5601", "1204330.00", "2026-10-05 10:00:00", 退款金额="98770.50", 店铺="甲店")),
        cash=alipay_cash(
            alipay_moved("1204330.00", "2026-10-05 10:00:02", "在线支付", trade, 商户订单号="I5601"),
            alipay_moved("-98770.50", "2026-10-06 10:00:00", "交易退款", trade, 商户订单号="I5601"),
            alipay_moved("-500000.00", "2026-10-20 10:00:00", "提现", "2026102000000001"),
            first="2026-10-01",
            until="2027-01-01",
        ),
    )
    (control,) = [one for one in folder.match("2026-12-31").summary["controls"] if one["no"] == 11]
    assert (control["statement"], control["subject"]) == ("1105559.50", "甲店")
    assert control["needs"] == "incomplete quarter: 2026-10-05 to 2026-10-06"
    books = (control["ledger"], control["difference"], control["explained"], control["state"])
    if counted == "paid":
        assert books == ("1105559.50", "0.00", "0.00", "ok")
    else:
        assert books == ("0.00", "-1105559.50", "-1105559.50", "explained")
