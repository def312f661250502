"""Which days the files of each account cover: told stretch by stretch, worked out by hand and day by day."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recon import intake, pipeline
from recon.channels.spec import load_specs
from recon.cli.settings import settings as configured
from recon.config.rules import rules_of
from recon.errors import Fault
from recon.ledger.days import date_of, day_number
from recon.ledger.outcome import Outcome
from recon.ledger.statement import Unread
from recon.ledger.stretch import (
    BROKEN,
    CARRIED,
    COVERED,
    CUT,
    EMPTY,
    MISSING,
    NOT_YET,
    QUIET,
    REPEATED,
    WITHOUT_FILE,
    Stretch,
)
from tests.breaks.ledgers import FACTS, File, rules, run

CASES = Path(__file__).parents[2] / "samples" / "cases"


def day(number: int) -> str:
    return f"2026-10-{number:02}"


def told(outcome: Outcome, account: str | None = None) -> list[tuple[str, int, int]]:
    """State, first and last day of October."""
    mine = [s for s in outcome.stretches if account in (None, s.account)]
    return [(s.state, s.first - day_number(date(2026, 9, 30)), s.last - day_number(date(2026, 9, 30))) for s in mine]


def bill(number: int, *orders: str, last: int | None = None, **more: str) -> File:
    """A daily bill of WeChat Pay that states its day."""
    file = File("wechatpay.trade", first=day(number), last=day(last or number), **more)
    for order in orders:
        file.payment(order, "10.00", day(number))
    return file


def only(outcome: Outcome, state: str) -> Stretch:
    (found,) = [s for s in outcome.stretches if s.state == state]
    return found


def test_the_broken_files_case_as_worked_out_by_hand() -> None:
    config = configured(None)
    reading = intake.read([CASES / "broken-files" / "inbox"], config=config, progress=lambda *_: None)
    terms = rules_of(config, {name: spec.facts() for name, spec in load_specs().items()}, None, None, None)
    outcome = pipeline.reconcile(reading.entries, reading.statements, reading.unread, terms)
    shown = [
        (s.account, s.book, s.state, str(date_of(s.first)), str(date_of(s.last)), s.entries, s.opening, s.closing,
         s.chain, s.cause, s.reach_rows, s.reach_amount)
        for s in outcome.stretches
    ]  # fmt: skip
    alipay, bank, orders = "2088330000000033", "1202021209900123456", "generic.orders:default"
    assert shown == [
        (orders, "", COVERED, day(5), day(7), 3, None, None, "none", "", None, None),
        (orders, "", NOT_YET, day(8), day(10), 0, None, None, "none", "", None, None),
        # The foot counts three incomes of 329.00, the rows are two: order Q1003 of 99.00 waits.
        (alipay, "cash", CUT, day(1), day(10), 4, 50000, 72862, "ok", "file_cut", 1, 9900),
        # 10,300.00 less nothing is 10,100.00: the rows between are not there.
        (bank, "", BROKEN, day(5), day(9), 5, 1060000, 1000000, "broken", "rows_missing", 2, 30000),
        (bank, "", NOT_YET, day(10), day(10), 0, None, None, "none", "", None, None),
    ]  # fmt: skip
    ids = set(outcome.findings["break_id"])
    assert {s.break_id for s in outcome.stretches if s.break_id} == ids
    assert len(ids) == 2


def test_daily_bills_are_one_stretch_with_an_empty_day_and_a_hole_told_apart() -> None:
    orders = File("shop.orders").order("N00000005", "10.00", day(5))
    files = [bill(1, "N00000001"), bill(2, "N00000002"), bill(3), bill(4, "N00000004"), bill(6, "N00000006")]
    outcome = run(orders, *files, as_of=day(7))
    assert told(outcome, "1900000109") == [
        (COVERED, 1, 2), (EMPTY, 3, 3), (COVERED, 4, 4), (MISSING, 5, 5), (COVERED, 6, 6), (NOT_YET, 7, 7),
    ]  # fmt: skip
    hole = only(outcome, MISSING)
    finding = outcome.findings[outcome.findings["code"] == "missing_file"].iloc[0]
    assert (hole.break_id, hole.reach_rows, hole.reach_amount) == (finding["break_id"], 1, 1000)
    assert [len(s.files) for s in outcome.stretches if s.account == "1900000109"] == [2, 1, 1, 0, 1, 0]


def test_a_day_that_two_files_hold_is_repeated() -> None:
    longer = bill(2, "N00000002", last=4, name="longer").payment("N00000003", "10.00", day(3))
    outcome = run(bill(1, "N00000001"), bill(2, "N00000002"), longer, as_of=day(4))
    assert told(outcome) == [(COVERED, 1, 1), (REPEATED, 2, 2), (COVERED, 3, 4)]
    assert (only(outcome, REPEATED).repeated, len(only(outcome, REPEATED).files)) == (1, 2)


def test_two_files_that_share_a_day_and_no_row_repeat_nothing() -> None:
    first = File("wechatpay.trade", name="a").payment("N00000001", "10.00", day(1)).payment("N2", "1.00", day(2))
    second = File("wechatpay.trade", name="b").payment("N00000003", "10.00", day(2)).payment("N4", "1.00", day(3))
    outcome = run(first, second, as_of=day(3))
    assert told(outcome) == [(COVERED, 1, 3)]
    assert outcome.stretches[0].files == ("a", "b")


def test_a_copy_of_a_file_repeats_its_days() -> None:
    outcome = run(bill(1, "N00000001"), bill(2, "N00000002"), as_of=day(2))
    copied = outcome.statements[1]
    copy = Unread(
        "again.csv", copied.sha256, "ignored copy", Fault("again.csv", 0, "", "", "a copy", "take it away"), rows=1
    )
    again = pipeline.reconcile(outcome.entries, outcome.statements, [copy], rules(day(2), FACTS))
    assert told(again) == [(COVERED, 1, 1), (REPEATED, 2, 2)]
    assert again.stretches[1].files == ("again.csv", copied.file)


def test_a_bank_file_that_a_better_one_tells_covers_nothing_of_its_own() -> None:
    better = File("bank").row("receipt", "5.00", day(1)).row("receipt", "6.00", day(3))
    copy = File("bank", "0001").row("receipt", "5.00", day(1), book="copy").row("receipt", "6.00", day(2), book="copy")
    outcome = run(better, copy, as_of=day(3))
    assert told(outcome, "6222000000000001") == [(COVERED, 1, 3)]
    assert told(outcome, "0001") == [(REPEATED, 1, 2)]
    assert only(outcome, REPEATED).repeated == 2


def test_balances_that_carry_on_close_a_gap_and_a_jump_begins_a_stretch() -> None:
    def month(first: int, last: int, opening: str, closing: str) -> File:
        file = File("bank", first=day(first), last=day(last), opening=opening, closing=closing)
        return file.row("receipt", "5.00", day(first), memo=f"{first}")

    files = month(1, 5, "0.00", "5.00"), month(6, 8, "5.00", "10.00"), month(11, 12, "10.00", "15.00")
    outcome = run(*files, month(13, 14, "22.00", "27.00"), as_of=day(14))
    assert told(outcome) == [(COVERED, 1, 8), (CARRIED, 9, 10), (COVERED, 11, 12), (COVERED, 13, 14)]
    shown = [(s.opening, s.closing, s.jump, s.chain) for s in outcome.stretches]
    assert shown == [
        (0, 1000, None, "ok"), (None, None, None, "none"), (1000, 1500, 0, "ok"), (2200, 2700, 700, "broken"),
    ]  # fmt: skip


def test_days_that_both_books_of_an_account_lack_are_missing_in_both_and_one_finding() -> None:
    fund = [File("wechatpay.fundflow", first=day(n), last=day(n), opening="0.00", closing="0.00") for n in (1, 2)]
    fund.append(File("wechatpay.fundflow", first=day(5), last=day(5), opening="9.00", closing="9.00"))
    trade = [bill(n, f"N{n:08}") for n in (1, 2, 3, 5)]
    outcome = run(*trade, *fund, as_of=day(5))
    missing = [s for s in outcome.stretches if s.state == MISSING]
    assert [(s.book, date_of(s.first), date_of(s.last)) for s in missing] == [
        ("cash", date(2026, 10, 3), date(2026, 10, 4)), ("trade", date(2026, 10, 4), date(2026, 10, 4)),
    ]  # fmt: skip
    assert {s.break_id for s in missing} == set(
        outcome.findings[outcome.findings["code"] == "missing_file"]["break_id"]
    )


def test_days_without_a_file_that_are_no_longer_than_the_account_is_quiet_are_none_that_are_missed() -> None:
    first = File("wechatpay.trade", name="a").payment("N00000001", "10.00", day(1)).payment("N2", "1.00", day(5))
    outcome = run(first, File("wechatpay.trade", name="b").payment("N00000003", "10.00", day(8)), as_of=day(8))
    assert told(outcome) == [(COVERED, 1, 5), (QUIET, 6, 7), (COVERED, 8, 8)]


def test_a_file_without_rows_and_without_a_period_is_told_without_days() -> None:
    outcome = run(bill(1, "N00000001"), File("bank"), as_of=day(1))
    (bank,) = [s for s in outcome.stretches if s.side == "bank"]
    assert (bank.state, bank.first, bank.last, bank.entries, len(bank.files)) == (EMPTY, bank.last, bank.first, 0, 1)


@settings(max_examples=80)
@given(spans=st.lists(st.tuples(st.integers(1, 12), st.integers(0, 4), st.booleans()), min_size=1, max_size=7))
def test_every_day_is_told_once_and_as_its_files_say(spans: list[tuple[int, int, bool]]) -> None:
    files = []
    for number, (first, more, some) in enumerate(spans):
        file = File("wechatpay.trade", name=f"{number}", first=day(first), last=day(first + more))
        files.append(file.payment(f"N{number:08}", "10.00", day(first)) if some else file)
    if not any(some for *_, some in spans):
        files[0].payment("N99999999", "10.00", day(spans[0][0]))
        spans = [(*spans[0][:2], True), *spans[1:]]
    outcome = run(*files, as_of=day(20))
    seen: dict[int, tuple[str, set[str]]] = {}
    for state, first, last in told(outcome):
        for one in range(first, last + 1):
            assert one not in seen
            seen[one] = state, set()
    assert sorted(seen) == list(range(min(first for first, *_ in spans), 21))
    for one, (state, _) in seen.items():
        holders = [some for first, more, some in spans if first <= one <= first + more]
        if not holders:
            assert state in WITHOUT_FILE
        elif any(holders):
            assert state == COVERED
        else:
            assert state == EMPTY
    for stretch in outcome.stretches:
        held = {f"{n}" for n, (first, more, _) in enumerate(spans)
                if day_number(date(2026, 9, 30)) + first <= stretch.last
                and day_number(date(2026, 9, 30)) + first + more >= stretch.first}  # fmt: skip
        assert set(stretch.files) == held
    assert sum(stretch.entries for stretch in outcome.stretches) == len(outcome.entries)


@pytest.mark.parametrize("case", ["taobao-alipay-bank", "douyin", "wechat-shop"])
def test_holes_are_those_that_breaks_tell(case: str) -> None:
    config = configured(None)
    reading = intake.read([CASES / case / "inbox"], config=config, progress=lambda *_: None)
    terms = rules_of(config, {name: spec.facts() for name, spec in load_specs().items()}, None, None, None)
    outcome = pipeline.reconcile(reading.entries, reading.statements, reading.unread, terms)
    missing = outcome.findings[outcome.findings["code"] == "missing_file"]
    assert len(missing) > 0
    assert sorted(s.break_id for s in outcome.stretches if s.state == MISSING) == sorted(missing["break_id"])
