"""The workbook as a program and as a person opens it."""

import re
import shutil
import subprocess
import zipfile
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pyarrow as pa
import pytest

from recon.errors import ConservationError
from recon.ledger.days import day_number
from recon.ledger.stretch import CARRIED, COVERED, CUT, EMPTY, MISSING, NOT_YET, QUIET, REPEATED, Stretch
from recon.outputs.bridge import bridge
from recon.outputs.conservation import prove
from recon.outputs.package import SheetFill, finish
from recon.outputs.sheets import HEAD_ROW, clean_text
from recon.outputs.summary import Books, Control, summarise
from recon.outputs.tables import Drafted
from recon.outputs.workbook import write_workbook

TITLES = {
    "zh": {"missing_payment": "平台有单网关无款", "unknown_receipt": "银行不明来款"},
    "en": {"missing_payment": "order without payment", "unknown_receipt": "unknown receipt"},
}
LINES = pd.DataFrame(
    {
        "voucher_id": ["v1", "v1", "v2", "v2"], "period": "2026-10", "word": "记", "number": [1, 1, 2, 2],
        "date": date(2026, 10, 31), "line": [1, 2, 1, 2], "event": "settlement", "summary": "收支付宝货款",
        "account_code": ["1012.01", "1122.01", "6603.04", "1012.01"],
        "account_name": ["其他货币资金—支付宝", "应收账款—平台", "财务费用—手续费", "其他货币资金—支付宝"],
        "debit": pd.array([10000, None, 60, None], dtype="Int64"),
        "credit": pd.array([None, 10000, None, 60], dtype="Int64"),
        "currency": "CNY", "customer": [None, "旗舰店", None, None],
    }
)  # fmt: skip


def make(case: Any, path: Path, *, reverse: bool = False, limits: tuple[int, int] = (20_000, 5_000)) -> Path:
    outcome = case.outcome(reverse=reverse)
    controls = (Control(1, "钱包余额", "alipay:2088", 5000, 4000, 1000, 0, "open"),)
    books = Books(vouchers=2, lines=4, assumed=True, controls=controls, notes=("=SUM(1)",))
    titles = TITLES[case.lang]
    summary = summarise(outcome, prove(outcome), books, titles=titles, currency="CNY")
    bridges = bridge(outcome).lines
    write_workbook(path, outcome, summary, Drafted(LINES, pa.table({})), bridges, titles=titles, limits=limits)
    return path


def column(sheet: Any, head: str) -> list[Any]:
    """The values below a heading of a detail sheet."""
    heads = [str(cell.value).split("\n", maxsplit=1)[0] for cell in sheet[HEAD_ROW]]
    at = heads.index(head) + 1
    return [sheet.cell(row, at).value for row in range(HEAD_ROW + 1, sheet.max_row + 1)]


def formulas(path: Path) -> dict[tuple[str, str], tuple[str, Any]]:
    plain, valued = openpyxl.load_workbook(path), openpyxl.load_workbook(path, data_only=True)
    return {
        (sheet.title, cell.coordinate): (cell.value, valued[sheet.title][cell.coordinate].value)
        for sheet in plain
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    }


def test_sheets_have_chinese_names_with_english_beside(small: Any, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(make(small, tmp_path / "r.xlsx"))
    assert book.sheetnames == [
        "对账汇总表 Summary", "差异明细表 Breaks", "在途明细 In transit", "收入到账桥接 Bridge", "文件覆盖 Coverage",
        "凭证草稿 Vouchers", "数据来源 Files", "费率规则 Fee rules",
    ]  # fmt: skip
    assert all(len(name) <= 31 for name in book.sheetnames)
    assert [path.name for path in tmp_path.iterdir()] == ["r.xlsx"]


def test_english_is_complete(small: Any, tmp_path: Path) -> None:
    small.lang, small.notes = "en", ()
    book = openpyxl.load_workbook(make(small, tmp_path / "r.xlsx"))
    assert book.sheetnames == [
        "Summary",
        "Breaks",
        "In transit",
        "Bridge",
        "Coverage",
        "Vouchers",
        "Files",
        "Fee rules",
    ]
    own = [str(cell.value) for sheet in book for row in sheet.iter_rows(max_row=HEAD_ROW) for cell in row if cell.value]
    assert not [text for text in own if re.search("[\u4e00-\u9fff]", text)]


def test_breaks_are_typed(small: Any, tmp_path: Path) -> None:
    sheet = openpyxl.load_workbook(make(small, tmp_path / "r.xlsx"), data_only=True)["差异明细表 Breaks"]
    assert column(sheet, "类型") == ["平台有单网关无款", "银行不明来款"]
    assert column(sheet, "严重度") == ["高", "低"]
    assert column(sheet, "差额") == [-66, 12400]
    assert column(sheet, "业务时间")[0] == datetime.fromisoformat("2026-10-02T10:00:00")
    assert column(sheet, "平台订单号") == ["3002", None]
    assert column(sheet, "行号") == [3, 10]
    cell = sheet.cell(HEAD_ROW + 1, [c.value for c in sheet[HEAD_ROW]].index("差额\nDifference") + 1)
    assert cell.number_format == "#,##0.00;[Red]-#,##0.00"
    assert sheet.freeze_panes == f"B{HEAD_ROW + 1}"
    assert sheet.auto_filter.ref == f"A{HEAD_ROW}:Y{HEAD_ROW + 2}"
    assert str(sheet.data_validations.dataValidation[0].sqref) == f"V{HEAD_ROW + 1}:V{HEAD_ROW + 2}"
    assert len(sheet.data_validations.dataValidation[0].formula1) <= 255
    assert len(sheet.data_validations.dataValidation[0].prompt) <= 255
    assert (sheet.page_setup.orientation, sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (
        "landscape",
        2,
        0,
    )
    assert (sheet.print_title_cols, sheet.print_title_rows) == ("$A:$B", f"${HEAD_ROW}:${HEAD_ROW}")


def test_text_of_files_is_never_a_formula(small: Any, tmp_path: Path) -> None:
    evil = '=HYPERLINK("x") <b>&\x07 _x0041_ ' + "长" * 40_000
    small.findings[0][0]["explanation"] = evil
    sheet = openpyxl.load_workbook(make(small, tmp_path / "r.xlsx"))["差异明细表 Breaks"]
    found = column(sheet, "说明")[0]
    assert found.startswith('=HYPERLINK("x") <b>&\ufffd _x005F_x0041_ 长')
    assert (len(found) - len("_x005F_x0041_") + len("_x0041_"), found[-1]) == (32_767, "…")
    assert all(cell.data_type != "f" for row in sheet.iter_rows(min_row=HEAD_ROW) for cell in row)


def test_every_formula_shows_its_value(small: Any, tmp_path: Path) -> None:
    found = formulas(make(small, tmp_path / "r.xlsx"))
    assert len(found) > 30
    assert all(value is not None for _, value in found.values())
    by_text = dict(found.values())
    assert by_text["=SUBTOTAL(109,O4:O5)"] == 12334
    assert "✗" not in by_text.values()


def test_notes_that_look_like_formulas_are_text(small: Any, tmp_path: Path) -> None:
    sheet = openpyxl.load_workbook(make(small, tmp_path / "r.xlsx"))["对账汇总表 Summary"]
    (cell,) = [cell for row in sheet.iter_rows() for cell in row if cell.value == "=SUM(1)"]
    assert cell.data_type == "s"


def test_a_cut_sheet_says_what_it_does_not_show(small: Any, tmp_path: Path) -> None:
    path = make(small, tmp_path / "r.xlsx", limits=(1, 1))
    book = openpyxl.load_workbook(path, data_only=True)
    breaks = book["差异明细表 Breaks"]
    assert column(breaks, "差异编号")[1].startswith("未显示：1 行，CNY 应有金额 0.00, 实有金额 12400.00")
    assert breaks.cell(2, 15).value == 12334
    files = book["数据来源 Files"]
    assert column(files, "行数") == [5, 8]
    vouchers = book["凭证草稿 Vouchers"]
    assert (vouchers["G2"].value, vouchers["H2"].value) == (100.6, 100.6)


def test_the_same_outcome_gives_the_same_bytes(small: Any, tmp_path: Path) -> None:
    first, second = make(small, tmp_path / "a.xlsx"), make(small, tmp_path / "b.xlsx", reverse=True)
    assert first.read_bytes() == second.read_bytes()
    with zipfile.ZipFile(first) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert b"1980-01-01T00:00:00Z" in archive.read("docProps/core.xml")


def test_money_of_other_currencies_keeps_its_decimals(small: Any, tmp_path: Path) -> None:
    small.finding(
        [], break_id="e5" * 8, leg="file", code="unknown_receipt", severity="high", expected=0, actual=-1500,
        currency="JPY",
    )  # fmt: skip
    sheet = openpyxl.load_workbook(make(small, tmp_path / "r.xlsx"), data_only=True)["差异明细表 Breaks"]
    assert (sheet["O4"].value, sheet["O4"].number_format) == (-1500, "#,##0;[Red]-#,##0")
    assert sheet["O2"].value is None  # two currencies have no sum


def test_nothing_at_all(small: Any, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(make(type(small)(), tmp_path / "r.xlsx"), data_only=True)
    assert book["差异明细表 Breaks"].max_row == HEAD_ROW


def test_a_formula_without_a_value_is_a_defect(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = "=1+1"
    book.save(tmp_path / "draft.xlsx")
    with pytest.raises(ConservationError, match="formula A1 has no value"):
        finish(tmp_path / "draft.xlsx", tmp_path / "r.xlsx", {1: SheetFill()})


@pytest.mark.parametrize(
    ("text", "shown"), [("a\x00b", "a\ufffdb"), ("a\nb", "a\nb"), ("a\rb", "a\ufffdb"), ("=1", "=1")]
)
def test_controls_are_replaced(text: str, shown: str) -> None:
    assert clean_text(text) == shown


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_another_program_computes_the_same_values(small: Any, tmp_path: Path) -> None:
    path = make(small, tmp_path / "r.xlsx")
    bare = tmp_path / "bare" / "r.xlsx"
    bare.parent.mkdir()
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(bare, "w") as target:
        for name in source.namelist():
            target.writestr(name, re.sub(rb"(</f>)<v>[^<]*</v>", rb"\1", source.read(name)))
    assert all(value is None for _, value in formulas(bare).values())
    command = ["soffice", "--headless", f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}",
               "--convert-to", "xlsx", "--outdir", str(tmp_path / "out"), str(bare)]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    computed = {place: value for place, (_, value) in formulas(tmp_path / "out" / "r.xlsx").items()}
    expected = {place: value for place, (_, value) in formulas(path).items()}
    assert {place: rounded(value) for place, value in computed.items()} == (
        {place: rounded(value) for place, value in expected.items()}
    )


def rounded(value: Any) -> Any:
    return round(float(value), 8) if isinstance(value, int | float) else value


def test_coverage_tells_days_without_a_file_from_empty_and_cut_ones(small: Any, tmp_path: Path) -> None:
    first = day_number(date(2026, 10, 1))
    one = Stretch("bank", "icbc.corporate.a", "1234", "", "CNY", COVERED, first, first + 3,
                  ("a.csv", "b.csv", "c.csv", "d.csv"), 5, 0, 1000, 2000, None, "ok")  # fmt: skip
    gap = replace(one, state=MISSING, first=first + 4, last=first + 4, files=(), entries=0, opening=None,
                  closing=None, chain="none", break_id="B1", reach_rows=2, reach_amount=300)  # fmt: skip
    more = (replace(one, first=first + 5, last=first + 5, files=("e.csv",), jump=-500, chain="broken"),
            *(replace(gap, state=state) for state in (CUT, EMPTY, REPEATED, CARRIED, QUIET, NOT_YET)))  # fmt: skip
    small.stretches = (one, gap, *more)
    book = openpyxl.load_workbook(make(small, tmp_path / "r.xlsx"), data_only=True)
    sheet = book["文件覆盖 Coverage"]
    assert column(sheet, "状态") == [
        "有文件", "缺文件", "有文件", "文件不全（行数不足）", "空文件（无流水）", "重复文件", "无文件，余额衔接",
        "无文件，不视为缺", "截止日前尚无文件",
    ]  # fmt: skip
    assert column(sheet, "起")[:2] == [datetime.fromisoformat("2026-10-01"), datetime.fromisoformat("2026-10-05")]
    assert (column(sheet, "天数")[0], column(sheet, "文件数")[:2]) == (4, [4, 0])
    assert (column(sheet, "期初余额")[0], column(sheet, "余额跳变")[2], column(sheet, "余额校验")[2]) == (
        10,
        -5,
        "不连续",
    )
    assert (column(sheet, "等待的行")[1], column(sheet, "等待的金额")[1], column(sheet, "差异编号")[1]) == (2, 3, "B1")
    assert column(sheet, "文件名")[:3] == ["a.csv … d.csv", None, "e.csv"]
    assert sheet.freeze_panes == f"B{HEAD_ROW + 1}"
    assert [str(cells.sqref) for cells in sheet.conditional_formatting] == [f"D{HEAD_ROW + 1}:D{HEAD_ROW + 9}"]
    assert sheet.page_setup.fitToWidth == 2  # on one page nobody could read it


def test_a_workbook_of_unproven_files_says_so(small: Any, tmp_path: Path) -> None:
    outcome = small.outcome()
    small.files = (replace(outcome.statements[0], control_total="failed"), *outcome.statements[1:])
    sheet = openpyxl.load_workbook(make(small, tmp_path / "r.xlsx"))["数据来源 Files"]
    assert sorted(column(sheet, "状态")) == ["合计不符", "已读取", "已读取"]
