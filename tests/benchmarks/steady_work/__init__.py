"""A large body at its usual work for a while: what people wait for, and whether anything grows with time."""
