"""Which report of a gateway is this file, by its first bytes."""

from __future__ import annotations

from collections.abc import Callable

from recon.channels.reports import braintree, checkout, dlocal, paypal, trustly
from recon.channels.standards.records import Found, decoded

#: Per report: is it this one, by its first bytes, and its statements.
_REPORTS: tuple[tuple[Callable[[bytes], bool], Callable[[str], list[Found]]], ...] = (
    (paypal.is_report, paypal.statements),
    (checkout.is_breakdown, checkout.breakdown),
    (dlocal.is_cross_border, dlocal.cross_border),
    (dlocal.is_older, dlocal.older),
    (trustly.is_report, trustly.statements),
    (braintree.is_dump, braintree.statements),
)


def statements(data: bytes, start: bytes) -> list[Found] | None:
    """Return the statements of a report; None for any other file. `start`: its first bytes, without the mark."""
    for is_report, read in _REPORTS:
        if is_report(start):
            return read(decoded(data))
    return None
