"""The directory as its administrators change it: what may be asked, what it leads to, and the door to the log."""
