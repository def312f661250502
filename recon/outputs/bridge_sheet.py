"""The sheet Bridge: per shop or account, currency and period from what was sold to what reached the bank.

Subtotals are live formulas over the steps above them. Money of the gateways, paid out and bank stand a second time as
the engine adds them up from their own rows, so that anybody sees that the steps come to them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import pyarrow as pa
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from recon.money import exponent, format_amount
from recon.outputs.bridge_lines import CHECKED
from recon.outputs.bridge_steps import BANK, NUMBER, ORDERS, PAYOUTS, STEPS
from recon.outputs.labels import CLEARED, LEFT_OUT, RESIDUALS, Language
from recon.outputs.package import SheetFill
from recon.outputs.page import Page
from recon.outputs.sheets import GREY, TOTAL_FILL, aligned, font, number_format, print_setup

_WIDTHS = (46, 34, 30, 19, 19, 11, 9, 9)
_STEP, _DETAIL, _ACCOUNT, _AMOUNT, _OWN, _ROWS, _CHECK, _LINE = range(1, 9)
_COUNT = "#,##0"
_YES, _NO = "✓", "✗"
_HEAD_ROW = 3
_LEGS = (ORDERS, PAYOUTS, BANK)
_LEFT_OUT = {name for leg in _LEGS for name in (leg.excluded, leg.unplaced)}
_RESIDUAL = {leg.residual for leg in _LEGS}

Line = Mapping[str, Any]


@dataclass(frozen=True)
class _Names:
    """What a person reads for the steps and their details."""

    say: Language
    titles: Mapping[str, str]

    def step(self, line: Line) -> str:
        step = STEPS[line["number"] - 1]
        return self.say.say(step.zh, step.en)

    def detail(self, line: Line) -> str | None:
        """A break by its title, a reason by its word, the channel's own name of a charge as it is."""
        said = line["detail"]
        if said is None:
            return None
        words = LEFT_OUT if line["step"] in _LEFT_OUT else RESIDUALS if line["step"] in _RESIDUAL else CLEARED
        known = {**self.say.words(kinds=True), **self.titles, **{key: self.say.say(*words[key]) for key in words}}
        return known.get(said) or "; ".join(known.get(reason, reason) for reason in str(said).split(";"))

    def bridge(self, line: Line) -> str:
        """Return whose bridge it is: `店铺 旗舰店 · CNY · 2026-10`."""
        if line["shop"] is not None:
            owner = self.say.say(f"店铺 {line['shop']}", f"Shop {line['shop']}")
        else:
            owner = self.say.say(f"账户 {line['account']}", f"Account {line['account']}")
        return f"{owner} · {line['currency']} · {line['period']}"


def bridge_sheet(sheet: Worksheet, lines: pa.Table, titles: Mapping[str, str], say: Language, limit: int) -> SheetFill:
    """Lay out the sheet and return the engine's value of each of its formulas.

    Args:
        sheet: an empty sheet.
        lines: of the bridges, as `bridge_lines.LINES`, amounts in minor units.
        titles: code of a break -> title in the run's language.
        say: the language.
        limit: how many lines are shown; a bridge is shown whole or not at all.
    """
    page, names = Page(sheet, len(_WIDTHS)), _Names(say, titles)
    bridges = [list(of) for _, of in groupby(lines.to_pylist(), key=lambda line: line["bridge"])]
    shown = _fitting(bridges, limit)
    _head(page, say)
    for bridge in bridges[:shown]:
        _bridge(page, bridge, names)
    _rest(page, bridges[shown:], say)
    if not bridges:
        page.put(1, say.say("没有款项", "No money moved"))
    sheet.freeze_panes = sheet.cell(_HEAD_ROW + 1, _DETAIL)
    sheet.sheet_view.showGridLines = False
    print_setup(sheet, heads=f"{_HEAD_ROW}:{_HEAD_ROW}")
    return SheetFill(page.values, frozenset(page.numbers))


def _fitting(bridges: Sequence[Sequence[Line]], limit: int) -> int:
    """How many bridges, from the first on, have no more lines than the limit together."""
    lines = 0
    for number, bridge in enumerate(bridges):
        lines += len(bridge)
        if lines > limit:
            return number
    return len(bridges)


def _head(page: Page, say: Language) -> None:
    for at, width in enumerate(_WIDTHS, start=1):
        page.sheet.column_dimensions[get_column_letter(at)].width = width
    page.put(1, say.title("收入到账桥接", "Bridge")).font = font(14, bold=True)
    page.sheet.row_dimensions[1].height = 24
    page.row += 1
    note = say.say(
        "从订单到银行，每一步加总到下一小计。全部行见 bridge.csv，每行的分录见 bridge_rows.csv（按行号 line）。",
        "From the orders to the bank; the steps add up to the next subtotal. All lines: bridge.csv; the entries of "
        "each line: bridge_rows.csv (by its line number).",
    )
    page.put(1, note).font = font(color=GREY)
    page.row = _HEAD_ROW
    heads = (
        say.head("步骤", "Step"), say.head("明细", "Detail"), say.head("账户", "Account"), say.head("金额", "Amount"),
        say.head("按其自身行合计", "Sum of its own rows"), say.head("笔数", "Rows"), say.head("结论", "Result"),
        say.head("行号", "Line"),
    )  # fmt: skip
    page.heads(heads, right=frozenset({_AMOUNT, _OWN, _ROWS, _LINE}))
    page.sheet.cell(_HEAD_ROW, _CHECK).alignment = aligned("center", "center", wrap=True)


def _bridge(page: Page, bridge: Sequence[Line], names: _Names) -> None:
    """One block. Subtotals before its first step are left out: nothing stands above them."""
    first = next((at for at, line in enumerate(bridge) if not line["total"]), len(bridge) - 2)
    page.section(names.bridge(bridge[0]))
    start, last = page.row, None
    checks: list[int] = []
    for line in bridge[first:]:
        if line["step"] == "difference":
            _difference(page, line, names, checks)
        elif line["total"]:
            _total(page, line, names, start, last)
            if line["step"] in CHECKED:
                checks.append(page.row)
            last, start = page.row, page.row + 1
        else:
            _step(page, line, names)
        page.end_row()


def _step(page: Page, line: Line, names: _Names) -> None:
    name = page.put(_STEP, names.step(line))
    name.alignment = aligned("center", "left", 2)
    page.put(_DETAIL, names.detail(line))
    # In the bridge of an account its own number would stand in every line.
    page.put(_ACCOUNT, line["account"] if line["shop"] is not None else None)
    page.money(_AMOUNT, format_amount(line["amount"], line["currency"]), line["currency"])
    _tail(page, line)


def _total(page: Page, line: Line, names: _Names, start: int, last: int | None) -> None:
    """A subtotal: the one before it and the steps since. Where it has rows of its own, their sum stands beside it."""
    row, money = page.row, _Money.of(line)
    above = [f"D{last}"] if last else []
    steps = [f"SUM(D{start}:D{row - 1})"] if row > start else []
    page.put(_STEP, names.step(line), bold=True)
    page.formula(
        _AMOUNT, f"=ROUND({'+'.join(above + steps) or '0'},{money.decimals})", money.text, number=money.form, bold=True
    )
    if line["step"] in CHECKED:
        page.money(_OWN, money.text, line["currency"], bold=True)
        page.formula(_CHECK, f'=IF(ROUND(D{row}-E{row},{money.decimals})=0,"{_YES}","{_NO}")', _YES, bold=True)
    _tail(page, line, bold=True)
    _shade(page)


def _difference(page: Page, line: Line, names: _Names, checks: Sequence[int]) -> None:
    """The proof: what the steps lack of the bank's own rows; the mark stands for all subtotals that have such rows."""
    row, money = page.row, _Money.of(line)
    page.put(_STEP, names.step(line), bold=True)
    page.formula(_AMOUNT, f"=ROUND(D{row - 1}-E{row - 1},{money.decimals})", money.text, number=money.form, bold=True)
    same = ",".join(f"ROUND(D{at}-E{at},{money.decimals})=0" for at in checks)
    page.formula(_CHECK, f'=IF(AND({same}),"{_YES}","{_NO}")', _NO if line["amount"] else _YES, bold=True)
    page.put(_LINE, line["line"], number="0")
    _shade(page)


@dataclass(frozen=True)
class _Money:
    """An amount of a line: as decimal text, the decimals of its currency and their format."""

    text: str
    decimals: int
    form: str

    @staticmethod
    def of(line: Line) -> _Money:
        decimals = exponent(line["currency"])
        return _Money(format_amount(line["amount"], line["currency"]), decimals, number_format(decimals))


def _tail(page: Page, line: Line, *, bold: bool = False) -> None:
    page.put(_ROWS, line["rows"], number=_COUNT, bold=bold)
    page.put(_LINE, line["line"], number="0")


def _shade(page: Page) -> None:
    for at in range(1, len(_WIDTHS) + 1):
        page.sheet.cell(page.row, at).fill = TOTAL_FILL


def _rest(page: Page, hidden: Sequence[Sequence[Line]], say: Language) -> None:
    """One line per currency on the bridges that are not shown."""
    page.row += 1
    for code in sorted({bridge[0]["currency"] for bridge in hidden}):
        same = [bridge for bridge in hidden if bridge[0]["currency"] == code]
        bank = sum(line["amount"] for bridge in same for line in bridge if line["number"] == NUMBER["bank"])
        count, money = sum(len(bridge) for bridge in same), format_amount(bank, code)
        text = say.say(
            f"未显示：{len(same)} 个桥接 {count} 行，{code} 银行收支 {money}，见 bridge.csv",
            f"Not shown: bridges {len(same)}, lines {count}, {code} bank {money}, see bridge.csv",
        )
        page.put(1, text, bold=True)
        page.row += 1
