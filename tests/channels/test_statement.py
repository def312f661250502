"""Does a file foot: totals, balances, row arithmetic, period."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from recon.ledger.statement import Statement

SAMPLES = Path(__file__).parents[2] / "samples" / "channels"


def text_of(name: str, encoding: str = "gb18030") -> str:
    return (SAMPLES / name).read_bytes().decode(encoding)


def without(text: str, mark: str) -> str:
    return "\n".join(line for line in text.splitlines() if mark not in line) + "\n"


def test_a_footer_in_words(statement: Callable[..., Statement]) -> None:
    text = text_of("alipay.cash/classic-12.csv")
    found = statement(text)
    assert (found.control_total, found.balance_chain) == ("ok", "ok")
    (facts,) = found.accounts
    assert (facts.account, facts.opening, facts.closing, facts.derived) == ("2088110000000022", 100000, 104970, True)
    assert (facts.period_from, facts.period_to, facts.period_stated) == (date(2026, 10, 11), date(2026, 10, 11), True)


def test_a_cut_file(statement: Callable[..., Statement]) -> None:
    found = statement(without(text_of("alipay.cash/classic-12.csv"), "2026100100000102"))
    (problem,) = found.problems
    assert not found.proven
    assert (problem.code, problem.cause, problem.expected, problem.actual) == ("control_total", "file_cut", -30, 0)
    assert problem.zh == "支出合计笔数：文件写 1，逐行得 0；支出合计：文件写 -0.30，逐行得 0.00。"
    assert not any(found.table["proven"].to_pylist())


def test_an_edited_file(statement: Callable[..., Statement]) -> None:
    text = (
        text_of("alipay.cash/classic-12.csv")
        .replace(",50.00,,1050.00", ",51.00,,1051.00")
        .replace("1049.70", "1050.70")
    )
    (problem,) = statement(text).problems
    assert (problem.cause, problem.expected, problem.actual) == ("file_edited", 5000, 5100)


def test_a_summary_below_the_rows(statement: Callable[..., Statement]) -> None:
    text = text_of("wechatpay.trade/all-27.csv", "utf-8-sig")
    assert statement(text).control_total == "ok"
    (problem,) = statement(without(text, "0000000002,`XS2,`o***,`JSAPI,`REFUND")).problems
    assert (problem.code, problem.cause, problem.expected, problem.actual) == ("control_total", "file_cut", -2000, 0)
    assert "总交易单数: printed 3, from the rows 2" in problem.en


def test_a_file_without_totals_says_none(statement: Callable[..., Statement]) -> None:
    text = without(text_of("wechatpay.trade/all-27.csv", "utf-8-sig"), "总交易单数")
    assert statement(text.rsplit("`3,", 1)[0]).control_total == "none"


BANK = "凭证号,本方账号,对方账号,交易时间,借/贷,借方发生额,贷方发生额,对方行号,摘要,用途,对方单位名称,余额,个性化信息"


def bank(*rows: tuple[str, str, str]) -> str:
    lines = [
        f"{n},12020001,33,{at},贷,,{amount},,,货款,某公司,{balance}," for n, (at, amount, balance) in enumerate(rows)
    ]
    return "\n".join([BANK, *lines]) + "\n"


def days(*rows: tuple[str, str]) -> str:
    return bank(
        *((f"2026-10-{day:02d} 09:00:00", amount, balance) for day, (amount, balance) in enumerate(rows, start=1))
    )


GOOD = (("10.00", "110.00"), ("20.00", "130.00"), ("30.00", "160.00"), ("40.00", "200.00"), ("50.00", "250.00"))


@pytest.mark.parametrize("step", [1, -1])
def test_a_chain_runs_either_way(statement: Callable[..., Statement], step: int) -> None:
    lines = days(*GOOD).splitlines()
    found = statement("\n".join([lines[0], *lines[1:][::step]]) + "\n")
    assert found.balance_chain == "ok"
    assert sorted(found.table["seq"].to_pylist()) == [0, 1, 2, 3, 4]
    assert (found.accounts[0].opening, found.accounts[0].closing) == (10000, 25000)


def test_rows_of_one_second_may_stand_in_any_order(statement: Callable[..., Statement]) -> None:
    second = "2026-10-01 09:00:00"
    rows = [(second, amount, balance) for amount, balance in GOOD]
    found = statement(bank(rows[3], rows[0], rows[4], rows[2], rows[1]))
    assert found.balance_chain == "ok"
    assert found.table["seq"].to_pylist() == [3, 0, 4, 2, 1]


def test_a_missing_row(statement: Callable[..., Statement]) -> None:
    (problem,) = statement(days(GOOD[0], GOOD[1], GOOD[3], GOOD[4])).problems
    assert (problem.code, problem.cause) == ("balance_break", "rows_missing")
    assert (problem.expected, problem.actual, problem.on) == (17000, 20000, date(2026, 10, 3))
    assert len(problem.linked) == 2
    assert problem.zh == "2026-10-02 09:00:00 1 20.00 之后余额应为 170.00，2026-10-03 09:00:00 2 40.00 行写 200.00。"


def test_an_edited_balance_is_one_break(statement: Callable[..., Statement]) -> None:
    (problem,) = statement(days(GOOD[0], GOOD[1], ("30.00", "166.00"), GOOD[3], GOOD[4])).problems
    assert (problem.cause, problem.expected, problem.actual) == ("file_edited", 16000, 16600)


def test_two_accounts_in_one_file(statement: Callable[..., Statement]) -> None:
    other = (("1.00", "901.00"), ("2.00", "903.00"), ("3.00", "906.00"), ("4.00", "910.00"), ("5.00", "915.00"))
    (problem,) = statement(days(*(row for pair in zip(GOOD, other, strict=True) for row in pair))).problems
    assert problem.cause == "mixed_accounts"


def test_a_balance_that_is_no_chain_is_one_finding(statement: Callable[..., Statement]) -> None:
    rows = [(f"{number}.00", f"{(number * 7919) % 1000}.00") for number in range(1, 29)]
    (problem,) = statement(days(*rows)).problems
    assert "共 27 处不连续" in problem.zh
    assert problem.cause == ""


def test_accounts_of_one_file_have_chains_of_their_own(statement: Callable[..., Statement]) -> None:
    text = days(*GOOD) + days(("1.00", "901.00"), ("2.00", "903.00")).split("\n", 1)[1].replace("12020001", "12020002")
    found = statement(text)
    assert found.balance_chain == "ok"
    assert [(facts.account, facts.closing) for facts in found.accounts] == [("12020001", 25000), ("12020002", 90300)]


def test_components_that_do_not_add_up(statement: Callable[..., Statement]) -> None:
    text = text_of("douyin.flow/flow-34.csv", "utf-8-sig").replace("入账,93.20", "入账,93.10")
    found = statement(text)
    (problem,) = found.problems
    assert found.proven
    assert (problem.code, problem.expected, problem.actual) == ("settlement_gap", 9320, 9310)
    assert len(problem.linked) == 5
    assert all(found.table["proven"].to_pylist())


def test_a_file_made_before_the_end_of_its_period_covers_no_more_than_its_making(
    statement: Callable[..., Statement],
) -> None:
    text = text_of("alipay.trade/trade.csv").replace("2026年11月02日 05:46:49", "2026年10月20日 05:46:49")
    assert statement(text).accounts[0].period_to == date(2026, 10, 20)


def test_an_empty_file_that_states_its_period_covers_it(statement: Callable[..., Statement]) -> None:
    text = without(without(text_of("alipay.trade/trade.csv"), "SHOP-"), "合计")
    (facts,) = statement(text).accounts
    assert (facts.period_from, facts.period_to, facts.period_stated) == (date(2026, 10, 1), date(2026, 10, 31), True)


def test_an_order_list_ends_at_its_latest_event(statement: Callable[..., Statement]) -> None:
    (facts,) = statement((SAMPLES / "taobao.orders" / "export-2018.csv").read_bytes()).accounts
    assert (facts.period_from, facts.period_to, facts.period_stated) == (date(2026, 10, 1), date(2026, 10, 7), False)


@pytest.mark.parametrize(("count", "verdict"), [("10笔", "failed"), ("11笔", "ok"), ("12笔", "ok"), ("13笔", "failed")])
def test_rows_of_0_may_be_counted_or_not(statement: Callable[..., Statement], count: str, verdict: str) -> None:
    text = text_of("pinduoduo.flow/pdd-mall-bill-detail-20261001-20261031.csv")
    assert "#支出合计：12笔" in text
    found = statement(text.replace("#支出合计：12笔", f"#支出合计：{count}"))
    assert found.control_total == verdict


def test_the_entries_of_a_row_make_its_net(statement: Callable[..., Statement]) -> None:
    text = text_of("kuaishou.settlement/settlement.csv", "utf-8-sig")
    assert statement(text).problems == ()
    found = statement(text.replace(",27.45,", ",27.40,"))
    (problem,) = found.problems
    assert found.proven
    assert (problem.code, problem.expected, problem.actual, len(problem.linked)) == ("settlement_gap", 2745, 2740, 6)


VENMO = """\
,ID,Datetime,Type,Status,Note,From,To,Amount (total),Funding Source,Destination,Beginning Balance,Ending Balance
,,,,,,,,,,,$40.00,
,1,2026-10-02T15:04:05,Payment,Complete,Cups,A,Shop,+ $25.00,,Venmo balance,,
,2,2026-10-03T15:04:05,Payment,Complete,Glue,Shop,A,- $30.00,VISA *1234,,,
,3,2026-10-04T15:04:05,Standard Transfer,Issued,,,,- $50.00,,Bank *9999,,
,,,,,,,,,,,,{closing}
"""


@pytest.mark.parametrize(
    ("closing", "last", "verdict", "wrong"),
    [("$15.00", 1500, "ok", []), ("$51.00", 5100, "failed", [(5100, 1500)]), ("", None, "none", [])],
)
def test_balances_in_rows_of_their_own(
    statement: Callable[..., Statement], closing: str, last: int | None, verdict: str, wrong: list[tuple[int, int]]
) -> None:
    found = statement(VENMO.format(closing=closing))
    assert (found.control_total, [(p.expected, p.actual) for p in found.problems]) == (verdict, wrong)
    assert (found.accounts[0].opening, found.accounts[0].closing) == (4000, last)
