"""From what was matched and found to balanced draft vouchers."""
