"""Which channel is this table? By its header cells, never by the name of the file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from recon.channels import tables
from recon.channels.generic import recognition
from recon.channels.lines import Line, fold
from recon.channels.spec import Spec
from recon.errors import Fault

_NEAR = 0.5
_REMEDY = "Export it again unchanged, or describe the layout in a channel of your own."


@dataclass(frozen=True)
class Found:
    """The channel of a table and the line that is its header."""

    spec: Spec
    header: Line


@dataclass(frozen=True)
class Candidate:
    """How well one channel fits one table; `missing` names the header cells that are not there."""

    file: str
    channel: str
    title_zh: str
    title_en: str
    row: int
    fits: bool
    present: tuple[str, ...]
    missing: tuple[str, ...]
    chosen: bool = False
    reason: str = ""


def detect(
    source: tables.Source, specs: Mapping[str, Spec], named: str | None = None, *, book: bool = False
) -> Found | Fault:
    """Return the channel of a table, or why there is none.

    Args:
        source: the table; its first lines are searched for a header.
        specs: the channels by name.
        named: the channel that the user has named for this file; then its header must fit.
        book: a table without a layout of its own is the company's journal, and never a statement.
    """
    pool = {named: specs[named]} if named is not None and named in specs else _unnamed(specs, book=book)
    if named is not None and named not in specs:
        return Fault(source.file, 0, "", named, "sources: names a channel that does not exist", "See recon channels.")
    ranked = candidates(source, pool)
    fitting = [one for one in ranked if one.fits]
    if not fitting:
        return _generic(source, pool, ranked)
    best = _most_specific(fitting, specs)
    if len(best) > 1:
        names = ", ".join(sorted(one.channel for one in best))
        remedy = "Name the channel of this file under sources: in recon.yaml."
        return Fault(source.file, best[0].row, "", "", f"two channels fit this header: {names}", remedy)
    header = next(line for line in source.head if line.row == best[0].row)
    return Found(specs[best[0].channel], header)


def _unnamed(specs: Mapping[str, Spec], *, book: bool) -> dict[str, Spec]:
    """The channels that are tried: of the generic ones the journal alone, or all but that."""
    return {
        name: spec
        for name, spec in specs.items()
        if spec.resolve is None or (spec.resolve == recognition.JOURNAL) == book
    }


def _generic(source: tables.Source, specs: Mapping[str, Spec], ranked: Sequence[Candidate]) -> Found | Fault:
    """A table without a layout of its own: told by what its columns are called, the first reading that fits."""
    owned = None if recognition.JOURNAL in specs else recognition.books(source.head)
    if owned is not None:
        problem = "these are the firm's own books, not a statement of a bank or gateway"
        remedy = "Put the statement of the bank here instead; `recon pair` compares the two."
        return Fault(source.file, owned.row, "", "", problem, remedy)
    tried = recognition.readings(source.head, specs)
    fitting = next((one for one in tried if one.fits), None)
    if fitting is not None:
        return Found(fitting.spec, fitting.header)
    closest = sorted(tried, key=lambda one: (len(one.missing), -len(one.present)))
    return _unknown(source, [*ranked[:1], *(_candidate(source.file, one) for one in closest)])


def _candidate(file: str, one: recognition.Reading) -> Candidate:
    title = one.spec.title
    channel, row = one.spec.channel, one.header.row
    return Candidate(file, channel, title.zh, title.en, row, one.fits, one.present, one.missing)


def candidates(source: tables.Source, specs: Mapping[str, Spec]) -> list[Candidate]:
    """Return for each channel its best line, those that fit first, then by the share of cells that are there."""
    lines = [(line, {fold(cell) for cell in line.cells}) for line in source.head]
    named = [spec for spec in specs.values() if spec.resolve is None] if lines else []
    found = [_tried(source.file, spec, *_best_line(spec, lines)) for spec in named]
    return sorted(
        found, key=lambda one: (not one.fits, -len(one.present) / _wanted(one), -len(one.present), one.channel)
    )


def detect_file(path: Path, specs: Mapping[str, Spec], name: str | None = None) -> list[Candidate | Fault]:
    """Return per table of a file the channel that is taken, with the reason, and the nearest others.

    Args:
        path: the file.
        specs: the channels by name.
        name: what messages call it (default: its own name).
    """
    results: list[Candidate | Fault] = []
    for source in tables.open_file(path, name or path.name):
        if isinstance(source, tables.Unopened):
            results.append(source.fault)
            continue
        found = detect(source, specs)
        if isinstance(found, Fault):
            results.append(found)
        chosen = found.spec.channel if isinstance(found, Found) else None
        tried = [*candidates(source, specs)]
        if not any(one.fits for one in tried):
            pool = _unnamed(specs, book=False)
            tried += [_candidate(source.file, one) for one in recognition.readings(source.head, pool)]
        near = [one for one in tried if one.channel == chosen or len(one.present) > 1]
        near.sort(key=lambda one: one.channel != chosen)
        for one in near[:3]:
            generic = specs[one.channel].resolve is not None
            results.append(_explained(one, chosen=one.channel == chosen, generic=generic))
    return results


def _explained(one: Candidate, *, chosen: bool, generic: bool) -> Candidate:
    there = ", ".join(one.present)
    if chosen:
        reason = f"line {one.row} has {there}"
    elif one.fits:
        reason = f"line {one.row} has {there} too, but {'is tried later' if generic else 'fewer columns of its own'}"
    else:
        reason = f"line {one.row} lacks {', '.join(one.missing)}"
    return Candidate(
        one.file, one.channel, one.title_zh, one.title_en, one.row, one.fits, one.present, one.missing, chosen, reason
    )


def _best_line(spec: Spec, lines: Sequence[tuple[Line, set[str]]]) -> tuple[Line, set[str]]:
    """The line that fits, or else has the most of the header's cells, the first of several such.

    Every line of every table is held against every channel: only sets are compared here, and no texts are made.
    """
    needed = _folded(spec.recognise.header)
    (barred,) = _folded((spec.recognise.absent,))

    def fit(one: tuple[Line, set[str]]) -> tuple[bool, int, int]:
        line, cells = one
        lacking = sum(map(cells.isdisjoint, needed))
        return not lacking and barred.isdisjoint(cells), -lacking, -line.row

    return max(lines, key=fit)


@lru_cache(maxsize=1 << 12)
def _folded(header: tuple[tuple[str, ...], ...]) -> tuple[frozenset[str], ...]:
    """For each cell of a header the names that it may have, as names are compared."""
    return tuple(frozenset(map(fold, names)) for names in header)


def _tried(file: str, spec: Spec, line: Line, cells: set[str]) -> Candidate:
    present: list[str] = []
    missing: list[str] = []
    for names in spec.recognise.header:
        there = next((name for name in names if fold(name) in cells), None)
        (present if there else missing).append(there or "/".join(names))
    barred = [f"no {name}" for name in spec.recognise.absent if fold(name) in cells]
    fits = not missing and not barred
    title = spec.title
    return Candidate(file, spec.channel, title.zh, title.en, line.row, fits, tuple(present), (*missing, *barred))


def _wanted(one: Candidate) -> int:
    return max(1, len(one.present) + len(one.missing))


def _most_specific(fitting: Sequence[Candidate], specs: Mapping[str, Spec]) -> list[Candidate]:
    """A channel that asks for all that another asks for, and more, is the more specific one."""

    def needs(one: Candidate) -> set[str]:
        return set().union(*_folded(specs[one.channel].recognise.header))

    return [
        one for one in fitting
        if not any(needs(one) < needs(other) for other in fitting if other.channel != one.channel)
    ]  # fmt: skip


def _unknown(source: tables.Source, ranked: Sequence[Candidate]) -> Fault:
    near = next((one for one in ranked if len(one.present) >= max(2, _NEAR * _wanted(one))), None)
    if near is None:
        problem = "no header of a known channel in the first lines"
        return Fault(source.file, 0, "", "", problem, _REMEDY)
    missing = ", ".join(near.missing)
    problem = f"no channel fits; nearest is {near.channel} ({near.title_zh}), which also needs: {missing}"
    return Fault(source.file, near.row, "", "", problem, _REMEDY)
