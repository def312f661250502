"""A generated set as two files that recon reads: an order list and a gateway's payments, in plain layouts."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from tests.benchmarks.quality.orders import OrderSet

FIRST = date(2026, 7, 1)


def write_files(made: OrderSet, folder: Path) -> None:
    """Write orders.csv and payments.csv: UTF-8, amounts in major units, every order paid on its day."""
    folder.mkdir(parents=True, exist_ok=True)
    listed = ["订单号,实付金额,付款时间,订单状态"]
    for number, amount, day in zip(
        made.order_number.tolist(), made.order_amount.tolist(), made.order_day.tolist(), strict=True
    ):
        listed.append(f"{number},{_major(amount)},{_day(day)} 12:00:00,已发货")
    moved = ["交易时间,交易号,商户订单号,交易金额,手续费"]
    for place, (number, amount, day) in enumerate(
        zip(made.number.tolist(), made.amount.tolist(), made.day.tolist(), strict=True)
    ):
        moved.append(f"{_day(day)} 13:00:00,T{place:010},{number},{_major(amount)},0.00")
    for name, lines in (("orders.csv", listed), ("payments.csv", moved)):
        (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


def _day(number: int) -> str:
    return (FIRST + timedelta(days=number)).isoformat()


def _major(amount: int) -> str:
    return f"{amount // 100}.{amount % 100:02}"
