"""Hashes of texts: equal for equal texts only, in whatever column they stand, and the same on every machine."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from recon.channels import identity


@given(st.lists(st.text(max_size=40), min_size=1))
def test_equal_texts_and_only_they_have_equal_hashes(texts: list[str]) -> None:
    hashes = identity.of_column(pa.array(texts))
    assert len(set(hashes.tolist())) == len(set(texts))
    assert hashes.tolist() == [int(identity.of_text(text)) for text in texts]
    assert identity.of_column(pa.array(["x", *texts])[1:]).tolist() == hashes.tolist()
    assert identity.of_column(pa.array(texts).dictionary_encode()).tolist() == hashes.tolist()


def test_hashes_are_written_in_stone() -> None:
    assert [f"{one:016x}" for one in identity.of_column(pa.array(["", "订单", "3300000000000000001"])).tolist()] == [
        "6393d51c06c618dc",
        "291290b87a765ba5",
        "5267f71083b6cfd0",
    ]


def test_a_missing_cell_is_not_an_empty_one() -> None:
    hashes = identity.of_column(pa.array([None, ""], pa.string()))
    assert hashes[0] == 0 != hashes[1]


CELLS = st.none() | st.sampled_from(["", "7", "订单", "3300000000000000001"])


@given(st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=1))
def test_a_row_is_told_by_its_cells_and_their_columns(rows: list[tuple[str | None, ...]]) -> None:
    columns = {name: pa.array(cells, pa.string()) for name, cells in zip("abc", zip(*rows, strict=True), strict=True)}
    owner = np.full(len(rows), 5, np.uint64)
    key, content = identity.of_rows(columns, ["b", "a", "absent"], owner)
    for told, cells in ((key, [row[:2] for row in rows]), (content, rows)):
        assert len({*zip(told.tolist(), cells, strict=True)}) == len(set(cells)) == len(set(told.tolist()))
    coded = {name: cells.dictionary_encode() for name, cells in sorted(columns.items(), reverse=True)}
    again = identity.of_rows(coded, ["b", "a", "absent"], owner)
    assert [part.tolist() for part in again] == [key.tolist(), content.tolist()]


def test_the_order_of_a_key_s_columns_matters() -> None:
    columns = {"a": pa.array(["7"]), "b": pa.array(["7"])}
    owner = np.array([5], np.uint64)
    assert identity.of_rows(columns, ["a", "b"], owner)[0] != identity.of_rows(columns, ["b", "a"], owner)[0]


def test_a_key_is_unique_in_the_books_of_its_owner_only() -> None:
    columns = {"a": pa.array(["7", "7"])}
    key, content = identity.of_rows(columns, ["a"], np.array([1, 2], np.uint64))
    assert key[0] != key[1]
    assert content[0] == content[1]


def test_the_order_of_a_pair_matters() -> None:
    one, two = identity.of_column(pa.array(["a"])), identity.of_column(pa.array(["b"]))
    assert identity.combined(one, two)[0] != identity.combined(two, one)[0]


@given(st.lists(st.integers(0, 3)))
def test_occurrences_count_what_stood_before(values: list[int]) -> None:
    expected = [values[:place].count(value) for place, value in enumerate(values)]
    assert identity.occurrences(np.array(values, dtype=np.uint64)).tolist() == expected


@given(st.lists(st.integers(0, 9)))
def test_repeated_are_all_that_stand_there_more_than_once(values: list[int]) -> None:
    assert identity.repeated(np.array(values, dtype=np.uint64)).tolist() == [values.count(v) > 1 for v in values]


def test_a_text_hashes_alike_in_every_block() -> None:
    texts = ["7", "", "订单"] * 30_000
    assert (identity.of_column(pa.array(texts)) == np.tile(identity.of_column(pa.array(texts[:3])), 30_000)).all()


def test_ids_of_entries_are_pairs_of_row_and_maker_in_sixteen_digits() -> None:
    keys, makers = np.arange(300, dtype=np.uint64), np.array([7, 8], np.uint64)
    place, which = np.repeat(np.arange(300), 2), np.tile(np.array([0, 1], np.int32), 300)
    pairs = identity.combined(keys[place], makers[which])
    assert min(pairs.tolist()) < 2**60
    assert identity.of_entries(keys, place, makers, which).to_pylist() == [f"{one:016x}" for one in pairs.tolist()]
