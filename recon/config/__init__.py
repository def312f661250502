"""recon.yaml: what a company tells recon about itself. Every key is optional; a wrong one is told with its line."""

from __future__ import annotations

from pathlib import Path

from pydantic import ValidationError

from recon.config.document import Document, parse
from recon.config.faults import explained, planned
from recon.config.model import (
    Account,
    Config,
    FeeRule,
    Opening,
    Outputs,
    Postings,
    Shop,
    Source,
    Tolerances,
    WindowRule,
    minor,
)
from recon.errors import UsageFault

__all__ = [
    "Account",
    "Config",
    "FeeRule",
    "Opening",
    "Outputs",
    "Postings",
    "Shop",
    "Source",
    "Tolerances",
    "WindowRule",
    "load",
    "minor",
]


def load(path: Path | None) -> Config:
    """Return the configuration in a file; without a file, all defaults.

    Raises:
        UsageFault: the file cannot be used. Its message has one line per fault, in the order of the file:
            `recon.yaml:LINE: key.path = value: what is wrong. remedy`.
    """
    return Config() if path is None else read(parse(path))


def read(document: Document) -> Config:
    """Return the configuration in a parsed document. Raises UsageFault as `load` does."""
    value, faults = planned(document)
    try:
        config = Config.model_validate(value)
    except ValidationError as error:
        faults += explained(document, error, Config)
    else:
        if not faults:
            return config
    raise UsageFault("\n".join(message for _, message in sorted(faults)))
