"""Fee rows against their rule: what is a finding, what it says, and what is none."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import count

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recon.breaks.fees import check
from recon.fees import Rule
from recon.ledger.channel import ChannelFacts, Charge
from recon.ledger.days import day_number
from recon.ledger.schema import ENTRY
from recon.ledger.view import view

FEE = "手续费"
BASE_FEE = "基础软件服务费"
RETURNED = (Charge(FEE, "fee", "payment", "returned"),)
SHOWN = (Charge(FEE, "fee", "payment", "shown"),)
AFFILIATE = "淘宝客佣金"
KEPT = (
    Charge(BASE_FEE, "commission", "payment+subsidy", "kept"),
    Charge(AFFILIATE, "commission", on_refund="shown", latest=26),
)
FACTS = {
    facts.channel: facts
    for facts in (
        ChannelFacts("wechatpay.trade", "gateway", "wechatpay", "微信支付", "WeChat Pay", charges=RETURNED),
        ChannelFacts("alipay.cash", "gateway", "alipay", "支付宝", "Alipay", charges=KEPT),
        ChannelFacts("shopify.payments", "gateway", "shopify", "Shopify", "Shopify"),
        ChannelFacts("paypal.activity", "gateway", "paypal", "PayPal", "PayPal", charges=SHOWN, feeless=("goodwill",)),
        ChannelFacts("taobao.orders", "order", "taobao", "淘宝", "Taobao"),
    )
}
FIRST = date(2026, 10, 1)


class Book:
    """Rows of one account, one source row per call."""

    def __init__(self, channel="wechatpay.trade", account="1900000109", currency="CNY"):
        self.fixed = {
            "channel": channel,
            "account": account,
            "currency": currency,
            "side": FACTS[channel].side,
            "source_file": f"{account}.csv",
            "proven": True,
        }
        self.numbers = count(2)
        self.rows = []

    def row(self, *entries, day=FIRST, order=None, **refs):
        """entries: (kind, amount[, detail[, rate]])."""
        number = next(self.numbers)
        for kind, amount, *more in entries:
            detail, rate = (*more, None, None)[:2]
            self.rows.append(
                self.fixed
                | {
                    "entry_id": f"{self.fixed['account']}-{number:05}-{kind}{detail or ''}",
                    "kind": kind,
                    "amount": amount,
                }
                | {"detail": detail, "fee_rate": None if rate is None else Decimal(rate).quantize(Decimal("1e-8"))}
                | {"value_date": day, "order_ref": order, "source_row": number, **refs}
            )
        return self


def ledger(*books):
    rows = sorted((row for book in books for row in book.rows), key=lambda row: row["entry_id"])
    table = pa.Table.from_pylist([{name: row.get(name) for name in ENTRY.names} for row in rows], schema=ENTRY)
    columns = {}
    for field in ENTRY:
        column = table[field.name]
        if pa.types.is_dictionary(field.type):
            columns[field.name] = column.to_pandas()
        elif field.name in {"amount", "source_row", "proven"}:
            columns[field.name] = column.to_numpy()
        else:
            columns[field.name] = pd.Series(pd.arrays.ArrowExtensionArray(column))
    return view(pd.DataFrame(columns), FACTS)


def run(*books, contracts=None, usable=None, lang="en", as_of=date(2027, 1, 1)):
    entries = ledger(*books)
    mask = np.ones(len(entries), dtype=bool) if usable is None else usable(entries)
    return entries, check(entries, FACTS, contracts or {}, mask, day_number(as_of), lang)


def half_up(amount, rate):
    return int((Decimal(amount) * Decimal(rate)).quantize(Decimal(1), "ROUND_HALF_UP"))


def sold(book, order, amount, rate="0.006", *, fee=None, day=FIRST, printed=False, detail=FEE, kind="fee", **refs):
    """A payment and its fee in one source row."""
    cost = half_up(amount, rate) if fee is None else fee
    shown = ("payment", amount), (kind, -cost, detail, rate if printed else None)
    return book.row(*shown, day=day, order=order, payment_ref=f"P{order}", **refs)


def many(book, orders=40, rate="0.006", start=1000, **more):
    for number in range(orders):
        day = more.get("day", FIRST + timedelta(days=number % 20))
        sold(book, f"S{start + number}", 1999 + 731 * (number + start % 7), rate, **{**more, "day": day})
    return book


def rule(rate, **more):
    return Rule(more.pop("detail", FEE), Fraction(rate), **more)


def brief(result):
    return [(f.expected, f.actual, f.cause) for f in result.findings]


WECHAT = {"wechatpay:1900000109": [rule("0.006", on_refund="returned")]}


def test_two_partial_refunds_bring_their_fee_back():
    """259.00 paid (1.55), 59.00 back (0.35), 100.00 back (0.60): 0.60 kept is right."""
    book = sold(Book(), "A1", 25900)
    book.row(("refund", -5900), ("fee", 35, FEE), order="A1", payment_ref="PA1", refund_ref="R1")
    book.row(("refund", -10000), ("fee", 60, FEE), order="A1", payment_ref="PA1", refund_ref="R2")
    assert brief(run(book, contracts=WECHAT)[1]) == []


@pytest.mark.parametrize(("returns", "findings"), [((7, 6, 7), 0), ((7, 7, 7), 1), ((7, 7, 6), 0)])
def test_three_thirds_refunded_give_back_exactly_the_fee(returns, findings):
    """33.33 (0.20) refunded in three parts of 11.11: the file decides the parts, the sum is nil."""
    book = sold(Book(), "A1", 3333)
    for number, fee in enumerate(returns):
        book.row(("refund", -1111), ("fee", fee, FEE), order="A1", payment_ref="PA1", refund_ref=f"R{number}")
    assert len(run(book, contracts=WECHAT)[1].findings) == findings


def test_one_fen_per_refund_is_allowed_while_some_is_left():
    for fee, findings in ((6, 0), (7, 0), (8, 0), (9, 1), (5, 1)):
        book = sold(Book(), "A1", 3333).row(("refund", -1111), ("fee", fee, FEE), order="A1", refund_ref="R1")
        assert len(run(book, contracts=WECHAT)[1].findings) == findings


def test_a_payment_is_exact_even_where_a_refund_has_a_tolerance():
    book = sold(Book(), "A1", 3333, fee=21).row(("refund", -1111), ("fee", 7, FEE), order="A1", refund_ref="R1")
    assert brief(run(book, contracts=WECHAT)[1]) == [(-13, -14, "")]


def test_a_full_refund_keeps_the_fee_on_tmall_and_not_on_wechat():
    wechat = sold(Book(), "A1", 29900, printed=True).row(
        ("refund", -29900), order="A1", payment_ref="PA1", refund_ref="R1"
    )
    entries, result = run(wechat)
    (finding,) = result.findings
    assert (finding.code, finding.expected, finding.actual, finding.cause) == ("fee_mismatch", 0, -179, "fee_kept")
    assert [entries.entries["entry_id"][row] for row in finding.owned] == ["1900000109-00002-fee手续费"]
    assert [entries.entries["entry_id"][row] for row in finding.linked] == [
        "1900000109-00002-payment", "1900000109-00003-refund",
    ]  # fmt: skip
    tmall = sold(Book("alipay.cash", "2088"), "A1", 29900, detail=BASE_FEE, kind="commission")
    tmall.row(("refund", -29900), order="A1")
    contract = {"alipay.cash": [rule("0.006", detail=BASE_FEE, kind="commission")]}
    assert brief(run(tmall, contracts=contract)[1]) == []


def test_a_part_refunded_without_its_fee_is_fee_kept():
    book = sold(Book(), "A1", 25900).row(("refund", -10000), order="A1", refund_ref="R1")
    assert brief(run(book, contracts=WECHAT)[1]) == [(-95, -155, "fee_kept")]


def test_netted_before_the_charge_or_kept_after_it():
    """100.00 less 20.00: 0.48 where the refund returns its fee, 0.60 where it is kept."""
    netted = sold(Book(), "A1", 10000, fee=48).row(("refund", -2000), order="A1")
    kept = sold(Book(), "A1", 10000).row(("refund", -2000), order="A1")
    assert brief(run(netted, contracts=WECHAT)[1]) == []
    assert brief(run(kept, contracts={"wechatpay.trade": [rule("0.006")]})[1]) == []


def test_a_row_that_nets_its_refund_is_charged_on_the_net():
    book = Book().row(("payment", 10000), ("refund", -2000), ("fee", -48, FEE), order="A1")
    assert brief(run(book, contracts={"wechatpay.trade": [rule("0.006")]})[1]) == []


def test_a_fixed_part_stays_with_a_refund():
    book = sold(Book("shopify.payments", "main", "USD"), "A1", 6400, fee=184)
    book.row(("refund", -6400), order="A1")
    assert brief(run(book, contracts={"shopify:main": [rule("0.024", fixed=30)]})[1]) == []


def test_a_fee_of_the_next_month_belongs_to_its_order():
    """An affiliate fee posted 26 days later is checked by the rule of the day of the payment."""
    rules = [
        rule("0.18", detail="佣金", kind="commission", until=date(2026, 10, 20)),
        rule("0.10", detail="佣金", kind="commission", since=date(2026, 10, 21)),
    ]
    book = Book().row(("payment", 10000), day=date(2026, 10, 5), order="A1")
    book.row(("commission", -1800, "佣金"), day=date(2026, 10, 31), order="A1")
    book.row(("payment", 10000), day=date(2026, 10, 6), order="A2")  # its charge has not come yet: no finding
    assert brief(run(book, contracts={"wechatpay.trade": rules})[1]) == []


def test_a_dated_rule_needs_no_finding_and_a_learned_change_is_one():
    """0.60 % until 11-15, 0.54 % from 11-16; 60.00 costs 0.36, then 0.32."""
    change = date(2026, 11, 16)
    book = Book()
    for number in range(60):
        day = change + timedelta(days=number - 30)
        sold(book, f"A{number}", 6000 + 1370 * (number % 7), "0.006" if day < change else "0.0054", day=day)
    dated = [rule("0.006", until=date(2026, 11, 15)), rule("0.0054", since=change)]
    assert brief(run(book, contracts={"wechatpay:1900000109": dated})[1]) == []

    entries, result = run(book)
    (finding,) = result.findings
    since = [6000 + 1370 * (number % 7) for number in range(30, 60)]
    assert finding.expected == -sum(half_up(amount, "0.006") for amount in since)
    assert finding.actual == -sum(half_up(amount, "0.0054") for amount in since)
    assert (finding.cause, finding.owned) == ("rate_moved", ())
    assert finding.actual == sum(int(entries.amount[row]) for row in finding.linked)
    assert len(finding.linked) == 30
    assert "moved on 2026-11-16 from 0.6%" in finding.explanation
    assert "to 0.54%" in finding.explanation
    assert "learned rule" in finding.explanation
    assert [(line.since, line.until, line.rate) for line in result.rules.itertuples()] == [
        (None, date(2026, 11, 15), "0.6%"), (change, None, "0.54%"),
    ]  # fmt: skip


def test_a_half_fen_goes_up():
    assert brief(run(sold(Book(), "A1", 1250, fee=8), contracts=WECHAT)[1]) == []
    assert brief(run(sold(Book(), "A1", 1250, fee=7), contracts=WECHAT)[1]) == [(-8, -7, "")]


def test_a_merged_payment_is_charged_once():
    """Three orders of 21.00 in one payment of 63.00: 0.38, not 3 × 0.13."""
    assert brief(run(sold(Book(), "PARENT", 6300, fee=38), contracts=WECHAT)[1]) == []


def test_each_of_several_payments_is_charged_for_itself():
    """Deposit 0.75 and rest 0.75 at 1 %: 0.01 each, though 1.50 in one would cost 0.02 as well as 2 × 0.75."""
    book = sold(sold(Book(), "A1", 75, "0.01"), "A1", 75, "0.01")
    assert brief(run(book, contracts={"wechatpay.trade": [rule("0.01")]})[1]) == []
    book = sold(sold(Book(), "A1", 50, "0.01", fee=1), "A1", 50, "0.01", fee=1)  # on the sum it would be 0.01
    assert brief(run(book, contracts={"wechatpay.trade": [rule("0.01")]})[1]) == []


def test_a_wrong_fee_against_a_learned_rule():
    book = sold(many(Book()), "A1", 25900, fee=255)
    entries, result = run(book)
    (finding,) = result.findings
    assert (finding.expected, finding.actual, finding.currency, finding.cause) == (-155, -255, "CNY", "")
    assert entries.entries["order_ref"][finding.owned[0]] == "A1"
    assert finding.explanation == ("手续费 should be -1.55, is -2.55 (payments 259.00; 0.6%, half up; learned rule)")
    assert result.notes == (
        "WeChat Pay 1900000109 手续费: 0.6%, half up, explains 40 of 41 rows (learned rule, proposal for recon.yaml)",
    )
    assert run(book, lang="zh")[1].findings[0].explanation == (
        "手续费 应为 -1.55，实为 -2.55（收款 259.00；0.6%，四舍五入；learned rule，从文件中学得）"
    )


def test_a_fee_lower_than_agreed_gives_a_positive_difference():
    (finding,) = run(sold(Book(), "A1", 10000, fee=50), contracts=WECHAT)[1].findings
    assert finding.actual - finding.expected == 10


def test_the_printed_rate_checks_each_row_whatever_it_is():
    book = sold(sold(Book(), "A1", 6000, "0.0054", printed=True), "A2", 6000, "0.006", printed=True)
    sold(book, "A3", 6000, "0.0054", fee=36, printed=True)
    entries, result = run(book)
    assert brief(result) == [(-32, -36, "other_rate")]
    assert entries.entries["order_ref"][result.findings[0].owned[0]] == "A3"
    assert "rate printed in the bill" in result.findings[0].explanation
    assert result.notes == ()


def test_a_printed_refund_before_the_first_file_is_checked_alone():
    for fee, found in ((60, []), (0, [(60, 0, "fee_kept")])):
        book = Book().row(("refund", -10000), ("fee", fee, FEE, "0.006"), order="A1", payment_ref="P", refund_ref="R")
        assert brief(run(book)[1]) == found


def test_the_contract_goes_before_the_printed_rate():
    book = sold(Book(), "A1", 10000, "0.01", printed=True)
    assert brief(run(book)[1]) == []
    assert brief(run(book, contracts=WECHAT)[1]) == [(-60, -100, "")]


def test_a_rule_without_detail_holds_for_the_kind():
    book = sold(Book(), "A1", 10000, detail=None, fee=70)
    assert brief(run(book, contracts={"wechatpay.trade": [rule("0.006", detail=None)]})[1]) == [(-60, -70, "")]
    (finding,) = run(book, contracts={"wechatpay.trade": [rule("0.006", detail=None)]})[1].findings
    assert finding.explanation.startswith("fee should be")


def test_days_that_the_contract_leaves_out_are_learned():
    book = many(Book(), rate="0.01")
    sold(book, "A1", 10000, "0.006", day=FIRST - timedelta(days=1))
    contract = {"wechatpay.trade": [rule("0.006", until=FIRST - timedelta(days=1))]}
    assert brief(run(book, contracts=contract)[1]) == []


def test_a_row_that_fits_another_rule_says_so():
    contract = {"wechatpay.trade": [rule("0.006", until=date(2026, 10, 15)), rule("0.0054", since=date(2026, 10, 16))]}
    book = sold(Book(), "A1", 6000, fee=36, day=date(2026, 10, 20))
    assert brief(run(book, contracts=contract)[1]) == [(-32, -36, "other_rate")]


def test_subsidies_belong_to_the_base_where_the_channel_says_so():
    """Base fee on buyer's money 90.00 and a subsidy row of 10.00: 0.60."""
    contract = {"alipay.cash": [rule("0.006", detail=BASE_FEE, kind="commission", base="payment+subsidy")]}
    book = Book("alipay.cash", "2088")
    book.row(("payment", 9000), order="A1").row(("subsidy", 1000), order="A1")
    book.row(("commission", -60, BASE_FEE), order="A1")
    assert brief(run(book, contracts=contract)[1]) == []
    alone = {"alipay.cash": [rule("0.006", detail=BASE_FEE, kind="commission")]}
    assert brief(run(book, contracts=alone)[1]) == [(-54, -60, "")]
    entries, result = run(book, contracts=alone)
    assert sorted(entries.amount[row] for row in result.findings[0].linked) == [1000, 9000]


def test_a_fee_row_without_order_number_goes_by_the_payment_number():
    book = Book().row(("payment", 10000), order="A1", payment_ref="P1").row(("fee", -70, FEE), payment_ref="P1")
    book.row(("payment", 5000), payment_ref="P2").row(("fee", -40, FEE), payment_ref="P2")
    book.row(("payment", 2000), order="A3", payment_ref="P3").row(("fee", -13, FEE), order="OTHER", payment_ref="P3")
    book.row(("fee", -9, FEE), payment_ref="P9").row(("fee", -9, FEE))
    _, result = run(book, contracts=WECHAT)
    assert sorted(brief(result)) == [(-60, -70, ""), (-30, -40, ""), (-12, -13, "")]
    assert result.notes == ("WeChat Pay 1900000109 手续费: 2 rows unchecked, no payment in the files has their number",)


def test_lines_of_an_order_are_keys_of_their_own_where_all_rows_print_them():
    book = Book()
    for line, fee in (("L1", 60), ("L2", 70)):
        sold(book, "A1", 10000, fee=fee, sub_ref=line)
    entries, result = run(book, contracts=WECHAT)
    assert brief(result) == [(-60, -70, "")]
    assert [entries.entries["sub_ref"][row] for row in result.findings[0].owned] == ["L2"]
    book.row(("payment", 10000), order="A1").row(("fee", -60, FEE), order="A1")
    assert brief(run(book, contracts=WECHAT)[1]) == [(-180, -190, "")]


def test_accounts_and_currencies_are_kept_apart():
    one = sold(Book(account="1"), "A1", 10000, fee=60)
    other = sold(Book(account="2"), "A1", 10000, fee=100)
    dollars = sold(Book(account="1", currency="USD"), "A1", 20000, fee=121)
    contracts = {"wechatpay:1": [rule("0.006")], "wechatpay:2": [rule("0.01")]}
    (finding,) = run(one, other, dollars, contracts=contracts)[1].findings
    assert (finding.expected, finding.actual, finding.currency) == (-120, -121, "USD")


@pytest.mark.parametrize("channel", ["shopify.payments", "paypal.activity"])
def test_where_nobody_knows_it_refunds_show_what_becomes_of_the_fee(channel):
    shop = many(Book(channel, "main", "USD"), rate="0.029")
    for number, fee in enumerate((29, 29, 0)):
        sold(shop, f"R{number}", 1000, "0.029")
        shop.row(("refund", -1000), ("fee", fee, FEE), order=f"R{number}")
    _, result = run(shop)
    assert brief(result) == [(0, -29, "fee_kept")]
    assert result.rules["on_refund"].tolist() == ["returned"]
    kept = many(Book(channel, "main", "USD"), rate="0.029")
    sold(kept, "R", 1000, "0.029").row(("refund", -1000), order="R")
    assert brief(run(kept)[1]) == []


def test_nothing_is_learned_from_too_few_rows_or_from_many_rates():
    _, result = run(many(Book(), orders=19))
    assert result.findings == ()
    assert result.notes[0].startswith("WeChat Pay 1900000109 手续费: unchecked, no rule is given and")
    assert "only 19 rows" in result.notes[0]
    mixed = many(many(Book(), orders=30), orders=30, rate="0.02", start=2000)
    _, result = run(mixed)
    assert (result.findings, len(result.rules)) == ((), 0)
    assert "less than 95 %" in result.notes[0]
    assert "未核对" in run(mixed, lang="zh")[1].notes[0]


def test_rows_that_do_not_count_take_no_part():
    book = sold(many(Book()), "A1", 25900, fee=255)
    assert brief(run(book, usable=lambda entries: entries.amount != -255)[1]) == []
    _, result = run(book, usable=lambda entries: np.zeros(len(entries), dtype=bool))
    assert (result.findings, result.notes, len(result.rules)) == ((), (), 0)
    assert run(Book())[1].findings == ()


def test_fees_of_payouts_and_of_orders_are_no_charge():
    orders = Book("taobao.orders", "shop").row(("sale", 10000), order="A1")
    book = Book("shopify.payments", "main").row(("payout", -10000), ("fee", -25, "withdrawal"), payment_ref="W1")
    _, result = run(orders, book)
    assert (result.findings, result.notes) == ((), ())


def test_the_order_of_files_and_rows_decides_nothing():
    def findings(turn):
        books = [many(Book(account=number), rate=rate) for number, rate in (("1", "0.006"), ("2", "0.01"))]
        sold(books[0], "A1", 25900, fee=255)
        sold(books[1], "A1", 25900, fee=100)
        for book in books:
            book.rows = book.rows[::turn]
        entries, result = run(*books[::turn])
        ids = entries.entries["entry_id"]
        return [
            ([ids[row] for row in f.owned], [ids[row] for row in f.linked], f.expected, f.explanation)
            for f in result.findings
        ], result.notes

    assert findings(1) == findings(-1)


def test_a_full_contract_is_told_in_words():
    contract = {"wechatpay.trade": [rule("0.006", fixed=10, minimum=20, maximum=5000, on_refund="returned")]}
    book = sold(Book(), "A1", 10000, fee=60).row(("refund", -5000), order="A1")
    _, result = run(book, contracts=contract)
    assert result.findings[0].explanation == (
        "手续费 should be -0.35, is -0.60 (payments 100.00, refunds 50.00; "
        "0.6% + 0.10, at least 0.20, at most 50.00, half up; rule of recon.yaml)"
    )
    assert run(book, contracts=contract, lang="zh")[1].findings[0].explanation == (
        "手续费 应为 -0.35，实为 -0.60（收款 100.00，退款 50.00；"
        "0.6% + 0.10，最低 0.20，最高 50.00，四舍五入；recon.yaml 约定）"
    )


def test_an_account_rule_for_one_charge_leaves_the_channel_rule_for_another():
    book = sold(sold(Book(), "A1", 10000, fee=70), "A2", 10000, fee=300, detail="佣金", kind="commission")
    contracts = WECHAT | {"wechatpay.trade": [rule("0.02", detail="佣金"), rule("0.01")]}
    assert sorted(brief(run(book, contracts=contracts)[1])) == [(-200, -300, ""), (-60, -70, "")]


def test_a_rule_for_a_charge_that_no_row_shows_is_said():
    contracts = {"wechatpay:1900000109": [*WECHAT["wechatpay:1900000109"], rule("0.01", detail="手续賫")]}
    contracts |= {"wechatpay:999": [rule("0.01")]}
    for lang, word in (("en", "no row shows that charge"), ("zh", "账单中没有此项费用")):
        (note,) = run(sold(Book(), "A1", 10000), contracts=contracts, lang=lang)[1].notes
        assert "手续賫" in note
        assert word in note


def test_a_kept_fee_beside_a_refund_alone_is_not_checked_and_said_to_be():
    book = many(Book("alipay.cash", "2088"), detail=BASE_FEE, kind="commission")
    book.row(("refund", -10000), ("commission", 60, BASE_FEE), order="OLD")
    _, result = run(book, lang="zh")
    assert result.findings == ()
    assert result.notes[1] == "支付宝 2088 基础软件服务费：1 行无对应收款，未核对"


def test_a_named_charge_without_any_payment_is_said_to_be_unchecked():
    book = Book().row(("fee", -5, FEE), order="A1").row(("payment", 100), order="A2")
    assert run(book)[1].notes == (
        "WeChat Pay 1900000109 手续费: 1 rows unchecked, no payment in the files has their number",
    )


def test_a_payment_before_its_dated_rule_is_learned_or_left():
    book = sold(Book(), "A1", 10000, fee=99, day=FIRST - timedelta(days=1))
    contract = {"wechatpay.trade": [rule("0.006", since=FIRST)]}
    _, result = run(book, contracts=contract, lang="zh")
    assert result.findings == ()
    assert "仅 1 笔可供学习" in result.notes[0]


def test_learned_changes_are_told_in_chinese_too():
    book = many(many(Book(), day=FIRST), rate="0.01", day=FIRST + timedelta(days=9), start=2000)
    _, result = run(book, lang="zh")
    (finding,) = result.findings
    assert finding.explanation.startswith("手续费 自 2026-10-10 起由 0.6%，四舍五入 变为 1%，四舍五入（learned rule")
    before, since = result.notes
    assert before.startswith("微信支付 1900000109 手续费：至 2026-10-09 0.6%")
    assert since.startswith("微信支付 1900000109 手续费：自 2026-10-10 1%")


@settings(max_examples=40)
@given(
    payments=st.lists(st.integers(1, 10**7), min_size=1, max_size=3),
    refunds=st.lists(st.integers(1, 10**6), max_size=3),
    points=st.integers(1, 500),
    way=st.sampled_from(["returned", "kept"]),
    extra=st.integers(-3, 3),
)
def test_what_is_expected_of_a_key(payments, refunds, points, way, extra):
    """Against the sentence itself: Σ on payments, less Σ on refunds if returned, nil if all came back.

    Where more was refunded than paid, the fee may follow the refunds too: it is right for a wrong amount.
    """
    rate = Decimal(points) / 10_000
    left = sum(payments) - sum(refunds)
    fee = sum(half_up(amount, rate) for amount in payments)
    back = 0 if way == "kept" else fee if not left else min(fee, sum(half_up(amount, rate) for amount in refunds))
    beyond = sum(half_up(amount, rate) for amount in refunds) - back if way == "returned" and left < 0 else 0
    tolerance = len(refunds) if way == "returned" and left else 0
    book = Book()
    for amount in payments:
        book.row(("payment", amount), order="A1")
    for amount in refunds:
        book.row(("refund", -amount), order="A1")
    book.row(("fee", back - fee + extra, FEE), order="A1")
    _, result = run(book, contracts={"wechatpay.trade": [rule(rate, on_refund=way)]})
    found = [(finding.expected, finding.actual) for finding in result.findings]
    off = min(abs(extra), abs(extra - beyond)) > tolerance
    assert found == ([(back - fee, back - fee + extra)] if off else [])


def test_goodwill_beside_the_settlement_leaves_the_fees_as_they_are():
    def book(detail):
        found = many(Book("paypal.activity", "A"), day=FIRST)
        for number in range(3):  # refunds as a rule give their fee back
            sold(found, f"R{number}", 10000)
            found.row(("refund", -10000), ("fee", 60, FEE), order=f"R{number}")
        return found.row(("refund", -5000, detail), order="S1007")

    assert [one.code for one in run(book(None))[1].findings] == ["fee_mismatch"]
    assert run(book("goodwill"))[1].findings == ()
