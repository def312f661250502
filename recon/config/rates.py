"""rates.csv: the exchange rates that a company books at. It is read and never written."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from pathlib import Path

from recon.config.lists import lines
from recon.errors import Fault, UsageFault
from recon.ledger.days import day_number
from recon.ledger.rates import Rates
from recon.money import exponent

_COLUMNS = ("date", "currency", "rate")


def read_rates(path: Path | None, base: str) -> Rates:
    """Return the rates in a file; without a file there are none.

    Columns `date` (2026-11-01), `currency` and `rate` (units of the company's currency for one of it, as decimal
    text), one line per day and currency; `source` and other columns are for people.

    Args:
        path: the file.
        base: the company's currency.

    Raises:
        UsageFault: the file cannot be used; one line per fault, in the order of the file.
    """
    if path is None:
        return Rates(base)
    quotes: dict[str, dict[int, Fraction]] = {}
    faults: list[Fault] = []
    for number, cells in lines(path, _COLUMNS):
        before = len(faults)
        day, rate = _day(path.name, number, cells, faults), _rate(path.name, number, cells, faults)
        currency = cells.get("currency", "")
        if problem := _wrong(currency, base):
            faults.append(Fault(path.name, number, "currency", currency, problem, "Write a code such as USD."))
        if len(faults) > before or day is None or rate is None:
            continue
        if quotes.setdefault(currency, {}).setdefault(day, rate) != rate:
            problem = f"is another rate for {currency} on that day than in a line above"
            faults.append(Fault(path.name, number, "rate", cells["rate"], problem, "Keep one of them."))
    if faults:
        raise UsageFault("\n".join(map(str, faults)))
    return Rates(base, {currency: tuple(sorted(stated.items())) for currency, stated in quotes.items()})


def _wrong(currency: str, base: str) -> str:
    try:
        exponent(currency)
    except ValueError:
        return "is no currency"
    return "is the company's own currency" if currency == base else ""


def _day(file: str, line: int, cells: Mapping[str, str], faults: list[Fault]) -> int | None:
    try:
        return day_number(date.fromisoformat(cells["date"]))
    except ValueError:
        faults.append(Fault(file, line, "date", cells["date"], "is no day", "Write it as 2026-11-01."))
        return None


def _rate(file: str, line: int, cells: Mapping[str, str], faults: list[Fault]) -> Fraction | None:
    text = cells.get("rate", "")
    try:
        rate = Fraction(Decimal(text))
    except (InvalidOperation, ValueError, OverflowError):
        rate = Fraction(0)
    if rate > 0:
        return rate
    faults.append(Fault(file, line, "rate", text, "is no rate", "Write a number above zero, like 7.1000."))
    return None
