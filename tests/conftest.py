"""What all tests share."""

from __future__ import annotations

from hypothesis import settings

# How long an example takes says more of the machine than of the program: speed is measured in the benchmarks.
settings.register_profile("recon", deadline=None)
settings.load_profile("recon")
