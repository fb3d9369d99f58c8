"""How services tell how they do, with the real processes."""
