"""A channel is told by its header, wherever that stands and whatever the file is called."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from recon.channels.detect import Candidate, detect_file
from recon.channels.spec import Spec, load_specs
from recon.errors import Fault
from recon.ledger.statement import Unread

SAMPLES = Path(__file__).parents[2] / "samples" / "channels"
OWN = """\
channel: my.{0}
side: order
family: my
title: {{zh: 我的订单, en: My orders}}
recognise: {{header: [{1}]}}
time: 时间
key: {{columns: 单号}}
rows:
  - entries: [{{kind: sale, amount: 金额, required: true}}]
"""


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*/*[!v]")) + sorted(SAMPLES.glob("*/*[!r].csv")), ids=str)
def test_each_sample_is_recognised_with_its_reason(path: Path, specs: Mapping[str, Spec]) -> None:
    if path.name.endswith(".ledger.csv"):
        return
    found = [one for one in detect_file(path, specs, "renamed.bin") if isinstance(one, Candidate) and one.chosen]
    assert path.parent.name in {one.channel for one in found}
    assert all(one.reason.startswith(f"line {one.row} has ") for one in found)


def test_the_runner_up_says_what_it_lacks(specs: Mapping[str, Spec]) -> None:
    found = detect_file(SAMPLES / "alipay.cash" / "classic-12.csv", specs)
    chosen, *others = [one for one in found if isinstance(one, Candidate)]
    assert (chosen.channel, chosen.chosen, chosen.fits) == ("alipay.cash", True, True)
    assert all("lacks" in one.reason for one in others if not one.fits)


def own(folder: Path, **headers: str) -> Mapping[str, Spec]:
    for name, header in headers.items():
        (folder / f"{name}.yaml").write_text(OWN.format(name, header), encoding="utf-8")
    return load_specs(folder)


def test_two_that_fit_are_both_named(tmp_path: Path) -> None:
    specs = own(tmp_path, a="单号, 金额, 时间", b="单号, 金额, 柜台")
    path = tmp_path / "list.csv"
    path.write_text("单号,金额,时间,柜台\n1,2.00,2026-10-01,3\n", encoding="utf-8")
    (fault, *_) = detect_file(path, specs)
    assert isinstance(fault, Fault)
    assert fault.problem == "two channels fit this header: my.a, my.b"


def test_the_more_specific_one_is_taken(tmp_path: Path) -> None:
    specs = own(tmp_path, a="单号, 金额, 时间", b="单号, 金额, 时间, 柜台")
    path = tmp_path / "list.csv"
    path.write_text("单号,金额,时间,柜台\n1,2.00,2026-10-01,3\n", encoding="utf-8")
    chosen, other = [one for one in detect_file(path, specs) if isinstance(one, Candidate)][:2]
    assert (chosen.channel, other.channel) == ("my.b", "my.a")
    assert "too, but fewer columns of its own" in other.reason


def test_what_is_no_table_is_a_fault(tmp_path: Path, specs: Mapping[str, Spec]) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(b"%PDF-1.4")
    assert [type(one) for one in detect_file(path, specs)] == [Fault]


def test_nothing_like_a_header(unread: Callable[..., Unread]) -> None:
    assert unread("hello\nworld\n").fault.problem == "no header of a known channel in the first lines"
