"""The draft voucher lines that book something, and a voucher by itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from recon.outputs.explain.folder import Result, minor
from recon.outputs.explain.lines import Line, facts, grouped
from recon.outputs.explain.search import Hits
from recon.outputs.labels import Language

_COLUMNS = ("voucher_id", "line", "entry_id", "match_id", "break_id", "amount")
_SHOWN = 30
#: Up to so many ids are looked for in the bytes of a piece before it is read.
_FEW = 4


class Books:
    """Looks up voucher lines; voucher_entries.csv is read once, for everything that was found."""

    def __init__(self, result: Result, hits: Hits, say: Language) -> None:
        self._result, self._say = result, say
        wanted = {
            "match_id": hits.matches,
            "break_id": hits.breaks,
            "entry_id": hits.in_transit + hits.excluded,
            "voucher_id": hits.vouchers,
        }
        self._entries = _cited(result, {name: ids for name, ids in wanted.items() if ids})
        self._vouchers = result.table("vouchers")

    def lines(self, column: str, ids: Sequence[str]) -> list[Line]:
        """Return the voucher lines that book a match, break or entry, each with its share in them."""
        mine = self._entries.filter(pc.is_in(self._entries.column(column), pa.array(ids, pa.string())))
        shares: dict[tuple[str, str], int] = {}
        amounts = minor(mine.append_column("currency", pa.nulls(len(mine), pa.string())), "amount", self._currency)
        keys = zip(mine.column("voucher_id").to_pylist(), mine.column("line").to_pylist(), strict=True)
        for key, amount in zip(keys, amounts.tolist(), strict=True):
            shares[key] = shares.get(key, 0) + amount
        if not shares:
            return []
        found = self._of({voucher for voucher, _ in shares})
        rows = [row for row in found if (row["voucher_id"], row["line"]) in shares]
        told = [
            Line(f"    {self._line(row)}  {self._share(shares[row['voucher_id'] or '', row['line'] or ''])}")
            for row in rows[:_SHOWN]
        ]
        return [Line(f"  {self._say.say('凭证草稿', 'draft vouchers')} ({len(rows)})"), *told]

    def voucher(self, voucher_id: str) -> list[Line]:
        """Return a voucher: its lines and the entries behind each."""
        say = self._say
        rows = self._of([voucher_id])
        behind = self._entries.filter(pc.equal(self._entries.column("voucher_id"), voucher_id))
        head = rows[0]
        told = [Line(f"{say.say('凭证', 'voucher')} {voucher_id}  {head['word']}-{head['number']}", head=True)]
        told += facts(
            [
                (say.say("日期", "date"), head["date"] or ""),
                (say.say("业务", "event"), head["event"] or ""),
                (say.say("摘要", "summary"), head["summary"] or ""),
            ]
        )
        told += [Line(f"    {self._line(row)}") for row in rows]
        told.append(Line(f"  {say.say('依据的分录', 'entries behind it')} ({len(behind)})"))
        for row in behind.slice(0, _SHOWN).to_pylist():
            by = " ".join(
                filter(
                    None,
                    (_led(say.say("匹配", "match"), row["match_id"]), _led(say.say("差异", "break"), row["break_id"])),
                )
            )
            told.append(
                Line(f"    {say.say('行', 'line')} {row['line']}  {row['entry_id']}  {row['amount']}  {by}".rstrip())
            )
        if len(behind) > _SHOWN:
            more = len(behind) - _SHOWN
            told.append(
                Line("    " + say.say(f"另有 {more} 行，见 voucher_entries.csv", f"{more} more in voucher_entries.csv"))
            )
        return told

    @property
    def _currency(self) -> str:
        return self._result.currency

    def _of(self, ids: Iterable[str]) -> list[Mapping[str, str | None]]:
        wanted = pa.array(sorted(ids), pa.string())
        rows: list[Mapping[str, str | None]] = self._vouchers.filter(
            pc.is_in(self._vouchers.column("voucher_id"), wanted)
        ).to_pylist()
        return rows

    def _line(self, row: Mapping[str, str | None]) -> str:
        side = self._say.say("借", "Dr") if row["debit"] else self._say.say("贷", "Cr")
        name = f"{row['word']}-{row['number']}.{row['line']}"
        return (
            f"{row['date']}  {name}  {side} {row['account_code']} {row['account_name']} {row['debit'] or row['credit']}"
        )

    def _share(self, amount: int) -> str:
        text = grouped(abs(amount), self._currency)  # voucher_entries.csv shows money lines as the wallet sees them
        return self._say.say(f"其中 {text}", f"of which {text}")


def _led(word: str, value: str | None) -> str:
    return f"{word} {value}" if value else ""


def _cited(result: Result, wanted: Mapping[str, Sequence[str]]) -> pa.Table:
    """Return the lines of voucher_entries.csv that cite one of these ids."""
    every = sorted({text for ids in wanted.values() for text in ids})
    found = [pa.schema([(name, pa.string()) for name in _COLUMNS]).empty_table()]
    for piece in result.pieces("voucher_entries", _COLUMNS, every if len(every) <= _FEW else ()):
        mine = pa.array(np.zeros(len(piece), dtype=bool))
        for name, ids in wanted.items():
            mine = pc.or_(mine, pc.is_in(piece.column(name).combine_chunks(), pa.array(ids, pa.string())))
        found.append(piece.filter(mine))
    return pa.concat_tables(found)
