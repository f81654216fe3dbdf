"""`make bench`: how long from a save to its effect, against the named peers, held to budgets."""
