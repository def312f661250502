"""The lines of a book and its bank as one table: what belongs together and why, what is open and what came nearest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from recon.ledger.days import NO_DAY
from recon.money import exponent, format_amount
from recon.outputs.delimited import amounts, write_csv

COLUMNS = ("match", "side", "verdict", "basis", "rule", "alternatives", "residual", "date", "amount", "currency",
           "counterparty", "memo", "reference", "source_file", "source_row", "explanation")  # fmt: skip
#: What each rule says of the lines: (zh, en).
RULES: Mapping[str, tuple[str, str]] = {
    "by-number": ("两边印着同一号码，金额相等", "both sides print the same number, equal amounts"),
    "by-number-in-sum": ("号码相同的各笔，两边合计相等", "the lines that share a number add up"),
    "cancelled-by-number": ("同一边的两笔按号码冲销", "a line that another of its side takes back by its number"),
    "by-near-number": ("金额相等，号码只差一处笔误", "equal amounts, the numbers one slip apart"),
    "by-bare-number": (
        "金额相等，银行只印票据种类而未印号码",
        "equal amounts; the bank prints the kind of paper without its number",
    ),
    "by-amount-and-text": ("金额相等，户名或摘要相符", "equal amounts, and the words meet"),
    "sum-of-lines": ("一笔等于对方同日几笔之和", "one line is the sum of a few lines of one day"),
    "less-printed-fee": (
        "户名或摘要相符，差额是所印的手续费",
        "the words meet; the difference is the fee that is printed",
    ),
    "less-fee": ("户名或摘要相符，差额像是被扣的手续费", "the words meet; the difference looks like a fee kept back"),
    "swapped-digits": (
        "户名或摘要相符，金额有相邻两位数字颠倒",
        "the words meet; two neighbouring digits of the amount are swapped",
    ),
    "by-amount": (
        "金额相等，期限内两边都只有这一笔，无相反证据",
        "equal amounts, the only two inside the window, and nothing against it",
    ),
    "cancelled": ("同一边的两笔金额相反、文字相符", "two lines of one side cancel, and their words meet"),
}
#: What a verdict adds to its rule.
_VERDICTS: Mapping[str, tuple[str, str]] = {
    "pool": ("整组相抵，组内谁对谁不定", "the set balances, which to which is open"),
    "suggested": ("仅建议，请核对", "only suggested: please look"),
    "unproven": ("所在文件合计或余额不符，未证实", "its file fails its totals or balances: not proven"),
}
#: What the nearest line of an open one fails.
MISSES: Mapping[str, tuple[str, str]] = {
    "amount": ("号码相同，但金额不同：{there} {currency}", "the same number, but another amount: {there} {currency}"),
    "several": (
        "金额相等，但对方有 {others} 笔、本方有 {rivals} 笔同样的，无从分辨",
        "equal amount, but {others} such on that side and {rivals} on this, and nothing tells which",
    ),
    "contradicted": ("金额相等，但文字或号码不符", "equal amount, but words or numbers speak against it"),
    "earlier": ("金额相等，但银行早 {days} 天", "equal amount, but the bank is {days} days earlier"),
    "later": ("金额相等，但银行晚 {days} 天", "equal amount, but the bank is {days} days later"),
    "words": (
        "户名或摘要相符，但金额不同：{there} {currency}",
        "the words meet, but another amount: {there} {currency}",
    ),
    "taken": ("金额相等，但已归入第 {match} 组", "equal amount, but it belongs to match {match}"),
    "sign": ("金额相同，但收付方向相反", "equal size, but the other direction"),
}
_MOST_TERMS = 6


def write_pairs(lines: pd.DataFrame, path: Path, *, lang: str, currency: str) -> None:
    """Write the table as csv, or as Parquet where the path ends so; in both, amounts are exact decimals.

    Args:
        lines: as `pairing.Paired` holds them.
        path: the file; an existing one is replaced.
        lang: of the explanations, zh or en.
        currency: of the books.
    """
    table = _table(lines, 0 if lang == "zh" else 1)
    if path.suffix == ".parquet":
        kind = pa.decimal128(38, max(exponent(code) for code in {*lines["currency"], currency}))
        for name in ("amount", "residual"):
            exact = amounts(table[name].combine_chunks(), table["currency"].combine_chunks(), currency).cast(kind)
            table = table.set_column(table.column_names.index(name), name, exact)
        pq.write_table(table, path)
        return
    write_csv(table, path, zone="UTC", currency=currency)


def _table(lines: pd.DataFrame, language: int) -> pa.Table:
    is_open = (lines["match"] == 0).to_numpy()
    day = lines["day"].to_numpy()
    undated = day == NO_DAY
    columns = {
        name: pa.array(lines[name].tolist(), pa.string()) for name in ("side", "verdict", "currency", "source_file")
    }
    columns |= {
        name: pa.array([text or None for text in lines[name]], pa.string())
        for name in ("basis", "rule", "counterparty", "memo", "reference")
    }
    columns |= {
        name: pa.array(lines[name].to_numpy(dtype=np.int64), mask=is_open)
        for name in ("match", "alternatives", "residual")
    }
    columns |= {
        "date": pa.array(np.where(undated, 0, day).astype(np.int32), mask=undated).cast(pa.date32()),
        "amount": pa.array(lines["amount"].to_numpy(dtype=np.int64)),
        "source_row": pa.array(lines["source_row"].to_numpy(dtype=np.int64)),
        "explanation": pa.array(_explanations(lines, language), pa.string()),
    }
    return pa.table({name: columns[name] for name in COLUMNS})


def _explanations(lines: pd.DataFrame, language: int) -> list[str | None]:
    names = [str(name) for name in lines.columns]
    values = zip(*(lines[name].tolist() for name in names), strict=True)
    rows: list[dict[str, Any]] = [dict(zip(names, row, strict=True)) for row in values]
    groups: dict[int, list[dict[str, Any]]] = {}
    for row in rows:
        groups.setdefault(row["match"], []).append(row)
    told = {number: _match(members, language) for number, members in groups.items() if number}
    return [told[row["match"]] if row["match"] else _miss(row, rows, language) for row in rows]


def _match(members: Sequence[Mapping[str, Any]], language: int) -> str:
    """The rule in words, the equation, and what the verdict leaves open."""
    one = members[0]
    parts = [RULES[one["rule"]][language], _equation(members, language)]
    if one["basis"] == "text" and one["alternatives"] > 1 and one["verdict"] != "pool":
        count = one["alternatives"]
        parts.append((f"共 {count} 个候选，此为文字最近者", f"{count} candidates, this one nearest in words")[language])
    if one["verdict"] in _VERDICTS:
        parts.append(_VERDICTS[one["verdict"]][language])
    return ("；", "; ")[language].join(parts)


def _equation(members: Sequence[Mapping[str, Any]], language: int) -> str:
    """Book = bank less the residual; where one side cancels, its sum."""
    currency = members[0]["currency"]
    book, bank = ([one["amount"] for one in members if one["side"] == side] for side in ("book", "bank"))
    if not (book and bank):
        return f"{_sum(book or bank, currency, language)} = {format_amount(0, currency)}"
    rest = -members[0]["residual"]
    gap = f" {'+' if rest > 0 else '-'} {format_amount(abs(rest), currency)}" if rest else ""
    return f"{_sum(book, currency, language)} = {_sum(bank, currency, language)}{gap}"


def _sum(terms: Sequence[int], currency: str, language: int) -> str:
    if len(terms) > _MOST_TERMS:
        total = format_amount(sum(terms), currency)
        return (f"{len(terms)} 笔合计 {total}", f"{len(terms)} lines of {total}")[language]
    first, *more = terms
    others = (f" {'-' if term < 0 else '+'} {format_amount(abs(term), currency)}" for term in more)
    return format_amount(first, currency) + "".join(others)


def _miss(row: Mapping[str, Any], rows: Sequence[Mapping[str, Any]], language: int) -> str:
    if not row["fails"]:
        return ("对方没有金额相等或号码相同的", "nothing on the other side has its amount or its number")[language]
    near = rows[row["near"]]
    lag = (near["day"] - row["day"]) * (1 if row["side"] == "book" else -1)
    fails = ("later" if lag > 0 else "earlier") if row["fails"] == "window" else row["fails"]
    what = MISSES[fails][language].format(
        there=format_amount(near["amount"], near["currency"]),
        currency=near["currency"],
        days=abs(lag),
        match=near["match"],
        others=row["others"],
        rivals=row["rivals"],
    )
    where = f"{near['source_file']}:{near['source_row']}"
    return (f"最接近的是 {where}：{what}", f"nearest is {where}: {what}")[language]
