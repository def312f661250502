"""vouchers.csv and voucher_entries.csv as tables: one row per line, one row per entry behind a line."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa

from recon.ledger.days import as_date
from recon.ledger.outcome import Outcome
from recon.ledger.view import View, arrow
from recon.money import format_amount
from recon.vouchers.chart import MONEY, ROLE_NAMES, ROLES, WALLETS
from recon.vouchers.events import EVENT_LIST, summary
from recon.vouchers.postings import Summed
from recon.vouchers.profile import Profile
from recon.vouchers.scope import BOOK_CURRENCY, Ledgered

COLUMNS = (
    "voucher_id", "period", "word", "number", "date", "line", "event", "role", "summary", "account_code",
    "account_name", "debit", "credit", "currency", "foreign_amount", "rate", "customer", "supplier", "project",
    "stock", "department", "employee", "attachments", "evidence", "maker", "checker", "poster",
)  # fmt: skip


_AMOUNTS = ("debit", "credit", "foreign_amount")
#: Texts that a line may lack.
_OPTIONAL = (
    "rate", "customer", "supplier", "project", "stock", "department", "employee", "maker", "checker", "poster",
)  # fmt: skip


def lines_table(
    summed: Summed, view: View, accounts: tuple[Ledgered | None, ...], outcome: Outcome, profile: Profile
) -> pd.DataFrame:
    """Return one row per voucher line, columns as `COLUMNS`, by number and line.

    debit and credit are minor units, null on the empty side; dates are days; checker and poster stay empty, because
    filling them would claim a check that did not happen. evidence: voucher_entries.csv and the number of its rows.
    """
    heads, lines = summed.heads, summed.lines
    at = lines["voucher"].to_numpy(dtype=np.int64)
    titles = _summaries(summed, view, accounts, outcome.lang)
    roles = [ROLE_NAMES[code] for code in lines["role"]]
    money = lines["money"].to_numpy(dtype=np.int64)
    dates = [as_date(day) for day in heads["day"].tolist()]
    parties = [_party(view, accounts, profile, shop, account) for shop, account in _pairs(heads)]
    frame = pd.DataFrame(
        {
            "voucher_id": heads["voucher_id"].to_numpy()[at],
            "period": [f"{dates[v]:%Y-%m}" for v in at.tolist()],
            "word": profile.word,
            "number": heads["number"].to_numpy()[at],
            "date": [dates[v] for v in at.tolist()],
            "line": lines["line"].to_numpy(),
            "event": [EVENT_LIST[code].name for code in heads["event"].to_numpy()[at].tolist()],
            "role": [_role_name(accounts, role, code) for role, code in zip(roles, money.tolist(), strict=True)],
            "summary": [titles[v] for v in at.tolist()],
            "account_code": [_code(accounts, profile, r, m) for r, m in zip(roles, money.tolist(), strict=True)],
            "account_name": [
                _name(accounts, profile, outcome.lang, r, m) for r, m in zip(roles, money.tolist(), strict=True)
            ],
            "debit": lines["debit"].to_numpy(), "credit": lines["credit"].to_numpy(), "currency": BOOK_CURRENCY,
            "attachments": _attachments(lines, len(heads))[at],
            "evidence": [f"voucher_entries.csv {n}" for n in heads["evidence"].to_numpy()[at].tolist()],
            "maker": profile.maker or None,
        }
    )  # fmt: skip
    for name, letter in (("customer", "K"), ("supplier", "G"), ("project", "X")):
        frame[name] = [
            parties[v].get(role, parties[v][letter]) or None if role != MONEY and letter in ROLES[role].dims else None
            for v, role in zip(at.tolist(), roles, strict=True)
        ]
    frame = frame.reindex(columns=list(COLUMNS))
    return frame.astype(dict.fromkeys(_AMOUNTS, "Int64") | dict.fromkeys(_OPTIONAL, "str"))


def entries_table(entries: pa.Table, lines: pd.DataFrame, outcome: Outcome, match_ids: pa.StringArray) -> pa.Table:
    """Return voucher_entries.csv: voucher_id, line, entry_id, match_id, break_id, amount (minor units).

    Texts are dictionary columns over the ledger's own; rows stand by voucher_id, line and entry_id already.

    Args:
        entries: `Drafts.entries`.
        lines: `Drafts.lines`.
        outcome: what they were drafted from.
        match_ids: the id of each match, in the order of `outcome.matches` (`ledger.match_ids`).
    """
    ids = pa.array(lines.drop_duplicates("voucher_id")["voucher_id"].astype(object), pa.string())
    return pa.table(
        {
            "voucher_id": _dictionary(entries.column("voucher"), ids),
            "line": entries.column("line"),
            "entry_id": _dictionary(entries.column("row"), arrow(outcome.entries["entry_id"]).combine_chunks()),
            "match_id": _numbered(entries.column("match"), outcome.matches["match"], match_ids),
            "break_id": _numbered(
                entries.column("finding"), outcome.findings["finding"], arrow(outcome.findings["break_id"])
            ),
            "amount": entries.column("amount"),
        }
    )


def _dictionary(indices: pa.ChunkedArray, words: pa.Array) -> pa.Array:
    flat = words.combine_chunks() if isinstance(words, pa.ChunkedArray) else words
    return pa.DictionaryArray.from_arrays(indices.combine_chunks().cast(pa.int32()), flat.cast(pa.string()))


def _numbered(numbers: pa.ChunkedArray, known: pd.Series, words: pa.Array) -> pa.Array:
    """Turn the number of a match or finding into its id."""
    order = known.to_numpy(dtype=np.int64)
    if np.array_equal(order, np.arange(len(order))):
        return _dictionary(numbers, words)
    place = np.zeros(int(order.max()) + 1, dtype=np.int32)
    place[order] = np.arange(len(order))
    return _dictionary(pa.chunked_array([pa.array(place).take(numbers.combine_chunks())]), words)


def _pairs(heads: pd.DataFrame) -> list[tuple[int, int]]:
    return list(zip(heads["shop"].tolist(), heads["account"].tolist(), strict=True))


def _party(
    view: View, accounts: tuple[Ledgered | None, ...], profile: Profile, shop: int, account: int
) -> dict[str, str]:
    """Customer, supplier and project of a voucher: its shop, else the account it moves.

    Between accounts the one that received the money owes it (its name by role), to the shop it was meant for.
    """
    holder = accounts[account] if account >= 0 else None
    label = short_name(holder) if holder else view.accounts[account] if account >= 0 else ""
    name = view.shops[shop] if shop >= 0 else ""
    platform = WALLETS.get(holder.family, (holder.family,))[0] if holder else ""
    own = profile.customer(name) or label
    between = {"interco": label, "interco_p": own}
    return {"K": own, "G": platform, "X": name or label} | between


def short_name(account: Ledgered) -> str:
    """The part of an account's name that people say: 支付宝0001."""
    return account.name.split("—", 1)[-1]


def _role_name(accounts: tuple[Ledgered | None, ...], role: str, money: int) -> str:
    holder = accounts[money] if money >= 0 else None
    if role != MONEY or holder is None:
        return role
    return "bank" if holder.code.startswith("1002") else "wallet"


def _code(accounts: tuple[Ledgered | None, ...], profile: Profile, role: str, money: int) -> str:
    holder = accounts[money] if money >= 0 else None
    return holder.code if holder else profile.code(role) or ""


def _name(accounts: tuple[Ledgered | None, ...], profile: Profile, lang: str, role: str, money: int) -> str:
    holder = accounts[money] if money >= 0 else None
    return holder.name if holder else profile.title(role, lang)


def _attachments(lines: pd.DataFrame, size: int) -> np.ndarray:
    """The detail list, and a statement for each money account of the voucher."""
    statements = lines[lines["money"] >= 0].groupby("voucher").size()
    count = np.ones(size, dtype=np.int64)
    count[statements.index.to_numpy(dtype=np.int64)] += statements.to_numpy(dtype=np.int64)
    return count


def _summaries(summed: Summed, view: View, accounts: tuple[Ledgered | None, ...], lang: str) -> list[str]:
    on_debit = summed.lines.assign(size=summed.lines["amount"].abs()).groupby("voucher")["size"].max()
    texts = []
    heads = summed.heads[["event", "account", "shop", "day", "key", "count"]].to_dict("records")
    for number, head in enumerate(heads):
        event = EVENT_LIST[head["event"]]
        holder = accounts[head["account"]] if head["account"] >= 0 else None
        shop = view.shops[head["shop"]] if head["shop"] >= 0 else ""
        day = as_date(head["day"])
        alone = bool(head["key"])
        amount = format_amount(int(on_debit.get(number, 0)), BOOK_CURRENCY) if alone else ""
        texts.append(
            summary(
                event, lang, subject=shop or (short_name(holder) if holder else ""), month=day.month, day=day.day,
                count=0 if alone else int(head["count"]), reference=head["key"], amount=amount,
            )
        )  # fmt: skip
    return texts
