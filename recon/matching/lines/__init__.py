"""The lines of two statements of one account: a company's book and its bank."""
