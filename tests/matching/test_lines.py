"""Lines of a book and its bank: what proves, what only suggests, what contradicts; no order of rows changes it."""

from collections import Counter
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recon.matching.lines.board import LineMatch, Lines
from recon.matching.lines.match import match_lines
from tests.benchmarks.quality.bank_lines import BankSet, make
from tests.benchmarks.quality.bank_lines_run import as_lines, report

Line = tuple[int, int, str, str]
Said = tuple[tuple[int, ...], tuple[int, ...], str, str, str]


def lines(*rows: Line, block: int = 0) -> Lines:
    """Rows of day, amount, text and number."""
    day, amount = (np.array([row[n] for row in rows], dtype=np.int64) for n in (0, 1))
    return Lines(amount, day, np.full(len(rows), block), [row[2] for row in rows], [row[3] for row in rows])


def book(*rows: tuple[int, int, str] | Line) -> Lines:
    return lines(*((*row, "")[:4] for row in rows))


def said(left: Lines, right: Lines) -> list[Said]:
    return [(m.left, m.right, m.verdict, m.basis, m.rule) for m in match_lines(left, right)]


CHEQUE = (3, -500, "Meridian Services", "CHK-4518")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ((20, -500, "CHECK #0000004518"), ("proved", "key", "by-number")),
        ((20, -500, "CHECK 4581"), ("suggested", "near_key", "by-near-number")),
        ((20, -500, "CHECK 451"), ("suggested", "near_key", "by-near-number")),
        ((20, -500, "CHECK 4519"), None),  # the neighbour is another cheque
        ((20, -501, "CHECK 4518"), None),
        ((20, 500, "CHECK 4518"), None),
        ((4, -500, "MERIDIAN SVCS 4518"), ("proved", "key", "by-number")),
        ((4, -500, "ACH MERIDIAN SERV"), ("suggested", "unique", "by-amount")),  # one word of few lines is little
        ((4, -500, "ACH HARBOR REALTY"), ("suggested", "unique", "by-amount")),  # the book knows no such name
        ((4, -500, ""), ("suggested", "unique", "by-amount")),
        ((30, -500, ""), None),
    ],
)
def test_one_line_and_one_candidate(line: tuple[int, int, str], expected: tuple[str, str, str] | None) -> None:
    found = said(book(CHEQUE), book(line))
    assert found == ([((0,), (0,), *expected)] if expected else [])


def test_another_currency_or_account_is_no_candidate() -> None:
    assert match_lines(lines(CHEQUE), lines((3, -500, "CHECK 4518", ""), block=1)) == []


def test_a_number_that_another_line_holds_is_not_damaged() -> None:
    left = book(CHEQUE, (3, -900, "Apex Design", "CHK-4581"))
    found = said(left, book((9, -500, "CHECK 4581"), (9, -900, "CHECK 4581")))
    assert ((1,), (1,), "proved", "key", "by-number") in found
    assert "near_key" not in {basis for _, _, _, basis, _ in found}


def test_numbers_that_count_the_same_and_differ_contradict() -> None:
    """After five meetings of CHK with CHECK: equal amount and name, another cheque number."""
    left = [(1, -100 * n, f"Payee{n}", f"CHK-{5000 + 7 * n}") for n in range(1, 7)]
    right = [(2, -100 * n, f"CHECK {5000 + 7 * n}", "") for n in range(1, 7)]
    more = (2, -4242, "Zephyr Foods", "CHK-6001")
    same, other = (2, -4242, "CHECK 6001 ZEPHYR FOODS", ""), (2, -4242, "CHECK 7777 ZEPHYR FOODS", "")
    assert len(match_lines(lines(*left, more), lines(*right, same))) == 7
    assert len(match_lines(lines(*left, more), lines(*right, other))) == 6


def test_a_cheque_whose_number_the_bank_leaves_out_is_suggested_within_the_days_that_cheques_take() -> None:
    left = [(n, -100 * n, f"Payee{n}", f"CHK-{5000 + 7 * n}") for n in range(1, 7)]
    right = [(n + 15, -100 * n, f"CHECK {5000 + 7 * n}", "") for n in range(1, 7)]
    for lag, found in ((15, True), (16, False)):
        bare = (1 + lag, -4242, "CHECK PAID", "")
        matches = match_lines(lines(*left, (1, -4242, "Zephyr Foods", "CHK-6001")), lines(*right, bare))
        assert (matches[-1].rule == "by-bare-number") is found


#: Enough other lines that names are rare words.
REST = [(40, 7_000_000 + n, f"Name{n:04d} Kind{n:04d}") for n in range(300)]


def among(*rows: tuple[int, int, str]) -> Lines:
    return book(*rows, *REST)


def first(left: Lines, right: Lines, rows: int) -> list[Said]:
    """What is said of the first rows of the left."""
    return [m for m in said(left, right) if m[0] and m[0][0] < rows]


def test_equal_amounts_of_one_day_are_told_apart_by_their_text_alone() -> None:
    left = among((8, -550, "Johnson & Associates - legal retainer"), (8, -550, "K. Johnson Consulting Group - audit"))
    for texts in (("JOHNSON ASSOC", "K JOHNSON CONS GRP"), ("K JOHNSON CONS GRP", "JOHNSON ASSOC")):
        found = first(left, among(*((8, -550, text) for text in texts)), 2)
        right = [0, 1] if texts[0] == "JOHNSON ASSOC" else [1, 0]
        assert [(m[0][0], m[1][0]) for m in found] == [(0, right[0]), (1, right[1])]
        assert {m[2] for m in found} == {"proved"}


def test_days_do_not_tell_equal_payments_to_one_party_apart() -> None:
    left = among((3, 320, "Techflow Solutions"), (6, 320, "Techflow Solutions"))
    right = among((4, 320, "TECHFLOW SOLUTNS"), (7, 320, "TECHFLOW SOLUTNS"))
    assert first(left, right, 2) == [((0, 1), (0, 1), "pool", "text", "by-amount-and-text")]
    # three payments, two receipts of other days: which one is open cannot be known
    assert (
        first(
            among((3, 320, "Techflow Solutions"), (6, 320, "Techflow Solutions"), (5, 320, "Techflow Solutions")),
            right,
            3,
        )
        == []
    )


def test_far_apart_they_are_two_pairs() -> None:
    left = among((3, 320, "Techflow Solutions"), (25, 320, "Techflow Solutions"))
    right = among((3, 320, "TECHFLOW SOLUTNS"), (26, 320, "TECHFLOW SOLUTNS"))
    assert [m[:4] for m in first(left, right, 2)] == [
        ((0,), (0,), "proved", "unique"), ((1,), (1,), "proved", "unique"),
    ]  # fmt: skip


def test_a_look_alike_is_no_pair() -> None:
    """The bank names another party of the book; a name that the book does not know may be anybody's: suggested."""
    left = among((3, 320, "Techflow Solutions"), (30, 99, "Acme Medical"))
    assert first(left, among((3, 320, "ACME MEDICAL")), 1) == []
    assert first(left, among((3, 320, "LOZATRO")), 1) == [((0,), (0,), "suggested", "unique", "by-amount")]


@pytest.mark.parametrize(
    ("memo", "text", "expected"),
    [
        ("deposit slip 31200", "DEPOSIT 31200", ("proved", "key", "by-number-in-sum")),
        ("deposit", "DEPOSIT", ("proved", "structure", "sum-of-lines")),
        ("invoice", "LODGEMENT", ("suggested", "structure", "sum-of-lines")),
    ],
)
def test_a_deposit_of_several_receipts(memo: str, text: str, expected: tuple[str, str, str]) -> None:
    left = among((14, 120_011, f"Cascade {memo}"), (14, 87_513, f"Mountain {memo}"), (14, 150_029, f"Sterling {memo}"))
    assert first(left, among((15, 357_553, text)), 3) == [((0, 1, 2), (0,), *expected)]
    assert first(left, among((15, 357_554, text)), 3) == []


def test_a_sum_that_two_sets_have_is_no_sum() -> None:
    left = among(*((14, amount, f"P{amount} deposit") for amount in (100, 200, 150)), (14, 150, "Q deposit"))
    assert first(left, among((15, 300, "DEPOSIT")), 4) == []


@pytest.mark.parametrize(
    ("amount", "text", "expected"),
    [
        (74_975_00, "WIRE GLOBEX INDUSTRIES LESS FEE 25.00", ("proved", "text", "less-printed-fee")),
        (74_975_00, "WIRE GLOBEX INDUSTRIES", ("suggested", "text", "less-fee")),
        (74_945_00, "WIRE GLOBEX INDUSTRIES", None),
        (74_975_00, "WIRE ACME MEDICAL", None),
        (57_000_00, "WIRE GLOBEX INDUSTRIES", ("suggested", "text", "swapped-digits")),
        (70_500_00, "WIRE GLOBEX INDUSTRIES", ("suggested", "text", "swapped-digits")),
    ],
)
def test_a_fee_kept_back_and_swapped_digits(amount: int, text: str, expected: tuple[str, str, str] | None) -> None:
    found = match_lines(among((19, 75_000_00, "Globex Industries Ltd")), among((19, amount, text)))
    mine = [m for m in found if m.left == (0,)]
    if expected is None:
        assert mine == []
        return
    assert [(m.verdict, m.rule, m.residual) for m in mine] == [(expected[0], expected[2], amount - 75_000_00)]


def test_a_cheque_voided_and_written_anew() -> None:
    left = book(
        (5, -420, "Apex Design", "CHK-4515"),
        (10, 420, "VOID check 4515 Apex Design", "JE-12"),
        (12, -420, "Apex Design reissued", "CHK-4622"),
    )
    assert said(left, book((20, -420, "CHECK #4622"))) == [
        ((0, 1), (), "proved", "key", "cancelled-by-number"),
        ((2,), (0,), "proved", "key", "by-number"),
    ]


def test_a_reversal_that_the_bank_shows_too_is_two_pairs() -> None:
    left = among((5, -420, "Summit Supply AP-4403"), (7, 420, "Summit Supply reversal of AP-4403"))
    right = among((5, -420, "ACH SUMMIT SUPPLY"), (7, 420, "ACH SUMMIT SUPPLY"))
    assert [(m[0], m[1], m[2]) for m in first(left, right, 2)] == [((0,), (0,), "proved"), ((1,), (1,), "proved")]
    assert first(left, among(), 2) == [((0, 1), (), "proved", "key", "cancelled-by-number")]


def test_leftovers_that_cancel_without_a_number_are_suggested() -> None:
    left = among((5, -420, "Summit Supply"), (7, 420, "Summit Supply reversal"))
    assert first(left, among(), 2) == [((0, 1), (), "suggested", "unique", "cancelled")]


def test_nothing_to_match() -> None:
    assert match_lines(book(), book()) == match_lines(book(CHEQUE), book()) == match_lines(book(), book(CHEQUE)) == []


@cache
def small(seed: int) -> BankSet:
    return make(seed, noise=2, rows=200)


def contents(made: tuple[Lines, Lines], matches: list[LineMatch]) -> Counter[tuple[object, ...]]:
    """What the matches say, by what their rows print."""

    def printed(side: Lines, rows: tuple[int, ...]) -> tuple[tuple[int, int, str, str], ...]:
        return tuple(sorted((int(side.day[r]), int(side.amount[r]), side.text[r], side.number[r]) for r in rows))

    return Counter(
        (printed(made[0], m.left), printed(made[1], m.right), m.verdict, m.basis, m.rule, m.alternatives, m.residual)
        for m in matches
    )


def turned(side: Lines, order: np.ndarray) -> Lines:
    return Lines(
        side.amount[order],
        side.day[order],
        side.block[order],
        [side.text[n] for n in order.tolist()],
        [side.number[n] for n in order.tolist()],
    )


@settings(max_examples=15)
@given(st.integers(0, 20), st.integers(0, 1000))
def test_the_order_of_the_rows_decides_nothing(seed: int, shuffle: int) -> None:
    left, right = as_lines(small(seed))
    rng = np.random.default_rng(shuffle)
    other = turned(left, rng.permutation(len(left.amount))), turned(right, rng.permutation(len(right.amount)))
    assert contents(other, match_lines(*other)) == contents((left, right), match_lines(left, right))


@settings(max_examples=15)
@given(st.integers(0, 40))
def test_no_line_is_in_two_matches_and_amounts_agree(seed: int) -> None:
    left, right = as_lines(small(seed))
    matches = match_lines(left, right)
    for rows in ([r for m in matches for r in m.left], [r for m in matches for r in m.right]):
        assert len(rows) == len(set(rows))
    for m in matches:
        total = int(right.amount[list(m.right)].sum()) - int(left.amount[list(m.left)].sum())
        if not m.left or not m.right:
            assert total == m.residual == 0
        assert m.residual == total
        assert total == 0 or m.rule in ("less-fee", "less-printed-fee", "swapped-digits")
        assert m.verdict != "pool" or len(m.left) == len(m.right) > 1


def test_the_figures_hold_and_repeat() -> None:
    """The floor of the benchmark on one set; other seeds are reported."""
    once, again = report([77], 1), report([77], 1)
    assert {k: v for k, v in once.items() if k != "seconds"} == {k: v for k, v in again.items() if k != "seconds"}
    assert 2 * once["right"] >= 0.99 * (once["truth"] + once["said"])
    assert once["posted_right"] >= 0.998 * once["posted"]
