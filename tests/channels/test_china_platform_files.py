"""Real files of Taobao and JD against what a person read in them; found where `RECON_REAL_FILES` names their folder."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from recon.channels.spec import Spec
from tests.channels.real_answers import Read, Refused, answer_of, files_below

ANSWERS: dict[str, list[Read | Refused]] = {
    # One demonstration row: 1266.52 in, 396.88 out. A balance of one row chains to nothing.
    "jd/jdbill.xls": [Read("jd.wallet", 1, 1, 0, 0, "none", "none", 86964)],
    "taobao/cainiao_order.xls": [Read("cainiao.fees", 0, 0, 0, 0, "none", "none", 0)],  # a header without rows
}
FILES = files_below("platforms")


@pytest.mark.parametrize("name", ANSWERS)
def test_a_real_file_gives_what_a_person_reads(name: str, specs: Mapping[str, Spec]) -> None:
    if name not in FILES:
        pytest.skip("no real files here")
    assert answer_of(FILES[name], specs) == ANSWERS[name]


def test_every_real_file_has_an_answer() -> None:
    mine = {name for name in FILES if name.startswith(("jd/", "taobao/"))}
    assert mine <= set(ANSWERS)
