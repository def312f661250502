"""Large downloads of four channels, and a plain reader of each: what reading costs, and that it is right."""
