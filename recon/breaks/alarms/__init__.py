"""What a person should look into although it is no break: one file per kind; `raised.py` calls them all."""
