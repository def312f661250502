"""A spec proposed from a file: of our samples of any layout, and of tables with awkward columns."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recon.channels import tables
from recon.channels.proposing import Proposal, Side, propose, spec_text
from recon.channels.reader import read_file
from recon.channels.spec import load_spec, load_specs
from recon.errors import InputFault
from recon.ledger.statement import Statement

SAMPLES = Path(__file__).parents[2] / "samples" / "channels"
FILES = sorted(path for path in SAMPLES.rglob("*.csv") if not path.name.endswith(".ledger.csv"))


def proposed(path: Path, side: Side | None = None) -> Proposal:
    (source,) = [one for one in tables.open_file(path, path.name) if not isinstance(one, tables.Unopened)]
    return propose(source, load_specs(), side)


def table(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "table.csv"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(SAMPLES).as_posix())
def test_a_proposal_for_each_sample_is_a_spec_and_loses_no_row(path: Path, tmp_path: Path) -> None:
    """Whatever it lacks, what is proposed loads, reads the file, and every row is booked, skipped or quarantined."""
    try:
        found = proposed(path)
    except (InputFault, ValueError):  # a file of several tables, or without a header
        return
    if found.missing:
        return
    target = tmp_path / "my.channel.yaml"
    target.write_text(spec_text(found, "my.channel", "我的"), encoding="utf-8")
    spec = load_spec(target)
    for one in read_file(path, path.name, {"my.channel": spec}):
        assert isinstance(one, Statement)
        quarantined = {fault.row for fault in one.quarantined}
        assert one.rows == one.booked_rows + one.repeated + len(one.skipped) + len(quarantined)


def test_days_that_do_not_begin_with_the_year_and_amounts_in_two_columns(tmp_path: Path) -> None:
    found = proposed(table(tmp_path, "Posting Date,Description,Debit,Credit,Running Bal.\n"
                                     "10/31/2026,Coffee,3.50,,96.50\n11/01/2026,Till,,20.00,116.50\n"))  # fmt: skip
    assert found.side == "bank"
    assert dict(found.roles) == {
        "time": "Posting Date", "in": "Credit", "out": "Debit", "memo": "Description", "balance": "Running Bal.",
    }  # fmt: skip
    assert "day: month_first" in spec_text(found, "my.bank", "Bank")


def test_a_direction_tells_the_sign(tmp_path: Path) -> None:
    path = table(
        tmp_path,
        "时间,金额,收支,单号\n2026-10-01 10:00:00,5.00,收入,P1000001\n2026-10-01 11:00:00,2.00,支出,P1000002\n",
    )
    target = tmp_path / "my.wallet.yaml"
    target.write_text(spec_text(proposed(path, "gateway"), "my.wallet", "钱包"), encoding="utf-8")
    amount = load_spec(target).amount
    assert amount is not None
    assert (amount.column, amount.direction, amount.plus, amount.minus) == ("金额", "收支", ("收入",), ("支出",))


def test_numbers_of_digits_are_no_amounts(tmp_path: Path) -> None:
    path = table(tmp_path, "编号,日子,钱\n202610010000001,2026-10-01,5.00\n202610010000002,2026-10-02,6.00\n")
    found = proposed(path, "gateway")
    assert {column.name: column.holds for column in found.columns} == {"编号": "number", "日子": "time", "钱": "amount"}
    assert dict(found.roles) == {"time": "日子", "amount": "钱", "payment": "编号"}


@pytest.mark.parametrize("text", ["just,some,words\n", "1.00,2.00,3.00\n4.00,5.00,6.00\n", "a,a,a\n1,2,3\n"])
def test_no_header_is_a_clear_fault(tmp_path: Path, text: str) -> None:
    with pytest.raises(InputFault, match="is a header with rows below"):
        proposed(table(tmp_path, text))


@given(st.lists(st.lists(st.text(max_size=12), min_size=3, max_size=5), min_size=1, max_size=8))
def test_any_text_is_a_proposal_or_a_fault(tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]]) -> None:
    path = tmp_path_factory.mktemp("any") / "any.csv"
    lines = [",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8", errors="replace")
    for source in tables.open_file(path, path.name):
        if isinstance(source, tables.Unopened):
            continue
        try:
            found = propose(source, load_specs())
        except InputFault:
            continue
        assert found.missing or spec_text(found, "my.any", "任意")
