"""What a competent accountant-programmer writes for one company: what `make bench` holds recon against.

    python baseline_pandas.py INBOX OUT --as-of 2026-10-31 [--verify EXPECTED]

Plain pandas: `read_csv`, `merge`, `groupby`, `to_csv`, `to_excel`. It is written for this one job (Tmall order reports,
Alipay 账务明细, ICBC statements, contract rates and holidays as constants), which is what makes such a script short and
quick; it knows no other channel, keeps no row-level evidence and names no causes. It finds the same breaks: `--verify`
compares code, leg, references and amounts with the tables of a generated case, and exits with 1 where they differ.

Leaves in OUT: breaks.csv, in_transit.csv, matches.csv (a row per order), vouchers.csv (a voucher per day) and
reconciliation.xlsx with their sheets (in transit cut at 5,000 rows, the whole list is in the csv).
"""

import argparse
import sys
import zipfile
from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd

BASE_FEE, COMMISSION = 6, 50  # contract: 0.6 % and 5 % of each payment, in thousandths, half up
VAT = 13
HOLIDAYS = pd.to_datetime(["2026-09-25", *(f"2026-10-0{d}" for d in range(1, 8))])
MAKE_UP = pd.to_datetime(["2026-09-20", "2026-10-10"])
KINDS = {"0010001": "payment", "0020001": "refund", "0030003": "commission", "0030130": "fee"}
KNOWN = "手续费|工资|缴税|利息|结息"
PAYER = "支付宝"
EXCEL_ROWS = 5_000
BREAKS = ["code", "leg", "order_ref", "payment_ref", "expected", "actual", "difference"]
TRANSIT = ["leg", "reason", "side", "kind", "amount", "order_ref", "payment_ref", "due_date"]
ORDER, BANK = "order-gateway", "gateway-bank"
DAY = pd.Timedelta(days=1)


def fen(column):
    """Yuan as pandas reads them, in whole fen; an empty cell is 0."""
    return (column.fillna(0) * 100).round().astype("int64")


def yuan(column):
    """Whole fen as yuan with two decimals."""
    return (column / 100).round(2)


# ---------------------------------------------------------------- files


def read_orders(inbox):
    columns = {
        "订单编号": "order", "买家实际支付金额": "paid", "订单状态": "status", "店铺Id": "shop", "退款金额": "refund",
        "确认收货时间": "confirmed", "打款商家金额": "released",
    }  # fmt: skip
    text = {"订单编号": str, "店铺Id": str, "打款商家金额": str}
    files = sorted(inbox.glob("ExportOrderList*.csv"))
    parts = [pd.read_csv(f, encoding="gb18030", usecols=list(columns), dtype=text) for f in files]
    orders = pd.concat(parts, ignore_index=True).rename(columns=columns)
    orders["order"] = orders["order"].str.strip('="')
    orders["confirmed"] = pd.to_datetime(orders["confirmed"], format="%Y-%m-%d %H:%M:%S")
    orders["has_released"] = orders["released"].notna()
    orders["released"] = fen(pd.to_numeric(orders["released"].str.replace("元", "")))
    orders["paid"], orders["refund"] = fen(orders["paid"]), fen(orders["refund"])
    return orders.drop_duplicates("order")


def read_alipay(inbox):
    columns = {
        "业务流水号": "trade", "发生时间": "at", "收入金额（+元）": "in", "支出金额（-元）": "out",
        "账户余额（元）": "balance", "业务类型": "type", "业务描述": "text", "业务基础订单号": "order",
    }  # fmt: skip
    text = {"业务流水号": str, "业务类型": str, "业务描述": str, "业务基础订单号": str}
    parts, breaks = [], []
    for file in sorted(inbox.glob("*.csv.zip")):
        with zipfile.ZipFile(file) as archive:
            names = {info.filename.encode("cp437").decode("gbk"): info for info in archive.infolist()}
            detail = next(info for name, info in names.items() if name.endswith("账务明细.csv"))
            total = next(info for name, info in names.items() if name.endswith("(汇总).csv"))
            with archive.open(detail) as stream:
                rows = pd.read_csv(stream, encoding="gb18030", skiprows=4, usecols=list(columns), dtype=text)
            with archive.open(total) as stream:
                printed = pd.read_csv(stream, encoding="gb18030", skiprows=4)
        rows = rows.rename(columns=columns).dropna(subset=["at"])
        rows["fen"] = fen(rows["in"]) + fen(rows["out"])
        rows["balance"] = fen(rows["balance"])
        rows["account"] = file.name[:16]
        stated = int(fen(printed.loc[printed["类型"] == "合计", "总金额（元）"]).sum())
        if stated != rows["fen"].sum():
            breaks.append(("control_total", "file", "", "", stated, int(rows["fen"].sum())))
        parts.append(rows.drop(columns=["in", "out"]))
    alipay = pd.concat(parts, ignore_index=True)
    for column in ("trade", "type", "text", "order"):
        alipay[column] = alipay[column].str.strip()
    alipay["at"] = pd.to_datetime(alipay["at"], format="%Y-%m-%d %H:%M:%S")
    alipay["kind"] = alipay["text"].str[:7].map(KINDS).fillna("other")
    alipay.loc[alipay["type"] == "提现", "kind"] = "payout"
    follows = alipay.groupby("account")["balance"].shift() + alipay["fen"]
    jumps = alipay[follows.notna() & (follows != alipay["balance"])].index
    breaks += [("balance_break", "file", "", "", int(follows[row]), int(alipay["balance"][row])) for row in jumps]
    return alipay, breaks


def read_bank(inbox):
    columns = {
        "本方账号": "account", "交易时间": "at", "借方发生额": "out", "贷方发生额": "in", "摘要": "summary",
        "用途": "purpose", "对方单位名称": "party", "余额": "balance",
    }  # fmt: skip
    files = sorted(inbox.glob("historydetail*.csv"))
    parts = [
        pd.read_csv(f, encoding="gb18030", skiprows=1, usecols=list(columns), dtype={"本方账号": str}) for f in files
    ]
    bank = pd.concat([part.assign(file=n) for n, part in enumerate(parts)], ignore_index=True).rename(columns=columns)
    bank["at"] = pd.to_datetime(bank["at"], format="%Y-%m-%d %H:%M:%S")
    bank["day"] = bank["at"].dt.normalize()
    bank["fen"], bank["balance"] = fen(bank["in"]) - fen(bank["out"]), fen(bank["balance"])
    bank["text"] = bank["summary"].fillna("") + " " + bank["purpose"].fillna("")
    bank["party"] = bank["party"].fillna("")
    bank = bank.sort_values(["account", "at"], ignore_index=True)
    last = bank.groupby("account")[["balance", "day", "file"]].shift()
    opening = bank["balance"] - bank["fen"]
    breaks = []
    for row in bank[last["balance"].notna() & (last["balance"] != opening)].index:
        hole = last["file"][row] != bank["file"][row] and bank["day"][row] - last["day"][row] > DAY
        code = "missing_file" if hole else "balance_break"
        breaks.append((code, "file", "", "", int(last["balance"][row]), int(opening[row])))
    return bank, breaks


# ---------------------------------------------------------------- orders against Alipay


def sums(alipay):
    """One row per order number of the Alipay bill: payments, refunds and charges."""
    flow = alipay[alipay["order"].fillna("") != ""]
    payments, refunds = flow[flow["kind"] == "payment"], flow[flow["kind"] == "refund"]
    base, comm = payments["fen"] * BASE_FEE, payments["fen"] * COMMISSION
    payments = payments.assign(fee_due=-((base + 500) // 1000), commission_due=-((comm + 500) // 1000))
    pay = payments.groupby("order").agg(
        pay=("fen", "sum"), pays=("fen", "size"), pay_at=("at", "max"), account=("account", "first"),
        trade=("trade", "first"), fee_due=("fee_due", "sum"), commission_due=("commission_due", "sum"),
    )  # fmt: skip
    back = refunds.groupby("order").agg(back=("fen", "sum"), backs=("fen", "size"))
    doubled = refunds[refunds.duplicated(["order", "fen"])].groupby("order")["fen"].first().rename("doubled")
    fees = flow[flow["kind"] == "fee"].groupby("order")["fen"].sum().rename("fee")
    commission = flow[flow["kind"] == "commission"].groupby("order")["fen"].sum().rename("commission")
    return pay.join([back, doubled, fees, commission], how="outer").reset_index()


def match_orders(orders, alipay, as_of):
    """Every order with its money, and what to say about its payment and its refund."""
    t = orders.merge(sums(alipay), on="order", how="outer", indicator=True)
    listed = t["_merge"] != "right_only"
    homes = t[listed].groupby(["shop", "account"]).size().unstack().idxmax(axis=1)
    for column in ("paid", "refund", "released", "pay", "pays", "back", "backs", "doubled"):
        t[column] = t[column].fillna(0).astype("int64")
    t["has_released"] = t["has_released"].fillna(value=False).astype(bool)
    done, closed = t["status"] == "交易成功", t["status"] == "交易关闭"
    unpaid = t["status"] == "等待买家付款"
    moving = listed & ~done & ~closed & ~unpaid
    t["due"] = t["confirmed"].dt.normalize() + DAY
    t["refund_due"] = t["confirmed"].dt.normalize() + 3 * DAY
    t["want"] = np.where(done, t["released"], np.where(moving, t["paid"], 0))
    t["want_back"] = np.where(done, t["released"] - t["paid"] + t["refund"], 0) * -1
    t.loc[moving, "want_back"] = -t["refund"]
    over = t["due"] <= as_of
    agrees = (t["pay"] + t["back"] == t["want"] + t["want_back"]) | (t["pay"] == t["want"])

    t["code"], t["wait"] = "", ""
    rules = [
        (listed & t["account"].notna() & (t["account"] != t["shop"].map(homes)), "wrong_account"),
        ((done | moving) & (t["pays"] > 1) & (t["pay"] > t["want"]), "duplicate_payment"),
        ((closed | unpaid) & (t["pay"] + t["back"] > 0), "status_mismatch"),
        (~listed & (t["pays"] > 0), "unknown_payment"),
        (done & (t["pays"] == 0) & (t["want"] > 0) & over, "missing_payment"),
        (done & (t["pays"] > 0) & ~agrees & (over | (t["pay"] > t["want"])), "amount_mismatch"),
    ]
    t["code"] = np.select([mask for mask, _ in rules], [code for _, code in rules], default="")
    free = t["code"].isin(["", "duplicate_payment", "amount_mismatch"])
    unknown = (~listed & (t["pays"] == 0)) | (listed & (t["refund"] == 0))
    above = t["back"] < t["want_back"]
    rules = [
        (done & above & (t["back"] - t["doubled"] == t["want_back"]) & (t["doubled"] < 0), "duplicate_refund"),
        (done & above & (t["refund"] > 0) & (-t["back"] > t["pay"]), "excess_refund"),
        ((t["back"] < 0) & unknown, "unknown_refund"),
        (done & (t["want_back"] < 0) & (t["backs"] == 0) & (t["refund_due"] <= as_of), "missing_refund"),
        (done & (t["backs"] > 0) & (t["back"] != t["want_back"]), "amount_mismatch"),
    ]
    same = (t["pay"] + t["back"] == t["want"] + t["want_back"]) & (t["pays"] > 0) & (t["code"] == "")
    t["refund_code"] = np.select([free & ~same & mask for mask, _ in rules], [code for _, code in rules], default="")

    waits = [
        (moving & (t["pays"] > 0) & ~t["has_released"] & (t["pay"] != t["want"]), "order file older than the money"),
        (moving & (t["pays"] == 0), "not due"),
        (done & (t["pays"] == 0) & ~over & (t["want"] > 0), "inside the window"),
        (done & (t["pays"] > 0) & ~over & ~agrees & (t["code"] == ""), "part paid"),
    ]
    t["wait"] = np.select([mask for mask, _ in waits], [why for _, why in waits], default="")
    waiting = done & (t["want_back"] < 0) & (t["backs"] == 0) & (t["refund_due"] > as_of) & ~same
    t["refund_wait"] = np.where(waiting, "inside the window", "")
    t["matched"] = done & (t["pays"] > 0) & (t["code"] == "") & (t["wait"] == "")
    return t


def references(alipay, orders, kinds):
    """Trade numbers of some orders, `;` between."""
    rows = alipay[alipay["order"].isin(orders) & alipay["kind"].isin(kinds)]
    return rows.groupby("order")["trade"].agg(lambda numbers: ";".join(sorted(set(numbers))))


def order_breaks(t, alipay):
    """Findings of the order leg: one row per order and cause."""
    found = []
    charged = [t[name].notna() & (t[name] != t[f"{name}_due"]) for name in ("fee", "commission")]
    charges = t[charged[0] | charged[1]]
    month = t["confirmed"].dt.year * 12 + t["confirmed"].dt.month
    late = t[t["matched"] & (t["pay_at"].dt.normalize() > t["due"])]
    over = t[t["matched"] & (month < t["pay_at"].dt.year * 12 + t["pay_at"].dt.month)]
    wrong = t[(t["code"] != "") | (t["refund_code"] != "")]
    alipay = alipay[alipay["order"].isin(pd.concat([wrong["order"], charges["order"], late["order"], over["order"]]))]

    def add(rows, code, expected, actual, kinds):
        refs = rows["order"].map(references(alipay, rows["order"], kinds)) if len(rows) else rows["order"]
        found.append(
            pd.DataFrame(
                {"code": code, "leg": ORDER, "order_ref": rows["order"], "payment_ref": refs, "expected": expected,
                 "actual": actual}
            )
        )  # fmt: skip

    paid = t[t["code"] != ""]
    simple = paid[paid["code"].isin(["duplicate_payment", "amount_mismatch", "missing_payment"])]
    add(simple, simple["code"], simple["want"], simple["pay"], ["payment"])
    elsewhere = paid[paid["code"] == "wrong_account"]
    add(elsewhere, "wrong_account", elsewhere["pay"], 0, ["payment"])
    stray = paid[paid["code"].isin(["status_mismatch", "unknown_payment"])]
    add(stray, stray["code"], 0, stray["pay"] + stray["back"], ["payment", "refund"])
    refunded = t[t["refund_code"] != ""]
    wanted = refunded["want_back"].where(refunded["refund_code"] != "unknown_refund", 0)
    add(refunded, refunded["refund_code"], wanted, refunded["back"], ["refund"])
    for charge in ("fee", "commission"):
        off = charges[charges[charge].notna() & (charges[charge] != charges[f"{charge}_due"])]
        add(off, "fee_mismatch", off[f"{charge}_due"], off[charge], [charge])
    add(late, "late_settlement", late["pay"], late["pay"], ["payment"])
    for _, rows in over.groupby(["account", month[over.index]]):
        numbers = alipay.loc[alipay["order"].isin(rows["order"]) & (alipay["kind"] == "payment"), "trade"]
        refs = [";".join(sorted(set(rows["order"]))), ";".join(sorted(set(numbers)))]
        total = rows["pay"].sum()
        found.append(pd.DataFrame([["cutoff", ORDER, *refs, total, total]], columns=BREAKS[:-1]))
    return pd.concat(found, ignore_index=True)


def order_transit(t):
    """Orders and money that wait."""
    parts = []

    def add(rows, reason, side, kind, amount, due):
        payment = rows["trade"] if side == "gateway" else ""
        cells = [ORDER, reason, side, kind, amount, rows["order"], payment, due]
        parts.append(pd.DataFrame(dict(zip(TRANSIT, cells, strict=True))))

    sale = t[t["wait"] != ""]
    add(sale, sale["wait"], "order", "sale", sale["paid"], sale["due"])
    money = sale[sale["pays"] > 0]
    due = money["due"].fillna(money["pay_at"].dt.normalize() + DAY)
    add(money, money["wait"], "gateway", "payment", money["pay"], due)
    back = t[t["refund_wait"] != ""]
    add(back, back["refund_wait"], "order", "refund", back["want_back"], back["refund_due"])
    return pd.concat(parts, ignore_index=True)


# ---------------------------------------------------------------- withdrawals against the bank


def working_days(first, last):
    """All working days of 2026 by the State Council's notice."""
    days = pd.date_range(first - 30 * DAY, last + 60 * DAY)
    return days[((days.day_of_week < 5) & ~days.isin(HOLIDAYS)) | days.isin(MAKE_UP)]


def window(payouts, received):
    """All pairs of a withdrawal and a credit, with the days of the window."""
    left = payouts[["payout", "account", "trade", "day", "due", "latest", "sent"]]
    right = received[["credit", "credit_day", "received", "named"]]
    pairs = left.merge(right, how="cross")
    return pairs[pairs["credit_day"] >= pairs["day"]]


def sole(pairs):
    """Pairs whose two sides have no other."""
    return pairs[~pairs["payout"].duplicated(keep=False) & ~pairs["credit"].duplicated(keep=False)]


def match_bank(alipay, bank, as_of):
    """Returns the pairs that are proved, the findings and what is in transit."""
    payouts = alipay[alipay["kind"] == "payout"].reset_index(drop=True)
    payouts["payout"], payouts["day"], payouts["sent"] = payouts.index, payouts["at"].dt.normalize(), -payouts["fen"]
    work = working_days(payouts["day"].min(), as_of)
    place = work.searchsorted(payouts["day"], side="right")
    payouts["due"] = work[place + 2]
    payouts["latest"] = work[place + 17]
    bank["credit"], bank["credit_day"], bank["received"] = bank.index, bank["day"], bank["fen"]
    bank["named"] = bank["party"].str.contains(PAYER)
    open_rows = bank[~bank["text"].str.contains(KNOWN)]
    open_credits = open_rows[open_rows["fen"] > 0]
    pairs = window(payouts, open_credits)
    equal = pairs[pairs["sent"] == pairs["received"]]
    in_time = equal[equal["credit_day"] <= equal["due"]]
    one = sole(in_time)
    proved, suggested = one[one["named"]], one[~one["named"]]
    several = in_time[~in_time["payout"].isin(one["payout"])]
    found = [("suggested", BANK, "", p.trade, p.sent, p.received) for p in suggested.itertuples()]
    for _, rows in several.groupby("sent"):
        sent, received = rows.drop_duplicates("payout"), rows.drop_duplicates("credit")
        refs = ";".join(sorted(sent["trade"]))
        found.append(("ambiguous", BANK, "", refs, sent["sent"].sum(), received["received"].sum()))
    pairs = pairs[~pairs["payout"].isin(in_time["payout"]) & ~pairs["credit"].isin(in_time["credit"]) & pairs["named"]]
    late = sole(pairs[(pairs["sent"] == pairs["received"]) & (pairs["credit_day"] <= pairs["latest"])])
    found += [("late_settlement", BANK, "", p.trade, p.sent, p.received) for p in late.itertuples()]
    pairs = pairs[~pairs["payout"].isin(late["payout"]) & ~pairs["credit"].isin(late["credit"])]
    short = sole(pairs[pairs["credit_day"] <= pairs["due"]])
    found += [("payout_mismatch", BANK, "", p.trade, p.sent, p.received) for p in short.itertuples()]
    proved = pd.concat([proved, late])
    rest, transit = payouts[~payouts["payout"].isin(pd.concat([in_time, late, short])["payout"])], []
    last_day = bank.loc[bank["named"], "account"].map(bank.groupby("account")["day"].max()).max()
    for p in rest.itertuples():
        if p.due <= min(as_of, last_day):
            found.append(("missing_payout", BANK, "", p.trade, p.sent, 0))
        else:
            reason = "inside the window" if p.due > as_of else "beyond the files"
            transit.append((BANK, reason, "gateway", "payout", p.fen, "", p.trade, p.due))
    for row in open_rows[~open_rows["credit"].isin(pd.concat([in_time, late, short])["credit"])].itertuples():
        found.append(("unknown_receipt" if row.fen > 0 else "unknown_debit", BANK, "", "", 0, row.fen))
    month_sent, month_received = (proved[c].dt.year * 12 + proved[c].dt.month for c in ("day", "credit_day"))
    over = proved[month_sent < month_received]
    for _, rows in over.groupby(["account", month_sent[over.index]]):
        total = rows["sent"].sum()
        found.append(("cutoff", BANK, "", ";".join(sorted(rows["trade"])), total, total))
    return proved, found, pd.DataFrame(transit, columns=TRANSIT)


# ---------------------------------------------------------------- vouchers


def vouchers(t, alipay, proved):
    """A voucher per day and event: (date, text, account, sub-account, debit, credit) in fen."""
    lines = []

    def book(text, sums_, debit, credit):
        for (day, name), amount in sums_.items():
            if amount:
                side, other = (debit, credit) if amount > 0 else (credit, debit)
                lines.append((day, text, side, name, abs(amount), 0))
                lines.append((day, text, other, name, 0, abs(amount)))

    done = t[t["confirmed"].notna()]
    sales = done.assign(net=done["want"] + done["want_back"], day=done["confirmed"].dt.normalize())
    gross = sales.groupby(["day", "shop"])["net"].sum()
    tax = (gross * VAT / (100 + VAT)).round().astype("int64")
    book("确认收入", gross - tax, "1122 应收账款", "6001 主营业务收入")
    book("销项税额", tax, "1122 应收账款", "2221.01 应交税费-销项税额")
    money = alipay.assign(day=alipay["at"].dt.normalize())
    daily = money.groupby(["kind", "day", "account"])["fen"].sum()
    for kind, text, contra in (
        ("payment", "收到货款", "1122 应收账款"),
        ("refund", "退款", "1122 应收账款"),
        ("commission", "类目软件服务费", "6601.01 销售费用-平台佣金"),
        ("fee", "基础软件服务费", "6603.04 财务费用-手续费"),
        ("payout", "提现", "1012.99 其他货币资金-在途"),
        ("other", "待查", "2241.90 其他应付款-待查"),
    ):
        if kind in daily.index:
            book(text, daily[kind], "1012.01 其他货币资金-支付宝", contra)
    arrived = proved.groupby(["credit_day", "account"])["received"].sum()
    book("提现到账", arrived, "1002.01 银行存款", "1012.99 其他货币资金-在途")
    table = pd.DataFrame(lines, columns=["date", "summary", "account", "sub_account", "debit", "credit"])
    table = table.sort_values(["date", "summary", "sub_account"], kind="stable", ignore_index=True)
    table.insert(0, "voucher", table.groupby(["date", "summary"]).ngroup() + 1)
    balance = table.groupby("voucher")[["debit", "credit"]].sum()
    if (balance["debit"] != balance["credit"]).any():
        raise ValueError("a voucher does not balance")
    table["debit"], table["credit"] = yuan(table["debit"]), yuan(table["credit"])
    return table


# ---------------------------------------------------------------- output


def totals(t, alipay, breaks, transit):
    """The summary sheet."""
    wallets = [
        (f"支付宝 {account} {name}", len(rows), value / 100)
        for account, rows in alipay.groupby("account")
        for name, value in (
            ("期初余额", rows["balance"].iloc[0] - rows["fen"].iloc[0]),
            ("收入", rows.loc[rows["fen"] > 0, "fen"].sum()),
            ("支出", rows.loc[rows["fen"] < 0, "fen"].sum()),
            ("期末余额", rows["balance"].iloc[-1]),
        )
    ]
    matched = [("已对平订单", int(t["matched"].sum()), t.loc[t["matched"], "pay"].sum() / 100)]
    codes = [(code, len(rows), rows["difference"].sum()) for code, rows in breaks.groupby("code")]
    waits = [(f"在途 {why}", len(rows), rows["amount"].sum()) for why, rows in transit.groupby("reason")]
    return pd.DataFrame([*wallets, *matched, *codes, *waits], columns=["项目", "笔数", "金额"])


def run(inbox, out, as_of):
    orders = read_orders(inbox)
    alipay, alipay_breaks = read_alipay(inbox)
    bank, file_breaks = read_bank(inbox)
    alipay, bank = alipay[alipay["at"] < as_of + DAY], bank[bank["at"] < as_of + DAY]
    t = match_orders(orders, alipay, as_of)
    proved, bank_found, bank_waits = match_bank(alipay, bank, as_of)
    other = pd.DataFrame([*alipay_breaks, *file_breaks, *bank_found], columns=BREAKS[:-1])
    breaks = pd.concat([order_breaks(t, alipay), other], ignore_index=True)
    breaks[["order_ref", "payment_ref"]] = breaks[["order_ref", "payment_ref"]].fillna("")
    breaks["difference"] = breaks["actual"] - breaks["expected"]
    for column in ("expected", "actual", "difference"):
        breaks[column] = yuan(breaks[column].astype("int64"))
    breaks = breaks.sort_values(BREAKS, ignore_index=True)
    transit = pd.concat([order_transit(t), bank_waits], ignore_index=True)
    transit["amount"] = yuan(transit["amount"].astype("int64"))
    transit["due_date"] = pd.to_datetime(transit["due_date"]).dt.strftime("%Y-%m-%d").fillna("")
    transit = transit.sort_values(TRANSIT, ignore_index=True)
    booked = vouchers(t, alipay, proved)
    matches = t[
        ["order", "shop", "status", "confirmed", "account", "trade", "pay_at", "paid", "released", "refund", "want",
         "pay", "want_back", "back", "fee", "commission", "code", "refund_code", "wait", "matched"]
    ].copy()  # fmt: skip
    for column in ("paid", "released", "refund", "want", "pay", "want_back", "back", "fee", "commission"):
        matches[column] = yuan(matches[column])
    out.mkdir(parents=True, exist_ok=True)
    for name, table in (("breaks", breaks), ("in_transit", transit), ("matches", matches), ("vouchers", booked)):
        table.to_csv(out / f"{name}.csv", index=False, encoding="utf-8", float_format="%.2f", lineterminator="\n")
    with pd.ExcelWriter(out / "reconciliation.xlsx", engine="openpyxl") as book:
        totals(t, alipay, breaks, transit).to_excel(book, sheet_name="汇总", index=False)
        breaks.to_excel(book, sheet_name="差异", index=False)
        transit.head(EXCEL_ROWS).to_excel(book, sheet_name="在途", index=False)
        booked.to_excel(book, sheet_name="凭证", index=False)


def verify(out, expected):
    """The differences to the tables that the case expects, a line each."""
    lines = []
    for name, columns in (("breaks.csv", BREAKS), ("in_transit.csv", TRANSIT)):
        wanted, found = (
            Counter(
                map(tuple, pd.read_csv(place / name, dtype=str, keep_default_na=False)[columns].to_numpy().tolist())
            )
            for place in (expected, out)
        )
        lines += [f"{name} - {row}" for row in sorted((wanted - found).elements())]
        lines += [f"{name} + {row}" for row in sorted((found - wanted).elements())]
    return lines


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("inbox", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--as-of", type=pd.Timestamp, required=True)
    parser.add_argument("--verify", type=Path, metavar="EXPECTED")
    chosen = parser.parse_args()
    run(chosen.inbox, chosen.out, chosen.as_of)
    if chosen.verify:
        lines = verify(chosen.out, chosen.verify)
        print("\n".join(lines) if lines else "same breaks, same items in transit")
        sys.exit(bool(lines))


if __name__ == "__main__":
    main()
