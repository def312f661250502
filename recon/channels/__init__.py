"""Channels: a file as it was downloaded -> ledger entries. One YAML spec per channel, one reader for all."""
