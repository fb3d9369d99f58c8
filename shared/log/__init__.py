"""The log: one JetStream stream that gives every event its place. Defined here, appended to here, followed from here."""
