"""`recon channels`: what is read, and which channel a file is."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from recon.channels.spec import load_spec, load_specs
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


@pytest.mark.parametrize("name", list(load_specs()))
def test_every_channel_is_shown_in_words(capsys: pytest.CaptureFixture[str], name: str) -> None:
    assert run(["channels", "show", name]) == 0
    first, second, third, *_ = capsys.readouterr().out.splitlines()
    assert first.startswith(f"{name}  ")
    assert second.startswith("  side ")
    assert third.startswith("  the layout rests on ")


def test_a_misspelled_channel(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["channels", "show", "wechatpay.trad"]) == 2
    assert "Did you mean wechatpay.trade?" in capsys.readouterr().err


def test_each_column_is_asked_for(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Enter takes what is proposed, a name takes another column, `-` none."""
    (tmp_path / "inbox").mkdir()
    (tmp_path / "recon.yaml").write_text("lang: en\n", encoding="utf-8")
    file = tmp_path / "list.csv"
    file.write_text(
        "下单,付款,单据,应收,实得\n2026-10-01 10:00:00,2026-10-01 10:01:00,XS1000001,9.00,8.00\n"
        "2026-10-02 10:00:00,2026-10-02 10:01:00,XS1000002,7.00,6.50\n",
        encoding="utf-8",
    )
    answers = ["my.orders", "单据", "付款", "实得", "", ""]
    monkeypatch.setattr("sys.stdin", io.StringIO("\n".join(answers) + "\n"))
    assert run(["channels", "new", str(file), "--workspace", str(tmp_path), "--side", "order", "--ask"]) == 0
    out, err = capsys.readouterr()
    assert "order_ref=XS1000001" in out
    assert "sale                2             14.50 CNY" in out
    assert "one of: 下单, 付款" in err
    spec = load_spec(tmp_path / "channels" / "my.orders.yaml")
    assert (spec.side, spec.time, spec.key.columns) == ("order", ("付款",), ("单据",))


def test_a_new_channel_needs_a_workspace_and_a_name(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert run(["channels", "new", str(UNKNOWN), "--workspace", str(tmp_path)]) == 2
    assert "holds no recon.yaml" in capsys.readouterr().err
    (tmp_path / "inbox").mkdir()
    (tmp_path / "recon.yaml").write_text("lang: en\n", encoding="utf-8")
    for name, problem in (("Till", "is no name of a channel"), ("alipay.cash", "comes with the program")):
        assert run(["channels", "new", str(UNKNOWN), "--workspace", str(tmp_path), "--name", name, "--no-ask"]) == 2
        assert problem in capsys.readouterr().err
    assert run(["channels", "check", str(tmp_path / "none.yaml"), str(UNKNOWN)]) == 2
    assert "there is no such file" in capsys.readouterr().err
