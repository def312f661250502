"""Bytes -> tables of text: what every file looks like to the rest of the reader, whatever it is made of.

A file gives one or more *sources*: the file itself, each member of an archive, each sheet of a workbook. A source shows
its first lines (`head`), so that the channel can be told by its header, and then reads the columns that are asked for.
Nothing about a file is trusted: neither its name nor its suffix, size, encoding or row count.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from recon.channels import archives, delimited, sheets
from recon.channels.lines import Body, Line, Shape
from recon.channels.standards.opening import in_standard
from recon.errors import Fault, InputFault

#: A header stands among the first lines: 24 lines of preamble are the most that was seen.
HEAD_LINES = 35


class Source(Protocol):
    """One table of text."""

    @property
    def file(self) -> str:
        """Name that messages show: path below the inbox, `archive.zip/member.csv`, `book.xlsx#sheet`."""

    @property
    def sha256(self) -> str:
        """SHA-256 of the bytes of the file or member."""

    @property
    def head(self) -> tuple[Line, ...]:
        """The first lines, split into cells."""

    def numbered(self, numbers: Collection[int]) -> tuple[Line, ...]:
        """Return lines of the whole file by their numbers."""

    def read(self, header: Line, columns: Mapping[str, int], categories: Collection[str], shape: Shape) -> Body:
        """Return the rows below `header`.

        Args:
            header: one of `head`.
            columns: name -> position in the header.
            categories: names whose few texts repeat: they come as dictionaries.
            shape: how lines are split and where the footer starts.
        """

    def close(self) -> None:
        """Let go of the contents: nothing more will be read."""


@dataclass(frozen=True)
class Unopened:
    """A file or member that holds no table: why."""

    file: str
    sha256: str
    fault: Fault


_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"\x89PNG", "a PNG picture"),
    (b"GIF8", "a GIF picture"),
    (b"%PDF", "a PDF document"),
    (b"Rar!", "a RAR archive"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"{\\rtf", "a text document (RTF)"),
)
_NOTHING = b"\x00 \t\r\n\xef\xbb\xbf"
_EXPORT_AGAIN = "Download the bill again from the platform, as csv or xlsx."


def open_file(path: Path, name: str) -> Iterator[Source | Unopened]:
    """Give the sources of one file, each when the one before it is done with.

    Args:
        path: where it lies.
        name: what messages call it.
    """
    try:
        sources = _sources(path.read_bytes(), name, depth=0)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        yield Unopened(name, "", Fault(name, 0, "", "", f"cannot be opened ({reason})", "Close it elsewhere."))
        return
    yield from sources


# A generator that waits holds its names: each lets go of the bytes before it waits, so that a source that is closed
# frees them.
def _sources(data: bytes, name: str, depth: int) -> Iterator[Source | Unopened]:
    digest = hashlib.sha256(data).hexdigest()
    packed = archives.is_archive(data) and not sheets.is_workbook(data)
    found = _members(data, name, depth) if packed else _tables(data, name, digest)
    del data
    try:
        yield from found
    except InputFault as error:
        yield Unopened(name, digest, error.fault)


def _members(data: bytes, name: str, depth: int) -> Iterator[Source | Unopened]:
    if depth > 1:
        raise InputFault(Fault(name, 0, "", "", "archives inside archives inside archives", "Unpack it."))
    for member, content in archives.members(data, name):
        if isinstance(content, Fault):
            yield Unopened(member, "", content)
        else:
            sources = _sources(content, member, depth + 1)
            del content
            yield from sources


def _tables(data: bytes, name: str, digest: str) -> Iterator[Source | Unopened]:
    if not data[:4096].strip(_NOTHING) and not data.strip(_NOTHING):
        raise InputFault(Fault(name, 0, "", "", "the file is empty", _EXPORT_AGAIN))
    for magic, what in _MAGIC:
        if data.startswith(magic):
            raise InputFault(Fault(name, 0, "", "", f"is {what}, not a table", _EXPORT_AGAIN))
    start = data[:2048].lstrip(b"\xef\xbb\xbf \t\r\n")
    standard = in_standard(data, name, digest)
    if standard is not None:
        del data
        yield from standard
    elif sheets.is_workbook(data):
        yield from sheets.from_workbook(data, name, digest, HEAD_LINES)
    elif start.startswith(b"<"):
        answer = _error_answer(start)
        if answer is not None:
            raise InputFault(Fault(name, 0, "", answer, "is an error answer of the service, not a bill", _NO_BILL))
        yield from sheets.from_markup(data, name, digest, HEAD_LINES)
    elif start.startswith(b"{"):
        raise InputFault(Fault(name, 0, "", _json_answer(start), "is an answer in JSON, not a bill", _NO_BILL))
    else:
        source = delimited.Delimited.of(data, name, digest, HEAD_LINES)
        del data
        yield source


_NO_BILL = "There may be no bill of that day; download it again, or leave the file out."


def _json_answer(start: bytes) -> str:
    """The service's own words, nothing else of the text."""
    found = re.search(rb'"(?:message|msg|code)"\s*:\s*"([^"]{1,80})"', start)
    return found.group(1).decode("utf-8", errors="replace") if found else ""


def _error_answer(start: bytes) -> str | None:
    if not re.match(rb"(?i)<xml\b", start):
        return None
    found = re.search(rb"(?is)<return_msg>\s*(?:<!\[CDATA\[)?(.*?)(?:\]\]>)?\s*</return_msg>", start)
    return found.group(1).decode("utf-8", errors="replace") if found else ""
