"""Alipay account entries: what the business code, the type and the remark say, and where the order number stands."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from recon.ledger.statement import Statement

HEADER = (
    "账务流水号,业务流水号,商户订单号,发生时间,收入金额（+元）,支出金额（-元）,"
    "交易渠道,业务类型,备注,业务描述,业务基础订单号"
)


NINE = "订单号：3300000000000000009"


def entries(*rows: tuple[str, ...]) -> str:
    """Rows of (in, out, type, remark, business description, merchant order number, base order number, channel)."""
    lines = []
    for number, row in enumerate(rows):
        came, went, kind, remark, business, order, base, via = (*row, *[""] * (8 - len(row)))
        lines.append(
            f"{number + 1},77,{order},2026-10-01 09:00:00,{came},{went},{via},{kind},{remark},{business},{base}"
        )
    return "\n".join(["#支付宝账务明细查询", HEADER, *lines]) + "\n"


@pytest.mark.parametrize(
    ("row", "kind", "detail"),
    [
        (("9.00", "", "其它", "", "0010001|交易收款-交易收款"), "payment", None),
        (("9.00", "", "其它", "", "0010027T|交易收款-邮费补贴"), "subsidy", "邮费补贴"),
        (("", "-9.00", "其它", "", "0020001|交易退款-余额退款"), "refund", None),
        (("", "-9.00", "其它", "", "0030003|软件服务费-天猫佣金"), "commission", "类目软件服务费"),
        (("9.00", "", "其它", "", "0030018|软件服务费-天猫返点积分（退款）"), "commission", "天猫返点积分"),
        (("", "-9.00", "其它", "", "0060011|营销支出-淘宝客佣金"), "commission", "淘宝客佣金"),
        (("", "-9.00", "其它", "", "0030038|软件服务费-支付宝服务费"), "fee", "支付宝服务费"),
        (("", "-9.00", "其它", "", "0050005|保险支出-卖家版运费险"), "commission", "运费险"),
        (("", "-9.00", "其它", "", "0110001|公益性捐赠支出-公益宝贝"), "adjustment", "公益宝贝"),
        (("", "-9.00", "其它", "", "00800280000012|保证金-天猫-缴存"), "deposit", "保证金"),
        (("", "-9.00", "其它", "", "0039999|服财务费-新名目"), "commission", "0039999|服财务费-新名目"),
        (("9.00", "", "在线支付"), "payment", None),
        (("", "-9.00", "在线支付"), "transfer", "在线支付支出"),
        (("", "-9.00", "交易退款"), "refund", None),
        (("", "-9.00", "收费"), "fee", "手续费"),
        (("", "-9.00", "提现"), "payout", None),
        (("", "-9.00", "转账", "", "", "MYBK20261001"), "transfer", "网商银行"),
        (("", "-9.00", "转账"), "transfer", "转账"),
        (("", "-9.00", "其它", "淘宝联盟佣金代扣"), "commission", "淘宝客佣金"),
        (("", "-9.00", "交易分账", "品牌新享-首单礼金(123)扣款"), "commission", "品牌新享"),
        (("", "-9.00", "交易分账"), "commission", "交易分账"),
        (("", "-9.00", "其它", "退差价"), "refund", None),
        (("", "-9.00", "其它", "转入余利宝"), "transfer", "理财"),
        (("", "-9.00", "其它", "", "9990001|别的"), "adjustment", "9990001|别的"),
    ],
)
def test_what_a_row_is(
    statement: Callable[..., Statement], row: tuple[str, ...], kind: str, detail: str | None
) -> None:
    table = statement(entries(row)).table
    assert (table["kind"].to_pylist(), table["detail"].to_pylist()) == ([kind], [detail])


@pytest.mark.parametrize(
    ("row", "order"),
    [
        (("9", "", "", NINE, "", "T200P3300000000000000002", "3300000000000000001"), "3300000000000000001"),
        (("9", "", "", NINE, "", "T200P3300000000000000002", "FP301_7"), "3300000000000000002"),
        (("9", "", "", "", "", "service_1568601259302"), "service_1568601259302"),
        (("9", "", "", "代扣 订单编号: 3300000000000000003 完"), "3300000000000000003"),
        (("9", "", "", "tradeid:3300000000000000004"), "3300000000000000004"),
        (("9", "", "", "补（3300000000000000005）"), "3300000000000000005"),
        (("9", "", "", "客户 3300000000000000005"), None),
    ],
)  # fmt: skip
def test_where_the_order_number_stands(
    statement: Callable[..., Statement], row: tuple[str, ...], order: str | None
) -> None:
    assert statement(entries(row)).table["order_ref"].to_pylist() == [order]


def test_money_in_the_aggregated_account_is_a_copy(statement: Callable[..., Statement]) -> None:
    row = ("9.00", "", "其它", "", "0010001|交易收款-交易收款", "", "", "聚合结算渠道")
    assert statement(entries(row, row[:7])).table["book"].to_pylist() == ["copy", "cash"]
