"""Every verdict, basis, rule, reason and residual that the code can say has words."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import yaml

from recon.breaks.words import WORDS
from recon.ledger.outcome import TOLERANCE, WRITE_OFF
from recon.matching.bank.texts import KNOWN_KINDS
from recon.matching.emit import _REASONS, RULES
from recon.outputs.explain import meanings
from recon.outputs.explain.nearest import CONDITIONS

PACKAGE = Path(__file__).parents[3] / "recon"
MATCHING = sorted((PACKAGE / "matching").rglob("*.py"))
TABLES = (meanings.VERDICTS, meanings.BASES, meanings.ALTERNATIVES, meanings.RULES, meanings.RESIDUALS, meanings.WAITS,
          meanings.LEFT_OUT, meanings.DUE, meanings.CONDITIONS)  # fmt: skip


def said(path: Path) -> Iterator[str]:
    """Texts in a module, its docstrings apart."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docs = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
            yield node.value


def ties(place: int) -> set[str]:
    """The texts that stand as the n-th argument of a tie: 3 its rule, 4 its basis, 5 its verdict."""
    found = set()
    for path in MATCHING:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Tie":
                found |= {n.value for n in ast.walk(node.args[place]) if isinstance(n, ast.Constant)}
    return found


def test_rules() -> None:
    named = {text for path in MATCHING for text in said(path) if re.fullmatch(r"(by|before|within)(-[a-z]+)+", text)}
    assert {"by-order-number", "by-batch", "by-day"} <= named
    assert named | set(RULES) | ties(3) <= set(meanings.RULES)


def test_verdicts_and_bases() -> None:
    assert ties(5) | {"proved", "unproven"} <= set(meanings.VERDICTS)
    assert ties(4) | {"key"} <= set(meanings.BASES)
    assert set(meanings.BASES) | {"pool"} == set(meanings.ALTERNATIVES)


def test_residuals() -> None:
    assert (set(_REASONS) - {""}) | {TOLERANCE, WRITE_OFF} == set(meanings.RESIDUALS)


def test_reasons_to_wait_and_to_leave_out() -> None:
    assert {word[2:] for word in WORDS if word.startswith("T:")} <= set(meanings.WAITS)
    left_out = {word[2:] for word in WORDS if word.startswith("X:")} | set(KNOWN_KINDS)
    left_out |= set(_outside()) | set(_before())
    texts = yaml.safe_load((PACKAGE / "channels/specs/shared/bank_texts.yaml").read_text(encoding="utf-8"))
    left_out |= {line["detail"] for line in _lines(texts) if "detail" in line}
    assert {"bank_fee", "after as_of", "other tender", "before the files", "no payout record"} <= left_out
    assert left_out <= set(meanings.LEFT_OUT)


def _outside() -> Iterator[str]:
    tree = ast.parse((PACKAGE / "matching/scope.py").read_text(encoding="utf-8"))
    (reasons,) = (n for n in ast.walk(tree) if isinstance(n, ast.Assign) and ast.unparse(n.targets[0]) == "reasons")
    assert isinstance(reasons.value, ast.Tuple)
    for line in reasons.value.elts:
        assert isinstance(line, ast.Tuple)
        last = line.elts[-1]
        yield last.value if isinstance(last, ast.Constant) else "other tender"


def _before() -> Iterator[str]:
    tree = ast.parse((PACKAGE / "matching/bank/leg.py").read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "dict.fromkeys" and len(node.args) > 1:
            yield ast.literal_eval(node.args[1])


def _lines(value: object) -> Iterator[Mapping[str, str]]:
    if isinstance(value, dict):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _lines(inner)


def test_every_word_has_two_languages() -> None:
    for table in TABLES:
        for zh, en in table.values():
            assert re.search(r"[\u4e00-\u9fff]", zh)
            assert en
            assert not re.search(r"[\u4e00-\u9fff]", en)
    assert tuple(meanings.CONDITIONS) == CONDITIONS
