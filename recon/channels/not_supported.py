"""Layouts without a channel, and why: what a person should know before looking for a mistake."""

from __future__ import annotations

from functools import cache

import yaml
from pydantic import TypeAdapter

from recon.channels.parts import Part, Title
from recon.channels.spec import SPECS


class NotSupported(Part):
    """A layout that is not read, and the reason."""

    title: Title
    reason: Title


@cache
def not_supported() -> tuple[NotSupported, ...]:
    """Return the layouts that have no channel, as listed beside the specs."""
    path = SPECS / "shared" / "not_supported.yaml"
    return TypeAdapter(tuple[NotSupported, ...]).validate_python(yaml.safe_load(path.read_text(encoding="utf-8")))
