"""What a run leaves for people and machines: the workbook, the tables, the summary."""
