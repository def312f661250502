"""`recon breaks`: order, choices, sums, JSON, groups, where it finds a result, and every wrong use."""

from __future__ import annotations

import csv
import json
import re
import shutil
from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from recon.breaks.codes import CATALOGUE
from recon.cli import run
from recon.outputs.tables import BREAKS
from tests.cli.command import PROJECT, Ended, process, recon

CASE = PROJECT / "samples" / "cases" / "taobao-alipay-bank"
#: The first line of a golden text is the command, DIR stands for the result.
GOLDEN = sorted((Path(__file__).parent / "listed").glob("*.txt"))
TOGETHER = {"B84C2EDA563DE", "B4AF63FD2C896"}
Inside = Callable[..., Ended]
_ID = re.compile(r"^(B[0-9A-F]{12}) ", re.MULTILINE)


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("breaks") / "DIR"
    assert run(["match", str(CASE / "inbox"), "--out", str(folder), "--lang", "en", "--quiet"]) == 0
    return folder


@pytest.fixture(scope="module")
def table(result: Path) -> list[dict[str, str]]:
    with (result / "breaks.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def inside(capsys: pytest.CaptureFixture[str]) -> Inside:
    """Run a command line in this process: much quicker, and stdout is no terminal either."""

    def ended(*arguments: str | Path) -> Ended:
        code = run([*map(str, arguments)])
        return Ended(code, *capsys.readouterr())

    return ended


def _told(ended: Ended) -> str:
    assert (ended.code, ended.err) == (0, "")
    return ended.out


def _place(row: Mapping[str, str]) -> tuple[Any, ...]:
    """The order for people, from the words of the rule: severity, size, rank, date, break_id."""
    severity = ("high", "medium", "low", "info").index(row["severity"])
    size, rank = -abs(Decimal(row["difference"])), CATALOGUE[row["code"]].rank
    return severity, size, rank, not row["occurred_at"], row["occurred_at"], row["break_id"]


def test_all_breaks_stand_there_in_the_order_for_people(result: Path, table: list[dict[str, str]]) -> None:
    out = _told(recon("breaks", result))
    serious = sorted((row for row in table if row["severity"] != "info"), key=_place)
    assert _ID.findall(out) == [row["break_id"] for row in serious if row["break_id"] not in TOGETHER]
    assert all(row["explanation"] in out for row in serious if row["break_id"] not in TOGETHER)
    sizes = [Decimal(row["difference"]) for row in serious]
    last = f"Total {len(serious)}: sum |difference| {sum(map(abs, sizes)):,} CNY, net {sum(sizes):,} CNY"
    assert out.splitlines()[-1] == last
    assert out.splitlines()[1] == "26 breaks (high 15, medium 6, low 5); 4 for information"


def test_plain_text_is_whole_and_without_colour(result: Path) -> None:
    for lang in ("zh", "en"):
        out = _told(process("breaks", result, "--lang", lang))
        assert "\x1b" not in out
        assert all(line == line.rstrip() for line in out.splitlines())


@pytest.mark.parametrize("golden", GOLDEN, ids=lambda path: path.stem)
def test_golden_texts(golden: Path, result: Path) -> None:
    """A cause is told once, with its reach, next step and voucher; low bank lines stand together."""
    command, _, text = golden.read_text(encoding="utf-8").partition("\n")
    assert command.startswith("$ recon breaks DIR ")
    assert _told(recon(*command.split()[2:], cwd=result.parent)) == text


def test_bank_lines_of_other_business_stand_together(inside: Inside, result: Path) -> None:
    out = _told(inside("breaks", result, "--lang", "zh"))
    group = out.split("其他业务的银行流水")[1].splitlines()[1:3]
    assert [line.split()[:4] for line in group] == [
        ["1", "5,446.79", "CNY", "杭州云栖文创有限公司"],
        ["1", "-1,458.51", "CNY", "义乌市合诚包装有限公司"],
    ]
    asked = _told(inside("breaks", result, "--code", "unknown_receipt,unknown_debit"))
    assert set(_ID.findall(asked)) > TOGETHER
    assert "by counterparty" not in asked
    assert "by counterparty" not in _told(inside("breaks", result, "--severity", "high"))


@pytest.mark.parametrize(
    ("options", "keeps"),
    [
        (["--code", "excess_refund", "--code", "missing_payout, cutoff"],
         lambda row: row["code"] in {"excess_refund", "missing_payout", "cutoff"}),
        (["--severity", "medium", "--severity", "info"], lambda row: row["severity"] in {"medium", "info"}),
        (["--severity", "high", "--account", "TAOBAO"],
         lambda row: row["severity"] == "high" and row["account"] == "taobao.orders:default"),
        (["--account", "9900"], lambda row: "9900" in row["account"] and row["severity"] != "info"),
        (["--account", "no such"], lambda row: False),
    ],
)  # fmt: skip
def test_choices(inside: Inside, result: Path, table: list[dict[str, str]], options: list[str], keeps: Any) -> None:
    expected = [row["break_id"] for row in sorted(filter(keeps, table), key=_place)]
    listed = json.loads(_told(inside("breaks", result, "--json", *options)))
    assert [row["break_id"] for row in listed] == expected
    together = set() if "--code" in options else TOGETHER
    assert _ID.findall(_told(inside("breaks", result, *options))) == [i for i in expected if i not in together]


def test_json_has_the_columns_of_the_table_and_what_they_mean(
    inside: Inside, result: Path, table: list[dict[str, str]]
) -> None:
    listed = json.loads(_told(inside("breaks", result, "--json", "--lang", "zh")))
    by_id = {row["break_id"]: row for row in table}
    assert len(listed) == sum(row["severity"] != "info" for row in table)
    for row in listed:
        words = {name: row.pop(name) for name in ("title", "next_step", "voucher")}
        assert list(row) == BREAKS.names
        assert all(words.values())
        assert words["title"] == CATALOGUE[row["code"]].zh
        assert {name: "" if value is None else str(value) for name, value in row.items()} == by_id[row["break_id"]]
        assert isinstance(row["difference"], str)
        assert isinstance(row["reach_rows"], int)


def test_a_limit_says_what_it_leaves_out(inside: Inside, result: Path) -> None:
    out = _told(inside("breaks", result, "--limit", "3"))
    assert len(_ID.findall(out)) == 3
    assert "21 more not listed; --limit N lists more" in out.splitlines()
    assert "Total 26: " in out
    assert "One by one" not in _told(inside("breaks", result, "--limit", "0"))
    assert len(json.loads(_told(inside("breaks", result, "--json", "--limit", "2")))) == 2


def test_fail_on_tests_the_whole_result_again(result: Path) -> None:
    ended = recon("breaks", result, "--code", "suggested", "--fail-on", "high > 14, breaks > 26")
    assert (ended.code, ended.err) == (1, "--fail-on: high > 14\n")
    assert "1 break (low 1)" in ended.out
    assert recon("breaks", result, "--fail-on", "high > 15, wrong_key > 0, cutoff > 2").code == 0


def test_where_a_result_is_found(inside: Inside, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, result: Path) -> None:
    (tmp_path / "october").mkdir()
    shutil.copytree(result, tmp_path / "october-recon")
    shop = tmp_path / "shop"
    for period in ("2026-09", "2026-10"):
        shutil.copytree(result, shop / "out" / period)
    (shop / "out" / "2026-11").mkdir()  # a run that left nothing
    (shop / "out" / "latest").mkdir()
    (shop / "recon.yaml").write_text("lang: zh\n", encoding="utf-8")
    summary = json.loads((shop / "out" / "2026-09" / "summary.json").read_text(encoding="utf-8"))
    earlier = json.dumps({**summary, "period": "2026-09"})
    (shop / "out" / "2026-09" / "summary.json").write_text(earlier, encoding="utf-8")
    whole = _told(inside("breaks", result))
    monkeypatch.chdir(tmp_path)
    assert _told(inside("breaks", "october")) == whole
    assert _told(inside("breaks", "shop")) == whole
    assert _told(inside("breaks", "shop/out/2026-09")).startswith("2026-09 ")
    monkeypatch.chdir(tmp_path / "october")
    assert _told(inside("breaks", ".")) == whole
    monkeypatch.chdir(tmp_path)
    assert _told(inside("explain", "shop", "BB1E2F88A566E")).startswith("break BB1E2F88A566E")


def test_nothing_found(inside: Inside, tmp_path: Path) -> None:
    folder = tmp_path / "DIR"
    shutil.copytree(
        CASE / "inbox", tmp_path / "in", ignore=lambda _, names: [n for n in names if "ExportOrder" not in n]
    )
    run(["match", str(tmp_path / "in"), "--out", str(folder), "--quiet", "--as-of", "2026-01-01"])
    ended = inside("breaks", folder, "--severity", "low", "--lang", "zh")
    assert _told(ended).splitlines()[1] == "没有差异"
    assert json.loads(_told(inside("breaks", folder, "--json", "--severity", "low"))) == []


@pytest.mark.parametrize(
    ("arguments", "code", "line"),
    [
        (("none",), 2, "none: there is no such folder.\n"),
        (("DIR/breaks.csv",), 2, "DIR/breaks.csv: there is no such folder.\n"),
        (("DIR", "--code", "ambigous"), 2, "--code: 'ambigous' is no break code. Did you mean 'ambiguous'?\n"),
        (("DIR", "--code", "cutoff,zzzz"), 2, "--code: 'zzzz' is no break code. Known: ambiguous, "),
        (("DIR", "--severity", "hihg"), 2, "'hihg' is not one of 'high', 'medium', 'low', 'info'."),
        (("DIR", "--limit", "-1"), 2, "-1 is not in the range"),
        (("DIR", "--fail-on", "hihg > 0"), 2, "--fail-on: 'hihg' is unknown. Did you mean 'high'?\n"),
        ((".",), 4, ".: holds no result of recon. Name the folder that recon match left.\n"),
    ],
)
def test_wrong_usage(
    inside: Inside, monkeypatch: pytest.MonkeyPatch, result: Path, arguments: tuple[str, ...], code: int, line: str
) -> None:
    monkeypatch.chdir(result.parent)
    ended = inside("breaks", *arguments)
    assert (ended.code, ended.out) == (code, "")
    assert line in ended.err


def _cut(folder: Path, name: str, column: str) -> None:
    with (folder / name).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    with (folder / name).open("w", encoding="utf-8", newline="") as file:
        lines = csv.DictWriter(file, [key for key in rows[0] if key != column], extrasaction="ignore")
        lines.writeheader()
        lines.writerows(rows)


def test_results_of_other_versions_and_damaged_ones(
    inside: Inside, monkeypatch: pytest.MonkeyPatch, result: Path, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)

    def ended(name: str) -> str:
        done = inside("breaks", name)
        assert (done.code, done.out) == (4, "")
        assert "Traceback" not in done.err
        return done.err

    for name in "abcdef":
        shutil.copytree(result, tmp_path / name)
    (tmp_path / "a" / "break_rows.csv").unlink()
    assert ended("a") == "a/break_rows.csv: is missing. Run recon match again.\n"
    (tmp_path / "b" / "breaks.csv").unlink()
    assert ended("b") == "b/breaks.csv: is missing. Run recon match again.\n"
    _cut(tmp_path / "c", "breaks.csv", "cause")
    assert ended("c") == "c/breaks.csv: has no column cause. Run recon match again.\n"
    (tmp_path / "d" / "breaks.csv").write_bytes(b"\xff\xfe\x00 no table")
    assert ended("d") == "d/breaks.csv: has no column break_id. Run recon match again.\n"
    text = (tmp_path / "e" / "breaks.csv").read_text(encoding="utf-8").replace(",CNY,", ",??,")
    (tmp_path / "e" / "breaks.csv").write_text(text, encoding="utf-8")
    assert ended("e") == "e/breaks.csv: cannot be read: '??' is no ISO 4217 currency code. Run recon match again.\n"
    (tmp_path / "f" / "summary.json").write_text('{"version": "0", "as_of": "", "legs": []}', encoding="utf-8")
    assert ended("f") == "f: was left by another version of recon. Run recon match again.\n"
    older = json.loads((result / "summary.json").read_text(encoding="utf-8"))
    del older["booked_elsewhere"]
    shutil.copytree(result, tmp_path / "g")
    (tmp_path / "g" / "summary.json").write_text(json.dumps(older), encoding="utf-8")
    assert set(_ID.findall(_told(inside("breaks", "g")))) > TOGETHER
