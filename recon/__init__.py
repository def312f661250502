"""recon: reconciles e-commerce money, order by order, from the files as they were downloaded."""

__version__ = "0.1.0"
