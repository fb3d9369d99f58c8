"""Mail: what a letter says, how it is addressed and threaded, and what the mail server answers."""
