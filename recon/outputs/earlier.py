"""Reads of an earlier result the matches that the new one does not have, quickly.

matches.csv of a million orders is a gigabyte, and mostly nothing in it has changed. So its lines are not split into
cells: a line begins with `match_id,leg,rule,verdict,basis,`, and these bytes are compared, eight at a time, with what
the new result says of the same match. Only lines that differ are read.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.csv as pacsv

from recon.errors import WorkspaceFault
from recon.ledger.match_ids import text_hashes
from recon.ledger.outcome import Outcome
from recon.outputs.tables import MATCHES

Bytes = npt.NDArray[np.uint8]
Words = npt.NDArray[np.uint64]
Whole = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

#: What is read of a line that differs.
COLUMNS = (
    "match_id", "leg", "rule", "verdict", "basis", "entry_id", "amount", "currency", "order_ref", "payment_ref",
    "refund_ref", "batch_ref",
)  # fmt: skip
_JUDGED = ("leg", "rule", "verdict", "basis")
_ID_BYTES = 16
_LINE_END = ord("\n")
_PIECE = 1 << 20
#: So many bytes may be looked at behind the start of a line, also of a short one at the very end.
_BEHIND = 1 << 10


def differing(file: Path, outcome: Outcome, ids: pa.StringArray) -> pa.Table:
    """Return the members of each earlier match that the new result lacks, or judges by other words.

    Args:
        file: matches.csv of the earlier result.
        outcome: the new result.
        ids: of its matches, as `ledger.match_ids` gives them.

    Returns:
        `COLUMNS` as text, empty cells null, in the order of the file.

    Raises:
        WorkspaceFault: the file is missing, or no table as this program writes it.
    """
    known = _Known.of(outcome, ids)
    found = [pa.table({name: pa.array([], pa.string()) for name in COLUMNS})]
    try:
        for text, length in _pieces(file):
            lines = _Lines.of(text, length)
            # A match that goes on from the piece before is looked up again: the answer is the same.
            differs = ~known.has(lines)
            if differs.any():
                kept = np.repeat(differs, lines.sizes)
                found.append(_read(text[:length][kept].tobytes()))
    except (OSError, pa.ArrowInvalid) as error:
        raise _damaged(file) from error
    return pa.concat_tables(found)


@dataclass(frozen=True)
class _Lines:
    """Lines of a text. words: at each byte the eight that begin there, as one number; starts, sizes: in bytes."""

    words: Words
    starts: Whole
    sizes: Whole

    @classmethod
    def of(cls, text: Bytes, length: int) -> _Lines:
        ends = np.flatnonzero(text[:length] == _LINE_END) + 1
        starts = np.concatenate([[0], ends[:-1]])
        return cls(np.ndarray((len(text) - 7,), "<u8", text, strides=(1,)), starts, ends - starts)

    def ids(self) -> Words:
        """The first 16 bytes of each line, as two numbers."""
        return np.stack([self.words[self.starts], self.words[self.starts + 8]], axis=1)


@dataclass(frozen=True)
class _Known:
    """How the lines of the new result begin.

    hashes: of the match ids, ascending. kinds: of each of them, which beginning follows. beginnings: the bytes behind
    the id, as numbers of eight bytes, the last filled up with nothing; masks: which of their bits count.
    """

    hashes: Words
    kinds: Whole
    beginnings: Words
    masks: Words

    @classmethod
    def of(cls, outcome: Outcome, ids: pa.StringArray) -> _Known:
        said = [outcome.matches[name].astype("category").cat for name in _JUDGED]
        sizes = [max(len(one.categories), 1) for one in said]
        kinds, kind = np.unique(np.ravel_multi_index([one.codes for one in said], sizes), return_inverse=True)
        texts = [
            f",{','.join(one.categories[code] for one, code in zip(said, codes, strict=True))},".encode()
            for codes in zip(*np.unravel_index(kinds, sizes), strict=True)
        ]
        width = 8 * -(-max(map(len, texts), default=0) // 8)
        filled = b"".join(text.ljust(width, b"\0") for text in texts)
        counted = b"".join((b"\xff" * len(text)).ljust(width, b"\0") for text in texts)
        shape = (len(texts), width // 8)
        hashes = text_hashes(ids)
        order = np.argsort(hashes)
        return cls(
            hashes[order],
            kind[order],
            np.frombuffer(filled, "<u8").reshape(shape),
            np.frombuffer(counted, "<u8").reshape(shape),
        )

    def has(self, lines: _Lines) -> Mask:
        """Per line, whether the new result has its match and says the same of it."""
        ids = lines.ids()
        leads = np.concatenate([[True], (ids[1:] != ids[:-1]).any(axis=1)])
        heads = lines.starts[leads]
        if not len(self.hashes):
            return np.zeros(len(leads), dtype=np.bool_)
        hashes = text_hashes(_fixed(ids[leads]))
        place = np.minimum(np.searchsorted(self.hashes, hashes), len(self.hashes) - 1)
        same = self.hashes[place] == hashes
        kind = self.kinds[place]
        for at in range(self.beginnings.shape[1]):
            read = lines.words[heads + _ID_BYTES + 8 * at]
            same &= (read & self.masks[kind, at]) == self.beginnings[kind, at]
        answer: Mask = same[np.cumsum(leads) - 1]
        return answer


def _fixed(ids: Words) -> pa.StringArray:
    offsets = np.arange(0, _ID_BYTES * len(ids) + 1, _ID_BYTES, dtype=np.int32)
    return pa.StringArray.from_buffers(len(ids), pa.py_buffer(offsets), pa.py_buffer(np.ascontiguousarray(ids)))


def _pieces(file: Path) -> Iterator[tuple[Bytes, int]]:
    """Yield whole lines behind the first, as bytes and how many of them count; the next piece overwrites them.

    Raises:
        WorkspaceFault: the first line is not that of matches.csv, or the last has no end.
    """
    with file.open("rb", buffering=0) as handle:
        header = f"{','.join(MATCHES)}\n".encode()
        if handle.read(len(header)) != header:
            raise _damaged(file)
        buffer = bytearray(2 * _PIECE + _BEHIND)
        text, raw, rest = np.frombuffer(buffer, dtype=np.uint8), memoryview(buffer), 0
        while count := handle.readinto(raw[rest : rest + _PIECE]):
            end = rest + count
            length = buffer.rfind(b"\n", rest, end) + 1
            if not length:
                raise _damaged(file)
            yield text, length
            rest = end - length
            text[:rest] = text[length:end].copy()
        if rest:
            raise _damaged(file)


def _read(lines: bytes) -> pa.Table:
    options = pacsv.ReadOptions(column_names=list(MATCHES), block_size=len(lines))
    wanted = pacsv.ConvertOptions(
        include_columns=list(COLUMNS),
        column_types=dict.fromkeys(COLUMNS, pa.string()),
        null_values=[""],
        strings_can_be_null=True,
    )
    return pacsv.read_csv(BytesIO(lines), options, None, wanted)


def _damaged(file: Path) -> WorkspaceFault:
    return WorkspaceFault(f"{file}: is missing or no table as recon wrote it, so what changed cannot be told.")
