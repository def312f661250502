"""How kernels are run: blocks of rows that never meet, one after another or side by side."""
