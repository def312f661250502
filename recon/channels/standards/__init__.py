"""Statements in the standards of banks -> tables of text: CAMT, MT940, OFX, BAI2, QIF, Norma 43, lists without header.

The readers are thin: they cut a file into its bookings and name the fields; what a field means says the spec.
"""
