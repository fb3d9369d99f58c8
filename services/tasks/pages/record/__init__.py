"""The record for whoever checks it: the log as it grows, any moment of the past, verification, and what was signed."""
