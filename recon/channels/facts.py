"""The words of a channel spec for the rooms behind the reader: windows, charges, payers, kind of bill."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from recon.channels.parts import Kind, Part, Texts


class Due(Part):
    """A window as in `ledger.channel.Window`; days: earliest and latest."""

    trigger: Literal["paid_at", "confirmed_at", "shipped_at", "occurred_at"]
    days: tuple[int, int]
    unit: Literal["calendar", "working"] = "calendar"
    country: str = "CN"
    since: date | None = Field(default=None, alias="from")
    until: date | None = Field(default=None, alias="to")
    detail: str | None = None


class Taken(Part):
    """A charge as in `ledger.channel.Charge`."""

    detail: str
    kind: Kind
    base: str = "payment"
    on_refund: Literal["kept", "returned", "shown"] = "kept"
    latest: int | None = None


class Facts(Part):
    """What the rooms behind the reader must know of the channel."""

    comparison: str | None = None
    settles_via: Texts = ()
    payment: tuple[Due, ...] = ()
    refund: tuple[Due, ...] = ()
    payout: str | None = None
    arrival: tuple[Due, ...] = ()
    payers: Texts = ()
    swept: Texts = ()
    bank_keys: Texts = ()
    order_pattern: str | None = None
    charges: tuple[Taken, ...] = ()
    bill: Literal["own", "standard", "interim"] = "own"  # of a bank, see `ledger.bank_copies`
    nets: Texts = ()  # these three: details, see `ledger.channel.ChannelFacts`
    apart: Texts = ()
    feeless: Texts = ()
    layout_of: str | None = None
