"""Faults that are injected for real, under a steady load, and what held: `make faults`."""
