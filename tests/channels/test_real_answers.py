"""Real files against what a person read in them: the answers lie beside this file, one list per family."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from recon.channels.spec import Spec
from tests.channels.bank_answers import ANSWERS as BANKS
from tests.channels.chinese_gateway_answers import ANSWERS as CHINESE_GATEWAYS
from tests.channels.gateway_answers import ANSWERS as GATEWAYS
from tests.channels.platform_answers import ANSWERS as PLATFORMS
from tests.channels.real_answers import Read, answer_of, files_below

ANSWERS = {"banks": BANKS, "gateways": CHINESE_GATEWAYS | GATEWAYS, "platforms": PLATFORMS}

#: Where the files come from; no file of a channel.
WHERE_FROM = "SOURCES.md"


@pytest.mark.parametrize(("folder", "name"), [(folder, name) for folder, names in ANSWERS.items() for name in names])
def test_a_real_file_gives_what_a_person_reads(folder: str, name: str, specs: Mapping[str, Spec]) -> None:
    path = files_below(folder).get(name)
    if path is None:
        pytest.skip("no real files here")
    assert answer_of(path, specs) == ANSWERS[folder][name]


@pytest.mark.parametrize("folder", ANSWERS)
def test_every_real_file_has_an_answer(folder: str) -> None:
    assert set(files_below(folder)) <= {*ANSWERS[folder], WHERE_FROM}


def test_all_rows_are_accounted_for() -> None:
    read = [one for names in ANSWERS.values() for answers in names.values() for one in answers if isinstance(one, Read)]
    for one in read:
        assert one.rows == one.booked + one.skipped + one.quarantined
