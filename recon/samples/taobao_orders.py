"""The 订单报表 of a Taobao or Tmall shop, in the layout of 2018 and later (GBK csv, one row per order)."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from recon.samples.columns import Cells, Times, choice, clock, join, money, number, where, write_table
from recon.samples.dice import Flags, Ints

UNPAID, PAID, SHIPPED, COMPLETED, CLOSED = range(5)
_STATES: Final = ("等待买家付款", "买家已付款，等待卖家发货", "卖家已发货，等待买家确认", "交易成功", "交易关闭")
_HEAD: Final = (
    "订单编号,买家会员名,买家支付宝账号,买家应付货款,买家应付邮费,买家支付积分,总金额,返点积分,买家实际支付金额,"
    "买家实际支付积分,订单状态,买家留言,收货人姓名,收货地址 ,运送方式,联系电话 ,联系手机,订单创建时间,"
    "订单付款时间 ,宝贝标题 ,宝贝种类 ,物流单号 ,物流公司,订单备注,宝贝总数量,店铺Id,店铺名称,订单关闭原因,"
    "卖家服务费,买家服务费,发票抬头,是否手机订单,分阶段订单信息,特权订金订单id,是否上传合同照片,是否上传小票,"
    "是否代付,定金排名,修改后的sku,修改后的收货地址,异常信息,天猫卡券抵扣,集分宝抵扣,是否是O2O交易,新零售交易类型,"
    "新零售导购门店名称,新零售导购门店id,新零售发货门店名称,新零售发货门店id,退款金额,预约门店,确认收货时间,"
    "打款商家金额,含应开票给个人的个人红包"
)
_GOODS: Final = tuple("纯棉四件套 保温杯 儿童雨靴 手冲咖啡壶 帆布托特包 桌面收纳盒 无线鼠标 羊毛围巾".split())


OPEN, TIMED_OUT, GIVEN_BACK, NO_STOCK = range(4)
_REASONS: Final = ("订单未关闭", "买家未及时付款", "退款", "卖家缺货")


@dataclass(frozen=True)
class Shop:
    """A shop as its file prints it; `yuan` is the suffix that some exports put after 打款商家金额."""

    number: str
    name: str
    yuan: str = ""


@dataclass(frozen=True)
class Orders:
    """Orders of one case, one row each; amounts in minor units; `released` below zero is not yet filled."""

    order: Ints
    shop: Ints
    created: Times
    paid_at: Times
    confirmed: Times
    state: Ints
    goods: Ints
    freight: Ints
    discount: Ints
    paid: Ints
    refund: Ints
    released: Ints
    closed_why: Ints

    def take(self, rows: Ints | Flags) -> "Orders":
        """The chosen rows."""
        return Orders(*(getattr(self, name)[rows] for name in self.__dataclass_fields__))


def write_orders(path: Path, shop: Shop, orders: Orders) -> None:
    """Write the report of one shop, newest order first, as the seller centre lists them."""
    rows = orders.take(np.arange(len(orders.order) - 1, -1, -1, dtype=np.int64))
    write_table(path, _HEAD, _cells(rows, shop), len(rows.order), encoding="gbk", end="\r\n")


def _cells(rows: Orders, shop: Shop) -> list[Cells]:
    """The 54 columns of `_HEAD`, in its order."""
    bought = ~np.isnat(rows.paid_at)
    sent = np.isin(rows.state, (SHIPPED, COMPLETED))
    total = rows.paid + rows.discount
    buyer = join("t***", number(rows.order % 100, 2))
    released = where(rows.released < 0, "", join(money(np.maximum(rows.released, 0)), shop.yuan))
    waybill = where(sent, join("YT", number(rows.order % 10**11, 13)), "")
    identity: list[Cells] = [join('="', number(rows.order), '"'), buyer, "138****0000"]
    prices = [money(total - rows.freight), money(rows.freight), "0", money(total), "0"]
    prices += [where(bought, money(rows.paid), "0.00"), "0", choice(_STATES, rows.state)]
    buyer_cells: list[Cells] = ["", "王**", "浙江省 杭州市 余杭区 ****", "快递", "", "'138****0000"]
    goods = [clock(rows.created), clock(rows.paid_at), choice(_GOODS, rows.goods), "1", waybill]
    goods += [where(sent, "圆通速递", ""), "", "1", shop.number, shop.name, choice(_REASONS, rows.closed_why)]
    fees: list[Cells] = ["0元", "0元", "", "手机订单", "", "", "否", "否", "否", "", "", "", ""]
    offline: list[Cells] = ["0", "0", "", "", "", "", "", ""]
    money_cells = [money(rows.refund), "", clock(rows.confirmed), released, "0.00"]
    return [*identity, *prices, *buyer_cells, *goods, *fees, *offline, *money_cells]
