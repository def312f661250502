"""Scenarios A, time: what belongs to which day, and who has to wait for whom."""

from __future__ import annotations

from pathlib import Path

from tests.scenarios.folder import Folder
from tests.scenarios.layouts import (
    Cells,
    bank,
    bank_row,
    listed,
    order,
    wechat_paid,
    wechat_trade,
)

CLEARED = "银联商务股份有限公司客户备付金"


def cleared(number: str, amount: str, at: str, fee: str, day: str, batch: str) -> Cells:
    """A row of an acquirer's list: what the buyer paid, the fee, the clearing day and its batch."""
    return {
        "商户号": "898310000000001", "交易时间": at, "交易类型": "消费", "交易流水号": number, "交易金额": amount,
        "手续费": fee, "清算日期": day, "批次号": batch,
    }  # fmt: skip


def test_01_paid_two_seconds_before_midnight(tmp_path: Path) -> None:
    folder = Folder(tmp_path).put(
        orders=listed(order("A1001", "128.00", "2026-10-31 23:59:58"), order("A1002", "20.00", "2026-11-02 09:00:00")),
        bill=wechat_trade(
            wechat_paid("A1001", "128.00", "2026-11-01 00:00:03", "0.77"),
            wechat_paid("A1002", "20.00", "2026-11-02 09:00:02", "0.12"),
        ),
    )
    early = folder.match("2026-10-31", out="october")
    assert early.found() == []
    assert early.waiting() == [("sale", "128.00", "inside the window", "2026-11-01", "cleared on 2026-11-01")]
    late = folder.match("2026-11-01", out="november")
    assert late.found() == [("cutoff", "128.00", "128.00", "0.00", "day_cut", "", "info")]
    assert "2026-10" in late.one("cutoff")["explanation"]
    assert late.matched() == [
        ("proved", "key", "by-order-number", ["sale 128.00", "payment 128.00", "fee -0.77"])
    ]  # fmt: skip
    assert late.waiting() == []


def test_02_created_before_the_year_ends_paid_after(tmp_path: Path) -> None:
    times = {"下单时间": "2026-12-31 22:00:00", "发货时间": "2027-01-02 09:00:00"}
    folder = Folder(tmp_path).put(
        orders=listed(
            order("B2000", "30.00", "2026-12-30 10:00:00", 下单时间="2026-12-30 09:59:00"),
            order("B2001", "59.00", "2027-01-01 00:10:00", "已发货", **times),
            order("B2002", "20.00", "2027-01-03 09:00:00", 下单时间="2027-01-03 08:59:00"),
        ),
        bill=wechat_trade(
            wechat_paid("B2000", "30.00", "2026-12-30 10:00:02", "0.18"),
            wechat_paid("B2001", "59.00", "2027-01-01 00:10:02", "0.35"),
            wechat_paid("B2002", "20.00", "2027-01-03 09:00:02", "0.12"),
        ),
    )
    result = folder.match("2027-01-03")
    assert result.found() == []  # by the time of the order it would lie across the period end
    assert ("proved", "key", "by-order-number", ["sale 59.00", "payment 59.00", "fee -0.35"]) in result.matched()
    days = {}
    for policy in ("paid", "shipped"):
        folder.config = f"postings: {{revenue_date: {policy}}}\n"
        lines = folder.match("2027-01-03", out=policy).table("vouchers")
        days[policy] = [r["date"] for r in lines if r["role"] == "rev" and r["credit"] == "52.21"]
    assert days == {"paid": ["2027-01-01"], "shipped": ["2027-01-02"]}


def test_03_clearing_day_ends_at_23_generic_list(tmp_path: Path) -> None:
    """UnionPay, read as a generic list: its own layout comes with the channel."""
    folder = Folder(tmp_path).put(
        unionpay=listed(
            cleared("T00000001", "200.00", "2026-10-14 22:59:59", "1.20", "2026-10-14", "20261014"),
            cleared("T00000002", "300.00", "2026-10-14 23:00:00", "1.80", "2026-10-15", "20261015"),
        ),
        bank=bank(
            bank_row("198.80", "2026-10-15 09:00:00", CLEARED, "20261014"),
            bank_row("298.20", "2026-10-16 09:00:00", CLEARED, "20261015"),
            edges=("2026-10-13", "2026-10-20"),
        ),
    )
    result = folder.match("2026-10-20")
    assert result.found() == []
    assert result.matched("gateway-bank") == [
        ("proved", "key", "by-number", ["payment 200.00", "fee -1.20", "receipt 198.80"]),
        ("proved", "key", "by-number", ["payment 300.00", "fee -1.80", "receipt 298.20"]),
    ]


def test_04_one_credit_for_three_clearing_days_generic_list(tmp_path: Path) -> None:
    """An acquirer that pays on the next working day, read as a generic list: its own layout comes with the channel."""
    folder = Folder(tmp_path).put(
        acquirer=listed(
            cleared("T00000001", "12555.63", "2026-10-30 15:00:00", "75.33", "2026-10-30", "20261102"),
            cleared("T00000002", "9366.75", "2026-10-31 15:00:00", "56.20", "2026-10-31", "20261102"),
            cleared("T00000003", "7044.42", "2026-11-01 15:00:00", "42.27", "2026-11-01", "20261102"),
        ),
        bank=bank(bank_row("28793.00", "2026-11-02 09:00:00", CLEARED, "20261102"), edges=("2026-10-28", "2026-11-05")),
    )
    early = folder.match("2026-10-31", out="october")
    assert early.found() == []  # no alarm that Friday had no payout
    waiting = early.waiting("gateway-bank")
    assert {(reason, due) for _, _, reason, due, _ in waiting} == {("inside the window", "2026-11-04")}
    assert sum(cents(amount) for _, amount, *_ in waiting) == 2179085
    late = folder.match("2026-11-05", out="november")
    assert late.found() == [("cutoff", "21790.85", "21790.85", "0.00", "settlement_delay", "", "info")]
    ((verdict, basis, rule, members),) = late.matched("gateway-bank")
    assert (verdict, basis, rule) == ("proved", "key", "by-number")
    assert len(members) == 7
    assert "receipt 28793.00" in members


def test_05_golden_week_in_one_credit_generic_list(tmp_path: Path) -> None:
    """The same acquirer over the holidays of October, read as a generic list."""
    nets = "11204.10 30118.77 28450.02 26733.40 25019.95 24500.31 22871.66 19002.48".split()
    days = ["2026-09-30", *(f"2026-10-0{day}" for day in range(1, 8))]
    rows = [
        cleared(f"T0000000{n}", net, f"{day} 15:00:00", "0.00", day, "20261008")
        for n, (day, net) in enumerate(zip(days, nets, strict=True))
    ]
    folder = Folder(tmp_path).put(
        acquirer=listed(*rows),
        bank=bank(
            bank_row("187900.69", "2026-10-08 09:00:00", CLEARED, "20261008"), edges=("2026-09-25", "2026-10-12")
        ),
    )
    for as_of in ("2026-10-03", "2026-10-07"):  # five and eight days after the first of them: no working day yet
        holiday = folder.match(as_of, out=as_of)
        assert holiday.found() == []
    assert sum(cents(amount) for _, amount, *_ in holiday.waiting("gateway-bank")) == 18790069
    result = folder.match("2026-10-12")
    assert result.found() == [("cutoff", "11204.10", "11204.10", "0.00", "settlement_delay", "", "info")]
    ((verdict, basis, rule, members),) = result.matched("gateway-bank")
    assert (verdict, basis, rule) == ("proved", "key", "by-number")
    assert sorted(members) == sorted([f"payment {net}" for net in nets] + ["receipt 187900.69"])


def test_07_payments_before_their_order_file_several_nights(tmp_path: Path) -> None:
    folder = Folder(tmp_path).put(
        orders_1=listed(order("C7000", "30.00", "2026-11-01 10:00:00"), order("C7001", "31.00", "2026-11-02 10:00:00")),
        bill_1=wechat_trade(
            wechat_paid("C7000", "30.00", "2026-11-01 10:00:02", "0.18"),
            wechat_paid("C7001", "31.00", "2026-11-02 10:00:02", "0.19"),
        ),
        bill_3=wechat_trade(wechat_paid("C7003", "66.00", "2026-11-03 10:00:02", "0.40")),
    )
    # 3 November: not due yet, its window ends on the 4th. 4 November: due, and the order list does not reach that day.
    for as_of, reason in (("2026-11-03", "inside the window"), ("2026-11-04", "beyond the files")):
        night = folder.match(as_of)
        assert night.found() == []
        waiting = {(kind, amount, why) for kind, amount, why, *_ in night.waiting()}
        assert waiting == {("fee", "-0.40", reason), ("payment", "66.00", reason)}
    folder.put(
        orders_2=listed(
            order("C7003", "66.00", "2026-11-03 10:00:00"),
            order("C7004", "11.00", "2026-11-04 08:00:00"),
            order("C7005", "12.00", "2026-11-05 08:00:00"),
        ),
        bill_5=wechat_trade(
            wechat_paid("C7004", "11.00", "2026-11-04 08:00:02", "0.07"),
            wechat_paid("C7005", "12.00", "2026-11-05 08:00:02", "0.07"),
        ),
    )
    last = folder.match("2026-11-05")
    assert last.found() == []
    assert last.waiting() == []
    assert ("proved", "key", "by-order-number", ["sale 66.00", "payment 66.00", "fee -0.40"]) in last.matched()
    single = Folder(tmp_path / "single", files=folder.files).match("2026-11-05")
    names = {path.name for path in single.out.iterdir()}
    assert names == {path.name for path in last.out.iterdir()} - {"changes.csv"}
    for name in names:
        assert (single.out / name).read_bytes() == (last.out / name).read_bytes(), name


def test_06_one_moment_two_local_days_generic_list(tmp_path: Path) -> None:
    """Stripe, read as a generic list: its own layout comes with the channel."""
    folder = Folder(tmp_path).put(
        orders=listed(
            order("S6001", "100.00", "2026-11-01 00:30:00", "shipped", Currency="USD"),
            order("S6002", "20.00", "2026-11-03 10:00:00", "shipped", Currency="USD"),
        ),
        stripe=listed(
            stripe_charge("ch_6001", "100.00", "2026-10-31 16:30:00", "S6001"),
            stripe_charge("ch_6002", "20.00", "2026-11-03 02:00:00", "S6002"),
        ),
    )
    result = folder.match("2026-11-03")
    assert result.found() == [("cutoff", "100.00", "100.00", "0.00", "time_zone", "", "info")]
    assert "2026-10" in result.one("cutoff")["explanation"]
    assert len(result.matched()) == 2


def stripe_charge(number: str, amount: str, at: str, order_number: str) -> Cells:
    return {
        "id": number, "Type": "charge", "Created (UTC)": at, "Amount": amount, "Currency": "usd",
        "Order ID": order_number,
    }  # fmt: skip


def cents(amount: str) -> int:
    """An amount of two decimals in minor units."""
    return int(amount.replace(".", ""))
