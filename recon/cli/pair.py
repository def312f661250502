"""`recon pair`: the company's own book of its bank account beside the bank's statement, line by line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import click
import pandas as pd

from recon import pairing
from recon.cli import delivery
from recon.cli.ending import tell
from recon.cli.options import config_option, debug_option
from recon.cli.progress import progress
from recon.cli.settings import settings
from recon.errors import UsageFault
from recon.matching.candidates import Nearness
from recon.matching.lines.board import WINDOW, LineRules
from recon.money import format_amount, parse_amount
from recon.outputs.pairs import write_pairs

_GROUPS = (("matched", "已配"), ("unproven", "未证实"), ("suggested", "建议"), ("open", "未决"))
_SIDES = {"book": "账簿", "bank": "银行"}
_PATH = click.Path(path_type=Path)


@click.command(no_args_is_help=True)
@click.argument("book", type=_PATH)
@click.argument("bank", type=_PATH)
@config_option
@delivery.out_option
@click.option(
    "--days", type=click.IntRange(0, 366), default=WINDOW.high, show_default=True, metavar="N",
    help="Days that the bank may be behind the book; the book may be behind the bank as many, up to 3.",
)  # fmt: skip
@click.option("--fee", metavar="LOW-HIGH", help="Fees that may have been kept back, such as 5-50 [default: none].")
@click.option("--lang", type=click.Choice(["zh", "en"]), help="Language of the result.")
@click.option("--quiet", is_flag=True, help="Print neither progress nor counts.")
@debug_option
def pair(
    book: Path, bank: Path, *, config_path: Path | None, out: Path | None, days: int, fee: str | None,
    lang: Literal["zh", "en"] | None, quiet: bool,
) -> int:  # fmt: skip
    """Match the lines of the company's BOOK with the statement of its BANK, and write one table of all lines.

    BOOK is an export of the company's own journal of the account: debit is money in. BANK is what the bank shows. Each
    is a file or a folder. Every line of both stands in the table once, with the lines it belongs to and the reason, or
    as open with the line that came nearest. Exits with 3 when some input could not be read.
    """
    delivery.check(out)
    config = settings(config_path)
    rules = LineRules(
        window=Nearness(max(WINDOW.low, -days), days), fee=None if fee is None else _range(fee, config.currency)
    )
    with progress(quiet=quiet) as report:
        found = pairing.pair(book, bank, config=config, rules=rules, lang=lang, progress=report)
    for message in found.messages:
        tell(message)
    delivery.deliver(lambda path: write_pairs(found.lines, path, lang=found.lang, currency=config.currency), out)
    if not quiet:
        for line in _counts(found.lines, zh=found.lang == "zh"):
            tell(line)
    return found.exit_code


def _range(text: str, currency: str) -> Nearness:
    """Two amounts in major units, the lower one first, in minor units.

    Raises:
        UsageFault: when the text is something else.
    """
    low, _, high = text.partition("-")
    try:
        found = Nearness(parse_amount(low, currency), parse_amount(high, currency))
    except ValueError as error:
        raise UsageFault(f"--fee {text}: {error}. Write two amounts, such as 5-50.") from error
    if not 0 < found.low <= found.high:
        raise UsageFault(f"--fee {text}: is no range. Write the lower amount first, above 0, such as 5-50.")
    return found


def _counts(lines: pd.DataFrame, *, zh: bool) -> Iterator[str]:
    """One line per side and currency: how many lines of which sum ended where."""
    groups = lines["verdict"].replace({"proved": "matched", "pool": "matched"})
    for side, name in _SIDES.items():
        here = lines["side"] == side
        for currency in sorted(lines.loc[here, "currency"].unique()):
            mine = here & (lines["currency"] == currency)
            parts = [
                _count(lines["amount"][mine & (groups == group)], currency, group, word, zh=zh)
                for group, word in _GROUPS
                if group != "unproven" or (mine & (groups == group)).any()
            ]
            whole = _count(lines["amount"][mine], currency, side, name, zh=zh)
            yield f"{whole}：{'；'.join(parts)}" if zh else f"{whole}: {'; '.join(parts)}"


def _count(amounts: pd.Series, currency: str, en: str, zh_word: str, *, zh: bool) -> str:
    total = format_amount(int(amounts.sum()), currency)
    return f"{zh_word} {len(amounts)} 笔 {total} {currency}" if zh else f"{en} {len(amounts)} ({total} {currency})"
