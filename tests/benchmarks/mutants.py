"""Which changes of a matching kernel its own tests do not see: cosmic-ray's mutants, one at a time.

    python tests/benchmarks/mutants.py [MODULE ...] [--most 120]

Of each module of recon/matching one place at a time is changed (a sign, a bound, a number, a condition) in a copy below
build/, and the tests that belong to the module are run until one fails. Printed are per module the mutants, how many
were killed or ran too long, and each survivor with its place, operator and changed line. What survives is a missing
test or makes no difference; which of the two is for a reader to say, so survivors are no failure of the run.

Not changed: annotations, and the arguments `strict`, `frozen` and `slots`, which guard and decide nothing.
"""

from __future__ import annotations

import argparse
import ast
import importlib
import multiprocessing
import os
import pkgutil
import resource
import shutil
import sys
import time
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from importlib.util import cache_from_source
from pathlib import Path

import hypothesis
import numpy as np
import pytest
from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator

PROJECT = Path(__file__).parents[2]
PLACE = PROJECT / "build" / "mutants"
#: A module with more mutants than asked for is sampled with this seed.
SEED = 7
#: A change may ask for any number of rows; beyond so many bytes its run ends.
MEMORY = 8 << 30
#: Loaded once, each run is a fork that has them: libraries, and the rooms that never import the one that is changed.
LIBRARIES = "scipy.stats scipy.optimize scipy.sparse.csgraph rapidfuzz.process".split()
ROOMS = "breaks channels engine fees ledger outputs samples vouchers".split()

#: Module -> the files below tests/ that belong to it, most important modules first.
TESTS = {
    "window": "matching/test_window",
    "alternatives": "matching/test_alternatives breaks/test_loose",
    "bounds": "matching/test_bounds",
    "planting": "matching/test_bounds matching/test_blindfold",
    "blindfold": "matching/test_blindfold",
    "open_keys": "matching/test_homes breaks/test_loose",
    "loose": "matching/test_loose breaks/test_loose",
    "rules": "matching/test_rules breaks/test_loose breaks/test_bank",
    "keys": "matching/test_keys matching/test_reference",
    "reference": "matching/test_reference breaks/test_orders breaks/test_order_causes",
    "homes": "matching/test_homes",
    "books": "matching/test_books matching/test_reference",
    "scope": "matching/test_scope matching/test_reference",
    "near_key": "matching/test_near_key breaks/test_loose",
    "lines.assignment": "matching/test_assignment",
    "words": "matching/test_words",
    "lines.numbers": "matching/test_numbers",
    "sums": "matching/test_sums",
    "candidates": "matching/test_candidates",
    "payouts.chain": "matching/test_chain",
    "payouts.partition": "matching/test_partition matching/test_batch matching/test_payouts",
    "payouts.late": "matching/test_late",
    "payouts.search": "matching/test_search",
    "payouts.expect": "matching/test_search matching/test_batch",
    "payouts.sweep": "matching/test_sweep",
    "bank.leg": "matching/test_bank breaks/test_bank",
    "bank.board": "matching/test_bank",
    "bank.numbers": "matching/test_bank",
    "bank.sums": "matching/test_bank",
    "bank.words": "matching/test_bank",
    "shared_keys": "matching/test_shared_keys",
    "payouts.stream": "matching/test_batch",
    "payouts.batch": "matching/test_batch",
    "emit": "matching/test_reference breaks/test_loose",
    "emit_payouts": "matching/test_payouts matching/test_bank",
    "payouts.forms": "matching/test_payouts matching/test_bank",
    "bank.texts": "matching/test_bank",
    "frames": "matching/test_reference matching/test_bank",
    "lines.match": "matching/test_lines",
    "lines.board": "matching/test_lines",
    "lines.by_number": "matching/test_lines",
    "lines.by_text": "matching/test_lines",
    "lines.in_sums": "matching/test_lines",
    "lines.offset": "matching/test_lines",
}

#: One change per sign and two per number; the further replacements that cosmic-ray knows fail with these.
OPERATORS = (
    *(
        f"ReplaceBinaryOperator_{change}"
        for change in "Add_Sub Sub_Add Mul_Add Div_Mul FloorDiv_Mul Mod_Add Pow_Mul LShift_RShift RShift_LShift "
        "BitAnd_BitOr BitOr_BitAnd BitXor_BitOr".split()
    ),
    *(
        f"ReplaceComparisonOperator_{change}"
        for change in "Eq_NotEq NotEq_Eq Lt_LtE LtE_Lt Gt_GtE GtE_Gt Is_IsNot IsNot_Is".split()
    ),
    *(f"ReplaceUnaryOperator_{change}" for change in ("USub_UAdd", "Delete_Invert", "Delete_Not")),
    "AddNot",
    "ReplaceTrueWithFalse",
    "ReplaceFalseWithTrue",
    "ReplaceAndWithOr",
    "ReplaceOrWithAnd",
    "ReplaceBreakWithContinue",
    "ReplaceContinueWithBreak",
    "NumberReplacer",
    "ExceptionReplacer",
    "ZeroIterationForLoop",
)
_GUARDS = {"strict", "frozen", "slots"}
KILLED, LATE, SURVIVED = "killed", "timed out", "survived"

Position = tuple[int, int]


@dataclass(frozen=True, order=True)
class Mutant:
    """One changed place: its line and column, the operator, and which of that operator's places in the file it is."""

    start: Position
    operator: str
    occurrence: int

    def source(self, text: str) -> str:
        """Return the changed source."""
        changed: str = mutate_code(text, get_operator(f"core/{self.operator}")(), self.occurrence)
        return changed

    def line(self, text: str) -> str:
        """Return the line that is changed."""
        pairs = zip(text.splitlines(), self.source(text).splitlines(), strict=False)
        return next((new.strip() for old, new in pairs if old != new), "")


def main() -> int:
    """Run the modules asked for."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("module", nargs="*", metavar="MODULE", help=f"one of: {' '.join(TESTS)}; all without")
    options.add_argument("--most", type=int, default=120, help="mutants of a module; of more that many are drawn")
    chosen = options.parse_args()
    unknown = set(chosen.module) - set(TESTS)
    if unknown:
        options.error(f"no table of tests for {', '.join(sorted(unknown))}")
    tree = _copied()
    os.chdir(tree)
    sys.path[0] = str(tree)
    _loaded()
    _quick()
    for module in chosen.module or TESTS:
        for line in _checked(tree, module, chosen.most):
            print(line, flush=True)
    return 0


def _copied() -> Path:
    """The project in a folder of its own, so that no change ever touches the files that are worked on."""
    tree = PLACE / "tree"
    shutil.rmtree(tree, ignore_errors=True)
    skipped = shutil.ignore_patterns("__pycache__")
    for part in ("recon", "tests", "configs", "samples"):
        shutil.copytree(PROJECT / part, tree / part, ignore=skipped)
    shutil.copy(PROJECT / "pyproject.toml", tree)
    return tree


def _loaded() -> None:
    for library in LIBRARIES:
        importlib.import_module(library)
    for room in ROOMS:
        package = importlib.import_module(f"recon.{room}")
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            importlib.import_module(module.name)
    if any(name.startswith("recon.matching") for name in sys.modules):
        raise SystemExit("a room that is loaded once imports recon.matching: its changes would not be seen")


def _quick() -> None:
    """Few generated examples, always the same ones, and no search for the smallest that fails."""
    phases = (hypothesis.Phase.explicit, hypothesis.Phase.generate)
    hypothesis.settings.register_profile(
        "mutants",
        max_examples=25,
        derandomize=True,
        database=None,
        deadline=None,
        phases=phases,
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    hypothesis.settings.load_profile("mutants")


def _checked(tree: Path, module: str, most: int) -> Iterator[str]:
    """The lines of the report on one module: each survivor, then the figures."""
    path = tree.joinpath("recon", "matching", *module.split(".")).with_suffix(".py")
    files = [f"tests/{name}.py" for name in TESTS[module].split()]
    source = path.read_text(encoding="utf-8")
    everything = mutants(source)
    chosen = everything
    if len(everything) > most:
        drawn = np.random.default_rng(SEED).choice(len(everything), most, replace=False)
        chosen = [everything[place] for place in sorted(drawn.tolist())]
    started = time.perf_counter()
    durations: dict[str, float] = {}
    if _outcome(files, 600, durations) != SURVIVED:
        yield f"{module}: its tests fail without any change"
        return
    Path(cache_from_source(str(path))).unlink(missing_ok=True)  # a change within the same second looks the same
    limit = 3 + 3 * (time.perf_counter() - started)
    fates = []
    try:
        for mutant in chosen:
            path.write_text(mutant.source(source), encoding="utf-8")
            fates.append(_outcome(files, limit, durations))
            if fates[-1] == SURVIVED:
                place = path.relative_to(tree).as_posix()
                yield f"  {place}:{mutant.start[0]}:{mutant.start[1] + 1} {mutant.operator}"
                yield f"    {mutant.line(source)}"
    finally:
        path.write_text(source, encoding="utf-8")
    took = time.perf_counter() - started
    sample = f" of {len(everything)}, drawn with seed {SEED}" if len(chosen) < len(everything) else ""
    yield (
        f"{module}: {len(chosen)} mutants{sample}, {fates.count(KILLED)} killed, {fates.count(LATE)} timed out, "
        f"{fates.count(SURVIVED)} survived ({took:.0f} s)"
    )


def mutants(source: str) -> list[Mutant]:
    """Return every mutant of a module's source, in the order of its lines."""
    untouched = tuple(_untouched(ast.parse(source)))
    nodes, found = list(ast_nodes(get_ast(source))), []
    for name in OPERATORS:
        operator = get_operator(f"core/{name}")()
        places = [start for node in nodes for start, _ in operator.mutation_positions(node)]
        for occurrence, start in enumerate(places):
            if not any(first <= start < last for first, last in untouched):
                found.append(Mutant(start, name, occurrence))
    return sorted(found)


def _untouched(tree: ast.AST) -> Iterator[tuple[Position, Position]]:
    """Where annotations and guards stand, from and until."""
    for node in ast.walk(tree):
        parts = [getattr(node, "annotation", None), getattr(node, "returns", None)]
        if isinstance(node, ast.keyword) and node.arg in _GUARDS:
            parts.append(node.value)
        for part in parts:
            if part is not None:
                yield (part.lineno, part.col_offset), (part.end_lineno, part.end_col_offset)


class _Quickest:
    """The quickest tests first; how long each took is learnt in the run without a change."""

    def __init__(self, durations: dict[str, float]) -> None:
        self.durations = durations

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Sort the tests."""
        items.sort(key=lambda item: self.durations.get(item.nodeid, 0.0))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Learn."""
        self.durations[report.nodeid] = self.durations.get(report.nodeid, 0.0) + report.duration


def _outcome(files: Collection[str], limit: float, durations: dict[str, float]) -> str:
    """Run tests in a process of their own; a run without any known duration fills them in."""
    context = multiprocessing.get_context("fork")
    told = context.SimpleQueue()
    child = context.Process(target=_tests, args=(list(files), durations, told))
    child.start()
    child.join(limit)
    if child.is_alive():
        child.kill()
        child.join()
        return LATE
    if child.exitcode == 0 and not durations:
        durations.update(told.get())
    return SURVIVED if child.exitcode == 0 else KILLED


def _tests(files: list[str], durations: dict[str, float], told: multiprocessing.SimpleQueue[dict[str, float]]) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    for stream in (1, 2):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream)
    first = not durations
    sys.dont_write_bytecode = not first
    plugin = _Quickest({} if first else durations)
    code = pytest.main(["-x", "-q", "-W", "ignore::pytest.PytestAssertRewriteWarning", *files], plugins=[plugin])
    if first and code == 0:
        told.put(plugin.durations)
    sys.exit(int(code))


if __name__ == "__main__":
    sys.exit(main())
