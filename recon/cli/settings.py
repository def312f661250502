"""The configuration of a command: recon.yaml, checked against the channels that there are, the workspace's own too."""

from __future__ import annotations

from pathlib import Path

from recon.channels.spec import load_specs
from recon.config import Config, load
from recon.workspace import CHANNELS_NAME


def settings(path: Path | None) -> Config:
    """Return the configuration in a file, or all defaults.

    Raises:
        UsageFault: as `config.load` does.
    """
    if path is None:
        return Config()
    specs = load_specs(path.parent / CHANNELS_NAME)
    return load(path, {name: spec.facts() for name, spec in specs.items()})
