"""`recon prove`: how right pairs without a number are, measured on the user's own files."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from recon import proving, workspace
from recon.cli.ending import tell
from recon.cli.options import FOLDER, config_option, debug_option
from recon.cli.progress import progress
from recon.cli.settings import settings
from recon.ledger.measured import Bound
from recon.matching.blindfold import Blind, Blindfold
from recon.matching.bounds import NAMES
from recon.money import format_amount
from recon.outputs.summary import percent
from recon.proving import Proven

_WIDTH = 140
_BASES = {
    "unique": ("唯一候选", "only candidate"),
    "elimination": ("排除后唯一", "by elimination"),
    "pool": ("组合平衡", "pool"),
}
_HEADS = (
    ("订单表", "order list"), ("依据", "basis"), ("隐藏", "hidden"), ("判定", "decided"), ("准确率", "precision"),
    ("找回率", "recall"), ("错款", "wrong money"), ("本次判定", "decided here"), ("有误(95%)", "wrong (95 %)"),
    ("宜", "deserves"),
)  # fmt: skip
_DIFFERS = {
    "amount": (
        "无单号的款项与有单号的金额分布不同：以上结果可能不适用",
        "movements without a number differ in amount from those with one: the figures may not hold for them",
    ),
    "day": (
        "无单号的款项与有单号的日期分布不同：以上结果可能不适用",
        "movements without a number differ in their days from those with one: the figures may not hold for them",
    ),
    "lag": (
        "无单号的配对与有单号的到账天数不同：以上结果可能不适用",
        "pairs without a number differ in their lag from those with one: the figures may not hold for them",
    ),
}


@click.command(no_args_is_help=True)
@click.argument("folder", type=FOLDER)
@config_option
@click.option("--lang", type=click.Choice(["zh", "en"]), help="Language of the result.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@click.option("--quiet", is_flag=True, help="Print no progress.")
@debug_option
def prove(
    folder: Path, *, config_path: Path | None, lang: Literal["zh", "en"] | None, as_json: bool, quiet: bool
) -> int:
    """Measure on the files in FOLDER how right pairs by amount and day are.

    Hides the numbers of pairs that are known, pairs them again without, and compares; as many as there are pairs
    without a number, many times. Nothing is written. Exits with 3 when some input could not be read.
    """
    config = settings(config_path or workspace.discover(folder, None).config_path)
    with progress(quiet=quiet) as report:
        proven = proving.prove(folder, config=config, lang=lang, progress=report)
    for message in proven.messages:
        tell(message)
    if as_json:
        click.echo(json.dumps(_object(proven, config.currency), ensure_ascii=False, sort_keys=True, indent=1))
    else:
        _print(proven, config.currency)
    return proven.exit_code


def _object(proven: Proven, currency: str) -> dict[str, Any]:
    """The result as plain values: rates are decimal text, amounts in major units."""
    return {
        "lines": [
            _line(name, line, bounds, proven.lists, currency)
            for name, test, bounds in proven.tests
            for line in _shown(test)
        ],
        "trials": [
            {"rule": name, "pairs": test.pairs, "orders": test.orders, "money": test.money, "differs": test.differs}
            for name, test, _ in proven.tests
        ],
    }


def _shown(test: Blindfold) -> list[Blind]:
    """Lines that say something: what was decided in a trial, or here."""
    return [line for line in test.lines if line.decided or line.real]


def _line(name: str, line: Blind, bounds: Sequence[Bound], lists: Sequence[str], currency: str) -> dict[str, Any]:
    return {
        "list": lists[line.of],
        "rule": name,
        "basis": NAMES[line.basis],
        "hidden": line.hidden // line.trials,
        "decided": line.decided // line.trials,
        "precision": percent(line.right, line.decided),
        "recall": percent(line.found, line.hidden),
        "wrong_money": format_amount(line.wrong_money, currency),
        "here": {"decided": line.real, "wrong_at_least": line.low, "wrong_at_most": line.high},
        "deserves": _deserves(line, bounds),
    }


def _deserves(line: Blind, bounds: Sequence[Bound]) -> str:
    """`post`, `suggest`, or how many of the orders on this basis the measured bound lets post, the rarest first."""
    bound = next((b for b in bounds if b.basis == NAMES[line.basis]), None)
    if bound is None or not bound.posted:
        return "suggest"
    return "post" if bound.posted == bound.decided else f"post {bound.posted}/{bound.decided}, suggest the rest"


def _print(proven: Proven, currency: str) -> None:
    zh = proven.lang == "zh"
    if not proven.tests:
        none = "每一行都有单号，或没有可配的行：没有可测的", "every row has a number, or nothing is left to pair"
        click.echo(none[0] if zh else none[1])
    for name, test, bounds in proven.tests:
        click.echo(f"规则 {name}" if zh else f"rule {name}")
        if not test.lines:
            needed = f"{test.pairs + test.orders + test.money:,}"
            few = (
                f"有单号的行太少：一次测试需要 {needed} 对",
                f"too few rows with a number: one trial takes {needed}",
            )
            click.echo(few[0] if zh else few[1])
            continue
        lines = [_line(name, line, bounds, proven.lists, currency) for line in _shown(test)]
        _console().print(_table(lines, currency, zh=zh))
        for respect in test.differs:
            click.echo(("注意：" if zh else "warning: ") + _DIFFERS[respect][0 if zh else 1])


def _console() -> Console:
    plain = not sys.stdout.isatty()
    return Console(file=sys.stdout, highlight=False, width=_WIDTH if plain else None)


def _table(lines: Sequence[dict[str, Any]], currency: str, *, zh: bool) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for place, head in enumerate(_HEADS):
        table.add_column(head[0] if zh else head[1], justify="right" if 2 <= place <= 8 else "left", no_wrap=True)
    for told in lines:
        here = told["here"]
        table.add_row(
            Text(told["list"]), _BASES[told["basis"]][0 if zh else 1], f"{told['hidden']:,}", f"{told['decided']:,}",
            f"{told['precision'] or '–'} %", f"{told['recall'] or '–'} %", f"{told['wrong_money']} {currency}",
            f"{here['decided']:,}", f"{here['wrong_at_least']}–{here['wrong_at_most']}", Text(_said(told, zh=zh)),
        )  # fmt: skip
    return table


def _said(told: dict[str, Any], *, zh: bool) -> str:
    deserves = str(told["deserves"])
    if not zh:
        return deserves
    return deserves.replace("post", "入账").replace(", suggest the rest", "，其余建议").replace("suggest", "建议")
