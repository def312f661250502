"""The steps of a bridge, in the order in which they stand, and what an accountant reads for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Step:
    """One step. total: it is the sum of all that stands above it, and counts nothing of its own."""

    name: str
    zh: str
    en: str
    total: bool = False


@dataclass(frozen=True, slots=True)
class LegSteps:
    """The names of the steps that one leg fills: what it brings from before the period, what it leaves behind."""

    forward: str
    waiting: str
    later: str
    breaks: str
    excluded: str
    residual: str
    elsewhere: str
    unplaced: str


STEPS = (
    Step("gross", "订单金额（优惠前）", "Orders before coupons"),
    Step("discounts", "优惠券与折扣", "Coupons and discounts"),
    Step("unpaid", "未付款或已关闭的订单", "Orders unpaid or closed"),
    Step("order_subsidies", "平台与达人承担的优惠", "Coupons borne by others"),
    Step("refunds_before", "结算前退款", "Refunds before settlement"),
    Step("refunds_after", "结算后退款", "Refunds after settlement"),
    Step("order_other", "订单其他款项", "Other amounts of orders"),
    Step("sold", "应收净额", "Sold, net", total=True),
    Step("sold_forward", "期初：上期已售未收", "Brought forward: sold, not received"),
    Step("sold_in_transit", "期末在途：已售未收", "In transit: sold, not received"),
    Step("received_later", "期后收到", "Received after the period"),
    Step("order_breaks", "订单与收款的差异", "Breaks between orders and receipts"),
    Step("order_excluded", "不参与订单核对", "Takes no part in the orders' leg"),
    Step("order_residuals", "匹配后的差额", "Residuals of matches"),
    Step("elsewhere", "由其他店铺或账户收取", "Received by another shop or account"),
    Step("other_subsidies", "订单未列的补贴", "Subsidies that no order shows"),
    Step("unlisted_before", "订单未列金额的结算前退款", "Refunds before settlement, no amount listed"),
    Step("unlisted_after", "订单未列金额的结算后退款", "Refunds after settlement, no amount listed"),
    Step("received", "收款渠道入账", "Money of the gateways", total=True),
    Step("book_differences", "交易账单与资金账单之差", "Trade bill against fund bill"),
    Step("fees", "手续费", "Fees"),
    Step("commissions", "佣金", "Commissions"),
    Step("deposits", "保证金与预留资金", "Deposits and reserves"),
    Step("other_movements", "钱包其他收支", "Other movements of the wallet"),
    Step("available", "可提现净额", "Left to pay out", total=True),
    Step("wallet_forward", "期初：上期未提现", "Brought forward: not paid out"),
    Step("wallet_waiting", "期末未提现", "Not paid out yet"),
    Step("paid_out_later", "期后提现", "Paid out after the period"),
    Step("payout_breaks", "结算批次的差异", "Breaks of payouts"),
    Step("payout_excluded", "不参与结算核对", "Takes no part in the payouts' leg"),
    Step("payout_residuals", "提现手续费", "Kept of the payouts"),
    Step("payout_elsewhere", "由其他账户提现", "Paid out by another account"),
    Step("wallet_balance", "钱包余额变动（增加为负）", "Change of the wallet's balance (growth is negative)"),
    Step("paid_out", "提现合计", "Paid out", total=True),
    Step("transit_forward", "期初：上期提现未到账", "Brought forward: payouts on their way"),
    Step("transit", "期末在途：提现未到账", "In transit: payouts on their way"),
    Step("arrived_later", "期后到账", "Arrived after the period"),
    Step("bank_breaks", "提现与银行的差异", "Breaks between payouts and bank"),
    Step("bank_excluded", "不参与银行核对", "Takes no part in the bank's leg"),
    Step("bank_residuals", "到账尾差", "Residuals at the bank"),
    Step("bank_elsewhere", "与其他店铺合并到账", "Arrived together with another shop's"),
    Step("bank", "银行收支", "Bank", total=True),
    Step("difference", "守恒检查", "Proof", total=True),
)
NUMBER: Mapping[str, int] = {step.name: place for place, step in enumerate(STEPS, start=1)}

ORDERS = LegSteps(
    "sold_forward", "sold_in_transit", "received_later", "order_breaks", "order_excluded", "order_residuals",
    "elsewhere", "order_excluded",
)  # fmt: skip
PAYOUTS = LegSteps(
    "wallet_forward", "wallet_waiting", "paid_out_later", "payout_breaks", "payout_excluded", "payout_residuals",
    "payout_elsewhere", "wallet_balance",
)  # fmt: skip
BANK = LegSteps(
    "transit_forward", "transit", "arrived_later", "bank_breaks", "bank_excluded", "bank_residuals",
    "bank_elsewhere", "bank_excluded",
)  # fmt: skip
