"""The configuration of a command: recon.yaml, checked against the channels that there are."""

from __future__ import annotations

from pathlib import Path

from recon.channels.spec import load_specs
from recon.config import Config, load


def settings(path: Path | None) -> Config:
    """Return the configuration in a file, or all defaults.

    Raises:
        UsageFault: as `config.load` does.
    """
    if path is None:
        return Config()
    return load(path, {name: spec.facts() for name, spec in load_specs().items()})
