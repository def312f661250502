"""OFX 1 (SGML), OFX 2 (XML) and QFX: a tolerant reader of tags; only known groups open and close levels.

Source: field guide of banks, 2.4. A leaf's value is the text up to the next tag; end tags of leaves are ignored.
"""

from __future__ import annotations

import html
import re
from collections import Counter

from recon.channels.standards.records import Booked

NAMES = (
    "DTPOSTED", "DTAVAIL", "TRNTYPE", "TRNAMT", "FITID", "id", "CORRECTACTION", "REFNUM", "SRVRTID", "CHECKNUM", "NAME",
    "MEMO",
)  # fmt: skip
_TOKEN = re.compile(r"<(/?)([A-Za-z0-9._]+)>([^<]*)")
_STATEMENTS = frozenset({"STMTRS", "CCSTMTRS"})
_GROUPS = _STATEMENTS | {
    "BANKACCTFROM", "CCACCTFROM", "BANKTRANLIST", "STMTTRN", "LEDGERBAL", "AVAILBAL", "PAYEE", "CURRENCY",
    "ORIGCURRENCY", "BANKACCTTO", "CCACCTTO", "STATUS",
}  # fmt: skip


def is_ofx(start: bytes) -> bool:
    """True if the first bytes hold the header or the first tag of OFX."""
    return re.search(rb"(?i)OFXHEADER\s*[:=]|<\?OFX|<OFX>", start) is not None


def statements(text: str) -> list[Booked]:
    """Return the statements of a file, one per account."""
    found: list[Booked] = []
    rows: list[dict[str, str]] = []
    ends: dict[str, str] = {}
    stack: list[str] = []
    counted = 0
    line = 1
    for match in _TOKEN.finditer(text):
        line += text.count("\n", counted, match.start())
        counted = match.start()
        closing, name, value = match.group(1), match.group(2).upper(), html.unescape(match.group(3)).strip()
        if name in _GROUPS and not value:
            if closing:
                stack = stack[: len(stack) - 1 - stack[::-1].index(name)] if name in stack else stack
            else:
                stack = [*stack[: stack.index("STMTTRN")], name] if name == "STMTTRN" in stack else [*stack, name]
                if name in _STATEMENTS:
                    found.append(Booked())
                    rows, ends, stack = [], {}, [name]
                elif name == "STMTTRN" and found:
                    rows.append(dict.fromkeys(NAMES, ""))
                    found[-1].book(rows[-1], line)
        elif not closing and found:
            _take(name, value, stack, rows, found[-1], ends)
    for one in found:
        _finish(one)
    return found


def _take(
    name: str, value: str, stack: list[str], rows: list[dict[str, str]], booked: Booked, ends: dict[str, str]
) -> None:
    """Put a leaf where it belongs: into the movement, or among the facts of the statement."""
    within = stack[-1] if stack else ""
    if "STMTTRN" in stack and rows:
        if within in {"STMTTRN", "PAYEE"} and name in NAMES and not rows[-1][name]:
            rows[-1][name] = _plain(value) if name == "TRNAMT" else value[:8] if name.startswith("DT") else value
    elif name == "CURDEF":
        booked.facts["currency"] = value
    elif name == "ACCTID" and within in {"BANKACCTFROM", "CCACCTFROM"}:
        booked.facts["account"] = value
    elif within == "LEDGERBAL" and name in {"BALAMT", "DTASOF"}:
        ends[name] = value
        booked.facts[name] = _plain(value)
    elif name in {"DTSTART", "DTEND"}:
        booked.facts[name] = value[:8]


def _finish(booked: Booked) -> None:
    """Period, closing balance (where the list reaches its day), and an id for movements without one."""
    facts = booked.facts
    begin, end = facts.pop("DTSTART", ""), facts.pop("DTEND", "")
    balance, as_of = facts.pop("BALAMT", ""), facts.pop("DTASOF", "")[:8]
    if re.fullmatch(r"\d{8}", begin) and re.fullmatch(r"\d{8}", end):
        facts["period"] = f"{begin} {end}"
    days = [row["DTPOSTED"] for row in booked.rows]
    if balance and as_of and as_of >= max(days, default="") and (not end or as_of <= end):
        facts["closing"] = balance
    seen: Counter[tuple[str, ...]] = Counter()
    for row in booked.rows:
        if isinstance(row, dict):
            content = tuple(row[name] for name in NAMES)
            row["id"] = row["FITID"] or f"#{seen[content]}"
            seen[content] += 1


def _plain(value: str) -> str:
    """An amount with a point before the decimals; the last of comma and point is the decimal mark."""
    if "," in value and value.rfind(",") > value.rfind("."):
        return value.replace(".", "").replace(",", ".") if value.count(",") == 1 else value
    return value
