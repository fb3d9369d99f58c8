"""A second, append-only copy of the log, so that neither can be changed without the other telling."""
