"""Finds the result that a folder stands for: the output of a run, a workspace, or what was reconciled beside it."""

from __future__ import annotations

import json
import re
from pathlib import Path

from recon import workspace
from recon.errors import UsageFault, WorkspaceFault
from recon.outputs.explain.folder import Result

_PERIOD = re.compile(r"\d{4}-\d{2}")
_NEEDED = frozenset({"lang", "currency", "period"})


def open_result(folder: Path) -> Result:
    """Return the result that lies in a folder, in the latest period of a workspace, or beside a folder of files.

    Raises:
        UsageFault: there is no such folder.
        WorkspaceFault: it holds no result, or one that this version cannot read.
    """
    if not folder.is_dir():
        raise UsageFault(f"{folder}: there is no such folder.")
    for place in _places(folder):
        if (place / workspace.SUMMARY_NAME).is_file() and workspace.is_output(place):
            summary = json.loads((place / workspace.SUMMARY_NAME).read_text(encoding="utf-8"))
            if not summary.keys() >= _NEEDED:
                raise WorkspaceFault(f"{place}: was left by another version of recon. Run recon match again.")
            return Result(place, summary)
    raise WorkspaceFault(f"{folder}: holds no result of recon. Name the folder that recon match left.")


def _places(folder: Path) -> list[Path]:
    """Where the result of a folder may lie, the likeliest first."""
    out = folder / workspace.OUT_NAME
    if (folder / workspace.CONFIG_NAME).is_file() and out.is_dir():
        periods = [path for path in out.iterdir() if _PERIOD.fullmatch(path.name)]
        return [folder, *sorted(periods, reverse=True)]
    whole = folder.resolve()
    return [folder, whole.with_name(f"{whole.name}-recon")] if whole.name else [folder]
