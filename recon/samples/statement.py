"""Bank statements: the rows of an account, in ICBC's corporate layout or in a plain one."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from recon.samples.columns import yuan

_ICBC: Final = (
    "凭证号,本方账号,对方账号,交易时间,借/贷,借方发生额,贷方发生额,对方行号,摘要,用途,对方单位名称,余额,个性化信息"
)
_PLAIN: Final = "交易日期,交易时间,序号,收入金额,支出金额,账户余额,对方户名,对方账号,摘要,附言"


@dataclass(frozen=True)
class BankRow:
    """One booking of the bank: + is money in, minor units; `at` is `2026-10-01 09:30:00`."""

    at: str
    amount: int
    summary: str
    purpose: str = ""
    counterparty: str = ""
    counterparty_account: str = ""


def _balances(rows: Sequence[BankRow], opening: int) -> list[int]:
    return [opening + int(total) for total in np.cumsum([row.amount for row in rows])]


def write_icbc(path: Path, account: str, opening: int, rows: Sequence[BankRow]) -> int:
    """Write a corporate statement as ICBC gives it (classic 13 columns, GB18030, CRLF, newest first).

    Returns:
        The closing balance in minor units.
    """
    rows = sorted(rows, key=lambda row: row.at)
    balances = _balances(rows, opening)
    lines = []
    for position, (row, balance) in enumerate(zip(rows, balances, strict=True)):
        debit, credit = ("", yuan(row.amount)) if row.amount > 0 else (yuan(-row.amount), "")
        flag = "贷" if row.amount > 0 else "借"
        cells = [f"{100000001 + position}", account, row.counterparty_account, row.at, flag, debit, credit, ""]
        lines.append(",".join([*cells, row.summary, row.purpose, row.counterparty, yuan(balance), ""]))
    text = "\r\n".join(["[HISTORYDETAIL]", _ICBC, *reversed(lines)]) + "\r\n"
    path.write_bytes(text.encode("gb18030"))
    return balances[-1]


def write_plain(path: Path, opening: int, rows: Sequence[BankRow]) -> int:
    """Write a statement of a bank without a layout of its own (UTF-8 with its mark, LF, oldest first).

    Returns:
        The closing balance in minor units.
    """
    rows = sorted(rows, key=lambda row: row.at)
    balances = _balances(rows, opening)
    lines = []
    for position, (row, balance) in enumerate(zip(rows, balances, strict=True)):
        day, time = row.at.split(" ")
        money_in, money_out = (yuan(row.amount), "") if row.amount > 0 else ("", yuan(-row.amount))
        cells = [day, time, str(position + 1), money_in, money_out, yuan(balance), row.counterparty]
        lines.append(",".join([*cells, row.counterparty_account, row.summary, row.purpose]))
    path.write_bytes("\n".join([_PLAIN, *lines, ""]).encode("utf-8-sig"))
    return balances[-1]
