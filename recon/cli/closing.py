"""What a run says at its end, on stdout: breaks by code, what to look at first, what waits, the files, the workbook."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from recon.cli.alarm_line import alarm_line
from recon.outputs.changes import Changed

_WORDS: Mapping[str, Mapping[str, str]] = {
    "zh": {
        "title": "{period} 对账，截至 {as_of}",
        "code": "差异",
        "high": "高",
        "medium": "中",
        "low": "低",
        "info": "提示",
        "amount": "|差额| 合计",
        "none": "没有差异。",
        "first": "先看：",
        "order": "订单 {order}",
        "in_transit": "在途 {count} 笔",
        "vouchers": "凭证草稿 {count} 张，{lines} 行",
        "assumed": "默认科目，未经确认：请在 recon.yaml 中设置 postings。",
        "controls": "勾稽 {count} 项，不平 {open} 项",
        "notes": "说明 {count} 条，见工作簿汇总页",
        "files": "文件 {count} 个",
        "read": "已读",
        "unproven": "未通过校验",
        "unknown": "未识别",
        "unreadable": "无法读取",
        "ignored copy": "重复副本",
        "changed": "上次结果中的匹配，不再成立的 {lost} 组，有变动的 {altered} 组：changes.csv",
        "workbook": "工作簿：",
        "tables": "没有可读的文件；明细表：",
    },
    "en": {
        "title": "{period} reconciled as of {as_of}",
        "code": "break",
        "high": "high",
        "medium": "medium",
        "low": "low",
        "info": "info",
        "amount": "sum |difference|",
        "none": "No breaks.",
        "first": "Look first at:",
        "order": "order {order}",
        "in_transit": "In transit ({count})",
        "vouchers": "Draft vouchers: {count} with {lines} lines",
        "assumed": "ASSUMED accounts, confirmed by nobody: set `postings` in recon.yaml.",
        "controls": "Controls: {count}, of which open: {open}",
        "notes": "Notes: {count}, on the summary sheet of the workbook",
        "files": "Files ({count})",
        "read": "read",
        "unproven": "not proven",
        "unknown": "unknown",
        "unreadable": "unreadable",
        "ignored copy": "ignored copies",
        "changed": "Matches of the last result: {lost} no longer hold, {altered} hold in another form: changes.csv",
        "workbook": "Workbook:",
        "tables": "No readable file; tables:",
    },
}
_SEVERITIES = ("high", "medium", "low", "info")
_STYLES = {"high": "bold red", "medium": "yellow", "low": "", "info": "dim"}
#: Wide enough for every code with its title; elsewhere than on a terminal nobody has told the width.
_PLAIN_WIDTH = 120


def close(summary: Mapping[str, Any], out: Path, workbook: Path | None, changed: Changed) -> None:
    """Print the end of a run; the last line is the path of the workbook, or of the output without one."""
    words = _WORDS[summary["lang"]]
    plain = not sys.stdout.isatty()
    console = Console(file=sys.stdout, highlight=False, width=_PLAIN_WIDTH if plain else None)
    console.print(Text(words["title"].format(**summary), style="bold"))
    _print_breaks(console, summary, words)
    _print_first(console, summary, words)
    for line in [*alarm_line(summary), *_state(summary, words)]:
        console.print(Text(line), soft_wrap=True)
    if changed.lost or changed.altered:
        line = words["changed"].format(lost=changed.lost, altered=changed.altered)
        console.print(Text(line), soft_wrap=True)
    console.print(Text(words["workbook" if workbook else "tables"]))
    console.print(Text(str(_near(workbook or out))), soft_wrap=True)


def _near(path: Path) -> Path:
    """Return a path as seen from the working folder, where it lies below it."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


def _print_breaks(console: Console, summary: Mapping[str, Any], words: Mapping[str, str]) -> None:
    if not summary["breaks"]:
        console.print(Text(words["none"]))
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column(words["code"], no_wrap=True)
    for severity in _SEVERITIES:
        table.add_column(words[severity], justify="right", style=_STYLES[severity])
    table.add_column(words["amount"], justify="right", no_wrap=True)
    for line in summary["breaks"]:
        counts = [str(line[severity]) if line[severity] else "" for severity in _SEVERITIES]
        name = f"{line['code']} {line['title']}"
        table.add_row(Text(name), *counts, f"{_grouped(line['amount'])} {line['currency']}")
    console.print(table)


def _print_first(console: Console, summary: Mapping[str, Any], words: Mapping[str, str]) -> None:
    if not summary["first"]:
        return
    console.print(Text(words["first"], style="bold"))
    for number, line in enumerate(summary["first"], start=1):
        order = words["order"].format(order=line["order_ref"]) if line["order_ref"] else ""
        amount = f"{_grouped(line['difference'])} {line['currency']}"
        head = "  ".join(part for part in (line["title"], amount, order) if part)
        console.print(Text(f"{number}. [{words[line['severity']]}] {head}"), soft_wrap=True)
        console.print(Text(f"   {line['explanation']}"), soft_wrap=True)


def _state(summary: Mapping[str, Any], words: Mapping[str, str]) -> list[str]:
    waiting, vouchers, files = summary["in_transit"], summary["vouchers"], summary["files"]
    sums = ", ".join(f"{_grouped(amount)} {currency}" for currency, amount in sorted(waiting["amount"].items()))
    states = [control["state"] for control in summary["controls"]]
    read = Counter(file["status"] for file in files)
    counted = ", ".join(f"{words[status]} {count}" for status, count in sorted(read.items()))
    lines = [
        words["in_transit"].format(count=waiting["count"]) + (f": {sums}" if sums else ""),
        words["vouchers"].format(**vouchers),
        words["controls"].format(count=len(states), open=states.count("open")),
        words["files"].format(count=len(files)) + f": {counted}",
    ]
    lines += [words["notes"].format(count=len(summary["notes"]))] if summary["notes"] else []
    return [*lines, words["assumed"]] if summary["assumed"] else lines


def _grouped(amount: str) -> str:
    """Return decimal text with commas between thousands."""
    sign = "-" if amount.startswith("-") else ""
    whole, point, part = amount.removeprefix("-").partition(".")
    return f"{sign}{int(whole):,}{point}{part}"
