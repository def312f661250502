"""The leg gateway-bank: transfers and the lines of the bank."""
