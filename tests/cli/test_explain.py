"""`recon explain`: golden texts of one result, pages of codes, and every wrong use.

The golden texts lie in explained/: the first line of a file is the command, DIR stands for the result.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from recon.breaks.pages import pages
from recon.cli import run
from tests.cli.command import PROJECT, process, recon

GOLDEN = sorted((Path(__file__).parent / "explained").glob("*.txt"))
CASE = PROJECT / "samples" / "cases" / "taobao-alipay-bank"


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("explain") / "DIR"
    assert run(["match", str(CASE / "inbox"), "--out", str(folder), "--quiet"]) == 0
    return folder


@pytest.mark.parametrize("golden", GOLDEN, ids=lambda path: path.stem)
def test_golden_texts(golden: Path, result: Path) -> None:
    command, _, text = golden.read_text(encoding="utf-8").partition("\n")
    assert command.startswith("$ recon explain ")
    ended = recon(*command.split()[2:], cwd=result.parent)
    assert (ended.code, ended.err) == (0, "")
    assert ended.out == text


def test_there_are_golden_texts_of_every_kind() -> None:
    names = {path.stem.partition(".")[0] for path in GOLDEN}
    assert names == {"match", "break", "unmatched", "in-transit", "excluded", "voucher", "order", "code"}
    assert {path.stem.partition(".")[2] for path in GOLDEN} == {"zh", "en"}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_code_is_shown(capsys: pytest.CaptureFixture[str], lang: str) -> None:
    for code, page in pages(lang).items():
        assert run(["explain", code, "--lang", lang]) == 0
        out, err = capsys.readouterr()
        assert err == ""
        assert out.startswith(f"{code}  {page.title}")
        assert all(text in out for text in (*page.parts.values(), *dict(page.causes).values()))


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (("fee_mismach",), "'fee_mismach' is no break code. Did you mean 'fee_mismatch'?\n"),
        (("xxxx",), "'xxxx' is no break code. Known: ambiguous, amount_mismatch,"),
        (("DIR",), "To explain something of a result, give an ID behind the folder.\n"),
        (("none", "B93646106A447"), "none: there is no such folder.\n"),
        (("DIR", "B93646106A448"), "no id and no reference in DIR is like that. Did you mean 'B93646106A447'?\n"),
        (("DIR", "B9364", "x"), "recon explain takes OUT_DIR and ID, or a CODE.\n"),
        (("DIR", "B93646106A447", "--lang", "fr"), "'fr' is not one of 'zh', 'en'."),
    ],
)
def test_wrong_usage(result: Path, arguments: tuple[str, ...], line: str) -> None:
    ended = recon("explain", *arguments, cwd=result.parent)
    assert (ended.code, ended.out) == (2, "")
    assert line in ended.err


def test_a_folder_that_is_no_result(result: Path, tmp_path: Path) -> None:
    ended = process("explain", ".", "B93646106A447", cwd=tmp_path)
    assert (ended.code, ended.out) == (4, "")
    assert ended.err == ".: holds no result of recon. Name the folder that recon match left.\n"
    shutil.copytree(result, tmp_path / "half")
    (tmp_path / "half" / "break_rows.csv").unlink()
    ended = recon("explain", "half", "B93646106A447", cwd=tmp_path)
    assert (ended.code, ended.out) == (4, "")
    assert ended.err == "half/break_rows.csv: is missing. Run recon match again.\n"


def test_the_language_is_that_of_the_run_unless_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["match", str(CASE / "inbox"), "--out", str(tmp_path / "DIR"), "--quiet", "--lang", "en"]) == 0
    assert run(["explain", str(tmp_path / "DIR"), "B93646106A447"]) == 0
    assert capsys.readouterr().out.startswith("break B93646106A447  ambiguous several candidates\n")
    assert run(["explain", str(tmp_path / "DIR"), "B93646106A447", "--lang", "zh"]) == 0
    assert capsys.readouterr().out.startswith("差异 B93646106A447  ambiguous 多候选待人工\n")
