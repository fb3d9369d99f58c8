"""The whole log as files: for archives, and for moving to another cluster."""
