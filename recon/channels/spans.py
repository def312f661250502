"""The words of a channel spec for what one row says of many: cells carried within a key, the period of the file."""

from __future__ import annotations

from pydantic import Field

from recon.channels.parts import Part, Texts


class Carried(Part):
    """Columns that are filled on one row of each key only, and hold for all its rows (of a settlement, of an order)."""

    by: str
    columns: Texts


class Period(Part):
    """Columns whose first and last moment are the period that the file covers."""

    first: str = Field(alias="from")
    last: str = Field(alias="to")


class Ends(Part):
    """Columns of which a row without movement holds the balance before the first row, another that after the last."""

    opening: str
    closing: str
