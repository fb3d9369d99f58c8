"""The catalogue of events: what may be written to the log, and how it reads back."""
