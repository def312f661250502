"""The scalars of recon.yaml: how a text becomes a day, an amount, a rate or a number, exactly.

A YAML scalar arrives as the text in the file, so 0.10 is never 0.1 on its way and 1002.10 stays an account code.
Amounts stay exact decimals in major units here, because only the place of use knows the currency.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import holidays
from pydantic import BeforeValidator, StringConstraints
from pydantic_core import PydanticCustomError

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_PERIOD = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
_AMOUNT = re.compile(r"-?\d{1,15}(\.\d{1,4})?")
_NUMBER = re.compile(r"-?\d{1,9}")
_PER_CENT = re.compile(r"(\d{1,3}(?:\.\d{1,6})?) ?%")
_FRACTION = re.compile(r"(\d{1,9}) ?/ ?(\d{1,9})")
_DECIMAL = re.compile(r"\d(\.\d{1,8})?")
_CURRENCY = re.compile(r"[A-Z]{3}")
#: A family and a number; where a file prints none, the account is called by its channel: `generic.gateway:default`.
_ACCOUNT = re.compile(r"[^\s:][^:]*:[^:]*[^\s:](:default)?")

#: Rates are kept to the eighth decimal, as the ledger's own rate columns are.
_RATE_STEP = Decimal("0.00000001")


def _refuse(problem: str, remedy: str) -> PydanticCustomError:
    return PydanticCustomError("recon", "{problem}|{remedy}", {"problem": problem, "remedy": remedy})


def day(value: object) -> date:
    """Return the day of a text like 2026-10-31. Raises a validation error on any other shape or day."""
    if isinstance(value, date):
        return value
    if isinstance(value, str) and _DAY.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError as error:
            raise _refuse("there is no such day", "Write a day of the calendar, like 2026-10-31.") from error
    raise _refuse("is not a day", "Write year-month-day, like 2026-10-31.")


def period(value: object) -> str:
    """Return a month like 2026-10. Raises a validation error on any other shape."""
    if isinstance(value, str) and _PERIOD.fullmatch(value):
        return value
    raise _refuse("is not a period", "Write year-month, like 2026-10.")


def amount(value: object) -> Decimal:
    """Return an amount in major units, exactly as written. Raises a validation error where it is none."""
    if isinstance(value, Decimal):
        return value
    if isinstance(value, str) and _AMOUNT.fullmatch(value):
        return Decimal(value)
    raise _refuse("is not an amount", 'Write digits and a point, like "1000.00".')


def rate(value: object) -> Decimal:
    """Return a rate from "0.6%", "54/10000" or "0.0054". Raises a validation error above 1 or where it is not exact."""
    if isinstance(value, Decimal):
        return value
    text = value if isinstance(value, str) else ""
    if found := _PER_CENT.fullmatch(text):
        exact = Decimal(found[1]) / 100
    elif (found := _FRACTION.fullmatch(text)) and int(found[2]):
        exact = Decimal(found[1]) / int(found[2])
        if exact * int(found[2]) != int(found[1]) or exact != exact.quantize(_RATE_STEP):
            raise _refuse("does not end within eight decimals", 'Write it as a decimal, like "0.00333333".')
    elif _DECIMAL.fullmatch(text):
        exact = Decimal(text)
    else:
        raise _refuse("is not a rate", 'Write "0.6%", "54/10000" or "0.0054".')
    if exact > 1:
        raise _refuse("is more than 100%", 'Write "0.6%", "54/10000" or "0.0054".')
    return exact


def number(value: object) -> int:
    """Return a whole number. Raises a validation error where it is none."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        return int(value)
    raise _refuse("is not a whole number", "Write digits only, like 3.")


def currency(value: object) -> str:
    """Return an ISO 4217 code. Raises a validation error on another shape."""
    if isinstance(value, str) and _CURRENCY.fullmatch(value):
        return value
    raise _refuse("is not a currency", "Write its three letters, like CNY.")


def country(value: object) -> str:
    """Return the code of a country whose working days are known. Raises a validation error for another one."""
    known = holidays.list_supported_countries(include_aliases=False)
    if isinstance(value, str) and value in known:
        return value
    raise _refuse("is no country whose holidays are known", "Write its two letters, like CN.")


def zone(value: object) -> str:
    """Return the name of a time zone that this machine knows. Raises a validation error for another name."""
    if isinstance(value, str):
        try:
            return ZoneInfo(value).key
        except (ZoneInfoNotFoundError, ValueError):
            pass
    raise _refuse("is not a time zone", "Write a name of the tz database, like Asia/Shanghai.")


def account(value: object) -> str:
    """Return an account as `family:number`. Raises a validation error without the family or the number."""
    if isinstance(value, str) and _ACCOUNT.fullmatch(value):
        return value
    raise _refuse("is not an account", 'Write the channel family and the number, like "wechatpay:1900000109".')


Day = Annotated[date, BeforeValidator(day)]
Period = Annotated[str, BeforeValidator(period)]
Amount = Annotated[Decimal, BeforeValidator(amount)]
Rate = Annotated[Decimal, BeforeValidator(rate)]
Number = Annotated[int, BeforeValidator(number)]
Currency = Annotated[str, BeforeValidator(currency)]
Country = Annotated[str, BeforeValidator(country)]
Zone = Annotated[str, BeforeValidator(zone)]
AccountKey = Annotated[str, BeforeValidator(account)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Language = Literal["zh", "en"]
