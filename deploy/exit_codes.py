"""How a command ends, for whoever called it; 0 says that all is done and well."""

DIFFERENT = 1
"""A comparison found a difference."""

INCOMPLETE = 1
"""Something remains to be done; what was done is kept."""

REFUSED = 2
"""Nothing was begun, and nothing was harmed."""

INTERRUPTED = 130
"""Ctrl-C broke off a start."""
