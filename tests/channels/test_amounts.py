"""Amounts as channels print them: inside a text, in fen, with a decimal comma; cells between bars."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest
from pydantic import ValidationError

from recon.channels import amounts, tables
from recon.channels.delimited import Delimited
from recon.channels.parts import Cut


def test_an_amount_inside_a_text() -> None:
    cut = Cut(amounts={"备注": r"服务费[¥￥]?(?P<sum>[\d.,]+)"})
    column = pa.array(["服务费¥1,000.10", "谢谢", None])
    assert amounts.plain(column, cut, "备注").to_pylist() == ["1,000.10", None, None]
    assert amounts.plain(column, cut, "金额").to_pylist() == column.to_pylist()


def test_a_decimal_comma() -> None:
    assert amounts.plain(pa.array(["1.234,50"]), Cut(decimal=","), "x").to_pylist() == ["1234.50"]


def test_whole_numbers_of_fen() -> None:
    parsed = amounts.in_minor(pa.array(["000000476800", "-226", "+5", "1.50", "", None]))
    assert parsed.minor.to_pylist() == [476800, -226, 5, None, None, None]
    assert parsed.wrong.tolist() == [False, False, False, True, True, False]


def test_a_pattern_needs_its_group() -> None:
    with pytest.raises(ValidationError, match="one named group"):
        Cut(amounts={"备注": r"服务费([\d.]+)"})


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_cells_between_bars(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "bill.txt"
    path.write_bytes("订单号|备注|金额|\n1|億億|5|\n".encode(encoding))  # 億 ends in the byte of the bar
    (source,) = tables.open_file(path, "bill.txt")
    assert isinstance(source, Delimited)
    assert source.head[1].cells == ("1", "億億", "5", "")


def test_each_cell_by_its_last_mark() -> None:
    column = pa.array(["1.234,50", "1,234.50", "-5,9", "1,234", "12", "1 234,50", None])
    found = amounts.plain(column, Cut(decimal="either"), "x").to_pylist()
    assert found == ["1234.50", "1,234.50", "-5.9", "1,234", "12", "1234.50", None]
