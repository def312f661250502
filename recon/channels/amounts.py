"""Amounts and rates as a channel prints them -> what `money` reads: decimal commas, minor units, amounts in a text."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

import pyarrow as pa
import pyarrow.compute as pc

from recon import money
from recon.channels.lines import bools
from recon.channels.parts import Cut

#: A number whose last mark is a comma before one or two digits: no thousands end so.
_COMMA = r"^[+-]?[\d.\s'\x{a0}\x{202f}]*,\d{1,2}$"


def plain(column: pa.StringArray, cut: Cut, name: str) -> pa.StringArray:
    """Return a column of amounts with a decimal point, and of a text with an amount in it that amount alone.

    Args:
        column: cleaned cells, null where empty.
        cut: how the channel writes amounts.
        name: the column's name, for `cut.amounts`.
    """
    if name in cut.amounts:
        column = pc.struct_field(pc.extract_regex(column, cut.amounts[name]), "sum")
        column = pc.if_else(pc.equal(column, ""), pa.scalar(None, pa.string()), column)
    if cut.decimal == "either":
        comma = pc.match_substring_regex(column, _COMMA)
        return pc.if_else(pc.fill_null(comma, fill_value=False), _with_point(column), column)
    return _with_point(column) if cut.decimal == "," else column


def in_minor(column: pa.StringArray) -> money.Parsed:
    """Read whole numbers of minor units (fen, cents); anything else is wrong."""
    whole = pc.match_substring_regex(column, r"^[+-]?[0-9]{1,16}$")
    text = pc.if_else(whole, pc.replace_substring_regex(column, r"^\+", ""), pa.scalar(None, pa.string()))
    return money.Parsed(text.cast(pa.int64()), ~bools(pc.fill_null(whole, fill_value=True)))


def rate(word: str) -> Decimal | None:
    """Return a rate as printed (`0.54%`, `0.0054`), None where it is none."""
    text = re.sub(r"[%％]$", "", word)
    try:
        number = Decimal(text.strip())
    except InvalidOperation:
        return None
    return number if text == word else number / 100


def _with_point(column: pa.StringArray) -> pa.StringArray:
    """Drop what parts the thousands, and turn the comma into a point."""
    return pc.replace_substring(pc.replace_substring_regex(column, r"[\s.'\x{a0}\x{202f}]", ""), ",", ".")
