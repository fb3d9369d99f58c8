"""The log: one JetStream stream that gives every event its place; defined, appended to and followed from here."""
