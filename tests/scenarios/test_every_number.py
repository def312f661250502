"""Every one of the 56 scenarios has a test that is listed by its number."""

from __future__ import annotations

import re
from pathlib import Path


def test_all_numbers_are_there() -> None:
    files = Path(__file__).parent.glob("test_*.py")
    sources = "\n".join(path.read_text(encoding="utf-8") for path in files)
    found = {int(number) for number in re.findall(r"^def test_(\d\d)_", sources, re.MULTILINE)}
    assert found == set(range(1, 57))
