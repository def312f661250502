"""`generic.orders`: an order list of the shop's own, with headers in any wording and order."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from recon.channels.reader import read_file
from recon.ledger.merge import merge
from recon.ledger.statement import Statement, Unread
from tests.channels.told import SPECS, booked

HEAD = "订单号,下单时间,付款时间,实付金额,退款金额,订单状态"


def read(folder: Path, text: str, **told: str) -> Statement | Unread:
    path = folder / "list.csv"
    path.write_text(text, encoding="utf-8-sig", newline="\n")
    (only,) = read_file(path, path.name, SPECS, **told)
    return only


def statement(folder: Path, text: str, **told: str) -> Statement:
    return booked(read(folder, text, **told), "generic.orders")


def entries(found: Statement) -> pd.DataFrame:
    return found.table.to_pandas()


def amounts(found: Statement) -> list[tuple[str, str, int]]:
    table = entries(found)
    return list(zip(table["order_ref"], table["kind"].astype(str), table["amount"], strict=True))


def zh(found: Statement) -> str:
    return "\n".join(note.zh for note in found.notes)


def test_chinese_headers(tmp_path: Path) -> None:
    found = statement(
        tmp_path,
        "店铺,订单编号,实付金额（元）,应付金额,付款时间,发货时间,完成时间,订单状态,支付流水号,支付方式\n"
        '云栖,="A1",¥90.00,100.00,2026/10/1 9:05,2026-10-02 10:00:00,,已发货,\'4200001,微信支付\n',
    )
    row = entries(found).iloc[0]
    assert (row["order_ref"], row["payment_ref"], row["amount"], row["order_amount"]) == ("A1", "4200001", 9000, 10000)
    assert (row["state"], row["shop"], row["memo"], row["currency"]) == ("shipped", "云栖", "微信支付", "CNY")
    assert row["paid_at"] == row["occurred_at"] == pd.Timestamp("2026-10-01 01:05", tz="UTC")
    assert row["shipped_at"] == pd.Timestamp("2026-10-02 02:00", tz="UTC")
    assert row["detail"] is None or pd.isna(row["detail"])


def test_english_headers_in_any_case_with_underscores_and_units(tmp_path: Path) -> None:
    found = statement(
        tmp_path,
        "Order_ID,Paid At,Amount Paid (USD),Refund Amount (USD),Financial Status,Payment ID\n"
        'O-1,2026-10-01T09:00:00-04:00,"1,200.50",,fulfilled,pi_1\n',
    )
    row = entries(found).iloc[0]
    assert (row["order_ref"], row["amount"], row["currency"], row["state"]) == ("O-1", 120050, "USD", "shipped")
    assert row["occurred_at"] == pd.Timestamp("2026-10-01 13:00", tz="UTC")
    assert "order ← Order_ID" in found.notes[0].en


@pytest.mark.parametrize(
    ("word", "state", "sale"),
    [
        ("待付款", "unpaid", 0),
        ("pending payment", "unpaid", 0),
        ("支付失败", "unpaid", 0),
        ("failed", "unpaid", 0),
        ("已取消", "closed", 0),
        ("Voided", "closed", 0),
        ("待发货", "paid", 10000),
        ("待收货", "shipped", 10000),
        ("已签收", "completed", 10000),
        ("Delivered", "completed", 10000),
    ],
)
def test_states(tmp_path: Path, word: str, state: str, sale: int) -> None:
    found = statement(tmp_path, f"{HEAD}\nA1,2026-10-01 08:00:00,2026-10-01 09:00:00,100.00,,{word}\n")
    table = entries(found)
    assert list(table["state"].astype(str)) == [state]
    assert list(table["amount"]) == [sale]
    assert list(table["status"]) == [word]


def test_a_closed_order_is_a_sale_of_what_was_refunded(tmp_path: Path) -> None:
    found = statement(tmp_path, f"{HEAD}\nA1,2026-10-01 08:00:00,2026-10-01 09:00:00,100.00,-100.00,交易关闭\n")
    assert amounts(found) == [("A1", "sale", 10000), ("A1", "refund", -10000)]
    assert list(entries(found)["after_sale"].astype(str)) == ["full", "full"]


def test_refunded_without_an_amount_is_the_whole_amount(tmp_path: Path) -> None:
    found = statement(tmp_path, f"{HEAD}\nA1,2026-10-01 08:00:00,2026-10-01 09:00:00,100.00,,已退款\n")
    assert amounts(found) == [("A1", "sale", 10000), ("A1", "refund", -10000)]
    without = statement(tmp_path, "订单号,付款时间,实付金额,状态\nA1,2026-10-01 09:00:00,100.00,全部退款\n")
    assert amounts(without) == [("A1", "sale", 10000), ("A1", "refund", -10000)]


def test_partly_refunded_without_an_amount_is_reported(tmp_path: Path) -> None:
    found = statement(
        tmp_path,
        f"{HEAD}\nA1,2026-10-01 08:00:00,2026-10-01 09:00:00,100.00,,部分退款\n"
        "A2,2026-10-01 08:00:00,2026-10-01 09:00:00,100.00,30,部分退款\n",
    )
    assert [(fault.row, fault.column, fault.value) for fault in found.quarantined] == [(2, "订单状态", "部分退款")]
    assert amounts(found) == [("A2", "sale", 10000), ("A2", "refund", -3000)]
    assert list(entries(found)["after_sale"].astype(str)) == ["partial", "partial"]


def test_a_refund_has_its_own_time_or_none(tmp_path: Path) -> None:
    head = "订单号,付款时间,实付金额,退款金额,退款时间,退款单号\n"
    found = statement(
        tmp_path,
        f"{head}A1,2026-10-01 09:00:00,100.00,40.00,2026-10-05 09:00:00,R1\nA2,2026-10-01 09:00:00,100.00,40.00,,R2\n",
    )
    refunds = entries(found).query("kind == 'refund'")
    assert list(refunds["refund_ref"]) == ["R1", "R2"]
    assert refunds["occurred_at"].iloc[0] == pd.Timestamp("2026-10-05 01:00", tz="UTC")
    assert pd.isna(refunds["occurred_at"].iloc[1])
    assert pd.isna(refunds["value_date"].iloc[1])
    assert entries(found).query("kind == 'sale'")["refund_ref"].isna().all()


def test_an_unknown_state_is_told_once_and_the_paid_time_decides(tmp_path: Path) -> None:
    found = statement(
        tmp_path,
        f"{HEAD}\nA1,2026-10-01 08:00:00,2026-10-01 09:00:00,100.00,,拼团中\nA2,2026-10-01 08:00:00,,50.00,,拼团中\n",
    )
    assert list(entries(found)["state"].astype(str)) == ["paid", "unpaid"]
    assert amounts(found) == [("A1", "sale", 10000), ("A2", "sale", 0)]
    assert zh(found).count("拼团中") == 1
    assert "2 行" in zh(found)


def test_without_states_the_paid_time_decides_and_without_one_all_are_paid(tmp_path: Path) -> None:
    found = statement(
        tmp_path, "订单号,下单时间,付款时间,实付金额\nA1,2026-10-01,2026-10-01,10.00\nA2,2026-10-01,,20.00\n"
    )
    assert list(entries(found)["state"].astype(str)) == ["paid", "unpaid"]
    bare = statement(tmp_path, "订单号,金额\nA1,10.00\nA2,20.00\n")
    assert list(entries(bare)["state"].astype(str)) == ["paid", "paid"]
    assert amounts(bare) == [("A1", "sale", 1000), ("A2", "sale", 2000)]
    assert entries(bare)["occurred_at"].isna().all()


def test_item_rows_are_added_up(tmp_path: Path) -> None:
    found = statement(
        tmp_path,
        "订单号,子订单号,付款时间,实付金额,退款金额,支付流水号\n"
        "A1,1,2026-10-01 09:00:00,30.00,,P1\nA2,1,2026-10-01 09:00:00,5.00,,P2\n"
        "A1,2,2026-10-01 09:00:00,70.00,20.00,\n",
    )
    assert amounts(found) == [("A1", "sale", 10000), ("A1", "refund", -2000), ("A2", "sale", 500)]
    table = entries(found)
    assert [None if pd.isna(number) else number for number in table["sub_ref"]] == [None, None, "1"]
    assert list(table["payment_ref"]) == ["P1", "P1", "P2"]
    assert list(table["row_count"]) == [2, 2, 1]
    assert (found.rows, found.booked_rows) == (3, 3)
    assert "各行金额相加" in zh(found)


def test_the_total_on_every_item_row_counts_once(tmp_path: Path) -> None:
    text = (
        "订单号,付款时间,实付金额,退款金额\nA1,2026-10-01 09:00:00,100.00,5.00\nA1,2026-10-01 09:00:00,100.00,\n"
        "A2,2026-10-01 09:00:00,60.00,\nA2,2026-10-01 09:00:00,60.00,\nA3,2026-10-01 09:00:00,1.00,\n"
    )
    found = statement(tmp_path, text)
    assert amounts(found) == [("A1", "sale", 10000), ("A1", "refund", -500), ("A2", "sale", 6000), ("A3", "sale", 100)]
    assert "按订单总额计一次" in zh(found)
    assert found.booked_rows == 5


def test_one_order_with_other_amounts_makes_all_rows_item_rows(tmp_path: Path) -> None:
    found = statement(tmp_path, "订单号,金额\nA1,10.00\nA1,10.00\nA2,1.00\nA2,2.00\n")
    assert amounts(found) == [("A1", "sale", 2000), ("A2", "sale", 300)]


def test_an_order_with_one_bad_row_is_left_out_as_a_whole(tmp_path: Path) -> None:
    found = statement(tmp_path, "订单号,金额\nA1,10.00\nA1,zehn\nA1,5.00\nA2,1.00\n")
    assert amounts(found) == [("A2", "sale", 100)]
    assert [fault.row for fault in found.quarantined] == [2, 3, 4]
    assert [fault.column for fault in found.quarantined] == ["订单号", "金额", "订单号"]


def test_an_order_in_two_currencies_is_no_order(tmp_path: Path) -> None:
    found = statement(tmp_path, "order id,amount,currency\nA1,1.00,USD\nA1,2.00,EUR\nA2,3.00,EUR\n")
    assert amounts(found) == [("A2", "sale", 300)]
    assert [fault.column for fault in found.quarantined] == ["currency", "currency"]


def test_joined_rows_share_what_becomes_of_their_order(tmp_path: Path) -> None:
    found = statement(tmp_path, "订单号,付款时间,金额\nA1,2026-10-01,1.00\nA1,2026-10-01,-3.00\nA2,2026-10-01,1.00\n")
    assert amounts(found) == [("A2", "sale", 100)]
    assert [(fault.row, fault.problem) for fault in found.quarantined] == [
        (2, "the amount of the order is negative"), (3, "the amount of the order is negative"),
    ]  # fmt: skip
    odd = statement(tmp_path, "订单号,付款时间,金额\nA1,2026-10-01,1.00\nA1,2026-19-01,3.00\n")
    assert [(fault.row, fault.column) for fault in odd.quarantined] == [(2, "订单号"), (3, "付款时间")]


def test_overlapping_lists_of_item_rows_count_once(tmp_path: Path) -> None:
    text = "订单号,付款时间,金额\nA1,2026-10-01,30.00\nA1,2026-10-01,70.00\n"
    one = statement(tmp_path, text)
    (tmp_path / "second").mkdir()
    other = statement(tmp_path / "second", text + "A2,2026-10-02,5.00\n")
    ledger, files = merge([one, other])
    assert len(ledger) == 2
    assert sum(file.booked_rows for file in files) == 3
    assert sum(file.repeated for file in files) == 2


def test_the_order_of_rows_changes_nothing(tmp_path: Path) -> None:
    lines = [
        "A1,1,2026-10-01 09:00:00,30.00,已发货,P1", "A1,2,2026-10-01 09:00:00,70.00,已完成,",
        "A2,1,2026-10-01 10:00:00,60.00,待付款,P2", "A3,1,2026-10-01 11:00:00,61.00,怪,P3",
    ]  # fmt: skip
    head = "订单号,子订单号,付款时间,实付金额,订单状态,支付流水号\n"
    tables = []
    for order in (lines, lines[::-1], [lines[2], lines[1], lines[3], lines[0]]):
        table = entries(statement(tmp_path, head + "\n".join(order) + "\n")).drop(columns=["source_row"])
        tables.append(table.sort_values("entry_id").astype(str).reset_index(drop=True))
    assert tables[0].equals(tables[1])
    assert tables[0].equals(tables[2])
    assert set(tables[0]["state"]) == {"shipped", "unpaid", "paid"}


def test_other_tenders_are_named(tmp_path: Path) -> None:
    found = statement(tmp_path, "订单号,金额,支付方式\nA1,10.00,现金\nA2,10.00,微信支付\nA3,10.00,货到付款\n")
    table = entries(found)
    assert list(table["memo"]) == ["现金", "微信支付", "货到付款"]
    assert [None if pd.isna(word) else word for word in table["detail"]] == ["other tender", None, "other tender"]


def test_after_sale_words(tmp_path: Path) -> None:
    found = statement(
        tmp_path, "订单号,金额,售后状态\nA1,10.00,退款中\nA2,10.00,退款成功\nA3,10.00,\nA4,10.00,无售后\n"
    )
    assert list(entries(found)["after_sale"].astype(str)) == ["open", "full", "none", "none"]


def test_currency_column(tmp_path: Path) -> None:
    found = statement(tmp_path, "order id,amount,currency\nA1,10.00,USD\nA2,1000,JPY\n")
    table = entries(found)
    assert list(zip(table["currency"].astype(str), table["amount"], strict=True)) == [("USD", 1000), ("JPY", 1000)]


def test_the_currency_of_the_workspace_where_none_is_printed(tmp_path: Path) -> None:
    found = statement(tmp_path, "order id,amount\nA1,10.00\n", currency="HKD")
    assert list(entries(found)["currency"].astype(str)) == ["HKD"]


def test_fen(tmp_path: Path) -> None:
    found = statement(tmp_path, "订单号,金额(分)\nA1,1234\nA2,12.5\n")
    assert amounts(found) == [("A1", "sale", 1234)]
    assert [fault.column for fault in found.quarantined] == ["金额(分)"]
    assert "以分为单位" in zh(found)


def test_destroyed_numbers_are_refused(tmp_path: Path) -> None:
    found = statement(tmp_path, "订单号,金额\n3.30E+18,10.00\n3.30E+18,20.00\nA2,1.00\n")
    assert amounts(found) == [("A2", "sale", 100)]
    assert {fault.problem for fault in found.quarantined} == {"the number has lost its digits"}


def test_day_and_month(tmp_path: Path) -> None:
    told = statement(tmp_path, "order id,paid at,amount\nA1,13/10/2026 09:00,1.00\nA2,01/10/2026,2.00\n")
    assert [str(day) for day in entries(told)["value_date"]] == ["2026-10-13", "2026-10-01"]
    assert "d/m" in told.notes[1].en
    refused = read(tmp_path, "order id,paid at,amount\nA1,03/10/2026,1.00\nA2,01/10/2026,2.00\n")
    assert isinstance(refused, Unread)
    assert refused.fault.column == "paid at"
    assert "day/month and month/day" in refused.fault.problem


def test_total_rows_are_no_orders(tmp_path: Path) -> None:
    found = statement(tmp_path, "订单号,付款时间,金额\nA1,2026-10-01,10.00\n合计,,10.00\n总计：1 单\n")
    assert amounts(found) == [("A1", "sale", 1000)]
    assert [reason for _, reason in found.skipped] == ["total row", "total row"]
    assert not found.quarantined


def test_what_is_wrong_is_quarantined_with_the_files_own_column(tmp_path: Path) -> None:
    found = statement(
        tmp_path,
        "订单号,付款时间,实付金额,退款金额\nA1,2026-13-01,10.00,\nA2,2026-10-01,,\nA3,2026-10-01,1.234,\n"
        ",2026-10-01,5.00,\nA5,2026-10-01,-5.00,\nA6,2026-10-01,5.00,1\n",
    )
    assert [(fault.row, fault.column) for fault in found.quarantined] == [
        (2, "付款时间"), (3, "实付金额"), (4, "实付金额"), (5, "订单号"), (6, "实付金额"),
    ]  # fmt: skip
    assert amounts(found) == [("A6", "sale", 500), ("A6", "refund", -100)]


def test_columns_without_a_role_are_not_read_and_named(tmp_path: Path) -> None:
    found = statement(tmp_path, "订单号,金额,收货人,手机号\nA1,1.00,某人,13800000000\n")
    assert "收货人、手机号" in zh(found)
    assert "13800000000" not in found.table.to_pandas().to_string()


def test_a_list_of_refunds_alone_is_no_order_list(tmp_path: Path) -> None:
    found = read(tmp_path, "refund_id,order_id,amount,refunded_at\nR1,A1,3.00,2026-10-01\n")
    assert isinstance(found, Unread)
    assert "refunds alone" in found.fault.problem


def test_a_named_layout_goes_before(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        "订单编号,买家应付货款,买家实际支付金额,订单创建时间,订单付款时间,订单状态,总金额,退款金额\n"
        "123456789012345678,1.00,1.00,2026-10-01 09:00:00,2026-10-01 09:00:00,交易成功,1.00,0\n",
    )
    assert isinstance(found, Statement)
    assert found.channel == "taobao.orders"
