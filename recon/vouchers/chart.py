"""The default chart: the roles that vouchers post to, and the account of each under both standards.

Level-1 numbers follow 企业会计准则 (财会〔2006〕18号, appendix) and 小企业会计准则 (财会〔2011〕17号); the ministry
gives them for reference, detail accounts are each company's own. So nothing outside this page knows a number: rules
name roles, and `postings.accounts` of recon.yaml gives a role another code.
"""

from __future__ import annotations

from dataclasses import dataclass

DEBIT, CREDIT = 0, 1
ASBE, SMALL = "asbe", "small"


@dataclass(frozen=True, slots=True)
class Role:
    """One role.

    asbe, small: account codes, small None where that standard has no such account. normal: side of the balance.
    dims: auxiliary dimensions the account requires: K customer, G supplier, X project (the shop).
        Departments are the company's own; no file names one.
    kind: assets, liabilities, equity, income or expenses.
    """

    name: str
    asbe: str | None
    small: str | None
    zh: str
    en: str
    normal: int
    kind: str
    dims: str = ""

    def code(self, standard: str) -> str | None:
        """Return the default account code under a standard."""
        return self.asbe if standard == ASBE else self.small


#: Stands for the money account of an entry; its code belongs to the account, not to a role.
MONEY = "money"

_ROLES = (
    Role("transit", "1012.99", "1012.99", "其他货币资金—提现在途", "Money in transit", DEBIT, "assets"),
    Role("ar", "1122.01", "1122.01", "应收账款—平台", "Receivables, platforms", DEBIT, "assets", "K"),
    Role("ar_sub", "1122.02", "1122.02", "应收账款—平台补贴", "Receivables, platform subsidies", DEBIT, "assets", "K"),
    Role("prepaid", "1123.01", "1123.01", "预付账款—推广充值", "Prepaid advertising", DEBIT, "assets", "G"),
    Role("deposit", "1221.01", "1221.01", "其他应收款—平台保证金", "Deposits with platforms", DEBIT, "assets", "G"),
    Role("reserve", "1221.02", "1221.02", "其他应收款—平台预留资金", "Platform reserves", DEBIT, "assets", "G"),
    Role("overref", "1221.05", "1221.05", "其他应收款—多退款", "Refunds paid in excess", DEBIT, "assets", "K"),
    Role("interco", "1221.06", "1221.06", "其他应收款—内部往来", "Intercompany receivable", DEBIT, "assets", "K"),
    Role("claim", "1221.07", "1221.07", "其他应收款—索赔", "Claims", DEBIT, "assets", "G"),
    Role("dispute", "1221.08", "1221.08", "其他应收款—拒付争议", "Disputed payments", DEBIT, "assets", "K"),
    Role("wht", "1221.10", "1221.10", "其他应收款—境外代扣税", "Tax withheld abroad", DEBIT, "assets", "K"),
    Role("susp_dr", "1221.90", "1221.90", "其他应收款—待查", "Suspense, debit", DEBIT, "assets"),
    Role("prepay", "2203.01", "2203.01", "预收账款—商城", "Advances from customers", CREDIT, "liabilities", "K"),
    Role("stored", "2203.02", "2203.02", "预收账款—储值", "Stored value of customers", CREDIT, "liabilities", "K"),
    Role("cl", "2204.01", None, "合同负债", "Contract liabilities", CREDIT, "liabilities", "K"),
    Role("rev", "6001", "5001", "主营业务收入", "Revenue", CREDIT, "income", "X"),
    Role("nonop_inc", "6301", "5301", "营业外收入", "Non-operating income", CREDIT, "income"),
    Role("vin", "2221.01.01", "2221.01.01", "应交增值税（进项税额）", "Input VAT", DEBIT, "liabilities"),
    Role("vout", "2221.01.02", "2221.01.02", "应交增值税（销项税额）", "Output VAT", CREDIT, "liabilities"),
    Role("vsmall", "2221.01", "2221.01", "应交增值税", "VAT, small-scale payer", CREDIT, "liabilities"),
    Role("vunpaid", "2221.02", "2221.02", "未交增值税", "VAT to be paid", CREDIT, "liabilities"),
    Role("vpend", "2221.06", "2221.06", "待转销项税额", "Output VAT, pending", CREDIT, "liabilities"),
    Role("ref_pay", "2241.06", "2241.06", "其他应付款—应退客户款", "Refunds owed", CREDIT, "liabilities", "K"),
    Role("interco_p", "2241.07", "2241.07", "其他应付款—内部往来", "Intercompany payable", CREDIT, "liabilities", "G"),
    Role("susp_cr", "2241.90", "2241.90", "其他应付款—待查", "Suspense, credit", CREDIT, "liabilities"),
    Role("fake", "2241.91", "2241.91", "其他应付款—非真实交易款", "Money of no real sales", CREDIT, "liabilities"),
    Role("comm", "6601.01", "5601.01", "销售费用—平台佣金", "Platform commission", DEBIT, "expenses", "G"),
    Role("promo", "6601.02", "5601.02", "销售费用—推广费", "Advertising", DEBIT, "expenses", "X"),
    Role("infl", "6601.03", "5601.03", "销售费用—达人佣金", "Influencer commission", DEBIT, "expenses", "GX"),
    Role("freight", "6601.04", "5601.04", "销售费用—运费", "Freight", DEBIT, "expenses", "G"),
    Role("fins", "6601.05", "5601.05", "销售费用—运费险", "Freight insurance", DEBIT, "expenses", "X"),
    Role("after", "6601.06", "5601.06", "销售费用—售后赔付", "After-sale compensation", DEBIT, "expenses", "X"),
    Role("points", "6601.07", "5601.07", "销售费用—平台活动及积分", "Campaigns and points", DEBIT, "expenses", "GX"),
    Role("admin", "6602.09", "5602.09", "管理费用—软件订阅", "Software subscriptions", DEBIT, "expenses"),
    Role("intinc", "6603.02", "5603.03", "财务费用—利息收入", "Interest income", CREDIT, "expenses"),
    Role("fee", "6603.04", "5603.01", "财务费用—手续费", "Payment fees", DEBIT, "expenses"),
    Role("rounding", "6603.06", "5603.09", "财务费用—尾差", "Small differences", DEBIT, "expenses"),
    Role("nonop_exp", "6711", "5711", "营业外支出", "Non-operating expense", DEBIT, "expenses"),
)  # fmt: skip
ROLES = {role.name: role for role in _ROLES}
#: Codes for arrays of postings; MONEY comes first, so that a voucher's lines start with it.
ROLE_CODE = {MONEY: 0} | {role.name: code for code, role in enumerate(_ROLES, start=1)}
ROLE_NAMES = tuple(ROLE_CODE)
#: The roles whose turnover is read from one side: what goes the other way is a red figure there.
RED_ROLES = frozenset(r.name for r in _ROLES if r.kind in {"income", "expenses"})

#: Wallets: family -> name and default code of its first account; further ones are numbered from 1012.20.
WALLETS = {
    "alipay": ("支付宝", "Alipay", "1012.01"),
    "wechatpay": ("微信支付", "WeChat Pay", "1012.02"),
    "pinduoduo": ("拼多多", "Pinduoduo", "1012.04"),
    "douyin": ("抖音", "Douyin", "1012.05"),
    "jd": ("京东", "JD", "1012.06"),
    "kuaishou": ("快手", "Kuaishou", "1012.07"),
    "xiaohongshu": ("小红书", "Xiaohongshu", "1012.08"),
    "wechatshop": ("微信小店", "WeChat shop", "1012.09"),
}
BANKS = {"icbc": ("工行", "ICBC"), "generic": ("银行", "Bank")}

#: Names of charges that say more than their kind does; `postings.details` comes before them.
DETAILS = {
    "运费险": "fins",
    "退货运费险": "fins",
    "达人佣金": "infl",
    "返点积分": "points",
}
