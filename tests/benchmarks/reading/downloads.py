"""A million rows as they are downloaded: WeChat Pay trade bill, Alipay account entries, Taobao orders, Douyin entries.

Layouts as in samples/channels; amounts, days and numbers vary from row to row, texts repeat as they do in a shop.
Each maker returns the lines of one file. Nothing here is shared with recon.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np

GOODS = (
    "原木书架 五层",
    "藤编收纳箱",
    "亚麻桌布",
    "陶瓷马克杯（对杯）",
    "羊毛地毯 2米",
    "儿童学习椅",
    "玻璃花瓶",
    "落地灯 暖光",
)
_START = datetime.fromisoformat("2026-10-01")
_SECONDS = 31 * 86_400


def money(fen: int) -> str:
    """Fen as yuan with two places."""
    return f"{'-' if fen < 0 else ''}{abs(fen) // 100}.{abs(fen) % 100:02}"


def moment(nth: int, rows: int) -> datetime:
    """The moments of a file rise through October."""
    return _START + timedelta(seconds=nth * _SECONDS // rows)


def wechat(rows: int, dice: np.random.Generator) -> Iterator[str]:
    """Trade bill ALL, 27 columns, with its totals; one row in thirty is a refund of an earlier payment."""
    yield (
        "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,"
        "付款银行,货币种类,应结订单金额,代金券金额,微信退款单号,"
        "商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,"
        "订单金额,申请退款金额,费率备注"
    )
    sold = back = fees = ordered = asked = 0
    for nth in range(rows):
        time = moment(nth, rows)
        number, fen = nth, int(dice.integers(100, 90_000))
        refund = nth % 30 == 29
        if refund:
            number, fen = nth - int(dice.integers(1, 29)), int(dice.integers(10, 100))
        coupon = 0 if refund or nth % 9 else min(500, fen // 2)
        fee = (fen * 6 + 500) // 1000
        cells = [
            str(time),
            "wx8888888888888888",
            "1900000109",
            "0",
            "",
            f"42000001{20261001 + nth % 31}{number:016}",
            f"XS{number:014}",
            f"o{nth % 977:027}",
            "JSAPI",
            "REFUND" if refund else "SUCCESS",
            "OTHERS",
            "CNY",
            money(0 if refund else fen),
            "0.00",
            f"5030000{nth:021}" if refund else "0",
            f"TK{nth:012}" if refund else "0",
            money(fen if refund else 0),
            "0.00",
            "ORIGINAL" if refund else "",
            "SUCCESS" if refund else "",
            f"{GOODS[nth % 8]},{nth % 5}件",
            "",
            f"{'-' if refund else ''}{fee // 100}.{fee % 100:02}000",
            "0.60%",
            money(0 if refund else fen + coupon),
            money(fen if refund else 0),
            "",
        ]
        yield "`" + ",`".join(cells)
        if refund:
            back, asked, fees = back + fen, asked + fen, fees - fee
        else:
            sold, ordered, fees = sold + fen, ordered + fen + coupon, fees + fee
    yield "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额"
    totals = (str(rows), money(sold), money(back), "0.00", money(fees) + "000", money(ordered), money(asked))
    yield "`" + ",`".join(totals)


def alipay(rows: int, dice: np.random.Generator) -> Iterator[str]:
    """账务明细, 16 columns, with running balance and totals: sales, commissions, shopping guides, refunds, payouts."""
    yield "#支付宝账务明细查询"
    yield "#账号：[20881100000000110156]"
    yield "#起始日期：[2026年10月01日 00:00:00]   终止日期：[2026年11月01日 00:00:00]"
    yield "#-----------------------------------------账务明细列表----------------------------------------"
    yield (
        "账务流水号,业务流水号,商户订单号,商品名称,发生时间,对方账号,收入金额（+元）,支出金额（-元）,"
        "账户余额（元）,交易渠道,业务类型,备注,业务描述,业务账单来源,"
        "业务基础订单号,业务订单号"
    )
    balance, sums, counts = 100_000, [0, 0], [0, 0]
    for nth in range(rows):
        number, kind = 3_300_000_000_000_000_000 + nth // 3, nth % 3
        fen = int(dice.integers(1_000, 90_000))
        kind = 3 if nth % 60 == 59 else 4 if nth % 5_000 == 4_999 else kind
        told, remark, what = (
            ("交易付款", "", "0010001|交易收款-交易收款"),
            ("其它", "类目软件服务费", "0030003|软件服务费-类目软件服务费（原天猫佣金）"),
            ("其它", f"淘宝联盟佣金代扣 订单号：{number}", ""),
            ("交易退款", "退款", "0020001|交易退款-交易退款"),
            ("提现", "", ""),
        )[kind]
        fen = (fen, -(fen // 20), -(fen // 50), -min(fen, balance), -balance // 2)[kind]
        balance += fen
        counts[fen < 0] += 1
        sums[fen < 0] += fen
        base = str(number) if kind in (0, 1, 3) else ""
        cells = [
            f"2026100{nth:012}\t",
            f"20260930220011{number % 10**9:012}\t",
            (f"T200P{number}" if base else "") + "\t",
            GOODS[nth % 8] + "\t",
            str(moment(nth, rows)),
            "***\t",
            money(fen) if fen > 0 else "",
            money(fen) if fen < 0 else "",
            money(balance),
            "支付宝\t",
            told + "\t",
            remark + "\t",
            what + "\t",
            "淘宝\t",
            base + "\t",
            "\t",
        ]
        yield ",".join(cells)
    yield "#-----------------------------------------账务明细列表结束------------------------------------"
    yield f"#支出合计：{counts[1]}笔，共{money(sums[1])}元"
    yield f"#收入合计：{counts[0]}笔，共{money(sums[0])}元"
    yield "#导出时间：[2026年11月01日 05:46:49]"


def taobao(rows: int, dice: np.random.Generator) -> Iterator[str]:
    """Order report, 55 columns: nine in ten completed, some with a refund, some not yet received, some unpaid."""
    names = (
        "订单编号,买家会员名,买家支付宝账号,买家应付货款,买家应付邮费,买家支付积分,总金额,返点积分,"
        "买家实际支付金额,买家实际支付积分,订单状态,买家留言,收货人姓名,收货地址 ,"
        "运送方式,联系电话 ,联系手机,订单创建时间,订单付款时间 ,宝贝标题 ,宝贝种类 ,物流单号 ,物流公司,"
        "订单备注,宝贝总数量,店铺Id,店铺名称,订单关闭原因,卖家服务费,买家服务费,"
        "发票抬头,是否手机订单,分阶段订单信息,特权订金订单id,是否上传合同照片,是否上传小票,是否代付,"
        "定金排名,修改后的sku,修改后的收货地址,异常信息,天猫卡券抵扣,"
        "集分宝抵扣,是否是O2O交易,新零售交易类型,新零售导购门店名称,新零售导购门店id,新零售发货门店名称,"
        "新零售发货门店id,退款金额,预约门店,确认收货时间,打款商家金额,"
        "含应开票给个人的个人红包"
    ).split(",")
    yield ",".join(names)
    for nth in range(rows):
        made = moment(nth, rows)
        fen, state = int(dice.integers(1_000, 90_000)), nth % 20
        paid = "" if state == 19 else str(made + timedelta(seconds=12))
        status = "等待买家付款" if state == 19 else "卖家已发货，等待买家确认" if state in (17, 18) else "交易成功"
        back = fen // 4 if state == 7 else 0
        done = status == "交易成功"
        row = dict.fromkeys(names, "")
        row |= {
            "订单编号": f'="{3_300_000_000_000_000_000 + nth}"',
            "买家会员名": "t***1",
            "买家应付货款": money(fen),
            "买家应付邮费": "0.00",
            "买家支付积分": "0",
            "总金额": money(fen),
            "返点积分": "0",
            "买家实际支付金额": money(0 if state == 19 else fen),
            "买家实际支付积分": "0",
            "订单状态": status,
            "收货人姓名": "李**",
            "收货地址 ": "浙江省 杭州市 ***",
            "运送方式": "快递",
            "联系手机": "'138****0000",
            "订单创建时间": str(made),
            "订单付款时间 ": paid,
            "宝贝标题 ": f'"{GOODS[nth % 8]}, 现货"',
            "宝贝种类 ": "1",
            "宝贝总数量": "1",
            "店铺Id": "0",
            "店铺名称": "云杉家居旗舰店",
            "订单关闭原因": "订单未关闭",
            "卖家服务费": "0",
            "买家服务费": "0元",
            "是否手机订单": "手机订单",
            "退款金额": money(back),
            "确认收货时间": str(made + timedelta(days=4)) if done else "",
            "打款商家金额": money(fen - back) + "元" if done else "",
        }
        yield ",".join(row.values())


def douyin(rows: int, dice: np.random.Generator) -> Iterator[str]:
    """动账明细, 39 columns: settlements of goods money in components, refunds after settlement, payouts."""
    names = (
        "动账时间,动帐流水号,动账方向,动账金额,动账账户,动账场景,计费类型,子订单号,订单号,售后编号,"
        "下单时间,商品ID,商品名称,达人ID,达人名称,订单类型,订单实付应结,运费实付,"
        "实际平台补贴_运费,实际平台补贴,其他平台补贴,以旧换新抵扣,政府补贴平台垫资,实际达人补贴,"
        "实际抖音支付补贴,实际抖音月付营销补贴,银行补贴,订单退款,平台服务费,佣金,服务商佣金,渠道分成,"
        "招商服务费,站外推广费,其他分成,是否免佣,免佣金额,商户主体名称,备注"
    ).split(",")
    yield ",".join(names)
    for nth in range(rows):
        number = 6_940_000_000_000_000_000 + nth
        fen, kind = int(dice.integers(1_000, 60_000)), (1 if nth % 40 == 39 else 2 if nth % 9_000 == 8_999 else 0)
        parts = dict.fromkeys(names[16:35], 0)
        if kind == 0:
            parts["订单实付应结"] = fen
            parts["实际平台补贴"] = 0 if nth % 3 else 500
            parts["实际达人补贴"] = 0 if nth % 7 else 120
            parts["平台服务费"] = -(fen // 20)
            parts["佣金"] = 0 if nth % 2 else -(fen // 10)
        total = sum(parts.values()) if kind == 0 else -fen
        scene = ("货款结算入账", "退款-结算后退款-退用户", "提现")[kind]
        head = [
            str(moment(nth, rows)),
            f"'D{nth:012}",
            "出账" if total < 0 else "入账",
            money(total),
            "聚合账户",
            scene,
            "-",
            "-" if kind == 2 else f"'{number}",
            "-" if kind == 2 else f"'{number}",
            f"A{nth}" if kind == 1 else "-",
            str(moment(max(nth - 500, 0), rows)),
            f"'35{nth % 4000:010}",
            GOODS[nth % 8],
            "-",
            "-",
            "普通订单",
        ]
        yield ",".join([*head, *map(money, parts.values()), "否", "0.00", "示例食品有限公司", "-"])


MAKERS: dict[str, Callable[[int, np.random.Generator], Iterator[str]]] = {
    "wechatpay.trade": wechat,
    "alipay.cash": alipay,
    "taobao.orders": taobao,
    "douyin.flow": douyin,
}


def write(channel: str, rows: int, seed: int, encoding: str, path: Path) -> None:
    """Write the file of a channel; UTF-8 begins with its mark, as downloads do."""
    with path.open("w", encoding=encoding, newline="") as out:
        out.writelines(f"{line}\r\n" for line in MAKERS[channel](rows, np.random.default_rng(seed)))
