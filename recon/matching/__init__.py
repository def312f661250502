"""Matching: which entries of two sides belong together, and why."""
