"""Rows to entries: identities that never depend on the order of rows, versions, faults, accounts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from recon.channels.reader import read_file
from recon.channels.spec import load_specs
from recon.ledger.schema import READ
from recon.ledger.statement import Statement, Unread
from tests.channels.told import Hint

SAMPLES = Path(__file__).parents[2] / "samples" / "channels"
TAOBAO = "订单编号,买家应付货款,总金额,买家实际支付金额,订单状态,订单创建时间,订单付款时间,退款金额,收货人姓名"
ICBC = "凭证号,本方账号,对方账号,交易时间,借/贷,借方发生额,贷方发生额,对方行号,摘要,用途,对方单位名称,余额,个性化信息"


def order(
    number: str, paid: str = "5.00", refund: str = "0.00", state: str = "交易成功", at: str = "2026-10-01 09:00:01"
) -> str:
    return f"{number},5.00,5.00,{paid},{state},2026-10-01 09:00:00,{at},{refund},李某某"


def taobao(*rows: str) -> str:
    return "\n".join([TAOBAO, *rows]) + "\n"


def icbc(*rows: str) -> str:
    return "\n".join([ICBC, *rows]) + "\n"


def bank(
    way: str, amount: str, balance: str, text: str = "", payer: str = "某公司", at: str = "2026-10-01 09:00:00"
) -> str:
    out, came = (amount, "") if way == "借" else ("", amount)
    return f"0,12020001,33,{at},{way},{out},{came},,{text},,{payer},{balance},"


def identities(statement: Statement) -> dict[str, tuple[object, ...]]:
    names = [name for name in READ.names if name not in {"entry_id", "source_row", "source_file"}]
    rows = statement.table.select(["entry_id", *names]).to_pylist()
    return {row["entry_id"]: tuple(row[name] for name in names) for row in rows}


@pytest.mark.parametrize(
    "name",
    [
        "taobao.orders/export-2018.csv", "alipay.cash/classic-12.csv", "alipay.fundflow/portal-19.csv",
        "douyin.flow/flow-34.csv", "douyin.orders/orders.csv", "icbc.corporate.a/historydetail0001.csv",
        "wechatpay.trade/all-27.csv",
    ],
)  # fmt: skip
def test_shuffled_rows_give_the_same_entries(statement: Callable[..., Statement], name: str) -> None:
    encoding = "utf-8-sig" if name.startswith(("douyin", "wechat")) else "gb18030"
    text = (SAMPLES / name).read_bytes().decode(encoding).replace("请包好\n谢谢", "请包好 谢谢")
    lines = text.splitlines()
    begin = next(number for number, line in enumerate(lines) if line.count(",") > 8) + 1
    end = next((n for n, line in enumerate(lines) if n > begin and line.startswith(("#", "总交易单数"))), len(lines))
    first = statement("\r\n".join(lines).encode(encoding), name)
    body = lines[begin:end]
    body = body[1::2] + body[::2][::-1]
    again = statement("\r\n".join([*lines[:begin], *body, *lines[end:]]).encode(encoding), "other name.csv")
    assert identities(again) == identities(first)
    assert again.accounts == first.accounts
    assert (again.control_total, again.balance_chain) == (first.control_total, first.balance_chain)


def test_an_id_is_the_same_in_every_run_and_on_every_machine(statement: Callable[..., Statement]) -> None:
    assert statement(taobao(order("101"))).table["entry_id"].to_pylist() == ["ead0f4a2341b6d6d"]


def test_the_same_row_twice_counts_once(statement: Callable[..., Statement]) -> None:
    found = statement(taobao(order("101"), order("102"), order("101")))
    assert (found.rows, found.booked_rows, found.repeated, found.table.num_rows) == (3, 2, 1, 2)


def test_two_versions_of_a_row_share_the_key_and_not_the_content(statement: Callable[..., Statement]) -> None:
    found = statement(taobao(order("101", state="卖家已发货，等待买家确认"), order("101", refund="2.00")))
    table = found.table
    assert found.repeated == 0
    assert len(set(table["row_key"].to_pylist())) == 1
    assert len(set(table["row_hash"].to_pylist())) == 2
    ranks = table["row_rank"].to_pylist()
    assert ranks[0] < ranks[-1]


def test_equal_rows_without_a_number_are_two_rows(statement: Callable[..., Statement]) -> None:
    found = statement(icbc(bank("借", "5.00", "", text="手续费"), bank("借", "5.00", "", text="手续费")))
    assert (found.booked_rows, found.repeated) == (2, 0)
    assert len(set(found.table["entry_id"].to_pylist())) == 2


def test_a_bad_row_is_quarantined_and_the_others_read(statement: Callable[..., Statement]) -> None:
    found = statement(
        taobao(
            order("101", paid="12.3O"),
            order("102", at="2026-02-30 10:00:00"),
            order("3.30E+18"),
            order("104", paid=""),
            order("105"),
        )
    )
    assert [(fault.row, fault.column, fault.value) for fault in found.quarantined] == [
        (2, "买家实际支付金额", "12.3O"),
        (3, "订单付款时间", "2026-02-30 10:00:00"),
        (4, "订单编号", "3.30E+18"),
        (5, "买家实际支付金额", ""),
    ]
    assert found.table["order_ref"].to_pylist() == ["105"]


def test_names_and_addresses_are_never_read(statement: Callable[..., Statement]) -> None:
    found = statement(taobao(order("101", paid="x"), order("102")))
    assert "李某某" not in str(found.quarantined) + str(found.table.to_pylist())


def test_a_row_of_a_kind_that_is_not_known(statement: Callable[..., Statement]) -> None:
    text = (
        (SAMPLES / "wechatpay.trade" / "all-27.csv").read_text(encoding="utf-8-sig").replace("`REFUND", "`REVOKED", 1)
    )
    assert statement(text).quarantined == ()
    found = statement(
        text.replace("`20.00,`0.00,`ORIGINAL", "`0.00,`0.00,`ORIGINAL").replace("`SUCCESS,`OTHERS", "`NEW,`OTHERS", 1)
    )
    assert [fault.problem for fault in found.quarantined] == [
        "is a kind of row that this channel does not know", "is a revoked payment without a refund",
    ]  # fmt: skip


def test_sources_say_what_a_file_cannot(read: Callable[..., list[Statement | Unread]]) -> None:
    hints = (Hint("old/*.csv", account="旗舰店"), Hint("*", zone="UTC"))
    (one,) = read(taobao(order("101")), "old/a.csv", sources=hints)
    assert isinstance(one, Statement)
    assert one.table["account"].to_pylist() == ["旗舰店"]
    (other,) = read(taobao(order("101")), "new/a.csv", sources=hints)
    assert isinstance(other, Statement)
    assert str(other.table["occurred_at"][0].as_py()) == "2026-10-01 09:00:01+00:00"
    (wrong,) = read(taobao(order("101")), "new/a.csv", sources=(Hint("*", channel="icbc.corporate.a"),))
    assert isinstance(wrong, Unread)
    (unknown,) = read(taobao(order("101")), "new/a.csv", sources=(Hint("*", channel="icbc"),))
    assert isinstance(unknown, Unread)
    assert unknown.fault.value == "icbc"


def test_a_file_that_cannot_be_opened(tmp_path: Path) -> None:
    (found,) = read_file(tmp_path / "gone.csv", "gone.csv", load_specs())
    assert isinstance(found, Unread)
    assert "cannot be opened" in found.fault.problem


@pytest.mark.parametrize(
    ("row", "kind", "detail"),
    [
        (bank("贷", "9.00", "", text="结息", payer=""), "interest", "interest"),
        (bank("借", "9.00", "", text="利息税", payer=""), "tax", "tax"),
        (bank("借", "9.00", "", text="实时缴税"), "tax", "tax"),
        (bank("借", "9.00", "", text="手续费", payer=""), "fee", "bank_fee"),
        (bank("借", "9.00", "", text="手续费"), "disbursement", None),
        (bank("借", "9.00", "", text="10月工资", payer=""), "disbursement", "salary"),
        (bank("贷", "9.00", "", text="现金存款", payer=""), "receipt", "cash_deposit"),
        (bank("贷", "9.00", "", text="资金池归集"), "transfer", "own_transfer"),
        (bank("贷", "9.00", "", text="代付"), "receipt", None),
    ],
)
def test_what_the_bank_text_says(statement: Callable[..., Statement], row: str, kind: str, detail: str | None) -> None:
    table = statement(icbc(row)).table
    assert (table["kind"].to_pylist(), table["detail"].to_pylist()) == ([kind], [detail])


def test_both_columns_of_a_bank_row_filled_is_an_error(statement: Callable[..., Statement]) -> None:
    found = statement(icbc("0,12020001,33,2026-10-01 09:00:00,借,5.00,5.00,,,,某公司,1.00,"))
    assert [fault.problem for fault in found.quarantined] == ["both amount columns are filled"]


def test_a_minus_among_positive_debits_is_money_that_comes_back(statement: Callable[..., Statement]) -> None:
    one, two = bank("借", "5.50", "94.50"), bank("借", "-5.50", "100.00", at="2026-10-02 09:00:00")
    found = statement(icbc(one, two))
    assert found.table["amount"].to_pylist() == [-550, 550]
    assert found.balance_chain == "ok"
    printed = statement(icbc(bank("借", "-5.50", "94.50"), bank("借", "-4.50", "90.00", at="2026-10-02 09:00:00")))
    assert printed.table["amount"].to_pylist() == [-550, -450]


def test_the_fee_of_an_alipay_bill_is_a_cost_whatever_its_sign(statement: Callable[..., Statement]) -> None:
    text = (SAMPLES / "alipay.trade" / "trade.csv").read_bytes().decode("gb18030")
    turned = text.replace("-0.57", "0.57").replace("-0.12", "0.12").replace(",0.03,", ",-0.03,")
    fees = [
        [row["amount"] for row in statement(one).table.to_pylist() if row["kind"] == "fee"] for one in (text, turned)
    ]
    assert fees == [[-57, -12, 3], [-57, -12, 3]]


def test_a_state_that_is_not_listed_is_told_once(statement: Callable[..., Statement]) -> None:
    found = statement(taobao(order("101", state="新状态"), order("102", state="新状态", at=""), order("103")))
    assert found.table["state"].to_pylist() == ["paid", "unpaid", "completed"]
    assert found.notes[-1].zh == "订单状态“新状态”不在词表中，2 行：有付款时间的按已付款，其余按未付款"


def test_columns_that_the_export_lacks_are_told(statement: Callable[..., Statement]) -> None:
    whole = taobao(order("101"))
    cut = "".join(line.rsplit(",", 2)[0] + "\n" for line in whole.splitlines())
    names = [[note.zh.split("“")[1].split("”")[0] for note in statement(text).notes] for text in (whole, cut)]
    assert names == [["确认收货时间", "打款商家金额"], ["退款金额", "确认收货时间", "打款商家金额"]]
