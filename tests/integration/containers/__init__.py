"""The whole installation in containers, as an administrator runs it."""
