"""`generic.gateway`: gateway movements of unknown layout; signs once per file, fee, tax and net by their equation."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from recon.channels.reader import read_file
from recon.ledger.merge import merge
from recon.ledger.statement import Statement, Unread
from tests.channels.told import SPECS, Hint, booked, en, read


def statement(folder: Path, text: str, *hints: Hint) -> Statement:
    return booked(read(folder / "list.csv", text, *hints), "generic.gateway")


def refused(folder: Path, text: str) -> Unread:
    found = read(folder / "list.csv", text)
    assert isinstance(found, Unread), found
    return found


def entries(found: Statement) -> list[tuple[str, int]]:
    table = found.table.to_pandas()
    return list(zip(table["kind"].astype(str), table["amount"], strict=True))


TYPED = "交易时间,交易类型,商户订单号,交易单号,退款单号,金额,手续费,结算批次号\n"


def test_amounts_without_a_sign_take_that_of_their_kind(tmp_path: Path) -> None:
    found = statement(
        tmp_path,
        TYPED + "2026-10-01 09:00:00,支付,A1,P1,,100.00,0.60,B1\n2026-10-01 10:00:00,退款,A1,P1,R1,30.00,-0.18,B1\n"
        "2026-10-01 11:00:00,手续费,,F1,,2.00,,B1\n2026-10-02 09:00:00,提现,,W1,,67.58,,B1\n"
        "2026-10-02 10:00:00,提现退回,,W2,,67.58,,B1\n2026-10-02 11:00:00,拒付,A1,P1,,5.00,,\n"
        "2026-10-02 12:00:00,调账,,X1,,1.00,,\n",
    )
    assert entries(found) == [
        ("payment", 10000), ("fee", -60), ("refund", -3000), ("fee", 18), ("fee", -200), ("payout", -6758),
        ("payout", 6758), ("chargeback", -500),
    ]  # fmt: skip
    assert [(fault.row, fault.value, fault.problem) for fault in found.quarantined] == [
        (8, "调账", "direction not stated")
    ]
    row = found.table.to_pandas().iloc[2]
    assert (row["order_ref"], row["payment_ref"], row["refund_ref"], row["batch_ref"]) == ("A1", "P1", "R1", "B1")
    assert "the type tells the direction" in en(found)


@pytest.mark.parametrize(
    ("header", "cells", "batch", "number"),
    [
        ("settlement_id,utr", "S1,UTR12345678", "S1", "UTR12345678"),
        ("utr", "UTR12345678", "UTR12345678", None),  # alone it is what tells the batches apart
    ],
)
def test_the_banks_number_of_a_batch_is_kept_beside_the_batch(
    tmp_path: Path, header: str, cells: str, batch: str, number: str | None
) -> None:
    found = statement(tmp_path, f"time,payment id,amount (USD),{header}\n2026-10-01,P1,10.00,{cells}\n")
    (row,) = found.table.to_pylist()
    assert (row["batch_ref"], row["line_ref"]) == (batch, number)


def test_an_in_out_pair_goes_before_all_signs(tmp_path: Path) -> None:
    found = statement(
        tmp_path,
        "时间,类型,交易号,收入,支出\n2026-10-01,收款,P1,10.00,\n2026-10-01,退款,P2,,-4.00\n2026-10-01,转账,P3,,3.00\n",
    )
    assert entries(found) == [("payment", 1000), ("refund", -400), ("transfer", -300)]


def test_direction_times_size(tmp_path: Path) -> None:
    found = statement(
        tmp_path,
        "交易时间,业务类型,收/支,金额(元),支付流水号\n2026-10-01,支付,收入,10.00,P1\n2026-10-01,退款,支出,-4.00,P2\n"
        "2026-10-01,充值,收入,5.00,P3\n2026-10-01,支付,不计收支,5.00,P4\n",
    )
    assert entries(found) == [("payment", 1000), ("refund", -400), ("transfer", 500)]
    assert [fault.problem for fault in found.quarantined] == ["direction not stated"]


def test_a_list_kept_from_the_gateways_side_is_turned(tmp_path: Path) -> None:
    found = statement(
        tmp_path,
        "date,type,dr/cr,amount (USD),payment id\n2026-10-01,charge,DR,10.00,P1\n2026-10-01,refund,CR,4.00,P2\n",
    )
    assert entries(found) == [("payment", 1000), ("refund", -400)]
    assert "all signs turned" in en(found)


def test_printed_signs_stand(tmp_path: Path) -> None:
    head = "created,type,id,amount (usd),fee (usd)\n"
    found = statement(
        tmp_path,
        f"{head}2026-10-01 09:00:00,charge,P1,10.00,0.30\n2026-10-01 10:00:00,refund,P2,-4.00,\n"
        "2026-10-01 11:00:00,payout,W1,5.70,\n2026-10-01 12:00:00,payout_reversal,W2,5.70,\n"
        "2026-10-01 13:00:00,refund_reversal,P3,4.00,\n2026-10-01 14:00:00,charge,P4,-9.00,\n"
        "2026-10-01 15:00:00,mystery,P5,-1.00,\n",
    )
    assert entries(found) == [
        ("payment", 1000), ("fee", -30), ("refund", -400), ("payout", -570), ("payout", 570), ("refund", 400),
        ("adjustment", -100),
    ]  # fmt: skip
    assert [(fault.row, fault.column, fault.value) for fault in found.quarantined] == [(7, "amount (usd)", "-9.00")]
    assert "'mystery' (1 rows) is unknown" in en(found)


def test_signs_that_contradict_the_types_refuse_the_file(tmp_path: Path) -> None:
    rows = "".join(f"2026-10-01,charge,P{n},-1.00\n" for n in range(5))
    found = refused(tmp_path, f"created,type,id,amount (usd)\n{rows}2026-10-01,refund,R,1.00\n")
    assert "6 rows print a payment as negative" in found.fault.problem


def test_neither_type_nor_direction(tmp_path: Path) -> None:
    found = statement(
        tmp_path,
        "支付时间,订单号,退款单号,金额,手续费\n2026-10-01,A1,,10.00,0.06\n2026-10-02,A1,,-4.00,\n2026-10-03,A9,,-1.00,\n"
        "2026-10-04,A8,R8,-2.00,\n",
    )
    assert entries(found) == [("payment", 1000), ("fee", -6), ("refund", -400), ("adjustment", -100), ("refund", -200)]
    assert "kind not stated" in set(found.table.to_pandas()["detail"].dropna())
    plain = statement(
        tmp_path, "支付时间,订单号,退款单号,金额,手续费\n2026-10-01,A1,,10.00,0.06\n2026-10-02,A1,R1,4.00,\n"
    )
    assert entries(plain) == [("payment", 1000), ("fee", -6), ("refund", -400)]


def test_money_out_that_its_status_calls_refunded_is_a_refund(tmp_path: Path) -> None:
    found = statement(
        tmp_path,
        "交易时间,订单号,交易单号,金额,手续费,状态\n2026-10-01,A1,P1,10.00,,成功\n2026-10-02,A2,P2,-4.00,,已退款\n"
        "2026-10-02,A3,P3,-5.00,,成功\n2026-10-02,A4,P4,6.00,,refunded\n",
    )
    assert entries(found) == [("payment", 1000), ("refund", -400), ("adjustment", -500), ("payment", 600)]


def test_a_refund_column_beside_the_payment(tmp_path: Path) -> None:
    found = statement(
        tmp_path,
        "交易时间,类型,订单号,金额,退款金额,手续费\n2026-10-01,支付,A1,10.00,4.00,0.06\n2026-10-01,退款,A2,5.00,5.00,\n"
        "2026-10-01,退款,A3,0.00,3.00,\n",
    )
    assert entries(found) == [("payment", 1000), ("refund", -400), ("fee", -6), ("refund", -500), ("refund", -300)]


NET = "created,type,id,amount (usd),fee (usd),tax (usd),net (usd)\n"


@pytest.mark.parametrize(
    ("fee", "tax", "net", "parts", "reading"),
    [
        ("3.00", "0.50", "96.50", [-300, -50], "tax on top of the fee"),
        ("-3.00", "-0.50", "96.50", [-300, -50], "tax on top of the fee"),
        ("3.00", "0.50", "97.00", [-300], "tax inside the fee"),
        ("3.00", "0.50", "100.00", [], "fee kept apart"),
        ("3.00", "-0.50", "96.50", [-300, -50], "tax on top of the fee"),
    ],
)
def test_readings_of_the_net(tmp_path: Path, fee: str, tax: str, net: str, parts: list[int], reading: str) -> None:
    found = statement(
        tmp_path, f"{NET}2026-10-01,charge,P1,100.00,{fee},{tax},{net}\n2026-10-01,refund,P2,-7.00,,,-7.00\n"
    )
    assert [amount for kind, amount in entries(found) if kind in {"fee", "tax"}] == parts
    assert reading in en(found)
    assert not found.problems


def test_a_net_without_a_sign(tmp_path: Path) -> None:
    found = statement(
        tmp_path,
        "交易时间,类型,交易号,金额,手续费,净额\n2026-10-01,支付,P1,100.00,0.60,99.40\n2026-10-01,退款,P2,50.00,-0.30,49.70\n",
    )
    assert entries(found) == [("payment", 10000), ("fee", -60), ("refund", -5000), ("fee", 30)]
    assert not found.problems


def test_a_row_that_does_not_add_up(tmp_path: Path) -> None:
    rows = "".join(f"2026-10-01,charge,P{n},100.00,3.00,,97.00\n" for n in range(20))
    found = statement(tmp_path, f"{NET}{rows}2026-10-02,charge,PX,100.00,3.00,,96.00\n")
    (problem,) = found.problems
    assert (problem.code, problem.expected, problem.actual) == ("settlement_gap", 9700, 9600)
    assert found.proven


def test_a_net_that_never_adds_up_refuses_the_file(tmp_path: Path) -> None:
    rows = "".join(f"2026-10-01,charge,P{n},100.00,3.00,,{90 + n}.00\n" for n in range(6))
    found = refused(tmp_path, NET + rows)
    assert found.fault.column == "net (usd)"
    assert "amount 100.00 + fee -3.00 + tax 0.00 + refund 0.00 = net 90.00" in found.fault.problem


def test_a_reserve_enters_the_net(tmp_path: Path) -> None:
    head = "created,type,id,amount (usd),fee (usd),reserve,net (usd)\n"
    rows = "".join(f"2026-10-01,charge,P{n},100.00,3.00,,97.00\n" for n in range(40))
    found = statement(tmp_path, f"{head}{rows}2026-10-01,charge,PX,100.00,3.00,-10.00,87.00\n")
    assert not found.problems
    assert ("adjustment", -1000) in entries(found)
    assert "enters the net" in en(found)


def test_costs_of_both_signs_without_a_net_are_refused(tmp_path: Path) -> None:
    found = refused(
        tmp_path,
        "created,type,id,amount (usd),fee (usd)\n2026-10-01,charge,P1,9.00,0.30\n2026-10-01,charge,P2,9.00,-0.30\n",
    )
    assert found.fault.column == "fee (usd)"


def test_the_net_alone_is_the_amount(tmp_path: Path) -> None:
    found = statement(tmp_path, "清算日期,交易时间,商户订单号,结算金额\n2026-10-02,2026-10-01,A1,9.94\n")
    assert entries(found) == [("payment", 994)]
    assert "it is the amount" in en(found)
    assert str(found.table.to_pandas()["value_date"][0]) == "2026-10-02"


def test_a_settlement_list_without_another_time(tmp_path: Path) -> None:
    found = statement(
        tmp_path,
        "settlement_id,payment_id,order_id,amount,fee,gst_on_fee,net_amount,settled_at,status\n"
        "S1,P1,A1,€100.00,2.00,0.36,97.64,2026-10-02 11:00:00,processed\n",
    )
    assert entries(found) == [("payment", 10000), ("fee", -200), ("tax", -36)]
    assert "no time; settled_at is taken" in en(found)
    payouts = refused(tmp_path, "payout_id,amount,currency,payout_date\nPO-1,9.00,EUR,2026-10-02\n")
    assert "a time" in payouts.fault.problem


def test_status(tmp_path: Path) -> None:
    head = "交易时间,类型,交易号,金额,交易状态\n"
    found = statement(
        tmp_path,
        f"{head}2026-10-01,支付,P1,1.00,成功\n2026-10-01,支付,P2,2.00,失败\n2026-10-01,支付,P3,3.00,待支付\n"
        "2026-10-01,支付,P4,4.00,奇怪\n",
    )
    assert entries(found) == [("payment", 100), ("payment", 400)]
    assert [reason for _, reason in found.skipped] == ["pending or failed: 失败", "pending or failed: 待支付"]
    assert "'奇怪' (1 rows) is unknown: counted" in en(found)


def test_a_pending_row_that_moves_the_balance_counts(tmp_path: Path) -> None:
    found = statement(
        tmp_path,
        "交易时间,类型,支付单号,金额,状态,余额\n2026-10-01,支付,P1,1.00,成功,101.00\n2026-10-02,支付,P2,2.00,处理中,103.00\n"
        "2026-10-03,支付,P3,2.00,处理中,103.00\n2026-10-04,支付,P4,5.00,成功,108.00\n2026-10-05,提现,W,8.00,成功,100.00\n",
    )
    assert entries(found) == [("payment", 100), ("payment", 200), ("payment", 500), ("payout", -800)]
    assert found.balance_chain == "ok"


def test_a_balance_after_fees(tmp_path: Path) -> None:
    rows = "2026-10-01 0{0}:00:00,支付,P{0},10.00,0.10,{1}\n"
    text = "".join(rows.format(n, f"{100 + 9.9 * n:.2f}") for n in range(1, 6))
    found = statement(tmp_path, "交易时间,类型,支付单号,金额,手续费,余额\n" + text)
    assert found.balance_chain == "ok"
    assert (found.accounts[0].opening, found.accounts[0].closing) == (10000, 14950)


def test_a_total_line_is_a_control_total(tmp_path: Path) -> None:
    rows = "2026-10-01,支付,A1,P1,,100.00,0.60,\n2026-10-01,退款,A1,P1,R1,30.00,,\n"
    good = statement(tmp_path, f"{TYPED}{rows}合计,,,,,130.00,0.60,\n")
    assert (good.rows, good.control_total) == (2, "ok")
    bad = statement(tmp_path, f"{TYPED}{rows}合计,,,,,131.00,0.60,\n")
    assert (bad.control_total, bad.proven) == ("failed", False)


def test_currency(tmp_path: Path) -> None:
    text = "created,type,id,amount\n2026-10-01,charge,P1,{}\n"
    assert "currency" in refused(tmp_path, text.format("$9.00")).fault.problem
    told = statement(tmp_path, text.format("9.00"), Hint(currency="USD", account="acct_1"))
    row = told.table.to_pandas().iloc[0]
    assert (row["currency"], row["account"]) == ("USD", "acct_1")
    assert statement(tmp_path, text.format("€9.00")).table.to_pandas()["currency"][0] == "EUR"
    column = statement(
        tmp_path, "created,type,id,amount,currency\n2026-10-01,charge,P1,9.00,usd\n2026-10-01,charge,P2,900,jpy\n"
    )
    assert [(row["currency"], row["amount"]) for row in column.table.to_pandas().to_dict("records")] == [
        ("USD", 900), ("JPY", 900),
    ]  # fmt: skip


def test_minor_units_by_the_header_only(tmp_path: Path) -> None:
    found = statement(
        tmp_path, "created (utc),type,id,amount (cents),currency\n2026-10-01 20:00:00,charge,P1,900,usd\n"
    )
    assert entries(found) == [("payment", 900)]
    assert str(found.table.to_pandas()["occurred_at"][0]) == "2026-10-01 20:00:00+00:00"
    plain = statement(tmp_path, "created,type,id,amount,currency\n2026-10-01,charge,P1,900,usd\n")
    assert entries(plain) == [("payment", 90000)]
    assert "no amount has a decimal point" in en(plain)


def test_day_and_clock_in_two_columns(tmp_path: Path) -> None:
    found = statement(tmp_path, "交易日期,时间,类型,交易号,金额\n20261001,09:15:00,支付,P1,1.00\n")
    assert str(found.table.to_pandas()["occurred_at"][0]) == "2026-10-01 01:15:00+00:00"


def test_stacked_sections_and_sheets_count_rows_once(tmp_path: Path) -> None:
    head = ["交易时间", "类型", "交易号", "金额"]
    rows = [["2026-10-01 09:00:00", "支付", "P1", "1.00"], ["2026-10-01 10:00:00", "支付", "P2", "2.00"]]
    book = openpyxl.Workbook()
    for sheet in (book.active, book.create_sheet("again")):
        for line in (["商户号：1001"], head, rows[0], ["商户号：1002"], head, rows[1]):
            sheet.append(line)
    path = tmp_path / "book.xlsx"
    book.save(path)
    found = [one for one in read_file(path, path.name, SPECS) if isinstance(one, Statement)]
    ledger, files = merge(found)
    assert sorted(zip(ledger["account"].astype(str), ledger["amount"], strict=True)) == [("1001", 100), ("1002", 200)]
    assert sum(one.booked_rows for one in files) == 2
    assert sum(one.repeated for one in files) == 2


def test_an_order_state_makes_it_an_order_list(tmp_path: Path) -> None:
    orders = read(
        tmp_path / "list.csv", "订单号,付款时间,金额,交易号,退款单号,状态,结算日期\nA1,2026-10-01,1.00,P1,,待发货,\n"
    )
    assert isinstance(orders, Statement)
    assert orders.channel == "generic.orders"
    with_fee = read(
        tmp_path / "list.csv", "订单号,付款时间,金额,交易号,手续费,状态\nA1,2026-10-01,1.00,P1,0.01,已发货\n"
    )
    assert isinstance(with_fee, Statement)
    assert with_fee.channel == "generic.gateway"


def test_only_a_serial_and_a_balance_make_it_a_bank_statement(tmp_path: Path) -> None:
    found = read(tmp_path / "list.csv", "交易时间,交易流水号,收入,支出,余额,收支\n2026-10-01,S1,1.00,,1.00,收\n")
    assert isinstance(found, Statement)
    assert found.channel == "generic.bank"


def test_the_report_says_what_was_taken_and_what_was_left(tmp_path: Path) -> None:
    found = statement(tmp_path, TYPED.replace("\n", ",客户姓名\n") + "2026-10-01,支付,A1,P1,,1.00,0.01,,某人\n")
    assert "order ← 商户订单号" in found.notes[0].en
    assert "客户姓名" in found.notes[0].en
    assert "某人" not in found.table.to_pandas().to_string()


def test_destroyed_numbers_are_quarantined(tmp_path: Path) -> None:
    found = statement(tmp_path, TYPED + "2026-10-01,支付,3.30E+18,P1,,1.00,,\n2026-10-01,支付,A2,P2,,1.00,,\n")
    assert entries(found) == [("payment", 100)]
    assert [(fault.column, fault.problem) for fault in found.quarantined] == [
        ("商户订单号", "the number has lost its digits")
    ]


def test_equal_rows_both_stay_and_the_order_changes_nothing(tmp_path: Path) -> None:
    lines = ["2026-10-01,支付,A1,,,1.00,0.01,", "2026-10-01,支付,A1,,,1.00,0.01,", "2026-10-02,退款,A1,,R1,1.00,,"]
    shown: list[pd.DataFrame] = []
    for order in (lines, lines[::-1]):
        found = statement(tmp_path, TYPED + "\n".join(order) + "\n")
        assert (found.booked_rows, found.repeated) == (3, 0)
        table = found.table.to_pandas().drop(columns=["source_row"])
        shown.append(table.sort_values("entry_id").astype(str).reset_index(drop=True))
    assert shown[0]["entry_id"].is_unique
    assert shown[0].equals(shown[1])


def test_facts() -> None:
    facts = SPECS["generic.gateway"].facts()
    assert (facts.family, facts.payout, facts.payers) == ("generic", "batch", ())
    assert [(window.earliest, window.latest, window.unit) for window in facts.arrival] == [(0, 3, "working")]
    orders = SPECS["generic.orders"].facts()
    assert orders.comparison == "plain"
    assert set(orders.settles_via) >= {"wechatpay", "alipay", "generic"}


def test_refunds_that_were_not_paid_are_told_with_their_numbers(tmp_path: Path) -> None:
    found = statement(
        tmp_path,
        "交易时间,交易类型,商户订单号,交易单号,金额,状态\n2026-10-01 09:00:00,支付,A1,P1,100.00,成功\n"
        "2026-10-02 09:00:00,退款,A1,P1,30.00,失败\n2026-10-02 10:00:00,退款,A2,P2,5.00,退款处理中\n"
        "2026-10-02 11:00:00,支付,A3,P3,9.00,失败\n2026-10-02 12:00:00,退款,A1,P1,1.00,退款成功\n",
    )
    assert entries(found) == [("payment", 10000), ("refund", -100)]
    assert [tuple(one) for one in found.refused] == [("refund_failed", "A1", "P1"), ("refund_pending", "A2", "P2")]
