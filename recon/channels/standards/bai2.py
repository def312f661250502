"""BAI2 balance reports: records of comma fields, continued by 88, with control totals that are added up here.

Source: field guide of banks, 2.3. Amounts are whole minor units; the sign of a movement is that of its type code.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from recon import money
from recon.channels.standards.records import Booked, day

NAMES = (
    "as_of", "value_date", "type", "side", "amount", "bank_reference", "customer_reference", "text", "group_status",
)  # fmt: skip
_AGAIN = re.compile(r"/[ \t]*(?=(?:01|02|03|16|49|88|98|99),)")
_RECORD = re.compile(r"^\s*(01|02|03|16|49|88|98|99)[,:](.*)$")
_FINAL_PREVIOUS_DAY = "2"
#: Closing records of a group and of the file -> the fact that holds their total and that of their parts.
_TOTALS = {"98": "group_control", "99": "file_control"}


@dataclass
class _Account:
    """One 03 until its 49, as read so far."""

    booked: Booked
    currency: str
    total: int = 0
    records: int = 1
    balances: dict[str, int] = field(default_factory=dict)
    half: list[str] = field(default_factory=list)  # a group of the summary that goes on in the next line
    row: dict[str, str] | None = None


@dataclass
class _Totals:
    """What the totals of accounts add up to (98), and those of groups (99); None once one of them cannot be read."""

    parts: dict[str, int | None] = field(default_factory=lambda: {"98": 0, "99": 0})

    def add(self, code: str, printed: int | None) -> None:
        """Count a total towards that of record `code`."""
        so_far = self.parts[code]
        self.parts[code] = None if so_far is None or printed is None else so_far + printed

    def close(self, code: str, rest: str, last: Booked) -> None:
        """Write the total of 98 or 99 and that of its parts into the facts of the last statement before it."""
        printed, counted = _whole(rest), self.parts[code]
        if printed is not None and counted is not None:
            shown = (money.format_amount(figure, last.facts["currency"]) for figure in (printed, counted))
            last.facts[_TOTALS[code]] = " ".join(shown)
        if code == "98":
            self.add("99", printed)
        self.parts[code] = 0


def _whole(fields: str) -> int | None:
    """The total that a closing record prints, in minor units."""
    printed = fields.split(",", maxsplit=1)[0].strip()
    return int(printed) if re.fullmatch(r"[+-]?\d+", printed) else None


def is_bai2(start: bytes) -> bool:
    """True if the first record is 01 and the records 02, 03 and 49 follow."""
    text = start.lstrip()
    return text.startswith(b"01,") and all(re.search(rb"(?:^|\n|/)\s*" + code + rb",", text) for code in (b"02", b"03"))


def statements(text: str) -> list[Booked]:
    """Return one statement per account and day; facts `control` and `records`: what 49 prints, and what was counted.

    `group_control` and `file_control`, of 98 and 99, stand with the last statement of the group and of the file.
    """
    found: list[Booked] = []
    group: list[str] = []
    account: _Account | None = None
    totals = _Totals()
    for number, code, rest in _records(text):
        if code in _TOTALS and found:
            totals.close(code, rest, found[-1])
        elif code == "02":
            group = [*rest.split(","), *[""] * 7]
        elif code == "03":
            fields = rest.split(",")
            named = [fields[1].strip() if len(fields) > 1 else "", group[5].strip() if group else ""]
            currency = next((code for code in named if re.fullmatch(r"[A-Z]{3}", code)), "USD")
            booked = Booked({"account": fields[0].strip(), "currency": currency})
            found.append(booked)
            account = _Account(booked, currency)
            _summarise(account, fields[2:])
        elif account is None:
            continue
        elif code == "16":
            account.records += 1
            account.row = _movement(rest, group, account)
            account.booked.book(account.row, number)
        elif code == "88":
            account.records += 1
            if account.row is None:
                _summarise(account, rest.split(","))
            else:
                account.row["text"] = " ".join([account.row["text"], rest.strip()]).strip()
        elif code == "49":
            account.records += 1
            totals.add("98", _whole(rest))
            _close(account, rest.split(","), group)
            account = None
    return found


def _records(text: str) -> list[tuple[int, str, str]]:
    """Line, code and fields of each record; a line that begins with no code goes on with the text before it."""
    found: list[tuple[int, str, str]] = []
    for number, line in enumerate(text.replace("\r", "\n").replace("\n\n", "\n").split("\n"), start=1):
        for part in _AGAIN.sub("/\n", line).split("\n"):
            content = re.sub(r"/[ \t]*$", "", part.rstrip())
            match = _RECORD.match(content)
            if match is not None:
                found.append((number, match.group(1), match.group(2)))
            elif content.strip() and found:
                first, code, rest = found[-1]
                found[-1] = (first, code, f"{rest} {content.strip()}")
    return found


def _summarise(account: _Account, cells: list[str]) -> None:
    """Read the groups of a line: type, amount, count, funds and what belongs to the kind of funds.

    One empty cell that is left at the end of a line is no field; a group that is cut goes on in the next line.
    """
    left = [*account.half, *(cell.strip() for cell in cells)]
    while len(left) > 3 and len(left) >= (size := _size(left)):
        code, amount, left = left[0], left[1], left[size:]
        if re.fullmatch(r"[+-]?\d+", amount):
            account.total += int(amount)
            account.balances.setdefault(code, int(amount))
    account.half = left if any(left) else []


def _size(cells: Sequence[str]) -> int:
    """Number of cells of the group that begins here."""
    more = cells[4] if len(cells) > 4 else ""
    return 4 + {"V": 2, "S": 3, "D": 1 + 2 * (int(more) if more.isdecimal() else 0)}.get(cells[3], 0)


def _movement(rest: str, group: Sequence[str], account: _Account) -> dict[str, str]:
    cells = rest.split(",")
    code, amount = cells[0].strip(), cells[1].strip() if len(cells) > 1 else ""
    funds = cells[2].strip() if len(cells) > 2 else ""
    after, value = 3, ""
    if funds == "V":
        value, after = day(cells[3].strip()) if len(cells) > 3 else "", 5
    elif funds == "S":
        after = 6
    elif funds == "D":
        count = cells[3].strip() if len(cells) > 3 else "0"
        after = 4 + 2 * (int(count) if count.isdecimal() else 0)
    left = [*cells[after : after + 2], "", ""]
    if amount.isdecimal():
        account.total += int(amount)
    return {
        "as_of": day(group[3].strip()) if group else "",
        "value_date": value,
        "type": code,
        "side": _side(code),
        "amount": money.format_amount(int(amount), account.currency) if amount.isdecimal() else amount,
        "bank_reference": left[0].strip(),
        "customer_reference": left[1].strip(),
        "text": ",".join(cells[after + 2 :]).strip(),
        "group_status": group[2].strip() if group else "",
    }


def _side(code: str) -> str:
    """Whether a type code brings money in (100 to 399, 920 to 959) or takes it out (400 to 699, 960 to 999)."""
    number = int(code) if code.isdecimal() else 0
    if 100 <= number <= 399 or 920 <= number <= 959:
        return "credit"
    return "debit" if 400 <= number <= 699 or 960 <= number <= 999 else ""


def _close(account: _Account, fields: Sequence[str], group: Sequence[str]) -> None:
    """Balances of a final report of the day before, and the figures of 49 beside those that were counted."""
    facts, balances = account.booked.facts, account.balances
    if group and group[6].strip() == _FINAL_PREVIOUS_DAY:
        as_of = day(group[3].strip())
        facts["period"] = f"{as_of} {as_of}"
        if {"010", "015"} <= set(balances):
            facts["opening"] = money.format_amount(balances["010"], account.currency)
            facts["closing"] = money.format_amount(balances["015"], account.currency)
    total = _whole(fields[0])
    if total is not None:
        shown = (money.format_amount(figure, account.currency) for figure in (total, account.total))
        facts["control"] = " ".join(shown)
    count = fields[1].strip() if len(fields) > 1 else ""
    if count.isdecimal():
        facts["records"] = f"{int(count)} {account.records}"
