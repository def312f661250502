"""The legs payout and gateway-bank: what waits, which break it is, and which cause."""

from __future__ import annotations

import pytest

from tests.breaks.ledgers import File, breaks, brief, findings, run, waiting

ALIPAY, TENPAY = "支付宝（中国）网络技术有限公司", "财付通支付科技有限公司"
OCTOBER = {"first": "2026-10-01", "last": "2026-10-31"}
AS_OF = "2026-10-31"


def wallet(*payouts, **period):
    file = File("alipay.cash", **(period or OCTOBER))
    file.row("interest", "0.01", file.period[1])
    for number, (day, amount) in enumerate(payouts):
        file.row("payout", amount, day, payment_ref=f"W{number:09}")
    return file


def bank(*rows, **period):
    """Rows as (day, amount, counterparty, text)."""
    file = File("bank", **(period or OCTOBER))
    for day, amount, name, text in rows:
        file.row("receipt" if not amount.startswith("-") else "disbursement", amount, day, counterparty=name, memo=text)
    return file


def unknown(*rows):
    result = run(wallet(), bank(*rows), as_of=AS_OF)
    return [(f["code"], f["cause"], f["severity"]) for f in breaks(result, "gateway-bank")]


def test_payout_inside_its_window_and_after():
    sent, file = wallet(("2026-10-20", "-50.00")), bank(("2026-10-05", "1.00", "甲", "货款"))
    for as_of, reason in (("2026-10-22", "inside the window"), ("2026-10-23", None)):
        result = run(sent, file, as_of=as_of)
        expected = [] if reason is None else [("payout", "-50.00", reason, "0–3 working days (CN) after the payout")]
        assert waiting(result, "gateway-bank") == expected
    found = [f for f in findings(result) if f["code"] == "missing_payout"]
    assert [(f["expected"], f["actual"], f["reach_rows"], f["reach_amount"]) for f in found] == [(5000, 0, 1, 5000)]
    assert str(found[0]["due_date"]) == "2026-10-23"


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        ([], "no file of the other side"),
        ([bank(first="2026-10-01", last="2026-10-21")], "beyond the files"),
        ([bank().problem("balance_break", "1.00", "2.00")], "file unproven"),
    ],
)
def test_payout_without_a_bank_file_for_its_days(files, reason):
    result = run(wallet(("2026-10-20", "-50.00")), *files, as_of=AS_OF)
    assert [r[2] for r in waiting(result, "gateway-bank")] == [reason]


def test_days_missing_at_the_bank_explain_the_payout():
    early = bank(first="2026-10-01", last="2026-10-19")
    late = File("bank", name="late.csv", first="2026-10-25", last="2026-10-31")
    sent = wallet(("2026-10-20", "-50.00"), ("2026-10-05", "-30.00"))
    result = run(sent, early, late, as_of=AS_OF)
    assert brief(result, "file") == [("missing_file", "0.00", "0.00", None, "missing_payout", "high")]
    found = next(f for f in findings(result) if f["code"] == "missing_file")
    assert (found["reach_rows"], found["reach_amount"], found["channel"]) == (1, 5000, "bank")
    assert [f["code"] for f in breaks(result, "gateway-bank")] == ["missing_payout"]  # the one of 10-05


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("张三", "转账", ("unknown_receipt", "direct_transfer", "low")),
        ("某某贸易有限公司", "转账", ("unknown_receipt", None, "low")),
        ("张三", "转账 20261005000123", ("unknown_receipt", None, "low")),
        ("某某银行", "流动资金贷款发放", ("unknown_receipt", "loan", "low")),
        ("李四", "股东投资款", ("unknown_receipt", "owner_money", "low")),
        (ALIPAY, "提现", ("unknown_receipt", None, "medium")),
    ],
)
def test_receipt_nobody_explains(name, text, expected):
    assert unknown(("2026-10-28", "88.00", name, text)) == [expected]


@pytest.mark.parametrize(
    ("day", "amount", "cause"),
    [
        ("2026-10-28", "0.75", "lump_relief"),  # the fees of September
        ("2026-10-28", "1.25", "lump_relief"),  # of the year so far
        ("2026-10-28", "0.76", None),
        ("2026-10-28", "0.50", None),  # one charge of October alone is no lump
        ("2026-09-10", "0.75", None),  # before the last of them was taken
    ],
)
def test_fees_of_a_month_or_a_year_returned_in_one_sum(day, amount, cause):
    period = {"first": "2026-09-01", "last": "2026-10-31"}
    money = wallet(**period)
    for number, (when, fee) in enumerate((("2026-09-03", "-0.25"), ("2026-09-17", "-0.50"), ("2026-10-05", "-0.50"))):
        money.row("fee", fee, when, payment_ref=f"F{number:09}", detail="手续费")
    found = breaks(run(money, bank((day, amount, "某平台", "补贴返还"), **period), as_of=AS_OF), "gateway-bank")
    assert [(f["code"], f["cause"]) for f in found] == [("unknown_receipt", cause)]


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("某某物业", "房租", ("unknown_debit", None, "low")),
        ("某某云", "软件订阅 年费", ("unknown_debit", "subscription", "low")),
        ("某某银行", "贷款还款", ("unknown_debit", "loan", "low")),
        (ALIPAY, "扣款", ("unknown_debit", None, "high")),
    ],
)
def test_debit_nobody_explains(name, text, expected):
    assert unknown(("2026-10-28", "-88.00", name, text)) == [expected]


def test_equal_debits_month_by_month():
    quarter = {"first": "2026-08-01", "last": "2026-10-31"}
    rows = [(f"2026-{month:02}-28", "-88.00", "某某网络", "扣款") for month in (8, 9, 10)]
    found = findings(run(wallet(**quarter), bank(*rows, **quarter), as_of=AS_OF))
    assert [f["cause"] for f in found] == ["subscription"] * 3
    assert [f["severity"] for f in sorted(found, key=lambda f: f["value_date"])] == ["medium", "medium", "low"]  # age


def test_credit_booked_twice():
    credit = ("2026-10-21", "50.00", ALIPAY, "提现 W000000000")
    sent = wallet(("2026-10-20", "-50.00"), ("2026-10-05", "-1.00"))
    twice = bank(credit, ("2026-10-06", "1.00", ALIPAY, "提现"))
    twice.row("receipt", "50.00", "2026-10-21", counterparty=ALIPAY, memo="提现 W000000000")
    found = breaks(run(sent, twice, as_of=AS_OF), "gateway-bank")
    assert [(f["code"], f["expected"], f["actual"], f["cause"]) for f in found] == [
        ("unknown_receipt", 0, 5000, "duplicate")
    ]
    loose = bank(("2026-10-21", "50.00", ALIPAY, "提现"), ("2026-10-21", "50.00", ALIPAY, "提现"))
    assert [f["code"] for f in breaks(run(sent, loose, as_of=AS_OF), "gateway-bank")] == ["ambiguous", "missing_payout"]


@pytest.mark.parametrize(
    ("credited", "text", "cause"),
    [
        ("45.00", "提现 手续费5.00元", "bank_fee"),
        ("45.00", "提现 手续费4.00元", None),
        ("45.00", "提现", None),
        ("80.00", "提现", "two_payouts"),
    ],
)
def test_payout_that_differs(credited, text, cause):
    sent = wallet(("2026-10-20", "-50.00"), ("2026-10-10", "-30.00"))
    result = run(sent, bank(("2026-10-21", credited, ALIPAY, text)), as_of=AS_OF)
    found = next(f for f in findings(result) if f["code"] == "payout_mismatch")
    assert (found["cause"], found["expected"], found["reach_amount"]) == (cause, 5000, int(credited[:2]) * 100)


def test_the_same_fee_again_and_again():
    sent = wallet(*((f"2026-10-{day}", f"-{day}.00") for day in (12, 19, 26)))
    rows = [(f"2026-10-{day + 1}", f"{day - 2}.00", ALIPAY, "提现") for day in (12, 19, 26)]
    assert [f["cause"] for f in breaks(run(sent, bank(*rows), as_of=AS_OF))] == ["bank_fee"] * 3
    assert [f["cause"] for f in breaks(run(sent, bank(*rows[:2]), as_of=AS_OF), "gateway-bank")] == [None] * 3


def test_return_that_fits_two_payouts():
    sent = wallet(("2026-10-12", "-50.00"), ("2026-10-13", "-50.00"), ("2026-10-20", "50.00"))
    found = breaks(run(sent, bank(("2026-10-05", "1.00", "甲", "货款")), as_of=AS_OF), "gateway-bank")
    assert [(f["code"], f["cause"]) for f in found if f["code"] == "missing_payout"] == [
        ("missing_payout", "payout_returned")
    ] * 2  # fmt: skip


def test_candidates_wait_and_name_each_other():
    sent = wallet(("2026-10-29", "-50.00"), ("2026-10-30", "-50.00"))
    result = run(sent, bank(("2026-10-30", "50.00", ALIPAY, "提现")), as_of=AS_OF)
    assert waiting(result, "gateway-bank") == [
        ("payout", "-50.00", "inside the window", "2026-10-30 50.00"),
        ("payout", "-50.00", "inside the window", "2026-10-30 50.00"),
        ("receipt", "50.00", "inside the window", "2026-10-29 50.00; 2026-10-30 50.00"),
    ]


def test_suggested_when_no_text_names_the_payer():
    result = run(wallet(("2026-10-20", "-50.00")), bank(("2026-10-21", "50.00", "甲", "款")), as_of=AS_OF)
    assert brief(result) == [("suggested", "50.00", "50.00", "equal_amounts", None, "low")]


def test_suggestions_say_what_speaks_for_them():
    result = run(wallet(("2026-10-20", "-50.00")), bank(("2026-10-29", "50.00", "甲", "W000001000")), as_of=AS_OF)
    assert brief(result) == [("suggested", "50.00", "50.00", None, None, "low")]
    assert findings(result)[0]["explanation"] == (
        "payout 50.00 = credit 50.00; the number in the text is one slip off: confirm"
    )
    two = wallet(("2026-10-19", "-50.00"), ("2026-10-20", "-30.00"))
    result = run(two, bank(("2026-10-21", "80.00", ALIPAY, "提现")), as_of=AS_OF)
    assert brief(result) == [("suggested", "80.00", "80.00", "equal_amounts", None, "low")]
    assert findings(result)[0]["explanation"] == (
        "2 payouts add up to 80.00, one credit is 80.00; no other sum fits: confirm"
    )


def test_late_credit_is_information():
    result = run(wallet(("2026-10-12", "-50.00")), bank(("2026-10-16", "50.00", ALIPAY, "提现")), as_of=AS_OF)
    assert brief(result) == [("late_settlement", "50.00", "50.00", None, None, "info")]
    assert findings(result)[0]["explanation"] == "due by 2026-10-15, received on 2026-10-16, 1 days late"


@pytest.mark.parametrize(("day", "code"), [("2026-10-12", "in transit"), ("2026-10-13", "unknown_receipt")])
def test_credit_of_a_payout_before_the_holidays(day, code):
    """Three working days before 10-12 is 10-08: the wallet's file from 10-09 on cannot say whether it was sent."""
    result = run(wallet(first="2026-10-09", last="2026-10-31"), bank((day, "9.00", ALIPAY, "提现")), as_of=AS_OF)
    assert ([f["code"] for f in findings(result)] or ["in transit"]) == [code]


def batch(*lines, paid, key="S20261015", day="2026-10-15", file=None):
    """Lines as (number, amount, fee)."""
    file = file or File("batch.gateway", **OCTOBER)
    for number, amount, fee in lines:
        file.payment(number, amount, "2026-10-14", fee=fee, batch_ref=key, payment_ref=f"P{number}")
    if paid is not None:
        file.row("payout", f"-{paid}", day, batch_ref=key)
    return file


def gaps(*files, as_of=AS_OF):
    return breaks(run(*files, as_of=as_of), "payout")


LINES = [*((f"A{n}", "39.90", "-0.24") for n in range(4)), ("B", "89.00", "-0.53")]


def test_payout_that_lacks_one_of_its_lines():
    found = gaps(batch(*LINES, paid="207.45"))
    assert [(f["expected"], f["actual"], f["cause"]) for f in found] == [(24711, 20745, "lines_missing")]
    assert found[0]["explanation"].endswith(
        "; the gap equals one line of 39.90 less its fee 0.24: 4 could be it, none is chosen"
    )
    assert gaps(batch(*LINES, paid="247.11")) == []
    assert [f["cause"] for f in gaps(batch(*LINES, paid="247.10"))] == [None]


def test_gap_that_is_a_deposit_a_penalty_a_reserve_or_the_neighbours():
    for kind, words, cause in (
        ("deposit", "保证金", "deposit"),
        ("adjustment", "违规罚款", "penalty"),
        ("adjustment", "冻结保留金", "reserve_held"),
        ("adjustment", "其他", None),
    ):
        file = batch(*LINES, paid="240.11").row(kind, "-7.00", "2026-10-15", detail=words)
        assert [f["cause"] for f in gaps(file)] == [cause]
    file = batch(("C", "7.00", None), paid="7.00", key="S20261016", day="2026-10-16", file=batch(*LINES, paid="240.11"))
    assert [f["cause"] for f in gaps(file)] == ["other_period"]


def test_batch_without_its_payout_row():
    file = batch(("C", "7.00", None), paid=None, key="S20261029", file=batch(*LINES, paid="247.11"))
    file.rows[-1]["value_date"] = file.rows[-1]["value_date"].replace(day=29)
    result = run(file, as_of=AS_OF)
    assert breaks(result, "payout") == []
    assert waiting(result, "payout") == [("payment", "7.00", "inside the window", None)]
    old = batch(("C", "7.00", None), paid=None, key="S20261014", file=batch(*LINES, paid="247.11"))
    assert [(f["expected"], f["actual"]) for f in gaps(old)] == [(700, 0)]


def test_batch_whose_lines_may_lie_before_the_files():
    early = batch(*LINES, paid="260.00")
    assert len(gaps(early)) == 1
    footing = batch(("C", "7.00", None), paid="7.00", key="S20261030", day="2026-10-30", file=early)  # sixteen days
    result = run(footing, as_of=AS_OF)
    assert breaks(result, "payout") == []
    assert {reason for _, _, reason, _ in waiting(result, "payout")} == {"beyond the files"}
