"""The leg payout: how accounts pay out, and which lines a payout without a number holds."""
