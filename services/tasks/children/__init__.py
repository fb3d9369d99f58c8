"""Summaries that organisations share with their parent body."""
