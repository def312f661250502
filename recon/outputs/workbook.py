"""reconciliation.xlsx: what the accountant works through. Big detail stays in the tables; the workbook says where."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
from openpyxl import Workbook

from recon.ledger.outcome import Outcome
from recon.outputs.bridge_sheet import bridge_sheet
from recon.outputs.details import (
    breaks_sheet,
    coverage_sheet,
    fee_rules_sheet,
    files_sheet,
    in_transit_sheet,
    vouchers_sheet,
)
from recon.outputs.labels import Language
from recon.outputs.package import finish
from recon.outputs.summary_sheet import SheetNames, summary_sheet
from recon.outputs.tables import Drafted

BREAKS_SHOWN = 20_000
ROWS_SHOWN = 5_000


def write_workbook(
    path: Path,
    outcome: Outcome,
    summary: Mapping[str, Any],
    drafted: Drafted,
    bridges: pa.Table,
    *,
    titles: Mapping[str, str],
    limits: tuple[int, int] = (BREAKS_SHOWN, ROWS_SHOWN),
) -> None:
    """Write the workbook. The same outcome gives the same bytes.

    Args:
        path: the file; a draft of it lies beside it for a moment.
        outcome: the result of the run; its language is the workbook's.
        summary: what `summary.summarise` says of it.
        drafted: the draft vouchers.
        bridges: the lines of the bridges, as `bridge_lines.LINES`.
        titles: code of a break -> title in the run's language, in order of precedence.
        limits: how many breaks, and how many rows of every other sheet, are shown.

    Raises:
        ConservationError: when a formula has no value of the engine beside it.
    """
    say = Language(outcome.lang)
    names = SheetNames.of(say)
    book = Workbook()
    first = book.active
    first.title = names.summary
    fills = {
        2: breaks_sheet(book.create_sheet(names.breaks), outcome, titles, say, limits[0]),
        3: in_transit_sheet(book.create_sheet(names.in_transit), outcome, say, limits[1]),
        4: bridge_sheet(book.create_sheet(names.bridge), bridges, titles, say, limits[1]),
        5: coverage_sheet(book.create_sheet(names.coverage), outcome, say, limits[1]),
        6: vouchers_sheet(book.create_sheet(names.vouchers), drafted, summary["currency"], say, limits[1]),
        7: files_sheet(book.create_sheet(names.files), outcome, say, limits[1]),
        8: fee_rules_sheet(book.create_sheet(names.fee_rules), outcome, say, limits[1]),
    }
    fills[1] = summary_sheet(first, summary, say, names)
    book.properties.creator = f"recon {summary['version']}"
    draft = path.with_name(path.name + ".draft")
    book.save(draft)
    finish(draft, path, fills)
    draft.unlink()
