"""The page that adds a channel: its file, its YAML, its commands and what they print are what the program does."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from recon.cli import run

PAGE = (Path(__file__).parents[1] / "recon" / "docs" / "add-a-channel.md").read_text(encoding="utf-8")


def block(name: str) -> str:
    found = re.search(rf"^```\w+ {re.escape(name)}\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
    assert found is not None, name
    return found.group(1)


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "till.csv").write_text(block("till.csv"), encoding="utf-8")
    (tmp_path / "corner.till.yaml").write_text(block("corner.till.yaml"), encoding="utf-8")
    (tmp_path / "shop" / "inbox").mkdir(parents=True)
    (tmp_path / "shop" / "recon.yaml").write_text("lang: en\n", encoding="utf-8")
    return tmp_path / "shop"


def command(start: str) -> list[str]:
    (line,) = re.findall(rf"^\$ recon ({start} .*)$", PAGE, re.MULTILINE)
    return line.split()


def test_the_proposal_reads_the_file_and_is_written_for_the_user(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(command("channels new")) == 0
    out, err = capsys.readouterr()
    assert out.splitlines()[0] == "shop/channels/corner.till.yaml"
    assert "4 booked, 0 skipped, 0 quarantined" in out
    assert {"time: 收银时间", "order: 外部单号", "payment: 小票号", "type: 类型", "fee: 手续费"} <= set(
        err.splitlines()
    )
    proposed = (shop / "channels" / "corner.till.yaml").read_text(encoding="utf-8")
    assert "title: {zh: 街角收银, en: 街角收银}" in proposed
    assert run(command("channels new")) == 2  # never written over
    assert "is there already" in capsys.readouterr().err


def test_the_finished_channel_reads_the_file_as_the_page_says(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(command("channels check")) == 0
    assert capsys.readouterr().out == block("check")


def test_the_workspace_reads_it_and_an_unknown_type_is_set_aside(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (shop / "channels").mkdir()
    (shop / "channels" / "corner.till.yaml").write_text(block("corner.till.yaml"), encoding="utf-8")
    (shop / "inbox" / "till.csv").write_text(block("till.csv"), encoding="utf-8")
    (shop / "inbox" / "orders.csv").write_text(
        "订单号,付款时间,实付金额,退款金额,订单状态\nA1000001,2026-10-08 10:00:00,12.50,12.50,已完成\n"
        "A1000002,2026-10-08 11:20:00,30.00,0.00,已完成\n",
        encoding="utf-8",
    )
    assert run(["match", str(shop), "--quiet"]) == 0
    with (shop / "out" / "2026-10" / "files.csv").open(encoding="utf-8", newline="") as file:
        assert {row["channel"]: row["booked_rows"] for row in csv.DictReader(file)} == {
            "corner.till": "4", "generic.orders": "2",
        }  # fmt: skip
    with (shop / "out" / "2026-10" / "breaks.csv").open(encoding="utf-8", newline="") as file:
        assert [row["code"] for row in csv.DictReader(file) if row["severity"] != "info"] == []
    Path("till.csv").write_text(block("till.csv").replace("提现", "换购"), encoding="utf-8")
    capsys.readouterr()
    assert run(command("channels check")) == 3
    assert "this type is not described yet" in capsys.readouterr().err
