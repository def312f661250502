"""Why a match, a break or a waiting row is what it is: told from the tables that a run left, nothing computed anew."""
