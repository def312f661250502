"""Where a run reads and where it leaves its result.

A folder that holds a `recon.yaml` is a workspace: input `inbox/`, output `out/<period>/`. Any other folder is input
itself, and the output lies beside it as `<folder>-recon/`.

A result replaces the one before it as a whole, or not at all. It is first written to a hidden folder inside the
output folder (so on the same disk, also where that folder is a mount), forced to the disk, and made final by one
rename: the point of no return. Then file after file moves into place, `summary.json` last, after the old
`summary.json` was taken away first: a folder that has one is whole. If the machine stops in between, the next run
finishes the move before it does anything else.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from recon.errors import UsageFault, WorkspaceFault

Told = TypeVar("Told")

CONFIG_NAME = "recon.yaml"
INBOX_NAME = "inbox"
OUT_NAME = "out"
CHANNELS_NAME = "channels"
DECISIONS_NAME = "decisions.csv"
RATES_NAME = "rates.csv"
SUMMARY_NAME = "summary.json"

#: Every file that a run may leave. What else lies in an output folder is the user's and is never touched.
OUTPUT_NAMES = frozenset(
    {
        "break_rows.csv",
        "breaks.csv",
        "bridge.csv",
        "bridge_rows.csv",
        "changes.csv",
        "coverage.csv",
        "excluded.csv",
        "fee_rules.csv",
        "fee_rules.yaml",
        "files.csv",
        "in_transit.csv",
        "matches.csv",
        "quarantine.csv",
        "reconciliation.xlsx",
        "skipped.csv",
        SUMMARY_NAME,
        "voucher_entries.csv",
        "vouchers.beancount",
        "vouchers.csv",
    }
)

#: Keys by which a `summary.json` is known as ours.
_SUMMARY_KEYS = frozenset({"version", "as_of", "legs"})
_CLUTTER = frozenset({"thumbs.db", "desktop.ini", ".ds_store"})
_DRAFT = ".recon-draft"
_READY = ".recon-ready"


@dataclass(frozen=True, slots=True)
class Workspace:
    """The places of one run.

    Attributes:
        folder: what the user named, absolute.
        inbox: where the input lies.
        config_path: the workspace's recon.yaml; None where FOLDER is no workspace.
        fixed_out: the output folder where it does not depend on the period; None in a workspace without `--out`.
    """

    folder: Path
    inbox: Path
    config_path: Path | None
    fixed_out: Path | None

    @property
    def channels(self) -> Path | None:
        """Where the user's own channels lie; only a workspace has such a folder."""
        return self.folder / CHANNELS_NAME if self.config_path is not None else None

    def out(self, period: str) -> Path:
        """Return the output folder of a period like 2026-10."""
        return self.fixed_out or self.folder / OUT_NAME / period


def discover(folder: Path, out: Path | None = None) -> Workspace:
    """Return the places that belong to the FOLDER of a command, and to its `--out` where there is one.

    Raises:
        UsageFault: there is no such folder, a workspace has no inbox, or the output would lie on the input.
    """
    named = folder.resolve()
    if not named.exists():
        raise UsageFault(f"{folder}: there is no such folder.")
    if not named.is_dir():
        raise UsageFault(f"{folder}: is a file. Name the folder that it lies in.")
    config_path = named / CONFIG_NAME
    if config_path.is_file():
        inbox = named / INBOX_NAME
        if not inbox.is_dir():
            raise UsageFault(f"{folder}: holds a {CONFIG_NAME}, so its input lies in {INBOX_NAME}/, which is missing.")
        return Workspace(named, inbox, config_path, _outside(out, inbox))
    if out is None and not named.name:
        raise UsageFault(f"{folder}: has no name to write beside. Name an output folder with --out.")
    return Workspace(named, named, None, _outside(out, named) or named.with_name(f"{named.name}-recon"))


def _outside(out: Path | None, inbox: Path) -> Path | None:
    if out is None:
        return None
    found = out.resolve()
    if found == inbox or found in inbox.parents:
        raise UsageFault(f"{out}: is or holds the input. Name another folder with --out.")
    if found.exists() and not found.is_dir():
        raise UsageFault(f"{out}: is a file. Name a folder with --out.")
    return found


@dataclass(frozen=True, slots=True)
class Lists:
    """What people keep beside recon.yaml; None where there is no such file."""

    decisions: Path | None = None
    rates: Path | None = None

    def hold(self, path: Path) -> bool:
        """Tell whether a file is one of them."""
        return any(path.samefile(known) for known in (self.decisions, self.rates) if known is not None)


def lists_beside(config_path: Path | None) -> Lists:
    """Return the lists that lie beside a recon.yaml (which need not be there)."""
    if config_path is None:
        return Lists()
    found = [config_path.parent / name for name in (DECISIONS_NAME, RATES_NAME)]
    return Lists(*(path if path.is_file() else None for path in found))


def walk(inbox: Path) -> list[Path]:
    """Return every file below a folder that may be input, sorted by its relative path.

    Hidden files, what office programs and file managers leave behind, and outputs of recon are passed over.

    Raises:
        UsageFault: there is no such file.
        WorkspaceFault: a folder cannot be read.
    """
    found: list[Path] = []
    _gather(inbox, found, set())
    if not found:
        raise UsageFault(f"{inbox}: holds no files. Put the exports into it as they were downloaded.")
    return sorted(found, key=lambda path: path.relative_to(inbox).as_posix())


def _gather(folder: Path, found: list[Path], seen: set[Path]) -> None:
    """Collect the files below a folder; `seen` keeps links from leading in circles."""
    real = folder.resolve()
    if real in seen:
        return
    seen.add(real)
    try:
        entries = sorted(folder.iterdir())
    except OSError as error:
        raise WorkspaceFault(f"{folder}: cannot be read: {error.strerror}.") from error
    for entry in entries:
        if entry.name.startswith((".", "~$")) or entry.name.lower() in _CLUTTER:
            continue
        if entry.is_file():
            found.append(entry)
        elif entry.is_dir() and not is_output(entry):
            _gather(entry, found, seen)


def is_output(folder: Path) -> bool:
    """Tell whether a folder holds a result of recon: its summary.json is ours."""
    try:
        summary = json.loads((folder / SUMMARY_NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return (folder / _READY).is_dir()
    return isinstance(summary, dict) and summary.keys() >= _SUMMARY_KEYS


def publish(out: Path, write: Callable[[Path], Told]) -> Told:
    """Replace the result in a folder by a new one, all of it or nothing.

    Args:
        out: the output folder; made where it is missing.
        write: writes the new result into the empty folder that it is given; its files have names of OUTPUT_NAMES.

    Returns:
        What `write` returned.

    Raises:
        WorkspaceFault: the folder cannot be written, one of its files is open elsewhere, or it holds files under our
            names that are not ours. The result before stays as it was. What `write` raises passes through.
    """
    made = [folder for folder in (out, *out.parents) if not folder.exists()]
    try:
        out.mkdir(parents=True, exist_ok=True)
        ours = _finish(out)
        told = _prepare(out, write, ours=ours)
        (out / _DRAFT).rename(out / _READY)
        _finish(out)
    except OSError as error:
        _discard(out, made)
        raise WorkspaceFault(f"{error.filename or out}: cannot be written: {error.strerror}.") from error
    except BaseException:
        _discard(out, made)
        raise
    return told


def _prepare(out: Path, write: Callable[[Path], Told], *, ours: bool) -> Told:
    """Write the new result beside the old one, and make sure that it can take its place."""
    draft = out / _DRAFT
    if draft.exists():
        shutil.rmtree(draft)  # left by a run that was interrupted while writing
    draft.mkdir()
    told = write(draft)
    names = sorted(path.name for path in draft.iterdir())
    if strange := [name for name in names if name not in OUTPUT_NAMES]:
        raise ValueError(f"not in OUTPUT_NAMES: {strange}")
    if SUMMARY_NAME not in names:
        raise ValueError(f"a result without {SUMMARY_NAME}")
    taken = [name for name in names if (out / name).exists()]
    if taken and not ours:
        raise WorkspaceFault(f"{out}: holds files that recon did not write: {', '.join(taken)}. Name another --out.")
    _must_be_free(out / name for name in taken)
    for name in names:
        with (draft / name).open("r+b") as file:
            os.fsync(file.fileno())
    return told


def _must_be_free(paths: Iterable[Path]) -> None:
    """Windows does not let a file be replaced that a program has open: find out before anything is moved."""
    for path in paths:
        try:
            path.open("r+b").close()
        except PermissionError as error:
            raise WorkspaceFault(f"{path}: is open in another program or read-only. Close it and run again.") from error


def _finish(out: Path) -> bool:
    """Move a ready result into place, also one that an earlier run had to leave; tell whether the folder is ours.

    May stop at any line and be called again. As long as the old summary stands, nothing has been moved yet, so what
    is not in the ready folder is of the run before.
    """
    ready = out / _READY
    if not ready.is_dir():
        return is_output(out)
    names = {path.name for path in ready.iterdir()}
    if (out / SUMMARY_NAME).exists() and SUMMARY_NAME in names:
        for name in sorted(OUTPUT_NAMES - names - {SUMMARY_NAME}):
            (out / name).unlink(missing_ok=True)
        (out / SUMMARY_NAME).unlink()
    for name in sorted(names, key=lambda name: (name == SUMMARY_NAME, name)):
        (ready / name).replace(out / name)
    ready.rmdir()
    return True


def _discard(out: Path, made: list[Path]) -> None:
    """Take away what a failed run began: its draft, and the folders that it made, while they are empty."""
    shutil.rmtree(out / _DRAFT, ignore_errors=True)
    for folder in made:
        try:
            folder.rmdir()
        except OSError:
            return
