"""Every id and every printed reference is found; what is not is met with a suggestion."""

from __future__ import annotations

import csv
from collections.abc import Mapping

import pytest

from recon.errors import UsageFault
from recon.outputs.explain.folder import Result
from recon.outputs.explain.search import Hits, find

CASE = "taobao-alipay-bank"
REFERENCES = ("order_ref", "sub_ref", "payment_ref", "refund_ref", "batch_ref")


def lines(result: Result, name: str) -> list[dict[str, str]]:
    with (result.path / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def by_hand(result: Result, wanted: str) -> tuple[set[str], set[str], set[str], set[str], set[str]]:
    """Matches, breaks, in transit, excluded, vouchers that a word names."""

    def having(name: str, owner: str, *columns: str) -> set[str]:
        return {row[owner] for row in lines(result, name) if wanted in [row[column] for column in columns]}

    return (
        having("matches", "match_id", "match_id", "entry_id", *REFERENCES),
        having("break_rows", "break_id", "break_id", "entry_id", *REFERENCES)
        | having("breaks", "break_id", "break_id"),
        having("in_transit", "entry_id", "entry_id", *REFERENCES),
        having("excluded", "entry_id", "entry_id", *REFERENCES),
        having("vouchers", "voucher_id", "voucher_id"),
    )


def as_sets(hits: Hits) -> tuple[set[str], ...]:
    parts = (hits.matches, hits.breaks, hits.in_transit, hits.excluded, hits.vouchers)
    assert all(len(part) == len(set(part)) for part in parts)
    return tuple(set(part) for part in parts)


@pytest.mark.parametrize("case", ["taobao-alipay-bank", "wechat-shop", "douyin"])
def test_everything_printed_is_found(results: Mapping[str, Result], case: str) -> None:
    result = results[case]
    words: set[str] = set()
    for name, columns in (
        ("matches", ("match_id", "entry_id", *REFERENCES)),
        ("break_rows", ("break_id", "entry_id", *REFERENCES)),
        ("in_transit", ("entry_id", *REFERENCES)),
        ("excluded", ("entry_id",)),
        ("vouchers", ("voucher_id",)),
    ):
        rows = lines(result, name)
        words |= {row[column] for row in rows[:: max(1, len(rows) // 4)] for column in columns} - {""}
    assert len(words) > 20
    for word in sorted(words):
        assert as_sets(find(result, word)) == by_hand(result, word), word


def test_the_beginning_of_an_id_is_enough(results: Mapping[str, Result]) -> None:
    result = results[CASE]
    for name, column in (("matches", "match_id"), ("breaks", "break_id"), ("vouchers", "voucher_id")):
        whole = lines(result, name)[0][column]
        assert as_sets(find(result, whole[:8])) == as_sets(find(result, whole))


def test_a_short_beginning_is_none(results: Mapping[str, Result]) -> None:
    whole = lines(results[CASE], "breaks")[0]["break_id"]
    with pytest.raises(UsageFault, match="no id and no reference"):
        find(results[CASE], whole[:5])


def test_the_beginning_of_several_ids_is_refused(results: Mapping[str, Result]) -> None:
    result = results[CASE]
    ids = {row["match_id"] for row in lines(result, "matches")}
    folder = result.path.parent / "several"
    folder.mkdir(exist_ok=True)
    for file in result.path.glob("*.csv"):
        (folder / file.name).write_bytes(file.read_bytes())
    first, second = sorted(ids)[:2]
    text = (folder / "matches.csv").read_text(encoding="utf-8")
    (folder / "matches.csv").write_text(
        text.replace(first, "abcdef0000000001").replace(second, "abcdef0000000002"), encoding="utf-8", newline=""
    )
    told = r"'abcdef' is the beginning of 2 ids: abcdef0000000001, abcdef0000000002 \.\.\. Give more of it"
    with pytest.raises(UsageFault, match=told):
        find(Result(folder, result.summary), "abcdef")


def test_slips_are_suggested_the_nearest_first(results: Mapping[str, Result]) -> None:
    result = results[CASE]
    order = lines(result, "matches")[-1]["order_ref"]
    for slip in (order[:-1], order[:-2] + order[-1] + order[-2], order[:5] + "x" + order[6:]):
        with pytest.raises(UsageFault, match=f"Did you mean .*'{order}'"):
            find(result, slip)


def test_what_is_like_nothing_is_told_where_to_look(results: Mapping[str, Result]) -> None:
    for word in ("nothing-like-this", ""):
        with pytest.raises(UsageFault, match=r"Take one from breaks\.csv or matches\.csv"):
            find(results[CASE], word)
