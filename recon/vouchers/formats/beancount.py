"""Draft vouchers as a Beancount ledger (https://beancount.github.io/docs/beancount_language_syntax.html).

Beancount knows no sides: the sign tells, debit is +, and the side of a red figure survives as metadata only. Accounts
are `Assets:1012-01-…`: a component may begin with a digit, then letters, digits, Chinese characters and `-`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import groupby
from operator import itemgetter

import pandas as pd

from recon.ledger.days import as_date
from recon.money import format_amount
from recon.vouchers.chart import ROLES
from recon.vouchers.drafts import Drafts
from recon.vouchers.scope import BOOK_CURRENCY

_OPENING = "Equity:Opening-Balances"
_SHOWN = (
    "number",
    "line",
    "date",
    "summary",
    "word",
    "voucher_id",
    "event",
    "account_code",
    "debit",
    "credit",
    "customer",
    "supplier",
    "project",
)
_ASSUMED = {
    "zh": "; ASSUMED（默认科目，未经确认）：科目与税率为默认值，请在 recon.yaml 设置 postings",
    "en": "; ASSUMED: accounts and tax rates are defaults that nobody confirmed; set postings in recon.yaml",
}


def beancount_text(drafts: Drafts, period: str, lang: str = "zh") -> str:
    """Return the ledger of a period: accounts, opening balances, one transaction per voucher, closing balances.

    A `balance` (exact: Beancount would by itself let two units of the last digit pass) stands at the start of the
    day after a printed closing balance, and only where every row of the account up to it is booked.

    Args:
        drafts: the draft vouchers.
        period: their month, 2026-10.
        lang: language of the header.
    """
    first = date.fromisoformat(f"{period}-01")
    names = _accounts(drafts)
    head = [f'option "title" "recon {period}"', f'option "operating_currency" "{BOOK_CURRENCY}"']
    if drafts.assumed:
        head.insert(0, _ASSUMED["en" if lang == "en" else "zh"])
    opened = [f"{first} open {name} {BOOK_CURRENCY}" for name in sorted({*names.values(), _OPENING})]
    blocks = ["\n".join(head), "\n".join(opened), *_openings(drafts, names, lang), *_vouchers(drafts.lines, names)]
    closings = [
        f"{as_date(b.day + 1)} balance {names[b.code]} {format_amount(b.amount)} ~ 0.00 {BOOK_CURRENCY}"
        for b in drafts.balances
        if not b.opening
    ]
    if closings:
        blocks.append("\n".join(closings))
    return "\n\n".join(blocks) + "\n"


def _accounts(drafts: Drafts) -> dict[str, str]:
    """Account code -> Beancount name, for all that vouchers or balances use."""
    found: dict[str, str] = {}
    lines = drafts.lines[["account_code", "account_name", "role"]].drop_duplicates("account_code")
    for code, name, role in zip(lines["account_code"], lines["account_name"], lines["role"], strict=True):
        kind = ROLES[role].kind.capitalize() if role in ROLES else "Assets"
        found[code] = f"{kind}:{_component(code, name)}"
    for account in drafts.accounts:
        found.setdefault(account.code, f"Assets:{_component(account.code, account.name)}")
    return found


def _component(code: str, name: str) -> str:
    plain = "".join(sign for sign in name if sign.isalnum())
    return f"{code.replace('.', '-')}-{plain}".rstrip("-")


def _openings(drafts: Drafts, names: dict[str, str], lang: str) -> Iterator[str]:
    openings = [b for b in drafts.balances if b.opening and b.amount]
    if openings:
        title = "opening balances" if lang == "en" else "期初余额"
        rows = [f'{as_date(min(b.day for b in openings))} * "{title}"', '  event: "opening"']
        rows += [_posting(names[b.code], b.amount) for b in openings]
        yield "\n".join([*rows, _posting(_OPENING, -sum(b.amount for b in openings))])


def _vouchers(lines: pd.DataFrame, names: dict[str, str]) -> Iterator[str]:
    ordered = lines.sort_values(["number", "line"])[list(_SHOWN)].to_dict("records")
    for _, voucher in groupby(ordered, key=itemgetter("number")):
        records = list(voucher)
        head = records[0]
        rows = [
            f"{head['date']} * {_quoted(head['summary'])}",
            f"  no: {_quoted(head['word'] + '-' + str(head['number']))}",
            f'  voucher_id: "{head["voucher_id"]}"',
            f'  event: "{head["event"]}"',
        ]
        for line in records:
            on_debit = not pd.isna(line["debit"])
            amount = int(line["debit"]) if on_debit else -int(line["credit"])
            rows.append(_posting(names[line["account_code"]], amount))
            rows.append(f'    side: "{"D" if on_debit else "C"}"')
            rows += [
                f"    {name}: {_quoted(line[name])}"
                for name in ("customer", "supplier", "project")
                if isinstance(line[name], str)
            ]
        yield "\n".join(rows)


def _posting(account: str, amount: int) -> str:
    return f"  {account}  {format_amount(amount)} {BOOK_CURRENCY}"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")
    return f'"{escaped}"'
