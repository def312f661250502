"""Daily lists of acquirers without a header, told by the shape of every line.

扫呗: commas, amounts in fen, columns were added at the end over the years. 通联 收银宝: 34 columns, amounts in yuan.
Source: help.lcsw.cn and prodoc.allinpay.com/doc/1403 (field guide of gateways, 6.1 and 6.3).
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass

from recon.channels.standards.records import Booked

_FEN = r"(-?\d{1,12})?"
_YUAN = r"(-?\d{1,12}(\.\d{1,2})?)?"


@dataclass(frozen=True)
class Listed:
    """One list: the names of its columns, how few of them a line may have, and what stands in some of them."""

    kind: str
    names: tuple[str, ...]
    fewest: int
    shapes: Mapping[int, str]

    def fits(self, row: list[str]) -> bool:
        """True if a line is of this list."""
        sound = self.fewest <= len(row) <= len(self.names)
        return sound and all(re.fullmatch(shape, row[place]) for place, shape in self.shapes.items())


SAOBEI = Listed(
    "saobei",
    (
        "商户号", "终端号", "交易时间", "退款完成时间", "交易金额", "手续费金额", "退款金额", "结余金额",
        "支付方式", "支付类型", "交易状态", "交易单号", "退款原单号", "终端流水号", "渠道订单号", "交易日期",
        "用户标识", "银行卡类型", "附加数据", "商家优惠金额", "商家实收金额", "用户实付金额", "平台优惠金额",
        "订单备注", "自定义设备编号", "支付银行标识", "门店名称", "通道类型",
    ),
    16,
    {0: r"\d{10,20}", 2: r"\d{4}-?\d\d-?\d\d ?\d\d:?\d\d:?\d\d", 4: _FEN, 5: _FEN, 6: _FEN, 7: _FEN},
)  # fmt: skip
ALLINPAY = Listed(
    "allinpay",
    (
        "商户号", "门店名称", "终端号", "交易时间", "交易类型", "交易批次号", "凭证号", "参考号", "卡号",
        "卡类别", "发卡行机构代码", "发卡行名称", "交易金额", "手续费", "交易日期", "交易单号", "订单号",
        "商户备注", "对接应用号", "原始金额", "结算金额", "产品类型", "分期贴息", "交易完成时间", "持卡人姓名",
        "持卡人身份证", "分期数", "优惠金额", "实付金额", "原交易单", "渠道交易类型", "出金方账户名称",
        "门店编号", "交易完成日期",
    ),
    34,
    {0: r"\w{8,20}", 3: r"\d\d:\d\d:\d\d", 12: _YUAN, 13: _YUAN, 14: r"\d{4}-\d\d-\d\d", 20: _YUAN},
)  # fmt: skip


def statements(text: str) -> tuple[Listed, Booked] | None:
    """Return the list and its lines; None if the first line is of no list, or another line of another one."""
    lines = csv.reader(io.StringIO(text, newline=""))
    listed: Listed | None = None
    booked = Booked()
    for number, cells in enumerate(lines, start=1):
        row = [cell.strip() for cell in cells]
        if not any(row):
            continue
        if listed is None:
            listed = next((one for one in (SAOBEI, ALLINPAY) if one.fits(row)), None)
        if listed is None or not listed.fits(row):
            return None
        booked.book(dict(zip(listed.names, row, strict=False)), number)
    return (listed, booked) if listed is not None else None


def may_be_list(start: bytes) -> bool:
    """True if the first line begins with a number and has a time in its third or fourth cell, so that it is tried."""
    return re.match(rb'\s*"?\w{8,20}"?,([^,\n]*,){1,2}"?(\d{4}-?\d\d-?\d\d ?)?\d\d:?\d\d:?\d\d"?,', start) is not None
