"""`generic.journal`: the company's own journal, read only where a book is asked for; debit is money in."""

from __future__ import annotations

from pathlib import Path

import pytest

from recon.channels.reader import read_file
from recon.ledger.statement import Statement, Unread
from tests.channels.told import SPECS, Hint, booked

CHINESE = "日期,凭证字号,摘要,往来单位,结算号,对方科目,借方,贷方,方向,余额\n"


def read(folder: Path, text: str, *hints: Hint, book: bool = True) -> Statement | Unread:
    path = folder / "book.csv"
    path.write_text(text, encoding="utf-8", newline="\n")
    (only,) = read_file(path, path.name, SPECS, sources=hints, book=book)
    return only


def journal(folder: Path, text: str, *hints: Hint) -> Statement:
    return booked(read(folder, text, *hints), "generic.journal")


def amounts(found: Statement) -> list[int]:
    return list(found.table.to_pandas()["amount"])


def test_debit_is_money_in_and_the_direction_is_that_of_the_balance(tmp_path: Path) -> None:
    found = journal(
        tmp_path,
        f"{CHINESE}2026-10-08,记-3,收货款,云帆贸易,,应收账款,1000.00,,借,1000.00\n"
        "2026-10-09,记-4,付货款,金桥包装,支票 04512,应付账款,,300.00,借,700.00\n",
    )
    assert amounts(found) == [100000, -30000]
    assert found.balance_chain == "ok"
    table = found.table.to_pandas()
    assert list(table["counterparty"]) == ["云帆贸易", "金桥包装"]
    assert found.table["payment_ref"].to_pylist() == [None, "支票 04512"]
    assert list(table["batch_ref"]) == ["记-3", "记-4"]


def test_subtotals_are_no_movements_with_a_day_or_without(tmp_path: Path) -> None:
    found = journal(
        tmp_path,
        f"{CHINESE}2026-10-01,,上月结转,,,,,,借,50.00\n2026-10-08,记-3,收货款,甲,,,100.00,,借,150.00\n"
        "2026-10-08,,本日合计,,,,100.00,,借,150.00\n,,本月合计,,,,100.00,,借,150.00\n"
        "2026-11-02,记-1,收货款,乙,,,7.00,,借,157.00\n,,本年累计,,,,107.00,,借,157.00\n",
    )
    assert amounts(found) == [10000, 700]
    assert [reason for _, reason in found.skipped] == ["subtotal"] * 4
    assert found.proven


def test_an_english_cash_book(tmp_path: Path) -> None:
    text = "Date,Reference,Payee,Description,Debit,Credit\n2026-10-08,INV-441,Harbor Realty,rent,120.00,\n"
    found = journal(tmp_path, text + "2026-10-09,CHK-4518,Oakwood Supply,parts,,80.00\n", Hint(currency="USD"))
    assert amounts(found) == [12000, -8000]


def test_one_amount_with_a_direction(tmp_path: Path) -> None:
    text = "日期,凭证号,摘要,借贷方向,金额\n2026-10-08,1,收款,借,10.00\n2026-10-08,2,付款,贷,4.00\n"
    assert amounts(journal(tmp_path, text)) == [1000, -400]


def test_vouchers_numbered_anew_are_not_taken_for_repetitions(tmp_path: Path) -> None:
    rows = "2026-10-08,17,收货款,甲,5001,,100.00,,,\n2026-11-08,17,收货款,甲,5001,,100.00,,,\n"
    assert amounts(journal(tmp_path, CHINESE + rows)) == [10000, 10000]


def test_a_general_journal_is_refused(tmp_path: Path) -> None:
    head = "日期,凭证字号,摘要,科目名称,借方金额,贷方金额\n"
    row = "2026-10-08,记-3,收货款,银行存款-工行,100.00,\n"
    refused = read(tmp_path, f"{head}{row}2026-10-08,记-3,收货款,应收账款,,100.00\n")
    assert isinstance(refused, Unread)
    assert (refused.fault.value, refused.fault.column) == ("应收账款", "科目名称")
    assert "general journal" in refused.fault.problem
    assert amounts(journal(tmp_path, f"{head}{row}2026-10-09,记-4,收货款,银行存款-建行,5.00,\n")) == [10000, 500]


def test_the_account_of_an_english_register_is_the_contra_account(tmp_path: Path) -> None:
    head = "Date,Ref No.,Payee,Memo,Payment (USD),Deposit (USD),Type,Account\n"
    first = "2026-10-08,441,Harbor,x,,500.00,Deposit,Accounts Receivable\n"
    found = journal(tmp_path, f"{head}{first}2026-10-09,4518,Oakwood,y,100.00,,Check,Accounts Payable\n")
    assert amounts(found) == [50000, -10000]
    assert found.table["payment_ref"].to_pylist() == ["441", "4518"]
    refused = read(tmp_path, f"{head}{first}2026-10-08,441,Harbor,x,500.00,,Deposit,Sales\n")
    assert isinstance(refused, Unread)
    assert (refused.fault.column, "general journal" in refused.fault.problem) == ("Account", True)


def test_a_cashiers_book_without_accounts_or_vouchers(tmp_path: Path) -> None:
    rows = "2026/10/8,收货款,500.00,,1500.00,云帆\n2026/10/9,付运费,,100.00,1400.00,恒达\n"
    found = journal(tmp_path, f"日期,摘要,收入,支出,结余,备注\n{rows}合计,,500.00,100.00,,\n")
    assert (amounts(found), found.control_total, found.balance_chain) == ([50000, -10000], "ok", "ok")
    assert found.table["memo"].to_pylist() == ["收货款 云帆", "付运费 恒达"]


@pytest.mark.parametrize("hints", [(), (Hint(channel="generic.bank"),)])
def test_elsewhere_the_firms_own_books_stay_refused(tmp_path: Path, hints: tuple[Hint, ...]) -> None:
    refused = read(tmp_path, f"{CHINESE}2026-10-08,记-3,收货款,甲,,,100.00,,借,100.00\n", *hints, book=False)
    assert isinstance(refused, Unread)
    assert "own books" in refused.fault.problem


def test_a_file_named_a_journal_is_read_as_one(tmp_path: Path) -> None:
    text = f"{CHINESE}2026-10-08,记-3,收货款,甲,,,100.00,,借,100.00\n"
    found = booked(read(tmp_path, text, Hint(channel="generic.journal"), book=False), "generic.journal")
    assert amounts(found) == [10000]
