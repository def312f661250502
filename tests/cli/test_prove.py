"""`recon prove` as a process would see it: the table, the JSON, what it says where nothing can be measured."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from recon.cli import run
from tests.benchmarks.quality.files import write_files
from tests.benchmarks.quality.orders import make

AN_ORDER = "订单号,实付金额,付款时间,订单状态\n1001,88.00,2026-10-01 10:00:00,已发货\n"
A_PAYMENT = "交易时间,交易号,商户订单号,交易金额,手续费\n2026-10-01 10:00:00,T1,{number},88.00,0.00\n"


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("shop")
    write_files(make(3_000, 41, noise=0.02), folder)
    return folder


def test_the_table_tells_how_right_each_basis_is(shop, capsys):
    assert run(["prove", str(shop), "--lang", "en", "--quiet"]) == 0
    said = capsys.readouterr().out
    assert said.splitlines()[0] == "rule by-amount-and-day"
    assert said.splitlines()[1].split() == [
        "order", "list", "basis", "hidden", "decided", "precision", "recall", "wrong", "money", "decided", "here",
        "wrong", "(95", "%)", "deserves",
    ]  # fmt: skip
    assert "only candidate" in said


def test_json_holds_the_same_as_values(shop, capsys):
    assert run(["prove", str(shop), "--json", "--quiet"]) == 0
    told = json.loads(capsys.readouterr().out)
    unique = next(line for line in told["lines"] if line["basis"] == "unique")
    assert unique["list"] == "generic.orders"
    assert 80 < float(unique["precision"]) <= 100
    assert unique["here"]["wrong_at_least"] <= unique["here"]["wrong_at_most"] < unique["here"]["decided"]
    assert unique["deserves"].startswith(("post", "suggest"))
    assert told["trials"][0]["pairs"] > 0


def test_chinese_is_the_default(shop, capsys):
    assert run(["prove", str(shop), "--quiet"]) == 0
    assert "唯一候选" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("number", "lang", "said"),
    [
        ("1001", "en", "every row has a number"),
        ("1001", "zh", "每一行都有单号"),
        ("", "en", "too few rows with a number"),
        ("", "zh", "有单号的行太少"),
    ],
)
def test_what_cannot_be_measured_is_said(tmp_path, capsys, number, lang, said):
    (tmp_path / "orders.csv").write_text(AN_ORDER, encoding="utf-8")
    (tmp_path / "payments.csv").write_text(A_PAYMENT.format(number=number), encoding="utf-8")
    assert run(["prove", str(tmp_path), "--lang", lang, "--quiet"]) == 0
    assert said in capsys.readouterr().out


def test_a_file_that_nothing_reads_is_told_and_gives_3(shop, capsys, tmp_path):
    for name in ("orders.csv", "payments.csv"):
        (tmp_path / name).write_bytes((shop / name).read_bytes())
    (tmp_path / "notes.txt").write_text("nothing of a statement", encoding="utf-8")
    assert run(["prove", str(tmp_path), "--quiet", "--lang", "en"]) == 3
    assert "notes.txt" in capsys.readouterr().err


def test_no_folder_is_a_usage_error(tmp_path, capsys):
    assert run(["prove", str(tmp_path / "nowhere")]) == 2
    assert "nowhere" in capsys.readouterr().err
