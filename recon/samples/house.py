"""What stands in a company's bank account beside the money of its channels."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from recon.samples.dice import Dice
from recon.samples.payouts import Payer
from recon.samples.statement import BankRow, write_icbc
from recon.samples.truth import FILE, PAYOUTS, Finding, Truth

STRANGER: Final = "上海沐辰商贸有限公司"
SECOND_ACCOUNT: Final = "1202021209900765432"


@dataclass(frozen=True)
class Days:
    """When the rows of a statement happen. `hole`: the last day before the missing ones, and the first after."""

    first: str
    last: str
    interest: str
    tax: str
    paydays: tuple[str, ...]
    customer: str
    supplier: str
    channel_in: str
    channel_out: str
    hole: tuple[str, str]


AUTUMN: Final = Days(
    first="2026-09-10",
    last="2026-10-29",
    interest="2026-09-21",
    tax="2026-09-16",
    paydays=("2026-09-15", "2026-10-15"),
    customer="2026-10-21",
    supplier="2026-10-22",
    channel_in="2026-10-26",
    channel_out="2026-10-23",
    hole=("2026-09-18", "2026-09-22"),
)


def known_rows(dice: Dice, days: Days = AUTUMN) -> list[BankRow]:
    """Rows that their text explains: fees, payroll, tax, interest. The first and the last day of the statement."""
    rows = [
        BankRow(f"{days.first} 08:30:11", -1500, "手续费", "异地汇款手续费"),
        BankRow(f"{days.tax} 11:20:09", -dice.one(90_000, 300_000), "实时缴税", "待报解预算收入", "待报解预算收入"),
        BankRow(f"{days.interest} 03:11:52", dice.one(3_000, 9_000), "利息划入", "结息"),
        BankRow(f"{days.last} 16:45:27", -1000, "手续费", "账户管理费手续费"),
    ]
    pay = [(day, -dice.one(800_000, 1_600_000)) for day in days.paydays]
    return rows + [BankRow(f"{day} 15:02:40", amount, "代发工资", f"{int(day[5:7])}月工资") for day, amount in pay]


def unknown_rows(payer: Payer, dice: Dice, truth: Truth, days: Days = AUTUMN) -> list[BankRow]:
    """Rows that nothing explains, two of them in the name of a channel."""
    customer, supplier = dice.one(150_001, 290_000) * 2 + 1, dice.one(60_001, 120_000) * 2 + 1
    channel_in, channel_out = dice.one(40_001, 90_000) * 2 + 1, dice.one(20_001, 40_000) * 2 + 1
    truth.finds(
        Finding("unknown_receipt", PAYOUTS, "low", 0, customer),
        Finding("unknown_receipt", PAYOUTS, "medium", 0, channel_in),
        Finding("unknown_debit", PAYOUTS, "low", 0, -supplier),
        Finding("unknown_debit", PAYOUTS, "high", 0, -channel_out),
    )
    buyer, maker = ("杭州云栖文创有限公司", "33050161000000001234"), ("义乌市合诚包装有限公司", "33050162000000005678")
    channel = (payer.name, payer.account)
    return [
        BankRow(f"{days.customer} 14:12:08", customer, "汇入", "样品款", *buyer),
        BankRow(f"{days.supplier} 10:48:53", -supplier, "汇出", "采购纸箱", *maker),
        BankRow(f"{days.channel_in} 13:30:00", channel_in, payer.summary, payer.purpose, *channel),
        BankRow(f"{days.channel_out} 09:15:36", -channel_out, "汇出", "付款", *channel),
    ]


def write_holed_account(inbox: Path, truth: Truth, days: Days = AUTUMN) -> None:
    """A second bank account in two files; the days between them are in no file, and the balance jumps across them."""
    payday, card = (f"{days.paydays[-1]} 15:11:09", "代发工资"), "电子回单手续费"
    before = [
        BankRow(f"{days.first} 08:31:02", -2000, "手续费", "账户管理费手续费"),
        BankRow(f"{days.hole[0]} 09:00:00", -500, "手续费", card),
    ]
    after = [
        BankRow(f"{days.hole[1]} 09:00:00", -500, "手续费", card),
        BankRow(payday[0], -305_000, payday[1], "兼职人员工资"),
        BankRow(f"{days.last} 16:40:00", -1000, "手续费", "账户管理费手续费"),
    ]
    closing = write_icbc(inbox / "historydetail5432-1.csv", SECOND_ACCOUNT, 1_500_000, before)
    opening = closing - 88_000
    write_icbc(inbox / "historydetail5432-2.csv", SECOND_ACCOUNT, opening, after)
    truth.finds(Finding("missing_file", FILE, "high", closing, opening, cause="rows_missing"))
