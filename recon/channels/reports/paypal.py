"""PayPal's settlement (STL), transaction detail (TRR) and subscription (SAR) reports: lines that begin with a tag.

Source: developer.paypal.com/docs/reports/sftp-reports; layout-true files. CH names the columns (the name of the file
does not tell the report), SB is a row, SF closes a section with sums per currency. Amounts are whole hundredths of
every currency, unsigned.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from recon.channels.standards.records import Booked, Found

_START = re.compile(rb'(?m)^"?CH"?,"?(?:Transaction|Subscription) ID"?,')
_SECTION = re.compile(r"(?P<year>\d{4})/(?P<month>\d\d)/(?P<day>\d\d)")
_OFFSET = re.compile(r"(?<=\d) (?=[+-]\d{4}$)")
_SUMS = ("gross_credits", "gross_debits", "fee_credits", "fee_debits")
_GROSS = ("Gross Transaction Amount", "Transaction Debit or Credit", "Gross Transaction Currency")
_FEE = ("Fee Amount", "Fee Debit or Credit", "Fee Currency")
#: Column added to each row: 1 where the fee is in another currency than the row.
OTHER_FEE = "fee in another currency"


@dataclass
class _Section:
    """What is read between CH and the next CH, per currency."""

    names: tuple[str, ...]
    account: str
    period: str
    booked: dict[str, Booked] = field(default_factory=dict)
    sums: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        if "Subscription ID" in self.names:
            return "paypal.sar"
        return "paypal.trr" if "Transactional Status" in self.names else "paypal.stl"

    def of(self, currency: str) -> Booked:
        facts = {"account": self.account, "currency": currency, "period": self.period}
        return self.booked.setdefault(currency, Booked(facts))


def is_report(start: bytes) -> bool:
    """True if one of the first lines is a header of columns with the tag CH."""
    return _START.search(start[:4096]) is not None


def statements(text: str) -> list[Found]:
    """Return one statement per section and currency, with the sums of the section beside those of its rows."""
    return [
        (section.kind, (*section.names, OTHER_FEE), booked)
        for section in _sections(text)
        for booked in _closed(section)
    ]


def _sections(text: str) -> Iterator[_Section]:
    account = period = ""
    section: _Section | None = None
    lines = csv.reader(io.StringIO(text, newline=""))
    before = 0
    for cells in lines:
        number, before = before + 1, lines.line_num
        tag = cells[0].strip() if cells else ""
        if tag == "RH":
            account = account or _cell(cells, 3)
        elif tag == "SH":
            account, period = _cell(cells, 3) or account, _period(cells)
        elif tag == "CH":
            if section is not None:
                yield section
            section = _Section(tuple(cell.strip() for cell in cells[1:]), account, period)
        elif tag == "SB" and section is not None:
            row = _row(dict(zip(section.names, (cell.strip() for cell in cells[1:]), strict=False)))
            section.of(row.get(_GROSS[2], "")).book(row, number)
        elif tag == "SF" and section is not None and re.fullmatch("[A-Z]{3}", _cell(cells, 1)):
            section.sums[_cell(cells, 1)] = tuple(_major(cell.strip()) for cell in cells[2:6])
    if section is not None:
        yield section


def _closed(section: _Section) -> list[Booked]:
    if not section.booked:
        section.of("")
    for currency, booked in section.booked.items():
        added = _added(booked) if section.kind == "paypal.stl" else ()
        printed = section.sums.get(currency, ())
        for name, sum_, computed in zip(_SUMS, printed, added, strict=False):
            booked.facts[name] = f"{sum_} {computed}"
    return [section.booked[currency] for currency in sorted(section.booked)]


def _added(booked: Booked) -> Sequence[str]:
    totals = dict.fromkeys([(of, way) for of in (_GROSS, _FEE) for way in ("CR", "DR")], 0)
    for row in booked.rows:
        for of in (_GROSS, _FEE):
            figure = row.get(of[0], "").replace(".", "")
            if figure.isdecimal() and (of, row.get(of[1], "")) in totals:
                totals[of, row[of[1]]] += int(figure)
    return [_major(str(total)) for total in totals.values()]


def _row(row: dict[str, str]) -> dict[str, str]:
    for name in (_GROSS[0], _FEE[0]):
        row[name] = _major(row.get(name, ""))
    for name in ("Transaction Initiation Date", "Transaction Completion Date"):
        row[name] = _OFFSET.sub("", row.get(name, ""))
    fee = row.get(_FEE[2], "")
    row[OTHER_FEE] = "1" if fee and row[_FEE[0]] and fee != row.get(_GROSS[2], "") else ""
    return row


def _major(figure: str) -> str:
    """Hundredths as major units; what is no whole number comes back as it stands."""
    return f"{int(figure) // 100}.{int(figure) % 100:02}" if re.fullmatch(r"[0-9]{1,15}", figure) else figure


def _period(cells: Sequence[str]) -> str:
    found = [_SECTION.match(_cell(cells, place)) for place in (1, 2)]
    return " ".join(f"{day['year']}-{day['month']}-{day['day']}" for day in found if day is not None)


def _cell(cells: Sequence[str], place: int) -> str:
    return cells[place].strip() if place < len(cells) else ""
