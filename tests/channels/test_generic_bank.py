"""`generic.bank`: a statement of unknown layout; the running balance proves the signs."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from recon.channels.reader import read_file
from recon.ledger.statement import Statement, Unread
from tests.channels.told import SPECS, Hint, booked, en, read


def statement(folder: Path, text: str, *hints: Hint) -> Statement:
    return booked(read(folder / "bank.csv", text, *hints), "generic.bank")


def table(found: Statement) -> pd.DataFrame:
    return found.table.to_pandas()


def amounts(found: Statement) -> list[int]:
    return list(table(found)["amount"])


PAIR = "交易日期,收入金额,支出金额,余额,摘要\n"
ROWS = (
    "2026-10-01,100.00,,1100.00,货款\n2026-10-01,,30.00,1070.00,货款\n2026-10-02,5.50,,1075.50,货款\n"
    "2026-10-03,,75.50,1000.00,货款\n2026-10-04,12.00,,1012.00,货款\n"
)
SIGNED = [10000, -3000, 550, -7550, 1200]


def test_two_columns_proved_by_the_balance(tmp_path: Path) -> None:
    found = statement(tmp_path, PAIR + ROWS)
    assert amounts(found) == SIGNED
    assert found.balance_chain == "ok"
    assert "proved by the balance" in en(found)
    (facts,) = found.accounts
    assert (facts.account, facts.opening, facts.closing) == ("generic.bank:default", 100000, 101200)


def test_newest_first(tmp_path: Path) -> None:
    found = statement(tmp_path, PAIR + "".join(f"{line}\n" for line in ROWS.splitlines()[::-1]))
    assert amounts(found) == SIGNED[::-1]
    assert found.balance_chain == "ok"


def test_debit_and_credit_turned_by_the_balance(tmp_path: Path) -> None:
    found = statement(tmp_path, PAIR.replace("收入金额", "借方金额").replace("支出金额", "贷方金额") + ROWS)
    assert amounts(found) == SIGNED
    assert "sides turned by the balance" in en(found)
    assert found.balance_chain == "ok"


def test_a_word_in_brackets_beats_debit_and_credit(tmp_path: Path) -> None:
    found = statement(tmp_path, "交易日期,借方金额(收),贷方金额(支),摘要\n2026-10-01,100.00,,货款\n")
    assert amounts(found) == [10000]


def test_a_balance_printed_before_its_row_does_not_turn_the_sides(tmp_path: Path) -> None:
    rows = "2026-10-01,100.00,,1000.00,a\n2026-10-02,,30.00,1100.00,b\n2026-10-03,5.00,,1070.00,c\n"
    found = statement(tmp_path, PAIR + rows + "2026-10-04,7.00,,1075.00,d\n")
    assert amounts(found) == [10000, -3000, 500, 700]
    assert found.balance_chain == "none"
    assert "proves nothing" in en(found)


def test_a_broken_chain_makes_the_file_unproven(tmp_path: Path) -> None:
    lines = [f"2026-10-{day:02d},{day}.00,,{1000 + day * (day + 1) // 2}.00,x\n" for day in range(1, 15)]
    found = statement(tmp_path, PAIR + "".join(lines[:7] + lines[8:]))
    assert found.balance_chain == "broken"
    assert [problem.code for problem in found.problems] == ["balance_break"]
    assert found.problems[0].cause == "rows_missing"


def test_equal_balances_prove_and_break_nothing(tmp_path: Path) -> None:
    found = statement(tmp_path, PAIR + "2026-10-01,1.00,,0.00,a\n2026-10-02,2.00,,0.00,b\n2026-10-03,,3.00,0.00,c\n")
    assert (found.balance_chain, amounts(found)) == ("none", [100, 200, -300])


def test_an_available_balance_never_breaks(tmp_path: Path) -> None:
    head = PAIR.replace("余额", "可用余额")
    assert statement(tmp_path, head + ROWS).balance_chain == "none"
    assert amounts(statement(tmp_path, head + ROWS.replace("1070.00", "1060.00"))) == SIGNED


def test_a_red_reversal_keeps_its_sign(tmp_path: Path) -> None:
    found = statement(
        tmp_path,
        PAIR + "2026-10-01,100.00,,1100.00,a\n2026-10-02,,30.00,1070.00,b\n2026-10-03,,-5.50,1075.50,隔日冲账\n",
    )
    assert amounts(found) == [10000, -3000, 550]


def test_debit_cells_that_carry_the_minus_themselves(tmp_path: Path) -> None:
    found = statement(tmp_path, PAIR + "2026-10-01,100.00,,,a\n2026-10-02,,-30.00,,b\n2026-10-03,,-5.50,,c\n")
    assert amounts(found) == [10000, -3000, -550]
    alone = statement(tmp_path, PAIR + "2026-10-01,100.00,,,a\n2026-10-02,,-30.00,,b\n")
    assert amounts(alone) == [10000]
    assert [fault.value for fault in alone.quarantined] == ["-30.00"]


def test_both_columns_filled_is_an_error_of_the_row(tmp_path: Path) -> None:
    found = statement(tmp_path, PAIR + "2026-10-01,1.00,2.00,,a\n2026-10-02,2.00,0.00,,b\n2026-10-03,,,,c\n")
    assert [(fault.row, fault.problem) for fault in found.quarantined] == [
        (2, "both amount columns are filled"), (4, "the amount is missing"),
    ]  # fmt: skip
    assert amounts(found) == [200]


@pytest.mark.parametrize(("came", "went"), [("贷", "借"), ("收入", "支出"), ("CR", "dr"), ("来账", "往账")])
def test_amount_and_direction(tmp_path: Path, came: str, went: str) -> None:
    text = f"日期,金额,借贷标志,备注\n2026-10-01,10.00,{came},a\n2026-10-02,20.00,{went},b\n2026-10-02,-5.00,{went},c\n"
    found = statement(tmp_path, text + f"2026-10-03,-5.00,{came},d\n2026-10-03,5.00,?,e\n")
    assert amounts(found) == [1000, -2000, -500]
    assert [(fault.row, fault.column) for fault in found.quarantined] == [(5, "金额"), (6, "借贷标志")]


def test_a_type_of_direction_words_is_a_direction(tmp_path: Path) -> None:
    found = statement(tmp_path, "date,type,amount (USD),balance,description\n2026-10-01,Debit,10.00,90.00,x\n")
    assert amounts(found) == [-1000]
    assert set(table(found)["currency"].astype(str)) == {"USD"}


def test_numbers_as_direction_need_the_balance(tmp_path: Path) -> None:
    rows = "2026-10-01,10.00,2,110.00,a\n2026-10-02,30.00,1,80.00,b\n2026-10-03,5.00,2,85.00,c\n"
    text = f"日期,金额,借贷标志,余额,摘要\n{rows}2026-10-04,6.00,1,79.00,d\n"
    assert amounts(statement(tmp_path, text)) == [1000, -3000, 500, -600]
    refused = read(tmp_path / "bank.csv", "日期,金额,借贷标志,摘要\n2026-10-01,10.00,2,a\n")
    assert isinstance(refused, Unread)
    assert "direction is a number" in refused.fault.problem


def test_signed_amounts(tmp_path: Path) -> None:
    found = statement(tmp_path, "交易日期,金额,摘要\n2026-10-01,+10.00,a\n2026-10-02,20.00,b\n2026-10-02,-5.00,c\n")
    assert amounts(found) == [1000, 2000, -500]


def test_unsigned_amounts_take_the_sign_of_the_balances_change(tmp_path: Path) -> None:
    head = "账号,6222000012345678\n期初余额,100.00\n交易日期,金额,余额,摘要\n"
    rows = "2026-10-01,10.00,110.00,a\n2026-10-02,30.00,80.00,b\n2026-10-03,5.00,99.00,c\n2026-10-04,4.00,95.00,d\n"
    found = statement(tmp_path, head + rows)
    assert amounts(found) == [1000, -3000, -400]
    assert [(fault.row, fault.column) for fault in found.quarantined] == [(6, "金额")]
    refused = read(tmp_path / "bank.csv", "交易日期,金额,摘要\n2026-10-01,10.00,a\n")
    assert isinstance(refused, Unread)
    assert "direction" in refused.fault.remedy


def test_lines_around_the_table(tmp_path: Path) -> None:
    text = (
        "某某银行对账单\n账号：6222 0000 1234,户名：某公司,币种：人民币\n起始日期:2026-10-01,终止日期:2026-10-31\n"
        f"期初余额,1000.00\n{PAIR}{ROWS}合计,117.50,105.50,,\n收入合计：3笔，共117.50元\n支出合计：2笔，共105.50元\n"
        "期末余额：1012.00\n以上数据仅供参考\n"
    )
    found = statement(tmp_path, text)
    (facts,) = found.accounts
    assert (facts.account, facts.period_from.isoformat(), facts.period_to.isoformat()) == (
        "622200001234", "2026-10-01", "2026-10-31",
    )  # fmt: skip
    assert facts.period_stated
    assert (found.control_total, found.balance_chain) == ("ok", "ok")
    assert found.skipped == ((15, "line without a day"),)


def test_totals_that_do_not_agree(tmp_path: Path) -> None:
    found = statement(tmp_path, f"{PAIR}{ROWS}收入合计：4笔，共118.50元\n")
    assert found.control_total == "failed"
    (problem,) = found.problems
    assert (problem.code, problem.expected, problem.actual, problem.cause) == (
        "control_total",
        11850,
        11750,
        "file_cut",
    )


def test_a_closing_balance_that_does_not_agree(tmp_path: Path) -> None:
    found = statement(tmp_path, f"{PAIR}{ROWS}期末余额：1013.00\n")
    assert (found.control_total, found.balance_chain, found.proven) == ("none", "broken", False)
    (problem,) = found.problems
    assert (problem.code, problem.expected, problem.actual) == ("balance_break", 101200, 101300)


def test_a_row_with_an_amount_and_no_day_between_rows(tmp_path: Path) -> None:
    found = statement(tmp_path, PAIR + "2026-10-01,1.00,,,a\n,2.00,,,b\n,,,,续行\n2026-10-02,3.00,,,c\n")
    assert [(fault.row, fault.problem) for fault in found.quarantined] == [(3, "the row has an amount but no day")]
    assert found.skipped == ((4, "line without a day"),)
    assert amounts(found) == [100, 300]


def test_stacked_accounts(tmp_path: Path) -> None:
    second = "日期,摘要,借方,贷方,余额\n2026-10-01,a,,7.00,207.00\n2026-10-02,b,7.00,,200.00\n"
    found = statement(
        tmp_path, f"账号：11110000\n{PAIR}{ROWS}期末余额：1012.00\n账号：22220000\n期初余额：200.00\n{second}"
    )
    assert amounts(found) == [*SIGNED, 700, -700]
    assert list(table(found)["account"].astype(str)) == ["11110000"] * 5 + ["22220000"] * 2
    assert (found.control_total, found.balance_chain) == ("none", "ok")
    assert [(one.account, one.opening, one.closing) for one in found.accounts] == [
        ("11110000", 100000, 101200), ("22220000", 20000, 20000),
    ]  # fmt: skip
    assert "2 sections" in en(found)


def test_a_page_break_is_one_chain(tmp_path: Path) -> None:
    lines = ROWS.splitlines(keepends=True)
    found = statement(tmp_path, f"账号：11110000\n{PAIR}{''.join(lines[:3])}{PAIR}{''.join(lines[3:])}")
    assert amounts(found) == SIGNED
    assert found.balance_chain == "ok"
    assert len(found.accounts) == 1


def test_a_second_account_without_a_number_is_held_back(tmp_path: Path) -> None:
    text = PAIR + ROWS + PAIR + "2026-10-01,7.00,,207.00,a\n2026-10-02,,7.00,200.00,b\n"
    found = statement(tmp_path, text)
    assert amounts(found) == SIGNED
    assert {fault.problem for fault in found.quarantined} == {"another account stands here, and no number names it"}
    assert found.balance_chain == "ok"


def test_columns_of_account_and_currency(tmp_path: Path) -> None:
    head = "交易日期,本方账号,币种,收入,支出,对方户名\n"
    found = statement(tmp_path, f"{head}2026-10-01,1111 2222,人民币,1.00,,甲\n2026-10-01,3333,USD,,2.00,乙\n")
    rows = table(found)
    assert list(rows["account"].astype(str)) == ["11112222", "3333"]
    assert list(rows["currency"].astype(str)) == ["CNY", "USD"]


def test_currency_is_never_guessed_under_an_english_header(tmp_path: Path) -> None:
    text = "Date,Description,Debit,Credit\n2026-10-01,x,$1.00,\n"
    refused = read(tmp_path / "bank.csv", text)
    assert isinstance(refused, Unread)
    assert "currency" in refused.fault.problem
    found = statement(tmp_path, text, Hint(currency="USD", account="99"))
    assert (amounts(found), list(table(found)["account"].astype(str))) == ([-100], ["99"])
    assert set(table(statement(tmp_path, text.replace("$1.00", "€1.00")))["currency"].astype(str)) == {"EUR"}


def test_dates_and_times(tmp_path: Path) -> None:
    head = "交易日期,交易时间,记账日期,收入,支出,摘要\n"
    found = statement(tmp_path, f"{head}20261001,91503,2026-10-02,1.00,,a\n2026/10/1,17:57,2026-10-02,2.00,,b\n")
    rows = table(found)
    assert list(rows["occurred_at"].dt.tz_convert("Asia/Shanghai").dt.strftime("%d %H:%M:%S")) == [
        "01 09:15:03",
        "01 17:57:00",
    ]
    assert {str(day) for day in rows["value_date"]} == {"2026-10-02"}


def test_three_dates(tmp_path: Path) -> None:
    head = "trade date,booking date,value date,amount (EUR),details\n"
    found = statement(tmp_path, f"{head}01.10.2026,13.10.2026,14.10.2026,-1.00,x\n".replace("01.10.2026", "30.09.2026"))
    (row,) = table(found).to_dict("records")
    assert (str(row["occurred_at"])[:10], str(row["value_date"])) == ("2026-10-12", "2026-10-14")


def test_ambiguous_days_are_refused(tmp_path: Path) -> None:
    refused = read(tmp_path / "bank.csv", "date,amount (GBP),memo\n01/02/2026,-1.00,x\n03/04/2026,2.00,y\n")
    assert isinstance(refused, Unread)
    assert refused.fault.column == "date"


@pytest.mark.parametrize(
    ("line", "kind", "detail"),
    [
        (",15.00,手续费,", "fee", "bank_fee"),
        ("3.00,,结息,", "interest", "interest"),
        (",1.00,利息税,", "tax", "tax"),
        (",100.00,转账,实时缴税", "tax", "tax"),
        (",100.00,代发工资,", "disbursement", "salary"),
        ("100.00,,现金存入,", "receipt", "cash_deposit"),
        (",100.00,资金池归集-日终,", "transfer", "own_transfer"),
        (",100.00,货款,材料", "disbursement", None),
        ("100.00,,MONTHLY SERVICE CHARGE REFUND,", "receipt", None),
        (",12.00,MONTHLY SERVICE CHARGE,", "fee", "bank_fee"),
        (",900.00,ACME PAYROLL OCT,", "disbursement", "salary"),
        ("1.00,,INTEREST PAID,", "interest", "interest"),
    ],
)
def test_known_texts(tmp_path: Path, line: str, kind: str, detail: str | None) -> None:
    found = statement(tmp_path, f"交易日期,收入,支出,摘要,用途\n2026-10-01,{line}\n")
    (row,) = table(found).to_dict("records")
    assert (row["kind"], row["detail"] if isinstance(row["detail"], str) else None) == (kind, detail)


def test_serials_identify_rows_only_if_they_are_unique(tmp_path: Path) -> None:
    head = "交易日期,流水号,收入,支出,摘要\n"
    one = statement(tmp_path, f"{head}2026-10-01,S1,1.00,,a\n2026-10-01,S2,1.00,,a\n")
    other = statement(tmp_path, f"{head}2026-10-01,S1,1.00,,a (corrected)\n")
    assert table(one)["entry_id"][0] == table(other)["entry_id"][0]
    twice = statement(tmp_path, f"{head}2026-10-01,S1,1.00,,a\n2026-10-01,S1,1.00,,a\n")
    assert (twice.booked_rows, twice.repeated) == (2, 0)
    assert table(twice)["entry_id"].is_unique


def test_a_reference_under_a_short_name_is_the_serial(tmp_path: Path) -> None:
    found = statement(tmp_path, "date,narration,amount (USD),ref_number\n2026-10-01,a,-1.00,UTR12345678\n")
    assert list(table(found)["payment_ref"]) == ["UTR12345678"]


def test_status(tmp_path: Path) -> None:
    head = "date,amount (USD),description,status\n"
    found = statement(
        tmp_path, f"{head}2026-10-01,-1.00,a,Posted\n2026-10-01,-2.00,b,Pending\n2026-10-01,-3.00,c,失败\n"
    )
    assert amounts(found) == [-100]
    assert [reason for _, reason in found.skipped] == ["pending or failed: Pending", "pending or failed: 失败"]


def test_payer_and_payee(tmp_path: Path) -> None:
    head = "交易日期,收入,支出,付款人名称,收款人名称\n"
    found = statement(tmp_path, f"{head}2026-10-01,1.00,,甲,本公司\n2026-10-01,,2.00,本公司,乙\n")
    assert list(table(found)["counterparty"]) == ["甲", "乙"]


@pytest.mark.parametrize(
    "head",
    ["日期,凭证字号,摘要,借方,贷方,方向,余额", "日期,摘要,借方,贷方,方向,余额", "date,voucher,debit,credit,balance"],
)
def test_the_firms_own_books_are_refused(tmp_path: Path, head: str) -> None:
    refused = read(tmp_path / "bank.csv", f"{head}\n2026-10-01,记-1,收款,100,,借,100\n")
    assert isinstance(refused, Unread)
    assert "own books" in refused.fault.problem


def test_an_unknown_table_says_the_nearest_reading_and_what_it_misses(tmp_path: Path) -> None:
    refused = read(tmp_path / "bank.csv", "交易日期,摘要,对方户名\n2026-10-01,a,b\n")
    assert isinstance(refused, Unread)
    assert refused.status == "unknown"
    assert "nearest is generic.bank" in refused.fault.problem
    assert "an amount" in refused.fault.problem


def test_a_workbook_whose_sheets_are_named_by_account(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheets = (book.active, book.create_sheet())
    for sheet, title in zip(sheets, ("6222000011112222", "6222000033334444"), strict=True):
        sheet.title = title
        sheet.append(["交易日期", "收入", "支出", "摘要"])
        sheet.append([pd.Timestamp("2026-10-01 09:00:00"), 0.1, None, "a"])
    path = tmp_path / "bank.xlsx"
    book.save(path)
    found = read_file(path, path.name, SPECS)
    assert [one.accounts[0].account for one in found if isinstance(one, Statement)] == [sheet.title for sheet in sheets]
    assert [amounts(one) for one in found if isinstance(one, Statement)] == [[10], [10]]


def test_pending_lines_without_a_day_are_skipped(tmp_path: Path) -> None:
    head = "completed date,description,amount (USD),state\n"
    found = statement(tmp_path, f"{head}2026-10-01,a,-1.00,COMPLETED\n,b,-2.00,PENDING\n2026-10-02,c,-3.00,COMPLETED\n")
    assert amounts(found) == [-100, -300]
    assert found.skipped == ((3, "pending or failed: PENDING"),)


def test_a_template_of_a_treasury_system_is_read_with_a_remark(tmp_path: Path) -> None:
    found = statement(
        tmp_path, "组织,银行,账号,币种,交易日期,收入,支出,用途,对方户名\n总部,工行,1234,CNY,2026-10-01,1.00,,货款,甲\n"
    )
    assert amounts(found) == [100]
    assert "treasury system" in en(found)


def test_the_order_of_rows_changes_nothing(tmp_path: Path) -> None:
    shown = []
    for lines in (ROWS.splitlines(), ROWS.splitlines()[::-1]):
        rows = table(statement(tmp_path, PAIR + "\n".join(lines) + "\n")).drop(columns=["source_row"])
        shown.append(rows.sort_values("entry_id").astype(str).reset_index(drop=True))
    assert shown[0].equals(shown[1])
