"""Overlapping exports, versions of a row, the same file twice: what counts once, and whose it is."""

import itertools
from dataclasses import replace
from random import Random

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recon.ledger.merge import merge
from recon.ledger.schema import ENTRY
from recon.ledger.statement import Statement
from tests.ledger.make import ALI, BANK, OWN, TAO, back, credit, pay, row, sale, statement


def amounts(*files: Statement) -> list[int]:
    return sorted(merge(files)[0]["amount"].tolist())


def rows_of(*files: Statement) -> dict[str, tuple[int, int, int]]:
    """File -> rows, booked, repeated; every file foots."""
    merged = merge(files)[1]
    for one in merged:
        assert one.rows == one.booked_rows + one.repeated + len(one.skipped) + len(one.quarantined)
    return {one.file: (one.rows, one.booked_rows, one.repeated) for one in merged}


def twins(count: int) -> list[dict[str, object]]:
    return [credit(500, "10-03", "same text") for _ in range(count)]


@pytest.mark.parametrize(("k", "m"), [(1, 1), (2, 1), (1, 3), (2, 2), (0, 2), (3, 0)])
def test_k_and_m_equal_rows_are_max_k_m(k: int, m: int) -> None:
    one = statement(BANK, [*twins(k), credit(1, "10-01")], file="a.csv")
    two = statement(BANK, [*twins(m), credit(2, "10-05")], file="b.csv")
    assert amounts(one, two) == [1, 2] + [500] * max(k, m)
    assert amounts(two, one) == [1, 2] + [500] * max(k, m)


def test_two_equal_rows_of_one_file_are_two() -> None:
    assert amounts(statement(BANK, twins(2))) == [500, 500]


def test_the_same_file_twice_adds_only_to_repeated() -> None:
    one = statement(ALI, [pay("A", 100, "10-01"), row("fee", -1, "10-01", order="A", source_row=2)], file="a.csv")
    two = statement(ALI, [pay("A", 100, "10-01"), row("fee", -1, "10-01", order="A", source_row=2)], file="b.csv")
    assert rows_of(one, two) == {"a.csv": (1, 1, 0), "b.csv": (1, 0, 1)}
    assert set(merge([one, two])[0]["source_file"]) == {"a.csv"}


def test_a_row_of_several_files_belongs_to_the_earliest_period() -> None:
    early = statement(BANK, [credit(1, "10-01"), credit(5, "10-03", "x")], file="z.csv")
    late = statement(BANK, [credit(5, "10-03", "x"), credit(2, "10-09")], file="a.csv")
    for files in itertools.permutations([early, late]):
        entries = merge(files)[0]
        assert entries.loc[entries["amount"] == 5, "source_file"].tolist() == ["z.csv"]
    assert rows_of(early, late) == {"a.csv": (2, 1, 1), "z.csv": (2, 2, 0)}


def order(amount: int, file: str, **more: object) -> Statement:
    lines = [sale("A", amount, "10-01", key="A", **more)]
    return statement(TAO, lines, file=file)


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        ({"stamp": "10-05", "rank": 9}, {"stamp": "10-06", "rank": 1}),  # the latest moment printed in the row
        ({"stamp": "10-05", "rank": 1}, {"stamp": "10-05", "rank": 2}),  # then the later state, then the larger refund
    ],
)
def test_the_newer_version_of_a_row_wins(older: dict[str, object], newer: dict[str, object]) -> None:
    one, two = order(100, "a.csv", **older), order(70, "b.csv", **newer)
    assert amounts(one, two) == [70]
    assert amounts(two, one) == [70]
    assert rows_of(one, two) == {"a.csv": (1, 0, 1), "b.csv": (1, 1, 0)}


def test_of_equal_versions_the_file_that_ends_later_wins() -> None:
    lines = {amount: [sale("A", amount, "10-01", key="A", stamp="10-05")] for amount in (100, 70)}
    short = statement(TAO, lines[100], file="a.csv", period=("10-01", "10-05"))
    long = statement(TAO, lines[70], file="b.csv", period=("10-01", "10-06"))
    assert amounts(short, long) == amounts(long, short) == [70]


def test_equal_versions_of_one_period_are_decided_by_their_content() -> None:
    one, two = order(100, "a.csv", stamp="10-05"), order(70, "b.csv", stamp="10-05")
    swapped = order(70, "a.csv", stamp="10-05"), order(100, "b.csv", stamp="10-05")
    assert amounts(one, two) == amounts(two, one) == amounts(*swapped)
    assert len(amounts(one, two)) == 1


def test_a_newer_version_brings_all_its_entries_and_takes_the_older_ones_away() -> None:
    old = statement(TAO, [sale("A", 100, "10-01", key="A", stamp="10-02")], file="a.csv")
    both = [sale("A", 100, "10-01", key="A", stamp="10-08", source_row=2), back("A", 30, source_row=2)]
    new = statement(TAO, both, file="b.csv")
    assert amounts(old, new) == [-30, 100]
    assert rows_of(old, new) == {"a.csv": (1, 0, 1), "b.csv": (1, 1, 0)}


def test_rows_of_another_account_or_channel_are_other_rows() -> None:
    lines = [pay("A", 100, "10-01")]
    assert amounts(statement(ALI, lines, account="1"), statement(ALI, lines, account="2", file="b.csv")) == [100, 100]


def test_an_unproven_file_makes_its_entries_unproven() -> None:
    bad = statement(ALI, [pay("A", 100, "10-01")], control_total="failed")
    broken = statement(BANK, [credit(5, "10-01")], balance_chain="broken")
    good = statement(OWN, [sale("A", 100, "10-01")])
    entries = merge([bad, broken, good])[0]
    assert dict(zip(entries["channel"].astype(str), entries["proven"], strict=True)) == {
        ALI: False,
        BANK: False,
        OWN: True,
    }


def test_nothing_gives_a_ledger_without_rows() -> None:
    for files in ([], [statement(OWN, [])]):
        entries, merged = merge(files)
        assert entries.empty
        assert entries.columns.tolist() == ENTRY.names
        assert len(merged) == len(files)


Line = tuple[str, int, int, int]
world = st.lists(
    st.lists(
        st.tuples(st.sampled_from("ABCD"), st.integers(1, 3), st.integers(1, 5), st.integers(0, 2)),
        max_size=5,
        unique_by=lambda line: line[0],
    ),
    min_size=1,
    max_size=4,
)
few = settings(max_examples=40)


def files_of(drawn: list[list[Line]]) -> list[Statement]:
    return [
        statement(
            TAO,
            [sale(name, amount, f"10-0{on}", key=name, rank=rank) for name, amount, on, rank in lines],
            file=f"{n}.csv",
            sha256=f"{n:064x}",
        )
        for n, lines in enumerate(drawn)
    ]


@few
@given(world, st.randoms())
def test_the_ledger_does_not_know_the_order_of_files_and_rows(drawn: list[list[Line]], random: Random) -> None:
    files, turned = files_of(drawn), files_of([random.sample(lines, len(lines)) for lines in drawn])
    random.shuffle(turned)
    (one, counted), (two, recounted) = merge(files), merge(turned)
    plain = [name for name in ENTRY.names if name != "source_row"]
    pd.testing.assert_frame_equal(one[plain], two[plain])
    figures = [[(s.file, s.booked_rows, s.repeated) for s in some] for some in (counted, recounted)]
    assert figures[0] == figures[1]
    assert sum(s.booked_rows for s in counted) == len({line[0] for lines in drawn for line in lines})


@few
@given(world)
def test_merging_again_changes_nothing_but_repeated(drawn: list[list[Line]]) -> None:
    files = files_of(drawn)
    again = [replace(f, file=f"{f.file}-copy") for f in files]
    pd.testing.assert_frame_equal(merge(files)[0], merge([*again, *files])[0])
