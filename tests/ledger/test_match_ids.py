"""The id of a match, computed a second time from its definition, one number at a time."""

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recon.ledger.match_ids import text_hashes

MASK = 2**64 - 1


def mix(value: int) -> int:
    value = (value + 0x9E3779B97F4A7C15) & MASK
    value = ((value ^ (value >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    value = ((value ^ (value >> 27)) * 0x94D049BB133111EB) & MASK
    return value ^ (value >> 31)


def slow_hash(text: str) -> int:
    raw = text.encode()
    value = len(raw)
    for at in range(0, len(raw), 8):
        value = mix(value ^ int.from_bytes(raw[at : at + 8].ljust(8), "little"))
    return value


@given(st.lists(st.text(st.characters(max_codepoint=127), max_size=40), max_size=20))
def test_hashes_follow_their_definition(texts: list[str]) -> None:
    assert text_hashes(pa.array(texts, pa.string())).tolist() == [slow_hash(text) for text in texts]


def test_a_slice_hashes_like_a_copy() -> None:
    texts = pa.array(["a", "bcdefghij", "klm"])
    assert text_hashes(texts.slice(1)).tolist() == [slow_hash("bcdefghij"), slow_hash("klm")]


@pytest.mark.parametrize(("left", "right"), [("a", "a "), ("", " "), ("12345678", "12345678 ")])
def test_padding_does_not_make_texts_equal(left: str, right: str) -> None:
    first, second = text_hashes(pa.array([left, right])).tolist()
    assert first != second
