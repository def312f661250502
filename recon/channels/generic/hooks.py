"""The hooks by the name that a spec gives under `resolve:`."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from recon.channels.generic import bank, gateway, journal, orders
from recon.channels.generic.resolved import Asked, Resolved

HOOKS: Mapping[str, Callable[[Asked], Resolved]] = {
    "generic.bank": bank.resolve,
    "generic.gateway": gateway.resolve,
    "generic.journal": journal.resolve,
    "generic.orders": orders.resolve,
}
