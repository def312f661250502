"""Scenarios D, sameness and keys: equal amounts, equal rows, equal numbers, damaged numbers."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scenarios.folder import Folder
from tests.scenarios.layouts import (
    ALIPAY_PAYER,
    Cells,
    alipay_cash,
    alipay_moved,
    bank,
    bank_row,
    douyin,
    douyin_flow,
    douyin_orders,
    douyin_settled,
    listed,
    order,
    taobao,
    taobao_orders,
    taobao_paid,
    wechat_paid,
    wechat_trade,
)


def nameless(number: str, amount: str, at: str, of_order: str = "") -> Cells:
    """A movement of a gateway that prints no order number unless told."""
    return {"交易时间": at, "交易类型": "支付", "订单号": of_order, "交易流水号": number, "金额": amount}


def equal_orders(count: int) -> list[Cells]:
    edge = order("U3199", "12.00", "2026-10-20 11:02:00")
    return [*(order(f"U310{n}", "199.00", "2026-10-14 10:15:00") for n in range(count)), edge]


def equal_receipts(count: int) -> list[Cells]:
    edge = nameless("G3199", "12.00", "2026-10-20 11:02:02", "U3199")
    return [*(nameless(f"G310{n}", "199.00", "2026-10-14 10:15:01") for n in range(count)), edge]


def test_31_two_equal_orders_and_receipts_are_a_pool(tmp_path: Path) -> None:
    result = (
        Folder(tmp_path).put(orders=listed(*equal_orders(2)), gateway=listed(*equal_receipts(2))).match("2026-10-20")
    )
    assert result.found() == []
    pool = ["sale 199.00", "sale 199.00", "payment 199.00", "payment 199.00"]
    assert ("pool", "structure", "by-amount-and-day", pool) in result.matched()


def test_32_three_equal_orders_and_two_receipts(tmp_path: Path) -> None:
    result = (
        Folder(tmp_path).put(orders=listed(*equal_orders(3)), gateway=listed(*equal_receipts(2))).match("2026-10-20")
    )
    assert result.found() == [("ambiguous", "597.00", "398.00", "-199.00", "equal_amounts", "", "medium")]
    found = result.one("ambiguous")
    assert found["reach_rows"] == "5"
    assert "exactly 1 of the orders unpaid" in found["explanation"]
    assert "6 pairings" in found["explanation"]
    assert [match[0] for match in result.matched()] == ["proved"]  # the order of 12.00 alone


def test_33_overlapping_files_keep_equal_rows_generic_list(tmp_path: Path) -> None:
    """A list without numbers, where two rows may be truly equal: 1,240 rows and 910, of which 372 stand in both."""
    both = [nameless("", f"{n + 100}.00", f"2026-11-{8 + n % 3:02} 10:00:00") for n in range(370)]
    twins = [nameless("", "9.90", "2026-11-08 08:00:00")] * 2
    early = [nameless("", f"{n + 500}.00", f"2026-11-0{1 + n % 7} 09:00:00") for n in range(868)]
    late = [nameless("", f"{n + 500}.00", f"2026-11-1{1 + n % 5} 09:00:00") for n in range(538)]
    result = Folder(tmp_path).put(a=listed(*early, *both, *twins), b=listed(*both, *twins, *late)).match("2026-11-15")
    files = {r["source_file"]: (r["rows"], r["booked_rows"], r["repeated"]) for r in result.table("files")}
    assert files == {"a.csv": ("1240", "1240", "0"), "b.csv": ("910", "538", "372")}
    rows = result.table("in_transit") + result.table("excluded")
    own = {row["entry_id"]: row for row in rows}
    assert len(own) == 1778
    assert [row["amount"] for row in own.values()].count("9.90") == 2


CUT = "202610310012"


def paid_out(number: str, amount: str) -> Cells:
    return {
        "交易时间": "2026-10-31 10:00:00", "交易类型": "提现", "交易流水号": number, "金额": amount, "结算批次号": "",
    }  # fmt: skip


@pytest.mark.parametrize("second", ["4100.00", "3200.00"])
def test_34_a_number_that_the_bank_cut_generic_list(tmp_path: Path, second: str) -> None:
    """The bank prints twelve signs of a number: with two amounts each is told, with one amount none is."""
    received = ["3200.00", "4100.00"] if second == "4100.00" else ["3200.00"]
    result = (
        Folder(tmp_path)
        .put(
            gateway=listed(paid_out(f"{CUT}-A", "3200.00"), paid_out(f"{CUT}-B", second)),
            bank=bank(
                *(bank_row(amount, "2026-11-02 10:00:00", "某公司", CUT) for amount in received),
                edges=("2026-10-25", "2026-11-10"),
            ),
        )
        .match("2026-11-10")
    )
    if second == "4100.00":
        assert result.found(leg="gateway-bank") == [
            ("cutoff", "7300.00", "7300.00", "0.00", "settlement_delay", "", "info")
        ]
        assert [(m[0], m[1], m[3]) for m in result.matched("gateway-bank")] == [
            ("proved", "key", ["payout -3200.00", "receipt 3200.00"]),
            ("proved", "key", ["payout -4100.00", "receipt 4100.00"]),
        ]
        assert {m[2] for m in result.matched("gateway-bank")} == {"by-cut-number"}
    else:
        assert [(f[0], f[1], f[2], f[3], f[-1]) for f in result.found()] == [
            ("ambiguous", "6400.00", "3200.00", "-3200.00", "medium")
        ]
        assert result.matched("gateway-bank") == []


def test_36_one_number_at_two_platforms(tmp_path: Path) -> None:
    number = "4026900000000010086"
    result = (
        Folder(tmp_path)
        .put(
            taobao=taobao_orders(taobao(number, "10.00", "2026-10-01 10:00:00", "2026-10-05 09:00:00")),
            douyin=douyin_orders(douyin(number, "20.00", "2026-10-01 10:00:00", "2026-10-05 12:00:00")),
            alipay=alipay_cash(
                taobao_paid(number, "10.00", "2026-10-05 09:00:20"), first="2026-10-01", until="2026-11-01"
            ),
            moves=douyin_flow(douyin_settled(number, "2026-10-12 11:00:00", 订单实付应结="20.00")),
        )
        .match("2026-10-31")
    )
    assert result.found() == []
    assert [match[3] for match in result.matched()] == [
        ["sale 10.00", "payment 10.00"],
        ["sale 20.00", "payment 20.00"],
    ]


def test_36_one_payment_number_at_two_gateways_generic_list(tmp_path: Path) -> None:
    """Two merchant numbers whose gateways both count from small numbers, read as generic lists."""
    moves = {n: nameless("10086", f"{n}0.00", "2026-10-05 10:00:02", f"V360{n}") for n in (1, 2)}
    result = (
        Folder(tmp_path)
        .put(
            orders=listed(*(order(f"V360{n}", f"{n}0.00", "2026-10-05 10:00:00") for n in (1, 2))),
            one=listed(moves[1] | {"商户号": "3001000000001"}),
            two=listed(moves[2] | {"商户号": "3001000000002"}),
        )
        .match("2026-10-06")
    )
    assert result.found() == []
    assert [match[3] for match in result.matched()] == [
        ["sale 10.00", "payment 10.00"],
        ["sale 20.00", "payment 20.00"],
    ]


def test_35_a_number_saved_by_a_spreadsheet_is_quarantined(tmp_path: Path) -> None:
    bill = wechat_trade(
        wechat_paid("W3501", "10.00", "2026-10-05 10:00:02", "0.06", 微信订单号="4.20000E+27"),
        wechat_paid("W3502", "20.00", "2026-10-05 11:00:02", "0.12"),
    )
    result = (
        Folder(tmp_path)
        .put(
            orders=listed(
                order("W3501", "10.00", "2026-10-05 10:00:00"), order("W3502", "20.00", "2026-10-05 11:00:00")
            ),
            bill=bill,
        )
        .match("2026-10-05")
    )
    assert result.code == 3
    (row,) = result.table("quarantine")
    assert (row["source_file"], row["source_row"], row["value"]) == ("bill.csv", "2", "4.20000E+27")
    (told,) = [r for r in result.table("files") if r["source_file"] == "bill.csv"]
    assert (told["rows"], told["booked_rows"], told["quarantined"]) == ("2", "1", "1")
    assert [match[3] for match in result.matched()] == [["sale 20.00", "payment 20.00", "fee -0.12"]]


@pytest.mark.parametrize("swept", [True, False])
def test_37_a_payout_that_many_sets_of_orders_hit(tmp_path: Path, swept: bool) -> None:
    """24 open payments, one payout: several sets of them add up, so none is claimed.

    The bank's text says that everything is paid out; of a wallet that a person empties nobody asks.
    """
    amounts = [f"{100 + n}.00" for n in range(24)]
    moves = [
        alipay_moved(
            amount, f"2026-10-{1 + n:02} 10:00:00", "在线支付", f"20261001220011{n:014}", 商户订单号=f"Z37{n:02}"
        )
        for n, amount in enumerate(amounts)
    ]
    moves.append(alipay_moved("-1000.00", "2026-10-25 10:00:00", "提现", "2026102500000001"))
    orders = [order(f"Z37{n:02}", amount, f"2026-10-{1 + n:02} 10:00:00") for n, amount in enumerate(amounts)]
    credit = bank_row("1000.00", "2026-10-26 10:00:00", ALIPAY_PAYER, "通用对账提现到卡" if swept else "提现")
    folder = Folder(tmp_path).put(
        orders=listed(*orders),
        cash=alipay_cash(*moves, first="2026-10-01", until="2026-11-01", opening="0.00"),
        bank=bank(credit, edges=("2026-10-01", "2026-10-31")),
    )
    result = folder.match("2026-10-31")
    if not swept:
        assert result.found() == []
        return
    (found,) = result.found()
    assert found[:4] == ("ambiguous", "1000.00", "1000.00", "0.00")
    assert "not decidable by amount, > 1,000 sets" in result.one("ambiguous")["explanation"]
    assert result.owned(result.one("ambiguous")["break_id"]) == [("gateway", "payout", "-1000.00", "")]
    assert [w[1] for w in result.waiting("payout")] == sorted(amounts)


def test_35_count_and_sum_of_what_is_quarantined(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [
        wechat_paid(f"W350{n}", "10.00", f"2026-10-05 1{n}:00:02", "0.06", 微信订单号="4.20000E+27") for n in range(3)
    ]
    result = Folder(tmp_path).put(bill=wechat_trade(*rows)).match("2026-10-05")
    assert result.code == 3
    told = capsys.readouterr().err
    assert "3 rows" in told
    assert "30.00" in told
