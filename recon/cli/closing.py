"""What a run says at its end, on stdout: what is wrong, how much, what first; what waits, the files, the workbook."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rich.text import Text

from recon.cli.alarm_line import alarm_line
from recon.cli.screen import STYLES, Screen, aligned
from recon.outputs.changes import Changed
from recon.outputs.explain.lines import days_word
from recon.outputs.labels import Language
from recon.outputs.summary import SEVERITIES

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
        "total": "合计",
        "first": "先看：",
        "oldest": "最早的：",
        "oldest_is": "最早的是第 {number} 条。",
        "order": "订单 {order}",
        "elsewhere": "其他业务的银行流水 {count} 条，{names} 个对方：{some}",
        "nameless": "（无户名）",
        "between": "；",
        "all": "全部差异：recon breaks {out}",
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
        "total": "total",
        "first": "Look first at:",
        "oldest": "The oldest:",
        "oldest_is": "The oldest is no. {number}.",
        "order": "order {order}",
        "elsewhere": "Bank lines of other business: {count}, counterparties: {names}: {some}",
        "nameless": "(no name)",
        "between": "; ",
        "all": "All breaks: recon breaks {out}",
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
#: So many counterparties are named.
_NAMED = 3


def close(summary: Mapping[str, Any], out: Path, workbook: Path | None, changed: Changed) -> None:
    """Print the end of a run; the last line is the path of the workbook, or of the output without one."""
    words, screen = _WORDS[summary["lang"]], Screen()
    screen.line(words["title"].format(**summary), "bold")
    _print_breaks(screen, summary, words)
    _print_first(screen, summary, words)
    for line in [*_elsewhere(summary, words), *alarm_line(summary), *_state(summary, words)]:
        screen.line(line)
    if changed.lost or changed.altered:
        screen.line(words["changed"].format(lost=changed.lost, altered=changed.altered))
    if summary["breaks"]:
        screen.whole(words["all"].format(out=shlex.quote(str(_near(out)))))
    screen.line(words["workbook" if workbook else "tables"])
    screen.whole(str(_near(workbook or out)))


def _near(path: Path) -> Path:
    """Return a path as seen from the working folder, where it lies below it."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


def _print_breaks(screen: Screen, summary: Mapping[str, Any], words: Mapping[str, str]) -> None:
    """What is wrong and how much: one line per code and currency, and their sums."""
    if not summary["breaks"]:
        screen.line(words["none"])
        return
    heads = (words["code"], *(words[severity] for severity in SEVERITIES), words["amount"])
    table = aligned("text", *["right"] * (len(SEVERITIES) + 1), heads=heads)
    for line in summary["breaks"]:
        name, amount = f"{line['code']} {line['title']}", f"{_grouped(line['amount'])} {line['currency']}"
        table.add_row(Text(name), *_counts(line), amount)
    if len(summary["breaks"]) > 1:
        open_amount = summary["open_amount"].items()
        sums = "\n".join(f"{_grouped(amount)} {currency}" for currency, amount in sorted(open_amount))
        table.add_row(Text(words["total"]), *_counts(summary["severity"]), sums, style="bold")
    screen.show(table)


def _counts(line: Mapping[str, Any]) -> list[Text]:
    return [Text(str(line[name]) if line[name] else "", style=STYLES[name]) for name in SEVERITIES]


def _print_first(screen: Screen, summary: Mapping[str, Any], words: Mapping[str, str]) -> None:
    """What to look at: the three largest, and the oldest where it is none of them."""
    say = Language(summary["lang"])
    if not summary["first"]:
        return
    screen.line(words["first"], "bold")
    for number, line in enumerate(summary["first"], start=1):
        _print_pointer(screen, line, words, say, f"{number}.")
    if (oldest := summary["oldest"]) is None:
        return
    places = {line["break_id"]: number for number, line in enumerate(summary["first"], start=1)}
    if oldest["break_id"] in places:
        screen.line(words["oldest_is"].format(number=places[oldest["break_id"]]))
        return
    screen.line(words["oldest"], "bold")
    _print_pointer(screen, oldest, words, say, "  ")


def _print_pointer(screen: Screen, line: Mapping[str, Any], words: Mapping[str, str], say: Language, mark: str) -> None:
    order = words["order"].format(order=line["order_ref"]) if line["order_ref"] else ""
    amount = f"{_grouped(line['difference'])} {line['currency']}"
    age = "" if line["age_days"] is None else days_word(line["age_days"], say)
    head = "  ".join(part for part in (line["title"], amount, age, order) if part)
    told = Text(f"[{words[line['severity']]}] {head}", style=STYLES[line["severity"]])
    table = aligned("left", "text")
    table.add_row(mark, told)
    table.add_row("", Text(line["explanation"] or ""))
    screen.show(table)


def _elsewhere(summary: Mapping[str, Any], words: Mapping[str, str]) -> list[str]:
    """Bank lines that are no channel money: how many, of how many counterparties, and the largest of these."""
    groups = summary["booked_elsewhere"]
    if not groups:
        return []
    some = [
        f"{line['counterparty'] or words['nameless']} {_grouped(line['amount'])} {line['currency']}"
        for line in groups[:_NAMED]
    ]
    some += ["…"] if len(groups) > _NAMED else []
    names = len({line["counterparty"] for line in groups})
    count = sum(line["count"] for line in groups)
    return [words["elsewhere"].format(count=count, names=names, some=words["between"].join(some))]


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
