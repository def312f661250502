"""The ledger: the one schema, what a file gives, what a run finds."""
