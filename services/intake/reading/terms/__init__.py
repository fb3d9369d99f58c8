"""The terms of a duty: until when, how often, how urgently, and by which documents."""
