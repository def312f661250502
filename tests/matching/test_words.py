"""Words that meet although a bank cut, shortened or misspelt them; words that say nothing; texts that contradict."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recon.matching.words import (
    BEGINS,
    BONES,
    CONTRADICT,
    FAINT,
    MEET,
    SILENT,
    SLIP,
    Texts,
    Vocabulary,
    likeness,
    meets,
    run_of,
    words_of,
)

TEXTS = st.lists(
    st.sampled_from("HARBOR HRBR REALTY REAL GROUP GRP SUMMIT 4518 云帆 贸易 PRTNRS PARTNERS X".split()), max_size=5
).map(" ".join)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Harbor Realty, L.L.C.", ("HARBOR", "REALTY", "L", "C")),
        ("ＡＣＨ debit ４５１８", ("ACH", "DEBIT", "4518")),
        ("杭州云帆 公", ("杭州", "州云", "云帆", "公")),
        ("INV2025-0441", ("INV2025", "0441")),
        ("LESS FEE 1,025.00", ("LESS", "FEE")),
        ("", ()),
    ],
)
def test_words_are_runs_and_pairs_of_chinese_characters(text: str, words: tuple[str, ...]) -> None:
    assert words_of(text) == words


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("PARTNERS", "PRTNRS"), ("SOLUTIONS", "SOLUTNS"), ("MANAGEMENT", "MGMT"), ("SERVICES", "SVCS"),
        ("GROUP", "GRP"), ("MANUFACTURING", "MFG"), ("ENTERPRISES", "ENTE"), ("YELLOWSTONE", "YLLWS"),
        ("HENDERSON", "HENDESRON"), ("HENDERSON", "HENDERON"), ("HENDERSON", "HENDERSSON"), ("HOLDINGS", "HOLDIMGS"),
    ],
)  # fmt: skip
def test_words_that_a_bank_damaged_meet(one: str, other: str) -> None:
    assert likeness(one, other) == likeness(other, one) > 0


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("HARBOR", "SUMMIT"), ("MEDICAL", "MARKETING"), ("4518", "4519"), ("4518", "45180"), ("HARBOR", "ARBOR"),
        ("REALTY", "RETAIL"), ("云帆", "云凡"), ("CO", "4"),
    ],
)  # fmt: skip
def test_other_words_do_not(one: str, other: str) -> None:
    assert likeness(one, other) == 0


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("ENTE", "ENTERPRISES", BEGINS),
        ("ENT", "ENTERPRISES", BEGINS),
        ("EN", "ENTERPRISES", FAINT),  # two letters begin too many words
        ("PARTNERS", "PRTNRS", BONES),
        ("HOLDINGS", "HOLDIMGS", SLIP),
        ("ABC1", "ABC", 0),  # with a digit it is a number
    ],
)
def test_how_far_words_are_alike(one: str, other: str, alike: int) -> None:
    assert likeness(one, other) == likeness(other, one) == alike


def test_a_word_is_the_rarer_the_fewer_rows_carry_it() -> None:
    rarity = Vocabulary.of(["ACME ZETA", "ACME", "ACME", "OTHER"]).rarity
    assert rarity == {"ACME": 511, "ZETA": 1609, "OTHER": 1609}  # 1000 ln(5 / n)


@pytest.mark.parametrize(
    ("word", "covered"),
    [
        ("QUEENSBURYIN", ("QUEENSBURY",)),
        ("QUEENSBURYINSUR", ("QUEENSBURY", "INSURANCE")),
        ("QINSURAN", ("INSURANCE",)),
        ("QUEENS", ()),
        ("INSURANCEQ", ()),
    ],
)
def test_names_run_together_meet_the_words_they_cover(word: str, covered: tuple[str, ...]) -> None:
    assert run_of(word, ("QUEENSBURY", "INSURANCE")) == covered


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("HARBOR REALTY PRTNRS", "Harbor Realty Partners - rent of the office", True),
        ("HARBOR REALTY", "Harbor Logistics Inc", True),  # one of two: half
        ("HARBOR REALTY PRTNRS", "Harbor Logistics of Westfield", False),
        ("杭州云帆贸易有限", "杭州云帆贸易有限公司 货款", True),
        ("杭州云帆贸易", "苏州瑞丰服饰", False),
        ("", "Harbor Logistics", None),
        ("ACH DEBIT", "Harbor Logistics", None),
    ],
)
def test_half_of_the_shorter_text_meets(one: str, other: str, expected: bool | None) -> None:
    common = frozenset({"ACH", "DEBIT"})
    assert meets(one, other, common) is meets(other, one, common) is expected


def test_common_words_are_told_by_their_frequency() -> None:
    texts = [f"ACH DEBIT NAME{n} {'INC' if n % 20 == 0 else ''}" for n in range(100)]
    assert Vocabulary.of(texts).common == {"ACH", "DEBIT"}
    assert Vocabulary.of(texts[:10]).common == frozenset()  # too few rows to tell


def test_words_of_the_banks_own_say_nothing() -> None:
    """PAYPAL comes again and again and the book never has it; HARBOR the book knows."""
    bank = [f"PAYPAL {'HARBOR' if n < 6 else n}" for n in range(10)] + [f"X{n}" for n in range(200)]
    texts = Texts.of(["Harbor Inc", *map(str, range(500))], bank)
    assert texts.right.common == {"PAYPAL"}


def compared(left: list[str], right: list[str], i: int, j: int) -> tuple[int, int]:
    answer, evidence = Texts.of(left, right).compare(np.array([i]), np.array([j]))
    return int(answer[0]), int(evidence[0])


def test_rare_words_weigh_more_and_known_ones_that_are_missing_weigh_against() -> None:
    book = ["Harbor Realty", "Harbor Logistics", "Summit Logistics", "Zephyr Foods"]
    bank = ["HARBOR REALTY", "ZEPHYR LOGISTICS"]
    right, evidence = compared(book, bank, 0, 0)
    assert right == MEET
    assert evidence > compared(book, bank, 1, 0)[1]
    assert compared(book, bank, 3, 1)[1] > compared(book, bank, 1, 1)[1]
    answer, against = compared(book, bank, 2, 0)
    assert answer == CONTRADICT
    assert against < 0
    assert compared([""], bank, 0, 0) == (SILENT, 0)


@given(st.lists(TEXTS, min_size=1, max_size=6), st.lists(TEXTS, min_size=1, max_size=6))
def test_the_evidence_depends_on_the_texts_alone(left: list[str], right: list[str]) -> None:
    """Not on the order of the rows, and not on which side is called left."""
    turned = list(reversed(left))
    for i in range(len(left)):
        for j in range(len(right)):
            here = compared(left, right, i, j)
            assert here == compared(turned, right, len(left) - 1 - i, j)
            assert here == compared(right, left, j, i)


@given(TEXTS, TEXTS)
def test_a_text_meets_both_ways_or_not_at_all(one: str, other: str) -> None:
    assert meets(one, other) is meets(other, one)
    assert meets(one, one) is (True if words_of(one) else None)
