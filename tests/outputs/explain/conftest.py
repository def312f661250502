"""Results of the sample cases."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from recon.cli import run
from recon.outputs.explain.folder import Result

CASES = Path(__file__).parents[3] / "samples" / "cases"


class Results(Mapping[str, Result]):
    """Case -> what a run left of it, run when it is first asked for.

    The micro cases are one folder, so their result is a crowd of everything.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._cases = sorted(path.name for path in CASES.iterdir() if path.is_dir())
        self._found: dict[str, Result] = {}

    def __getitem__(self, case: str) -> Result:
        if case not in self._found:
            out = self._folder / case
            assert run(["match", str(CASES / case), "--out", str(out), "--quiet"]) in {0, 3}
            self._found[case] = Result(out, json.loads((out / "summary.json").read_text(encoding="utf-8")))
        return self._found[case]

    def __iter__(self) -> Iterator[str]:
        return iter(self._cases)

    def __len__(self) -> int:
        return len(self._cases)


@pytest.fixture(scope="session")
def results(tmp_path_factory: pytest.TempPathFactory) -> Results:
    return Results(tmp_path_factory.mktemp("results"))
