"""Alarms in summary.json and on the Summary sheet: apart from the breaks, and with how often each kind errs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from recon.ledger.alarm import Alarm, Alarms
from recon.money import format_amount
from recon.outputs.labels import Language
from recon.outputs.page import Page

_PER = {"day": ("每户每天", "day of an account or shop"), "run": ("每户每次对账", "account or shop and run")}
_COUNTED = {
    "items": ("{value} 笔", "{value} items"),
    "days": ("{value} 天", "{value} days"),
    "amount": ("{value}", "{value}"),
}


def alarms_told(alarms: Alarms) -> list[dict[str, Any]]:
    """Return the alarms as summary.json holds them: amounts as decimal text in major units, other values as numbers.

    false_alarm_rate: null for what is a fact, or points at a finding that is one.
    """
    rates = {rate.kind: rate.rate for rate in alarms.rates}
    return [
        {
            "kind": alarm.kind,
            "title": alarm.title,
            "account": alarm.account or None,
            "shop": alarm.shop or None,
            "day": alarm.date,
            "currency": alarm.currency or None,
            "measure": alarm.measure or None,
            **{name: _value(alarm, getattr(alarm, name)) for name in ("value", "low", "high")},
            "break_id": alarm.break_id or None,
            "false_alarm_rate": None if alarm.break_id else rates.get(alarm.kind),
            "explanation": alarm.explanation,
        }
        for alarm in alarms.raised
    ]


def rates_told(alarms: Alarms) -> list[dict[str, Any]]:
    """Return, per kind that rests on statistics, how often it errs at most, and how much was judged in this run."""
    return [
        {
            "kind": rate.kind,
            "title": rate.title,
            "false_alarm_rate": rate.rate,
            "per": rate.per,
            "judged": rate.judged,
        }
        for rate in alarms.rates
    ]


def _value(alarm: Alarm, value: int | None) -> str | int | None:
    return value if value is None or alarm.measure != "amount" else format_amount(value, alarm.currency)


def alarm_section(page: Page, summary: Mapping[str, Any], say: Language) -> None:
    """Lay out the section; nothing where there is no alarm and nothing was judged.

    Args:
        page: the sheet, at the row where the section starts.
        summary: what `summary.summarise` returned.
        say: the language.
    """
    judged = [rate for rate in summary["alarm_rate"] if rate["judged"]]
    if not summary["alarms"] and not judged:
        return
    page.section(say.title("警报（提示，不是差异）", "Alarms" if say.zh else "Alarms (information, no breaks)"))
    if summary["alarms"]:
        _table(page, summary, say)
    else:
        page.put(1, say.say("没有警报", "No alarm"))
        page.row += 1
    for rate in judged:
        page.put(1, _rate(rate, say))
        page.row += 1


def _table(page: Page, summary: Mapping[str, Any], say: Language) -> None:
    heads = (
        say.head("警报", "Alarm"), say.head("账户", "Account"), say.head("店铺", "Shop"), say.head("日期", "Day"),
        say.head("币种", "Currency"), say.head("数值", "Value"), say.head("下限", "Usual, from"),
        say.head("上限", "Usual, to"), say.head("误报率", "False alarms"), say.head("差异编号", "Break"),
        say.head("说明", "Explanation"),
    )  # fmt: skip
    page.heads(heads, right=frozenset({6, 7, 8}))
    for alarm in summary["alarms"]:
        for at, name in enumerate(("title", "account", "shop", "day", "currency"), start=1):
            page.put(at, alarm[name] or "–")
        for at, name in enumerate(("value", "low", "high"), start=6):
            _measured(page, at, alarm, name, say)
        page.put(9, f"≤ {alarm['false_alarm_rate']}" if alarm["false_alarm_rate"] else "–")
        page.put(10, alarm["break_id"] or "–")
        page.put(11, alarm["explanation"])
        page.end_row()


def _measured(page: Page, at: int, alarm: Mapping[str, Any], name: str, say: Language) -> None:
    value = alarm[name]
    if value is None:
        page.put(at, "–")
    elif alarm["measure"] == "amount":
        page.money(at, value, alarm["currency"])
    elif alarm["measure"] == "per_ten_thousand":
        page.put(at, f"{value // 100}.{value % 100:02d}%")
    else:
        page.put(at, say.say(*_COUNTED[alarm["measure"]]).format(value=value))


def _rate(rate: Mapping[str, Any], say: Language) -> str:
    per = say.say(*_PER[rate["per"]])
    zh = (
        f"{rate['title']}：误报率不超过 {rate['false_alarm_rate']}（{per}，在无差错的生成数据上实测），"
        f"本次判断 {rate['judged']:,} 次"
    )
    en = (
        f"{rate['title']}: false in at most {rate['false_alarm_rate']} (per {per}, measured on generated data without "
        f"faults); judged {rate['judged']:,} times in this run"
    )
    return say.say(zh, en)
