"""Channels: a file as it was downloaded -> ledger entries. One YAML spec per channel, one reader for all."""

import os

import pyarrow as pa

# Arrow's usual allocator gives memory back to the system between steps and asks for it again: a quarter of the time of
# large files. Who names one in the environment keeps it; Windows has no other.
if "ARROW_DEFAULT_MEMORY_POOL" not in os.environ and "jemalloc" in pa.supported_memory_backends():
    pa.set_memory_pool(pa.jemalloc_memory_pool())
