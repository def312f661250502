"""The sheet Bridge as a person opens it: what its formulas come to, what it says, what it leaves out."""

import re
from decimal import Decimal
from pathlib import Path

import openpyxl
import pyarrow as pa
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from recon.breaks.codes import titles
from recon.ledger.outcome import Outcome
from recon.outputs.bridge import bridge
from recon.outputs.bridge_sheet import bridge_sheet
from recon.outputs.labels import Language
from recon.outputs.package import SheetFill, finish
from tests.breaks.ledgers import File, run

AMOUNT, OWN, CHECK, LINE = 4, 5, 7, 8


def two_shops() -> Outcome:
    shops, wallet, bank = File("shop.orders"), File("wechatpay.fundflow"), File("bank")
    shops.order("N00000001", "90.00", "2026-10-01", shop="A", order_amount="100.00", refund="-20.00",
                refunded_at="2026-10-02")  # fmt: skip
    shops.order("N00000002", "55.00", "2026-10-01", shop="A")
    shops.order("N00000003", "30.00", "2026-10-01", shop="B")
    wallet.payment("N00000001", "90.00", "2026-10-01", fee="-0.54").refund("N00000001", "-20.00", "2026-10-02")
    wallet.row("payout", "-60.00", "2026-10-20")
    bank.row("receipt", "60.00", "2026-10-21", memo="财付通 提现").row("interest", "0.12", "2026-10-21", memo="利息")
    return run(shops, wallet, bank, as_of="2026-10-31")


def sheet(folder: Path, lines: pa.Table, lang: str = "zh", limit: int = 5_000) -> tuple[Worksheet, Worksheet]:
    """The sheet with its formulas, and with the values that stand beside them."""
    book = openpyxl.Workbook()
    fill: SheetFill = bridge_sheet(book.active, lines, titles(lang), Language(lang), limit)
    book.save(folder / "draft.xlsx")
    finish(folder / "draft.xlsx", folder / "r.xlsx", {1: fill})
    plain, valued = (openpyxl.load_workbook(folder / "r.xlsx", data_only=only).active for only in (False, True))
    return plain, valued


def computed(page: Worksheet, text: str, known: dict[int, Decimal]) -> Decimal:
    """What a formula of a subtotal comes to, by the cells above it."""
    total = Decimal(0)
    for part in re.fullmatch(r"=ROUND\((.*),\d\)", text)[1].split("+"):
        span = re.fullmatch(r"SUM\(D(\d+):D(\d+)\)", part)
        rows = range(int(span[1]), int(span[2]) + 1) if span else [int(part[1:])] if part != "0" else []
        total += sum((known[row] for row in rows), Decimal(0))
    return total


def test_formulas_come_to_what_the_engine_says(tmp_path: Path) -> None:
    lines = bridge(two_shops()).lines
    plain, valued = sheet(tmp_path, lines)
    by_line = {line["line"]: line for line in lines.to_pylist()}
    known: dict[int, Decimal] = {}
    seen = 0
    for row in range(4, plain.max_row + 1):
        number = valued.cell(row, LINE).value
        if number is None:
            continue
        line, text = by_line[number], plain.cell(row, AMOUNT).value
        amount = Decimal(str(valued.cell(row, AMOUNT).value))
        assert amount * 100 == line["amount"]
        assert (plain.cell(row, AMOUNT).data_type == "f") == line["total"]
        known[row] = amount
        if line["total"] and line["step"] != "difference":
            assert computed(plain, text, {at: value for at, value in known.items() if at < row}) == amount
        if line["step"] in ("received", "paid_out", "bank"):
            assert Decimal(str(valued.cell(row, OWN).value)) == amount
        assert valued.cell(row, CHECK).value in {None, "✓"}
        seen += 1
    assert seen > 20
    assert plain.freeze_panes == "B4"
    assert plain.cell(4, 1).value is None
    assert plain.print_title_rows == "$3:$3"


def test_a_step_is_said_in_words_and_points_at_its_rows(tmp_path: Path) -> None:
    made = bridge(two_shops())
    _, page = sheet(tmp_path, made.lines)
    told = [[page.cell(row, at).value for at in (1, 2, 4, 6, 8)] for row in range(1, page.max_row + 1)]
    texts = [row[0] for row in told]
    assert "bridge_rows.csv" in texts[1]
    assert "店铺 A · CNY · 2026-10" in texts
    breaks = next(row for row in told if row[:2] == ["订单与收款的差异", "平台有单网关无款"])
    assert breaks[2:4] == [-55, 1]
    cited = [row["amount"] for row in made.rows.to_pylist() if row["line"] == breaks[4]]
    assert cited == [-5500]
    assert next(row[2] for row in told if row[0] == "结算后退款") == -20
    assert next(row[1] for row in told if row[0] == "不参与银行核对") == "利息"


def test_english_is_complete(tmp_path: Path) -> None:
    _, page = sheet(tmp_path, bridge(two_shops()).lines, lang="en")
    said = [str(cell.value) for row in page.iter_rows() for cell in row if cell.value is not None]
    assert not [text for text in said if re.search("[\u4e00-\u9fff]", text) and "手续费" not in text]
    assert {"Refunds after settlement", "Shop A · CNY · 2026-10", "interest"} <= set(said)


@pytest.mark.parametrize("shown", [0, 1, 2])
def test_a_bridge_is_shown_whole_or_not_at_all(tmp_path: Path, shown: int) -> None:
    lines = bridge(two_shops()).lines
    sizes = [int(size) for size in (lines.column("bridge").to_pandas().value_counts(sort=False))]
    assert len(sizes) >= 2
    limit = {0: 0, 1: sizes[0], 2: sum(sizes)}[shown]
    _, page = sheet(tmp_path, lines, limit=limit)
    texts = [page.cell(row, 1).value or "" for row in range(1, page.max_row + 1)]
    whole = [text for text in texts if text.endswith("· 2026-10")]
    rest = [text for text in texts if text.startswith("未显示")]
    if shown == 2:
        assert (len(whole), rest) == (len(sizes), [])
    else:
        assert len(whole) == shown
        hidden, bank = sizes[shown:], ("60.12", "0.12")[shown]  # of shop A is shown that 60.00 arrived
        assert rest == [f"未显示：{len(hidden)} 个桥接 {sum(hidden)} 行，CNY 银行收支 {bank}，见 bridge.csv"]


def test_a_run_without_money_says_so(tmp_path: Path) -> None:
    nothing = bridge(run(File("bank", first="2026-10-01", last="2026-10-31"), as_of="2026-10-31"))
    _, page = sheet(tmp_path, nothing.lines)
    assert page["A5"].value == "没有款项"
