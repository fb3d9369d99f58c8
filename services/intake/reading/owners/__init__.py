"""Which units and people words name, and where their names begin and end."""
