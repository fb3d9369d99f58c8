"""Units and people, folded from their events."""
