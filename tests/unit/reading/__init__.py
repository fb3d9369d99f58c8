"""A notice is read, or it is said why it cannot be."""
