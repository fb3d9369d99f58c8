"""The roles that reach PostgreSQL."""
