"""Stable hashes of cells, rows and entries: the same text gives the same number on every machine and in every run.

A 64-bit mixing hash over the UTF-8 bytes, eight at a time (the finaliser of MurmurHash3, public domain), computed
for a whole column at once. Two different rows of ten million share a number with a chance of 3 in a million.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from recon.channels.lines import filled
from recon.ledger.abreast import abreast

Hashes = npt.NDArray[np.uint64]

_SEED = np.uint64(0x9E3779B97F4A7C15)
_MIX1 = np.uint64(0xFF51AFD7ED558CCD)
_MIX2 = np.uint64(0xC4CEB9FE1A85EC53)
_SHIFT = np.uint64(33)
_HALF = np.uint64(32)
_MASKS = np.array([(1 << (8 * size)) - 1 for size in range(9)], dtype=np.uint64)
#: Rows that are hashed at once: what is between the steps stays in the processor's cache.
_BLOCK = 1 << 15
_HEX = np.frombuffer("".join(f"{byte:02x}" for byte in range(256)).encode(), dtype="<u2")


def of_text(text: str) -> np.uint64:
    """Return the hash of one text."""
    return np.uint64(of_column(pa.array([text], pa.string()))[0])


def of_column(column: pa.Array) -> Hashes:
    """Return the hash of each cell; a null cell has 0, an empty one has not."""
    if pa.types.is_dictionary(column.type):
        return np.asarray(_of_words(column.dictionary)[filled(column.indices, -1)])
    hashes = _of_strings(column)
    if column.null_count:
        hashes[pc.is_null(column).to_numpy(zero_copy_only=False)] = 0
    return hashes


def combined(first: Hashes, second: Hashes) -> Hashes:
    """Return the hash of pairs; the order of the two matters."""
    hashes = np.empty(len(first), np.uint64)
    for block in _blocks(len(first)):
        hashes[block] = _pair(first[block], second[block])
    return hashes


def of_rows(columns: Mapping[str, pa.Array], key: Sequence[str], owner: Hashes) -> tuple[Hashes, Hashes]:
    """Return who each row of a table is, and what it says.

    Args:
        columns: name -> text or dictionary of text.
        key: the columns that tell a row from all others; one that the table lacks is as an empty one.
        owner: hash of whom the row belongs to, in whose books the key is unique.

    Returns:
        The key: the owner, then cell for cell. The content: the sum over all columns, whatever their order.
    """
    words = {name: _of_words(cells.dictionary) for name, cells in columns.items() if pa.types.is_dictionary(cells.type)}
    titles = {name: of_text(name) for name in columns}
    keys, contents = np.empty(len(owner), np.uint64), np.zeros(len(owner), np.uint64)

    def fill(block: slice) -> None:
        found: dict[str, Hashes] = {}
        for name, cells in columns.items():
            part = cells[block]
            hashes = words[name][filled(part.indices, -1)] if name in words else of_column(part)
            contents[block] += hashes * (titles[name] | np.uint64(1))
            if name in key:
                found[name] = np.where(hashes == 0, np.uint64(0), _pair(hashes, titles[name]))
        who = owner[block]
        for name in key:
            who = _pair(who, found.get(name, np.uint64(0)))
        keys[block] = who

    abreast(fill, _blocks(len(owner)), len(owner))
    return keys, contents


def of_entries(
    keys: Hashes, place: npt.NDArray[np.int64], makers: Hashes, which: npt.NDArray[np.int32]
) -> pa.StringArray:
    """Return the id of each entry as 16 hexadecimal digits: of its row's key and of what made it.

    Args:
        keys: key of each row.
        place: row of each entry.
        makers: hash of each maker's name.
        which: maker of each entry.
    """
    pairs = np.empty((len(place), 8), dtype="<u2")
    for block in _blocks(len(place)):
        hashes = _pair(keys[place[block]], makers[which[block]])
        pairs[block] = _HEX[hashes.astype(">u8").view(np.uint8)].reshape(-1, 8)
    offsets = np.arange(len(place) + 1, dtype=np.int32) * 16
    return pa.StringArray.from_buffers(len(place), pa.py_buffer(offsets), pa.py_buffer(pairs))


def repeated(hashes: Hashes) -> npt.NDArray[np.bool_]:
    """Mark the hashes that stand there more than once."""
    ordered = np.sort(hashes)
    twice = ordered[1:][ordered[1:] == ordered[:-1]]
    if not len(twice):
        return np.zeros(len(hashes), dtype=bool)
    place = np.minimum(np.searchsorted(twice, hashes), len(twice) - 1)
    return np.asarray(twice[place] == hashes)


def occurrences(hashes: Hashes) -> npt.NDArray[np.int64]:
    """Return for each row how many equal ones stand before it."""
    result = np.zeros(len(hashes), dtype=np.int64)
    several = np.flatnonzero(repeated(hashes))
    if not len(several):
        return result
    order = several[np.argsort(hashes[several], kind="stable")]
    ordered = hashes[order]
    fresh = np.ones(len(order), dtype=bool)
    fresh[1:] = ordered[1:] != ordered[:-1]
    starts = np.flatnonzero(fresh)
    result[order] = np.arange(len(order)) - np.repeat(starts, np.diff(np.append(starts, len(order))))
    return result


def _of_words(dictionary: pa.StringArray) -> Hashes:
    """The hash of each word, and at last that of a missing one."""
    return np.append(of_column(dictionary), np.uint64(0))


def _blocks(count: int) -> Iterator[slice]:
    for start in range(0, count, _BLOCK):
        yield slice(start, start + _BLOCK)


def _pair(first: Hashes, second: Hashes | np.uint64) -> Hashes:
    with np.errstate(over="ignore"):
        return _mixed((first * _MIX2) ^ _mixed(second + _SEED))


def _mixed(value: Hashes | np.uint64) -> Hashes:
    with np.errstate(over="ignore"):
        value = value ^ (value >> _SHIFT)
        value *= _MIX1
        value ^= value >> _SHIFT
        value *= _MIX2
        value ^= value >> _SHIFT
        return np.asarray(value)


def _of_strings(column: pa.StringArray) -> Hashes:
    count = len(column)
    hashes = np.empty(count, np.uint64)
    if not count:
        return hashes
    _, places, data = column.buffers()
    offsets = np.frombuffer(places, dtype=np.int32)[column.offset : column.offset + count + 1]
    raw = np.frombuffer(data, dtype=np.uint8) if data is not None else np.empty(0, np.uint8)
    for start in range(0, count, _BLOCK):
        ends = offsets[start : start + _BLOCK + 1]
        block = raw[ends[0] : ends[-1]]
        hashes[start : start + _BLOCK] = _of_block(block, (ends - ends[0]).astype(np.int64))
    return hashes


def _of_block(raw: npt.NDArray[np.uint8], offsets: npt.NDArray[np.int64]) -> Hashes:
    """Hash texts that lie one behind the other; eight bytes of each are folded into its hash at a time."""
    lengths = np.diff(offsets)
    hashes = _mixed(lengths.astype(np.uint64) + _SEED)
    longest = int(lengths.max())
    padded = np.zeros(len(raw) + 8, dtype=np.uint8)
    padded[: len(raw)] = raw
    # Words are read at any byte; what lies beyond a text is masked.
    words = np.lib.stride_tricks.as_strided(padded[:8].view("<u8"), (len(raw) + 1,), (1,))
    shortest = int(lengths.min())
    for place in range(0, longest, 8):
        rows = slice(None) if place < shortest else np.flatnonzero(lengths > place)
        word = words[offsets[:-1][rows] + place]
        if place + 8 > shortest:
            word &= _MASKS[np.minimum(lengths[rows] - place, 8)]
        folded = hashes[rows] ^ word
        folded *= _MIX1
        folded ^= folded >> _HALF
        hashes[rows] = folded
    hashes = _mixed(hashes)
    hashes[hashes == 0] = _SEED
    return hashes
