"""Bills that print no account: whose they are is told by the numbers they share with a bill that does, or by the
balance that they continue.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from recon.ledger.channel import ChannelFacts
from recon.ledger.schema import CATEGORY
from recon.ledger.statement import AccountFacts, Statement


def resolve(statements: Sequence[Statement], channels: Mapping[str, ChannelFacts]) -> list[Statement]:
    """Give each bill without an account the account of its family that shares most of its payment numbers.

    A fund bill of WeChat Pay prints no merchant number; the trade bill with the same transaction numbers does. A bill
    that shares none (a day of withdrawals only) belongs where its balance continues a bill of the same channel. The
    entry ids do not change: they are made of what the file itself prints.
    """
    families = {channels[s.channel].family for s in statements if s.side == "gateway" and _nameless(s)}
    known: dict[tuple[str, str], set[str]] = {}
    for statement in statements:
        family = channels[statement.channel].family
        if statement.side == "gateway" and family in families and not _nameless(statement):
            for account, numbers in _numbers(statement).items():
                known.setdefault((family, account), set()).update(numbers)
    return _chained(
        _named(s, _owner(s, channels[s.channel].family, known)) if s.side == "gateway" and _nameless(s) else s
        for s in statements
    )


def _chained(statements: Iterable[Statement]) -> list[Statement]:
    """Name the bills whose balance follows, or leads to, that of exactly one account; each named one may tell more."""
    found = list(statements)
    while True:
        owners = [_neighbour(s, found) if s.side == "gateway" and _nameless(s) else None for s in found]
        if not any(owners):
            return found
        found = [_named(s, owner) for s, owner in zip(found, owners, strict=True)]


def _neighbour(statement: Statement, others: Sequence[Statement]) -> str | None:
    near: dict[str, list[tuple[AccountFacts, AccountFacts]]] = {}
    for other in others:
        if other.channel == statement.channel and not _nameless(other):
            for facts in other.accounts:
                near.setdefault(facts.account, []).extend((mine, facts) for mine in statement.accounts)
    owners = sorted(account for account, pairs in near.items() if any(_meet(*pair) for pair in pairs))
    return owners[0] if len(owners) == 1 else None


def _meet(one: AccountFacts, other: AccountFacts) -> bool:
    """One ends with the balance that the other, later, begins with; an empty account says nothing."""
    if None in (one.period_from, one.period_to, other.period_from, other.period_to) or one.currency != other.currency:
        return False
    first, second = sorted((one, other), key=lambda f: (f.period_from or date.max, f.period_to or date.max))
    apart = (first.period_to or date.max) <= (second.period_from or date.min)
    return apart and bool(first.closing) and first.closing == second.opening


def _nameless(statement: Statement) -> bool:
    return bool(statement.accounts) and all(a.account.endswith(":default") for a in statement.accounts)


def _numbers(statement: Statement) -> dict[str, list[str]]:
    table = statement.table.select(["account", "payment_ref"]).filter(pc.is_valid(statement.table["payment_ref"]))
    plain = pa.table({"account": table["account"].cast(pa.string()), "number": table["payment_ref"]})
    grouped = plain.group_by("account").aggregate([("number", "list")])
    return dict(zip(grouped["account"].to_pylist(), grouped["number_list"].to_pylist(), strict=True))


def _owner(statement: Statement, family: str, known: Mapping[tuple[str, str], set[str]]) -> str | None:
    mine = {number for numbers in _numbers(statement).values() for number in numbers}
    shared = {account: len(mine & numbers) for (of, account), numbers in known.items() if of == family}
    best = max(shared.values(), default=0)
    owners = sorted(account for account, count in shared.items() if count == best)
    return owners[0] if best and len(owners) == 1 else None


def _named(statement: Statement, account: str | None) -> Statement:
    if account is None:
        return statement
    table = statement.table
    at = table.schema.get_field_index("account")
    column = pa.array([account] * table.num_rows, type=pa.string()).cast(CATEGORY)
    return replace(
        statement,
        table=table.set_column(at, table.schema.field(at), column),
        accounts=tuple(replace(facts, account=account) for facts in statement.accounts),
        problems=tuple(replace(problem, account=account) for problem in statement.problems),
    )
