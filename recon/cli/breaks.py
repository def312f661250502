"""`recon breaks`: what is wrong in a result, how far each cause reaches, what to do, and the breaks one by one."""

from __future__ import annotations

import json
from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path

import click

from recon.breaks.codes import CATALOGUE, SEVERITIES
from recon.breaks.pages import cause_words, pages
from recon.cli import fail_on
from recon.cli.breaks_text import Words, tell_breaks
from recon.cli.options import FOLDER, debug_option
from recon.cli.results import open_result
from recon.errors import UsageFault
from recon.outputs.listing import chosen, in_order, rows, view_of
from recon.outputs.reach import OF_ROWS, reaches

#: So many breaks are listed one by one where nobody says how many.
_LISTED = 100


@click.command(no_args_is_help=True)
@click.argument("folder", metavar="OUT_DIR", type=FOLDER)
@click.option("--code", "codes", multiple=True, metavar="CODE", help="Only breaks of this code; repeatable, or a,b.")
@click.option(
    "--severity",
    "severities",
    multiple=True,
    type=click.Choice(SEVERITIES[::-1]),
    help="Only breaks of this severity; repeatable.",
)
@click.option("--account", metavar="TEXT", help="Only accounts that hold this text anywhere in their number.")
@click.option(
    "--limit", type=click.IntRange(min=0), metavar="N", help=f"List at most N [default: {_LISTED}; all in JSON]"
)
@click.option("--json", "as_json", is_flag=True, help="Print the breaks as JSON: an array, in the same order.")
@click.option("--lang", type=click.Choice(["zh", "en"]), help="Language [default: that of the result]")
@click.option("--fail-on", "conditions", metavar="LIST", help="Exit with 1 when one holds for the whole result.")
@debug_option
def breaks(
    folder: Path,
    *,
    codes: tuple[str, ...],
    severities: tuple[str, ...],
    account: str | None,
    limit: int | None,
    as_json: bool,
    lang: str | None,
    conditions: str | None,
) -> int:
    """List the breaks of a result: first by cause with reach, next step and voucher, then one by one.

    OUT_DIR is the folder that a run left, the one that was reconciled, or a workspace (its latest period). The order is
    severity, size, precedence of the code, date. Information is counted, and listed only where --code or --severity
    asks for it; bank lines of other business stand together by counterparty unless --code asks for them. --fail-on
    takes what `recon match` takes, whatever else is chosen. Explanations stay in the language of the result.
    """
    wanted = _codes(codes)
    tested = fail_on.parse(conditions, sorted(pages("en"))) if conditions is not None else ()
    result = open_result(folder)
    said = lang or str(result.summary["lang"])
    known = pages(said)
    picked = chosen(in_order(result, list(CATALOGUE)), wanted, severities, account)
    asked = bool(wanted or severities)
    if as_json:
        words = {
            "title": {code: page.title for code, page in known.items()},
            "next_step": {code: page.parts["next"] for code, page in known.items()},
            "voucher": {code: page.draft for code, page in known.items()},
        }
        listed = view_of(result, picked, information=asked, singly=True).rows.slice(0, limit)
        click.echo(json.dumps(rows(listed, words), ensure_ascii=False, indent=1))
    else:
        view = view_of(result, picked, information=asked, singly=bool(wanted))
        causes = reaches(picked, result.table("break_rows", OF_ROWS), result.currency)
        shown = _LISTED if limit is None else limit
        tell_breaks(result, view, causes, Words(said, known, cause_words(said)), shown)
    return fail_on.failed(tested, result)


def _codes(given: Sequence[str]) -> set[str]:
    """Return the codes that the options name, each alone or several with commas between them."""
    known = sorted(pages("en"))
    wanted = {part.strip() for text in given for part in text.split(",")}
    for code in sorted(wanted - set(known)):
        near = get_close_matches(code, known, n=1)
        remedy = f"Did you mean {near[0]!r}?" if near else f"Known: {', '.join(known)}."
        raise UsageFault(f"--code: {code!r} is no break code. {remedy}")
    return wanted
