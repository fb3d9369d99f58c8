"""Notify against a real log, a real database and a real mail server."""
