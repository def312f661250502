"""The rule by which something in transit is expected: its channel's window, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from recon.ledger.channel import ChannelFacts, Window
from recon.ledger.days import NO_DAY, day_number
from recon.ledger.parts import REFUND, Parts, max_by, with_detail
from recon.ledger.view import GATEWAY, ORDER, View

_TRIGGERS = {
    "zh": {"paid_at": "付款", "confirmed_at": "确认收货", "shipped_at": "发货", "refund": "退款", "payout": "打款"},
    "en": {
        "paid_at": "payment", "confirmed_at": "receipt", "shipped_at": "shipping", "refund": "the refund",
        "payout": "the payout",
    },
}  # fmt: skip
#: Money without an order waits one day for the list that holds it.
_ORDER = Window("paid_at", 0, 1)


def order_rules(
    view: View, channels: Mapping[str, ChannelFacts], parts: Parts, rows: np.ndarray, lang: str
) -> np.ndarray:
    """Return for each row of the order leg the window in which its partner is expected, as text.

    Args:
        view: the ledger.
        channels: facts per channel.
        parts: the comparison.
        rows: positions of entries that have a key.
        lang: zh or en.
    """
    group = parts.group[rows]
    channel = max_by(np.where(view.side == ORDER, parts.group, -1), view.channel, len(parts), -1)[group]
    refund = parts.part[rows] == REFUND
    words = np.full(len(rows), "", dtype=object)
    words[channel < 0] = _words(_ORDER, "", lang)
    for code in np.unique(channel[channel >= 0]).tolist():
        facts = channels[view.channels[code]]
        for chosen, windows, trigger, of in (
            (~refund, facts.payment, parts.times.trigger, ""),
            (refund, facts.refund, parts.times.refund_trigger, "refund"),
        ):
            mine = np.flatnonzero((channel == code) & chosen)
            detailed = with_detail(view, parts.group, len(parts), windows)
            of_mine = {name: which[group[mine]] for name, which in detailed.items()}
            words[mine] = _named(windows, trigger[group[mine]], of, lang, of_mine)
    return words


def arrival_rules(view: View, channels: Mapping[str, ChannelFacts], rows: np.ndarray, lang: str) -> np.ndarray:
    """Return for each row of the leg gateway-bank the window in which it reaches the bank; empty for bank rows."""
    words = np.full(len(rows), "", dtype=object)
    sent = view.side[rows] == GATEWAY
    for code in np.unique(view.channel[rows[sent]]).tolist():
        mine = np.flatnonzero(sent & (view.channel[rows] == code))
        words[mine] = _named(channels[view.channels[code]].arrival, view.day[rows[mine]], "payout", lang, {})
    return words


def _named(
    windows: Sequence[Window], day: np.ndarray, of: str, lang: str, detailed: Mapping[str, np.ndarray]
) -> np.ndarray:
    """The words of the window that holds on each day; where no day is known, of the newest. of: what triggers it."""
    words = np.full(len(day), "", dtype=object)
    for window in reversed(windows):
        holds = day == NO_DAY
        low = NO_DAY if window.since is None else day_number(window.since)
        high = np.iinfo(np.int64).max if window.until is None else day_number(window.until)
        holds |= (day >= low) & (day <= high)
        if window.detail is not None:
            holds &= detailed[window.detail]
        words[holds] = _words(window, of, lang)
    return words


def _words(window: Window, of: str, lang: str) -> str:
    trigger = _TRIGGERS[lang][of or window.trigger]
    span = f"{window.earliest}" if window.earliest == window.latest else f"{window.earliest}–{window.latest}"
    if lang == "zh":
        unit = f"个工作日（{window.country}）" if window.unit == "working" else "天"
        return f"{trigger}后 {span} {unit}"
    unit = f"working days ({window.country})" if window.unit == "working" else "days"
    return f"{span} {unit} after {trigger}"
