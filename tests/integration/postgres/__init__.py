"""PostgreSQL as it is shared, guarded and replaced."""
