"""`recon channels`: what is read, and which channel a file is."""

from __future__ import annotations

import pytest

from recon.channels.spec import load_specs
from recon.cli import run
from tests.cli.command import PROJECT

BANK = PROJECT / "samples" / "cases" / "taobao-alipay-bank" / "inbox" / "historydetail3456.csv"
UNKNOWN = PROJECT / "samples" / "faults" / "unknown-file" / "inbox" / "staff.csv"


@pytest.mark.parametrize("command", [["channels"], ["channels", "list"]])
def test_every_channel_is_listed(capsys: pytest.CaptureFixture[str], command: list[str]) -> None:
    assert run(command) == 0
    header, *lines = capsys.readouterr().out.splitlines()
    assert header.split() == ["channel", "side", "family", "source", "title"]
    assert [line.split()[0] for line in lines] == list(load_specs())


def test_the_channel_of_a_file_comes_first_with_its_reason(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["channels", "detect", str(BANK)]) == 0
    table, first, *_ = capsys.readouterr().out.splitlines()
    assert table == BANK.as_posix()
    assert first.startswith(
        "  * icbc.corporate.a 工商银行企业网银明细（借/贷） ICBC corporate account details (debit/credit): "
    )
    assert "本方账号" in first


def test_a_file_without_channel(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["channels", "detect", str(BANK), str(UNKNOWN)]) == 3
    out, err = capsys.readouterr()
    assert BANK.as_posix() in out
    assert err.startswith(f"{UNKNOWN.as_posix()}: ")


def test_what_is_not_read_is_listed_with_the_reason(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["channels", "unsupported"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "微众银行 WeBank: 未找到文件或说明; no file and no description was found" in lines


def test_what_a_layout_rests_on_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["channels"]) == 0
    shown = {line.split()[0]: line.split()[3] for line in capsys.readouterr().out.splitlines()}
    assert (shown["camt.053"], shown["boa.card"], shown["generic.bank"]) == ("SAMPLE", "2ND", "OURS")
