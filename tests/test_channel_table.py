"""The tables of channels in both READMEs are those of the program, with what each layout rests on.

`RECON_WRITE_GOLDENS=1` writes them anew.
"""

from __future__ import annotations

import os
import re
from itertools import groupby
from pathlib import Path

import pytest

from recon.channels.spec import load_specs

PROJECT = Path(__file__).parents[1]
SIDES = {
    "order": ("order lists", "订单"), "gateway": ("gateways and platforms' money", "支付渠道与平台资金"),
    "bank": ("banks", "银行"),
}  # fmt: skip
_TABLE = re.compile(r"(<!-- channels -->\n).*?(<!-- /channels -->)", re.DOTALL)


def table(place: int) -> str:
    """A line per family: its layouts by name, each with its confidence."""
    lines = []
    for side, titles in SIDES.items():
        specs = sorted((s for s in load_specs().values() if s.side == side), key=lambda s: (s.family, s.channel))
        lines += ["", f"| {titles[place]} | {('layouts', '版式')[place]} |", "|---|---|"]
        for family, of in groupby(specs, key=lambda s: s.family):
            named = ", ".join(f"`{s.channel}` {s.confidence or '?'}" for s in of)
            lines.append(f"| {family} | {named} |")
    return "\n".join([*lines, "", ""])


@pytest.mark.parametrize(("name", "place"), [("README.md", 0), ("README.zh.md", 1)])
def test_the_table_of_channels(name: str, place: int) -> None:
    path = PROJECT / name
    text = path.read_text(encoding="utf-8")
    assert _TABLE.search(text) is not None
    wanted = _TABLE.sub(lambda found: found.group(1) + table(place) + found.group(2), text)
    if wanted != text and os.environ.get("RECON_WRITE_GOLDENS"):
        path.write_text(wanted, encoding="utf-8", newline="\n")
    assert text == wanted
    assert all(spec.confidence is not None for spec in load_specs().values())
