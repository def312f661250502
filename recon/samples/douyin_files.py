"""The files of a Douyin shop: the order list, one row per sub-order, and the 动账明细, one row per movement."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa

from recon.samples.columns import NEVER, Cells, Times, choice, clock, join, money, number, where, write_table
from recon.samples.dice import Flags, Ints
from recon.samples.douyin_trade import AFTER_SALE, CLOSED, COMPLETED, NOT_BOUGHT, SHIPPED, Role, Trade

_ORDERS: Final = (
    "主订单编号,子订单编号,选购商品,商品规格,商品数量,商品ID,商家编码,商品单价,订单应付金额,运费,优惠总金额,平台优惠,"
    "商家优惠,达人优惠,商家改价,支付优惠,红包抵扣,支付方式,手续费,收件人,收件人手机号,省,市,区,街道,详细地址,"
    "是否修改过地址,地址修改时段,买家留言,订单提交时间,旗帜颜色,商家备注,订单完成时间,支付完成时间,APP渠道,流量来源,"
    "订单状态,承诺发货时间,订单类型,鲁班落地页ID,达人ID,达人昵称,所属门店ID,售后状态,取消原因,预约发货时间,仓库ID,"
    "仓库名称,序列号,是否安心购,广告渠道,流量类型,流量体裁,流量渠道,发货主体,发货主体明细,发货时间,降价类优惠,"
    "平台实际承担优惠金额,商家实际承担优惠金额,达人实际承担优惠金额,预计送达时间,是否平台仓自流转,车型,商品69码,发货SN码,"
    "发货IMEI码1,发货IMEI码2,预约送达时间,建议发货时间（起）,建议发货时间（止）,物流SN码,物流IMEI码1,物流IMEI码2"
)
_MOVES: Final = (
    "动账时间,动帐流水号,动账方向,动账金额,动账账户,动账场景,计费类型,子订单号,订单号,售后编号,下单时间,商品ID,商品名称,"
    "达人ID,达人名称,订单类型,订单实付应结,运费实付,实际平台补贴_运费,实际平台补贴,其他平台补贴,以旧换新抵扣,"
    "政府补贴平台垫资,实际达人补贴,实际抖音支付补贴,实际抖音月付营销补贴,银行补贴,订单退款,平台服务费,佣金,服务商佣金,"
    "渠道分成,招商服务费,站外推广费,其他分成,是否免佣,免佣金额,商户主体名称,备注"
)
_STATES: Final = ("待支付", "待发货", "已发货", "已完成", "已关闭")
_SCENES: Final = ("货款结算入账", "退款-结算后退款-退用户", "提现", "提现退票")
_GOODS: Final = tuple("冻干咖啡 山核桃仁 藜麦脆片 桂花乌龙 手工牛轧糖".split())
SETTLEMENT, REFUND, PAYOUT, RETURN = range(4)
NO_ORDER: Final = -1


@dataclass(frozen=True)
class Moves:
    """Movements of the wallet. Minor units, ledger signs; `gap` is what the printed net lacks of the parts.

    `place` is the sub-order of the row or `NO_ORDER`; `serial` makes the movement number; `case` the after-sale's.
    """

    at: Times
    kind: Ints
    place: Ints
    serial: Ints
    paid: Ints
    platform: Ints
    influencer: Ints
    refund: Ints
    fee: Ints
    other: Ints
    gap: Ints
    case: Ints

    def take(self, rows: Ints | Flags) -> "Moves":
        """The chosen rows."""
        return Moves(*(getattr(self, name)[rows] for name in self.__dataclass_fields__))

    def net(self) -> Ints:
        """What the wallet moves by, as printed."""
        return self.paid + self.platform + self.influencer + self.refund + self.fee + self.other - self.gap


def together(parts: Sequence[Moves]) -> Moves:
    """Several sets of movements as one, by time; equal times in the order of the parts."""
    names = Moves.__dataclass_fields__
    whole = Moves(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))
    return whole.take(np.argsort(whole.at, kind="stable"))


def serial_text(serial: Ints) -> pa.Array:
    """The number of a movement: 18 digits."""
    return number(serial, 18)


def _dashed(times: Times) -> pa.Array:
    return where(np.isnat(times), "-", clock(times))


def write_orders(path: Path, trade: Trade) -> None:
    """Write the order list: UTF-8 with its mark, CRLF, newest first, `-` for what is empty."""
    places = np.argsort(trade.created, kind="stable")[::-1]
    rows = places[trade.listed[places]]
    write_table(path, _ORDERS, _order_cells(trade, rows), len(rows), encoding="utf-8-sig", end="\r\n")


def _order_cells(trade: Trade, rows: Ints) -> list[Cells]:
    """The 74 columns of `_ORDERS`; `-` stands where the case needs nothing."""
    by_name: dict[str, Cells] = dict.fromkeys(_ORDERS.split(","), "-")
    role, state = trade.role[rows], trade.state[rows]
    bought, sent = ~np.isin(role, NOT_BOUGHT), np.isin(state, (SHIPPED, COMPLETED))
    paid, platform, influencer = trade.paid[rows], trade.platform[rows], trade.influencer[rows]
    borne = money(platform + influencer)
    reason = where(np.isin(role, (Role.CANCELLED,)), "买家超时未支付", where(state == CLOSED, "其他", "-"))
    after_sale = where(np.isin(role, AFTER_SALE), "退款成功", "-")
    by_name |= {"主订单编号": number(trade.main[rows]), "子订单编号": number(trade.sub[rows])}
    by_name |= {"选购商品": choice(_GOODS, rows % len(_GOODS)), "商品数量": "1", "商品ID": "3600012345678901234"}
    by_name |= {"商品单价": money(paid + platform + influencer), "订单应付金额": money(paid), "运费": "0.00"}
    by_name |= {"优惠总金额": borne, "平台优惠": money(platform), "商家优惠": "0.00", "达人优惠": money(influencer)}
    by_name |= {"支付优惠": "0.00", "红包抵扣": "0.00", "支付方式": where(bought, "抖音支付", "-"), "手续费": "0.00"}
    by_name |= {"收件人": "张**", "收件人手机号": "138****0000", "省": "浙江省", "市": "杭州市", "订单类型": "普通订单"}
    by_name |= {"订单提交时间": clock(trade.created[rows]), "订单完成时间": _dashed(trade.done_at[rows])}
    by_name |= {"支付完成时间": _dashed(np.where(bought, trade.paid_at[rows], NEVER)), "APP渠道": "抖音"}
    by_name |= {"订单状态": choice(_STATES, state), "售后状态": after_sale, "取消原因": reason}
    shipped = np.where(sent, trade.paid_at[rows] + np.timedelta64(20, "h"), NEVER)
    by_name |= {"承诺发货时间": clock(trade.created[rows] + np.timedelta64(48, "h")), "发货时间": _dashed(shipped)}
    by_name |= {"平台实际承担优惠金额": money(platform), "商家实际承担优惠金额": "0.00"}
    by_name |= {"达人实际承担优惠金额": money(influencer)}
    return list(by_name.values())


def write_moves(path: Path, trade: Trade, moves: Moves) -> None:
    """Write the 动账明细: UTF-8 with its mark, CRLF, newest first; numbers after an apostrophe, amounts unsigned."""
    rows = moves.take(np.arange(len(moves.at) - 1, -1, -1, dtype=np.int64))
    write_table(path, _MOVES, _move_cells(trade, rows), len(rows.at), encoding="utf-8-sig", end="\r\n")


def _move_cells(trade: Trade, rows: Moves) -> list[Cells]:
    """The 39 columns of `_MOVES`."""
    by_name: dict[str, Cells] = dict.fromkeys(_MOVES.split(","), "0.00")
    has_order, net = rows.place != NO_ORDER, rows.net()
    place = np.where(has_order, rows.place, 0)
    created = where(has_order, clock(trade.created[place]), "")
    text = dict.fromkeys(("计费类型", "商品ID", "商品名称", "达人ID", "达人名称", "免佣金额", "备注"), "")
    by_name |= text
    by_name |= {"动账时间": clock(rows.at), "动帐流水号": join("'", serial_text(rows.serial))}
    by_name |= {"动账方向": where(net < 0, "出账", "入账"), "动账金额": money(np.abs(net)), "动账账户": "聚合账户"}
    by_name |= {"动账场景": choice(_SCENES, rows.kind), "下单时间": created, "是否免佣": "否"}
    by_name |= {"子订单号": where(has_order, join("'", number(trade.sub[place])), "")}
    by_name |= {"订单号": where(has_order, join("'", number(trade.main[place])), "")}
    by_name |= {"售后编号": where(rows.case > 0, join("'", number(rows.case)), "")}
    by_name |= {"订单类型": where(has_order, "普通订单", ""), "商户主体名称": "杭州云杉食品有限公司"}
    by_name |= {"订单实付应结": money(rows.paid), "实际平台补贴": money(rows.platform)}
    by_name |= {"实际达人补贴": money(rows.influencer), "订单退款": money(rows.refund), "平台服务费": money(rows.fee)}
    by_name |= {"备注": where(rows.kind == PAYOUT, "提现至工商银行(3456)", "")}
    return list(by_name.values())
