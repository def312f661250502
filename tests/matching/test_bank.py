"""Payouts and the bank: by number, by day, by payer and amount; what contradicts, what waits, what is only suggested.

Windows: Alipay, the fund bill and batches arrive within 0..3 working days, the foot of a trade bill on the next day.
"""

from typing import Any

import pytest

from recon.ledger.outcome import GATEWAY_BANK, PAYOUT, Outcome
from recon.ledger.statement import Statement
from recon.matching.tolerance import Tolerance
from recon.outputs.conservation import prove
from tests.ledger.make import (
    ALI,
    BANK,
    BATCH,
    FUND,
    NUMBER,
    TRADE,
    Row,
    credit,
    excluded,
    findings,
    matches,
    pay,
    payout,
    refund,
    row,
    run,
    statement,
    waiting,
)  # fmt: skip

MONTH = ("10-01", "10-31")
ZFB, CFT = "支付宝(中国)网络技术有限公司", "财付通支付科技有限公司"
Match = tuple[str, str, str, int]
LONG = "20261008000001"
LACKING = ("missing_payout", 500, 0)
NAMED: Match = ("by-payer-and-amount", "proved", "unique", 2)


def bank(*lines: Row, **more: Any) -> Statement:
    return statement(BANK, list(lines), **{"period": MONTH} | more)


def alipay(*rows: Row, **more: Any) -> Statement:
    return statement(ALI, list(rows), period=MONTH, **more)


def leg(*files: Statement, **more: Any) -> Outcome:
    outcome = run(*files, **more)
    prove(outcome)
    return outcome


def said(outcome: Outcome) -> tuple[list[Match], list[tuple[str, int, int]]]:
    return matches(outcome, GATEWAY_BANK), findings(outcome)


@pytest.mark.parametrize(
    ("on", "proved", "late"),
    [
        ("10-08", True, False),  # the earliest is the day itself
        ("10-12", True, False),  # third working day; Saturday the tenth makes up for the holiday
        ("10-13", True, True),  # a day over: late, up to fifteen working days after due
        ("11-02", True, True),
        ("11-03", False, False),
        ("10-07", False, False),
    ],
)
def test_a_payer_and_an_amount_in_the_window(on: str, proved: bool, late: bool) -> None:
    lines = bank(credit(500, on, ZFB), period=("10-01", "11-30"))
    outcome = leg(alipay(payout(500, "10-08")), lines, as_of="11-30")
    if proved:
        assert said(outcome) == ([NAMED], [])
        assert (("late_settlement", 500, 500) in findings(outcome, information=True)) is late
    else:
        assert said(outcome)[0] == []
        assert ("missing_payout", 500, 0) in findings(outcome)


@pytest.mark.parametrize(
    ("as_of", "until", "expected"),
    [
        ("10-11", "10-31", [("payout", -500, "inside the window", "0–3 working days (CN) after the payout")]),
        ("10-12", "10-31", []),
        ("10-12", "10-11", [("payout", -500, "beyond the files", "0–3 working days (CN) after the payout")]),
    ],
)
def test_a_payout_is_missing_on_its_due_day_where_the_bank_covers_it(
    as_of: str, until: str, expected: list[tuple[str, int, str, str]]
) -> None:
    outcome = leg(alipay(payout(500, "10-08")), bank(period=("10-01", until)), as_of=as_of)
    assert waiting(outcome, GATEWAY_BANK) == expected
    assert findings(outcome) == ([] if expected else [("missing_payout", 500, 0)])


def test_a_credit_after_as_of_clears_a_payout_in_transit() -> None:
    outcome = leg(alipay(payout(500, "10-08")), bank(credit(500, "10-09", ZFB)), as_of="10-08")
    assert waiting(outcome) == [("payout", -500, "inside the window", "cleared on 2026-10-09")]
    assert excluded(outcome) == [("receipt", 500, "after as_of", "")]


@pytest.mark.parametrize(
    ("text", "amounts", "expected"),
    [
        ("ref 20261008000001", [500], ([("by-number", "proved", "key", 2)], [])),
        ("流水20261008000001 to account", [200, 300], ([("by-number", "proved", "key", 3)], [])),
        ("20261008000001", [499], ([], [("payout_mismatch", 500, 499)])),
        ("NEFT-PAYER-20261008000001", [500], ([("by-number", "proved", "key", 2)], [])),
        ("120261008000001", [500], None),  # a longer number is another number
    ],
)
def test_an_explicit_number(text: str, amounts: list[int], expected: Any) -> None:
    lines = bank(*(credit(amount, "10-30", text, line=f"l{n}") for n, amount in enumerate(amounts)))
    outcome = leg(alipay(payout(500, "10-08", batch="20261008000001")), lines)
    assert said(outcome)[0] == [] if expected is None else said(outcome) == expected


@pytest.mark.parametrize(("on", "late"), [("10-12", False), ("10-13", True), ("10-31", True)])
def test_a_number_or_a_day_proves_and_may_be_late(on: str, late: bool) -> None:
    outcome = leg(alipay(payout(500, "10-08", batch=LONG)), bank(credit(500, on, LONG)))
    assert said(outcome) == ([("by-number", "proved", "key", 2)], [])
    assert (("late_settlement", 500, 500) in findings(outcome, information=True)) is late


@pytest.mark.parametrize(
    ("second", "expected"),
    [
        # the same line again: booked twice by the bank; the window pass gives it to no other payout
        (credit(500, "10-09", LONG, line="b"), ([("by-number", "proved", "key", 2)], [("missing_payout", 500, 0)])),
        (credit(500, "10-10", LONG, line="b"), ([], [("missing_payout", 500, 0), ("payout_mismatch", 500, 1000)])),
        (credit(400, "10-09", LONG, line="b"), ([], [("missing_payout", 500, 0), ("payout_mismatch", 500, 900)])),
    ],
)
def test_a_credit_that_the_bank_books_twice(second: Row, expected: Any) -> None:
    sent = alipay(payout(500, "10-08", batch=LONG, line="x"), payout(500, "10-08", line="y"))
    outcome = leg(sent, bank(credit(500, "10-09", LONG, line="a", counterparty=ZFB), second | {"counterparty": ZFB}))
    named, found = said(outcome)
    assert (named, [one for one in found if one[0] != "unknown_receipt"]) == expected
    doubled = outcome.findings[outcome.findings["code"] == "unknown_receipt"]
    assert doubled["cause"].tolist() == (["duplicate"] if named else [])


@pytest.mark.parametrize(
    ("received", "text", "match", "found"),
    [
        (450, LONG, [("by-number", "proved", "key", 2)], []),
        (550, LONG, [("by-number", "proved", "key", 2)], []),
        (449, LONG, [], [("payout_mismatch", 500, 449)]),
        (450, ZFB, [], [("payout_mismatch", 500, 450)]),  # payer and day are no number: no tolerance
    ],
)
def test_the_named_tolerance_is_for_numbers(received: int, text: str, match: list[Match], found: Any) -> None:
    outcome = leg(
        alipay(payout(500, "10-20", batch=LONG)), bank(credit(received, "10-21", text)), tolerance=Tolerance(50)
    )
    assert said(outcome) == (match, found)
    lines = outcome.matches[outcome.matches["leg"] == GATEWAY_BANK]
    assert lines["residual"].tolist() == [500 - received] * len(match)
    assert lines["residual_reason"].tolist() == ["tolerance"] * len(match)
    said_so = f"payout = credit 5.00; residual {'-' * (received > 500)}0.50"
    assert lines["explanation"].tolist() == [said_so] * len(match)


def test_payouts_that_share_a_number_are_one_sum() -> None:
    rows = [
        payout(200, "10-08", batch="20261008000001", line="x"),
        payout(300, "10-08", batch="20261008000001", line="y"),
    ]
    assert said(leg(alipay(*rows), bank(credit(500, "10-09", "20261008000001")))) == (
        [("by-number", "proved", "key", 3)], [],
    )  # fmt: skip
    assert said(leg(alipay(*rows), bank(credit(499, "10-09", "20261008000001")))) == (
        [],
        [("payout_mismatch", 500, 499)],
    )


def test_a_number_ties_two_currencies_and_nothing_else_does() -> None:
    outcome = leg(
        alipay(payout(500, "10-08", batch="20261008000001")),
        bank(credit(500, "10-09", "20261008000001", currency="USD")),
    )
    assert said(outcome)[0] == [("by-number", "proved", "key", 2)]
    nameless = leg(alipay(payout(500, "10-08")), bank(credit(500, "10-09", ZFB, currency="USD")))
    assert said(nameless)[0] == []


@pytest.mark.parametrize(
    ("sent", "received", "expected"),
    [
        # equal in amount and day: a pool
        (["10-08", "10-08"], ["10-09", "10-09"], ([("by-payer-and-amount", "pool", "structure", 4)], [])),
        # balanced on several days: suggested; unbalanced: ambiguous
        (["10-08", "10-09"], ["10-09", "10-10"], ([], [("suggested", 1000, 1000)])),
        (["10-08", "10-09"], ["10-10"], ([], [("ambiguous", 1000, 500)])),
        (["10-08"], ["10-08", "10-09"], ([], [("ambiguous", 500, 1000)])),
        # far enough apart: two pairs
        (["10-08", "10-20"], ["10-09", "10-21"], ([NAMED, NAMED], [])),
    ],
)  # fmt: skip
def test_equal_amounts(sent: list[str], received: list[str], expected: Any) -> None:
    outcome = leg(
        alipay(*(payout(500, on, line=f"w{n}") for n, on in enumerate(sent))),
        bank(*(credit(500, on, ZFB, line=f"c{n}") for n, on in enumerate(received))),
    )
    assert said(outcome) == expected


POOL: Match = ("by-payer-and-amount", "pool", "structure", 4)


@pytest.mark.parametrize(
    ("texts", "on", "as_of", "expected"),
    [
        ((ZFB, "MISC"), "10-21", "10-31", ([POOL], [])),  # one text of two names the payer
        (("MISC", "MISC"), "10-21", "10-31", ([], [("suggested", 1000, 1000)])),  # none does
        ((ZFB, CFT), "10-21", "10-31", ([], [("ambiguous", 1000, 500)])),  # one contradicts
        ((ZFB, "MISC"), "10-22", "10-31", ([], [("ambiguous", 1000, 500)])),  # not of one day
        ((ZFB, "MISC"), "10-21", "10-21", ([], [])),  # the window is still open
    ],
)
def test_a_pool_of_which_only_some_texts_name_the_payer(
    texts: tuple[str, str], on: str, as_of: str, expected: Any
) -> None:
    sent = alipay(payout(500, "10-20", line="x"), payout(500, "10-20", line="y"))
    named, found = said(leg(sent, bank(credit(500, "10-21", texts[0]), credit(500, on, texts[1])), as_of=as_of))
    assert (named, [one for one in found if one[0] != "unknown_receipt"]) == expected


def test_equal_amounts_of_two_accounts_of_one_payer_are_no_pool() -> None:
    files = [alipay(payout(500, "10-08"), account=n, file=n) for n in ("1", "2")]
    outcome = leg(*files, bank(credit(500, "10-09", ZFB, line="a"), credit(500, "10-09", ZFB, line="b")))
    assert said(outcome) == ([], [("suggested", 1000, 1000)])


def test_an_open_window_names_its_candidates_and_waits() -> None:
    outcome = leg(
        alipay(payout(500, "10-27", line="a"), payout(500, "10-29", line="b")),
        bank(credit(500, "10-29", ZFB), period=("10-01", "11-30")),
        as_of="10-30",
    )
    assert findings(outcome) == []
    assert {(kind, rule) for kind, _, _, rule in waiting(outcome, GATEWAY_BANK)} == {
        ("payout", "2026-10-29 5.00"), ("receipt", "2026-10-27 5.00; 2026-10-29 5.00"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ([], [("suggested", 500, 500)])),  # a text that names nobody
        ("某公司", ([], [("suggested", 500, 500)])),
        (CFT, ([], [("missing_payout", 500, 0)])),  # another channel's payer is never paired
    ],
)
def test_texts_that_do_not_name_the_payer(text: str, expected: Any) -> None:
    outcome = leg(alipay(payout(500, "10-08")), bank(credit(500, "10-09", text)))
    assert said(outcome) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("RTGS/shop pay/settlement", ([NAMED], [])),  # as recon.yaml calls the account, a word of its own
        ("SHOP PAYMENTS", ([], [("suggested", 500, 500)])),
        ("OTHER PAY", ([], [("missing_payout", 500, 0)])),  # another wallet's name is never paired
    ],
)
def test_a_text_that_carries_the_name_of_a_wallet_names_it(text: str, expected: Any) -> None:
    files = [
        alipay(payout(500, "10-08"), account="SHOP PAY", file="a"),
        alipay(payout(700, "10-08"), account="OTHER PAY", file="b"),
    ]
    outcome = leg(*files, bank(credit(500, "10-09", text), credit(700, "10-09", "OTHER PAY")))
    named, found = said(outcome)
    named.remove(NAMED)
    assert (named, [one for one in found if one[0] != "unknown_receipt"]) == expected


@pytest.mark.parametrize(
    ("sent", "received", "expected"),
    [
        ([500], [495], ([], [("payout_mismatch", 500, 495)])),
        # not the sole payout, or not the sole credit
        (
            [500, 700],
            [495],
            ([], [("missing_payout", 500, 0), ("missing_payout", 700, 0), ("unknown_receipt", 0, 495)]),
        ),
        ([500], [495, 7], ([], [("missing_payout", 500, 0), ("unknown_receipt", 0, 7), ("unknown_receipt", 0, 495)])),
    ],
)
def test_the_sole_payout_and_the_sole_credit_of_its_payer(sent: list[int], received: list[int], expected: Any) -> None:
    outcome = leg(
        alipay(*(payout(a, "10-20", line=f"w{a}") for a in sent)),
        bank(*(credit(a, "10-21", ZFB, line=f"c{a}") for a in received)),
    )
    assert said(outcome) == expected


@pytest.mark.parametrize(
    ("on", "numbers", "basis"),
    [("10-09", (None, None), "unique"), ("10-23", (None, None), "unique"), ("10-24", (None, None), None),
     ("10-30", ("W20261008", "W20261008"), "key")],
)  # fmt: skip
def test_a_returned_payout_nets(on: str, numbers: tuple[str | None, str | None], basis: str | None) -> None:
    rows = [payout(500, "10-08", batch=numbers[0], line="out"), payout(-500, on, batch=numbers[1], line="in")]
    outcome = leg(alipay(*rows), bank())
    if basis:
        assert said(outcome) == ([("returned_payout", "proved", basis, 2)], [])
    else:
        assert said(outcome) == ([], [("missing_payout", 500, 0)])


def test_a_return_that_could_be_of_two_payouts_nets_with_none() -> None:
    rows = [payout(500, "10-08", line="a"), payout(500, "10-09", line="b"), payout(-500, "10-10", line="c")]
    outcome = leg(alipay(*rows), bank(credit(500, "10-09", ZFB)))
    assert ("returned_payout", "proved", "unique", 2) not in matches(outcome)


def trade(*rows: Row) -> Statement:
    return statement(TRADE, list(rows), period=MONTH)


def text(mmdd: str, account: str = NUMBER[TRADE]) -> str:
    return f"{CFT} {mmdd}_{account}"


FEET = [pay("A", 100, "10-08"), row("fee", -1, "10-08", order="A"), pay("B", 50, "10-09")]


def test_the_text_names_the_day_after_the_trade() -> None:
    lines = bank(credit(99, "10-09", text("1009")), credit(50, "10-10", text("1010")))
    assert said(leg(trade(*FEET), lines)) == (
        [("by-day", "proved", "structure", 2), ("by-day", "proved", "structure", 3)], [],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("amount", "expected"),
    [(98, ([("by-day", "proved", "structure", 3)], [])), (97, ([], [("payout_mismatch", 99, 97)]))],
)
def test_the_named_tolerance_is_for_days_in_the_text(amount: int, expected: Any) -> None:
    assert said(leg(trade(*FEET[:2]), bank(credit(amount, "10-09", text("1009"))), tolerance=Tolerance(1))) == expected


@pytest.mark.parametrize(("on", "late"), [("10-09", False), ("10-10", True)])
def test_the_foot_of_a_day_comes_on_the_next_one(on: str, late: bool) -> None:
    outcome = leg(trade(*FEET[:2]), bank(credit(99, on, text("1009"))))
    assert said(outcome) == ([("by-day", "proved", "structure", 3)], [])
    assert (("late_settlement", 99, 99) in findings(outcome, information=True)) is late


@pytest.mark.parametrize(
    ("line", "match", "found"),
    [
        (credit(98, "10-09", text("1009")), [], [("missing_payout", 50, 0), ("payout_mismatch", 99, 98)]),
        # another day, another account, another currency: never paired, though amount and payer fit
        (credit(99, "10-09", text("1011")), [], [("missing_payout", 50, 0), ("missing_payout", 99, 0)]),
        (credit(99, "10-09", text("1009", "1900000208")), [], [("missing_payout", 50, 0), ("missing_payout", 99, 0)]),
        (credit(99, "10-09", text("1009"), currency="USD"), [], [("missing_payout", 50, 0), ("missing_payout", 99, 0)]),
    ],
)
def test_a_day_in_the_text_that_contradicts(line: Row, match: list[Match], found: list[tuple[str, int, int]]) -> None:
    outcome = leg(trade(*FEET), bank(line))
    assert matches(outcome, GATEWAY_BANK) == match
    assert [f for f in findings(outcome) if f[0] != "unknown_receipt"] == found


def test_credits_of_days_before_the_files_are_left_out_once() -> None:
    """Amount and payer fit the foot of the next day: the text says that it is another one."""
    outcome = leg(trade(*FEET), bank(credit(99, "10-09", text("1008")), credit(7, "10-09", text("1008", "1900000777"))))
    assert excluded(outcome, GATEWAY_BANK) == [
        ("receipt", 7, "no payout record", ""), ("receipt", 99, "before the files", ""),
    ]  # fmt: skip


@pytest.mark.parametrize(("back", "expected"), [(100, "0"), (150, "0"), (99, "1")])
def test_a_foot_that_is_not_positive_is_carried_on(back: int, expected: str) -> None:
    """100 on the 8th less the refund; the rest goes with the 9th."""
    rows = [pay("A", 100, "10-08"), refund("B", back, "10-08"), pay("C", 80, "10-09")]
    foot = 80 + 100 - back
    lines = bank(credit(foot, "10-10", text("1010")))
    outcome = leg(trade(*rows), lines)
    if expected == "0":
        assert said(outcome) == ([("by-day", "proved", "structure", 4)], [])
    else:
        assert ("missing_payout", 1, 0) in findings(outcome)


def test_what_is_carried_on_at_the_end_is_not_due() -> None:
    outcome = leg(trade(refund("A", 10, "10-08")), bank())
    assert waiting(outcome, GATEWAY_BANK) == [("refund", -10, "not due", "carried on")]


def test_feet_of_two_currencies_are_two() -> None:
    rows = [pay("A", 100, "10-08"), pay("B", 100, "10-08", currency="JPY")]
    outcome = leg(
        trade(*rows), bank(credit(100, "10-09", text("1009")), credit(100, "10-09", text("1009"), currency="JPY"))
    )
    assert said(outcome) == ([("by-day", "proved", "structure", 2)] * 2, [])


def test_a_cash_book_with_withdrawals_takes_the_place_of_the_feet() -> None:
    fund = statement(FUND, [pay("A", 100, "10-08"), payout(90, "10-09")], account=NUMBER[TRADE], period=MONTH)
    outcome = leg(trade(pay("A", 100, "10-08")), fund, bank(credit(90, "10-10", CFT)))
    assert said(outcome) == ([NAMED], [])
    assert {"payment"} == {kind for kind, _, _, _ in waiting(outcome)}  # of the order leg: there is no list


def test_a_year_in_the_text_is_the_nearest() -> None:
    rows = statement(TRADE, [pay("A", 100, "2026-12-31")], period=("2026-12-01", "2026-12-31"))
    lines = bank(credit(100, "2027-01-01", text("0101")), period=("2026-12-01", "2027-01-31"))
    assert said(leg(rows, lines)) == ([("by-day", "proved", "structure", 2)], [])


def batch(*rows: Row) -> Statement:
    return statement(BATCH, list(rows), period=MONTH)


B1 = "B2026100801"
LINES = [pay("A", 100, "10-08", batch=B1), row("fee", -2, "10-08", order="A", batch=B1)]


def test_a_batch_foots_to_its_payout_and_reaches_the_bank() -> None:
    outcome = leg(batch(*LINES, payout(98, "10-08", batch=B1)), bank(credit(98, "10-09", f"PAYCO {B1}")))
    assert matches(outcome, PAYOUT) == [("by-batch", "proved", "key", 3)]
    assert said(outcome) == ([("by-number", "proved", "key", 2)], [])


def test_a_batch_that_does_not_foot_is_a_gap() -> None:
    outcome = leg(batch(*LINES, payout(97, "10-08", batch=B1)), bank(credit(97, "10-09", f"PAYCO {B1}")))
    assert findings(outcome) == [("settlement_gap", 98, 97)]
    assert matches(outcome, PAYOUT) == []


def test_without_payout_rows_the_foot_of_a_batch_is_the_payout() -> None:
    assert said(leg(batch(*LINES), bank(credit(98, "10-09", f"PAYCO {B1}")))) == (
        [("by-number", "proved", "key", 3)], [],
    )  # fmt: skip
    assert said(leg(batch(*LINES), bank(credit(97, "10-09", f"PAYCO {B1}")))) == (
        [],
        [("payout_mismatch", 98, 97)],
    )


@pytest.mark.parametrize(("other", "proved"), [("UTR12345678", True), ("UTR99999999", False)])
def test_the_banks_own_number_names_a_batch_where_all_its_lines_print_it(other: str, proved: bool) -> None:
    lines = [LINES[0] | {"line_ref": "UTR12345678"}, LINES[1] | {"line_ref": other}]
    outcome = leg(batch(*lines), bank(credit(98, "10-30", "NEFT UTR12345678")))
    assert (matches(outcome, GATEWAY_BANK) == [("by-number", "proved", "key", 3)]) is proved


def test_nothing_is_paid_out_for_a_batch_below_zero_and_nothing_returned() -> None:
    lost = refund("B", 98, "10-09", batch="B2026100901")
    outcome = leg(batch(*LINES, lost), bank(credit(98, "10-09", f"PAYCO {B1}")))
    assert said(outcome) == ([("by-number", "proved", "key", 3)], [])
    assert ("refund", -98, "not due", "carried on") in waiting(outcome, GATEWAY_BANK)


@pytest.mark.parametrize(
    ("amount", "expected"),
    [(-98, ([("by-number", "proved", "key", 2)], [])), (-90, ([], [("payout_mismatch", -98, -90)]))],
)
def test_a_batch_below_zero_that_the_bank_takes_back_by_its_number(amount: int, expected: Any) -> None:
    lost = refund("B", 98, "10-09", batch="B2026100901")
    outcome = leg(batch(lost), bank(credit(amount, "10-10", "PAYCO B2026100901")))
    assert said(outcome) == expected
    assert waiting(outcome, GATEWAY_BANK) == []


@pytest.mark.parametrize("kind", ["fee", "interest", "tax", "transfer"])
def test_lines_known_by_their_text_are_left_out(kind: str) -> None:
    outcome = leg(bank(row(kind, -5, "10-09", memo="x"), row("disbursement", -6, "10-09", detail="salary")))
    assert excluded(outcome) == [("disbursement", -6, "salary", ""), (kind, -5, kind, "")]


def test_an_unproven_statement_proves_nothing() -> None:
    outcome = leg(alipay(payout(500, "10-08")), bank(credit(500, "10-09", ZFB), balance_chain="broken"))
    assert matches(outcome, GATEWAY_BANK) == [("by-payer-and-amount", "unproven", "unique", 2)]


NEAR = ([], [("suggested", 500, 500)])


@pytest.mark.parametrize(
    ("text", "amount", "expected"),
    [
        ("ref 20261008000010", 500, NEAR),  # swapped
        ("ref 2026100800001", 500, NEAR),  # dropped
        ("ref 20261008900001", 500, NEAR),
        ("ref 20261008", 500, NEAR),  # cut short, and no other row tells that this bank cuts
        ("ref 20261008000002", 500, None),  # the neighbouring number
        ("ref 20261008000010", 499, None),
    ],
)
def test_a_number_one_slip_off_is_suggested(text: str, amount: int, expected: Any) -> None:
    """Far outside the window: only the number tells."""
    outcome = leg(alipay(payout(500, "10-08", batch=LONG)), bank(credit(amount, "10-30", text)))
    assert said(outcome) == (expected or ([], [LACKING, ("unknown_receipt", 0, amount)]))


def test_a_damaged_number_that_fits_two_payouts_or_is_held_by_one_says_nothing() -> None:
    rows = [payout(500, "10-08", batch=LONG, line="a"), payout(500, "10-09", batch="20261008000100", line="b")]
    line = bank(credit(500, "10-30", "20261008000010"))
    assert matches(leg(alipay(*rows), line), GATEWAY_BANK) == []
    assert ("suggested", 500, 500) not in findings(leg(alipay(*rows), line))
    held = payout(900, "10-09", batch="20261008000010", line="c")
    assert ("suggested", 500, 500) not in findings(leg(alipay(rows[0], held), line))


CUT_AT_12 = "202610310012"


def test_numbers_cut_by_the_bank_at_one_length_are_keys_with_their_amounts() -> None:
    """Scenario 34: -A 3,200.00 and -B 4,100.00 behind the same twelve characters."""
    sent = alipay(
        payout(320000, "10-08", batch=f"{CUT_AT_12}-A", line="a"),
        payout(410000, "10-08", batch=f"{CUT_AT_12}-B", line="b"),
    )
    lines = bank(credit(410000, "10-30", CUT_AT_12, line="x"), credit(320000, "10-29", CUT_AT_12, line="y"))
    assert said(leg(sent, lines)) == ([("by-cut-number", "proved", "key", 2)] * 2, [])


def test_two_equal_amounts_behind_one_cut_number_are_ambiguous() -> None:
    sent = alipay(
        payout(320000, "10-08", batch=f"{CUT_AT_12}-A", line="a"),
        payout(320000, "10-08", batch=f"{CUT_AT_12}-B", line="b"),
    )
    lines = bank(credit(320000, "10-09", f"{ZFB} {CUT_AT_12}"))
    assert said(leg(sent, lines)) == ([], [("ambiguous", 640000, 320000)])


def test_a_longer_number_in_the_account_says_that_the_bank_does_not_cut_there() -> None:
    sent = alipay(
        payout(320000, "10-08", batch=f"{CUT_AT_12}-A", line="a"),
        payout(410000, "10-08", batch=f"{CUT_AT_12}-B", line="b"),
    )
    lines = bank(
        credit(410000, "10-30", CUT_AT_12, line="x"),
        credit(320000, "10-29", CUT_AT_12, line="y"),
        credit(1, "10-29", "20261031001234", line="z"),
    )
    assert matches(leg(sent, lines), GATEWAY_BANK) == []


SIX, FOUR, TEN = 600000, 400000, 1000000


@pytest.mark.parametrize(
    ("days", "text", "numbers", "expected"),
    [
        # scenario 30: the keys, or the days, or neither
        (("10-08", "10-09"), "W2026100801 W2026100901", ("W2026100801", "W2026100901"), "by-number"),
        (("10-08", "10-08"), ZFB, (None, None), "by-payer-and-day"),
        (("10-08", "10-09"), ZFB, (None, None), None),
        (("10-08", "10-08"), "某公司", (None, None), None),
    ],
)
def test_two_payouts_and_one_credit(
    days: tuple[str, str], text: str, numbers: tuple[str | None, str | None], expected: str | None
) -> None:
    sent = [
        payout(amount, on, batch=number, line=str(amount))
        for amount, on, number in zip((SIX, FOUR), days, numbers, strict=True)
    ]
    outcome = leg(alipay(*sent), bank(credit(TEN, "10-10", text)))
    if expected is None:
        assert said(outcome) == ([], [("suggested", TEN, TEN)])
    else:
        basis = "key" if expected == "by-number" else "structure"
        assert said(outcome) == ([(expected, "proved", basis, 3)], [])


@pytest.mark.parametrize(
    ("amounts", "received"),
    [
        ((SIX, FOUR, 700000, 300000), (TEN,)),  # two sums fit
        ((SIX, FOUR), (TEN, TEN)),  # two credits for one sum
        ((SIX, FOUR), (TEN + 1,)),
        ((SIX, FOUR), (TEN, FOUR)),  # one of them has its own credit
    ],
)
def test_a_sum_that_is_not_the_only_one_says_nothing(amounts: tuple[int, ...], received: tuple[int, ...]) -> None:
    sent = [payout(amount, f"10-{13 + n}", line=f"w{n}") for n, amount in enumerate(amounts)]
    outcome = leg(alipay(*sent), bank(*(credit(a, "10-16", "某公司", line=f"c{n}") for n, a in enumerate(received))))
    assert ("suggested", TEN, TEN) not in findings(outcome)
    assert matches(outcome, GATEWAY_BANK) == []


def test_a_sum_waits_while_a_window_is_open() -> None:
    sent = [payout(SIX, "10-29", line="a"), payout(FOUR, "10-30", line="b")]
    outcome = leg(alipay(*sent), bank(credit(TEN, "10-30", ZFB)), as_of="10-30")
    assert findings(outcome) == []
    assert {reason for _, _, reason, _ in waiting(outcome, GATEWAY_BANK)} == {"inside the window"}


def test_of_two_equal_credits_the_one_whose_words_meet_is_suggested() -> None:
    """Without words that meet, both stay candidates; the other credit never takes part."""
    texts = ("甲乙丙 货款", "杭州云帆贸易")
    sent = alipay(payout(500, "10-08", memo="提现 杭州云帆贸易有限公司"))
    lines = bank(*(credit(500, "10-09", text, line=text) for text in texts))
    assert said(leg(sent, lines)) == ([], [("suggested", 500, 500), ("unknown_receipt", 0, 500)])
    unsaid = alipay(payout(500, "10-08", memo="提现"))
    assert said(leg(unsaid, lines)) == ([], [("ambiguous", 500, 1000)])


def debit(amount: int, on: str, text: str) -> Row:
    return credit(-amount, on, text)


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([debit(800, "10-12", "嘉禾包装制品厂"), credit(800, "10-14", "嘉禾包装制品厂")], True),
        ([credit(800, "10-12", "嘉禾包装制品厂"), debit(800, "10-14", "嘉禾包装制品厂")], True),
        ([debit(800, "10-12", "嘉禾包装制品厂"), credit(800, "10-28", "嘉禾包装制品厂")], False),
        ([debit(800, "10-12", "嘉禾包装制品厂"), credit(801, "10-14", "嘉禾包装制品厂")], False),
        ([debit(800, "10-12", "嘉禾包装制品厂"), credit(800, "10-14", "天成广告公司")], False),
        ([debit(800, "10-12", ""), credit(800, "10-14", "")], False),
        ([debit(800, "10-12", "嘉禾包装制品厂"), credit(800, "10-14", "退汇")], True),
        ([debit(800, "10-12", "嘉禾包装制品厂"), credit(800, "10-12", "隔日冲账")], True),
        ([credit(800, "10-12", "天成广告公司"), debit(800, "10-13", "冲正")], True),
        ([debit(800, "10-12", "HARBOUR PACKAGING"), credit(800, "10-14", "RETURNED ITEM")], True),
        ([debit(800, "10-12", "退汇"), credit(800, "10-14", "天成广告公司")], False),
        ([debit(800, "10-12", "嘉禾包装制品厂"), credit(800, "10-28", "退汇")], False),
    ],
)
def test_two_bank_lines_that_cancel_are_no_findings(lines: list[Row], expected: bool) -> None:
    outcome = leg(bank(*lines))
    assert said(outcome)[0] == ([("netted", "proved", "text", 2)] if expected else [])
    assert len(said(outcome)[1]) == (0 if expected else 2)


def test_of_two_payments_a_return_cancels_the_one_that_it_names() -> None:
    paid = [debit(800, "10-12", "嘉禾包装制品厂"), debit(800, "10-13", "天成广告公司")]
    named = leg(bank(*paid, credit(800, "10-14", "退汇 天成广告公司")))
    assert said(named) == ([("netted", "proved", "text", 2)], [("unknown_debit", 0, -800)])
    unnamed = leg(bank(*paid, credit(800, "10-14", "退汇")))
    assert said(unnamed)[0] == []
    assert len(said(unnamed)[1]) == 3


def test_a_line_that_may_cancel_two_cancels_neither() -> None:
    name = "嘉禾包装制品厂"
    outcome = leg(bank(debit(800, "10-12", name), debit(800, "10-13", name), credit(800, "10-14", name)))
    assert said(outcome)[0] == []
    assert len(said(outcome)[1]) == 3
