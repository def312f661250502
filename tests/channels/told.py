"""Texts read as files of the generic channels, with what the configuration tells of them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from recon.channels.reader import read_file
from recon.channels.spec import load_specs
from recon.ledger.statement import Statement, Unread

SPECS = load_specs()


@dataclass(frozen=True)
class Hint:
    files: str = "*"
    channel: str | None = None
    account: str | None = None
    zone: str | None = None
    currency: str | None = None


def read(path: Path, text: str, *hints: Hint) -> Statement | Unread:
    path.write_text(text, encoding="utf-8", newline="\n")
    (only,) = read_file(path, path.name, SPECS, sources=hints)
    return only


def booked(found: Statement | Unread, channel: str) -> Statement:
    """What was read, once it is sure that the channel took it and no row is lost."""
    assert isinstance(found, Statement), found
    assert found.channel == channel
    assert found.rows == found.booked_rows + found.repeated + len(found.skipped) + len(found.quarantined)
    return found


def en(found: Statement) -> str:
    return "\n".join(note.en for note in found.notes)
