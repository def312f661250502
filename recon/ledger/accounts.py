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

#: A bill without an account looks for it among the books before its own.
_BOOKS = ("trade", "cash", "copy")


def resolve(statements: Sequence[Statement], channels: Mapping[str, ChannelFacts]) -> list[Statement]:
    """Give each bill without an account the account of its family that shares most of its payment and batch numbers.

    A fund bill of WeChat Pay prints no merchant number; the trade bill with the same transaction numbers does. Where no
    payment number is shared the batches tell (a settlement list of JD prints no wallet), then order numbers; where no
    bill prints an account, a cash book is that of the trade book it shares numbers with, a copy that of its original,
    and two lists of one book are of one account. A bill that shares none (a day of withdrawals only) belongs where its
    balance continues a bill of the same channel. The entry ids do not change: they are made of what the file itself
    prints.
    """
    found = list(statements)
    for turn in sorted({_turn(one) for one in found if one.side == "gateway" and _nameless(one)}):
        waiting = [n for n, one in enumerate(found) if _turn(one) == turn and one.side == "gateway" and _nameless(one)]
        families = {channels[found[n].channel].family for n in waiting}
        hosts = [
            one
            for one in found
            if one.side == "gateway"
            and channels[one.channel].family in families
            and (_turn(one) < turn or not _nameless(one))
        ]
        for column in ("payment_ref", "batch_ref", "order_ref") if hosts else ():
            known = _known(hosts, channels, column)
            for n in waiting:
                if _nameless(found[n]):
                    owner = _owner(found[n], channels[found[n].channel].family, known, column)
                    found[n] = _named(found[n], owner)
    return _chained(found)


def _turn(statement: Statement) -> tuple[int, str]:
    """When a bill without an account looks for one: it is told by those before it, and by all that print theirs."""
    return _BOOKS.index(statement.book or "cash"), statement.channel


def _known(
    hosts: Iterable[Statement], channels: Mapping[str, ChannelFacts], column: str
) -> dict[tuple[str, str], set[str]]:
    known: dict[tuple[str, str], set[str]] = {}
    for statement in hosts:
        for account, numbers in _numbers(statement, column).items():
            known.setdefault((channels[statement.channel].family, account), set()).update(numbers)
    return known


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


def _numbers(statement: Statement, column: str) -> dict[str, list[str]]:
    table = statement.table.select(["account", column]).filter(pc.is_valid(statement.table[column]))
    plain = pa.table({"account": table["account"].cast(pa.string()), "number": table[column]})
    grouped = plain.group_by("account").aggregate([("number", "list")])
    return dict(zip(grouped["account"].to_pylist(), grouped["number_list"].to_pylist(), strict=True))


def _owner(statement: Statement, family: str, known: Mapping[tuple[str, str], set[str]], column: str) -> str | None:
    mine = {number for numbers in _numbers(statement, column).values() for number in numbers}
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
