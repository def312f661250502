"""The part of the Summary sheet that lists what gateways hold back: money that is ours and will come, with its age."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from recon.outputs.labels import Language
from recon.outputs.page import Page

_COUNT = "#,##0"
#: Holds listed on the sheet; the oldest first, all of them stand in summary.json.
_LISTED = 50


def held_section(page: Page, summary: Mapping[str, Any], say: Language) -> None:
    """Lay out the section; nothing where nothing is held.

    Args:
        page: the sheet, at the row where the section starts.
        summary: what `summary.summarise` returned.
        say: the language.
    """
    lines = sorted(summary["held"], key=lambda line: -line["age_days"])
    if not lines:
        return
    page.section(say.title("平台预留资金（未释放）", "Reserves held, not released"))
    heads = (
        say.head("账户", "Account"), say.head("批次", "Batch"), say.head("自", "Since"), say.head("币种", "Currency"),
        say.head("账龄(天)", "Age, days"), say.head("金额", "Amount"),
    )  # fmt: skip
    page.heads(heads, right=frozenset({5, 6}))
    for line in lines[:_LISTED]:
        page.put(1, line["account"])
        page.put(2, line["batch_ref"] or "–")
        page.put(3, line["since"])
        page.put(4, line["currency"])
        page.put(5, line["age_days"], number=_COUNT)
        page.money(6, line["amount"], line["currency"])
        page.end_row()
    if len(lines) > _LISTED:
        rest = len(lines) - _LISTED
        page.put(1, say.say(f"另有 {rest} 笔，见 summary.json", f"{rest} more: see summary.json"))
        page.row += 1
