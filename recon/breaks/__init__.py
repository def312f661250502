"""Breaks: what is left over, one finding per cause."""
