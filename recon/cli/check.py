"""`recon check`: runs cases whose result is known, and says where it differs. For continuous integration."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from recon import pipeline
from recon.cli.compare import compare, read
from recon.cli.ending import tell
from recon.cli.options import FOLDER, debug_option
from recon.cli.progress import progress
from recon.cli.settings import settings
from recon.errors import EXIT_BREAKS, EXIT_DONE, ConservationError, ReconError, UsageFault
from recon.workspace import CONFIG_NAME, INBOX_NAME, lists_beside

EXPECTED_NAME = "expected"


@click.command(no_args_is_help=True)
@click.argument("folder", metavar="DIR", type=FOLDER)
@click.option("-v", "--verbose", is_flag=True, help="Name the cases that agree, too.")
@debug_option
def check(folder: Path, *, verbose: bool) -> int:
    """Run every case below DIR and compare its tables with the expected ones.

    A case is a folder with inbox/ and expected/, and a recon.yaml and a decisions.csv where it needs them. Every csv in
    expected/ is compared with the output of the same name: by the columns that it has, in any order of rows. Silent
    when all is well; exits with 1 when a table differs, expected/ is missing or a file of the inbox is unknown.
    """
    cases = _cases(folder)
    if not cases:
        raise UsageFault(f"{folder}: holds no case. A case is a folder with {INBOX_NAME}/ and {EXPECTED_NAME}/.")
    different = 0
    for case in cases:
        name = case.relative_to(folder).as_posix() if case != folder else case.resolve().name
        try:
            faults = list(_differences(case))
        except ConservationError as error:
            raise ConservationError(f"{name}: {error}") from error
        for line in faults:
            click.echo(f"{name}: {line}")
        different += bool(faults)
        if verbose and not faults:
            tell(f"{name}: as expected")
    return EXIT_BREAKS if different else EXIT_DONE


def _cases(folder: Path) -> list[Path]:
    if not folder.is_dir():
        raise UsageFault(f"{folder}: there is no such folder.")
    found = [path.parent for path in folder.rglob(INBOX_NAME) if path.is_dir()]
    return sorted(found, key=lambda path: path.as_posix())


def _differences(case: Path) -> Iterator[str]:
    """Run a case and yield a line for everything that is not as expected."""
    tables = sorted((case / EXPECTED_NAME).glob("*.csv"))
    if not tables:
        yield f"{EXPECTED_NAME}/ is missing or holds no csv"
        return
    config_path = case / CONFIG_NAME
    with TemporaryDirectory(prefix="recon-check-") as scratch, progress(quiet=True) as report:
        out = Path(scratch) / "out"
        try:
            result = pipeline.match(
                case / INBOX_NAME,
                config=settings(config_path if config_path.is_file() else None),
                out=out,
                period=None,
                as_of=None,
                lang=None,
                progress=report,
                lists=lists_beside(config_path),
            )
        except ConservationError:
            raise
        except ReconError as error:
            yield f"does not run: {error}"
            return
        for file in result.summary["files"]:
            if file["status"] == "unknown":
                yield f"{file['source_file']}: no channel reads this file"
        for expected in tables:
            yield from _table_differences(expected, out / expected.name)


def _table_differences(expected: Path, found: Path) -> Iterator[str]:
    if not found.is_file():
        yield f"{expected.name}: is not among the outputs"
        return
    try:
        result = compare(read(expected), read(found))
    except ValueError as error:
        yield f"{expected.name}: {error}"
        return
    if result.places_differ:
        tell(f"{expected.parent.parent.name}: {expected.name}: equal; only source_file or source_row differ")
    for line in result.lines():
        yield f"{expected.name}: {line}"
