"""`generic.journal`: the company's own journal of its bank account, read like a statement seen from the other side."""

from __future__ import annotations

import re
from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from recon.channels.generic import bank
from recon.channels.generic.header import column_of
from recon.channels.generic.resolved import Asked, Resolved

#: Columns of the journal's own ledger account; the contra account is 对方科目.
_OWN = frozenset("科目名称 会计科目 科目 科目编码 科目代码".split())
#: English names say the one or the other.
_EITHER = frozenset("account accountname accountcode glaccount".split())
#: Ledger accounts that are money: codes of the Chinese charts, and names.
_MONEY = re.compile(r"^(1001|1002|1012)|^\d{8,}$|银行|现金|货币资金|bank|cash|checking|savings", re.IGNORECASE)


def resolve(asked: Asked) -> Resolved:
    """Bring a journal into the columns of `generic.bank`; the whole row is its key, as vouchers are numbered anew.

    Raises:
        InputFault: as `bank.resolve` does, and when it is a general journal, with the lines of other accounts too:
            they are told by their names, or by debits that equal credits.
    """
    found = bank.resolve(asked)
    printed = found.printed.get("account", "")
    problem, remedy = (
        "this is a general journal, of more than bank accounts",
        "Export the bank account's journal alone.",
    )
    if column_of(0, printed).name in _OWN:
        names = sorted(pc.unique(found.body.columns["account"].drop_null()).to_pylist())
        other = next((name for name in names if not _MONEY.search(name)), None)
        if other is not None and len(names) > 1:
            raise asked.refused(printed, other, problem, remedy)
    either = next((cell for cell in asked.header.cells if column_of(0, cell).name in _EITHER), None)
    total = pc.sum(found.body.columns["amount"].cast(pa.decimal128(38, 4))).as_py()
    if either is not None and total == 0:
        raise asked.refused(either, "", problem, remedy)
    return replace(found, spec=asked.spec)
