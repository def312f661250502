"""What the rooms behind the reader must know of a channel: comparison, windows, payout, names at the bank, charges.

The channel's YAML spec is the only source; `recon.yaml` may override windows and fees. These are plain values, so
that matching, breaks and vouchers never import a spec.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

#: Which of two files of one bank account counts: the bank's own list, a standard's statement, an interim report.
BILLS = OWN, STANDARD, INTERIM = "own", "standard", "interim"


@dataclass(frozen=True, slots=True)
class Window:
    """When a partner is due: `earliest`..`latest` days after the trigger, the latest day itself still counts.

    trigger: `paid_at`, `confirmed_at`, `shipped_at` or `occurred_at`. unit: `calendar` or `working`; working days
    count for the latest day only, by the calendar of `country`. detail: only for orders whose sale has this detail.
    """

    trigger: str
    earliest: int
    latest: int
    unit: str = "calendar"
    country: str = "CN"
    since: date | None = None
    until: date | None = None
    detail: str | None = None


@dataclass(frozen=True, slots=True)
class Charge:
    """A fee or commission that a channel takes: the `detail` it is booked under and how it is checked.

    base: `payment` (what the buyer paid) or `payment+subsidy`; on_refund: `returned`, `kept`, or `shown` where the
    channel's terms are not known and the refunds in the file show it. latest: days after the payment by which it is
    taken at the latest; None: nobody knows, so that a charge which no row shows is none. Of an order list: a charge
    that it prints once the order has settled, from when `latest` counts; base and on_refund say nothing there.
    """

    detail: str
    kind: str
    base: str = "payment"
    on_refund: str = "kept"
    latest: int | None = None


@dataclass(frozen=True, slots=True)
class ChannelFacts:
    """One channel as the later rooms see it."""

    channel: str
    side: str
    family: str
    title_zh: str
    title_en: str
    comparison: str | None = None  # `parts.COMPARISONS`: how an order list is compared
    settles_via: tuple[str, ...] = ()  # families of the money side of an order list
    payment: tuple[Window, ...] = ()
    refund: tuple[Window, ...] = ()
    payout: str | None = None  # manual, batch, day, sweep: how the account pays out
    arrival: tuple[Window, ...] = ()  # payout to bank
    payers: tuple[str, ...] = ()  # words of a bank line that name this channel
    swept: tuple[str, ...] = ()  # words of a bank line by which this channel pays out everything, of its own accord
    bank_keys: tuple[str, ...] = ()  # patterns over a bank text: groups mmdd and account, or first and last
    order_pattern: str | None = None  # shape of this channel's order numbers
    charges: tuple[Charge, ...] = ()
    bill: str = OWN  # of a bank: one of BILLS
    nets: tuple[str, ...] = ()  # details of a cash book that are nets of what its trade book tells line by line
    feeless: tuple[str, ...] = ()  # details of refunds that leave the fees as they are: goodwill, paid apart
    layout_of: str | None = None  # of a trade book: the bill of which it is one of several layouts
    apart: tuple[str, ...] = ()  # details of a cash book that its trade book never tells, whatever their kind
    test: bool = False
