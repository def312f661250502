"""What became of matches of an earlier result: listed as was, now and cause."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from recon.errors import WorkspaceFault
from recon.ledger.match_ids import match_ids
from recon.ledger.outcome import Outcome
from recon.outputs import earlier
from recon.outputs.changes import CHANGES, Changed, changes, write_changes
from recon.outputs.delimited import write_csv
from recon.outputs.earlier import COLUMNS, differing
from recon.outputs.tables import matches
from tests.breaks.ledgers import File, run
from tests.outputs.conftest import Case

AS_OF = "2026-10-31"
DAY = "2026-10-14 10:15:00"
A, B = "4026900000000000001", "4026900000000000002"


def shop(*rows: tuple[str, str, str]) -> File:
    """A list of an escrow channel, whose orders are due when they are received; it covers November too."""
    file = File("taobao.orders", name="orders.csv")
    for number, day in (("4026900000000000098", "2026-10-01"), ("4026900000000000099", "2026-11-30")):
        file.order(number, "0.00", day, state="closed", shop="S")
    for number, amount, day in rows:
        file.order(number, amount, "2026-10-12", shop="S", state="completed", confirmed_at=day, released=amount)
    return file


def wallet(*rows: tuple[str | None, str, str], name: str = "wallet.csv", line: int = 0, **more: Any) -> File:
    """Payments of October: number of the order, amount, day; each prints a number of its own."""
    file = File("alipay.cash", name=name, first="2026-10-01", last=AS_OF, **more)
    for n, (number, amount, day) in enumerate(rows, line):
        file.payment(number, amount, day, payment_ref=f"T{n:07}")
    return file


def reconciled(*files: File, as_of: str = AS_OF, lang: str = "en") -> Outcome:
    return run(*files, as_of=as_of, lang=lang)


@pytest.fixture
def table(tmp_path: Path) -> Callable[[Outcome], Path]:
    """Writes matches.csv of a result, and returns where it lies."""

    def write(result: Outcome) -> Path:
        write_csv(matches(result, match_ids(result)), tmp_path / "matches.csv", zone=result.zone, currency="CNY")
        return tmp_path / "matches.csv"

    return write


@pytest.fixture
def listed(table: Callable[[Outcome], Path]) -> Callable[[Outcome, Outcome], tuple[pa.Table, Changed]]:
    """changes.csv of one result after another, and its counts."""

    def compare(before: Outcome, after: Outcome) -> tuple[pa.Table, Changed]:
        ids = match_ids(after)
        return changes(differing(table(before), after, ids), after, ids, currency="CNY")

    return compare


def brief(found: pa.Table) -> list[tuple[str | None, ...]]:
    """Per row: the order or else the payment, what it is now, by what, and why; sorted."""
    rows = found.to_pylist()
    told = [(row["order_ref"] or row["payment_ref"], row["now"], row["now_rule"], row["cause"]) for row in rows]
    return sorted(told, key=str)


def said(result: Outcome) -> set[tuple[str, ...]]:
    """Id, leg, rule, verdict and basis of each match."""
    written = matches(result, match_ids(result))
    return set(zip(*(written.column(name).to_pylist() for name in COLUMNS[:5]), strict=True))


def test_nothing_is_listed_where_nothing_changed(listed) -> None:
    result = reconciled(shop((A, "88.00", DAY), (B, "5.00", DAY)), wallet((None, "88.00", DAY), (B, "5.00", DAY)))
    assert len(result.matches) == 2
    found, changed = listed(result, result)
    assert (len(found), changed) == (0, Changed())
    assert tuple(found.column_names) == CHANGES


def test_the_number_of_an_order_comes_and_the_match_by_number_beside_it_stays(listed) -> None:
    before = [shop((A, "88.00", DAY), (B, "5.00", DAY)), wallet((None, "88.00", DAY), (B, "5.00", DAY))]
    late = wallet((A, "88.00", DAY), name="late.csv", account="2088000000000009", line=7)
    found, changed = listed(reconciled(*before), reconciled(*before, late))
    assert changed == Changed(lost=1)
    order, money = sorted(found.to_pylist(), key=lambda row: row["order_ref"] or "z")
    assert (order["was_rule"], order["was_basis"], order["now"], order["now_rule"], order["cause"]) == (
        "by-amount-and-day", "unique", "matched", "by-order-number", "its number came",
    )  # fmt: skip
    assert order["now_match"] not in (None, order["was_match"])
    assert (money["was_match"], money["payment_ref"], money["now"]) == (order["was_match"], "T0000000", "break")
    assert money["now_rule"].startswith("unknown_payment ")
    assert (money["now_match"], money["cause"]) == (None, "its partner was matched by number")
    assert (order["amount"], money["amount"], order["currency"]) == (8800, 8800, "CNY")


def test_another_payment_that_may_be_the_partner(listed) -> None:
    before = [shop((A, "88.00", DAY)), wallet((None, "88.00", DAY))]
    late = wallet((None, "88.00", DAY), name="late.csv", account="2088000000000009", line=7)
    found, changed = listed(reconciled(*before), reconciled(*before, late))
    assert changed == Changed(lost=1)
    assert [(ref, now, rule.split()[0], cause) for ref, now, rule, cause in brief(found)] == [
        (A, "break", "ambiguous", "another partner came that may be its own"),
        ("T0000000", "break", "ambiguous", "another partner came that may be its own"),
    ]


def test_a_window_is_opened_again(listed) -> None:
    """A second account of the shop comes, whose bill ends before the day: the partner may lie there."""
    before = [shop((A, "88.00", DAY), (B, "5.00", "2026-10-12")), wallet((None, "88.00", DAY))]
    short = File("alipay.cash", "2088000000000009", name="late.csv", first="2026-10-01", last="2026-10-13")
    short.payment(B, "5.00", "2026-10-12")
    found, changed = listed(reconciled(*before), reconciled(*before, short))
    assert changed == Changed(lost=1)
    cause = "its window was opened again"
    assert brief(found) == [
        (A, "in_transit", "beyond the files", cause),
        ("T0000000", "in_transit", "inside the window", cause),
    ]


def test_rows_that_are_in_no_file_any_more(listed) -> None:
    before = [shop((A, "88.00", DAY), (B, "5.00", DAY)), wallet((A, "88.00", DAY), (B, "5.00", DAY))]
    after = [before[0], wallet((B, "5.00", DAY), line=1)]
    found, changed = listed(reconciled(*before), reconciled(*after))
    assert changed == Changed(lost=1)
    gone = [row for row in brief(found) if row[1] == "gone"]
    assert gone == [(A, "gone", None, "the entry is no longer in the files")]
    (rest,) = (row for row in brief(found) if row[1] != "gone")
    assert (rest[0], rest[1], rest[3]) == (A, "break", "a row of the match is no longer in the files")


def test_a_match_by_number_grows(listed) -> None:
    plain, charged = wallet(), wallet()
    plain.payment(A, "88.00", DAY)
    charged.payment(A, "88.00", DAY, fee="-4.40", fee_kind="commission", fee_detail="基础软件服务费")
    found, changed = listed(reconciled(shop((A, "88.00", DAY)), plain), reconciled(shop((A, "88.00", DAY)), charged))
    assert changed == Changed(altered=1)
    assert brief(found) == [(A, "matched", "by-order-number", "further rows joined it")] * 2
    assert len(set(found.column("now_match").to_pylist())) == 1


def test_a_second_payment_breaks_a_match_by_number(listed) -> None:
    before = [shop((A, "88.00", DAY)), wallet((A, "88.00", DAY))]
    late = wallet((A, "8.00", DAY), name="late.csv", account="2088000000000009", line=7)
    found, changed = listed(reconciled(*before), reconciled(*before, late))
    assert changed == Changed(lost=1)
    assert {(row[0], row[3]) for row in brief(found)} == {(A, "its number holds further rows")}


def test_a_row_leaves_a_match_by_number(small: Case, listed) -> None:
    before = small.outcome()
    small.lang = "en"
    del small.matches[0][1]["f1"]
    small.exclude("f1", "order-gateway", "no reference")
    found, changed = listed(before, small.outcome())
    assert changed == Changed(lost=1)
    assert [(row["entry_id"].lstrip("0"), row["now"], row["now_rule"], row["cause"]) for row in found.to_pylist()] == [
        ("f1", "excluded", "no reference", None),
        ("p1", "matched", "by-order-number", "other rows of the match left it"),
        ("s1", "matched", "by-order-number", "other rows of the match left it"),
    ]


def test_a_match_falls_into_two(small: Case, listed) -> None:
    before = small.outcome()
    del small.matches[0][1]["f1"]
    small.match({"f1": (-1, 0)})
    found, changed = listed(before, small.outcome())
    assert changed == Changed(lost=1)
    assert brief(found) == [("3001", "matched", "by-order-number", "同组有其他行退出")] * 3
    assert len(set(found.column("now_match").to_pylist())) == 2


def test_what_neither_result_shows_is_left_empty(listed) -> None:
    """The order list states another amount for the same order: no row came, none went."""
    money = wallet((A, "88.00", DAY))
    found, changed = listed(reconciled(shop((A, "88.00", DAY)), money), reconciled(shop((A, "80.00", DAY)), money))
    assert changed == Changed(lost=1)
    assert {(row[1], row[2].split()[0], row[3]) for row in brief(found)} == {("break", "amount_mismatch", None)}


@pytest.mark.parametrize(
    ("lang", "cause"), [("en", "its file does not add up"), ("zh", "文件未通过校验")]
)  # fmt: skip
def test_the_same_entries_under_another_verdict(listed, lang: str, cause: str) -> None:
    before = reconciled(shop((A, "88.00", DAY)), wallet((A, "88.00", DAY)))
    after = reconciled(shop((A, "88.00", DAY)), wallet((A, "88.00", DAY), proven=False), lang=lang)
    found, changed = listed(before, after)
    assert changed == Changed(altered=1)
    assert brief(found) == [(A, "matched", "by-order-number", cause)] * 2
    assert found.column("was_match").to_pylist() == found.column("now_match").to_pylist()


@pytest.mark.parametrize(
    ("words", "cause"),
    [
        ({"basis": "decision"}, "a decision"),
        ({"rule": "by-payment-number"}, "rule by-order-number → by-payment-number"),
        ({"verdict": "pool", "basis": "structure"}, "verdict proved → pool, basis key → structure"),
    ],
)
def test_what_is_said_of_a_match_changes(small: Case, listed, words: dict[str, str], cause: str) -> None:
    before = small.outcome()
    small.lang = "en"
    small.matches[0][0].update(words)
    found, changed = listed(before, small.outcome())
    assert changed == Changed(altered=1)
    assert set(found.column("cause").to_pylist()) == {cause}
    assert len(found) == 3


def test_rows_stand_by_leg_references_match_and_entry(small: Case, listed) -> None:
    before = small.outcome()
    small.matches.clear()
    small.wait("s1", "order-gateway", "file unproven")
    small.exclude("b1", "gateway-bank", "after as_of")
    found, changed = listed(before, small.outcome())
    assert changed == Changed(lost=2)
    assert [(row["leg"], row["entry_id"].lstrip("0"), row["now"], row["cause"]) for row in found.to_pylist()] == [
        ("gateway-bank", "b1", "excluded", "晚于截止日"),
        ("gateway-bank", "w1", "outside", None),
        ("order-gateway", "f1", "outside", None),
        ("order-gateway", "p1", "outside", None),
        ("order-gateway", "s1", "in_transit", "文件未通过校验"),
    ]
    assert found.equals(listed(before, small.outcome(reverse=True))[0])


def test_a_result_without_matches_keeps_none_of_them(small: Case, listed) -> None:
    before = small.outcome()
    small.matches.clear()
    assert listed(before, small.outcome())[1] == Changed(lost=2)
    assert listed(small.outcome(), before)[1] == Changed()


def test_it_is_written_only_where_something_changed(small: Case, table, tmp_path: Path) -> None:
    before = small.outcome()
    last = table(before).parent
    new = tmp_path / "new"
    new.mkdir()
    assert write_changes(last, new, before, match_ids(before), currency="CNY") == Changed()
    assert list(new.iterdir()) == []
    small.matches.pop()
    after = small.outcome()
    assert write_changes(last, new, after, match_ids(after), currency="CNY") == Changed(lost=1)
    lines = (new / "changes.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0] == ",".join(CHANGES)
    assert lines[1].startswith("gateway-bank,") and ",outside," in lines[1] and ",50.00,CNY," in lines[1]
    assert write_changes(new, new, after, match_ids(after), currency="CNY").note.startswith(f"{new / 'matches.csv'}: ")


@pytest.mark.parametrize("piece", [400, 1 << 10, 1 << 20])
def test_the_quick_comparison_finds_what_a_plain_one_finds(table, monkeypatch: pytest.MonkeyPatch, piece: int) -> None:
    """Matches of one to many lines, cut anywhere by the ends of the pieces; every third is new or said otherwise."""
    rows = [(f"40269{n:014}", f"{n + 1}.00", f"2026-10-{1 + n % 28:02}") for n in range(60)]
    before = reconciled(shop(*rows), wallet(*rows))
    other = [(number, amount if n % 3 else "1000.00", day) for n, (number, amount, day) in enumerate(rows)]
    after = reconciled(shop(*other), wallet(*rows[:40]), wallet(*rows[40:], name="b.csv", line=40, proven=False))
    monkeypatch.setattr(earlier, "_PIECE", piece)
    lost = said(before) - said(after)
    found = differing(table(before), after, match_ids(after)).to_pylist()
    assert {tuple(row[name] for name in COLUMNS[:5]) for row in found} == lost
    assert len(found) == 2 * len(lost) > 40


@pytest.mark.parametrize("harm", ["empty", "no end", "other columns", "fewer cells"])
def test_a_file_that_is_damaged(small: Case, table, harm: str) -> None:
    result = small.outcome()
    file = table(result)
    text = file.read_text(encoding="utf-8")
    damaged = {
        "empty": "", "no end": text[:-1], "other columns": text.replace("basis", "reason", 1),
        "fewer cells": text.replace(",proved,", ","),
    }  # fmt: skip
    file.write_text(damaged[harm], encoding="utf-8")
    with pytest.raises(WorkspaceFault, match="what changed cannot be told"):
        differing(file, result, match_ids(result))
