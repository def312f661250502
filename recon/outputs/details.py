"""The detail sheets: breaks, in transit, coverage, vouchers, files, fee rules. What each shows, where the rest lies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from recon.ledger.outcome import Outcome
from recon.ledger.stretch import BROKEN, CUT, EMPTY, MISSING, NOT_YET, REPEATED
from recon.money import format_amount
from recon.outputs import tables
from recon.outputs.delimited import plain
from recon.outputs.fee_rules import fee_rules, parts_in_words
from recon.outputs.labels import DECISIONS, Language
from recon.outputs.package import SheetFill
from recon.outputs.provenance import coverage, files
from recon.outputs.sheets import AMOUNT, DAY, HEAD_ROW, MOMENT, TEXT, WHOLE, Column, Cut, clean, detail_sheet
from recon.outputs.summary import for_people

_RED, _AMBER = ("9C0006", "FBE3E3"), ("9C5700", "FFF3DC")
_SEVERITIES = {"high": _RED, "medium": _AMBER}
_STATES = {CUT: _RED, BROKEN: _RED, MISSING: _RED, REPEATED: _AMBER, EMPTY: _AMBER, NOT_YET: _AMBER}
#: So many files of a stretch are named, of more the first and the last.
_NAMED = 3


@dataclass(frozen=True)
class Field:
    """One column of a sheet: which column of the table, its headings, width and kind.

    word: the value is a code that people read as a word.
    """

    key: str
    zh: str
    en: str
    width: float
    kind: str = TEXT
    word: bool = False
    total: bool = False
    wrap: bool = False


_REFERENCES = (
    Field("order_ref", "平台订单号", "Order no.", 22, wrap=True),
    Field("payment_ref", "支付流水号", "Payment no.", 32, wrap=True),
    Field("refund_ref", "退款单号", "Refund no.", 22, wrap=True),
    Field("batch_ref", "结算批次", "Batch", 22, wrap=True),
    Field("occurred_at", "业务时间", "Time", 19, MOMENT),
)
_SOURCE = (
    Field("source_file", "来源文件", "Source file", 30),
    Field("source_row", "行号", "Row", 9, WHOLE),
)
BREAKS = (
    Field("break_id", "差异编号", "Break", 19),
    Field("title", "类型", "Type", 20),
    Field("code", "代码", "Code", 19),
    Field("severity", "严重度", "Severity", 11, word=True),
    Field("leg", "核对环节", "Leg", 16, word=True),
    Field("shop", "店铺", "Shop", 14),
    Field("account", "账户", "Account", 22),
    *_REFERENCES,
    Field("expected", "应有金额", "Expected", 15, AMOUNT, total=True),
    Field("actual", "实有金额", "Actual", 15, AMOUNT, total=True),
    Field("difference", "差额", "Difference", 15, AMOUNT, total=True),
    Field("currency", "币种", "Currency", 12),
    Field("age_days", "账龄(天)", "Age, days", 10, WHOLE),
    Field("cause", "原因(建议)", "Cause (proposed)", 18),
    Field("explanation", "说明", "Explanation", 60, wrap=True),
    Field("owner", "责任人", "Owner", 11),
    Field("status", "处理状态", "Status", 11, word=True),
    Field("decision", "处理意见", "Decision", 17),
    Field("note", "备注", "Note", 26, wrap=True),
    *_SOURCE,
)
IN_TRANSIT = (
    Field("entry_id", "分录编号", "Entry", 19),
    Field("leg", "核对环节", "Leg", 16, word=True),
    Field("reason", "在途原因", "Reason", 20, word=True),
    Field("kind", "业务类型", "Kind", 12, word=True),
    Field("account", "账户", "Account", 22),
    *_REFERENCES,
    Field("amount", "金额", "Amount", 15, AMOUNT, total=True),
    Field("currency", "币种", "Currency", 12),
    Field("due_date", "预计到账日", "Due", 12, DAY),
    Field("age_days", "账龄(天)", "Age, days", 10, WHOLE),
    Field("rule", "规则", "Rule", 40, wrap=True),
    *_SOURCE,
)
COVERAGE = (
    Field("account", "账户", "Account", 22),
    Field("channel", "渠道", "Channel", 20),
    Field("book", "账单类别", "Book", 11, word=True),
    Field("state", "状态", "State", 21, word=True),
    Field("first_day", "起", "From", 12, DAY),
    Field("last_day", "止", "To", 12, DAY),
    Field("days", "天数", "Days", 9, WHOLE),
    Field("files", "文件数", "Files", 9, WHOLE),
    Field("entries", "分录", "Entries", 10, WHOLE),
    Field("repeated", "重复行", "Repeated", 11, WHOLE),
    Field("opening", "期初余额", "Opening", 16, AMOUNT),
    Field("closing", "期末余额", "Closing", 16, AMOUNT),
    Field("jump", "余额跳变", "Balance jump", 15, AMOUNT),
    Field("chain", "余额校验", "Balance chain", 13, word=True),
    Field("currency", "币种", "Currency", 11),
    Field("reach_rows", "等待的行", "Rows waiting", 12, WHOLE),
    Field("reach_amount", "等待的金额", "Amount waiting", 15, AMOUNT),
    Field("break_id", "差异编号", "Break", 19),
    Field("cause", "原因(建议)", "Cause (proposed)", 18),
    Field("source_files", "文件名", "File names", 54, wrap=True),
)
VOUCHERS = (
    Field("date", "日期", "Date", 12, DAY),
    Field("name", "凭证字号", "Voucher", 11),
    Field("line", "行", "Line", 6, WHOLE),
    Field("summary", "摘要", "Summary", 50, wrap=True),
    Field("account_code", "科目编码", "Account", 15),
    Field("account_name", "科目名称", "Account name", 34),
    Field("debit", "借方", "Debit", 17, AMOUNT, total=True),
    Field("credit", "贷方", "Credit", 17, AMOUNT, total=True),
    Field("dimensions", "辅助核算", "Dimensions", 26),
    Field("event", "业务", "Event", 20),
    Field("evidence", "依据", "Evidence", 40),
    Field("voucher_id", "凭证编号", "Voucher id", 19),
)
FILES = (
    Field("source_file", "文件名", "File", 46, wrap=True),
    Field("channel", "渠道", "Channel", 20),
    Field("account", "账户", "Account", 24),
    Field("period_from", "期间起", "From", 12, DAY),
    Field("period_to", "期间止", "To", 12, DAY),
    Field("rows", "行数", "Rows", 11, WHOLE, total=True),
    Field("booked_rows", "入账行", "Booked", 11, WHOLE, total=True),
    Field("repeated", "重复", "Repeated", 11, WHOLE, total=True),
    Field("skipped", "跳过", "Skipped", 11, WHOLE, total=True),
    Field("quarantined", "隔离", "Quarantined", 12, WHOLE, total=True),
    Field("entries", "分录", "Entries", 11, WHOLE, total=True),
    Field("control_total", "合计校验", "Control total", 13, word=True),
    Field("balance_chain", "余额校验", "Balance chain", 13, word=True),
    Field("status", "状态", "Status", 14, word=True),
    Field("sha256", "SHA-256", "SHA-256", 68),
)

FEE_RULES = (
    Field("account", "账户", "Account", 26),
    Field("detail", "费用", "Charge", 18),
    Field("kind", "业务类型", "Kind", 12, word=True),
    Field("only", "仅限卡种/类目", "Only for", 24, wrap=True),
    Field("changed_after", "变更晚于", "Changed after", 12, DAY),
    Field("since", "起", "From", 12, DAY),
    Field("until", "止", "To", 12, DAY),
    Field("rate", "费率", "Rate", 11),
    Field("fixed", "固定部分", "Fixed part", 12, AMOUNT),
    Field("minimum", "最低", "Minimum", 12, AMOUNT),
    Field("maximum", "最高", "Maximum", 12, AMOUNT),
    Field("currency", "币种", "Currency", 12),
    Field("rounding", "舍入", "Rounding", 14, word=True),
    Field("on_refund", "退款时", "On a refund", 14, word=True),
    Field("settles_after", "几天后退款不退", "Kept from day", 12, WHOLE),
    Field("explained", "相符笔数", "Explains", 11, WHOLE, total=True),
    Field("rows", "笔数", "Of payments", 11, WHOLE, total=True),
    Field("not_identifiable", "无法由数据确定", "Not identifiable", 24, wrap=True),
    Field("recon_yaml", "写入 recon.yaml（fees 下该账户）", "For recon.yaml (under fees, the account)", 90, wrap=True),
)


def breaks_sheet(sheet: Worksheet, outcome: Outcome, titles: Mapping[str, str], say: Language, limit: int) -> SheetFill:
    """Every finding, the worst first, with a place for a decision."""
    found = tables.findings(for_people(outcome.findings, list(titles)))
    found = found.append_column("title", _named(found.column("code").combine_chunks(), titles))
    shown = found.slice(0, limit)
    fill = _detail(sheet, say.title("差异明细表", "Breaks"), BREAKS, found, limit, "breaks.csv", say, outcome.zone)
    if len(shown):
        place = {field.key: get_column_letter(at) for at, field in enumerate(BREAKS, start=1)}
        last = HEAD_ROW + len(shown)
        _mark(sheet, f"{place['severity']}{HEAD_ROW + 1}:{place['severity']}{last}", _SEVERITIES, say)
        _offer_decisions(sheet, f"{place['decision']}{HEAD_ROW + 1}:{place['decision']}{last}", say)
    return fill


def in_transit_sheet(sheet: Worksheet, outcome: Outcome, say: Language, limit: int) -> SheetFill:
    """What waits for its partner, what is due first on top."""
    table = tables.in_transit(outcome)
    order = np.argsort(table.column("due_date").cast(pa.int32()).fill_null(2**31 - 1).to_numpy(), kind="stable")
    table = table.take(pa.array(order))
    return _detail(
        sheet, say.title("在途明细", "In transit"), IN_TRANSIT, table, limit, "in_transit.csv", say, outcome.zone
    )


def coverage_sheet(sheet: Worksheet, outcome: Outcome, say: Language, limit: int) -> SheetFill:
    """Which days the files of each account cover; what is wrong with them stands out."""
    table = coverage(outcome)
    names = pa.array([_few(stretch.files) for stretch in outcome.stretches], pa.string())
    table = table.set_column(table.schema.get_field_index("source_files"), "source_files", names)
    title = say.title("文件覆盖", "Coverage")
    fill = _detail(sheet, title, COVERAGE, table, limit, "coverage.csv", say, outcome.zone)
    if shown := min(len(table), limit):
        at = get_column_letter([field.key for field in COVERAGE].index("state") + 1)
        _mark(sheet, f"{at}{HEAD_ROW + 1}:{at}{HEAD_ROW + shown}", _STATES, say)
    return fill


def _few(files: Sequence[str]) -> str | None:
    """Name files; of many the first and the last."""
    return f"{files[0]} … {files[-1]}" if len(files) > _NAMED else "; ".join(files) or None


def vouchers_sheet(sheet: Worksheet, drafted: tables.Drafted, currency: str, say: Language, limit: int) -> SheetFill:
    """The draft vouchers, line by line, in the order of their numbers."""
    table = tables.vouchers(drafted.lines)
    number = _column(table, "number").cast(pa.string())
    named = pc.binary_join_element_wise(_column(table, "word"), number, "-")
    aids = [_column(table, name) for name in ("customer", "supplier", "project", "stock", "department", "employee")]
    table = table.append_column("name", named).append_column("dimensions", _present(aids))
    # Debit and credit are money of the books, whatever currency the line was in.
    books = pa.repeat(pa.scalar(currency), len(table))
    table = table.set_column(table.schema.get_field_index("currency"), "currency", books)
    return _detail(sheet, say.title("凭证草稿", "Draft vouchers"), VOUCHERS, table, limit, "vouchers.csv", say, "UTC")


def files_sheet(sheet: Worksheet, outcome: Outcome, say: Language, limit: int) -> SheetFill:
    """Every file: what it is, what became of its rows, whether it foots."""
    table = files(outcome)
    table = table.append_column("currency", pa.nulls(len(table), pa.string()))
    return _detail(sheet, say.title("数据来源", "Files"), FILES, table, limit, "files.csv", say, outcome.zone)


def fee_rules_sheet(sheet: Worksheet, outcome: Outcome, say: Language, limit: int) -> SheetFill:
    """The fee rules that were learned: proposals, until somebody writes them into recon.yaml."""
    table = fee_rules(outcome)
    unknown = [parts_in_words(parts, say) for parts in table.column("not_identifiable").to_pylist()]
    place = table.schema.get_field_index("not_identifiable")
    table = table.set_column(place, "not_identifiable", pa.array(unknown, pa.string()))
    title = say.title("学得的费率规则（建议）", "Learned fee rules (proposals)")
    return _detail(sheet, title, FEE_RULES, table, limit, "fee_rules.csv", say, outcome.zone)


def _detail(
    sheet: Worksheet, title: str, fields: Sequence[Field], table: pa.Table, limit: int, file: str, say: Language,
    zone: str,
) -> SheetFill:  # fmt: skip
    """Lay out a table, cut at the limit; what is not shown stands in a line per currency below."""
    shown, hidden = table.slice(0, limit), table.slice(limit)
    columns = [
        Column(field.key, say.head(field.zh, field.en), field.width, field.kind, _values(field, shown, say),
               total=field.total, wrap=field.wrap)
        for field in fields
    ]  # fmt: skip
    totals = [field for field in fields if field.total]
    return detail_sheet(sheet, title, columns, _column(shown, "currency"), _cuts(totals, hidden, file, say), zone=zone)


def _values(field: Field, table: pa.Table, say: Language) -> pa.Array:
    values = _column(table, field.key)
    if field.word:
        return _named(values, say.words(kinds=field.key == "kind"))
    return clean(values.cast(pa.string())) if field.kind == TEXT else values


def _named(values: pa.Array, words: Mapping[str, str]) -> pa.Array:
    """Values by their names; one without a name is shown as it is."""
    known, shown = pa.array(list(words), pa.string()), pa.array(list(words.values()), pa.string())
    return clean(pc.coalesce(shown.take(pc.index_in(values, known)), values))


def _column(table: pa.Table, name: str) -> pa.Array:
    return plain(table.column(name).combine_chunks())


def _present(columns: Sequence[pa.Array]) -> pa.Array:
    """Join the texts that are there, null where none is."""
    led = [pc.fill_null(pc.binary_join_element_wise(" / ", column, ""), "") for column in columns]
    joined = pc.binary_join_element_wise(*led, "")
    return pc.if_else(pc.equal(joined, ""), pa.scalar(None, pa.string()), pc.utf8_slice_codeunits(joined, 3))


def _cuts(totals: Sequence[Field], hidden: pa.Table, file: str, say: Language) -> list[Cut]:
    """One line per currency on what a sheet does not show."""
    if not hidden.num_rows:
        return []
    currencies = _column(hidden, "currency")
    cuts = []
    for code in sorted(pc.unique(currencies).to_pylist(), key=str):
        same = hidden.filter(pc.equal(currencies, code)) if code else hidden.filter(pc.is_null(currencies))
        sums = {field.key: pc.sum(_column(same, field.key)).as_py() or 0 for field in totals}
        money = ", ".join(
            f"{say.say(field.zh, field.en)} {format_amount(sums[field.key], code)}"
            for field in totals
            if field.kind == AMOUNT and code
        )
        text = say.say(
            f"未显示：{same.num_rows} 行，{code or ''} {money}，见 {file}",
            f"Not shown: {same.num_rows} rows, {code or ''} {money}, see {file}",
        )
        cuts.append(Cut(text, sums, code or "CNY"))
    return cuts


def _mark(sheet: Worksheet, cells: str, marks: Mapping[str, tuple[str, str]], say: Language) -> None:
    """Colour the cells that hold one of these words; those that have the colours of the first are bold too."""
    worst = next(iter(marks.values()))
    for name, (ink, paper) in marks.items():
        rule = CellIsRule(
            operator="equal",
            formula=[f'"{say.word(name)}"'],
            font=Font(color=ink, bold=(ink, paper) == worst),
            fill=PatternFill("solid", bgColor=paper),
        )
        sheet.conditional_formatting.add(cells, rule)


def _offer_decisions(sheet: Worksheet, cells: str, say: Language) -> None:
    """A drop-down that also takes what is typed: `suspense_to:` wants the role of an account behind it."""
    offer = DataValidation(type="list", formula1=f'"{",".join(DECISIONS)}"', allow_blank=True, showErrorMessage=False)
    offer.promptTitle = say.say("处理意见", "Decision")
    offer.prompt = "; ".join(f"{code}: {say.say(zh, en)}" for code, (zh, en) in DECISIONS.items())
    offer.showInputMessage = True
    offer.add(cells)
    sheet.add_data_validation(offer)
