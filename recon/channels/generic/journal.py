"""`generic.journal`: the company's own journal of its bank account, read like a statement seen from the other side."""

from __future__ import annotations

import re
from dataclasses import replace

import pyarrow.compute as pc

from recon.channels.generic import bank
from recon.channels.generic.header import column_of
from recon.channels.generic.resolved import Asked, Resolved

#: Columns of ledger accounts, which a whole general journal has too.
_LEDGER_ACCOUNTS = frozenset("科目名称 会计科目 科目 科目编码 科目代码 accountname accountcode account".split())
#: Ledger accounts that are money: codes of the Chinese charts, and names.
_MONEY = re.compile(r"^(1001|1002|1012)|银行|现金|货币资金|bank|cash|checking|savings", re.IGNORECASE)


def resolve(asked: Asked) -> Resolved:
    """Bring a journal into the columns of `generic.bank`; the whole row is its key, as vouchers are numbered anew.

    Raises:
        InputFault: as `bank.resolve` does, and when it is a general journal: of other accounts than money too.
    """
    found = bank.resolve(asked)
    printed = found.printed.get("account", "")
    if column_of(0, printed).name in _LEDGER_ACCOUNTS:
        names = sorted(pc.unique(found.body.columns["account"].drop_null()).to_pylist())
        other = next((name for name in names if not _MONEY.search(name) and not re.fullmatch(r"\d{8,}", name)), None)
        if other is not None and len(names) > 1:
            problem = "is an account of the books that holds no money: this is a general journal"
            raise asked.refused(printed, other, problem, "Export the journal of the bank account alone.")
    return replace(found, spec=asked.spec)
