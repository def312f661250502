"""Numbers in texts and what they count: learned from meetings, never listed."""

import pytest

from recon.matching.lines.numbers import (
    BOUND_MEETINGS,
    MEETINGS,
    Families,
    Number,
    families_by_digits,
    learn_families,
    numbers_of,
    without_own,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("CHECK #0000004518", {("CHECK", "4518")}),
        ("INV-2025-0441; CHK-12", {("INV", "20250441")}),
        ("inv 20250441 20250455 acme", {("INV", "20250441"), ("INV", "20250455")}),
        ("发票号２０２５０４４１", {("发票号", "20250441")}),
        ("LESS FEE 1,025.00 of 350", {("OF", "350")}),
        ("4518", {("", "4518")}),
        ("phase 2", set()),
    ],
)
def test_a_number_has_the_word_before_it(text: str, expected: set[tuple[str, str]]) -> None:
    assert {(n.family, n.digits) for n in numbers_of(text)} == expected


def learned(times: int) -> Families:
    left = [numbers_of(f"CHK-{1000 + n}") for n in range(times)]
    right = [numbers_of(f"CHECK {1000 + n}") for n in range(times)]
    return learn_families([(n, n) for n in range(times)], left, right)


ONE, OTHER = numbers_of("CHK-4518"), numbers_of("CHECK 4600")


@pytest.mark.parametrize(("times", "same"), [(MEETINGS - 1, False), (MEETINGS, True)])
def test_families_agree_after_some_meetings(times: int, same: bool) -> None:
    families = learned(times)
    assert families.contradict(ONE, OTHER) is same
    assert not families.contradict(ONE, numbers_of("CHECK 4518"))
    assert not families.contradict(ONE, numbers_of("ID 4600"))
    assert families.contradict(ONE, numbers_of("CHK 4600"))  # the same word counts the same


@pytest.mark.parametrize(("times", "bound"), [(BOUND_MEETINGS - 1, False), (BOUND_MEETINGS, True)])
def test_a_family_written_for_one_other_alone_lacks_its_partner_elsewhere(times: int, bound: bool) -> None:
    families = learned(times)
    assert families.lack(numbers_of("AP-4518"), OTHER) is bound
    assert families.lack(ONE, frozenset()) is bound
    assert not families.lack(ONE, OTHER)
    assert (families.kind(Number("CHECK", "1"), left=False) == "CHK") is bound
    assert families.kind(Number("AP", "1"), left=True) == ""


def test_a_number_is_held_by_its_own_family() -> None:
    families = learned(MEETINGS)
    held = {"4518": frozenset({"AP"}), "4600": frozenset({"CHECK"})}
    assert not families.held(Number("CHK", "4518"), held, left=True)
    assert families.held(Number("CHK", "4600"), held, left=True)
    assert families.held(Number("ID", "4518"), held, left=True)  # nothing is known of ID: anybody holds it
    assert not families.held(Number("ID", "4519"), held, left=True)


def test_a_numbering_of_which_the_other_side_prints_hardly_any_keeps_only_those() -> None:
    column = [f"CHK-{1000 + n}" for n in range(21)] + [""]
    assert without_own(column, frozenset({"1003"})) == [text if text == "CHK-1003" else "" for text in column]
    assert without_own(column, frozenset({"1003", "1004"})) == column
    assert without_own(column, frozenset()) == [""] * 22
    assert without_own(["", "a"], frozenset({"1003"})) == ["", ""]


def test_who_carries_a_number_is_told_over_all_rows() -> None:
    rows = [numbers_of("CHK-4518 INV 777"), numbers_of("AP 4518"), numbers_of("none")]
    assert families_by_digits(rows) == {"4518": frozenset({"CHK", "AP"}), "777": frozenset({"INV"})}
