"""What exports do not say themselves: where they are cut off, marks at line ends, empty lines above totals."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from recon.ledger.statement import Statement

NAMES = "清算日期 交易日期 交易时间 终端号 交易金额 清算金额 手续费 交易类型 参考号 商户号 银商订单号".split()


def cleared(number: int) -> str:
    return f"20261015\t2026-10-15\t09:00:00\t1\t1.00\t0.99\t0.01\t消费\t{number:012d}\t898\t"


@pytest.mark.parametrize(("rows", "told"), [(999, False), (1000, True)])
def test_an_export_that_is_as_long_as_it_can_be_says_so(
    statement: Callable[..., Statement], rows: int, told: bool
) -> None:
    text = "\n".join(
        ["\t".join(NAMES), *map(cleared, range(rows)), "\t" * 10, f"总笔数：\t{rows}\t交易金额：\t{rows}.00"]
    )
    read = statement(text + "\n", "list.txt")
    assert (read.rows, read.control_total) == (rows, "ok")
    assert ("at most" in " ".join(note.en for note in read.notes)) is told


def test_a_mark_at_the_end_of_the_header_opens_no_column(statement: Callable[..., Statement]) -> None:
    header = "交易时间,交易分类,交易对方,对方账号,商品说明,收/支,金额,收/付款方式,交易状态,交易订单号,商家订单号,备注,"
    row = "2026-10-01 09:00:00,商业服务,*某,/,茶叶,收入,1.00,余额,交易成功,{},S,"
    read = statement("\n".join([header, row.format(1) + ",", row.format(2)]) + "\n")
    assert (read.booked_rows, read.quarantined) == (2, ())
