"""Lines around a table: account, currency, balances, totals and period, as labels with their values."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from recon import money
from recon.channels.lines import Line

_AMOUNT = re.compile(r"[-+(]?\s*[¥￥$€£]?\s*\d[\d,]*(?:\.\d+)?\)?-?")
_COUNT = re.compile(r"(\d[\d,]*)\s*(?:笔|items?|transactions?)", re.IGNORECASE)
_DAY = re.compile(r"(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?")


@dataclass
class Labels:
    """Label -> value as printed (the first that was found); used: numbers of the lines that hold a label."""

    values: dict[str, str] = field(default_factory=dict)
    used: set[int] = field(default_factory=set)

    def amount(self, name: str) -> str | None:
        """Return the amount behind a label, counts left out."""
        if name not in self.values:
            return None
        found = _AMOUNT.findall(_COUNT.sub(" ", self.values[name]))
        return found[-1].strip() if found else None

    def count(self, name: str) -> int | None:
        """Return the number of rows behind a label."""
        found = _COUNT.search(self.values.get(name, ""))
        text = found.group(1) if found else self.values.get(name, "") if name.endswith("count") else ""
        digits = text.replace(",", "").strip()
        return int(digits) if digits.isdigit() else None

    def days(self) -> tuple[str, str] | None:
        """Return first and last day in ISO form, if the lines state a period."""
        texts = [self.values.get("from", ""), self.values.get("to", "")]
        found = [_DAY.search(text) for text in texts]
        if not all(found):
            found = list(_DAY.finditer(self.values.get("period", "")))
        if len(found) != 2:
            return None
        first, last = ("-".join(f"{int(part):02d}" for part in one.groups()) for one in found if one is not None)
        return first, last


def read_labels(lines: Sequence[Line], words: Mapping[str, Sequence[str]]) -> Labels:
    """Find the labels of a channel (`label.<name>` of its words) in lines.

    A label is a whole cell, its value the next filled cell; or it stands before a colon, its value up to the next one.
    """
    names = {
        _plain(text): name.removeprefix("label.")
        for name, texts in words.items()
        if name.startswith("label.")
        for text in texts
    }
    pattern = _pattern(tuple(sorted(names, key=len, reverse=True)))
    labels = Labels()
    for line in lines:
        cells = [unicodedata.normalize("NFKC", cell).strip().strip("#\ufeff\t '\"").strip() for cell in line.cells]
        for place, cell in enumerate(cells):
            for name, value in _pairs(cell, cells[place + 1 :], names, pattern):
                labels.used.add(line.row)
                if value:
                    labels.values.setdefault(name, value)
    return labels


@lru_cache(maxsize=8)
def _pattern(names: tuple[str, ...]) -> re.Pattern[str]:
    listed = "|".join(r"\s*".join(map(re.escape, name)) for name in names)
    return re.compile(rf"(?<![^\W_])({listed})\s*:", re.IGNORECASE)


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).lower().split())


def minor_of(text: str | None, currency: str) -> int | None:
    """Return a printed amount in minor units, None if there is none."""
    if text is None or not any(sign.isdigit() for sign in text):
        return None
    try:
        return money.parse_amount(text, currency)
    except ValueError:
        return None


def _pairs(cell: str, rest: Sequence[str], names: Mapping[str, str], pattern: re.Pattern[str]) -> list[tuple[str, str]]:
    whole = names.get(_plain(cell))
    following = next((text for text in rest if text), "")
    if whole is not None:
        return [(whole, "" if _is_label(following, names) else following)]
    found = list(pattern.finditer(cell))
    pairs: list[tuple[str, str]] = []
    for number, one in enumerate(found):
        stop = found[number + 1].start() if number + 1 < len(found) else len(cell)
        value = cell[one.end() : stop].strip(" :,;|[]")
        if not value and number + 1 == len(found) and not _is_label(following, names):
            value = following
        pairs.append((names[_plain(one.group(1))], value))
    return pairs


def _is_label(cell: str, names: Mapping[str, str]) -> bool:
    return _plain(cell.rstrip(": ")) in names
