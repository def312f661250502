"""What bank layouts need of the language of specs, each on a table of two or three rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pyarrow as pa
import pytest

from recon.channels import moments
from recon.channels.currencies import currency_code
from recon.channels.delimited import Delimited
from recon.channels.lines import fold
from recon.channels.reader import read_file
from recon.channels.spec import load_specs
from recon.ledger.statement import Statement

OWN = """\
channel: my.bank
side: bank
family: my
title: {zh: 我的银行, en: My bank}
recognise: {header: [日子, 摘要]}
time: 日子
key: {columns: [日子, 钟点, 金额, 摘要], unique: false}
bank_texts: {columns: 摘要}
"""


@pytest.fixture
def own(tmp_path: Path) -> Callable[[str, str], Statement]:
    """Read a table by a spec of the user's own: what it says beside `OWN`, and the lines."""

    def reader(more: str, lines: str) -> Statement:
        (tmp_path / "specs").mkdir(exist_ok=True)
        (tmp_path / "specs" / "own.yaml").write_text(OWN + more, encoding="utf-8")
        path = tmp_path / "file.csv"
        path.write_text(lines, encoding="utf-8")
        (one,) = read_file(path, "file.csv", load_specs(tmp_path / "specs"))
        assert isinstance(one, Statement), one
        return one

    return reader


Own = Callable[[str, str], Statement]


@pytest.mark.parametrize(
    ("form", "printed", "day"),
    [
        ("day_first", "02/10/2026", "2026-10-02"),
        ("day_first", "2.10.2026 10:00:00", "2026-10-02"),
        ("day_first", "02 May 2026", "2026-05-02"),
        ("month_first", "10/02/2026", "2026-10-02"),
        ("month_first", "10-02-2026 09:00:00", "2026-10-02"),
        ("serial", "46297", "2026-10-02"),
        ("serial", "2026-10-02", "2026-10-02"),
    ],
)
def test_days_that_do_not_begin_with_the_year(form: str, printed: str, day: str) -> None:
    found = moments.parse(moments.year_first(pa.array([printed]), form), "Asia/Shanghai")
    assert str(found.local[0].astype("datetime64[D]")) == day


@pytest.mark.parametrize(
    ("printed", "moment"),
    [
        ("46297.5", "2026-10-02T12:00:00"),
        ("44500.5320983796", "2021-10-31T12:46:13"),
        ("46297.9999999999", "2026-10-03T00:00:00"),
    ],
)
def test_the_fraction_of_a_serial_is_its_time(printed: str, moment: str) -> None:
    found = moments.parse(moments.year_first(pa.array([printed, None]), "serial"), "Asia/Shanghai")
    assert str(found.local[0].astype("datetime64[s]")) == moment
    assert not found.wrong.any()


@pytest.mark.parametrize(
    ("form", "printed"), [("day_first", "10/31/2026"), ("month_first", "31/10/2026"), ("serial", "9")]
)
def test_a_day_in_the_other_order_is_wrong(form: str, printed: str) -> None:
    assert moments.parse(moments.year_first(pa.array([printed]), form), "Asia/Shanghai").wrong.all()


@pytest.mark.parametrize(
    ("clock", "moment"),
    [
        ("175717", "17:57:17"),
        ("93807", "09:38:07"),
        ("17:57:17", "17:57:17"),
        ("2026-10-02 17:57:17", "17:57:17"),
        ("", "00:00:00"),
        (None, "00:00:00"),
    ],
)
@pytest.mark.parametrize("day", ["2026-10-02", "20261002", "2026-10-02 00:00:00"])
def test_the_clock_stands_in_a_column_of_its_own(day: str, clock: str | None, moment: str) -> None:
    joined = moments.with_clock(pa.array([day]), pa.array([clock], pa.string()))
    assert str(moments.parse(joined, "Asia/Shanghai").local[0].astype("datetime64[s]")) == f"2026-10-02T{moment}"


def test_amounts_of_zero_are_skipped_and_missing_ones_are_not(own: Own) -> None:
    one = own("amount: 金额\n", "日子,摘要,金额\n2026-10-01,a,0.00\n2026-10-02,b,\n2026-10-03,c,-1\n")
    assert (one.skipped, one.booked_rows, len(one.quarantined)) == (((2, "amount of 0"),), 1, 1)


def test_rules_of_its_own_come_before_the_words_of_banks(own: Own) -> None:
    one = own(
        "amount: 金额\nrows: [{when: {摘要: 结息}, skip: mine}]\n",
        "日子,摘要,金额\n2026-10-01,结息,1\n2026-10-02,利息,1\n",
    )
    assert (one.skipped, one.table["kind"].to_pylist()) == (((2, "mine"),), ["interest"])


def test_a_direction_that_the_sign_contradicts(own: Own) -> None:
    more = "amount: {column: 金额, direction: 方向, plus: 来, minus: 往, agrees: true}\n"
    one = own(more, "日子,摘要,金额,方向\n2026-10-01,a,-1,往\n2026-10-02,b,2,往\n2026-10-03,c,-3,来\n")
    assert one.table["amount"].to_pylist() == [-100, -200]
    assert one.quarantined[0].problem == "is negative, and 方向 says money in"


def test_the_other_party_by_direction(own: Own) -> None:
    more = "amount: 金额\ncounterparty: {in: 付, out: 收}\ncounterparty_account: {in: 付号, out: 收号}\n"
    one = own(
        more, "日子,摘要,金额,付,收,付号,收号\n2026-10-01,a,1,甲,我,11112222,9\n2026-10-02,b,-1,我,乙,9,33334444\n"
    )
    assert one.table["counterparty"].to_pylist() == ["甲", "乙"]
    assert one.table["counterparty_account"].to_pylist() == ["2222", "4444"]


@pytest.mark.parametrize(
    ("closing", "verdict"), [("12.00", "ok"), ("12.01", "broken"), ("", "none")]
)  # fmt: skip
def test_printed_balances_frame_the_rows(own: Own, closing: str, verdict: str) -> None:
    more = "amount: 金额\npreamble: {opening: '期初余额,(?P<sum>[\\d.]+)', closing: '期末余额,(?P<sum>[\\d.]+)'}\n"
    one = own(more, f"期初余额,10.00\n期末余额,{closing}\n日子,摘要,金额\n2026-10-01,a,3\n2026-10-02,b,-1\n")
    facts = one.accounts[0]
    assert (one.balance_chain, facts.opening, facts.derived) == (verdict, 1000, False)


def test_printed_balances_are_compared_with_the_chain(own: Own) -> None:
    more = "amount: 金额\nbalance: {column: 余额}\npreamble: {opening: '期初余额,(?P<sum>[\\d.]+)'}\n"
    lines = "期初余额,{}\n日子,摘要,金额,余额\n2026-10-01,a,3,13.00\n2026-10-02,b,-1,12.00\n"
    assert not own(more, lines.format("10.00")).problems
    assert own(more, lines.format("10.50")).problems[0].en == "期初余额: printed 10.50, from the rows 10.00."


def test_a_balance_of_zero_on_every_row_is_none(own: Own) -> None:
    one = own("amount: 金额\nbalance: {column: 余额}\n", "日子,摘要,金额,余额\n2026-10-01,a,3,0\n2026-10-02,b,-1,0\n")
    assert (one.balance_chain, one.proven) == ("none", True)


def test_the_currency_is_that_above_else_that_of_the_channel(own: Own) -> None:
    more = "amount: 金额\ncurrency_is: USD\npreamble: {currency: '币种[:：](?P<currency>\\S+)'}\n"
    rows = "日子,摘要,金额\n2026-10-01,a,3\n"
    assert own(more, f"币种：港币\n{rows}").table["currency"].to_pylist() == ["HKD"]
    assert own(more, rows).table["currency"].to_pylist() == ["USD"]


def test_a_comma_before_the_decimals(own: Own) -> None:
    one = own(
        "amount: 金额\ntext: {decimal: ','}\n", '日子,摘要,金额\n2026-10-01,a,"-1 000,50"\n2026-10-02,b,"1.234,5"\n'
    )
    assert one.table["amount"].to_pylist() == [-100050, 123450]


def test_a_period_may_stand_on_two_lines(own: Own) -> None:
    more = "amount: 金额\npreamble: {period: '起始日期,(?P<from>\\S+)\\s*截止日期,(?P<to>\\S+)'}\n"
    one = own(more, "起始日期,20261001\n截止日期,2026-10-31\n日子,摘要,金额\n2026-10-05,a,3\n")
    facts = one.accounts[0]
    assert (str(facts.period_from), str(facts.period_to), facts.period_stated) == ("2026-10-01", "2026-10-31", True)


@pytest.mark.parametrize(
    ("cell", "name"),
    [("交易日期[ Transaction Date ]", "交易日期"), ("[HISTORYDETAIL]", "[HISTORYDETAIL]"), ("Bank [x]", "Bank[x]")],
)
def test_the_english_words_behind_a_chinese_name_are_no_part_of_it(cell: str, name: str) -> None:
    assert fold(cell) == name


@pytest.mark.parametrize(
    ("line", "mark"), [("\ta,\tb,\tc\n", ","), ('"\ta","\tb"\n', ","), ("a\tb\tc,d\n", "\t"), ('"a"\t"b"\n', "\t")]
)
def test_tabs_that_decorate_cells_part_none(line: str, mark: str) -> None:
    assert Delimited.of(line.encode(), "x", "", 35).delimiter == mark


@pytest.mark.parametrize(("word", "code"), [("人民币元", "CNY"), ("usd", "USD"), ("港币", "HKD"), ("某币", None)])
def test_currencies_by_their_names(word: str, code: str | None) -> None:
    assert currency_code(word) == code


def test_every_bank_says_what_its_layout_rests_on(specs: Mapping[str, object]) -> None:
    for name, spec in load_specs().items():
        assert name in specs
        assert spec.side != "bank" or spec.confidence is not None, name
