"""MT940 statements and MT942 interim reports (SWIFT), with the wrappers and dialects that banks print.

Source: field guide of banks, 2.1. A page of a statement (60M, 62M) is a statement of its own: its balances chain.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from recon.channels.standards.records import Booked, day

NAMES = (
    "entry_date", "value_date", "mark", "amount", "type", "reference", "bank_reference", "supplement", "text",
    "counterparty", "counterparty_account",
)  # fmt: skip
_BODY = re.compile(rb"(?m)^:(?:60[FM]|61):|^:(?:34F|13D):")
_TAG = re.compile(r"^:(\d{2}[A-Z]?|NS):(.*)$")
_WRAPPER = re.compile(r"^(?:-|-\}.*|-å.*|\{\d:.*\{4:|\{1:.*|[^\x00-\x7f]4:)$")
_LINE = re.compile(
    r"^(?P<value>\d{6})(?P<entry>\d{4}|\s{4})?(?P<mark>RC|RD|EC|ED|C|D)(?P<funds>[A-Z])?"
    r"(?P<amount>\d[\d]*(?:,\d*)?)(?P<type>[NSF](?:[A-Z0-9]{3}|\s{3}))?(?P<rest>.*)$"
)
_BALANCE = re.compile(r"^(?P<sign>[CD])(?P<day>\d{6})(?P<currency>[A-Z]{3})(?P<sum>[\d,]+)")
_SEPA = re.compile(r"(EREF|KREF|MREF|CRED|DEBT|SVWZ|ABWA|ABWE|IBAN|BIC|COAM|OAMT)\+")
_HALF_YEAR = 182


def is_mt940(start: bytes) -> bool:
    """True if the first bytes hold a line :20: and one of :60: or :61: (of an MT942 :34F: or :13D:)."""
    return bool(re.search(rb"(?m)^:20:", start)) and bool(_BODY.search(start))


def statements(text: str) -> list[tuple[str, Booked]]:
    """Return the messages of a file, each as `mt940` or `mt942`."""
    found: list[tuple[str, Booked]] = []
    for fields in _messages(text):
        tags = {tag for tag, _, _ in fields}
        interim = not any(tag.startswith("60") for tag in tags) and bool(tags & {"34F", "13D", "90C", "90D"})
        found.append(("mt942" if interim else "mt940", _statement(fields)))
    return found


_Fields = list[tuple[str, str, int]]


def _messages(text: str) -> Iterator[_Fields]:
    """The fields (tag, text, line) of each message; the lines of a field stay apart."""
    fields: _Fields = []
    closed = False
    for number, line in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), start=1):
        match = _TAG.match(line)
        if match is None:
            if _WRAPPER.match(line):
                closed = True
            elif fields and not closed:
                tag, value, first = fields[-1]
                fields[-1] = (tag, f"{value}\n{line}", first)
            continue
        tag = match.group(1)
        if tag == "20":
            if fields:
                yield fields
            fields, closed = [], False
        if tag == "20" or (fields and not closed):
            fields.append((tag, match.group(2), number))
    if fields:
        yield fields


def _statement(fields: _Fields) -> Booked:
    booked = Booked()
    rows: list[dict[str, str]] = []
    row: dict[str, str] | None = None
    for tag, value, number in fields:
        if tag == "61":
            row = _movement(value)
            rows.append(row)
            booked.book(row, number)
        elif tag in {"86", "NS"}:
            if row is not None:
                row["text"] = f"{row['text']}\n{value}" if row["text"] else value
        else:
            row = None  # a text behind a balance belongs to the statement
            _take_fact(booked, tag, value.partition("\n")[0].strip())
    for one in rows:
        one.update(_explained(one["text"], one["supplement"]))
    return booked


def _take_fact(booked: Booked, tag: str, value: str) -> None:
    if tag in {"25", "25P"}:
        booked.facts["account"] = value
    elif tag[:2] in {"60", "62"}:
        _take_balance(booked, "opening" if tag.startswith("60") else "closing", value)
    elif tag in {"90C", "90D"}:
        _take_sum(booked, "in" if tag == "90C" else "out", value)
    elif tag == "34F":
        booked.facts.setdefault("currency", value[:3])


def _take_balance(booked: Booked, name: str, value: str) -> None:
    found = _BALANCE.match(value)
    if found is not None:
        booked.facts["currency"] = found.group("currency")
        booked.facts[name] = ("-" if found.group("sign") == "D" else "") + found.group("sum").replace(",", ".")


def _take_sum(booked: Booked, name: str, value: str) -> None:
    found = re.match(r"^(\d+)([A-Z]{3})([\d,]+)", value)
    if found is not None:
        booked.facts["currency"] = found.group(2)
        booked.facts[f"{name}_count"], booked.facts[f"{name}_sum"] = found.group(1), found.group(3).replace(",", ".")


def _movement(value: str) -> dict[str, str]:
    """The fields of a :61:; one that cannot be read has no amount, so that the row is quarantined."""
    first, _, supplement = value.partition("\n")
    found = _LINE.match(first.strip())
    row = dict.fromkeys(NAMES, "")
    row["supplement"] = " ".join(supplement.split())
    if found is None:
        row["reference"] = first.strip()
        return row
    reference, _, bank = found.group("rest").partition("//")
    row["value_date"] = day(found.group("value"))
    row["entry_date"] = _entry_day(found.group("value"), (found.group("entry") or "").strip())
    row["mark"] = found.group("mark")
    row["amount"] = found.group("amount").replace(",", ".")
    row["type"] = (found.group("type") or "").strip()
    row["reference"] = "" if reference.strip() == "NONREF" else reference.strip()
    row["bank_reference"] = bank.strip()
    return row


def _entry_day(value: str, entry: str) -> str:
    """The entry day has no year: that of the value day, moved by one where they lie more than half a year apart."""
    whole = day(value)
    if not entry:
        return whole
    try:
        valued = date.fromisoformat(whole)
        near = [_day_in(year, entry) for year in (valued.year - 1, valued.year, valued.year + 1)]
    except ValueError:
        return whole
    days = [one for one in near if one is not None and abs((one - valued).days) <= _HALF_YEAR + 1]
    return min(days, key=lambda one: abs((one - valued).days)).isoformat() if days else f"{whole[:4]}-{entry}"


def _day_in(year: int, entry: str) -> date | None:
    try:
        return date(year, int(entry[:2]), int(entry[2:]))
    except ValueError:
        return None


def _explained(text: str, supplement: str) -> dict[str, str]:
    """The :86: as one text, with the other party where the dialect names it."""
    joined = text.replace("\n", "")
    german = re.match(r"^(\d{3})([?+>])(?=\d\d)", joined)
    if german is not None:
        return _german(joined, german.group(2))
    words = " ".join(text.split())
    slashed = dict(re.findall(r"/(NAME|IBAN|REMI|EREF|ORDP|BENM)/+([^/]*)", joined))
    if slashed:
        account = slashed.get("IBAN", "").strip() or supplement.partition(" ")[0]
        return {"text": words, "counterparty": slashed.get("NAME", "").strip(), "counterparty_account": account}
    named = re.search(r"\bOD: ([^;]+);", words)
    account = re.search(r"Z RACH\.: (\d+)", words)
    return {
        "text": words,
        "counterparty": named.group(1).strip() if named else "",
        "counterparty_account": account.group(1) if account else "",
    }


def _german(joined: str, mark: str) -> dict[str, str]:
    """Business code and numbered fields: purpose 20-29 and 60-63 joined without blanks, account 31, name 32 and 33."""
    pieces = re.split(rf"{re.escape(mark)}(\d\d)", joined)
    fields = list(zip(pieces[1::2], pieces[2::2], strict=True))
    purpose = "".join(value for name, value in fields if "20" <= name <= "29" or "60" <= name <= "63")
    posting = next((value for name, value in fields if name == "00"), "")
    words = _SEPA.sub(r" \1+", purpose)
    return {
        "text": " ".join(f"{posting} {words}".split()),
        "counterparty": " ".join("".join(value for name, value in fields if name in {"32", "33"}).split()),
        "counterparty_account": next((value.strip() for name, value in fields if name == "31"), ""),
    }
