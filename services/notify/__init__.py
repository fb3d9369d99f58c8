"""Decides who is told what and why, keeps their inboxes, and delivers."""
