"""The three services. None imports another: what passes between them is events."""
