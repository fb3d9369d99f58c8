"""Which clauses lay a duty, on whom, with whom and under whom; and what the others are."""
