"""Header cells -> roles: which column of a table is the order number, the amount, the balance.

A name is compared as a whole, after folding: NFKC, lower case, without blanks, `_`, `-`, quotes, 帐 as 账, and without
a unit in brackets behind it (`(元)`, `（USD）`, `(UTC)`). Of the names of a role the earlier one wins; a column has
one role.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from recon.channels.lines import Line

#: ISO 4217 codes that are met as a unit or beside an amount.
CURRENCIES = frozenset(
    "CNY USD EUR GBP HKD JPY KRW SGD AUD CAD NZD CHF SEK NOK DKK TWD MOP THB MYR IDR PHP VND INR BRL MXN CLP COP PEN"
    " ARS PLN CZK HUF RON BGN TRY RUB UAH ILS AED SAR KWD BHD QAR OMR JOD EGP ZAR NGN KES MAD PKR BDT LKR ISK".split()
)
_YUAN = frozenset({"元", "人民币", "人民币元", "rmb", "yuan"})
_MINOR = frozenset({"分", "fen", "cents", "cent", "minor", "minor units"})
_ZONES = frozenset({"utc", "gmt"})
_BRACKET = re.compile(r"^(?P<name>.+?)\((?P<unit>[^()]*)\)$")
_SLASH = re.compile(r"^(?P<name>.+?)/(?P<unit>元|[a-z]{3})$")
_ENGLISH = re.compile(r"^(?P<name>.+?)\[[^\[\]]*\]$", re.DOTALL)
_BLANKS = re.compile(r"[\s_\-\"'`\ufeff]+")


@dataclass(frozen=True, slots=True)
class Column:
    """A header cell: its place, its text as printed, its folded name, and what stood in brackets behind it.

    unit: `元`, `usd`, `utc`, `分` ... empty if there is none. side: a word in brackets that is no unit (`收`, `支出`).
    """

    place: int
    printed: str
    name: str
    unit: str = ""
    side: str = ""

    @property
    def base(self) -> str:
        """The name without the word in brackets."""
        return self.name[: -len(self.side) - 2] if self.side else self.name

    @property
    def currency(self) -> str | None:
        """The currency that the unit names."""
        if self.unit in _YUAN:
            return "CNY"
        return self.unit.upper() if self.unit.upper() in CURRENCIES else None

    @property
    def minor(self) -> bool:
        """True if the unit says fen or cents."""
        return self.unit in _MINOR

    @property
    def utc(self) -> bool:
        """True if the unit names UTC."""
        return self.unit in _ZONES


@dataclass(frozen=True)
class Layout:
    """Which columns of a header have which role; `leftover` names those that have none."""

    header: Line
    columns: tuple[Column, ...]
    roles: dict[str, tuple[Column, ...]]

    def has(self, *roles: str) -> bool:
        """True if one of the roles has a column."""
        return any(role in self.roles for role in roles)

    def printed(self, role: str) -> str:
        """Return the header's own name of a role, empty if there is none."""
        return self.roles[role][0].printed if role in self.roles else ""

    def first(self, role: str) -> Column | None:
        """Return the column of a role."""
        found = self.roles.get(role)
        return found[0] if found else None

    @property
    def leftover(self) -> tuple[str, ...]:
        """Printed names of columns without a role."""
        taken = {column.place for found in self.roles.values() for column in found}
        return tuple(one.printed for one in self.columns if one.place not in taken and one.name)

    @property
    def chinese(self) -> bool:
        """True if the columns that have a role are named in Chinese."""
        names = [column.name for found in self.roles.values() for column in found]
        return 2 * sum(not name.isascii() for name in names) > len(names)


def column_of(place: int, printed: str) -> Column:
    """Return a header cell folded."""
    text = unicodedata.normalize("NFKC", printed).replace("帐", "账").replace("\u3000", " ").strip().lower()
    english = _ENGLISH.match(text)
    text = english.group("name") if english else text
    name, unit, side = _BLANKS.sub("", text).removeprefix("#"), "", ""
    found = _BRACKET.match(name)
    if found and _is_unit(found.group("unit")):
        name, unit = found.group("name"), found.group("unit").lstrip("+-")
    elif found:
        side = found.group("unit")
    slash = _SLASH.match(name if not side else name[: -len(side) - 2])
    if slash and _is_unit(slash.group("unit")):
        unit = slash.group("unit")
        name = slash.group("name") + (f"({side})" if side else "")
    return Column(place, printed.strip().strip("\ufeff"), name, unit, side)


def _is_unit(text: str) -> bool:
    bare = text.lstrip("+-")
    return bare in _YUAN or bare in _MINOR or bare in _ZONES or bare.upper() in CURRENCIES


def lay_out(
    header: Line,
    names: Mapping[str, Sequence[str]],
    *,
    several: Collection[str] = (),
    bracketed: Collection[str] = (),
    sides: Mapping[str, str] = MappingProxyType({}),
) -> Layout:
    """Give the columns of a header their roles.

    Args:
        header: the line.
        names: role -> what its column may be called, in order of preference; roles in order of precedence.
        several: roles that may have more than one column.
        bracketed: roles whose names may be followed by a word in brackets (`贷方发生额(收入)`).
        sides: word in brackets behind such a name -> the role that it makes of the column, whatever the name says.
    """
    columns = tuple(column_of(place, cell) for place, cell in enumerate(header.cells))
    roles = _sided(columns, names, bracketed, sides)
    taken = {column.place for found in roles.values() for column in found}
    for role, aliases in names.items():
        if role in roles:
            continue
        folded = [_folded(alias) for alias in aliases]
        found = _named(columns, folded, taken, several=role in several, base=False)
        if not found and role in bracketed:
            found = _named(columns, folded, taken, several=False, base=True)
        if found:
            roles[role] = found
            taken.update(column.place for column in found)
    return Layout(header, columns, {role: roles[role] for role in names if role in roles})


def _sided(
    columns: Sequence[Column], names: Mapping[str, Sequence[str]], bracketed: Collection[str], sides: Mapping[str, str]
) -> dict[str, tuple[Column, ...]]:
    """Columns whose bracket says the side; of the pairs 交易金额 and 记账金额 the booked one is the account's."""
    known = {_folded(alias) for role in bracketed for alias in names.get(role, ())}
    found: dict[str, tuple[Column, ...]] = {}
    for column in sorted(columns, key=lambda one: (not one.base.startswith("记账"), one.place)):
        role = sides.get(column.side)
        if role is not None and column.base in known:
            found.setdefault(role, (column,))
    return found


@lru_cache(maxsize=2048)
def _folded(alias: str) -> str:
    return column_of(0, alias).name


def _named(
    columns: Sequence[Column], names: Sequence[str], taken: Collection[int], *, several: bool, base: bool
) -> tuple[Column, ...]:
    found: list[Column] = []
    for name in names:
        for column in columns:
            called = column.base if base else column.name
            if called == name and column.place not in taken and column not in found:
                found.append(column)
                if not several:
                    return tuple(found)
                break
    return tuple(found)
