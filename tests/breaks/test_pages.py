"""Every code has its page in both languages, and every cause that is ever named has words."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from recon.breaks.codes import CATALOGUE
from recon.breaks.order_causes import _TAGS
from recon.breaks.pages import PARTS, cause_words, pages

PACKAGE = Path(__file__).parents[2] / "recon"
LANGUAGES = ("zh", "en")


def named_causes() -> set[str]:
    """Return the tags in the sources: given as `cause`, or in the answers of the modules of causes."""
    found = {tag for tags in _TAGS.values() for tag, _ in tags}
    for path in [*(PACKAGE / "breaks").glob("*.py"), *(PACKAGE / "channels").glob("*.py")]:
        found |= set(_said(ast.parse(path.read_text(encoding="utf-8")), whole=path.stem.endswith("causes")))
    return found - {""}


def _said(tree: ast.AST, *, whole: bool) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg == "cause":
            yield from _texts(node.value)
        elif isinstance(node, ast.Assign) and _target(node).startswith("cause"):
            yield from _answers(node.value)
        elif whole and isinstance(node, ast.Return):
            yield from _answers(node.value or ast.Constant(""))
        elif whole and isinstance(node, ast.Assign) and _target(node) == "tags":
            assert isinstance(node.value, ast.Tuple)
            for pair in node.value.elts:
                assert isinstance(pair, ast.Tuple)
                yield from _texts(pair.elts[0])


def _target(node: ast.Assign) -> str:
    """The name that is assigned to, of several the first."""
    first = node.targets[0]
    first = first.elts[0] if isinstance(first, ast.Tuple) else first
    return first.id if isinstance(first, ast.Name) else ""


def _answers(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Tuple):
        yield from _answers(node.elts[0])
    elif isinstance(node, ast.IfExp):
        yield from _answers(node.body)
        yield from _answers(node.orelse)
    else:
        yield from _texts(node)


def _texts(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from _texts(node.body)
        yield from _texts(node.orelse)
    elif isinstance(node, ast.ListComp):
        yield from _texts(node.elt)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_code_has_a_whole_page(lang: str) -> None:
    told = pages(lang)
    assert len(told) == 27
    assert set(CATALOGUE) <= set(told)
    for code, page in told.items():
        assert list(page.parts) == list(PARTS)
        assert all(isinstance(text, str) and text.strip() for text in page.parts.values()), code
        if code in CATALOGUE:
            assert page.title == CATALOGUE[code].title(lang)


#: The events that a finding drafts, as the accounting guide numbers them; of all other codes none.
DRAFTS = {
    "wrong_account": ["E50"], "duplicate_payment": ["E22"], "status_mismatch": ["E22"], "unknown_payment": ["E21"],
    "amount_mismatch": ["E04"], "duplicate_refund": ["E49"], "excess_refund": ["E49"], "unknown_refund": ["E39"],
    "missing_refund": ["E41"], "fee_mismatch": ["E04", "E60"], "payout_mismatch": ["E11"],
    "chargeback": ["E17", "E38"], "fx_difference": ["E44"], "unknown_receipt": ["E21"], "unknown_debit": ["E39"],
}  # fmt: skip


def test_both_languages_name_the_same_events() -> None:
    for lang in LANGUAGES:
        told = pages(lang)
        assert {code: re.findall(r"E\d\d", page.event) for code, page in told.items() if page.event} == DRAFTS
        assert all(page.draft for page in told.values())


def test_both_languages_tell_of_the_same_codes() -> None:
    assert list(pages("zh")) == list(pages("en"))
    ranks = [CATALOGUE[code].rank for code in pages("en") if code in CATALOGUE]
    assert ranks == sorted(ranks), "the pages stand in the order of precedence"


def test_a_page_names_only_codes_that_there_are() -> None:
    for page in pages("en").values():
        words = {word.strip(".,;()") for text in page.parts.values() for word in text.split()}
        named = {word for word in words if "_" in word and word != "order_amount"}
        assert named <= set(pages("en")), page.code
        assert page.code not in named


def test_every_cause_has_words() -> None:
    named = named_causes()
    assert {"retry", "file_cut", "rows_missing", "loan", "equal_amounts", "day_cut", "mixed_accounts"} <= named
    for lang in LANGUAGES:
        assert named <= set(cause_words(lang))
        assert all(cause_words(lang).values())


def test_a_cause_stands_on_the_page_of_its_codes() -> None:
    for code, tags in _TAGS.items():
        assert {tag for tag, _ in tags} <= {tag for tag, _ in pages("zh")[code].causes}
    assert {tag for page in pages("en").values() for tag, _ in page.causes} == set(cause_words("en"))
