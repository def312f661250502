"""The name of a match: a hash of its leg and of the entries in it, the same whatever run or order found it.

Tables and vouchers both cite it, so it is made here, once. Every step is whole-number arithmetic modulo 2^64:

    mix(x)    the finalizer of SplitMix64 (Steele, Lea, Flood 2014, https://doi.org/10.1145/2660193.2660195)
    hash(t)   h = number of bytes of t; for each 8 bytes of t, filled up with blanks, little-endian: h = mix(h ^ word)
    match_id  mix(hash(leg) ^ sum of mix(hash(entry_id))), as 16 hex digits

A sum does not know its order: the same entries give the same id, which is what sorting them first would give.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from recon.errors import ConservationError
from recon.ledger.outcome import Outcome
from recon.ledger.view import arrow

Hashes = npt.NDArray[np.uint64]
Numbers = npt.NDArray[np.int64]

_DIGITS = np.frombuffer(b"".join(b"%02x" % value for value in range(256)), dtype=np.uint8).reshape(256, 2)


def match_ids(outcome: Outcome) -> pa.StringArray:
    """Return the id of every match, in the order of `outcome.matches`.

    Raises:
        ConservationError: when a match has no members, or two matches of the run would carry one id.
    """
    matches = outcome.matches
    if matches.empty:
        return pa.array([], type=pa.string())
    number = outcome.members["match"].to_numpy(dtype=np.int64)
    wanted = matches["match"].to_numpy(dtype=np.int64)
    _same_numbers(wanted, number)
    entry = _mix(text_hashes(arrow(outcome.entries["entry_id"]).combine_chunks()))
    sums = np.zeros(len(matches), dtype=np.uint64)
    np.add.at(sums, number, entry[outcome.members["row"].to_numpy(dtype=np.int64)])
    legs = pa.array(matches["leg"], type=pa.string()).dictionary_encode()
    found = _mix(text_hashes(legs.dictionary)[legs.indices.to_numpy()] ^ sums[wanted])
    ordered = np.sort(found)
    if (ordered[1:] == ordered[:-1]).any():
        raise ConservationError("two matches carry one id")
    return _hex(found)


def _same_numbers(matches: Numbers, members: Numbers) -> None:
    """Matches are numbered from 0 without a gap, and each has members."""
    size = len(matches)
    given = np.zeros(size, dtype=np.int64)
    held = np.zeros(size, dtype=np.bool_)
    if not (_within(matches, size) and _within(members, size)):
        raise ConservationError("matches and their members do not name the same numbers")
    np.add.at(given, matches, 1)
    held[members] = True
    if not (held.all() and (given == 1).all()):
        raise ConservationError("matches and their members do not name the same numbers")


def _within(numbers: Numbers, size: int) -> bool:
    return not len(numbers) or (int(numbers.min()) >= 0 and int(numbers.max()) < size)


def text_hashes(texts: pa.StringArray) -> Hashes:
    """Return the 64-bit hash of each text (none null), as defined at the head of this module."""
    lengths = pc.binary_length(texts).to_numpy(zero_copy_only=False).astype(np.uint64)
    shortest, longest = int(lengths.min(initial=2**63)), int(lengths.max(initial=1))
    width = 8 * -(-longest // 8)
    filled = texts if shortest == width else pc.ascii_rpad(texts, width=width, padding=" ")
    start = int(np.frombuffer(filled.buffers()[1], dtype=np.int32)[filled.offset]) if len(filled) else 0
    raw = np.frombuffer(filled.buffers()[2] or b"", dtype=np.uint8)[start : start + len(texts) * width]
    words = raw.view("<u8").reshape(len(texts), width // 8)
    hashed: Hashes = lengths.copy()
    for at in range(width // 8):
        mixed = _mix(hashed ^ words[:, at])
        hashed = mixed if shortest > 8 * at else np.where(lengths > 8 * at, mixed, hashed)
    return hashed


def _mix(value: Hashes) -> Hashes:
    mixed: Hashes = value + np.uint64(0x9E3779B97F4A7C15)
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        mixed ^= mixed >> np.uint64(shift)
        mixed *= np.uint64(factor)
    mixed ^= mixed >> np.uint64(31)
    return mixed


def _hex(values: Hashes) -> pa.StringArray:
    """Write 64-bit numbers as 16 hex digits each, without a Python object per number."""
    digits = _DIGITS[np.ascontiguousarray(values.astype(">u8")).view(np.uint8)]
    offsets = np.arange(0, 16 * len(values) + 1, 16, dtype=np.int32)
    return pa.StringArray.from_buffers(len(values), pa.py_buffer(offsets), pa.py_buffer(digits.tobytes()))
