"""What stands in a company's bank account beside the money of its channels."""

from pathlib import Path
from typing import Final

from recon.samples.dice import Dice
from recon.samples.payouts import Payer
from recon.samples.statement import BankRow, write_icbc
from recon.samples.truth import FILE, PAYOUTS, Finding, Truth

STRANGER: Final = "上海沐辰商贸有限公司"
SECOND_ACCOUNT: Final = "1202021209900765432"
FIRST_DAY: Final = "2026-09-10"
LAST_DAY: Final = "2026-10-29"


def known_rows(dice: Dice) -> list[BankRow]:
    """Rows that their text explains: fees, payroll, tax, interest. The first and the last day of the statement."""
    return [
        BankRow(f"{FIRST_DAY} 08:30:11", -1500, "手续费", "工行异地汇款手续费"),
        BankRow("2026-09-15 15:02:40", -dice.one(800_000, 1_600_000), "代发工资", "9月工资"),
        BankRow("2026-09-16 11:20:09", -dice.one(90_000, 300_000), "实时缴税", "待报解预算收入", "待报解预算收入"),
        BankRow("2026-09-21 03:11:52", dice.one(3_000, 9_000), "利息划入", "结息"),
        BankRow("2026-10-15 15:04:31", -dice.one(800_000, 1_600_000), "代发工资", "10月工资"),
        BankRow(f"{LAST_DAY} 16:45:27", -1000, "手续费", "账户管理费手续费"),
    ]


def unknown_rows(payer: Payer, dice: Dice, truth: Truth) -> list[BankRow]:
    """Rows that nothing explains, two of them in the name of a channel."""
    customer, supplier = dice.one(150_001, 290_000) * 2 + 1, dice.one(60_001, 120_000) * 2 + 1
    channel_in, channel_out = dice.one(40_001, 90_000) * 2 + 1, dice.one(20_001, 40_000) * 2 + 1
    truth.finds(
        Finding("unknown_receipt", PAYOUTS, "low", 0, customer),
        Finding("unknown_receipt", PAYOUTS, "medium", 0, channel_in),
        Finding("unknown_debit", PAYOUTS, "low", 0, -supplier),
        Finding("unknown_debit", PAYOUTS, "high", 0, -channel_out),
    )
    return [
        BankRow("2026-10-21 14:12:08", customer, "转账", "样品款", "杭州云栖文创有限公司", "33050161000000001234"),
        BankRow("2026-10-22 10:48:53", -supplier, "转账", "采购纸箱", "义乌市合诚包装有限公司", "33050162000000005678"),
        BankRow("2026-10-26 13:30:00", channel_in, payer.summary, payer.purpose, payer.name, payer.account),
        BankRow("2026-10-23 09:15:36", -channel_out, "转账", "付款", payer.name, payer.account),
    ]


def write_holed_account(inbox: Path, truth: Truth) -> None:
    """A second bank account in two files; the days between them are in no file, and the balance jumps across them."""
    before = [
        BankRow("2026-09-10 08:31:02", -2000, "手续费", "账户管理费手续费"),
        BankRow("2026-09-15 15:10:10", -310_000, "代发工资", "9月工资"),
        BankRow("2026-09-18 09:00:00", -500, "手续费", "电子回单手续费"),
    ]
    after = [
        BankRow("2026-09-22 09:00:00", -500, "手续费", "电子回单手续费"),
        BankRow("2026-10-15 15:11:09", -305_000, "代发工资", "10月工资"),
        BankRow("2026-10-29 16:40:00", -1000, "手续费", "账户管理费手续费"),
    ]
    closing = write_icbc(inbox / "historydetail5432-1.csv", SECOND_ACCOUNT, 1_500_000, before)
    opening = closing - 88_000
    write_icbc(inbox / "historydetail5432-2.csv", SECOND_ACCOUNT, opening, after)
    truth.finds(Finding("missing_file", FILE, "high", closing, opening, cause="rows_missing"))
