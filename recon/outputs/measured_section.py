"""The part of the Summary sheet that says how often pairs by amount and day may be wrong, and what that rests on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from recon.outputs.labels import Language
from recon.outputs.page import Page

_BASES = {
    "unique": ("唯一候选", "Only candidate"),
    "elimination": ("排除后唯一", "By elimination"),
    "pool": ("组合平衡", "Pool that balances"),
}
_COUNT = "#,##0"


def measured_section(page: Page, summary: Mapping[str, Any], say: Language) -> None:
    """Lay out the section; nothing where no pair was to be measured.

    Args:
        page: the sheet, at the row where the section starts.
        summary: what `summary.summarise` returned.
        say: the language.
    """
    for measured in summary["measured"]:
        page.section(say.title("无单号配对的实测误差上限", "Measured error bound of pairs without a number"))
        _rule(page, measured, say)


def _rule(page: Page, measured: Mapping[str, Any], say: Language) -> None:
    page.put(1, measured["rule"])
    page.row += 1
    if not measured["bounds"]:
        page.put(
            1,
            say.say("有单号的行太少，无法实测，只建议不入账", "Too few rows with numbers to measure: suggested"),
        )
        page.row += 1
        return
    heads = (
        say.head("依据", "Basis"), say.head("入账订单", "Orders posted"), say.head("误差上限", "At most wrong"),
        say.head("全部判定", "All decided"), say.head("其误差上限", "At most wrong"),
        say.head("重复至多", "Repeats up to"), say.head("入账金额", "Money posted"),
        say.head("误差金额", "Money wrong"),
    )  # fmt: skip
    page.heads(heads, right=frozenset(range(2, 9)))
    for bound in measured["bounds"]:
        page.put(1, say.say(*_BASES[bound["basis"]]))
        for at, name in enumerate(("posted", "wrong", "decided", "all_wrong", "limit"), start=2):
            page.put(at, bound[name], number=_COUNT)
        for at, name in ((7, "posted"), (8, "wrong")):
            page.put(at, "\n".join(f"{money[name]} {money['currency']}" for money in bound["money"]) or "–")
        page.end_row()
    page.put(1, _assumption(measured, say))
    page.row += 1


def _assumption(measured: Mapping[str, Any], say: Language) -> str:
    """What the bound rests on."""
    zh = (
        f"上限为 95% 预测：把有单号的行去掉对方后混入 {measured['planted']:,} 次实测；估计无对方的订单 "
        f"{measured['lonely_orders']:,}、款项 {measured['lonely_money']:,}，相似款项 {measured['look_alikes']:,}。"
        "假定无单号的行与有单号的行同类。"
    )
    en = (
        f"95 % prediction, measured by planting {measured['planted']:,} copies of numbered rows without partners; "
        f"estimated without a partner: {measured['lonely_orders']:,} orders, {measured['lonely_money']:,} movements; "
        f"look-alikes: {measured['look_alikes']:,}. It assumes that rows without a number are like those with one."
    )
    return say.say(zh, en)
