"""Which entries are booked, from which account, and why the others are not.

Every entry of a proven file on an account in scope is booked on its value date, so that money accounts follow their
statements. Of the several books of one wallet the cash book books; the trade book does on days that no cash book
covers, copies never do.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from recon.ledger.days import NO_DAY, day_number
from recon.ledger.money_book import told_by_cash
from recon.ledger.outcome import Outcome
from recon.ledger.parts import max_by
from recon.ledger.view import BANK, BOOK, ORDER, View
from recon.vouchers.chart import BANKS, WALLETS
from recon.vouchers.profile import ALL, CHANNEL, MoneyAccount, Profile

BOOK_CURRENCY = "CNY"
BOOKED, UNPROVEN, FOREIGN, OTHER_BOOK, UNDATED, AFTER, OUT_OF_SCOPE, NO_EVENT = range(8)
#: Why an entry is in no voucher, in zh and en; the order of the codes above.
REASONS = (
    ("已入账", "booked"),
    ("来源文件未通过校验", "its file is not proven"),
    ("外币，无汇率", "foreign currency without a rate"),
    ("同一账户的另一账簿已记", "another book of the account books it"),
    ("无日期", "no date"),
    ("晚于截止日", "after as_of"),
    ("不在记账范围", "out of scope of its account"),
    ("无凭证事项", "no event to record"),
)


@dataclass(frozen=True, slots=True)
class Ledgered:
    """A money account as the books know it; `family` and `number` are the channel's."""

    key: str
    code: str
    name: str
    side: int
    scope: str
    family: str
    number: str


def money_accounts(view: View, profile: Profile, lang: str) -> tuple[Ledgered | None, ...]:
    """Return the book account of each account of the ledger, None for one that holds only orders, or copies."""
    money = np.flatnonzero((view.side != ORDER) & ~((view.side == BANK) & (view.book == BOOK["copy"])))
    side_of = dict(enumerate(max_by(view.account[money], view.side[money].astype(np.int64), len(view.accounts), -1)))
    taken = {setting.code for setting in profile.money.values() if setting.code}
    found: list[Ledgered | None] = []
    for code, key in enumerate(view.accounts):
        if side_of[code] < 0:
            found.append(None)
            continue
        family, number = key.split(":", 1)
        setting = _setting(profile.money, family, number)
        side = int(side_of[code])
        chosen = setting.code or _free_code(family, side, taken)
        taken.add(chosen)
        scope = setting.scope or (CHANNEL if side == BANK else ALL)
        found.append(Ledgered(key, chosen, _account_name(family, number, side, lang), side, scope, family, number))
    return tuple(found)


def _setting(money: Mapping[str, MoneyAccount], family: str, number: str) -> MoneyAccount:
    """The setting of an account; a key may name the last four or more characters of its number."""
    exact = money.get(f"{family}:{number}")
    if exact is not None:
        return exact
    tails = [
        setting
        for key, setting in sorted(money.items())
        if key.split(":", 1)[0] == family and len(key.split(":", 1)[1]) >= 4 and number.endswith(key.split(":", 1)[1])
    ]
    return tails[0] if len(tails) == 1 else MoneyAccount()


def _free_code(family: str, side: int, taken: set[str]) -> str:
    """The first free default code: each wallet and each bank account stands on an account of its own."""
    if side == BANK:
        codes = iter([f"1002.{n:02}" for n in range(1, 1000)])
    else:
        first = [WALLETS[family][2]] if family in WALLETS else []
        codes = (
            code for code in [*first, *(f"1012.{n}" for n in range(20, 99)), *(f"1012.98{n:02}" for n in range(100))]
        )
    return next(code for code in codes if code not in taken)


def _account_name(family: str, number: str, side: int, lang: str) -> str:
    zh, en = (BANKS if side == BANK else {k: v[:2] for k, v in WALLETS.items()}).get(family, (family, family))
    tail = "" if number.endswith("default") else number[-4:]
    if lang == "en":
        return f"{'Bank' if side == BANK else 'Wallet'}—{en} {tail}".strip()
    return f"{'银行存款' if side == BANK else '其他货币资金'}—{zh}{tail}"


def finding_codes(outcome: Outcome) -> dict[int, str]:
    """Return the code of each finding by its number."""
    found = outcome.findings
    return dict(
        zip(found["finding"].to_numpy(dtype=np.int64).tolist(), found["code"].astype(str).tolist(), strict=True)
    )


def reasons(view: View, outcome: Outcome) -> np.ndarray:
    """Return for each entry BOOKED or the reason why it can be in no voucher, from the entry and its file alone."""
    found = np.full(len(view), BOOKED, dtype=np.int8)
    money = view.side != ORDER
    late = view.day > day_number(outcome.as_of)
    found[money & late] = AFTER
    found[money & (view.day == NO_DAY)] = UNDATED
    found[told_by_cash(view, outcome)] = OTHER_BOOK
    found[view.book == BOOK["copy"]] = OTHER_BOOK
    home = view.currencies.index(BOOK_CURRENCY) if BOOK_CURRENCY in view.currencies else -2
    found[view.currency != home] = FOREIGN
    found[~view.proven] = UNPROVEN
    return found
