"""recon.yaml: what a company tells recon about itself. Every key is optional; a wrong one is told with its line."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from pydantic import ValidationError

from recon.config.document import Document, parse
from recon.config.faults import explained, planned
from recon.config.model import (
    Account,
    Config,
    FeeRule,
    Outputs,
    Postings,
    Shop,
    Source,
    Tolerances,
    WindowRule,
    minor,
)
from recon.config.names import unknown_names
from recon.errors import UsageFault
from recon.ledger.channel import ChannelFacts

__all__ = [
    "Account",
    "Config",
    "FeeRule",
    "Outputs",
    "Postings",
    "Shop",
    "Source",
    "Tolerances",
    "WindowRule",
    "load",
    "minor",
]


def load(path: Path | None, channels: Mapping[str, ChannelFacts] | None = None) -> Config:
    """Return the configuration in a file; without a file, all defaults.

    Args:
        path: the file.
        channels: the channels that there are, by name; with them, names that nobody knows are faults too.

    Raises:
        UsageFault: the file cannot be used. Its message has one line per fault, in the order of the file:
            `recon.yaml:LINE: key.path = value: what is wrong. remedy`.
    """
    return Config() if path is None else read(parse(path), channels)


def read(document: Document, channels: Mapping[str, ChannelFacts] | None = None) -> Config:
    """Return the configuration in a parsed document. Raises UsageFault as `load` does."""
    value, faults = planned(document)
    try:
        config = Config.model_validate(value)
    except ValidationError as error:
        faults += explained(document, error, Config)
    else:
        faults += unknown_names(document, config, channels) if channels is not None else []
        if not faults:
            return config
    raise UsageFault("\n".join(message for _, message in sorted(faults)))
