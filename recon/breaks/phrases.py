"""What a finding says in words, zh and en; rows are named by time, number and amount, never by file or row number."""

from __future__ import annotations

_ZH = {
    "missing_file": "{account} {first} 至 {last} 无账单，{rows} 笔待核对项等待这些日期",
    "wrong_account": "订单 {ref}（{shop}）的款 {actual_sum} 收在 {account}，不是该店铺的收款账户",
    "duplicate_payment": "订单 {ref} 应收 {expected}，收到 {n} 笔共 {actual}，多收 {difference}",
    "status_mismatch": "订单 {ref} 已关闭或未付款，款 {actual} 仍在账上",
    "unknown_payment": "收款 {actual}，单号 {ref}，不在任何店铺的订单文件中",
    "missing_payment": "订单 {ref} 应收 {expected}，最迟 {due} 到账，未见收款",
    "amount_mismatch": "订单 {ref} 应为 {expected}，实为 {actual}，差 {difference}",
    "duplicate_refund": "订单 {ref} 应退 {expected}，退了 {n} 笔共 {actual}",
    "excess_refund": "订单 {ref} 应退 {expected}，实退 {actual}，超过收款",
    "unknown_refund": "退款 {actual}，单号 {ref}，订单不存在或无售后",
    "missing_refund": "订单 {ref} 应退 {expected}，最迟 {due}，未见退款",
    "subsidy_mismatch": "订单 {ref} 补贴应为 {expected}，实为 {actual}，差 {difference}",
    "settlement_gap": "结算 {ref} 明细合计 {expected}，打款 {actual}，差 {difference}",
    "trade_gap": "流水 {ref} 业务账 {expected}，资金账 {actual}，只在一本账中",
    "trade_amount": "流水 {ref} 业务账 {expected}，资金账 {actual}，金额不同",
    "trade_fee": "流水 {ref} 手续费 业务账 {expected}，资金账 {actual}",
    "missing_payout": "{account} {day} 打款 {expected}，最迟 {due} 到账，银行未见",
    "payout_mismatch": "{account} {day} 打款 {expected}，到账 {actual}，差 {difference}",
    "unknown_receipt": "银行来款 {actual}，{day}，{text}，无人能解释",
    "unknown_debit": "银行支出 {actual}，{day}，{text}，无人能解释",
    "cutoff": "{account} {n} 笔跨 {month} 月末：当月应收，次月到账，合计 {actual}",
    "late_settlement": "应于 {due} 前到账，{day} 到账，迟 {days} 天",
    "ambiguous": "{sent} 笔打款与 {received} 笔来款金额同为 {amount}，数目不等，无法确定哪一笔",
    "suggested": "打款 {expected} 与来款 {actual} 金额相同且在期限内，附言未指明渠道，请确认",
    "suggested_set": "{sent} 笔打款与 {received} 笔来款金额相同，次序无法证明，请确认",
    "lines_missing": "；差额等于一行明细的净额，可能的有 {n} 行，不择其一",
    "before_first_file": "；订单文件自 {first} 起",
}
_EN = {
    "missing_file": "{account}: no statement from {first} to {last}; {rows} items wait for these days",
    "wrong_account": "order {ref} ({shop}): its money {actual_sum} lies in {account}, not in an account of that shop",
    "duplicate_payment": "order {ref}: {expected} due, {n} payments of {actual} in all, {difference} too much",
    "status_mismatch": "order {ref} is closed or unpaid, but {actual} of its money stays",
    "unknown_payment": "payment {actual}, number {ref}: in no order file of any shop",
    "missing_payment": "order {ref}: {expected} due by {due}, no payment found",
    "amount_mismatch": "order {ref}: expected {expected}, found {actual}, difference {difference}",
    "duplicate_refund": "order {ref}: refund {expected} due, {n} refunds of {actual} in all",
    "excess_refund": "order {ref}: refund {expected} due, {actual} refunded, more than was received",
    "unknown_refund": "refund {actual}, number {ref}: no order, or the order shows no after-sale",
    "missing_refund": "order {ref}: refund {expected} due by {due}, none found",
    "subsidy_mismatch": "order {ref}: subsidy expected {expected}, found {actual}, difference {difference}",
    "settlement_gap": "settlement {ref}: lines {expected}, payout {actual}, difference {difference}",
    "trade_gap": "number {ref}: trade bill {expected}, fund bill {actual}, in one of the two only",
    "trade_amount": "number {ref}: trade bill {expected}, fund bill {actual}, amounts differ",
    "trade_fee": "number {ref}: fee in the trade bill {expected}, in the fund bill {actual}",
    "missing_payout": "{account}: payout of {day}, {expected} due by {due}, not at the bank",
    "payout_mismatch": "{account}: payout of {day}, {expected} sent, {actual} received, difference {difference}",
    "unknown_receipt": "bank credit {actual} on {day}, {text}: nobody explains it",
    "unknown_debit": "bank debit {actual} on {day}, {text}: nobody explains it",
    "cutoff": "{account}: {n} items across the end of {month}: due to it, received after it, {actual} in all",
    "late_settlement": "due by {due}, received on {day}, {days} days late",
    "ambiguous": "{sent} payouts and {received} credits of {amount}: which belong together cannot be told",
    "suggested": "payout {expected} and credit {actual} are equal and in time, but the text names no channel: confirm",
    "suggested_set": "{sent} payouts and {received} credits of equal amount: their order is not proved, confirm",
    "lines_missing": "; the gap equals one line, net: {n} could be it, none is chosen",
    "before_first_file": "; the order files start on {first}",
}


def say(lang: str, name: str, **values: object) -> str:
    """Return one sentence."""
    return (_ZH if lang == "zh" else _EN)[name].format(**values)
