"""changes.csv: what a rerun made of matches that the earlier result had, and this one has no more.

A match by amount and day may stop being the only one when another file comes. Such a match is not signed, so it may
be revoked, but never silently: each of its entries is listed with what it was, what it is now, and why.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from recon.errors import WorkspaceFault
from recon.ledger.outcome import BREAK, EXCLUDED, IN_TRANSIT, MATCHED, Outcome
from recon.ledger.parts import max_by, min_by
from recon.ledger.view import arrow
from recon.outputs.delimited import write_csv
from recon.outputs.earlier import differing
from recon.outputs.explain.folder import minor

Whole = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
Texts = npt.NDArray[np.object_]

CHANGES = (
    "leg", "was_match", "was_rule", "was_verdict", "was_basis", "entry_id", "now", "now_match", "now_rule",
    "order_ref", "payment_ref", "refund_ref", "batch_ref", "amount", "currency", "cause",
)  # fmt: skip
#: `outside`: this leg does not look at the entry any more. `gone`: it is not in the files any more.
NOW = {0: "outside", MATCHED: "matched", IN_TRANSIT: "in_transit", BREAK: "break", EXCLUDED: "excluded"}
GONE = "gone"
_REFS = ("order_ref", "payment_ref", "refund_ref", "batch_ref")
#: What no printed number proves.
_BY_WINDOW = ("unique", "elimination", "structure", "text", "near_key")
_NONE = -1
_CAUSES: Mapping[str, Mapping[str, str]] = {
    "zh": {
        "decision": "人工决定",
        "number": "单号已出现",
        "grew": "有新的行加入",
        "gone": "该行已不在文件中",
        "partner gone": "同组有行已不在文件中",
        "unproven": "文件未通过校验",
        "file unproven": "文件未通过校验",
        "after as_of": "晚于截止日",
        "another": "另有对方与之匹配",
        "reopened": "到账窗口重新打开",
        "ambiguous": "出现了其他可能的对方",
        "suggested": "依据不足以直接入账",
        "partner by number": "原对方已按单号与他行匹配",
        "partner taken": "原对方已与他行匹配",
        "more rows": "同一编号还有其他行",
        "shrank": "同组有其他行退出",
        "rule": "规则",
        "verdict": "结论",
        "basis": "依据",
    },
    "en": {
        "decision": "a decision",
        "number": "its number came",
        "grew": "further rows joined it",
        "gone": "the entry is no longer in the files",
        "partner gone": "a row of the match is no longer in the files",
        "unproven": "its file does not add up",
        "file unproven": "its file does not add up",
        "after as_of": "it is after as_of",
        "another": "another partner came",
        "reopened": "its window was opened again",
        "ambiguous": "another partner came that may be its own",
        "suggested": "its basis is no longer enough to post",
        "partner by number": "its partner was matched by number",
        "partner taken": "its partner was matched to another",
        "more rows": "its number holds further rows",
        "shrank": "other rows of the match left it",
        "rule": "rule",
        "verdict": "verdict",
        "basis": "basis",
    },
}


@dataclass(frozen=True)
class Changed:
    """How many matches of the earlier result are listed.

    lost: their entries are no longer together. altered: they are, with more entries or judged by other words.
    note: why nothing could be compared, one line for the user; empty where it could, or where there was nothing.
    """

    lost: int = 0
    altered: int = 0
    note: str = ""


def write_changes(last: Path, folder: Path, outcome: Outcome, ids: pa.StringArray, *, currency: str) -> Changed:
    """Write changes.csv beside the new result where matches of the earlier one changed; else write nothing.

    Args:
        last: the folder of the earlier result; only read.
        folder: where the file goes.
        outcome: the new result.
        ids: of its matches, as `ledger.match_ids` gives them.
        currency: of the books.
    """
    try:
        was = differing(last / "matches.csv", outcome, ids)
    except WorkspaceFault as fault:
        return Changed(note=str(fault))
    if not len(was):
        return Changed()
    table, changed = changes(was, outcome, ids, currency=currency)
    write_csv(table, folder / "changes.csv", zone=outcome.zone, currency=currency)
    return changed


def changes(was: pa.Table, outcome: Outcome, ids: pa.StringArray, *, currency: str) -> tuple[pa.Table, Changed]:
    """Return changes.csv, one row per entry of each earlier match, and how many matches are in it.

    Rows stand by leg, the references of the match (of each kind its smallest), match and entry.

    Args:
        was: members of earlier matches that the new result lacks or judges by other words (`earlier.COLUMNS`).
        outcome: the new result.
        ids: of its matches, as `ledger.match_ids` gives them.
        currency: of the books, for amounts that name none.
    """
    old = _Old.of(was)
    now = _Now.of(was, outcome, ids)
    first, last = (by(old.match, now.match, old.count, _NONE) for by in (min_by, max_by))
    together = (first == last) & (first >= 0)
    cells = {
        "leg": was.column("leg"),
        "was_match": was.column("match_id"),
        **{f"was_{name}": was.column(name) for name in ("rule", "verdict", "basis")},
        "entry_id": was.column("entry_id"),
        "now": pa.array(now.where, pa.string()),
        "now_match": pa.array(now.match_id, pa.string()),
        "now_rule": pa.array(now.rule, pa.string()),
        **{name: was.column(name) for name in _REFS},
        "amount": pa.array(minor(was, "amount", currency)),
        "currency": was.column("currency"),
        "cause": pa.array(_causes(old, now, together[old.match], outcome.lang), pa.string()),
    }
    table = pa.table({name: cells[name] for name in CHANGES}).take(_order(was))
    return table, Changed(int((~together).sum()), int(together.sum()))


@dataclass(frozen=True)
class _Old:
    """What each row was. match: its number (0..count-1); the other columns as texts."""

    match: Whole
    count: int
    match_id: Texts
    rule: Texts
    verdict: Texts
    basis: Texts

    @classmethod
    def of(cls, was: pa.Table) -> _Old:
        ids = was.column("match_id").combine_chunks().dictionary_encode()
        said = (_texts(was, name) for name in ("match_id", "rule", "verdict", "basis"))
        return cls(ids.indices.to_numpy().astype(np.int64), len(ids.dictionary), *said)

    def some(self, rows: Mask) -> Mask:
        """Per row, whether its match has one of these rows."""
        found: Mask = np.bincount(self.match[rows], minlength=self.count)[self.match] > 0
        return found


@dataclass(frozen=True)
class _Now:
    """What became of each row.

    where: a word of `NOW`, or `GONE`. match: number of its match in the run, finding: of its finding; -1 for none.
    code: of the break, else the reason why it waits or is left out. rule: of the match; else code, and id of the break.
    more: its finding holds rows of no match that is listed.
    """

    where: Texts
    match: Whole
    match_id: Texts
    rule: Texts
    verdict: Texts
    basis: Texts
    code: Texts
    more: Mask

    @classmethod
    def of(cls, was: pa.Table, outcome: Outcome, ids: pa.StringArray) -> _Now:
        rows = _positions(outcome, was.column("entry_id"))
        group, index = np.full(len(rows), _NONE), np.full(len(rows), _NONE)
        legs = _texts(was, "leg")
        for leg in sorted(set(legs)):
            mine = np.flatnonzero((legs == leg) & (rows >= 0))
            groups, indices = outcome.groups(leg)
            group[mine], index[mine] = groups[rows[mine]], indices[rows[mine]]
        where = np.array([*NOW.values(), GONE], dtype=object)[np.where(group < 0, len(NOW), group)]
        match = np.where(group == MATCHED, index, _NONE)
        finding = np.where(group == BREAK, index, _NONE)
        heads, found = outcome.matches, outcome.findings
        at, of_finding = _places(heads["match"].to_numpy(), match), _places(found["finding"].to_numpy(), finding)
        code = _picked(found["code"], of_finding)
        for kind, lines in ((IN_TRANSIT, outcome.in_transit), (EXCLUDED, outcome.excluded)):
            rows_of_kind = group == kind
            code[rows_of_kind] = _picked(lines["reason"], index[rows_of_kind])
        rule = np.where(match >= 0, _picked(heads["rule"], at), code)
        broken = finding >= 0
        rule[broken] += " " + _picked(found["break_id"], of_finding)[broken]
        return cls(
            where=where,
            match=match,
            match_id=_picked(pd.Series(ids, dtype=pd.ArrowDtype(pa.string())), at),
            rule=rule,
            verdict=_picked(heads["verdict"], at),
            basis=_picked(heads["basis"], at),
            code=code,
            more=_holds_more(outcome, rows, finding),
        )


def _holds_more(outcome: Outcome, rows: Whole, finding: Whole) -> Mask:
    """Per row, whether its finding shows rows that are in none of the matches that are listed."""
    lines = outcome.finding_rows
    numbers = lines["finding"].to_numpy(dtype=np.int64)
    fresh = np.isin(numbers, finding[finding >= 0]) & ~np.isin(lines["row"].to_numpy(dtype=np.int64), rows)
    return np.isin(finding, numbers[fresh])


def _causes(old: _Old, now: _Now, together: Mask, lang: str) -> Texts:
    """Say of each row why its match changed, as far as the two results show it; the first that holds."""
    say = _CAUSES[lang]
    by_window = np.isin(old.basis, _BY_WINDOW)
    matched, broken, waits = now.match >= 0, now.where == "break", now.where == "in_transit"
    by_number = matched & (now.basis == "key")
    same = together & (now.match_id == old.match_id)
    apart = ~together
    gone = now.where == GONE
    told = {
        "decision": matched & (now.basis == "decision") & (old.basis != "decision"),
        "unproven": matched & (now.verdict == "unproven") & (old.verdict != "unproven"),
        "number": by_number & by_window,
        "grew": together & ~same,
        "gone": gone,
        "partner gone": apart & old.some(gone),
        "file unproven": apart & (now.code == "file unproven"),
        "after as_of": apart & (now.code == "after as_of"),
        "another": apart & matched & by_window,
        "reopened": waits & by_window,
        "ambiguous": broken & by_window & (now.code == "ambiguous"),
        "suggested": broken & by_window & (now.code == "suggested"),
        "partner by number": apart & ~matched & by_window & old.some(by_number),
        "partner taken": apart & ~matched & by_window & old.some(matched),
        "more rows": apart & ~by_window & old.some(broken & now.more),
        "shrank": apart & matched,
    }
    words = np.array([*(say[name] for name in told), None], dtype=object)
    cause = words[np.select(list(told.values()), list(range(len(told))), len(told))]
    return np.where(same & pd.isna(cause), _reworded(old, now, say), cause)


def _reworded(old: _Old, now: _Now, say: Mapping[str, str]) -> Texts:
    """Name what is said otherwise of the same match: `basis unique → elimination`."""
    text = np.full(len(old.match), "", dtype=object)
    for name, was, said in (
        ("rule", old.rule, now.rule),
        ("verdict", old.verdict, now.verdict),
        ("basis", old.basis, now.basis),
    ):
        rows = np.flatnonzero((was != said) & (now.match >= 0))
        text[rows] += np.where(text[rows] == "", "", ", ") + f"{say[name]} " + was[rows] + " → " + said[rows]
    return text


def _order(was: pa.Table) -> pa.Array:
    """The positions that sort rows by leg, the references of the match, match and entry; nulls last."""
    firsts = was.group_by("match_id").aggregate([(name, "min") for name in _REFS])
    place = pc.index_in(was.column("match_id"), firsts.column("match_id"))
    keys = {name: firsts.column(f"{name}_min").take(place) for name in _REFS}
    whole = pa.table(
        {"leg": was.column("leg"), **keys, **{name: was.column(name) for name in ("match_id", "entry_id")}}
    )
    return pc.sort_indices(whole, sort_keys=[(name, "ascending") for name in whole.column_names])


def _positions(outcome: Outcome, wanted: pa.ChunkedArray) -> Whole:
    """Return the position of each entry in the ledger, -1 where it is not there."""
    entries = arrow(outcome.entries["entry_id"])
    rows = np.flatnonzero(pc.is_in(entries, wanted.combine_chunks()).to_numpy())
    if not len(rows):
        return np.full(len(wanted), _NONE)
    at = pc.index_in(wanted, entries.take(pa.array(rows))).combine_chunks()
    return np.where(at.is_valid().to_numpy(zero_copy_only=False), rows[at.fill_null(0).to_numpy()], _NONE)


def _places(numbers: Whole, wanted: Whole) -> Whole:
    """Return the line at which each wanted number stands in `numbers`, which are 0..n-1 in any order; -1 stays."""
    place = np.empty(len(numbers) + 1, dtype=np.int64)
    place[numbers] = np.arange(len(numbers))
    place[_NONE] = _NONE
    found: Whole = place[wanted]
    return found


def _picked(column: pd.Series, places: Whole) -> Texts:
    """Return the texts of some lines of a column, None where the place is -1."""
    lines, place = np.unique(places[places >= 0], return_inverse=True)
    picked = np.full(len(places), None, dtype=object)
    picked[places >= 0] = column.iloc[lines].astype(object).to_numpy()[place]
    return picked


def _texts(table: pa.Table, name: str) -> Texts:
    """Return a column as Python texts, equal ones as one object."""
    coded = table.column(name).combine_chunks().dictionary_encode()
    words = np.array([*coded.dictionary.to_pylist(), None], dtype=object)
    texts: Texts = words[coded.indices.fill_null(-1).to_numpy()]
    return texts
