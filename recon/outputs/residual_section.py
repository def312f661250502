"""The part of the Summary sheet that shows what matches leave as residuals, so that small differences have a total."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from recon.outputs.labels import RESIDUALS, Language
from recon.outputs.page import Page

_COUNT = "#,##0"


def residual_section(page: Page, summary: Mapping[str, Any], say: Language) -> None:
    """Lay out the section; nothing where every match agrees to the last unit.

    Args:
        page: the sheet, at the row where the section starts.
        summary: what `summary.summarise` returned.
        say: the language.
    """
    if not summary["residuals"]:
        return
    page.section(say.title("匹配后的差额", "Residuals of matches"))
    heads = (
        say.head("原因", "Reason"), say.head("币种", "Currency"), say.head("匹配笔数", "Matches"),
        say.head("净额", "Net"), say.head("合计(绝对值)", "Σ |residual|"),
    )  # fmt: skip
    page.heads(heads, right=frozenset({3, 4, 5}))
    for line in summary["residuals"]:
        page.put(1, say.say(*RESIDUALS[line["reason"]]))
        page.put(2, line["currency"])
        page.put(3, line["count"], number=_COUNT)
        page.money(4, line["amount"], line["currency"])
        page.money(5, line["size"], line["currency"])
        page.end_row()
