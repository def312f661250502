"""Results of the sample cases."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from recon.cli import run
from recon.outputs.explain.folder import Result

CASES = Path(__file__).parents[3] / "samples" / "cases"


@pytest.fixture(scope="session")
def results(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Result]:
    """Case -> what a run left of it; the micro cases are one folder, so their result is a crowd of everything."""
    folder = tmp_path_factory.mktemp("results")
    found = {}
    for case in sorted(path for path in CASES.iterdir() if path.is_dir()):
        assert run(["match", str(case), "--out", str(folder / case.name), "--quiet"]) in {0, 3}
        summary = json.loads((folder / case.name / "summary.json").read_text(encoding="utf-8"))
        found[case.name] = Result(folder / case.name, summary)
    return found
