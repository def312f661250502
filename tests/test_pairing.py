"""A book beside its bank: every line once, nothing lost, and the order of the files decides nothing."""

from __future__ import annotations

from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recon import intake
from recon.config import Config
from recon.errors import ConservationError
from recon.ledger.days import NO_DAY
from recon.matching.candidates import Nearness
from recon.matching.lines.board import LineRules
from recon.pairing import Paired, pair, prove_conserved

BOOK = "日期,凭证号,往来单位,摘要,币种,借方,贷方"
BANK = "交易日期,对方户名,附言,币种,收入金额,支出金额"
RULES = LineRules(fee=Nearness(500, 5000))


def paired(folder: Path, book: str, bank: str, **files: str) -> Paired:
    for name, text in {"book": book, "bank": bank, **files}.items():
        side = folder / ("bank" if name.startswith("bank") else "book")
        side.mkdir(exist_ok=True)
        (side / f"{name}.csv").write_text(text, encoding="utf-8", newline="\n")
    return pair(folder / "book", folder / "bank", config=Config(), rules=RULES, lang=None, progress=lambda *_: None)


def said(found: Paired) -> list[tuple[str, int, str, int]]:
    columns = ("side", "match", "verdict", "amount")
    return list(zip(*(found.lines[name].tolist() for name in columns), strict=True))


DAYS = st.integers(1, 28).map(lambda day: f"2026-10-{day:02d}")
PARTIES = st.sampled_from(["杭州云帆贸易有限公司", "苏州金桥包装", "Harbor Realty", "得力文具", ""])
SUMS = st.sampled_from([100, 250, 350, 1000, 1290, 1920, 300000, 298500])
MEMOS = st.sampled_from(["货款", "发票 20260441", "发票 20260442", "支票 10024518", ""])
LINES = st.lists(
    st.tuples(DAYS, PARTIES, MEMOS, st.sampled_from(["CNY", "USD"]), SUMS, st.booleans()), min_size=0, max_size=12
)


def journal(lines: list[tuple[str, str, str, str, int, bool]]) -> list[str]:
    return [f"{d},,{who},{what},{c},{_cells(a, came=came)}" for d, who, what, c, a, came in lines]


def statement(lines: list[tuple[str, str, str, str, int, bool]]) -> list[str]:
    return [f"{d},{who},{what},{c},{_cells(a, came=came)}" for d, who, what, c, a, came in lines]


def _cells(amount: int, *, came: bool) -> str:
    text = f"{amount // 100}.{amount % 100:02d}"
    return f"{text}," if came else f",{text}"


def table(head: str, rows: list[str]) -> str:
    return "\n".join([head, *rows]) + "\n"


@settings(max_examples=30)
@given(LINES, LINES, st.randoms(use_true_random=False))
def test_every_line_once_and_no_order_of_rows_matters(
    book: list[tuple[str, str, str, str, int, bool]], bank: list[tuple[str, str, str, str, int, bool]], random: Random
) -> None:
    outcomes = []
    for turn in range(2):
        ours, theirs = journal(book), statement(bank)
        if turn:
            random.shuffle(ours)
            random.shuffle(theirs)
        with TemporaryDirectory() as folder:
            found = paired(Path(folder), table(BOOK, ours), table(BANK, theirs))
        assert (found.exit_code, found.messages) == (0, [])
        for side, count in (("book", len(book)), ("bank", len(bank))):
            here = found.lines[found.lines["side"] == side]
            assert sorted(here["source_row"]) == list(range(2, count + 2))
        _foots(found.lines)
        outcomes.append(found.lines.drop(columns=["source_row", "entry_id"]))
    pd.testing.assert_frame_equal(*outcomes)


def _foots(lines: pd.DataFrame) -> None:
    for _, match in lines[lines["match"] > 0].groupby("match"):
        sums = {side: int(match["amount"][match["side"] == side].sum()) for side in ("book", "bank")}
        assert match["residual"].nunique() == match["verdict"].nunique() == match["currency"].nunique() == 1
        assert sums["bank"] - sums["book"] == match["residual"].iloc[0]
    assert sorted(set(lines["match"]) - {0}) == list(range(1, lines["match"].max() + 1 if len(lines) else 1))
    unmatched = lines["match"] == 0
    assert (lines["verdict"][unmatched] == "open").all()
    assert (lines["verdict"][~unmatched] != "open").all()
    near = lines["near"][lines["fails"] != ""]
    assert (lines["side"].take(near).to_numpy() != lines["side"][near.index].to_numpy()).all()


ROW = "2026-10-08,,云帆贸易,货款,CNY,100.00,"
CREDIT = "2026-10-08,云帆贸易,货款,CNY,100.00,"


def test_debit_of_the_book_meets_money_in_at_the_bank(tmp_path: Path) -> None:
    found = paired(tmp_path, table(BOOK, [ROW]), table(BANK, [CREDIT]))
    assert [(side, match, amount) for side, match, _, amount in said(found)] == [("book", 1, 10000), ("bank", 1, 10000)]


def test_two_numberings_that_begin_with_the_day_are_no_slips_of_one_another(tmp_path: Path) -> None:
    parties = ["杭州云帆贸易有限公司", "苏州金桥包装有限公司", "宁波恒达物流有限公司"]
    ours = [f"2026-10-08,{who},货款,CNY,500.00,,202610080{n}" for n, who in enumerate(parties)]
    theirs = [f"2026-10-08,{who},货款,CNY,500.00,,202610081{n}" for n, who in enumerate(parties)]
    found = paired(
        tmp_path, table("日期,往来单位,摘要,币种,借方,贷方,单据编号", ours), table(f"{BANK},交易流水号", theirs)
    )
    assert {(verdict, rule) for verdict, rule in zip(found.lines["verdict"], found.lines["rule"], strict=True)} == {
        ("proved", "by-amount-and-text")
    }
    assert set(found.lines["reference"]) == {f"20261008{n}" for n in ("00", "01", "02", "10", "11", "12")}


def test_two_currencies_never_meet(tmp_path: Path) -> None:
    found = paired(tmp_path, table(BOOK, [ROW]), table(BANK, [CREDIT.replace("CNY", "USD")]))
    assert [match for _, match, _, _ in said(found)] == [0, 0]


def test_an_account_that_both_name_is_itself_and_others_may_be_any(tmp_path: Path) -> None:
    def of(text: str, account: str) -> str:
        head, row = text.splitlines()
        return f"{head},账号\n{row},{account}\n"

    book, bank = table(BOOK, [ROW]), table(BANK, [CREDIT])
    one, other = "6222000011112222", "6222000033334444"
    for ours, theirs, met in ((one, one, 1), (one, other, 1)):
        found = paired(tmp_path, of(book, ours), of(bank, theirs))
        assert [match for _, match, _, _ in said(found)] == [met, met]
    found = paired(tmp_path, of(book, one), of(bank, other), bank_two=of(bank.replace("100.00", "7.00"), one))
    assert [(side, match, amount) for side, match, _, amount in said(found)] == [
        ("book", 0, 10000), ("bank", 0, 700), ("bank", 0, 10000),
    ]  # fmt: skip


def test_a_match_with_a_line_of_an_unproven_file_is_notprove_conservedd(tmp_path: Path) -> None:
    names = [f"单位{sign}商贸公司" for sign in "甲乙丙丁戊己庚辛壬癸子丑寅卯"]
    rows = [f"2026-10-{n + 1:02d},,{name},货款,CNY,{n + 10}.00," for n, name in enumerate(names)]
    balance = 1000
    lines = []
    for n, name in enumerate(names):
        balance += n + 10
        lines.append(f"2026-10-{n + 1:02d},{name},货款,CNY,{n + 10}.00,,{balance}.00")
    found = paired(tmp_path, table(BOOK, rows), table(f"{BANK},余额", [*lines[:7], *lines[8:]]))
    assert found.exit_code == 3
    assert {verdict for _, match, verdict, _ in said(found) if match} == {"unproven"}


def test_a_lost_line_or_fen_is_an_internal_error(tmp_path: Path) -> None:
    lines = paired(tmp_path, table(BOOK, [ROW]), table(BANK, [CREDIT])).lines
    readings = [
        intake.read([tmp_path / side], config=Config(), progress=lambda *_: None, book=side == "book")
        for side in ("book", "bank")
    ]
    prove_conserved(lines, readings)
    for wrong in (
        lines.iloc[:1],
        pd.concat([lines, lines.iloc[:1]]),
        lines.assign(amount=[10000, 9999]),
        lines.assign(residual=5),
        lines.assign(match=[1, 2]),
    ):
        with pytest.raises(ConservationError):
            prove_conserved(wrong, readings)


def test_what_has_no_day_is_kept(tmp_path: Path) -> None:
    found = paired(tmp_path, table(BOOK, [ROW]), table(BANK, [CREDIT]))
    assert NO_DAY not in set(found.lines["day"])
    orders = "订单号,付款时间,实付金额,订单状态\n1001,,100.00,等待买家付款\n1002,2026-10-08 09:00:00,5.00,交易成功\n"
    other = tmp_path / "orders"
    other.mkdir()
    (other / "orders.csv").write_text(orders, encoding="utf-8")
    found = pair(tmp_path / "book", other, config=Config(), rules=RULES, lang=None, progress=lambda *_: None)
    assert sorted(found.lines["day"][found.lines["side"] == "bank"] == NO_DAY) == [False, True]
