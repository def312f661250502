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

Hashes = npt.NDArray[np.uint64]

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
    order = np.argsort(number, kind="stable")
    starts = np.flatnonzero(np.diff(number[order], prepend=-1))
    if not np.array_equal(number[order][starts], np.sort(wanted)):
        raise ConservationError("matches and their members do not name the same numbers")
    rows = outcome.members["row"].to_numpy(dtype=np.int64)[order]
    entry = text_hashes(pa.array(outcome.entries["entry_id"], type=pa.string()).take(pa.array(rows)))
    sums = np.add.reduceat(_mix(entry), starts)[np.argsort(np.argsort(wanted))]
    legs = pa.array(matches["leg"], type=pa.string()).dictionary_encode()
    found = _mix(text_hashes(legs.dictionary)[legs.indices.to_numpy()] ^ sums)
    if len(np.unique(found)) != len(found):
        raise ConservationError("two matches carry one id")
    return _hex(found)


def text_hashes(texts: pa.StringArray) -> Hashes:
    """Return the 64-bit hash of each text (none null), as defined at the head of this module."""
    lengths = pc.binary_length(texts).to_numpy(zero_copy_only=False).astype(np.uint64)
    width = 8 * -(-int(lengths.max(initial=1)) // 8)
    filled = pc.ascii_rpad(texts, width=width, padding=" ")
    raw = np.frombuffer(filled.buffers()[2], dtype="<u8", count=(filled.offset + len(texts)) * width // 8)
    words = raw.reshape(-1, width // 8)[filled.offset :]
    hashed: Hashes = lengths.copy()
    for at in range(width // 8):
        inside = lengths > 8 * at
        hashed = np.where(inside, _mix(hashed ^ words[:, at]), hashed)
    return hashed


def _mix(value: Hashes) -> Hashes:
    value = value + np.uint64(0x9E3779B97F4A7C15)
    value = (value ^ (value >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    value = (value ^ (value >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed: Hashes = value ^ (value >> np.uint64(31))
    return mixed


def _hex(values: Hashes) -> pa.StringArray:
    """Write 64-bit numbers as 16 hex digits each, without a Python object per number."""
    digits = _DIGITS[np.ascontiguousarray(values.astype(">u8")).view(np.uint8)]
    offsets = np.arange(0, 16 * len(values) + 1, 16, dtype=np.int32)
    return pa.StringArray.from_buffers(len(values), pa.py_buffer(offsets), pa.py_buffer(digits.tobytes()))
