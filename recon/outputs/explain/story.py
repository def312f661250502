"""The story of everything that was found: matches, breaks, waiting and excluded rows, vouchers, as lines of text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from recon.ledger.outcome import GATEWAY_BANK
from recon.outputs.explain import meanings
from recon.outputs.explain.booked import Books
from recon.outputs.explain.folder import Result, minor
from recon.outputs.explain.lines import Line, days_word, facts, falling, grouped, kind_word
from recon.outputs.explain.misses import Misses
from recon.outputs.explain.search import Hits
from recon.outputs.explain.waterfall import of_break, of_match
from recon.outputs.labels import Language
from recon.outputs.reach import SHARED, cause_title, reaches

#: How many things, and rows of one thing, are told; the tables hold all.
_THINGS = 20
_ROWS = 30
#: Candidates are told by day and amount, or by their number.
_CANDIDATES = re.compile(r"\d{4}-\d{2}-\d{2} |\d+ candidates")
_REFERENCES = {
    "order_ref": ("订单号", "order"),
    "sub_ref": ("子订单号", "sub-order"),
    "payment_ref": ("支付流水号", "payment"),
    "refund_ref": ("退款单号", "refund"),
    "batch_ref": ("批次", "batch"),
}
Cell = str | None


@dataclass(frozen=True)
class Glossary:
    """Words of the breaks: code -> title, definition, what expected and actual count, next step, what it drafts.

    causes: tag -> words.
    """

    titles: Mapping[str, str]
    definitions: Mapping[str, str]
    counts: Mapping[str, str]
    next_steps: Mapping[str, str]
    drafts: Mapping[str, str]
    causes: Mapping[str, str]


def story(result: Result, hits: Hits, glossary: Glossary, lang: str) -> list[Line]:
    """Return everything that was found, block by block: breaks, matches, information, waiting, excluded, vouchers.

    Args:
        result: the folder of a run.
        hits: what to tell.
        glossary: words of the breaks in `lang`.
        lang: zh or en; what the run itself wrote (explanations, summaries) stays in its language.
    """
    told = _Story(result, hits, glossary, Language(lang))
    blocks = list(told.blocks())
    return [line for n, block in enumerate(blocks) for line in ([Line("")] if n else []) + block]


class _Story:
    def __init__(self, result: Result, hits: Hits, glossary: Glossary, say: Language) -> None:
        self._result, self._hits, self._glossary, self._say = result, hits, glossary, say
        self._misses = Misses(result, say)
        self._books = Books(result, hits, say)

    def blocks(self) -> Iterator[list[Line]]:
        hits = self._hits
        breaks = self._breaks(hits.breaks[:_THINGS])
        yield from (block for severity, block in breaks if severity != "info")
        for name, members in self._result.matches(hits.matches[:_THINGS]).items() if hits.matches else ():
            yield self._match(name, members)
        yield from (block for severity, block in breaks if severity == "info")
        for table, names in (("in_transit", hits.in_transit), ("excluded", hits.excluded)):
            if names:
                found = self._result.table(table)
                mine = found.filter(pc.is_in(found.column("entry_id"), pa.array(names, pa.string())))
                for row in mine.slice(0, _THINGS).to_pylist():
                    yield self._waiting(row) if table == "in_transit" else self._excluded(row)
        for name in hits.vouchers[:_THINGS]:
            yield self._books.voucher(name)
        kinds = (hits.breaks, hits.matches, hits.in_transit, hits.excluded, hits.vouchers)
        if hidden := sum(max(0, len(names) - _THINGS) for names in kinds):
            yield [
                Line(self._say.say(f"另有 {hidden} 项未列，见各表。", f"{hidden} more are not shown; see the tables."))
            ]

    def _breaks(self, ids: Sequence[str]) -> list[tuple[str, list[Line]]]:
        """Return (severity, block) of breaks; information is told behind the match that it speaks of."""
        if not ids:
            return []
        found, rows = self._result.table("breaks"), self._result.table("break_rows")
        told = []
        for name in ids:
            (line,) = found.filter(pc.equal(found.column("break_id"), name)).to_pylist()
            mine = rows.filter(pc.equal(rows.column("break_id"), name))
            told.append((line["severity"], self._break(line, mine, self._reach(line, found, rows))))
        return told

    def _reach(self, line: Mapping[str, Cell], found: pa.Table, rows: pa.Table) -> tuple[str, str]:
        """What all findings of the same cause touch together, with the name of that fact."""
        for name in SHARED:
            found = found.filter(pc.equal(pc.fill_null(found.column(name), ""), line[name] or ""))
        (reach,) = reaches(found, rows, self._result.currency)
        return cause_title(reach.cause, self._say), reach.words(self._say)

    def _match(self, match_id: str, members: pa.Table) -> list[Line]:
        say = self._say
        head = members.slice(0, 1).to_pylist()[0]
        money = head["currency"] or self._result.currency
        pool = head["verdict"] == "pool"
        return [
            Line(f"{say.say('匹配', 'match')} {match_id}  {say.word(head['leg'])}", head=True),
            *facts(
                [
                    (say.say("结论", "verdict"), self._meaning(meanings.VERDICTS, head["verdict"])),
                    (say.say("依据", "basis"), self._meaning(meanings.BASES, head["basis"])),
                    (say.say("规则", "rule"), self._named(meanings.RULES, head["rule"])),
                    (
                        say.say("备选", "alternatives"),
                        self._meaning(meanings.ALTERNATIVES, "pool" if pool else head["basis"]),
                    ),
                    (say.say("间隔", "lag"), self._lag(members)),
                    (say.say("容差", "tolerance"), f"{head['tolerance']} {money}"),
                    (say.say("等式", "equation"), head["explanation"] or ""),
                ]
            ),
            *self._fall(
                falling(
                    of_match(members, self._result.currency), say, self._residual(head), say.say("实收", "received")
                ),
                money,
            ),
            *self._rows(members, say.say("行", "rows")),
            *self._books.lines("match_id", [match_id]),
        ]

    def _break(self, line: Mapping[str, Cell], rows: pa.Table, together: tuple[str, str]) -> list[Line]:
        say, glossary = self._say, self._glossary
        code, money = line["code"] or "", line["currency"] or self._result.currency
        one = pa.table({name: pa.array([text], pa.string()) for name, text in line.items()})
        expected, actual = (int(minor(one, name, money)[0]) for name in ("expected", "actual"))
        owns = pc.equal(rows.column("owned"), "true")
        owned, linked = rows.filter(owns), rows.filter(pc.invert(owns))
        symptoms = [f"{c} {glossary.titles.get(c, '')}".strip() for c in (line["symptoms"] or "").split(";") if c]
        rows_word = say.say("行", "row" if line["reach_rows"] == "1" else "rows")
        reach = f"{line['reach_rows']} {rows_word}, {line['reach_amount']} {money}"
        return [
            Line(f"{say.say('差异', 'break')} {line['break_id']}  {code} {glossary.titles.get(code, '')}", head=True),
            *facts(
                [
                    (say.say("定义", "means"), glossary.definitions.get(code, "")),
                    (say.say("应有 / 实有", "counts"), glossary.counts.get(code, "")),
                    (say.say("环节", "leg"), say.word(line["leg"])),
                    (say.say("严重度", "severity"), say.word(line["severity"])),
                    (say.say("说明", "explanation"), line["explanation"] or ""),
                    (say.say("原因", "cause"), self._cause(line["cause"])),
                    (say.say("症状", "symptoms"), "; ".join(symptoms)),
                    (say.say("波及", "reach"), reach),
                    together,
                    (say.say("到期日", "due"), line["due_date"] or ""),
                    (say.say("账龄", "age"), days_word(line["age_days"], say) if line["age_days"] else ""),
                    (say.say("间隔", "lag"), self._lag(owned)),
                    (say.say("状态", "status"), say.word(line["status"])),
                    (say.say("意见", "decision"), " ".join(filter(None, (line["decision"], line["note"])))),
                    (say.say("下一步", "next step"), glossary.next_steps.get(code, "")),
                    (say.say("常用凭证", "usual voucher"), glossary.drafts.get(code, "")),
                ]
            ),
            *self._fall(
                falling(
                    of_break(line["leg"] or "", expected, actual, owned, money),
                    say,
                    say.say("差额", "difference"),
                    say.say("实有", "actual"),
                ),
                money,
            ),
            *self._rows(owned, say.say("占有的行", "rows it owns")),
            *self._rows(linked, say.say("相关的行", "rows it shows")),
            *self._misses.of_break(line, owned),
            *self._books.lines("break_id", [line["break_id"] or ""]),
        ]

    def _waiting(self, row: Mapping[str, Cell]) -> list[Line]:
        say = self._say
        return [
            Line(f"{say.say('在途', 'in transit')} {row['entry_id']}  {say.word(row['leg'])}", head=True),
            *facts(
                [
                    (say.say("原因", "reason"), self._named(meanings.WAITS, row["reason"])),
                    (say.say("到期日", "due"), self._due(row)),
                    (say.say("规则", "rule"), self._cleared(row["rule"])),
                    (say.say("行", "row"), self._row(row)),
                ]
            ),
            *self._misses.of_waiting(row),
            *self._books.lines("entry_id", [row["entry_id"] or ""]),
        ]

    def _excluded(self, row: Mapping[str, Cell]) -> list[Line]:
        say = self._say
        return [
            Line(f"{say.say('不参与', 'excluded')} {row['entry_id']}  {say.word(row['leg'])}", head=True),
            *facts(
                [
                    (say.say("理由", "reason"), self._named(meanings.LEFT_OUT, row["reason"])),
                    (say.say("行", "row"), self._row(row)),
                ]
            ),
            *self._books.lines("entry_id", [row["entry_id"] or ""]),
        ]

    def _fall(self, steps: list[Line], currency: str) -> list[Line]:
        return [Line(f"  {self._say.say('瀑布', 'waterfall')} ({currency})"), *steps]

    def _rows(self, rows: pa.Table, title: str) -> list[Line]:
        if not len(rows):
            return []
        shown = [Line(f"    {self._row(row)}") for row in rows.slice(0, _ROWS).to_pylist()]
        hidden = len(rows) - _ROWS
        more = (
            [Line("    " + self._say.say(f"另有 {hidden} 行，见表", f"{hidden} more, see the table"))]
            if hidden > 0
            else []
        )
        return [Line(f"  {title} ({len(rows)})"), *shown, *more]

    def _row(self, row: Mapping[str, Cell]) -> str:
        say = self._say
        currency = row["currency"] or self._result.currency
        one = pa.table({name: pa.array([row[name]], pa.string()) for name in ("amount", "currency")})
        amount = grouped(int(minor(one, "amount", currency)[0]), currency)
        references = [f"{say.say(*words)} {row[name]}" for name, words in _REFERENCES.items() if row[name]]
        place = say.say(f"{row['source_file']} 第 {row['source_row']} 行", f"{row['source_file']}:{row['source_row']}")
        parts = (
            f"{say.word(row['side'])} {kind_word(row['kind'] or '', say)} {amount} {currency}",
            (row["occurred_at"] or "").replace("T", " "),
            *references,
            row["account"] or "",
            place,
            row["entry_id"] or "",
        )
        return "  ".join(part for part in parts if part)

    def _lag(self, rows: pa.Table) -> str:
        """Days from the latest row of the giving side to the latest of the receiving side."""
        if not len(rows):
            return ""
        first = "gateway" if rows.column("leg")[0].as_py() == GATEWAY_BANK else "order"
        gives = pc.equal(rows.column("side"), first)
        days = [_last_day(rows.filter(mask)) for mask in (gives, pc.invert(gives))]
        if not all(days):
            return ""
        begin, end = (pa.scalar(day).cast(pa.date32()) for day in days)
        count = pc.days_between(begin, end).as_py()
        return f"{days_word(count, self._say)}: {begin.as_py()} → {end.as_py()}"

    def _due(self, row: Mapping[str, Cell]) -> str:
        pair = meanings.DUE.get((row["leg"] or "", row["side"] or ""))
        why = self._say.say(*pair) if pair else ""
        return f"{row['due_date']}  {why}" if row["due_date"] else self._say.say("未定", "not known yet")

    def _cleared(self, rule: Cell) -> str:
        """What clears the row, which candidates it has, or the window in which it is expected, in the breaks' words."""
        if not rule:
            return ""
        on = rule.removeprefix("cleared on ")
        if on != rule:
            return self._say.say(f"截止日之后于 {on} 结清", f"cleared on {on}, after the last day that counts")
        if rule == "carried on":
            return self._say.say("当日合计不为正，并入后日", "the foot of the days is not positive: carried on")
        if _CANDIDATES.match(rule):
            return self._say.say(f"可能的对方：{rule}", f"may belong to: {rule}")
        return rule

    def _residual(self, head: Mapping[str, Cell]) -> str:
        name = self._say.say("尾差", "residual")
        why = head["residual_reason"]
        return f"{name} ({self._say.say(*meanings.RESIDUALS.get(why, (why, why)))})" if why else name

    def _cause(self, tag: Cell) -> str:
        return f"{tag}: {self._glossary.causes.get(tag, tag)}" if tag else ""

    def _meaning(self, words: Mapping[str, meanings.Pair], value: Cell) -> str:
        return self._say.say(*words.get(value or "", (value or "", value or "")))

    def _named(self, words: Mapping[str, meanings.Pair], value: Cell) -> str:
        return f"{value}: {self._meaning(words, value)}" if value else ""


def _last_day(rows: pa.Table) -> str | None:
    latest: str | None = pc.max(rows.column("occurred_at")).as_py()
    return latest[:10] if latest else None
