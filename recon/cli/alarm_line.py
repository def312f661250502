"""What a run says of its alarms at its end: how many, and the first three."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_FIRST = 3
_SHOWN = ("title", "account", "shop", "day")


def alarm_line(summary: Mapping[str, Any]) -> list[str]:
    """Return one line, none without alarms: `Alarms: 2: file missing icbc:1234 2026-10-03; ...`."""
    raised = summary["alarms"]
    if not raised:
        return []
    told = [" ".join(alarm[name] for name in _SHOWN if alarm[name]) for alarm in raised[:_FIRST]]
    more = ["…"] if len(raised) > _FIRST else []
    if summary["lang"] == "zh":
        return [f"警报 {len(raised)} 项：{'；'.join([*told, *more])}"]
    return [f"Alarms: {len(raised)}: {'; '.join([*told, *more])}"]
