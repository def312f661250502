"""The first sheet: what the run found, what to look at first, and the proof that nothing was lost, as live formulas."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from openpyxl.styles import PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from recon.money import exponent
from recon.outputs.alarm_section import alarm_section
from recon.outputs.details import FILES
from recon.outputs.held_section import held_section
from recon.outputs.labels import Language
from recon.outputs.measured_section import measured_section
from recon.outputs.package import SheetFill
from recon.outputs.page import Page
from recon.outputs.residual_section import residual_section
from recon.outputs.sheets import GREY, HEAD_ROW, INK, RED, THIN, aligned, font, number_format, print_setup

_WIDTHS = (22, 26, 25, 11, 15, 17, 15, 17, 15, 17, 15, 17, 15, 17, 14, 15, 9)
_GROUPS = ("matched", "in_transit", "breaks", "excluded")
_GROUP_HEADS = (("已核对", "Matched"), ("在途", "In transit"), ("差异", "Breaks"), ("排除", "Excluded"))
#: How a control ended; `open` says something else of a control than of a break.
_STATES = {
    "ok": ("相符", "holds"),
    "explained": ("差额已列明", "explained"),
    "open": ("不平", "does not hold"),
    "movement only": ("仅发生额", "movement only"),
    "not computable": ("资料不足", "not computable"),
}
_COUNT, _RATE = "#,##0;[Red]-#,##0", "0.00%"
_WARNING = PatternFill("solid", fgColor="FBE3E3")
#: Files listed on the first sheet; all of them stand on the sheet Files.
_FILES_LISTED = 20
_YES, _NO = "✓", "✗"


@dataclass(frozen=True)
class SheetNames:
    """The names of the sheets in one language."""

    summary: str
    breaks: str
    in_transit: str
    bridge: str
    coverage: str
    vouchers: str
    files: str
    fee_rules: str

    @staticmethod
    def of(say: Language) -> SheetNames:
        """Return the names: `差异明细表 Breaks`, or `Breaks`."""
        return SheetNames(
            say.title("对账汇总表", "Summary"),
            say.title("差异明细表", "Breaks"),
            say.title("在途明细", "In transit"),
            say.title("收入到账桥接", "Bridge"),
            say.title("文件覆盖", "Coverage"),
            say.title("凭证草稿", "Vouchers"),
            say.title("数据来源", "Files"),
            say.title("费率规则", "Fee rules"),
        )


def summary_sheet(sheet: Worksheet, summary: Mapping[str, Any], say: Language, names: SheetNames) -> SheetFill:
    """Lay out the sheet and return the engine's value of each of its formulas.

    Args:
        sheet: an empty sheet.
        summary: what `summary.summarise` returned.
        say: the language.
        names: of the sheets, for formulas that look at another sheet.
    """
    page = Page(sheet, len(_WIDTHS))
    for at, width in enumerate(_WIDTHS, start=1):
        sheet.column_dimensions[get_column_letter(at)].width = width
    _head(page, summary, say)
    _figures(page, summary, say)
    _first(page, summary, say)
    _legs(page, summary, say)
    _period(page, summary, say)
    _codes(page, summary, say)
    _rows(page, summary, say, names)
    _files(page, summary, say)
    held_section(page, summary, say)
    alarm_section(page, summary, say)
    measured_section(page, summary, say)
    residual_section(page, summary, say)
    _controls(page, summary, say)
    _notes(page, summary, say)
    sheet.sheet_view.showGridLines = False
    print_setup(sheet)
    return SheetFill(page.values, frozenset(page.numbers))


def _head(page: Page, summary: Mapping[str, Any], say: Language) -> None:
    page.put(1, say.title("对账汇总表", "Reconciliation summary")).font = font(18, bold=True)
    page.sheet.row_dimensions[1].height = 30
    page.row += 1
    facts = (
        (say.say("期间", "Period"), summary["period"]),
        (say.say("截止日", "As of"), summary["as_of"]),
        (say.say("本位币", "Currency of the books"), summary["currency"]),
        (say.say("版本", "Version"), f"recon {summary['version']}"),
    )
    page.put(1, "   ".join(f"{name} {value}" for name, value in facts)).font = font(color=GREY)
    page.row += 1
    if summary["assumed"]:
        text = say.say(
            "ASSUMED（默认科目，未经确认）：凭证草稿按默认科目和税率编制，请在 recon.yaml 的 postings 中确认后使用。",
            "ASSUMED (default chart, not confirmed): the draft vouchers use default accounts and tax rates; "
            "confirm them under `postings` in recon.yaml before use.",
        )
        page.put(1, text, bold=True, red=True)
        for at in range(1, len(_WIDTHS) + 1):
            page.sheet.cell(page.row, at).fill = _WARNING
        page.row += 1


def _figures(page: Page, summary: Mapping[str, Any], say: Language) -> None:
    """The figures a reviewer asks for first."""
    severity, transit, oldest = summary["severity"], summary["in_transit"], summary["oldest"]
    open_count = severity["high"] + severity["medium"] + severity["low"]
    figures: list[tuple[str, object]] = [
        (say.head("未结差异", "Open breaks"), open_count),
        (say.head("差额合计(绝对值)", "Σ |difference|"), _amounts(summary["open_amount"])),
        (say.head("最早未结(天)", "Oldest, days"), oldest["age_days"] if oldest else None),
        (say.head("高", "High"), severity["high"]),
        (say.head("中", "Medium"), severity["medium"]),
        (say.head("低", "Low"), severity["low"]),
        (say.head("提示", "Info"), severity["info"]),
        (say.head("在途金额", "In transit"), _amounts(transit["amount"])),
        (say.head("在途笔数", "Items"), transit["count"]),
        (say.head("其中已逾期", "Past due"), _amounts(transit["overdue"]["amount"])),
        (say.head("凭证", "Vouchers"), summary["vouchers"]["count"]),
    ]
    page.row += 1
    for at, (name, _) in enumerate(figures, start=1):
        head = page.put(at, name)
        head.font = font(9, GREY)
        head.alignment = aligned("bottom", "left", 1, wrap=True)
    page.sheet.row_dimensions[page.row].height = 28
    page.row += 1
    for at, (_, value) in enumerate(figures, start=1):
        cell = page.put(at, "–" if value is None else value)
        red = at in {1, 4} and bool(value)
        cell.font = font(14, RED if red else INK, bold=True)
        cell.alignment = aligned("top", "left", 1, wrap=True)
        cell.border = THIN
    lines = max(str(value).count("\n") for _, value in figures) + 1
    page.sheet.row_dimensions[page.row].height = 24 * lines
    page.row += 1


def _first(page: Page, summary: Mapping[str, Any], say: Language) -> None:
    if not summary["first"]:
        return
    page.section(say.title("先看这些", "What to look at first"))
    heads = (
        say.head("严重度", "Severity"), say.head("类型", "Type"), say.head("单号", "Reference"),
        say.head("币种", "Currency"), say.head("账龄(天)", "Age, days"), say.head("差额", "Difference"),
        say.head("说明", "Explanation"),
    )  # fmt: skip
    page.heads(heads, right=frozenset({5, 6}))
    for line in summary["first"]:
        refs = (line[name] for name in ("order_ref", "payment_ref", "refund_ref", "batch_ref"))
        page.put(1, say.word(line["severity"]), bold=line["severity"] == "high", red=line["severity"] == "high")
        page.put(2, line["title"])
        page.put(3, next((ref for ref in refs if ref), None) or line["break_id"])
        page.put(4, line["currency"])
        page.put(5, line["age_days"])
        page.money(6, line["difference"], line["currency"])
        page.put(7, line["explanation"] or "")
        page.end_row()


def _legs(page: Page, summary: Mapping[str, Any], say: Language) -> None:
    """Per leg, side, account and currency: owned = matched + in transit + breaks + excluded, to the fen."""
    page.section(say.title("各环节核对与守恒证明", "Legs and conservation proof"))
    groups = [
        ("应核对", "Owned"),
        ("已核对", "Matched"),
        ("在途", "In transit"),
        ("差异", "Breaks"),
        ("排除", "Excluded"),
    ]
    heads = [
        say.head("环节", "Leg"), say.head("方", "Side"), say.head("账户", "Account"), say.head("币种", "Currency"),
        *_pairs(say, groups),
        say.head("守恒(笔数)", "Proof, items"), say.head("守恒(金额)", "Proof, amount"), say.head("结论", "Result"),
    ]  # fmt: skip
    page.heads(heads, right=frozenset(range(5, 17)))
    for line in summary["legs"]:
        row, currency = page.row, line["currency"]
        _leg_names(page, line, say)
        for at, name in enumerate(("owned", *_GROUPS)):
            page.put(5 + 2 * at, line[name]["count"], number=_COUNT)
            page.money(6 + 2 * at, line[name]["amount"], currency)
        decimals = exponent(currency)
        page.formula(15, f"=E{row}-G{row}-I{row}-K{row}-M{row}", "0", number=_COUNT)
        page.formula(
            16, f"=ROUND(F{row}-H{row}-J{row}-L{row}-N{row},{decimals})", line["difference"],
            number=number_format(decimals),
        )  # fmt: skip
        page.formula(17, f'=IF(AND(O{row}=0,P{row}=0),"{_YES}","{_NO}")', _verdict(line["difference"]), bold=True)
        page.end_row()


def _period(page: Page, summary: Mapping[str, Any], say: Language) -> None:
    """The same groups for the entries of the period alone, and how much of what was due is matched."""
    page.section(
        say.title(f"本期 {summary['period']}", f"This period, {summary['period']}" if not say.zh else "This period")
    )
    heads = [
        say.head("环节", "Leg"), say.head("方", "Side"), say.head("账户", "Account"), say.head("币种", "Currency"),
        *_pairs(say, _GROUP_HEADS),
        say.head("核对率(笔数)", "Rate, items"), say.head("核对率(金额)", "Rate, value"),
    ]  # fmt: skip
    page.heads(heads, right=frozenset(range(5, 15)))
    for line in summary["legs"]:
        row = page.row
        _leg_names(page, line, say)
        for at, name in enumerate(_GROUPS):
            page.put(5 + 2 * at, line["in_period"][name]["count"], number=_COUNT)
            page.money(6 + 2 * at, line["in_period"][name]["amount"], line["currency"])
        done, broken = line["in_period"]["matched"]["count"], line["in_period"]["breaks"]["count"]
        if done + broken:
            rate = Decimal(done) / Decimal(done + broken)
            page.formula(13, f"=E{row}/(E{row}+I{row})", str(rate), number=_RATE)
        if line["match_rate"]["value"] is not None:
            page.put(14, Decimal(line["match_rate"]["value"]) / 100, number=_RATE)
        page.end_row()


def _pairs(say: Language, groups: Sequence[tuple[str, str]]) -> list[str]:
    """Two heads per group: items and amount."""
    units = (("笔数", "items"), ("金额", "amount"))
    return [say.head(zh + what, f"{en}, {unit}") for zh, en in groups for what, unit in units]


def _leg_names(page: Page, line: Mapping[str, Any], say: Language) -> None:
    page.put(1, say.word(line["leg"]))
    page.put(2, f"{say.word(line['side'])} {', '.join(line['channels'])}")
    page.put(3, line["account"])
    page.put(4, line["currency"])


def _codes(page: Page, summary: Mapping[str, Any], say: Language) -> None:
    page.section(say.title("差异按类型", "Breaks by type"))
    heads = (
        say.head("代码", "Code"), say.head("类型", "Type"), "", say.head("币种", "Currency"),
        say.head("笔数", "Items"), say.head("差额合计(绝对值)", "Σ |difference|"), say.head("高", "High"),
        say.head("中", "Medium"), say.head("低", "Low"), say.head("提示", "Info"), say.head("下一步", "Next step"),
    )  # fmt: skip
    page.heads(heads, right=frozenset(range(5, 11)))
    start, lines = page.row, summary["breaks"]
    for line in lines:
        page.put(1, line["code"])
        page.put(2, line["title"])
        page.put(4, line["currency"])
        page.put(5, line["count"], number=_COUNT)
        page.money(6, line["amount"], line["currency"])
        for at, name in enumerate(("high", "medium", "low", "info"), start=7):
            page.put(at, line[name] or None, number=_COUNT, red=name == "high", bold=name == "high")
        page.put(11, line["next_step"])
        page.end_row()
    if not lines:
        page.put(1, say.say("没有差异", "No breaks"))
        page.row += 1
        return
    page.put(1, say.say("合计", "Total"), bold=True)
    for at, name in ((5, "count"), (7, "high"), (8, "medium"), (9, "low"), (10, "info")):
        letter = get_column_letter(at)
        total = str(sum(line[name] for line in lines))
        page.formula(at, f"=SUM({letter}{start}:{letter}{page.row - 1})", total, number=_COUNT, bold=True)
    codes = {line["currency"] for line in lines}
    if len(codes) == 1:
        total = str(sum((Decimal(line["amount"]) for line in lines), Decimal(0)))
        number = number_format(exponent(codes.pop()))
        page.formula(6, f"=SUM(F{start}:F{page.row - 1})", total, number=number, bold=True)
    page.end_row()


def _rows(page: Page, summary: Mapping[str, Any], say: Language, names: SheetNames) -> None:
    """Rows read = booked + repeated + skipped + quarantined, added up over the sheet of files."""
    page.section(say.title("文件行守恒", "Conservation of rows"))
    rows = summary["conservation"]["rows"]
    parts = (
        ("rows", "行数", "Rows", rows["read"]),
        ("booked_rows", "入账行", "Booked", rows["booked"]),
        ("repeated", "重复", "Repeated", rows["repeated"]),
        ("skipped", "跳过", "Skipped", rows["skipped"]),
        ("quarantined", "隔离", "Quarantined", rows["quarantined"]),
    )
    heads = [say.head(zh, en) for _, zh, en, _ in parts]
    page.heads([*heads, say.head("守恒检查", "Proof"), say.head("结论", "Result")], right=frozenset(range(1, 7)))
    place = {field.key: get_column_letter(at) for at, field in enumerate(FILES, start=1)}
    last = HEAD_ROW + max(len(summary["files"]), 1)
    for at, (key, _, _, value) in enumerate(parts, start=1):
        cells = f"'{names.files}'!{place[key]}{HEAD_ROW + 1}:{place[key]}{last}"
        page.formula(at, f"=SUM({cells})", str(value), number=_COUNT)
    row = page.row
    page.formula(6, f"=A{row}-B{row}-C{row}-D{row}-E{row}", str(rows["difference"]), number=_COUNT)
    page.formula(7, f'=IF(F{row}=0,"{_YES}","{_NO}")', _verdict(str(rows["difference"])), bold=True)
    page.end_row()


def _files(page: Page, summary: Mapping[str, Any], say: Language) -> None:
    page.section(say.title("文件", "Files"))
    heads = (
        say.head("渠道", "Channel"), say.head("账户", "Account"), say.head("期间", "Period"),
        say.head("状态", "Status"), say.head("行数", "Rows"), say.head("合计校验", "Control total"),
        say.head("余额校验", "Balance"), say.head("文件名", "File"),
    )  # fmt: skip
    page.heads(heads, right=frozenset({5}))
    for file in summary["files"][:_FILES_LISTED]:
        bad = file["status"] not in {"read", "ignored copy"}
        page.put(1, file["channel"] or "–")
        page.put(2, file["account"] or "–")
        page.put(3, " – ".join(day for day in (file["period_from"], file["period_to"]) if day) or "–")
        page.put(4, say.word(file["status"]), red=bad, bold=bad)
        page.put(5, file["rows"], number=_COUNT)
        page.put(6, say.word(file["control_total"]))
        page.put(7, say.word(file["balance_chain"]))
        page.put(8, file["source_file"])
        page.end_row()
    if len(summary["files"]) > _FILES_LISTED:
        rest = len(summary["files"]) - _FILES_LISTED
        page.put(1, say.say(f"另有 {rest} 个文件，见数据来源表", f"{rest} more files: see the sheet Files"))
        page.row += 1


def _controls(page: Page, summary: Mapping[str, Any], say: Language) -> None:
    if not summary["controls"]:
        return
    page.section(say.title("凭证与对账的控制等式", "Controls between vouchers and reconciliation"))
    heads = (
        say.head("序号", "No."), say.head("等式", "Equation"), "", "", "", say.head("账面", "Ledger"), "",
        say.head("对账单", "Statement"), "", say.head("差额", "Difference"), "",
        say.head("已说明", "Explained"), say.head("结果", "Result"), say.head("缺少的资料", "Needs"),
    )  # fmt: skip
    page.heads(heads, right=frozenset({6, 8, 10, 12}))
    for control in summary["controls"]:
        wrong = control["state"] == "open"
        page.put(1, str(control["no"]))
        page.put(2, " · ".join(text for text in (control["title"], control["subject"]) if text))
        for at, name in ((6, "ledger"), (8, "statement"), (10, "difference"), (12, "explained")):
            page.money(at, control[name], summary["currency"])
        page.put(13, say.say(*_STATES[control["state"]]), red=wrong, bold=wrong)
        page.put(14, control["needs"])
        page.end_row()


def _notes(page: Page, summary: Mapping[str, Any], say: Language) -> None:
    if not summary["notes"]:
        return
    page.section(say.title("说明", "Notes"))
    for note in summary["notes"]:
        page.put(1, note)
        page.row += 1


def _verdict(difference: str) -> str:
    return _YES if Decimal(difference) == 0 else _NO


def _amounts(sums: Mapping[str, str]) -> str:
    """Sums per currency, one a line; currencies are never added."""
    return "\n".join(f"{Decimal(value):,} {code}" for code, value in sorted(sums.items())) or "–"
