"""`recon match`: the main job."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, Literal

import click

from recon import pipeline, workspace
from recon.breaks.pages import pages
from recon.cli import fail_on
from recon.cli.closing import close
from recon.cli.ending import gravest, tell
from recon.cli.options import FOLDER, DayType, PeriodType, config_option, debug_option
from recon.cli.progress import progress
from recon.cli.settings import settings
from recon.outputs.explain.folder import Result


@click.command(no_args_is_help=True)
@click.argument("folder", type=FOLDER)
@config_option
@click.option(
    "--decisions", "decided", type=click.Path(path_type=Path), metavar="FILE", help="A decisions.csv to follow."
)
@click.option("--out", type=FOLDER, metavar="DIR", help="Where the result goes.")
@click.option("--period", type=PeriodType(), metavar="YYYY-MM", help="Month of the vouchers and of the summary.")
@click.option("--as-of", type=DayType(), metavar="YYYY-MM-DD", help="Last day that counts.")
@click.option("--fail-on", "conditions", metavar="LIST", help='Exit with 1 when one holds: "high > 0, breaks > 20".')
@click.option("--lang", type=click.Choice(["zh", "en"]), help="Language of the result.")
@click.option("--json", "as_json", is_flag=True, help="Print summary.json instead of the closing table.")
@click.option("--quiet", is_flag=True, help="Print neither progress nor the closing table.")
@debug_option
def match(
    folder: Path,
    *,
    config_path: Path | None,
    decided: Path | None,
    out: Path | None,
    period: str | None,
    as_of: date | None,
    conditions: str | None,
    lang: Literal["zh", "en"] | None,
    as_json: bool,
    quiet: bool,
) -> int:
    """Reconcile the files in FOLDER and leave a workbook, tables and draft vouchers.

    A FOLDER with a recon.yaml is a workspace: it is read from inbox/ and written to out/PERIOD/. Any other folder is
    read itself, and the result lies beside it in FOLDER-recon/. A decisions.csv beside the recon.yaml says what people
    matched or declined, a rates.csv what foreign money is worth; both are read in every run and never written.
    """
    wanted = fail_on.parse(conditions, sorted(pages("en"))) if conditions is not None else ()
    told = config_path or workspace.discover(folder, out).config_path
    config = settings(told)
    beside = workspace.lists_beside(told)
    lists = replace(beside, decisions=decided) if decided else beside
    with progress(quiet=quiet) as report:
        result = pipeline.match(
            folder,
            config=config,
            out=out,
            period=period,
            as_of=as_of,
            lang=lang,
            progress=report,
            lists=lists,
        )
    for message in [*result.messages, *_hollow(result.summary)]:
        tell(message)
    if as_json:
        click.echo(json.dumps(result.summary, ensure_ascii=False, sort_keys=True, indent=1))
    elif not quiet:
        close(result.summary, result.out, result.workbook, result.changed)
    return gravest([result.exit_code, fail_on.failed(wanted, Result(result.out, result.summary))])


def _hollow(summary: Mapping[str, Any]) -> list[str]:
    """A file with a header alone is no fault, but its user may have expected something in it."""
    return [f"{file['source_file']}: has a header and no rows." for file in summary["files"] if file["rows"] == 0]
