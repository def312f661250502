"""The nearest miss of what stayed open, in words."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

import pyarrow as pa
import pyarrow.compute as pc

from recon.ledger.outcome import GATEWAY_BANK, ORDER_GATEWAY
from recon.outputs.explain import meanings
from recon.outputs.explain.folder import Result
from recon.outputs.explain.lines import Line, days_word, kind_word
from recon.outputs.explain.nearest import OPEN, Failure, Miss, nearest, open_rows
from recon.outputs.labels import Language

#: The row of a finding that a partner was looked for, by leg, in this order.
_ASKED = {
    ORDER_GATEWAY: ("sale", "payment", "refund", "subsidy"),
    GATEWAY_BANK: ("payout", "receipt", "disbursement"),
}
#: Findings of one side only: the other side is what is missed.
_OPEN_CODES = frozenset(
    {
        "missing_payment", "missing_refund", "missing_payout", "unknown_payment", "unknown_refund", "unknown_receipt",
        "unknown_debit",
    }
)  # fmt: skip


class Misses:
    """Looks for the nearest open row; the open rows of a result are read once, when they are asked for."""

    def __init__(self, result: Result, say: Language) -> None:
        self._result, self._say = result, say

    def of_break(self, line: Mapping[str, str | None], owned: pa.Table) -> list[Line]:
        """Return the nearest miss of a finding whose other side is missing; nothing for the others.

        Args:
            line: of breaks.csv.
            owned: its rows in break_rows.csv.
        """
        if line["code"] not in _OPEN_CODES:
            return []
        for kind in _ASKED.get(line["leg"] or "", ()):
            rows = owned.filter(pc.equal(owned.column("kind"), kind)).to_pylist()
            if rows:
                return self._told({**rows[0], "due_date": line["due_date"]})
        return []

    def of_waiting(self, row: Mapping[str, str | None]) -> list[Line]:
        """Return the nearest miss of a row in transit."""
        asked = row["kind"] in _ASKED.get(row["leg"] or "", ())
        return self._told({**row, "shop": None}) if asked else []

    def _told(self, subject: Mapping[str, str | None]) -> list[Line]:
        say = self._say
        homes = self._homes if subject["leg"] == GATEWAY_BANK else {}
        miss = nearest({name: subject[name] for name in OPEN}, self._open, homes, self._result.currency)
        title = say.say("最近的落选", "nearest miss")
        if miss is None:
            return [
                Line(f"  {title}"),
                Line("    " + say.say("对方没有相近的未结行", "no open row of the other side comes near")),
            ]
        return [Line(f"  {title}"), Line(f"    {self._row(miss)}"), *self._why(miss)]

    def _row(self, miss: Miss) -> str:
        row, say = miss.row, self._say
        numbers = [row[name] for name in ("order_ref", "payment_ref", "refund_ref", "batch_ref") if row[name]]
        place = say.say(f"{row['source_file']} 第 {row['source_row']} 行", f"{row['source_file']}:{row['source_row']}")
        name = f"{say.word(row['side'])} {kind_word(row['kind'], say)} {row['amount']} {row['currency']}"
        return "  ".join((name, row["occurred_at"].replace("T", " "), *numbers[:2], place, row["entry_id"]))

    def _why(self, miss: Miss) -> list[Line]:
        say = self._say
        if not miss.fails:
            open_one = say.say(
                "各项条件都符合，但理由不足以入账", "it fails none of the conditions, yet nothing proves it"
            )
            told = [Line(f"    {open_one}")]
        else:
            told = [Line(f"    {self._failure(failure)}") for failure in miss.fails]
        if miss.alike > 1:
            told.append(Line("    " + say.say(f"同样近的共 {miss.alike} 行", f"{miss.alike} rows are equally near")))
        return told

    def _failure(self, failure: Failure) -> str:
        say = self._say
        name = say.say(*meanings.CONDITIONS[failure.condition])
        if failure.condition == "window":
            days = days_word(abs(failure.days), say)
            after = say.say(f"在期限 {failure.wanted} 之后 {days}", f"{days} after the window ends on {failure.wanted}")
            before = say.say(f"比起算日早 {days}", f"{days} before the window begins")
            return f"{name}: {after if failure.days > 0 else before} ({failure.found})"
        wanted, found = failure.wanted or "–", failure.found or "–"
        return f"{name}: " + say.say(f"{wanted} 对 {found}", f"{wanted} against {found}")

    @cached_property
    def _open(self) -> pa.Table:
        tables = (self._result.table(name) for name in ("breaks", "break_rows", "in_transit"))
        return open_rows(*tables)

    @cached_property
    def _homes(self) -> Mapping[str, frozenset[str]]:
        """Wallet account -> bank accounts that received its matched payouts; these matches come first in the table."""
        homes: dict[str, set[str]] = {}
        for piece in self._result.pieces("matches", ("match_id", "leg", "side", "account")):
            mine = piece.filter(pc.equal(piece.column("leg"), GATEWAY_BANK))
            wallet: dict[str, str] = {}
            banks: list[tuple[str, str]] = []
            for row in mine.to_pylist():
                if row["side"] == "bank":
                    banks.append((row["match_id"], row["account"]))
                else:
                    wallet[row["match_id"]] = row["account"]
            for match_id, account in banks:
                if match_id in wallet:
                    homes.setdefault(wallet[match_id], set()).add(account)
            if len(mine) < len(piece):
                break
        return {account: frozenset(banks) for account, banks in homes.items()}
